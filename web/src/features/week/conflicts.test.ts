import assert from "node:assert/strict";
import { test } from "node:test";
import { conflicts, opening, spans, type Bounds } from "./conflicts";

const now = new Date("2026-06-02T08:00:00Z"); // Tuesday, ten in Paris
const bounds: Bounds = { hours: { "4": [["09:00", "12:00"], ["14:00", "18:00"]], "5": [] }, rest_until: null, rest_by: null, due_on: "2026-06-12", lapses_on: "2026-06-19" };
const given = { bounds, away: [], work: { days: [1, 2, 3, 4, 5], opens: "08:30", closes: "17:30" }, standing: [] };
const texts = (day: string, time: string, more: object = {}, minutes = 60) => conflicts({ day, time, minutes }, now, { ...given, ...more }).map((one) => one.text.replaceAll("\u202f", " "));

test("a good moment collides with nothing", () => assert.deepEqual(texts("2026-06-04", "10:00"), []));
test("what is past, and what the promise does not bear, is forbidden", () => {
  assert.deepEqual(conflicts({ day: "2026-06-01", time: "10:00", minutes: 60 }, now, { ...given, bounds: null })[0], { forbidden: true, text: "Ce jour est passé." });
  assert.deepEqual(texts("2026-06-02", "09:00", { bounds: null }), ["Cette heure est passée."]);
  const late = conflicts({ day: "2026-06-25", time: "10:00", minutes: 60 }, now, given);
  assert.equal(late[0]?.forbidden, true);
  assert.match(texts("2026-06-18", "10:00")[0] ?? "", /^Après l’échéance de l’engagement, le vendredi 12 juin/);
});
test("hours of the employer: known, closed, unknown", () => {
  assert.match(texts("2026-06-04", "11:30")[0] ?? "", /de 9 h à 12 h et de 14 h à 18 h/);
  assert.deepEqual(texts("2026-06-05", "10:00"), ["L’employeur ne reçoit pas ce jour-là."]);
  assert.equal(opening({}, "2026-06-05"), null);
  assert.equal(opening(null, "2026-06-05"), null);
  assert.equal(spans([["09:15", "12:00"]]).replaceAll("\u202f", " "), "de 9 h 15 à 12 h");
});
test("another visit at the same time, but not itself", () => {
  const standing = [{ id: 3, name: "Garage Roy", at: "2026-06-04T10:30:00+02:00", minutes: 45 }];
  assert.deepEqual(texts("2026-06-04", "10:00", { standing }), ["En même temps que Garage Roy, à 10 h 30."]);
  assert.deepEqual(texts("2026-06-04", "10:00", { standing, skip: 3 }), []);
  assert.deepEqual(texts("2026-06-04", "09:30", { standing }), []);
  // A suggestion does not go over an appointment; over another suggestion it may.
  const at = { day: "2026-06-04", time: "11:00", minutes: 60 };
  const forbidden = (fixed: boolean, suggested: boolean) => conflicts(at, now, { ...given, suggested, standing: [{ id: 3, name: "Garage", at: "2026-06-04T11:30:00+02:00", minutes: 60, fixed }] })[0]?.forbidden;
  assert.deepEqual([forbidden(true, true), forbidden(true, false), forbidden(false, true)], [true, false, false]);
});
test("rest, holidays, absences, one’s own hours", () => {
  const resting = { ...bounds, hours: null, rest_until: "2026-06-10", rest_by: "ML Vichy" };
  assert.match(texts("2026-06-04", "10:00", { bounds: resting })[0] ?? "", /repos jusqu’au mercredi 10 juin \(contact de ML Vichy\)/);
  assert.deepEqual(texts("2026-07-14", "10:00", { bounds: null }), ["Fête nationale."]);
  assert.deepEqual(texts("2026-06-04", "10:00", { away: [{ day: "2026-06-04", from: "08:00", until: "12:00", reason: "formation" }] }), ["Absence : formation."]);
  assert.deepEqual(texts("2026-06-04", "14:00", { away: [{ day: "2026-06-04", from: "08:00", until: "12:00", reason: "formation" }] }), []);
  assert.match(texts("2026-06-04", "17:00")[0] ?? "", /En dehors de vos heures/);
});
