// What programs may do and what they are told of, in words.
import type { Tone } from "@/ui/Badge";
import type { IconName } from "@/ui/Icon";

export const scopes = [
  { id: "offers:read", label: "Lire les offres" },
  { id: "offers:write", label: "Déposer des offres et les faire vivre" },
  { id: "needs:read", label: "Lire les besoins de recrutement" },
  { id: "needs:write", label: "Déclarer des besoins" },
  { id: "visits:read", label: "Lire les engagements et les visites, sans les interlocuteurs" },
  { id: "visits:write", label: "Prendre des engagements, planifier, rendre compte" },
  { id: "employers:read", label: "Chercher des employeurs dans la liste commune" },
  { id: "referrals:read", label: "Suivre les candidatures proposées" },
  { id: "referrals:write", label: "Proposer des candidatures et y répondre, par numéro de dossier" },
] as const;

export type Scope = (typeof scopes)[number]["id"];
export const scopeName = (id: string) => scopes.find((scope) => scope.id === id)?.label ?? id;

export const hookEvents = [
  { id: "offer.reserved", label: "Offre réservée à notre réseau" },
  { id: "offer.opened", label: "Offre ouverte à tous" },
  { id: "offer.changed", label: "Offre ouverte modifiée" },
  { id: "offer.filled", label: "Offre pourvue" },
  { id: "offer.withdrawn", label: "Offre retirée" },
  { id: "offer.expired", label: "Offre expirée" },
  { id: "referral.made", label: "Candidature proposée" },
  { id: "referral.met", label: "Candidat reçu" },
  { id: "referral.hired", label: "Candidat recruté" },
  { id: "referral.refused", label: "Candidature non retenue" },
  { id: "need.declared", label: "Besoin déclaré par nous" },
  { id: "visit.planned", label: "Visite prévue par nous" },
  { id: "visit.reported", label: "Compte rendu écrit par nous" },
] as const;

export type HookEvent = (typeof hookEvents)[number]["id"];
const sent: Record<string, string> = { "webhook.test": "Essai", "offer.publish": "Publication", "offer.update": "Mise à jour", "offer.withdraw": "Retrait", "file.drop": "Dépôt du fichier", "mail.digest": "Résumé par courriel", "mail.employer": "Lien à l’employeur" };
export const eventName = (id: string) => sent[id] ?? (hookEvents.find((event) => event.id === id)?.label ?? id);

export const channelKinds = {
  webhook: { label: "Webhook", detail: "Prévenir un logiciel de ce qui se passe" },
  push: { label: "Diffusion", detail: "Pousser nos offres vers un autre site" },
  file: { label: "Fichier partenaire", detail: "Déposer toutes nos offres ouvertes dans un fichier, au format de France Travail" },
  mail: { label: "Courriel", detail: "Résumé envoyé aux membres qui le demandent, liens aux employeurs" },
} as const;
export const rhythms = { hourly: "Chaque heure", nightly: "Chaque nuit, à 3 h 30" } as const;

export const keyState: Record<string, { label: string; tone: Tone; icon: IconName }> = {
  active: { label: "En service", tone: "good", icon: "check" },
  expired: { label: "Expirée", tone: "quiet", icon: "clock" },
  revoked: { label: "Révoquée", tone: "danger", icon: "opposed" },
};

export const channelState: Record<string, { label: string; tone: Tone; icon: IconName }> = {
  active: { label: "En service", tone: "good", icon: "check" },
  resting: { label: "Au repos après des échecs", tone: "warn", icon: "resting" },
  paused: { label: "En pause", tone: "quiet", icon: "resting" },
};

export const deliveryState: Record<string, { label: string; tone: Tone; icon: IconName }> = {
  waiting: { label: "En attente", tone: "warn", icon: "clock" },
  done: { label: "Reçu", tone: "good", icon: "check" },
  dead: { label: "En échec", tone: "danger", icon: "warning" },
  dropped: { label: "Abandonné", tone: "quiet", icon: "close" },
};
