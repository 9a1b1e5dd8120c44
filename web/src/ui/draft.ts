// What is being typed is kept on this device until it is sent, so that leaving a form loses nothing. Sign-out erases it.
import { useCallback, useEffect, useRef, useState } from "react";

const prefix = "maillage.draft.";

export function useDraft<Value extends object>(name: string, initial: Value): [Value, (change: Partial<Value>) => void, () => void, boolean] {
  const key = prefix + name;
  const start = useRef(initial);
  const [kept] = useState(() => localStorage.getItem(key) !== null);
  const [value, setValue] = useState<Value>(() => {
    try {
      const text = localStorage.getItem(key);
      return text ? { ...initial, ...(JSON.parse(text) as Value) } : initial;
    } catch {
      return initial;
    }
  });
  const dirty = useRef(false);

  useEffect(() => {
    if (!dirty.current) return;
    const timer = setTimeout(() => localStorage.setItem(key, JSON.stringify(value)), 250);
    return () => {
      clearTimeout(timer);
      if (dirty.current) localStorage.setItem(key, JSON.stringify(value));
    };
  }, [key, value]);

  const change = useCallback((part: Partial<Value>) => {
    dirty.current = true;
    setValue((before) => ({ ...before, ...part }));
  }, []);

  const clear = useCallback(() => {
    dirty.current = false;
    localStorage.removeItem(key);
    setValue(start.current);
  }, [key]);

  return [value, change, clear, kept];
}

export const hasDraft = (name: string): boolean => localStorage.getItem(prefix + name) !== null;

export function clearDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}
