// Which employers are in an area of the map, or answer the filters: asked for only when several are marked at once.
import type { QueryClient } from "@tanstack/react-query";
import { everyEstablishment } from "@/api/promises";
import { establishmentPoints, type Filters } from "@/api/queries";
import type { Box } from "@/ui/map";
import { nameOf } from "./parts";

export type Found = { id: number; name: string }[];

/** Whether a place lies within a ring, by the number of sides that a ray towards the east crosses. */
export function isWithin(ring: [number, number][], lon: number, lat: number): boolean {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [x, y] = ring[at] as [number, number];
    const [u, v] = ring[before] as [number, number];
    if (y > lat !== v > lat && lon < ((u - x) * (lat - y)) / (v - y) + x) inside = !inside;
  }
  return inside;
}

/** Those of the filters within a box, and within the ring when there is one. */
export async function inArea(queries: QueryClient, filters: Filters, box: Box, ring?: [number, number][]): Promise<Found> {
  const { items } = await queries.fetchQuery(establishmentPoints(filters, box.map((side) => side.toFixed(5)).join(",")));
  return items
    .filter((point) => (ring ? isWithin(ring, point.lon, point.lat) : point.lon >= box[0] && point.lon <= box[2] && point.lat >= box[1] && point.lat <= box[3]))
    .map((point) => ({ id: point.id, name: point.name ?? "Sans dénomination" }));
}

/** The box around a ring. */
export function boxOf(ring: [number, number][]): Box {
  const lons = ring.map(([lon]) => lon);
  const lats = ring.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

export async function ofFilters(filters: Filters, most: number): Promise<Found> {
  return (await everyEstablishment(filters, most)).map((row) => ({ id: row.id, name: nameOf(row) }));
}
