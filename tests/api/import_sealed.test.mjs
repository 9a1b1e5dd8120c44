// What partners give speaks of persons: nothing of them stands in the database in plain text, whatever the file becomes; the
// partner gets it all back; what came before is sealed when the instance starts.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Instance } from "../lib/instance.mjs";
import { openDocument } from "../lib/workbook.mjs";

const run = promisify(execFile);

let m, member;
before(async () => {
  m = await Instance.start({ template: "seed" });
  await m.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
  const made = await m.admin("organisation", "create", "--name", "Cap emploi 03", "--network", "ce", "--territory", "1");
  const told = await m.admin("member", "create", "--email", "anne@example.org", "--name", "Anne Martin", "--organisation", made.match(/Structure (\d+)/)[1], "--role", "manager");
  member = await m.signIn("anne@example.org", told.match(/Mot de passe : (\S+)/)[1]);
});
after(() => m?.stop());

const secrets = ["Zébulonne", "Quetzalcoatl", "0612987654", "06 12 98 76 54", "zebulonne.quetzalcoatl", "asthmatique", "Trismégiste"];
const header = "SIRET;Raison sociale;CP;Ville;Contact;Prénom;Fonction;Tél. contact;Mail contact;Notes;Suivi par";
const rows = [
  "41816609600069;OCTO;03000;MOULINS;Quetzalcoatl;Zébulonne;Gérante;06 12 98 76 54;zebulonne.quetzalcoatl@octo.fr;asthmatique;Trismégiste",
  ";SANS SIRET DU CHER;03200;VICHY;Quetzalcoatl;Zébulonne;;06 12 98 76 54;;asthmatique;Trismégiste",
  ";;03200;VICHY;Quetzalcoatl;Zébulonne;;;;asthmatique;Trismégiste",
];
const FILE = `Suivi par Trismégiste;;;;;;;;;;\r\n${header}\r\n${rows.join("\r\n")}\r\n`;

/** Every value of every table, as a backup has it, holds none of the secrets; 'bytea' in the form it is written in, too. */
async function nowhere(when) {
  const dump = (await run("/usr/lib/postgresql/15/bin/pg_dump", ["--data-only", "--no-owner", m.conninfo("postgres")], { maxBuffer: 1 << 30 })).stdout;
  for (const secret of secrets) {
    assert.ok(!dump.includes(secret), `${when}: ${secret} in ${dump.slice(Math.max(0, dump.indexOf(secret) - 200), dump.indexOf(secret) + 60)}`);
    assert.ok(!dump.includes(Buffer.from(secret).toString("hex")), `${when}: ${secret} as bytes`);
  }
}
const at = (id, states) =>
  m.until(async () => {
    const { body } = await member.get(`/api/imports/${id}`);
    return states.includes(body?.state) ? body : null;
  }, `import ${id} is ${states}`);
const give = async (name, content) => (await member.request("POST", `/api/imports?preview=true&name=${encodeURIComponent(name)}`, Buffer.from(content), { type: "application/octet-stream" })).body.id;

test("no word of a person stands in the database: looked at, imported, taken back, refused", async () => {
  const id = await give("suivi.csv", FILE);
  await at(id, ["ready"]);
  await nowhere("looked at");
  // The page shows them all the same, to their own organisation.
  const seen = await m.until(async () => {
    const { body } = await member.get(`/api/imports/${id}/preview`);
    return body.impact.linkage.waiting === "pending" ? null : body;
  }, "it is compared");
  assert.deepEqual(seen.columns.map((column) => column.meaning), ["siret", "name", "postcode", "city", "contact", "given_name", "position", "contact_phone", "contact_email", "notes", null]);
  assert.equal(seen.rows[2].cells[4], "Quetzalcoatl");
  await member.post(`/api/imports/${id}/start`);
  const done = await at(id, ["done"]);
  assert.deepEqual([done.summary.created, done.summary.unusable], [1, 1]);
  await nowhere("imported");
  const back = (await member.get(`/api/imports/${id}/return.csv`)).text.replace(/^\uFEFF/, "").split("\r\n");
  assert.equal(back[0], "Suivi par Trismégiste;;;;;;;;;;;;;");
  assert.equal(back[1], `${header};SIRET trouvé;Rapprochement;Motif`);
  assert.ok(back[2].startsWith(`${rows[0]};41816609600069;créé dans la liste`), back[2]);
  assert.ok(back[4].startsWith(`${rows[2]};;inutilisable`), back[4]);
  // The person is a contact with telephone and mail, which the employer has not.
  const [{ id: employer, phone, email }] = await m.sql("select id, phone, email from data.establishment where siret = '41816609600069'");
  assert.deepEqual([phone, email], [null, null]);
  const sheet = JSON.stringify((await member.get(`/api/establishments/${employer}`)).body);
  assert.match(sheet, /"0612987654"/);
  assert.match(sheet, /zebulonne\.quetzalcoatl@octo\.fr/);
  assert.equal(await m.psql(`select string_agg(k.kind, ',' order by k.kind) from data.contact_key k join data.contact c on c.id = k.contact_id where c.establishment_id = ${employer}`), "email,family,name,phone");
  await member.post(`/api/imports/${id}/revert`);
  await at(id, ["reverted"]);
  await nowhere("taken back");
  const refused = await give("coupe.csv", `${header}\r\n${rows[0]}\r\n${rows[0].slice(0, 70)}`);
  await at(refused, ["refused"]);
  await nowhere("refused");
});

test("nor of those in a spreadsheet, whose columns nobody named", async () => {
  const id = await give("forum.ods", openDocument([{ name: "Forum", rows: [["Entreprise", "Qui", "Où", "Mémo"], ["OCTO FORUM", "Zébulonne Quetzalcoatl", "MOULINS", "asthmatique"]] }]));
  await at(id, ["ready"]);
  await nowhere("looked at");
  await member.post(`/api/imports/${id}/start`);
  await at(id, ["done"]);
  await nowhere("imported");
  assert.match((await member.get(`/api/imports/${id}/return.csv`)).text, /OCTO FORUM;Zébulonne Quetzalcoatl;MOULINS;asthmatique;/);
});

test("a commit that leaves a line in plain text is refused; what came before is sealed at the start", async () => {
  const insert = `insert into data.source_record (file_id, line, received, state) select max(id), 900, '{"SIRET": "1"}', 'unusable' from data.source_file`;
  await assert.rejects(m.psql(insert), /must be sealed/);
  await m.psql("alter table data.source_record disable trigger source_record_sealed", { role: "postgres" });
  await m.psql(`update data.source_record set sealed = null, received = '{"Entreprise": "OCTO FORUM", "Qui": "Zébulonne Quetzalcoatl", "Où": "MOULINS", "Mémo": "asthmatique"}' where file_id = (select max(id) from data.source_file)`);
  await m.psql("alter table data.source_record enable trigger source_record_sealed", { role: "postgres" });
  assert.match(await m.admin("contact", "seal"), /1 ligne\(s\)/);
  assert.match(await m.admin("contact", "seal"), / 0 ligne\(s\)/);
  await nowhere("sealed afterwards");
  const id = await m.psql("select max(id) from data.source_file");
  assert.match((await member.get(`/api/imports/${id}/return.csv`)).text, /OCTO FORUM;Zébulonne Quetzalcoatl;MOULINS;asthmatique;/);
});
