// What the fault tests share: a territory of one commune, offers in it, and what must be true once one has opened.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export { sleep };

/** The least an offer needs. The clock may be set. */
export function ground(m) {
  return m.psql(`
    insert into data.commune (code, name, department) values ('03190', 'Moulins', '03') on conflict do nothing;
    insert into data.territory (name, kind) values ('Moulins', 'bassin');
    insert into data.territory_commune select id, '03190' from data.territory where name = 'Moulins';
    insert into data.organisation (network, territory_id, name, short_name)
      select 'ft', id, 'Agence de Moulins', 'FT Moulins' from data.territory where name = 'Moulins';
    insert into data.member (email, name) values ('anne@example.org', 'Anne Essai');
    insert into data.membership (member_id, organisation_id, role)
      select m.id, o.id, 'adviser' from data.member m, data.organisation o;
    insert into data.rome (code, label) values ('N1101', 'Conduite d’engins') on conflict do nothing;
    insert into data.establishment (siret, legal_name, commune_code) values ('12345678200010', 'Essai', '03190');
    update data.clock set test_allowed = true;`);
}

/** Makes offers that were confirmed just now and are reserved; their ids, in order. */
export async function reserve(m, count = 1) {
  const out = await m.psql(`
    create temporary table made (id bigint);
    with o as (
      insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract)
      select e.id, g.id, p.id, 'Cariste ' || i, 'N1101', 'cdi'
        from generate_series(1, ${count}) i, data.establishment e, data.organisation g, data.member p
       where e.siret = '12345678200010' and g.name = 'Agence de Moulins' and p.email = 'anne@example.org'
      returning id)
    insert into made select id from o;
    update data.offer set state = 'confirmed', confirmed_with = 'M. Petit' where id in (select id from made);
    update data.offer set state = 'reserved' where id in (select id from made);
    select id from made order by id;`);
  return out.split("\n").map(Number);
}

/**
 * Sets the clock `seconds` before (negative) or after the opening of an offer. On disk when it returns, with all that
 * was done before: the clusters of the tests do not wait for their log otherwise, and lose the last moments when killed.
 */
export function clockAround(m, offer, seconds) {
  return m.psql(`set synchronous_commit = on; select data.clock_set(opens_at + make_interval(secs => ${seconds})) from data.offer where id = ${offer}`);
}

export function clock(m, at) {
  return m.psql(`select data.clock_set(${at ? `'${at}'` : "null"})`);
}

const stateOf = (m, ids) =>
  m.sql(`select o.id, o.state, o.opened_at >= o.opens_at as on_time,
                (select count(*) from data.offer_step s where s.offer_id = o.id and s.to_state = 'open') as steps,
                (select count(*) from data.publication p where p.offer_id = o.id) as publications,
                (select count(*) from data.board_line b where b.offer_id = o.id and b.opened_at = o.opened_at) as lines,
                (select count(*) from data.event e where e.offer_id = o.id and e.kind = 'offer.opened') as events,
                (select string_agg(j.state, ' ') from data.job j
                  where j.kind = 'offer.open' and j.payload ->> 'offer' = o.id::text) as jobs
           from data.offer o where o.id in (${ids.join(",")}) order by o.id`);

/** Waits until all are open and their jobs settled, then checks in SQL that each opened exactly once. */
export async function openedOnce(m, ids, seconds = 30) {
  await m.until(
    async () =>
      (await m.psql(`select not exists (select from data.offer where id in (${ids.join(",")}) and state <> 'open')
                        and not exists (select from data.job where state in ('waiting', 'sent') and kind = 'offer.open'
                                           and payload ->> 'offer' in (${ids.map((id) => `'${id}'`).join(",")}))`)
      ) === "t",
    `${ids.length} offers are open`,
    seconds,
  );
  for (const o of await stateOf(m, ids)) {
    assert.deepEqual(o, { id: o.id, state: "open", on_time: true, steps: 1, publications: 1, lines: 1, events: 1, jobs: "done" });
  }
}

export async function neverOpened(m, id, state) {
  const [o] = await stateOf(m, [id]);
  assert.deepEqual([o.state, o.steps, o.publications, o.lines, o.events], [state, 0, 0, 0, 0]);
}

/** A transaction that stays open in a psql of its own: `await tx.say(sql)`, `await tx.end("commit")`. */
export async function transaction(m, first) {
  const child = execFile("/usr/lib/postgresql/15/bin/psql", [
    "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1", `--dbname=${m.conninfo("owner")}`,
  ]);
  let isOver = false;
  const ended = new Promise((done) => child.once("exit", done)).then(() => (isOver = true));
  let text = "";
  child.stdout.on("data", (more) => (text += more));
  let n = 0;
  const tx = {
    async say(sql) {
      const mark = `mark ${++n}`;
      child.stdin.write(`${sql};\n\\echo ${mark}\n`);
      while (!text.includes(mark)) {
        if (isOver) throw new Error(`psql stopped at ${sql}`);
        await sleep(5);
      }
    },
    async end(how) {
      if (isOver) return;
      child.stdin.end(`${how};\n`);
      await ended;
    },
  };
  await tx.say("begin");
  await tx.say(first);
  return tx;
}

/** Waits until a runner waits, inside its transaction, for a row that somebody holds. */
export function untilRunnerWaits(m, count = 1) {
  return m.until(
    async () =>
      Number(await m.psql(`select count(*) from pg_stat_activity
           where datname = current_database() and application_name = 'maillage-worker runner' and wait_event_type = 'Lock'`, { role: "postgres" })) >= count,
    "a runner waits for the row",
  );
}
