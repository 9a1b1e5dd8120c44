// Official contours of another year: merged communes are dissolved, missing ones drawn, islands and enclaves stay.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
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

for (const [department, file] of [["03", "communes-03-2018.geojson"], ["69", "communes-69-2018.geojson"]]) {
  test(`contours of 2018 and the communes of today, ${department}`, { skip: !shared }, async () => {
    const other = await Instance.start({ template: "seed", server: false, worker: 0 });
    try {
      const said = await other.admin("import", "contours", join(shared, "data/geo", file));
      const [sum] = await other.sql(`select count(*) as n, count(*) filter (where cell is null and data.town_of(code) is null) as missing, count(*) filter (where cell_kind = 'dissolved') as dissolved,
          count(*) filter (where not ext.ST_IsValid(cell)) as wrong, sum(ext.ST_Area(cell)) filter (where data.town_of(code) is null) as area, ext.ST_Area(ext.ST_Union(cell)) as whole
        from data.commune where department = '${department}'`);
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
