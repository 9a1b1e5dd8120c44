// One offer: what it is, who may see it, when it opens, who did what; and the next steps.
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { api } from "@/api/client";
import { offer as offerQuery, type Offer } from "@/api/queries";
import { useWrite } from "@/api/write";
import { postsFilled, states as needStates } from "@/features/needs/words";
import { useSession } from "@/features/session/session";
import { Button, IconButton } from "@/ui/Button";
import { Link } from "@/ui/Link";
import { NetworkMark, networkName, Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Failure, Skeleton } from "@/ui/States";
import { Timeline } from "@/ui/Timeline";
import { Countdown, When } from "@/ui/When";
import { contracts, offerState, publics } from "@/words/domain";
import { events } from "@/words/events";
import { NARROW, plural, posts } from "@/words/number";
import { clock, isoDay, longDay } from "@/words/time";
import { french } from "@/words/typography";
import { detailFacts, waysToApply } from "./details";
import { EmployerLink } from "./EmployerLink";
import { OfferBadge } from "./OfferCard";
import { OfferDialog } from "./OfferForm";
import { Outlets } from "./Outlets";
import { Referrals } from "./Referrals";
import { Twins } from "./Twins";
import { WithdrawDialog } from "./WithdrawDialog";
import style from "./Offers.module.css";

type Step = "confirm" | "open" | "fill" | "prolong" | "withdraw" | "edit" | null;

const stepEvents: Record<string, string> = { draft: "offer.drafted", confirmed: "offer.confirmed", reserved: "offer.reserved", open: "offer.opened", filled: "offer.filled", withdrawn: "offer.withdrawn", expired: "offer.expired" };

const whoConfirms = "Écrivez qui confirme : un nom ou une fonction, d’au moins trois lettres.";

export default function OfferSheet({ id, onClose }: { id: number; onClose: () => void }) {
  const { data, isPending, isError, error, refetch } = useQuery(offerQuery(id));
  return (
    <section className={style.sheet} aria-label="Détail de l’offre" data-testid="offer">
      {isError ? (
        <>
          <div className={style.close}>
            <IconButton label="Fermer l’offre" icon="close" onPress={onClose} />
          </div>
          <Failure error={error} onRetry={() => void refetch()} />
        </>
      ) : isPending ? (
        <Skeleton rows={7} />
      ) : (
        <Sheet offer={data} onClose={onClose} />
      )}
    </section>
  );
}

