// The life of promises over HTTP: two acceptances at once, transfer against lapse and return, absence against lapse, many
// at once and taken back.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { Session } from "../lib/client.mjs";

let m;
let ft, ml, ce, ftChief, mlChief;
before(async () => {
  m = await Instance.start({ template: "demo", worker: 1 });
  const sign = (role, network) => m.signIn(m.account({ role, network }).email);
  [ft, ml, ce, ftChief, mlChief] = await Promise.all([sign("adviser", "ft"), sign("adviser", "ml"), sign("adviser", "ce"), sign("manager", "ft"), sign("manager", "ml")]);
});
after(() => m?.stop());

const me = async (session) => (await session.get("/api/session")).body;
async function free(session, count) {
  const { body } = await session.get(`/api/establishments?state=free&limit=${count}&sort=size`);
  assert.equal(body.items.length, count);
  return body.items.map((item) => item.id);
}
async function promised(session, establishment) {
  const { promise } = await me(session);
  const made = await session.post("/api/promises", { establishment, due_on: promise.default_due_on });
  assert.equal(made.status, 201, made.text);
  return made.body;
}
function again(session) {
  const other = new Session(session.url);
  other.cookies = new Map(session.cookies);
  other.csrf = session.csrf;
  return other;
}
const active = async (id) => m.sql(`select id::int, organisation_id::int as organisation, state from data.promise where establishment_id = ${id} and state = 'active'`);

test("two transfers of one promise accepted in the same instant: exactly one wins, twenty times", async () => {
  const ids = await free(ft, 20);
  const [mlId, ceId] = [(await me(ml)).organisation.id, (await me(ce)).organisation.id];
  const rounds = [];
  for (const id of ids) {
    const made = await promised(ft, id);
    const offers = await Promise.all([mlId, ceId].map((organisation) => ft.post(`/api/promises/${made.id}/transfers`, { kind: "give", organisation })));
    assert.deepEqual(offers.map((o) => o.status), [201, 201], offers.map((o) => o.text).join());
    rounds.push({ id, transfers: offers.map((o) => o.body.id) });
  }
  for (const { id, transfers } of rounds) {
    let gaps = 0;
    let looking = true;
    // Whoever looks meanwhile sees one holder, never none.
    const look = (async () => {
      while (looking) {
        const { body } = await again(ftChief).get(`/api/establishments/${id}`);
        if (!body.holder) gaps++;
      }
    })();
    const answers = await Promise.all([again(ml).post(`/api/transfers/${transfers[0]}/answer`, { state: "accepted" }), again(ce).post(`/api/transfers/${transfers[1]}/answer`, { state: "accepted" })]);
    looking = false;
    await look;
    assert.deepEqual(answers.map((a) => a.status).sort(), [200, 409], answers.map((a) => a.text).join());
    assert.equal(answers.find((a) => a.status === 409).body.code, "transfer_closed");
    const winner = answers[0].status === 200 ? mlId : ceId;
    assert.deepEqual((await active(id)).map((p) => Number(p.organisation)), [winner]);
    assert.equal(gaps, 0);
  }
});

test("accepted against returned and against lapsed: one or the other, never both", async () => {
  const ids = await free(ft, 12);
  const mlId = (await me(ml)).organisation.id;
  for (const [index, id] of ids.entries()) {
    const made = await promised(ft, id);
    const { body: transfer } = await ft.post(`/api/promises/${made.id}/transfers`, { kind: "give", organisation: mlId });
    // Every other time its grace is over, and the worker's own function races.
    if (index % 2 === 1) await m.psql(`set session_replication_role = replica; update data.promise set lapses_on = data.today() - 1 where id = ${made.id}`, { role: "postgres" });
    const against =
      index % 2 === 0
        ? ft.post(`/api/promises/${made.id}/return`, { reason: "Hors de notre public" }).then((a) => a.status === 200)
        : m.psql(`select data.promise_lapse(${made.id})`, { role: "worker" }).then((answer) => answer === "t");
    const [accepted, ended] = await Promise.all([ml.post(`/api/transfers/${transfer.id}/answer`, { state: "accepted" }), against]);
    assert.notEqual(accepted.status === 200, ended, `${accepted.text} ${ended}`);
    assert.equal((await active(id)).length, accepted.status === 200 ? 1 : 0);
    const [row] = await m.sql(`select state from data.transfer where id = ${transfer.id}`);
    assert.equal(row.state, accepted.status === 200 ? "accepted" : "void");
  }
});

