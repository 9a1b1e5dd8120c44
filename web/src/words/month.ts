// Months as « 2026-11 », and as they are said: nov. 2026.

const short = new Intl.DateTimeFormat("fr-FR", { month: "short", year: "numeric", timeZone: "UTC" });
const long = new Intl.DateTimeFormat("fr-FR", { month: "long", year: "numeric", timeZone: "UTC" });

const dateOf = (month: string) => new Date(`${month}-15T12:00:00Z`);

export const isMonth = (text: string | null | undefined): text is string => /^20\d\d-(0[1-9]|1[0-2])$/.test(text ?? "");

export function addMonths(month: string, count: number): string {
  const total = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, "0")}`;
}

export function monthsBetween(from: string, to: string): number {
  return (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5)) - Number(from.slice(5));
}

/** nov. 2026 */
export const shortMonth = (month: string): string => short.format(dateOf(month));
/** novembre 2026 */
export const longMonth = (month: string): string => long.format(dateOf(month));

/** « de mars 2026 », « d’août 2026 », of a month as it is said. */
export const ofMonth = (words: string): string => (/^[ao]/.test(words) ? `d’${words}` : `de ${words}`);

/** « de déc. 2025 à nov. 2026 », « en novembre 2026 ». */
export function period(from: string, to: string): string {
  return from === to ? `en ${longMonth(from)}` : `${ofMonth(shortMonth(from))} à ${shortMonth(to)}`;
}
