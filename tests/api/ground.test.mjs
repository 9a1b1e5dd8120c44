// Official contours of another year: merged communes are dissolved, missing ones drawn, islands and enclaves stay.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";
import { Instance, shared } from "../lib/instance.mjs";

let m;
let dir;
before(async () => {
  m = await Instance.start({ template: "seed", server: false, worker: 0 });
  dir = mkdtempSync("/tmp/maillage-ground-");
});
after(async () => {
  await m?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

const square = (x, y, size) => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]];
const feature = (code, coordinates) => ({ type: "Feature", properties: { code, nom: code }, geometry: { type: typeof coordinates[0][0][0] === "number" ? "Polygon" : "MultiPolygon", coordinates } });
function importing(...features) {
  const path = join(dir, "contours.geojson");
  writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features }));
  return m.admin("import", "contours", path);
}
const cell = async (code) => (await m.sql(`select cell_kind as kind, ext.ST_NumGeometries(cell) as parts, ext.ST_NRings(cell) as rings, round(ext.ST_Area(cell)::numeric, 6)::float8 as area, ext.ST_IsValid(cell) as valid from data.commune where code = '${code}'`))[0];

test("communes that have merged are dissolved, with the islands and holes that are really there", async () => {
  // Two communes of former times beside the one they are part of, and an island.
  await m.psql("insert into data.commune_former (code, commune_code) values ('03901', '03190'), ('03902', '03190')");
  const said = await importing(
    // East of the département, where no other commune lies.
    feature("03190", [square(5.3, 46.5, 0.1)]),
    feature("03901", [square(5.4, 46.5, 0.1)]),
    feature("03902", [[square(5.3, 46.6, 0.1), square(5.36, 46.66, 0.02).reverse()], [square(5.6, 46.7, 0.01)]]),
    feature("03310", [square(5.36, 46.66, 0.02)]), // an enclave
    feature("03999", [square(5.9, 46.9, 0.01)]),
  );
  assert.match(said, /5 lus, 4 modifiés, 0 inchangés, 1 sans commune/);
  assert.match(said, /1 réunissent plusieurs contours/);
  assert.deepEqual(await cell("03190"), { kind: "dissolved", parts: 2, rings: 3, area: 0.0297, valid: true });
  assert.deepEqual(await cell("03310"), { kind: "contour", parts: 1, rings: 1, area: 0.0004, valid: true });
  assert.match(await importing(feature("03190", [square(5.3, 46.5, 0.1)])), /0 modifiés, 1 inchangés/);
  assert.equal((await cell("03190")).kind, "dissolved", "what was received before is kept");
  // A zone keeps its islands; the enclave belongs to it.
  const [zone] = await m.sql("select ext.ST_IsValid(shape) as valid, ext.ST_NumGeometries(shape) as parts from data.zone where level = 'departement' and code = '03'");
  assert.ok(zone.valid && zone.parts >= 3);
});

test("a commune without a contour is drawn where nobody else is", async () => {
  const overlaps = await m.sql(`select a.code as a, b.code as b from data.commune a join data.commune b on a.code < b.code and a.cell && b.cell
    where ext.ST_Area(ext.ST_Intersection(a.cell, b.cell)) > 1e-7 limit 5`);
  assert.deepEqual(overlaps, []);
  // Around the centre of a commune that has none: a ring of another one. It fills the hole and no more.
  const [c] = await m.sql("select ext.ST_X(centre) as x, ext.ST_Y(centre) as y from data.commune where code = '03185'");
  await importing(feature("03186", [square(c.x - 0.2, c.y - 0.2, 0.4), square(c.x - 0.05, c.y - 0.05, 0.1).reverse()]));
  const inside = await m.sql(`select c.code, round(ext.ST_Area(c.cell)::numeric, 5)::float8 as area from data.commune c
    where c.cell_kind = 'voronoi' and ext.ST_Within(c.centre, ext.ST_MakeEnvelope(${c.x - 0.05}, ${c.y - 0.05}, ${c.x + 0.05}, ${c.y + 0.05}, 4326))`);
  assert.ok(inside.some(({ code }) => code === "03185"));
  assert.ok(Math.abs(inside.reduce((sum, { area }) => sum + area, 0) - 0.01) < 0.0002, JSON.stringify(inside));
});

