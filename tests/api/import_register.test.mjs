// Register files: what comes in, what a second time changes (nothing), and what a bad file changes (nothing).
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { gunzipSync, gzipSync } from "node:zlib";
import { Instance, shared } from "../lib/instance.mjs";

const NBSP = "\u00A0";
let m, dir;
before(async () => {
  m = await Instance.start({ template: "seed", server: false, worker: 0 });
  dir = mkdtempSync(join(tmpdir(), "maillage-import-"));
});
after(async () => {
  await m?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

/** A command that must fail: what it says on standard error. */
async function refusal(...args) {
  try {
    await m.admin(...args);
  } catch (error) {
    assert.equal(error.code, 1, error.stderr);
    return error.stderr;
  }
  assert.fail(`${args.join(" ")} was accepted`);
}

const counts = (text) => text.match(/(\d+) lus, (\d+) nouveaux, (\d+) modifiés, (\d+) inchangés, (\d+) fermés/).slice(1).map(Number);

function file(name, content) {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

const HEADER = [
  "siren", "nic", "siret", "statutDiffusionEtablissement", "dateCreationEtablissement", "trancheEffectifsEtablissement",
  "anneeEffectifsEtablissement", "dateDernierTraitementEtablissement", "etablissementSiege", "numeroVoieEtablissement",
  "typeVoieEtablissement", "libelleVoieEtablissement", "codePostalEtablissement", "libelleCommuneEtablissement",
  "codeCommuneEtablissement", "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement",
  "dateDebut", "etatAdministratifEtablissement", "enseigne1Etablissement", "denominationUsuelleEtablissement",
  "activitePrincipaleEtablissement", "nomenclatureActivitePrincipaleEtablissement",
];
const ROW = {
  siren: "418166096", nic: "00069", siret: "41816609600069", statutDiffusionEtablissement: "O",
  dateCreationEtablissement: "2010-05-01", trancheEffectifsEtablissement: "12", anneeEffectifsEtablissement: "2022",
  dateDernierTraitementEtablissement: "2024-01-15T10:00:00", etablissementSiege: "true", numeroVoieEtablissement: "34",
  typeVoieEtablissement: "AVENUE", libelleVoieEtablissement: "DE L'OPERA", codePostalEtablissement: "75002",
  libelleCommuneEtablissement: "PARIS 2", codeCommuneEtablissement: "75102",
  coordonneeLambertAbscisseEtablissement: "651099.646360905", coordonneeLambertOrdonneeEtablissement: "6863387.945075555",
  dateDebut: "2020-01-01", etatAdministratifEtablissement: "A", enseigne1Etablissement: "OCTO",
  denominationUsuelleEtablissement: "", activitePrincipaleEtablissement: "62.02A",
  nomenclatureActivitePrincipaleEtablissement: "NAFRev2",
};
const csv = (...rows) =>
  [HEADER, ...rows.map((row) => HEADER.map((name) => ({ ...ROW, ...row })[name]))].map((line) => line.join(",")).join("\n") + "\n";
const other = { siren: "817883150", nic: "00010", siret: "81788315000010" };

test("one establishment: each value where it belongs, once", async () => {
  const path = file("one.csv", csv({}));
  assert.deepEqual(counts(await m.admin("import", "sirene", path)), [1, 1, 0, 0, 0]);
  assert.deepEqual(counts(await m.admin("import", "sirene", path)), [1, 0, 0, 1, 0]);
  const [e] = await m.sql(`select siret, siren, name, address, postcode, city, commune_code, naf, size_band, size_year, is_head,
    status, diffusion, opened_on, closed_on, register_date, round(st_x(location)::numeric, 6) as lon,
    round(st_y(location)::numeric, 6) as lat from data.establishment where siret = '41816609600069'`);
  assert.deepEqual(e, {
    siret: "41816609600069", siren: "418166096", name: "OCTO", address: "34 AVENUE DE L'OPERA", postcode: "75002",
    city: "PARIS 2", commune_code: "75102", naf: "62.02A", size_band: "12", size_year: 2022, is_head: true, status: "A",
    diffusion: "O", opened_on: "2010-05-01", closed_on: null, register_date: "2024-01-15", lon: 2.333382, lat: 48.868662,
  });
});

test("a later file changes what differs; an earlier one changes nothing; nothing is removed", async () => {
  const later = { dateDernierTraitementEtablissement: "2024-06-01T00:00:00", etatAdministratifEtablissement: "F", dateDebut: "2024-05-31" };
  assert.deepEqual(counts(await m.admin("import", "sirene", file("later.csv", csv(later)))), [1, 0, 1, 0, 1]);
  assert.deepEqual(counts(await m.admin("import", "sirene", join(dir, "one.csv"))), [1, 0, 0, 1, 0]);
  assert.deepEqual(counts(await m.admin("import", "sirene", file("other.csv", csv(other)))), [1, 1, 0, 0, 0]);
  const rows = await m.sql("select siret, status, closed_on from data.establishment order by siret");
  assert.deepEqual(rows, [
    { siret: "41816609600069", status: "F", closed_on: "2024-05-31" },
    { siret: "81788315000010", status: "A", closed_on: null },
  ]);
});

test("partial diffusion, old nomenclature, unknown size", async () => {
  const row = {
    siren: "356000000", nic: "00048", siret: "35600000000048", statutDiffusionEtablissement: "P", enseigne1Etablissement: "[ND]",
    numeroVoieEtablissement: "[ND]", typeVoieEtablissement: "[ND]", libelleVoieEtablissement: "[ND]",
    coordonneeLambertAbscisseEtablissement: "[ND]", coordonneeLambertOrdonneeEtablissement: "[ND]",
    trancheEffectifsEtablissement: "NN", activitePrincipaleEtablissement: "64.1A", nomenclatureActivitePrincipaleEtablissement: "NAF1993",
  };
  await m.admin("import", "sirene", file("partial.csv", csv(row)));
  const [e] = await m.sql("select name, address, location is null as nowhere, size_band, size_year, naf, naf_legacy, diffusion from data.establishment where siret = '35600000000048'");
  assert.deepEqual(e, { name: null, address: null, nowhere: true, size_band: null, size_year: null, naf: null, naf_legacy: "64.1A", diffusion: "P" });
});

test("companies give their establishments a name, not those of partial diffusion", async () => {
  const header = "siren,statutDiffusionUniteLegale,etatAdministratifUniteLegale,denominationUniteLegale,nomUniteLegale,prenom1UniteLegale,categorieJuridiqueUniteLegale";
  const path = file("units.csv", `${header}\n817883150,O,A,DINUM SAS,,,5710\n356000000,O,A,LA POSTE,,,5510\n`);
  assert.match(await m.admin("import", "sirene", path), /2 lus, 2 nouveaux.*\n.*1 établissements ont pris le nom/);
  assert.match(await m.admin("import", "sirene", path), /2 lus, 0 nouveaux, 0 modifiés, 2 inchangés/);
  const names = await m.sql("select siret, legal_name from data.establishment where siren in ('817883150', '356000000') order by siret");
  assert.deepEqual(names.map((n) => n.legal_name), [null, "DINUM SAS"]);
  // The next register file, which has no names, keeps it.
  await m.admin("import", "sirene", join(dir, "other.csv"));
  assert.equal((await m.sql("select legal_name from data.establishment where siret = '81788315000010'"))[0].legal_name, "DINUM SAS");
});

test("a bad file is refused with its place, and changes nothing", async () => {
  const good = csv({}, other);
  const lines = good.split("\n");
  const cases = {
    empty: ["", "ligne 1", "le fichier est vide"],
    header_only: [lines[0] + "\n", "ligne 1", "n’a qu’une ligne d’en-tête"],
    binary: [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), `ligne 1, colonne 1${NBSP}: `, "ce n’est ni un tableau de texte"],
    nul: [lines[0] + "\n" + lines[1].replace("OPERA", "OP\0RA") + "\n", `ligne 2, colonne libelleVoieEtablissement${NBSP}: `, "pas du texte"],
    workbook: [Buffer.from("PK\x03\x04......"), "ligne 1, colonne 1", "classeur Excel"],
    truncated: [good.slice(0, -60), "ligne 3, colonne coordonneeLambert", "tronqué"],
    truncated_gzip: [gzipSync(good.repeat(50)).subarray(0, 200), "ligne ", "tronqué"],
    long_line: [lines[0] + "\n" + lines[1] + "\n" + "x".repeat(10_000_000) + "\n", `ligne 3, colonne siren${NBSP}: `, `dépasse 1${NBSP}Mo`],
    open_quote: [lines[0] + "\n\"" + lines[1] + "\n", "ligne 2, colonne siren", "jamais refermé"],
    header: [good.replace("codeCommuneEtablissement", "codeCommune").replace("nomenclature", "nomenclatures"), "ligne 1", "codeCommuneEtablissement"],
    another: ["a;b;c\n1;2;3\n", "ligne 1, colonne a", "StockEtablissement"],
    windows: [Buffer.from(good.replace("DE L'OPERA", "DE L'OPÉRA"), "latin1"), "ligne 2, colonne libelleVoieEtablissement", "UTF-8"],
    utf16: [Buffer.from("\uFEFF" + good, "utf16le"), "ligne 1", "UTF-16"],
    columns: [lines[0] + "\n" + lines[1] + ",x\n", "ligne 2", "nombre de colonnes"],
    siret: [csv({}, { siret: "817883150" }), `ligne 3, colonne siret${NBSP}: `, "SIREN"],
    mismatch: [csv({ siren: "817883150" }), "ligne 2, colonne siret", "ne commence pas par le SIREN"],
    date: [csv({ dateDebut: "2023-02-30" }), "ligne 2, colonne dateDebut", "n’existe pas"],
    twice: [csv(other, {}, other), "ligne 4, colonne siret", "déjà dans le fichier"],
    json: ['{"a": [1]}', "ligne 1, colonne 1", "JSON"],
  };
  const state = () => m.psql("select md5(string_agg(e::text, '|' order by id)) from data.establishment e; select count(*) from data.source_file; select count(*) from data.company; select count(*) from data.event");
  const before = await state();
  for (const [name, [content, place, why]] of Object.entries(cases)) {
    const said = await refusal("import", "sirene", file(`${name}.csv`, content));
    assert.ok(said.includes(place) && said.includes(why), `${name}: ${said}`);
    assert.match(said, /Rien n’a été modifié/, name);
  }
  assert.match(await refusal("import", "sirene", join(dir, "nothing.csv")), /il n’existe pas/);
  assert.equal(await state(), before);
});

test("contours take the place of the drawn cells; a wrong one changes nothing", async () => {
  const square = (code, x) => ({
    type: "Feature", properties: { code, nom: "?" },
    geometry: { type: "Polygon", coordinates: [[[x, 46.56], [x + 0.01, 46.56], [x + 0.01, 46.57], [x, 46.57], [x, 46.56]]] },
  });
  const collection = (...features) => JSON.stringify({ type: "FeatureCollection", features });
  assert.match(await m.admin("import", "contours", file("a.geojson", collection(square("03190", 3.33), square("99999", 3.4)))),
    /2 lus, 1 modifiés, 0 inchangés, 1 sans commune/);
  assert.match(await m.admin("import", "contours", join(dir, "a.geojson")), /0 modifiés, 1 inchangés/);
  const bad = {
    word: [{ ...square("03190", 3), geometry: { type: "Polygon", coordinates: [[[3, 46], [3.1, "nord"], [3.1, 46.1], [3, 46]]] } }, "élément 1, 03190"],
    swapped: [{ ...square("03190", 3), geometry: { type: "Polygon", coordinates: [[[46, 300], [46, 301], [47, 301], [46, 300]]] } }, "limites"],
    point: [{ ...square("03190", 3), geometry: { type: "Point", coordinates: [3, 46] } }, "contour"],
    code: [square("Moulins", 3), "code"],
  };
  for (const [name, [feature, why]] of Object.entries(bad)) {
    const said = await refusal("import", "contours", file(`${name}.geojson`, collection(feature)));
    assert.ok(said.includes(why), `${name}: ${said}`);
  }
  assert.match(await refusal("import", "contours", file("cut.geojson", '{"type":\n"Feat')), /ligne 2/);
  assert.equal((await m.sql("select cell_kind from data.commune where code = '03190'"))[0].cell_kind, "contour");
});

test("the clock moves on test instances only", async () => {
  assert.match(await m.admin("clock", "set", "2026-03-29T01:30:00+01:00"), /2026-03-29 01:30/);
  assert.match(await m.admin("clock", "set", "2026-07-01 12:00"), /2026-07-01 12:00/);
  await m.admin("instance", "--test-clock", "off");
  assert.match(await refusal("clock", "set", "2026-03-29T01:30:00+01:00"), /--test-clock/);
  assert.match(await refusal("clock", "set", "hier"), /maillage-admin/);
  await m.admin("instance", "--test-clock", "on");
  await m.admin("clock", "reset");
});

// The real files, which are not part of the project.
test("18,700 real establishments of Lyon 4e", { skip: !shared }, async () => {
  const path = join(shared, "data/sirene/lyon4_etablissements_a.csv.gz");
  assert.deepEqual(counts(await m.admin("import", "sirene", path)), [18700, 18700, 0, 0, 12299]);
  assert.deepEqual(counts(await m.admin("import", "sirene", path)), [18700, 0, 0, 18700, 12299]);
  const source = gunzipSync(readFileSync(path)).toString().trim().split("\n").slice(1).map((line) => line.split(","));
  const open = source.filter((row) => row[45] === "A").length;
  const [found] = await m.sql(`select count(*) filter (where status = 'A')::int as open, count(*) filter (where naf is not null)::int as naf,
    count(*) filter (where naf_legacy is not null)::int as legacy, count(*) filter (where size_band is not null)::int as sized
    from data.establishment where commune_code = '69384'`);
  const second = source.filter((row) => row[51] === "NAFRev2" && row[50] !== "00.00Z" && /^\d\d\.\d\d[A-Z]$/.test(row[50])).length;
  assert.equal(found.open, open);
  assert.equal(found.naf, second);
  assert.ok(found.legacy > 4000 && found.sized > 800, JSON.stringify(found));
});

test("the other layouts", { skip: !shared }, async () => {
  const data = join(shared, "data/sirene");
  assert.deepEqual(counts(await m.admin("import", "sirene", join(data, "stock_etablissements_ok_3_lignes_2020.csv"))), [3, 3, 0, 0, 3]);
  assert.deepEqual(counts(await m.admin("import", "sirene", join(data, "annuaire_entreprises_echantillon.csv")))[0], 280);
  assert.deepEqual(counts(await m.admin("import", "sirene", join(data, "annuaire_entreprises_echantillon.csv"))), [280, 0, 0, 280, 107]);
  assert.match(await m.admin("import", "sirene", join(data, "stock_unites_legales_ok_3_lignes_2020_noms_fictifs.csv")), /3 lus, 3 nouveaux/);
  const [near] = await m.sql("select count(*)::int as n from data.establishment where location is not null and siren = '775663438'");
  assert.ok(near.n > 90);
  assert.match(await m.admin("import", "contours", join(shared, "data/geo/communes-03-2018.geojson")), /317 lus, 317 modifiés/);
});

test("memory stays small whatever the size of the file", async () => {
  const rows = Array.from({ length: 60000 }, (_, i) => {
    const nic = String(i).padStart(5, "0");
    return { siren: "", nic, siret: "356000000" + nic, enseigne1Etablissement: `BUREAU ${i}` };
  });
  const path = file("big.csv", csv(...rows));
  const peak = await new Promise((done, fail) => {
    let most = 0;
    const child = execFile(join(process.env.MAILLAGE_BUILD ?? "build", "maillage-admin"), ["--db", m.conninfo("owner"), "import", "sirene", path],
      (error) => (clearInterval(timer), error ? fail(error) : done(most)));
    const timer = setInterval(() => {
      try {
        most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0));
      } catch {
        // It has just ended.
      }
    }, 20);
  });
  assert.ok(peak > 0 && peak < 128 * 1024, `${peak} kB`);
});
