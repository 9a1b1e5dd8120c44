// The import desk: a file is looked at, its columns corrected, imported, given back and taken back.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { parts, readWorkbook, workbook, zip } from "../lib/workbook.mjs";

let m, member, other, organisation;
before(async () => {
  m = await Instance.start({ template: "seed" });
  await m.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
  const join = async (name, network, email) => {
    const made = await m.admin("organisation", "create", "--name", name, "--network", network, "--territory", "1");
    const id = made.match(/Structure (\d+)/)[1];
    const told = await m.admin("member", "create", "--email", email, "--name", "Anne Martin", "--organisation", id, "--role", "adviser");
    return [id, await m.signIn(email, told.match(/Mot de passe : (\S+)/)[1])];
  };
  [organisation, member] = await join("Cap emploi 03", "ce", "anne@example.org");
  [, other] = await join("Mission locale", "ml", "paul@example.org");
  // What linkage makes of rows without SIRET has its own tests; here it comes once, at the end.
  await m.psql("alter table data.source_file disable trigger records_wait");
});
after(() => m?.stop());

const give = (name, content, who = member) => who.request("POST", `/api/imports?preview=true&name=${encodeURIComponent(name)}`, Buffer.from(content), { type: "application/octet-stream" });
const at = (id, states, who = member) =>
  m.until(async () => {
    const { body } = await who.get(`/api/imports/${id}`);
    return states.includes(body?.state) ? body : null;
  }, `import ${id} is ${states}`);
const preview = (id) =>
  m.until(async () => {
    const { body } = await member.get(`/api/imports/${id}/preview`);
    return body.impact?.linkage?.waiting === "pending" ? null : body;
  }, `import ${id} is compared`);
const meanings = (p) => p.columns.map((c) => c.meaning);
const list = () =>
  m.psql(`select (select md5(coalesce(string_agg(e::text, '|' order by id), '')) from data.establishment e),
    (select md5(coalesce(string_agg(v::text, '|' order by establishment_id, field), '')) from data.establishment_value v),
    (select md5(coalesce(string_agg(c::text, '|' order by id), '')) from data.contact c),
    (select md5(coalesce(string_agg(l::text, '|' order by id), '')) from data.link l where undone_at is null)`);

/** Given and looked at: the file and what was seen. */
async function looked(name, content) {
  const given = await give(name, content);
  assert.equal(given.status, 202, given.text);
  const file = await at(given.body.id, ["ready", "refused"]);
  return { id: file.id, file, seen: file.state === "ready" ? await preview(file.id) : null };
}

async function imported(id) {
  const started = await member.post(`/api/imports/${id}/start`);
  assert.equal(started.status, 200, started.text);
  return at(id, ["done", "refused"]);
}

const FILE = [
  "Entreprises suivies;;;;;;", "Extraction du 12/11/2026;;;;;;",
  "N° SIRET;Raison sociale;Commune;CP;Téléphone;Contact;Prénom",
  "41816609600069;OCTO;MOULINS;3000;470000001;DUPONT;Anne",
  "1545141200025;\"FERME; DU PRE\";ST POURCAIN SUR SIOULE;03500;;;",
  "4,10353E+13;GARAGE;VICHY;03200;;;",
  ";SANS SIRET;VICHY;03200;;;",
  ";;VICHY;03200;;;",
].join("\r\n") + "\r\n";

