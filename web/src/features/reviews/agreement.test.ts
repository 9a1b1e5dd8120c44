import assert from "node:assert/strict";
import { test } from "node:test";
import { agreement, nameAgreement } from "./agreement";

test("case, accents and signs do not matter, a shared word is close, nothing shared is apart", () => {
  assert.equal(agreement("Boulangerie de l’Église", "BOULANGERIE DE L'EGLISE"), "same");
  assert.equal(agreement("St-Rémy", "SAINT REMY"), "same");
  assert.equal(agreement("Garage Martin", "MARTIN AUTO SARL"), "close");
  assert.equal(agreement("Garage du Pont", "Salon Lila"), "apart");
  assert.equal(agreement(null, "Salon Lila"), "unknown");
});

test("an address is the same when only its words are shortened, a number alone is nothing in common", () => {
  assert.equal(agreement("12 av. du Gal de Gaulle", "12 AVENUE DU GENERAL DE GAULLE"), "same");
  assert.equal(agreement("12 rue Pasteur", "12 rue Pastuer"), "close");
  assert.equal(agreement("120 Grande Côte", "120 Les Lilas"), "apart");
});

test("a name is compared with every name of the other side, whatever its legal form", () => {
  assert.equal(nameAgreement("Le Fournil", ["SARL DUPONT", "LE FOURNIL"]), "same");
  assert.equal(nameAgreement("Ets Dupont", ["DUPONT SARL"]), "same");
  assert.equal(nameAgreement("Boulangerei Martin", ["Boulangerie Martin", null]), "close");
  assert.equal(nameAgreement("SAS", ["SAS"]), "same");
  assert.equal(nameAgreement("Salon Lila", ["SARL DUPONT", null]), "apart");
  assert.equal(nameAgreement(null, ["SARL DUPONT"]), "unknown");
  assert.equal(nameAgreement("Salon Lila", [null, null]), "unknown");
});
