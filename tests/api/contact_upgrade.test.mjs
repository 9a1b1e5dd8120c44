// An instance of the version that kept contacts in plain text: its persons are sealed by the upgrade, cut short or not, and
// nothing readable is left, in rows or in files of the database.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Instance } from "../lib/instance.mjs";
import { olderThan, upgrade } from "../lib/upgrade.mjs";

let m;
before(async () => {
  m = await Instance.start({ template: "empty", server: false, worker: 0, ownCluster: true });
});
after(() => m?.stop());

test("the upgrade moves persons out of the table, and the command seals every one of them", async () => {
  // As the older version left it: its migrations, its rows.
  await olderThan(m, "0006");
  await m.psql(`
    insert into data.territory (name, kind) values ('T', 'project');
    insert into data.organisation (network, territory_id, name, short_name) values ('ft', 1, 'Agence', 'Agence');
    insert into data.establishment (legal_name) values ('Employeur');
    insert into data.contact (establishment_id, organisation_id, family_name, given_name, phone, email, created_at)
    select 1, 1, 'Famillenomclair' || n, 'Prénom', '06' || lpad(n::text, 8, '0'), 'personne' || n || '@clair.example', now() from generate_series(1, 1203) n;
    insert into data.contact (establishment_id, organisation_id, family_name, phone, email, created_at) values (1, 1, 'Bizarre', '001234567', 'a,b@clair.example', now());`);
  await upgrade(m);
  assert.equal(await m.psql("select count(*) from data.contact_plain"), "1204");
  // Nobody may put a person there any more, nor change one and leave it there.
  await assert.rejects(m.psql("update data.contact_plain set phone = null where contact_id = 1"), /plain text/);

  const said = await m.admin("contact", "seal");
  assert.match(said, /1204 interlocuteur\(s\) scellé\(s\)/);
  assert.match(await m.admin("contact", "seal"), /0 interlocuteur\(s\) scellé\(s\), 0 scellé/);
  assert.equal(await m.psql("select count(*) from data.contact_plain"), "0");
  assert.equal(await m.psql("select count(*) from data.contact where person is null"), "0");
  assert.match(await m.admin("person", "find", "personne1203@clair.example"), /Prénom Famillenomclair1203/);
  assert.match(await m.admin("person", "find", "Bizarre"), /Bizarre/);
  assert.equal(await m.psql("select count(*) from data.event"), "0", "being sealed is no event");
});

test("nothing of them is left in the files of the tables", async () => {
  await m.psql("checkpoint", { role: "postgres" });
  const base = await m.psql("select current_setting('data_directory')", { role: "postgres" });
  const tables = (await m.psql("select string_agg(pg_relation_filepath(c.oid), ' ') from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'data' and c.relkind in ('r', 't', 'i') and pg_relation_filepath(c.oid) is not null", { role: "postgres" })).split(" ");
  for (const path of tables) assert.ok(!readFileSync(join(base, path)).includes("Famillenomclair"), path);
});
