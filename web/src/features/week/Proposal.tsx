// A suggested week: what it would be, day by day, and what one makes of it. Nothing is in the agenda before it is accepted.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tour as tourQuery, type Tour } from "@/api/week";
import { useSession } from "@/features/session/session";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Link } from "@/ui/Link";
import { phone, useMedia } from "@/ui/media";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Failure, Message, Skeleton } from "@/ui/States";
import { count, plural } from "@/words/number";
import { clock, fullDay, isoDay, longDay, now } from "@/words/time";
import { french } from "@/words/typography";
import style from "./Week.module.css";
import { lineKey, nameOf, useTour, type Line } from "./week";
import { duration, heldUntil, late, leftOut, refusal } from "./words";

type ProposalProps = { id: number; member: number; selected: string | null; onPoint: (key: string | null) => void; onMoveBy: (line: Line) => void; onClose: () => void; onDay: (day: string) => void };

export default function Proposal({ id, member, selected, onPoint, onMoveBy, onClose, onDay }: ProposalProps) {
  const { data: tour, isError, error, refetch } = useQuery(tourQuery(id));
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!tour) return <Skeleton rows={5} shape="card" />;
  if ((tour.state === "waiting" || tour.state === "running") && tour.planned === 0) return <Running tour={tour} />;
  if (tour.state === "failed") return <Message icon="warning" title="La semaine n’a pas pu être calculée." action={<Button onPress={onClose}>Fermer</Button>}>{tour.error ? french(tour.error) : "Réessayez dans un instant."}</Message>;
  if (tour.state === "cancelled" || tour.state === "closed") return <Message icon="close" title="Cette proposition est close." action={<Button onPress={onClose}>Revenir à l’agenda</Button>} />;
  return <Ready tour={tour} member={member} selected={selected} onPoint={onPoint} onMoveBy={onMoveBy} onClose={onClose} onDay={onDay} />;
}

function Running({ tour }: { tour: Tour }) {
  const { end } = useTour(tour.id);
  return (
    <div className={style.running} role="status">
      <p>
        Calcul de la semaine du {longDay(tour.first)}
        {tour.members.length > 1 && ` pour ${tour.members.length} conseillers`}
      </p>
      <progress max={100} value={tour.progress} aria-label="Avancement du calcul" />
      <Button small onPress={() => end.mutate(undefined)} isPending={end.isPending}>
        Arrêter le calcul
      </Button>
    </div>
  );
}