test("a file is looked at: nothing is written in the list, and every line is told", async () => {
  const was = await list();
  const { id, file, seen } = await looked("suivi.csv", FILE);
  assert.equal(file.previewed, true);
  assert.equal(seen.kind, "text");
  assert.equal(seen.header, 3);
  assert.equal(seen.separator, ";");
  assert.equal(seen.encoding, "UTF-8");
  assert.deepEqual(meanings(seen), ["siret", "name", "city", "postcode", "phone", "contact", "given_name"]);
  // Two rows without a usable SIRET resemble nothing: they would come into the list.
  assert.deepEqual(seen.impact, {
    read: 5, linked: 0, created: 4, review: 0, unusable: 1, restored: 1, establishments: 2, new: 2,
    linkage: { linked: 0, review: 0, created: 2, unplaced: 0 },
  });
  assert.deepEqual(seen.reasons.map((r) => [r.outcome, r.code, r.count, r.line]).sort(), [
    ["created", "siret_empty", 1, 7], ["created", "siret_restored", 1, 5], ["created", "siret_scientific", 1, 6], ["unusable", "row_unusable", 1, 8],
  ]);
  const lines = (await member.get(`/api/imports/${id}/lines`)).body.items;
  assert.deepEqual(lines.map((l) => [l.line, l.outcome]), [[4, "created"], [5, "created"], [6, "created"], [7, "created"], [8, "unusable"]]);
  assert.equal((await member.get(`/api/imports/${id}/lines?outcome=created`)).body.items.length, 4);
  assert.equal((await member.get(`/api/imports/${id}/lines?faulty=true`)).body.items.length, 4);
  assert.equal(await list(), was);
  assert.equal(await m.psql("select count(*) from data.source_record"), "0");
  // Nobody else sees it.
  assert.equal((await other.get(`/api/imports/${id}/preview`)).status, 404);
  assert.deepEqual((await other.get(`/api/imports/${id}/lines`)).body.items, []);
  for (const step of ["start", "cancel", "revert"]) assert.equal((await other.post(`/api/imports/${id}/${step}`)).status, 404, step);
  assert.equal((await other.put(`/api/imports/${id}/layout`, { header: 3 })).status, 404);
  // The same file again is the same preview.
  const again = await give("encore.csv", FILE);
  assert.equal(again.status, 200);
  assert.equal(again.body.id, id);
});

test("it is imported as it was looked at; given back in its own layout; the same again changes nothing", async () => {
  const { body } = await give("suivi.csv", FILE);
  const done = await imported(body.id);
  assert.deepEqual([done.summary.created, done.summary.review, done.summary.unusable], [2, 2, 1]);
  assert.equal((await member.get(`/api/imports/${body.id}/lines`)).body.items.length, 0);
  const errors = await member.get(`/api/imports/${body.id}/errors.csv`);
  assert.match(errors.headers.get("content-disposition"), /filename="suivi-erreurs.csv"/);
  const faulty = errors.text.replace(/^\uFEFF/, "").split("\r\n");
  assert.deepEqual(faulty.slice(0, 3), ["Entreprises suivies;;;;;;;", "Extraction du 12/11/2026;;;;;;;", "N° SIRET;Raison sociale;Commune;CP;Téléphone;Contact;Prénom;Motif"]);
  assert.match(faulty[3], /^1545141200025;"FERME; DU PRE";ST POURCAIN SUR SIOULE;03500;;;;".*zéros de tête.*"$|^1545141200025;"FERME; DU PRE";ST POURCAIN SUR SIOULE;03500;;;;[^;]*zéros de tête/);
  assert.equal(faulty.length, 3 + 4 + 1);
  const back = (await member.get(`/api/imports/${body.id}/return.csv`)).text.split("\r\n");
  assert.equal(back[2], "N° SIRET;Raison sociale;Commune;CP;Téléphone;Contact;Prénom;SIRET trouvé;Rapprochement;Motif");
  assert.match(back[4], /;01545141200025;créé dans la liste;/);
  // Without a usable SIRET: compared in the preview, and new to the list.
  assert.match(back[5], /^4,10353E\+13;GARAGE;VICHY;03200;;;;;créé dans la liste;/);
  const was = await list();
  assert.equal((await give("suivi.csv", FILE)).body.id, body.id);
  assert.equal((await member.post(`/api/imports/${body.id}/start`)).body.code, "import_state");
  assert.equal(await list(), was);
});

