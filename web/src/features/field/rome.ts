// The occupations, on the telephone: found by code, by words or by an appellation, in spite of a slip. With a network the
// server is asked too, which knows every appellation; those it told are kept, for when there is none.
import { read, write } from "./kept";

/** `title`: the appellation that was found, when the label does not say it. */
export type Occupation = { code: string; label: string; title?: string | null };
type Searched = Occupation & { folded: string; heard?: string[] };

const fold = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/œ/g, "oe")
    .toLowerCase();

const words = (text: string): string[] => fold(text).split(/[^a-z0-9]+/).filter(Boolean);
// As data.sound hears it on the server, in the same order.
const ear: [RegExp, string][] = [[/y/g, "i"], [/z/g, "s"], [/e?au/g, "o"], [/[ae]i/g, "e"], [/en/g, "an"], [/em/g, "am"], [/ph/g, "f"], [/qu/g, "k"], [/ch/g, "x"], [/ti(?=on|an)/g, "si"], [/sc/g, "s"], [/c(?=[ei])/g, "s"], [/c/g, "k"], [/h/g, ""], [/([a-z])\1+/g, "$1"]];
const heard = (text: string): string[] => words(text.normalize("NFC").replace(/ç/gi, "s")).map((word) => ear.reduce((so, [from, to]) => so.replace(from, to), word)).filter(Boolean);
const searched = (one: Occupation): Searched => ({ ...one, folded: words(one.title ?? one.label).join(" ") });

export function parse(csv: string): Searched[] {
  return csv
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line) => {
      const comma = line.indexOf(",");
      if (comma < 1) return [];
      const label = line.slice(comma + 1).replace(/^"|"$/g, "").replace(/""/g, '"');
      return [searched({ code: line.slice(0, comma), label })];
    });
}

/** How many letters are wrong, missing, too many or swapped in `typed` against the beginning of `word`; `most` + 1 when more (restricted Damerau-Levenshtein). */
export function slips(typed: string, word: string, most: number): number {
  let before: number[] = [];
  let row = Array.from({ length: word.length + 1 }, (_, i) => i);
  for (let i = 1; i <= typed.length; i++) {
    const next = [i];
    for (let k = 1; k <= word.length; k++) {
      const same = typed[i - 1] === word[k - 1] ? 0 : 1;
      let least = Math.min((row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1, (row[k - 1] ?? 0) + same);
      if (i > 1 && k > 1 && typed[i - 1] === word[k - 2] && typed[i - 2] === word[k - 1]) least = Math.min(least, (before[k - 2] ?? 0) + 1);
      next.push(least);
    }
    if (Math.min(...next) > most) return most + 1;
    before = row;
    row = next;
  }
  return Math.min(...row, most + 1);
}

/** One slip in four letters, two in eight. */
const allowed = (word: string): number => (word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0);

/** How many letters are wrong in all, when each word that is wanted nearly begins one of its own. */
function fit(wanted: string[], own: string[]): number {
  let sum = 0;
  for (const word of wanted) {
    const least = Math.min(...own.map((other) => slips(word, other, allowed(word))));
    if (least > allowed(word)) return Number.POSITIVE_INFINITY;
    sum += least;
  }
  return sum;
}

/**
 * The best `most` for what is typed: a code, or words that all begin a word of the label or of an appellation; when fewer
 * than three are found, those that are written nearly so, or sound so. Each occupation once.
 */
export function find(all: Searched[], typed: string, most = 6): Occupation[] {
  const wanted = words(typed);
  const [head] = wanted;
  if (head === undefined) return [];
  const text = wanted.join(" ");
  const sounds = heard(typed);
  const rank = (one: Searched): number => {
    const named = one.title ? 2 : 0;
    if (one.code.toLowerCase().startsWith(head) || one.folded.startsWith(text)) return named;
    return wanted.every((word) => ` ${one.folded}`.includes(` ${word}`)) ? named + 1 : Number.POSITIVE_INFINITY;
  };
  const nearly = (one: Searched): number => {
    const sum = fit(wanted, one.folded.split(" "));
    if (sum === Number.POSITIVE_INFINITY && sounds.join("").length < 3) return sum; // a sound of two letters is that of too many
    return sum < Number.POSITIVE_INFINITY ? 4 + sum : 4.5 + fit(sounds, (one.heard ??= heard(one.title ?? one.label)));
  };
  const best = (by: (one: Searched) => number) =>
    all
      .map((one) => ({ one, rank: by(one) }))
      .filter((each) => each.rank < Number.POSITIVE_INFINITY)
      .sort((a, b) => a.rank - b.rank || a.one.folded.length - b.one.folded.length)
      .map(({ one }) => one);
  const exact = best(rank);
  return once(exact.length >= 3 ? exact : [...exact, ...best(nearly)]).slice(0, most);
}

/** Each occupation once, the first that names it. */
function once(found: Occupation[]): Occupation[] {
  const codes = new Set<string>();
  return found.filter(({ code }) => !codes.has(code) && codes.add(code)).map(({ code, label, title }) => ({ code, label, title: title ?? null }));
}

let all: Promise<Searched[]> | null = null;
/** What the server told of appellations, kept for later: the last ones. */
const learned = "rome:told";
const most = 400;

/** Read once; it comes with the app and is there without a network. */
export function occupations(): Promise<Searched[]> {
  all ??= Promise.all([import("../../../../schema/seed/rome.csv?raw"), read<Occupation[]>(learned).catch(() => null)]).then(([file, told]) => [...parse(file.default), ...(told ?? []).map(searched)]);
  all.catch(() => (all = null));
  return all;
}

async function learn(found: Occupation[]): Promise<void> {
  const list = await occupations();
  const known = new Set(list.map((one) => one.title));
  const fresh = found.filter((one) => one.title && !known.has(one.title));
  if (fresh.length === 0) return;
  list.push(...fresh.map(searched));
  await write(learned, list.filter((one) => one.title).slice(-most).map(({ code, label, title }) => ({ code, label, title })));
}

/** What the server finds, the best first, followed by what is known here; null without a network. */
export async function ask(typed: string, signal: AbortSignal): Promise<Occupation[] | null> {
  if (typed.trim().length < 2 || !navigator.onLine) return null;
  const answer = await fetch(`/api/rome?q=${encodeURIComponent(typed.trim())}`, { credentials: "same-origin", headers: { Accept: "application/json" }, signal });
  if (!answer.ok) return null;
  const { items } = (await answer.json()) as { items: Occupation[] };
  await learn(items);
  return once([...items, ...find(await occupations(), typed)]).slice(0, 6);
}
