// A layout as the page changes it, and as the file that the server reads (docs/feeds.md).
import type { Schema } from "@/api/client";

export type Layout = Pick<Schema<"FeedPreview">, "element" | "format" | "fields" | "contracts" | "words" | "header" | "each" | "others">;

const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&").replace(/[\u0000-\u001f]/g, " ")}"`;

const lines = (words: { theirs: string; ours: string }[]) => words.map(({ theirs, ours }) => `${quoted(theirs.trim())} = ${quoted(ours)}`);

/** The layout as TOML. What is empty is not said; what the form does not show stays as it was. */
export function layoutText({ element, format, fields, contracts, words, header, each, others }: Layout): string {
  const head = [...(format ? [`format = ${quoted(format)}`] : []), `element = ${quoted(element)}`, ...(each ? [`chaque = ${quoted(each)}`] : []), ...(header === null ? [] : [`entete = ${header}`]), ...Object.entries(others).map(([key, value]) => `${key} = ${quoted(value)}`)];
  const said = Object.entries(fields).filter(([, path]) => path.trim());
  const known = contracts.filter(({ theirs, ours }) => theirs.trim() && ours);
  const tables = [...new Set(words.map(({ field }) => field))];
  return [
    ...head,
    "",
    "[champs]",
    ...said.map(([field, path]) => `${field} = ${quoted(path.trim())}`),
    ...(known.length ? ["", "[contrats]", ...lines(known)] : []),
    ...tables.flatMap((name) => ["", `[${name}]`, ...lines(words.filter(({ field }) => field === name))]),
    "",
  ].join("\n");
}