test("columns that nobody would guess are named once, and known next time", async () => {
  const odd = (rows) => `Réf;Qui;Où;Num\n${rows}\n`;
  const { id, seen } = await looked("bizarre.csv", odd("A1;GARAGE DU PONT;VICHY;552032534"));
  assert.equal(seen.usable, false);
  assert.equal((await member.post(`/api/imports/${id}/start`)).body.code, "import_no_key");
  const said = await member.put(`/api/imports/${id}/layout`, { header: 1, lines: 1, columns: ["own_key", "name", "city", "siren"] });
  assert.equal(said.status, 202, said.text);
  await at(id, ["ready"]);
  const corrected = await preview(id);
  assert.equal(corrected.usable, true);
  assert.deepEqual(corrected.columns.map((c) => c.source), ["name", "person", "person", "person"]);
  assert.equal((await imported(id)).summary.review, 1);
  const next = await looked("bizarre 2.csv", odd("A2;CAFE DE LA GARE;VICHY;552032534\nA3;B;VICHY;"));
  assert.equal(next.seen.known, true);
  assert.deepEqual(meanings(next.seen), ["own_key", "name", "city", "siren"]);
  assert.deepEqual(next.seen.columns.map((c) => c.source), ["saved", "saved", "saved", "saved"]);
  // Another organisation names its own columns.
  const theirs = await give("bizarre.csv", odd("A2;CAFE DE LA GARE;VICHY;552032534"), other);
  await at(theirs.body.id, ["ready"], other);
  assert.equal((await other.get(`/api/imports/${theirs.body.id}/preview`)).body.known, false);
  for (const wrong of [{ columns: ["nom"] }, { separator: "." }, { header: -1 }, { lines: 3 }, { odd: 1 }]) {
    assert.equal((await member.put(`/api/imports/${next.id}/layout`, wrong)).status, 422, JSON.stringify(wrong));
  }
});

test("a wrong separator or encoding said by a person is refused with its place, and can be corrected", async () => {
  const { id, seen } = await looked("virgules.csv", Buffer.from("SIRET;Nom;Ville\n41816609600069;Café, bar;Moulins\n", "latin1"));
  assert.equal(seen.encoding, "Windows-1252");
  await member.put(`/api/imports/${id}/layout`, { encoding: "UTF-8" });
  const refused = await at(id, ["refused"]);
  assert.equal((await member.get(`/api/imports/${id}/errors`)).body.items[0].code, "not_utf8");
  assert.equal(refused.errors, 1);
  await member.put(`/api/imports/${id}/layout`, { separator: ";" });
  await at(id, ["ready"]);
  assert.equal((await preview(id)).columns.length, 3);
  assert.equal((await member.get(`/api/imports/${id}`)).body.errors, 0);
});

test("a table without header is told by what it holds", async () => {
  const { seen } = await looked("nu.txt", "41816609600069\tOCTO\t03000\tcontact@octo.fr\n01545141200025\tFERME\t03500\tpre@ferme.fr\n");
  assert.equal(seen.header, 0);
  assert.equal(seen.separator, "\t");
  assert.deepEqual(meanings(seen), ["siret", null, "postcode", "email"]);
});

test("merged header lines: groups above names", async () => {
  const { id, seen } = await looked("groupes.csv", "Liste 2026;;;;;;\nEntreprise;;;Contact;;;Notes\nSIRET;Nom;Ville;Nom;Prénom;Tél.;\n41816609600069;OCTO;MOULINS;DURAND;Paul;0470000002;rappeler\n");
  assert.deepEqual([seen.header, seen.lines], [3, 2]);
  assert.deepEqual(meanings(seen), ["siret", "name", "city", "contact", "given_name", "contact_phone", "notes"]);
  assert.deepEqual(seen.columns.map((c) => c.name), ["SIRET", "Nom", "Ville", "Contact Nom", "Prénom", "Tél.", "Notes"]);
  await imported(id);
  // What may speak of a person is sealed; the partner gets it back.
  const [kept] = await m.sql(`select received, columns, length(sealed) > 43 as sealed from data.source_record r join data.source_file f on f.id = r.file_id where f.id = ${id}`);
  assert.deepEqual(kept, { received: { SIRET: "41816609600069", Nom: "OCTO", Ville: "MOULINS" }, columns: ["SIRET", "Nom", "Ville", "Contact Nom", "Prénom", "Tél.", "Notes"], sealed: true });
  assert.match((await member.get(`/api/imports/${id}/return.csv`)).text, /^\uFEFF?Liste 2026;;;;;;;;;\r\nEntreprise;;;Contact;;;Notes;;;\r\nSIRET;Nom;Ville;Nom;Prénom;Tél\.;;SIRET trouvé;Rapprochement;Motif\r\n41816609600069;OCTO;MOULINS;DURAND;Paul;0470000002;rappeler;41816609600069;/);
});

