// Offers opened by the workers: a hundred thousand due at the same minute while one of the workers is killed, then single ones,
// seen by an open browser.
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "./tools.mjs";

const MANY = 100_000;
const SINGLE = 50;

// Reserved offers and their jobs, due at `opens_at` (SQL of the row number i); their ids.
async function reserve(m, count, opensAt) {
  const out = await m.psql(`
    set session_replication_role = replica;
    create temporary table made (id bigint, opens_at timestamptz);
    with o as (
      insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, posts, commune_code, state,
                              confirmed_with, confirmed_at, opens_at, created_at)
      select e.id, 1, 6, 'Poste mesuré ' || i, 'G1602', 'cdi', 1, e.commune_code, 'reserved', 'La direction', t.at - interval '15 days', t.at, now()
        from generate_series(1, ${count}) i
        cross join lateral (select ${opensAt} as at) t
        join data.establishment e on e.id = i
      returning id, opens_at)
    insert into made select id, opens_at from o;
    insert into data.offer_routing select id, 'ft' from made;
    reset session_replication_role;
    insert into data.job (kind, payload, run_at) select 'offer.open', jsonb_build_object('offer', id), opens_at from made order by id;
    select json_agg(json_build_object('id', id, 'at', extract(epoch from opens_at) * 1000)) from made;`, { role: "postgres" });
  return JSON.parse(out);
}

// A hundred thousand due at one second, two workers of which one dies; `disturb` does more harm. Seconds until all are open.
async function burst(m, say, what, disturb) {
  const workers = [m.startWorker(), m.startWorker()];
  await sleep(1500);
  const many = await reserve(m, MANY, "date_trunc('second', now()) + interval '75 seconds'");
  await m.psql("analyze data.offer, data.job", { role: "postgres" });
  const due = many[0].at;
  if (Date.now() > due) throw new Error("the offers were due before they were there");
  const [first, last] = [many[0].id, many.at(-1).id];
  const open = async () => Number(await m.psql(`select count(*) from data.offer where id between ${first} and ${last} and state = 'open'`));
  await sleep(due - Date.now());
  // One of the two dies in the middle of it and another one starts.
  const dies = 1000 + Math.random() * 5000;
  const killed = sleep(dies).then(async () => {
    await m.stopWorker("SIGKILL", workers[Math.floor(Math.random() * 2)]);
    m.startWorker();
  });
  const harm = disturb?.();
  while ((await open()) < MANY) {
    if (Date.now() > due + 240_000) throw new Error("offers did not open within four minutes");
    await sleep(250);
  }
  const seconds = (Date.now() - due) / 1000;
  await Promise.all([killed, harm]);
  say(`${MANY} offers opened in ${seconds.toFixed(1)} s, a worker killed after ${(dies / 1000).toFixed(1)} s${what}`);
  const [told] = await m.sql(`select count(*)::int as once, min(early)::float as early, (select count(*)::int from data.publication p where p.offer_id between ${first} and ${last}) as published
    from (select s.offer_id, min(extract(epoch from o.opened_at - o.opens_at)) as early from data.offer_step s join data.offer o on o.id = s.offer_id
           where s.offer_id between ${first} and ${last} and s.to_state = 'open' group by 1 having count(*) = 1) x`);
  if (told.once !== MANY || told.published !== MANY) throw new Error(`${told.once} offers opened exactly once, ${told.published} were published, of ${MANY}`);
  if (told.early < 0) throw new Error(`an offer opened ${-told.early} s early`);
  await m.stopWorker();
  return seconds;
}

export async function opening({ m, setting, figure, say }) {
  const seconds = await burst(m, say, "");
  figure("opening.many_seconds", "100,000 offers due at the same second, a worker killed: all open after", seconds, "s", { most: 60 });
  figure("opening.per_second", "  offers opened per second", MANY / seconds, "/s");
  const without = await burst(m, say, ", Redis stopped for a minute after 3 s", async () => {
    await sleep(3000);
    await m.stopRedis("SIGKILL");
    await sleep(60_000);
    await m.startRedis();
  });
  figure("opening.without_redis_seconds", "the same, Redis stopped for a minute after 3 s: all open after", without, "s", { most: 60 });
  m.startWorker();
  m.startWorker();

  await sleep(2000);
  const browser = await setting.session(30);
  const events = await browser.stream();
  const seen = new Map();
  const watch = setInterval(() => {
    for (const e of events.events.splice(0)) if (e.kind === "offer.opened") seen.set(e.offer, Date.now());
  }, 1);
  const single = await reserve(m, SINGLE, "clock_timestamp() + interval '2 seconds' + i * interval '300 milliseconds' + random() * interval '200 milliseconds'");
  await m.until(() => single.every((o) => seen.has(o.id)), "every offer was seen to open", 60);
  clearInterval(watch);
  await events.close();
  const late = single.map((o) => seen.get(o.id) - o.at);
  say(`${SINGLE} single openings: p99 ${quantile(late, 0.99).toFixed(0)} ms after their moment`);
  if (Math.min(...late) < 0) throw new Error("an offer opened before its moment");
  figure("opening.p50_ms", "single openings: a browser sees it after, median", quantile(late, 0.5), "ms");
  figure("opening.p99_ms", "  99th percentile of 50", quantile(late, 0.99), "ms", { most: 2000 });
  await m.stopWorker();
}
