// Escape closes what stands beside, unless something above it has the keyboard.
import { useEffect } from "react";

const above = "[role=dialog], [role=alertdialog], [role=listbox], [role=menu], [data-above]";

/** `close` at Escape, while there is something to close. */
export function useEscape(close: (() => void) | null): void {
  useEffect(() => {
    if (!close) return;
    const press = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector(above)) close();
    };
    // Before what is above has closed by the same key.
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, [close]);
}
