import assert from "node:assert/strict";
import { test } from "node:test";
import { scenarioSheet, versionSheets } from "./committee";
import type { Plan, Scenario } from "./words";

const names = { organisation: (id: number) => ["", "FT Moulins", "ML Moulins"][id] ?? "", segment: () => "Autour de Vichy", member: () => "", commune: (code: string) => code };
const content = { name: "Plan", starts_on: "2026-03-02", ends_on: "2026-04-30", partners: [1, 2], segments: [{ segment: 1, version: 1 }], capacities: [{ organisation: 1, hours: 30 }, { organisation: 2, hours: 20 }], rules: { visit_minutes: 90, small: 30 } };
const scenario = (id: number, covered: number, km: number) => ({ id, name: `Scénario ${id}`, state: "done", chosen: id === 1, summary: { covered, first: 10, small: 5, served: 4, km, partners: [{ organisation: 1, visits: covered - 5, first: 6 }, { organisation: 2, visits: 5, first: 4 }], organisations: [{ organisation: 1, capacity: 20, price: 0 }, { organisation: 2, capacity: 10, price: 0 }] } }) as unknown as Scenario;
const answers = [{ organisation: { id: 1, name: "France Travail Moulins" }, answer: "signed" }, { organisation: { id: 2, name: "Mission Locale" }, answer: null }];
const plan = {
  organisations: [{ id: 1, short_name: "FT Moulins" }, { id: 2, short_name: "ML Moulins" }],
  content,
  scenarios: [scenario(1, 20, 90), scenario(2, 25, 180)],
  versions: [{ version: 1, state: "active", scenario: 1, content, answers }, { version: 2, state: "draft", scenario: null, content: { ...content, rules: { ...content.rules, small: 40 } }, answers: [] }],
} as unknown as Plan;

test("two versions face each other line by line; what one alone has is marked", () => {
  const [versions, changes] = versionSheets(plan.versions[0]!, plan.versions[1]!, plan, names);
  const row = (text: string) => versions!.rows.find((one) => one.some((cell) => typeof cell === "string" && cell.includes(text)));
  assert.deepEqual(versions!.rows[0]?.slice(0, 1), ["Partie"]);
  assert.deepEqual(row("30\u202f%"), ["Règles", "moins de 10 salariés : 30\u202f% des visites au moins", null, "différent"]);
  assert.deepEqual(row("40\u202f%"), ["Règles", null, "moins de 10 salariés : 40\u202f% des visites au moins", "différent"]);
  assert.deepEqual(row("sans limite"), ["Règles", "distance : sans limite", "distance : sans limite", null]);
  assert.deepEqual(row("20 employeurs, dont 10"), ["Scénario choisi", "20 employeurs, dont 10 jamais visités et 5 de moins de 10 salariés", null, "différent"]);
  assert.deepEqual(row("Mission Locale n’a pas"), ["Signatures", "Mission Locale n’a pas encore signé", null, "différent"]);
  assert.equal(changes!.rows.length, 2);
});

test("the same version twice has no difference", () => {
  const [versions, changes] = versionSheets(plan.versions[0]!, plan.versions[0]!, plan, names);
  assert.ok(versions!.rows.slice(1).every((row) => row[3] === null));
  assert.deepEqual(changes!.rows[1], ["Aucune différence"]);
});

test("scenarios stand in columns as numbers, with what each partner gains and loses", () => {
  const { rows } = scenarioSheet(plan.scenarios, plan, plan.scenarios[0], () => ({ partners: [{ organisation: { id: 1 }, gained: 7, lost: 2 }] }) as never);
  const row = (start: string) => rows.find((one) => String(one[0]).startsWith(start));
  assert.deepEqual(rows[0], ["", "Scénario 1 (choisi)", "Scénario 2"]);
  assert.deepEqual(row("Employeurs visités")?.slice(1), [20, 25]);
  assert.deepEqual(row("Kilomètres")?.slice(1), [4.5, 7.2]);
  assert.deepEqual(row("FT Moulins : visites possibles")?.slice(1), [20, 20]);
  assert.deepEqual(row("FT Moulins : employeurs gagnés")?.slice(1), [null, 7]);
  assert.deepEqual(row("ML Moulins : employeurs perdus")?.slice(1), [null, null]);
});