test("a commune that was taken out of another shares its contour; districts lie in their town, which stays whole", async () => {
  // In a département of which nothing is known: two communes of today in one contour, and a town with districts.
  await m.psql("update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(4.70, 46.00), 4326) where code = '69001'; update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(4.76, 46.00), 4326) where code = '69002'");
  await m.psql("insert into data.establishment (siret, legal_name, commune_code, location, status) select '9990000000' || n || '011', 'E', '6938' || n, ext.ST_SetSRID(ext.ST_MakePoint(4.80 + n * 0.01, 45.75), 4326), 'A' from generate_series(1, 9) n");
  await importing(feature("69001", [square(4.68, 45.95, 0.1)]), feature("69123", [square(4.78, 45.7, 0.12)]));
  const [one, two, town] = [await cell("69001"), await cell("69002"), await cell("69123")];
  assert.deepEqual([one.kind, two.kind, town.kind], ["voronoi", "voronoi", "contour"]);
  assert.ok(Math.abs(one.area + two.area - 0.01) < 1e-5 && two.area > 0.003, JSON.stringify([one, two]));
  assert.equal(town.area, 0.0144);
  const [districts] = await m.sql("select count(*) as n, round(sum(ext.ST_Area(cell))::numeric, 4)::float8 as area from data.commune where code between '69381' and '69389'");
  assert.deepEqual(districts, { n: 9, area: 0.0144 });
});

test("a hole far from every unknown centre stays empty; the one with the centre is filled", async () => {
  const other = await Instance.start({ template: "seed", server: false, worker: 0 });
  try {
    // One commune around two holes, 70 km apart: in the first lies the centre of another one, the second is an enclave of nobody here.
    await other.psql("update data.commune set centre = null where department = '26'; update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(5.05, 44.55), 4326) where code = '26002'");
    const path = join(dir, "holes.geojson");
    writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features: [feature("26001", [square(4.9, 44.4, 1.4), square(5, 44.5, 0.1).reverse(), square(5.9, 44.5, 0.1).reverse()])] }));
    await other.admin("import", "contours", path);
    const [drawn] = await other.sql("select cell_kind as kind, ext.ST_NumGeometries(cell) as parts, round(ext.ST_Area(cell)::numeric, 4)::float8 as area from data.commune where code = '26002'");
    assert.deepEqual(drawn, { kind: "voronoi", parts: 1, area: 0.01 });
  } finally {
    await other.stop();
  }
});

test("an island that is a feature of its own is part of its commune", async () => {
  const said = await importing(feature("03080", [square(5.3, 45.8, 0.1)]), feature("03080", [square(5.5, 45.8, 0.02)]));
  assert.match(said, /1 modifiés/);
  assert.deepEqual(await cell("03080"), { kind: "contour", parts: 2, rings: 2, area: 0.0104, valid: true });
  assert.match(await importing(feature("03080", [square(5.3, 45.8, 0.1)]), feature("03080", [square(5.5, 45.8, 0.02)])), /0 modifiés/);
});

test("a neighbour that was drawn gives way to the contours that come after it", async () => {
  const overlap = async () => (await m.sql(`select count(*) as n from data.commune a join data.commune b on a.department = '71' and b.department = '03' and b.cell_kind <> 'voronoi' and a.cell && b.cell and ext.ST_Area(ext.ST_Intersection(a.cell, b.cell)) > 1e-7`))[0].n;
  const [border] = await m.sql("select ext.ST_X(centre) as x, ext.ST_Y(centre) as y from data.commune where code = '03106'");
  // A commune of the next département, drawn around its centre beside the border, then a contour of ours across it.
  await m.psql(`update data.commune set cell = null, cell_kind = null, centre = null where department = '71'; update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(${border.x} + 0.4, ${border.y}), 4326) where code = '71001'; select data.cells_draw('71')`);
  assert.equal((await cell("71001")).kind, "voronoi");
  const [{ west }] = await m.sql("select ext.ST_XMin(cell) as west from data.commune where code = '71001'");
  await importing(feature("03106", [square(west - 0.1, border.y - 0.05, 0.12)]));
  assert.equal(await overlap(), 0);
  assert.equal((await cell("71001")).kind, "voronoi");
});

