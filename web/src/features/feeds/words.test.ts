import assert from "node:assert/strict";
import { test } from "node:test";
import { valueText } from "./words";

test("values of a feed are read as people write them", () => {
  assert.deepEqual(
    [["salaire_min", "27000.00"], ["salaire_max", "12.50"], ["heures", "36.5"], ["debut", "2031-01-05"], ["description", "Tenue du poste.\n\n- Accueil\n- Vente"], ["avantages", "Panier\nMutuelle"]].map(([id, value]) => valueText(id!, value!, {})),
    ["27\u202f000\u202f€", "12,50\u202f€", "36,5\u202fh", "5 janvier 2031", "Tenue du poste. Accueil Vente", "Panier, Mutuelle"],
  );
});
