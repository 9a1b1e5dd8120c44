// What the command leaves to people, and what it does with their answers: pairs to review, explanations, decisions and names
// that last, files that are not as they should be.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { csv, file, generated, group, moved, records, run, text } from "../lib/linkage.mjs";

const base = mkdtempSync("/tmp/maillage-link-");
after(() => rmSync(base, { recursive: true, force: true }));

const luhn = (digits) => [...digits].reverse().reduce((sum, d, i) => sum + (i % 2 ? (2 * d > 9 ? 2 * d - 9 : 2 * d) : Number(d)), 0) % 10 === 0;
const postal = (digits) => digits.startsWith("356000000") && [...digits].reduce((sum, d) => sum + Number(d), 0) % 5 === 0;
/** The SIRET of a field when it is a valid one. */
function siret(field) {
  const digits = field.replace(/[ .]/g, "");
  return /^\d{14}$/.test(digits) && !/^0+$/.test(digits) && luhn(digits.slice(0, 9)) && (luhn(digits) || postal(digits)) ? digits : null;
}

async function asked(...args) {
  const answer = await run(...args);
  assert.equal(answer.status, 0, answer.stderr);
  return answer.stdout;
}

describe("on a file of establishments", () => {
  let data, list, groups, reviews;
  const members = new Map();

  before(async () => {
    data = generated(base, "etablissement", { seed: 71, entities: 2500 });
    list = records(text(data.file));
    const review = join(base, "review.csv");
    groups = new Map(records(await asked("group", "--type", "etablissement", "--review", review, data.file)).map((r) => [r.record_id, r.entity_id]));
    reviews = records(readFileSync(review, "utf8"));
    for (const [record, entity] of groups) members.set(entity, [...(members.get(entity) ?? []), record]);
  });

  test("two different valid SIRET are never in one group without a review", () => {
    const of = new Map(list.map((r) => [r.record_id, siret(r.siret)]));
    const said = new Set(reviews.filter((v) => v.motif === "siret" && groups.get(v.a) === groups.get(v.b)).map((v) => groups.get(v.a)));
    let clashes = 0;
    for (const [entity, records_] of members) {
      const known = new Set(records_.map((id) => of.get(id)).filter(Boolean));
      if (known.size < 2) continue;
      clashes++;
      assert.ok(said.has(entity), `${entity} has ${[...known].join(" and ")} and nobody is told`);
    }
    assert.ok(clashes > 0, "the file has such groups, or this test says nothing");
  });

  test("reviews are pairs of records, each pair of groups once, with a reason in French", () => {
    const known = new Set(groups.keys());
    const seen = new Set();
    assert.ok(reviews.length > 5 && reviews.length < list.length * 0.2, `${reviews.length} reviews of ${list.length} records`);
    for (const v of reviews) {
      assert.ok(known.has(v.a) && known.has(v.b) && v.a < v.b, `${v.a} ${v.b}`);
      assert.ok(["proche", "douteux", "siret"].includes(v.motif), v.motif);
      assert.ok(Number(v.probabilite) >= 0 && Number(v.probabilite) <= 1, v.probabilite);
      assert.match(v.explication, /sépar|réuni/);
      assert.equal(groups.get(v.a) === groups.get(v.b), v.motif !== "proche", `${v.a} ${v.b} ${v.motif}`);
      const pair = [groups.get(v.a), groups.get(v.b)].sort().join(" ");
      if (v.motif === "proche") assert.ok(!seen.has(pair), `${pair} twice`);
      seen.add(pair);
    }
  });

  test("an explanation names every field, in French, and its weights add up", async () => {
    const [a, b] = [...members.values()].find((m) => m.length > 2);
    const said = await asked("group", "--type", "etablissement", "--explain", a, b, data.file);
    for (const label of ["Nom", "Forme juridique", "SIRET", "Activité", "Adresse", "Téléphone", "Courriel", "Total"]) assert.ok(said.includes(label), label);
    assert.match(said, /dans le même groupe/);
    const weights = [...said.matchAll(/ ([+-]\d+,\d)(?= |$)/gm)].map(([, w]) => Number(w.replace(",", ".")));
    const total = weights.pop();
    assert.ok(Math.abs(weights.reduce((x, y) => x + y, 0) - total) < 0.05 * (weights.length + 1), said);
    assert.match(said, /Probabilité.*\d+(,\d+)?\s%/);
    const again = await asked("group", "--type", "etablissement", "--explain", b, a, data.file);
    assert.deepEqual(again.match(/Total.*/)[0], said.match(/Total.*/)[0], "either way round");
  });

  test("two that have nothing in common are told apart", async () => {
    const [a, b] = [[...members.values()][0][0], [...members.values()].at(-1)[0]];
    const said = await asked("group", "--type", "etablissement", "--explain", a, b, data.file);
    assert.doesNotMatch(said, /dans le même groupe/);
  });

  test("what a reviewer said holds, reload after reload, and for those in between", async () => {
    const large = [...members.values()].filter((m) => m.length > 3).slice(0, 25);
    const decisions = large.map(([a, b]) => ({ a, b, decision: "different" }));
    const joined = [...members.values()].filter((m) => m.length === 1).slice(0, 20);
    for (let i = 0; i < 20; i += 2) decisions.push({ a: joined[i][0], b: joined[i + 1][0], decision: "same" });
    const given = file(base, "decisions.csv", decisions);
    const first = join(base, "first.csv");
    const review = join(base, "review2.csv");
    await asked("group", "--type", "etablissement", "--decisions", given, "--output", first, "--review", review, data.file);
    let now = new Map(records(readFileSync(first, "utf8")).map((r) => [r.record_id, r.entity_id]));
    const hold = (how) => {
      for (const { a, b, decision } of decisions) assert.equal(now.get(a) === now.get(b), decision === "same", `${a} ${b} ${decision} ${how}`);
    };
    hold("at first");
    const pairs = new Set(decisions.map(({ a, b }) => [a, b].sort().join(" ")));
    // Two SIRET in one group are listed for as long as they are.
    for (const v of records(readFileSync(review, "utf8"))) assert.ok(v.motif === "siret" || !pairs.has(`${v.a} ${v.b}`), `${v.a} ${v.b} is asked again`);
    // The files come again, with copies of what was kept apart: they resemble both sides.
    const copies = large.flatMap(([a, b]) => [a, b]).map((id, i) => ({ ...list.find((r) => r.record_id === id), record_id: `N${String(i).padStart(4, "0")}` }));
    const more = file(base, "more.csv", csv(copies));
    const second = await asked("group", "--type", "etablissement", "--decisions", given, "--previous", first, data.file, more);
    const then = now;
    now = new Map(records(second).map((r) => [r.record_id, r.entity_id]));
    hold("after a reload with look-alikes");
    const kept = [...then].filter(([record, entity]) => now.get(record) === entity).length;
    assert.ok(kept >= then.size * 0.995, `${kept} of ${then.size} records keep the name of their group`);
  });

  test("names last: the files of a month later, then what became of each name", async () => {
    const first = join(base, "names.csv");
    const redirects = join(base, "redirects.csv");
    const half = list.filter((_, i) => i % 2 === 0);
    await asked("group", "--type", "etablissement", "--output", first, file(base, "half.csv", csv(half)));
    const before_ = new Map(records(readFileSync(first, "utf8")).map((r) => [r.record_id, r.entity_id]));
    const all = new Map(records(await asked("group", "--type", "etablissement", "--previous", first, "--redirects", redirects, data.file)).map((r) => [r.record_id, r.entity_id]));
    const names = new Set(all.values());
    const heirs = new Map(records(readFileSync(redirects, "utf8")).map((r) => [r.ancien, r.nouveau]));
    for (const name of new Set(before_.values())) {
      assert.ok(names.has(name) !== heirs.has(name), `${name} is a group or redirects, not both`);
      if (heirs.has(name)) assert.ok(names.has(heirs.get(name)), `${name} leads to ${heirs.get(name)}, which is no group`);
    }
    for (const name of heirs.keys()) assert.ok([...before_.values()].includes(name), `${name} never was`);
    const kept = [...before_].filter(([record, entity]) => all.get(record) === entity || heirs.get(entity) === all.get(record)).length;
    assert.ok(kept >= before_.size * 0.97, `${kept} of ${before_.size} records are found under their name`);
    // And once more with nothing changed: nothing changes.
    const same = file(base, "all.csv", csv([...all].map(([record_id, entity_id]) => ({ record_id, entity_id }))));
    const again = new Map(records(await asked("group", "--type", "etablissement", "--previous", same, data.file)).map((r) => [r.record_id, r.entity_id]));
    assert.deepEqual(moved(all, again), []);
    assert.deepEqual(new Map([...again].sort()), new Map([...all].sort()));
  });
});

