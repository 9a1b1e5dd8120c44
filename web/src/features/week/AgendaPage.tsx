// The agenda: what stands, what waits for an appointment, what is suggested. The address holds the view, the day and the person.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { api } from "@/api/client";
import { tour as tourQuery, week as weekQuery } from "@/api/week";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate, useQueryState } from "@/router";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { Icon, type IconName } from "@/ui/Icon";
import { phone, useMedia } from "@/ui/media";
import { Menu } from "@/ui/Menu";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Split } from "@/ui/Split";
import { Failure, Later, Message, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { plural } from "@/words/number";
import { addDays, appointment, clock, fullDay, isoDay, longDay, monday, now, relativeDay } from "@/words/time";
import type { Block, View } from "./Calendar";
import style from "./Week.module.css";
import { late } from "./words";
import { collide, nameOf, useMove, usePlan, lineKey, useTour, type Line, type Placed, type Subject, type Waiting } from "./week";

// Each comes when it is needed: the agenda is there first.
const Calendar = lazy(() => import("./Calendar"));
const loadMove = () => import("./MoveDialog");
const MoveDialog = lazy(loadMove);
const HoursDialog = lazy(() => import("./HoursDialog"));
const Proposal = lazy(() => import("./Proposal"));
const RoundMap = lazy(() => import("./RoundMap"));
const FeedDialog = lazy(() => import("./FeedDialog"));
const VisitCard = lazy(() => import("./VisitCard"));
const viewNames: Record<View, string> = { semaine: "Semaine", jour: "Jour", liste: "Liste" };

const visitKey = (id: number) => `visit-${id}`;
const promiseKey = (id: number) => `promise-${id}`;

function blocksOf(visits: Placed[], lines: Line[], ours: boolean, organisation: number): Block[] {
  const lateBy = new Map(lines.filter((line) => line.state === "fixed" && line.late_minutes !== null).map((line) => [line.visit, late(line.late_minutes ?? 0)]));
  const placed = visits.map(({ visit }): Block => ({
    key: visitKey(visit.id),
    at: visit.planned_at,
    minutes: visit.minutes,
    title: nameOf(visit.establishment),
    detail: [visit.establishment.city, visit.organisation.id !== organisation && `avec ${visit.organisation.short_name}`, lateBy.get(visit.id)].filter(Boolean).join(" · "),
    before: "",
    after: `, ${appointment(visit.planned_at)}, ${visit.minutes} minutes, ${visit.state === "done" ? "compte rendu fait" : "visite prévue"}`,
    look: visit.state === "done" ? "done" : lateBy.has(visit.id) ? "due" : "planned",
    movable: ours && visit.state === "planned" && visit.organisation.id === organisation,
  }));
  const suggested = lines
    .filter((line) => line.state === "proposed" && line.starts_at !== null)
    .map((line): Block => ({
      key: lineKey(line),
      at: line.starts_at as string,
      minutes: line.minutes,
      title: nameOf(line.establishment),
      detail: line.establishment.city ?? "",
      before: "Proposition : ",
      after: `, ${appointment(line.starts_at as string)}, ${line.minutes} minutes`,
      look: line.locked ? "locked" : "proposed",
      movable: ours,
    }));
  return [...placed, ...suggested];
}

export default function AgendaPage() {
  const query = useQueryState();
  const session = useSession();
  const small = useMedia(phone);
  const today = isoDay(now());
  const wanted = query.get("du") ?? "";
  const day = /^\d{4}-\d{2}-\d{2}$/.test(wanted) ? wanted : today;
  const view: View = (["semaine", "jour", "liste"] as const).find((one) => one === query.get("vue")) ?? (small ? "liste" : "semaine");
  const start = monday(day);
  const member = /^\d+$/.test(query.get("qui") ?? "") ? Number(query.get("qui")) : undefined;
  const who = member ?? session.member.id;
  const ours = who === session.member.id && session.role !== "administrator";
  const { data: week, isError, error, refetch } = useQuery(weekQuery(start, addDays(start, 6), member));
  const asked = Number(query.get("proposition"));
  const tourId = asked > 0 ? asked : null;
  const { data: tour } = useQuery({ ...tourQuery(tourId ?? 0), enabled: tourId !== null });
  const lines = useMemo(() => (tour && (tour.state === "ready" || tour.planned > 0) && !["closed", "cancelled", "failed"].includes(tour.state) ? tour.lines.filter((line) => line.member === who || line.state === "left") : []), [tour, who]);
  const blocks = useMemo(() => blocksOf(week?.visits ?? [], lines, ours, session.organisation.id), [week, lines, ours, session.organisation.id]);
  const [selected, select] = useState<string | null>(null);
  // What the pointer is over in the proposal is marked where it stands; nothing comes or moves for it.
  const [pointed, point] = useState<string | null>(null);
  const marked = pointed ?? selected;
  const [moving, setMoving] = useState<Subject | null>(null);
  const [hours, showHours] = useState(false);
  const [feed, showFeed] = useState(false);
  const [outside, setOutside] = useState<HTMLElement | null>(null);
  const move = useMove();
  const plan = usePlan();
  const acts = useTour(tourId ?? 0);
  // On a telephone what was asked for stands below the agenda: it is brought under the eyes when it comes.
  const beside = useRef<HTMLDivElement>(null);
  const awaited = useRef<number>(undefined);
  const ask = useWrite((first: string) => api.post("/api/tours", { body: { first } }), {
    touches: [["week"]],
    onDone: (made) => {
      awaited.current = made.id;
      query.set({ proposition: String(made.id), volet: "proposition" });
    },
  });
  useEffect(() => {
    if (!small || tour?.id !== awaited.current || tour?.state !== "ready") return;
    awaited.current = undefined;
    beside.current?.scrollIntoView();
  }, [small, tour]);
  const go = (to: string) => query.set({ du: to === today ? null : to });
  const aside = query.get("volet") ?? (tourId ? "proposition" : "placer");
  const usual = week?.hours?.visit_minutes ?? 60;

  function subjectOf(key: string): Subject | null {
    const [kind, id] = key.split("-");
    const placed = week?.visits.find(({ visit }) => kind === "visit" && visit.id === Number(id));
    if (placed) return { kind: "visit", placed };
    const waiting = week?.waiting.find(({ promise }) => kind === "promise" && promise.id === Number(id));
    if (waiting) return { kind: "waiting", waiting };
    const line = lines.find((one) => kind === "line" && one.id === Number(id));
    return line && tourId ? { kind: "line", tour: tourId, line } : null;
  }
  function put(subject: Subject, to: { day: string; time: string; minutes: number }) {
    if (subject.kind === "visit") move.mutate({ placed: subject.placed, to });
    else if (subject.kind === "waiting") plan.mutate({ waiting: subject.waiting, to });
    else acts.place.mutate({ line: subject.line, to });
  }
  const check = (key: string, to: { day: string; time: string; minutes: number }) => {
    const subject = subjectOf(key);
    return subject && week ? collide(week, lines, subject, to) : [];
  };
  // Ready before it is asked for: the keyboard does not wait.
  useEffect(() => {
    const timer = setTimeout(() => void loadMove(), 1500);
    return () => clearTimeout(timer);
  }, []);
  const shift = view === "jour" ? 1 : 7;
  const chosen = selected ? subjectOf(selected) : null;

  if (isError) return <Failure error={error} alone onRetry={() => void refetch()} />;
  const calendar = (
    <Suspense fallback={<div className={style.waiting}><Later>Chargement de l’agenda</Later></div>}>
      <Calendar view={view} day={view === "jour" ? day : start} blocks={blocks} away={week?.away ?? []} work={week?.hours ?? null} selected={marked} onSelect={select} onMoveBy={(key) => setMoving(subjectOf(key))} onMove={(key, to) => { const subject = subjectOf(key); if (subject) put(subject, to); }} onPlace={(key, to) => { const subject = subjectOf(key); if (subject) put(subject, to); }} check={check} outside={ours ? outside : null} natural={small && view === "liste"} />
    </Suspense>
  );
  const others: ({ id: string; label: string; icon: IconName } & ({ href: string } | { href?: undefined; run: () => void }))[] = [
    ...(session.role === "manager" ? [{ id: "team", label: "Équipe", icon: "actors" as const, href: `/agenda/equipe?du=${start}` }] : []),
    ...(ours
      ? [
          { id: "sheet", label: "Feuille de tournée", icon: "print" as const, href: `/agenda/feuille?du=${day}` },
          { id: "feed", label: "Autre agenda", icon: "visits" as const, run: () => showFeed(true) },
          { id: "hours", label: "Mes horaires", icon: "clock" as const, run: () => showHours(true) },
        ]
      : []),
  ];
  const card = <Suspense fallback={null}>{chosen && <VisitCard subject={chosen} ours={ours} onMoveBy={() => setMoving(chosen)} onClose={() => select(null)} />}</Suspense>;
  const panel = (
    <div className={style.panel} ref={beside}>
      {!small && card}
      <Tabs
        label="À côté de l’agenda"
        className={style.tabs}
        selected={aside}
        onSelect={(volet) => query.set({ volet }, { replace: true })}
        items={[
          { id: "placer", label: "À placer", count: week?.waiting.length, content: <ToPlace waiting={week?.waiting} ours={ours} usual={usual} holder={setOutside} onPlan={(waiting) => setMoving({ kind: "waiting", waiting })} /> },
          {
            id: "proposition",
            label: "Proposition",
            content: tourId ? (
              <Suspense fallback={<Skeleton rows={5} shape="card" />}>
              <Proposal id={tourId} member={who} selected={marked} onPoint={point} onMoveBy={(line) => setMoving({ kind: "line", tour: tourId, line })} onClose={() => query.set({ proposition: null, volet: null })} onDay={(to) => query.set({ du: to, vue: "jour" })} />
              </Suspense>
            ) : (
              <Suggest tours={week?.tours ?? []} ours={ours} busy={ask.isPending} onAsk={() => ask.mutate(start < today ? today : start)} onOpen={(id) => query.set({ proposition: String(id) })} past={addDays(start, 6) < today} />
            ),
          },
          { id: "carte", label: "Carte", content: <Suspense fallback={<Skeleton rows={3} shape="card" />}><RoundMap week={week} lines={lines} tour={tour} member={who} day={view === "jour" ? day : day >= start && day <= addDays(start, 6) ? day : start} selected={selected} onSelect={select} onDay={(to) => query.set({ du: to })} /></Suspense> },
        ]}
      />
    </div>
  );
  return (
    <Page
      fill={!small}
      title="Agenda"
      aside={
        <span aria-live="polite">
          {view === "jour" ? `${fullDay(day)}, ${relativeDay(day)}` : `Semaine du ${longDay(start)} au ${longDay(addDays(start, 6))}`}
          {week && !ours && `, ${week.member.name}`}
          {week && `, ${plural(week.visits.filter(({ visit }) => view !== "jour" || isoDay(visit.planned_at) === day).length, "visite")}`}
        </span>
      }
      actions={
        <>
          {small ? (
            <Menu
              label="Autres actions de l’agenda"
              trigger={<Icon name="more" size={18} />}
              groups={[{ id: "agenda", items: others.map((one) => ({ ...one, run: one.href === undefined ? one.run : () => navigate(one.href) })) }]}
            />
          ) : (
            others.map((one) =>
              one.href !== undefined ? (
                <LinkButton key={one.id} small look="quiet" icon={one.icon} href={one.href}>
                  {one.label}
                </LinkButton>
              ) : (
                <Button key={one.id} small look="quiet" icon={one.icon} onPress={one.run}>
                  {one.label}
                </Button>
              ),
            )
          )}
          {ours && addDays(start, 6) >= today && (
            <Button small look="primary" icon="today" onPress={() => ask.mutate(start < today ? today : start)} isPending={ask.isPending}>
              Proposer ma semaine
            </Button>
          )}
        </>
      }
      toolbar={
        <>
          <IconButton label={view === "jour" ? "Jour précédent" : "Semaine précédente"} icon="back" look="plain" onPress={() => go(addDays(day, -shift))} />
          <Button onPress={() => go(today)} isDisabled={day === today}>
            Aujourd’hui
          </Button>
          <IconButton label={view === "jour" ? "Jour suivant" : "Semaine suivante"} icon="forward" look="plain" onPress={() => go(addDays(day, shift))} />
          <div className={style.views} role="group" aria-label="Vue">
            {(small ? (["liste", "jour"] as const) : (["semaine", "jour", "liste"] as const)).map((one) => (
              <Button key={one} look={view === one ? "primary" : "plain"} aria-pressed={view === one} onPress={() => query.set({ vue: one })}>
                {viewNames[one]}
              </Button>
            ))}
          </div>
        </>
      }
    >
      {small ? (
        <div className={style.stack}>
          <div className={view === "liste" ? style.natural : style.short}>{calendar}</div>
          {panel}
          {/* What one touched, under the thumb. */}
          {chosen && <div className={style.sheet}>{card}</div>}
        </div>
      ) : (
        <Split name="agenda" initial={68} least={45} most={80} left={calendar} right={panel} />
      )}
      <Suspense fallback={null}>
        {moving && week && <MoveDialog subject={moving} lines={lines} onMove={(to) => (put(moving, to), setMoving(null))} onClose={() => setMoving(null)} />}
      {hours && week?.hours && <HoursDialog hours={week.hours} onClose={() => showHours(false)} />}
        {feed && <FeedDialog onClose={() => showFeed(false)} />}
      </Suspense>
    </Page>
  );
}

function ToPlace({ waiting, ours, usual, holder, onPlan }: { waiting: Waiting[] | undefined; ours: boolean; usual: number; holder: (element: HTMLElement | null) => void; onPlan: (one: Waiting) => void }) {
  const today = isoDay(now());
  if (!waiting) return <Skeleton rows={4} />;
  if (waiting.length === 0) return <Message icon="kept" title="Tous les engagements ont leur rendez-vous." />;
  return (
    <>
      {ours && <p className={classes(style.soft, style.wide)}>Glissez un employeur dans l’agenda, ou choisissez « Planifier ».</p>}
      <ul className={style.toPlace} ref={holder}>
        {waiting.map((one) => (
          <li key={one.promise.id} data-key={promiseKey(one.promise.id)} data-minutes={usual} data-title={nameOf(one.promise.establishment)}>
            <div className={style.what}>
              <Link href={`/entreprises/${one.promise.establishment.id}`} className={style.name}>
                {nameOf(one.promise.establishment)}
              </Link>
              <p className={style.marks}>
                <span className={style.soft}>{one.promise.establishment.city}</span>
                <Badge tone={one.promise.due_on < today ? "danger" : one.promise.due_on <= addDays(today, 7) ? "warn" : "neutral"} icon="due">
                  {one.promise.due_on < today ? `échu le ${longDay(one.promise.due_on)}` : `avant le ${longDay(one.promise.due_on)}`}
                </Badge>
              </p>
            </div>
            {ours && (
              <Button small onPress={() => onPlan(one)} aria-label={`Planifier ${nameOf(one.promise.establishment)}`}>
                Planifier
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Suggest({ tours, ours, busy, onAsk, onOpen, past }: { tours: { id: number; asked_at: string; state: string; members: number }[]; ours: boolean; busy: boolean; onAsk: () => void; onOpen: (id: number) => void; past: boolean }) {
  return (
    <div className={style.suggest}>
      {tours.map((one) => (
        <Button key={one.id} onPress={() => onOpen(one.id)} icon="list">
          {one.members > 1 ? "Proposition pour l’équipe" : "Proposition"} demandée {appointment(one.asked_at)} ({clock(one.asked_at)})
        </Button>
      ))}
      <Message icon="today" title="Une semaine proposée en une seconde." action={ours && !past && <Button look="primary" onPress={onAsk} isPending={busy}>Proposer ma semaine</Button>}>
        Vos rendez-vous restent où ils sont ; les engagements à tenir, puis les employeurs proches qui valent le détour, prennent place entre eux. Vous acceptez, déplacez ou refusez chaque visite.
      </Message>
    </div>
  );
}
