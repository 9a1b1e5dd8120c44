// Questions about what comes from and goes to others: keys, channels, deliveries, feeds. Apart from the rest, which every page loads.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { after, day, first } from "./queries";
import type { paths } from "./schema";

export const keys = infiniteQueryOptions({
  queryKey: ["keys"],
  queryFn: ({ pageParam, signal }) => api.get("/api/keys", { query: pageParam ? { after: pageParam } : {}, signal }),
  initialPageParam: first,
  getNextPageParam: after,
  staleTime: 20_000,
});

export const channels = queryOptions({ queryKey: ["channels"], queryFn: ({ signal }) => api.get("/api/channels", { signal }), staleTime: 10_000, refetchInterval: 30_000 });

export const digest = queryOptions({
  queryKey: ["digest"],
  queryFn: ({ signal }) => api.get("/api/digest", { signal }),
  refetchInterval: (query) => (query.state.data?.letters.some((letter) => letter.state === "waiting") ? 5000 : false),
});

export const outlets = queryOptions({ queryKey: ["channels", "outlets"], queryFn: ({ signal }) => api.get("/api/outlets", { signal }), staleTime: 300_000 });

export const offerOutlets = (id: number) =>
  queryOptions({
    queryKey: ["offer", id, "outlets"],
    queryFn: ({ signal }) => api.get("/api/offers/{id}/outlets", { path: { id }, signal }),
    // What waits changes by itself.
    refetchInterval: (query) => (query.state.data?.items.some((item) => item.state === "waiting") ? 5000 : false),
  });

export type DeliveryFilters = NonNullable<paths["/api/deliveries"]["get"]["parameters"]["query"]>;

export const deliveries = (filters: DeliveryFilters) =>
  infiniteQueryOptions({
    queryKey: ["channels", "deliveries", filters],
    queryFn: ({ pageParam, signal }) => api.get("/api/deliveries", { query: { ...filters, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
    // What waits changes by itself.
    refetchInterval: (query) => (query.state.data?.pages[0]?.items.some((item) => item.state === "waiting") ? 3000 : 30_000),
  });

export const feeds = queryOptions({ queryKey: ["feeds"], queryFn: ({ signal }) => api.get("/api/feeds", { signal }), staleTime: 10_000, refetchInterval: 30_000 });
export const feed = (id: number) =>
  queryOptions({
    queryKey: ["feed", id],
    queryFn: ({ signal }) => api.get("/api/feeds/{id}", { path: { id }, signal }),
    refetchInterval: (query) => (query.state.data?.last_run?.state === "waiting" || (query.state.data?.address && !query.state.data.last_run) ? 1500 : 30_000),
  });
export const feedRuns = (id: number) =>
  infiniteQueryOptions({
    queryKey: ["feed", id, "runs"],
    queryFn: ({ pageParam, signal }) => api.get("/api/feeds/{id}/runs", { path: { id }, query: pageParam ? { after: pageParam } : {}, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    refetchInterval: 10_000,
  });
export type FeedOfferState = NonNullable<NonNullable<paths["/api/feeds/{id}/offers"]["get"]["parameters"]["query"]>["state"]>;
export const feedOffers = (id: number, state: FeedOfferState) =>
  infiniteQueryOptions({
    queryKey: ["feed", id, "offers", state],
    queryFn: ({ pageParam, signal }) => api.get("/api/feeds/{id}/offers", { path: { id }, query: { state, ...(pageParam ? { after: pageParam } : {}) }, signal }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
  });
/** What a layout makes of the last bytes of a feed; "" asks for the one that is proposed. */
export const feedPreview = (id: number, layout: string) =>
  queryOptions({ queryKey: ["feed", id, "preview", layout], queryFn: ({ signal }) => api.post("/api/feeds/{id}/preview", { path: { id }, body: layout ? { layout } : {}, signal }), staleTime: 60_000 });

/** The description of the API, as the server gives it to everybody. */
export const description = queryOptions({ queryKey: ["openapi"], queryFn: ({ signal }) => api.get("/openapi.json", { signal }), staleTime: day });
