// Promises over HTTP: one holder per employer whatever happens, and refusals that say who and until when.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { Session } from "../lib/client.mjs";

let m;
let ft, ml, ce;
before(async () => {
  m = await Instance.start({ template: "demo", worker: 1 });
  [ft, ml, ce] = await Promise.all(
    ["ft", "ml", "ce"].map((network) => m.signIn(m.account({ role: "adviser", network }).email)),
  );
});
after(() => m?.stop());

/** Establishments that nobody holds, rests or opposes, as the list says. */
async function free(session, count) {
  const { body } = await session.get(`/api/establishments?state=free&limit=${count}&sort=size`);
  assert.equal(body.items.length, count);
  return body.items.map((item) => item.id);
}

async function dueOn(session) {
  return (await session.get("/api/session")).body.promise.default_due_on;
}

/** Another connection of the same person, as a second browser would be. */
function again(session) {
  const other = new Session(session.url);
  other.cookies = new Map(session.cookies);
  other.csrf = session.csrf;
  return other;
}

test("200 clients of three organisations, 50 establishments: exactly one active promise each", async () => {
  const ids = await free(ft, 50);
  const due = await dueOn(ft);
  const organisations = await Promise.all([ft, ml, ce].map(async (s) => (await s.get("/api/session")).body.organisation.id));
  const answers = [];
  await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const client = again([ft, ml, ce][n % 3]);
      // Four tries each, spread so that every establishment is fought for by sixteen clients at once.
      for (let k = 0; k < 4; k++) {
        const id = ids[(n * 7 + k * 13) % ids.length];
        let answer;
        do {
          answer = await client.post("/api/promises", { establishment: id, due_on: due });
          if (answer.status === 503) await new Promise((done) => setTimeout(done, 200 + Math.random() * 400));
        } while (answer.status === 503);
        answers.push({ id, organisation: organisations[n % 3], ...answer });
      }
    }),
  );
  const won = answers.filter((a) => a.status === 201);
  const lost = answers.filter((a) => a.status === 409);
  assert.equal(won.length + lost.length, answers.length, JSON.stringify(answers.find((a) => ![201, 409].includes(a.status))));
  assert.equal(won.length, 50);
  assert.equal(new Set(won.map((a) => a.id)).size, 50);
  for (const a of lost) {
    assert.equal(a.body.code, "promise_taken");
    assert.equal(a.body.holder.due_on, due);
    assert.equal(a.body.holder.organisation.id, won.find((w) => w.id === a.id).organisation);
  }
  const rows = await m.sql(
    `select establishment_id, count(*)::int as n from data.promise
      where state = 'active' and establishment_id in (${ids.join(",")}) group by 1`,
  );
  assert.equal(rows.length, 50);
  assert.ok(rows.every((row) => Number(row.n) === 1));
});

test("a refusal names the holder; giving back frees; extending needs a reason", async () => {
  const [id] = await free(ft, 1);
  const due = await dueOn(ft);
  const made = await ft.post("/api/promises", { establishment: id, due_on: due });
  assert.equal(made.status, 201);
  const refused = await ce.post("/api/promises", { establishment: id, due_on: due });
  assert.equal(refused.status, 409);
  assert.match(refused.headers.get("content-type"), /^application\/problem\+json/);
  assert.equal(refused.body.code, "promise_taken");
  assert.equal(refused.body.holder.organisation.network, "ft");
  assert.ok(refused.body.holder.member.name);
  assert.ok(refused.body.request_id);

  assert.equal((await ce.post(`/api/promises/${made.body.id}/return`, { reason: "Je la prends" })).status, 403);
  assert.equal((await ft.post(`/api/promises/${made.body.id}/extend`, { due_on: due })).status, 422);
  const returned = await ft.post(`/api/promises/${made.body.id}/return`, { reason: "Hors de notre public" });
  assert.equal(returned.status, 200);
  assert.equal(returned.body.state, "returned");
  assert.equal((await ce.post("/api/promises", { establishment: id, due_on: due })).status, 201);
});

test("a holiday or a Sunday is refused with the next working day", async () => {
  const [id] = await free(ft, 1);
  const { body } = await ft.get("/api/session");
  const holiday = body.holidays.find((day) => day > body.now.slice(0, 10) && day < body.promise.last_due_on);
  let day = holiday;
  if (!day) {
    const sunday = new Date(`${body.promise.default_due_on}T12:00:00Z`);
    sunday.setUTCDate(sunday.getUTCDate() + ((7 - sunday.getUTCDay()) % 7));
    day = sunday.toISOString().slice(0, 10);
  }
  const refused = await ft.post("/api/promises", { establishment: id, due_on: day });
  assert.equal(refused.status, 422);
  assert.equal(refused.body.code, "due_not_working_day");
  assert.ok(refused.body.next_working_day > day);
});

test("the change is told to every open window of the territory within a second", async () => {
  const [id] = await free(ft, 1);
  const stream = await ml.stream();
  await new Promise((done) => setTimeout(done, 300));
  const started = Date.now();
  await ft.post("/api/promises", { establishment: id, due_on: await dueOn(ft) });
  const event = await stream.next((e) => e.kind === "promise.made" && e.establishment === id, 3);
  assert.ok(Date.now() - started < 1000, `${Date.now() - started} ms`);
  assert.ok(event.seq > 0);
  await stream.close();
});

test("the same Idempotency-Key is done once and answered alike", async () => {
  const [id] = await free(ft, 1);
  const due = await dueOn(ft);
  const headers = { "idempotency-key": `test-${Math.random()}` };
  const body = { establishment: id, due_on: due };
  const answers = await Promise.all(Array.from({ length: 8 }, () => again(ft).post("/api/promises", body, { headers })));
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [201]);
  assert.equal(new Set(answers.map((a) => a.body.id)).size, 1);
  const other = await ft.post("/api/promises", { ...body, override_reason: "autre" }, { headers });
  assert.equal(other.body.code, "idempotency_mismatch");
});

test("a promise lapses by itself when its grace is over", async () => {
  const [id] = await free(ft, 1);
  const made = await ft.post("/api/promises", { establishment: id, due_on: await dueOn(ft) });
  await m.clock(`${made.body.lapses_on}T23:00:00+00:00`);
  const deadline = Date.now() + 10_000;
  let state;
  do {
    await new Promise((done) => setTimeout(done, 200));
    [{ state }] = await m.sql(`select state from data.promise where id = ${made.body.id}`);
  } while (state === "active" && Date.now() < deadline);
  assert.equal(state, "lapsed");
  const { body } = await ce.get(`/api/establishments/${id}`);
  assert.equal(body.state, "free");
});
