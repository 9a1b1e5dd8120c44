// What the form of an offer asks, and the form alone: kept out of the first load.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Schema } from "@/api/client";
import type { Offer } from "@/api/queries";

/** Where our agreement sends such an offer; the former answer stands until the next one. */
export const offerNetworks = (publics: Offer["publics"], contract: Offer["contract"] | "", rome: string) =>
  queryOptions({
    queryKey: ["offers", "networks", publics, contract, rome],
    queryFn: ({ signal }) => api.get("/api/offers/networks", { query: { ...(publics.length ? { publics: publics.join() } : {}), ...(contract ? { contract } : {}), ...(rome ? { rome } : {}) }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 600_000,
  });

/** Why an offer is withdrawn: the same words for all partners, which the database keeps. */
export const withdrawals = queryOptions({
  queryKey: ["offers", "withdrawals"],
  queryFn: ({ signal }) => api.get("/api/offers/withdrawals", { signal }),
  staleTime: Infinity,
});

/** Communes as the form offers them, by name. */
export const communeChoices = (ground: Schema<"Ground"> | undefined) =>
  (ground?.features ?? []).map(({ properties }) => ({ id: properties.code, label: properties.name, detail: properties.code })).sort((a, b) => a.label.localeCompare(b.label, "fr"));
