// The week as the parts of the page share it: what stands, what is suggested, and the changes one makes.
import type { QueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Promised, Visit } from "@/api/queries";
import type { Tour, Week } from "@/api/week";
import { useWrite } from "@/api/write";
import { appointment, now, parisMoment } from "@/words/time";
import { conflicts, type Bounds, type Conflict, type Moment, type Standing } from "./conflicts";

export type Placed = { visit: Visit; bounds: Bounds };
export type Waiting = { promise: Pick<Promised, "id" | "due_on"> & { establishment: { id: number; name: string | null; city: string | null } }; bounds: Bounds };
export type Line = Tour["lines"][number];

/** What one may move or place: a visit, a promise without an appointment, a line of the suggestion. */
export type Subject = { kind: "visit"; placed: Placed } | { kind: "waiting"; waiting: Waiting } | { kind: "line"; tour: number; line: Line };

export const lineKey = (line: { id: number }) => `line-${line.id}`;
export const nameOf = (employer: { name: string | null }) => employer.name ?? "Sans dénomination";

export function employerOf(subject: Subject): { id: number; name: string | null; city: string | null } {
  if (subject.kind === "visit") return subject.placed.visit.establishment;
  if (subject.kind === "waiting") return subject.waiting.promise.establishment;
  return subject.line.establishment;
}

export const minutesOf = (subject: Subject, usual: number): number =>
  subject.kind === "visit" ? subject.placed.visit.minutes : subject.kind === "line" ? subject.line.minutes : usual;

const boundsOf = (subject: Subject): Bounds | null => (subject.kind === "visit" ? subject.placed.bounds : subject.kind === "waiting" ? subject.waiting.bounds : null);

/** The visits of the week, and the lines of a suggestion that stand beside them. */
export function standingOf(week: Week, lines: Line[], skip: Subject): Standing[] {
  const visits = week.visits.filter(({ visit }) => !(skip.kind === "visit" && skip.placed.visit.id === visit.id)).map(({ visit }) => ({ id: visit.id, name: nameOf(visit.establishment), at: visit.planned_at, minutes: visit.minutes, fixed: true }));
  const suggested = lines
    .filter((line) => line.state === "proposed" && line.starts_at !== null && !(skip.kind === "line" && skip.line.id === line.id))
    .map((line) => ({ id: -line.id, name: nameOf(line.establishment), at: line.starts_at as string, minutes: line.minutes }));
  return [...visits, ...suggested];
}

export function collide(week: Week, lines: Line[], subject: Subject, at: Moment): Conflict[] {
  return conflicts(at, now(), { bounds: boundsOf(subject), away: week.away, work: week.hours, standing: standingOf(week, lines, subject), suggested: subject.kind === "line" });
}

/** Shows the visit at its new moment at once; what undoes it. */
function showMoved(queries: QueryClient, visit: number, planned_at: string): () => void {
  const before = queries.getQueriesData<Week>({ queryKey: ["week"] });
  queries.setQueriesData<Week>({ queryKey: ["week", "agenda"] }, (week) =>
    week && { ...week, visits: week.visits.map((one) => (one.visit.id === visit ? { ...one, visit: { ...one.visit, planned_at } } : one)) },
  );
  return () => {
    for (const [key, data] of before) queries.setQueryData(key, data);
  };
}

// Moves follow each other faster than answers: each waits for the one before, and knows the version it made.
const versions = new Map<number, number>();
let underWay: Promise<unknown> = Promise.resolve();

function moveTo(visit: Visit, body: { planned_at: string; minutes?: number }): Promise<Visit> {
  const run = underWay.then(async () => {
    const answer = await api.patch("/api/visits/{id}", { path: { id: visit.id }, version: Math.max(visit.version, versions.get(visit.id) ?? 0), body });
    versions.set(visit.id, answer.version);
    return answer;
  });
  underWay = run.catch(() => undefined);
  return run;
}

