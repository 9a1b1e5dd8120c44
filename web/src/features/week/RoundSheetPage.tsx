// The round of a day on paper: order, hours, addresses, whom one meets, room for notes.
import { useQuery } from "@tanstack/react-query";
import { week as weekQuery } from "@/api/week";
import { personName } from "@/features/contacts/person";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button, IconButton } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { phone, plural } from "@/words/number";
import { addDays, clock, fullDay, isoDay, monday, now, relativeDay } from "@/words/time";
import { opening, spans } from "./conflicts";
import style from "./RoundSheet.module.css";
import { nameOf } from "./week";
import { duration, heldUntil } from "./words";

export default function RoundSheetPage() {
  const query = useQueryState();
  const session = useSession();
  const today = isoDay(now());
  const wanted = query.get("du") ?? "";
  const day = /^\d{4}-\d{2}-\d{2}$/.test(wanted) ? wanted : today;
  const start = monday(day);
  const week = useQuery(weekQuery(start, addDays(start, 6)));
  const stops = (week.data?.visits ?? []).filter(({ visit }) => isoDay(visit.planned_at) === day);
  const go = (to: string) => query.set({ du: to === today ? null : to });
  return (
    <Page
      title="Feuille de tournée"
      aside={
        <span aria-live="polite">
          {fullDay(day)}, {week.data && plural(stops.length, "visite")}
          <span className="no-print">, {relativeDay(day)}</span>
        </span>
      }
      actions={
        <Button small look="primary" icon="print" onPress={() => window.print()} isDisabled={stops.length === 0}>
          Imprimer
        </Button>
      }
      toolbar={
        <>
          <IconButton label="Jour précédent" icon="back" look="plain" onPress={() => go(addDays(day, -1))} />
          <Button onPress={() => go(today)} isDisabled={day === today}>
            Aujourd’hui
          </Button>
          <IconButton label="Jour suivant" icon="forward" look="plain" onPress={() => go(addDays(day, 1))} />
        </>
      }
    >
      {week.isError ? (
        <Failure error={week.error} onRetry={() => void week.refetch()} />
      ) : week.isPending ? (
        <Skeleton rows={4} shape="card" />
      ) : stops.length === 0 ? (
        <Message icon="visits" title="Aucune visite ce jour-là." />
      ) : (
        <div className={style.sheet}>
          <p className={style.who}>
            {session.member.name}, {session.organisation.name}
          </p>
          <ol className={style.stops}>
            {stops.map(({ visit, bounds }, index) => {
              const pairs = opening(bounds.hours, day);
              const end = new Date(Date.parse(visit.planned_at) + visit.minutes * 60_000);
              return (
                <li key={visit.id} className={style.stop}>
                  <div className={style.facts}>
                    <p className={style.hour}>
                      <span className={style.number}>{index + 1}</span> {clock(visit.planned_at)} à {clock(end)} <span className={style.soft}>({duration(visit.minutes)})</span>
                    </p>
                    <h2>{nameOf(visit.establishment)}</h2>
                    <p>{[visit.establishment.address, [visit.establishment.postcode, visit.establishment.city].filter(Boolean).join(" ")].filter(Boolean).join(", ")}</p>
                    {visit.contact && (
                      <p>
                        {personName(visit.contact)}
                        {visit.contact.position && `, ${visit.contact.position}`}
                        {visit.contact.phones[0] && `, ${phone(visit.contact.phones[0])}`}
                      </p>
                    )}
                    {pairs && pairs.length > 0 && <p className={style.soft}>Reçoit {spans(pairs)}</p>}
                    <p className={style.soft}>Engagement {heldUntil(bounds.due_on)}</p>
                    {visit.state === "done" && <p className={style.soft}>Compte rendu fait</p>}
                  </div>
                  <div className={style.notes} aria-hidden>
                    <span>Notes</span>
                  </div>
                </li>
              );
            })}
          </ol>
        </div>
      )}
    </Page>
  );
}
