// Dates and times as French professionals write them, always in Europe/Paris, and the working-day calendar.

const zone = "Europe/Paris";
const NARROW = "\u202f";
const minute = 60_000;
const hour = 60 * minute;

// The server owns business time; the browser only knows how far its own clock is from it.
let offset = 0;

export function setServerNow(iso: string): void {
  const at = Date.parse(iso);
  if (!Number.isNaN(at)) offset = at - Date.now();
}

export function now(): Date {
  return new Date(Date.now() + offset);
}

const parts = new Intl.DateTimeFormat("fr-FR", {
  timeZone: zone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const dayMonth = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, day: "numeric", month: "long" });
const dayMonthYear = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, day: "numeric", month: "long", year: "numeric" });
const dayMonthShort = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, day: "numeric", month: "short" });
const brief = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, weekday: "short", day: "numeric", month: "short" });
const weekday = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, weekday: "long" });

type Moment = Date | string;

// A date without a time ("2026-06-12") is a day of Paris: noon keeps it on that day whatever the offset.
function toDate(moment: Moment): Date {
  if (moment instanceof Date) return moment;
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(moment) ? `${moment}T12:00:00+02:00` : moment);
}

function partsOf(moment: Moment): { year: number; month: number; day: number; hour: number; minute: number } {
  const found: Record<string, number> = {};
  for (const part of parts.formatToParts(toDate(moment))) found[part.type] = Number(part.value);
  return {
    year: found["year"] ?? 0,
    month: found["month"] ?? 0,
    day: found["day"] ?? 0,
    hour: found["hour"] ?? 0,
    minute: found["minute"] ?? 0,
  };
}

/** The day in Paris as YYYY-MM-DD. */
export function isoDay(moment: Moment): string {
  const { year, month, day } = partsOf(moment);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** Calendar days from one moment to another, counted in Paris. */
export function daysBetween(from: Moment, to: Moment): number {
  const midday = (moment: Moment) => Date.parse(`${isoDay(moment)}T12:00:00Z`);
  return Math.round((midday(to) - midday(from)) / (24 * hour));
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + count * 24 * hour).toISOString().slice(0, 10);
}

/** 14 h 30, 9 h, 0 h 05. */
export function clock(moment: Moment): string {
  const { hour: hours, minute: minutes } = partsOf(moment);
  return minutes === 0 ? `${hours}${NARROW}h` : `${hours}${NARROW}h${NARROW}${String(minutes).padStart(2, "0")}`;
}

/** 12/06/2026. */
export function shortDay(moment: Moment): string {
  const [year, month, day] = isoDay(moment).split("-");
  return `${day}/${month}/${year}`;
}

function first(text: string): string {
  return text.replace(/^1 /, "1er ");
}

/** 14 mai, or 14 mai 2027 when the year is another one. */
export function longDay(moment: Moment, from: Date = now()): string {
  const date = toDate(moment);
  return first(partsOf(date).year === partsOf(from).year ? dayMonth.format(date) : dayMonthYear.format(date));
}

/** mardi 14 mai. */
export function fullDay(moment: Moment, from: Date = now()): string {
  return `${weekday.format(toDate(moment))} ${longDay(moment, from)}`;
}

/** jeu. 14 mai, for a narrow column. */
export function briefDay(moment: Moment): string {
  return brief.format(toDate(moment));
}

/** The exact moment, for hover and for reading aloud: mardi 14 mai 2026 à 9 h 12. */
export function exact(moment: Moment): string {
  const date = toDate(moment);
  const day = `${weekday.format(date)} ${first(dayMonthYear.format(date))}`;
  return typeof moment === "string" && moment.length === 10 ? day : `${day} à ${clock(date)}`;
}

/** A day said from today: aujourd’hui, demain, hier, dans 3 jours, il y a 2 semaines, il y a 4 mois. */
export function relativeDay(moment: Moment, from: Date = now()): string {
  const days = daysBetween(from, moment);
  if (days === 0) return "aujourd’hui";
  if (days === 1) return "demain";
  if (days === -1) return "hier";
  const count = Math.abs(days);
  let span: string;
  if (count < 14) span = `${count} jours`;
  else if (count < 60) span = `${Math.round(count / 7)} semaines`;
  else if (count < 730) span = `${Math.round(count / 30.44)} mois`;
  else span = `${Math.round(count / 365.25)} ans`;
  return days > 0 ? `dans ${span}` : `il y a ${span}`;
}

/** A moment said from now: à l’instant, dans un instant, il y a 5 min, il y a 3 h, then days. */
export function relative(moment: Moment, from: Date = now()): string {
  if (typeof moment === "string" && moment.length === 10) return relativeDay(moment, from);
  const gap = toDate(moment).getTime() - from.getTime();
  const size = Math.abs(gap);
  // A clock may be some seconds before ours: what has just been done is not to come.
  if (size < minute) return gap > 5_000 ? "dans un instant" : "à l’instant";
  const say = (span: string) => (gap > 0 ? `dans ${span}` : `il y a ${span}`);
  if (size < hour) return say(`${Math.floor(size / minute)}${NARROW}min`);
  if (size < 12 * hour) return say(`${Math.floor(size / hour)}${NARROW}h`);
  return relativeDay(moment, from);
}

