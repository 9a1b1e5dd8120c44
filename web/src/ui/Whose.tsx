// Whose work a page shows: one's own, or that of the whole organisation. The address says it.
import type { Scope } from "@/api/queries";
import { useQueryState } from "@/router";
import { Select } from "./Field";

const inAddress: Record<Scope, string> = { mine: "moi", organisation: "structure" };

/** What the address says; `usual` when it says nothing. */
export function useWhose(usual: Scope): Scope {
  const said = useQueryState().get("qui");
  return said === inAddress.mine ? "mine" : said === inAddress.organisation ? "organisation" : usual;
}

/** Chooses; `mine` names one's own: « Mes visites ». */
export function WhoseSelect({ usual, mine }: { usual: Scope; mine: string }) {
  const query = useQueryState();
  const choices = [
    { id: "mine", label: mine },
    { id: "organisation", label: "Toute ma structure" },
  ];
  return (
    <Select
      label="Qui"
      hideLabel
      value={useWhose(usual)}
      onChange={(value) => query.set({ qui: value === usual ? null : inAddress[value as Scope] })}
      choices={usual === "mine" ? choices : choices.reverse()}
    />
  );
}
