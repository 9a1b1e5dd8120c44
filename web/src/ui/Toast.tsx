// Short messages, read aloud, with an undo where there is one. They have a place of their own in the frame of the page: the
// last one is shown there, over nothing that one acts on; the one before it comes back when it is closed or its time is over.
import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./Button";
import { classes } from "./classes";
import { Icon } from "./Icon";
import style from "./Toast.module.css";

export type Toast = {
  id: number;
  tone: "good" | "danger" | "neutral";
  text: string;
  detail?: string | undefined;
  action?: { label: string; run: () => void };
};

let shown: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function publish(toasts: Toast[]): void {
  shown = toasts;
  for (const listener of listeners) listener();
}

export function dismiss(id: number): void {
  publish(shown.filter((toast) => toast.id !== id));
}

export function toast(text: string, options: Partial<Omit<Toast, "id" | "text">> = {}): void {
  const id = next++;
  publish([...shown.slice(-2), { id, text, tone: "good", ...options }]);
  const life = options.action ? 60_000 : options.tone === "danger" ? 12_000 : 6_000;
  setTimeout(() => dismiss(id), life);
}

/** `within`: the bar at the top of the page, a row of its own, or, on pages without a frame, the corner. */
export function Toasts({ within }: { within: "bar" | "row" | "corner" }) {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  const item = toasts.at(-1);
  return (
    <section className={classes(style.toasts, within === "row" && style.row, within === "corner" && style.corner, "no-print")} aria-label="Messages" aria-live="polite" aria-relevant="additions">
      {item && (
        <div key={item.id} className={classes(style.toast, style[item.tone])}>
          <Icon name={item.tone === "danger" ? "alert" : item.tone === "good" ? "check" : "info"} />
          <p title={item.detail ? `${item.text} ${item.detail}` : item.text}>
            {item.text}
            {item.detail && <span className={style.detail}> {item.detail}</span>}
          </p>
          {item.action && (
            <Button
              small
              look="quiet"
              onPress={() => {
                item.action?.run();
                dismiss(item.id);
              }}
            >
              {item.action.label}
            </Button>
          )}
          <IconButton small label="Fermer le message" icon="close" onPress={() => dismiss(item.id)} />
        </div>
      )}
    </section>
  );
}
