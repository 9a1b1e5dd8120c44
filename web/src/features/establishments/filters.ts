// The filters of the list, as they stand in the address and as the server wants them.
import type { Filters } from "@/api/queries";
import type { Query } from "@/router";
import { sections } from "@/words/domain";
import type { Choice } from "@/ui/Field";

export const sizeGroups: (Choice & { codes: string })[] = [
  { id: "tpe", label: "Moins de 10 salariés", codes: "00,01,02,03" },
  { id: "petit", label: "10 à 49 salariés", codes: "11,12" },
  { id: "moyen", label: "50 à 249 salariés", codes: "21,22,31" },
  { id: "grand", label: "250 salariés et plus", codes: "32,41,42,51,52,53" },
  { id: "inconnu", label: "Effectif inconnu", codes: "unknown" },
];

export const stateChoices: (Choice & { codes: string })[] = [
  { id: "libre", label: "Libres", codes: "free" },
  { id: "promis", label: "Promis par un partenaire", codes: "promised" },
  { id: "nous", label: "Promis par ma structure", codes: "ours" },
  { id: "moi", label: "Mes engagements", codes: "mine" },
  { id: "repos", label: "En délai de repos", codes: "resting" },
  { id: "opposition", label: "En opposition", codes: "opposed" },
];

export const visitChoices: (Choice & { code: "never" | "year" | "older" })[] = [
  { id: "jamais", label: "Jamais visités", code: "never" },
  { id: "an", label: "Visités depuis moins d’un an", code: "year" },
  { id: "ancien", label: "Visités il y a plus d’un an", code: "older" },
];

export const sortNames: Record<string, "name" | "size" | "visited"> = { nom: "name", effectif: "size", visite: "visited" };

export function filtersOf(query: Query): Filters {
  const filters: Filters = {};
  const q = query.get("q");
  const commune = query.get("commune");
  const naf = query.get("naf");
  const size = sizeGroups.find((group) => group.id === query.get("effectif"));
  const state = stateChoices.find((choice) => choice.id === query.get("etat"));
  const visited = visitChoices.find((choice) => choice.id === query.get("visites"));
  const sort = sortNames[query.get("tri") ?? ""];
  if (q) filters.q = q;
  if (commune) filters.commune = commune;
  if (naf) filters.naf = naf;
  if (size) filters.size = size.codes;
  if (state) filters.state = state.codes;
  if (visited) filters.visited = visited.code;
  const segment = Number(query.get("segment"));
  if (Number.isInteger(segment) && segment > 0) filters.segment = segment;
  if (query.get("fermes") === "oui") filters.closed = true;
  if (sort) filters.sort = sort;
  return filters;
}

export const filterNames = ["q", "commune", "naf", "effectif", "etat", "visites", "segment", "fermes"];

export function nafChoices(items: { code: string; level: number; section: string; label: string }[] | undefined): Choice[] {
  const top = Object.entries(sections).map(([id, label]) => ({ id, label, detail: `Section ${id}` }));
  if (!items) return top;
  const levels = ["", "Section", "Division", "Groupe", "Classe", "Sous-classe"];
  const fromServer = items.map((item) => ({ id: item.code, label: sections[item.code] ?? item.label, detail: `${levels[item.level] ?? ""} ${item.code}`.trim() }));
  return fromServer.some((choice) => choice.id === "A") ? fromServer : [...top, ...fromServer];
}
