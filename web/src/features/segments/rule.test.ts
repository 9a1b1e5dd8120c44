import assert from "node:assert/strict";
import { test } from "node:test";
import { added, everything, filtersOfRule, finished, finishedPlaces, jsonOf, moved, removed, replaced, ruleOf, ruleOfFilters, type Rule } from "./rule";
import { difference, sentences, type Names } from "./words";

const names: Names = {
  commune: (code) => ({ "03190": "Moulins", "03310": "Vichy" })[code] ?? code,
  naf: (code) => ({ I: "Hébergement et restauration", "56": "Restauration" })[code] ?? code,
  rome: (code) => code,
  organisation: (id) => `structure ${id}`,
  tag: (id) => `étiquette ${id}`,
};
const json = { all: [{ field: "naf", op: "is", value: ["I"] }, { none: [{ field: "state", op: "is", value: ["opposed"] }, { field: "visit", op: "never" }] }], closed: true };
const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, " ");

test("a rule goes to and from the server unchanged", () => {
  assert.deepEqual(jsonOf(ruleOf(json)), json);
  assert.deepEqual(ruleOf(null), everything);
  assert.deepEqual(ruleOf({ all: "x" }), everything);
});

test("changes touch one place", () => {
  let rule = ruleOf(json);
  rule = added(rule, [1], { field: "size", op: "is", value: ["11"] });
  assert.deepEqual(termsAt(rule, 1), ["state", "visit", "size"]);
  rule = moved(rule, [1, 2], -1);
  assert.deepEqual(termsAt(rule, 1), ["state", "size", "visit"]);
  assert.equal(moved(rule, [0], -1).items[0], rule.items[0]);
  rule = removed(rule, [1, 0]);
  assert.deepEqual(termsAt(rule, 1), ["size", "visit"]);
  rule = replaced(rule, [0], { field: "visit", op: "never" });
  assert.deepEqual(rule.items[0], { field: "visit", op: "never" });
  assert.equal(rule.closed, true);
});

function termsAt(rule: Rule, index: number): string[] {
  const node = rule.items[index];
  return node && "join" in node ? node.items.map((item) => ("field" in item ? item.field : "?")) : [];
}

test("only what is finished is counted, and its place is known", () => {
  const rule = ruleOf({ all: [{ field: "naf", op: "is", value: [] }, { field: "visit", op: "never" }, { any: [{ field: "name", op: "contains", value: "a" }] }, { field: "potential", op: "at_least", value: 50 }] });
  assert.deepEqual(jsonOf(finished(rule)), { all: [{ field: "visit", op: "never" }, { field: "potential", op: "at_least", value: 50 }] });
  assert.deepEqual(finishedPlaces(rule), [null, 0, null, 1]);
});

test("every view of the list is a rule, and comes back", () => {
  const views = [
    {},
    { q: "boulangerie" },
    { commune: "03190", naf: "G,56", size: "00,01,unknown", state: "free,ours", visited: "never" },
    { visited: "year" },
    { visited: "older", closed: true },
  ];
  for (const view of views) {
    const { rule, notes } = ruleOfFilters(view);
    assert.deepEqual(notes, []);
    assert.deepEqual(filtersOfRule(ruleOf(jsonOf(rule))), view);
  }
  const mine = ruleOfFilters({ state: "mine" });
  assert.equal(mine.notes.length, 1);
  assert.deepEqual(filtersOfRule(mine.rule), { state: "ours" });
  assert.equal(filtersOfRule(ruleOf(json)), null);
  assert.equal(filtersOfRule(ruleOf({ all: [{ field: "potential", op: "at_least", value: 50 }] })), null);
  // A view of a segment keeps its rule.
  const both = ruleOfFilters({ commune: "03190" }, ruleOf({ any: [{ field: "visit", op: "never" }] }));
  assert.deepEqual(jsonOf(both.rule), { all: [{ any: [{ field: "visit", op: "never" }] }, { field: "commune", op: "is", value: ["03190"] }] });
});

test("a rule reads as French, and so does what became of it", () => {
  assert.deepEqual(
    sentences(ruleOf(json), names).map((line) => plain(`${"  ".repeat(line.depth)}${line.text}`)),
    ["activité : Hébergement et restauration", "aucun de ces critères :", "  en opposition", "  jamais visité", "établissements fermés compris"],
  );
  const before = ruleOf({ all: [{ field: "naf", op: "is", value: ["I"] }, { field: "visit", op: "not_within", value: 12 }] });
  const after = ruleOf({ all: [{ field: "naf", op: "is", value: ["56"] }, { field: "visit", op: "not_within", value: 6 }, { field: "commune", op: "is", value: ["03190", "03310"] }] });
  assert.deepEqual(
    difference(before, after, names).map((change) => [change.sign, plain(change.text)]),
    [
      ["changed", "activité : ajoute Restauration, retire Hébergement et restauration"],
      ["changed", "pas visité depuis 6 mois, au lieu de : pas visité depuis 12 mois"],
      ["added", "à Moulins ou Vichy"],
    ],
  );
  assert.deepEqual(difference(before, before, names), []);
  // The same criterion twice: one goes, one stays.
  const twice = ruleOf({ any: [{ field: "naf", op: "is", value: ["I"] }, { field: "naf", op: "is", value: ["56"] }] });
  assert.deepEqual(
    difference(twice, ruleOf({ any: [{ field: "naf", op: "is", value: ["56"] }] }), names).map((change) => change.sign),
    ["removed"],
  );
});