/** An appointment: aujourd’hui à 14 h 30, demain à 9 h, mardi 14 mai à 9 h 12. */
export function appointment(moment: Moment, from: Date = now()): string {
  const days = daysBetween(from, moment);
  const day = days === 0 ? "aujourd’hui" : days === 1 ? "demain" : days === -1 ? "hier" : fullDay(moment, from);
  return `${day} à ${clock(moment)}`;
}

/** What is left before a moment: 3 jours, 5 h, 12 min, moins d’une minute. Never rounds up past the truth. */
export function remaining(moment: Moment, from: Date = now()): string {
  const gap = toDate(moment).getTime() - from.getTime();
  if (gap < minute) return "moins d’une minute";
  if (gap < hour) return `${Math.floor(gap / minute)}${NARROW}min`;
  if (gap < 24 * hour) {
    const hours = Math.floor(gap / hour);
    const minutes = Math.floor((gap % hour) / minute);
    return minutes > 0 && hours < 6 ? `${hours}${NARROW}h${NARROW}${String(minutes).padStart(2, "0")}` : `${hours}${NARROW}h`;
  }
  const days = Math.floor(gap / (24 * hour));
  return days === 1 ? "1 jour" : `${days} jours`;
}

/** s’ouvre à tous dans 3 jours, le 14 mai à 9 h 12. */
export function opening(moment: Moment, from: Date = now()): string {
  if (toDate(moment).getTime() <= from.getTime()) return "s’ouvre à tous dans un instant";
  return `s’ouvre à tous dans ${remaining(moment, from)}, le ${longDay(moment, from)} à ${clock(moment)}`;
}

/** dans 3 jours; dans 12 min; dans un instant once it has come. */
export function left(moment: Moment, from: Date = now()): string {
  return toDate(moment).getTime() <= from.getTime() ? "dans un instant" : `dans ${remaining(moment, from)}`;
}

/** In a column, where the state is said beside: s’ouvre dans 3 jours, le 14 mai; s’ouvre dans 12 min, à 9 h 12. */
function soon(verb: string, moment: Moment, from: Date): string {
  const gap = toDate(moment).getTime() - from.getTime();
  const at = gap <= 0 ? "" : gap < 24 * hour ? `, à ${clock(moment)}` : `, le ${first(dayMonthShort.format(toDate(moment)))}`;
  return `${verb} ${left(moment, from)}${at}`;
}
export const openingSoon = (moment: Moment, from: Date = now()): string => soon("s’ouvre", moment, from);
export const closingSoon = (moment: Moment, from: Date = now()): string => soon("se ferme", moment, from);

/** When a countdown's words will next change, in milliseconds. */
export function nextChange(moment: Moment, from: Date = now()): number {
  const gap = Math.abs(toDate(moment).getTime() - from.getTime());
  return gap < 24 * hour ? 15_000 : 10 * minute;
}

// ---- working days ---------------------------------------------------------------------------------------------

/** Easter Sunday (Gauss, Gregorian calendar) as YYYY-MM-DD. */
function easter(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** The public holidays of metropolitan France, with their names. */
export function holidays(year: number): Map<string, string> {
  const sunday = easter(year);
  return new Map([
    [`${year}-01-01`, "jour de l’An"],
    [addDays(sunday, 1), "lundi de Pâques"],
    [`${year}-05-01`, "fête du Travail"],
    [`${year}-05-08`, "8 mai 1945"],
    [addDays(sunday, 39), "Ascension"],
    [addDays(sunday, 50), "lundi de Pentecôte"],
    [`${year}-07-14`, "fête nationale"],
    [`${year}-08-15`, "Assomption"],
    [`${year}-11-01`, "Toussaint"],
    [`${year}-11-11`, "11 novembre 1918"],
    [`${year}-12-25`, "Noël"],
  ]);
}

/** Why a day is not a working day, or nothing when it is one. */
export function dayOff(day: string): string | undefined {
  const of = new Date(`${day}T12:00:00Z`).getUTCDay();
  if (of === 0) return "dimanche";
  if (of === 6) return "samedi";
  return holidays(Number(day.slice(0, 4))).get(day);
}

/** The day that comes `count` working days after `from`. */
export function addWorkingDays(from: string, count: number): string {
  let day = from;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    if (dayOff(day) === undefined) left -= 1;
  }
  return day;
}

/** Working days after `from` up to and including `to`. */
export function workingDays(from: string, to: string): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    if (dayOff(day) === undefined) count += 1;
  }
  return count;
}

// ---- fields ---------------------------------------------------------------------------------------------------

/** The moment of a day and a wall time in Paris, with its offset, as the server wants it. */
export function parisMoment(day: string, time: string): string {
  const wall = `${day}T${time.length === 5 ? `${time}:00` : time}`;
  for (const zoneOffset of ["+02:00", "+01:00"]) {
    const at = `${wall}${zoneOffset}`;
    if (isoDay(at) === day && wallTime(at) === time.slice(0, 5)) return at;
  }
  // An hour that the spring change skips: the clock then reads one hour more.
  return `${wall}+01:00`;
}

/** 14:30, for a time field. */
export function wallTime(moment: Moment): string {
  const { hour: hours, minute: minutes } = partsOf(moment);
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

/** Monday of the week of a day. */
export function monday(day: string): string {
  const of = new Date(`${day}T12:00:00Z`).getUTCDay();
  return addDays(day, -((of + 6) % 7));
}
