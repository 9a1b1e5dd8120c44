import assert from "node:assert/strict";
import { test } from "node:test";
import { narrow } from "../../tools/typography";
import { french } from "./typography";

test("the space before a double sign and inside guillemets is narrow and does not break", () => {
  assert.equal(french("Missions : accueil ; caisse. « Oui » dit-elle !"), "Missions\u202f: accueil\u202f; caisse. «\u202fOui\u202f» dit-elle\u202f!");
  assert.equal(french("12 % à 9 :30, a ? b : c"), "12\u202f% à 9 :30, a\u202f? b\u202f: c");
  assert.equal(french("12,30 € de l’heure, 5 €/jour"), "12,30\u202f€ de l’heure, 5\u202f€/jour");
  assert.equal(french("(deux) : trois"), "(deux)\u202f: trois");
  assert.equal(french("https://exemple.fr : lien"), "https://exemple.fr\u202f: lien");
});

test("in a source file only words are set, never code", () => {
  const set = narrow("const a = b ? `Reste : ${n} ; puis` : 'Note : x';\nconst c = <p title=\"Vu : là\">Oui : {d ? e : f} %</p>;", "x.tsx");
  assert.equal(set, "const a = b ? `Reste\u202f: ${n}\u202f; puis` : 'Note\u202f: x';\nconst c = <p title=\"Vu\u202f: là\">Oui\u202f: {d ? e : f}\u202f%</p>;");
});
