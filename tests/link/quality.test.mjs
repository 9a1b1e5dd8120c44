// How good the groups are, against the truth: the given data when they are there (MAILLAGE_SHARED), invented ones always.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../lib/instance.mjs";
import { file, generated, group, records, score, shared, text, truth } from "../lib/linkage.mjs";

const base = mkdtempSync("/tmp/maillage-link-");
after(() => rmSync(base, { recursive: true, force: true }));
const skip = shared ? false : "MAILLAGE_SHARED is not set";

// Kinds of establishments whose neighbours must not be swallowed.
const guarded = ["chain", "laposte", "public", "domiciled", "sister"];

function hold(t, s, { pairwise, bcubed, kinds = 0 }) {
  const show = (x) => x.toFixed(4);
  t.diagnostic(`pairwise F1 ${show(s.pairwise.f1)} B-cubed F1 ${show(s.bcubed.f1)} of ${s.bcubed.n} records`);
  for (const [kind, k] of Object.entries(s.kinds).sort()) t.diagnostic(`${kind}: B-cubed precision ${show(k.precision)} recall ${show(k.recall)}`);
  assert.ok(s.pairwise.f1 >= pairwise, `pairwise F1 ${show(s.pairwise.f1)} is below ${pairwise}`);
  assert.ok(s.bcubed.f1 >= bcubed, `B-cubed F1 ${show(s.bcubed.f1)} is below ${bcubed}`);
  for (const kind of kinds ? guarded : []) assert.ok(s.kinds[kind].precision >= kinds, `${kind}: ${show(s.kinds[kind].precision)} is below ${kinds}`);
}

test("the score itself", () => {
  // Bagga and Baldwin's example: 1-5, 6-7, 8-C; the second answer joins the first and the last.
  const entities = { 1: "a", 2: "a", 3: "a", 4: "a", 5: "a", 6: "b", 7: "b", 8: "c", 9: "c", A: "c", B: "c", C: "c" };
  const known = new Map(Object.entries(entities).map(([r, entity]) => [r, { entity, kind: "x" }]));
  const answer = new Map(Object.entries(entities).map(([r, entity]) => [r, entity === "b" ? "b" : "ac"]));
  const s = score(known, answer);
  assert.ok(Math.abs(s.bcubed.precision - 7 / 12) < 1e-9);
  assert.equal(s.bcubed.recall, 1);
  assert.ok(Math.abs(s.pairwise.precision - 21 / 46) < 1e-9);
  assert.deepEqual(score(known, new Map()).pairwise, { precision: 1, recall: 0, f1: 0 });
});

test("establishments as given", { skip }, async (t) => {
  const dir = join(shared, "linkage_fr");
  const groups = await group("etablissement", join(dir, "etablissements.csv.gz"));
  hold(t, score(truth(join(dir, "etablissements_truth.csv.gz")), groups), { pairwise: 0.92, bcubed: 0.96, kinds: 0.9 });
});

test("contacts as given", { skip }, async (t) => {
  const dir = join(shared, "linkage_fr");
  const groups = await group("contact", join(dir, "contacts.csv.gz"));
  hold(t, score(truth(join(dir, "contacts_truth.csv.gz"), "person_id"), groups), { pairwise: 0.9, bcubed: 0.96 });
});

test("invented establishments", async (t) => {
  const data = generated(base, "etablissement", { seed: 52, entities: 4000 });
  hold(t, score(truth(data.truth), await group("etablissement", data.file)), { pairwise: 0.91, bcubed: 0.955, kinds: 0.9 });
});

test("invented contacts", async (t) => {
  const data = generated(base, "contact", { seed: 53, entities: 4000 });
  hold(t, score(truth(data.truth, "person_id"), await group("contact", data.file)), { pairwise: 0.89, bcubed: 0.955 });
});

test("a mapping file: febrl3", { skip }, async (t) => {
  const list = records(text(join(shared, "linkage_public", "febrl3.csv.gz")));
  const known = new Map(list.map((r) => [r.rec_id, { entity: /^rec-\d+/.exec(r.rec_id)[0], kind: "" }]));
  const groups = await group(join(root, "tests/link/febrl3.toml"), join(shared, "linkage_public", "febrl3.csv.gz"));
  hold(t, score(known, groups), { pairwise: 0.998, bcubed: 0.998 });
});

test("a mapping file: fake_1000", { skip }, async (t) => {
  const list = records(text(join(shared, "linkage_public", "fake_1000.csv.gz")));
  const known = new Map(list.map((r) => [r.unique_id, { entity: r.cluster, kind: "" }]));
  const groups = await group(join(root, "tests/link/fake_1000.toml"), file(base, "fake_1000.csv", list));
  hold(t, score(known, groups), { pairwise: 0.907, bcubed: 0.907 });
});
