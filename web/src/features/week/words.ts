// What the week says in French: why an employer was left out, why a line was not accepted.
import type { Schema } from "@/api/client";
import { plural } from "@/words/number";
import { isoDay, longDay, now } from "@/words/time";

export type Line = Schema<"TourLine">;

/** Why an employer has no place in the suggestion. */
export function leftOut(line: Line): string {
  switch (line.left_reason) {
    case "unplaced":
      return "Son adresse n’est pas située sur la carte.";
    case "no_day":
      return "Aucun jour travaillé ne lui convient cette semaine.";
    case "hours":
      return "Ses horaires et les vôtres ne se rencontrent pas, ou la route est trop longue.";
    case "full":
      return "Plus aucune place entre les rendez-vous de la semaine.";
    case "detour":
      return `Le détour prendrait ${plural(line.cost_minutes ?? 0, "minute")}, pour une visite qui en vaut ${line.worth_minutes}.`;
    case "moves":
      return "Le placer déplacerait d’autres visites de la proposition.";
    case "again":
      return "À replacer au prochain calcul.";
    default:
      return "Le calcul s’est arrêté avant d’y venir.";
  }
}

/** Why a line did not become a visit. */
export const notAccepted: Record<string, string> = {
  promise_taken: "Un partenaire vient de s’engager à visiter cet employeur.",
  promise_not_active: "L’engagement n’est plus en cours.",
  establishment_resting: "L’employeur est en délai de repos.",
  establishment_opposed: "L’employeur ne souhaite plus être sollicité.",
  establishment_closed: "L’établissement a fermé.",
  visit_already_planned: "Une visite y est déjà prévue.",
  visit_in_the_past: "Cette date est passée.",
  visit_after_due: "La date dépasse l’échéance de l’engagement.",
  due_out_of_range: "La date est trop lointaine pour un engagement.",
};

export const refusal = (code: string): string => notAccepted[code] ?? "La règle des engagements ne le permet pas.";

/** An appointment too far from the one before it. */
export const late = (minutes: number): string => `vous arriverez avec ${minutes < 60 ? plural(minutes, "minute") : duration(minutes)} de retard`;

/** Until when a promise holds; what is over is said as over. */
export const heldUntil = (due: string): string => (due < isoDay(now()) ? `échu le ${longDay(due)}` : `à tenir avant le ${longDay(due)}`);

/** 1 h 20, 45 min. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, "0")}`;
}
