// How two values look to an adviser: only a hint beside them, linkage has its own measure.

export type Agreement = "same" | "close" | "apart" | "unknown";

const fold = (value: string): string =>
  value
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

// What everybody leaves out of a name, and what everybody shortens in an address.
const forms = new Set(["sarl", "sas", "sasu", "sa", "eurl", "snc", "sci", "scop", "ei", "eirl", "ets", "etablissements", "ste", "societe", "entreprise", "monsieur", "madame", "m", "mme"]);
const short: Record<string, string> = {
  av: "avenue", ave: "avenue", bd: "boulevard", bld: "boulevard", blvd: "boulevard", pl: "place", rte: "route", ch: "chemin", chem: "chemin", imp: "impasse",
  fg: "faubourg", fbg: "faubourg", r: "rue", all: "allee", sq: "square", st: "saint", ste: "sainte", za: "zone", zi: "zone", gal: "general", dr: "docteur", cdt: "commandant",
};

const nameWords = (value: string): string[] => {
  const words = fold(value).split(" ");
  const kept = words.filter((word) => !forms.has(word));
  return kept.length > 0 ? kept : words;
};
const plainWords = (value: string): string[] => fold(value).split(" ").map((word) => short[word] ?? word);

/** Whether one typing error (a letter more, less, other, or two swapped) makes one of the other. */
function nearly(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 5) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return (x.length <= 1 && y.length <= 1) || (x.length === 2 && x === [...y].reverse().join(""));
}

function compare(a: string[], b: string[]): Agreement {
  const [left, right] = [a.join(""), b.join("")];
  if (left === right) return "same";
  if (nearly(left, right) || (left.length > 3 && right.length > 3 && (left.startsWith(right) || right.startsWith(left)))) return "close";
  const isShared = a.some((word) => word.length > 2 && !/^\d+$/.test(word) && b.some((other) => other === word || nearly(word, other)));
  return isShared ? "close" : "apart";
}

export function agreement(left: string | null, right: string | null): Agreement {
  if (left === null || right === null) return "unknown";
  return compare(plainWords(left), plainWords(right));
}

const order: Agreement[] = ["same", "close", "apart", "unknown"];

/** A name against all names of the other side: what one calls its name the other calls its brand. */
export function nameAgreement(left: string | null, all: (string | null)[]): Agreement {
  if (left === null) return "unknown";
  const found = all.filter((name) => name !== null).map((name) => compare(nameWords(left), nameWords(name)));
  return order.find((one) => found.includes(one)) ?? "unknown";
}
