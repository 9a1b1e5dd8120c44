// An import whose worker is killed, whose job is stopped, whose database goes: done once, or not at all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Instance } from "../lib/instance.mjs";

let m, member;
before(async () => {
  m = await Instance.start({ template: "seed" });
  await m.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
  const made = await m.admin("organisation", "create", "--name", "Cap emploi 03", "--network", "ce", "--territory", "1");
  const told = await m.admin("member", "create", "--email", "anne@example.org", "--name", "Anne", "--organisation", made.match(/Structure (\d+)/)[1], "--role", "adviser");
  member = await m.signIn("anne@example.org", told.match(/Mot de passe : (\S+)/)[1]);
});
after(() => m?.stop());

// SIRET with right check digits, all unknown to the list.
function key(digits) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const d = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 2 : 1);
    sum += d > 9 ? d - 9 : d;
  }
  return (10 - (sum % 10)) % 10;
}
function table(from, rows) {
  const lines = ["SIRET;Nom;Commune;CP;Contact"];
  for (let i = from; i < from + rows; i++) {
    const head = `9${String(i).padStart(7, "0")}`;
    const nic = `${head}${key(head)}0001`;
    lines.push(`${nic}${key(nic)};Entreprise ${i};MOULINS;03000;DURAND`);
  }
  return Buffer.from(lines.join("\n") + "\n");
}
const state = async (id) => (await member.get(`/api/imports/${id}`)).body;
const at = (id, wanted, seconds = 60) => m.until(async () => ((await state(id)).state === wanted ? state(id) : null), `import ${id} is ${wanted}`, seconds);
async function looked(name, bytes) {
  const given = await member.request("POST", `/api/imports?preview=true&name=${name}`, bytes, { type: "text/csv" });
  assert.equal(given.status, 202, given.text);
  await at(given.body.id, "ready");
  return given.body.id;
}
// Holds the import where it writes its contacts.
async function held(work) {
  await m.psql(`create or replace function data.test_slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.01); return new; end $$;
    create trigger test_slow before insert on data.contact for each row execute function data.test_slow();`);
  try {
    return await work();
  } finally {
    await m.psql("drop trigger test_slow on data.contact; drop function data.test_slow();");
  }
}
const inContacts = (id) => m.until(async () => (await state(id)).progress?.step === "contacts", "the import writes its contacts");
const counts = (id) => m.psql(`select (select count(*) from data.source_record where file_id = ${id}), (select count(*) from data.link l join data.source_record r on r.id = l.source_record_id where r.file_id = ${id}),
  (select count(*) from data.contact c join data.source_record r on r.id = c.source_record_id where r.file_id = ${id})`);

test("a worker killed in the middle of an import leaves nothing; the next one does it whole", async () => {
  const id = await looked("mort.csv", table(0, 800));
  await held(async () => {
    await member.post(`/api/imports/${id}/start`);
    await inContacts(id);
    assert.equal((await state(id)).state, "running");
    assert.equal(await counts(id), "0|0|0");
    await m.stopWorker("SIGKILL");
  });
  // PostgreSQL notices the loss; nothing of the work is left.
  await m.until(async () => (await m.psql("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'maillage-worker runner'")) === "0", "the connections end", 60);
  assert.equal(await counts(id), "0|0|0");
  assert.equal(await m.psql("select count(*) from data.establishment"), "0");
  m.startWorker();
  const done = await at(id, "done");
  assert.equal(done.summary.created, 800);
  assert.equal(await counts(id), "800|800|800");
  assert.equal(await m.psql(`select count(*) from data.event where kind = 'import.done' and (data ->> 'file')::bigint = ${id}`), "1");
});

test("a worker asked to stop lets go of its import; another does it", async () => {
  const id = await looked("arret.csv", table(1000, 800));
  await held(async () => {
    await member.post(`/api/imports/${id}/start`);
    await inContacts(id);
    await m.stopWorker("SIGTERM");
  });
  assert.notEqual((await state(id)).state, "cancelled");
  m.startWorker();
  await at(id, "done");
  assert.equal(await counts(id), "800|800|800");
});

test("an import that somebody stops changes nothing, and may be given again", async () => {
  const was = await m.psql("select count(*) from data.establishment");
  const bytes = table(2000, 500);
  const id = await looked("stop.csv", bytes);
  await held(async () => {
    await member.post(`/api/imports/${id}/start`);
    await inContacts(id);
    const asked = await member.post(`/api/imports/${id}/cancel`);
    assert.equal(asked.status, 200, asked.text);
    assert.equal(asked.body.progress.stopping, true);
    await at(id, "cancelled");
  });
  assert.equal(await counts(id), "0|0|0");
  assert.equal(await m.psql("select count(*) from data.establishment"), was);
  const again = await looked("stop.csv", bytes);
  assert.notEqual(again, id);
  await member.post(`/api/imports/${again}/start`);
  await at(again, "done");
});

test("a preview whose worker is killed is made by the next one", async () => {
  await m.stopWorker("SIGKILL");
  const given = await member.request("POST", "/api/imports?preview=true&name=vue.csv", table(4000, 3000), { type: "text/csv" });
  m.startWorker();
  await m.until(async () => /import_preview|job_/.test(m.log("worker").slice(-2000)) || (await state(given.body.id)).progress, "it begins");
  await m.stopWorker("SIGKILL");
  await sleep(100);
  m.startWorker();
  await at(given.body.id, "ready");
  assert.equal(await m.psql(`select count(*) from data.import_line where file_id = ${given.body.id}`), "3000");
});