test("a workbook as people make them", async () => {
  const sheets = [
    { name: "Vide", rows: [] },
    { name: "Cachée", hidden: true, rows: [["SIRET"], ["1"]] },
    {
      name: "Entreprises & co",
      merged: ["A1:F1", "A2:C2", "D2:E2"],
      rows: [
        ["Nos entreprises"], ["Entreprise", null, null, "Contact", null, "Suivi"], ["SIRET", "Raison sociale", "Code postal", "Nom", "Prénom", "Vu le", "Siège"], null,
        [{ n: "4.1816609600069E13" }, { inline: "Café & <bar>" }, { n: 3000, s: 2 }, "DUPONT", { f: "UPPER(\"anne\")", v: "ANNE" }, { n: 46000, s: 1 }, { b: true }],
        [{ n: 1545141200025, s: 3 }, "FERME_x000D_ DU PRE", "03500", null, null, { n: 46000.5, s: 4 }, { e: "#N/A" }],
        ["41816609600069", "OCTO", { n: 3000 }],
      ],
    },
  ];
  const { id, file, seen } = await looked("classeur.xlsx", workbook(sheets));
  assert.equal(file.state, "ready", JSON.stringify(file));
  assert.deepEqual([seen.kind, seen.sheet, seen.header, seen.lines], ["workbook", 2, 3, 2]);
  assert.deepEqual(seen.sheets, ["Vide", "Cachée", "Entreprises & co"]);
  assert.deepEqual(meanings(seen).slice(0, 5), ["siret", "name", "postcode", "contact", "given_name"]);
  const done = await imported(id);
  assert.equal(done.summary.read, 3);
  const kept = await m.sql(`select line, siret from data.source_record where file_id = ${id} order by line`);
  assert.deepEqual(kept.map((r) => [r.line, r.siret]), [[5, "41816609600069"], [6, "01545141200025"], [7, "41816609600069"]]);
  // The hidden sheet when it is asked for.
  const twin = await looked("classeur 2.xlsx", workbook([...sheets, { name: "Autre", rows: [["SIRET", "Nom"], ["01545141200025", "X"]] }]));
  await member.put(`/api/imports/${twin.id}/layout`, { sheet: 3 });
  await at(twin.id, ["ready"]);
  assert.deepEqual(meanings(await preview(twin.id)), ["siret", "name"]);
  // Given back as a text that any spreadsheet opens, or as the workbook it was: every line in its row.
  const back = (await member.get(`/api/imports/${id}/return.csv`)).text;
  assert.match(back, /^\uFEFF?Nos entreprises;/);
  const answer = await fetch(`${m.url}/api/imports/${id}/return.xlsx`, { headers: { cookie: [...member.cookies].map(([k, v]) => `${k}=${v}`).join("; ") } });
  assert.match(answer.headers.get("content-disposition"), /filename="classeur-retour.xlsx"/);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const rows = readWorkbook(bytes)["Entreprises & co"];
  assert.deepEqual(rows[2], ["SIRET", "Raison sociale", "Code postal", "Nom", "Prénom", "Vu le", "Siège", "SIRET trouvé", "Rapprochement", "Motif"]);
  assert.deepEqual(rows.slice(3).map((row) => row.slice(0, 8)), [
    ["41816609600069", "Café & <bar>", "03000", "DUPONT", "ANNE", "2025-12-09", "VRAI", "41816609600069"],
    ["01545141200025", "FERME DU PRE", "03500", , , "2025-12-09 12:00", "#N/A", "01545141200025"],
    ["41816609600069", "OCTO", "3000", , , , , "41816609600069"],
  ]);
  // What was given back is a workbook that may be given again: the same table, with columns more.
  const again = await looked("classeur-retour.xlsx", bytes);
  assert.deepEqual([again.seen.header, again.seen.impact.linked, meanings(again.seen).slice(0, 2)], [3, 3, ["siret", "name"]]);
});

