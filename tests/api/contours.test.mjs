// Contours as publishers really write them, made here by a generator: islands, enclaves, districts, other names for the code, numbers,
// projections, latitude first, sequences. What a user would expect happens, or is said in French under a stable code.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Instance } from "../lib/instance.mjs";
import { zip } from "../lib/workbook.mjs";

let m;
let dir;
before(async () => {
  m = await Instance.start({ template: "seed", server: false, worker: 0 });
  dir = mkdtempSync("/tmp/maillage-contours-");
});
after(async () => {
  await m?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

let files = 0;
function importing(text) {
  const path = join(dir, `${(files += 1)}.geojson`);
  writeFileSync(path, text);
  return m.admin("import", "contours", path);
}
async function refusal(text) {
  try {
    await importing(text);
  } catch (error) {
    return error.message;
  }
  throw new Error("accepted");
}
const square = (x, y, size) => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]];
const collection = (features, more = {}) => ({ type: "FeatureCollection", ...more, features });
const feature = (properties, polygons, more = {}) => ({ type: "Feature", properties, geometry: { type: "MultiPolygon", coordinates: polygons }, ...more });
const told = async (what) => (await m.sql(what))[0];
const cell = (code) => told(`select cell_kind as kind, ext.ST_NumGeometries(cell) as parts, ext.ST_NRings(cell) as rings, round(ext.ST_Area(cell)::numeric, 6)::float8 as area,
  ext.ST_IsValid(cell) as valid, round(ext.ST_X(ext.ST_Centroid(cell))::numeric, 4)::float8 as x, round(ext.ST_Y(ext.ST_Centroid(cell))::numeric, 4)::float8 as y from data.commune where code = '${code}'`);
const codes = async (department, n, skip = 0) => (await m.sql(`select c.code from data.commune c where c.department = '${department}' and data.town_of(c.code) is null
  and not exists (select from data.commune k where data.town_of(k.code) = c.code) order by c.code offset ${skip} limit ${n}`)).map(({ code }) => code);
/** A département as a grid of n × n communes from a corner on, `step` degrees each. */
const grid = (list, x, y, step, shape = (ring) => [[ring]]) => {
  const side = Math.ceil(Math.sqrt(list.length));
  return list.map((code, i) => [code, shape(square(x + (i % side) * step, y + Math.floor(i / side) * step, step), i)]);
};
/** Nothing lies on anything else, no cell is broken, nobody of these is without one. */
async function sound(list) {
  const all = list.map((code) => `'${code}'`).join(",");
  assert.deepEqual(await m.sql(`select code from data.commune where code in (${all}) and (cell is null or cell_kind not in ('contour', 'dissolved') or not ext.ST_IsValid(cell))`), []);
  assert.deepEqual(await m.sql(`select a.code, b.code as other from data.commune a join data.commune b on b.code <> a.code and data.town_of(b.code) is distinct from a.code and data.town_of(a.code) is distinct from b.code
    and a.cell && b.cell where a.code in (${all}) and ext.ST_Area(ext.ST_Intersection(a.cell, b.cell)) > 1e-7`), []);
}

test("Finistère: islands of their own and of the mainland, codes as numbers, rings the wrong way round, a mark of UTF-8", async () => {
  const list = await codes("29", 25);
  const features = grid(list, -4.8, 47.9, 0.1).map(([code, polygons], i) => {
    // Every third commune has three islands in the sea, every fifth is one.
    const islands = i % 3 ? [] : [0, 1, 2].map((k) => [square(-5.5 + i * 0.02, 47.2 + k * 0.02, 0.005)]);
    return feature({ INSEE_COM: Number(code), NOM_COM: `Commune ${i}`, POPULATION: 12 }, [...polygons, ...islands].map((rings) => rings.map((ring) => [...ring].reverse())));
  });
  const said = await importing(`\uFEFF${JSON.stringify(collection(features))}`);
  assert.match(said, /25 lus, 25 modifiés, 0 inchangés, 0 sans commune/);
  await sound(list);
  assert.equal((await cell(list[0])).parts, 4);
  assert.match(await importing(JSON.stringify(collection(features))), /0 modifiés, 25 inchangés/);
});

