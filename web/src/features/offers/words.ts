// What employers say of their offers, and why one is withdrawn, in words.
import { plural } from "@/words/number";

/** Why an offer is withdrawn; the same words for all partners. */
export const withdrawals = {
  enough: "Assez de candidatures",
  cancelled: "Poste annulé ou reporté",
  elsewhere: "Poste pourvu autrement",
  mistaken: "Offre erronée ou en double",
  silent: "L’employeur ne répond plus",
  other: "Autre motif",
} as const;
export type Withdrawal = keyof typeof withdrawals;

const answers: Record<string, string> = {
  confirmed: "a confirmé l’offre en ligne",
  corrected: "demande une correction",
  refused: "renonce à cette offre",
  prolonged: "a prolongé l’offre en ligne",
  over: "a retiré l’offre en ligne",
};

/** What the employer did by its link, after its name. */
export const employerSaid = (answer: string, posts: number | null) => answers[answer] ?? `a déclaré ${plural(posts ?? 1, "poste pourvu", "postes pourvus")}`;
