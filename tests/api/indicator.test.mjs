// Indicators: table, map, files and list agree on every indicator whatever is asked, and with the tables they come from.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Instance } from "../lib/instance.mjs";
import { readWorkbook } from "../lib/workbook.mjs";

let m;
let manager;
let observer;
let definitions;
before(async () => {
  m = await Instance.start({ template: "demo" });
  manager = await m.signIn(m.account({ role: "manager" }).email);
  observer = await m.signIn(m.account({ role: "observer" }).email);
  definitions = (await manager.get("/api/indicators")).body.items;
});
after(() => m?.stop());

const seeded = (() => {
  let seed = 20260101;
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
})();
const pick = (list) => list[Math.floor(seeded() * list.length)];
const month = (back) => {
  const at = new Date();
  at.setUTCDate(15);
  at.setUTCMonth(at.getUTCMonth() - back);
  return at.toISOString().slice(0, 7);
};

async function questions() {
  const segments = (await manager.get("/api/segments")).body.items.filter((segment) => segment.members > 0);
  const epci = (await manager.get("/api/indicators/figures?level=epci&codes=visits")).body.items.map((item) => `epci:${item.area}`);
  return Array.from({ length: 12 }, (_, index) => {
    const to = Math.floor(seeded() * 6);
    const query = {
      level: ["commune", "epci", "bassin", "departement", "region", "commune", "network", "organisation", "month", "epci", "sector", "size"][index],
      from: month(to + Math.floor(seeded() * 14)),
      to: month(to),
      ...(seeded() < 0.5 ? { network: pick(["ft", "ml", "ce", "plie"]) } : {}),
      ...(seeded() < 0.4 ? { naf: pick(["G", "F", "56", "C", "10,47"]) } : {}),
      ...(seeded() < 0.4 ? { size: pick(["01,02,03", "11,12,21", "unknown", "12,unknown"]) } : {}),
      ...(seeded() < 0.3 && segments.length ? { segment: String(pick(segments).id) } : {}),
      ...(seeded() < 0.3 ? { within: pick(epci) } : {}),
    };
    return new URLSearchParams(query).toString();
  });
}

