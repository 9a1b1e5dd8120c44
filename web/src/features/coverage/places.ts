// The areas that one can choose in a territory, the large ones first.
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { groundOf } from "@/api/queries";
import type { Choice } from "@/ui/Field";
import { levels, type Level } from "./filters";

/** A territory that lies in a single one of these is not cut by it: there is nothing to choose. */
const wide: Level[] = ["region", "departement"];
const byName = new Intl.Collator("fr");

export function usePlaces(wanted: readonly Level[]): Choice[] {
  const grounds = useQueries({ queries: wanted.map((level) => groundOf(level)) }).map((one) => one.data);
  return useMemo(
    () =>
      wanted.flatMap((level, index) => {
        const zones = grounds[index]?.features ?? [];
        if (wide.includes(level) && zones.length < 2) return [];
        const detail = levels.find((one) => one.id === level)?.one.toLocaleLowerCase("fr") ?? "";
        return zones.map(({ properties }) => ({ id: `${level}:${properties.code}`, label: properties.name, detail })).sort((a, b) => byName.compare(a.label, b.label));
      }),
    grounds,
  );
}
