// Every question the pages ask, with the key under which its answer is kept. Pages never name a path. Those of rarer pages: exchange.ts, imports.ts.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { setServerNow } from "@/words/time";
import { api, setCsrf, type Schema } from "./client";
import type { paths } from "./schema";

export type Filters = Omit<NonNullable<paths["/api/establishments"]["get"]["parameters"]["query"]>, "after" | "limit">;
export type FigureFilters = NonNullable<paths["/api/indicators/figures"]["get"]["parameters"]["query"]>;
export type Frame = Schema<"Frame">;
export type Indicator = Schema<"Indicators">["items"][number];
export type Scope = "mine" | "organisation";

export const day = 24 * 3_600_000;
export const first: string | undefined = undefined;
export const after = (page: { next?: string | null }) => page.next ?? undefined;

export const site = queryOptions({ queryKey: ["site"], queryFn: ({ signal }) => api.get("/api/public/site", { signal }), staleTime: day });

/** A session as the server gives it: its CSRF token and its clock are ours from now on. */
export function adopt(session: Session): Session {
  setCsrf(session.csrf);
  setServerNow(session.now);
  return session;
}

export const session = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => adopt(await api.get("/api/session", { signal })),
  staleTime: day,
  retry: false,
});


export const claims = queryOptions({ queryKey: ["claims"], queryFn: ({ signal }) => api.get("/api/claims", { signal }), staleTime: 60_000 });

