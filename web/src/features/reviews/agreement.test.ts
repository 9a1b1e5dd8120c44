import assert from "node:assert/strict";
import { test } from "node:test";
import { agreement } from "./agreement";

test("case, accents and signs do not matter, a shared word is close, nothing shared is apart", () => {
  assert.equal(agreement("Boulangerie de l’Église", "BOULANGERIE DE L'EGLISE"), "same");
  assert.equal(agreement("St-Rémy", "ST REMY"), "same");
  assert.equal(agreement("Garage Martin", "MARTIN AUTO SARL"), "close");
  assert.equal(agreement("Garage du Pont", "Salon Lila"), "apart");
  assert.equal(agreement(null, "Salon Lila"), "unknown");
});
