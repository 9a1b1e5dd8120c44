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
    const steps = async () => (await demo.sql(`select (select count(*) from data.offer_step) as offers, (select count(*) from data.lead_step) as leads, (select count(*) from data.event) as events`))[0];
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
