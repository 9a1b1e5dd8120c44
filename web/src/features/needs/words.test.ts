// The steps of a need, and its posts, in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { postsFilled, stepTitle } from "./words";

test("a need that waits again after its offer is not said to be confirmed by the employer", () => {
  assert.equal(stepTitle({ from: "declared", to: "confirmed" }), "Besoin confirmé avec l’employeur");
  assert.equal(stepTitle({ from: "offer", to: "confirmed" }), "Offre close\u202f: le besoin demeure");
});

test("posts that are filled are told of those there are, and all of them as all", () => {
  assert.deepEqual([postsFilled(4, 0), postsFilled(4, 1), postsFilled(4, 4), postsFilled(1, 1)], ["4", "4, dont 1 pourvu", "4, tous pourvus", "1, pourvu"]);
  assert.equal(postsFilled(2, 3), "2, tous pourvus");
  assert.deepEqual([postsFilled(null, 0), postsFilled(null, 2)], ["nombre de postes inconnu", "nombre de postes inconnu, 2 pourvus"]);
});
