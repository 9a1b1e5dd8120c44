import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { naf as nafQuery } from "@/api/queries";

/** Where the ground comes from: official contours, or cells drawn around the centres of the communes. */
export function attributionOf(ground: { kind: string } | undefined): string {
  const source = "Communes : découpage administratif, Etalab";
  if (!ground || ground.kind === "contour") return source;
  return `${source} ; limites indicatives`;
}

/** The words of an activity code. */
export function useActivity(): (code: string) => string {
  const { data } = useQuery(nafQuery);
  const labels = useMemo(() => new Map(data?.items.map((item) => [item.code, item.label])), [data]);
  return useCallback((code: string) => labels.get(code) ?? code, [labels]);
}
