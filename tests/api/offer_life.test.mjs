// An offer after it is written: the employer's link, candidates proposed at once by many, posts, reminders, expiry.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m, ml, plie, ce, draft;
before(async () => {
  m = await Instance.start({ template: "demo" });
  await m.clock("2026-06-04T10:00:00+02:00");
  [ml, plie, ce] = await Promise.all(["ml", "plie", "ce"].map(async (network) => m.signIn(m.account({ role: "adviser", network }).email)));
});
after(() => m?.stop());

const employer = async (skip = 0) => (await m.sql(`select e.id from data.establishment e where e.status = 'A' and e.diffusion = 'O'
  and exists (select from data.territory_commune c where c.commune_code = e.commune_code) and not exists (select from data.offer o where o.establishment_id = e.id)
  order by e.id offset ${skip} limit 1`))[0].id;
const write = async (posts, skip = 0, publics = ["young", "longterm", "disabled"]) =>
  (await ml.post("/api/offers", { establishment: await employer(skip), title: "Commis de cuisine", rome: "G1602", contract: "cdd", posts, publics })).body;

test("the employer reads the draft through a link, and confirms it once, from wherever they are", async () => {
  draft = await write(2);
  const made = await ml.post(`/api/offers/${draft.id}/link`);
  assert.equal(made.status, 201);
  assert.match(made.body.token, /^[\w-]{43}$/);
  assert.equal((await plie.post(`/api/offers/${draft.id}/link`)).status, 404);
  const { token } = made.body;
  const anybody = m.visitor();
  const read = await anybody.post("/api/public/confirmation", { token });
  assert.deepEqual([read.status, read.body.title, read.body.fault], [200, "Commis de cuisine", null]);
  assert.equal((await anybody.post("/api/public/confirmation", { token: "x".repeat(43) })).body.code, "not_found");
  assert.equal((await anybody.post("/api/public/confirmation", { token: "court" })).body.code, "invalid");
  assert.equal((await anybody.post("/api/public/confirmation/answer", { token, answer: "corrected", name: "Mme Roy", comment: "" })).body.code, "reason_required");
  // Pressed ten times at once: one answer.
  const answers = await Promise.all(Array.from({ length: 10 }, () => m.visitor().post("/api/public/confirmation/answer", { token, answer: "confirmed", name: "Mme Roy, gérante" })));
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, ...Array(9).fill(409)]);
  assert.ok(answers.filter((a) => a.status === 409).every((a) => a.body.code === "link_answered"));
  draft = (await ml.get(`/api/offers/${draft.id}`)).body;
  assert.deepEqual([draft.state, draft.confirmed_with, draft.link.answer], ["reserved", "Mme Roy, gérante", "confirmed"]);
  // The token itself is nowhere.
  assert.deepEqual(await m.sql(`select 1 as x from data.event where data::text like '%${token}%'`), []);
  assert.ok(!(await m.logs?.())?.includes(token));
});

test("many propose at the same instant: each reference once, each partner up to its limit", async () => {
  const tries = await Promise.all([
    ...Array.from({ length: 12 }, (_, i) => plie.post(`/api/offers/${draft.id}/referrals`, { reference: `PLIE-${i}` })),
    ...Array.from({ length: 6 }, () => ce.post(`/api/offers/${draft.id}/referrals`, { reference: "CE-2026-1", public: "disabled" })),
  ]);
  assert.deepEqual(tries.slice(0, 12).map((a) => a.status).sort(), [...Array(5).fill(201), ...Array(7).fill(409)]);
  assert.deepEqual(tries.slice(12).map((a) => a.status).sort(), [201, ...Array(5).fill(409)]);
  assert.deepEqual(await m.sql(`select count(*)::int as n from data.referral where offer_id = ${draft.id}`), [{ n: 6 }]);
  assert.equal((await plie.post(`/api/offers/${draft.id}/referrals`, { reference: "Julie Martin" })).body.code, "reference_personal");
  assert.equal((await plie.post(`/api/offers/${draft.id}/referrals`, { reference: "0612345678" })).body.code, "reference_personal");
});

