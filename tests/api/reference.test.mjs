// References that are checked once per statement (schema/api/03_refer.sql): what a foreign key promises, attacked by two at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Instance } from "../lib/instance.mjs";

let m;
before(async () => {
  m = await Instance.start({ template: "seed", server: false, worker: 0 });
  await m.psql(`
    insert into data.territory (name, kind) values ('Essai', 'project');
    insert into data.organisation (network, territory_id, name, short_name) select 'ft', id, 'Agence d’essai', 'Essai' from data.territory where name = 'Essai';`);
});
after(() => m?.stop());

let made = 0;
const employer = async () => {
  const name = `Employeur ${++made}`;
  await m.psql(`insert into data.establishment (legal_name, city) values ('${name}', 'MOULINS')`);
  return (await m.sql(`select id from data.establishment where legal_name = '${name}'`))[0].id;
};
const write = (id) => `insert into data.establishment_value (establishment_id, field, value, rule, since) values (${id}, 'phone', '0470000000', 'only', now())`;
const remove = (id) => `delete from data.establishment where id = ${id}`;
const refused = (error) => error.sqlstate === "23503";
/** What became of a transaction: "done", or the state of its error. */
const fate = (text) => m.psql(text).then(() => "done", (error) => error.sqlstate);
const left = async (id) => {
  const [row] = await m.sql(`select (select count(*) from data.establishment_value where establishment_id = ${id}) as rows, (select count(*) from data.establishment where id = ${id}) as employers`);
  return [row.rows, row.employers];
};
/** A transaction that has done `text` and stays open until somebody waits for it: resolves to its end. */
const holding = async (text) => {
  const end = fate(`begin; ${text}; select pg_advisory_xact_lock(77);
    do $$ begin
      for i in 1 .. 2000 loop
        perform pg_stat_clear_snapshot();
        if exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') then
          return;
        end if;
        perform pg_sleep(0.01);
      end loop;
      raise 'nobody waits';
    end $$; commit`);
  for (let i = 0; i < 1000; i++) {
    if ((await m.sql("select 1 as one from pg_locks where locktype = 'advisory' and objid = 77 and granted and database = (select oid from pg_database where datname = current_database())")).length) return { end };
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("the first transaction did not begin");
};

test("no row for an employer that is not there, no employer removed under a row", async () => {
  await assert.rejects(m.psql(write(999_999_999)), refused);
  const id = await employer();
  await m.psql(write(id));
  await assert.rejects(m.psql(remove(id)), refused);
  await assert.rejects(m.psql(`update data.establishment_value set establishment_id = 999999999 where establishment_id = ${id}`), refused);
  assert.deepEqual(await left(id), [1, 1]);
});

test("who writes first keeps the employer, and who removes first wins", async () => {
  const kept = await employer();
  const first = await holding(write(kept));
  assert.equal(await fate(remove(kept)), "23503");
  assert.equal(await first.end, "done");
  assert.deepEqual(await left(kept), [1, 1]);

  const gone = await employer();
  const removal = await holding(remove(gone));
  assert.equal(await fate(write(gone)), "23503");
  assert.equal(await removal.end, "done");
  assert.deepEqual(await left(gone), [0, 0]);
});

test("twenty at once, and never a row without its employer", async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, employer));
  const fates = await Promise.all(ids.flatMap((id, i) => (i % 2 ? [fate(write(id)), fate(remove(id))] : [fate(remove(id)), fate(write(id))])));
  assert.deepEqual([...new Set(fates)].sort(), ["23503", "done"]);
  for (const id of ids) assert.ok(["1,1", "0,0"].includes(String(await left(id))));
});

test("a transaction that would not see the others may not remove", async () => {
  const id = await employer();
  assert.equal(await fate(`begin isolation level repeatable read; ${remove(id)}; commit`), "23503");
});

test("a value keeps the row of the file that it comes from", async () => {
  await m.psql(`
    insert into data.source_file (kind, organisation_id, name, sha256, bytes, received_at, state)
    select 'partner', id, 'liste.csv', sha256('a'), 1, now(), 'done' from data.organisation where short_name = 'Essai';
    insert into data.source_record (file_id, line, received, sealed, state) select max(id), 1, '{}', decode(repeat('00', 60), 'hex'), 'linked' from data.source_file;`);
  const [{ record }] = await m.sql("select max(id) as record from data.source_record");
  const id = await employer();
  const value = (from) => `insert into data.establishment_value (establishment_id, field, value, source_record_id, rule, since) values (${id}, 'email', 'a@b.example', ${from}, 'only', now())`;
  await assert.rejects(m.psql(value(record + 1000)), refused);
  await m.psql(value(record));
  await assert.rejects(m.psql(`delete from data.source_record where id = ${record}`), refused);
  // So does a link, which a merge may move and nothing else takes from its row.
  await m.psql(`delete from data.establishment_value where establishment_id = ${id}`);
  const link = (from) => `insert into data.link (source_record_id, establishment_id, score, method, evidence, decided_at) values (${from}, ${id}, 1, 'siret', '{}', now())`;
  await assert.rejects(m.psql(link(record + 1000)), refused);
  await m.psql(link(record));
  await assert.rejects(m.psql(`delete from data.source_record where id = ${record}`), refused);
  await assert.rejects(m.psql(`update data.link set source_record_id = ${record + 1000} where establishment_id = ${id}`), refused);
});
