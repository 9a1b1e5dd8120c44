// What the field app knows, in memory, with what is kept beside it; every change tells the screens.
import { useSyncExternalStore } from "react";
import { Refusal } from "@/api/refusal";
import { addDays, isoDay, now, setServerNow } from "@/words/time";
import type { Draft } from "./draft";
import { draftName } from "./draft";
import { dequeue, forget, names, queued, read, requeue, wipe, write } from "./kept";
import { pictureName, type Picture, type PictureKind } from "./picture";
import * as out from "./queue";
import type { Outbound, Session, Visit, Waiting, Week, Who } from "./queue";

export type Net = "opening" | "asking" | "fresh" | "offline" | "signed-out" | "forbidden" | "other-member";

export type Field = { net: Net; who: Who | null; csrf: string; week: Week | null; waiting: Waiting[]; drafts: number[]; said: string };

let field: Field = { net: "opening", who: null, csrf: "", week: null, waiting: [], drafts: [], said: "" };
const listeners = new Set<() => void>();

function set(part: Partial<Field>): void {
  field = { ...field, ...part };
  for (const listener of listeners) listener();
}

export const useField = (): Field =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => field,
  );

export const say = (said: string): void => set({ said });

// ---- reading what is kept ---------------------------------------------------------------------------------------

/** Only the seven days around today stay on a telephone that was long away. */
function within(week: Week | null): Week | null {
  if (!week) return null;
  const today = isoDay(now());
  const visits = week.visits.filter((visit) => isoDay(visit.planned_at) >= addDays(today, -7) && isoDay(visit.planned_at) < addDays(today, 7));
  const ids = new Set(visits.map((visit) => visit.establishment.id));
  return { ...week, visits, employers: week.employers.filter((one) => ids.has(one.id)) };
}

async function reload(): Promise<void> {
  const [who, week, waiting, drafts, offset] = await Promise.all([read<Who>("who"), read<Week>("week"), queued(), names("draft:"), read<number>("clock")]);
  if (offset !== null) setServerNow(new Date(Date.now() + offset).toISOString());
  const mine = who ? `draft:${who.member.id}:` : "draft:none";
  if (who && !(await left(who, drafts))) return reload();
  const kept = within(week);
  if (week && kept && kept.visits.length < week.visits.length) await write("week", kept);
  set({ who, week: kept, waiting, drafts: drafts.filter((one) => one.startsWith(mine)).map((one) => Number(one.slice(mine.length))) });
}

/** Pictures whose report went into the queue just before the tab was killed follow it. True when there was none. */
async function left(who: Who, drafts: string[]): Promise<boolean> {
  const names_ = await names(`picture:${who.member.id}:`);
  const alone = names_.filter((one) => !drafts.includes(draftName(who.member.id, Number(one.split(":")[2]))));
  for (const name of alone) await send(who, name, "Photo");
  return alone.length === 0;
}

async function send(who: Who, name: string, label: string): Promise<void> {
  const picture = await read<Picture>(name);
  if (!picture) return forget(name); // of a key that is gone
  const { kind, image } = picture;
  await out.put(
    { member: who.member.id, organisation: who.organisation.id, visit: Number(name.split(":")[2]), label, typed_at: now().toISOString(), path: `/api/visits/${name.split(":")[2]}/pictures`, body: { kind, image }, picture: kind },
    name,
  );
}

// ---- the network ------------------------------------------------------------------------------------------------

let running: Promise<void> | null = null;
let again = false;

// Whoever leaves waits until no tab is filling the telephone, and keeps them from it until it is empty.
const filling = (mode: LockMode, run: () => Promise<void>): Promise<void> => navigator.locks.request("maillage-terrain", { mode }, run) as Promise<unknown> as Promise<void>;

// Left without a network: the session still stands at the server, and ends as soon as one is back.
const leftBehind = "maillage-terrain-quitté";

async function endLeftBehind(): Promise<void> {
  if (localStorage.getItem(leftBehind) === null) return;
  try {
    await out.signOut((await out.session()).csrf);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
  }
  localStorage.removeItem(leftBehind);
}

