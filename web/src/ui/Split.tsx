// Two panes and a bar between them that pointer and keyboard move; the place is remembered per name.
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { classes } from "./classes";
import style from "./Split.module.css";

type SplitProps = { name: string; left: ReactNode; right: ReactNode; initial?: number; least?: number; most?: number; /** On paper the right pane comes first. */ isRightFirst?: boolean };

const key = (name: string) => `maillage.split.${name}`;

export function Split({ name, left, right, initial = 56, least = 30, most = 75, isRightFirst = false }: SplitProps) {
  const holder = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(() => {
    const kept = Number(localStorage.getItem(key(name)));
    return kept >= least && kept <= most ? kept : initial;
  });
  const clamp = useCallback((value: number) => Math.min(most, Math.max(least, value)), [least, most]);

  useEffect(() => {
    localStorage.setItem(key(name), String(Math.round(share * 10) / 10));
  }, [name, share]);

  function drag(event: PointerEvent<HTMLDivElement>) {
    if (event.buttons !== 1 || !holder.current) return;
    const box = holder.current.getBoundingClientRect();
    setShare(clamp(((event.clientX - box.left) / box.width) * 100));
  }

  function press(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowLeft: -2, ArrowRight: 2, PageUp: -10, PageDown: 10 };
    const step = steps[event.key];
    if (step !== undefined) setShare((value) => clamp(value + step));
    else if (event.key === "Home") setShare(least);
    else if (event.key === "End") setShare(most);
    else return;
    event.preventDefault();
  }

  return (
    <div ref={holder} className={classes(style.split, isRightFirst && style.rightFirst)} style={{ gridTemplateColumns: `minmax(0, ${share}fr) 7px minmax(0, ${100 - share}fr)` }}>
      <div className={style.pane}>{left}</div>
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Largeur des volets"
        aria-valuenow={Math.round(share)}
        aria-valuemin={least}
        aria-valuemax={most}
        tabIndex={0}
        className={style.bar}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => setShare(initial)}
        onKeyDown={press}
      />
      <div className={style.pane}>{right}</div>
    </div>
  );
}
