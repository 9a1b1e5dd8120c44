// What a telephone asks for and sends; claims that two partners make at the same time.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m, ml, ft, ce, place;
before(async () => {
  m = await Instance.start({ template: "demo" });
  [ml, ft, ce] = await Promise.all(["ml", "ft", "ce"].map((network) => m.signIn(m.account({ role: "adviser", network }).email)));
  place = (await ml.get("/api/establishments?state=free&limit=40")).body.items.map((one) => one.id);
});
after(() => m?.stop());

const later = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();

test("the week holds my visits of seven days and their employers, nobody else's", async () => {
  const made = await ml.post("/api/visits", { establishment: place[0], planned_at: later(1), minutes: 30 });
  assert.equal(made.status, 201, made.text);
  const { status, body, headers } = await ml.get("/api/field");
  assert.equal(status, 200);
  assert.match(headers.get("cache-control"), /private, no-cache|no-store/);
  assert.ok(body.visits.some((one) => one.id === made.body.id));
  const me = (await ml.get("/api/session")).body.member.id;
  assert.ok(body.visits.every((one) => one.member.id === me || (one.partner?.state === "accepted" && one.partner.member.id === me)));
  const end = new Date(Date.parse(`${body.first}T00:00:00Z`) + 7 * 86_400_000 + 7_200_000);
  assert.ok(body.visits.every((one) => new Date(one.planned_at) < end));
  assert.deepEqual(new Set(body.employers.map((one) => one.id)), new Set(body.visits.map((one) => one.establishment.id)));
  assert.ok(!/"sealed"/.test(JSON.stringify(body)));
  const observer = await m.signIn(m.account({ role: "observer" }).email);
  assert.equal((await observer.get("/api/field")).status, 403);
});

test("a report sent again arrives once, also when its answer is no longer kept", async () => {
  const visit = (await ml.post("/api/visits", { establishment: place[1], planned_at: later(1) })).body;
  const headers = { "idempotency-key": "field-report-0001", "if-match": `"${visit.version}"` };
  const body = { outcome: "later", shared_note: "Une fois" };
  const answers = await Promise.all([1, 2, 3].map(() => ml.post(`/api/visits/${visit.id}/report`, body, { headers })));
  assert.deepEqual(answers.map((one) => one.status), [201, 201, 201]);
  await m.psql("update data.idempotency set at = at - interval '9 days' where key = 'field-report-0001'; select data.idempotency_purge()", { role: "postgres" });
  const again = await ml.post(`/api/visits/${visit.id}/report`, body, { headers });
  assert.deepEqual([again.status, again.body.code], [409, "already_done"]);
  assert.deepEqual(await m.sql(`select count(*)::int as n from data.event where kind = 'visit.reported' and (data ->> 'visit')::bigint = ${visit.id}`), [{ n: 1 }]);
});

test("two telephones correct the same report: one is told", async () => {
  const visit = (await ml.post("/api/visits", { establishment: place[2], planned_at: later(1) })).body;
  await ml.post(`/api/visits/${visit.id}/report`, { outcome: "later", shared_note: "Premier" });
  const correct = (note) => ml.post(`/api/visits/${visit.id}/report/correct`, { outcome: "later", shared_note: note }, { headers: { "if-match": '"1"' } });
  const answers = await Promise.all([correct("A"), correct("B")]);
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 412]);
  assert.equal((await ml.post(`/api/visits/${visit.id}/report/correct`, { outcome: "later" })).status, 428);
  const { body } = await ft.get(`/api/visits/${visit.id}/report/history`);
  assert.deepEqual(body.items.map((one) => one.shared_note), ["Premier"]);
});

