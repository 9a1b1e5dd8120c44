import assert from "node:assert/strict";
import { test } from "node:test";
import { find, parse, slips } from "./rome";

const all = parse('code,label\nG1602,Personnel de cuisine\nK1304,Services domestiques\nD1102,"Boulangerie - viennoiserie, etc."\nN1103,Magasinage et préparation de commandes\nF1703,Maçonnerie\n');
const told = [...all, { code: "G1602", label: "Personnel de cuisine", title: "Commis / Commise de cuisine", folded: "commis commise de cuisine" }, { code: "N1103", label: "Magasinage et préparation de commandes", title: "Préparateur / Préparatrice de commandes", folded: "preparateur preparatrice de commandes" }];
const codes = (typed: string, list = all) => find(list, typed).map((one) => one.code);

test("a label with a comma and quotes is one label", () => assert.equal(all[2]?.label, "Boulangerie - viennoiserie, etc."));
test("found by the beginnings of words, without accents", () => assert.deepEqual(codes("prep comm"), ["N1103"]));
test("found by code", () => assert.deepEqual(codes("g16"), ["G1602"]));
test("not found in the middle of a word", () => assert.deepEqual(codes("sine"), []));
test("nothing typed proposes nothing", () => assert.deepEqual(codes("  "), []));
test("found in spite of a slip: a letter wrong, missing, too many, two swapped", () => {
  for (const typed of ["maconerie", "massonnerie", "maçonneriie", "mçaonnerie"]) assert.deepEqual(codes(typed), ["F1703"], typed);
  assert.deepEqual(codes("boulengerie vienoiserie"), ["D1102"]);
  assert.deepEqual(codes("plombier"), []);
  assert.deepEqual(codes("cui"), ["G1602"]);
  assert.deepEqual(codes("cuo"), []); // of three letters none is forgiven
});
test("found as it sounds, a cedilla too", () => {
  for (const typed of ["masson", "massonnri", "boulanjerie", "majazinage"]) assert.equal(codes(typed).length, 1, typed);
  assert.deepEqual(codes("quizine"), ["G1602"]);
  assert.deepEqual(codes("hh"), []); // sounds as nothing, as nearly everything begins
});
test("found by an appellation, which is told; each occupation once, labels first", () => {
  assert.deepEqual(find(told, "commise cui"), [{ code: "G1602", label: "Personnel de cuisine", title: "Commis / Commise de cuisine" }]);
  assert.deepEqual(codes("commandes", told), ["N1103"]);
  assert.equal(find(told, "commandes")[0]?.title, null);
  assert.equal(find(told, "preparatrise")[0]?.title, "Préparateur / Préparatrice de commandes");
});
test("how many slips", () => {
  assert.deepEqual([slips("cuisine", "cuisinier", 2), slips("ciusine", "cuisine", 2), slips("xyz", "cuisine", 2)], [1, 1, 3]);
});
