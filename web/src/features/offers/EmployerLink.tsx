// The link by which the employer speaks without an account: confirms a draft, or says later whether the offer still stands; what came back.
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import type { Offer } from "@/api/queries";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";
import { employerSaid } from "./words";
import style from "./Offers.module.css";

type Link = NonNullable<Offer["link"]>;
type Made = { token: string; expires_at: string };

const letters: Record<string, string> = {
  waiting: "Le courriel part dans la minute.",
  done: "Courriel remis au serveur de messagerie.",
  dead: "Le courriel n’est pas parti : vérifiez l’adresse, ou remettez le lien vous-même.",
  dropped: "Le courriel n’est pas parti.",
};

function Said({ link }: { link: Link }) {
  if (link.answer)
    return (
      <p className={link.answer === "corrected" ? style.asked : style.soft}>
        {link.answered_by} {employerSaid(link.answer, link.posts)}
        {link.answered_at && (
          <>
            {" "}
            (<When at={link.answered_at} />)
          </>
        )}
        {link.comment ? <> : « {french(link.comment)} »</> : "."}
      </p>
    );
  if (link.fault === "link_expired") return <p className={style.soft}>Le dernier lien a expiré le {longDay(link.expires_at)}, sans réponse.</p>;
  if (link.fault === "offer_past") return <p className={style.soft}>Le jour jusqu’auquel l’offre vaut est passé : le dernier lien ne vaut plus.</p>;
  if (link.fault) return <p className={style.soft}>{link.purpose === "confirm" ? "L’offre a changé depuis le dernier lien : il ne vaut plus." : "Le dernier lien ne vaut plus."}</p>;
  return (
    <p className={style.soft}>
      {link.by_mail ? "Lien envoyé par courriel au nom de" : "Lien remis par"} {link.member} <When at={link.made_at} />, valable jusqu’au {longDay(link.expires_at)}. {link.letter && letters[link.letter]} Sans réponse pour l’instant.
    </p>
  );
}

export function EmployerLink({ offer, writer }: { offer: Offer; writer: boolean }) {
  const [asking, ask] = useState(false);
  const link = offer.link;
  const draft = offer.state === "draft";
  const alive = draft || offer.state === "reserved" || offer.state === "open";
  if (!alive && !link?.answer) return null;
  return (
    <section aria-label="Réponse de l’employeur">
      <h3>{draft ? "Confirmation par l’employeur" : "Réponse de l’employeur"}</h3>
      {link ? (
        <Said link={link} />
      ) : (
        <p className={style.soft}>{draft ? "L’employeur peut relire l’offre et la confirmer lui-même, sans compte." : "L’employeur peut dire lui-même, sans compte, si l’offre est toujours à pourvoir, pourvue, ou plus d’actualité."}</p>
      )}
      {writer && alive && (
        <Button small icon="mail" onPress={() => ask(true)}>
          {draft ? (link ? "Faire un nouveau lien" : "Lien de confirmation") : "Demander à l’employeur"}
        </Button>
      )}
      {asking && <LinkDialog offer={offer} onClose={() => ask(false)} />}
    </section>
  );
}

function LinkDialog({ offer, onClose }: { offer: Offer; onClose: () => void }) {
  const [made, setMade] = useState<Made | null>(null);
  return (
    <Dialog title={offer.state === "draft" ? "Lien de confirmation" : "Demander à l’employeur"} isOpen onClose={onClose}>
      {made ? <Shown offer={offer} made={made} onClose={onClose} /> : <Choose offer={offer} onMade={setMade} onClose={onClose} />}
    </Dialog>
  );
}

const isAddress = (text: string) => /^\S+@\S+$/.test(text.trim());

/** By mail from here when this installation sends some, or a link to hand over. */
function Choose({ offer, onMade, onClose }: { offer: Offer; onMade: (made: Made) => void; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const path = { id: offer.id };
  const touches = [["offer", offer.id]];
  const make = useWrite(() => api.post("/api/offers/{id}/link", { path, body: {} }), { touches, quiet: true, onDone: ({ token, expires_at }) => token && onMade({ token, expires_at }) });
  const send = useWrite(() => api.post("/api/offers/{id}/link", { path, body: { email: email.trim() } }), { touches, quiet: true, done: () => "Le courriel part à l’employeur.", onDone: onClose });
  return (
    <Form
      style={{ display: "contents" }}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isAddress(email)) send.mutate(undefined);
      }}
    >
      <p>
        {offer.state === "draft" ? "L’employeur relit l’offre, puis la confirme, demande une correction ou y renonce." : "L’employeur prolonge l’offre, la déclare pourvue, ou la retire."} Le lien ne sert qu’une fois, vaut sept jours, et remplace le précédent.
      </p>
      {offer.can_mail && (
        <TextField
          label="Courriel de l’employeur"
          type="email"
          required
          autoFocus
          value={email}
          onChange={setEmail}
          maxLength={254}
          error={fault(send.error, "email") ?? (tried && !isAddress(email) ? "Indiquez l’adresse de l’employeur." : undefined)}
          help="Gardé chiffré tant que l’offre vit : il reçoit aussi la question de fin de publication."
        />
      )}
      {!fault(send.error, "email") && <Refused error={send.error ?? make.error} />}
      <Actions>
        {offer.can_mail && (
          <Button type="submit" look="primary" icon="mail" isPending={send.isPending}>
            Envoyer le courriel
          </Button>
        )}
        <Button {...(offer.can_mail ? {} : { look: "primary" as const })} isPending={make.isPending} onPress={() => make.mutate(undefined)}>
          {offer.can_mail ? "Remettre le lien moi-même" : "Créer le lien"}
        </Button>
        <Button look="quiet" onPress={onClose}>
          Annuler
        </Button>
      </Actions>
    </Form>
  );
}

function Shown({ offer, made, onClose }: { offer: Offer; made: Made; onClose: () => void }) {
  const { organisation, member } = useSession();
  const draft = offer.state === "draft";
  const address = `${window.location.origin}/employeur/${made.token}`;
  const subject = draft ? `Votre offre « ${offer.title} » : à confirmer` : `Votre offre « ${offer.title} » : est-elle toujours à pourvoir ?`;
  const words = draft ? "Voici l’offre que nous avons préparée pour vous. Relisez-la, puis confirmez-la ou dites-nous ce qu’il faut corriger :" : "Dites-nous où en est votre offre : toujours à pourvoir, pourvue, ou plus d’actualité :";
  const body = `Bonjour,\n\n${words}\n\n${address}\n\nCe lien ne sert qu’une fois et vaut jusqu’au ${longDay(made.expires_at)}.\n\n${member.name}\n${organisation.name}`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      toast("Lien copié.");
    } catch {
      toast("Copiez le lien à la main.", { tone: "danger" });
    }
  };
  return (
    <>
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
    </>
  );
}