test("an enclave: communes of Vaucluse in a hole of Drôme; neither lies on the other, whichever comes first", async () => {
  const [hole, ...around] = await codes("26", 9);
  const [inside, ...home] = await codes("84", 9, 20);
  // Its centre is known and its contour is not: drawn, not over the enclave.
  const drawn = (await codes("26", 1, 30))[0];
  await m.psql(`update data.commune set centre = null where department in ('26', '84'); update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(5.33, 44.2), 4326) where code = '${drawn}'`);
  const drome = [feature({ codgeo: hole, libgeo: "Autour" }, [[square(4.9, 44.3, 0.3), square(5, 44.4, 0.08).reverse()]]),
    ...grid(around, 4.9, 44.6, 0.1).map(([code, polygons]) => feature({ codgeo: code, libgeo: "?" }, polygons))];
  const vaucluse = [feature({ codgeo: inside, libgeo: "Enclave" }, [[square(5, 44.4, 0.08)]]), ...grid(home, 4.8, 43.7, 0.1).map(([code, polygons]) => feature({ codgeo: code, libgeo: "?" }, polygons))];
  assert.match(await importing(JSON.stringify(collection(drome))), /9 modifiés/);
  assert.equal((await cell(hole)).rings, 2);
  assert.match(await importing(JSON.stringify(collection(vaucluse))), /9 modifiés/);
  await sound([hole, ...around, inside, ...home]);
  assert.equal((await cell(drawn)).kind, "voronoi");
  const zone = await told(`select ext.ST_NumGeometries(shape) as parts, ext.ST_IsValid(shape) as valid from data.zone where level = 'departement' and code = '84'`);
  assert.ok(zone.valid && zone.parts >= 2, "home and the enclave");
  const over = await told("select round(ext.ST_Area(ext.ST_Intersection(a.shape, b.shape))::numeric, 7)::float8 as area from data.zone a, data.zone b where a.level = 'departement' and b.level = a.level and a.code = '26' and b.code = '84'");
  assert.equal(over.area, 0);
});

test("Corse and Guadeloupe: letters in any case, latitude first, a third coordinate", async () => {
  const [one, two] = await codes("2A", 2);
  const islands = (await codes("971", 4));
  const said = await importing(JSON.stringify(collection([feature({ insee: one.toLowerCase() }, [[square(8.8, 41.8, 0.1)]]), feature({ insee: two }, [[square(8.9, 41.8, 0.1)]])])));
  assert.match(said, /2 modifiés/);
  await sound([one, two]);
  const flipped = grid(islands, -61.7, 16, 0.1, (ring) => [[ring.map(([x, y]) => [y, x, 12.5])]]).map(([code, polygons]) => feature({ code_insee: [code], com_name: ["?"] }, polygons));
  const swapped = await importing(JSON.stringify(collection(flipped)));
  assert.match(swapped, /4 modifiés/);
  assert.match(swapped, /latitude y est donnée avant la longitude/);
  await sound(islands);
  const at = await cell(islands[0]);
  assert.deepEqual([at.x, at.y], [-61.65, 16.05]);
});

test("Paris, Lyon, Marseille: districts alone make their town; with the town, both stay", async () => {
  const districts = Array.from({ length: 16 }, (_, i) => String(13201 + i));
  await importing(JSON.stringify(collection(grid(districts, 5.3, 43.2, 0.02).map(([code, polygons]) => feature({ insee_arm: "x", com: code, nom: `Marseille ${code}` }, polygons)))));
  await sound([...districts, "13055"]);
  const town = await cell("13055");
  assert.deepEqual([town.kind, town.area, town.rings], ["dissolved", 0.0064, 1]);
  // The town alone: its districts are parts of it, once somebody tells where they are.
  const paris = await importing(JSON.stringify(collection([feature({ code: 75056, nom: "Paris" }, [[square(2.25, 48.82, 0.1)]])])));
  assert.match(paris, /1 modifiés/);
  await sound(["75056"]);
  const arms = Array.from({ length: 9 }, (_, i) => String(69381 + i));
  await importing(JSON.stringify(collection([feature({ code: "69123" }, [[square(4.78, 45.7, 0.12)]]), ...grid(arms, 4.78, 45.7, 0.04).map(([code, polygons]) => feature({ code }, polygons))])));
  await sound([...arms, "69123"]);
  assert.deepEqual([(await cell("69123")).kind, (await cell("69385")).kind], ["contour", "contour"]);
});

