// What is said of a part, typed where it will be read: kept on the device at once, sent when one pauses, and never over
// what somebody else wrote.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "@/api/client";
import { pack as packQuery } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { Button } from "@/ui/Button";
import { useDraft } from "@/ui/draft";
import { TextArea } from "@/ui/Field";
import { french } from "@/words/typography";
import { relative } from "@/words/time";
import style from "./Committees.module.css";
import { parts, type Part } from "./words";

const pause = 1200;

export function Said({ text }: { text: string | undefined }) {
  if (!text) return null;
  return <p className={style.said}>{french(text)}</p>;
}

type Kept = { text: string; version: number; member?: string; at?: string };

export function Comment({ pack, part, kept: first }: { pack: number; part: Part; kept: Kept | undefined }) {
  const queries = useQueryClient();
  const [kept, setKept] = useState<Kept>(first ?? { text: "", version: 0 });
  const [draft, change, clear] = useDraft<{ text: string | null }>(`pack.${pack}.${part}`, { text: null });
  const [other, setOther] = useState<Kept | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const text = draft.text ?? kept.text;
  const latest = useRef({ text, version: kept.version });
  latest.current = { text, version: kept.version };

  // Somebody else's words appear where nothing was typed here.
  useEffect(() => {
    if (first && first.version > latest.current.version && draft.text === null) setKept(first);
  }, [first, draft.text]);

  async function send(over: number) {
    const typed = latest.current.text;
    setSending(true);
    try {
      const answer = await api.put("/api/packs/{id}/comments/{part}", { path: { id: pack, part }, body: { text: typed, version: over } });
      setKept({ ...answer, text: typed });
      queries.setQueryData(packQuery(pack).queryKey, (before) => before && { ...before, comments: { ...before.comments, [part]: answer } });
      setOther(null);
      setFailed(null);
      if (latest.current.text === typed) clear();
    } catch (error) {
      if (error instanceof Refusal && error.code === "pack_comment_taken") setOther(error.extra as unknown as Kept);
      else setFailed(error instanceof Refusal ? error.title : "Le commentaire n’est pas encore enregistré.");
    } finally {
      setSending(false);
    }
  }

  const waits = draft.text !== null && draft.text !== kept.text;
  useEffect(() => {
    if (!waits || other || sending) return;
    const timer = setTimeout(() => void send(latest.current.version), pause);
    return () => clearTimeout(timer);
  }, [draft.text, waits, other, sending]);

  return (
    <>
      <div className="no-print">
        <TextArea label={part === "decisions" ? "Décisions" : `Commentaire : ${parts[part].toLowerCase()}`} value={text} onChange={(value) => change({ text: value })} rows={Math.min(10, Math.max(2, text.split("\n").length + 1))} maxLength={6000} />
        <p className={style.saving} role="status">
          {other ? "" : failed ? `${failed} Le texte est gardé sur cet appareil.` : waits || sending ? "Enregistrement…" : kept.at ? `Enregistré ${relative(kept.at)}${kept.member ? `, ${kept.member}` : ""}` : ""}
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
                setKept({ ...kept, version: other.version });
                change({ text: `${other.text}\n${latest.current.text}` });
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