test("damaged and monstrous workbooks are refused in words, with their place", async () => {
  const rows = [["SIRET", "Nom"], ["41816609600069", "OCTO"]];
  const whole = workbook([{ name: "Feuil1", rows }]);
  const changed = (name, change) => zip(parts([{ name: "Feuil1", rows }]).map((part) => (part.name === name ? { ...part, ...change(part) } : part)));
  const sheet = "xl/worksheets/sheet1.xml";
  const cases = {
    cut: [whole.subarray(0, whole.length - 40), "truncated"],
    "half.xlsx": [whole.subarray(0, whole.length / 2), "truncated"],
    crc: [changed(sheet, () => ({ crc: 1 })), "workbook_damaged"],
    xml: [changed(sheet, ({ data }) => ({ data: data.replace("</row>", "") })), "workbook_damaged"],
    string: [changed(sheet, ({ data }) => ({ data: data.replace("<v>3</v>", "<v>99</v>") })), "workbook_damaged"],
    order: [changed(sheet, ({ data }) => ({ data: data.replace('r="2"', 'r="1"') })), "workbook_damaged"],
    locked: [changed(sheet, () => ({ flags: 1 })), "workbook_password"],
    entities: [changed("xl/sharedStrings.xml", ({ data }) => ({ data: `<!DOCTYPE lol [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${data}` })), "workbook_damaged"],
    bomb: [changed(sheet, ({ data }) => ({ data: data.replace("<sheetData>", `<sheetData>${" ".repeat(60_000_000)}`) })), "workbook_too_large"],
    claim: [changed(sheet, () => ({ size: 0xfffffff0 })), "workbook_too_large"],
    empty: [workbook([{ name: "Feuil1", rows: [] }, { name: "Feuil2", rows: [[" "]] }]), "empty_file"],
    wide: [workbook([{ name: "Feuil1", rows: [Array.from({ length: 600 }, (_, i) => `c${i}`)] }]), "too_many_columns"],
    ods: [zip([{ name: "mimetype", data: "application/vnd.oasis.opendocument.spreadsheet", stored: true }, { name: "content.xml", data: "<a/>" }]), "empty_file"],
    docx: [zip([{ name: "word/document.xml", data: "<a/>" }]), "not_a_workbook"],
    xls: [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), "workbook_damaged"],
  };
  for (const [name, [content, code]] of Object.entries(cases)) {
    const { file } = await looked(`${name}.xlsx`, content);
    assert.equal(file.state, "refused", name);
    const [fault] = (await member.get(`/api/imports/${file.id}/errors`)).body.items;
    assert.equal(fault.code, code, `${name}: ${JSON.stringify(fault)}`);
    assert.match(fault.message, /le classeur|le fichier|cette archive|la ligne|ce n’est/, name);
    if (["xml", "string", "order"].includes(name)) {
      assert.match(fault.message, /Feuil1/, name);
      assert.ok(fault.line >= 1 && /^[A-Z]+$/.test(fault.field), `${name}: ${JSON.stringify(fault)}`);
    }
  }
});

test("texts as wrong as they come are refused in words, with their place, and change nothing", async () => {
  const was = await list();
  const cases = {
    truncated: ["SIRET;Nom;Ville\n41816609600069;A;B\n4181660", "truncated", 3],
    long: ["SIRET;Nom\n1;" + "x".repeat(10_000_000) + "\n", "line_too_long", 2],
    nul: [`SIRET;Nom\n1;a${"\0".repeat(40)}b\n`, "binary", 2],
    png: [Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10]), "not_csv", 1],
    only: ["SIRET;Nom\n", "no_rows", 1],
    half16: [Buffer.from([0xff, 0xfe, 0x53, 0, 0x49]), "utf16", 1],
  };
  for (const [name, [content, code, line]] of Object.entries(cases)) {
    const { file } = await looked(`${name}.csv`, content);
    assert.equal(file.state, "refused", name);
    const [fault] = (await member.get(`/api/imports/${file.id}/errors`)).body.items;
    assert.deepEqual([fault.code, fault.line], [code, line], name);
  }
  // What Excel calls "Texte Unicode" is a table like another.
  const wide = await looked("unicode.txt", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("SIRET\tNom\r\n41816609600069\tL’été\r\n", "utf16le")]));
  assert.deepEqual([wide.seen.encoding, wide.seen.separator, wide.seen.rows[1].cells[1]], ["UTF-16", "\t", "L’été"]);
  // An unknown header is shown, not refused: a person may say what its columns are.
  const unknown = await looked("couleurs.csv", "couleur;taille\nbleu;2\n");
  assert.equal(unknown.seen.usable, false);
  assert.equal(await list(), was);
});

