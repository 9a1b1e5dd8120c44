// Needs in words: states, sources, what is unknown.
import type { Tone } from "@/ui/Badge";
import type { IconName } from "@/ui/Icon";
import type { Schema } from "@/api/client";
import { count, plural, posts } from "@/words/number";

export type NeedState = Schema<"Need">["state"];

export const states: Record<NeedState, { label: string; tone: Tone; icon: IconName }> = {
  declared: { label: "Déclaré", tone: "warn", icon: "need" },
  confirmed: { label: "Confirmé", tone: "accent", icon: "check" },
  offer: { label: "Offre déposée", tone: "accent", icon: "offers" },
  filled: { label: "Pourvu", tone: "good", icon: "kept" },
  zero: { label: "Aucun poste vacant", tone: "quiet", icon: "close" },
  abandoned: { label: "Abandonné", tone: "quiet", icon: "undo" },
};

/** What a step is called in the history of a need. */
const steps: Record<string, string> = {
  declared: "Besoin déclaré",
  confirmed: "Besoin confirmé avec l’employeur",
  offer: "Offre déposée",
  filled: "Besoin pourvu",
  zero: "Aucun poste vacant, dit l’employeur",
  abandoned: "Besoin abandonné",
};

/** A need of which posts are left when its offer ends waits again: nobody has confirmed it anew. */
export const stepTitle = ({ from, to }: { from: string | null; to: string }): string => (from === "offer" && to === "confirmed" ? "Offre close\u202f: le besoin demeure" : (steps[to] ?? to));

export const sources: Record<Schema<"Need">["source"], string> = {
  visit: "Visite",
  bmo: "Enquête BMO",
  call: "Téléphone",
  contributor: "Signalement",
};

export const difficulties: Record<string, string> = { easy: "Sans difficulté attendue", hard: "Difficile à recruter" };
export const seasons: Record<string, string> = { yes: "Saisonnier", no: "Non saisonnier" };

/** Under « Postes »: 4, dont 1 pourvu; more of them than were said at first are all of them. */
export const postsFilled = (said: number | null, filled: number): string =>
  filled === 0 ? (said === null ? posts(null) : count(said))
  : said === null ? `${posts(null)}, ${plural(filled, "pourvu")}`
  : filled < said ? `${count(said)}, dont ${plural(filled, "pourvu")}`
  : `${count(said)}, ${said === 1 ? "pourvu" : "tous pourvus"}`;
