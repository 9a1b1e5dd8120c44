import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { naf as nafQuery, type Frame } from "@/api/queries";
import { plural } from "@/words/number";

/** Where the ground comes from: official contours, or cells drawn around the centres of the communes. */
export function attributionOf(ground: { kind: string } | undefined): string {
  const source = "Communes : découpage administratif, Etalab";
  if (!ground || ground.kind === "contour") return source;
  return `${source} ; limites indicatives`;
}

/** How the outlines came to be, when not all are official. */
export function outlines(frame: Pick<Frame, "communes" | "dissolved" | "drawn" | "missing">): string[] {
  if (frame.communes > 0 && frame.drawn === frame.communes) return ["Limites indicatives, tracées autour des centres des communes"];
  return [
    ...(frame.dissolved > 0 ? [`${plural(frame.dissolved, "commune")} : anciens contours réunis`] : []),
    ...(frame.drawn > 0 ? [`${plural(frame.drawn, "commune")} sans contour officiel : limites indicatives`] : []),
    ...(frame.missing > 0 ? [`${plural(frame.missing, "commune")} sans localisation connue`] : []),
  ];
}

/** The words of an activity code. */
export function useActivity(): (code: string) => string {
  const { data } = useQuery(nafQuery);
  const labels = useMemo(() => new Map(data?.items.map((item) => [item.code, item.label])), [data]);
  return useCallback((code: string) => labels.get(code) ?? code, [labels]);
}
