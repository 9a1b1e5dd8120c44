import assert from "node:assert/strict";
import { test } from "node:test";
import { missed, missedWords } from "./figures";
import type { Scenario } from "./words";

const scenario = (quotas: object[]) => ({ summary: { quotas } }) as unknown as Scenario;

test("quotas with fewer visits than they ask are missed, others and old results are not", () => {
  const one = scenario([
    { name: "petits employeurs", least: 20, visits: 17, price: 0 },
    { name: "jamais visités", least: 20, visits: 20, price: 4 },
    { name: "Moulins", least: 2, price: 1 },
  ]);
  assert.deepEqual(missed(one).map(missedWords), ["petits employeurs : 17 sur 20"]);
  assert.deepEqual(missed(scenario([])), []);
});
