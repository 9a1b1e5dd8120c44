// The week of every adviser in one grid: who is where, who has room, what waits.
import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { teamWeek, type TeamWeek } from "@/api/week";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button, IconButton } from "@/ui/Button";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { plural } from "@/words/number";
import { addDays, briefDay, clock, dayOff, fullDay, isoDay, longDay, monday, now } from "@/words/time";
import style from "./Week.module.css";
import { duration } from "./words";

type Member = TeamWeek["members"][number];

export default function TeamPage() {
  const query = useQueryState();
  const session = useSession();
  const today = isoDay(now());
  const wanted = query.get("du") ?? "";
  const start = monday(/^\d{4}-\d{2}-\d{2}$/.test(wanted) ? wanted : today);
  const week = useQuery(teamWeek(start, addDays(start, 6)));
  const members = week.data?.members ?? [];
  const days = Array.from({ length: 7 }, (_, index) => addDays(start, index)).filter((day) => {
    const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
    return (weekday !== 0 && weekday !== 6) || members.some((member) => member.visits.some((visit) => isoDay(visit.planned_at) === day));
  });
  const go = (to: string) => query.set({ du: monday(to) === monday(today) ? null : to });
  const ask = useWrite(() => api.post("/api/tours", { body: { first: start < today ? today : start, members: members.map((member) => member.id) } }), {
    touches: [["week"]],
    done: (made) => ({ text: "La semaine de l’équipe se calcule.", detail: `Chacun de vos ${made.members.length} conseillers acceptera la sienne dans son agenda.` }),
  });
  return (
    <Page
      title="Semaine de l’équipe"
      aside={<span aria-live="polite">Semaine du {longDay(start)} au {longDay(addDays(start, 6))}{week.data && `, ${plural(members.reduce((sum, member) => sum + member.visits.length, 0), "visite")}`}</span>}
      actions={
        session.role === "manager" &&
        addDays(start, 6) >= today &&
        members.length > 0 && (
          <Button small icon="today" onPress={() => ask.mutate(undefined)} isPending={ask.isPending}>
            Proposer la semaine de l’équipe
          </Button>
        )
      }
      toolbar={
        <>
          <IconButton label="Semaine précédente" icon="back" look="plain" onPress={() => go(addDays(start, -7))} />
          <Button onPress={() => go(today)} isDisabled={start === monday(today)}>
            Cette semaine
          </Button>
          <IconButton label="Semaine suivante" icon="forward" look="plain" onPress={() => go(addDays(start, 7))} />
        </>
      }
    >
      {week.isError ? (
        <Failure error={week.error} onRetry={() => void week.refetch()} />
      ) : week.isPending ? (
        <Skeleton rows={6} />
      ) : members.length === 0 ? (
        <Message icon="actors" title="Aucun conseiller dans cette structure." />
      ) : (
        <div className={style.teamFrame} tabIndex={0} role="region" aria-label="Semaine de l’équipe">
          <table className={style.team}>
            <thead>
              <tr>
                <th scope="col">Conseiller</th>
                {days.map((day) => (
                  <th key={day} scope="col" data-today={day === today}>
                    {briefDay(day)}
                    {dayOff(day) && <span className={style.soft}> {dayOff(day)}</span>}
                  </th>
                ))}
                <th scope="col">À placer</th>
              </tr>
            </thead>
            <tbody>
              {members.map((member) => (
                <tr key={member.id}>
                  <th scope="row">
                    <Link href={`/agenda?du=${start}${member.id === session.member.id ? "" : `&qui=${member.id}`}`}>{member.name}</Link>
                    <span className={style.soft}>{member.visits.length === 0 ? "aucune visite" : `${plural(member.visits.length, "visite")}, ${duration(member.visits.reduce((sum, visit) => sum + visit.minutes, 0))}`}</span>
                  </th>
                  {days.map((day) => (
                    <TeamCell key={day} member={member} day={day} />
                  ))}
                  <td className={style.count}>{member.waiting}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}

function TeamCell({ member, day }: { member: Member; day: string }) {
  const visits = member.visits.filter((visit) => isoDay(visit.planned_at) === day);
  const away = member.away.find((absence) => absence.day === day);
  return (
    <td data-away={away !== undefined} title={fullDay(day)}>
      {away && <span className={style.soft}>{away.reason}</span>}
      {visits.map((visit) => (
        <Link key={visit.id} href={`/entreprises/${visit.establishment}`} className={style.chip}>
          <strong>{clock(visit.planned_at)}</strong> {visit.name ?? "Sans dénomination"} <span className={style.soft}>{visit.city}</span>
        </Link>
      ))}
    </td>
  );
}