function Sheet({ offer, onClose }: { offer: Offer; onClose: () => void }) {
  const session = useSession();
  const [step, setStep] = useState<Step>(null);
  const close = () => setStep(null);
  const common = { touches: [["offer", offer.id], ["offers"], ["today"], ["establishment"], ["site"]], quiet: true, onDone: close };
  const path = { id: offer.id };
  const confirm = useWrite((confirmed_with: string) => api.post("/api/offers/{id}/confirm", { path, body: { confirmed_with } }), {
    ...common,
    done: (answer) => ({ text: "Offre confirmée et réservée.", detail: answer.opens_at ? `Elle s’ouvre à tous le ${longDay(answer.opens_at)} à ${clock(answer.opens_at)}.` : "" }),
  });
  const open = useWrite((reason: string) => api.post("/api/offers/{id}/open", { path, body: { reason } }), { ...common, done: () => "Offre ouverte à tous." });
  const fill = useWrite((reason: string) => api.post("/api/offers/{id}/fill", { path, body: reason ? { reason } : {} }), { ...common, done: () => "Offre pourvue." });
  const back = useWrite((posts: number) => api.post("/api/offers/{id}/fill", { path, body: { posts } }), { ...common, quiet: false, done: () => "C’est annulé." });
  const one = useWrite(() => api.post("/api/offers/{id}/fill", { path, body: { posts: 1 } }), {
    ...common,
    quiet: false,
    done: (answer) => ({ text: `${plural(answer.posts_filled, "poste pourvu", "postes pourvus")} sur ${answer.posts}.`, action: { label: "Annuler", run: () => back.mutate(-1) } }),
  });
  const prolong = useWrite((confirmed_with: string) => api.post("/api/offers/{id}/prolong", { path, body: { confirmed_with } }), {
    ...common,
    done: (answer) => `Offre prolongée${answer.closes_at ? ` jusqu’au ${longDay(answer.closes_at)}` : ""}.`,
  });
  const writer = offer.mine && (session.role === "adviser" || session.role === "manager");
  const can = { edit: offer.state === "draft", confirm: offer.state === "draft", open: offer.state === "reserved", fill: offer.state === "reserved" || offer.state === "open", prolong: offer.state === "open", withdraw: ["draft", "confirmed", "reserved", "open"].includes(offer.state) };
  const ended = ["filled", "withdrawn", "expired"].includes(offer.state) ? offer.steps.findLast((item) => item.to === offer.state) : undefined;
  const why = ended && [offer.withdrawal_label, ended.reason && `« ${french(ended.reason)} »`].filter(Boolean).join("\u202f: ");
  const facts: [string, ReactNode][] = [
    ["Métier", `${offer.rome_label} (${offer.rome})`],
    ["Contrat", contracts[offer.contract]],
    ["Postes", postsFilled(offer.posts, offer.posts_filled)],
    ["Lieu de travail", offer.commune !== offer.establishment?.city && offer.commune],
    ["Début", offer.starts_on && longDay(offer.starts_on)],
    ["Heures par semaine", offer.hours ? `${String(offer.hours).replace(".", ",")}${NARROW}h` : null],
    ["Publics", offer.publics.map((code) => publics[code]).join(", ")],
    ...detailFacts(offer.details, offer.salary),
    ["Pour postuler", waysToApply(offer.details).join(", ")],
    ["Confirmée avec", offer.confirmed_with],
    ["Venue du flux", offer.feed],
    [
      "Née du besoin",
      offer.from_need && (
        <>
          <Link href={`/besoins/${offer.from_need.id}`}>{offer.from_need.label}</Link>, {posts(offer.from_need.posts)}, {needStates[offer.from_need.state].label.toLowerCase()}
        </>
      ),
    ],
  ];
  return (
    <>
      <header className={style.head}>
        <div className={style.sheetTop}>
          <h2>{offer.title}</h2>
          <IconButton label="Fermer l’offre" icon="close" onPress={onClose} />
        </div>
        <p className={style.sub}>
          <OfferBadge state={offer.state} />
          {offer.establishment ? <Link href={`/entreprises/${offer.establishment.id}?onglet=besoins`}>{offer.establishment.name ?? "Employeur"}</Link> : "Employeur non communiqué"}
          {(offer.establishment?.city ?? offer.commune) && <span>{offer.establishment?.city ?? offer.commune}</span>}
        </p>
        {offer.state === "reserved" && offer.opens_at && (
          <p className={style.countdown}>
            <Countdown to={offer.opens_at} />
            {offer.details?.ends_on && offer.details.ends_on < isoDay(offer.opens_at) && (
              <>
                <br />
                Elle n’est valable que jusqu’au {longDay(offer.details.ends_on)} : elle s’arrête avant de s’ouvrir à tous, sauf si vous l’ouvrez plus tôt
              </>
            )}
          </p>
        )}
        {offer.state === "open" && offer.opened_at && (
          <p className={style.countdown}>
            Ouverte à tous <When at={offer.opened_at} />, le {longDay(offer.opened_at)} à {clock(offer.opened_at)}
            {offer.closes_at && (
              <>
                <br />
                Jusqu’au {longDay(offer.closes_at)}, sauf prolongation avec l’accord de l’employeur
              </>
            )}
          </p>
        )}
        {ended && (
          <p className={style.countdown}>
            {offerState[ended.to]?.label ?? ended.to} <When at={ended.at} />, le {longDay(ended.at)}, {ended.by_employer ? "par l’employeur" : ended.organisation ? `par ${[ended.organisation, ended.member].filter(Boolean).join(" · ")}` : "d’elle-même, à l’échéance"}
            {why && (
              <>
                <br />
                {why}
              </>
            )}
          </p>
        )}
        {offer.state === "draft" && <p className={style.countdown}>Brouillon : l’offre sera réservée {plural(session.promise.reservation_days, "jour")} aux réseaux destinataires dès sa confirmation avec l’employeur.</p>}
        <Twins offer={offer} writer={session.role === "adviser" || session.role === "manager"} />
        {offer.networks.length > 0 && (
          <p className={style.sub}>
            Réseaux destinataires :
            {offer.networks.map((code) => (
              <span key={code} className={style.public}>
                <NetworkMark network={code} size={16} /> {networkName(code)}
              </span>
            ))}
          </p>
        )}
        {writer && (
          <div className={`${style.actions} no-print`}>
            {can.confirm && (
              <Button look="primary" icon="check" onPress={() => setStep("confirm")}>
                Confirmer avec l’employeur
              </Button>
            )}
            {can.edit && (
              <Button icon="edit" onPress={() => setStep("edit")}>
                Modifier
              </Button>
            )}
            {can.fill && offer.posts - offer.posts_filled > 1 && (
              <Button icon="check" isPending={one.isPending} onPress={() => one.mutate(undefined)}>
                Un poste pourvu
              </Button>
            )}
            {can.fill && (
              <Button look={offer.state === "open" ? "primary" : "plain"} icon="kept" onPress={() => setStep("fill")}>
                {offer.posts === 1 ? "Déclarer pourvue" : offer.posts - offer.posts_filled === 1 ? "Dernier poste pourvu" : "Tous les postes pourvus"}
              </Button>
            )}
            {can.prolong && (
              <Button icon="due" onPress={() => setStep("prolong")}>
                Prolonger
              </Button>
            )}
            {can.open && (
              <Button icon="open" onPress={() => setStep("open")}>
                Ouvrir dès maintenant
              </Button>
            )}
            {can.withdraw && (
              <Button look="quiet" onPress={() => setStep("withdraw")}>
                Retirer
              </Button>
            )}
          </div>
        )}
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
          <div>
            <dt>Déposée par</dt>
            <dd>
              <Organisation name={offer.organisation.name} network={offer.organisation.network} member={offer.member?.name} size={16} />
            </dd>
          </div>
        </dl>
        {offer.description && <p className={style.description}>{french(offer.description)}</p>}
        {offer.mine && <EmployerLink offer={offer} writer={writer} />}
        <Referrals offer={offer} />
        {offer.mine && <Outlets offer={offer} />}
        <section aria-label="Étapes">
          <h3>Étapes</h3>
          <Timeline
            label="Étapes de l’offre"
            moments={[
              ...offer.steps.map((item, index) => {
                const word = events[stepEvents[item.to] ?? ""] ?? { label: offerState[item.to]?.label ?? item.to, icon: "offers" as const };
                return {
                  id: `step-${index}`,
                  at: item.at,
                  icon: word.icon,
                  title: word.label,
                  by: item.by_employer ? "L’employeur, par son lien" : [item.organisation, item.member].filter(Boolean).join(" · ") || "Automatiquement, à l’échéance",
                  text: [item.to === "withdrawn" && offer.withdrawal_label, item.reason && `« ${french(item.reason)} »`].filter(Boolean).join("\u202f: ") || null,
                };
              }),
              // Posts filled one by one change no state either, and one that was by mistake is taken back.
              ...offer.fillings.map((item) => ({
                id: `filling-${item.id}`,
                at: item.at,
                icon: "kept" as const,
                title: item.filled === 0 ? "Aucun poste pourvu, finalement" : `${plural(item.filled, "poste pourvu", "postes pourvus")} sur ${item.posts}`,
                by: item.by_employer ? "L’employeur, par son lien" : [item.organisation, item.member].filter(Boolean).join(" · "),
              })),
              // A prolongation changes no state: without it here nobody would see who said that the offer still stands.
              ...offer.prolongations.map((item, index) => ({
                id: `prolongation-${index}`,
                at: item.at,
                icon: "due" as const,
                title: `Offre prolongée jusqu’au ${longDay(item.closes_at)}`,
                by: item.by_employer ? "L’employeur, par son lien" : `${offer.organisation.name} · ${item.member}`,
                text: offer.mine && `Confirmé par ${french(item.confirmed_with)}`,
              })),
            ]
              .reverse() // confirmed and reserved at the same moment: what came last stands first
              .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))}
          />
        </section>
      </div>
      <ReasonDialog
        title="Confirmer avec l’employeur"
        label="Personne qui confirme"
        help="Nom ou fonction. Ne s’affiche pas au public."
        confirm="Confirmer et réserver"
        field="confirmed_with"
        missing={whoConfirms}
        short
        isOpen={step === "confirm"}
        onClose={close}
        onConfirm={confirm.mutate}
        error={confirm.error}
        busy={confirm.isPending}
      >
        <p>L’offre est réservée dès maintenant, et s’ouvre à tous d’elle-même dans {plural(session.promise.reservation_days, "jour")} si elle n’est pas pourvue.</p>
      </ReasonDialog>
      <ReasonDialog title="Ouvrir dès maintenant" label="Motif" confirm="Ouvrir à tous" isOpen={step === "open"} onClose={close} onConfirm={open.mutate} error={open.error} busy={open.isPending}>
        <p>L’offre devient visible de tous, sans attendre la fin de la réservation. Cela ne se défait pas.</p>
      </ReasonDialog>
      <ReasonDialog title="Déclarer l’offre pourvue" label="Précision" confirm="Déclarer pourvue" required={false} isOpen={step === "fill"} onClose={close} onConfirm={fill.mutate} error={fill.error} busy={fill.isPending} />
      <ReasonDialog
        title="Prolonger l’offre"
        label="Personne qui confirme chez l’employeur"
        help="Nom ou fonction. Ne s’affiche pas au public."
        confirm="Prolonger"
        field="confirmed_with"
        missing={whoConfirms}
        short
        isOpen={step === "prolong"}
        onClose={close}
        onConfirm={prolong.mutate}
        error={prolong.error}
        busy={prolong.isPending}
      >
        <p>L’employeur vient de confirmer que le poste est toujours à pourvoir : l’offre reste ouverte {plural(session.promise.open_days, "jour")} de plus, à compter d’aujourd’hui.</p>
      </ReasonDialog>
      {step === "withdraw" && <WithdrawDialog offer={offer} touches={common.touches} onClose={close} />}
      {step === "edit" && offer.establishment && <OfferDialog establishment={offer.establishment} offer={offer} isOpen onClose={close} />}
    </>
  );
}
