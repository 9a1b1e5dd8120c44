// The address is the state: paths choose the page, query parameters hold filters, sort, selection, tab and map view.
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore, type ReactNode } from "react";
import { RouterProvider } from "react-aria-components";
import type { Parameters } from "./match";

export { match, type Parameters } from "./match";

type Place = { path: string; search: string };

const listeners = new Set<() => void>();
let place: Place = read();

function read(): Place {
  return { path: window.location.pathname, search: window.location.search };
}

function changed(): void {
  place = read();
  for (const listener of listeners) listener();
}

window.addEventListener("popstate", changed);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Pages that the server writes itself, and the app of the telephone. */
const written = /^\/(offres|terrain)(\/|$)/;

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const url = new URL(to, window.location.href);
  if (url.origin !== window.location.origin || written.test(url.pathname)) {
    window.location.assign(to);
    return;
  }
  if (url.pathname === place.path && url.search === place.search) return;
  if (options.replace) window.history.replaceState(null, "", url);
  else window.history.pushState(null, "", url);
  changed();
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => place);
}

export const ParametersContext = createContext<Parameters>({});
export const useParameters = (): Parameters => useContext(ParametersContext);

export type Query = {
  get: (name: string) => string | null;
  all: (name: string) => string[];
  /** Sets, or with null or "" removes; keeps the rest. */
  set: (changes: Record<string, string | string[] | null | undefined>, options?: { replace?: boolean; path?: string }) => void;
  text: string;
};

export function withQuery(search: string, changes: Record<string, string | string[] | null | undefined>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (Array.isArray(value)) for (const each of value) query.append(name, each);
    else if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  query.sort();
  const text = query.toString();
  return text ? `?${text}` : "";
}

export function useQueryState(): Query {
  const { path, search } = usePlace();
  const query = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback<Query["set"]>(
    (changes, options = {}) => {
      navigate((options.path ?? place.path) + withQuery(place.search, changes), { replace: options.replace ?? false });
    },
    [path, search],
  );
  return useMemo(() => ({ get: (name) => query.get(name), all: (name) => query.getAll(name), set, text: search }), [query, set, search]);
}

export function Router({ children }: { children: ReactNode }) {
  return <RouterProvider navigate={(to) => navigate(to)}>{children}</RouterProvider>;
}
