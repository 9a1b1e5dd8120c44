// One establishment, whole: who it is, who holds it, what every partner did, and what can be done next.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { api, type Schema } from "@/api/client";
import { establishment as recordQuery, timeline as timelineQuery, type Establishment, type Visit } from "@/api/queries";
import { useWrite } from "@/api/write";
import { ClaimNotes } from "@/features/claims/ClaimNotes";
import { claimWords } from "@/features/claims/words";
import { ContactDialog } from "@/features/contacts/ContactDialog";
import { Contacts } from "@/features/contacts/Contacts";
import { OpeningHours } from "./OpeningHours";
import { personName } from "@/features/contacts/person";
import { JoinedNotes, MergeDialog } from "@/features/golden/Merge";
import { Values } from "@/features/golden/Values";
import { fieldWords as valueWords, printed } from "@/features/golden/words";
import { OfferDialog } from "@/features/offers/OfferForm";
import { OfferCard } from "@/features/offers/OfferCard";
import { useSession } from "@/features/session/session";
import { Tags } from "@/features/tags/Tags";
import { CancelVisitDialog, PlanDialog } from "@/features/visits/PlanDialog";
import { navigate, useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Link } from "@/ui/Link";
import { Menu, type MenuChoice } from "@/ui/Menu";
import { Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { Timeline, type Moment } from "@/ui/Timeline";
import { When } from "@/ui/When";
import { contracts, horizons, needState, outcomes } from "@/words/domain";
import { events } from "@/words/events";
import { NARROW, phone, plural, posts, siret } from "@/words/number";
import { clock, exact, longDay, now, relativeDay } from "@/words/time";
import { french } from "@/words/typography";
import { nameOf, StateBadge } from "./parts";
import { ExtendDialog, PromiseDialog, ReturnDialog } from "./promise";
import { Along, JointDialog } from "@/features/promises/Joint";
import { TransferDialog } from "@/features/promises/Transfers";
import style from "./Record.module.css";

const Potential = lazy(() => import("./Potential"));
const ClaimDialog = lazy(() => import("@/features/claims/ClaimDialog"));

type Open = "claim" | "give" | "ask" | "join" | "promise" | "extend" | "return" | "plan" | "contact" | "opposition" | "lift" | "offer" | "merge" | null;

export default function Record({ id, onClose }: { id: number; onClose: () => void }) {
  const { data, isPending, isError, error, refetch } = useQuery(recordQuery(id));
  return (
    <section className={style.record} aria-label="Fiche de l’établissement" data-testid="record">
      {isError ? (
        <>
          <div className={style.close}>
            <IconButton label="Fermer la fiche" icon="close" onPress={onClose} />
          </div>
          <Failure error={error} onRetry={() => void refetch()} />
        </>
      ) : isPending ? (
        <div className={style.loading}>
          <Skeleton rows={8} />
        </div>
      ) : (
        <Sheet record={data} onClose={onClose} />
      )}
    </section>
  );
}

function Sheet({ record, onClose }: { record: Establishment; onClose: () => void }) {
  const query = useQueryState();
  const session = useSession();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const writer = session.role === "adviser" || session.role === "manager";
  const touches = [["establishments"], ["establishment", record.id], ["map"], ["today"], ["visits"]];
  const oppose = useWrite((reason: string) => api.post("/api/establishments/{id}/oppositions", { path: { id: record.id }, body: reason ? { reason } : {} }), {
    touches,
    quiet: true,
    done: () => "Opposition enregistrée : elle engage tous les partenaires.",
    onDone: close,
  });
  const lift = useWrite((reason: string) => api.post("/api/oppositions/{id}/lift", { path: { id: record.opposition?.id ?? 0 }, body: { reason } }), {
    touches,
    quiet: true,
    done: () => "Opposition levée.",
    onDone: close,
  });
  const tab = query.get("onglet") ?? "fiche";
  const mineOpposition = record.opposition?.organisation.id === session.organisation.id;
  const shut = record.status === "F";
  const blocked = shut || record.state === "opposed" || record.merged !== null;

  const more: MenuChoice[] = [
    { id: "offer", label: "Déposer une offre", icon: "offers", run: () => setOpen("offer"), disabled: shut },
    { id: "contact", label: "Ajouter un interlocuteur", icon: "contact", run: () => setOpen("contact") },
    { id: "claim", label: "Signaler fermé, déménagé, injoignable", icon: "close", run: () => setOpen("claim"), disabled: shut },
    { id: "merge", label: "Fusionner avec…", icon: "review", run: () => setOpen("merge") },
    ...(record.opposition
      ? [{ id: "lift", label: "Lever l’opposition", icon: "free" as const, run: () => setOpen("lift"), disabled: !mineOpposition, detail: mineOpposition ? "" : "Seule la structure qui l’a enregistrée peut la lever." }]
      : [{ id: "oppose", label: "Enregistrer une opposition", icon: "opposed" as const, run: () => setOpen("opposition") }]),
  ];

  return (
    <>
      <header className={style.head}>
        <div className={style.title}>
          <h2>{nameOf(record)}</h2>
          <div className={style.tools}>
            {writer && !record.merged && <Menu label="Autres actions sur cet établissement" trigger={<span className={style.moreTrigger}>Autres actions</span>} groups={[{ id: "more", items: more }]} />}
            <IconButton label="Fermer la fiche" icon="close" onPress={onClose} />
          </div>
        </div>
        <p className={style.sub}>
          <StateBadge row={record} />
          {record.commune_name ?? record.city ?? "commune inconnue"}
          {record.naf_label && <> · {record.naf_label}</>}
          {record.is_head && <Badge>Siège</Badge>}
          {record.diffusion === "P" && <Badge tone="quiet" title="La personne s’est opposée à la diffusion de ses données : nom et adresse sont masqués.">Diffusion partielle</Badge>}
        </p>
        <JoinedNotes record={record} writer={writer} />
        <ClaimNotes claims={record.claims} writer={writer && !record.merged} />
        <Tags record={record} writer={writer} />
        <Holding record={record} />
        {writer && !record.merged && (
          <div className={classes(style.actions, "no-print")}>
            <MainActions record={record} blocked={blocked} onOpen={setOpen} />
          </div>
        )}
      </header>
      <Tabs
        label="Parties de la fiche"
        className={style.tabs}
        selected={tab}
        onSelect={(id) => query.set({ onglet: id === "fiche" ? null : id }, { replace: true })}
        items={[
          { id: "fiche", label: "Fiche", content: <Identity record={record} writer={writer && !record.merged} onAdd={writer && !record.merged ? () => setOpen("contact") : undefined} /> },
          { id: "besoins", label: "Besoins et offres", count: record.needs.length + record.offers.length, content: <NeedsAndOffers record={record} onOffer={writer && !shut && !record.merged ? () => setOpen("offer") : undefined} /> },
          { id: "historique", label: "Historique", content: <History record={record} /> },
        ]}
      />
      {open === "promise" && <PromiseDialog record={record} isOpen onClose={close} onTaken={setOpen} />}
      {open === "extend" && record.promise && <ExtendDialog promise={record.promise} isOpen onClose={close} />}
      {open === "return" && record.promise && <ReturnDialog promise={record.promise} isOpen onClose={close} />}
      {(open === "give" || open === "ask") && record.holder && <TransferDialog kind={open} promise={record.holder.promise} holder={record.holder.organisation.short_name} onClose={close} />}
      {open === "join" && record.holder?.visit && <JointDialog visit={record.holder.visit.id} planned={record.holder.visit.planned_at} mine={record.mine} onClose={close} />}
      {open === "plan" && <PlanDialog record={record} isOpen onClose={close} />}
      {open === "contact" && <ContactDialog establishment={record.id} isOpen onClose={close} />}
      {open === "claim" && (
        <Suspense>
          <ClaimDialog establishment={record.id} onClose={close} />
        </Suspense>
      )}
      {open === "merge" && <MergeDialog record={record} onClose={close} />}
      {open === "offer" && <OfferDialog establishment={record} isOpen onClose={close} />}
      <ReasonDialog
        title="Enregistrer une opposition"
        label="Ce que l’employeur a dit"
        confirm="Enregistrer l’opposition"
        help="L’opposition arrête les engagements et les sollicitations de tous les partenaires."
        isOpen={open === "opposition"}
        onClose={close}
        onConfirm={oppose.mutate}
        error={oppose.error}
        busy={oppose.isPending}
        required={false}
        danger
      />
      <ReasonDialog title="Lever l’opposition" label="Motif" confirm="Lever l’opposition" isOpen={open === "lift"} onClose={close} onConfirm={lift.mutate} error={lift.error} busy={lift.isPending} />
    </>
  );
}

/** Who holds it until when; or why nobody may call; or that it is free. */
function Holding({ record }: { record: Establishment }) {
  if (record.opposition)
    return (
      <div className={classes(style.holding, style.danger)}>
        <p>
          Opposition enregistrée par <Organisation name={record.opposition.organisation.name} network={record.opposition.organisation.network} size={16} />, <When at={record.opposition.at} />.
        </p>
        {record.opposition.reason && <p className={style.soft}>« {french(record.opposition.reason)} »</p>}
      </div>
    );
  if (record.holder)
    return (
      <div className={classes(style.holding, record.mine && style.mine)} data-testid="holder">
        <p>
          {record.mine ? "Votre structure s’est engagée : " : "Promis par "}
          <Organisation name={record.holder.organisation.name} network={record.holder.organisation.network} member={record.holder.member?.name} size={16} />
        </p>
        <p className={style.soft}>
          Visite avant le <time dateTime={record.holder.due_on} title={exact(record.holder.due_on)}>{longDay(record.holder.due_on)}</time>, {relativeDay(record.holder.due_on)}.
          {record.holder.suspended_until && <> Délai suspendu jusqu’au {longDay(record.holder.suspended_until)} : absence.</>}
          {record.holder.team && <> Équipe commune : {record.holder.team}.</>}
          {!record.mine && record.holder.organisation.phone && (
            <>
              {" "}
              <a href={`tel:${record.holder.organisation.phone}`}>{phone(record.holder.organisation.phone)}</a>
            </>
          )}
        </p>
        {record.promise?.transfers.map((transfer) => (
          <p key={transfer.id} className={style.soft}>
            Transfert {transfer.kind === "give" ? "proposé à" : "demandé par"} {transfer.to.name}, réponse avant le {longDay(transfer.expires_on)} : <Link href="/engagements?onglet=repondre">voir</Link>.
          </p>
        ))}
      </div>
    );
  if (record.state === "resting" && record.rest_until)
    return (
      <div className={style.holding}>
        <p>
          En repos jusqu’au {longDay(record.rest_until)}
          {record.last_contact_by && (
            <>
              {"\u202f: contacté par "}
              <Organisation name={record.last_contact_by.name} network={record.last_contact_by.network} size={16} />
            </>
          )}
          {record.last_contact_at && (
            <>
              {" "}
              <When at={record.last_contact_at} />
            </>
          )}
          .
        </p>
        <p className={style.soft}>Pendant ce délai, aucun partenaire ne sollicite l’employeur sans motif.</p>
      </div>
    );
  if (record.status === "F")
    return <div className={style.holding}>Établissement fermé{record.closed_on ? ` le ${longDay(record.closed_on)}` : ""} : il ne peut plus être prospecté.</div>;
  return null;
}

function useReportNow(record: Establishment) {
  return useWrite(() => api.post("/api/visits", { body: { establishment: record.id, planned_at: now().toISOString() } }), {
    touches: [["establishments"], ["establishment", record.id], ["today"], ["visits"]],
    onDone: (visit) => navigate(`/visites/${visit.id}/compte-rendu`),
  });
}

function MainActions({ record, blocked, onOpen }: { record: Establishment; blocked: boolean; onOpen: (open: Open) => void }) {
  const session = useSession();
  const report = useReportNow(record);
  const ours = record.visits_planned.find((visit) => visit.organisation.id === session.organisation.id);
  const reportButton = ours ? (
    <LinkButton href={`/visites/${ours.id}/compte-rendu`} look="primary" icon="note">
      Rendre compte
    </LinkButton>
  ) : (
    <Button icon="note" onPress={() => report.mutate(undefined)} isPending={report.isPending}>
      Rendre compte
    </Button>
  );
  if (record.mine)
    return (
      <>
        {ours ? (
          reportButton
        ) : (
          <>
            <Button look="primary" icon="plan" onPress={() => onOpen("plan")}>
              Planifier une visite
            </Button>
            {reportButton}
          </>
        )}
        {ours && (
          <Button icon="plan" onPress={() => onOpen("plan")}>
            Planifier une visite
          </Button>
        )}
        {record.promise && (
          <>
            <Button icon="due" onPress={() => onOpen("extend")}>
              Prolonger
            </Button>
            <Button look="quiet" icon="transfer" onPress={() => onOpen("give")}>
              Transférer
            </Button>
            {record.holder?.visit && !ours?.partner && (
              <Button look="quiet" icon="team" onPress={() => onOpen("join")}>
                Inviter un partenaire
              </Button>
            )}
            <Button look="quiet" icon="undo" onPress={() => onOpen("return")}>
              Rendre
            </Button>
          </>
        )}
      </>
    );
  if (ours) return reportButton;
  if (blocked) return null;
  // Held by a partner: the button stays, and teaches.
  return (
    <>
      <Button look={record.state === "free" ? "primary" : "plain"} icon="promise" onPress={() => onOpen("promise")}>
        Promettre une visite
      </Button>
      {record.holder ? (
        <>
          {record.holder.visit && (
            <Button icon="team" onPress={() => onOpen("join")}>
              Proposer une visite commune
            </Button>
          )}
          <Button look="quiet" icon="transfer" onPress={() => onOpen("ask")}>
            Demander le transfert
          </Button>
        </>
      ) : (
        <Button icon="plan" onPress={() => onOpen("plan")}>
          Planifier une visite
        </Button>
      )}
    </>
  );
}

const ruleWords: { [rule: string]: string } = { only: "seule valeur connue", recent: "valeur la plus récente", trusted: "source la plus fiable", confirmed: "valeur confirmée", pinned: "valeur choisie", sirene: "répertoire Sirene", demo: "données de démonstration", companies: "liste d’entreprises", partner: "fichier d’un partenaire" };

function Identity({ record, writer, onAdd }: { record: Establishment; writer: boolean; onAdd: (() => void) | undefined }) {
  const from = new Map(record.provenance.map((item) => [item.field, item]));
  const register = from.get("register");
  const source = (...fields: string[]) => {
    const item = fields.map((field) => from.get(field)).find(Boolean) ?? register;
    if (!item) return null;
    const given = item.field !== "register";
    // What comes from the register goes without saying: one line under the list says it for all.
    return (
      given && (
        <span className={style.source} title={`${item.source}, ${ruleWords[item.rule] ?? item.rule}, ${exact(item.at)}`}>
          {item.source}
        </span>
      )
    );
  };
  const rows: [string, ReactNode, ReactNode][] = [
    ["SIRET", record.siret ? <code className={style.code}>{siret(record.siret)}</code> : null, source()],
    ["Dénomination", record.legal_name, source("legal_name")],
    ["Enseigne", record.brand ?? record.usual_name, source("brand", "usual_name")],
    ["Adresse", [record.address, [record.postcode, record.city].filter(Boolean).join(" ")].filter(Boolean).join(", ") || null, source("address", "postcode", "city")],
    ["Activité", record.naf ? `${record.naf_label ?? ""} (${record.naf})` : record.naf_legacy ? `Ancien code ${record.naf_legacy}` : null, source("naf")],
    ["Effectif", record.size_label, source("size_band")],
    ["Téléphone", record.phone && <a href={`tel:${record.phone}`}>{phone(record.phone)}</a>, source("phone")],
    ["Courriel", record.email && <a href={`mailto:${record.email}`}>{record.email}</a>, source("email")],
    ["Ouverture", record.opened_on && longDay(record.opened_on), source()],
    ["Visites", record.visits > 0 ? <>{plural(record.visits, "visite")}{record.last_visit_at && <>, la dernière <When at={record.last_visit_at} /></>}</> : "aucune visite connue", null],
  ];
  const optional = new Set(["Enseigne", "Ouverture"]);
  return (
    <div className={style.panel}>
      {record.visits_planned.length > 0 && (
        <section aria-label="Visites prévues">
          <h3>Visites prévues</h3>
          <ul className={style.visits}>
            {record.visits_planned.map((visit) => (
              <PlannedVisit key={visit.id} visit={visit} />
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Identité">
        <h3>Identité</h3>
        <dl className={style.facts}>
          {rows
            .filter(([label, value]) => value || !optional.has(label))
            .map(([label, value, where]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <span className={value ? undefined : style.soft}>{value || "inconnu"}</span>
                  {value && where}
                </dd>
              </div>
            ))}
        </dl>
        {register && (
          <p className={style.register}>
            Sauf mention, valeurs du répertoire : {register.source}, {longDay(register.at)}.
          </p>
        )}
        {record.siblings > 0 && <p className={style.soft}>{plural(record.siblings, "autre établissement", "autres établissements")} de la même entreprise dans le territoire.</p>}
        {record.fictitious && <p className={style.fictitious}>Établissement fictif, créé pour la démonstration.</p>}
      </section>
      <Contacts contacts={record.contacts} establishment={record.id} onAdd={onAdd} />
      <Suspense fallback={null}>
        <Potential id={record.id} />
      </Suspense>
      <OpeningHours id={record.id} writer={writer} />
      <Values id={record.id} writer={writer} />
    </div>
  );
}

function PlannedVisit({ visit }: { visit: Visit }) {
  const session = useSession();
  const [open, setOpen] = useState<"move" | "cancel" | null>(null);
  const ours = visit.organisation.id === session.organisation.id;
  return (
    <li className={style.visit}>
      <div>
        <p className={style.strong}>
          <When at={visit.planned_at} as="appointment" />
        </p>
        <Organisation name={visit.organisation.short_name} network={visit.organisation.network} member={visit.member.name} size={16} />
        <Along visit={visit} />
        {visit.contact && <p className={style.soft}>avec {personName(visit.contact)}</p>}
      </div>
      {ours && session.role !== "administrator" && (
        <div className={style.visitActions}>
          <Button small icon="edit" onPress={() => setOpen("move")}>
            Déplacer
          </Button>
          <Button small look="quiet" onPress={() => setOpen("cancel")}>
            Annuler
          </Button>
        </div>
      )}
      {open === "move" && <PlanDialog visit={visit} isOpen onClose={() => setOpen(null)} />}
      {open === "cancel" && <CancelVisitDialog visit={visit} isOpen onClose={() => setOpen(null)} />}
    </li>
  );
}

function NeedsAndOffers({ record, onOffer }: { record: Establishment; onOffer: (() => void) | undefined }) {
  const [from, setFrom] = useState<Schema<"Need"> | null>(null);
  if (record.needs.length === 0 && record.offers.length === 0)
    return (
      <Message icon="need" title="Aucun besoin ni offre connus." action={onOffer && <Button icon="offers" onPress={onOffer}>Déposer une offre</Button>}>
        Les besoins se notent dans le compte rendu d’une visite.
      </Message>
    );
  return (
    <div className={style.panel}>
      {record.needs.length > 0 && (
        <section aria-label="Besoins">
          <h3>Besoins</h3>
          <ul className={style.needs}>
            {record.needs.map((need) => (
              <li key={need.id} className={style.need}>
                <div>
                  <p>
                    <Link href={`/besoins/${need.id}`} className={style.strong}>{need.rome_label}</Link> <span className={style.soft}>{need.rome ?? need.fap}</span>
                  </p>
                  <p className={style.soft}>
                    {posts(need.posts)}, {(horizons[need.horizon] ?? "").toLowerCase()}
                    {need.contract && `, ${contracts[need.contract]}`} · {needState[need.state]} · <When at={need.declared_at} />
                  </p>
                  <Organisation name={need.organisation.short_name} network={need.organisation.network} size={14} />
                </div>
                {onOffer && (need.state === "declared" || need.state === "confirmed") && need.offer === null && (
                  <Button small icon="offers" onPress={() => setFrom(need)}>
                    En faire une offre
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Offres">
        <div className={style.sectionHead}>
          <h3>Offres</h3>
          {onOffer && (
            <Button small look="quiet" icon="add" onPress={onOffer}>
              Déposer une offre
            </Button>
          )}
        </div>
        {record.offers.length === 0 ? (
          <p className={style.soft}>Aucune offre visible par votre réseau.</p>
        ) : (
          <ul className={style.offers}>
            {record.offers.map((offer) => (
              <li key={offer.id}>
                <OfferCard offer={offer} href={`/suivi-offres/${offer.id}`} />
              </li>
            ))}
          </ul>
        )}
      </section>
      {from && <OfferDialog establishment={record} need={from} isOpen onClose={() => setFrom(null)} />}
    </div>
  );
}

function History({ record }: { record: Establishment }) {
  const { data, isPending, isError, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(timelineQuery(record.id));
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={5} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Message icon="empty" title="Aucun partenaire n’a encore agi ici." />;
  return (
    <div className={style.panel}>
      <Timeline label="Ce que chaque partenaire a fait" moments={items.map(momentOf)} />
      {hasNextPage && (
        <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          Voir plus ancien
        </Button>
      )}
    </div>
  );
}

function momentOf(item: Schema<"TimelineItem">): Moment {
  const data = item.data as { [name: string]: unknown };
  const say = (name: string): string | null => (typeof data[name] === "string" ? (data[name] as string) : null);
  const word = events[item.kind] ?? { label: item.kind, icon: "info" as const };
  const lines: ReactNode[] = [];
  const parties = [say("from_organisation_name"), say("from_member_name")].filter(Boolean).join(", ");
  const other = [say("to_organisation_name"), say("to_member_name")].filter(Boolean).join(", ");
  if (parties && other) lines.push(`De ${parties} à ${other}`);
  else if (parties) lines.push(`Repris de ${parties}`);
  else if (other) lines.push(item.kind === "promise.made" ? `Confié à ${other}` : `À ${other}`);
  if (say("team_name")) lines.push(`Équipe commune : ${say("team_name")}`);
  const outcome = say("outcome");
  const due = say("due_on");
  const planned = say("planned_at");
  const opens = say("opens_at");
  const title = say("title");
  const name = say("name");
  const field = say("field");
  const value = say("value");
  if (name && item.kind.startsWith("establishment.")) lines.push(`${data["by"] === "succession" ? "Succession au répertoire : " : ""}${name}${say("siret") ? ` (${siret(say("siret") ?? "")})` : ""}`);
  if (field && value) lines.push(`${valueWords[field] ?? field} : ${printed(field, value)}`);
  if (say("closed_on")) lines.push(`Le ${longDay(say("closed_on") ?? "")}`);
  if (title) lines.push(`« ${french(title)} »`);
  const said = claimWords[say("kind") ?? ""];
  if (outcome) {
    const words = outcomes[outcome]?.label ?? outcome;
    lines.push(typeof data["visit"] === "number" ? <Link href={`/visites/${data["visit"]}/compte-rendu`}>{words}</Link> : words);
  }
  if (item.kind.startsWith("claim.") && said) lines.push(`Signalé ${said}${say("how") === "register" ? ", au répertoire Sirene" : ""}`);
  const was = say("was_due_on");
  if (due && was) lines.push(`Échéance du ${longDay(was)} portée au ${longDay(due)}`);
  else if (due) lines.push(`Avant le ${longDay(due)}`);
  const expires = say("expires_on");
  if (expires) lines.push(`Réponse attendue avant le ${longDay(expires)}`);
  if (planned) lines.push(`Le ${longDay(planned)} à ${clock(planned)}`);
  if (opens) lines.push(`S’ouvre à tous le ${longDay(opens)} à ${clock(opens)}`);
  for (const name of ["reason", "shared_note"]) {
    const words = say(name);
    if (words) lines.push(`« ${french(words)} »`);
  }
  const override = say("override_reason");
  if (override) lines.push(`Passe outre le délai de repos : « ${french(override)} »`);
  return {
    id: item.id,
    at: item.at,
    icon: word.icon,
    title: word.label,
    by: item.organisation ? <Organisation name={item.organisation.short_name} network={item.organisation.network} member={item.member} size={14} /> : (item.member ?? `Maillage${NARROW}: automatique`),
    text: (lines.length > 0 || item.network_note) && (
      <>
        {lines.map((line, index) => (
          <p key={index}>{line}</p>
        ))}
        {item.network_note && (
          <p>
            <strong>Note du réseau :</strong> {french(item.network_note)}
          </p>
        )}
      </>
    ),
  };
}
