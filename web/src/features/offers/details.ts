// What an offer says besides its first fields: as one types it, as the API takes it, as people read it.
import type { Offer } from "@/api/queries";
import { NARROW } from "@/words/number";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";

export type Details = NonNullable<Offer["details"]>;
export type Requirement = NonNullable<Details["requirements"]>[number];

export const experiences = { none: "Débutant accepté", wished: "Expérience souhaitée", required: "Expérience exigée" } as const;
export const periods = { hour: "par heure", month: "par mois", year: "par an", mission: "pour la mission" } as const;
export const units = { day: "jours", week: "semaines", month: "mois" } as const;
export const workTimes = { full: "Temps plein", part: "Temps partiel" } as const;
export const travels = ["Jamais", "Ponctuels", "Fréquents", "Quotidiens"] as const;
export const qualifications = ["Manœuvre", "Ouvrier spécialisé", "Ouvrier qualifié (P1, P2)", "Ouvrier qualifié (P3, P4, OHQ)", "Employé non qualifié", "Employé qualifié", "Technicien", "Agent de maîtrise", "Cadre"] as const;
export const asks = { skill: "Compétences", quality: "Qualités", training: "Formation", language: "Langues", licence: "Permis" } as const;
export type Ask = keyof typeof asks;

/** The texts of the form; lists are one item a line, ended by ! when it is required. */
export type DetailDraft = Record<
  "endsOn" | "duration" | "durationUnit" | "workTime" | "schedule" | "salaryMin" | "salaryMax" | "salaryPeriod" | "salaryMonths" | "benefits" | "experience" | "experienceMonths" | "qualification" | "travel" | "accessible" | "adapted" | "conditions" | "applyBy" | "applyUrl" | "applyEmail" | "applyPhone" | "applyNote" | Ask,
  string
>;

export const emptyDetails: DetailDraft = {
  endsOn: "", duration: "", durationUnit: "month", workTime: "", schedule: "", salaryMin: "", salaryMax: "", salaryPeriod: "month", salaryMonths: "", benefits: "", experience: "", experienceMonths: "", qualification: "", travel: "",
  accessible: "", adapted: "", conditions: "", applyBy: "collector", applyUrl: "", applyEmail: "", applyPhone: "", applyNote: "", skill: "", quality: "", training: "", language: "", licence: "",
};

const text = (value: number | string | null | undefined) => (value === null || value === undefined ? "" : String(value).replace(".", ","));
const lines = (value: string) => value.split("\n").map((line) => line.trim()).filter(Boolean);

export function draftOf(details: Details | undefined): DetailDraft {
  if (!details) return emptyDetails;
  const of = (kind: Ask) => (details.requirements ?? []).filter((item) => item.kind === kind).map((item) => item.label + (item.required ? " !" : "")).join("\n");
  return {
    endsOn: details.ends_on ?? "", duration: text(details.duration), durationUnit: details.duration_unit ?? "month", workTime: details.work_time ?? "", schedule: details.schedule ?? "", salaryMin: text(details.salary_min), salaryMax: text(details.salary_max),
    salaryPeriod: details.salary_period ?? "month", salaryMonths: text(details.salary_months), benefits: (details.benefits ?? []).join("\n"), experience: details.experience ?? "", experienceMonths: text(details.experience_months),
    qualification: text(details.qualification), travel: text(details.travel), accessible: details.accessible ? "yes" : "", adapted: details.adapted ? "yes" : "", conditions: (details.conditions ?? []).join("\n"), applyBy: details.apply_by ?? "collector", applyUrl: details.apply_url ?? "", applyEmail: details.apply_email ?? "",
    applyPhone: details.apply_phone ?? "", applyNote: details.apply_note ?? "", skill: of("skill"), quality: of("quality"), training: of("training"), language: of("language"), licence: of("licence"),
  };
}

const number = (value: string) => Number(value.replace(/[\s\u202f\u00a0]/g, "").replace(",", "."));

