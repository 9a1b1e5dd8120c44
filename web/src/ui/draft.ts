// What is being typed is kept on this device until it is sent, so that leaving a form loses nothing.
import { useCallback, useEffect, useRef, useState } from "react";
import { prefix } from "./drafts";

/** `name`: as the form begins; a document that becomes another while it is being changed takes no draft away. */
export function useDraft<Value extends object>(name: string, initial: Value): [Value, (change: Partial<Value>) => void, () => void, boolean] {
  const [key] = useState(prefix + name);
  // What it begins with today: the document may have become another meanwhile.
  const start = useRef(initial);
  start.current = initial;
  const [kept, setKept] = useState(() => localStorage.getItem(key) !== null);
  const [value, setValue] = useState<Value>(() => {
    try {
      const text = localStorage.getItem(key);
      return text ? { ...initial, ...(JSON.parse(text) as Value) } : initial;
    } catch {
      return initial;
    }
  });
  // What was typed last, whether it has been drawn or not: a form may go away before.
  const latest = useRef(value);
  const dirty = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const keep = useCallback(() => {
    clearTimeout(timer.current);
    if (dirty.current) localStorage.setItem(key, JSON.stringify(latest.current));
  }, [key]);

  useEffect(() => {
    window.addEventListener("pagehide", keep);
    return () => {
      window.removeEventListener("pagehide", keep);
      keep();
    };
  }, [keep]);

  const change = useCallback(
    (part: Partial<Value>) => {
      dirty.current = true;
      latest.current = { ...latest.current, ...part };
      setValue(latest.current);
      clearTimeout(timer.current);
      timer.current = setTimeout(keep, 250);
    },
    [keep],
  );

  const clear = useCallback(() => {
    clearTimeout(timer.current);
    dirty.current = false;
    localStorage.removeItem(key);
    latest.current = start.current;
    setValue(start.current);
    setKept(false);
  }, [key]);

  return [value, change, clear, kept];
}
