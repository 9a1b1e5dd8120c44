// Why one line of many was refused, in a few words that fit a line; the sentence of a single refusal says more.
import type { Schema } from "@/api/client";
import { longDay } from "@/words/time";

type Row = Schema<"PromiseBulk">["rows"][number];

const words: Record<string, string> = {
  promise_not_active: "aucun engagement en cours",
  promise_moved_on: "l’engagement a changé entre-temps",
  promise_already_theirs: "déjà à cette personne",
  establishment_opposed: "opposition de l’employeur",
  establishment_closed: "établissement fermé",
  establishment_merged: "fiche réunie à une autre",
  not_found: "hors du territoire",
  member_not_here: "cette personne ne visite pas pour cette structure",
  due_not_working_day: "échéance un jour non ouvré",
  due_out_of_range: "échéance trop proche ou trop lointaine",
  transfer_open: "un transfert attend déjà une réponse",
  transfer_to_self: "déjà à cette structure",
  team_not_active: "équipe sans votre structure, ou terminée",
  visit_to_report: "un rendez-vous attend son compte rendu",
  invalid: "cette structure ne voit pas cet employeur",
  busy: "à réessayer",
};

/** « promis par la ML de Vichy jusqu’au 12 décembre » */
export function refusedBecause(row: Row): string {
  const detail = (row.detail ?? {}) as { holder?: { organisation: { short_name: string }; due_on: string }; rest_until?: string };
  if (row.code === "promise_taken" && detail.holder) return `promis par ${detail.holder.organisation.short_name} jusqu’au ${longDay(detail.holder.due_on)}`;
  if (row.code === "establishment_resting" && detail.rest_until) return `en repos jusqu’au ${longDay(detail.rest_until)}`;
  return words[row.code ?? ""] ?? "refusé";
}

export const transferState: Record<string, string> = {
  proposed: "attend une réponse",
  accepted: "accepté",
  refused: "refusé",
  withdrawn: "retiré",
  expired: "expiré sans réponse",
  void: "devenu sans objet",
};
