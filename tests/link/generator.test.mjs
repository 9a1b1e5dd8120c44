// The invented files are what they claim: the same for the same seed, every kind there, numbers with right check digits, fields
// filled as often as each source does, and a truth that its own identifiers bear out.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { after, test } from "node:test";
import { generated, records, text, truth } from "../lib/linkage.mjs";

const base = mkdtempSync("/tmp/maillage-link-");
after(() => rmSync(base, { recursive: true, force: true }));

const data = generated(base, "etablissement", { seed: 81, entities: 6000 });
const list = records(text(data.file));
const known = truth(data.truth);
const legal = new Map(records(text(data.truth)).map((r) => [r.record_id, r.legal_unit_id]));
const share = (part, whole) => part.length / whole.length;
const luhn = (digits) => [...digits].reverse().reduce((sum, d, i) => sum + (i % 2 ? (2 * d > 9 ? 2 * d - 9 : 2 * d) : Number(d)), 0) % 10 === 0;

test("the same seed gives the same bytes, another seed others", () => {
  const dir = mkdtempSync(`${base}/again-`);
  const again = generated(dir, "etablissement", { seed: 81, entities: 6000 });
  assert.ok(readFileSync(again.file).equals(readFileSync(data.file)));
  assert.ok(readFileSync(again.truth).equals(readFileSync(data.truth)));
  const other = generated(base, "etablissement", { seed: 82, entities: 6000 });
  assert.ok(!readFileSync(other.file).equals(readFileSync(data.file)));
});

test("every kind is there, groups have one to eight records", () => {
  const kinds = new Set([...known.values()].map((t) => t.kind));
  for (const kind of ["plain", "ei", "asso", "public", "multi", "moved", "chain", "laposte", "franchise", "sister", "homonym", "domiciled"]) assert.ok(kinds.has(kind), kind);
  const sizes = new Map();
  for (const { entity } of known.values()) sizes.set(entity, (sizes.get(entity) ?? 0) + 1);
  const alone = [...sizes.values()].filter((n) => n === 1).length / sizes.size;
  assert.ok(alone > 0.33 && alone < 0.43, `${alone} alone`);
  assert.ok(Math.max(...sizes.values()) <= 12);
  const people = new Set([...truth(generated(base, "contact", { seed: 81, entities: 6000 }).truth, "person_id").values()].map((t) => t.kind));
  for (const kind of ["plain", "compound", "family", "same_name_same_firm", "two_employers"]) assert.ok(people.has(kind), kind);
});

test("each source fills its fields as it is used to", () => {
  const expected = {
    cci: { siret: [0.97, 1], forme_juridique: [0.85, 0.95], naf: [0.93, 1] },
    crm: { siret: [0.38, 0.5], telephone: [0.65, 0.77], courriel: [0.52, 0.64] },
    insertion: { siret: [0.27, 0.36], telephone: [0.38, 0.5], courriel: [0.58, 0.7] },
    salon: { siret: [0.03, 0.12], adresse: [0.4, 0.53], code_postal: [0.64, 0.77] },
    emploi: { siret: [0.52, 0.64], adresse: [0.26, 0.38] },
    web: { siret: [0.1, 0.2], telephone: [0.8, 0.92] },
  };
  for (const [source, fields] of Object.entries(expected)) {
    const rows = list.filter((r) => r.source === source);
    for (const [field, [least, most]] of Object.entries(fields)) {
      const filled = share(rows.filter((r) => r[field]), rows);
      assert.ok(filled >= least && filled <= most, `${source} fills ${field} ${filled.toFixed(3)}`);
    }
    if (source === "emploi") for (const r of rows) assert.ok([...r.nom].length <= 38, r.nom);
    if (source === "cci" || source === "emploi") for (const r of rows) assert.equal(r.nom, r.nom.toUpperCase());
  }
});

test("numbers have right check digits, but for the errors meant", () => {
  const all = list.map((r) => r.siret.replace(/[ .]/g, "")).filter((d) => /^\d+$/.test(d));
  assert.ok(all.every((d) => d.length === 9 || d.length === 14));
  const right = all.filter((d) => luhn(d.slice(0, 9)) && (d.length === 9 || luhn(d) || d.startsWith("356000000")));
  assert.ok(share(right, all) > 0.97 && share(right, all) < 0.999, `${share(right, all)} right`);
  const offices = all.filter((d) => d.length === 14 && d.startsWith("356000000"));
  const sum = (d) => [...d].reduce((total, c) => total + Number(c), 0);
  assert.ok(offices.length > 5);
  assert.ok(share(offices.filter((d) => sum(d) % 5 === 0 || d === "35600000000048"), offices) > 0.9);
});

test("the truth and the identifiers agree, but for the errors meant", () => {
  const entities = new Map();
  const units = new Map();
  for (const r of list) {
    const digits = r.siret.replace(/[ .]/g, "");
    if (!/^\d{14}$/.test(digits)) continue;
    const put = (map, key, value) => map.set(key, (map.get(key) ?? new Set()).add(value));
    put(entities, digits, known.get(r.record_id).entity);
    put(units, digits.slice(0, 9), legal.get(r.record_id));
  }
  assert.ok(share([...entities.values()].filter((s) => s.size === 1), [...entities.values()]) > 0.985);
  assert.ok(share([...units.values()].filter((s) => s.size === 1), [...units.values()]) > 0.995);
});

test("a commune has one town hall", () => {
  const halls = new Map();
  for (const r of list) {
    const t = known.get(r.record_id);
    const town = /^MAIRIE D(?:E |')([A-Z' -]+)$/.exec(r.nom)?.[1];
    if (t.kind === "public" && r.source === "cci" && town && r.code_postal) {
      const key = `${town.replaceAll("-", " ")} ${r.code_postal.slice(0, 2)}`;
      halls.set(key, (halls.get(key) ?? new Set()).add(legal.get(r.record_id)));
    }
  }
  assert.ok(halls.size > 20, `${halls.size} town halls seen`);
  for (const [town, units] of halls) assert.equal(units.size, 1, town);
});
