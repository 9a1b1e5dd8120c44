// Fields, rules and moved things, as French words.
import type { Schema } from "@/api/client";
import { sizeBands } from "@/words/domain";
import { phone, plural } from "@/words/number";

type Value = Schema<"Value">;

export const fieldWords: Record<string, string> = {
  legal_name: "Dénomination",
  usual_name: "Nom usuel",
  brand: "Enseigne",
  address: "Adresse",
  postcode: "Code postal",
  city: "Ville",
  naf: "Activité",
  size_band: "Effectif",
  phone: "Téléphone",
  email: "Courriel",
};

export const ruleWords: Record<Value["rule"], string> = {
  none: "aucune valeur",
  only: "seule valeur connue",
  recent: "la plus récente",
  trusted: "source la plus fiable",
  confirmed: "confirmée lors d’une visite",
  pinned: "choisie",
};

/** A value as it is printed. */
export function printed(field: string, value: string): string {
  if (field === "phone") return phone(value);
  if (field === "size_band") return sizeBands.find((band) => band.id === value)?.label ?? value;
  return value;
}

/** Who gave a value. */
export function giver(of: Pick<Value, "source" | "by" | "member">): string {
  if (of.source === "register") return "Répertoire";
  const who = of.by?.short_name ?? "Partenaire";
  return of.source === "member" && of.member ? `${who}, ${of.member}` : who;
}

const things: [string, string, string][] = [
  ["visit", "visite", "visites"],
  ["promise", "engagement", "engagements"],
  ["contact", "interlocuteur", "interlocuteurs"],
  ["need", "besoin", "besoins"],
  ["offer", "offre", "offres"],
  ["contact_event", "sollicitation", "sollicitations"],
  ["opposition", "opposition", "oppositions"],
  ["link", "ligne de fichier", "lignes de fichier"],
  ["value_statement", "valeur choisie ou confirmée", "valeurs choisies ou confirmées"],
];

/** What a merge would move, counted; what has no word here goes without saying. */
export function movedWords(moved: Record<string, number>): string {
  const words = things.filter(([name]) => (moved[name] ?? 0) > 0).map(([name, one, many]) => plural(moved[name] ?? 0, one, many));
  return words.length > 0 ? words.join(", ") : "rien d’autre que la fiche";
}
