// What is said of a part, typed where it will be read: kept on the device at once, sent when one pauses, and never over
// what somebody else wrote. A text that came too late for its document stays here, to be copied.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "@/api/client";
import { pack as packQuery } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { Button } from "@/ui/Button";
import { useDraft } from "@/ui/draft";
import { TextArea } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { french } from "@/words/typography";
import { relative } from "@/words/time";
import style from "./Committees.module.css";
import { parts, type Pack, type Part } from "./words";

/** How long typing rests before a text is sent; and before it is tried again. */
const pause = 1200;
const again = 5000;
/** Refusals after which the document is another: frozen or dropped meanwhile. */
const closing = ["pack_frozen", "pack_dropped", "not_found"];

/** How a text stands: kept by the server, on its way, not taken for now, or written over by somebody else. */
export type Writing = "kept" | "waits" | "failed" | "taken";

export function Said({ text }: { text: string | undefined }) {
  if (!text) return null;
  return <p className={style.said}>{french(text)}</p>;
}

type Kept = { text: string; version: number; member?: string; at?: string };
/** What was typed, and the version of the text that it was typed over, whatever came since. */
type Typed = { text: string | null; over: number | null };

type Props = {
  pack: Pack;
  part: Part;
  /** Why nothing is said any more: « figé », « abandonné ». */
  ended: string | null;
  /** What was typed is wanted now. */
  hurry: boolean;
  onWriting: (part: Part, writing: Writing) => void;
};

export function Comment({ pack, part, ended, hurry, onWriting }: Props) {
  const queries = useQueryClient();
  const first = pack.comments[part];
  const [kept, setKept] = useState<Kept>(first ?? { text: "", version: 0 });
  const [draft, change, clear] = useDraft<Typed>(`pack.${pack.id}.${part}`, { text: null, over: null });
  const [other, setOther] = useState<Kept | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const text = draft.text ?? kept.text;
  const latest = useRef({ text, version: kept.version });
  latest.current = { text, version: draft.over ?? kept.version };

  // Somebody else's words appear where nothing was typed here.
  useEffect(() => {
    if (first && first.version > latest.current.version && draft.text === null) setKept(first);
  }, [first, draft.text]);

  async function send(over: number) {
    const typed = latest.current.text;
    setSending(true);
    try {
      const answer = await api.put("/api/packs/{id}/comments/{part}", { path: { id: pack.id, part }, body: { text: typed, version: over } });
      setKept({ ...answer, text: typed });
      queries.setQueryData(packQuery(pack.id).queryKey, (before) => before && { ...before, comments: { ...before.comments, [part]: answer } });
      setOther(null);
      setFailed(null);
      if (latest.current.text === typed) clear();
      else change({ over: answer.version });
    } catch (error) {
      const code = error instanceof Refusal ? error.code : null;
      if (code === "pack_comment_taken") setOther((error as Refusal).extra as unknown as Kept);
      else setFailed(error instanceof Refusal ? error.title : "Le commentaire n’est pas encore enregistré.");
      // Frozen or dropped meanwhile: the page says so.
      if (code && closing.includes(code)) void queries.invalidateQueries({ queryKey: ["packs"] });
    } finally {
      setSending(false);
    }
  }

  const waits = draft.text !== null && draft.text !== kept.text;
  useEffect(() => {
    if (!waits || other || sending || ended) return;
    const timer = setTimeout(() => void send(latest.current.version), failed ? again : hurry ? 0 : pause);
    return () => clearTimeout(timer);
  }, [draft.text, waits, other, sending, ended, failed, hurry]);

  const writing: Writing = other ? "taken" : failed && waits ? "failed" : waits || sending ? "waits" : "kept";
  useEffect(() => onWriting(part, writing), [part, writing]);

  if (ended) {
    const said = pack.content.comments[part]?.text;
    return (
      <>
        <Said text={said} />
        {draft.text !== null && draft.text !== (said ?? "") && <Unsaid text={draft.text} ended={ended} onDone={clear} />}
      </>
    );
  }
  return (
    <>
      <div className="no-print">
        <TextArea
          label={part === "decisions" ? "Décisions" : `Commentaire : ${parts[part].toLowerCase()}`}
          value={text}
          onChange={(value) => (value === kept.text && (draft.over ?? kept.version) === kept.version ? clear() : change({ text: value, over: draft.over ?? kept.version }))}
          rows={Math.min(10, Math.max(2, text.split("\n").length + 1))}
          maxLength={6000}
          help="Repris mot pour mot dans l’édition des observateurs, une fois le dossier figé."
        />
        <p className={style.saving} role="status">
          {other ? "" : failed && waits ? `${failed} Le texte est gardé sur cet appareil.` : waits || sending ? "Enregistrement…" : kept.at ? `Enregistré ${relative(kept.at)}${kept.member ? `, ${kept.member}` : ""}` : ""}
        </p>
        {other && (
          <div className={style.conflict} role="alert">
            <p>
              <strong>{other.member}</strong> a écrit entre-temps :
            </p>
            <blockquote>{french(other.text)}</blockquote>
            <Button small look="primary" onPress={() => void send(other.version)}>
              Garder mon texte
            </Button>
            <Button
              small
              onPress={() => {
                setKept(other);
                setOther(null);
                clear();
              }}
            >
              Prendre le sien
            </Button>
            <Button
              small
              look="quiet"
              onPress={() => {
                change({ text: `${other.text}\n${latest.current.text}`, over: other.version });
                setOther(null);
              }}
            >
              Garder les deux
            </Button>
          </div>
        )}
      </div>
      <div className="no-screen">
        <Said text={text} />
      </div>
    </>
  );
}

/** What was typed and came too late. */
function Unsaid({ text, ended, onDone }: { text: string; ended: string; onDone: () => void }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast("Texte copié.");
    } catch {
      toast("Copiez le texte à la main.", { tone: "danger" });
    }
  };
  return (
    <div className={`${style.conflict} no-print`} role="alert">
      <p>Votre texte n’est pas dans ce dossier, {ended} avant qu’il ait pu être enregistré. Il est gardé sur cet appareil :</p>
      <blockquote>{french(text)}</blockquote>
      <Button small look="primary" icon="check" onPress={() => void copy()}>
        Copier mon texte
      </Button>
      <Button small look="quiet" onPress={onDone}>
        L’effacer de cet appareil
      </Button>
    </div>
  );
}
