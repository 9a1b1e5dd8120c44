// Codes of plans as French words.
import type { Schema } from "@/api/client";
import type { Tone } from "@/ui/Badge";
import type { IconName } from "@/ui/Icon";

export type Plan = Schema<"Plan">;
export type PlanRow = Schema<"PlanRow">;
export type Scenario = Schema<"Scenario">;
export type Answer = Schema<"PlanAnswer">;

type Word = { label: string; tone: Tone; icon: IconName };

export const planState: Record<string, Word> = {
  draft: { label: "Brouillon", tone: "neutral", icon: "edit" },
  proposed: { label: "Proposé", tone: "warn", icon: "clock" },
  agreed: { label: "Convenu", tone: "accent", icon: "check" },
  active: { label: "En cours", tone: "good", icon: "kept" },
  closed: { label: "Clos", tone: "quiet", icon: "kept" },
  dropped: { label: "Sans suite", tone: "quiet", icon: "close" },
  evaluated: { label: "Évalué", tone: "quiet", icon: "kept" },
  abandoned: { label: "Abandonné", tone: "quiet", icon: "close" },
};

export const scenarioState: Record<string, Word> = {
  waiting: { label: "En attente", tone: "neutral", icon: "clock" },
  running: { label: "Calcul en cours", tone: "accent", icon: "refresh" },
  done: { label: "Calculé", tone: "good", icon: "check" },
  impossible: { label: "Impossible", tone: "danger", icon: "alert" },
  cancelled: { label: "Annulé", tone: "quiet", icon: "close" },
  failed: { label: "Échec du calcul", tone: "danger", icon: "warning" },
};

/** Why a line is where it is, in two or three words; the sentence says the rest. */
export const reasons: Record<string, string> = {
  best: "Meilleure place",
  lock: "Fixé à la main",
  full: "Meilleur conseiller complet",
  share: "Part maximale atteinte",
  minimum: "Minimum à tenir",
  price: "Place laissée à d’autres",
  worthless: "Ne vaut pas le trajet",
  no_candidate: "Personne à portée",
  rest: "En repos",
  opposition: "Opposition",
  promised: "Déjà promis",
};

export const skips: Record<string, string> = {
  promised: "Promis entre-temps par un partenaire",
  resting: "En repos",
  opposed: "Opposition de l’employeur",
  closed: "Établissement fermé",
  merged: "Fiche réunie à une autre",
  member_gone: "Conseiller parti",
};

export const moving = (state: string) => state === "waiting" || state === "running";

/** What is expected next, for whoever reads the plan. */
export function nextStep(plan: Plan, manager: boolean): string {
  const missing = plan.answers.filter((answer) => answer.answer !== "signed");
  switch (plan.version_state) {
    case "draft":
      if (!plan.ours) return plan.running ? "Le plan est en cours ; un avenant se prépare." : "Les partenaires l’écrivent.";
      if (!plan.scenario) return "Calculez un scénario, puis choisissez-le : ce sont ses lignes que les partenaires signent.";
      return manager ? "Prêt à être proposé aux partenaires." : "Un responsable peut le proposer aux partenaires.";
    case "proposed":
      if (plan.deadlocked) return "Refusé : modifiez-le, ou portez les deux versions devant le comité.";
      return missing.length === 1 ? "Une signature manque." : `${missing.length} signatures manquent.`;
    case "agreed":
      return "Tous ont signé : le plan peut démarrer, ses lignes deviendront des engagements.";
    case "active":
      return "Le plan est en cours.";
    default:
      return "";
  }
}

export const goals = [
  { id: "visits", title: "Visites" },
  { id: "first_contacts", title: "Premiers contacts" },
  { id: "needs", title: "Besoins" },
  { id: "offers", title: "Offres" },
] as const;

/** What a comment may be about, beside segments and lines. */
export const partNames: Record<string, string> = {
  "": "Le plan",
  scope: "Territoire et période",
  partners: "Partenaires et heures",
  rules: "Règles",
  objectives: "Objectifs",
  scenarios: "Scénarios",
};

export function answerWord(answer: Answer): string {
  return answer.answer === "signed" ? "a signé" : answer.answer === "refused" ? "a refusé" : "n’a pas encore signé";
}
