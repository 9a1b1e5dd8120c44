// What somebody with an account, or none, may try over HTTP beyond the sharing table (sharing.test.mjs, sql/60_attack).
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Instance } from "../lib/instance.mjs";

let m;
const who = {};
before(async () => {
  m = await Instance.start({ template: "demo" });
  for (const network of ["ft", "ml", "ce"]) who[network] = await m.signIn(m.account({ role: "adviser", network }).email);
});
after(() => m?.stop());

test("a session is the server's to name, its cookies are for this site only", async () => {
  const { email, password } = m.account({ role: "adviser", network: "ft" });
  const planted = "A".repeat(43);
  const visitor = m.visitor();
  visitor.cookies.set("__Host-session", planted);
  const answer = await visitor.post("/api/session", { email, password });
  assert.equal(answer.status, 201);
  assert.notEqual(visitor.cookies.get("__Host-session"), planted);
  for (const cookie of answer.headers.getSetCookie()) {
    for (const word of ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"]) assert.ok(cookie.includes(word), cookie);
    assert.ok(!/domain=/i.test(cookie));
  }
  const token = visitor.cookies.get("__Host-session");
  assert.equal((await visitor.delete("/api/session")).status, 204);
  visitor.cookies.set("__Host-session", token);
  assert.equal((await visitor.get("/api/session")).status, 401, "signed out, the token is worth nothing");
});

test("a write needs the token of its own session and comes from our pages", async () => {
  const body = { establishment: 1, due_on: "2030-01-02" };
  const refused = async (session, headers) => {
    const answer = await session.post("/api/promises", body, { headers });
    assert.equal(answer.status, 403, JSON.stringify(headers));
    assert.equal(answer.body.code, "csrf");
  };
  await refused(who.ft, { "x-csrf-token": "" });
  await refused(who.ft, { "x-csrf-token": who.ml.csrf });
  await refused(who.ft, { origin: "https://evil.example" });
  await refused(who.ft, { origin: "null" });
  await refused(who.ft, { "sec-fetch-site": "cross-site" });
  const { email, password } = m.account({ role: "adviser", network: "ft" });
  const elsewhere = await m.visitor().post("/api/session", { email, password }, { headers: { origin: "https://evil.example" } });
  assert.equal(elsewhere.status, 403, "nobody is signed in from another site");
  const form = await m.visitor().post("/api/session", JSON.stringify({ email, password }), { type: "text/plain" });
  assert.equal(form.status, 415, "nor by a form");
});

test("before it opens, an offer is heard by others as a kind only", async () => {
  const stream = await who.ft.stream();
  const { body } = await who.ml.get("/api/establishments?state=free&limit=1");
  const draft = await who.ml.post("/api/offers", {
    establishment: body.items[0].id, title: "Commis de salle", rome: "G1603", contract: "cdd", publics: ["young"],
  });
  assert.equal(draft.status, 201, draft.text);
  assert.equal((await who.ml.post(`/api/offers/${draft.body.id}/confirm`, { confirmed_with: "Mme Test" })).status, 200);
  assert.equal((await who.ft.get(`/api/offers/${draft.body.id}`)).status, 404);
  for (const kind of ["offer.drafted", "offer.confirmed", "offer.reserved"]) {
    const heard = await stream.next((e) => e.kind === kind);
    assert.deepEqual([heard.establishment, heard.offer, heard.organisation], [null, null, null], kind);
  }
  assert.equal((await who.ml.post(`/api/offers/${draft.body.id}/open`, { reason: "Aucun candidat" })).status, 200);
  assert.equal((await stream.next((e) => e.kind === "offer.opened")).offer, draft.body.id);
  await stream.close();
});

test("the members of an organisation are named within its territory", async () => {
  const far = await m.psql(`
    with t as (insert into data.territory (name, kind) values ('Au loin', 'project') returning id),
         o as (insert into data.organisation (network, territory_id, name, short_name) select 'ft', id, 'Agence au loin', 'Loin' from t returning id),
         p as (insert into data.member (email, name) values ('loin@loin.example', 'Personne au loin') returning id),
         j as (insert into data.membership (member_id, organisation_id, role) select p.id, o.id, 'adviser' from p, o)
    select id from o`);
  const near = (await who.ft.get("/api/session")).body.organisation.id;
  assert.ok((await who.ft.get(`/api/organisations/${near}/members`)).body.items.length > 0);
  assert.deepEqual((await who.ft.get(`/api/organisations/${far}/members`)).body.items, []);
});

test("a small file does not become gigabytes", async () => {
  const columns = Array.from({ length: 500 }, (_, i) => `c${i}${"x".repeat(1900)}`).join(";");
  const rows = Array.from({ length: 100 }, (_, i) => [i, ...Array(500).fill("AB"[i % 2])].join(";")).join("\n");
  const given = await who.ce.post("/api/imports?name=large.csv", `SIRET;${columns}\n${rows}\n`, { type: "text/csv" });
  assert.equal(given.status, 202, given.text);
  const path = `/api/imports/${given.body.id}`;
  await m.until(async () => (await who.ce.get(path)).body.finished_at, "the file is read", 60);
  assert.equal((await who.ce.get(path)).body.state, "refused");
  assert.deepEqual((await who.ce.get(`${path}/errors`)).body.items.map((e) => e.code), ["header_too_wide"]);
});

test("no log holds a password, a token or an e-mail address", async () => {
  const visitor = m.visitor();
  await visitor.post("/api/session", { email: "quelqu.un@nulle-part.example", password: "Motdepasse-tres-secret" });
  await visitor.post("/api/session", { email: "quelqu.un@nulle-part.example", password: 12 });
  await sleep(100);
  const log = m.log("server") + m.log("worker");
  assert.match(log, /sign_in_refused/);
  const secrets = ["Motdepasse-tres-secret", "quelqu.un@", m.account({ role: "adviser", network: "ft" }).password, who.ft.cookies.get("__Host-session"), who.ft.csrf];
  for (const secret of secrets) assert.ok(!log.includes(secret));
});

test("a partner's file changes nothing of employers in another territory", async () => {
  await m.psql(`insert into data.commune (code, name, department) values ('69384', 'Lyon 4e Arrondissement', '69') on conflict do nothing;
    insert into data.establishment (siret, legal_name, commune_code, city) values ('41816609600069', 'Loin d’ici', '69384', 'LYON 4EME')`);
  const file = "SIRET;Téléphone;E-mail;Nom du contact\n41816609600069;0199001234;a@b.example;Intrus\n";
  const given = await who.ml.post("/api/imports?name=loin.csv", file, { type: "text/csv" });
  assert.equal(given.status, 202, given.text);
  await m.until(async () => (await who.ml.get(`/api/imports/${given.body.id}`)).body.state === "done", "the file is read");
  const [row] = await m.sql(`select e.phone, e.email, (select count(*)::int from data.contact c where c.establishment_id = e.id) as contacts
    from data.establishment e where e.siret = '41816609600069'`);
  assert.deepEqual(row, { phone: null, email: null, contacts: 0 });
});
