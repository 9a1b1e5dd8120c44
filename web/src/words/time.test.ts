import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addWorkingDays, appointment, clock, closingSoon, dayOff, daysBetween, exact, holidays, isoDay, left, longDay, monday, opening, openingSoon, parisMoment, relative, relativeDay,
  remaining, shortDay, wallTime, workingDays,
} from "./time";

const plain = (text: string) => text.replaceAll("\u202f", " ").replaceAll("\u00a0", " ");
const from = new Date("2026-05-11T09:12:00+02:00");

test("hours are written 14 h 30", () => {
  assert.equal(plain(clock("2026-06-12T14:30:00+02:00")), "14 h 30");
  assert.equal(plain(clock("2026-06-12T07:00:00Z")), "9 h");
  assert.ok(clock(from).includes("\u202f"));
});

test("days are those of Paris", () => {
  assert.equal(isoDay("2026-05-11T22:30:00Z"), "2026-05-12");
  assert.equal(shortDay("2026-06-12"), "12/06/2026");
  assert.equal(daysBetween("2026-05-11T23:59:00+02:00", "2026-05-12T00:01:00+02:00"), 1);
  assert.equal(longDay("2026-05-01", from), "1er mai");
  assert.equal(longDay("2027-05-14", from), "14 mai 2027");
  assert.equal(exact("2026-05-14"), "jeudi 14 mai 2026");
});

test("relative words", () => {
  assert.equal(relativeDay("2026-05-12", from), "demain");
  assert.equal(relativeDay("2026-05-08", from), "il y a 3 jours");
  assert.equal(relativeDay("2026-01-11", from), "il y a 4 mois");
  assert.equal(plain(relative("2026-05-11T09:02:00+02:00", from)), "il y a 10 min");
  assert.equal(plain(appointment("2026-05-11T14:30:00+02:00", from)), "aujourd’hui à 14 h 30");
});

test("the countdown says what is left and the exact minute", () => {
  assert.equal(plain(opening("2026-05-14T09:12:00+02:00", from)), "s’ouvre à tous dans 3 jours, le 14 mai à 9 h 12");
  assert.equal(remaining("2026-05-13T09:11:00+02:00", from), "1 jour");
  assert.equal(plain(remaining("2026-05-11T12:20:00+02:00", from)), "3 h 08");
  assert.equal(opening("2026-05-11T09:00:00+02:00", from), "s’ouvre à tous dans un instant");
  assert.equal(plain(openingSoon("2026-05-14T09:12:00+02:00", from)), "s’ouvre dans 3 jours, le 14 mai");
  assert.equal(openingSoon("2026-05-11T09:00:00+02:00", from), "s’ouvre dans un instant");
  assert.equal(plain(closingSoon("2026-05-14T09:12:00+02:00", from)), "se ferme dans 3 jours, le 14 mai");
  assert.equal(plain(left("2026-05-14T09:12:00+02:00", from)), "dans 3 jours");
});

test("fifteen days across the clock change keep the wall time", () => {
  const march = new Date("2026-03-20T09:12:00+01:00");
  assert.equal(plain(opening("2026-04-04T09:12:00+02:00", march)), "s’ouvre à tous dans 14 jours, le 4 avril à 9 h 12");
});

test("French public holidays", () => {
  const found = holidays(2026);
  assert.equal(found.get("2026-04-06"), "lundi de Pâques");
  assert.equal(found.get("2026-05-14"), "Ascension");
  assert.equal(found.get("2026-05-25"), "lundi de Pentecôte");
  assert.equal(holidays(2024).get("2024-05-09"), "Ascension");
  assert.equal(dayOff("2026-05-16"), "samedi");
  assert.equal(dayOff("2026-05-15"), undefined);
});

test("working days skip week-ends and holidays", () => {
  assert.equal(addWorkingDays("2026-05-13", 1), "2026-05-15");
  assert.equal(addWorkingDays("2026-05-11", 5), "2026-05-19");
  assert.equal(workingDays("2026-05-11", "2026-05-19"), 5);
});

test("a wall time of Paris becomes a moment, in summer and in winter", () => {
  assert.equal(parisMoment("2026-06-12", "14:30"), "2026-06-12T14:30:00+02:00");
  assert.equal(parisMoment("2026-01-12", "09:00"), "2026-01-12T09:00:00+01:00");
  assert.equal(wallTime(parisMoment("2026-03-29", "02:30")), "03:30");
  assert.equal(monday("2026-11-22"), "2026-11-16");
});
