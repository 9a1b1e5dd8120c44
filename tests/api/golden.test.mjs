// The golden record over HTTP: values and pins, merges from every side at once, successions of the register, pairs at the desk.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { Instance } from "../lib/instance.mjs";

let m, dir, anne, hugo, observer, spare;
before(async () => {
  m = await Instance.start({ template: "demo", worker: 0 });
  dir = mkdtempSync(join(tmpdir(), "maillage-golden-"));
  anne = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
  hugo = await m.signIn(m.account({ role: "adviser", network: "ce" }).email);
  observer = await m.signIn(m.account({ role: "observer" }).email);
  // Employers nobody ever touched, in the sight of both.
  const list = (await anne.get("/api/establishments?state=free&visited=never&limit=200")).body.items;
  const sight = new Set((await hugo.get("/api/establishments?state=free&visited=never&limit=200")).body.items.map((one) => one.id));
  spare = list.filter((one) => sight.has(one.id) && one.siret && one.diffusion === "O").map((one) => one.id);
  assert.ok(spare.length > 40);
});
after(async () => {
  await m?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

const tables = ["establishment", "establishment_value", "standing", "link", "review", "contact", "contact_key", "opposition", "promise", "visit", "report", "report_note", "contact_event", "need", "offer", "value_statement"];
/** Every table that a merge may touch, whole, in one hash each. */
const state = async () => (await m.sql(`select ${tables.map((t) => `(select md5(coalesce(string_agg(x::text, '|' order by x::text), '')) from data.${t} x) as ${t}`).join(", ")}`))[0];
const day = async (n) => (await m.sql(`select data.working_day_after(data.today(), ${n})::text as day`))[0].day;
const value = async (id, field) => (await anne.get(`/api/establishments/${id}/values`)).body.items.find((one) => one.field === field);

test("a value is chosen with a reason, seen by others, and released", async () => {
  const [id] = spare;
  const was = await value(id, "phone");
  const wrong = await anne.post(`/api/establishments/${id}/pin`, { field: "phone", value: "pas un numéro", reason: "Essai" });
  assert.deepEqual([wrong.status, wrong.body.errors?.[0]?.field ?? wrong.body.field], [422, "value"], JSON.stringify(wrong.body));
  assert.equal((await anne.post(`/api/establishments/${id}/pin`, { field: "phone", value: "0470000000" })).status, 422);
  const done = await anne.post(`/api/establishments/${id}/pin`, { field: "phone", value: "04 70 00 12 34", reason: "Donné par la gérante" });
  assert.equal(done.status, 200);
  const now = (await hugo.get(`/api/establishments/${id}/values`)).body.items.find((one) => one.field === "phone");
  assert.deepEqual([now.value, now.rule, now.reason, now.member !== null], ["0470001234", "pinned", "Donné par la gérante", true]);
  assert.equal((await hugo.get(`/api/establishments/${id}`)).body.phone, "0470001234");
  const line = (await hugo.get(`/api/establishments/${id}/timeline`)).body.items[0];
  assert.deepEqual([line.kind, line.data.field, line.data.reason], ["value.pinned", "phone", "Donné par la gérante"]);
  assert.equal((await observer.get(`/api/establishments/${id}/values`)).status, 403);
  assert.equal((await hugo.post(`/api/establishments/${id}/release`, { field: "phone" })).status, 200);
  assert.equal((await value(id, "phone")).value, was.value);
  assert.equal((await hugo.post(`/api/establishments/${id}/release`, { field: "phone" })).status, 404);
});

test("a report confirms what was seen", async () => {
  const [, id] = spare;
  const visit = (await anne.post("/api/visits", { establishment: id, planned_at: `${await day(0)}T23:00:00+02:00` })).body;
  const told = await anne.post(`/api/visits/${visit.id}/report`, { outcome: "none", confirmed: [{ field: "brand", value: "Au Bon Coin" }, { field: "size_band", value: "03" }] });
  assert.equal(told.status, 201, JSON.stringify(told.body));
  const brand = await value(id, "brand");
  assert.deepEqual([brand.value, brand.rule, brand.visit, brand.source], ["Au Bon Coin", "confirmed", visit.id, "member"]);
  assert.equal((await anne.get(`/api/establishments/${id}`)).body.name, "Au Bon Coin");
});

test("two rows made one and two again: counted before, told on both, identical by hash after", async () => {
  const [, , a, b] = spare;
  await anne.post(`/api/establishments/${b}/contacts`, { family_name: "Vernois", given_name: "Ida", phones: ["0639981111"] });
  const visit = (await anne.post("/api/visits", { establishment: b, planned_at: `${await day(0)}T23:00:00+02:00` })).body;
  await anne.post(`/api/visits/${visit.id}/report`, { outcome: "needs", needs: [{ rome: "G1602", posts: 1, horizon: "now" }], shared_note: "Vu" });
  const preview = (await anne.get(`/api/establishments/${a}/merge?with=${b}`)).body;
  const [survivor, absorbed] = [preview.survivor.id, preview.absorbed.id];
  assert.deepEqual([survivor, absorbed].sort(), [a, b].sort());
  const before = await state();
  const merge = await hugo.post(`/api/establishments/${a}/merge`, { with: b, reason: "Le même" });
  assert.equal(merge.status, 201, JSON.stringify(merge.body));
  const sheet = (await anne.get(`/api/establishments/${survivor}`)).body;
  assert.deepEqual([sheet.absorbed.map((one) => one.id), sheet.visits, sheet.contacts.length, sheet.needs.length], [[absorbed], 1, 1, 1]);
  const old = (await anne.get(`/api/establishments/${absorbed}`)).body;
  assert.deepEqual([old.merged.id, old.merged.reason, old.visits], [survivor, "Le même", 0]);
  assert.ok((await anne.get(`/api/establishments/${survivor}/timeline`)).body.items.some((one) => one.kind === "visit.reported"), "the history came along");
  const refused = await anne.post("/api/promises", { establishment: absorbed, due_on: await day(3), override_reason: "Convenu" });
  assert.deepEqual([refused.status, refused.body.code, refused.body.into], [409, "establishment_merged", survivor]);
  const lists = await anne.get(`/api/establishments?q=${old.siret}`);
  assert.deepEqual(lists.body.items.map((one) => one.id), [survivor], "its number leads to the one that stands");
  assert.equal((await anne.post(`/api/merges/${merge.body.id}/undo`, {})).status, 200);
  assert.deepEqual(await state(), before);
  assert.equal((await anne.post(`/api/merges/${merge.body.id}/undo`, {})).body.code, "merge_undone");
});

test("merges from every side at once: no circle, no lost row, and all undone it is as before", async () => {
  const ids = spare.slice(4, 12);
  for (const id of ids) await anne.post(`/api/establishments/${id}/contacts`, { family_name: `Nom${id}` });
  const before = await state();
  const pairs = ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => [a, b]));
  const answers = await Promise.all(pairs.map(([a, b], i) => (i % 2 ? anne : hugo).post(`/api/establishments/${a}/merge`, { with: b })));
  const good = answers.filter((one) => one.status === 201);
  assert.ok(answers.every((one) => one.status === 201 || ["establishment_merged", "busy", "unavailable"].includes(one.body.code)), JSON.stringify(answers.find((one) => one.status >= 500)?.body ?? answers.map((one) => one.body.code)));
  const rows = await m.sql(`select e.id, e.merged_into, r.merged_into as beyond from data.establishment e left join data.establishment r on r.id = e.merged_into where e.id in (${ids})`);
  assert.equal(rows.filter((one) => one.merged_into).length, good.length);
  assert.ok(good.length >= 1 && good.length <= ids.length - 1);
  assert.ok(rows.every((one) => one.beyond === null), "each points to one that stands for itself");
  const roots = rows.filter((one) => !one.merged_into).map((one) => one.id);
  const [{ n }] = await m.sql(`select count(*)::int as n from data.contact where establishment_id in (${roots}) and created_at is not null`);
  const [{ all }] = await m.sql(`select count(*)::int as all from data.contact where establishment_id in (${ids})`);
  assert.equal(n, all, "no contact is left behind");
  // Undone together, in no order.
  await Promise.all(good.map((one) => one.body.id).reverse().map((id, i) => (i % 2 ? anne : hugo).post(`/api/merges/${id}/undo`, {})));
  for (const one of good) await anne.post(`/api/merges/${one.body.id}/undo`, {});
  assert.deepEqual(await state(), before);
});

