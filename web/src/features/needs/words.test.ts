// The steps of a need in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stepTitle } from "./words";

test("a need that waits again after its offer is not said to be confirmed by the employer", () => {
  assert.equal(stepTitle({ from: "declared", to: "confirmed" }), "Besoin confirmé avec l’employeur");
  assert.equal(stepTitle({ from: "offer", to: "confirmed" }), "Offre close\u202f: le besoin demeure");
});
