// How two values look to the eye: only a hint beside them, linkage has its own measure.

export type Agreement = "same" | "close" | "apart" | "unknown";

const fold = (value: string): string =>
  value
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

export function agreement(left: string | null, right: string | null): Agreement {
  if (left === null || right === null) return "unknown";
  const [a, b] = [fold(left), fold(right)];
  if (a === b || a.replace(/ /g, "") === b.replace(/ /g, "")) return "same";
  const [some, all] = [new Set(a.split(" ")), new Set(b.split(" "))];
  const shared = [...some].filter((word) => word.length > 2 && all.has(word)).length;
  return shared > 0 || (a.length > 3 && b.length > 3 && (a.startsWith(b) || b.startsWith(a))) ? "close" : "apart";
}