test("what is alive in a commune that merges goes along: offers on the board, drafts, leads; what is closed stays as it was written", async () => {
  const demo = await Instance.start({ template: "demo" });
  try {
    const anybody = demo.visitor();
    const adviser = await demo.signIn(demo.account({ role: "adviser", network: "ml" }).email);
    const [former, today] = ["03310", "03095"]; // Vichy becomes part of Cusset
    const [{ id: establishment }] = await demo.sql(`select id from data.establishment where commune_code = '${former}' and status = 'A' and diffusion = 'O' order by id limit 1`);
    const made = async (title, ...steps) => {
      const { body } = await adviser.post("/api/offers", { establishment, title, rome: "G1602", contract: "cdd", publics: ["young"] });
      for (const [step, said] of steps) assert.equal((await adviser.post(`/api/offers/${body.id}/${step}`, said)).status, 200, step);
      return body.id;
    };
    const confirm = ["confirm", { confirmed_with: "M. Petit" }];
    const open = await made("Apiculteur des Sources", confirm, ["open", { reason: "Ouverture immédiate" }]);
    const reserved = await made("Verrier des Sources", confirm);
    const draft = await made("Tonnelier des Sources");
    const closed = await made("Vannier des Sources", confirm, ["withdraw", { withdrawal: "other", reason: "Le poste n’existe plus" }]);
    await demo.psql(`insert into data.lead (organisation_id, member_id, kind, employer, commune_code, told, recipient_id)
      select ms.organisation_id, ms.member_id, 'recruiting', 'Atelier des Sources', '${former}', 'Deux postes au printemps', (select o.id from data.organisation o join data.organisation c on c.id = ms.organisation_id and c.territory_id = o.territory_id where o.network = 'ft' order by o.id limit 1)
        from data.membership ms join data.organisation o on o.id = ms.organisation_id where o.network = 'contributor' order by ms.member_id limit 1`);
    const [lead] = await demo.sql("select id, version from data.lead where employer = 'Atelier des Sources'");
    const ours = `in (${[open, reserved, draft, closed]})`; // the worker goes on with those of the demo
    const steps = async () => (await demo.sql(`select (select count(*) from data.offer_step where offer_id ${ours}) as offers, (select count(*) from data.lead_step where lead_id = ${lead.id}) as leads,
      (select count(*) from data.event where offer_id ${ours} or kind like 'lead.%') as events`))[0];
    const before = await steps();
    const versions = await demo.sql(`select id, version from data.offer where id in (${[open, reserved, draft]}) order by id`);

    await demo.psql(`insert into data.commune_former (code, commune_code) values ('${former}', '${today}'); select data.communes_follow(array['${former}'])`);
    const places = Object.fromEntries((await demo.sql(`select id, commune_code from data.offer where id in (${[open, reserved, draft, closed]})`)).map((one) => [one.id, one.commune_code]));
    assert.deepEqual(places, { [open]: today, [reserved]: today, [draft]: today, [closed]: former });
    assert.deepEqual(await demo.sql(`select count(*) as n from data.offer where commune_code = '${former}' and closed_at is null`), [{ n: 0 }]);
    assert.deepEqual(await demo.sql(`select commune_code, version from data.lead where id = ${lead.id}`), [{ commune_code: today, version: lead.version + 1 }]);
    assert.deepEqual(await demo.sql(`select id, version - 1 as version from data.offer where id in (${[open, reserved, draft]}) order by id`), versions, "who has it open is told");
    assert.deepEqual(await steps(), before, "nobody did anything");
    // By today's name, around it, and by the name that people go on using.
    for (const place of ["Cusset", "Bellerive-sur-Allier&km=20", "Vichy"]) {
      const { text } = await anybody.get(`/offres?q=apiculteur&lieu=${place}`);
      assert.ok(text.includes(`href="/offres/${open}"`), place);
    }
    // Only this move passes: the place of what was agreed is as fixed as it was.
    await assert.rejects(demo.psql(`update data.offer set commune_code = '${former}' where id = ${open}`), /offer_fixed/);
    await assert.rejects(demo.psql(`update data.lead set commune_code = '${former}' where id = ${lead.id}`), /lead_fixed/);
  } finally {
    await demo.stop();
  }
});

