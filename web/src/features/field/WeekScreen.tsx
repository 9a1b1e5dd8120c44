// The visits of today, those that still wait for their report, and the next six days.
import { TouchBadge, TouchButton, TouchCard } from "@/ui/touch/Touch";
import { clock, fullDay, isoDay, now, relativeDay, shortDay } from "@/words/time";
import { go } from "./place";
import type { Visit } from "./queue";
import { sync, useField } from "./store";
import style from "./Field.module.css";

export function WeekScreen() {
  const { week, net } = useField();
  const today = isoDay(now());
  const visits = week?.visits.filter((visit) => visit.state !== "cancelled") ?? [];
  const late = visits.filter((visit) => isoDay(visit.planned_at) < today && visit.state === "planned");
  const days: [string, Visit[]][] = [];
  for (const visit of visits.filter((one) => isoDay(one.planned_at) > today)) {
    const day = isoDay(visit.planned_at);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(visit);
    else days.push([day, [visit]]);
  }
  const todays = visits.filter((visit) => isoDay(visit.planned_at) === today);
  return (
    <>
      <h1 tabIndex={-1}>Aujourd’hui, {fullDay(today)}</h1>
      {!week && net === "asking" && <p className={style.soft}>Chargement en cours</p>}
      {!week && net === "offline" && (
        <>
          <p>Le programme n’est pas sur ce téléphone et le réseau manque.</p>
          <TouchButton onPress={() => void sync()}>Réessayer</TouchButton>
        </>
      )}
      {week && (
        <>
          {todays.length === 0 ? <p className={style.soft}>Aucune visite prévue aujourd’hui.</p> : <Visits visits={todays} />}
          {late.length > 0 && (
            <section aria-labelledby="attendus">
              <h2 id="attendus">Comptes rendus attendus</h2>
              <Visits visits={late} isLate />
            </section>
          )}
          {days.map(([day, of]) => (
            <section key={day} aria-label={fullDay(day)}>
              <h2>
                {fullDay(day)} <span className={style.soft}>{relativeDay(day)}</span>
              </h2>
              <Visits visits={of} />
            </section>
          ))}
          {days.length === 0 && <p className={style.soft}>Rien d’autre d’ici au {shortDay(week.last)}.</p>}
        </>
      )}
    </>
  );
}

function Visits({ visits, isLate }: { visits: Visit[]; isLate?: boolean }) {
  return (
    <ul className={style.list}>
      {visits.map((visit) => (
        <li key={visit.id}>
          <TouchCard href={`/terrain/visites/${visit.id}`} go={go}>
            <span className={style.row}>
              <time dateTime={visit.planned_at}>{isLate ? shortDay(visit.planned_at) : clock(visit.planned_at)}</time>
              <strong>{visit.establishment.name ?? "Sans dénomination"}</strong>
            </span>
            <span className={style.soft}>{[visit.establishment.address, visit.establishment.city].filter(Boolean).join(", ")}</span>
            <VisitState visit={visit} />
          </TouchCard>
        </li>
      ))}
    </ul>
  );
}

/** What became of its report, on this telephone and there. */
export function VisitState({ visit }: { visit: Visit }) {
  const { waiting, drafts } = useField();
  const entry = waiting.find((one) => one.visit === visit.id);
  if (entry?.problem) return <TouchBadge tone="warn">Compte rendu : votre choix est attendu</TouchBadge>;
  if (entry) return <TouchBadge tone="warn">Compte rendu à envoyer</TouchBadge>;
  if (drafts.includes(visit.id)) return <TouchBadge>Compte rendu commencé</TouchBadge>;
  if (visit.state === "done") return <TouchBadge tone="good">Compte rendu fait</TouchBadge>;
  if (visit.state === "cancelled") return <TouchBadge>Annulée</TouchBadge>;
  return null;
}
