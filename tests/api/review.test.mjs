// Rows of a partner's file that no SIRET places: linked when certain, asked when doubtful, new when unknown; and undone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m, anne, hugo, other, known;
before(async () => {
  m = await Instance.start({ template: "demo" });
  const account = (n) => m.accounts.filter((a) => a.role === "adviser" && a.network === "ml")[n];
  anne = await m.signIn(account(0).email);
  hugo = await m.signIn(m.accounts.find((a) => a.organisation === account(0).organisation && a.role === "adviser" && a.email !== account(0).email).email);
  other = await m.signIn(m.account({ role: "adviser", network: "ce" }).email);
  // Employers whose name is borne once, with an address: what a partner may have written down in its own way.
  known = await m.sql(`
    select e.id, e.siret, e.name, e.address, e.postcode, e.city from data.establishment e
     where e.status = 'A' and e.diffusion = 'O' and e.address ~ '^[0-9]+ [a-z]' and length(e.name) between 12 and 28 and e.name ~ ' '
       and (select count(*) from data.establishment x where x.search like '%' || data.fold(e.name) || '%') = 1
       and not exists (select from data.source_record s where s.siret = e.siret)
     order by md5(e.siret) limit 24`);
});
after(() => m?.stop());

const csv = (rows) => ["Raison sociale;Adresse;CP;Ville;Téléphone", ...rows.map((r) => r.join(";"))].join("\r\n") + "\r\n";
const give = async (name, rows, who = anne) => {
  const { body } = await who.request("POST", `/api/imports?name=${name}`, Buffer.from(csv(rows)), { type: "text/csv" });
  return m.until(async () => (await who.get(`/api/imports/${body.id}`)).body.summary?.linkage && (await who.get(`/api/imports/${body.id}`)).body, `${name} is linked`, 60);
};
const damaged = (e) => [e.name.toUpperCase().normalize("NFD").replace(/\p{M}/gu, ""), e.address.replace(/\b(rue|avenue|boulevard)\b/i, (w) => ({ r: "R.", a: "AV", b: "BD" })[w[0].toLowerCase()]), e.postcode.replace(/^0/, ""), e.city.toUpperCase(), ""];
const linksOf = (file) => m.sql(`select s.line, s.state, l.establishment_id as id, l.method, l.score::float as score, l.evidence
  from data.source_record s left join data.link l on l.source_record_id = s.id and l.undone_at is null where s.file_id = ${file} order by s.line`);

test("rows that are certainly known are linked with their evidence, unknown ones come into the list, nothing is lost", async () => {
  const rows = [...known.slice(0, 16).map(damaged), ["QUINCAILLERIE DU GUÉ ROMPU", "3 chemin du Gué Rompu", "03000", "Moulins", "04 70 99 98 97"], ["Nulle part ailleurs", "", "99999", "Atlantide", ""]];
  const file = await give("sans-siret.csv", rows);
  const { linked, review, created, unplaced } = file.summary.linkage;
  assert.equal(linked + review + created + unplaced, rows.length);
  const links = await linksOf(file.id);
  const right = links.slice(0, 16).filter((l, i) => l.id === known[i].id);
  assert.ok(right.length >= 14, `${right.length} of 16 linked`);
  // Never to another one.
  assert.deepEqual(links.slice(0, 16).filter((l, i) => l.state === "linked" && l.method === "linkage" && l.id !== known[i].id), []);
  for (const l of right) {
    assert.equal(l.method, "linkage");
    assert.ok(l.score > 0.9 && l.evidence.evidence.length >= 2 && l.evidence.evidence.every((e) => e.label && e.verdict));
  }
  assert.equal(links[16].method, "created");
  const [made] = await m.sql(`select name, siret, phone, city from data.establishment where id = ${links[16].id}`);
  assert.deepEqual(made, { name: "QUINCAILLERIE DU GUÉ ROMPU", siret: null, phone: "0470999897", city: "Moulins" });
  assert.equal((await anne.get(`/api/establishments/${links[16].id}`)).body.name, "QUINCAILLERIE DU GUÉ ROMPU");
  assert.deepEqual([links[17].state, links[17].id], ["review", null]);
});

/** Everything that hangs on some establishments and rows, as one hash. */
const state = async (ids) =>
  (await m.sql(`select md5(string_agg(t, '|' order by t)) as hash from (
     select to_jsonb(e)::text as t from data.establishment e where e.id in (${ids})
     union all select (to_jsonb(v) - 'since')::text from data.establishment_value v where v.establishment_id in (${ids})
     union all select to_jsonb(s)::text from data.source_record s where s.id in (select source_record_id from data.review)
     union all select (to_jsonb(l) - 'id' - 'decided_at')::text from data.link l where l.undone_at is null
     union all select to_jsonb(c)::text from data.contact c where c.establishment_id in (${ids})
     union all select (to_jsonb(r) - 'held_by' - 'held_until')::text from data.review r
     union all select count(*)::text from data.establishment) x`))[0].hash;

