// The occupations, on the telephone: found by code or by words, without a network.

export type Occupation = { code: string; label: string };

const fold = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/œ/g, "oe")
    .toLowerCase();

export function parse(csv: string): (Occupation & { folded: string })[] {
  return csv
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line) => {
      const comma = line.indexOf(",");
      if (comma < 1) return [];
      const label = line.slice(comma + 1).replace(/^"|"$/g, "").replace(/""/g, '"');
      return [{ code: line.slice(0, comma), label, folded: fold(label) }];
    });
}

/** The best `most` for what is typed: a code, or words that all begin a word of the label. */
export function find(all: ReturnType<typeof parse>, typed: string, most = 6): Occupation[] {
  const words = fold(typed).split(/[^a-z0-9]+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = all.filter((one) => one.code.toLowerCase().startsWith(words[0] as string) || words.every((word) => ` ${one.folded.replace(/[^a-z0-9]+/g, " ")}`.includes(` ${word}`)));
  const rank = (one: (typeof all)[number]) => (one.folded.startsWith(words[0] as string) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b) || a.label.length - b.label.length).slice(0, most);
}

let all: Promise<ReturnType<typeof parse>> | null = null;

/** Read once; it comes with the app and is there without a network. */
export function occupations(): Promise<ReturnType<typeof parse>> {
  all ??= import("../../../../schema/seed/rome.csv?raw").then((file) => parse(file.default));
  all.catch(() => (all = null));
  return all;
}
