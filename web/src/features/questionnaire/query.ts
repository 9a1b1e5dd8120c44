// The questionnaires, as they are asked for: reports and their editor alone have use for them.
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";

/** Those that the report of a visit answered, in force where it answered none; without a visit, those in force. */
export const questionnairesOf = (visit: number | null) =>
  queryOptions({ queryKey: ["questionnaires", visit], queryFn: ({ signal }) => api.get("/api/questionnaire", { ...(visit ? { query: { visit } } : {}), signal }), staleTime: 60_000 });
