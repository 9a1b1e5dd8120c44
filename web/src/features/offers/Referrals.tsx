// Candidates proposed for an offer, by the file numbers of those who propose them; and the collector's answers.
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, newKey, type Schema } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import type { Offer } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Select, TextField } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuChoice } from "@/ui/Menu";
import { Organisation } from "@/ui/Network";
import { Refused } from "@/ui/Refused";
import { When } from "@/ui/When";
import { publics, referralState, refusals } from "@/words/domain";
import style from "./Offers.module.css";

type Referral = Schema<"Referral">;
type Answer = { id: number; state: "met" | "hired" | "refused"; refusal?: string };

/** Somebody still has to answer; these come first. */
const waits = (item: Referral): boolean => item.state === "proposed" || item.state === "met";

const touched = (offer: number) => [["offer", offer], ["offers"], ["today"], ["referrals"]];

export function Referrals({ offer }: { offer: Offer }) {
  const session = useSession();
  const [proposing, propose] = useState(false);
  const alive = offer.state === "reserved" || offer.state === "open";
  const writer = session.role === "adviser" || session.role === "manager";
  if (offer.state === "draft" || session.role === "observer" || session.role === "contributor") return null;
  const items = offer.referrals;
  return (
    <section aria-label="Candidatures proposées">
      <div className={style.sectionHead}>
        <h3>
          Candidatures {items.length > 0 && <span className={style.soft}>{items.length}</span>}
        </h3>
        {writer && alive && (
          <Button small icon="add" onPress={() => propose(true)}>
            Proposer une candidature
          </Button>
        )}
      </div>
      {items.length === 0 ? (
        <p className={style.soft}>{offer.mine ? "Aucune pour l’instant." : "Votre structure n’a proposé personne."}</p>
      ) : (
        <ul className={style.referrals}>
          {[...items.filter((item) => !waits(item)), ...items.filter(waits)].reverse().map((item) => (
            <ReferralLine key={item.id} item={item} writer={writer} />
          ))}
        </ul>
      )}
      {proposing && <ProposeDialog offer={offer} onClose={() => propose(false)} />}
    </section>
  );
}

export function ReferralLine({ item, writer, withOffer }: { item: Referral; writer: boolean; withOffer?: React.ReactNode }) {
  const word = referralState[item.state];
  const offer = item.offer.id ?? 0;
  const answer = useWrite(({ id, ...body }: Answer) => api.post("/api/referrals/{id}/answer", { path: { id }, body: body as { state: Answer["state"] } }), {
    touches: touched(offer),
    done: (now) => `${now.reference} : ${referralState[now.state]?.label.toLowerCase()}.`,
  });
  const withdraw = useWrite(() => api.post("/api/referrals/{id}/withdraw", { path: { id: item.id } }), { touches: touched(offer), done: () => "Candidature retirée." });
  const waiting = waits(item);
  const answers: MenuChoice[] = [
    ...(item.state === "proposed" ? [{ id: "met", label: "Reçue par l’employeur", icon: "contact" as const, run: () => answer.mutate({ id: item.id, state: "met" }) }] : []),
    { id: "hired", label: "Recrutée", detail: "Un poste est pourvu.", icon: "kept", run: () => answer.mutate({ id: item.id, state: "hired" }) },
  ];
  return (
    <li className={style.referral}>
      <div>
        <p>
          <strong>{item.reference}</strong> {item.public && <span className={style.soft}>{publics[item.public]}</span>}
        </p>
        {withOffer}
        <p className={style.soft}>
          <Organisation name={item.organisation.short_name} network={item.organisation.network} member={item.member.name} size={14} />
          <span> · </span>
          <When at={item.answered_at ?? item.made_at} />
        </p>
        {item.refusal_label && <p className={style.soft}>{item.refusal_label}</p>}
      </div>
      <div className={style.referralEnd}>
        {word && (
          <Badge tone={word.tone} icon={word.icon}>
            {word.label}
          </Badge>
        )}
        {writer && waiting && item.answered_by_us && (
          <Menu
            label={`Répondre à ${item.reference}`}
            trigger={
              <>
                Répondre <Icon name="down" size={14} />
              </>
            }
            className={style.answer}
            groups={[
              { id: "yes", title: "Suite", items: answers },
              { id: "no", title: "Non retenue", items: Object.entries(refusals).map(([refusal, label]) => ({ id: refusal, label, run: () => answer.mutate({ id: item.id, state: "refused", refusal }) })) },
            ]}
          />
        )}
        {writer && waiting && item.made_by_us && !item.answered_by_us && (
          <Button small look="quiet" isPending={withdraw.isPending} onPress={() => withdraw.mutate(undefined)}>
            Retirer
          </Button>
        )}
      </div>
    </li>
  );
}

function ProposeDialog({ offer, onClose }: { offer: Offer; onClose: () => void }) {
  const [reference, setReference] = useState("");
  const [audience, setAudience] = useState("");
  const [key] = useState(newKey);
  const write = useWrite(
    () => api.post("/api/offers/{id}/referrals", { path: { id: offer.id }, key, body: { reference: reference.trim(), ...(audience ? { public: audience as "young" } : {}) } }),
    { touches: touched(offer.id), quiet: true, done: (made) => `${made.reference} est proposée.`, onDone: onClose },
  );
  const wrong = fault(write.error, "reference") ?? (write.error instanceof Refusal && ["reference_personal", "referral_twice"].includes(write.error.code) ? write.error.title : undefined);
  return (
    <Dialog title="Proposer une candidature" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          write.mutate(undefined);
        }}
      >
        <p>{offer.mine ? "La candidature vient de votre propre structure." : `${offer.organisation.name} a recueilli l’offre et vous répondra.`} Maillage ne reçoit rien de la personne : son numéro de dossier chez vous suffit.</p>
        <TextField label="Numéro de dossier" required autoFocus value={reference} onChange={setReference} maxLength={40} error={wrong} placeholder="ML-2026-0412" help="Ni nom, ni téléphone." />
        <Select label="Public" value={audience} onChange={setAudience} choices={[{ id: "", label: "Non précisé" }, ...Object.entries(publics).map(([id, label]) => ({ id, label }))]} />
        {write.error && !wrong ? <Refused error={write.error} /> : null}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending} isDisabled={reference.trim().length < 2}>
            Proposer
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