/** What the API takes; `kept` are the details that the form does not show. */
export function detailsOf(draft: DetailDraft, kept: Details = {}): Details {
  const paid = draft.salaryMin.trim() !== "" || draft.salaryMax.trim() !== "";
  const requirements: Requirement[] = [
    ...(Object.keys(asks) as Ask[]).flatMap((kind) => lines(draft[kind]).map((label) => ({ kind, label: label.replace(/\s*!$/, ""), required: label.endsWith("!") }))),
    ...(kept.requirements ?? []).filter((item) => !(item.kind in asks)),
  ];
  return {
    ...(kept.origin_reference ? { origin_reference: kept.origin_reference } : {}),
    ...(kept.origin_url ? { origin_url: kept.origin_url } : {}),
    ...(kept.apply_name ? { apply_name: kept.apply_name } : {}),
    ...(draft.endsOn ? { ends_on: draft.endsOn } : {}),
    ...(draft.duration.trim() ? { duration: number(draft.duration), duration_unit: draft.durationUnit as "month" } : {}),
    ...(draft.workTime ? { work_time: draft.workTime as "full" } : {}),
    ...(draft.schedule.trim() ? { schedule: draft.schedule.trim() } : {}),
    ...(draft.salaryMin.trim() ? { salary_min: number(draft.salaryMin) } : {}),
    ...(draft.salaryMax.trim() ? { salary_max: number(draft.salaryMax) } : {}),
    ...(paid ? { salary_period: draft.salaryPeriod as "month" } : {}),
    ...(draft.salaryMonths.trim() ? { salary_months: number(draft.salaryMonths) } : {}),
    ...(lines(draft.benefits).length ? { benefits: lines(draft.benefits) } : {}),
    ...(draft.experience ? { experience: draft.experience as "none" } : {}),
    ...(draft.experienceMonths.trim() && draft.experience !== "none" && draft.experience ? { experience_months: number(draft.experienceMonths) } : {}),
    ...(draft.qualification ? { qualification: Number(draft.qualification) } : {}),
    ...(requirements.length ? { requirements } : {}),
    ...(draft.travel ? { travel: Number(draft.travel) } : {}),
    ...(draft.accessible ? { accessible: true } : {}),
    ...(draft.adapted ? { adapted: true } : {}),
    ...(lines(draft.conditions).length ? { conditions: lines(draft.conditions) } : {}),
    apply_by: draft.applyBy as "collector",
    ...(draft.applyUrl.trim() ? { apply_url: draft.applyUrl.trim() } : {}),
    ...(draft.applyEmail.trim() ? { apply_email: draft.applyEmail.trim() } : {}),
    ...(draft.applyPhone.trim() ? { apply_phone: draft.applyPhone.trim() } : {}),
    ...(draft.applyNote.trim() ? { apply_note: draft.applyNote.trim() } : {}),
  };
}

export function detailFault(draft: DetailDraft): Partial<Record<keyof DetailDraft, string>> {
  const faults: Partial<Record<keyof DetailDraft, string>> = {};
  const within = (field: keyof DetailDraft, low: number, high: number, words: string) => {
    const value = number(draft[field]);
    if (draft[field].trim() && !(value >= low && value <= high)) faults[field] = words;
  };
  within("duration", 1, 999, "De 1 à 999.");
  within("salaryMin", 1, 1_000_000, "Un montant en euros.");
  within("salaryMax", 1, 1_000_000, "Un montant en euros.");
  within("salaryMonths", 1, 18, "De 1 à 18 mois.");
  within("experienceMonths", 1, 480, "De 1 à 480 mois.");
  if (draft.salaryMin.trim() && draft.salaryMax.trim() && number(draft.salaryMax) < number(draft.salaryMin)) faults.salaryMax = "Au moins le minimum.";
  if (draft.applyBy === "employer" && ![draft.applyUrl, draft.applyEmail, draft.applyPhone, draft.applyNote].some((value) => value.trim())) faults.applyBy = "Dites comment postuler.";
  if (draft.applyUrl.trim() && !/^https?:\/\/\S+$/.test(draft.applyUrl.trim())) faults.applyUrl = "Une adresse en https.";
  return faults;
}

