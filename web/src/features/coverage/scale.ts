// Classes of a map of figures: at most six, with round bounds, the same for map, legend and table.
import { count, NARROW } from "@/words/number";

export type Unit = "count" | "percent" | "ratio" | "days" | "per100";

/** Bounds from below, none where nothing lies above zero; the first class is exactly zero when there are zeros. */
export type Scale = { bounds: number[]; zero: boolean; unit: Unit };

const most = 6;
const decimal = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });

/** The nearest number below that one says aloud: 1, 2, 2.5, 5 times a power of ten. */
function round(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const head = value / power;
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8].filter((one) => one <= head + 1e-9).at(-1) ?? 1;
  return Number((step * power).toPrecision(3));
}

/** The nearest number below of two digits: where all figures are near each other, the numbers one says aloud are too far apart. */
function fine(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / power + 1e-9) * power).toPrecision(3));
}

/** A scale for all these values, of one map or of two side by side: about as many areas in each class. */
export function scaleOf(values: (number | null | undefined)[], unit: Unit): Scale {
  const known = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value)).sort((a, b) => a - b);
  const positive = known.filter((value) => value > 0);
  const zero = positive.length < known.length;
  const classes = most - (zero ? 1 : 0);
  const whole = unit === "count" || unit === "days";
  const boundsBy = (rounded: (value: number) => number): number[] => {
    const bounds: number[] = [];
    for (let index = 0; index < classes; index++) {
      const at = positive[Math.floor((index * positive.length) / classes)];
      if (at === undefined) break;
      // Never above what it bounds; counts and days begin with the smallest there is.
      const bound = whole ? Math.floor(rounded(at)) : index === 0 ? 0 : rounded(at);
      if (index === 0 || bound > (bounds.at(-1) ?? 0)) bounds.push(bound);
    }
    // Many small figures leave room: what lies far above them is told apart too.
    for (let top = bounds.at(-1) ?? 0; bounds.length && bounds.length < classes; top = bounds.at(-1) ?? 0) {
      const far = positive.filter((value) => value >= 2 * top);
      const at = far[Math.floor(far.length / (classes - bounds.length + 1))];
      if (top === 0 || at === undefined) break;
      bounds.push(whole ? Math.floor(rounded(at)) : rounded(at)); // rounded down by a third at most: still above
    }
    // « moins de 1 » of what is never less than one: a class without values.
    if ((bounds[1] ?? Infinity) <= (positive[0] ?? 0)) bounds.shift();
    return bounds;
  };
  const bounds = boundsBy(round);
  const finer = bounds.length < 4 ? boundsBy(fine) : bounds;
  const isSaid = new Set(finer.map((bound) => said(bound, unit))).size === finer.length;
  return { bounds: finer.length > bounds.length && isSaid ? finer : bounds, zero, unit };
}

/** The class of a value, 0 to 5; null is unknown. With zeros, class 0 is theirs. */
export function classOf(scale: Scale, value: number | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (value === 0 && scale.zero) return 0;
  let found = 0;
  for (const [index, bound] of scale.bounds.entries()) if (value >= bound) found = index;
  return found + (scale.zero ? 1 : 0);
}

export const classCount = (scale: Scale): number => scale.bounds.length + (scale.zero ? 1 : 0);

/** A value with its unit. */
export function said(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "inconnu";
  if (unit === "percent") return `${decimal.format(Math.round(value * 1000) / 10)}${NARROW}%`;
  if (unit === "days") return `${decimal.format(Math.round(value * 10) / 10)}${NARROW}j`;
  return unit === "count" ? count(value) : decimal.format(value);
}

/** The words of a class in the legend. */
export function classLabel(scale: Scale, index: number): string {
  if (scale.zero && index === 0) return `aucun (${said(0, scale.unit)})`;
  const at = index - (scale.zero ? 1 : 0);
  const low = scale.bounds[at] ?? 0;
  const high = scale.bounds[at + 1];
  if (high === undefined && scale.unit === "percent" && low >= 1) return said(1, "percent"); // there is no more than all
  if (high === undefined) return low === 0 ? "tous les autres" : `${said(low, scale.unit)} et plus`;
  if (low === 0) return `moins de ${said(high, scale.unit)}`;
  if (scale.unit === "count" && high === low + 1) return said(low, scale.unit);
  return `${said(low, scale.unit)} à moins de ${said(high, scale.unit)}`;
}
