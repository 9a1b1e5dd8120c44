// A report as it stands, and what it said before each correction: who changed what, when.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { reportHistory, type Visit } from "@/api/queries";
import type { Schema } from "@/api/client";
import { valueWords } from "@/features/questionnaire/questions";
import { useSession } from "@/features/session/session";
import { Button, LinkButton } from "@/ui/Button";
import { Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { contracts, horizons } from "@/words/domain";
import { posts } from "@/words/number";
import { appointment, exact, longDay } from "@/words/time";
import { french } from "@/words/typography";
import { Pictures } from "./Pictures";
import style from "./ReportPage.module.css";

type Text = Pick<Schema<"ReportRevision">, "outcome_label" | "done_at" | "next_action" | "next_action_on" | "shared_note" | "network_note" | "answers"> & { needs: NeedWords[] };
type NeedWords = Pick<Schema<"NeedText">, "rome_label" | "horizon" | "contract"> & { posts: number | null };

const needWords = (need: NeedWords): string => [need.rome_label, posts(need.posts), horizons[need.horizon]?.toLowerCase(), need.contract && contracts[need.contract]].filter(Boolean).join(", ");

/** The lines of a report, in the order of its form. */
function lines(of: Text): [string, string][] {
  const all: [string, string | null][] = [
    ["Résultat", french(of.outcome_label)],
    ["Visite faite", exact(of.done_at)],
    ["Besoins", of.needs.map(needWords).join(" ; ")],
    ["Suite à donner", of.next_action && `${french(of.next_action)}${of.next_action_on ? `, le ${longDay(of.next_action_on)}` : ""}`],
    ...of.answers.map((one): [string, string] => [one.label, one.values.map((value) => valueWords(one.kind, value)).join(", ")]),
    ["Note partagée", of.shared_note && french(of.shared_note)],
    ["Note de mon réseau", of.network_note && french(of.network_note)],
  ];
  return all.filter((line): line is [string, string] => !!line[1]);
}

export function ReportRead({ visit, onCorrect }: { visit: Visit; onCorrect: () => void }) {
  const session = useSession();
  const report = visit.report;
  const { data: history } = useQuery({ ...reportHistory(visit.id), enabled: (report?.version ?? 1) > 1 });
  if (!report) return null;
  const now: Text = { ...report, needs: report.needs.filter((need) => need.state !== "abandoned") };
  const ours = visit.organisation.id === session.organisation.id && session.role !== "administrator";
  // Each former text against the one that took its place.
  const former = (history?.items ?? []).map((item, index, items) => ({ item, next: lines(items[index + 1] ?? now) })).reverse();
  return (
    <Page
      title={`Compte rendu : ${visit.establishment.name ?? "cet employeur"}`}
      aside={
        <>
          <Organisation name={visit.organisation.short_name} network={visit.organisation.network} member={report.member.name} size={16} />, visite prévue {appointment(visit.planned_at)}
        </>
      }
      actions={
        <>
          {ours && (
            <Button icon="edit" onPress={onCorrect}>
              Corriger
            </Button>
          )}
          <LinkButton look="quiet" href={`/entreprises/${visit.establishment.id}?onglet=historique`}>
            Fiche de l’employeur
          </LinkButton>
        </>
      }
    >
      <div className={style.form}>
        {report.despite && <p className={style.kept}>La visite avait été annulée entre-temps ; elle a bien eu lieu.</p>}
        <Lines of={lines(now)} />
        <Pictures visit={visit.id} writer={ours} />
        {former.length > 0 && (
          <section aria-labelledby="avant">
            <h2 id="avant">Avant correction</h2>
            <ol className={style.former}>
              {former.map(({ item, next }) => (
                <li key={item.version}>
                  <p className={style.saved}>
                    Écrit par {item.member.name}, {exact(item.written_at)} ; remplacé par {item.replaced_by.name}, {exact(item.replaced_at)}.
                  </p>
                  <Lines of={lines(item).filter(([name, value]) => !next.some(([other, to]) => other === name && to === value))} empty="Seul le contenu ajouté a changé." />
                </li>
              ))}
            </ol>
          </section>
        )}
      </div>
    </Page>
  );
}

function Lines({ of, empty }: { of: [string, string][]; empty?: ReactNode }) {
  if (of.length === 0) return <p>{empty}</p>;
  return (
    <dl className={style.lines}>
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
