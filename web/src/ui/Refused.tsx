// A refusal that teaches: what rule, who holds, until when, and what can be done next.
import type { ReactNode } from "react";
import { Refusal } from "@/api/refusal";
import { phone } from "@/words/number";
import { longDay, relativeDay } from "@/words/time";
import { Icon } from "./Icon";
import { NetworkMark } from "./Network";
import style from "./Refused.module.css";

type HolderShape = { organisation: { name: string; network: string; phone?: string | null }; member?: { name: string } | null; due_on: string };

const isHolder = (value: unknown): value is HolderShape => typeof value === "object" && value !== null && "organisation" in value && "due_on" in value;
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Also says, under the sentence, whatever the server said of a rule in figures. */
export function Refused({ error, children }: { error: unknown; children?: ReactNode }) {
  if (!error) return null;
  const refusal = error instanceof Refusal ? error : null;
  const holder = refusal && isHolder(refusal.extra["holder"]) ? refusal.extra["holder"] : null;
  const restUntil = text(refusal?.extra["rest_until"]);
  const next = text(refusal?.extra["next_working_day"]);
  const firstDue = text(refusal?.extra["first_due_on"]);
  const lastDue = text(refusal?.extra["last_due_on"]);
  const by = refusal?.extra["organisation"] as { name: string; network: string } | undefined;
  return (
    <div role="alert" className={style.refused}>
      <Icon name="alert" size={18} />
      <div className={style.body}>
        {holder ? (
          <>
            <p>
              Déjà promis par{" "}
              <strong className={style.who}>
                <NetworkMark network={holder.organisation.network} size={16} /> {holder.organisation.name}
              </strong>
              {holder.member && ` (${holder.member.name})`} jusqu’au {longDay(holder.due_on)}, {relativeDay(holder.due_on)}.
            </p>
            <p className={style.next}>
              Une seule structure s’engage à la fois, pour que l’employeur ne soit pas visité deux fois.
              {holder.organisation.phone && (
                <>
                  {" "}
                  Proposer une visite commune : <a href={`tel:${holder.organisation.phone}`}>{phone(holder.organisation.phone)}</a>.
                </>
              )}
            </p>
          </>
        ) : (
          <>
            <p>{refusal?.title ?? "L’action n’a pas abouti."}</p>
            {restUntil && (
              <p className={style.next}>
                {by?.name ? `Contacté par ${by.name} ; ` : ""}repos jusqu’au {longDay(restUntil)}. Pour passer outre, donnez un motif : il sera visible des partenaires.
              </p>
            )}
            {next && <p className={style.next}>Prochain jour ouvré : {longDay(next)}.</p>}
            {(firstDue || lastDue) && (
              <p className={style.next}>
                Jours possibles : {firstDue && lastDue === firstDue ? `le ${longDay(firstDue)}` : firstDue && lastDue ? `du ${longDay(firstDue)} au ${longDay(lastDue)}` : firstDue ? `à partir du ${longDay(firstDue)}` : `jusqu’au ${longDay(lastDue ?? "")}`}.
              </p>
            )}
            {refusal?.detail && <p className={style.next}>{refusal.detail}</p>}
          </>
        )}
        {children}
        {refusal && refusal.status >= 500 && refusal.requestId && <p className={style.next}>Référence : {refusal.requestId}</p>}
      </div>
    </div>
  );
}
