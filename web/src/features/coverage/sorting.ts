// The order of the table: what is to be looked at first comes first.
import type { Indicator } from "@/api/queries";

// One for all: a country has as many rows as communes.
export const byName = new Intl.Collator("fr");

/** As one looks for a name: « Bègues » before « Bellenaves ». */
export const named = <Row extends { name: string }>(rows: readonly Row[]): Row[] => rows.toSorted((a, b) => byName.compare(a.name, b.name));

/** Whether the worst of an indicator is the most: of what should be little, and of what is neither good nor bad. */
export const worstDown = ({ better }: Pick<Indicator, "better">): boolean => better !== "more";

/** By a figure; those alike by their size, the largest first; unknown and hidden ones in the end, whichever the direction. */
export function byFigure<Row extends { name: string }>(figure: (row: Row) => number | null, down: boolean, size: (row: Row) => number): (a: Row, b: Row) => number {
  return (one, other) => {
    const [a, b] = [figure(one), figure(other)];
    const known = Number(a === null) - Number(b === null);
    const order = a === null || b === null ? 0 : down ? b - a : a - b;
    return known || order || size(other) - size(one) || byName.compare(one.name, other.name);
  };
}