// A département of squares, commune by commune in the order of their codes; `big` ones are twice as wide, `without` have none.
async function squares(instance, department, { big = [], without = [] } = {}) {
  const codes = (await instance.sql(`select code from data.commune c where department = '${department}' and not exists (select from data.commune_former f where f.code = c.code) order by code`)).map((row) => row.code);
  const features = codes.filter((code) => !without.includes(code)).map((code, i) => feature(code, [square(-3.5 + (i % 20) * 0.2, 46 + Math.floor(i / 20) * 0.2, big.includes(code) ? 0.2 : 0.1)]));
  const path = join(dir, `${department}.geojson`);
  writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features }));
  return { said: await instance.admin("import", "contours", path), path };
}

test("a commune that came back, and of whose place nothing is known, is a part of the one it was part of; employers then say better", async () => {
  const other = await Instance.start({ template: "seed", server: false, worker: 0 });
  try {
    // L’Oie and Sainte-Florence were parts of Essarts-en-Bocage, whose postcode they share, in 2018.
    const { path } = await squares(other, "85", { big: ["85084"], without: ["85165", "85212"] });
    const drawn = () => other.sql("select code, cell_kind as kind, round(ext.ST_Area(cell)::numeric, 3)::float8 as area, centre is null as guessed from data.commune where code in ('85084', '85165', '85212') order by code");
    assert.deepEqual(await drawn(), [
      { code: "85084", kind: "voronoi", area: (await drawn())[0].area, guessed: false },
      { code: "85165", kind: "voronoi", area: (await drawn())[1].area, guessed: true },
      { code: "85212", kind: "voronoi", area: (await drawn())[2].area, guessed: true },
    ]);
    const areas = (await drawn()).map(({ area }) => area);
    assert.ok(Math.abs(areas[0] + areas[1] + areas[2] - 0.04) < 0.002 && Math.min(...areas) > 0.008, String(areas));
    const [host] = await other.sql("select ext.ST_XMin(shape) as x, ext.ST_YMin(shape) as y from data.contour where code = '85084'");
    // The same again draws the same; a commune that was put on no map is drawn again, though nothing in the file changed.
    await other.psql("update data.commune set cell = null, cell_kind = null where code = '85165'");
    assert.match(await other.admin("import", "contours", path), /0 modifiés/);
    assert.deepEqual((await drawn()).map(({ area }) => area), areas);
    // An employer in L’Oie: it lies there, in a corner.
    await other.psql(`insert into data.establishment (siret, legal_name, commune_code, location, status) values ('99900000001011', 'E', '85165', ext.ST_SetSRID(ext.ST_MakePoint(${host.x} + 0.01, ${host.y} + 0.01), 4326), 'A')`);
    assert.deepEqual(await other.sql("select data.ground_follow() as done"), [{ done: true }]);
    assert.deepEqual(await other.sql("select data.ground_follow() as done"), [{ done: false }], "once");
    const [placed] = await other.sql(`select ext.ST_Contains(cell, ext.ST_SetSRID(ext.ST_MakePoint(${host.x} + 0.01, ${host.y} + 0.01), 4326)) as there, centre is not null as known from data.commune where code = '85165'`);
    assert.deepEqual(placed, { there: true, known: true });
    assert.ok((await drawn()).every(({ area }) => area > 0), "and the third one has its part still");
    assert.deepEqual(await other.sql("select count(*) as n from data.commune a join data.commune b on a.code < b.code and a.department = '85' and b.department = '85' and a.cell && b.cell and ext.ST_Area(ext.ST_Intersection(a.cell, b.cell)) > 1e-7"), [{ n: 0 }]);
  } finally {
    await other.stop();
  }
});

