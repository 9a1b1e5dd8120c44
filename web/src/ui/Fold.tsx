// What most people do not need, folded under its name; open when there is something in it.
import type { ReactNode } from "react";
import { Icon } from "./Icon";
import style from "./Fold.module.css";

export function Fold({ title, hint, open, children }: { title: string; hint?: string | undefined; open?: boolean; children: ReactNode }) {
  return (
    <details className={style.fold} open={open || undefined}>
      <summary className={style.summary}>
        <Icon name="right" size={15} />
        <span>{title}</span>
        {hint && <span className={style.hint}>{hint}</span>}
      </summary>
      <div className={style.content}>{children}</div>
    </details>
  );
}
