// What feeds of offers are made of and what becomes of them, in words.
import { NARROW } from "@/words/number";
import { longDay } from "@/words/time";
import type { Tone } from "@/ui/Badge";
import type { IconName } from "@/ui/Icon";

type Word = { label: string; tone: Tone; icon: IconName };

export const runState: Record<string, Word> = {
  waiting: { label: "En cours", tone: "warn", icon: "clock" },
  done: { label: "Lu", tone: "good", icon: "check" },
  unchanged: { label: "Inchangé", tone: "quiet", icon: "check" },
  held: { label: "À décider", tone: "warn", icon: "alert" },
  failed: { label: "En échec", tone: "danger", icon: "warning" },
};

export const runCause: Record<string, string> = { schedule: "à l’heure prévue", asked: "à la demande", upload: "fichier déposé", layout: "description changée" };

export const offerState: Record<string, Word> = {
  incomplete: { label: "À compléter", tone: "warn", icon: "alert" },
  offer: { label: "Offre", tone: "good", icon: "check" },
  ended: { label: "Terminée", tone: "quiet", icon: "kept" },
  aside: { label: "Mise de côté", tone: "quiet", icon: "opposed" },
};

export const lacking: Record<string, string> = { title: "l’intitulé", employer: "l’employeur", rome: "le métier", contract: "le contrat", place: "la commune de travail" };

export const tiedBy: Record<string, string> = { siret: "par son SIRET", siren: "par son SIREN", linkage: "par son nom et son lieu", person: "par une personne" };

/** What an offer is made of, in the order in which a person describes it; the first ones are needed. */
export const fields: { id: string; label: string; needed?: boolean }[] = [
  { id: "reference", label: "Référence", needed: true },
  { id: "titre", label: "Intitulé", needed: true },
  { id: "description", label: "Description" },
  { id: "contrat", label: "Contrat" },
  { id: "rome", label: "Code ROME" },
  { id: "appellation", label: "Appellation du métier (ou son code OGR)" },
  { id: "siret", label: "SIRET de l’employeur" },
  { id: "siren", label: "SIREN de l’employeur" },
  { id: "entreprise", label: "Nom de l’employeur" },
  { id: "code_postal", label: "Code postal" },
  { id: "ville", label: "Ville" },
  { id: "commune", label: "Code INSEE de la commune" },
  { id: "departement", label: "Département" },
  { id: "postes", label: "Nombre de postes" },
  { id: "debut", label: "Début" },
  { id: "fin", label: "Valable jusqu’au" },
  { id: "heures", label: "Heures par semaine" },
  { id: "salaire", label: "Salaire" },
  { id: "adresse_web", label: "Adresse de l’annonce" },
  { id: "salaire_min", label: "Salaire minimum" },
  { id: "salaire_max", label: "Salaire maximum" },
  { id: "salaire_periode", label: "Période du salaire" },
  { id: "temps", label: "Temps plein ou partiel" },
  { id: "duree", label: "Durée du contrat" },
  { id: "experience", label: "Expérience" },
  { id: "experience_mois", label: "Durée d’expérience" },
  { id: "competences", label: "Compétences" },
  { id: "formation", label: "Formation" },
  { id: "langues", label: "Langues" },
  { id: "permis", label: "Permis" },
  { id: "qualites", label: "Qualités" },
  { id: "avantages", label: "Avantages" },
  { id: "conditions", label: "Conditions d’exercice" },
  { id: "horaires", label: "Horaires" },
  { id: "salaire_mois", label: "Salaire sur tant de mois" },
  { id: "qualification", label: "Qualification (1 à 9)" },
  { id: "deplacements", label: "Déplacements" },
  { id: "accessible", label: "Poste accessible aux travailleurs handicapés" },
  { id: "adaptee", label: "Entreprise adaptée" },
  { id: "candidature", label: "Qui reçoit les candidatures" },
  { id: "contact", label: "Nom du contact" },
  { id: "telephone", label: "Téléphone pour postuler" },
  { id: "courriel", label: "Courriel pour postuler" },
  { id: "adresse_postuler", label: "Adresse pour postuler" },
  { id: "consigne", label: "Consigne pour postuler" },
  { id: "etat", label: "État (ouverte, fermée)" },
  { id: "latitude", label: "Latitude" },
  { id: "longitude", label: "Longitude" },
];

export const fieldName = (id: string) => fields.find((field) => field.id === id)?.label ?? id;

/** Columns of our offers, as a difference with the feed names them. */
export const columnName: Record<string, string> = {
  title: "Intitulé", rome: "Métier", contract: "Contrat", description: "Description", posts: "Postes", hours: "Heures", starts_on: "Début", ends_on: "Valable jusqu’au", salary: "Salaire",
  commune_code: "Commune", origin_url: "Adresse de l’annonce", salary_min: "Salaire minimum", salary_max: "Salaire maximum", salary_period: "Période du salaire",
  salary_months: "Salaire sur tant de mois", work_time: "Temps plein ou partiel", duration: "Durée du contrat", duration_unit: "Unité de la durée", experience: "Expérience",
  experience_months: "Durée d’expérience", requirements: "Ce qui est demandé", schedule: "Horaires", qualification: "Qualification", benefits: "Avantages", conditions: "Conditions d’exercice",
  travel: "Déplacements", accessible: "Accessible aux travailleurs handicapés", adapted: "Entreprise adaptée", apply_by: "Qui reçoit les candidatures", apply_name: "Contact",
  apply_phone: "Téléphone pour postuler", apply_email: "Courriel pour postuler", apply_url: "Adresse pour postuler", apply_note: "Consigne pour postuler",
};

const yes: Record<string, string> = { true: "Oui", false: "Non" };
const periods: Record<string, string> = { hour: "par heure", month: "par mois", year: "par an", mission: "pour la mission" };
const units: Record<string, [string, string]> = { day: ["jour", "jours"], week: ["semaine", "semaines"], month: ["mois", "mois"] };

const amount = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });
const cents = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const money = (value: number) => `${(Number.isInteger(value) ? amount : cents).format(value)}${NARROW}€`;

/** A value of a feed, brought to our form, as people read it. */
export function valueText(id: string, value: string, contracts: Record<string, string>): string {
  if (id === "contrat") return contracts[value] ?? value;
  if (id === "salaire_periode") return periods[value] ?? value;
  if (id === "temps") return value === "full" ? "Temps plein" : "Temps partiel";
  if (id === "experience") return { none: "Débutant accepté", wished: "Souhaitée", required: "Exigée" }[value] ?? value;
  if (id === "accessible" || id === "adaptee") return yes[value] ?? value;
  if (id === "candidature") return value === "employer" ? "L’employeur" : "La structure";
  if (id === "experience_mois") return `${value} mois`;
  if (id === "duree") {
    const [n, unit] = value.split(" ");
    return `${n} ${units[unit ?? ""]?.[n === "1" ? 0 : 1] ?? unit}`;
  }
  if (id === "salaire_min" || id === "salaire_max") return money(Number(value));
  if (id === "heures") return `${amount.format(Number(value))}${NARROW}h`;
  if (id === "debut" || id === "fin") return longDay(value);
  const line = id === "description" ? value.replace(/\s*\n\s*(- )?/g, " ") : value.replaceAll("\n", ", ");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