// Pairs of a row and an establishment: those of two establishments are everybody's in the territory.
const rowPairs = async () => (await anne.get("/api/reviews?state=open")).body.items.filter((one) => one.record);
let open;
test("doubtful rows wait for a person, who sees both sides and why", async () => {
  // A name that several bear, without an address; a name half right at the right place.
  const rows = known.slice(16).map((e) => [e.name.split(" ").slice(0, -1).join(" ") || e.name, "", e.postcode, e.city, ""]);
  const file = await give("douteux.csv", rows);
  open = await rowPairs();
  if (open.length === 0) {
    // What linkage leaves to people depends on the list: one pair at least is put there by hand.
    await m.psql(`insert into data.review (source_record_id, establishment_id, organisation_id, probability, reason, evidence, rank, proposed_at)
      select s.id, ${known[16].id}, f.organisation_id, 0.6, 'likely', '{"decision": "à examiner", "evidence": []}', 1, data.now()
        from data.source_record s join data.source_file f on f.id = s.file_id where f.id = ${file.id} and s.state = 'review' order by s.line limit 1`);
    open = await rowPairs();
  }
  assert.ok(open.length >= 1, JSON.stringify(file.summary.linkage));
  const [pair] = open;
  assert.ok(pair.record.name && pair.establishment.name && pair.evidence.decision);
  assert.ok(pair.probability > 0 && pair.probability < 1);
  const figures = (await anne.get("/api/reviews/figures")).body;
  const every = (await anne.get("/api/reviews?state=open")).body.items;
  assert.deepEqual([figures.open, figures.decided], [every.length, 0]);
  // Another organisation sees nothing of it, nor decides.
  assert.deepEqual((await other.get("/api/reviews")).body.items.filter((one) => one.record), []);
  assert.equal((await other.get(`/api/reviews/${pair.id}`)).status, 404);
  assert.equal((await other.post(`/api/reviews/${pair.id}/decide`, { verdict: "same" })).status, 404);
});

test("two reviewers are never given the same pair; a decision binds and is undone without a trace in the data", async () => {
  const first = await anne.post("/api/reviews/next", {});
  assert.equal(first.status, 200);
  const again = await anne.post("/api/reviews/next", {});
  assert.equal(again.body.id, first.body.id, "what one looks at stays in hand");
  const second = await hugo.post("/api/reviews/next", {});
  assert.ok(second.status === 204 || second.body.id !== first.body.id);
  const held = await hugo.post(`/api/reviews/${first.body.id}/decide`, { verdict: "same" });
  assert.deepEqual([held.status, held.body.code], [409, "review_held"]);

  const pair = first.body;
  const before = await state(pair.establishment.id);
  const same = await anne.post(`/api/reviews/${pair.id}/decide`, { verdict: "same" });
  assert.deepEqual([same.status, same.body.state], [200, "same"]);
  const [link] = await m.sql(`select establishment_id as id, method, decided_by from data.link where source_record_id = ${pair.record.id} and undone_at is null`);
  assert.deepEqual([link.id, link.method, link.decided_by !== null], [pair.establishment.id, "person", true]);
  assert.equal((await hugo.post(`/api/reviews/${pair.id}/decide`, { verdict: "different" })).body.code, "review_decided");
  assert.notEqual(await state(pair.establishment.id), before);
  assert.equal((await anne.post(`/api/reviews/${pair.id}/undo`, {})).body.state, "open");
  assert.equal(await state(pair.establishment.id), before);
  assert.equal((await anne.post(`/api/reviews/${pair.id}/undo`, {})).body.code, "review_open");

  const different = await anne.post(`/api/reviews/${pair.id}/decide`, { verdict: "different" });
  assert.equal(different.body.state, "different");
  const labels = await anne.get("/api/reviews/labels.csv");
  assert.match(labels.text, /différent/);
  assert.equal((await anne.post(`/api/reviews/${pair.id}/undo`, {})).body.state, "open");
  assert.equal(await state(pair.establishment.id), before);
});

test("the same row given again in another file is not asked again once people said that it is not the same", async () => {
  const pair = (await anne.get(`/api/reviews/${open[0].id}`)).body;
  // Whoever looks at it says so.
  const said = await Promise.all([anne, hugo].map((who) => who.post(`/api/reviews/${pair.id}/decide`, { verdict: "different" })));
  assert.equal(said.filter((a) => a.status === 200).length, 1, JSON.stringify(said.map((a) => a.body)));
  const file = await give("encore.csv", [[pair.record.name, pair.record.address ?? "", pair.record.postcode ?? "", pair.record.city ?? "", ""], ["Autre ligne pour un autre fichier", "", "03000", "Moulins", ""]]);
  const [row] = await linksOf(file.id);
  assert.notEqual(row.id, pair.establishment.id);
  const asked = await m.sql(`select 1 from data.review r join data.source_record s on s.id = r.source_record_id where s.file_id = ${file.id} and r.establishment_id = ${pair.establishment.id}`);
  assert.deepEqual(asked, []);
});

test("a hundred decisions at once leave one establishment for a row", async () => {
  const [row] = await m.sql(`select id from data.source_record where state = 'review' and file_id in (select id from data.source_file where organisation_id = (select organisation_id from data.review limit 1)) order by id desc limit 1`);
  await m.psql(`insert into data.review (source_record_id, establishment_id, organisation_id, probability, reason, evidence, rank, proposed_at)
    select ${row.id}, e.id, (select f.organisation_id from data.source_record s join data.source_file f on f.id = s.file_id where s.id = ${row.id}), 0.5, 'likely', '{"decision": "à examiner", "evidence": []}', 1, data.now()
      from data.establishment e where e.id in (${known.slice(0, 10).map((e) => e.id)})`);
  const pairs = await m.sql(`select id from data.review where source_record_id = ${row.id} and state = 'open'`);
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? anne : hugo).post(`/api/reviews/${pairs[i % pairs.length].id}/decide`, { verdict: "same" })));
  assert.equal(answers.filter((a) => a.status === 200).length, 1);
  assert.ok(answers.every((a) => a.status === 200 || ["review_decided", "review_held", "busy"].includes(a.body.code)), JSON.stringify(answers.find((a) => a.status >= 500)?.body));
  const links = await m.sql(`select count(*)::int as n from data.link where source_record_id = ${row.id} and undone_at is null`);
  assert.equal(links[0].n, 1);
});
