import assert from "node:assert/strict";
import { test } from "node:test";
import { rangesOf, textOf, weekOf } from "./hours";

test("hours are read as people type them", () => {
  assert.deepEqual(rangesOf("8h-12h, 14h-18h30"), [["08:00", "12:00"], ["14:00", "18:30"]]);
  assert.deepEqual(rangesOf("08:30 – 12:00 et 13 h 30 à 17h"), [["08:30", "12:00"], ["13:30", "17:00"]]);
  assert.deepEqual(rangesOf("9-17"), [["09:00", "17:00"]]);
  assert.deepEqual(rangesOf(" fermé "), []);
});

test("what is no range, runs backwards or overlaps is refused", () => {
  for (const wrong of ["matin", "18h-8h", "8h-12h, 11h-14h", "25h-26h", "8h", "8h-9h-10h", "8h60-9h"]) assert.equal(rangesOf(wrong), null, wrong);
});

test("it is written back as it is typed, and days alike are told together", () => {
  assert.equal(textOf([["08:00", "12:00"], ["14:00", "18:30"]]), "8h-12h, 14h-18h30");
  const day: [string, string][] = [["09:00", "17:00"]];
  assert.deepEqual(weekOf({ 1: day, 2: day, 3: day, 5: [["09:00", "12:00"]], 6: [["09:00", "12:00"]] }), [
    { days: "lundi à mercredi", hours: "9\u202fh à 17\u202fh" },
    { days: "vendredi et samedi", hours: "9\u202fh à 12\u202fh" },
  ]);
});
