import assert from "node:assert/strict";
import { test } from "node:test";
import { bounds, classLabel, classOf } from "./classes";

test("every share has one class, the unknown has none", () => {
  assert.equal(classOf(null), null);
  assert.equal(classOf(0), 0);
  assert.equal(classOf(0.049), 1);
  assert.equal(classOf(0.1), 2);
  assert.equal(classOf(0.2), 3);
  assert.equal(classOf(1), 5);
  assert.ok(bounds.length <= 6);
  assert.equal(classLabel(5).replaceAll("\u202f", " "), "50 % et plus");
});
