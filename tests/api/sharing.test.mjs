// The sharing table of the design, tried through the API by people who should not.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m;
const who = {};
before(async () => {
  m = await Instance.start({ template: "demo" });
  for (const network of ["ft", "ml", "ce", "plie"]) {
    who[network] = await m.signIn(m.account({ role: "adviser", network }).email);
  }
  who.manager = await m.signIn(m.account({ role: "manager" }).email);
  who.observer = await m.signIn(m.account({ role: "observer" }).email);
  who.contributor = await m.signIn(m.account({ role: "contributor" }).email);
});
after(() => m?.stop());

test("without a session everything but the public pages is refused", async () => {
  const nobody = m.visitor();
  for (const path of ["/api/establishments", "/api/establishments/1", "/api/offers", "/api/indicators/figures", "/api/today", "/api/imports", "/api/stream"]) {
    const answer = await nobody.get(path);
    assert.equal(answer.status, 401, path);
    assert.equal(answer.body.code, "not_signed_in");
  }
  assert.equal((await nobody.post("/api/promises", { establishment: 1, due_on: "2030-01-02" })).status, 401);
  assert.equal((await nobody.get("/api/public/offers")).status, 200);
});

test("observers have counts and open offers, nothing of an employer", async () => {
  for (const path of ["/api/establishments", "/api/establishments/counts", "/api/establishments/1", "/api/establishments/1/timeline", "/api/today", "/api/visits", "/api/promises", "/api/imports"]) {
    assert.equal((await who.observer.get(path)).status, 403, path);
  }
  assert.equal((await who.observer.post("/api/promises", { establishment: 1, due_on: "2030-01-02" })).status, 403);
  const { body } = await who.observer.get("/api/indicators/figures");
  assert.ok(body.items.length > 300);
  for (const item of body.items) {
    for (const [code, { n, out_of }] of Object.entries(item.figures)) {
      for (const figure of [n, out_of]) assert.ok(figure === null || figure % 5 === 0, `${code} would tell small cells by subtraction: ${JSON.stringify(item)}`);
    }
  }
  assert.ok(body.items.some((item) => item.figures.visits.hidden));
  const csv = await who.observer.get("/api/indicators/figures.csv?codes=visits");
  assert.match(csv.text, /masqué/);
  assert.equal((await who.observer.get("/api/indicators/employers?indicator=visits")).status, 403);
  const offers = await who.observer.get("/api/offers");
  assert.ok(offers.body.items.every((offer) => offer.state === "open" && offer.establishment === null));
});

test("contributors see open offers only", async () => {
  assert.equal((await who.contributor.get("/api/establishments")).status, 403);
  assert.equal((await who.contributor.get("/api/indicators/figures")).status, 403);
  const { body } = await who.contributor.get("/api/offers");
  assert.ok(body.items.length > 0);
  assert.ok(body.items.every((offer) => offer.state === "open"));
});

async function report(session, network_note, shared_note) {
  const { body } = await session.get("/api/establishments?state=free&limit=1");
  const id = body.items[0].id;
  const plan = await session.post("/api/visits", { establishment: id, planned_at: new Date(Date.now() + 60_000).toISOString(), minutes: 30 });
  assert.equal(plan.status, 201, plan.text);
  const done = await session.post(`/api/visits/${plan.body.id}/report`, { outcome: "none", network_note, shared_note });
  assert.equal(done.status, 201, done.text);
  return { id, visit: plan.body.id };
}

test("a note for one's network stays in it; the shared note is shared", async () => {
  const { id, visit } = await report(who.ml, "Pour nous seulement", "Pour tous");
  const own = await who.ml.get(`/api/visits/${visit}`);
  assert.equal(own.body.report.network_note, "Pour nous seulement");
  for (const network of ["ft", "ce", "plie"]) {
    const other = await who[network].get(`/api/visits/${visit}`);
    assert.equal(other.body.report.shared_note, "Pour tous");
    assert.equal(other.body.report.network_note, null);
    const timeline = await who[network].get(`/api/establishments/${id}/timeline`);
    assert.ok(!timeline.text.includes("Pour nous seulement"));
    const sheet = await who[network].get(`/api/establishments/${id}`);
    assert.ok(!sheet.text.includes("Pour nous seulement"));
  }
});

