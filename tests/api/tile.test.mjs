// Vector tiles: decoded and compared with SQL; who may have them; kept, and made anew when what they show changes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";
import { Instance } from "../lib/instance.mjs";

let m;
let adviser;
before(async () => {
  m = await Instance.start({ template: "demo" });
  adviser = await m.signIn(m.account({ role: "adviser", network: "ft" }).email);
});
after(() => m?.stop());

const layersOf = (bytes) => new VectorTile(new Pbf(bytes)).layers;
const featuresOf = (layer) => Array.from({ length: layer?.length ?? 0 }, (_, i) => layer.feature(i));
const columnOf = (lon, z) => Math.floor(((lon + 180) / 360) * 2 ** z);
const rowOf = (lat, z) => Math.floor(((1 - Math.log(Math.tan((lat * Math.PI) / 180) + 1 / Math.cos((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
async function tile(path, session = adviser) {
  const answer = await session.get(path);
  assert.equal(answer.status, 200, `${path}: ${answer.text.slice(0, 200)}`);
  assert.match(answer.headers.get("content-type"), /vnd.mapbox-vector-tile/);
  return layersOf(answer.bytes);
}
/** The tiles of a zoom that cover a box. */
function cover([west, south, east, north], z) {
  const found = [];
  for (let x = columnOf(west, z); x <= columnOf(east, z); x++) for (let y = rowOf(north, z); y <= rowOf(south, z); y++) found.push([z, x, y]);
  return found;
}

/** Twice the area of a ring, with its sign. */
const twice = (ring) => ring.reduce((sum, { x, y }, i) => sum + x * ring[(i + 1) % ring.length].y - ring[(i + 1) % ring.length].x * y, 0);

test("outlines in tiles are those of the tables, at every level and zoom", async () => {
  const { body: frame } = await adviser.get("/api/tiles/frame");
  const middle = [(frame.box[0] + frame.box[2]) / 2, (frame.box[1] + frame.box[3]) / 2];
  for (const [level, z] of [["commune", 7], ["commune", 10], ["commune", 12], ["epci", 8], ["bassin", 9], ["departement", 6], ["region", 5]]) {
    const [x, y] = [columnOf(middle[0], z), rowOf(middle[1], z)];
    const layers = await tile(`/api/tiles/zones/${level}/${z}/${x}/${y}`);
    const shape = level === "commune" ? "select code, name, cell as shape from data.commune where cell is not null" : `select code, name, shape from data.zone where level = '${level}' and shape is not null`;
    // What only touches the tile by less than a unit of its grid may be left out.
    const wanted = await m.sql(`select code, name, ext.ST_Area(ext.ST_Intersection(s, e)) / ext.ST_Area(e) as share
      from (select code, name, ext.ST_Transform(shape, 3857) as s, ext.ST_TileEnvelope(${z}, ${x}, ${y}) as e from (${shape}) q) q where ext.ST_Intersects(s, e)`);
    const found = new Map(featuresOf(layers.zones).map((feature) => [feature.properties.code, feature]));
    for (const { code, name, share } of wanted) {
      if (share < 1e-5) continue;
      const feature = found.get(code);
      assert.ok(feature, `${level} ${z}: ${code}`);
      assert.equal(feature.properties.name, name);
      // The tile reaches a little beyond its frame: only what lies well inside is measured.
      const rings = feature.loadGeometry();
      const inside = rings.flat().every((p) => p.x > 0 && p.x < 4096 && p.y > 0 && p.y < 4096);
      const area = Math.abs(rings.reduce((sum, ring) => sum + twice(ring), 0)) / 2 / 4096 ** 2;
      if (inside && share > 1e-4) assert.ok(Math.abs(area / share - 1) < 0.06, `${level} ${z} ${code}: ${area} for ${share}`);
    }
    const all = new Set((await m.sql(`select code from (${shape}) q`)).map(({ code }) => code));
    for (const code of found.keys()) assert.ok(all.has(code), code);
    assert.ok(featuresOf(layers.names).every((feature) => feature.properties.name && feature.type === 1));
  }
});

test("employers in tiles are those of the list, gathered but never lost, whatever is asked", async () => {
  const { body: frame } = await adviser.get("/api/tiles/frame");
  const box = [frame.box[0] - 0.1, frame.box[1] - 0.1, frame.box[2] + 0.1, frame.box[3] + 0.1];
  const here = "data.facet f where f.active and f.lon is not null and f.commune in (select c.number from data.territory_commune t join data.territory r on r.id = t.territory_id join data.commune c on c.code = t.commune_code where r.name = 'Allier')";
  for (const [query, also, zooms] of [["", "", [9, 11]], ["?naf=G", "and f.naf / 3200 in (45, 46, 47)", [10]], ["?size=01,unknown", "and (f.size = 1 or f.size is null)", [9]]]) {
    const [told] = await m.sql(`select count(*) as n, count(*) filter (where f.last_visit_at >= date_trunc('month', now() at time zone 'Europe/Paris') at time zone 'Europe/Paris' - interval '11 months') as met from ${here} ${also}`);
    for (const z of zooms) {
      let n = 0;
      let met = 0;
      for (const at of cover(box, z)) {
        for (const feature of featuresOf((await tile(`/api/tiles/employers/${at.join("/")}${query}`)).employers)) {
          n += feature.properties.n;
          met += feature.properties.met;
        }
      }
      assert.equal(n, told.n, `${query} ${z}`);
      if (query === "") assert.ok(Math.abs(met - told.met) <= told.met * 0.01, `${met} met, ${told.met} in the table`); // months of unlike lengths
    }
  }
  // From near, each by itself where it stands.
  const [town] = await m.sql("select ext.ST_X(centre) as lon, ext.ST_Y(centre) as lat from data.commune where code = '03190'");
  const [z, x, y] = [14, columnOf(town.lon, 14), rowOf(town.lat, 14)];
  const near = featuresOf((await tile(`/api/tiles/employers/${z}/${x}/${y}`)).employers);
  const list = await m.sql(`select f.id, f.lon / 100000.0 as lon, f.lat / 100000.0 as lat from ${here} and f.square between data.square_first(${z}, ${x}, ${y}) and data.square_first(${z}, ${x}, ${y}) + 3`);
  assert.equal(near.reduce((sum, feature) => sum + feature.properties.n, 0), list.length);
  const alone = near.filter((feature) => feature.properties.n === 1);
  assert.ok(alone.length > 20, `${alone.length}`);
  for (const feature of alone) {
    const [lon, lat] = feature.toGeoJSON(x, y, z).geometry.coordinates;
    const one = list.find((row) => row.id === feature.properties.id);
    assert.ok(one && Math.abs(one.lon - lon) < 0.0001 && Math.abs(one.lat - lat) < 0.0001, `${feature.properties.id}: ${lon} ${lat}`);
  }
});

test("whose meetings, and which months: the dots tell apart what the question does", async () => {
  const { body: frame } = await adviser.get("/api/tiles/frame");
  const box = [frame.box[0] - 0.1, frame.box[1] - 0.1, frame.box[2] + 0.1, frame.box[3] + 0.1];
  const met = async (query) => {
    let n = 0;
    for (const at of cover(box, 9)) for (const feature of featuresOf((await tile(`/api/tiles/employers/${at.join("/")}?${query}`)).employers)) n += feature.properties.met;
    return n;
  };
  // Those of the figure who have a place on the map.
  const figure = async (query) => {
    const where = new URLSearchParams(query);
    const [told] = await m.sql(`select count(distinct t.establishment_id) as n from data.fact t join data.facet f on f.id = t.establishment_id
      join data.network w on w.rank = t.network where f.active and f.square is not null and t.visits > 0 and t.month between data.month_number('${where.get("from")}') and data.month_number('${where.get("to")}')
      ${where.has("network") ? `and w.code = '${where.get("network")}'` : ""} ${where.has("organisation") ? `and t.organisation_id = ${where.get("organisation")}` : ""}
      and f.commune in (select t.number from data.territory_commune t join data.territory r on r.id = t.territory_id where r.name = 'Allier')`);
    return told.n;
  };
  const [{ now, then, start }] = await m.sql("select data.month_text(data.month_of(data.now())) as now, data.month_text(data.month_of(data.now()) - 2) as then, data.month_text(data.month_of(data.now()) - 8) as start");
  const [{ id }] = await m.sql("select organisation_id as id from data.fact where visits > 0 group by 1 order by count(*) desc limit 1");
  const seen = new Map();
  for (const query of [`from=${start}&to=${now}`, `from=${start}&to=${then}`, `from=${start}&to=${now}&network=ft`, `from=${start}&to=${now}&network=ml`, `from=${start}&to=${then}&organisation=${id}`]) {
    const n = await met(query);
    assert.equal(n, await figure(query), query);
    seen.set(n, query);
  }
  assert.ok(seen.size >= 4, `they differ: ${[...seen.keys()]}`);
  assert.equal(await met(`from=${start}&to=2090-01`), await met(`from=${start}&to=${now}`), "nobody is met later than now");
  // Of an area, those that lie in it.
  const [area] = await m.sql(`select z.level || ':' || z.code as within, count(distinct t.establishment_id) as n from data.zone z join data.zone_commune w on w.zone_id = z.id
    join data.facet f on f.commune = w.commune and f.active and f.square is not null
    join data.fact t on t.establishment_id = f.id and t.visits > 0 and t.month between data.month_number('${start}') and data.month_number('${now}')
    where z.level = 'epci' group by 1 order by 2 desc, 1 limit 1`);
  assert.ok(area.n > 0 && area.n < (await met(`from=${start}&to=${now}`)));
  assert.equal(await met(`from=${start}&to=${now}&within=${area.within}`), area.n);
});

test("a meeting of another month is on the tile that asks for it", async () => {
  const [one] = await m.sql(`select f.id, f.lon / 100000.0 as lon, f.lat / 100000.0 as lat, data.month_text(data.month_of(data.now()) - 20) as month
    from data.facet f join data.territory_commune t on t.number = f.commune where f.active and f.lon is not null and f.last_visit_at is not null
     and not exists (select from data.fact a where a.establishment_id = f.id and a.month < data.month_of(data.now()) - 19) order by f.id desc limit 1`);
  const path = `/api/tiles/employers/10/${columnOf(one.lon, 10)}/${rowOf(one.lat, 10)}?from=${one.month}&to=${one.month}&network=plie`;
  const met = async () => featuresOf((await tile(path)).employers).reduce((sum, feature) => sum + feature.properties.met, 0);
  const before = await met();
  await m.psql(`insert into data.contact_event (establishment_id, organisation_id, kind, at)
    select ${one.id}, (select id from data.organisation where network = 'plie' limit 1), 'visit', '${one.month}-10 10:00+01'`, { role: "postgres" });
  await m.until(async () => (await met()) === before + 1, "an older visit that changes nothing in the row of the employer");
});

test("a tile is kept, checked by its tag, and made anew once an employer is no more", async () => {
  const [one] = await m.sql("select f.id, f.lon / 100000.0 as lon, f.lat / 100000.0 as lat from data.facet f join data.territory_commune t on t.number = f.commune where f.active and f.lon is not null order by f.id limit 1");
  const path = `/api/tiles/employers/10/${columnOf(one.lon, 10)}/${rowOf(one.lat, 10)}`;
  const count = async () => featuresOf((await tile(path)).employers).reduce((sum, feature) => sum + feature.properties.n, 0);
  const n = await count();
  const first = await adviser.get(path);
  const tag = first.headers.get("etag");
  assert.equal(first.headers.get("cache-control"), "private, no-cache");
  assert.equal((await adviser.get(path, { headers: { "if-none-match": tag } })).status, 304);
  assert.ok((await m.sql("select count(*) as n from data.tile where territory_id <> 0"))[0].n > 0, "tiles are kept");
  await m.psql(`update data.establishment set status = 'F', closed_on = current_date where id = ${one.id}`);
  await m.until(async () => (await count()) === n - 1, "the tile says so");
  assert.equal((await adviser.get(path, { headers: { "if-none-match": tag } })).status, 200);
});

test("an outline that changes is in the next tile", async () => {
  const [one] = await m.sql("select code, ext.ST_X(centre) as lon, ext.ST_Y(centre) as lat from data.commune where code = '03190'");
  const path = `/api/tiles/zones/commune/10/${columnOf(one.lon, 10)}/${rowOf(one.lat, 10)}`;
  const corners = async () => JSON.stringify(featuresOf((await tile(path)).zones).find((feature) => feature.properties.code === one.code).loadGeometry());
  const before = await corners();
  assert.equal(await corners(), before);
  await m.psql("update data.commune set cell = ext.ST_Multi(ext.ST_Envelope(cell)) where code = '03190'");
  assert.notEqual(await corners(), before);
});

test("employers are for partners, one by one and in the territory only; wrong addresses are no tiles", async () => {
  const observer = await m.signIn(m.account({ role: "observer" }).email);
  assert.equal((await observer.get("/api/tiles/employers/10/521/361")).status, 403);
  assert.equal((await observer.get("/api/tiles/zones/commune/10/521/361")).status, 200);
  assert.equal((await m.visitor().get("/api/tiles/zones/commune/10/521/361")).status, 401);
  for (const path of ["employers/8/130/90", "employers/16/33344/23000", "employers/10/1024/0", "employers/10/5x/1", "zones/planet/10/1/1", "zones/commune/3/4/2", "zones/commune/15/1/1"])
    assert.equal((await adviser.get(`/api/tiles/${path}`)).status, 404, path);
  for (const wrong of ["from=2026-13", "within=planet:1", "to=2026-1", "network=state", "organisation=0"]) assert.equal((await adviser.get(`/api/tiles/employers/10/521/361?${wrong}`)).status, 422, wrong);
  assert.equal((await adviser.get("/api/tiles/frame?within=departement:03,planet:1")).status, 422);
  assert.equal((await adviser.get("/api/tiles/employers/10/521/361?segment=999999")).status, 404);
});
