// The questions of the agenda, apart: they come with its pages and not with the first load of the others.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Schema } from "./client";

export const week = (from: string, to: string, member?: number) =>
  queryOptions({
    queryKey: ["week", "agenda", from, to, member ?? 0],
    queryFn: ({ signal }) => api.get("/api/week", { query: { from, to, ...(member ? { member } : {}) }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 20_000,
  });
export const teamWeek = (from: string, to: string) =>
  queryOptions({ queryKey: ["week", "team", from, to], queryFn: ({ signal }) => api.get("/api/week/team", { query: { from, to }, signal }), placeholderData: keepPreviousData, staleTime: 20_000 });
export const slots = (establishment: number, from: string, minutes: number, visit?: number) =>
  queryOptions({
    queryKey: ["week", "slots", establishment, from, minutes, visit ?? 0],
    queryFn: ({ signal }) => api.get("/api/establishments/{id}/slots", { path: { id: establishment }, query: { from, minutes, ...(visit ? { visit } : {}) }, signal }),
    staleTime: 20_000,
  });
export const tour = (id: number) =>
  queryOptions({
    queryKey: ["tour", id],
    queryFn: ({ signal }) => api.get("/api/tours/{id}", { path: { id }, signal }),
    staleTime: 20_000,
    // The stream says when it is ready; asked again all the same, in case the stream is lost.
    refetchInterval: (query) => (query.state.data?.state === "waiting" || query.state.data?.state === "running" ? 1500 : false),
  });
export const calls = (scope: "mine" | "organisation") =>
  queryOptions({ queryKey: ["calls", scope], queryFn: ({ signal }) => api.get("/api/calls", { query: { scope }, signal }), staleTime: 20_000 });
export const calendarFeed = queryOptions({ queryKey: ["calendar"], queryFn: ({ signal }) => api.get("/api/calendar", { signal }), staleTime: 60_000 });

export type Week = Schema<"Week">;
export type Tour = Schema<"Tour">;
export type TeamWeek = Schema<"TeamWeek">;
export type CallItem = Schema<"CallList">["items"][number];
