// Light, dark, or as the system says; remembered on this device.
import { useSyncExternalStore } from "react";

export type Choice = "system" | "light" | "dark";
export type Theme = "light" | "dark";

const key = "maillage.theme";
const media = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export function choice(): Choice {
  const kept = localStorage.getItem(key);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function theme(): Theme {
  const chosen = choice();
  return chosen === "system" ? (media.matches ? "dark" : "light") : chosen;
}

export function applyTheme(): void {
  document.documentElement.dataset["theme"] = theme();
  for (const listener of listeners) listener();
}

export function choose(next: Choice): void {
  if (next === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, next);
  applyTheme();
}

media.addEventListener("change", applyTheme);

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, theme);
}
