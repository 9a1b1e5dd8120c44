// The words of the codes that rules hold.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ground as groundQuery, naf as nafQuery, organisations as organisationsQuery, searchRome, tags as tagsQuery } from "@/api/queries";
import { nafChoices } from "@/features/establishments/filters";
import type { Choice } from "@/ui/Field";
import { sections } from "@/words/domain";
import { termsOf, type Rule } from "./rule";
import type { Names } from "./words";

export type Lists = { names: Names; communes: Choice[]; activities: Choice[]; organisations: Choice[]; tags: Choice[]; places: Map<string, { lon: number; lat: number; name: string }> };

/** What the rules name, and what a rule may name. */
export function useLists(rules: Rule[]): Lists {
  const ground = useQuery(groundQuery).data;
  const naf = useQuery(nafQuery).data;
  const organisations = useQuery(organisationsQuery).data;
  const tags = useQuery(tagsQuery).data;
  const romes = [...new Set(rules.flatMap(termsOf).flatMap((term) => (term.field === "need" && Array.isArray(term.value) ? (term.value as string[]) : [])))].sort();
  const found = useQueries({
    queries: romes.map((code) => ({ queryKey: ["rome", code], queryFn: ({ signal }: { signal: AbortSignal }) => searchRome(code, signal), staleTime: 3_600_000 })),
  });
  const known = found.flatMap((one) => one.data ?? []);
  const told = known.map((one) => one.id + one.label).join();

  return useMemo(() => {
    const communes = (ground?.features ?? []).map(({ properties }) => ({ id: properties.code, label: properties.name, detail: properties.code })).sort((a, b) => a.label.localeCompare(b.label, "fr"));
    const places = new Map((ground?.features ?? []).flatMap(({ properties: { code, name, lon, lat } }) => (lon != null && lat != null ? [[code, { name, lon, lat }] as const] : [])));
    const activities = nafChoices(naf?.items);
    const people = (organisations?.items ?? []).map((one) => ({ id: String(one.id), label: one.short_name, detail: one.name }));
    const words = (tags?.items ?? []).map((tag) => ({ id: String(tag.id), label: tag.label, ...(tag.mine ? {} : { detail: tag.organisation.short_name }) }));
    const of = (choices: Choice[]) => {
      const labels = new Map(choices.map((choice) => [choice.id, choice.label]));
      return (code: string) => labels.get(code) ?? code;
    };
    const activity = of(activities);
    const organisation = of(people);
    const tag = of(words);
    const occupation = of(known);
    return {
      communes,
      places,
      activities,
      organisations: people,
      tags: words,
      names: {
        commune: of(communes),
        naf: (code) => sections[code] ?? activity(code),
        rome: occupation,
        organisation: (id) => organisation(String(id)),
        tag: (id) => tag(String(id)),
      },
    };
  }, [ground, naf, organisations, tags, told]);
}