test("an import taken back leaves the list as it was, but for what others built on it", async () => {
  await m.psql(`insert into data.establishment (siret, legal_name, commune_code, city) values ('55203253400018', 'Déjà là', '03190', 'MOULINS')`);
  const was = await list();
  const file = "SIRET;Nom;Commune;CP;Téléphone;Contact;Prénom\n55203253400018;AUTRE NOM;MOULINS;03000;0470112233;LEROY;Jean\n35600000000048;POSTE;MOULINS;03000;3631;;\n78467169500087;BANQUE;VICHY;03200;0470112244;;\n";
  const { id, seen } = await looked("reprise.csv", file);
  assert.deepEqual([seen.impact.linked, seen.impact.created], [1, 2]);
  await imported(id);
  assert.notEqual(await list(), was);
  assert.equal((await m.sql("select phone from data.establishment where siret = '55203253400018'"))[0].phone, "0470112233");
  assert.equal((await member.post(`/api/imports/${id}/revert`)).status, 200);
  const reverted = await at(id, ["reverted"]);
  assert.equal(await list(), was);
  assert.deepEqual(reverted.summary.reverted, { contacts: 1, contacts_kept: 0, values: 2, values_kept: 0, links: 3, establishments: 2, establishments_kept: 0 });
  assert.equal(reverted.reverted_by, "Anne Martin");
  assert.equal(await m.psql(`select string_agg(distinct state, ' ') from data.source_record where file_id = ${id}`), "reverted");
  assert.equal(await m.psql(`select string_agg(kind, ' ' order by id) from data.event where (data ->> 'file')::bigint = ${id}`), "import.started import.done import.reverted");
  // What was removed is kept, whole.
  assert.equal(await m.psql(`select string_agg(removed ->> 'siret', ' ' order by removed ->> 'siret') from data.import_undone where file_id = ${id} and kind = 'establishment'`), "35600000000048 78467169500087");
  // Twice is refused, and the same file may be given again.
  assert.equal((await member.post(`/api/imports/${id}/revert`)).body.code, "import_state");
  const again = await looked("reprise.csv", file);
  assert.notEqual(again.id, id);
  await imported(again.id);
  // Others build on it: another partner's own file, and a visit promised.
  const theirs = await give("autre.csv", "SIRET;Nom\n35600000000048;LA POSTE\n", other);
  await at(theirs.body.id, ["ready"], other);
  await other.post(`/api/imports/${theirs.body.id}/start`);
  await at(theirs.body.id, ["done"], other);
  const [bank] = await m.sql("select id from data.establishment where siret = '78467169500087'");
  const due = await m.psql("select data.working_day_after(data.today(), 5)");
  const promised = await other.post("/api/promises", { establishment: bank.id, due_on: due });
  assert.equal(promised.status, 201, promised.text);
  await member.post(`/api/imports/${again.id}/revert`);
  const kept = await at(again.id, ["reverted"]);
  assert.deepEqual([kept.summary.reverted.establishments, kept.summary.reverted.establishments_kept], [0, 2]);
  assert.equal((await m.sql("select legal_name from data.establishment where siret = '78467169500087'"))[0].legal_name, "BANQUE");
});

test("values that another partner also gave take the place of those taken back", async () => {
  const row = (phone) => `SIRET;Nom;Commune;CP;Téléphone\n55203253400018;X;MOULINS;03000;${phone}\n`;
  const first = await looked("tel 1.csv", row("0470110001"));
  await imported(first.id);
  const second = await looked("tel 2.csv", row("0470110002"));
  await imported(second.id);
  const phone = async () => (await m.sql("select phone from data.establishment where siret = '55203253400018'"))[0].phone;
  // Of two files of one network, the later one is believed.
  assert.equal(await phone(), "0470110002");
  await member.post(`/api/imports/${second.id}/revert`);
  await at(second.id, ["reverted"]);
  assert.equal(await phone(), "0470110001");
  await member.post(`/api/imports/${first.id}/revert`);
  await at(first.id, ["reverted"]);
  assert.equal(await phone(), null);
});

