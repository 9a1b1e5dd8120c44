// Jobs that fail, wait, lapse, import, and a worker that is asked to stop.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build, Instance } from "../lib/instance.mjs";
import { clock, clockAround, ground, openedOnce, reserve, sleep, transaction, untilRunnerWaits } from "./offers.mjs";

let m;
before(async () => {
  m = await Instance.start({ template: "empty", server: false, worker: 1 });
  await ground(m);
});
after(() => m?.stop());

const add = async (kind, payload) => Number(await m.psql(`select data.job_add('${kind}', '${JSON.stringify(payload)}')`));
const job = async (id) => (await m.sql(`select state, attempts, error, run_at > data.now() as later from data.job where id = ${id}`))[0];

test("a job that fails is tried again later, with its error kept", async () => {
  const id = await add("offer.open", { offer: "no number" });
  const failed = await m.until(async () => {
    const j = await job(id);
    return j.attempts === 1 && j;
  }, "the first attempt is counted");
  assert.equal(failed.state, "waiting");
  assert.match(failed.error, /invalid input syntax for type bigint/);
  await m.until(async () => (await job(id)).attempts === 2, "it is tried a second time");
});

test("after its last attempt it is dead, and can be run again", async () => {
  const id = await add("offer.open", { offer: "no number" });
  await m.until(async () => (await job(id)).later, "its first attempt has failed"); // which would else write over what follows
  await m.psql(`update data.job set attempts = 11, run_at = data.now() where id = ${id}`);
  await m.until(async () => (await job(id)).state === "dead", "the job is dead");
  assert.equal((await m.sql(`select count(*) as n from data.dead_job where id = ${id} and error like 'invalid input%'`))[0].n, 1);
  assert.match(await m.admin("job", "list"), new RegExp(`no ${id}, offer.open .*, 12 tentatives`));
  assert.match(await m.admin("job", "retry", String(id)), /relancée/);
  await m.until(async () => (await job(id)).attempts === 1, "it runs again");
  await m.psql(`update data.job set payload = '{"offer": 0}', run_at = data.now() where id = ${id}`);
  await m.until(async () => (await job(id)).state === "done", "it is done once its cause is gone");
  await assert.rejects(m.admin("job", "retry", String(id)));
});

test("one bad job among many does not keep the others", async () => {
  const ids = await reserve(m, 20);
  await m.psql(`insert into data.job (kind, payload, run_at)
    select 'offer.open', '{"offer": "no number"}', opens_at from data.offer where id = ${ids[0]}`);
  await clockAround(m, ids[0], 1);
  await openedOnce(m, ids, 10);
  await clock(m, null);
});

test("an offer that somebody holds does not keep the others", async () => {
  const ids = await reserve(m, 20);
  const holder = await transaction(m, `select from data.offer where id = ${ids[3]} for update`);
  await clockAround(m, ids[0], 1);
  await untilRunnerWaits(m);
  await openedOnce(m, ids.filter((id) => id !== ids[3]), 5);
  await holder.end("rollback");
  await openedOnce(m, ids, 5);
  await clock(m, null);
});

test("a kind that this worker does not know waits for one that does", async () => {
  const id = await add("future.thing", {});
  await sleep(1500);
  assert.deepEqual(await job(id), { state: "waiting", attempts: 0, error: null, later: false });
});

test("a promise lapses once its grace is over", async () => {
  await m.psql(`insert into data.promise (establishment_id, organisation_id, member_id, due_on)
    select e.id, o.id, p.id, data.working_day_after(data.today(), 5) from data.establishment e, data.organisation o, data.member p
     where e.siret = '12345678200010' and o.name = 'Agence de Moulins' and p.email = 'anne@example.org'`);
  const state = async () => (await m.sql("select state from data.promise order by id desc limit 1"))[0].state;
  await m.psql("select data.clock_set(lapses_on::timestamp at time zone 'Europe/Paris' + interval '23 hours') from data.promise order by id desc limit 1");
  await sleep(1200);
  assert.equal(await state(), "active");
  await m.psql("select data.clock_set((lapses_on + 1)::timestamp at time zone 'Europe/Paris') from data.promise order by id desc limit 1");
  await m.until(async () => (await state()) === "lapsed", "it has lapsed");
  await clock(m, null);
});

test("events are sealed within seconds, whatever else is being written, and the chain holds", async (t) => {
  const write = (kind) => `insert into data.event (at, kind) values (data.now(), '${kind}')`;
  const sealed = (kind) => m.psql(`select exists (select from data.event_seal s join data.event e on e.id = s.event_id where e.kind = '${kind}')`);
  const long = await transaction(m, write("test.long"));
  t.after(() => long.end("rollback"));
  await m.psql(write("test.short"));
  await m.until(async () => (await m.psql("select count(*) from data.event_unsealed")) === "0", "every event that is written is sealed");
  assert.equal(await sealed("test.short"), "t");
  assert.equal(await sealed("test.long"), "f");
  await long.end("commit");
  await m.until(async () => (await sealed("test.long")) === "t", "the one of the long transaction is sealed after it");
  const [seal] = await m.sql("select * from data.event_verify()");
  assert.equal(seal.broken_event, null);
  assert.ok(seal.sealed > 0);
});

