// What the reports of one's network ask, beside the core that all share: written by a manager, published by version.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, type Schema } from "@/api/client";
import { Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button, IconButton } from "@/ui/Button";
import { Checkbox, Select, TextArea, TextField } from "@/ui/Field";
import { networkName } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { useDraft } from "@/ui/draft";
import { Kept } from "@/ui/Kept";
import { outcomes } from "@/words/domain";
import { NARROW } from "@/words/number";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";
import { questionnairesOf } from "./query";
import style from "./Questionnaire.module.css";

type Question = Schema<"Question">;
type Line = { code: string; label: string; help: string; kind: Question["kind"]; choices: string; required: boolean; outcomes: string[]; whenCode: string; whenValue: string };
type Scope = "common" | "network";
/** `from`, `version`: what was published when this was begun. */
type Draft = { lines: Line[]; from: Line[]; version: number };

const kinds: Record<Question["kind"], string> = { yesno: "Oui ou non", choice: "Un choix", choices: "Plusieurs choix", number: "Nombre", text: "Texte", date: "Date" };
const several = (kind: string) => kind === "choice" || kind === "choices";

const lineOf = (question: Question): Line => ({
  code: question.code,
  label: question.label,
  help: question.help ?? "",
  kind: question.kind,
  choices: (question.choices ?? []).join("\n"),
  required: question.required,
  outcomes: question.outcomes ?? [],
  whenCode: question.when?.code ?? "",
  whenValue: question.when?.value ?? "",
});

const choicesOf = (line: Line): string[] => line.choices.split("\n").map((choice) => choice.trim()).filter(Boolean);

/** As it is published; a condition on a question that is gone or comes later goes too. */
const questionOf = (line: Line, index: number, lines: Line[]): Question => ({
  code: line.code,
  label: line.label.trim(),
  kind: line.kind,
  required: line.required,
  ...(line.help.trim() ? { help: line.help.trim() } : {}),
  ...(several(line.kind) ? { choices: choicesOf(line) } : {}),
  ...(line.outcomes.length > 0 ? { outcomes: line.outcomes as Question["outcomes"] & object } : {}),
  ...(lines.slice(0, index).some((one) => one.code === line.whenCode) && line.whenValue ? { when: { code: line.whenCode, value: line.whenValue } } : {}),
});

/** A code that no question has, kept for life: answers are found by it. */
function freshCode(lines: Pick<Line, "code">[]): string {
  for (let n = lines.length + 1; ; n++) if (!lines.some((line) => line.code === `q${n}_${lines.length}`)) return `q${n}_${lines.length}`;
}

const labelFault = (line: Line) => (line.label.trim().length < 3 ? "Écrivez la question." : undefined);
function choicesFault(line: Line): string | undefined {
  const given = several(line.kind) ? choicesOf(line) : null;
  return given && (given.length < 2 || given.length > 12 || new Set(given).size < given.length) ? "De deux à douze choix différents, un par ligne." : undefined;
}
const fault = (line: Line) => labelFault(line) ?? choicesFault(line);

export default function QuestionnairePage() {
  const { data, isPending, isError, error, refetch } = useQuery(questionnairesOf(null));
  const query = useQueryState();
  if (isError) return <Failure alone error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={6} />;
  const scope: Scope = query.get("de") === "tous" && data.edits_common ? "common" : "network";
  const may = scope === "common" ? data.edits_common : data.edits_network;
  if (!may) return <Message alone icon="reserved" title="Les questions se changent par un responsable de votre réseau." />;
  const now = data[scope];
  return <Editor key={scope} scope={scope} now={now} common={data.common} onScope={data.edits_common ? (next) => query.set({ de: next === "common" ? "tous" : null }) : undefined} />;
}