// 12,20 €, as prices are written, and 13 €.
const euros = (amount: number) => `${new Intl.NumberFormat("fr-FR", { minimumFractionDigits: Number.isInteger(amount) ? 0 : 2, maximumFractionDigits: 2 }).format(amount)}${NARROW}€`;

/** How candidates reach the employer, which wants it so; nothing when they come to us. */
export const waysToApply = (details: Details): string[] =>
  details.apply_by === "employer" ? [details.apply_name, details.apply_url, details.apply_email, details.apply_phone, details.apply_note].filter((way): way is string => !!way) : [];

const amounts = (said: string) => (said.match(/\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?/g) ?? []).map(number);

/** Whether pay in words says more than its amounts do: « 12,80 € de l’heure » does not, « 12,80 € net + primes » does. */
function saysMore(salary: string, known: (number | undefined)[]): boolean {
  const rest = salary.toLowerCase().replace(/[\d\s\u00a0\u202f.,€+'’/()-]+/g, " ").trim();
  const plain = new Set(["", "à", "a", "de", "d", "l", "la", "le", "entre", "et", "eur", "euro", "euros", "brut", "bruts", "brute", "par", "heure", "h", "mois", "an", "mensuel", "horaire", "annuel", "salaire"]);
  return rest.split(" ").some((word) => !plain.has(word)) || amounts(salary).some((amount) => !known.includes(amount));
}

/** The lines that a sheet shows, those that say something. `salary`: the pay as somebody wrote it; amounts stand beside it on one line. */
export function detailFacts(details: Details, salary: string | null): [string, string][] {
  const { salary_min: low, salary_max: high, salary_period: period } = details;
  const pay = low && high && low !== high ? `De ${euros(low)} à ${euros(high)}` : low ? euros(low) : high ? `Jusqu’à ${euros(high)}` : "";
  const facts: [string, string | false | undefined][] = [
    ["Durée du contrat", details.duration !== undefined && details.duration_unit !== undefined && `${details.duration} ${units[details.duration_unit].replace(/s$/, details.duration > 1 || details.duration_unit === "month" ? "s" : "")}`],
    ["Valable jusqu’au", details.ends_on && longDay(details.ends_on)],
    ["Temps de travail", details.work_time && workTimes[details.work_time]],
    ["Horaires", details.schedule],
    ["Rémunération", [pay && `${pay} brut ${periods[period ?? "month"]}${details.salary_months && details.salary_months > 12 ? `, sur ${text(details.salary_months)} mois` : ""}`, salary && (!pay ? french(salary) : saysMore(salary, [low, high]) && `« ${french(salary)} »`)].filter(Boolean).join(", ")],
    ["Avantages", details.benefits?.join(", ")],
    ["Expérience", details.experience && `${experiences[details.experience]}${details.experience_months ? `, ${details.experience_months % 12 === 0 ? `${details.experience_months / 12} an${details.experience_months > 12 ? "s" : ""}` : `${details.experience_months} mois`}` : ""}`],
    ["Qualification", details.qualification !== undefined && qualifications[details.qualification - 1]],
    ...(Object.keys(asks) as Ask[]).map((kind): [string, string] => [asks[kind], (details.requirements ?? []).filter((item) => item.kind === kind).map((item) => item.label + (item.required ? " (exigé)" : "")).join(", ")]),
    ["Conditions", details.conditions?.join(", ")],
    ["Déplacements", details.travel !== undefined && travels[details.travel - 1]],
    ["Handicap", [details.accessible && "Poste accessible", details.adapted && "Entreprise adaptée"].filter(Boolean).join(", ")],
    ["Référence d’origine", details.origin_reference],
  ];
  return facts.filter((fact): fact is [string, string] => !!fact[1]);
}
