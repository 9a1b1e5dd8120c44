// An offer opens at its minute, exactly once, whatever dies on the way; and not at all when it was filled before.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Instance } from "../lib/instance.mjs";
import { clock, clockAround, ground, neverOpened, openedOnce, reserve, sleep, transaction, untilRunnerWaits } from "./offers.mjs";

let m;
before(async () => {
  m = await Instance.start({ template: "empty", server: false, worker: 0, ownCluster: true });
  await ground(m);
});
after(() => m?.stop());

/** Runs a test with `count` workers, and ends them afterwards. */
async function withWorkers(count, body) {
  const workers = Array.from({ length: count }, () => m.startWorker());
  await m.until(
    async () =>
      Number(await m.psql("select count(*) from pg_stat_activity where application_name = 'maillage-worker relay'", { role: "postgres" })) >= count,
    "the workers listen",
    10,
  );
  try {
    await body(...workers);
  } finally {
    await m.stopWorker("SIGKILL");
    await clock(m, null);
  }
}

test("two workers open forty offers of the same minute once each, within two seconds", () =>
  withWorkers(2, async () => {
    const ids = await reserve(m, 40);
    await clockAround(m, ids[0], -0.5);
    await openedOnce(m, ids);
    const [{ late }] = await m.sql(`select extract(epoch from max(opened_at - opens_at)) as late from data.offer where id in (${ids})`);
    assert.ok(late < 2, `opened ${late} s late`);
  }));

// Two relays meet at every one of these moments: the one that comes too late holds the row for an instant, and the runner
// that is sent to it must not take that for somebody else's work.
test("two workers open offers due one after the other within two seconds each", () =>
  withWorkers(2, async () => {
    const ids = await reserve(m, 150);
    await m.psql(`
      begin;
      alter table data.offer disable trigger offer_guard;
      update data.offer set opens_at = data.now() + make_interval(secs => 1 + (id - ${ids[0]}) * 0.02) where id in (${ids});
      alter table data.offer enable trigger offer_guard;
      update data.job j set run_at = o.opens_at from data.offer o
       where j.kind = 'offer.open' and j.payload ->> 'offer' = o.id::text and o.id in (${ids});
      notify job;
      commit;`);
    await openedOnce(m, ids);
    const [{ late }] = await m.sql(`select extract(epoch from max(opened_at - opens_at)) as late from data.offer where id in (${ids})`);
    assert.ok(late < 2, `opened ${late} s late`);
  }));

test("not before its minute", () =>
  withWorkers(1, async () => {
    const [id] = await reserve(m);
    await clockAround(m, id, -3);
    await sleep(1500);
    await neverOpened(m, id, "reserved");
    await openedOnce(m, [id]);
  }));

test("a worker killed in the middle of the job: another one opens", () =>
  withWorkers(1, async (first) => {
    const [id] = await reserve(m);
    const holder = await transaction(m, `select from data.offer where id = ${id} for update`);
    await clockAround(m, id, 1);
    await untilRunnerWaits(m);
    m.startWorker();
    await m.stopWorker("SIGKILL", first);
    await holder.end("rollback");
    await openedOnce(m, [id]);
  }));

test("a worker killed while it opens a thousand: the others finish", () =>
  withWorkers(2, async (first) => {
    const ids = await reserve(m, 1000);
    await clockAround(m, ids[0], 1);
    await m.until(
      async () => Number(await m.psql(`select count(*) from data.offer where state = 'open' and id in (${ids})`)) > 0,
      "the first ones are open",
    );
    await m.stopWorker("SIGKILL", first);
    await openedOnce(m, ids);
  }));

test("Redis emptied while the job is under way", () =>
  withWorkers(2, async () => {
    const ids = await reserve(m, 3);
    const holder = await transaction(m, `select from data.offer where id = ${ids[1]} for update`);
    await clockAround(m, ids[0], 1);
    await untilRunnerWaits(m);
    await m.redis("flushall");
    await holder.end("rollback");
    await openedOnce(m, ids);
  }));

test("Redis emptied with a job sent that nobody has read: sent again at once", () =>
  withWorkers(2, async () => {
    const [id] = await reserve(m);
    // As the relay leaves it when it has just sent the message that Redis then loses.
    await m.psql(`update data.job set state = 'sent', sent_at = clock_timestamp(), run_at = data.now()
                   where kind = 'offer.open' and payload ->> 'offer' = '${id}'`);
    await clockAround(m, id, 1);
    const start = Date.now();
    await m.redis("flushall");
    await openedOnce(m, [id]);
    assert.ok(Date.now() - start < 4500, `after ${Date.now() - start} ms`);
  }));

