// When an employer receives, as one types it: "8h-12h, 14h-18h30" for a day.
export type Ranges = [string, string][];
export type Hours = Record<string, Ranges>;

export const days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

const moment = /^(\d{1,2})(?:\s*(?:h|:)\s*(\d{2})?)?$/;

function clock(text: string): string | null {
  const found = moment.exec(text.trim().toLowerCase());
  if (!found) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2] ?? "0")];
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return null;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** The ranges of a day; [] when it is closed; null when the text is none, or its ranges overlap or run backwards. */
export function rangesOf(text: string): Ranges | null {
  const clean = text.trim().toLowerCase();
  if (clean === "" || clean === "fermé" || clean === "ferme") return [];
  const ranges: Ranges = [];
  for (const part of clean.split(/\s*(?:,|;|\bet\b)\s*/)) {
    const ends = part.split(/\s*(?:-|–|à|a)\s*/);
    const from = clock(ends[0] ?? "");
    const to = clock(ends[1] ?? "");
    if (ends.length !== 2 || !from || !to || from >= to || (ranges.at(-1)?.[1] ?? "") > from) return null;
    ranges.push([from, to]);
  }
  return ranges.length <= 3 ? ranges : null;
}

const said = (time: string): string => `${Number(time.slice(0, 2))}h${time.slice(3) === "00" ? "" : time.slice(3)}`;

/** The other way: what one would type. */
export const textOf = (ranges: Ranges | undefined): string => (ranges ?? []).map(([from, to]) => `${said(from)}-${said(to)}`).join(", ");

const shown = (time: string): string => `${Number(time.slice(0, 2))}\u202fh${time.slice(3) === "00" ? "" : `\u202f${time.slice(3)}`}`;

/** Days of the same hours in one line: "lundi à vendredi : 8 h à 12 h, 14 h à 18 h". */
export function weekOf(hours: Hours): { days: string; hours: string }[] {
  const lines: { from: number; to: number; hours: string }[] = [];
  for (const [index] of days.entries()) {
    const text = (hours[String(index + 1)] ?? []).map(([from, to]) => `${shown(from)} à ${shown(to)}`).join(", ");
    const last = lines.at(-1);
    if (last && last.hours === text) last.to = index;
    else lines.push({ from: index, to: index, hours: text });
  }
  return lines.filter((line) => line.hours).map((line) => ({ days: line.from === line.to ? (days[line.from] ?? "") : `${days[line.from]} ${line.to === line.from + 1 ? "et" : "à"} ${days[line.to]}`, hours: line.hours }));
}