/** Moves a visit; the message undoes it. */
export function useMove() {
  const back = useWrite(({ visit, at }: { visit: Visit; at: string }) => moveTo(visit, { planned_at: at }), {
    touches: [["week"], ["today"], ["visits"], ["establishment"]],
    optimistic: (client, { visit, at }) => showMoved(client, visit.id, at),
    done: (answer) => `Visite remise ${appointment(answer.planned_at)}.`,
  });
  return useWrite(
    ({ placed, to }: { placed: Placed; to: Moment }) =>
      moveTo(placed.visit, { planned_at: parisMoment(to.day, to.time), ...(to.minutes === placed.visit.minutes ? {} : { minutes: to.minutes }) }),
    {
      touches: [["week"], ["today"], ["visits"], ["establishment"]],
      optimistic: (client, { placed, to }) => showMoved(client, placed.visit.id, parisMoment(to.day, to.time)),
      done: (answer, { placed }) => ({
        text: `${nameOf(placed.visit.establishment)} : visite déplacée ${appointment(answer.planned_at)}.`,
        action: {
          label: "Annuler",
          run: () => back.mutate({ visit: placed.visit, at: placed.visit.planned_at }),
        },
      }),
    },
  );
}

/** Gives a promise its appointment. */
export function usePlan() {
  const undo = useWrite((visit: Visit) => api.post("/api/visits/{id}/cancel", { path: { id: visit.id }, body: { reason: "Planifiée par erreur" } }), {
    touches: [["week"], ["today"], ["visits"], ["establishment"], ["establishments"]],
    done: () => "Rendez-vous retiré. L’engagement reste à placer.",
  });
  return useWrite(
    ({ waiting, to }: { waiting: Waiting; to: Moment }) => api.post("/api/visits", { body: { establishment: waiting.promise.establishment.id, planned_at: parisMoment(to.day, to.time), minutes: to.minutes } }),
    {
      touches: [["week"], ["today"], ["visits"], ["establishment"], ["establishments"], ["map"], ["calls"]],
      done: (answer) => ({ text: `${nameOf(answer.establishment)} : visite prévue ${appointment(answer.planned_at)}.`, action: { label: "Annuler", run: () => undo.mutate(answer) } }),
    },
  );
}

const tourTouches = [["tour"], ["week"]];

/** What one does with a suggestion. A change computes the rest anew around it. */
export function useTour(id: number) {
  const again = async (run: Promise<unknown>) => {
    await run;
    return api.post("/api/tours/{id}/again", { path: { id } });
  };
  const place = useWrite(({ line, to }: { line: Line; to: Moment }) => again(api.post("/api/tours/{id}/place", { path: { id }, body: { line: line.id, at: parisMoment(to.day, to.time) } })), { touches: tourTouches });
  const lock = useWrite(({ line, locked }: { line: Line; locked: boolean }) => api.post("/api/tours/{id}/place", { path: { id }, body: { line: line.id, locked } }), { touches: tourTouches });
  const refuse = useWrite(({ line, reason }: { line: Line; reason: string }) => again(api.post("/api/tours/{id}/refuse", { path: { id }, body: { line: line.id, ...(reason ? { reason } : {}) } })), { touches: tourTouches, quiet: true });
  const replan = useWrite((_: void) => api.post("/api/tours/{id}/again", { path: { id } }), { touches: tourTouches });
  const end = useWrite((_: void) => api.post("/api/tours/{id}/end", { path: { id } }), { touches: tourTouches });
  const accept = useWrite((lines: number[]) => api.post("/api/tours/{id}/accept", { path: { id }, body: { lines } }), {
    touches: [...tourTouches, ["today"], ["visits"], ["establishments"], ["establishment"], ["map"]],
    done: ({ lines }) => {
      const made = lines.filter((line) => line.visit !== undefined).length;
      const kept = lines.length - made;
      return { text: `${made} ${made > 1 ? "visites inscrites" : "visite inscrite"} à l’agenda.`, ...(kept > 0 ? { detail: `${kept} ${kept > 1 ? "lignes n’ont pas pu l’être : la raison est dite sur chacune" : "ligne n’a pas pu l’être : la raison y est dite"}.` } : {}) };
    },
  });
  return { place, lock, refuse, replan, end, accept };
}