test("a contact that its source keeps is not shown to others, and nobody edits another's", async () => {
  const { body } = await who.ft.get("/api/establishments?limit=1");
  const id = body.items[0].id;
  const kept = await who.ft.post(`/api/establishments/${id}/contacts`, { family_name: "Gardée", shared: false });
  const told = await who.ft.post(`/api/establishments/${id}/contacts`, { family_name: "Partagée", phones: ["01 99 00 12 34"], emails: ["P@example.fr"] });
  assert.equal(kept.status, 201);
  assert.deepEqual([told.body.phones, told.body.emails], [["0199001234"], ["p@example.fr"]]);
  const seen = (await who.ce.get(`/api/establishments/${id}`)).body.contacts.map((c) => c.family_name);
  assert.ok(seen.includes("Partagée"));
  assert.ok(!seen.includes("Gardée"));
  const match = { headers: { "if-match": `"${told.body.version}"` } };
  assert.equal((await who.ce.patch(`/api/contacts/${told.body.id}`, { phones: ["0199009999"] }, match)).status, 403);
  assert.equal((await who.ce.patch(`/api/contacts/${kept.body.id}`, { phones: ["0199009999"] }, match)).status, 404);
  assert.equal((await who.ft.patch(`/api/contacts/${told.body.id}`, { phones: ["0199009999"] })).status, 428);
  assert.equal((await who.ft.patch(`/api/contacts/${told.body.id}`, { phones: ["0199009999"] }, match)).status, 200);
  assert.equal((await who.ft.patch(`/api/contacts/${told.body.id}`, { phones: ["0199008888"] }, match)).status, 412);
});

test("a reserved offer is seen by the networks that its routing names, by nobody else", async () => {
  const { body } = await who.ml.get("/api/establishments?state=free&limit=1");
  const draft = await who.ml.post("/api/offers", {
    establishment: body.items[0].id, title: "Commis de salle", rome: "G1603", contract: "cdd", publics: ["young", "disabled"],
  });
  assert.equal(draft.status, 201, draft.text);
  const id = draft.body.id;
  for (const network of ["ft", "ce", "plie"]) assert.equal((await who[network].get(`/api/offers/${id}`)).status, 404, `draft, ${network}`);
  const confirmed = await who.ml.post(`/api/offers/${id}/confirm`, { confirmed_with: "Mme Test, gérante" });
  assert.equal(confirmed.body.state, "reserved");
  assert.deepEqual([...confirmed.body.networks].sort(), ["ce", "ml"]);
  assert.equal((await who.ce.get(`/api/offers/${id}`)).status, 200);
  assert.equal((await who.ce.get(`/api/offers/${id}`)).body.confirmed_with, null);
  for (const other of ["ft", "plie", "observer", "contributor"]) {
    assert.equal((await who[other].get(`/api/offers/${id}`)).status, 404, `reserved, ${other}`);
  }
  assert.equal((await who.ce.post(`/api/offers/${id}/open`, { reason: "Ouvrir plus tôt" })).status, 403);
  assert.equal((await who.ft.post(`/api/offers/${id}/fill`, {})).status, 404);
  assert.equal((await m.visitor().get(`/api/public/offers/${id}`)).status, 404);
  const opened = await who.ml.post(`/api/offers/${id}/open`, { reason: "Aucun candidat dans nos publics" });
  assert.equal(opened.body.state, "open");
  assert.equal((await who.ft.get(`/api/offers/${id}`)).status, 200);
  const shown = await m.visitor().get(`/api/public/offers/${id}`);
  assert.equal(shown.status, 200);
  assert.ok(!("establishment" in shown.body));
});

test("files as received are their organisation's only", async () => {
  const given = await who.plie.post("/api/imports?name=liste.csv", "SIRET;Enseigne\n", { type: "text/csv" });
  assert.equal(given.status, 202, given.text);
  assert.equal((await who.plie.get(`/api/imports/${given.body.id}`)).status, 200);
  assert.equal((await who.ft.get(`/api/imports/${given.body.id}`)).status, 404);
  assert.equal((await who.ft.get(`/api/imports/${given.body.id}/errors`)).body.items.length, 0);
});

test("the server's own role, with somebody's identity, gets no more than the API", async () => {
  const as = (network, query) =>
    m.psql(
      `begin;
       select set_config('maillage.member', p.member_id::text, true), set_config('maillage.organisation', o.id::text, true),
              set_config('maillage.network', o.network, true), set_config('maillage.territory', o.territory_id::text, true),
              set_config('maillage.role', p.role, true)
         from data.organisation o join data.membership p on p.organisation_id = o.id where o.network = '${network}' and p.role = 'adviser' limit 1;
       ${query}; commit;`,
      { role: "server" },
    );
  await assert.rejects(as("ce", "update data.offer set state = 'open'"), /./);
  await assert.rejects(as("ce", "delete from data.promise"), /permission denied/);
  await assert.rejects(as("ce", "select * from data.session"), /permission denied/);
  await assert.rejects(as("ce", "insert into data.event (at, kind) values (now(), 'promise.made')"), /permission denied/);
  const before_ = await m.sql("select count(*)::int as n from data.promise where state = 'active'");
  await as("ce", "update data.promise set state = 'returned', reason = 'attaque' where organisation_id <> auth.organisation()");
  assert.deepEqual(await m.sql("select count(*)::int as n from data.promise where state = 'active'"), before_);
});
