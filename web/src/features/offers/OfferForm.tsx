// The offer as one writes it: in the report of a visit, from a need, from the record, or corrected while it is a draft.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, newKey } from "@/api/client";
import { Refusal } from "@/api/refusal";
import { ground, searchEstablishments, searchRome, type Establishment, type Need, type Offer } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate } from "@/router";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { useDraft } from "@/ui/draft";
import { Kept } from "@/ui/Kept";
import { Checkbox, DayField, SearchSelect, Select, TextArea, TextField, toFirstFault, type Choice } from "@/ui/Field";
import { NetworkMark, networkName } from "@/ui/Network";
import { Refused } from "@/ui/Refused";
import { useSettled } from "@/ui/settled";
import { contracts, publics } from "@/words/domain";
import { plural } from "@/words/number";
import { Fold } from "@/ui/Fold";
import { asks, detailFault, detailsOf, draftOf, emptyDetails, experiences, periods, qualifications, travels, units, workTimes, type Ask, type DetailDraft, type Details } from "./details";
import { communeChoices, offerNetworks } from "./questions";
import style from "./Offers.module.css";

type Public = Offer["publics"][number];
/** employer: when the form asks for it. */
export type OfferDraft = { employer?: Choice | null; title: string; rome: Choice | null; contract: string; posts: string; description: string; startsOn: string; hours: string; salary: string; publics: Public[]; commune: Choice | null; details: DetailDraft; version?: number };

export const emptyOffer: OfferDraft = { title: "", rome: null, contract: "", posts: "1", description: "", startsOn: "", hours: "", salary: "", publics: [], commune: null, details: emptyDetails };

type Faults = Partial<Record<keyof OfferDraft | keyof DetailDraft, string>>;
type Contract = Offer["contract"];

/** The details of a draft; one kept on this device from before has none. */
const detailed = (draft: OfferDraft): DetailDraft => ({ ...emptyDetails, ...draft.details });

export function offerFault(draft: OfferDraft): Faults {
  const faults: Faults = {};
  if (draft.title.trim().length < 3) faults.title = "Donnez un intitulé.";
  if (!draft.rome) faults.rome = "Choisissez un métier.";
  if (!draft.contract) faults.contract = "Choisissez un contrat.";
  const posts = Number(draft.posts);
  if (!Number.isInteger(posts) || posts < 1 || posts > 500) faults.posts = "De 1 à 500 postes.";
  const hours = Number(draft.hours.replace(",", "."));
  if (draft.hours && !(hours >= 1 && hours <= 48)) faults.hours = "De 1 à 48 heures.";
  return { ...faults, ...detailFault(detailed(draft)) };
}

/** The fields of each fold, which opens when one of them says something or is wrong. */
const folds = {
  dates: ["endsOn", "duration", "durationUnit", "workTime", "schedule"],
  pay: ["salaryMin", "salaryMax", "salaryPeriod", "salaryMonths", "benefits"],
  asked: ["experience", "experienceMonths", "qualification", ...(Object.keys(asks) as Ask[])],
  terms: ["travel", "conditions", "applyBy"],
  apply: ["applyUrl", "applyEmail", "applyPhone", "applyNote"],
} satisfies Record<string, (keyof DetailDraft)[]>;

/** The faults that the server found, under the names of our fields; and the words of those that no field of this form shows. */
function serverFaults(error: unknown, draft: OfferDraft, asksEmployer: boolean): { faults: Faults; others: string[] } {
  if (!(error instanceof Refusal)) return { faults: {}, others: [] };
  const names: Record<string, string> = { establishment: "employer", "details.salary_period": "salaryMin" };
  const shown = new Set<string>([
    ...["title", "rome", "contract", "posts", "commune", "description", "startsOn", "hours", "salary"],
    ...folds.dates, ...folds.pay, ...folds.asked, ...folds.terms,
    ...(detailed(draft).applyBy === "employer" ? folds.apply : []),
    ...(asksEmployer ? ["employer"] : []),
  ]);
  const named = error.fields.map((item) => ({ name: names[item.field] ?? item.field.replace(/^details\./, "").replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), message: item.message }));
  return {
    faults: Object.fromEntries(named.filter(({ name }) => shown.has(name)).map(({ name, message }) => [name, message])),
    others: named.filter(({ name }) => !shown.has(name)).map(({ message }) => message),
  };
}

export function offerBody(draft: OfferDraft, kept?: Details) {
  return {
    details: detailsOf(detailed(draft), kept),
    title: draft.title.trim(),
    rome: draft.rome?.id ?? "",
    contract: draft.contract as Contract,
    posts: Number(draft.posts) || 1,
    description: draft.description.trim(),
    publics: draft.publics,
    starts_on: draft.startsOn || null,
    hours: draft.hours ? Number(draft.hours.replace(",", ".")) : null,
    salary: draft.salary.trim() || null,
    commune: draft.commune?.id ?? null,
  };
}

