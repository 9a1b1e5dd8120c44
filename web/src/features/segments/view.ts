// The address of a view of the list that says what filters say.
import { sizeGroups, stateChoices, visitChoices } from "@/features/establishments/filters";
import type { ListFilters } from "./rule";

/** Sizes and states that the list's own fields do not name together are left to the segment: then there is none. */
export function addressOf(filters: ListFilters): string {
  const query = new URLSearchParams();
  const size = sizeGroups.find((group) => group.codes === filters.size);
  const state = stateChoices.find((choice) => choice.codes === filters.state);
  const visited = visitChoices.find((choice) => choice.code === filters.visited);
  if (filters.q) query.set("q", filters.q);
  if (filters.commune) query.set("commune", filters.commune);
  if (filters.naf) query.set("naf", filters.naf);
  if (size) query.set("effectif", size.id);
  if (state) query.set("etat", state.id);
  if (visited) query.set("visites", visited.id);
  if (filters.closed) query.set("fermes", "oui");
  const text = query.toString();
  return text ? `/entreprises?${text}` : "/entreprises";
}

/** Whether the list's fields can show these filters. */
export function isShown(filters: ListFilters): boolean {
  return (
    (filters.size === undefined || sizeGroups.some((group) => group.codes === filters.size)) &&
    (filters.state === undefined || stateChoices.some((choice) => choice.codes === filters.state)) &&
    !(filters.commune ?? "").includes(",") &&
    !(filters.naf ?? "").includes(",")
  );
}
