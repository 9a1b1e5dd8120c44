// Leads in words: what they tell, where they stand, what they were made into.
import type { Schema } from "@/api/client";
import type { Tone } from "@/ui/Badge";
import type { IconName } from "@/ui/Icon";
import { longDay } from "@/words/time";
import { needState, offerState } from "@/words/domain";

export type Lead = Schema<"Lead">;

export const kinds: Record<Lead["kind"], { label: string; help: string; icon: IconName }> = {
  recruiting: { label: "Recrute", help: "L’entreprise cherche à embaucher.", icon: "need" },
  settling: { label: "S’installe", help: "Une implantation ou une création.", icon: "companies" },
  transfer: { label: "Cède ou reprend", help: "Une cession, une reprise, un départ en retraite.", icon: "transfer" },
  difficulty: { label: "En difficulté", help: "Des emplois sont menacés.", icon: "warning" },
};

export const states: Record<Lead["state"], { label: string; tone: Tone; icon: IconName }> = {
  sent: { label: "Envoyé", tone: "warn", icon: "clock" },
  taken: { label: "Pris en charge", tone: "accent", icon: "check" },
  done: { label: "Suite donnée", tone: "good", icon: "kept" },
  declined: { label: "Sans suite", tone: "quiet", icon: "close" },
  withdrawn: { label: "Retiré", tone: "quiet", icon: "undo" },
};

export const steps: Record<Lead["state"], string> = {
  sent: "Signalement envoyé",
  taken: "Signalement pris en charge",
  done: "Suite donnée",
  declined: "Classé sans suite",
  withdrawn: "Signalement retiré par son auteur",
};

const promises: Record<string, string> = { active: "un conseiller s’est engagé à aller voir l’entreprise", kept: "l’entreprise a été vue", lapsed: "la visite n’a pas eu lieu dans le délai", returned: "l’engagement de visite a été rendu", transferred: "un autre partenaire ira voir l’entreprise" };

/** What became of it, in one sentence; `isOurs`: for who sent it. */
export function fateOf(lead: Pick<Lead, "state" | "outcome" | "fate" | "recipient" | "taken_by">, isOurs: boolean): string {
  const { fate } = lead;
  if (lead.state === "sent") return isOurs ? `${lead.recipient.short_name} ne l’a pas encore pris en charge.` : "Personne ne s’en occupe encore.";
  if (lead.state === "taken") return `${lead.taken_by ?? lead.recipient.short_name} s’en occupe.`;
  if (lead.state === "withdrawn") return isOurs ? "Vous l’avez retiré." : "Son auteur l’a retiré.";
  if (lead.state === "declined") return "Pas de suite.";
  if (lead.outcome === "need") return `Devenu un besoin de recrutement, ${needState[fate?.need ?? ""] ?? "déclaré"}${fate?.offer ? ` ; offre ${(offerState[fate.offer]?.label ?? "").toLowerCase()}` : ""}.`;
  if (lead.outcome === "promise") return `Visite : ${promises[fate?.promise ?? ""] ?? "prévue"}${fate?.visited_at ? ` le ${longDay(fate.visited_at)}` : ""}.`;
  if (lead.outcome === "task") return fate?.task === "done" ? "La suite a été faite." : "Une suite est prévue.";
  return isOurs ? "Une réponse vous a été donnée." : "Une réponse a été donnée.";
}
