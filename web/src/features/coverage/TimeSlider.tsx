import { useEffect, useState } from "react";
import { useQueryState } from "@/router";
import { RangeSlider } from "@/ui/RangeSlider";
import { addMonths, monthsBetween, shortMonth } from "@/words/month";
import { monthsBack, periodOf, thisMonth } from "./filters";

/** The period, by its two ends; what is asked follows when a thumb is let go. */
export default function TimeSlider() {
  const query = useQueryState();
  const { from, to } = periodOf(query);
  const first = addMonths(thisMonth(), -monthsBack);
  const place: [number, number] = [Math.max(0, monthsBetween(first, from)), monthsBetween(first, to)];
  const [moving, setMoving] = useState(place);
  useEffect(() => setMoving(place), [place[0], place[1]]);
  return (
    <RangeSlider
      label="Période"
      least={0}
      most={monthsBack}
      value={moving}
      onChange={setMoving}
      onEnd={([start, end]) => query.set({ de: addMonths(first, start), a: end === monthsBack ? null : addMonths(first, end) }, { replace: true })}
      say={(at) => shortMonth(addMonths(first, at))}
    />
  );
}
