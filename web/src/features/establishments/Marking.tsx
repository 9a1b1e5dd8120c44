// Several employers at once: ticked in the table, surrounded on the map, or all those that the filters leave.
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { establishmentPoints, everyEstablishment, type EstablishmentLine, type Filters } from "@/api/queries";
import { MOST, type Act } from "@/features/promises/acts";
import { MarkedBar } from "@/features/promises/MarkedBar";
import type { Box } from "@/ui/map";
import { toast } from "@/ui/Toast";
import { plural } from "@/words/number";
import { nameOf } from "./parts";

const BulkDialog = lazy(() => import("@/features/promises/Bulk"));

type Key = string | number;

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

export function useMarking(filters: Filters, rows: EstablishmentLine[]) {
  const queries = useQueryClient();
  const [marked, setMarked] = useState<ReadonlySet<Key>>(new Set());
  const [drawing, draw] = useState(false);
  const [busy, setBusy] = useState(false);
  const names = useRef(new Map<number, string>());
  for (const row of rows) names.current.set(row.id, nameOf(row));

  function mark(next: ReadonlySet<Key>) {
    const kept = [...next];
    if (kept.length > MOST) toast(`Au plus ${MOST} employeurs à la fois : les premiers sont cochés.`, { tone: "neutral" });
    setMarked(new Set(kept.slice(0, MOST)));
  }

  async function during(work: () => Promise<void>) {
    setBusy(true);
    try {
      await work();
    } catch {
      toast("La sélection n’a pas abouti.", { tone: "danger" });
    } finally {
      setBusy(false);
    }
  }

  const within = (box: Box, ring?: [number, number][]) =>
    void during(async () => {
      const { items } = await queries.fetchQuery(establishmentPoints(filters, box.map((side) => side.toFixed(5)).join(",")));
      const found = items.filter((point) => (ring ? isWithin(ring, point.lon, point.lat) : point.lon >= box[0] && point.lon <= box[2] && point.lat >= box[1] && point.lat <= box[3]));
      for (const point of found) names.current.set(point.id, point.name ?? "Sans dénomination");
      if (found.length === 0) toast("Aucun employeur du filtre dans cette zone.", { tone: "neutral" });
      else {
        mark(new Set([...marked, ...found.map((point) => point.id)]));
        toast(`${plural(Math.min(found.length, MOST), "employeur coché", "employeurs cochés")}.`);
      }
    });

  const surround = (ring: [number, number][]) => {
    draw(false);
    const lons = ring.map(([lon]) => lon);
    const lats = ring.map(([, lat]) => lat);
    within([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], ring);
  };

  const all = () =>
    void during(async () => {
      const found = await everyEstablishment(filters, MOST);
      for (const row of found) names.current.set(row.id, nameOf(row));
      mark(new Set(found.map((row) => row.id)));
    });

  const numbers = useMemo(() => new Set([...marked].map(Number)), [marked]);
  return { marked, numbers, mark, drawing, draw, busy, within, surround, all, nameOf: (id: number) => names.current.get(id) ?? `n° ${id}` };
}

export function Marking({ marking, total }: { marking: ReturnType<typeof useMarking>; total: number | undefined }) {
  const [act, setAct] = useState<Act | null>(null);
  const clear = () => marking.mark(new Set());
  return (
    <>
      <MarkedBar marked={marking.marked.size} offered={["make", "hand", "transfer", "team", "return"]} onAct={setAct} onClear={clear} onAll={marking.all} all={total} busy={marking.busy} />
      {act && (
        <Suspense>
          <BulkDialog act={act} establishments={[...marking.numbers]} nameOf={marking.nameOf} onClose={() => setAct(null)} onDone={clear} />
        </Suspense>
      )}
    </>
  );
}