async function exchange(): Promise<void> {
  if (field.net !== "opening") set({ net: "asking" });
  try {
    await endLeftBehind();
  } catch (error) {
    return refused(error);
  }
  const waited = field.waiting.length;
  const sent = await out.send();
  await reload();
  if (waited > 0 && field.waiting.length === 0) say("Ce qui attendait est envoyé.");
  if (sent === "offline") return set({ net: "offline" });
  if (sent === "signed-out") return set({ net: "signed-out", week: null });
  try {
    await welcome(await out.session());
    set({ net: sent === "other-member" ? "other-member" : "fresh" });
  } catch (error) {
    await refused(error);
  }
}

async function welcome(session: Session): Promise<void> {
  setServerNow(session.now);
  await write("clock", Date.parse(session.now) - Date.now());
  const who = await out.adopt(session);
  set({ who, csrf: session.csrf });
  const week = await out.fetchWeek(session);
  set({ week });
  await reload();
}

async function refused(error: unknown): Promise<void> {
  if (!(error instanceof Refusal)) throw error;
  if (error.status === 401) {
    await out.lock();
    set({ net: "signed-out", week: null });
  } else if (error.status === 403) {
    await out.lock();
    set({ net: "forbidden", week: null });
  } else set({ net: "offline" });
}

/** Sends what waits and asks for the week; one at a time, once more if asked meanwhile. */
export function sync(): Promise<void> {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    do {
      again = false;
      await filling("shared", exchange);
    } while (again);
  })().finally(() => {
    running = null;
  });
  return running;
}

/** Opens from what is kept, then asks the server; keeps asking while something waits or the network was away. */
export async function start(): Promise<void> {
  await reload();
  set({ net: field.week ? "asking" : "opening" });
  out.onTold((word) => (word === "wiped" ? window.location.reload() : void reload()));
  addEventListener("online", () => void sync());
  addEventListener("offline", () => set({ net: "offline" }));
  addEventListener("visibilitychange", () => document.visibilityState === "visible" && void sync());
  setInterval(() => {
    if (document.visibilityState === "visible" && (field.net === "offline" || field.waiting.some((one) => !one.problem))) void sync();
  }, 20_000);
  await sync();
}

// ---- signing in and out -----------------------------------------------------------------------------------------

export async function signIn(email: string, password: string): Promise<void> {
  const session = await out.signIn(email, password);
  localStorage.removeItem(leftBehind);
  await welcomeOrRefuse(session);
}

async function welcomeOrRefuse(session: Session): Promise<void> {
  try {
    await welcome(session);
    set({ net: "asking" });
    await sync();
  } catch (error) {
    await refused(error);
  }
}

export async function actFor(organisation: number): Promise<void> {
  await welcomeOrRefuse(await out.actFor(organisation, field.csrf));
}

/** Ends the session and forgets everything that is on this telephone. The caller has asked about what was not sent. */
export async function leave(): Promise<void> {
  await writing;
  await filling("exclusive", async () => {
    localStorage.setItem(leftBehind, "");
    await endLeftBehind().catch(() => undefined);
    await out.whileNobodySends(wipe);
  });
  out.tell("wiped");
  set({ net: "signed-out", who: null, csrf: "", week: null, waiting: [], drafts: [], said: "" });
}

// ---- drafts and reports -----------------------------------------------------------------------------------------

const nameOf = (visit: number): string => draftName(field.who?.member.id ?? 0, visit);

export const readDraft = (visit: number): Promise<Draft | null> => read<Draft>(nameOf(visit));

let writing: Promise<void> = Promise.resolve();
let latest: Draft | null = null;

/** Writes the draft down; while one is being written the last of what follows waits, and nothing older comes after it. */
export function keepDraft(draft: Draft): Promise<void> {
  const behind = latest !== null;
  latest = draft;
  if (behind) return writing;
  const name = nameOf(draft.visit);
  writing = writing.then(async () => {
    const one = latest;
    latest = null;
    if (one) await write(name, one);
  });
  return writing;
}

// ---- pictures: sealed one by one, so that a keystroke does not seal them again ------------------------------------