function Ready({ tour, member, selected, onPoint, onMoveBy, onClose, onDay }: Omit<ProposalProps, "id"> & { tour: Tour }) {
  const session = useSession();
  const acts = useTour(tour.id);
  const [refusing, setRefusing] = useState<Line | null>(null);
  const own = tour.lines.filter((line) => line.member === member || (line.member === null && tour.members.length === 1));
  const placed = own.filter((line) => line.starts_at !== null && (line.state === "proposed" || line.state === "fixed" || line.state === "accepted"));
  const open = placed.filter((line) => line.state === "proposed");
  const left = tour.lines.filter((line) => line.state === "left" && (line.member === member || line.member === null));
  const refused = own.filter((line) => line.state === "refused");
  const days = [...new Set(placed.map((line) => isoDay(line.starts_at as string)))].sort();
  const mine = tour.members.some((one) => one.id === session.member.id) && member === session.member.id;
  const way = tour.days.filter((day) => day.member === member);
  const busy = tour.state === "waiting" || tour.state === "running";
  return (
    <section className={style.proposal} aria-label="Semaine proposée" aria-busy={busy}>
      <header className={style.summary}>
        <h2>Semaine proposée</h2>
        <p>
          {open.length === 0 ? "Tout est réglé" : plural(open.length, "visite proposée", "visites proposées")}
          {way.length > 0 && `, ${duration(way.reduce((sum, day) => sum + day.way_minutes, 0))} de route, ${count(way.reduce((sum, day) => sum + day.kilometres, 0))} km`}
          {tour.travel === "estimate" ? " (estimés à vol d’oiseau)" : ""}.
        </p>
        <p className={style.soft}>Rien n’est inscrit à l’agenda avant votre accord. Accepter une visite à découvrir engage votre structure.</p>
        <div className={style.buttons}>
          {mine && (
            <Button look="primary" icon="check" onPress={() => acts.accept.mutate(open.map((line) => line.id))} isDisabled={open.length === 0 || busy} isPending={acts.accept.isPending}>
              Tout accepter
            </Button>
          )}
          {mine && (
            <Button icon="refresh" onPress={() => acts.replan.mutate(undefined)} isPending={acts.replan.isPending || busy}>
              Recalculer
            </Button>
          )}
          <Button look="quiet" onPress={() => (acts.end.mutate(undefined), onClose())}>
            Écarter la proposition
          </Button>
        </div>
      </header>
      {placed.length === 0 && <Message icon="empty" title="Aucune visite à proposer cette semaine.">Aucun engagement n’attend de rendez-vous, et aucun employeur proche ne vaut le détour.</Message>}
      {days.map((day) => {
        const lines = placed.filter((line) => isoDay(line.starts_at as string) === day);
        const round = way.find((one) => one.day === day);
        const toAccept = lines.filter((line) => line.state === "proposed");
        return (
          <section key={day} className={style.day} aria-label={fullDay(day)}>
            <header>
              <h3>
                <Button small look="quiet" onPress={() => onDay(day)}>
                  {fullDay(day)}
                </Button>
              </h3>
              {round && (
                <span className={style.soft}>
                  départ {clock(round.leaves_at)}, retour {clock(round.returns_at)}, {duration(round.way_minutes)} de route, {count(round.kilometres)} km
                </span>
              )}
              {mine && toAccept.length > 0 && (
                <Button small icon="check" onPress={() => acts.accept.mutate(toAccept.map((line) => line.id))} isDisabled={busy}>
                  Accepter la journée
                </Button>
              )}
            </header>
            <ol className={style.lines}>
              {lines.map((line) => (
                <ProposedLine key={line.id} line={line} mine={mine} busy={busy} selected={selected === lineKey(line)} onPoint={(within) => onPoint(within ? lineKey(line) : null)} onMoveBy={() => onMoveBy(line)} onRefuse={() => setRefusing(line)} onAccept={() => acts.accept.mutate([line.id])} onLock={() => acts.lock.mutate({ line, locked: !line.locked })} />
              ))}
            </ol>
          </section>
        );
      })}
      {left.length + refused.length > 0 && (
        <details className={style.left}>
          <summary>{plural(left.length + refused.length, "employeur laissé de côté", "employeurs laissés de côté")}</summary>
          <ul>
            {refused.map((line) => (
              <li key={line.id}>
                <Employer line={line} /> <span className={style.soft}>Refusé : « {french(line.refusal ?? "")} »</span>
                {mine && (
                  <Button small look="quiet" icon="undo" onPress={() => acts.refuse.mutate({ line, reason: "" })}>
                    Reprendre
                  </Button>
                )}
              </li>
            ))}
            {left.map((line) => (
              <li key={line.id}>
                <Employer line={line} />
                {line.kind === "promise" && <Badge tone="warn" icon="promise">engagement</Badge>} <span className={style.soft}>{leftOut(line)}</span>
                {mine && line.left_reason !== "unplaced" && (
                  <Button small look="quiet" onPress={() => onMoveBy(line)}>
                    Placer quand même
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {refusing && (
        <ReasonDialog
          title={`Refuser : ${nameOf(refusing.establishment)}`}
          label="Motif"
          confirm="Refuser cette visite"
          short
          help="Pour vous et votre structure : l’employeur n’est plus proposé cette semaine."
          isOpen
          onClose={() => setRefusing(null)}
          onConfirm={(reason) => acts.refuse.mutate({ line: refusing, reason }, { onSuccess: () => setRefusing(null) })}
          error={acts.refuse.error}
          busy={acts.refuse.isPending}
        />
      )}
    </section>
  );
}

function Employer({ line }: { line: Line }) {
  return (
    <>
      <Link href={`/entreprises/${line.establishment.id}`} className={style.name}>
        {nameOf(line.establishment)}
      </Link>{" "}
      <span className={style.soft}>{line.establishment.city}</span>
    </>
  );
}

type LineProps = { line: Line; mine: boolean; busy: boolean; selected: boolean; onPoint: (within: boolean) => void; onMoveBy: () => void; onRefuse: () => void; onAccept: () => void; onLock: () => void };

function ProposedLine({ line, mine, busy, selected, onPoint, onMoveBy, onRefuse, onAccept, onLock }: LineProps) {
  const name = nameOf(line.establishment);
  const small = useMedia(phone);
  const acts = mine && line.state === "proposed" && (
    <div className={style.acts}>
      {small ? (
        <Button small icon="check" aria-label={`Accepter ${name}`} onPress={onAccept} isDisabled={busy}>
          Accepter
        </Button>
      ) : (
        <IconButton small label={`Accepter ${name}`} icon="check" onPress={onAccept} isDisabled={busy} />
      )}
      <IconButton small label={line.locked ? `Libérer ${name}` : `Garder ${name} à cette heure`} icon={line.locked ? "reserved" : "open"} onPress={onLock} isDisabled={busy} />
      <IconButton small label={`Déplacer ${name}`} icon="plan" onPress={onMoveBy} isDisabled={busy} />
      <IconButton small label={`Refuser ${name}`} icon="close" onPress={onRefuse} isDisabled={busy} />
    </div>
  );
  return (
    <li className={style.line} data-selected={selected} data-state={line.state} onPointerEnter={() => onPoint(true)} onPointerLeave={() => onPoint(false)}>
      <time dateTime={line.starts_at ?? undefined}>{line.starts_at && clock(line.starts_at)}</time>
      <div className={style.what}>
        <div className={style.title}>
          <Employer line={line} />
        </div>
        {acts}
        <p className={style.marks}>
          {line.state === "fixed" && <Badge tone="accent" icon="visits">rendez-vous pris</Badge>}
          {line.state === "accepted" && <Badge tone="good" icon="check">acceptée</Badge>}
          {line.state === "proposed" && line.kind === "promise" && line.due_on && <Badge tone={line.due_on < isoDay(now()) ? "danger" : "warn"} icon="promise">{heldUntil(line.due_on)}</Badge>}
          {line.state === "proposed" && line.kind === "nearby" && <Badge tone="neutral" icon="free">{`à découvrir, vaut ${line.worth_minutes} min de détour`}</Badge>}
          <span className={style.soft}>
            {duration(line.minutes)}
            {line.way_minutes !== null && `, après ${duration(line.way_minutes)} de route`}
          </span>
        </p>
        {line.late_minutes !== null && line.state !== "left" && (
          <p className={style.marks}>
            <Badge tone="warn" icon="due">{late(line.late_minutes)}</Badge>
          </p>
        )}
        {line.answer && line.state === "proposed" && <p className={style.forbidden}>{refusal(line.answer)}</p>}
      </div>
    </li>
  );
}
