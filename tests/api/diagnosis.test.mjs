// What managers read besides committees: the diagnosis of an area against the tables it comes from, targets against the
// indicators, the directory and its gaps, the potential of an employer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Instance } from "../lib/instance.mjs";

let m, manager, observer, adviser, contributor;
before(async () => {
  m = await Instance.start({ template: "demo" });
  manager = await m.signIn(m.account({ role: "manager", network: "ft" }).email);
  observer = await m.signIn(m.account({ role: "observer" }).email);
  adviser = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
  contributor = await m.signIn(m.account({ role: "contributor" }).email);
});
after(() => m?.stop());

test("the diagnosis of an area says what its sources say", async () => {
  const zone = (await manager.get("/api/ground?level=bassin")).body.features.find((one) => /Vichy/.test(one.properties.name)).properties;
  const { status, body, text } = await manager.get(`/api/diagnosis?within=bassin:${zone.code}`);
  assert.equal(status, 200, text);
  assert.match(body.place, /Vichy/);
  const [told] = await m.sql(`
    with place as (select b.commune_code from data.bassin_commune b where b.bassin = '${zone.code}'),
    e as (select e.* from data.establishment e where e.merged_into is null and e.status = 'A' and e.commune_code in (select commune_code from place))
    select (select count(*) from place) as communes, (select count(*) from e) as employers, (select count(*) from e where left(naf, 2) = '56') as restaurants,
           (select sum(projects) from data.bmo where bassin = '${zone.code}') as projects,
           (select max(level) from data.tension where bassin = '${zone.code}') as tension`);
  assert.equal(body.communes, told.communes);
  assert.equal(body.sizes.reduce((sum, one) => sum + one.establishments, 0), told.employers);
  assert.equal(body.sectors.find((one) => one.code === 56).establishments, told.restaurants);
  assert.equal(body.projects_all, told.projects);
  assert.equal(body.tensions[0].level, told.tension);
  assert.deepEqual(body.figures, (await manager.get(`/api/indicators/figures?level=all&within=bassin:${zone.code}`)).body.items[0].figures);
  const top = body.occupations[0];
  const [posts] = await m.sql(`select
    (select coalesce(sum(n.posts), 0) from data.need n join data.establishment e on e.id = n.establishment_id join data.bassin_commune b on b.commune_code = e.commune_code
      where b.bassin = '${zone.code}' and n.rome = '${top.rome}' and n.state <> 'abandoned' and n.declared_at > data.now() - interval '24 months') as needs,
    (select coalesce(sum(o.posts), 0) from data.offer o join data.establishment e on e.id = o.establishment_id join data.bassin_commune b on b.commune_code = e.commune_code
      where b.bassin = '${zone.code}' and o.rome = '${top.rome}' and o.confirmed_at > data.now() - interval '24 months') as offers`);
  assert.deepEqual([top.needs, top.offers], [posts.needs, posts.offers]);
  assert.equal(top.areas.reduce((sum, one) => sum + one.n, 0), top.needs + top.offers, "the map adds up to the list");
  assert.equal(body.sources.survey, new Date().getFullYear());
});

test("observers have its counts in multiples of five; contributors have none; an unknown area is not found", async () => {
  const { body } = await observer.get("/api/diagnosis");
  const counts = body.occupations.flatMap((one) => [one.needs, one.offers, ...one.areas.map((area) => area.n)]);
  assert.ok(counts.length > 20 && counts.every((n) => n === null || n % 5 === 0), JSON.stringify(counts));
  const strong = body.sectors.map((one) => one.strong);
  const known = (await manager.get("/api/diagnosis")).body.sectors.map((one) => one.strong);
  assert.deepEqual(strong, known.map((n) => (n > 0 && n < 5 ? null : n - (n % 5))), "employers worth a visit, as observers may have them");
  assert.ok(known.some((n) => n % 5 > 0), "there is something to keep back");
  assert.ok(Object.values(body.figures).every((figure) => figure.n === null || figure.n % 5 === 0));
  assert.equal((await contributor.get("/api/diagnosis")).status, 403);
  assert.equal((await manager.get("/api/diagnosis?within=bassin:ailleurs")).status, 404);
  assert.equal((await manager.get("/api/diagnosis?within=planete:3")).status, 422);
});

