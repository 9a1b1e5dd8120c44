import assert from "node:assert/strict";
import { test } from "node:test";
import { addMonths, isMonth, monthsBetween, period } from "./month";

test("months are added and said across years", () => {
  assert.equal(addMonths("2026-11", 2), "2027-01");
  assert.equal(addMonths("2026-01", -1), "2025-12");
  assert.equal(addMonths("2026-11", -11), "2025-12");
  assert.equal(monthsBetween("2025-12", "2026-11"), 11);
  assert.equal(isMonth("2026-13"), false);
  assert.equal(isMonth(null), false);
  assert.equal(period("2025-12", "2026-11"), "de déc. 2025 à nov. 2026");
  assert.equal(period("2026-11", "2026-11"), "en novembre 2026");
  assert.deepEqual(["2026-04", "2026-08", "2026-10", "2026-01"].map((month) => period(month, "2026-12").split(" à ")[0]), ["d’avr. 2026", "d’août 2026", "d’oct. 2026", "de janv. 2026"]);
});
