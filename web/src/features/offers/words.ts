// What employers say of their offers, in words.
import { plural } from "@/words/number";

const answers: Record<string, string> = {
  confirmed: "a confirmé l’offre en ligne",
  corrected: "demande une correction",
  refused: "renonce à cette offre",
  standing: "dit que l’offre est toujours à pourvoir",
  prolonged: "a prolongé l’offre en ligne",
  over: "a retiré l’offre en ligne",
};

/** What the employer did by its link, after its name. */
export const employerSaid = (answer: string, posts: number | null) => answers[answer] ?? `a déclaré ${plural(posts ?? 1, "poste pourvu", "postes pourvus")}`;
