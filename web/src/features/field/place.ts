// The address is the state, here too: /terrain, /terrain/visites/12, /terrain/visites/12/compte-rendu, /terrain/envois, /terrain/telephone.
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const changed = (): void => listeners.forEach((listener) => listener());
addEventListener("popstate", changed);

export function go(to: string, replace = false): void {
  if (to === location.pathname) return;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  changed();
  scrollTo(0, 0);
  // Who listens hears where they are now.
  requestAnimationFrame(() => document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true }));
}

export const usePath = (): string =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.pathname,
  );
