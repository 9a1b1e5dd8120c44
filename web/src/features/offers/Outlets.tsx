// Where an offer was published, when, with what answer; before it opens, where the agreement will have it published.
import { useQuery } from "@tanstack/react-query";
import { offerOutlets } from "@/api/exchange";
import type { Offer } from "@/api/queries";
import type { Schema } from "@/api/client";
import { Badge, type Tone } from "@/ui/Badge";
import type { IconName } from "@/ui/Icon";
import { Failure, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { plural } from "@/words/number";
import style from "./Offers.module.css";

type Outlet = Schema<"OfferOutlets">["items"][number];

const states: Record<Outlet["state"], { label: string; tone: Tone; icon: IconName }> = {
  planned: { label: "À l’ouverture", tone: "quiet", icon: "clock" },
  shown: { label: "Publiée", tone: "good", icon: "check" },
  hidden: { label: "Une autre la remplace", tone: "quiet", icon: "review" },
  waiting: { label: "En attente", tone: "warn", icon: "clock" },
  failed: { label: "En échec", tone: "danger", icon: "warning" },
  over: { label: "Retirée", tone: "quiet", icon: "close" },
  never: { label: "Jamais publiée", tone: "quiet", icon: "close" },
  idle: { label: "Personne à prévenir", tone: "quiet", icon: "empty" },
};

function state(item: Outlet) {
  if (item.code !== "webhook" || item.state !== "shown") return states[item.state];
  return { ...states.shown, label: plural(item.count ?? 0, "logiciel prévenu", "logiciels prévenus") };
}

export function Outlets({ offer }: { offer: Offer }) {
  const list = useQuery(offerOutlets(offer.id));
  const rows = list.data?.items ?? [];
  return (
    <section aria-label="Diffusion">
      <h3>Diffusion</h3>
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={3} />
      ) : rows.length === 0 ? (
        <p className={style.soft}>La convention du réseau ne publie cette offre nulle part.</p>
      ) : (
        <ul className={style.outlets}>
          {rows.map((item) => {
            const word = state(item);
            return (
              <li key={`${item.code} ${item.name ?? ""}`}>
                <span>
                  {item.label}
                  {item.name && <span className={style.soft}> · {item.name}</span>}
                  <span className={style.outletWhen}>
                    {item.sent_at && <When at={item.sent_at} />}
                    {item.over_at && <> · retirée <When at={item.over_at} /></>}
                    {item.status && ` · réponse ${item.status}`}
                    {item.error && ` · ${item.error}`}
                  </span>
                </span>
                <Badge tone={word.tone} icon={word.icon}>{word.label}</Badge>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
