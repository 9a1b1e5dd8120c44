// What a page says when it has nothing else to show: one sentence, one action.
import { useEffect, useState, type ReactNode } from "react";
import { Refusal } from "@/api/refusal";
import { Button } from "./Button";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import style from "./States.module.css";

/** `alone`: it is the whole page, and its sentence the heading. */
export function Message({ icon, title, alone, children, action }: { icon: IconName; title: string; alone?: boolean | undefined; children?: ReactNode; action?: ReactNode }) {
  const Title = alone ? "h1" : "p";
  return (
    <div className={style.message}>
      <Icon name={icon} size={26} />
      <Title className={style.title}>{title}</Title>
      {children && <div className={style.words}>{children}</div>}
      {action && <div className={style.action}>{action}</div>}
    </div>
  );
}

/** An error as the server told it, with the number to quote to whoever helps. */
export function Failure({ error, alone, onRetry }: { error: unknown; alone?: boolean; onRetry?: () => void }) {
  const refusal = error instanceof Refusal ? error : null;
  const forbidden = refusal?.status === 403;
  const offline = refusal?.code === "offline";
  const final = forbidden || refusal?.status === 404;
  return (
    <div role="alert">
      <Message
        icon={forbidden ? "reserved" : offline ? "offline" : "warning"}
        title={refusal?.title ?? "Cette page n’a pas pu s’afficher."}
        alone={alone}
        action={
          onRetry &&
          !final && (
            <Button icon="refresh" onPress={onRetry}>
              Réessayer
            </Button>
          )
        }
      >
        {refusal?.detail && <p>{refusal.detail}</p>}
        {refusal?.requestId && (
          <p className={style.reference}>
            Référence à communiquer : <code>{refusal.requestId}</code>
          </p>
        )}
      </Message>
    </div>
  );
}

/** Shows its children only after 300 ms: a fast answer never flashes a skeleton. */
export function Later({ children, after = 300 }: { children: ReactNode; after?: number }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return shown ? <>{children}</> : null;
}

/** Grey shapes of the size of what is coming. */
export function Skeleton({ rows = 6, shape = "row" }: { rows?: number; shape?: "row" | "card" | "text" }) {
  return (
    <Later>
      <div className={style.skeleton} role="status">
        <span className="hidden-visually">Chargement en cours</span>
        {Array.from({ length: rows }, (_, index) => (
          <div key={index} className={classes(style.bone, style[shape])} />
        ))}
      </div>
    </Later>
  );
}