const csvRows = (text) => text.replace(/^\ufeff/, "").trim().split("\r\n").map((line) => [...`;${line}`.matchAll(/;(?:"((?:[^"]|"")*)"|([^;]*))/g)].map(([, quoted, bare]) => quoted?.replace(/""/g, '"') ?? bare));

test("map, table, CSV, workbook and API agree on every indicator for twelve questions", async (t) => {
  t.after(() => m.startWorker());
  await m.stopWorker(); // a segment that is counted anew between two of them has another answer
  for (const question of await questions()) {
    const { status, body, text } = await manager.get(`/api/indicators/figures?${question}`);
    assert.equal(status, 200, `${question}: ${text}`);
    const areas = [{ area: "", name: "Ensemble", figures: body.whole }, ...body.items];
    const key = (area, name) => `${area} ${name}`;
    const lines = new Map(csvRows((await manager.get(`/api/indicators/figures.csv?${question}`)).text).map((cells) => [key(cells[0], cells[1]), cells]));
    const titles = [...lines.values()][0];
    const book = readWorkbook((await manager.get(`/api/indicators/figures.xlsx?${question}`)).bytes);
    const sheet = new Map(book.Indicateurs.slice(1).map((cells) => [key(cells[0] ?? "", cells[1]), cells]));
    assert.deepEqual(book.Définitions.slice(1).map(([name, , counted, per, sentence]) => [name, counted, per ?? null, sentence]), definitions.map((one) => [one.name, one.counted, one.out_of, one.sentence]));
    const said = new Map(book.Question);
    for (const { label, words } of body.question) assert.equal(said.get(label), words, question);
    const isMap = /level=(commune|epci|bassin|departement|region)/.test(question);
    const map = isMap ? new Map((await manager.get(`/api/indicators/figures.geojson?${question}`)).body.features.map((feature) => [feature.properties.code, feature.properties.figures])) : null;
    assert.equal(lines.size - 1, areas.length, question);
    assert.equal(sheet.size, areas.length, question);
    // As one looks for a name: « Bègues » before « Bellenaves », in each of the files.
    if (isMap) {
      const named = body.items.map(({ name }) => name).sort(new Intl.Collator("fr").compare);
      assert.deepEqual([...lines.values()].slice(2).map((cells) => cells[1]), named, question);
      assert.deepEqual([...sheet.values()].slice(1).map((cells) => cells[1]), named, question);
      assert.deepEqual((await manager.get(`/api/indicators/figures.geojson?${question}`)).body.features.map((feature) => feature.properties.name), named, question);
    }
    for (const { area, name, figures } of areas) {
      let place = 2;
      const line = lines.get(key(area, name));
      const row = sheet.get(key(area, name));
      for (const definition of definitions) {
        const figure = figures[definition.code];
        const where = `${question} ${name} ${definition.code}`;
        assert.equal(titles[place].startsWith(definition.name), true, where);
        const scale = definition.unit === "percent" ? 100 : 1;
        const shown = line[place] === "" ? null : Number(line[place].replace(",", "."));
        if (figure.value === null) assert.equal(shown, null, where);
        else assert.ok(Math.abs(shown - figure.value * scale) < 0.051, `${where}: ${shown} in the file, ${figure.value} from the API`);
        assert.equal(row[place] ?? null, figure.value, where);
        if (figure.out_of !== null) {
          assert.deepEqual([Number(line[place + 1]), Number(line[place + 2])], [figure.n, figure.out_of], where);
          assert.deepEqual([row[place + 1], row[place + 2]], [figure.n, figure.out_of], where);
          if (figure.out_of) assert.ok(Math.abs(figure.value - (figure.n / figure.out_of) * (definition.unit === "per100" ? 100 : 1)) < 0.0001, where);
        }
        if (map && area) assert.deepEqual(map.get(area)[definition.code], figure, where);
        place += definition.out_of === null ? 1 : 3;
      }
    }
  }
});

test("the list behind a figure adds up to it", async () => {
  const question = `from=${month(11)}&to=${month(0)}`;
  for (const level of ["epci", "commune"]) {
    const { body } = await manager.get(`/api/indicators/figures?level=${level}&${question}`);
    const item = [...body.items].sort((a, b) => b.figures.visits.n - a.figures.visits.n)[0];
    for (const { code } of definitions) {
      const list = await manager.get(`/api/indicators/employers?indicator=${code}&within=${level}:${item.area}&${question}`);
      assert.equal(list.body.n, item.figures[code].n, `${code} of ${item.name}`);
    }
  }
});

test("so does the list behind a figure of a network, a sector, a size, inside another area", async () => {
  const question = `from=${month(17)}&to=${month(1)}`;
  const epci = (await manager.get(`/api/indicators/figures?level=epci&codes=visits&within=departement:03`)).body.items;
  const large = [...epci].sort((a, b) => b.figures.visits.n - a.figures.visits.n)[0];
  for (const more of ["network=ml", "network=ft&size=01,02,03", "naf=G", "naf=47&network=ce&size=unknown,01"]) {
    // The whole of what one has drilled into, and a commune of it.
    const within = `departement:03,epci:${large.area}`;
    const { body } = await manager.get(`/api/indicators/figures?level=commune&within=${within}&${question}&${more}`);
    const commune = [...body.items].sort((a, b) => b.figures.visits.n - a.figures.visits.n)[0];
    for (const { code } of definitions) {
      for (const [where, figure] of [[within, body.whole[code]], [`${within},commune:${commune.area}`, commune.figures[code]]]) {
        const list = await manager.get(`/api/indicators/employers?indicator=${code}&within=${where}&${question}&${more}`);
        assert.equal(list.body.n, figure.n, `${code} of ${where} with ${more}`);
        if (list.body.items.length === list.body.employers) assert.equal(list.body.items.reduce((sum, one) => sum + one.n, 0), figure.n, "its lines");
      }
    }
  }
});

test("inside of several areas is where they overlap", async () => {
  // A group of communes that another département shares: here it is cut by hand.
  const [{ code, number, name }] = await m.sql(`select z.code, min(w.commune) as number, min(z.name) as name from data.zone z join data.zone_commune w on w.zone_id = z.id
    join data.territory_commune t on t.number = w.commune where z.level = 'epci' group by z.code having count(*) > 5 order by z.code limit 1`);
  await m.psql(`update data.zone_commune set zone_id = (select id from data.zone where level = 'bassin' order by id limit 1) where level = 'bassin' and commune = ${number};
    with other as (insert into data.zone (level, code, name) values ('departement', '99', 'Ailleurs') returning id)
    update data.zone_commune set zone_id = (select id from other) where level = 'departement' and commune = ${number};
    select data.wide_rebuild()`, { role: "postgres" });
  const of = async (within) => (await manager.get(`/api/indicators/figures?level=all&codes=establishments&within=${within}`)).body.items[0].figures.establishments.n;
  const both = await of(`epci:${code}`);
  const here = await of(`departement:03,epci:${code}`);
  const there = await of(`epci:${code},departement:99`);
  assert.ok(here > 0 && there > 0 && here + there === both, `${here} and ${there} of ${both}, ${name}`);
  const group = (await manager.get("/api/indicators/figures?level=epci&codes=establishments&within=departement:03")).body.items.find((one) => one.area === code);
  assert.equal(group.figures.establishments.n, here, "the figure that one opens");
  assert.equal((await manager.get(`/api/indicators/employers?indicator=establishments&within=departement:03,epci:${code}`)).body.n, here);
  assert.equal(await of("departement:03,region:nulle"), 0);
  await m.psql(`update data.zone_commune set zone_id = (select id from data.zone where level = 'departement' and code = '03') where level = 'departement' and commune = ${number};
    delete from data.zone where code = '99'; select data.wide_rebuild()`, { role: "postgres" });
});

test("files and pages say what was asked: where, when, whose, of which employers", async () => {
  const [{ id, short_name: name }] = await m.sql("select o.id, o.short_name from data.organisation o join data.territory t on t.id = o.territory_id where o.network = 'ml' and t.name = 'Allier' order by o.id limit 1");
  const epci = (await manager.get("/api/indicators/figures?level=epci&codes=visits")).body.items.find((item) => item.name.startsWith("CA Vichy"));
  const where = `within=departement:03,epci:${epci.area}&from=2026-04&to=2026-08&organisation=${id}&naf=G&size=11,12,unknown`;
  const words = [`${epci.name}, Allier`, "d’avril 2026 à août 2026", name, "Commerce ; réparation d’automobiles et de motocycles", "10 à 49 salariés, effectif inconnu"];
  const { body } = await manager.get(`/api/indicators/figures?level=commune&codes=visits&${where}`);
  assert.deepEqual(body.question.map((one) => one.words), words);
  const file = (await manager.get(`/api/indicators/figures.csv?level=commune&codes=visits&${where}`)).headers.get("content-disposition");
  assert.match(file, /^attachment; filename="indicateurs-ca-vichy-communaute-allier-2026-04-2026-08\.csv"$/);
  assert.match((await manager.get(`/api/indicators/employers.csv?indicator=visits&${where}`)).headers.get("content-disposition"), /"employeurs-ca-vichy-/);
  const map = (await manager.get(`/api/indicators/figures.geojson?level=commune&codes=visits&${where}`)).body;
  assert.deepEqual(map.question, { level: "commune", within: `departement:03,epci:${epci.area}`, from: "2026-04", to: "2026-08", organisation: id, naf: "G", size: "11,12,unknown", codes: "visits" });
  assert.equal(map.words, words.join(", "));
  assert.ok(Date.parse(map.at) > 0);
  const visits = definitions.find(({ code }) => code === "visits");
  assert.deepEqual(map.indicators.map(({ code, sentence, counted }) => [code, sentence, counted]), [["visits", visits.sentence, visits.counted]]);
  assert.deepEqual(map.whole, body.whole);
  for (const { properties } of map.features) assert.equal(properties.visits, properties.figures.visits.value); // flat, for programs that draw maps
  // Each line of a file says it, whichever is cut out of it.
  const meaning = `${visits.name} (${visits.counted}) : ${visits.sentence}`;
  const tail = [words[0], "2026-04", "2026-08", words.slice(2).join(", ")];
  const [titles, ...lines] = csvRows((await manager.get(`/api/indicators/figures.csv?level=commune&codes=visits&${where}`)).text);
  assert.deepEqual(titles, ["Code", "Nom", visits.name, "Territoire", "Du", "Au", "Filtres", "Chiffres du", "Définitions"]);
  assert.equal(lines.length, body.items.length + 1);
  for (const line of lines) assert.deepEqual([...line.slice(3, 7), line[8]], [...tail, meaning]);
  assert.match(lines[0][7], /^\d\d\/\d\d\/20\d\d \d\d h \d\d$/);
  const [heads, ...employers] = csvRows((await manager.get(`/api/indicators/employers.csv?indicator=establishments&${where}`)).text);
  assert.equal(heads.at(-1), "Définitions");
  assert.equal(employers.length, (await manager.get(`/api/indicators/employers?indicator=establishments&${where}`)).body.employers);
  assert.ok(employers.length > 0);
  const stock = definitions.find(({ code }) => code === "establishments");
  for (const line of employers) assert.deepEqual([...line.slice(4, 8), line[9]], [...tail, `${stock.name} (${stock.counted}) : ${stock.sentence}`]);
  // Of several indicators the first line says what each means.
  const many = csvRows((await manager.get(`/api/indicators/figures.csv?level=epci&${where}`)).text);
  assert.deepEqual(many[1].at(-1).split(" | ").map((one) => one.split(" (")[0]), definitions.map(({ name }) => name));
  assert.ok(many.slice(2).every((line) => line.at(-1) === ""));
  for (const [size, said] of [["00,01,02,03", "moins de 10 salariés"], ["32,41,42,51,52,53", "250 salariés et plus"], ["00,11", "sans salarié, 10 à 19 salariés"]])
    assert.equal((await manager.get(`/api/indicators/figures?level=all&codes=visits&size=${size}`)).body.question.at(-1).words, said);
  assert.equal((await observer.get("/api/indicators/figures?level=all&codes=visits&from=2026-05&to=2026-05")).body.question[1].words, "en mai 2026");
});

test("the map as a file has the whole outlines as they are known, of all that was asked for", async () => {
  for (const [level, from] of [["commune", "select code, cell as shape from data.commune where number in (select tc.commune from data.communes_within('departement:03', t.id) tc)"], ["epci", "select code, shape from data.zone where level = 'epci'"]]) {
    const { features } = (await manager.get(`/api/indicators/figures.geojson?level=${level}&codes=visits&within=departement:03`)).body;
    const told = JSON.stringify(features.map(({ properties, geometry }) => ({ code: properties.code, geometry }))).replaceAll("'", "''");
    const [row] = await m.sql(`with known as (select k.* from data.territory t cross join lateral (${from}) k where t.name = 'Allier'),
      told as (select j ->> 'code' as code, ext.ST_GeomFromGeoJSON((j -> 'geometry')::text) as shape from json_array_elements('${told}') j)
      select count(*)::int as n, max(ext.ST_HausdorffDistance(t.shape, k.shape)) as off, bool_and(ext.ST_NPoints(t.shape) = ext.ST_NPoints(k.shape)) as whole from told t join known k using (code)`);
    assert.equal(row.n, features.length);
    assert.ok(row.n > 5 && row.whole && row.off < 1e-5, JSON.stringify(row));
  }
});

test("figures are those of the tables they come from", async () => {
  const from = month(11);
  const since = `timestamp '${from}-01' at time zone 'Europe/Paris'`;
  const { whole } = (await manager.get(`/api/indicators/figures?from=${from}`)).body;
  const [told] = await m.sql(`
    with place as (select tc.commune_code from data.territory_commune tc join data.territory t on t.id = tc.territory_id where t.name = 'Allier'),
    e as (select e.* from data.establishment e where e.merged_into is null and e.commune_code in (select commune_code from place)),
    c as (select c.* from data.contact_event c where c.at >= ${since} and c.establishment_id in (select id from e))
    select (select count(*) from e where status = 'A') as establishments,
           (select count(distinct establishment_id) from c where kind = 'visit' and establishment_id in (select id from e where status = 'A')) as seen,
           (select count(*) from c where kind = 'visit') as visits, (select count(*) from c) as contacts,
           (select count(distinct establishment_id) from c) as reached,
           (select count(distinct c.id) from c join data.contact_event d on d.establishment_id = c.establishment_id and d.organisation_id <> c.organisation_id
             where (d.at, d.id) < (c.at, c.id) and d.at > c.at - interval '60 days') as doubles,
           (select count(distinct c.establishment_id) from c where kind = 'visit'
              and not exists (select from data.contact_event d where d.establishment_id = c.establishment_id and d.kind = 'visit' and d.at < ${since})) as firsts,
           (select count(distinct c.establishment_id) from c join e on e.id = c.establishment_id where kind = 'visit' and e.status = 'A' and e.size_band <= '03') as small,
           (select count(*) from data.promise where made_at >= ${since}) as promises,
           (select count(*) from data.promise where ended_at >= ${since} and state = 'kept') as kept,
           (select count(*) from data.promise where ended_at >= ${since} and state = 'lapsed') as lapsed,
           (select count(*) from data.need where declared_at >= ${since}) as needs,
           (select count(*) from data.offer where confirmed_at >= ${since}) as offers,
           (select count(*) from data.offer where closed_at >= ${since} and state = 'filled' and opened_at is null) as reserved,
           (select count(*) from data.referral where made_at >= ${since} and state <> 'withdrawn') as referrals`);
  const n = (code) => whole[code].n;
  assert.deepEqual(
    [n("establishments"), n("seen_share"), n("visits"), n("pressure"), whole.pressure.out_of, n("doubles"), n("firsts"), n("small_seen"), n("promises"), n("kept_share"), n("lapsed"), n("needs"), n("offers"), n("filled_reserved"), n("referrals")],
    [told.establishments, told.seen, told.visits, told.contacts, told.reached, told.doubles, told.firsts, told.small, told.promises, told.kept, told.lapsed, told.needs, told.offers, told.reserved, told.referrals],
  );
});

test("signatures are told of partners, months and the whole; places and employers have none", async () => {
  const period = `from=${month(35)}&to=${month(0)}&codes=signed_share`;
  const of = async (query) => (await manager.get(`/api/indicators/figures?${period}&${query}`)).body;
  const asked = await m.sql(`select o.network, o.id, data.month_text(data.month_of(v.proposed_at)) as month, exists (select from data.plan_signature s where (s.plan_id, s.version) = (v.plan_id, v.version)
      and s.organisation_id = o.id and s.answer = 'signed') as signed
    from data.plan_version v join data.plan p on p.id = v.plan_id join data.territory t on t.id = p.territory_id and t.name = 'Allier' cross join lateral unnest(data.plan_signers(v.plan_id, v.version)) a
    join data.organisation o on o.id = a where v.proposed_at is not null`);
  const told = (rows) => [rows.filter((row) => row.signed).length, rows.length];
  const said = (figure) => [figure.n, figure.out_of];
  assert.ok(asked.length > 3 && asked.some((row) => !row.signed), "the demo has plans that are signed, and one that is not yet");
  for (const [level, key] of [["network", "network"], ["organisation", "id"], ["month", "month"]]) {
    const { items, whole } = await of(`level=${level}`);
    assert.deepEqual(said(whole.signed_share), told(asked), level);
    for (const item of items) assert.deepEqual(said(item.figures.signed_share), told(asked.filter((row) => String(row[key]) === item.area)), `${level} ${item.name}`);
  }
  assert.deepEqual(said((await of("level=all&network=ml")).items[0].figures.signed_share), told(asked.filter((row) => row.network === "ml")));
  assert.deepEqual(said((await of("level=all&within=departement:03")).items[0].figures.signed_share), told(asked), "which is all the territory");
  const { items, whole } = await of("level=epci");
  assert.deepEqual(said(whole.signed_share), told(asked));
  assert.ok(items.every((item) => item.figures.signed_share.value === null));
  for (const none of ["naf=G", "size=11", `within=epci:${items[0].area}`]) assert.equal((await of(`level=all&${none}`)).items[0].figures.signed_share.value, null, none);
  assert.equal((await of("level=sector")).whole.signed_share.value, null);
});

test("the whole of all is its only item, to whoever asks", async () => {
  for (const [who, asked] of [[manager, "network=ft"], [manager, "naf=G&size=11,12"], [observer, ""], [observer, "network=plie&naf=C"], [manager, "within=departement:03,region:nulle"]]) {
    const { items, whole } = (await who.get(`/api/indicators/figures?level=all&${asked}`)).body;
    assert.equal(items.length, 1);
    assert.equal(Object.keys(whole).length, definitions.length, asked);
    assert.deepEqual(whole, items[0].figures, asked);
  }
});

test("what happens is in the figures within five seconds, and browsers are told", async () => {
  const before = (await manager.get("/api/indicators/figures?level=all")).body.items[0].figures;
  const adviser = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
  const free = (await adviser.get("/api/establishments?state=free&visited=never&limit=1")).body.items[0];
  const due = (await adviser.get("/api/session")).body.promise.default_due_on;
  assert.equal((await adviser.post("/api/promises", { establishment: free.id, due_on: due })).status, 201);
  const start = Date.now();
  await m.until(async () => (await manager.get("/api/indicators/figures?level=all")).body.items[0].figures.promises.n === before.promises.n + 1, "the promise is counted");
  assert.ok(Date.now() - start < 5000, `${Date.now() - start} ms`);
});

test("wrong questions are refused in French", async () => {
  for (const [question, field] of [["from=2026-13", "from"], ["within=planete:3", "within"], ["within=departement:03,", "within"], ["within=departement:03,epci:", "within"], ["within=epci:1,epci:2,epci:3,epci:4,epci:5", "within"], ["level=planet", "level"], ["network=state", "network"]]) {
    const { status, body } = await manager.get(`/api/indicators/figures?${question}`);
    assert.equal(status, 422, question);
    assert.ok(body.fields.some((error) => error.field === field && error.message.length > 5), JSON.stringify(body));
  }
  assert.equal((await manager.get("/api/indicators/figures?from=2026-05&to=2026-04")).status, 422);
  assert.equal((await observer.get("/api/indicators/figures?segment=1")).status, 404);
  for (const query of ["naf=G,56", "size=11,12,21", "size=11,21"]) {
    for (const path of ["figures", "figures.csv", "figures.geojson", "figures.xlsx"]) {
      const refused = await observer.get(`/api/indicators/${path}?${query}`);
      assert.deepEqual([refused.status, JSON.parse(refused.text).code], [422, "figures_one_group"], `${path} ${query}`);
    }
    assert.equal((await manager.get(`/api/indicators/figures?${query}`)).status, 200);
  }
  // The groups that pages offer, a band, one activity.
  for (const query of ["naf=56", "size=00,01,02,03", "size=11,12", "size=21,22,31", "size=32,41,42,51,52,53", "size=unknown", "size=12&naf=G"]) assert.equal((await observer.get(`/api/indicators/figures?${query}`)).status, 200, query);
});