describe("files as they come", () => {
  const rows = [
    { record_id: "1", nom: "Boulangerie Quintrand", commune: "Moulins", code_postal: "03000", telephone: "04 70 11 22 33" },
    { record_id: "2", nom: "BOULANGERIE QUINTRAND", commune: "MOULINS", code_postal: "03000", telephone: "0470112233" },
    { record_id: "3", nom: "Garage Élan", commune: "Vichy", code_postal: "03200", telephone: "04 70 99 88 77" },
  ];
  const refused = async (pattern, ...args) => {
    const { status, stdout, stderr } = await run(...args);
    assert.ok(status > 0, "refused");
    assert.equal(stdout, "");
    assert.match(stderr.replace(/[\u00a0\u202f]/g, " "), pattern);
  };

  test("compressed, Windows-1252 with semicolons, with a byte order mark", async () => {
    const plain = file(base, "plain.csv", csv(rows));
    const expected = await group("etablissement", plain);
    assert.equal(expected.get("1"), expected.get("2"));
    writeFileSync(join(base, "z.csv.gz"), gzipSync(csv(rows)));
    writeFileSync(join(base, "latin.csv"), Buffer.from(csv(rows).replaceAll(",", ";"), "latin1"));
    writeFileSync(join(base, "mark.csv"), `\ufeff${csv(rows).replaceAll("\n", "\r\n")}`);
    for (const name of ["z.csv.gz", "latin.csv", "mark.csv"]) assert.deepEqual(await group("etablissement", join(base, name)), expected, name);
  });

  test("columns that are not there, and others that are too many", async () => {
    const odd = file(base, "odd.csv", csv(rows.map(({ record_id, nom, commune }) => ({ couleur: "bleu", nom, record_id, commune }))));
    assert.equal((await group("etablissement", odd)).size, 3);
  });

  test("one record, no record", async () => {
    assert.equal((await group("etablissement", file(base, "one.csv", csv(rows.slice(0, 1))))).size, 1);
    assert.equal((await group("etablissement", file(base, "none.csv", "record_id,nom\n"))).size, 0);
  });

  test("what is wrong is said in French, with its place", async () => {
    const good = file(base, "good.csv", csv(rows));
    await refused(/ligne 3.*identifiant/, "group", "--type", "etablissement", file(base, "twice.csv", "record_id,nom\nA,x\nA,y\n"));
    await refused(/ligne 2.*identifiant/, "group", "--type", "etablissement", file(base, "empty.csv", "record_id,nom\n,x\n"));
    await refused(/record_id/, "group", "--type", "etablissement", file(base, "noid.csv", "nom\nx\n"));
    await refused(/colonne/, "group", "--type", "etablissement", file(base, "nocol.csv", "record_id,x\n1,2\n"));
    await refused(/guillemet/, "group", "--type", "etablissement", file(base, "quote.csv", 'record_id,nom\n1,"x\n'));
    await refused(/absent\.csv/, "group", "--type", "etablissement", join(base, "absent.csv"));
    await refused(/vide/, "group", "--type", "etablissement", file(base, "void.csv", ""));
    await refused(/licorne/, "group", "--type", "licorne", good);
    await refused(/./, "group", "--type", "etablissement", "--explain", "1", "99", good);
    await refused(/./, "group", good);
    await refused(/./, "group", "--type", "etablissement");
    await refused(/./, "regroupe");
  });

  test("decisions that cannot all hold are refused, with the line", async () => {
    const good = file(base, "good.csv", csv(rows));
    const decisions = file(base, "contradict.csv", "a,b,decision\n1,2,same\n2,3,same\n1,3,different\n");
    await refused(/ligne 4.*contredit/, "group", "--type", "etablissement", "--decisions", decisions, good);
    await refused(/ligne 2/, "group", "--type", "etablissement", "--decisions", file(base, "word.csv", "a,b,decision\n1,2,peut-être\n"), good);
    await refused(/ligne 2/, "group", "--type", "etablissement", "--decisions", file(base, "who.csv", "a,b,decision\n1,99,same\n"), good);
  });

  test("a mapping file that is wrong says where", async () => {
    const good = file(base, "good.csv", csv(rows));
    const toml = file(base, "wrong.toml", 'identifiant = "record_id"\n\n[[colonne]]\nnom = "nom"\nnature = "flou"\n');
    await refused(/wrong\.toml.*ligne 5.*colonne 10.*« flou » n’existe pas/, "group", "--type", toml, good);
  });

  test("the help is French and names every option", async () => {
    const said = await asked("--help");
    for (const word of ["--type", "--review", "--explain", "--decisions", "--previous", "--redirects"]) assert.ok(said.includes(word), word);
  });
});