export const establishments = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["establishments", filters],
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/establishments", { query: { ...filters, limit: 200, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const establishmentCounts = ({ sort: _, ...filters }: Filters) =>
  queryOptions({
    queryKey: ["map", "counts", filters],
    queryFn: ({ signal }) => api.get("/api/establishments/counts", { query: filters, signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const establishmentPoints = ({ sort: _, ...filters }: Filters, bbox: string) =>
  queryOptions({
    queryKey: ["map", "points", filters, bbox],
    queryFn: ({ signal }) => api.get("/api/establishments/points", { query: { ...filters, bbox }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const establishment = (id: number) =>
  queryOptions({ queryKey: ["establishment", id], queryFn: ({ signal }) => api.get("/api/establishments/{id}", { path: { id }, signal }), staleTime: 20_000 });

export const openingHours = (id: number) =>
  queryOptions({ queryKey: ["establishment", id, "hours"], queryFn: ({ signal }) => api.get("/api/establishments/{id}/hours", { path: { id }, signal }), staleTime: 60_000 });

export const valuesOf = (id: number) =>
  queryOptions({ queryKey: ["establishment", id, "values"], queryFn: ({ signal }) => api.get("/api/establishments/{id}/values", { path: { id }, signal }), staleTime: 20_000 });

export const potentialOf = (id: number) =>
  queryOptions({ queryKey: ["establishment", id, "potential"], queryFn: ({ signal }) => api.get("/api/establishments/{id}/potential", { path: { id }, signal }), staleTime: 60_000 });

export const mergePreview = (id: number, other: number) =>
  queryOptions({ queryKey: ["establishment", id, "merge", other], queryFn: ({ signal }) => api.get("/api/establishments/{id}/merge", { path: { id }, query: { with: other }, signal }), staleTime: 0 });

export const timeline = (id: number) =>
  infiniteQueryOptions({
    queryKey: ["establishment", id, "timeline"],
    queryFn: ({ pageParam, signal }) => api.get("/api/establishments/{id}/timeline", { path: { id }, query: pageParam ? { after: pageParam } : {}, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    staleTime: 20_000,
  });

export const today = (scope: Scope) =>
  queryOptions({ queryKey: ["today", scope], queryFn: ({ signal }) => api.get("/api/today", { query: { scope }, signal }), staleTime: 20_000 });

export const promises = (scope: Scope) =>
  queryOptions({ queryKey: ["today", "promises", scope], queryFn: ({ signal }) => api.get("/api/promises", { query: { scope }, signal }), staleTime: 20_000 });

export type VisitFilters = NonNullable<paths["/api/visits"]["get"]["parameters"]["query"]>;

export const visits = (filters: VisitFilters) =>
  infiniteQueryOptions({
    queryKey: ["visits", filters],
    queryFn: ({ pageParam, signal }) => api.get("/api/visits", { query: { ...filters, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });

export const visit = (id: number) => queryOptions({ queryKey: ["visits", "one", id], queryFn: ({ signal }) => api.get("/api/visits/{id}", { path: { id }, signal }) });

export const reportHistory = (id: number) =>
  queryOptions({ queryKey: ["visits", "history", id], queryFn: ({ signal }) => api.get("/api/visits/{id}/report/history", { path: { id }, signal }) });

export type NeedFilters = Omit<NonNullable<paths["/api/needs"]["get"]["parameters"]["query"]>, "after">;

export const needs = (filters: NeedFilters) =>
  infiniteQueryOptions({
    queryKey: ["needs", "list", filters],
    queryFn: ({ pageParam, signal }) => api.get("/api/needs", { query: { ...filters, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });

export const need = (id: number) => queryOptions({ queryKey: ["needs", "one", id], queryFn: ({ signal }) => api.get("/api/needs/{id}", { path: { id }, signal }), staleTime: 20_000 });

export const needFigures = (filters: NonNullable<paths["/api/needs/figures"]["get"]["parameters"]["query"]>) =>
  queryOptions({ queryKey: ["needs", "figures", filters], queryFn: ({ signal }) => api.get("/api/needs/figures", { query: filters, signal }), placeholderData: keepPreviousData, staleTime: 60_000 });

export const needSurvey = (bassin: string | null) =>
  queryOptions({ queryKey: ["needs", "survey", bassin], queryFn: ({ signal }) => api.get("/api/needs/survey", { query: bassin ? { bassin } : {}, signal }), placeholderData: keepPreviousData, staleTime: 600_000 });

export const leads = (scope: "all" | "sent" | "received", state: string) =>
  infiniteQueryOptions({
    queryKey: ["leads", "list", scope, state],
    queryFn: ({ pageParam, signal }) => api.get("/api/leads", { query: { scope, ...(state ? { state: state as Schema<"Lead">["state"] } : {}), ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: 20_000,
    // Contributors are told of no change: what became of a lead is asked now and then.
    refetchInterval: 60_000,
  });

export const lead = (id: number) => queryOptions({ queryKey: ["leads", "one", id], queryFn: ({ signal }) => api.get("/api/leads/{id}", { path: { id }, signal }), staleTime: 20_000, refetchInterval: 60_000 });

export const leadRecipients = queryOptions({ queryKey: ["leads", "recipients"], queryFn: ({ signal }) => api.get("/api/leads/recipients", { signal }), staleTime: 600_000 });

export const pictures = (visit: number) => queryOptions({ queryKey: ["visits", "pictures", visit], queryFn: ({ signal }) => api.get("/api/visits/{id}/pictures", { path: { id: visit }, signal }), staleTime: 60_000 });

export type OfferFilters = { state?: string; scope?: "all" | "organisation"; q?: string; sort?: "newest" | "soonest" };

export const offers = (filters: OfferFilters) =>
  infiniteQueryOptions({
    queryKey: ["offers", filters],
    queryFn: ({ pageParam, signal }) => api.get("/api/offers", { query: { ...filters, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });

export const offer = (id: number) => queryOptions({ queryKey: ["offer", id], queryFn: ({ signal }) => api.get("/api/offers/{id}", { path: { id }, signal }), staleTime: 20_000 });

export const referrals = (scope: "made" | "received", state: string) =>
  infiniteQueryOptions({
    queryKey: ["referrals", scope, state],
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/referrals", { query: { scope, ...(state ? { state: state as "proposed" } : {}), ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });

export const referralFigures = queryOptions({ queryKey: ["referrals", "figures"], queryFn: ({ signal }) => api.get("/api/referrals/figures", { signal }), staleTime: 60_000 });

export const indicators = queryOptions({ queryKey: ["indicators"], queryFn: ({ signal }) => api.get("/api/indicators", { signal }), staleTime: day, gcTime: day });
export const figures = (filters: FigureFilters) =>
  queryOptions({
    queryKey: ["figures", filters],
    queryFn: ({ signal }) => api.get("/api/indicators/figures", { query: filters, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
export const figureEmployers = (filters: FigureFilters & { indicator: string }) =>
  queryOptions({ queryKey: ["figures", "employers", filters], queryFn: ({ signal }) => api.get("/api/indicators/employers", { query: filters, signal }), staleTime: 60_000 });
export const diagnosis = (within: string) =>
  queryOptions({ queryKey: ["figures", "diagnosis", within], queryFn: ({ signal }) => api.get("/api/diagnosis", { query: within ? { within } : {}, signal }), placeholderData: keepPreviousData, staleTime: 300_000 });
export const targets = (period: { from: string; to: string }) =>
  queryOptions({ queryKey: ["targets", period], queryFn: ({ signal }) => api.get("/api/targets", { query: period, signal }), placeholderData: keepPreviousData, staleTime: 60_000 });
export const packs = infiniteQueryOptions({
  queryKey: ["packs"],
  queryFn: ({ pageParam, signal }) => api.get("/api/packs", { query: pageParam ? { after: pageParam } : {}, signal }),
  initialPageParam: first,
  getNextPageParam: after,
  staleTime: 20_000,
});
export const pack = (id: number) => queryOptions({ queryKey: ["packs", "one", id], queryFn: ({ signal }) => api.get("/api/packs/{id}", { path: { id }, signal }), staleTime: 60_000 });

/** What a map of tiles frames, and how its outlines came to be. */
export const groundFrame = (within: string) =>
  queryOptions({ queryKey: ["ground", "frame", within], queryFn: ({ signal }) => api.get("/api/tiles/frame", { query: { ...(within ? { within } : {}) }, signal }), placeholderData: keepPreviousData, staleTime: 300_000 });
export const groundOf = (level: "commune" | "epci" | "bassin" | "departement" | "region") =>
  queryOptions({ queryKey: ["ground", level], queryFn: ({ signal }) => api.get("/api/ground", { query: { level }, signal }), staleTime: day, gcTime: day });

export const ground = queryOptions({ queryKey: ["ground"], queryFn: ({ signal }) => api.get("/api/ground", { signal }), staleTime: day, gcTime: day });
export const naf = queryOptions({ queryKey: ["naf"], queryFn: ({ signal }) => api.get("/api/naf", { signal }), staleTime: day, gcTime: day });
export const organisations = queryOptions({ queryKey: ["directory"], queryFn: ({ signal }) => api.get("/api/organisations", { signal }), staleTime: 600_000 });
export const organisationCommunes = (id: number) =>
  queryOptions({ queryKey: ["directory", "communes", id], queryFn: ({ signal }) => api.get("/api/organisations/{id}/communes", { path: { id }, signal }), staleTime: 600_000 });
export const directoryGaps = queryOptions({ queryKey: ["directory", "gaps"], queryFn: ({ signal }) => api.get("/api/organisations/gaps", { signal }), staleTime: 600_000 });
export const services = queryOptions({ queryKey: ["services"], queryFn: ({ signal }) => api.get("/api/services", { signal }), staleTime: day });
export const members = (id: number) =>
  queryOptions({ queryKey: ["directory", "members", id], queryFn: ({ signal }) => api.get("/api/organisations/{id}/members", { path: { id }, signal }), staleTime: 600_000 });

export const segments = (archived: boolean) =>
  queryOptions({ queryKey: ["segments", "list", archived], queryFn: ({ signal }) => api.get("/api/segments", { query: archived ? { archived } : {}, signal }), staleTime: 20_000 });

export const segment = (id: number) =>
  queryOptions({
    queryKey: ["segments", "one", id],
    queryFn: ({ signal }) => api.get("/api/segments/{id}", { path: { id }, signal }),
    staleTime: 20_000,
    // Members come a moment after a version: asked again until they are those of it.
    refetchInterval: (query) => (query.state.data && !query.state.data.fresh && !query.state.data.archived_at ? 1500 : false),
  });

export const segmentFields = queryOptions({ queryKey: ["segments", "fields"], queryFn: ({ signal }) => api.get("/api/segments/fields", { signal }), staleTime: day, gcTime: day });

type RuleJson = Record<string, unknown>;
// The signal lets go of a count as soon as another rule is asked for.
export const segmentCount = (rule: RuleJson) =>
  queryOptions({ queryKey: ["segments", "count", rule], queryFn: ({ signal }) => api.post("/api/segments/count", { body: { rule }, signal }), placeholderData: keepPreviousData, staleTime: 30_000, gcTime: 60_000 });
export const segmentPlaces = (rule: RuleJson) =>
  queryOptions({ queryKey: ["segments", "places", rule], queryFn: ({ signal }) => api.post("/api/segments/places", { body: { rule }, signal }), placeholderData: keepPreviousData, staleTime: 30_000, gcTime: 60_000 });
export const segmentEffects = (rule: RuleJson) =>
  queryOptions({ queryKey: ["segments", "effects", rule], queryFn: ({ signal }) => api.post("/api/segments/effects", { body: { rule }, signal }), staleTime: 30_000, gcTime: 60_000 });
export const segmentSample = (rule: RuleJson) =>
  queryOptions({ queryKey: ["segments", "sample", rule], queryFn: ({ signal }) => api.post("/api/segments/sample", { body: { rule }, signal }), placeholderData: keepPreviousData, staleTime: 30_000, gcTime: 60_000 });

export const tags = queryOptions({ queryKey: ["tags"], queryFn: ({ signal }) => api.get("/api/tags", { signal }), staleTime: 60_000 });
export const ownCodes = queryOptions({ queryKey: ["codes"], queryFn: ({ signal }) => api.get("/api/codes", { signal }), staleTime: 60_000 });

export type OppositionFilters = NonNullable<paths["/api/oppositions"]["get"]["parameters"]["query"]>;

export const oppositions = (filters: OppositionFilters) =>
  infiniteQueryOptions({
    queryKey: ["oppositions", filters],
    queryFn: ({ pageParam, signal }) => api.get("/api/oppositions", { query: { ...filters, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
  });

/** Persons are asked anew each time and not kept: no answer about somebody stays behind. */
export const people = (q: string) => queryOptions({ queryKey: ["people", q], queryFn: ({ signal }) => api.get("/api/people", { query: { q }, signal }), gcTime: 0 });

export const ending = (days: number) =>
  infiniteQueryOptions({
    queryKey: ["ending", days],
    queryFn: ({ pageParam, signal }) => api.get("/api/people/ending", { query: { days, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
  });

export async function searchRome(text: string, signal: AbortSignal): Promise<{ id: string; label: string; detail: string }[]> {
  if (text.trim().length < 2) return [];
  const { items } = await api.get("/api/rome", { query: { q: text }, signal });
  return items.map((item) => ({ id: item.code, label: item.label, detail: item.title ? `${item.code}, ${item.title}` : item.code }));
}

export async function searchEstablishments(text: string, signal: AbortSignal): Promise<{ id: string; label: string; detail: string }[]> {
  if (text.trim().length < 2) return [];
  const { items } = await api.get("/api/establishments", { query: { q: text.trim(), closed: true, sort: "match", limit: 20 }, signal });
  return items.map((item) => ({ id: String(item.id), label: item.name ?? item.siret ?? "Sans dénomination", detail: [item.city, item.siret ?? "sans SIRET"].filter(Boolean).join(", ") }));
}

export type Segment = Schema<"Segment">;
export type SegmentLine = Schema<"SegmentLine">;
export type Session = Schema<"Session">;
export type Establishment = Schema<"Establishment">;
export type EstablishmentLine = Schema<"EstablishmentLine">;
export type Visit = Schema<"Visit">;
export type Offer = Schema<"Offer">;
export type OfferLine = Schema<"OfferLine">;
export type Promised = Schema<"Promise">;
export type Need = Schema<"Need">;
export type Task = Schema<"Task">;

export type PlanFilters = NonNullable<paths["/api/plans"]["get"]["parameters"]["query"]>;
export const plans = (filters: PlanFilters) =>
  infiniteQueryOptions({
    queryKey: ["plans", "list", filters],
    queryFn: ({ pageParam, signal }) => api.get("/api/plans", { query: { ...filters, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });

export const plan = (id: number) =>
  queryOptions({
    queryKey: ["plans", "one", id],
    queryFn: ({ signal }) => api.get("/api/plans/{id}", { path: { id }, signal }),
    staleTime: 20_000,
    // A scenario under way says how far it is.
    refetchInterval: (query) => (query.state.data?.scenarios.some((one) => one.state === "waiting" || one.state === "running") ? 400 : false),
  });

export const planTables = queryOptions({ queryKey: ["plans", "tables"], queryFn: ({ signal }) => api.get("/api/plans/weights", { signal }), staleTime: day });
export const planHistory = (id: number) => queryOptions({ queryKey: ["plans", "history", id], queryFn: ({ signal }) => api.get("/api/plans/{id}/history", { path: { id }, signal }), staleTime: 20_000 });
export const planResults = (id: number) => queryOptions({ queryKey: ["plans", "results", id], queryFn: ({ signal }) => api.get("/api/plans/{id}/results", { path: { id }, signal }), staleTime: 20_000 });
export const planSkipped = (id: number) => queryOptions({ queryKey: ["plans", "skipped", id], queryFn: ({ signal }) => api.get("/api/plans/{id}/skipped", { path: { id }, signal }), staleTime: 20_000 });

// Lines of a computed scenario never change: asked once.
export type PlanLineFilters = Omit<NonNullable<paths["/api/scenarios/{id}/lines"]["get"]["parameters"]["query"]>, "after">;
export const planLines = (id: number, filters: PlanLineFilters) =>
  infiniteQueryOptions({
    queryKey: ["scenario", "lines", id, filters],
    queryFn: ({ pageParam, signal }) => api.get("/api/scenarios/{id}/lines", { path: { id }, query: { ...filters, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    staleTime: day,
  });
export const planPoints = (id: number) => queryOptions({ queryKey: ["scenario", "points", id], queryFn: ({ signal }) => api.get("/api/scenarios/{id}/points", { path: { id }, signal }), staleTime: day });
export const planAgainst = (id: number, reference: number) =>
  queryOptions({ queryKey: ["scenario", "against", id, reference], queryFn: ({ signal }) => api.get("/api/scenarios/{id}/against", { path: { id }, query: { with: reference }, signal }), staleTime: day });
