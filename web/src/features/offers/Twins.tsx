// The same offer come by two ways: which one is shown, which it replaces; and that it is not, or is, the same.
import { useState } from "react";
import { api } from "@/api/client";
import type { Offer } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Link } from "@/ui/Link";
import { ReasonDialog } from "@/ui/ReasonDialog";
import style from "./Offers.module.css";

const why = { employer: "même employeur, intitulés semblables", place: "même nom et même lieu, intitulés semblables", person: "dit par une personne" };

export function Twins({ offer, writer }: { offer: Offer; writer: boolean }) {
  const { organisation } = useSession();
  const [parting, setParting] = useState<number | null>(null);
  const close = () => setParting(null);
  const apart = useWrite((reason: string) => api.post("/api/offers/{id}/apart", { path: { id: parting ?? offer.id }, body: { reason } }), {
    touches: [["offer"], ["offers"]], quiet: true, done: () => "Ce sont deux offres : chacune est montrée.", onDone: close,
  });
  if (offer.twins.length === 0) return null;
  return (
    <>
      {offer.twins.map((twin) => {
        const behind = twin.offer === offer.id;
        const other = behind ? twin.shown : twin.replaced;
        const ours = offer.organisation.id === organisation.id || other.organisation === organisation.short_name;
        return (
          <p key={twin.id} className={style.twin}>
            <Icon name="review" size={15} />
            <span>
              {behind ? "Remplacée par " : "Remplace "}
              <Link href={`/suivi-offres/${other.id}`}>{other.title}</Link>, {other.organisation} <span className={style.soft}>({twin.told_by ? `dit par ${twin.told_by}` : why[twin.reason]})</span>
            </span>
            {writer && ours && <Button small look="quiet" onPress={() => setParting(twin.offer)}>Ce n’est pas la même</Button>}
          </p>
        );
      })}
      <ReasonDialog title="Deux offres différentes" label="Ce qui les distingue" confirm="Les séparer" isOpen={parting !== null} onClose={close} onConfirm={apart.mutate} error={apart.error} busy={apart.isPending}>
        <p>Les deux offres seront montrées, et ne seront plus rapprochées d’elles-mêmes.</p>
      </ReasonDialog>
    </>
  );
}