test("all are hired at once and a post is filled by hand: never more posts than there are, no deadlock", async () => {
  const mine = (await ml.get(`/api/referrals?scope=received`)).body.items.filter((r) => r.offer.id === draft.id);
  assert.equal(mine.length, 6);
  const theirs = mine.find((r) => r.organisation.network === "plie");
  assert.equal((await plie.post(`/api/referrals/${theirs.id}/answer`, { state: "met" })).status, 403);
  assert.equal((await ce.post(`/api/referrals/${theirs.id}/answer`, { state: "met" })).status, 404);
  const done = await Promise.all([
    ...mine.map((r) => ml.post(`/api/referrals/${r.id}/answer`, { state: "hired" })),
    ml.post(`/api/offers/${draft.id}/fill`, { posts: 1 }),
  ]);
  assert.ok(done.every((a) => [200, 409, 422].includes(a.status)), JSON.stringify(done.map((a) => [a.status, a.body?.code])));
  const now = (await ml.get(`/api/offers/${draft.id}`)).body;
  assert.deepEqual([now.state, now.posts_filled], ["filled", 2]);
  const [{ hired, waiting }] = await m.sql(`select count(*) filter (where state = 'hired')::int as hired, count(*) filter (where state in ('proposed', 'met'))::int as waiting
    from data.referral where offer_id = ${draft.id}`);
  assert.ok(hired <= 2, `${hired} hired for two posts`);
  assert.equal(waiting, 0);
});

test("the inbox fills with time, is put off, and is settled by what happens", async () => {
  const offer = await write(1, 5, ["young"]);
  await ml.post(`/api/offers/${offer.id}/confirm`, { confirmed_with: "M. Petit" });
  const inbox = async (kind) => (await ml.get("/api/today?scope=organisation")).body.tasks.filter((t) => t.offer?.id === offer.id && t.kind === kind);
  assert.deepEqual(await inbox("offer.opening"), []);
  await m.clock("2026-06-15T10:00:00+02:00");
  await m.psql("select data.task_raise()", { role: "postgres" });
  const [reminder] = await inbox("offer.opening");
  assert.equal(reminder.due_on, "2026-06-19");
  assert.equal((await plie.post(`/api/tasks/${reminder.id}/done`)).status, 404);
  assert.equal((await ml.post(`/api/tasks/${reminder.id}/later`, { on: "2026-06-15" })).body.code, "due_out_of_range");
  assert.equal((await ml.post(`/api/tasks/${reminder.id}/later`, { on: "2026-06-17" })).status, 204);
  assert.deepEqual(await inbox("offer.opening"), []);
  await m.clock("2026-06-18T11:00:00+02:00");
  await m.psql("select data.task_raise()", { role: "postgres" });
  assert.equal((await inbox("offer.opening")).length, 1);
  await ml.post(`/api/offers/${offer.id}/open`, { reason: "Aucun candidat dans nos réseaux" });
  assert.deepEqual(await inbox("offer.opening"), []);
  const open = (await ml.get(`/api/offers/${offer.id}`)).body;
  assert.equal(open.closes_at.slice(0, 10), "2026-07-18");
  await m.clock("2026-07-16T10:00:00+02:00");
  // Ten prolong at once: it is said once.
  const many = await Promise.all(Array.from({ length: 10 }, () => ml.post(`/api/offers/${offer.id}/prolong`, { confirmed_with: "M. Petit" })));
  assert.deepEqual(many.map((a) => a.status).filter((s) => s === 200).length >= 1, true);
  assert.ok((await ml.get(`/api/offers/${offer.id}`)).body.closes_at.startsWith("2026-08-15"));
  await m.clock("2026-08-15T10:30:00+02:00");
  await m.until(async () => (await ml.get(`/api/offers/${offer.id}`)).body.state === "expired", "it expires by itself", 90);
  assert.equal((await m.visitor().get(`/api/public/offers/${offer.id}`)).status, 404);
});
