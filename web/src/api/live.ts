// Changes made by others. One event stream per tab; it only says what changed, and the queries concerned are asked again.
import type { QueryClient } from "@tanstack/react-query";
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
  [/^(promise|visit|report|contact|opposition|establishment|standing|need)\b/, ["establishments", "establishment", "today", "visits", "map", "coverage"]],
  [/^offer\b/, ["offers", "offer", "today", "establishment", "public-offers"]],
  [/^(import|file)\b/, ["imports", "import", "establishments", "map"]],
  [/^(organisation|member)\b/, ["directory"]],
];

function concerns(change: Change): Set<string> {
  const names = new Set<string>();
  for (const [kind, keys] of touched) if (kind.test(change.kind)) for (const key of keys) names.add(key);
  if (change.offer) for (const key of ["offers", "offer", "today"]) names.add(key);
  return names;
}

/** Opens the stream; gives back what closes it. */
export function listen(queries: QueryClient): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = 1000;
  let missed = false;
  let pending: Change[] = [];
  let flush: ReturnType<typeof setTimeout> | undefined;

  // Several changes in the same instant ask once.
  function settle() {
    flush = undefined;
    const changes = pending;
    pending = [];
    const names = new Set<string>();
    const records = new Set<number>();
    const offers = new Set<number>();
    for (const change of changes) {
      for (const name of concerns(change)) names.add(name);
      if (change.establishment) records.add(change.establishment);
      if (change.offer) offers.add(change.offer);
    }
    void queries.invalidateQueries({
      predicate: ({ queryKey: [name, id] }) => {
        if (!names.has(String(name))) return false;
        if (name === "establishment" && records.size > 0) return records.has(Number(id));
        if (name === "offer" && offers.size > 0) return offers.has(Number(id));
        return true;
      },
    });
  }

  function receive(event: MessageEvent<string>) {
    try {
      pending.push(JSON.parse(event.data) as Change);
    } catch {
      return;
    }
    flush ??= setTimeout(settle, 60);
  }

  function open() {
    source = new EventSource("/api/stream");
    source.onopen = () => {
      wait = 1000;
      become("connected");
      // What happened while we were away is not replayed: everything shown is asked again.
      if (missed) void queries.invalidateQueries();
      missed = false;
    };
    source.onmessage = receive;
    source.addEventListener("change", receive as EventListener);
    // More happened at once than the stream holds: what was lost is not told, so everything shown is asked again.
    source.addEventListener("resync", () => void queries.invalidateQueries());
    source.onerror = () => {
      missed = true;
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