test("contours of some districts: the others share what these leave of their town; where it has none, they are said to be on no map", async () => {
  const districts = (town) => m.sql(`select c.code, c.cell_kind as kind, round(ext.ST_Area(c.cell)::numeric, 7)::float8 as area from data.commune c where data.town_of(c.code) = '${town}' and c.cell is not null order by c.code`);
  const overlaps = (town) => m.sql(`select a.code, b.code as other from data.commune a join data.commune b on a.code < b.code and a.cell && b.cell
    where data.town_of(a.code) = '${town}' and data.town_of(b.code) = '${town}' and ext.ST_Area(ext.ST_Intersection(a.cell, b.cell)) > 1e-9`);
  const other = await Instance.start({ template: "seed", server: false, worker: 0 });
  const first = m;
  m = other;
  try {
    // The town, then four of its districts: one of them over the places of others.
    await importing(JSON.stringify(collection([feature({ code: "69123" }, [[square(4.77, 45.7, 0.12)]])])));
    assert.deepEqual([...new Set((await districts("69123")).map(({ kind }) => kind))], ["voronoi"]);
    const some = [["69381", 4.82, 45.76, 0.02], ["69382", 4.8, 45.73, 0.03], ["69383", 4.86, 45.74, 0.03], ["69389", 4.77, 45.79, 0.03]];
    for (const order of [some, some.toReversed()]) {
      const said = await importing(JSON.stringify(collection(order.map(([code, x, y, size]) => feature({ code }, [[square(x, y, size)]])))));
      assert.match(said, /4 lus, (4 modifiés|0 modifiés, 4 inchangés)/);
      const found = await districts("69123");
      assert.deepEqual(found.filter(({ kind }) => kind === "contour").map(({ code }) => code), some.map(([code]) => code));
      assert.deepEqual([found.length, await overlaps("69123")], [9, []]);
      assert.ok(Math.abs(found.reduce((sum, { area }) => sum + area, 0) - 0.0144) < 1e-6, JSON.stringify(found));
    }
    // Paris has no contour: two of its districts are all that is known of it.
    const said = await importing(JSON.stringify(collection([["75101", 2.33], ["75102", 2.35]].map(([code, x]) => feature({ code }, [[square(x, 48.86, 0.02)]])))));
    assert.match(said, /18 restent sans place/);
    assert.deepEqual((await districts("75056")).map(({ code, kind }) => [code, kind]), [["75101", "contour"], ["75102", "contour"]]);
    // All but one, with streets between them: what is left is the one, not the streets.
    const arms = Array.from({ length: 16 }, (_, i) => String(13201 + i));
    const marseille = grid(arms, 5.34, 43.24, 0.03);
    await importing(JSON.stringify(collection([feature({ code: "13055" }, [[square(5.34, 43.24, 0.12)]]), ...marseille.slice(0, -1).map(([code, [[[[x, y]]]]]) => feature({ code }, [[square(x, y, 0.02999)]]))])));
    const last = (await districts("13055")).at(-1);
    assert.deepEqual([last.kind, (await overlaps("13055")).length, Math.abs(last.area - 0.0009) < 3e-5], ["voronoi", 0, true], JSON.stringify(last));
  } finally {
    m = first;
    await other.stop();
  }
});

test("contours far from the département of their code are left out and named, or refused when all are; one beside its centre is named", async () => {
  const [a, b, c] = await codes("62", 3, 60);
  const ok = feature({ code: a }, [[square(2.4, 50.5, 0.05)]]);
  const said = await importing(JSON.stringify(collection([
    ok,
    feature({ code: b }, [[square(2.46, 50.5, 0.05)], [square(5.4, 43.3, 0.05)]]), // a part of it
    feature({ code: c }, [[square(0, 0, 0.05)]]),
  ])));
  assert.match(said, /3 lus, 1 modifiés/);
  assert.match(said, new RegExp(`2 contours à plus de 400 km du département que dit leur code, laissés de côté : ${b}, ${c}\n`));
  assert.deepEqual(await m.sql(`select code from data.contour where code in ('${b}', '${c}')`), []);
  // Degrees and metres alike, named or not.
  const far = collection([feature({ code: b }, [[square(-3, 40, 0.1)]]), feature({ code: c }, [[square(-3.1, 40, 0.1)]])]);
  const crs = (name) => ({ crs: { type: "name", properties: { name } } });
  const metres = collection([feature({ code: b }, [[square(900_000, 6_250_000, 1000)]])]);
  for (const text of [far, { ...far, ...crs("urn:ogc:def:crs:OGC:1.3:CRS84") }, { ...metres, ...crs("urn:ogc:def:crs:EPSG::2154") }]) {
    assert.match(await refusal(JSON.stringify(text)), new RegExp(`à plus de 400 km des départements.*${b}`));
  }
  // The furthest of Guyane from its middle, and an island of Brittany.
  const [guyane] = await codes("973", 1, 3);
  assert.doesNotMatch(await importing(JSON.stringify(collection([feature({ code: guyane }, [[square(-54.6, 2.1, 0.1)]]), feature({ code: "29155" }, [[square(-5.12, 48.45, 0.05)]])]))), /400 km/);
  // Codes that have slipped by a line.
  await m.psql(`update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(1.75, 50.7), 4326) where code = '${b}'`);
  assert.match(await importing(JSON.stringify(collection([ok, feature({ code: b }, [[square(2.46, 50.5, 0.05)]])]))), new RegExp(`à vérifier : 1 contours à plus de 20 km du centre connu de leur commune : ${b}\n`));
  // A line that came twice, the second time with the shape of the next one; then as it should be.
  const next = feature({ code: c }, [[square(2.46, 50.5, 0.05)]]);
  assert.match(await importing(JSON.stringify(collection([ok, next, feature({ code: a }, [[square(2.46, 50.5, 0.05)]])]))), new RegExp(`à vérifier : \\d communes sous le contour d’une autre : .*${c} sous ${a}`));
  assert.doesNotMatch(await importing(JSON.stringify(collection([ok, feature({ code: b }, [[square(2.52, 50.5, 0.05)]]), next]))), /sous le contour/);
});