test("a partner asks, is refused with a reason, and everybody reads it on the timeline", async () => {
  const [id] = await free(ft, 1);
  const made = await promised(ft, id);
  assert.equal((await ce.post(`/api/promises/${made.id}/transfers`, { kind: "ask" })).body.code, "reason_required");
  const asked = await ce.post(`/api/promises/${made.id}/transfers`, { kind: "ask", message: "Un stagiaire y est déjà" });
  assert.equal(asked.status, 201);
  assert.equal((await ce.post(`/api/transfers/${asked.body.id}/answer`, { state: "accepted" })).status, 403);
  assert.equal((await ml.post(`/api/transfers/${asked.body.id}/answer`, { state: "accepted" })).status, 404);
  assert.equal((await ft.get("/api/promises?scope=mine&state=transfer")).body.items.find((p) => p.id === made.id).transfers[0].kind, "ask");
  assert.ok((await ft.get("/api/today")).body.tasks.some((t) => t.kind === "transfer.answer" && t.transfer.id === asked.body.id));
  const refused = await ft.post(`/api/transfers/${asked.body.id}/answer`, { state: "refused", reason: "Rendez-vous pris" });
  assert.equal(refused.status, 200);
  assert.ok((await ce.get("/api/today")).body.tasks.some((t) => t.kind === "transfer.answered" && t.transfer.text === "Rendez-vous pris"));
  const { body } = await ml.get(`/api/establishments/${id}/timeline`);
  const told = body.items.find((item) => item.kind === "transfer.refused");
  assert.equal(told.data.reason, "Rendez-vous pris");
  assert.ok(told.data.from_organisation_name && told.data.to_member_name);
});

test("many at once: an answer for each, taken back within a minute, and not later", async () => {
  const ids = await free(ft, 30);
  await promised(ml, ids[0]);
  const { promise } = await me(ft);
  const bulk = await ft.post("/api/promises/bulk", { act: "make", establishments: ids, due_on: promise.default_due_on });
  assert.equal(bulk.status, 200, bulk.text);
  assert.deepEqual([bulk.body.done, bulk.body.refused], [29, 1]);
  const refused = bulk.body.rows.find((row) => row.code);
  assert.equal(refused.code, "promise_taken");
  assert.equal(refused.detail.holder.organisation.network, "ml");
  const undone = await ft.post(`/api/promises/bulk/${bulk.body.batch}/undo`);
  assert.equal(undone.body.done, 29);
  assert.equal((await active(ids[1])).length, 0);
  assert.equal((await ft.post(`/api/promises/bulk/${bulk.body.batch}/undo`)).body.code, "batch_too_late");
  assert.equal((await ft.post("/api/promises/bulk", { act: "make", establishments: ids })).status, 422);
  assert.equal((await ft.post("/api/promises/bulk", { act: "return", establishments: ids })).status, 422);
  assert.equal((await ft.post("/api/promises/bulk", { act: "make", establishments: Array.from({ length: 501 }, (_, i) => i + 1), due_on: promise.default_due_on })).status, 422);
});

test("ten people promise the same forty at once, many at a time: one holder each", async () => {
  const ids = await free(ft, 40);
  const { promise } = await me(ft);
  const answers = await Promise.all(
    Array.from({ length: 9 }, (_, n) => again([ft, ml, ce][n % 3]).post("/api/promises/bulk", { act: "make", establishments: n % 2 ? ids : [...ids].reverse(), due_on: promise.default_due_on })),
  );
  assert.ok(answers.every((a) => a.status === 200), answers.map((a) => a.status).join());
  assert.equal(answers.reduce((sum, a) => sum + a.body.done, 0), 40);
  const [row] = await m.sql(`select count(*)::int as n from data.promise where state = 'active' and establishment_id in (${ids.join(",")})`);
  assert.equal(Number(row.n), 40);
});

test("an absence moves the dates, back again when it is cut short; others see until when, not who", async () => {
  const [id] = await free(ft, 1);
  const made = await promised(ft, id);
  const now = new Date((await me(ft)).now);
  const day = (n) => new Date(now.getTime() + n * 86400000).toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });
  const absence = await ft.post("/api/absences", { first_on: day(0), last_on: day(10) });
  assert.equal(absence.status, 201, absence.text);
  const moved = (await ft.get("/api/promises?scope=mine&state=suspended")).body.items.find((p) => p.id === made.id);
  assert.ok(moved.due_on > made.due_on);
  assert.equal(moved.base_due_on, made.due_on);
  assert.equal(moved.suspended_until, day(10));
  assert.equal((await ml.get(`/api/establishments/${id}`)).body.holder.suspended_until, day(10));
  assert.ok(!(await ml.get("/api/absences")).body.items.some((a) => a.id === absence.body.id));
  assert.equal((await ce.post("/api/absences", { member: (await me(ft)).member.id, first_on: day(0), last_on: day(1) })).status, 403);
  assert.equal((await mlChief.post("/api/absences", { member: (await me(ft)).member.id, first_on: day(0), last_on: day(1) })).status, 422);
  const cancelled = await ft.post(`/api/absences/${absence.body.id}/cancel`);
  assert.equal(cancelled.status, 200, cancelled.text);
  const [row] = await m.sql(`select due_on::text from data.promise where id = ${made.id}`);
  assert.equal(row.due_on, made.due_on);
  const shifts = (await ce.get(`/api/establishments/${id}/timeline`)).body.items.filter((item) => item.kind === "promise.shifted");
  assert.deepEqual(shifts.map((item) => item.data.due_on), [made.due_on, moved.due_on]);
});

