// What was written on the telephone goes out in the order it was typed, each exactly once.
//
// An entry keeps its idempotency key for life: sent again after a cut, the server gives its first answer. One sender at a
// time among all tabs and the service worker (Web Locks). A refusal that a person must look at stays in the queue with
// what the server has now, and holds back only what concerns the same visit.
import type { Schema } from "@/api/client";
import { newKey } from "@/api/key";
import { Refusal } from "@/api/refusal";
import { dequeue, enqueue, forget, queued, read, requeue, write } from "./kept";
import type { Draft } from "./draft";
import type { PictureKind } from "./picture";

export type Visit = Schema<"Visit">;
export type Session = Schema<"Session">;
export type Week = Schema<"Field"> & { fetched_at: string; member: number; organisation: number };
export type Who = Pick<Session, "member" | "organisation" | "role" | "holidays">;

/** A write that waits; `problem` once the server refused it. */
export type Outbound = {
  member: number;
  organisation: number;
  visit: number;
  /** Who and where, for the list of what waits. */
  label: string;
  typed_at: string;
  path: string;
  key: string;
  /** Version sent as If-Match. */
  version?: number;
  body: unknown;
  /** What it was made from, to go back to; none of a picture. */
  draft?: Draft;
  /** A photograph beside the report of the same visit, which goes first. */
  picture?: PictureKind;
  problem?: { status: number; code: string; title: string; detail?: string; now: Visit | null };
};
export type Waiting = Outbound & { seq: number };

export type Sent = "empty" | "offline" | "signed-out" | "other-member" | "later";

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("maillage-terrain");

export { newKey };

/** Tells the other tabs that what is kept changed, or that nothing is kept any more. */
export const tell = (word: "changed" | "wiped" = "changed"): void => channel?.postMessage(word);
export const onTold = (run: (word: unknown) => void): void => channel?.addEventListener("message", (event: MessageEvent) => run(event.data));

// A network that neither answers nor fails is none, ms.
const patience = 30_000;

async function answered(method: string, path: string, init: RequestInit = {}): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { method, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(patience), ...init, headers: { Accept: "application/json", ...init.headers } });
  } catch {
    throw Refusal.offline();
  }
  const body = (await response.json().catch(() => null)) as unknown;
  if (response.ok) {
    // A network that answers for us (the page of a hotel, a proxy) is no answer.
    if (body === null && response.status !== 204) throw Refusal.offline();
    return body;
  }
  throw new Refusal(response.status, (body ?? { code: response.status >= 500 ? "unavailable" : "unknown" }) as Record<string, unknown>);
}

export async function session(): Promise<Session> {
  return (await answered("GET", "/api/session")) as Session;
}

export async function signIn(email: string, password: string): Promise<Session> {
  return (await answered("POST", "/api/session", { body: JSON.stringify({ email, password }), headers: { "Content-Type": "application/json" } })) as Session;
}

export async function signOut(csrf: string): Promise<void> {
  await answered("DELETE", "/api/session", { headers: { "X-CSRF-Token": csrf } });
}

export async function actFor(organisation: number, csrf: string): Promise<Session> {
  return (await answered("PUT", "/api/session", { body: JSON.stringify({ organisation }), headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf } })) as Session;
}

/** The week as the server has it now, kept for when there is no network. */
export async function fetchWeek(of: Session): Promise<Week> {
  const answer = (await answered("GET", "/api/field")) as Schema<"Field">;
  const week: Week = { ...answer, fetched_at: answer.now, member: of.member.id, organisation: of.organisation.id };
  await write("week", week);
  return week;
}

/** A refused session: what concerns employers leaves the telephone; what was typed stays, sealed. */
export async function lock(): Promise<void> {
  await forget("week");
  tell();
}

/** Who uses this telephone, remembered for when there is no network. The data of somebody else leave it. */
export async function adopt(of: Session): Promise<Who> {
  const before = await read<Who>("who");
  if (before && (before.member.id !== of.member.id || before.organisation.id !== of.organisation.id)) await forget("week");
  const who: Who = { member: of.member, organisation: of.organisation, role: of.role, holidays: of.holidays };
  await write("who", who);
  return who;
}

export async function put(of: Omit<Outbound, "key">, draft: string | null): Promise<number> {
  const seq = await enqueue({ ...of, key: newKey() }, draft);
  tell();
  return seq;
}

const passing = (refusal: Refusal): boolean => refusal.status === 0 || refusal.status >= 500 || refusal.status === 429 || refusal.status === 408;

async function post(entry: Waiting, csrf: string): Promise<void> {
  await answered("POST", entry.path, {
    body: JSON.stringify(entry.body),
    headers: {
      "Content-Type": "application/json",
      "X-CSRF-Token": csrf,
      "Idempotency-Key": entry.key,
      ...(entry.version === undefined ? {} : { "If-Match": `"${entry.version}"` }),
    },
  });
}

/** Notes on the entry what the server refused, and the visit as it stands there. False when that could not be asked. */
async function hold(entry: Waiting, refusal: Refusal): Promise<boolean> {
  let now: Visit | null = null;
  try {
    now = (await answered("GET", `/api/visits/${entry.visit}`)) as Visit;
  } catch (error) {
    if (error instanceof Refusal && (passing(error) || error.status === 401)) return false;
  }
  const { seq: _, ...of } = entry;
  await requeue(entry.seq, {
    ...of,
    problem: { status: refusal.status, code: refusal.code, title: refusal.title, ...(refusal.detail ? { detail: refusal.detail } : {}), now },
  });
  return true;
}

async function sendAll(): Promise<Sent> {
  let who: Session;
  if ((await queued()).length === 0) return "empty";
  try {
    who = await session();
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) return "offline";
    await lock();
    return "signed-out";
  }
  const held = new Set<number>();
  let others = false;
  for (const entry of await queued()) {
    if (entry.member !== who.member.id || entry.organisation !== who.organisation.id) {
      others = true;
      continue;
    }
    if (entry.problem || held.has(entry.visit)) {
      held.add(entry.visit);
      continue;
    }
    try {
      await post(entry, who.csrf);
      await dequeue(entry.seq);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) {
        await lock();
        return "signed-out";
      }
      // Done before, and its answer no longer kept: it has arrived.
      if (error.code === "already_done") await dequeue(entry.seq);
      else if (passing(error) || error.code === "csrf" || !(await hold(entry, error))) return "offline";
      else held.add(entry.visit);
    }
    tell();
  }
  return others ? "other-member" : held.size > 0 ? "later" : "empty";
}

/** Runs what must not meet a sending, of any tab or of the service worker. */
export const whileNobodySends = <T>(run: () => Promise<T>): Promise<T> => navigator.locks.request("maillage-terrain-envoi", run) as Promise<T>;

/** Sends what waits. Somebody else is sending: waits for them, then looks again. */
export const send = (): Promise<Sent> => whileNobodySends(sendAll);