test("a target comes to what the indicator says, and nobody sets one for another", async () => {
  const year = String(new Date().getFullYear());
  const own = (await manager.get("/api/session")).body.organisation.id;
  const period = { from: `${year}-01`, to: `${year}-12` };
  const set = await manager.post("/api/targets", { organisation: own, indicator: "needs", ...period, goal: 12 });
  assert.equal(set.status, 201, set.text);
  const target = set.body.items.find((one) => one.organisation?.id === own && one.indicator === "needs");
  const figure = (await manager.get(`/api/indicators/figures?level=all&codes=needs&organisation=${own}&from=${period.from}&to=${period.to}`)).body.items[0].figures.needs;
  assert.deepEqual([target.n, target.value, target.goal, target.hidden], [figure.n, figure.value, 12, false]);
  const others = (await manager.get("/api/organisations")).body.items.find((one) => one.network === "ce").id;
  assert.equal((await manager.post("/api/targets", { organisation: others, indicator: "needs", ...period, goal: 12 })).status, 403);
  assert.equal((await adviser.post("/api/targets", { indicator: "needs", ...period, goal: 12 })).status, 403);
  const wrong = await manager.post("/api/targets", { indicator: "needs", ...period, goal: 0 });
  assert.deepEqual([wrong.status, wrong.body.fields?.[0]?.field], [422, "goal"], wrong.text);
  assert.ok((await observer.get("/api/targets")).body.items.every((one) => one.n === null || one.n % 5 === 0));
  assert.equal((await manager.delete(`/api/targets/${target.id}`)).status, 204);
  assert.ok(!(await manager.get("/api/targets")).body.items.some((one) => one.id === target.id));
});

test("an organisation says where it works: its communes, and the gaps that this leaves", async () => {
  const own = (await manager.get("/api/session")).body.organisation.id;
  const before = (await manager.get("/api/organisations")).body.items.find((one) => one.id === own);
  const gaps = async () => (await contributor.get("/api/organisations/gaps")).body.networks.find((one) => one.network === "ft");
  const all = (await gaps()).gaps.length;
  const put = (body) => manager.put(`/api/organisations/${own}`, { version: before.version, services: before.services.map((one) => one.code), areas: before.areas.map((one) => one.area), ...body });
  assert.equal((await put({ website: "javascript:alert(1)" })).body.fields?.[0]?.field, "website");
  assert.equal((await put({ areas: ["commune:69384"] })).status, 422);
  assert.equal((await put({ areas: ["commune:03190"], about: "Une agence." })).status, 204);
  assert.equal((await put({ about: "Plus tard" })).status, 412);
  assert.deepEqual((await adviser.get(`/api/organisations/${own}/communes`)).body.communes, ["03190"]);
  assert.ok((await gaps()).gaps.length > all + 20, "communes are left without an agency");
  assert.equal((await adviser.put(`/api/organisations/${own}`, { version: 2, services: [], areas: [] })).status, 403);
});

test("the potential of an employer is told part by part, and follows what happens within seconds", async () => {
  const [row] = await m.sql("select f.id, f.potential from data.facet f join data.establishment e on e.id = f.id where f.active and f.known = 0 and f.base between 40 and 70 and e.commune_code = '03190' order by f.id limit 1", { role: "postgres" });
  const read = async () => (await adviser.get(`/api/establishments/${row.id}/potential`)).body;
  const score = await read();
  assert.equal(score.score, row.potential);
  assert.ok(Math.abs(score.size.points + score.activity.points + score.market.points - score.base) < 1);
  assert.ok(score.activity.occupations.length > 0 && score.market.bassin);
  await m.psql(`insert into data.need (establishment_id, organisation_id, rome, posts, horizon, declared_at)
    select ${row.id}, (select id from data.organisation where network = 'ml' limit 1), (select code from data.rome limit 1), 1, 'now', data.now()`, { role: "postgres" });
  await m.until(async () => (await read()).score === row.potential + 8, "the need is in the score", 10);
  assert.deepEqual((await read()).known, { points: 8, most: 30, least: -15, needs: 1, offers: 0, hired: 0, declined: 0 });
  assert.equal((await observer.get(`/api/establishments/${row.id}/potential`)).status, 403);
});
