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
      where b.bassin = '${zone.code}' and coalesce(n.rome, n.fap) = '${top.code}' and n.state <> 'abandoned' and n.declared_at > data.now() - interval '24 months') as needs,
    (select coalesce(sum(o.posts), 0) from data.offer o join data.establishment e on e.id = o.establishment_id join data.bassin_commune b on b.commune_code = e.commune_code
      where b.bassin = '${zone.code}' and o.rome = '${top.code}' and o.confirmed_at > data.now() - interval '24 months') as offers`);
  assert.deepEqual([top.needs, top.offers], [posts.needs, posts.offers]);
  assert.ok(top.posts >= Math.max(top.needs, top.offers) && top.posts <= top.needs + top.offers);
  for (const one of body.occupations) assert.equal(one.areas.reduce((sum, area) => sum + area.n, 0), one.posts, "the map adds up to the list");
  assert.equal(body.sources.survey, new Date().getFullYear());
});

test("wanted occupations: an unknown number of posts is no number, an offer made of a need is no second need, a family of occupations counts", async () => {
  // A commune of whom partners know nothing, and three employers in it.
  const [{ code }] = await m.sql(`select e.commune_code as code from data.establishment e where e.status = 'A' and e.merged_into is null group by 1
    having count(*) >= 3 and bool_and(not exists (select from data.need n where n.establishment_id = e.id) and not exists (select from data.offer o where o.establishment_id = e.id)) order by count(*) desc, 1 limit 1`);
  const [{ id }] = await m.sql(`select min(id) as id from data.establishment where commune_code = '${code}' and status = 'A' and merged_into is null`);
  const ids = (await m.sql("select code from data.rome order by code limit 3")).map((row) => row.code);
  const [fap] = await m.sql("select f.code, f.label from data.fap f where (select count(*) from data.fap_rome r where r.fap = f.code) <> 1 order by f.code limit 1");
  const need = async (what, posts) => {
    await m.psql(`insert into data.need (establishment_id, organisation_id, ${what.kind}, posts, horizon, declared_at)
      values (${id}, (select id from data.organisation where network = 'ml' limit 1), '${what.code}', ${posts}, 'now', data.now())`, { role: "postgres" });
    return (await m.sql(`select max(id) as id from data.need where establishment_id = ${id}`))[0].id;
  };
  // As they are once confirmed: the steps of an offer are not what is asked here.
  const offer = async (rome, posts, of) => m.psql(`set session_replication_role = replica; insert into data.offer (establishment_id, organisation_id, member_id, need_id, title, rome, contract, posts, created_at, confirmed_at, confirmed_with, state)
      select ${id}, ms.organisation_id, ms.member_id, ${of ?? "null"}, 'Poste', '${rome}', 'cdi', ${posts}, data.now(), data.now(), 'M. Petit', 'draft' from data.membership ms join data.organisation o on o.id = ms.organisation_id where o.network = 'ml' and ms.role = 'adviser' limit 1`, { role: "postgres" });
  await need({ kind: "rome", code: ids[0] }, "null");
  await need({ kind: "rome", code: ids[0] }, "null");
  const three = await need({ kind: "rome", code: ids[1] }, 3);
  await offer(ids[1], 3, three);
  await offer(ids[1], 2);
  const vague = await need({ kind: "rome", code: ids[2] }, "null");
  await offer(ids[2], 6, vague);
  await need({ kind: "fap", code: fap.code }, 4);
  const { body } = await manager.get(`/api/diagnosis?within=commune:${code}`);
  const said = body.occupations.map((one) => [one.code, one.kind, one.needs, one.unknown, one.offers, one.posts]);
  assert.deepEqual(said, [
    [ids[2], "rome", 0, 1, 6, 6],
    [ids[1], "rome", 3, 0, 5, 5],
    [fap.code, "fap", 4, 0, 0, 4],
    [ids[0], "rome", 0, 2, 0, 0],
  ]);
  assert.equal(body.occupations[2].label, fap.label);
});

test("observers have no small count of the list or of partners, in whatever area; contributors have none; an unknown area is not found", async () => {
  const all = ["", ...(await m.sql("select 'commune:' || c.commune_code as area from data.territory_commune c join data.territory t on t.id = c.territory_id where t.name = 'Allier' order by md5(c.commune_code) limit 25")).map((row) => row.area)];
  await m.until(async () => (await m.sql("(select from data.known_touched limit 1) union all (select from data.fact_touched limit 1) union all (select from data.stock_touched limit 1)")).length === 0, "what happened before is in the figures");
  let [kept, moved] = [0, 0];
  for (const within of all) {
    const ask = (who) => who.get(`/api/diagnosis?within=${within}`).then((answer) => answer.body);
    const [body, known] = [await ask(observer), await ask(manager)];
    const pairs = [
      ...body.sectors.map((one) => [one.establishments, known.sectors.find((other) => other.code === one.code)?.establishments]),
      ...body.sectors.flatMap((one) => known.sectors.filter((other) => other.code === one.code).map((other) => [one.strong, other.strong])),
      ...body.sizes.map((one) => [one.establishments, known.sizes.find((other) => other.code === one.code)?.establishments ?? 0]),
      ...Object.entries(body.figures).filter(([code]) => known.figures[code].out_of === null).map(([code, figure]) => [figure.n, known.figures[code].n]),
    ];
    assert.ok(pairs.length > 5);
    for (const [n, exact] of pairs) {
      assert.ok(n === null ? !(exact > 6) : n % 5 === 0 && n > 0, `${within}: ${n} for ${exact}`);
      if (exact !== undefined && n !== null) assert.ok(exact >= 5 && Math.abs(n - exact) < 5, `${within}: ${n} for ${exact}`);
      if (n === null && exact > 0) kept++;
      if (n !== null && n !== exact) moved++;
    }
    const counts = [...body.sectors.map((one) => one.strong), ...body.occupations.flatMap((one) => [one.needs, one.unknown, one.offers, one.posts, ...one.areas.map((area) => area.n)])];
    assert.ok(counts.every((n) => n === null || (n % 5 === 0 && n > 0)), JSON.stringify(counts));
    // The order of a list tells nothing more than its figures.
    for (const list of [body.sectors.map((one) => one.establishments), body.occupations.map((one) => one.posts)]) assert.deepEqual(list, [...list].sort((a, b) => (b ?? 0) - (a ?? 0)));
    if (!within) {
      const sector = (await observer.get("/api/indicators/figures?level=sector&codes=establishments")).body.items;
      for (const one of body.sectors) assert.equal(one.establishments, sector.find((item) => item.area === String(one.code).padStart(2, "0") || item.area === String(one.code))?.figures.establishments.n, "as indicators tell it");
    }
  }
  assert.ok(kept > 20 && moved > 20, "there is something to keep back");
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
  await m.until(async () => (await read()).score === row.potential + 8, "the need is in the score");
  assert.deepEqual((await read()).known, { points: 8, most: 30, least: -15, needs: 1, offers: 0, hired: 0, declined: 0, parts: [{ kind: "needs", recent: 1, older: 0, each: 8, most: 16, points: 8 }] });
  assert.equal((await observer.get(`/api/establishments/${row.id}/potential`)).status, 403);
});
