// Domain codes as French words.
import type { IconName } from "@/ui/Icon";
import type { Tone } from "@/ui/Badge";

type Word = { label: string; tone: Tone; icon: IconName; help: string };

export const standing: Record<string, Word> = {
  free: { label: "Libre", tone: "accent", icon: "free", help: "Aucun partenaire ne s’est engagé ; la visite peut être promise." },
  promised: { label: "Promis", tone: "warn", icon: "promise", help: "Une structure s’est engagée à voir cet employeur." },
  resting: { label: "En repos", tone: "quiet", icon: "resting", help: "Un partenaire l’a contacté récemment ; personne ne le sollicite avant la fin du délai de repos." },
  opposed: { label: "Opposition", tone: "danger", icon: "opposed", help: "L’employeur refuse d’être sollicité ; son refus engage tous les partenaires." },
};

export const offerState: Record<string, Word> = {
  draft: { label: "Brouillon", tone: "neutral", icon: "edit", help: "À confirmer avec l’employeur." },
  confirmed: { label: "Confirmée", tone: "accent", icon: "check", help: "Confirmée avec l’employeur." },
  reserved: { label: "Réservée", tone: "warn", icon: "reserved", help: "Visible des réseaux destinataires seulement, jusqu’à son ouverture." },
  open: { label: "Ouverte à tous", tone: "good", icon: "open", help: "Visible de tous, y compris sur la page publique." },
  filled: { label: "Pourvue", tone: "quiet", icon: "kept", help: "Tous les postes sont pourvus." },
  withdrawn: { label: "Retirée", tone: "danger", icon: "opposed", help: "Retirée, avec un motif." },
  expired: { label: "Expirée", tone: "quiet", icon: "clock", help: "Arrivée à son terme sans être pourvue." },
};

export const referralState: Record<string, { label: string; tone: Tone; icon: IconName }> = {
  proposed: { label: "Proposée", tone: "warn", icon: "clock" },
  met: { label: "En entretien", tone: "accent", icon: "contact" },
  hired: { label: "Recrutée", tone: "good", icon: "kept" },
  refused: { label: "Non retenue", tone: "quiet", icon: "close" },
  withdrawn: { label: "Retirée", tone: "quiet", icon: "undo" },
};

/** What a collector may answer; the same words for all partners. */
export const refusals: Record<string, string> = {
  profile: "Profil trop éloigné du poste",
  unavailable: "Candidat indisponible",
  distance: "Trajet trop long",
  employer: "Non retenu par l’employeur après un entretien",
  absent: "Ne s’est pas présenté",
  twice: "Déjà proposé par un autre partenaire",
};

export const visitState: Record<string, { label: string; tone: Tone; icon: IconName }> = {
  planned: { label: "Prévue", tone: "accent", icon: "visits" },
  done: { label: "Faite", tone: "good", icon: "kept" },
  cancelled: { label: "Annulée", tone: "quiet", icon: "close" },
};

export const importState: Record<string, { label: string; tone: Tone; icon: IconName }> = {
  preview: { label: "Examen en cours", tone: "accent", icon: "refresh" },
  ready: { label: "À vérifier", tone: "warn", icon: "edit" },
  received: { label: "En attente", tone: "neutral", icon: "clock" },
  running: { label: "Import en cours", tone: "accent", icon: "refresh" },
  done: { label: "Terminé", tone: "good", icon: "check" },
  refused: { label: "Refusé", tone: "danger", icon: "alert" },
  cancelled: { label: "Abandonné", tone: "neutral", icon: "close" },
  reverting: { label: "Annulation en cours", tone: "accent", icon: "undo" },
  reverted: { label: "Annulé", tone: "neutral", icon: "undo" },
};

export const contracts: Record<string, string> = {
  cdi: "CDI",
  cdd: "CDD",
  interim: "Mission d’intérim",
  seasonal: "Contrat saisonnier",
  apprenticeship: "Contrat d’apprentissage",
  professionalisation: "Contrat de professionnalisation",
  subsidised: "Contrat aidé",
  internship: "Immersion professionnelle",
};

export const publics: Record<string, string> = {
  young: "Jeunes de 16 à 25 ans",
  disabled: "Personnes en situation de handicap",
  longterm: "Demandeurs d’emploi de longue durée",
  all: "Tous publics",
};

export const outcomes: Record<string, { label: string; help: string }> = {
  needs: { label: "Rencontre : besoins de recrutement", help: "Décrivez les besoins ci-dessous." },
  later: { label: "Rencontre : besoins plus tard", help: "Notez quand y revenir." },
  none: { label: "Rencontre : pas de besoin", help: "" },
  postponed: { label: "Visite à reprogrammer", help: "L’engagement reste valable." },
  absent: { label: "Interlocuteur absent", help: "L’engagement reste valable." },
  refused: { label: "L’employeur ne souhaite pas être visité", help: "" },
  closed: { label: "Établissement fermé ou déménagé", help: "" },
};

export const horizons: Record<string, string> = {
  now: "Tout de suite",
  quarter: "Dans les 3 mois",
  half: "Dans les 6 mois",
  year: "Dans l’année",
};

export const needState: Record<string, string> = {
  declared: "déclaré",
  confirmed: "confirmé",
  offer: "offre déposée",
  filled: "pourvu",
  abandoned: "abandonné",
  zero: "aucun poste vacant",
};

export const sizeBands: { id: string; label: string; short: string }[] = [
  { id: "00", label: "0 salarié", short: "0" },
  { id: "01", label: "1 ou 2 salariés", short: "1-2" },
  { id: "02", label: "3 à 5 salariés", short: "3-5" },
  { id: "03", label: "6 à 9 salariés", short: "6-9" },
  { id: "11", label: "10 à 19 salariés", short: "10-19" },
  { id: "12", label: "20 à 49 salariés", short: "20-49" },
  { id: "21", label: "50 à 99 salariés", short: "50-99" },
  { id: "22", label: "100 à 199 salariés", short: "100-199" },
  { id: "31", label: "200 à 249 salariés", short: "200-249" },
  { id: "32", label: "250 à 499 salariés", short: "250-499" },
  { id: "41", label: "500 à 999 salariés", short: "500-999" },
  { id: "42", label: "1 000 à 1 999 salariés", short: "1 000+" },
  { id: "51", label: "2 000 à 4 999 salariés", short: "2 000+" },
  { id: "52", label: "5 000 à 9 999 salariés", short: "5 000+" },
  { id: "53", label: "10 000 salariés et plus", short: "10 000+" },
];

export function sizeShort(code: string | null | undefined): string {
  return sizeBands.find((band) => band.id === code)?.short ?? "inconnu";
}

export const roles: Record<string, string> = {
  adviser: "conseiller ou conseillère",
  manager: "responsable",
  contributor: "contributeur",
  observer: "observateur",
  administrator: "administration",
};

export const sections: Record<string, string> = {
  A: "Agriculture, sylviculture et pêche",
  B: "Industries extractives",
  C: "Industrie manufacturière",
  D: "Électricité, gaz",
  E: "Eau, déchets, dépollution",
  F: "Construction",
  G: "Commerce, réparation automobile",
  H: "Transports et entreposage",
  I: "Hébergement et restauration",
  J: "Information et communication",
  K: "Finance et assurance",
  L: "Activités immobilières",
  M: "Activités spécialisées, scientifiques et techniques",
  N: "Services administratifs et de soutien",
  O: "Administration publique",
  P: "Enseignement",
  Q: "Santé humaine et action sociale",
  R: "Arts, spectacles et loisirs",
  S: "Autres services",
};