test("a workbook with employers on two sheets: each is imported, and taken back, by itself", async () => {
  const { id, seen } = await looked("deux.xlsx", workbook([
    { name: "Moulins", rows: [["SIRET", "Nom", "Ville", "CP"], ["41816609600077", "OCTO NORD", "MOULINS", "03000"]] },
    { name: "Vichy", rows: [["SIRET", "Nom", "Ville", "CP"], ["55208131766522", "EDF VICHY", "VICHY", "03200"]] },
  ]));
  assert.deepEqual([seen.sheets, seen.sheet], [["Moulins", "Vichy"], 0]);
  const again = (sheet, who = member) => who.post(`/api/imports/${id}/sheet`, { sheet });
  assert.equal((await again(1)).body.code, "import_state", "not before the first one is imported");
  await imported(id);
  assert.equal((await again(0)).body.code, "import_sheet_done");
  assert.equal((await again(1, other)).status, 404);
  const second = await again(1);
  assert.deepEqual([second.status, second.body.name, second.body.state], [202, "deux (feuille 2).xlsx", "preview"]);
  await at(second.body.id, ["ready"]);
  assert.equal((await preview(second.body.id)).sheet, 1);
  await imported(second.body.id);
  const there = async () => (await m.psql("select string_agg(siret, ' ' order by siret) from data.establishment where siret in ('41816609600077', '55208131766522')")) ?? "";
  assert.equal(await there(), "41816609600077 55208131766522");
  await member.post(`/api/imports/${second.body.id}/revert`);
  await at(second.body.id, ["reverted"]);
  assert.equal(await there(), "41816609600077", "the first sheet stays");
  assert.equal((await give("deux.xlsx", workbook([{ name: "A", rows: [["SIRET"], ["41816609600077"]] }]))).status, 202, "other bytes are another file");
  // Taken back, the second sheet may come again.
  assert.equal((await again(1)).status, 202);
  const gone = await again(7);
  assert.equal((await at(gone.body.id, ["refused"])).state, "refused", "a sheet that is not there");
});

test("a preview is given up, with its bytes", async () => {
  const { id } = await looked("abandon.csv", "SIRET;Nom\n41816609600069;PAS POUR NOUS\n");
  const gone = await member.post(`/api/imports/${id}/cancel`);
  assert.equal(gone.body.state, "cancelled");
  assert.deepEqual(await m.sql(`select content is null as bare, (select count(*)::int from data.import_line where file_id = ${id}) as lines from data.source_file where id = ${id}`), [{ bare: true, lines: 0 }]);
  assert.equal((await member.get(`/api/imports/${id}/preview`)).status, 404);
  assert.equal((await member.post(`/api/imports/${id}/start`)).body.code, "import_state");
});

test("progress is told through the event stream, to the territory, without a name", async () => {
  const stream = await member.stream();
  const rows = Array.from({ length: 4000 }, (_, i) => `;Entreprise ${i};MOULINS`).join("\n");
  const { id } = await looked("longue.csv", `SIRET;Nom;Commune\n${rows}\n`);
  const ready = await stream.next((e) => e.kind === "import.ready" && e.import === id);
  assert.deepEqual(Object.keys(ready).sort(), ["at", "import", "kind", "organisation", "seq", "territories"]);
  await imported(id);
  await stream.next((e) => e.kind === "import.progress" && e.import === id);
  await stream.next((e) => e.kind === "import.done");
  await stream.close();
});

test("an old encoding that a person names is obeyed", async () => {
  const { id, seen } = await looked("dos.csv", Buffer.from("SIRET;Nom;Ville\r\n41816609600069;CR\xD4ME;MOULINS\r\n", "latin1"));
  assert.equal(seen.encoding, "Windows-1252", "a single letter does not tell");
  assert.equal((await member.put(`/api/imports/${id}/layout`, { encoding: "CP850" })).status, 202);
  await at(id, ["ready"]);
  const told = await preview(id);
  assert.deepEqual([told.encoding, told.rows[1].cells[1]], ["CP850", "CRÈME"]);
});

