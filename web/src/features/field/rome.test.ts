import assert from "node:assert/strict";
import { test } from "node:test";
import { find, parse } from "./rome";

const all = parse('code,label\nG1602,Personnel de cuisine\nK1304,Services domestiques\nD1102,"Boulangerie - viennoiserie, etc."\nN1103,Magasinage et préparation de commandes\n');

test("a label with a comma and quotes is one label", () => assert.equal(all[2]?.label, "Boulangerie - viennoiserie, etc."));
test("found by the beginnings of words, without accents", () => assert.deepEqual(find(all, "prep comm").map((one) => one.code), ["N1103"]));
test("found by code", () => assert.deepEqual(find(all, "g16").map((one) => one.code), ["G1602"]));
test("not found in the middle of a word", () => assert.deepEqual(find(all, "uisine"), []));
test("nothing typed proposes nothing", () => assert.deepEqual(find(all, "  "), []));
