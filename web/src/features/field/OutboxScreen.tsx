// What waits to be sent, in the order it was typed; and what the server did not take, side by side with what it has.
import { useState, type ReactNode } from "react";
import { TouchButton, TouchNotice } from "@/ui/touch/Touch";
import { asked, valueWords } from "@/features/questionnaire/questions";
import { horizons, outcomes } from "@/words/domain";
import { posts } from "@/words/number";
import { appointment, exact, relative, shortDay } from "@/words/time";
import { bodyOf, together, type Draft } from "./draft";
import { kindWords } from "./picture";
import { go } from "./place";
import type { Visit, Waiting } from "./queue";
import { abandon, reopen, resend, sync, useField } from "./store";
import style from "./Field.module.css";

export function OutboxScreen() {
  const { waiting, net, who } = useField();
  return (
    <>
      <h1 tabIndex={-1}>Envois</h1>
      {waiting.length === 0 && <p className={style.soft}>Tout est envoyé.</p>}
      {waiting.some((one) => !one.problem) && net === "offline" && <TouchButton onPress={() => void sync()}>Envoyer maintenant</TouchButton>}
      <ul className={style.list}>
        {waiting.map((entry) => (
          <li key={entry.seq} className={style.entry}>
            <h2>{entry.label}</h2>
            <p className={style.soft}>
              {entry.picture ? "Photo prise" : "Compte rendu écrit"} <time dateTime={entry.typed_at} title={exact(entry.typed_at)}>{relative(entry.typed_at)}</time>
            </p>
            {entry.member !== who?.member.id || entry.organisation !== who.organisation.id ? (
              <TouchNotice tone="warn">Écrit pour une autre personne ou une autre structure ; il partira quand elle ouvrira une session ici.</TouchNotice>
            ) : entry.picture || !entry.draft ? (
              <PictureEntry entry={entry} />
            ) : entry.problem ? (
              <Conflict entry={entry} draft={entry.draft} />
            ) : (
              <>
                <p>{outcomes[entry.draft.outcome]?.label}</p>
                <TouchButton look="quiet" onPress={() => void reopen(entry.seq).then(() => go(`/terrain/visites/${entry.visit}/compte-rendu`))}>
                  Modifier avant l’envoi
                </TouchButton>
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A photograph that waits behind its report, or that the server did not take. */
function PictureEntry({ entry }: { entry: Waiting }) {
  return (
    <>
      {entry.problem && <TouchNotice tone="warn">{entry.problem.title}</TouchNotice>}
      <p>{kindWords[entry.picture ?? "photo"]}, envoyée après son compte rendu</p>
      <TouchButton look="quiet" onPress={() => void abandon(entry.seq)}>
        Effacer cette photo
      </TouchButton>
    </>
  );
}

/** What is done to one's text; nothing is done without being asked. */
function Conflict({ entry, draft: typed }: { entry: Waiting; draft: Draft }) {
  const [erasing, setErasing] = useState(false);
  const problem = entry.problem as NonNullable<Waiting["problem"]>;
  const theirs = problem.now;
  const report = theirs?.report ?? null;
  const back = (draft?: Draft) => void reopen(entry.seq, draft).then(() => go(`/terrain/visites/${entry.visit}/compte-rendu`));
  const moved = problem.code === "precondition_failed" && theirs?.state === "planned";
  const cancelled = theirs?.state === "cancelled";
  return (
    <>
      <TouchNotice tone="warn">
        {report ? `Entre-temps, ${report.member.name} a enregistré un compte rendu de cette visite.` : moved ? "Entre-temps, cette visite a été déplacée." : cancelled ? "Entre-temps, cette visite a été annulée." : problem.title}
        {report && problem.code === "report_reached" && ` ${problem.title}`}
      </TouchNotice>
      <div className={style.sides}>
        <Side title="Ce que vous avez écrit">
          <Mine draft={typed} />
        </Side>
        <Side title="Ce qui est enregistré">{theirs ? <Theirs visit={theirs} /> : <p>La visite n’est plus visible.</p>}</Side>
      </div>
      <div className={style.stack}>
        {report && theirs && (
          <>
            <TouchButton look="primary" onPress={() => back(together(typed, theirs))}>
              Réunir les deux textes
            </TouchButton>
            <TouchButton
              onPress={() => {
                const draft = { ...typed, corrects: report.version };
                void resend(entry.seq, { path: `/api/visits/${entry.visit}/report/correct`, version: report.version, body: bodyOf(draft), draft });
              }}
            >
              Remplacer par le mien ; l’autre reste dans l’historique
            </TouchButton>
          </>
        )}
        {moved && theirs && (
          <TouchButton
            look="primary"
            onPress={() => {
              const draft = { ...typed, version: theirs.version };
              void resend(entry.seq, { version: theirs.version, body: bodyOf(draft), draft });
            }}
          >
            Envoyer : la visite a eu lieu le {shortDay(typed.doneAt)}
          </TouchButton>
        )}
        {cancelled && (
          <TouchButton look="primary" onPress={() => void resend(entry.seq, { body: bodyOf(typed, "cancelled") })}>
            Envoyer : la visite a bien eu lieu
          </TouchButton>
        )}
        {!report && <TouchButton onPress={() => back()}>Revenir à ma saisie</TouchButton>}
        {erasing ? (
          <div className={style.actions} role="group" aria-label="Effacer ma saisie">
            <TouchButton look="danger" onPress={() => void abandon(entry.seq)}>
              Oui, effacer ma saisie
            </TouchButton>
            <TouchButton look="quiet" onPress={() => setErasing(false)}>
              La garder
            </TouchButton>
          </div>
        ) : (
          <TouchButton look="quiet" onPress={() => setErasing(true)}>
            {report ? "Garder le compte rendu enregistré" : "Effacer ma saisie"}
          </TouchButton>
        )}
      </div>
    </>
  );
}

const Side = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={style.side} aria-label={title}>
    <h3>{title}</h3>
    <dl>{children}</dl>
  </section>
);

const Line = ({ name, children }: { name: string; children: ReactNode }) =>
  children ? (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  ) : null;

const needWords = (need: { label: string; posts: number | null; horizon: string }) => `${need.label}, ${posts(need.posts)}, ${horizons[need.horizon]?.toLowerCase() ?? ""}`;

function Mine({ draft }: { draft: Draft }) {
  return (
    <>
      <Line name="Résultat">{outcomes[draft.outcome]?.label}</Line>
      <Line name="Visite du">{exact(draft.doneAt)}</Line>
      <Line name="Besoins">{draft.needs.filter((need) => need.rome).map(needWords).join(" ; ")}</Line>
      <Line name="Suite">{draft.nextAction && `${draft.nextAction}${draft.nextOn ? `, le ${shortDay(draft.nextOn)}` : ""}`}</Line>
      {asked(draft.questionnaires, draft.outcome, draft.answers ?? {}).map(({ key, question }) => (
        <Line key={key} name={question.label}>
          {(draft.answers[key] ?? []).map((value) => valueWords(question.kind, value)).join(", ")}
        </Line>
      ))}
      <Line name="Note partagée">{draft.sharedNote}</Line>
      <Line name="Note de mon réseau">{draft.networkNote}</Line>
    </>
  );
}

function Theirs({ visit }: { visit: Visit }) {
  const { report } = visit;
  if (!report)
    return (
      <>
        <Line name="Visite">{visit.state === "cancelled" ? "Annulée" : appointment(visit.planned_at)}</Line>
        <Line name="Motif">{visit.reason}</Line>
      </>
    );
  return (
    <>
      <Line name="Résultat">{outcomes[report.outcome]?.label ?? report.outcome_label}</Line>
      <Line name="Visite du">{exact(report.done_at)}</Line>
      <Line name="Besoins">{report.needs.filter((need) => need.state !== "abandoned").map((need) => needWords({ ...need, label: need.rome_label })).join(" ; ")}</Line>
      <Line name="Suite">{report.next_action && `${report.next_action}${report.next_action_on ? `, le ${shortDay(report.next_action_on)}` : ""}`}</Line>
      {report.answers.map((one) => (
        <Line key={`${one.questionnaire}.${one.code}`} name={one.label}>
          {one.values.map((value) => valueWords(one.kind, value)).join(", ")}
        </Line>
      ))}
      <Line name="Note partagée">{report.shared_note}</Line>
      <Line name="Note de mon réseau">{report.network_note}</Line>
    </>
  );
}
