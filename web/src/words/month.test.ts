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
});
