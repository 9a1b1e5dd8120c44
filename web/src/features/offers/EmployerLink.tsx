// The link by which the employer confirms a draft, without an account; and what came back.
import { useState } from "react";
import { api, type Schema } from "@/api/client";
import type { Offer } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";
import style from "./Offers.module.css";

/** The token stands behind the #: browsers send it to nobody. */
const addressOf = (token: string) => `${window.location.origin}/confirmation#${token}`;

export function EmployerLink({ offer, writer }: { offer: Offer; writer: boolean }) {
  const [made, setMade] = useState<Schema<"OfferLink"> | null>(null);
  const make = useWrite(() => api.post("/api/offers/{id}/link", { path: { id: offer.id } }), {
    touches: [["offer", offer.id]],
    onDone: setMade,
  });
  const link = offer.link;
  if (offer.state !== "draft" && !link?.answer) return null;
  return (
    <section aria-label="Confirmation par l’employeur">
      <h3>Confirmation par l’employeur</h3>
      {link?.answer === "corrected" ? (
        <p className={style.asked}>
          {link.answered_by} demande une correction{link.answered_at && <> (<When at={link.answered_at} />)</>} : « {french(link.comment ?? "")} »
        </p>
      ) : link?.answer === "confirmed" ? (
        <p className={style.soft}>
          Confirmée en ligne par {link.answered_by}
          {link.answered_at && (
            <>
              {" "}
              <When at={link.answered_at} />
            </>
          )}
          .
        </p>
      ) : link && !link.stale ? (
        <p className={style.soft}>
          Lien remis par {link.member} <When at={link.made_at} />, valable jusqu’au {longDay(link.expires_at)}. Sans réponse pour l’instant.
        </p>
      ) : link ? (
        <p className={style.soft}>L’offre a changé depuis le dernier lien : il ne vaut plus.</p>
      ) : (
        <p className={style.soft}>L’employeur peut relire l’offre et la confirmer lui-même, sans compte.</p>
      )}
      {writer && offer.state === "draft" && (
        <Button small icon="mail" isPending={make.isPending} onPress={() => make.mutate(undefined)}>
          {link ? "Faire un nouveau lien" : "Lien de confirmation"}
        </Button>
      )}
      {made && <LinkDialog offer={offer} made={made} onClose={() => setMade(null)} />}
    </section>
  );
}

function LinkDialog({ offer, made, onClose }: { offer: Offer; made: Schema<"OfferLink">; onClose: () => void }) {
  const { organisation, member } = useSession();
  const address = addressOf(made.token);
  const subject = `Votre offre « ${offer.title} » : à confirmer`;
  const body = `Bonjour,\n\nVoici l’offre que nous avons préparée pour vous. Relisez-la et confirmez-la d’un clic, ou dites-nous ce qu’il faut corriger :\n\n${address}\n\nCe lien vaut jusqu’au ${longDay(made.expires_at)}.\n\n${member.name}\n${organisation.name}`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      toast("Lien copié.");
    } catch {
      toast("Copiez le lien à la main.", { tone: "danger" });
    }
  };
  return (
    <Dialog title="Lien de confirmation" isOpen onClose={onClose}>
      <p>Remettez ce lien à l’employeur, et à lui seul. Il ne sert qu’une fois, vaut jusqu’au {longDay(made.expires_at)}, et ne sera plus affiché.</p>
      <TextField label="Lien" required readOnly value={address} />
      <Actions>
        <Button look="primary" icon="check" onPress={() => void copy()}>
          Copier le lien
        </Button>
        <LinkButton icon="mail" href={`mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`}>
          Écrire un courriel
        </LinkButton>
        <Button look="quiet" onPress={onClose}>
          Terminé
        </Button>
      </Actions>
    </Dialog>
  );
}