test("another file over the one that was wrong: contours, centres, outlines and what is told are those of the second", async () => {
  const list = await codes("28", 9, 20);
  const right = grid(list, 0.9, 47.5, 0.4);
  const slipped = right.map(([, polygons], i) => [list[(i + 4) % list.length], polygons]);
  const put = (cells) => importing(JSON.stringify(collection(cells.map(([code, polygons]) => feature({ code }, polygons)))));
  await put(slipped);
  const said = await put(right);
  assert.match(said, /9 lus, 9 modifiés/);
  assert.doesNotMatch(said, /vérifier/, "nobody told the centres that the first file gave");
  await sound(list);
  const all = list.map((code) => `'${code}'`).join(",");
  assert.deepEqual(await m.sql(`select code from data.commune where code in (${all}) and not ext.ST_Within(centre, cell)`), []);
  // A centre that was told stays, and says which contour is wrong.
  await m.psql(`update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(1.11, 47.71), 4326) where code = '${list[0]}'`);
  assert.match(await put(slipped), new RegExp(`1 contours à plus de 20 km du centre connu de leur commune : ${list[0]}\n`));
  assert.doesNotMatch(await put(right), /vérifier/);
  assert.deepEqual(await told(`select ext.ST_X(centre) as x, ext.ST_Y(centre) as y from data.commune where code = '${list[0]}'`), { x: 1.11, y: 47.71 });
});

test("codes that slipped by a line are told by the names, where no centre is known; names that changed a little, or to one that nobody bears, are none", async () => {
  const named = (await m.sql(`select c.code, c.name from data.commune c where c.department = '61' and not exists (select from data.commune_former f where f.code = c.code)
    and not exists (select from data.commune o where o.department = c.department and o.code <> c.code and data.fold(o.name) = data.fold(c.name)) order by c.code offset 30 limit 9`));
  const cells = grid(named.map(({ code }) => code), 0, 48.6, 0.1);
  const put = (name) => importing(JSON.stringify(collection(cells.map(([code, polygons], i) => feature({ code, nom: name(i) }, polygons)))));
  assert.doesNotMatch(await put((i) => named[i].name.toUpperCase()), /vérifier/);
  assert.doesNotMatch(await put((i) => (i ? named[i].name : "Un ancien nom")), /vérifier/);
  const said = await put((i) => named[(i + 1) % 9].name);
  assert.ok(said.includes(`à vérifier : 9 contours au nom d’une autre commune du département : ${named[0].code} (${named[1].name}), ${named[1].code} (${named[2].name})`), said);
  assert.match(said, /\)…\n/);
});

test("Lambert-93, named or not, and Web Mercator are converted and said", async () => {
  // The parish church of Moulins lies at 3.3318 E, 46.5660 N.
  // Communes whose neighbours nobody knows: one whose centre lay in a contour would share it.
  const [a, b, c] = await codes("58", 3, 100);
  const plain = collection([feature({ code: a }, [[square(724_000, 6_607_000, 1000)]])]);
  const said = await importing(JSON.stringify(plain));
  assert.match(said, /projection EPSG:2154 \(Lambert-93\)/);
  const at = await cell(a);
  assert.ok(Math.abs(at.x - 3.32) < 0.03 && Math.abs(at.y - 46.56) < 0.03, JSON.stringify(at));
  const km = await told(`select round((ext.ST_Area(cell::ext.geography) / 1e6)::numeric, 2)::float8 as area from data.commune where code = '${a}'`);
  assert.ok(Math.abs(km.area - 1) < 0.01, `${km.area} km²`);
  const crs = (name) => ({ crs: { type: "name", properties: { name } } });
  assert.match(await importing(JSON.stringify({ ...collection([feature({ code: b }, [[square(725_000, 6_607_000, 1000)]])]), ...crs("urn:ogc:def:crs:EPSG::2154") })), /EPSG:2154/);
  assert.match(await importing(JSON.stringify({ ...collection([feature({ code: c }, [[square(500_000, 5_870_000, 1500)]])]), ...crs("urn:ogc:def:crs:EPSG::3857") })), /EPSG:3857/);
  await sound([a, b]);
  for (const name of ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4171"]) {
    assert.doesNotMatch(await importing(JSON.stringify({ ...collection([feature({ code: "03300" }, [[square(3.9, 46.9, 0.01)]])]), ...crs(name) })), /converties/);
  }
  assert.match(await refusal(JSON.stringify({ ...plain, ...crs("urn:ogc:def:crs:EPSG::31370") })), /projection inconnue.*31370/);
  assert.match(await refusal(JSON.stringify({ ...plain, ...crs("urn:ogc:def:crs:EPSG::3857"), features: [feature({ code: a }, [[square(3e7, 0, 10)]])] })), /sort des limites/);
});