test("where nearly nothing of a département is known, nothing is guessed", async () => {
  const other = await Instance.start({ template: "seed", server: false, worker: 0 });
  try {
    await other.psql("update data.commune set centre = null where department = '85'");
    const path = join(dir, "one.geojson");
    writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features: [feature("85084", [square(1, 46, 0.2)])] }));
    await other.admin("import", "contours", path);
    assert.deepEqual(await other.sql("select count(*) as n from data.commune where department = '85' and cell is not null"), [{ n: 1 }]);
  } finally {
    await other.stop();
  }
});

test("Lyon, contours first, then employers: its districts are drawn and told, the town is not told over them", async () => {
  const lyon = await Instance.start({ template: "seed" });
  try {
    const path = join(dir, "lyon.geojson");
    writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features: [feature("69123", [square(4.77, 45.70, 0.13)]), feature("69266", [square(4.9, 45.70, 0.13)])] }));
    await lyon.admin("import", "contours", path);
    await lyon.admin("territory", "create", "--name", "Rhône", "--kind", "departement", "--department", "69");
    // As the register writes them: in districts, some without a place.
    await lyon.psql(`insert into data.establishment (siret, legal_name, commune_code, status) select '99900000' || lpad(n::text, 2, '0') || '0011', 'E', '6938' || 1 + n % 9, 'A' from generate_series(0, 44) n;
      insert into data.establishment (siret, legal_name, commune_code, status) values ('99900001000011', 'E', '69266', 'A')`);
    const counted = () => lyon.until(async () => (await lyon.sql("select from data.stock_touched limit 1")).length === 0, "the worker has counted them");
    await counted();
    const ask = (query) => lyon.sql(`select * from (select set_config('maillage.role', 'manager', true), set_config('maillage.network', 'ft', true),
      set_config('maillage.territory', (select id::text from data.territory where name = 'Rhône'), true)) s cross join lateral (${query}) q`, { role: "postgres" });
    const figures = await ask("select area, n from api.indicator_figures('commune', '', 310, 320, null, null, null, null, null, 'establishments') where n > 0 or area = '69123' order by area");
    assert.deepEqual(figures.map(({ area, n }) => [area, n]), [["", 46], ["69266", 1], ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((d) => [`6938${d}`, 5])]);
    const [sum] = await ask("select count(*) filter (where town) as towns, count(*) as n from (select c.code = '69123' as town from data.indicator_keys('commune', '', 310, 320) k join data.commune c on c.number = k.key) x");
    const [frame] = await ask("select api.ground_frame('') as f");
    assert.deepEqual([sum.towns, frame.f.communes], [0, sum.n], "table and legend count the same");
    // Zoom 9 shows all of it. The tile is for every area: it has the town and its districts, and says which is which; the frame says which are shown.
    const squares = (await lyon.sql("select encode(api.zone_tile('commune', 9, 262, y), 'base64') as t from generate_series(182, 183) y")).map((row) => new VectorTile(new Pbf(Buffer.from(row.t, "base64"))).layers.zones);
    const areas = new Map(squares.flatMap((layer) => Array.from({ length: layer?.length ?? 0 }, (_, i) => layer.feature(i).properties)).map((one) => [one.code, one]));
    assert.deepEqual([areas.get("69123").parts, areas.get("69385").town, areas.get("69266").parts ?? areas.get("69266").town ?? null], [9, "69123", null]);
    assert.equal([...areas.values()].filter(({ town }) => town).length, 9);
    assert.deepEqual(frame.f.towns, [], "districts, not their town");
    // Of an area that has the town without its districts, it is the town that figures tell and the map shows.
    const [alone] = await ask("select api.ground_frame('commune:69123') as f");
    assert.deepEqual([alone.f.towns, alone.f.communes], [["69123"], 1]);
    assert.deepEqual((await ask("select area from api.indicator_figures('commune', 'commune:69123', 310, 320, null, null, null, null, null, 'establishments') where area <> ''")).map(({ area }) => area), ["69123"]);
    const [part] = await ask("select api.ground_frame('commune:69385') as f");
    assert.deepEqual([part.f.towns, part.f.communes], [[], 1]);
    // An employer that somebody wrote to the town is not lost.
    await lyon.psql("insert into data.establishment (siret, legal_name, commune_code, status) values ('99900001100011', 'E', '69123', 'A')");
    await counted();
    assert.deepEqual((await ask("select n from api.indicator_figures('commune', '', 310, 320, null, null, null, null, null, 'establishments') where area = '69123'")).map(({ n }) => n), [1]);
    // Of the zone it is part of, the town has the outline.
    const [zone] = await lyon.sql("select round(ext.ST_Area(shape)::numeric, 4)::float8 as area from data.zone where level = 'departement' and code = '69'");
    assert.equal(zone.area, 0.0338);
  } finally {
    await lyon.stop();
  }
});

