// What the pages of engagements, teams and absences ask: apart from the other questions, which every page carries.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Schema } from "./client";
import type { EstablishmentLine, Filters } from "./queries";
import type { paths } from "./schema";

export type Transfer = Schema<"Transfer">;
export type Proposal = Schema<"Proposal">;
export type Absence = Schema<"Absence">;
export type Team = Schema<"Team">;

const first: string | undefined = undefined;
const after = (page: { next?: string | null }) => page.next ?? undefined;

export type HeldFilters = Omit<NonNullable<paths["/api/promises"]["get"]["parameters"]["query"]>, "after">;

export const heldPromises = (filters: HeldFilters) =>
  infiniteQueryOptions({
    queryKey: ["promises", "held", filters],
    queryFn: ({ pageParam, signal }) => api.get("/api/promises", { query: { ...filters, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });

export const promiseCounts = ({ scope, member }: Pick<HeldFilters, "scope" | "member">) =>
  queryOptions({
    queryKey: ["promises", "counts", scope, member],
    queryFn: ({ signal }) => api.get("/api/promises/counts", { query: { ...(scope ? { scope } : {}), ...(member ? { member } : {}) }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });

export const promiseFigures = queryOptions({ queryKey: ["promises", "figures"], queryFn: ({ signal }) => api.get("/api/promises/figures", { signal }), staleTime: 60_000 });

export const transfers = (open: boolean) =>
  infiniteQueryOptions({
    queryKey: ["transfers", open],
    queryFn: ({ pageParam, signal }) => api.get("/api/transfers", { query: { open, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    staleTime: 20_000,
  });

export const proposals = (open: boolean) =>
  infiniteQueryOptions({
    queryKey: ["proposals", open],
    queryFn: ({ pageParam, signal }) => api.get("/api/proposals", { query: { open, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    staleTime: 20_000,
  });

export const absences = (past: boolean) => queryOptions({ queryKey: ["absences", past], queryFn: ({ signal }) => api.get("/api/absences", { query: { past }, signal }), staleTime: 20_000 });
export const teams = (ended: boolean) => queryOptions({ queryKey: ["teams", ended], queryFn: ({ signal }) => api.get("/api/teams", { query: { ended }, signal }), staleTime: 20_000 });

/** Everything that answers the filters, page by page, up to `most`. */
export async function everyEstablishment(filters: Filters, most: number): Promise<EstablishmentLine[]> {
  const found: EstablishmentLine[] = [];
  let next: string | null | undefined;
  do {
    const page = await api.get("/api/establishments", { query: { ...filters, limit: Math.min(200, most - found.length), ...(next ? { after: next } : {}) } });
    found.push(...page.items);
    next = page.next;
  } while (next && found.length < most);
  return found;
}
