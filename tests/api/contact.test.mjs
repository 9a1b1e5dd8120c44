// Contacts over HTTP: sealed in the database, opened for whoever may read them; the register of oppositions felt by all.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Instance, build } from "../lib/instance.mjs";

let m;
let dir;
let places;
const who = {};
before(async () => {
  dir = mkdtempSync("/tmp/maillage-contact-");
  m = await Instance.start({ template: "demo" });
  for (const network of ["ft", "ml", "ce"]) who[network] = await m.signIn(m.account({ role: "adviser", network }).email);
  places = (await who.ft.get("/api/establishments?state=free&limit=12")).body.items;
});
after(async () => {
  await m?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const anne = { family_name: "Duvernois", given_name: "Anne-Élise", position: "Gérante", phones: ["+33 (0)6 39 98 11 22", "04 65 71 00 77"], emails: ["Anne.Duvernois@Scierie.example"], channel: "email" };
const add = (session, place, body) => session.post(`/api/establishments/${places[place].id}/contacts`, body);
const sheet = async (session, place) => (await session.get(`/api/establishments/${places[place].id}`)).body;
const found = async (session, q) => (await session.get(`/api/establishments?q=${encodeURIComponent(q)}`)).body.items.map((item) => item.id);

test("a contact is read by partners with everything one needs to reach them, and never leaves sealed", async () => {
  const added = await add(who.ft, 0, anne);
  assert.equal(added.status, 201, added.text);
  assert.deepEqual(added.body.phones, ["0639981122", "0465710077"]);
  const told = (await sheet(who.ml, 0)).contacts.find((c) => c.id === added.body.id);
  assert.deepEqual(
    [told.family_name, told.given_name, told.position, told.emails, told.channel, told.confirmed_by.name, told.opposition],
    ["Duvernois", "Anne-Élise", "Gérante", ["anne.duvernois@scierie.example"], "email", (await who.ft.get("/api/session")).body.member.name, null],
  );
  const answer = await who.ml.get(`/api/establishments/${places[0].id}`);
  assert.ok(!answer.text.includes('"sealed"'));
});

test("PostgreSQL holds nothing readable of it: no column of any table, no kept answer, no line of its log", async () => {
  await add(who.ft, 1, { ...anne, family_name: "Zygomarinski", phones: ["0639987654"], emails: ["zygo@marinski.example"] });
  const tables = await m.sql("select format('%I.%I', schemaname, tablename) as t from pg_tables where schemaname in ('data', 'auth', 'api')");
  for (const { t } of tables) {
    const seen = await m.psql(`select count(*) from ${t} x where x::text ~* 'zygo|639987654' or x::text like '%' || encode('zygo', 'hex') || '%'`, { role: "postgres" });
    assert.equal(seen, "0", t);
  }
  assert.ok(!/zygo/i.test(readFileSync(join(m.cluster.dir, "postgres.log"), "utf8")));
  assert.ok(!/zygo/i.test(m.log("server")));
});

test("the search box finds somebody by an exact phone number or e-mail address", async () => {
  for (const q of ["06 39 98 11 22", "+33639981122", "0033 6 39 98 11 22", "anne.duvernois@SCIERIE.example"]) {
    assert.ok((await found(who.ml, q)).includes(places[0].id), q);
  }
  assert.deepEqual(await found(who.ml, "06 39 98 11 23"), []);
  assert.deepEqual(await found(who.ml, "duvernois@scierie.example"), []);
  // Kept by its organisation: nobody else finds it.
  const kept = await add(who.ce, 2, { family_name: "Discret", phones: ["0639980001"], shared: false });
  assert.equal(kept.status, 201);
  assert.deepEqual(await found(who.ft, "0639980001"), []);
  assert.deepEqual(await found(who.ce, "0639980001"), [places[2].id]);
  const counts = await who.ce.get("/api/establishments/counts?q=0639980001");
  assert.equal(counts.body.total, 1);
});

test("what is typed is checked: each wrong number is named", async () => {
  const wrong = await add(who.ft, 0, { family_name: "X", phones: ["0639981122", "poste 12"], emails: ["a@b", "non"] });
  assert.equal(wrong.status, 422);
  assert.deepEqual(wrong.body.fields.map((e) => e.field), ["phones[1]", "emails[1]"]);
  assert.equal((await add(who.ft, 0, { family_name: "X", phones: ["1", "2", "3", "4", "5", "6"].map((n) => `063998000${n}`) })).status, 422);
  assert.equal((await add(who.ft, 0, { family_name: "X", phones: "0639981122" })).status, 422);
  assert.equal((await add(who.ft, 0, { family_name: "" })).status, 422);
  assert.equal((await add(who.ft, 0, { family_name: "é".repeat(81) })).status, 422);
});

test("an edit keeps what it does not name, clears what it names null, and confirms in one call", async () => {
  const added = (await add(who.ft, 3, anne)).body;
  const edit = (body, version) => who.ft.patch(`/api/contacts/${added.id}`, body, { headers: { "if-match": `"${version}"` } });
  const cleared = await edit({ position: null, emails: [] }, added.version);
  assert.equal(cleared.status, 200, cleared.text);
  assert.deepEqual([cleared.body.position, cleared.body.emails, cleared.body.phones.length, cleared.body.given_name], [null, [], 2, "Anne-Élise"]);
  assert.deepEqual(await found(who.ft, "anne.duvernois@scierie.example").then((ids) => ids.includes(places[3].id)), false);
  assert.equal((await edit({ confirmed: true }, added.version)).status, 412);
  const confirmed = await edit({ confirmed: true }, cleared.body.version);
  assert.equal(confirmed.status, 200);
  assert.equal(confirmed.body.confirmed_on, (await who.ft.get("/api/session")).body.now.slice(0, 10));
});

test("a person who moved to another row, or was changed, does not open and shows as unreadable", async () => {
  const one = (await add(who.ft, 4, { family_name: "Premier", phones: ["0639980011"] })).body;
  const two = (await add(who.ft, 4, { family_name: "Second", phones: ["0639980012"] })).body;
  await m.psql(`update data.contact c set person = o.person from data.contact o where (c.id, o.id) in ((${one.id}, ${two.id}), (${two.id}, ${one.id}))`, { role: "postgres" });
  const swapped = (await sheet(who.ft, 4)).contacts.filter((c) => c.id === one.id || c.id === two.id);
  assert.equal(swapped.length, 2);
  for (const c of swapped) assert.deepEqual([c.family_name, c.phones, c.unreadable], [null, [], true]);
  await m.psql(`update data.contact set person = set_byte(person, 40, get_byte(person, 40) # 1) where id = ${one.id}`, { role: "postgres" });
  assert.equal((await sheet(who.ft, 4)).contacts.find((c) => c.id === one.id).unreadable, true);
  // Written anew it is readable again.
  const version = (await sheet(who.ft, 4)).contacts.find((c) => c.id === one.id).version;
  const again = await who.ft.patch(`/api/contacts/${one.id}`, { family_name: "Premier" }, { headers: { "if-match": `"${version}"` } });
  assert.equal(again.body.family_name, "Premier");
});

test("the answer of a repeated request is given again, though it was kept sealed", async () => {
  const key = { headers: { "idempotency-key": "contact-answer-01" } };
  const body = { family_name: "Répété", phones: ["0639980021"] };
  const once = await who.ft.post(`/api/establishments/${places[5].id}/contacts`, body, key);
  const twice = await who.ft.post(`/api/establishments/${places[5].id}/contacts`, body, key);
  assert.deepEqual(twice.body, once.body);
  assert.equal((await sheet(who.ft, 5)).contacts.filter((c) => c.family_name === "Répété").length, 1);
  assert.equal(await m.psql("select count(*) from data.idempotency where body like '%family_name%'", { role: "postgres" }), "0");
});

test("an opposition recorded by one partner is felt by another, by form and by file", async () => {
  const hers = (await add(who.ft, 6, { ...anne, family_name: "Refus", emails: ["refus@nulle-part.example"], phones: ["0639980031"] })).body;
  const elsewhere = (await add(who.ml, 7, { family_name: "Refus-Bis", emails: ["refus@nulle-part.example"] })).body;
  const at = new Date(Date.parse((await who.ml.get("/api/session")).body.now) + 3_600_000).toISOString();
  const visit = await who.ml.post("/api/visits", { establishment: places[7].id, planned_at: at, minutes: 30, contact: elsewhere.id });
  assert.equal(visit.status, 201, visit.text);
  assert.equal(visit.body.contact.family_name, "Refus-Bis");

  assert.equal((await who.ce.post(`/api/contacts/${hers.id}/oppositions`, { reason: "Demande par téléphone" })).status, 204);
  const seen = (await sheet(who.ml, 6)).contacts.find((c) => c.id === hers.id);
  assert.deepEqual([seen.family_name, seen.phones, seen.emails, seen.opposition.reason], ["Refus", [], [], "Demande par téléphone"]);
  assert.equal((await sheet(who.ml, 6)).state === "opposed", false);
  const cancelled = (await who.ml.get(`/api/visits/${visit.body.id}`)).body;
  assert.deepEqual([cancelled.state, cancelled.reason, cancelled.contact.opposed, cancelled.contact.phones], ["cancelled", "Opposition de l’interlocuteur", true, []]);
  const refused = await add(who.ml, 8, { family_name: "Autre nom", emails: ["Refus@Nulle-Part.example"] });
  assert.equal(refused.status, 409);
  assert.equal(refused.body.code, "contact_opposed");
  assert.equal(refused.body.organisation.network, "ce");
  assert.equal((await sheet(who.ml, 8)).contacts.some((c) => c.family_name === "Autre nom"), false);

  // By file: the name at the same employer.
  const siret = (await sheet(who.ft, 6)).siret;
  const path = join(dir, "again.csv");
  writeFileSync(path, `SIRET;Contact;Prénom\n${siret};REFUS;Anne Elise\n${siret};Nouvelle;Lise\n`);
  const organisation = (await who.ml.get("/api/session")).body.organisation.id;
  await m.admin("import", "partner", "--organisation", String(organisation), path);
  const after = (await sheet(who.ml, 6)).contacts;
  assert.equal(after.filter((c) => c.family_name === "REFUS").length, 0);
  assert.equal(after.filter((c) => c.family_name === "Nouvelle").length, 1);
  assert.equal(await m.psql("select summary ->> 'opposed' from data.source_file where name = 'again.csv'"), "1");

  // Lifted by who recorded it, nobody else.
  const lift = { reason: "A changé d’avis" };
  assert.equal((await who.ml.post(`/api/oppositions/${seen.opposition.id}/lift`, lift)).status, 404);
  assert.equal((await who.ce.post(`/api/oppositions/${seen.opposition.id}/lift`, lift)).status, 204);
  assert.deepEqual((await sheet(who.ml, 6)).contacts.find((c) => c.id === hers.id).phones, ["0639980031"]);
});

test("an opposition and the same person given elsewhere at the same instant never miss each other", async () => {
  for (let round = 0; round < 6; round++) {
    const email = `instant${round}@nulle-part.example`;
    const first = (await add(who.ft, 9, { family_name: `Instant${round}`, emails: [email] })).body;
    const [opposed, given] = await Promise.all([
      who.ft.post(`/api/contacts/${first.id}/oppositions`, {}),
      add(who.ml, 10, { family_name: `Ailleurs${round}`, emails: [email] }),
    ]);
    assert.equal(opposed.status, 204);
    assert.ok([201, 409].includes(given.status), given.text);
    if (given.status === 201) assert.ok((await sheet(who.ml, 10)).contacts.find((c) => c.id === given.body.id).opposition, "bound all the same");
  }
});

test("keys rotate: a second key seals what is there, the first may go, everything is still found", async () => {
  const text = readFileSync(m.keys, "utf8");
  const both = join(dir, "keys");
  const second = join(dir, "second");
  const key = "ab".repeat(32);
  writeFileSync(both, `${text}2 ${key}\n`, { mode: 0o600 });
  writeFileSync(second, text.replace(/^1 .*$/m, "") + `2 ${key}\n`, { mode: 0o600 });
  const admin = (keys) =>
    new Promise((done, fail) => execFile(join(build, "maillage-admin"), ["--db", m.conninfo("owner"), "--keys-file", keys, "contact", "seal"], (error, out, err) => (error ? fail(error) : done(out + err))));
  const events = () => m.psql("select count(*) from data.event");
  const was = await events();
  const out = await admin(both);
  assert.match(out, /clé 2 : \d{4,} fiche/);
  // The row changed by hand above opens with no key: it keeps its seal and is said.
  assert.match(out, /1 fiche\(s\) ne s’ouvrent avec aucune clé/);
  assert.match(await admin(both), /0 interlocuteur\(s\) scellé\(s\), 0 scellé/);
  assert.equal(await events(), was);
  await m.stopServer();
  m.serverFlags = [`--keys-file=${second}`];
  await m.startServer();
  const told = (await sheet(who.ft, 0)).contacts.find((c) => c.family_name === "Duvernois");
  assert.deepEqual(told.phones, ["0639981122", "0465710077"]);
  assert.ok((await found(who.ft, "0639981122")).includes(places[0].id));
});

test("a server without its keys does not start", async () => {
  const run = (args) => new Promise((done) => execFile(join(build, "maillage-server"), args, (error, out, err) => done({ code: error?.code, err })));
  const none = await run(["--db", m.conninfo("server"), "--listen", "127.0.0.1:1"]);
  assert.equal(none.code, 2);
  assert.match(none.err, /keys-file/);
  const loose = join(dir, "loose");
  writeFileSync(loose, readFileSync(m.keys), { mode: 0o644 });
  assert.match((await run(["--db", m.conninfo("server"), "--keys-file", loose])).err, /chmod 600/);
});
