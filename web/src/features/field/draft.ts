// A report as it is being typed, and the body it becomes.
import type { Schema } from "@/api/client";
import { asked, besides, sent, wrongAnswer, held, type Answers, type Questionnaires } from "@/features/questionnaire/questions";

export type NeedDraft = { rome: string; label: string; posts: number; horizon: string; contract: string; offer?: boolean };
export type Outcome = NonNullable<Schema<"Visit">["report"]>["outcome"];

export type Draft = {
  visit: number;
  /** Version of the visit that the writer knew. */
  version: number;
  /** Version of the report that this corrects. */
  corrects?: number;
  outcome: Outcome | "";
  contact: number | null;
  /** The person met is still there. */
  contactSeen?: boolean;
  /** What everybody should know of the employer. */
  claim?: "" | "moved" | "unreachable";
  claimDetail?: string;
  needs: NeedDraft[];
  nextAction: string;
  nextOn: string;
  sharedNote: string;
  networkNote: string;
  answers: Answers;
  /** The questions as they were asked: a telephone that was away answers those it knew. */
  questionnaires: Questionnaires | null;
  /** When the visit took place: when its report was begun. */
  doneAt: string;
};

type Visit = Schema<"Visit">;

export const draftName = (member: number, visit: number): string => `draft:${member}:${visit}`;

export const met = (outcome: string): boolean => ["needs", "later", "none"].includes(outcome);

/** Nobody was met: the employer may have moved, or be out of reach. */
export const claimable = (outcome: string): boolean => ["absent", "closed", "postponed"].includes(outcome);

export function emptyDraft(visit: Visit, doneAt: string, questionnaires: Questionnaires | null): Draft {
  return { visit: visit.id, version: visit.version, outcome: "", contact: visit.contact?.id ?? null, needs: [], nextAction: "", nextOn: "", sharedNote: "", networkNote: "", answers: {}, questionnaires, doneAt };
}

export const needOf = (need: { rome: string | null; rome_label: string; posts: number | null; horizon: string; contract: string | null }): NeedDraft => ({
  rome: need.rome ?? "",
  label: need.rome_label,
  posts: need.posts ?? 1,
  horizon: need.horizon,
  contract: need.contract ?? "",
});

export function bodyOf(draft: Draft, despite?: "cancelled"): Record<string, unknown> {
  return {
    outcome: draft.outcome,
    done_at: draft.doneAt,
    ...(met(draft.outcome) && draft.contact ? { contact: draft.contact, ...(draft.contactSeen ? { contact_confirmed: true } : {}) } : {}),
    ...(claimable(draft.outcome) && draft.claim ? { claim: { kind: draft.claim, ...((draft.claimDetail ?? "").trim().length >= 3 ? { detail: (draft.claimDetail ?? "").trim() } : {}) } } : {}),
    needs: met(draft.outcome)
      ? draft.needs.filter((need) => need.rome).map((need) => ({ rome: need.rome, posts: need.posts, horizon: need.horizon, ...(need.contract ? { contract: need.contract } : {}), ...(need.offer && need.contract ? { offer: true } : {}) }))
      : [],
    ...(draft.nextAction.trim() ? { next_action: draft.nextAction.trim() } : {}),
    ...(draft.nextAction.trim() && draft.nextOn ? { next_action_on: draft.nextOn } : {}),
    ...(draft.sharedNote.trim() ? { shared_note: draft.sharedNote.trim() } : {}),
    ...(draft.networkNote.trim() ? { network_note: draft.networkNote.trim() } : {}),
    answers: [...sent(asked(draft.questionnaires, draft.outcome, draft.answers), draft.answers), ...besides(draft.questionnaires, draft.answers)],
    ...(despite ? { despite } : {}),
  };
}

/** What is missing of a need: one that was typed and not chosen would be left behind unsaid. */
export const needFaults = (need: NeedDraft): { rome?: string; contract?: string } => ({
  ...(!need.rome && need.label.trim() ? { rome: "Choisissez le métier dans la liste, ou retirez ce besoin." } : {}),
  ...(need.rome && need.offer && !need.contract ? { contract: "Choisissez le contrat de l’offre." } : {}),
});

/** What is missing before it can go, by field. */
export function faults(draft: Draft): Partial<Record<"outcome" | "nextAction" | "nextOn" | "answers" | "needs", string>> {
  return {
    ...(draft.outcome ? {} : { outcome: "Choisissez le résultat de la visite." }),
    ...(met(draft.outcome) && draft.needs.some((need) => Object.keys(needFaults(need)).length > 0) ? { needs: "Un besoin est incomplet." } : {}),
    ...(draft.nextOn && !draft.nextAction.trim() ? { nextAction: "Dites ce qu’il faudra faire ce jour-là." } : {}),
    ...(draft.nextAction.trim() && !draft.nextOn ? { nextOn: "Choisissez une date." } : {}),
    ...(draft.outcome && asked(draft.questionnaires, draft.outcome, draft.answers).some((one) => wrongAnswer(one, draft.answers[one.key])) ? { answers: "Des réponses manquent." } : {}),
  };
}

/** Both texts, theirs first, when they differ. */
const joined = (theirs: string | null | undefined, mine: string): string => {
  const one = (theirs ?? "").trim();
  const two = mine.trim();
  if (!one || one === two) return two;
  return two ? `${one}\n\n${two}` : one;
};

/** My text brought together with the report that is already there: nothing of either is lost. */
export function together(mine: Draft, now: Visit): Draft {
  const theirs = now.report;
  if (!theirs) return mine;
  const needs = theirs.needs.map(needOf);
  for (const need of mine.needs) if (need.rome && !needs.some((one) => one.rome === need.rome && one.horizon === need.horizon)) needs.push(need);
  return {
    ...mine,
    corrects: theirs.version,
    contact: mine.contact ?? theirs.contact,
    needs,
    nextAction: mine.nextAction.trim() || (theirs.next_action ?? ""),
    nextOn: mine.nextOn || (theirs.next_action_on ?? ""),
    sharedNote: joined(theirs.shared_note, mine.sharedNote),
    networkNote: joined(theirs.network_note, mine.networkNote),
    answers: { ...held(theirs.answers ?? []), ...mine.answers },
  };
}
