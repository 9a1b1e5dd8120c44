// What must not matter does not: capitals, accents, the order of columns, rows and files, the format of telephone numbers,
// records given twice. No truth is needed: the groups of the changed file are those of the file as it was.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { csv, file, generated, group, moved, partition, records, run, text } from "../lib/linkage.mjs";

const base = mkdtempSync("/tmp/maillage-link-");
after(() => rmSync(base, { recursive: true, force: true }));

const written = { etablissement: ["nom", "forme_juridique", "adresse", "commune", "courriel"], contact: ["prenom", "nom", "fonction", "courriel", "employeur", "employeur_commune"] };

// Another seed for the order of rows than any the generator knows.
function shuffled(list) {
  let state = 20261125;
  const below = (n) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % n;
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const k = below(i + 1);
    [copy[i], copy[k]] = [copy[k], copy[i]];
  }
  return copy;
}

/** A French number as somebody else writes it; what is no such number stays. */
function otherPhone(value, i) {
  const formats = [
    (d) => `+33${d}`,
    (d) => `0${d[0]}.${d.slice(1, 3)}.${d.slice(3, 5)}.${d.slice(5, 7)}.${d.slice(7)}`,
    (d) => `0033 ${d[0]} ${d.slice(1, 3)} ${d.slice(3, 5)} ${d.slice(5, 7)} ${d.slice(7)}`,
    (d) => `Tél. : 0${d}`,
    (d) => d,
  ];
  const parts = value.split(" / ").map((part, k) => {
    const digits = part.replace(/^\D*(\+33 ?(\(0\))?|0033)/, "").replace(/\D/g, "").replace(/^0(?=\d{9}$)/, "");
    return digits.length === 9 ? formats[(i + k) % formats.length](digits) : part;
  });
  return parts.join(" / ");
}

for (const type of ["etablissement", "contact"]) {
  describe(type, () => {
    const path = (name) => `${type}-${name}.csv`;
    const change = (fields, by) => list.map((r, i) => ({ ...r, ...Object.fromEntries(fields.map((f) => [f, by(r[f], i)])) }));
    const as = async (name, changed, columns) => group(type, file(base, path(name), csv(changed, columns)));
    let list, groups, source;

    before(async () => {
      source = generated(base, type, { seed: 41, entities: 1200 }).file;
      list = records(text(source));
      groups = await group(type, source);
    });

    test("groups something", () => {
      assert.equal(groups.size, list.length);
      const count = new Set(groups.values()).size;
      assert.ok(count > list.length * 0.35 && count < list.length * 0.8, `${count} groups of ${list.length} records`);
    });

    test("twice the same bytes", async () => {
      const [one, two] = [await run("group", "--type", type, source), await run("group", "--type", type, source)];
      assert.equal(one.stdout, two.stdout);
      assert.ok(one.stdout.length > list.length * 10);
    });

    test("capitals", async () => {
      assert.deepEqual(moved(groups, await as("upper", change(written[type], (v) => v.toUpperCase()))), []);
    });

    test("small letters", async () => {
      assert.deepEqual(moved(groups, await as("lower", change(written[type], (v) => v.toLowerCase()))), []);
    });

    test("accents", async () => {
      assert.deepEqual(moved(groups, await as("plain", change(written[type], (v) => v.normalize("NFD").replace(/[\u0300-\u036f]/g, "")))), []);
    });

    test("accents written apart", async () => {
      assert.deepEqual(moved(groups, await as("apart", change(written[type], (v) => v.normalize("NFD")))), []);
    });

    test("blanks around", async () => {
      assert.deepEqual(moved(groups, await as("blanks", change(written[type], (v) => (v ? `  ${v}\u00a0` : v)))), []);
    });

    test("the order of columns", async () => {
      const columns = Object.keys(list[0]).reverse();
      assert.deepEqual(moved(groups, await as("columns", list, columns)), []);
    });

    test("the order of rows", async () => {
      assert.deepEqual(moved(groups, await as("rows", shuffled(list))), []);
    });

    test("the order of files", async () => {
      const names = [...new Set(list.map((r) => r.source))].sort();
      const files = names.map((name) => file(base, path(`from-${name}`), csv(list.filter((r) => r.source === name))));
      const there = await group(type, ...files);
      const back = await group(type, ...[...files].reverse());
      assert.deepEqual(moved(groups, there), []);
      assert.deepEqual(moved(groups, back), []);
      assert.deepEqual(new Map([...there].sort()), new Map([...back].sort()), "the names of the groups too");
    });

    test("the format of telephone numbers", async () => {
      const changed = list.map((r, i) => ({ ...r, telephone: otherPhone(r.telephone, i) }));
      assert.ok(changed.filter((r, i) => r.telephone !== list[i].telephone).length > 500, "many numbers changed");
      assert.deepEqual(moved(groups, await as("phones", changed)), []);
    });

    test("every record given twice", async () => {
      const twice = await as("twice", [...list, ...list.map((r) => ({ ...r, record_id: `${r.record_id}bis` }))]);
      const first = partition(new Map([...twice].filter(([id]) => !id.endsWith("bis"))));
      assert.deepEqual(moved(groups, first), []);
      for (const r of list) assert.equal(twice.get(`${r.record_id}bis`), twice.get(r.record_id), `${r.record_id} and its copy`);
    });

    test("one record given twice", async () => {
      for (const i of [0, 700, 1500]) {
        const copy = { ...list[i], record_id: "copie" };
        const more = await as(`one-${i}`, [...list, copy]);
        assert.equal(more.get("copie"), more.get(list[i].record_id));
        more.delete("copie");
        assert.deepEqual(moved(groups, more), []);
      }
    });
  });
}