/** « Tous publics » says all there is to say: it stands alone, and gives way to one that is named. */
const toggled = (publics: Public[], code: Public, on: boolean): Public[] =>
  !on ? publics.filter((item) => item !== code)
  : code === "all" ? ["all"]
  : [...publics.filter((item) => item !== "all"), code];

/** Occupations that the title speaks of, to take with one press: by all its words, else by the first. */
function Likely({ title, onChoose }: { title: string; onChoose: (rome: Choice) => void }) {
  const said = useSettled(title.replace(/\(?\b[hf]\s*\/\s*[hf]\b\)?/i, "").trim(), 400);
  const near = useQuery({
    queryKey: ["rome near", said],
    enabled: said.length >= 4,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const found = await searchRome(said, signal);
      const first = said.split(/\s+/)[0] ?? "";
      return found.length > 0 || first.length < 4 ? found : searchRome(first, signal);
    },
  });
  const items = near.data?.slice(0, 3) ?? [];
  if (items.length === 0) return null;
  return (
    <p className={style.likely}>
      Peut-être{" "}
      {items.map((item) => (
        <Button key={item.id} small onPress={() => onChoose({ ...item, detail: item.id })}>{item.label}</Button>
      ))}
    </p>
  );
}

/** `isFirst`: the form begins here, with the keyboard in it. */
export function OfferFields({ draft, onChange, faults, isFirst = false }: { draft: OfferDraft; onChange: (part: Partial<OfferDraft>) => void; faults: Faults; isFirst?: boolean }) {
  const { promise } = useSession();
  const networks = useQuery(offerNetworks(draft.publics, draft.contract as Contract | "", draft.rome?.id ?? "")).data?.networks;
  const communes = communeChoices(useQuery(ground).data);
  return (
    <div className={style.fields}>
      <TextField label="Intitulé de l’offre" required autoFocus={isFirst} value={draft.title} onChange={(title) => onChange({ title })} maxLength={160} error={faults.title} className={style.whole} />
      <SearchSelect
        label="Métier de l’offre (ROME)"
        required
        value={draft.rome}
        onChange={(rome) => onChange({ rome, ...(draft.title || !rome ? {} : { title: rome.label }) })}
        search={searchRome}
        placeholder="Code ou mots du métier"
        error={faults.rome}
        className={style.whole}
      />
      {!draft.rome && <Likely title={draft.title} onChoose={(rome) => onChange({ rome })} />}
      <Select label="Contrat de l’offre" required value={draft.contract || null} onChange={(contract) => onChange({ contract })} choices={Object.entries(contracts).map(([id, label]) => ({ id, label }))} error={faults.contract} />
      <TextField label="Nombre de postes" required type="number" inputMode="numeric" min={1} max={500} value={draft.posts} onChange={(posts) => onChange({ posts })} error={faults.posts} />
      <SearchSelect label="Lieu de travail" choices={communes} value={draft.commune ?? null} onChange={(commune) => onChange({ commune })} placeholder="La commune de l’établissement" error={faults.commune} className={style.whole} />
      <TextArea label="Description" value={draft.description} onChange={(description) => onChange({ description })} rows={5} maxLength={6000} help="Sans nom de personne ni coordonnées : elle deviendra publique." error={faults.description} className={style.whole} />
      <div className={style.whole} role="group" aria-label="Publics auxquels l’offre convient">
        <p className={style.label}>Publics auxquels l’offre convient</p>
        <div className={style.publics}>
          {(Object.entries(publics) as [Public, string][]).map(([code, label]) => (
            <Checkbox key={code} isSelected={draft.publics.includes(code)} onChange={(on) => onChange({ publics: toggled(draft.publics, code, on) })}>
              {label}
            </Checkbox>
          ))}
        </div>
        <p className={style.routing}>
          Réservée {plural(promise.reservation_days, "jour")}{" "}
          {networks
            ? networks.map((network, index) => (
                <span key={network} className={style.public}>
                  {index === 0 ? "à " : index === networks.length - 1 ? " et " : ", "}
                  <NetworkMark network={network} size={15} /> {networkName(network)}
                </span>
              ))
            : "aux réseaux que dit la convention"}
          , puis ouverte à tous.
        </p>
      </div>
      <More draft={draft} onChange={onChange} faults={faults} />
    </div>
  );
}