test("a system that nobody names is told by where the départements lie, also where two systems share their numbers", async () => {
  const project = async (code, srid) => (await m.sql(`with g as (select ext.ST_Transform(ext.ST_SetSRID(ext.ST_MakePoint(${code}), 4326), ${srid}) as p) select ext.ST_X(p) as x, ext.ST_Y(p) as y from g`))[0];
  const at = { "57": [6.2, 49.1], "59": [3.1, 50.6], "29": [-4.4, 48.4], "2B": [9.4, 42.6], "971": [-61.6, 16.2], "972": [-61, 14.6], "973": [-52.4, 4.9], "974": [55.5, -21.1], "976": [45.2, -12.8] };
  let tried = 0;
  // Web Mercator north of 47° has the northings of Lambert-93; UTM 20 has those of Lambert II étendu.
  for (const [department, srid] of [["57", 3857], ["59", 3857], ["59", 2154], ["29", 3857], ["29", 2154], ["29", 27572], ["57", 3949], ["29", 3948], ["2B", 2154], ["2B", 3942], ["971", 5490], ["972", 3857], ["973", 2972], ["974", 2975], ["976", 4471]]) {
    const [code] = await codes(department, 1, department.length > 2 ? 5 : 60 + (tried += 1));
    const there = await project(at[department].join(","), srid);
    const said = await importing(JSON.stringify(collection([feature({ code }, [[square(there.x, there.y, 1000)]])])));
    assert.match(said, /converties depuis la projection EPSG:\d+/, `${department} ${srid}`);
    const found = await cell(code);
    assert.ok(Math.abs(found.x - at[department][0]) < 0.02 && Math.abs(found.y - at[department][1]) < 0.02, `${department} ${srid}: ${said} ${JSON.stringify(found)}`);
  }
  // What the file says gives way when nothing lies where it must: degrees under the name of Lambert-93, and the reverse.
  const [code] = await codes("59", 1, 90);
  const crs = (name) => ({ crs: { type: "name", properties: { name } } });
  const degrees = { ...collection([feature({ code }, [[square(3.1, 50.6, 0.01)]])]), ...crs("urn:ogc:def:crs:EPSG::2154") };
  assert.doesNotMatch(await importing(JSON.stringify(degrees)), /converties/);
  assert.deepEqual([(await cell(code)).x, (await cell(code)).y], [3.105, 50.605]);
  const { x, y } = await project("3.2,50.5", 2154);
  const metres = { ...collection([feature({ code }, [[square(x, y, 1000)]])]), ...crs("urn:ogc:def:crs:OGC:1.3:CRS84") };
  assert.match(await importing(JSON.stringify(metres)), /EPSG:2154/);
  // Names of the editions of today.
  for (const name of ["EPSG:9794", "urn:ogc:def:crs:EPSG::9793"]) {
    assert.match(await importing(JSON.stringify({ ...metres, ...crs(name) })), /EPSG:2154.*\n?/);
  }
});

test("rings that are open or too short, polygons in a collection, points and lines beside them", async () => {
  const [a, b, c, d] = await codes("59", 4, 120);
  const open = square(3.0, 50.3, 0.1).slice(0, -1);
  const said = await importing(JSON.stringify(collection([
    feature({ code: a }, [[open]]),
    // A hole that is a line, positions twice, a hole that touches the ring.
    feature({ code: b }, [[[...square(3.1, 50.3, 0.1).flatMap((at) => [at, at])], [[3.12, 50.32], [3.13, 50.33]], [[3.1, 50.35], [3.15, 50.36], [3.15, 50.34], [3.1, 50.35]]]]),
    { type: "Feature", properties: { code: c }, geometry: { type: "GeometryCollection", geometries: [{ type: "Polygon", coordinates: [square(3.2, 50.3, 0.1)] }, { type: "LineString", coordinates: [[3.2, 50.3], [3.25, 50.3]] }] } },
    { type: "Feature", properties: { code: c }, geometry: { type: "Point", coordinates: [3.25, 50.35] } },
    { type: "Feature", properties: { code: d }, geometry: { type: "MultiPolygon", coordinates: [] } },
  ])));
  assert.match(said, /5 lus, 3 modifiés/);
  assert.match(said, /2 éléments sans contour/);
  assert.match(said, /2 anneaux restés ouverts, fermés/);
  await sound([a, b, c]);
  assert.deepEqual([(await cell(a)).area, (await cell(b)).area, (await cell(c)).area], [0.01, 0.0095, 0.01]);
});

