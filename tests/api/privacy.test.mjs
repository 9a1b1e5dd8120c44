// What a person may ask for, over HTTP and by command; how long persons are kept; the register of oppositions.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Instance } from "../lib/instance.mjs";

let m;
let dir;
let places;
let manager;
const who = {};
before(async () => {
  dir = mkdtempSync("/tmp/maillage-privacy-");
  m = await Instance.start({ template: "demo" });
  const account = m.account({ role: "manager" });
  manager = await m.signIn(account.email);
  who.own = await m.signIn(m.account({ role: "adviser", organisation: account.organisation }).email);
  who.ml = await m.signIn(m.account({ role: "adviser", network: account.network === "ml" ? "ft" : "ml" }).email);
  who.observer = await m.signIn(m.account({ role: "observer" }).email);
  places = (await who.own.get("/api/establishments?state=free&limit=8")).body.items;
});
after(async () => {
  await m?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const add = async (session, place, body) => (await session.post(`/api/establishments/${places[place].id}/contacts`, body)).body;
const search = async (session, q) => (await session.get(`/api/people?q=${encodeURIComponent(q)}`)).body.items;

test("a person is searched by exact phone, e-mail or name, in any order, by those who answer for personal data", async () => {
  const one = await add(who.own, 0, { family_name: "Quérandeau", given_name: "Maël", phones: ["0639971001"], emails: ["mael@querandeau.example"] });
  const two = await add(who.ml, 1, { family_name: "Querandeau", given_name: "Mael", phones: ["+33639971001"] });
  for (const q of ["06 39 97 10 01", "querandeau maël", "MAEL QUÉRANDEAU", "Quérandeau"]) {
    assert.deepEqual((await search(manager, q)).map((p) => p.id), [one.id, two.id], q);
  }
  assert.deepEqual((await search(manager, "Mael@Querandeau.example")).map((p) => p.id), [one.id]);
  assert.deepEqual(await search(manager, "Querand"), []);
  const [mine, other] = await search(manager, "Quérandeau");
  assert.deepEqual([mine.erasable, other.erasable, mine.family_name, mine.phones], [true, false, "Quérandeau", ["0639971001"]]);
  assert.equal(Date.parse(mine.keep_until) - Date.parse(mine.last_on) > 3 * 364 * 86_400_000, true);
  for (const session of [who.own, who.observer]) assert.equal((await session.get("/api/people?q=Querandeau")).status, 403);
  assert.equal((await manager.get("/api/people?q=")).status, 422);
});

test("access: everything known of the person, as JSON and as a table, with a trace", async () => {
  const [mine] = await search(manager, "mael@querandeau.example");
  const { status, body } = await manager.post(`/api/contacts/${mine.id}/export`, {});
  assert.equal(status, 200);
  assert.deepEqual(body.contacts.map((c) => c.family_name), ["Quérandeau", "Querandeau"]);
  assert.deepEqual(body.contacts[0].phones, ["0639971001"]);
  assert.ok(body.events.some((e) => e.kind === "contact.added"));
  const csv = await manager.post(`/api/contacts/${mine.id}/export.csv`, {});
  assert.match(csv.text, /^\uFEFF?nom;prénom;fonction;téléphones;courriels;canal/);
  assert.match(csv.text, /Quérandeau;Maël;;0639971001;mael@querandeau\.example/);
  assert.equal(csv.text.trim().split("\r\n").length, 3);
  const traces = await m.psql(`select count(*) from data.event where kind = 'contact.exported' and (data ->> 'contact')::bigint = ${mine.id} and member_id is not null`);
  assert.equal(traces, "2");
  assert.equal((await who.own.post(`/api/contacts/${mine.id}/export`, {})).status, 403);
});

test("erasure: nothing identifying remains anywhere, visits and the register stay, the person is still recognised", async () => {
  const siret = (await who.own.get(`/api/establishments/${places[2].id}`)).body.siret;
  const path = join(dir, "liste.csv");
  writeFileSync(path, `SIRET;Contact;Prénom;Fonction\n${siret};Tartempionne;Zoé;Gérante\n`);
  const organisation = (await who.own.get("/api/session")).body.organisation.id;
  await m.admin("import", "partner", "--organisation", String(organisation), path);
  const [zoe] = await search(manager, "Tartempionne");
  const now = Date.parse((await who.own.get("/api/session")).body.now);
  const plan = await who.own.post("/api/visits", { establishment: places[2].id, planned_at: new Date(now + 60_000).toISOString(), minutes: 30, contact: zoe.id });
  assert.equal(plan.status, 201, plan.text);
  assert.equal((await who.own.post(`/api/visits/${plan.body.id}/report`, { outcome: "later", contact: zoe.id })).status, 201);
  const before = (await who.own.get(`/api/establishments/${places[2].id}`)).body.visits;
  assert.equal((await who.ml.post(`/api/contacts/${zoe.id}/oppositions`, { reason: "Demande écrite" })).status, 204);
  assert.equal((await who.own.post(`/api/contacts/${zoe.id}/erase`, {})).status, 403);
  assert.equal((await manager.post(`/api/contacts/${zoe.id}/erase`, {})).status, 204);
  assert.equal((await manager.post(`/api/contacts/${zoe.id}/erase`, {})).status, 404);

  assert.deepEqual(await search(manager, "Tartempionne"), []);
  assert.equal((await who.own.get(`/api/establishments/${places[2].id}`)).body.visits, before);
  assert.equal((await who.own.get(`/api/visits/${plan.body.id}`)).body.contact, null);
  for (const { t } of await m.sql("select format('%I.%I', schemaname, tablename) as t from pg_tables where schemaname in ('data', 'auth', 'api')")) {
    assert.equal(await m.psql(`select count(*) from ${t} x where x::text ~* 'tartempionne' or x::text like '%' || encode('Tartempionne', 'hex') || '%'`, { role: "postgres" }), "0", t);
  }
  const register = (await who.own.get("/api/oppositions?subject=person")).body.items;
  const line = register.find((x) => x.establishment.id === places[2].id);
  assert.deepEqual([line.contact, line.is_hidden, line.reason], [null, true, "Demande écrite"]);
  const again = await who.ml.post(`/api/establishments/${places[2].id}/contacts`, { family_name: "TARTEMPIONNE", given_name: "zoe" });
  assert.equal(again.body.code, "contact_opposed");
});

test("the register is read by partners, newest first, those lifted on demand; by nobody else", async () => {
  const active = (await who.own.get("/api/oppositions")).body.items;
  const all = (await who.own.get("/api/oppositions?all=true")).body.items;
  assert.ok(active.length > 10 && all.length > active.length);
  assert.ok(active.every((x) => x.lifted_at === null));
  assert.ok((await who.own.get("/api/oppositions?subject=establishment")).body.items.every((x) => x.subject === "establishment" && x.contact === null));
  assert.equal((await who.observer.get("/api/oppositions")).status, 403);
});

test("by command: found, handed over, erased everywhere, purged after a look", async () => {
  const one = await add(who.own, 3, { family_name: "Ultimard", given_name: "Léo", emails: ["leo@ultimard.example"] });
  const two = await add(who.ml, 4, { family_name: "Ultimard", given_name: "Léo", emails: ["leo@ultimard.example"], shared: false });
  const found = await m.admin("person", "find", "leo@ultimard.example");
  assert.match(found, new RegExp(`no ${one.id} +Léo Ultimard`));
  assert.match(found, new RegExp(`no ${two.id} +Léo Ultimard`));
  const out = join(dir, "leo.json");
  await m.admin("person", "export", "--contact", String(one.id), "--out", out);
  assert.equal(statSync(out).mode & 0o777, 0o600);
  assert.deepEqual(JSON.parse(readFileSync(out, "utf8")).contacts.map((c) => c.emails), [["leo@ultimard.example"], ["leo@ultimard.example"]]);
  await assert.rejects(m.admin("person", "export", "--contact", String(one.id), "--out", out), /existe|exist/i);
  assert.match(await m.admin("person", "erase", "--contact", String(one.id)), /1 fiche\(s\) effacée\(s\)/);
  assert.match(await m.admin("person", "erase", "--contact", String(two.id), "--same=true"), /1 fiche\(s\) effacée\(s\)/);
  assert.match(await m.admin("person", "find", "leo@ultimard.example"), /Personne/);

  assert.match(await m.admin("person", "purge", "--dry-run=true"), /0 fiche/);
  await m.admin("person", "retention", "--months", "14");
  const preview = await m.admin("person", "purge", "--dry-run=true");
  const due = Number(/(\d+) fiche\(s\) seraient effacées/.exec(preview)[1]);
  assert.ok(due > 0, preview);
  const ending = (await manager.get("/api/people/ending?days=0")).body.items;
  assert.ok(ending.every((p) => p.keep_until <= (new Date(Date.now())).toISOString()));
  assert.match(await m.admin("person", "purge"), new RegExp(`${due} fiche`));
  assert.match(await m.admin("person", "purge", "--dry-run=true"), /0 fiche/);
  assert.equal(await m.psql("select count(*) from data.contact where erased_why = 'retention'"), String(due));
});

test("the worker purges by itself", async () => {
  await m.stopWorker();
  await m.admin("person", "retention", "--months", "10");
  const due = Number(/(\d+) fiche/.exec((await m.admin("person", "purge", "--dry-run=true")).split("\n").at(-2))[1]);
  assert.ok(due > 0);
  m.startWorker();
  await m.until(async () => /^0 fiche/m.test(await m.admin("person", "purge", "--dry-run=true")), "the purge has run");
});
