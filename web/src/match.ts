// Addresses against patterns.

export type Parameters = Record<string, string>;

/** "/entreprises/:id?" against "/entreprises/12" gives {id: "12"}. A "?" marks what may be missing. */
export function match(pattern: string, path: string): Parameters | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  if (given.length > wanted.length) return null;
  const found: Parameters = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index];
    if (part.startsWith(":")) {
      const name = part.replace(/[:?]/g, "");
      if (value !== undefined) found[name] = decodeURIComponent(value);
      else if (!part.endsWith("?")) return null;
    } else if (part !== value) return null;
  }
  return found;
}