test("promises, contacts and values given while two rows are made one go to a row that stands", async () => {
  const [a, b] = spare.slice(12, 14);
  for (let round = 0; round < 5; round++) {
    const preview = (await anne.get(`/api/establishments/${a}/merge?with=${b}`)).body;
    const gone = preview.absorbed.id;
    const [merge, ...given] = await Promise.all([
      anne.post(`/api/establishments/${a}/merge`, { with: b }),
      ...Array.from({ length: 6 }, (_, i) => hugo.post(`/api/establishments/${gone}/contacts`, { family_name: `Course${round}${i}` })),
      hugo.post(`/api/establishments/${gone}/pin`, { field: "email", value: `r${round}@essai.example`, reason: "Essai" }),
    ]);
    assert.equal(merge.status, 201, JSON.stringify(merge.body));
    assert.ok(given.every((one) => one.status < 300 || one.body.code === "establishment_merged"), JSON.stringify(given.map((one) => one.body.code)));
    const left = await m.sql(`select (select count(*) from data.contact where establishment_id = ${gone})::int as contacts`);
    assert.equal(left[0].contacts, 0, "nothing hangs on the absorbed one");
    assert.equal((await anne.post(`/api/merges/${merge.body.id}/undo`, {})).status, 200);
  }
});

test("an employer closes and another takes over: its visits follow, visibly, and come back when the register says otherwise", async () => {
  const [a, b, c] = spare.slice(14, 17);
  const [p, n, other] = await m.sql(`select id, siret from data.establishment where id in (${a}, ${b}, ${c}) order by id`);
  await anne.post("/api/promises", { establishment: p.id, due_on: await day(5) });
  await anne.post(`/api/establishments/${p.id}/contacts`, { family_name: "Repreneur" });
  await hugo.post("/api/promises", { establishment: other.id, due_on: await day(5) });
  const contacts = async () => (await m.sql(`select md5(string_agg(c::text, '|' order by c.id)) as hash from data.contact c where c.establishment_id in (${p.id}, ${n.id})`))[0].hash;
  const before = await contacts();
  const stock = async (rows) => {
    const path = join(dir, `stock${Math.random()}.csv`);
    const all = await m.sql(`select siret, address, postcode, city, commune_code, naf, size_band from data.establishment where siret in (${rows.map((one) => `'${one.siret}'`)})`);
    writeFileSync(path, "siret,statutDiffusionEtablissement,etatAdministratifEtablissement,trancheEffectifsEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,codeCommuneEtablissement,activitePrincipaleEtablissement,nomenclatureActivitePrincipaleEtablissement,dateDebut\n" +
      rows.map((row) => all.find((one) => one.siret === row.siret) && ((e) => [e.siret, "O", row.status, e.size_band ?? "", e.address ?? "", e.postcode ?? "", e.city ?? "", e.commune_code, e.naf ?? "", e.naf ? "NAFRev2" : "", "2026-01-31"].join(","))(all.find((one) => one.siret === row.siret))).join("\n") + "\n");
    return m.admin("import", "sirene", path);
  };
  const successions = async (rows, ...flags) => {
    const path = join(dir, `liens${Math.random()}.csv`);
    writeFileSync(path, "siretEtablissementPredecesseur,siretEtablissementSuccesseur,dateLienSuccession,transfertSiege,continuiteEconomique,dateDernierTraitementLienSuccession\n" + rows.map((row) => row.join(",")).join("\n") + "\n");
    return m.admin("import", "sirene", ...flags, path);
  };
  const link = [p.siret, n.siret, "2026-01-31", "false", "true", "2026-02-03T10:00:00.000"];
  const first = await successions([link, ["00000000100008", "00000000200006", "2020-01-01", "true", "false", ""]], "--extract");
  assert.match(first, /Successions : 2 lus, 1 nouveaux/);
  assert.equal((await anne.get(`/api/establishments/${p.id}`)).body.merged, null, "nothing moves before it closes");
  // Both close; only one has a successor.
  const said = await stock([{ siret: p.siret, status: "F" }, { siret: other.siret, status: "F" }]);
  assert.match(said, /1 établissements suivis[\s\S]*1 engagements levés/);
  const gone = (await anne.get(`/api/establishments/${p.id}`)).body;
  assert.deepEqual([gone.status, gone.merged.id, gone.merged.kind, gone.merged.since], ["F", n.id, "succession", "2026-01-31"]);
  const heir = (await anne.get(`/api/establishments/${n.id}`)).body;
  assert.deepEqual([heir.mine, heir.contacts.length, heir.absorbed[0].id, heir.absorbed[0].kind], [true, 1, p.id, "succession"]);
  const alone = (await hugo.get(`/api/establishments/${other.id}`)).body;
  assert.deepEqual([alone.status, alone.promise], ["F", null]);
  const line = (await hugo.get(`/api/establishments/${other.id}/timeline`)).body.items.find((one) => one.kind === "promise.returned");
  assert.deepEqual([line.data.reason, line.member], ["Établissement fermé au répertoire", null]);
  // The same files again change nothing.
  const settled = await state();
  await stock([{ siret: p.siret, status: "F" }, { siret: other.siret, status: "F" }]);
  await successions([link], "--extract");
  assert.deepEqual(await state(), settled);
  // A whole file without the link takes it back; what the demo's own successions moved goes back too.
  const back = await successions([["00000000100008", "00000000200006", "2020-01-01", "true", "false", ""]]);
  assert.match(back, /ne dit plus[\s\S]*rendus à eux-mêmes/);
  const again = (await anne.get(`/api/establishments/${p.id}`)).body;
  assert.deepEqual([again.merged, again.contacts.length, (await anne.get(`/api/establishments/${n.id}`)).body.contacts.length], [null, 1, 0]);
  assert.equal(await contacts(), before);
});