const choicesOf = (words: Record<string, string>, none: string): Choice[] => [{ id: "", label: none }, ...Object.entries(words).map(([id, label]) => ({ id, label }))];
const numbered = (words: readonly string[], none: string): Choice[] => [{ id: "", label: none }, ...words.map((label, index) => ({ id: String(index + 1), label }))];

/** What most offers leave open: when and how one works, for what pay, what is asked, how one applies. */
function More({ draft, onChange, faults }: { draft: OfferDraft; onChange: (part: Partial<OfferDraft>) => void; faults: Faults }) {
  const more = detailed(draft);
  const set = (part: Partial<DetailDraft>) => onChange({ details: { ...more, ...part } });
  const field = (name: keyof DetailDraft) => ({ value: more[name], onChange: (value: string) => set({ [name]: value }), error: faults[name] });
  const said = (...names: (keyof DetailDraft)[]) => names.some((name) => more[name].trim() !== "" && more[name] !== emptyDetails[name]);
  const wrong = (...names: (keyof Faults)[]) => names.some((name) => faults[name]);
  return (
    <>
      <Fold title="Dates et durée" open={!!draft.startsOn || !!draft.hours || said(...folds.dates) || wrong("hours", "startsOn", ...folds.dates)}>
        <DayField label="Début" value={draft.startsOn} onChange={(startsOn) => onChange({ startsOn })} error={faults.startsOn} />
        <DayField label="Valable jusqu’au" help="Elle n’est plus ouverte après ce jour." {...field("endsOn")} />
        <TextField label="Heures par semaine" inputMode="decimal" value={draft.hours} onChange={(hours) => onChange({ hours })} error={faults.hours} />
        <Select label="Temps de travail" choices={choicesOf(workTimes, "Non précisé")} {...field("workTime")} />
        <TextField label="Durée du contrat" inputMode="numeric" {...field("duration")} />
        <Select label="en" choices={Object.entries(units).map(([id, label]) => ({ id, label }))} {...field("durationUnit")} />
        <TextField label="Horaires" maxLength={200} placeholder="Du mardi au samedi, de 6 h à 13 h" {...field("schedule")} />
      </Fold>
      <Fold title="Rémunération" open={!!draft.salary || said(...folds.pay) || wrong("salary", ...folds.pay)}>
        <TextField label="Minimum brut" inputMode="decimal" {...field("salaryMin")} />
        <TextField label="Maximum brut" inputMode="decimal" {...field("salaryMax")} />
        <Select label="Période" choices={Object.entries(periods).map(([id, label]) => ({ id, label }))} {...field("salaryPeriod")} />
        <TextField label="Nombre de mois" inputMode="decimal" placeholder="12, 13…" {...field("salaryMonths")} />
        <TextField label="Salaire, en clair" value={draft.salary} onChange={(salary) => onChange({ salary })} maxLength={120} placeholder="1 900 € brut par mois" error={faults.salary} className={style.whole} />
        <TextArea label="Avantages" rows={2} maxLength={600} help="Un par ligne : panier, mutuelle, logement…" {...field("benefits")} className={style.whole} />
      </Fold>
      <Fold title="Ce qui est demandé" open={said(...folds.asked) || wrong(...folds.asked)}>
        <Select label="Expérience" choices={choicesOf(experiences, "Non précisée")} {...field("experience")} />
        <TextField label="Durée d’expérience, en mois" inputMode="numeric" {...field("experienceMonths")} />
        <Select label="Qualification" choices={numbered(qualifications, "Non précisée")} {...field("qualification")} />
        {(Object.keys(asks) as Ask[]).map((kind) => (
          <TextArea key={kind} label={asks[kind]} rows={2} maxLength={1200} help={kind === "skill" || kind === "quality" ? "Une par ligne ; finissez par « ! » ce qui est exigé." : "Une ligne chacun."} {...field(kind)} />
        ))}
      </Fold>
      <Fold title="Conditions et candidature" open={said("accessible", "adapted", ...folds.terms, ...folds.apply) || wrong(...folds.terms, ...folds.apply)}>
        <Select label="Déplacements" choices={numbered(travels, "Non précisés")} {...field("travel")} />
        <Checkbox isSelected={more.accessible !== ""} onChange={(on) => set({ accessible: on ? "yes" : "" })}>
          Poste accessible aux personnes handicapées
        </Checkbox>
        <Checkbox isSelected={more.adapted !== ""} onChange={(on) => set({ adapted: on ? "yes" : "" })}>
          Entreprise adaptée
        </Checkbox>
        <TextArea label="Conditions d’exercice" rows={2} maxLength={600} help="Une par ligne : port de charges, travail de nuit…" {...field("conditions")} className={style.whole} />
        <Select label="Les candidats s’adressent" choices={[{ id: "collector", label: "À nous" }, { id: "employer", label: "À l’employeur, qui l’accepte" }]} {...field("applyBy")} />
        {more.applyBy === "employer" && (
          <>
            <TextField label="Adresse pour postuler" maxLength={500} placeholder="https://" {...field("applyUrl")} />
            <TextField label="Courriel pour postuler" maxLength={160} {...field("applyEmail")} />
            <TextField label="Téléphone pour postuler" maxLength={30} {...field("applyPhone")} />
            <TextField label="Consigne" maxLength={500} {...field("applyNote")} className={style.whole} />
          </>
        )}
      </Fold>
    </>
  );
}

