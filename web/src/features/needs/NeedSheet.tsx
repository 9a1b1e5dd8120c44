// One need: what is meant, who said so, who calls, the offer that came of it; and the next steps.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { fault } from "@/api/refusal";
import { need as needQuery } from "@/api/queries";
import { useWrite } from "@/api/write";
import { OfferDialog } from "@/features/offers/OfferForm";
import { useSession } from "@/features/session/session";
import { Button, IconButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, toFirstFault } from "@/ui/Field";
import { Due } from "@/ui/Due";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { Failure, Skeleton } from "@/ui/States";
import { Timeline } from "@/ui/Timeline";
import { When } from "@/ui/When";
import { contracts, horizons, offerState } from "@/words/domain";
import { plural } from "@/words/number";
import { isoDay, longDay, now } from "@/words/time";
import { french } from "@/words/typography";
import { NeedBadge } from "./NeedBadge";
import { NeedDialog } from "./NeedForm";
import style from "./Needs.module.css";
import { difficulties, postsFilled, sources, states, stepTitle } from "./words";

type Sheet = Schema<"NeedSheet">;
type Move = { state: "confirmed" | "filled" | "abandoned" | "zero"; reason?: string; on?: string };

export default function NeedSheet({ id, onClose }: { id: number; onClose: () => void }) {
  const { data, isPending, isError, error, refetch } = useQuery(needQuery(id));
  return (
    <section className={style.sheet} aria-label="Détail du besoin" data-testid="need">
      {isError ? (
        <>
          <div className={style.close}>
            <IconButton label="Fermer le besoin" icon="close" onPress={onClose} />
          </div>
          <Failure error={error} onRetry={() => void refetch()} />
        </>
      ) : isPending ? (
        <Skeleton rows={7} />
      ) : (
        <Body key={data.id} need={data} onClose={onClose} />
      )}
    </section>
  );
}