test("two départements drawn from centres meet half-way, whoever came first; zones have their outlines", async () => {
  const other = await Instance.start({ template: "seed", server: false, worker: 0 });
  try {
    await other.psql("update data.commune set cell = null, cell_kind = null, centre = null where department in ('71', '21')");
    const codes = async (department) => (await other.sql(`select code from data.commune where department = '${department}' order by code limit 40`)).map((row) => row.code);
    const file = (name, rows) => {
      const path = join(dir, name);
      writeFileSync(path, `code,lon,lat\n${rows.map((row) => row.join(",")).join("\n")}\n`);
      return path;
    };
    const [south, north] = [await codes("71"), await codes("21")];
    await other.admin("import", "centres", file("71.csv", south.map((code, i) => [code, 4.5 + (i % 8) * 0.05, 46.8 + Math.floor(i / 8) * 0.04])));
    await other.admin("import", "centres", file("21.csv", north.map((code, i) => [code, 4.5 + (i % 8) * 0.05, 47.0 + Math.floor(i / 8) * 0.04])));
    const [drawn] = await other.sql(`select count(*) filter (where cell_kind = 'voronoi') as n, (select coalesce(sum(ext.ST_Area(ext.ST_Intersection(a.cell, b.cell))), 0) from data.commune a join data.commune b on a.code < b.code and a.cell && b.cell
        where a.department in ('21', '71') and b.department in ('21', '71')) as common from data.commune where department in ('21', '71')`);
    assert.equal(drawn.n, 80);
    assert.ok(Number(drawn.common) < 1e-6, `${drawn.common} common`);
    const zones = await other.sql("select z.level, z.code, ext.ST_Area(z.shape) > 0.02 as there from data.zone z where z.level = 'departement' and z.code in ('21', '71') order by 2");
    assert.deepEqual(zones.map(({ code, there }) => [code, there]), [["21", true], ["71", true]]);
  } finally {
    await other.stop();
  }
});

test("a territory holds communes of today: those that merged are there by the name of their commune", async () => {
  const other = await Instance.start({ template: "seed", server: false, worker: 0 });
  try {
    await other.psql("insert into data.commune_former (code, commune_code) values ('03310', '03095')");
    await other.admin("territory", "create", "--name", "Le département", "--kind", "departement", "--department", "03");
    await other.admin("territory", "create", "--name", "Un projet", "--kind", "project", "--communes", "03310,03190");
    assert.deepEqual(await other.sql("select t.name, count(*) as n, bool_or(c.commune_code = '03310') as former from data.territory t join data.territory_commune c on c.territory_id = t.id where t.name in ('Le département', 'Un projet') group by 1 order by 1"),
      [{ name: "Le département", n: 316, former: false }, { name: "Un projet", n: 2, former: false }]);
  } finally {
    await other.stop();
  }
});