test("sessions and answers that have served their time are removed", async () => {
  await m.psql(`
    insert into data.session (token_hash, member_id, organisation_id, opened_at, expires_at)
      select decode(repeat('01', 32), 'hex'), member_id, organisation_id, now() - interval '1 day', now() - interval '1 hour' from data.membership;
    insert into data.idempotency (member_id, key, fingerprint, at)
      select member_id, 'old-answer', '\\x01', now() - interval '31 days' from data.membership`);
  await m.stopWorker();
  m.startWorker();
  await m.until(
    async () => (await m.psql("select (select count(*) from data.session) + (select count(*) from data.idempotency)")) === "0",
    "they are gone",
    15,
  );
});

const receive = async (text) =>
  Number(await m.psql(`insert into data.source_file (kind, organisation_id, name, sha256, bytes, content, received_at)
    select 'partner', id, 'entreprises.csv', '\\x${createHash("sha256").update(text).digest("hex")}', ${Buffer.byteLength(text)},
           '\\x${Buffer.from(text).toString("hex")}', data.now() from data.organisation returning id`));
const fileEnds = (id, state) =>
  m.until(async () => (await m.psql(`select state from data.source_file where id = ${id}`)) === state, `file ${id} is ${state}`, 15);
const told = (id) => m.psql(`select string_agg(kind, ' ') from data.event where kind like 'import.%' and (data ->> 'file')::bigint = ${id}`);

test("a partner's file that arrives is imported, and its end is told", async () => {
  const id = await receive("SIRET;Raison sociale;Code postal;Ville\n12345678200010;Essai;03000;Moulins\n");
  await fileEnds(id, "done");
  assert.equal(await told(id), "import.done");
});

test("a wrong file is refused with its reasons, and the job is not tried again", async () => {
  const id = await receive("\u0000\u0001\u0002 no table\n");
  await fileEnds(id, "refused");
  assert.equal(await told(id), "import.refused");
  await m.until(
    async () => (await m.psql(`select state from data.job where kind = 'import.partner' and payload ->> 'file' = '${id}'`)) === "done",
    "the job is settled",
  );
});

test("a worker that died in each attempt at a file leaves a dead job", async () => {
  await m.stopWorker();
  const id = await receive("SIRET\n12345678200028\n");
  await m.psql(`update data.job set attempts = 4 where kind = 'import.partner' and payload ->> 'file' = '${id}'`);
  m.startWorker();
  await m.until(
    async () => (await m.psql(`select state from data.job where kind = 'import.partner' and payload ->> 'file' = '${id}'`)) === "dead",
    "the job is dead",
  );
});

test("asked to stop, a worker finishes what it has in hand and leaves nothing behind", async () => {
  const [id] = await reserve(m);
  const holder = await transaction(m, `select from data.offer where id = ${id} for update`);
  await clockAround(m, id, 1);
  await untilRunnerWaits(m);
  const start = Date.now();
  const stopping = m.stopWorker("SIGTERM");
  await sleep(500);
  await holder.end("rollback");
  assert.deepEqual(await stopping, [{ code: 0, signal: null }]);
  assert.ok(Date.now() - start < 4000, `after ${Date.now() - start} ms`);
  await openedOnce(m, [id], 1);
  assert.equal(await m.redis("xinfo", "consumers", "maillage:jobs", "workers"), "");
});

test("a worker that cannot finish stops all the same within ten seconds; the next one does the job", async () => {
  const worker = m.startWorker();
  const [id] = await reserve(m);
  // The statement itself gives up after ten seconds: asked to stop at once, the worker must not wait for that.
  const holder = await transaction(m, `select from data.offer where id = ${id} for update`);
  await clockAround(m, id, 1);
  await untilRunnerWaits(m);
  const start = Date.now();
  assert.equal((await m.stopWorker("SIGTERM", worker))[0].code, 0);
  assert.ok(Date.now() - start < 11000, `after ${Date.now() - start} ms`);
  await holder.end("rollback");
  m.startWorker();
  await openedOnce(m, [id], 15);
});

test("--check says whether PostgreSQL and Redis answer", async () => {
  const check = () =>
    new Promise((done) =>
      execFile(join(build, "maillage-worker"), ["--db", m.conninfo("worker"), "--redis", m.redisSocket, "--check"], (error) => done(error?.code ?? 0)),
    );
  assert.equal(await check(), 0);
  await m.stopRedis();
  assert.equal(await check(), 1);
});