function Body({ need, onClose }: { need: Sheet; onClose: () => void }) {
  const session = useSession();
  const [open, setOpen] = useState<"edit" | "offer" | "zero" | "filled" | "abandoned" | "confirmed" | null>(null);
  const close = () => setOpen(null);
  const move = useWrite((body: Move) => api.post("/api/needs/{id}/move", { path: { id: need.id }, body }), {
    touches: [["needs"], ["establishment", need.establishment.id], ["today"]],
    quiet: open !== null,
    done: (answer) => `${answer.rome_label} : ${states[answer.state].label.toLowerCase()}.`,
    onDone: close,
  });
  const waiting = need.state === "declared" || need.state === "confirmed";
  const writer = session.role === "adviser" || session.role === "manager";
  const facts: [string, React.ReactNode][] = [
    ["Postes", postsFilled(need.posts, need.posts_filled)],
    ["Échéance", `${horizons[need.horizon] ?? ""}${waiting ? `, valable jusqu’au ${longDay(need.expires_on)}` : ""}`],
    ["Contrat", need.contract && contracts[need.contract]],
    ["Saison", need.seasonal === null ? "inconnu" : need.seasonal ? "saisonnier" : "non saisonnier"],
    ["Difficulté", need.difficulty === null ? "inconnue" : (difficulties[need.difficulty] ?? "").toLowerCase()],
    ["Source", need.source === "bmo" ? `Enquête BMO ${need.survey_year ?? ""}` : need.source === "visit" && need.visit ? <Link href={`/visites/${need.visit}/compte-rendu`}>Compte rendu de visite</Link> : sources[need.source]],
    ["Aucun poste", need.zero_on && `constaté le ${longDay(need.zero_on)}`],
    ["Entendu par", <Organisation key="o" name={need.organisation.name} network={need.organisation.network} member={need.member ?? undefined} size={16} />],
  ];
  return (
    <>
      <header className={style.head}>
        <div className={style.top}>
          <h2>{need.rome_label}</h2>
          <IconButton label="Fermer le besoin" icon="close" onPress={onClose} />
        </div>
        <p className={style.sub}>
          <NeedBadge state={need.state} />
          <Link href={`/entreprises/${need.establishment.id}?onglet=besoins`}>{need.establishment.name}</Link>
          {need.establishment.city && <span>{need.establishment.city}</span>}
          <span>{need.rome ?? need.fap}</span>
        </p>
        {need.call && (
          <p className={style.call}>
            {need.call.ours ? "À votre structure de rappeler cet employeur" : `${need.call.organisation.short_name} rappelle cet employeur`}
            {need.call.member && `, ${need.call.member}`} <Due day={need.call.due_on} />
          </p>
        )}
        {need.last_offer && (
          <p className={style.sub}>
            Offre : <Link href={`/suivi-offres/${need.last_offer.id}`}>{need.last_offer.title}</Link> {(offerState[need.last_offer.state]?.label ?? "").toLowerCase()},{" "}
            {plural(need.last_offer.posts_filled, "poste pourvu", "postes pourvus")} sur {need.last_offer.posts}
          </p>
        )}
        {writer && need.ours && (
          <div className={`${style.actions} no-print`}>
            {need.state === "declared" && (
              <Button look="primary" icon="check" isPending={move.isPending && open === null} onPress={() => move.mutate({ state: "confirmed" })}>
                Confirmer
              </Button>
            )}
            {waiting && (
              <Button look={need.state === "confirmed" ? "primary" : "plain"} icon="offers" onPress={() => setOpen("offer")}>
                En faire une offre
              </Button>
            )}
            {waiting && (
              <Button icon="close" onPress={() => setOpen("zero")}>
                Aucun poste vacant
              </Button>
            )}
            {waiting && (
              <Button icon="edit" onPress={() => setOpen("edit")}>
                Modifier
              </Button>
            )}
            {waiting && (
              <Button look="quiet" onPress={() => setOpen("filled")}>
                Pourvu sans offre
              </Button>
            )}
            {waiting && (
              <Button look="quiet" onPress={() => setOpen("abandoned")}>
                Abandonner
              </Button>
            )}
            {["filled", "abandoned", "zero"].includes(need.state) && (
              <Button icon="undo" onPress={() => setOpen("confirmed")}>
                Rouvrir
              </Button>
            )}
          </div>
        )}
        {writer && !need.ours && waiting && <p className={style.soft}>{need.organisation.short_name} a entendu ce besoin : sa structure, ou celle qui s’est engagée à voir l’employeur, le fait avancer.</p>}
      </header>
      <div className={style.body}>
        <dl className={style.facts}>
          {facts
            .filter(([, value]) => value)
            .map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
        <section aria-label="Étapes">
          <h3>Étapes</h3>
          <Timeline
            label="Étapes du besoin"
            moments={[...need.steps].reverse().map((step) => ({
              id: step.id,
              at: step.at,
              icon: states[step.to as Sheet["state"]].icon,
              title: stepTitle(step),
              by: [step.organisation, step.member].filter(Boolean).join(" · ") || "Automatiquement, à l’échéance",
              text: step.reason && `« ${french(step.reason)} »`,
            }))}
          />
        </section>
        <p className={style.soft}>
          Déclaré <When at={need.declared_at} />.
        </p>
      </div>
      {open === "edit" && <NeedDialog need={need} onClose={close} />}
      {open === "offer" && <OfferDialog establishment={need.establishment} need={need} isOpen onClose={close} />}
      {open === "zero" && <ZeroDialog declared={isoDay(need.declared_at)} onClose={close} onConfirm={(on) => move.mutate({ state: "zero", on })} error={move.error} busy={move.isPending} />}
      <ReasonDialog title="Pourvu sans offre" label="Comment le poste a été pourvu" confirm="Déclarer pourvu" isOpen={open === "filled"} onClose={close} onConfirm={(reason) => move.mutate({ state: "filled", reason })} error={move.error} busy={move.isPending} />
      <ReasonDialog title="Abandonner le besoin" label="Motif" confirm="Abandonner" danger isOpen={open === "abandoned"} onClose={close} onConfirm={(reason) => move.mutate({ state: "abandoned", reason })} error={move.error} busy={move.isPending} />
      <ReasonDialog title="Rouvrir le besoin" label="Ce que dit l’employeur" confirm="Rouvrir" isOpen={open === "confirmed"} onClose={close} onConfirm={(reason) => move.mutate({ state: "confirmed", reason })} error={move.error} busy={move.isPending} />
    </>
  );
}

/** The employer has nothing to fill: on which day it said so, not before the need was declared. */
function ZeroDialog({ declared, onClose, onConfirm, error, busy }: { declared: string; onClose: () => void; onConfirm: (on: string) => void; error: unknown; busy: boolean }) {
  const today = isoDay(now());
  const [day, setDay] = useState(today);
  const [checked, check] = useState(false);
  const wrong = day >= declared && day <= today ? undefined : declared === today ? "Le besoin est déclaré d’aujourd’hui : choisissez ce jour." : `Choisissez un jour entre le ${longDay(declared)}, où le besoin a été déclaré, et aujourd’hui.`;
  return (
    <Dialog title="Aucun poste vacant" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (wrong) toFirstFault();
          else onConfirm(day);
        }}
      >
        <p>L’employeur a répondu qu’il n’a pas de poste à pourvoir. La réponse est gardée avec sa date : personne ne le rappelle pour ce besoin.</p>
        <DayField label="Dit le" required value={day} onChange={setDay} error={(checked ? wrong : undefined) ?? fault(error, "on")} />
        {error !== null && !fault(error, "on") && <Refused error={error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={busy}>
            Enregistrer
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
