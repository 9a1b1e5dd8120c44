import { test } from "node:test";
import assert from "node:assert/strict";
import { layoutText } from "./layout";

test("a layout is written as the server reads it", () => {
  assert.equal(
    layoutText({ element: "offres/offre", format: "xml", fields: { reference: "@id", titre: " libelle ", ville: "", description: "texte + 'dit \"ici\"'" }, contracts: [{ theirs: "Vacation\n", ours: "cdd" }, { theirs: "", ours: "cdi" }], words: [{ field: "etat", theirs: "3", ours: "closed" }, { field: "temps", theirs: "P", ours: "part" }, { field: "etat", theirs: "*", ours: "open" }], header: 0, each: "lieux/lieu", others: { separateur: "','", mode: "differentiel" } }),
    'format = "xml"\nelement = "offres/offre"\nchaque = "lieux/lieu"\nentete = 0\nseparateur = "\',\'"\nmode = "differentiel"\n\n[champs]\nreference = "@id"\ntitre = "libelle"\ndescription = "texte + \'dit \\"ici\\"\'"\n\n[contrats]\n"Vacation" = "cdd"\n\n[etat]\n"3" = "closed"\n"*" = "open"\n\n[temps]\n"P" = "part"\n',
  );
});