test("a message lost without a trace: the job is sent again after its lease", () =>
  withWorkers(1, async () => {
    const [id] = await reserve(m);
    await m.psql(`update data.job set state = 'sent', sent_at = clock_timestamp(), run_at = data.now()
                   where kind = 'offer.open' and payload ->> 'offer' = '${id}'`);
    await clockAround(m, id, 1);
    await openedOnce(m, [id], 9);
  }));

test("Redis stopped: offers open from their rows, at their minute; started again, others open by it", () =>
  withWorkers(2, async () => {
    const ids = await reserve(m, 600);
    await m.stopRedis("SIGKILL");
    await clockAround(m, ids[0], 1);
    await openedOnce(m, ids);
    const [{ early }] = await m.sql(`select min(extract(epoch from opened_at - opens_at)) as early from data.offer where id in (${ids})`);
    assert.ok(early >= 0, `opened ${-early} s early`);
    await m.startRedis();
    const [next] = await reserve(m);
    await clockAround(m, next, 1);
    await openedOnce(m, [next]);
  }));

for (const how of ["stopPostgres", "killPostgres"]) {
  test(`PostgreSQL restarted over the minute (${how})`, () =>
    withWorkers(2, async () => {
      const ids = await reserve(m, 5);
      await clockAround(m, ids[0], -1.5);
      await m[how]();
      await sleep(2000);
      await m.startPostgres();
      const start = Date.now();
      await openedOnce(m, ids);
      assert.ok(Date.now() - start < 5000, `after ${Date.now() - start} ms`);
    }));

  test(`PostgreSQL restarted in the middle of the job (${how})`, () =>
    withWorkers(2, async () => {
      const ids = await reserve(m, 3);
      const holder = await transaction(m, `select from data.offer where id = ${ids[1]} for update`);
      await clockAround(m, ids[0], 1);
      await untilRunnerWaits(m);
      await m[how]();
      await holder.end("rollback").catch(() => {});
      await m.startPostgres();
      await openedOnce(m, ids);
    }));
}

test("everything at once: a worker killed, Redis emptied, PostgreSQL restarted", () =>
  withWorkers(3, async (first) => {
    const ids = await reserve(m, 600);
    await clockAround(m, ids[0], 1);
    await m.redis("flushall");
    await m.stopWorker("SIGKILL", first);
    await m.stopPostgres();
    await m.startPostgres();
    await m.stopRedis("SIGKILL");
    await m.startRedis();
    await openedOnce(m, ids);
  }));

test("filled at 14 days 23:59: never open", () =>
  withWorkers(2, async () => {
    const [id] = await reserve(m);
    await clockAround(m, id, -60);
    await m.psql(`update data.offer set state = 'filled' where id = ${id}`);
    await clockAround(m, id, 3600);
    await m.until(
      async () => (await m.psql(`select state from data.job where kind = 'offer.open' and payload ->> 'offer' = '${id}'`)) === "done",
      "the job is settled",
    );
    await neverOpened(m, id, "filled");
  }));

test("filled in the very instant: the worker waits for it, then leaves it alone", () =>
  withWorkers(2, async () => {
    const [id] = await reserve(m);
    const filling = await transaction(m, `update data.offer set state = 'filled' where id = ${id}`);
    await clockAround(m, id, 1);
    await untilRunnerWaits(m);
    await filling.end("commit");
    await m.until(
      async () => (await m.psql(`select state from data.job where kind = 'offer.open' and payload ->> 'offer' = '${id}'`)) === "done",
      "the job is settled",
    );
    await neverOpened(m, id, "filled");
  }));

// 15 calendar days of Europe/Paris, over the night of 25 October (25 hours) and of 28 March (23 hours).
for (const [season, confirmed, opens] of [
  ["autumn", "2026-10-12T14:00:00+02:00", "2026-10-27T14:00:00+01:00"],
  ["spring", "2027-03-20T14:00:00+01:00", "2027-04-04T14:00:00+02:00"],
]) {
  test(`across the change of clocks in ${season}`, () =>
    withWorkers(2, async () => {
      await m.psql(`select data.clock_set('${confirmed}')`);
      const [id] = await reserve(m);
      const [{ off }] = await m.sql(`select extract(epoch from opens_at - '${opens}') as off from data.offer where id = ${id}`);
      assert.ok(off >= 0 && off < 2, `opens ${off} s after ${opens}`); // the test itself takes a moment to confirm it
      await clock(m, new Date(Date.parse(opens) - 2000).toISOString());
      await sleep(1000);
      await neverOpened(m, id, "reserved");
      await openedOnce(m, [id]);
    }));
}
