// Figures as they are printed, what became of them, and how a target stands.
import type { Schema } from "@/api/client";
import type { Indicator } from "@/api/queries";
import { said } from "@/features/coverage/scale";
import type { Tone } from "@/ui/Badge";
import type { IconName } from "@/ui/Icon";
import { count, NARROW } from "@/words/number";

export type Area = Schema<"PackArea">;
export type Figure = Schema<"FigureSet">[string];
export type Target = Schema<"Target">;

const decimal = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });

/** How the counts that observers read are made. */
export const roundedWords = "comptes arrondis à un multiple de 5 voisin, petits effectifs masqués, taux calculés sur ces arrondis";

/** A figure as it is printed: hidden, unknown or said. */
export function told(figure: Figure | undefined, indicator: Indicator): string {
  if (!figure) return "–";
  if (figure.hidden) return "masqué";
  return figure.value === null ? "–" : said(figure.value, indicator.unit);
}

/** What a figure became: « +12 % », « −3,2 pts », and whether it is for the better. */
export function change(now_: Figure | undefined, before: Figure | undefined, indicator: Indicator): { text: string; tone: "good" | "bad" | "same" } | null {
  const a = now_?.value ?? null;
  const b = before?.value ?? null;
  if (a === null || b === null || now_?.hidden || before?.hidden) return null;
  const gap = a - b;
  const sign = gap > 0 ? "+" : gap < 0 ? "−" : "";
  const size = Math.abs(gap);
  let text: string;
  if (indicator.unit === "percent") text = `${sign}${decimal.format(size * 100)}${NARROW}pts`;
  else if (indicator.unit === "count" && b > 0) text = `${sign}${decimal.format((size / b) * 100)}${NARROW}%`;
  else text = indicator.unit === "count" ? `${sign}${count(size)}` : `${sign}${said(size, indicator.unit)}`;
  const same = said(a, indicator.unit) === said(b, indicator.unit);
  if (same || indicator.better === null) return { text: same ? "inchangé" : text, tone: "same" };
  return { text, tone: gap > 0 === (indicator.better === "more") ? "good" : "bad" };
}

/** The figures of the months as points of a small curve. */
export function curve(months: Area[], code: string): { day: string; value: number }[] {
  return months.flatMap((month) => {
    const value = month.figures[code]?.value;
    return value === null || value === undefined ? [] : [{ day: `${month.area}-01`, value }];
  });
}

/** How a target stands. */
export const states: Record<Target["state"], { label: string; tone: Tone; icon: IconName }> = {
  ahead: { label: "À venir", tone: "quiet", icon: "clock" },
  on_track: { label: "Dans le rythme", tone: "accent", icon: "check" },
  behind: { label: "En retard", tone: "warn", icon: "warning" },
  reached: { label: "Atteint", tone: "good", icon: "kept" },
  missed: { label: "Manqué", tone: "danger", icon: "close" },
  unknown: { label: "Inconnu", tone: "neutral", icon: "info" },
};