test("what a browser has kept of a visit is good only as long as every part of it is", async () => {
  const visit = (await ml.post("/api/visits", { establishment: place[9], planned_at: later(1) })).body;
  const read = (who, tag) => who.get(`/api/visits/${visit.id}`, { headers: { "if-none-match": tag } });
  await ml.post(`/api/visits/${visit.id}/report`, { outcome: "later", shared_note: "Premier texte", network_note: "Entre nous" });
  const { headers, body } = await ml.get(`/api/visits/${visit.id}`);
  const first = headers.get("etag");
  assert.equal((await read(ml, first)).status, 304);
  // Another network reads no note of ours: what is kept of one reader is no answer to another.
  const theirs = await read(ft, first);
  assert.deepEqual([theirs.status, theirs.body.report.network_note], [200, null]);
  const { status } = await ml.post(`/api/visits/${visit.id}/report/correct`, { outcome: "later", shared_note: "Texte revu" }, { headers: { "if-match": '"1"' } });
  assert.equal(status, 200);
  const again = await read(ml, first);
  assert.deepEqual([again.status, again.body?.report.shared_note, again.body?.version], [200, "Texte revu", body.version], again.text);
  assert.equal((await read(ml, again.headers.get("etag"))).status, 304);
});

test("an ETag is sent back as it came, of offers and needs too", async () => {
  const need = await ml.post("/api/needs", { establishment: place[9], rome: "G1602", posts: 2, horizon: "now" });
  const offer = await ml.post("/api/offers", { establishment: place[9], title: "Cuisinier", rome: "G1602", contract: "cdi", posts: 1 });
  for (const [made, change] of [[need, { posts: 3 }], [offer, { posts: 3 }]]) {
    assert.equal(made.status, 201, made.text);
    const at = `${made === need ? "/api/needs" : "/api/offers"}/${made.body.id}`;
    const tag = (await ml.get(at)).headers.get("etag");
    const changed = await ml.patch(at, change, { headers: { "if-match": tag } });
    assert.deepEqual([changed.status, changed.body.posts], [200, 3], changed.text);
    assert.equal((await ml.patch(at, change, { headers: { "if-match": tag } })).body.code, "precondition_failed");
    assert.equal((await ml.patch(at, { posts: 4 }, { headers: { "if-match": `"${changed.body.version}"` } })).status, 200);
  }
});

test("the same claim by two partners at the same moment: one says it, the other confirms it", async () => {
  for (const id of place.slice(3, 9)) {
    const answers = await Promise.all([ml, ft].map((who) => who.post(`/api/establishments/${id}/claims`, { kind: "closed" })));
    assert.deepEqual(answers.map((one) => one.status), [201, 201], answers.map((one) => one.text).join());
    const rows = await m.sql(`select state, settled_how, settled_by <> organisation_id as second from data.claim where establishment_id = ${id}`);
    assert.deepEqual(rows, [{ state: "confirmed", settled_how: "partner", second: true }]);
    assert.equal((await ce.get(`/api/establishments/${id}`)).body.status, "F");
  }
});

test("colleagues of one organisation never confirm each other, however many at once", async () => {
  const colleague = m.accounts.find((one) => one.role !== "administrator" && one.organisation === m.account({ role: "adviser", network: "ml" }).organisation && one.email !== m.account({ role: "adviser", network: "ml" }).email);
  const other = await m.signIn(colleague.email);
  const id = place[9];
  const claims = await Promise.all([ml, other, ml, other].map((who) => who.post(`/api/establishments/${id}/claims`, { kind: "moved", detail: "Affiche sur la porte" })));
  assert.ok(claims.every((one) => one.status === 201 && one.body.state === "open"));
  const claim = claims[0].body.id;
  const refused = await Promise.all([ml, other].map((who) => who.post(`/api/claims/${claim}/confirm`)));
  assert.deepEqual(refused.map((one) => one.body.code), ["claim_own", "claim_own"]);
  assert.ok((await ft.get("/api/claims")).body.items.some((one) => one.id === claim));
  assert.ok(!(await ml.get("/api/claims")).body.items.some((one) => one.id === claim));
  assert.equal((await ft.post(`/api/claims/${claim}/deny`, { reason: "Ouvert ce matin" })).body.state, "denied");
  assert.equal((await ce.post(`/api/claims/${claim}/confirm`)).body.code, "claim_settled");
});
