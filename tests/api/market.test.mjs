// The labour market imported by the administration command: what it means, what is refused, and that segments read it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance, shared } from "../lib/instance.mjs";

let m, dir;
before(async () => {
  m = await Instance.start({ template: "seed", worker: 0, server: false });
  dir = mkdtempSync(join(tmpdir(), "maillage-market-"));
});
after(async () => {
  await m?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

const load = async (kind, text) => {
  const path = join(dir, `${kind}.csv`);
  writeFileSync(path, text);
  return m.admin("import", kind, path);
};
const outlook = async (bassin, naf) => (await m.sql(`select projects, difficult, tension, activity from data.outlook where bassin = '${bassin}' and naf = '${naf}'`))[0];

test("five files make the market of an activity in a bassin", async () => {
  await load("bassins", "code_commune,code_bassin,libelle_bassin\n03190,0848,MOULINS\n03185,847,MONTLUCON\n");
  await load("families", "fap_code,rome_code\nS1Z40,G1602\nS1Z40,G1603\nB2Z40,F1703\n");
  // Nineteen in twenty are cooks; the mason's twentieth part does not count as an occupation of the activity.
  await load("hirings", "rome_code;naf_code_sans_point;embauches\nG1602;5610A;700\nG1603;5610A;270\nF1703;5610A;30\nF1703;4399C;500\n");
  await load("bmo", "annee;Code métier BMO;Nom métier BMO;BE23;NOMBE23;Dept;met;xmet;smet\n2023;S1Z40;Cuisiniers;848;MOULINS;03;100;40;*\n2023;S1Z40;Cuisiniers;848;MOULINS;58;20;8;*\n2023;B2Z40;Maçons;848;MOULINS;03;50;*;0\n2022;S1Z40;Cuisiniers;848;MOULINS;03;900;900;0\n");
  await load("tension", "annee;ROME;cbassin;ind_tension_d\n2021;G1602;0848;5\n2021;G1603;0848;1\n2021;F1703;0847;4\n");
  // The family counts once, its two départements together; tension is weighted by hirings: (700 * 5 + 270 * 1) / 970.
  assert.deepEqual(await outlook("848", "56.10A"), { projects: 120, difficult: 40, tension: 39, activity: 1 });
  // A secret is unknown, never 0.
  assert.deepEqual(await outlook("848", "43.99C"), { projects: 50, difficult: null, tension: null, activity: 0 });
  assert.deepEqual(await outlook("847", "43.99C"), { projects: null, difficult: null, tension: 40, activity: 0 });
  await m.psql("insert into data.establishment (siret, legal_name, commune_code, naf, size_band) values ('90000000100011', 'Auberge', '03190', '56.10A', '12')", { role: "postgres" });
  assert.deepEqual((await m.sql("select projects, difficult, tension, potential from data.facet", { role: "postgres" }))[0], { projects: 120, difficult: 40, tension: 39, potential: 73 });
  // A later survey changes what employers are.
  await load("bmo", "annee;Code métier BMO;Nom métier BMO;BE24;met;xmet;smet\n2024;S1Z40;Cuisiniers;848;10;9;*\n");
  assert.deepEqual((await m.sql("select projects, difficult from data.facet", { role: "postgres" }))[0], { projects: 10, difficult: 90 });
});

test("what is wrong is said with its line and column, and nothing is changed", async () => {
  const before = await m.sql("select count(*) from data.tension");
  for (const [kind, text, words] of [
    ["tension", "annee;ROME;cbassin;ind_tension_d\n2021;G1602;848;9\n", /ligne 2.*ind_tension_d/],
    ["hirings", "rome_code;naf_code;embauches\nX9999;5610A;1\n", /ligne 2.*rome_code/],
    ["hirings", "rome_code;embauches\nG1602;1\n", /naf_code/],
    ["bmo", "annee;Code métier BMO;Nom métier BMO;BE23;met;xmet;smet\n2023;S1Z40;Cuisiniers;848;beaucoup;0;0\n", /ligne 2.*met/],
    ["bassins", "code_commune;code_bassin\n3190;848\n", /ligne 2.*code_commune/],
  ])
    await assert.rejects(load(kind, text), (error) => words.test(String(error.stderr ?? error.message)) || assert.fail(String(error.stderr ?? error.message)));
  assert.deepEqual(await m.sql("select count(*) from data.tension"), before);
});

test("the ROME of both versions, and its titles, complete the reference by one command", async () => {
  const path = (name, text) => (writeFileSync(join(dir, name), text), join(dir, name));
  const told = await m.admin("import", "rome",
    path("v3.csv", "code_rome,libelle_rome\nN4999,Conduite d’essai\nN4998,Pilotage d’essai\n"),
    path("v4.csv", "code_rome,code_ogr,libelle_rome,code_rome_parent\nN4999,1,Conducteur / Conductrice d’essai,N4999\nN4997,2,Chef / Cheffe d’essai,N4999\nN4996,3,Nouveau métier,N4996\n"),
    path("titres.csv", "code_ogr;libelle_appellation_long;libelle_appellation_court;code_rome\n7;Meneur / Meneuse d’essai;Meneur;N4997\n8;Personne;P;N4000\n"));
  assert.match(told, /2 lus, 2 nouveaux.*\n.*3 lus, 5 nouveaux.*\n.*2 lus, 1 nouveaux/);
  assert.equal(await m.psql("select string_agg(code || ' ' || label, ', ' order by code) from data.rome where code like 'N499%'"), "N4996 Nouveau métier, N4998 Pilotage d’essai, N4999 Conduite d’essai");
  assert.equal(await m.psql("select data.rome_of('N4997') || data.rome_of('N4996') || coalesce(data.rome_of('N4000'), '-')"), "N4999N4996-");
  assert.equal(await m.psql("select string_agg(label, ', ' order by label) from data.appellation where rome = 'N4999'"), "Chef / Cheffe d’essai, Conducteur / Conductrice d’essai, Meneur / Meneuse d’essai");
  assert.equal(await m.psql("select string_agg(ogr || ' ' || array_to_string(forms, ', '), '; ') from data.appellation where ogr is not null"), "7 meneur d essai, meneuse d essai", "a title has its number");
  assert.match(await m.admin("import", "rome", join(dir, "v4.csv")), /3 lus, 0 nouveaux, 0 modifiés/);
  await assert.rejects(m.admin("import", "rome", path("faux.csv", "code_rome,libelle_rome,code_rome_parent\nN4999,Essai,4999\n")), (error) => /ligne 2.*code_rome_parent/.test(String(error.stderr ?? error.message)));
});

test("the published ROME is read whole", { skip: !shared }, async () => {
  const at = (file) => join(shared, "data/nomenclatures", file);
  await m.admin("import", "rome", at("rome_v3_codes.csv"), at("rome_v4_60_codes.csv"), at("rome_v3_appellations.csv.gz"));
  const [{ codes, under, titles }] = await m.sql("select (select count(*) from data.rome where code not like 'N499%') as codes, (select count(*) from data.rome_under where code not like 'N499%') as under, (select count(*) from data.appellation) as titles");
  assert.deepEqual([Number(codes), Number(under)], [532, 1052]);
  assert.ok(titles > 11500, String(titles));
  assert.equal(await m.psql("select r.label from data.rome r where r.code = data.rome_of('A1206')"), await m.psql("select label from data.rome where code = 'F1101'"));
});

test("the published files are read whole", { skip: !shared }, async () => {
  const read = (kind, file) => m.admin("import", kind, join(shared, "data", file));
  await read("bassins", "geo/bassins_emploi_2019_communes.csv.gz");
  await read("families", "nomenclatures/fap2009_rome.csv");
  await read("hirings", "nomenclatures/rome_naf_embauches.csv");
  await read("bmo", "bmo/bmo_2023_dep03.csv");
  await read("tension", "pilote_03/tensions_2021.csv");
  const [{ known }] = await m.sql("select count(*) as known from data.outlook where bassin = '8448' and projects > 0 and tension is not null");
  assert.ok(known > 300, String(known));
});