function Editor({ scope, now, common, onScope }: { scope: Scope; now: Schema<"Questionnaire"> | null; common: Schema<"Questionnaire"> | null; onScope: ((scope: Scope) => void) | undefined }) {
  const session = useSession();
  const published = (now?.questions ?? []).map(lineOf);
  const [draft, change, clear, kept] = useDraft<Draft>(`questionnaire.${scope}`, { lines: published, from: published, version: now?.version ?? 0 });
  const [checked, check] = useState(false);
  const { lines } = draft;
  const isChanged = JSON.stringify(lines) !== JSON.stringify(draft.from);
  // Published by somebody else since this was begun: shown beside it before one takes the place of the other.
  const other = now && now.version > draft.version ? now : null;
  useEffect(() => {
    if (other && !isChanged) clear();
  }, [other, isChanged, clear]);
  // A question of mine does not take the code that another has there: answers would be found under it.
  const read = (theirs: Schema<"Questionnaire">) => {
    const taken = [...theirs.questions, ...lines];
    const codes = new Map<string, string>();
    for (const line of lines)
      if (!draft.from.some((one) => one.code === line.code) && theirs.questions.some((one) => one.code === line.code)) codes.set(line.code, freshCode([...taken, ...[...codes.values()].map((code) => ({ code }))]));
    change({ version: theirs.version, from: theirs.questions.map(lineOf), lines: lines.map((line) => ({ ...line, code: codes.get(line.code) ?? line.code, whenCode: codes.get(line.whenCode) ?? line.whenCode })) });
  };
  const set = (index: number, part: Partial<Line>) => change({ lines: lines.map((line, at) => (at === index ? { ...line, ...part } : line)) });
  const move = (index: number, by: number) => {
    const next = [...lines];
    next.splice(index + by, 0, ...next.splice(index, 1));
    change({ lines: next });
  };
  const write = useWrite(
    () => {
      const body = { questions: lines.map(questionOf) };
      const { version } = draft;
      return scope === "common" ? api.put("/api/questionnaire/common", { version, body }) : api.put("/api/questionnaire/network", { version, body });
    },
    { touches: [["questionnaires"]], quiet: true, done: () => "Questions publiées : les prochains comptes rendus les posent.", onDone: clear },
  );
  return (
    <Page title="Questions des comptes rendus" aside={scope === "common" ? "Tronc commun à tous les réseaux" : `Propres à ${networkName(session.organisation.network)}`}>
      <div className={style.page}>
        {onScope && (
          <Select
            label="Questionnaire"
            required
            value={scope}
            onChange={(value) => onScope(value as Scope)}
            choices={[
              { id: "network", label: `Propre à ${networkName(session.organisation.network)}` },
              { id: "common", label: "Tronc commun" },
            ]}
          />
        )}
        <p className={style.soft}>
          {now ? `Version ${now.version}, publiée le ${longDay(now.made_at)}${now.member ? ` par ${now.member.name}` : ""}.` : "Aucune question propre à votre réseau pour l’instant."}{" "}
          {scope === "network" && common && `Le tronc commun pose déjà : ${common.questions.map((question) => `« ${question.label} »`).join(", ") || "rien"}.`}
        </p>
        {kept && isChanged && <Kept onDrop={clear} again="Repartir de la version publiée" />}
        <ol className={style.list} aria-label="Questions">
          {lines.map((line, index) => {
            const before = lines.slice(0, index).filter((one) => several(one.kind) || one.kind === "yesno");
            const parent = before.find((one) => one.code === line.whenCode);
            return (
              <li key={line.code} className={style.card} aria-label={`Question ${index + 1}`}>
                <TextField label={`Question ${index + 1}`} value={line.label} onChange={(label) => set(index, { label })} required maxLength={160} error={checked ? labelFault(line) : undefined} />
                <div className={style.pair}>
                  <Select label="Réponse attendue" required value={line.kind} onChange={(kind) => set(index, { kind: kind as Line["kind"] })} choices={Object.entries(kinds).map(([id, label]) => ({ id, label }))} />
                  <TextField label="Précision" value={line.help} onChange={(help) => set(index, { help })} maxLength={300} />
                </div>
                {several(line.kind) && <TextArea label="Choix, un par ligne" value={line.choices} onChange={(choices) => set(index, { choices })} maxLength={1000} required error={checked ? choicesFault(line) : undefined} />}
                <div className={style.pair}>
                  <Select
                    label="Posée après"
                    required
                    value={line.outcomes.length === 0 ? "all" : line.outcomes.join(",") === "needs,later,none" ? "met" : line.outcomes.join(",") === "needs" ? "needs" : "own"}
                    onChange={(value) => set(index, { outcomes: value === "met" ? ["needs", "later", "none"] : value === "needs" ? ["needs"] : value === "all" ? [] : line.outcomes })}
                    choices={[
                      { id: "all", label: "Toute visite" },
                      { id: "met", label: "Une rencontre" },
                      { id: "needs", label: "Une rencontre avec des besoins" },
                      ...(line.outcomes.length > 0 && !["needs,later,none", "needs"].includes(line.outcomes.join(",")) ? [{ id: "own", label: line.outcomes.map((code) => outcomes[code]?.label ?? code).join(`${NARROW}; `) }] : []),
                    ]}
                  />
                  {before.length > 0 && (
                    <Select
                      label="Seulement si"
                      value={parent ? `${line.whenCode}=${line.whenValue}` : "="}
                      onChange={(value) => set(index, { whenCode: value.slice(0, value.indexOf("=")), whenValue: value.slice(value.indexOf("=") + 1) })}
                      choices={[
                        { id: "=", label: "Toujours" },
                        ...before.flatMap((one) =>
                          (one.kind === "yesno" ? [["yes", "oui"], ["no", "non"]] : choicesOf(one).map((choice) => [choice, choice])).map(([value, words]) => ({ id: `${one.code}=${value}`, label: `${one.label} : ${words}` })),
                        ),
                      ]}
                    />
                  )}
                </div>
                <div className={style.row}>
                  <Checkbox isSelected={line.required} onChange={(required) => set(index, { required })}>
                    Réponse obligatoire
                  </Checkbox>
                  <IconButton label={`Monter la question ${index + 1}`} icon="up" isDisabled={index === 0} onPress={() => move(index, -1)} />
                  <IconButton label={`Descendre la question ${index + 1}`} icon="down" isDisabled={index === lines.length - 1} onPress={() => move(index, 1)} />
                  <IconButton label={`Retirer la question ${index + 1}`} icon="close" onPress={() => change({ lines: lines.filter((_, at) => at !== index) })} />
                </div>
              </li>
            );
          })}
        </ol>
        {lines.length < 30 && (
          <div>
            <Button icon="add" onPress={() => change({ lines: [...lines, { code: freshCode(lines), label: "", help: "", kind: "yesno", choices: "", required: false, outcomes: ["needs", "later", "none"], whenCode: "", whenValue: "" }] })}>
              Ajouter une question
            </Button>
          </div>
        )}
        {other && isChanged && !write.isPending && !write.isSuccess && (
          <div role="alert" className={style.other}>
            <p>
              Entre-temps, {other.member?.name ?? "quelqu’un"} a publié la version {other.version} : {other.questions.map((question) => `« ${french(question.label)} »`).join(", ") || "aucune question"}. Votre saisie est gardée.
            </p>
            <div className={style.row}>
              <Button small onPress={() => read(other)}>
                C’est lu, la mienne la remplacera
              </Button>
              <Button small look="quiet" onPress={clear}>
                Repartir de cette version
              </Button>
            </div>
          </div>
        )}
        {write.error instanceof Refusal && !(other && write.error.status === 412) && <Refused error={write.error} />}
        <div className={style.row}>
          <Button
            look="primary"
            isPending={write.isPending}
            isDisabled={!isChanged || !!other}
            onPress={() => {
              check(true);
              if (!lines.some(fault)) write.mutate(undefined);
            }}
          >
            Publier
          </Button>
          {isChanged && (
            <Button look="quiet" onPress={clear}>
              {now ? "Revenir à la version publiée" : "Tout effacer"}
            </Button>
          )}
        </div>
      </div>
    </Page>
  );
}