test("IGN’s layers of districts and of former communes: each has its own code beside that of the commune", async () => {
  const arms = ["75101", "75102", "75103", "75104"];
  const town = { INSEE_COM: "75056", NOM: "Paris" };
  await importing(JSON.stringify(collection(grid(arms, 2.3, 48.85, 0.02).map(([code, polygons]) => feature({ ...town, ID: "ARR_MUNI0000000009736045", INSEE_ARM: code }, polygons)))));
  assert.deepEqual([(await cell("75101")).kind, (await cell("75101")).area], ["contour", 0.0004]);
  await importing(JSON.stringify(collection(grid(arms, 2.3, 48.85, 0.03).map(([code, polygons]) => feature({ com_code: ["75056"], com_arm_code: [code] }, polygons)))));
  assert.equal((await cell("75104")).area, 0.0009);
});

test("one feature a line, a sequence of RFC 8142, one feature alone", async () => {
  const two = [feature({ code: "03080" }, [[square(5.3, 45.8, 0.1)]]), feature({ code: "03081" }, [[square(5.4, 45.8, 0.1)]])].map((one) => JSON.stringify(one));
  assert.match(await importing(`${two.join("\n")}\n`), /2 lus, 2 modifiés/);
  assert.match(await importing(two.map((one) => `\x1E${one}\n`).join("")), /2 lus, 0 modifiés, 2 inchangés/);
  assert.match(await importing(two[0]), /1 lus, 0 modifiés, 1 inchangés/);
  assert.match(await refusal(`${two[0]}\n{"type":"Feat`), /ligne 2/);
  // As Windows writes it.
  assert.match(await importing(Buffer.from(`\uFEFF${two[0]}`, "utf16le")), /1 lus, 0 modifiés, 1 inchangés/);
  assert.match(await importing(Buffer.from(two[0], "utf16le").swap16()), /1 lus, 0 modifiés, 1 inchangés/);
  // Packed as publishers pack it.
  assert.match(await importing(gzipSync(two[0])), /1 lus, 0 modifiés, 1 inchangés/);
  assert.match(await importing(zip([{ name: "communes/LISEZMOI.txt", data: "x" }, { name: "communes/communes-03.geojson", data: two.join("\n") }, { name: "__MACOSX/._communes-03.geojson", data: "x" }])), /2 lus, 0 modifiés, 2 inchangés/);
});

test("what is wrong is mended or left out, and said; codes given twice are one commune", async () => {
  const bow = [[5.5, 46.1], [5.6, 46.2], [5.6, 46.1], [5.5, 46.2], [5.5, 46.1]];
  const said = await importing(JSON.stringify(collection([
    feature({ code: "03101" }, [[bow]]),
    feature({ code: "03102" }, [[square(5.7, 46.1, 0.1)], [square(5.75, 46.1, 0.1)]]), // lies on itself
    { type: "Feature", properties: { code: "03103" }, geometry: null },
    feature({ code: "03104" }, [[[[5.1, 46.1], [5.2, 46.1], [5.1, 46.1], [5.1, 46.1]]]]),
    feature({ code: "03105" }, [[square(5.9, 46.1, 0.05)]]), feature({ code: "03105" }, [[square(5.9, 46.1, 0.05)]]), feature({ code: "03105" }, [[square(5.97, 46.1, 0.01)]]),
    feature({ code: "98799" }, [[square(6, 46.3, 0.01)]]),
    feature({ nom: "Zone maritime" }, [[square(6.1, 46.3, 0.01)]]), feature({ code: "", nom: "Lac" }, [[square(6.2, 46.3, 0.01)]]),
  ])));
  assert.match(said, /2 éléments sans code de commune, laissés de côté \(le premier : élément 9\)/);
  assert.match(said, /10 lus, 3 modifiés, 0 inchangés, 1 sans commune/);
  assert.match(said, /codes inconnus : 98799\n/);
  assert.match(said, /1 éléments? sans contour/);
  assert.match(said, /1 contours? sans surface/);
  assert.match(said, /3 contours? dont le bord se croise/);
  assert.deepEqual([(await cell("03101")).parts, (await cell("03101")).area], [2, 0.005]);
  assert.deepEqual([(await cell("03102")).parts, (await cell("03102")).area], [1, 0.015]);
  assert.deepEqual([(await cell("03105")).parts, (await cell("03105")).area], [2, 0.0026]);
});