test("rest periods overridden are counted, for the managers of all partners", async () => {
  const figures = await ftChief.get("/api/promises/figures");
  assert.equal(figures.status, 200, figures.text);
  assert.equal((await ft.get("/api/promises/figures")).status, 403);
  const total = figures.body.items.at(-1);
  assert.equal(total.organisation, null);
  for (const name of ["made", "kept", "overrides"]) assert.equal(total[name], figures.body.items.slice(0, -1).reduce((sum, row) => sum + row[name], 0));
  assert.ok(total.visits <= figures.body.items.slice(0, -1).reduce((sum, row) => sum + row.visits, 0));
});

test("a joint visit: one appointment, one rest period, a note for each, twice in their own figures and once in all", async () => {
  const [id] = await free(ft, 1);
  const figures = async () => (await ftChief.get("/api/promises/figures")).body.items;
  const before = await figures();
  const { promise, now, organisation } = await me(ft);
  const other = await me(ml);
  const visit = await ft.post("/api/visits", { establishment: id, planned_at: new Date(Date.parse(now) + 3600_000).toISOString() });
  assert.equal(visit.status, 201, visit.text);
  assert.ok(promise.days > 0);
  const invited = await ft.post(`/api/visits/${visit.body.id}/invite`, { organisation: other.organisation.id, member: other.member.id });
  assert.equal(invited.body.partner.state, "invited", invited.text);
  assert.equal((await ce.post(`/api/visits/${visit.body.id}/invite`, {})).body.code, "visit_joint");
  assert.equal((await ft.post(`/api/visits/${visit.body.id}/invitation`, { organisation: other.organisation.id, state: "accepted" })).status, 403);
  assert.equal((await ml.post(`/api/visits/${visit.body.id}/invitation`, { organisation: other.organisation.id, state: "accepted" })).body.partner.state, "accepted");
  assert.ok((await ml.get("/api/visits?scope=mine&state=planned")).body.items.some((v) => v.id === visit.body.id));
  assert.equal((await ml.post(`/api/visits/${visit.body.id}/note`, { note: "Trop tôt" })).body.code, "visit_not_reported");
  const report = await ft.post(`/api/visits/${visit.body.id}/report`, { outcome: "later", shared_note: "Reçus ensemble", network_note: "Pour notre agence" });
  assert.equal(report.status, 201, report.text);
  assert.equal((await ml.post(`/api/visits/${visit.body.id}/note`, { note: "Un parrain possible" })).status, 200);
  assert.equal((await ml.get(`/api/visits/${visit.body.id}`)).body.report.network_note, "Un parrain possible");
  assert.equal((await ft.get(`/api/visits/${visit.body.id}`)).body.report.network_note, "Pour notre agence");
  assert.equal((await ce.get(`/api/visits/${visit.body.id}`)).body.report.network_note, null);
  const [touched] = await m.sql(`select count(*)::int as n from data.contact_event where establishment_id = ${id} and at > data.now() - interval '1 hour'`);
  assert.equal(Number(touched.n), 1);
  const then = await figures();
  const of = (rows, who) => rows.find((row) => (row.organisation?.id ?? null) === who).visits;
  for (const who of [organisation.id, other.organisation.id, null]) assert.equal(of(then, who) - of(before, who), 1, String(who));
});

// Last: the clock goes on.
test("absence against lapse: what was declared in time never lapses; what lapsed is proposed to the next partner", async () => {
  const ids = await free(ft, 2);
  const [kept, gone] = [await promised(ft, ids[0]), await promised(ml, ids[1])];
  const declared = await ft.post("/api/absences", { first_on: new Date((await me(ft)).now).toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" }), last_on: kept.lapses_on });
  assert.equal(declared.status, 201, declared.text);
  const later = gone.lapses_on > kept.lapses_on ? gone.lapses_on : kept.lapses_on;
  await m.clock(`${later}T23:00:00+00:00`);
  await m.until(async () => (await m.sql(`select state from data.promise where id = ${gone.id}`))[0].state === "lapsed", "the other one lapses");
  assert.equal((await m.sql(`select state from data.promise where id = ${kept.id}`))[0].state, "active");
  await m.clock(`${later}T23:05:00+00:00`);
  const [proposal] = await m.until(async () => {
    const rows = await m.sql(`select id, organisation_id::int as organisation, state from data.proposal where promise_id = ${gone.id}`);
    return rows.length > 0 && rows;
  }, "it is proposed to another partner");
  assert.equal(proposal.state, "proposed");
  assert.notEqual(Number(proposal.organisation), (await me(ml)).organisation.id);
});
