import assert from "node:assert/strict";
import test from "node:test";
import { differences, listed, merged, whole, type Content } from "./content";

const names = { organisation: (id: number) => `O${id}`, segment: (id: number) => `S${id}`, member: (id: number) => `M${id}`, commune: (code: string) => code };
const base: Content = { name: "Plan", starts_on: "2026-09-01", ends_on: "2026-12-18", partners: [1, 2], segments: [{ segment: 5, version: 1, lead: 1 }], capacities: [{ organisation: 1, hours: 100 }] };

test("the same content has no difference, whatever is left unsaid", () => {
  assert.deepEqual(differences(base, whole(base), names), []);
});

test("each change is one sentence", () => {
  const next: Content = {
    ...base,
    name: "Plan d’automne",
    partners: [1, 3],
    segments: [{ segment: 5, version: 2, lead: null }, { segment: 6, version: 1 }],
    rules: { never_visited: 30 },
    shares: [{ organisation: 1, least: 20, most: 40 }],
    capacities: [{ organisation: 1, hours: 80 }, { organisation: 3, member: 9, hours: 20 }],
    objectives: [{ organisation: 1, visits: 60 }],
  };
  assert.deepEqual(differences(base, next, names), [
    "Nom : « Plan » devient « Plan d’automne »",
    "O3 entre dans le plan",
    "O2 sort du plan",
    "Segment S5 : version 2 (avant : 1)",
    "Segment S5 : plus de chef de file",
    "Segment ajouté : S6",
    "Règle, employeurs jamais visités : 30\u202f% des visites au moins (avant : sans minimum)",
    "Part de O1 : 20 à 40\u202f% (avant : libre)",
    "Heures de O1 : 80 (avant : 100)",
    "Heures de M9 : 20 (avant : aucune)",
    "Objectif de O1, visites : 60 (avant : 0)",
  ]);
});

test("a list in words", () => {
  assert.equal(listed(["A"]), "A");
  assert.equal(listed(["A", "B", "C"]), "A, B et C");
});

test("what two people changed in different parts is kept from both; in the same part, the last one", () => {
  const theirs: Content = { ...base, name: "Le leur", rules: { small: 20 } };
  const mine: Content = { ...whole(base), name: "Le mien", communes: ["03190"], rules: { ...whole(base).rules, never_visited: 30 } };
  const both = merged(base, theirs, mine);
  assert.equal(both.name, "Le mien");
  assert.deepEqual(both.communes, ["03190"]);
  assert.deepEqual([both.rules.small, both.rules.never_visited], [20, 30]);
  assert.deepEqual(merged(base, theirs, whole(base)), whole(theirs));
});