/** Names of those beside the draft of a visit, in the order they were taken. */
export async function picturesOf(visit: number): Promise<{ name: string; kind: PictureKind; image: string }[]> {
  const all = await names(pictureName(field.who?.member.id ?? 0, visit));
  const read_ = await Promise.all(all.map(async (name) => ({ name, of: await read<Picture>(name) })));
  return read_.flatMap(({ name, of }) => (of ? [{ name, ...of }] : []));
}

/** Keeps a picture beside the draft, which is written down first: a picture without one would be sent. */
export async function keepPicture(draft: Draft, picture: Picture): Promise<void> {
  await keepDraft(draft);
  await write(`${pictureName(field.who?.member.id ?? 0, draft.visit)}${Date.now()}`, picture);
}

export const dropPicture = (name: string): Promise<void> => forget(name);

export async function dropDraft(visit: number): Promise<void> {
  await writing;
  for (const { name } of await picturesOf(visit)) await forget(name);
  await forget(nameOf(visit));
  out.tell();
  await reload();
}

const labelOf = (visit: Visit): string => [visit.establishment.name ?? "Sans dénomination", visit.establishment.city].filter(Boolean).join(", ");

/** The report leaves the draft for the queue, at once and as one; then goes out when it can. */
export async function submit(visit: Visit, draft: Draft, body: unknown): Promise<void> {
  const { who } = field;
  if (!who) return;
  await writing;
  const corrects = draft.corrects !== undefined;
  await out.put(
    {
      member: who.member.id,
      organisation: who.organisation.id,
      visit: visit.id,
      label: labelOf(visit),
      typed_at: now().toISOString(),
      path: `/api/visits/${visit.id}/report${corrects ? "/correct" : ""}`,
      version: draft.corrects ?? draft.version,
      body,
      draft,
    },
    nameOf(visit.id),
  );
  // Behind their report, each in one go with its place in the queue; killed here, they follow at the next start.
  for (const { name } of await picturesOf(visit.id)) await send(who, name, labelOf(visit));
  await reload();
  void navigator.serviceWorker?.ready.then((worker) => (worker as { sync?: { register: (tag: string) => Promise<void> } }).sync?.register("envoi")).catch(() => undefined);
  void sync();
}

/** Under the sender's lock, so that nothing changes while it is on its way; nothing when it has gone meanwhile. */
async function settled(seq: number, run: (entry: Waiting) => Promise<unknown>): Promise<void> {
  await navigator.locks.request("maillage-terrain-envoi", async () => {
    const entry = (await queued()).find((one) => one.seq === seq);
    if (entry) await run(entry);
    out.tell();
    await reload();
  });
}

/** Pictures in the queue behind the report of an entry. */
const behind = async (entry: Waiting): Promise<Waiting[]> => (entry.picture ? [] : (await queued()).filter((one) => one.picture && one.visit === entry.visit && one.member === entry.member));

/** Back to a draft, to be changed. */
export const reopen = (seq: number, draft?: Draft): Promise<void> =>
  settled(seq, async (entry) => {
    const value = draft ?? (entry.draft && { ...entry.draft, version: entry.problem?.now?.version ?? entry.draft.version });
    if (!value) return;
    await dequeue(seq, { name: draftName(entry.member, entry.visit), value });
    // Its pictures come back with it: they would arrive before their report.
    for (const one of await behind(entry)) await dequeue(one.seq, { name: `${pictureName(one.member, one.visit)}${one.seq}`, value: one.body });
  });

/** Sent again otherwise, at its place in the order. */
export async function resend(seq: number, change: Partial<Pick<Outbound, "path" | "version" | "body" | "draft">>): Promise<void> {
  await settled(seq, async (entry) => {
    const { seq: _, problem: __, ...of } = entry;
    await requeue(seq, { ...of, ...change, key: out.newKey() });
  });
  void sync();
}

/** Gives up what was typed; the caller has asked. */
export async function abandon(seq: number): Promise<void> {
  await settled(seq, async (entry) => {
    await dequeue(seq);
    for (const one of await behind(entry)) await dequeue(one.seq);
  });
  void sync();
}
