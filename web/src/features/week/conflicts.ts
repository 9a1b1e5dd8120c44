// What a moment for a visit would collide with, said before it is chosen. Pure.
import { clock, dayOff, fullDay, isoDay, parisMoment, wallTime } from "@/words/time";

export type Bounds = { hours: Record<string, string[][]> | null; rest_until: string | null; rest_by: string | null; due_on: string; lapses_on: string };
export type Away = { day: string; from: string | null; until: string | null; reason: string };
export type Standing = { id: number; name: string; at: string; minutes: number; /** An appointment: nothing is suggested over it. */ fixed?: boolean };
export type Work = { days: number[]; opens: string; closes: string };

export type Conflict = { /** A rule of the database refuses it. */ forbidden: boolean; text: string };

export type Moment = { day: string; time: string; minutes: number };

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const hourOf = (time: string) => clock(`2000-01-03T${time}:00+01:00`);
const weekdayOf = (day: string) => ((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7) + 1;

/** When an employer receives on a day: null when nobody knows, empty when it is closed. */
export function opening(hours: Bounds["hours"], day: string): string[][] | null {
  return hours && Object.keys(hours).length > 0 ? (hours[String(weekdayOf(day))] ?? []) : null;
}

/** « de 9 h à 12 h et de 14 h à 18 h ». */
export const spans = (pairs: string[][]): string => pairs.map(([from, to]) => `de ${hourOf(from ?? "00:00")} à ${hourOf(to ?? "00:00")}`).join(" et ");

function employer(at: Moment, bounds: Bounds | null, found: Conflict[]): void {
  if (!bounds) return;
  const start = minutesOf(at.time);
  const pairs = opening(bounds.hours, at.day);
  if (at.day > bounds.lapses_on) found.push({ forbidden: true, text: `L’engagement s’achève le ${fullDay(bounds.lapses_on)} : prolongez-le d’abord.` });
  else if (at.day > bounds.due_on) found.push({ forbidden: false, text: `Après l’échéance de l’engagement, le ${fullDay(bounds.due_on)}.` });
  if (bounds.rest_until && at.day <= bounds.rest_until) found.push({ forbidden: false, text: `L’employeur est en repos jusqu’au ${fullDay(bounds.rest_until)}${bounds.rest_by ? ` (contact de ${bounds.rest_by})` : ""}.` });
  if (pairs?.length === 0) found.push({ forbidden: false, text: "L’employeur ne reçoit pas ce jour-là." });
  else if (pairs && !pairs.some(([from, to]) => minutesOf(from ?? "") <= start && start + at.minutes <= minutesOf(to ?? ""))) found.push({ forbidden: false, text: `Hors des heures de l’employeur : ${spans(pairs)}.` });
}

function adviser(at: Moment, away: Away[], work: Work | null, found: Conflict[]): void {
  const start = minutesOf(at.time);
  const off = dayOff(at.day);
  if (off) found.push({ forbidden: false, text: `${off.charAt(0).toUpperCase()}${off.slice(1)}.` });
  for (const absence of away) {
    if (absence.day !== at.day || (off && absence.reason === "Jour férié")) continue;
    const overlaps = start < minutesOf(absence.until ?? "24:00") && start + at.minutes > minutesOf(absence.from ?? "00:00");
    if (overlaps) found.push({ forbidden: false, text: `Absence : ${absence.reason}.` });
  }
  if (work && !off && work.days.includes(weekdayOf(at.day)) && (start < minutesOf(work.opens) || start + at.minutes > minutesOf(work.closes)))
    found.push({ forbidden: false, text: `En dehors de vos heures, de ${hourOf(work.opens)} à ${hourOf(work.closes)}.` });
}

/** Everything against a visit at that moment, the forbidden first. `now`: ISO; `skip`: the visit that is moved; `suggested`: it is only a suggestion. */
export function conflicts(at: Moment, now: Date, given: { bounds: Bounds | null; away: Away[]; work: Work | null; standing: Standing[]; skip?: number | undefined; suggested?: boolean }): Conflict[] {
  const found: Conflict[] = [];
  const start = Date.parse(parisMoment(at.day, at.time));
  const end = start + at.minutes * 60_000;
  if (at.day < isoDay(now)) found.push({ forbidden: true, text: "Ce jour est passé." });
  else if (at.day === isoDay(now) && at.time < wallTime(now)) found.push({ forbidden: false, text: "Cette heure est passée." });
  employer(at, given.bounds, found);
  for (const other of given.standing) {
    const from = Date.parse(other.at);
    if (other.id !== given.skip && from < end && start < from + other.minutes * 60_000) found.push({ forbidden: given.suggested === true && other.fixed === true, text: `En même temps que ${other.name}, à ${clock(other.at)}.` });
  }
  adviser(at, given.away, given.work, found);
  return found.sort((a, b) => Number(b.forbidden) - Number(a.forbidden));
}
