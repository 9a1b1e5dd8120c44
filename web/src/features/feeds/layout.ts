// A layout as the page changes it, and as the file that the server reads (docs/feeds.md).
import type { Schema } from "@/api/client";

export type Layout = Pick<Schema<"FeedPreview">, "element" | "format" | "fields" | "contracts">;

const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&").replace(/[\u0000-\u001f]/g, " ")}"`;

/** The layout as TOML. What is empty is not said. */
export function layoutText({ element, format, fields, contracts }: Layout): string {
  const head = [...(format ? [`format = ${quoted(format)}`] : []), `element = ${quoted(element)}`];
  const said = Object.entries(fields).filter(([, path]) => path.trim());
  const words = contracts.filter(({ theirs, ours }) => theirs.trim() && ours);
  return [
    ...head,
    "",
    "[champs]",
    ...said.map(([field, path]) => `${field} = ${quoted(path.trim())}`),
    ...(words.length ? ["", "[contrats]", ...words.map(({ theirs, ours }) => `${quoted(theirs.trim())} = ${quoted(ours)}`)] : []),
    "",
  ].join("\n");
}