test("a wrong file of successions changes nothing and says where", async () => {
  const path = join(dir, "faux.csv");
  writeFileSync(path, "siretEtablissementPredecesseur,siretEtablissementSuccesseur,dateLienSuccession,transfertSiege,continuiteEconomique\n00000000100008,00000000200006,2020-01-01,true,peut-être\n");
  await assert.rejects(m.admin("import", "sirene", path), (error) => /ligne 2.*continuiteEconomique/s.test(error.stderr));
});

test("two rows of the list are a pair at the desk: the same makes them one, undoing two again", async () => {
  const [pair] = (await anne.get("/api/reviews?state=open")).body.items.filter((one) => one.other);
  assert.ok(pair, "the demo leaves one");
  assert.equal(pair.record, null);
  assert.equal((await hugo.get(`/api/reviews/${pair.id}`)).status, 200, "whoever sees both may decide");
  assert.equal((await observer.get(`/api/reviews/${pair.id}`)).status, 403);
  const before = await state();
  const same = await hugo.post(`/api/reviews/${pair.id}/decide`, { verdict: "same" });
  assert.deepEqual([same.status, same.body.state], [200, "same"], JSON.stringify(same.body));
  assert.equal((await anne.get(`/api/establishments/${pair.other.id}`)).body.merged.id, pair.establishment.id);
  assert.equal((await anne.post(`/api/reviews/${pair.id}/undo`, {})).body.state, "open");
  assert.deepEqual({ ...(await state()), review: 0 }, { ...before, review: 0 });
  await m.psql(`update data.review set held_until = data.now() - interval '1 minute' where id = ${pair.id}`);
  assert.equal((await hugo.post(`/api/reviews/${pair.id}/decide`, { verdict: "different" })).body.state, "different");
  const row = (await anne.get("/api/reviews/labels.csv")).text.split("\r\n").find((line) => line.includes(pair.other.name));
  assert.match(row ?? "", /différent/, "a pair of the list is a label too, for whoever sees both");
});
