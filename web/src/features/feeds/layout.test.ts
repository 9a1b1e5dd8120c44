import { test } from "node:test";
import assert from "node:assert/strict";
import { layoutText } from "./layout";

test("a layout is written as the server reads it", () => {
  assert.equal(
    layoutText({ element: "offres/offre", format: "xml", fields: { reference: "@id", titre: " libelle ", ville: "", description: "texte + 'dit \"ici\"'" }, contracts: [{ theirs: "Vacation\n", ours: "cdd" }, { theirs: "", ours: "cdi" }] }),
    'format = "xml"\nelement = "offres/offre"\n\n[champs]\nreference = "@id"\ntitre = "libelle"\ndescription = "texte + \'dit \\"ici\\"\'"\n\n[contrats]\n"Vacation" = "cdd"\n',
  );
});
