// Questions of the desks: files of partners, and pairs to review.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { after, first } from "./queries";

export const imports = infiniteQueryOptions({
  queryKey: ["imports"],
  queryFn: ({ pageParam, signal }) => api.get("/api/imports", { query: pageParam ? { after: pageParam } : {}, signal }),
  initialPageParam: first,
  getNextPageParam: after,
  // A file being read changes by itself: asked again until it is settled.
  refetchInterval: (query) => (query.state.data?.pages.some((page) => page.items.some((item) => moving(item.state))) ? 2000 : false),
});

/** A file that the worker has in hand, or will have. */
export const moving = (state: string) => ["preview", "received", "running", "reverting"].includes(state);

export const importFile = (id: number) =>
  queryOptions({
    queryKey: ["import", id],
    queryFn: ({ signal }) => api.get("/api/imports/{id}", { path: { id }, signal }),
    refetchInterval: (query) => (query.state.data && moving(query.state.data.state) ? 1000 : false),
  });

export const importPreview = (id: number) =>
  queryOptions({
    queryKey: ["import", id, "preview"],
    queryFn: ({ signal }) => api.get("/api/imports/{id}/preview", { path: { id }, signal }),
    placeholderData: keepPreviousData,
  });

export type LineFilter = "all" | "faulty" | "linked" | "created" | "review" | "unusable";

export const importLines = (id: number, filter: LineFilter) =>
  infiniteQueryOptions({
    queryKey: ["import", id, "lines", filter],
    queryFn: ({ pageParam, signal }) =>
      api.get("/api/imports/{id}/lines", {
        path: { id },
        query: { ...(filter === "faulty" ? { faulty: true } : filter === "all" ? {} : { outcome: filter }), ...(pageParam ? { after: pageParam } : {}) },
        signal,
      }),
    initialPageParam: first,
    getNextPageParam: after,
    placeholderData: keepPreviousData,
  });

export const importErrors = (id: number) =>
  infiniteQueryOptions({
    queryKey: ["import", id, "errors"],
    queryFn: ({ pageParam, signal }) => api.get("/api/imports/{id}/errors", { path: { id }, query: pageParam ? { after: pageParam } : {}, signal }),
    initialPageParam: first,
    getNextPageParam: after,
  });

export const reviewFigures = queryOptions({ queryKey: ["reviews", "figures"], queryFn: ({ signal }) => api.get("/api/reviews/figures", { signal }), staleTime: 20_000 });

export const review = (id: number) =>
  queryOptions({ queryKey: ["reviews", "one", id], queryFn: ({ signal }) => api.get("/api/reviews/{id}", { path: { id }, signal }), staleTime: 20_000 });

export const reviewsDecided = infiniteQueryOptions({
  queryKey: ["reviews", "decided"],
  queryFn: ({ pageParam, signal }) => api.get("/api/reviews", { query: { state: "decided", ...(pageParam ? { after: pageParam } : {}) }, signal }),
  initialPageParam: first,
  getNextPageParam: after,
  staleTime: 20_000,
});
