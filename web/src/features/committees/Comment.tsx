// What is said of a part, typed where it will be read: kept on the device at once, sent when one pauses, and never over
// what somebody else wrote. A text that came too late for its document stays here, to be copied.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "@/api/client";
import { pack as packQuery } from "@/api/queries";
import { fault, Refusal } from "@/api/refusal";
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

/** How a text stands: kept by the server, on its way, not taken for now, refused as it is, or written over by somebody else. */
export type Writing = "kept" | "waits" | "failed" | "refused" | "taken";

/** Where a text is kept on the device until the server has it. */
export const draftOf = (pack: number, part: Part): string => `pack.${pack}.${part}`;

export function Said({ text }: { text: string | undefined }) {
  if (!text) return null;
  return <p className={style.said}>{french(text)}</p>;
}

type Kept = { text: string; version: number; member?: string; at?: string };
/** What was typed, and the version of the text that it was typed over, whatever came since. */
type Typed = { text: string | null; over: number | null };
/** Why a text was not taken, and whether the same text may be later. */
type Failed = { title: string; field?: string | undefined; passes: boolean };

const passes = (error: unknown): boolean => !(error instanceof Refusal) || error.status === 0 || error.status === 429 || error.status >= 500;

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
  const [draft, change, clear] = useDraft<Typed>(draftOf(pack.id, part), { text: null, over: null });
  const [other, setOther] = useState<Kept | null>(null);
  const [failed, setFailed] = useState<Failed | null>(null);
  const [sending, setSending] = useState(false);
  const text = draft.text ?? kept.text;
  // A text that does not say what it was typed over is over none: whatever is there is read before it is replaced.
  const over = draft.text === null ? kept.version : (draft.over ?? 0);
  const latest = useRef({ text, over });
  latest.current = { text, over };
  /** The last text whose answer never came: the server may have it. */
  const lost = useRef<string | null>(null);

  // Somebody else's words appear where nothing was typed here.
  useEffect(() => {
    if (first && first.version >= kept.version && draft.text === null && !sending) setKept(first);
  }, [first, draft.text, sending]);

  // What is typed as it is kept is not kept twice; while a text is on its way, the other one is still to be sent.
  useEffect(() => {
    if (draft.text !== kept.text || sending || other) return;
    clear();
    setFailed(null);
  }, [draft.text, kept.text, sending, other]);

  /** The server has this text; what was typed since goes over it. */
  function settle(now: Kept) {
    const typed = latest.current.text;
    lost.current = null;
    setKept(now);
    setOther(null);
    setFailed(null);
    if (typed === now.text) clear();
    else change({ text: typed, over: now.version });
  }

  async function send(version: number) {
    const typed = latest.current.text;
    setSending(true);
    try {
      const answer = await api.put("/api/packs/{id}/comments/{part}", { path: { id: pack.id, part }, body: { text: typed, version } });
      settle({ ...answer, text: typed });
      queries.setQueryData(packQuery(pack.id).queryKey, (before) => before && { ...before, comments: { ...before.comments, [part]: answer } });
    } catch (error) {
      const code = error instanceof Refusal ? error.code : null;
      if (code === "pack_comment_taken") {
        const theirs = (error as Refusal).extra as unknown as Kept;
        // Our own words, sent before, of which we were not told: nobody else wrote.
        if (theirs.text === typed || theirs.text === lost.current) {
          settle(theirs);
          void queries.invalidateQueries({ queryKey: packQuery(pack.id).queryKey });
        } else {
          setOther(theirs);
          setFailed(null);
        }
        return;
      }
      if (passes(error)) lost.current = typed;
      setFailed({ title: error instanceof Refusal ? error.title : "Le commentaire n’est pas encore enregistré.", field: fault(error, "text"), passes: passes(error) });
      // Frozen or dropped meanwhile: the page says so.
      if (code && closing.includes(code)) void queries.invalidateQueries({ queryKey: ["packs"] });
    } finally {
      setSending(false);
    }
  }

  /** What is typed from now on is another text than the one that was refused. */
  function type(value: string, version: number) {
    if (failed && !failed.passes) setFailed(null);
    change({ text: value, over: version });
  }

  const waits = draft.text !== null && draft.text !== kept.text;
  useEffect(() => {
    if (!waits || other || sending || ended || (failed && !failed.passes)) return;
    const timer = setTimeout(() => void send(latest.current.over), failed ? again : hurry ? 0 : pause);
    return () => clearTimeout(timer);
  }, [draft.text, waits, other, sending, ended, failed, hurry]);

  const writing: Writing = other ? "taken" : failed && waits ? (failed.passes ? "failed" : "refused") : waits || sending ? "waits" : "kept";
  useEffect(() => {
    onWriting(part, writing);
    // A part that leaves the document holds nothing back.
    return () => onWriting(part, "kept");
  }, [part, writing, onWriting]);

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
          onChange={(value) => type(value, over)}
          error={waits ? failed?.field : undefined}
          rows={Math.min(10, Math.max(2, text.split("\n").length + 1))}
          maxLength={6000}
          help="Repris mot pour mot dans l’édition des observateurs, une fois le dossier figé."
        />
        <p className={style.saving} role="status">
          {failed && (waits || other) ? `${failed.title} Le texte est gardé sur cet appareil.` : other ? "" : waits || sending ? "Enregistrement…" : kept.at ? `Enregistré ${relative(kept.at)}${kept.member ? `, ${kept.member}` : ""}` : ""}
        </p>
        {other && (
          <div className={style.conflict} role="alert">
            <p>
              <strong>{other.member}</strong> a écrit entre-temps :
            </p>
            <blockquote>{french(other.text)}</blockquote>
            <Button small look="primary" isPending={sending} onPress={() => void send(other.version)}>
              Garder mon texte
            </Button>
            <Button
              small
              isDisabled={sending}
              onPress={() => {
                setKept(other);
                setOther(null);
                setFailed(null);
                clear();
              }}
            >
              Prendre le sien
            </Button>
            <Button
              small
              look="quiet"
              isDisabled={sending}
              onPress={() => {
                change({ text: `${other.text}\n${latest.current.text}`, over: other.version });
                setOther(null);
                setFailed(null);
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