test("one contour less in a file of 2018: its commune is drawn where it was", { skip: !shared }, async () => {
  const whole = JSON.parse(readFileSync(join(shared, "data/geo/communes-69-2018.geojson"), "utf8"));
  const other = await Instance.start({ template: "seed", server: false, worker: 0 });
  try {
    // Three that are amid others, and one beside the Saône, whose shore nobody tells: that one is a part of a neighbour.
    for (const [left, amid] of [["69010", true], ["69029", true], ["69244", true], ["69005", false]]) {
      await other.psql("delete from data.contour; update data.commune set cell = null, cell_kind = null, centre = null where department = '69'");
      const path = join(dir, "less.geojson");
      writeFileSync(path, JSON.stringify({ ...whole, features: whole.features.filter((one) => one.properties.code !== left) }));
      const said = await other.admin("import", "contours", path);
      const [lack] = whole.features.filter((one) => one.properties.code === left);
      const [sum] = await other.sql(`select count(*) filter (where cell is null and not exists (select from data.commune_former f where f.code = c.code)) as missing, (select cell_kind from data.commune where code = '${left}') as kind,
          sum(ext.ST_Area(cell)) filter (where data.town_of(code) is null) as area, ext.ST_Area(ext.ST_Union(cell)) as whole,
          (select ext.ST_Area(ext.ST_Intersection(k.cell, g.g)) / ext.ST_Area(g.g) from data.commune k, (select ext.ST_MakeValid(ext.ST_SetSRID(ext.ST_GeomFromGeoJSON('${JSON.stringify(lack.geometry)}'), 4326)) as g) g where k.code = '${left}') as where_it_was
        from data.commune c where department = '69'`);
      assert.deepEqual([sum.missing, sum.kind], [0, "voronoi"], `${left}: ${said}`);
      assert.ok(Math.abs(sum.area / sum.whole - 1) < 1e-4, "cells do not lie on each other");
      if (amid) assert.ok(Number(sum.where_it_was) > 0.99, `${left}: ${sum.where_it_was} of it`);
    }
  } finally {
    await other.stop();
  }
});

for (const [department, file] of [["03", "communes-03-2018.geojson"], ["69", "communes-69-2018.geojson"]]) {
  test(`contours of 2018 and the communes of today, ${department}`, { skip: !shared }, async () => {
    const other = await Instance.start({ template: "seed", server: false, worker: 0 });
    try {
      const said = await other.admin("import", "contours", join(shared, "data/geo", file));
      const [sum] = await other.sql(`select count(*) as n, count(*) filter (where cell is null and not exists (select from data.commune_former f where f.code = c.code)) as missing, count(*) filter (where cell_kind = 'dissolved') as dissolved,
          count(*) filter (where not ext.ST_IsValid(cell)) as wrong, sum(ext.ST_Area(cell)) filter (where data.town_of(code) is null) as area, ext.ST_Area(ext.ST_Union(cell)) as whole
        from data.commune c where department = '${department}'`);
      const [received] = await other.sql("select ext.ST_Area(ext.ST_Union(shape)) as whole, count(*) as n from data.contour");
      assert.equal(sum.missing, 0, said);
      assert.equal(sum.wrong, 0);
      assert.ok(Math.abs(sum.area / sum.whole - 1) < 1e-4, "cells do not lie on each other");
      // All that was received is in the communes of today, and little else.
      assert.ok(sum.whole / received.whole > 0.999 && sum.whole / received.whole < 1.01, `${sum.whole} of ${received.whole}`);
      if (department === "69") assert.ok(sum.dissolved >= 3, said);
      const [shape] = await other.sql(`select ext.ST_IsValid(shape) as valid, ext.ST_Area(shape) as area from data.zone where level = 'departement' and code = '${department}'`);
      assert.ok(shape.valid && Math.abs(shape.area / sum.whole - 1) < 1e-4);
    } finally {
      await other.stop();
    }
  });
}