test("what cannot be read is refused in French, and nothing changes", async () => {
  const before = await told("select count(*) as n, max(received_at)::text as at from data.contour");
  const ok = [[square(3.3, 46.5, 0.1)]];
  const wrong = {
    "est vide": "",
    "64\u00a0Mio": Buffer.alloc((64 << 20) + 1, " "),
    "JSON valide": "code;nom\n03190;Moulins\n",
    "aucun élément du fichier n’a de contour": JSON.stringify(collection([])),
    "aucun élément du fichier n’a de contour ": JSON.stringify(collection([{ type: "Feature", properties: { code: "03190" }, geometry: null }])),
    "FeatureCollection": JSON.stringify({ type: "MultiPolygon", coordinates: ok }),
    "TopoJSON": JSON.stringify({ type: "Topology", objects: {}, arcs: [] }),
    "départements, de régions": JSON.stringify(collection([feature({ code: "03", nom: "Allier" }, ok)])),
    "départements, de régions ": JSON.stringify(collection([feature({ code: "2A" }, ok)])),
    "ou d’intercommunalités": JSON.stringify(collection([feature({ code: "200071140", nom: "Vichy Communauté" }, ok)])),
    "ou d’intercommunalités ": JSON.stringify(collection([feature({ code: 200071140, nom: "Vichy Communauté" }, ok)])),
    "Insee de la commune": JSON.stringify(collection([feature({ nom: "Moulins", code_postal: "03000" }, ok, { id: 12 })])),
    "le code n’est pas valide": JSON.stringify(collection([feature({ code: "0319O" }, ok)])),
    "aucun élément du fichier n’a de contour  ": JSON.stringify(collection([{ type: "Feature", properties: { code: "03190" }, geometry: { type: "LineString", coordinates: square(3, 46, 1) } }])),
    "pas un Polygon": JSON.stringify(collection([{ type: "Feature", properties: { code: "03190" }, geometry: { type: "Polygon", coordinates: [[3, 46]] } }])),
    "projection inconnue": JSON.stringify(collection([feature({ code: "03190" }, [[square(2.5e6, 5.2e6, 1000)]])])),
    "un seul (.geojson": zip([{ name: "LISEZMOI.txt", data: "x" }]),
    "GeoJSON (avec QGIS ou mapshaper, par exemple) («\u00a0Shapefile": zip([{ name: "communes.dbf", data: "x" }, { name: "communes.SHP", data: "x" }]),
    "«\u00a0GeoPackage": zip([{ name: "communes.geojson", data: "SQLite format 3\0" }]),
    "n’est pas en UTF-8 ": Buffer.concat([Buffer.from("\ufeff{", "utf16le"), Buffer.from([0])]),
    "un seul (.geojson ": zip([{ name: "communes-03.geojson", data: "{}" }, { name: "communes-63.geojson", data: "{}" }]),
    "archive ZIP abîmée": zip([{ name: "communes.geojson", data: "{}", crc: 1 }]),
    "«\u00a0Shapefile": Buffer.from([0, 0, 0x27, 0x0a, 0, 0, 0, 0]),
    "«\u00a0KML": '<?xml version="1.0"?><kml/>',
    "n’est pas en UTF-8": Buffer.from(JSON.stringify(collection([feature({ code: "03190", nom: "Chézelles" }, ok)])), "latin1"),
    "sort des limites": JSON.stringify(collection([feature({ code: "03190" }, [[square(3.3, 120, 0.1)]])])),
  };
  for (const [why, text] of Object.entries(wrong)) {
    const said = await refusal(text);
    assert.ok(said.includes(why.trim()), `${why}: ${said}`);
    assert.doesNotMatch(said, /inattendue/);
  }
  assert.deepEqual(await told("select count(*) as n, max(received_at)::text as at from data.contour"), before);
});

