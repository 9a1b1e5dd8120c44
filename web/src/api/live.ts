// Changes made by others. One event stream per tab; it only says what changed, and the queries concerned are asked again.
import type { Query, QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { api } from "./client";

export type Live = "connecting" | "connected" | "lost" | "offline";

export type Change = {
  seq: number;
  kind: string;
  establishment?: number | null;
  offer?: number | null;
  organisation?: number;
  territories?: number[];
  at?: string;
};

let state: Live = "connecting";
const listeners = new Set<() => void>();

function become(next: Live): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

export function useLive(): Live {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

// Which lists a kind of change touches; the record itself is always among them.
const touched: [RegExp, string[]][] = [
  [/^(promise|visit|report|contact|opposition|establishment|standing|need|value)\b/, ["establishments", "establishment", "today", "visits", "map", "oppositions"]],
  [/^(promise|visit|absence|team|transfer|proposal)\b/, ["promises", "transfers", "proposals", "today"]],
  [/^(transfer|proposal)\b/, ["establishments", "establishment"]],
  [/^absence\b/, ["absences", "establishment"]],
  [/^team\b/, ["teams"]],
  // Figures are counted a moment after what happened.
  [/^figure\b/, ["figures", "targets"]],
  [/^(promise|visit|report|opposition|establishment|member|call)\b/, ["week", "calls"]],
  [/^tour\b/, ["tour", "week"]],
  [/^feed\b/, ["feeds", "feed"]],
  [/^offer\b/, ["offers", "offer", "today", "establishment", "site"]],
  [/^(need|offer|promise|import)\b/, ["needs"]],
  [/^lead\b/, ["leads", "today"]],
  [/^referral\b/, ["referrals", "offer", "today"]],
  [/^review\b/, ["imports", "import", "establishments", "map", "reviews"]],
  [/^segment\b/, ["segments"]],
  [/^plan\b/, ["plans"]],
  // What is being said of a pack is told by its field, not by reading the whole document again.
  [/^pack\.(made|changed|frozen|dropped)$/, ["packs"]],
  [/^target\b/, ["targets"]],
  [/^tag\b/, ["tags", "establishment"]],
  [/^import\b/, ["imports", "import"]],
  [/^import\.(done|matched|reverted)$/, ["establishments", "establishment", "map", "reviews"]],
  [/^(organisation|member)\b/, ["directory"]],
];

function concerns(change: Change): Set<string> {
  const names = new Set<string>();
  for (const [kind, keys] of touched) if (kind.test(change.kind)) for (const key of keys) names.add(key);
  if (change.offer) for (const key of ["offers", "offer", "today"]) names.add(key);
  return names;
}

// A first answer under way may have been read just before the change: it is asked again once it is there.
function askAgain(queries: QueryClient, predicate: (query: Query) => boolean): void {
  const underWay = queries.getQueryCache().findAll({ fetchStatus: "fetching", predicate: (query) => query.state.data === undefined && predicate(query) });
  void queries.invalidateQueries({ predicate });
  for (const query of underWay) {
    void query.promise?.catch(() => undefined).then(() => queries.invalidateQueries({ queryKey: query.queryKey, exact: true }));
  }
}

// The server remembers for an hour at most; what is shown may have been asked a little before we listen.
const hour = 3_600_000;
const margin = 5_000;

/** Opens the stream; gives back what closes it. */
export function listen(queries: QueryClient): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = 1000;
  let heard = Date.now();
  let pending: Change[] = [];
  let flush: ReturnType<typeof setTimeout> | undefined;

  // Several changes in the same instant ask once.
  function settle() {
    flush = undefined;
    const changes = pending;
    pending = [];
    const names = new Set<string>();
    const records = new Set<number>();
    let manyRecords = false; // of very many changes at once, only the kind is told
    const offers = new Set<number>();
    for (const change of changes) {
      for (const name of concerns(change)) names.add(name);
      if (change.establishment) records.add(change.establishment);
      else if (concerns(change).has("establishment")) manyRecords = true;
      if (change.offer) offers.add(change.offer);
    }
    askAgain(queries, ({ queryKey: [name, id] }) => {
      if (!names.has(String(name))) return false;
      if (name === "establishment" && records.size > 0 && !manyRecords) return records.has(Number(id));
      if (name === "offer" && offers.size > 0) return offers.has(Number(id));
      return true;
    });
  }

  function receive(event: MessageEvent<string>) {
    heard = Date.now();
    try {
      pending.push(JSON.parse(event.data) as Change);
    } catch {
      return;
    }
    flush ??= setTimeout(settle, 60);
  }

  function open() {
    // What happened while the page loaded, or was away, is told again.
    const missed = Date.now() - heard + margin;
    source = new EventSource(`/api/stream?missed=${Math.min(missed, hour)}`);
    source.onopen = () => {
      wait = 1000;
      heard = Date.now();
      become("connected");
      if (missed > hour) askAgain(queries, () => true);
    };
    source.onmessage = receive;
    source.addEventListener("change", receive as EventListener);
    // More happened than the server remembers: what was lost is not told, so everything shown is asked again.
    source.addEventListener("resync", () => {
      heard = Date.now();
      askAgain(queries, () => true);
    });
    source.onerror = () => {
      become(navigator.onLine ? "lost" : "offline");
      source?.close();
      // A stream refused looks like one lost: only a question tells whether the session has ended.
      if (navigator.onLine) void api.get("/api/session").catch(() => undefined);
      retry = setTimeout(open, wait);
      wait = Math.min(wait * 2, 20_000);
    };
  }

  const online = () => {
    clearTimeout(retry);
    source?.close();
    wait = 1000;
    open();
  };
  const offline = () => become("offline");
  window.addEventListener("online", online);
  window.addEventListener("offline", offline);
  open();
  return () => {
    clearTimeout(retry);
    clearTimeout(flush);
    source?.close();
    window.removeEventListener("online", online);
    window.removeEventListener("offline", offline);
    become("connecting");
  };
}
