import type { ReactNode } from "react";
import { exact, longDay } from "@/words/time";
import { Icon, type IconName } from "./Icon";
import style from "./Timeline.module.css";

export type Moment = { id: string | number; at: string; icon: IconName; title: ReactNode; by?: ReactNode; text?: ReactNode };

/** What happened, latest first, each line with who and when. */
export function Timeline({ label, moments }: { label: string; moments: Moment[] }) {
  return (
    <ol className={style.timeline} aria-label={label}>
      {moments.map((moment) => (
        <li key={moment.id} className={style.moment}>
          <span className={style.icon}>
            <Icon name={moment.icon} size={14} />
          </span>
          <div className={style.body}>
            <p className={style.line}>
              <span className={style.title}>{moment.title}</span>
              <time dateTime={moment.at} title={exact(moment.at)} className={style.at}>
                {longDay(moment.at)}
              </time>
            </p>
            {moment.by && <div className={style.by}>{moment.by}</div>}
            {moment.text && <div className={style.text}>{moment.text}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