test("communes that merge later: contours, employers, territories, files and registers follow; one that is taken out again comes back", async () => {
  const communes = (...entries) => {
    const path = join(dir, `communes-${(files += 1)}.json`);
    writeFileSync(path, JSON.stringify(entries.map((entry) => ({ departement: "15", region: "84", codesPostaux: ["15000"], population: 100, type: "commune-actuelle", ...entry }))));
    return m.admin("import", "communes", path);
  };
  const [a, b, c] = await codes("15", 3, 10);
  await importing(JSON.stringify(collection([a, b, c].map((code, i) => feature({ code }, [[square(2.5 + i * 0.1, 44.9, 0.1)]])))));
  await m.psql(`with t as (insert into data.territory (name, kind) values ('Essai', 'departement') returning id) insert into data.territory_commune (territory_id, commune_code) select id, '${b}' from t`);
  const { territory } = await told("select id as territory from data.territory where name = 'Essai'");
  await m.psql(`insert into data.establishment (siret, legal_name, commune_code, status) values ('99900000100011', 'DE B', '${b}', 'A')`);
  // The first merger: of A and B, then C joins what is dissolved already.
  await communes({ code: a, nom: "A nouvelle" }, { code: b, nom: "B", type: "commune-deleguee", chefLieu: a });
  assert.deepEqual(await cell(a), { ...(await cell(a)), kind: "dissolved", area: 0.02, parts: 1 });
  assert.equal((await told(`select cell, centre from data.commune where code = '${b}'`)).cell, null);
  assert.equal((await told("select commune_code from data.establishment where siret = '99900000100011'")).commune_code, a);
  assert.deepEqual(await m.sql(`select commune_code from data.territory_commune where territory_id = ${territory}`), [{ commune_code: a }]);
  await communes({ code: a, nom: "A nouvelle" }, { code: c, nom: "C", type: "commune-deleguee", chefLieu: a });
  assert.equal((await cell(a)).area, 0.03, "a third one has joined");
  assert.equal((await cell(a)).kind, "dissolved");
  await communes({ code: a, nom: "A nouvelle" });
  assert.equal((await cell(a)).area, 0.03, "what a file does not tell stays");
  // A contour of B as it was goes on being part of A.
  assert.match(await importing(JSON.stringify(collection([feature({ code: b }, [[square(2.6, 44.9, 0.1)], [square(2.65, 44.7, 0.02)]])]))), /1 modifiés/);
  assert.deepEqual([(await cell(a)).area, (await cell(a)).parts], [0.0304, 2]);
  // Registers and files of a former year name B and C.
  const head = "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,codePostalEtablissement,libelleCommuneEtablissement,codeCommuneEtablissement,etatAdministratifEtablissement,activitePrincipaleEtablissement,nomenclatureActivitePrincipaleEtablissement,enseigne1Etablissement,enseigne2Etablissement,enseigne3Etablissement,denominationUsuelleEtablissement,trancheEffectifsEtablissement,libelleVoieEtablissement";
  writeFileSync(join(dir, "former.csv"), `${head}\n356000000,00048,35600000000048,O,2001-01-01,15000,C,${c},A,47.11D,NAFRev2,LA POSTE,,,,NN,DE LA GARE\n`);
  await m.admin("import", "sirene", join(dir, "former.csv")).catch((error) => assert.fail(error.message));
  assert.equal((await told("select commune_code from data.establishment where siret = '35600000000048'")).commune_code, a);
  assert.match(await m.admin("import", "sirene", join(dir, "former.csv")), /1 inchangés|0 modifiés/);
  // A merged commune that becomes part of another one again.
  const [d] = await codes("15", 1, 40);
  await communes({ code: d, nom: "D nouvelle" }, { code: a, nom: "A", type: "commune-deleguee", chefLieu: d });
  assert.equal((await told("select commune_code from data.establishment where siret = '35600000000048'")).commune_code, d);
  assert.deepEqual(await m.sql(`select distinct commune_code from data.commune_former where code in ('${a}', '${b}', '${c}')`), [{ commune_code: d }]);
  assert.deepEqual([(await cell(d)).kind, (await cell(d)).area], ["dissolved", 0.0304]);
  // Taken out again, with its contour.
  await communes({ code: d, nom: "D" }, { code: c, nom: "C" });
  assert.deepEqual([(await cell(c)).kind, (await cell(c)).area], ["contour", 0.01]);
  assert.equal((await cell(d)).area, 0.0204);
  assert.deepEqual(await m.sql(`select code from data.commune_former where code = '${c}'`), []);
});

test("a commune smaller than a tenth of a square kilometre is on the map", async () => {
  const [host, hole] = await codes("81", 2, 50);
  // 0.05 km² between contours; and a sliver of a gap in which the centre of another one happens to lie.
  await m.psql(`update data.commune set centre = null where department = '81'; update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(2.1512, 43.9512), 4326) where code = '${hole}'`);
  await importing(JSON.stringify(collection([feature({ code: host }, [[square(2, 43.8, 0.3), square(2.15, 43.95, 0.0025).reverse()]])])));
  const km = await told(`select cell_kind as kind, round((ext.ST_Area(cell::ext.geography) / 1e6)::numeric, 2)::float8 as area from data.commune where code = '${hole}'`);
  assert.deepEqual(km, { kind: "voronoi", area: 0.06 });
  const [other, sliver] = await codes("81", 2, 60);
  await m.psql(`update data.commune set centre = ext.ST_SetSRID(ext.ST_MakePoint(2.55015, 43.95015), 4326) where code = '${sliver}'`);
  await importing(JSON.stringify(collection([feature({ code: other }, [[square(2.4, 43.8, 0.3), square(2.55, 43.95, 0.0003).reverse()]])])));
  const shared = await m.sql(`select cell_kind as kind, ext.ST_Area(cell::ext.geography) > 1e6 as is_large from data.commune where code in ('${other}', '${sliver}') order by code`);
  assert.deepEqual(shared, [{ kind: "voronoi", is_large: true }, { kind: "voronoi", is_large: true }]);
});
