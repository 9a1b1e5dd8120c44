import type { ReactNode } from "react";
import { classes } from "./classes";
import style from "./Page.module.css";

type PageProps = { title: string; aside?: ReactNode; actions?: ReactNode; toolbar?: ReactNode; children: ReactNode; fill?: boolean };

/** Title, actions, filters, content. `fill`: the content takes the height and scrolls inside. */
export function Page({ title, aside, actions, toolbar, children, fill }: PageProps) {
  return (
    <div className={classes(style.page, fill && style.fill)}>
      <div className={style.head}>
        <h1>{title}</h1>
        {aside && <div className={style.aside}>{aside}</div>}
        {actions && <div className={classes(style.actions, "no-print")}>{actions}</div>}
      </div>
      {toolbar && (
        <div className={classes(style.toolbar, "no-print")} role="search" aria-label={`Filtres : ${title}`}>
          {toolbar}
        </div>
      )}
      <div className={style.content}>{children}</div>
    </div>
  );
}
