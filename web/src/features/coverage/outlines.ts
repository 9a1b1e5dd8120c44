import type { Frame } from "@/api/queries";
import { plural } from "@/words/number";

/** How the outlines came to be, when not all are official. */
export function outlines(frame: Pick<Frame, "communes" | "dissolved" | "drawn" | "missing">): string[] {
  if (frame.communes > 0 && frame.drawn === frame.communes) return ["Limites indicatives, tracées autour des centres des communes"];
  return [
    ...(frame.dissolved > 0 ? [`${plural(frame.dissolved, "commune")} : anciens contours réunis`] : []),
    ...(frame.drawn > 0 ? [`${plural(frame.drawn, "commune")} sans contour officiel : limites indicatives`] : []),
    ...(frame.missing > 0 ? [`${plural(frame.missing, "commune")} sans localisation connue`] : []),
  ];
}
