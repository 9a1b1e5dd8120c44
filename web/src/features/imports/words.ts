// What the desk says of columns, lines and steps. Apart from the shared words: only this page needs them.
import type { IconName } from "@/ui/Icon";
import type { Tone } from "@/ui/Badge";

// What a column of a partner's file means.
export const meanings: Record<string, string> = {
  siret: "SIRET",
  siren: "SIREN",
  nic: "NIC (fin du SIRET)",
  name: "Raison sociale",
  brand: "Enseigne",
  address: "Adresse",
  postcode: "Code postal",
  city: "Commune",
  commune_code: "Code commune (Insee)",
  naf: "Code NAF",
  phone: "Téléphone de l’établissement",
  email: "Courriel de l’établissement",
  contact: "Nom du contact",
  given_name: "Prénom du contact",
  position: "Fonction du contact",
  contact_phone: "Téléphone du contact",
  contact_email: "Courriel du contact",
  notes: "Notes",
  own_key: "Votre identifiant",
};

export const lineOutcomes: Record<string, { label: string; many: string; tone: Tone; icon: IconName }> = {
  linked: { label: "Reconnue", many: "reconnues", tone: "good", icon: "check" },
  created: { label: "Nouvelle", many: "nouvelles", tone: "accent", icon: "add" },
  review: { label: "À revoir", many: "à revoir", tone: "warn", icon: "edit" },
  unusable: { label: "Inutilisable", many: "inutilisables", tone: "danger", icon: "alert" },
};

export const importStep: Record<string, string> = {
  waiting: "Le fichier attend son tour",
  reading: "Lecture des lignes",
  matching: "Recherche des établissements",
  creating: "Ajout des nouveaux établissements",
  keeping: "Conservation des lignes telles que reçues",
  linking: "Rattachement aux établissements",
  values: "Valeurs manquantes complétées",
  contacts: "Ajout des contacts",
  reverting: "Retrait de ce qui venait du fichier",
};
