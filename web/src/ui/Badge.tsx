import type { ReactNode } from "react";
import style from "./Badge.module.css";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";

export type Tone = "neutral" | "plain" | "accent" | "good" | "warn" | "danger" | "quiet";

/** A state in a word, with its icon: never the colour alone. */
export function Badge({ tone = "neutral", icon, mark, children, title }: { tone?: Tone; icon?: IconName; mark?: ReactNode; children: ReactNode; title?: string }) {
  return (
    <span className={classes(style.badge, style[tone])} title={title}>
      {mark}
      {icon && <Icon name={icon} size={13} />}
      <span className={style.text}>{children}</span>
    </span>
  );
}