test("a file given back in Windows-1252 when it came so", async () => {
  const { id } = await looked("été.csv", Buffer.from("SIRET;Nom\n41816609600068;Café d'été\n", "latin1"));
  await imported(id);
  const answer = await fetch(`${m.url}/api/imports/${id}/errors.csv`, { headers: { cookie: [...member.cookies].map(([k, v]) => `${k}=${v}`).join("; ") } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.match(answer.headers.get("content-disposition"), /filename="__t__-erreurs.csv"; filename\*=UTF-8''%C3%A9t%C3%A9-erreurs.csv/);
  assert.match(bytes.toString("latin1"), /^SIRET;Nom;Motif\r\n41816609600068;Café d'été;"?SIRET.*clé de contrôle/);
});

test("what linkage made of its rows is taken back too", async () => {
  await m.psql("alter table data.source_file enable trigger records_wait");
  const was = await list();
  const { id } = await looked("sans siret.csv", "Nom;Adresse;CP;Ville;Téléphone;Contact\nVERRERIE DE LA SIOULE;4 RUE HAUTE;03200;VICHY;0470998877;DURAND\nTONNELLERIE DU CHER;1 QUAI;03200;VICHY;0470998866;\nSANS COMMUNE;;;;;ROBERT\n");
  // What the preview told is used at once: no job compares again.
  assert.equal((await imported(id)).summary.linkage.created, 2);
  assert.equal(await m.psql(`select count(*) from data.job where kind = 'linkage.records' and (payload ->> 'file')::bigint = ${id}`), "0");
  assert.equal(await m.psql("select count(*) from data.establishment where legal_name in ('VERRERIE DE LA SIOULE', 'TONNELLERIE DU CHER')"), "2");
  // The person of a row becomes a contact with its row; the one whose row nobody places waits, sealed.
  const made = await m.sql(`select e.id, c.id as contact from data.establishment e left join data.contact c on c.establishment_id = e.id where e.legal_name = 'VERRERIE DE LA SIOULE'`);
  assert.deepEqual([made.length, made[0].contact !== null], [1, true]);
  const contacts = (await member.get(`/api/establishments/${made[0].id}`)).body;
  assert.match(JSON.stringify(contacts), /DURAND/);
  assert.equal(await m.psql(`select count(*) from data.waiting_person w join data.source_record s on s.id = w.source_record_id where s.file_id = ${id}`), "1");
  // What a person decided meanwhile stays a label.
  await m.psql(`insert into data.review (source_record_id, establishment_id, organisation_id, probability, reason, evidence, rank, proposed_at, state, decided_by, decided_at)
    select s.id, ${made[0].id}, ${organisation}, 0.6, 'likely', '{"decision": "à examiner", "evidence": []}', 1, data.now(), 'different', (select min(id) from data.member), data.now()
      from data.source_record s where s.file_id = ${id} and s.fields ->> 'name' = 'SANS COMMUNE'`);
  await member.post(`/api/imports/${id}/revert`);
  const reverted = await at(id, ["reverted"]);
  assert.equal(reverted.summary.reverted.establishments, 2);
  assert.equal(await list(), was);
  assert.equal(await m.psql(`select count(*) from data.review r join data.source_record s on s.id = r.source_record_id where r.state = 'open' and s.file_id = ${id}`), "0");
  assert.equal(await m.psql(`select count(*) from data.waiting_person w join data.source_record s on s.id = w.source_record_id where s.file_id = ${id}`), "0");
  assert.match((await member.get("/api/reviews/labels.csv")).text, /SANS COMMUNE.*VERRERIE DE LA SIOULE.*différent/);
});

test("a preview that the list has outrun is compared anew", async () => {
  const before = await looked("tonnellerie.csv", "Nom;Adresse;CP;Ville;Téléphone\nTONNELLERIE DES BORDS DE SIOULE;1 QUAI HAUT;03200;VICHY;0470998811\n");
  assert.equal(before.seen.impact.linkage.created, 1);
  // Meanwhile another partner makes the same employer known.
  const twin = (await give("autre.csv", "Nom;Adresse;CP;Ville;Téléphone\nTonnellerie des Bords de Sioule;1 quai Haut;03200;VICHY;04 70 99 88 11\n", other)).body.id;
  await at(twin, ["ready"], other);
  await other.post(`/api/imports/${twin}/start`);
  await m.until(async () => (await other.get(`/api/imports/${twin}`)).body.summary.linkage, "the other file is placed");
  await imported(before.id);
  const { linkage } = (await m.until(async () => {
    const { body } = await member.get(`/api/imports/${before.id}`);
    return body.summary.linkage && body;
  }, "its rows are compared anew")).summary;
  assert.deepEqual([linkage.linked, linkage.created], [1, 0]);
  assert.equal(await m.psql(`select state from data.job where kind = 'linkage.records' and (payload ->> 'file')::bigint = ${before.id}`), "done");
  assert.equal(await m.psql(`select count(*) from data.import_verdict where file_id = ${before.id}`), "0", "nothing is kept of what was foreseen");
});
