// Several employers at once: ticked in the table, surrounded on the map, or all those that the filters leave.
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import type { EstablishmentLine, Filters } from "@/api/queries";
import { MOST, type Act } from "@/features/promises/acts";
import type { Box } from "@/ui/map";
import { toast } from "@/ui/Toast";
import { nameOf } from "./parts";
import type { Found } from "./within";

const MarkedBar = lazy(() => import("@/features/promises/MarkedBar"));
const BulkDialog = lazy(() => import("@/features/promises/Bulk"));

type Key = string | number;

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

  function found(rows: Found, before: Iterable<Key>) {
    for (const row of rows) names.current.set(row.id, row.name);
    if (rows.length === 0) toast("Aucun employeur du filtre dans cette zone.", { tone: "neutral" });
    else mark(new Set([...before, ...rows.map((row) => row.id)]));
  }

  const within = (box: Box) => void during(async () => found(await (await import("./within")).inArea(queries, filters, box), marked));
  const surround = (ring: [number, number][]) => {
    draw(false);
    void during(async () => {
      const { boxOf, inArea } = await import("./within");
      found(await inArea(queries, filters, boxOf(ring), ring), marked);
    });
  };
  const all = () => void during(async () => found(await (await import("./within")).ofFilters(filters, MOST), []));

  const numbers = useMemo(() => new Set([...marked].map(Number)), [marked]);
  return { marked, numbers, mark, drawing, draw, busy, within, surround, all, nameOf: (id: number) => names.current.get(id) ?? `n° ${id}` };
}

export function Marking({ marking, total }: { marking: ReturnType<typeof useMarking>; total: number | undefined }) {
  const [act, setAct] = useState<Act | null>(null);
  const clear = () => marking.mark(new Set());
  return (
    <>
      {marking.marked.size > 0 && (
        <Suspense>
          <MarkedBar marked={marking.marked.size} offered={["make", "hand", "transfer", "team", "return"]} onAct={setAct} onClear={clear} onAll={marking.all} all={total} busy={marking.busy} />
        </Suspense>
      )}
      {act && (
        <Suspense>
          <BulkDialog act={act} establishments={[...marking.numbers]} nameOf={marking.nameOf} onClose={() => setAct(null)} onDone={clear} />
        </Suspense>
      )}
    </>
  );
}