/** Without an establishment, the form asks for the employer. */
type OfferDialogProps = { establishment?: Pick<Establishment, "id" | "name">; need?: Need; offer?: Offer; isOpen: boolean; onClose: () => void };

function startOf(need: Need | undefined, offer: Offer | undefined): OfferDraft {
  if (offer)
    return {
      title: offer.title,
      rome: { id: offer.rome, label: offer.rome_label, detail: offer.rome },
      contract: offer.contract,
      posts: String(offer.posts),
      description: offer.description,
      startsOn: offer.starts_on ?? "",
      hours: offer.hours === null || offer.hours === undefined ? "" : String(offer.hours).replace(".", ","),
      salary: offer.salary ?? "",
      publics: offer.publics,
      commune: offer.commune_code ? { id: offer.commune_code, label: offer.commune ?? offer.commune_code } : null,
      details: draftOf(offer.details),
      version: offer.version,
    };
  if (need) return { ...emptyOffer, title: need.rome_label, rome: need.rome ? { id: need.rome, label: need.rome_label, detail: need.rome } : null, posts: String(Math.max((need.posts ?? 1) - need.posts_filled, 1)), contract: need.contract ?? "" };
  return emptyOffer;
}

export function OfferDialog({ establishment, need, offer, isOpen, onClose }: OfferDialogProps) {
  const [draft, change, clear, kept] = useDraft<OfferDraft>(`offer.${offer ? `edit.${offer.id}` : `${establishment?.id ?? "any"}.${need?.id ?? "new"}`}`, startOf(need, offer));
  const [checked, check] = useState(false);
  const [key] = useState(newKey);
  const employer = establishment?.id ?? Number(draft.employer?.id ?? 0);
  const wrong = (): Faults => ({ ...(employer || offer ? {} : { employer: "Choisissez un employeur." }), ...offerFault(draft) });
  const write = useWrite(
    (_, version) =>
      offer
        ? api.patch("/api/offers/{id}", { path: { id: offer.id }, version, body: offerBody(draft, offer.details) })
        : api.post("/api/offers", { key, body: { ...offerBody(draft), establishment: employer, ...(need ? { need: need.id, ...(need.visit ? { visit: need.visit } : {}) } : {}) } }),
    {
      version: offer?.version,
      begun: offer && draft.version,
      touches: [["establishment", employer], ["offers"], ...(offer ? [["offer", offer.id]] : []), ["today"]],
      quiet: true,
      done: () => (offer ? "Offre modifiée." : "Offre préparée : confirmez-la avec l’employeur."),
      onDone: (answer) => {
        clear();
        onClose();
        if (!offer) navigate(`/suivi-offres/${answer.id}`);
      },
    },
  );
  const refused = serverFaults(write.error, draft, !establishment && !offer);
  const faults = { ...(checked ? wrong() : {}), ...refused.faults };
  return (
    <Dialog title={offer ? "Modifier l’offre" : ["Déposer une offre", establishment?.name].filter(Boolean).join("\u202f: ")} isOpen={isOpen} onClose={onClose} wide>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (Object.keys(wrong()).length === 0) write.mutate(undefined, { onError: toFirstFault });
          else toFirstFault();
        }}
      >
        {kept && <Kept onDrop={clear} {...(offer ? { again: "Repartir de l’offre enregistrée" } : {})} />}
        {!establishment && !offer && (
          <SearchSelect label="Employeur" required value={draft.employer ?? null} onChange={(value) => change({ employer: value })} search={searchEstablishments} placeholder="Nom ou SIRET" error={faults.employer} autoFocus />
        )}
        <OfferFields draft={draft} onChange={change} faults={faults} isFirst={establishment !== undefined} />
        {write.error && (refused.others.length > 0 || Object.keys(refused.faults).length === 0) && (
          <Refused error={write.error}>
            {refused.others.map((words) => (
              <p key={words}>{words}</p>
            ))}
          </Refused>
        )}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            {offer ? "Enregistrer" : "Enregistrer le brouillon"}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
