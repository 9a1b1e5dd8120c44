import assert from "node:assert/strict";
import { test } from "node:test";
import { backOf } from "./back";

const to = (back: string) => backOf(`?retour=${encodeURIComponent(back)}`, "https://maillage.example");

test("after signing in one returns to a page of this site", () => {
  assert.equal(to("/entreprises/12?onglet=besoins"), "https://maillage.example/entreprises/12?onglet=besoins");
  assert.equal(to("/.//evil.example"), "https://maillage.example//evil.example");
  assert.equal(backOf("", "https://maillage.example"), null);
});

test("and to no other", () => {
  for (const back of ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n\\evil.example", "https://evil.example", "javascript:alert(1)", "entreprises", "//["]) {
    assert.equal(to(back), null, back);
  }
});
