// What the address says of a question to the indicators, and the question itself.
import type { Schema } from "@/api/client";
import type { FigureFilters } from "@/api/queries";
import { sizeGroups } from "@/features/establishments/filters";
import type { Query } from "@/router";
import type { View } from "@/ui/map";
import { addMonths, isMonth, monthsBetween } from "@/words/month";
import { isoDay, now } from "@/words/time";
import { french } from "@/words/typography";

export const networks = ["ft", "ml", "ce", "plie"] as const;
export type NetworkCode = (typeof networks)[number];

export const levels = [
  { id: "commune", label: "Communes", one: "Commune" },
  { id: "epci", label: "Intercommunalités", one: "Intercommunalité" },
  { id: "bassin", label: "Bassins d’emploi", one: "Bassin d’emploi" },
  { id: "departement", label: "Départements", one: "Département" },
  { id: "region", label: "Régions", one: "Région" },
] as const;
export type Level = (typeof levels)[number]["id"];

/** What one looks at next, inside an area. */
export const finer: Record<Level, Level | null> = { region: "departement", departement: "epci", bassin: "commune", epci: "commune", commune: null };

export const thisMonth = (): string => isoDay(now()).slice(0, 7);

/** How far back the slider goes. */
export const monthsBack = 36;

export function levelOf(query: Query): Level {
  return levels.find((level) => level.id === query.get("niveau"))?.id ?? "commune";
}

export function periodOf(query: Query): { from: string; to: string } {
  const last = thisMonth();
  const to = query.get("a");
  const from = query.get("de");
  const end = isMonth(to) && to <= last ? to : last;
  const start = isMonth(from) && from <= end ? from : addMonths(end, -11);
  return { from: start, to: end };
}

type Question = Schema<"Figures">["question"];

/** What figures are an answer to: « Allier, de décembre 2025 à novembre 2026, tous réseaux ». Pages, legends, pictures and paper say this. */
export function questionWords(figures: { question: Question } | undefined, parts?: Question[number]["part"][]): string {
  return (figures?.question ?? [])
    .filter((one) => !parts || parts.includes(one.part))
    .map((one) => french(one.words))
    .join(", ");
}
/** Without where: the place is said beside. */
export const whoAndWhen: Question[number]["part"][] = ["period", "network", "organisation", "segment", "activity", "size"];

/** An area of the question: what lies in it and in what one had drilled into. */
export const inside = (filters: FigureFilters, area: string): string => [filters.within, `${filters.level}:${area}`].filter(Boolean).join(",");

/** The question of the first map. */
export function filtersOf(query: Query): FigureFilters {
  const size = sizeGroups.find((group) => group.id === query.get("effectif"));
  const segment = Number(query.get("segment")) || undefined;
  const organisation = Number(query.get("structure")) || undefined;
  // A structure is of one network: beside it, another one would leave nothing.
  const network = organisation ? undefined : networks.find((code) => code === query.get("reseau"));
  return {
    level: levelOf(query),
    ...periodOf(query),
    ...(query.get("dans") ? { within: query.get("dans") as string } : {}),
    ...(network ? { network } : {}),
    ...(organisation ? { organisation } : {}),
    ...(segment ? { segment } : {}),
    ...(query.get("naf") ? { naf: query.get("naf") as string } : {}),
    ...(size ? { size: size.codes } : {}),
  };
}

/** How many months a question is about. */
export const lengthOf = ({ from = "", to = "" }: { from?: string; to?: string }): number => monthsBetween(from, to) + 1;

/** The question of the second map, which ends no later than this month: the period before, a year earlier, another of the same length from a month on, or another network. */
export function comparedTo(filters: FigureFilters, how: string | null, start?: string | null): FigureFilters | null {
  const { from = "", to = "" } = filters;
  const moved = (by: number) => ({ ...filters, from: addMonths(from, by), to: addMonths(to, by) });
  if (how === "avant") return moved(-lengthOf(filters));
  if (how === "annee") return moved(-12);
  if (how === "periode") return moved(isMonth(start) ? Math.min(monthsBetween(from, start), monthsBetween(to, thisMonth())) : -24);
  const other = networks.find((code) => code === how);
  if (!other || other === filters.network) return null; // with itself there is nothing to compare
  const { organisation: _, ...rest } = filters;
  return { ...rest, network: other };
}

/** Where the map was moved to by hand: lon,lat,zoom. */
export function viewOf(query: Query): View | null {
  const [lon, lat, zoom] = (query.get("carte") ?? "").split(",").map(Number);
  return lon !== undefined && lat !== undefined && zoom !== undefined && [lon, lat, zoom].every(Number.isFinite) && Math.abs(lat) < 85 ? { lon, lat, zoom } : null;
}

export const viewText = ({ lon, lat, zoom }: View): string => `${lon.toFixed(4)},${lat.toFixed(4)},${zoom.toFixed(2)}`;
