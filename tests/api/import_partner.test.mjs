// A partner's file, by the command and by the browser: every row kept as received, linked by SIRET, once.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { Instance, shared } from "../lib/instance.mjs";

let m, dir, organisation, member;
before(async () => {
  m = await Instance.start({ template: "seed" });
  dir = mkdtempSync(join(tmpdir(), "maillage-partner-"));
  await m.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
  const made = await m.admin("organisation", "create", "--name", "Cap emploi 03", "--network", "ce", "--territory", "1");
  organisation = made.match(/Structure (\d+)/)[1];
  const told = await m.admin("member", "create", "--email", "anne@example.org", "--name", "Anne Martin", "--organisation", organisation, "--role", "manager");
  member = await m.signIn("anne@example.org", told.match(/Mot de passe : (\S+)/)[1]);
});
after(async () => {
  await m?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

function file(name, content) {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

const give = (name, content) => member.request("POST", `/api/imports?name=${encodeURIComponent(name)}`, Buffer.from(content), { type: "text/csv" });

/** The file given, once the worker is done with it. */
async function ended(id) {
  return m.until(async () => {
    const { body } = await member.get(`/api/imports/${id}`);
    return ["done", "refused"].includes(body?.state) ? body : null;
  }, `import ${id} ends`);
}

const FILE = [
  "N° SIRET;Raison sociale;Enseigne;Commune étab.;CP;Téléphone;Courriel;Contact;Prénom;Fonction",
  "418 166 096 00069;OCTO;***OCTO***;MOULINS;3000;04 70 00 00 01 / 06;Contact@Octo.FR;DUPONT;Anne;Gérante",
  "1545141200025;FERME DU PRE;;ST POURCAIN SUR SIOULE;03500;;;;;",
  "4,10353E+13;GARAGE;;VICHY;03200;;;;;",
  "418166096;SIEGE SEUL;;VICHY;03200;;;;;",
  ";\"SANS, \"\"SIRET\"\"\";;VICHY;03200;;;;;",
  ";;;VICHY;03200;;;;;",
  "81788315000010;AILLEURS;;ATLANTIS;;;;;;",
].join("\r\n") + "\r\n";

test("each row finds its place", async () => {
  const path = file("partner.csv", FILE);
  assert.match(await m.admin("import", "partner", "--organisation", organisation, path),
    /7 lignes, 0 rapprochées par SIRET, 2 établissements créés, 4 à examiner, 1 inutilisables\n.*1 SIRET ont été rétablis/);
  const rows = await m.sql(`select r.line, r.state, r.reason, e.siret, e.name, e.commune_code, e.phone, e.email
    from data.source_record r left join data.link l on l.source_record_id = r.id left join data.establishment e on e.id = l.establishment_id order by r.line`);
  assert.deepEqual(rows.map((r) => [r.line, r.state, r.reason]), [
    [2, "linked", null], [3, "linked", null], [4, "review", "siret_scientific"], [5, "review", "siret_is_siren"],
    [6, "review", "siret_empty"], [7, "unusable", "row_unusable"], [8, "review", "commune_unresolved"],
  ]);
  assert.deepEqual(rows[0], { line: 2, state: "linked", reason: null, siret: "41816609600069", name: "OCTO", commune_code: "03190", phone: "0470000001", email: "contact@octo.fr" });
  assert.equal(rows[1].siret, "01545141200025");
  assert.equal(rows[1].commune_code, "03254");
  const [kept] = await m.sql("select received from data.source_record where line = 2");
  assert.equal(kept.received.Enseigne, "***OCTO***");
  assert.equal(kept.received["N° SIRET"], "418 166 096 00069");
  assert.deepEqual(Object.keys(kept.received).sort(), ["CP", "Commune étab.", "Enseigne", "N° SIRET", "Raison sociale"]);
  // The person is sealed, and found by the hash of the name.
  const [contact] = await m.sql("select length(person) as bytes, (select string_agg(kind, ',' order by kind) from data.contact_key k where k.contact_id = c.id) as keys from data.contact c");
  assert.ok(contact.bytes > 43);
  assert.equal(contact.keys, "family,name");
  const [provenance] = await m.sql("select count(*)::int as n from data.establishment_value where rule = 'only'");
  assert.ok(provenance.n >= 8);
});

test("the same file again changes nothing, whoever gives it", async () => {
  const state = () => m.psql("select (select count(*) from data.source_record), (select count(*) from data.link), (select count(*) from data.establishment), (select count(*) from data.source_file)");
  // Rows without a SIRET are compared with the list after the import.
  await m.until(async () => (await m.psql("select count(*) from data.job where kind = 'linkage.records' and finished_at is null")) === "0", "the rows are compared");
  const was = await state();
  assert.match(await m.admin("import", "partner", "--organisation", organisation, join(dir, "partner.csv")), /déjà reçu/);
  assert.equal((await give("again.csv", FILE)).status, 200);
  assert.equal(await state(), was);
});

test("the register speaks: its values win over those that stood for want of better", async () => {
  const header = "siret,statutDiffusionEtablissement,etatAdministratifEtablissement,trancheEffectifsEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,codeCommuneEtablissement,activitePrincipaleEtablissement,nomenclatureActivitePrincipaleEtablissement,enseigne1Etablissement";
  const path = file("register.csv", `${header}\n41816609600069,O,A,12,RUE DE LYON,03000,MOULINS,03190,62.02A,NAFRev2,\n`);
  await m.admin("import", "sirene", path);
  assert.match(await m.admin("import", "sirene", path), /0 nouveaux, 0 modifiés, 1 inchangés/);
  const [e] = await m.sql("select id, brand, city, address, naf, phone from data.establishment where siret = '41816609600069'");
  // The brand and the phone, of which the register says nothing, stay.
  assert.deepEqual({ ...e, id: 0 }, { id: 0, brand: "OCTO", city: "MOULINS", address: "RUE DE LYON", naf: "62.02A", phone: "0470000001" });
  const fields = await m.sql(`select field from data.establishment_value where establishment_id = ${e.id} order by field`);
  assert.deepEqual(fields.map((f) => f.field), ["brand", "email", "legal_name", "phone"]);
});

test("given in the browser: read by the worker, told line by line", async () => {
  const latin = Buffer.from("SIRET;Enseigne;Commune\n41816609600069;Café de l’été;MOULINS\n41816609600068;X;MOULINS\n".replace("’", "'"), "latin1");
  const answer = await give("café.csv", latin);
  assert.equal(answer.status, 202, answer.text);
  const done = await ended(answer.body.id);
  assert.equal(done.state, "done");
  assert.equal(done.encoding, "Windows-1252");
  assert.equal(done.summary.linked, 1);
  assert.equal(done.summary.review, 1);
  const { body } = await member.get(`/api/imports/${answer.body.id}/errors`);
  const fault = body.items.find((item) => item.code === "siret_key");
  assert.equal(fault.line, 3);
  assert.equal(fault.field, "SIRET");
  assert.match(fault.message, /clé de contrôle/);
  const [kept] = await m.sql(`select received from data.source_record where file_id = ${answer.body.id} and line = 2`);
  assert.equal(kept.received.Enseigne, "Café de l'été");
});

test("bad files given in the browser are refused with their place, and change nothing", async () => {
  const state = () => m.psql("select (select count(*) from data.source_record), (select md5(string_agg(e::text, '|' order by id)) from data.establishment e)");
  const was = await state();
  const cases = {
    binary: [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]), "not_csv", 1],
    nul: [`SIRET;Nom\n1;a${"\0".repeat(40)}b\n`, "binary", 2],
    truncated: ["SIRET;Nom;Ville\n41816609600069;A;B\n4181660", "truncated", 3],
    long_line: ["SIRET;Nom\n1;" + "x".repeat(10_000_000) + "\n", "line_too_long", 2],
    header: ["couleur;taille\nbleu;2\n", "header_unknown", 1],
    only_header: ["SIRET;Nom\n", "no_rows", 1],
  };
  for (const [name, [content, code, line]] of Object.entries(cases)) {
    const answer = await give(`${name}.csv`, content);
    assert.equal(answer.status, 202, `${name}: ${answer.text}`);
    const file = await ended(answer.body.id);
    assert.equal(file.state, "refused", name);
    const { body } = await member.get(`/api/imports/${answer.body.id}/errors`);
    assert.deepEqual([body.items[0].code, body.items[0].line], [code, line], name);
    assert.match(body.items[0].message, /[éè ’]/, name);
  }
  const empty = await give("empty.csv", "");
  assert.equal(empty.status, 422);
  assert.equal(empty.body.code, "import_empty");
  assert.equal(await state(), was);
});

test("a folder with all that the organisation gave", async () => {
  const out = join(dir, "export");
  assert.match(await m.admin("export", "--organisation", organisation, "--out", out), /tables/);
  const records = JSON.parse(readFileSync(join(out, "lignes-recues.json"), "utf8"));
  assert.ok(records.some((r) => r.received["N° SIRET"] === "418 166 096 00069" && r.received["Prénom"] === "Anne"));
  const files = JSON.parse(readFileSync(join(out, "fichiers.json"), "utf8"));
  const first = files.find((f) => f.name === "partner.csv");
  assert.equal(readFileSync(join(out, `fichier-${first.id}.recu`), "utf8"), FILE);
  assert.match(readFileSync(join(out, "etablissements.csv"), "utf8"), /^\uFEFFid;siret;/);
});

test("4,595 real rows of a partner", { skip: !shared }, async () => {
  const path = join(shared, "data/entreprises/handi_engages_a.csv");
  const told = await m.admin("import", "partner", "--organisation", organisation, path);
  const [, rows, linked, created, review, unusable] = told.match(/(\d+) lignes, (\d+) rapp\S+ par SIRET, (\d+) ét\S+ créés, (\d+) à examiner, (\d+) inutil/).map(Number);
  assert.equal(rows, 4595);
  assert.equal(linked + created + review + unusable, 4595);
  assert.ok(created > 3500, told);
  assert.match(told, /65 SIRET ont été rétablis/);
  const [stars] = await m.sql("select count(*)::int as n from data.establishment where name like '*%' or name like '%*'");
  assert.equal(stars.n, 0);
  assert.match(await m.admin("import", "partner", "--organisation", organisation, path), /déjà reçu/);
});
