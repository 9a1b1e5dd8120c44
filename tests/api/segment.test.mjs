// Segments over HTTP: every criterion against its plain meaning in SQL, random rules against a naive reader of the same
// rules, never outside the list; versions and their conflicts; members that follow the list; tags and codes.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m, me, other, who, facts;
before(async () => {
  m = await Instance.start({ template: "demo" });
  me = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
  other = await m.signIn(m.account({ role: "adviser", network: "ce" }).email);
  const session = (await me.get("/api/session")).body;
  who = { member: session.member.id, organisation: session.organisation.id };
  await m.until(async () => (await m.sql("select count(*) as n from data.need where state in ('declared', 'confirmed') and expires_on < data.today()", { role: "postgres" }))[0].n === 0, "needs of the demo that are over have ended");
  // What a naive reader knows of each employer, from the tables themselves and not from the narrow rows.
  facts = await m.sql(
    `select e.id, e.naf, e.size_band as size, e.commune_code as commune, c.legal_form as legal, e.status,
            round(ext.ST_X(e.location) * 100000)::integer as x, round(ext.ST_Y(e.location) * 100000)::integer as y,
            case when s.opposed then 'opposed' when p.id is not null then 'promised' when s.rest_until >= data.today() then 'resting' else 'free' end as state,
            p.organisation_id as holder, o.network as contact_network, s.last_contact_by as contact_by,
            extract(epoch from s.last_visit_at) as visit, extract(epoch from s.last_contact_at) as contact,
            f.potential, f.projects, f.difficult, f.tension,
            (select array_agg(n.rome) from data.need n where n.establishment_id = e.id and n.state in ('declared', 'confirmed', 'offer')) as needs,
            (select array_agg(t.tag_id) from data.establishment_tag t join data.tag g on g.id = t.tag_id
              where t.establishment_id = e.id and (g.shared or g.organisation_id = ${who.organisation})) as tags,
            (select array_agg(k.code) from data.own_code k where k.establishment_id = e.id and k.organisation_id = ${who.organisation}) as codes
       from data.establishment e
       left join data.company c on c.siren = e.siren
       left join data.standing s on s.establishment_id = e.id
       left join data.promise p on p.establishment_id = e.id and p.state = 'active'
       left join data.organisation o on o.id = s.last_contact_by
       join data.facet f on f.id = e.id
      where e.merged_into is null`,
    { role: "postgres" },
  );
});
after(() => m?.stop());

const counted = async (session, rule) => {
  const { status, body } = await session.post("/api/segments/count", { rule });
  assert.equal(status, 200, JSON.stringify({ rule, body }));
  return body.total;
};

// --- the naive reader ------------------------------------------------------------------------------------------------------
const sections = { A: [1, 3], C: [10, 33], F: [41, 43], G: [45, 47], I: [55, 56], N: [77, 82], Q: [86, 88], S: [94, 96] };
const begins = (code, value) => (/^[A-U]$/.test(value) ? +code.slice(0, 2) >= sections[value][0] && +code.slice(0, 2) <= sections[value][1] : code.replace(".", "").startsWith(value.replace(".", "")));
// Months are counted on the clock of Paris, as people do: at the same hour in summer and in winter.
const paris = new Intl.DateTimeFormat("en", { timeZone: "Europe/Paris", timeZoneName: "longOffset" });
const offset = (at) => Number(/GMT\+0(\d)/.exec(paris.format(at))[1]) * 3_600_000;
const ago = (months, now) => {
  const date = new Date(now);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - months);
  date.setUTCDate(Math.min(day, new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()));
  return (date.getTime() + offset(now) - offset(date)) / 1000;
};

function inside(points, x, y) {
  let odd = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i].map((v) => Math.round(v * 1e5));
    const [xj, yj] = points[j].map((v) => Math.round(v * 1e5));
    const cross = (xj - xi) * (y - yi) - (yj - yi) * (x - xi);
    if (cross === 0 && Math.min(xi, xj) <= x && x <= Math.max(xi, xj) && Math.min(yi, yj) <= y && y <= Math.max(yi, yj)) return true;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

const compare = (op, have, want) => have !== null && (op === "at_least" ? have >= want : have <= want);
const since = (op, at, months, now) => {
  if (op === "never") return at === null;
  if (op === "within") return at !== null && at >= ago(months, now);
  if (op === "before") return at !== null && at < ago(months, now);
  return !(at !== null && at >= ago(months, now));
};
const positive = {
  naf: (e, v) => e.naf !== null && v.some((one) => begins(e.naf, one)),
  size: (e, v) => v.includes(e.size ?? "unknown"),
  commune: (e, v) => v.includes(e.commune),
  department: (e, v) => v.includes(e.commune.slice(0, 2)),
  legal: (e, v) => e.legal !== null && v.some((one) => e.legal.startsWith(one)),
  state: (e, v) => v.some((one) => (one === "ours" ? e.holder === who.organisation : e.state === one)),
  contact_by: (e, v) => v.some((one) => e.contact_by === (one === "ours" ? who.organisation : one)),
  contact_network: (e, v) => v.includes(e.contact_network),
  need: (e, v) => (e.needs ?? []).some((rome) => v.some((one) => rome?.startsWith(one))),
  tag: (e, v) => (e.tags ?? []).some((tag) => v.includes(tag)),
  code: (e, v) => v.column === "Portefeuille" && (e.codes ?? []).some((code) => v.values.includes(code)),
  area: (e, v) => e.x !== null && inside(v.points, e.x, e.y),
  near: (e, v) => {
    const reach = (v.km / ((6371.0088 * Math.PI) / 180)) * 1e5;
    const x = (e.x - Math.round(v.lon * 1e5)) * Math.cos((Math.round(v.lat * 1e5) / 1e5) * (Math.PI / 180));
    return e.x !== null && x * x + (e.y - Math.round(v.lat * 1e5)) ** 2 <= reach * reach;
  },
};
function keeps(node, e, now) {
  if (node.all) return node.all.every((one) => keeps(one, e, now));
  if (node.any) return node.any.some((one) => keeps(one, e, now));
  if (node.none) return !node.none.some((one) => keeps(one, e, now));
  const { field, op, value } = node;
  if (field === "visit" || field === "contact") return since(op, e[field] === null ? null : Number(e[field]), value, now);
  if (op === "at_least" || op === "at_most") return compare(op, e[field], field === "tension" ? Math.round(value * 10) : value);
  if (op === "any") return (e.needs ?? []).length > 0;
  if (op === "none") return (e.needs ?? []).length === 0;
  const not = op === "is_not" || op === "outside";
  return positive[field](e, value) !== not;
}
const naive = (rule, now) => facts.filter((e) => (rule.closed || e.status === "A") && keeps(rule, e, now)).length;

// --- rules drawn by chance, the same each time -------------------------------------------------------------------------------
let seed = 20260604;
const random = () => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0), seed / 2 ** 32);
const between = (low, high) => low + Math.floor(random() * (high - low + 1));
const some = (list) => {
  const kept = list.filter(() => random() < 0.4).slice(0, 6);
  return kept.length > 0 ? kept : [list[between(0, list.length - 1)]];
};
const spot = () => [2.3 + random() * 1.6, 45.95 + random() * 0.8].map((v) => Math.round(v * 1e5) / 1e5);
const draw = {
  naf: () => ({ op: some(["is", "is_not"])[0], value: some(["A", "C", "F", "G", "I", "N", "Q", "S", "47", "47.1", "56.10", "43.22A", "1", "96.02A"]) }),
  size: () => ({ op: some(["is", "is_not"])[0], value: some(["00", "01", "02", "03", "11", "12", "21", "unknown"]) }),
  commune: () => ({ op: some(["is", "is_not"])[0], value: some(["03190", "03185", "03310", "03321", "03095", "03138"]) }),
  department: () => ({ op: some(["is", "is_not"])[0], value: some(["03", "69"]) }),
  legal: () => ({ op: some(["is", "is_not"])[0], value: some(["1", "5", "54", "57", "5710", "92", "9220"]) }),
  state: () => ({ op: some(["is", "is_not"])[0], value: some(["free", "promised", "resting", "opposed", "ours"]) }),
  visit: () => ({ op: "never" }),
  contact: () => ({ op: some(["within", "before", "not_within"])[0], value: between(1, 24) }),
  contact_by: () => ({ op: some(["is", "is_not"])[0], value: some([1, 2, 3, 5, 8, "ours"]) }),
  contact_network: () => ({ op: some(["is", "is_not"])[0], value: some(["ft", "ml", "ce", "plie"]) }),
  need: () => (random() < 0.3 ? { op: some(["any", "none"])[0] } : { op: some(["is", "is_not"])[0], value: some(["G", "F1", "G1602", "K", "H2"]) }),
  projects: () => ({ op: some(["at_least", "at_most"])[0], value: between(0, 900) }),
  difficult: () => ({ op: some(["at_least", "at_most"])[0], value: between(0, 100) }),
  tension: () => ({ op: some(["at_least", "at_most"])[0], value: between(10, 50) / 10 }),
  potential: () => ({ op: some(["at_least", "at_most"])[0], value: between(0, 100) }),
  tag: () => ({ op: some(["is", "is_not"])[0], value: some([1, 2, 3, 4]) }),
  code: () => ({ op: some(["is", "is_not"])[0], value: { column: "Portefeuille", values: some(["Prioritaire", "Suivi", "x\"y\\z'; --"]) } }),
  area: () => {
    const [lon, lat] = spot();
    const [w, h] = [0.1 + random() * 0.6, 0.1 + random() * 0.4];
    return { op: some(["inside", "outside"])[0], value: { points: [[lon, lat], [lon + w, lat + h / 3], [lon + w * 0.7, lat + h], [lon + w / 2, lat + h / 2], [lon - w / 4, lat + h]] } };
  },
  near: () => {
    const [lon, lat] = spot();
    return { op: some(["inside", "outside"])[0], value: { lon, lat, km: between(1, 400) / 10 } };
  },
};
const fields = Object.keys(draw);
const term = () => {
  const field = fields[between(0, fields.length - 1)];
  return { field, ...draw[field]() };
};
const tree = (depth) => ({ [some(["all", "any", "none"])[0]]: Array.from({ length: between(1, 4) }, () => (depth < 3 && random() < 0.3 ? tree(depth + 1) : term())) });

test("every criterion, alone, keeps what it says", async () => {
  const now = Date.parse((await me.get("/api/session")).body.now);
  for (const field of fields)
    for (let n = 0; n < 4; n++) {
      const rule = { all: [{ field, ...draw[field]() }] };
      assert.equal(await counted(me, rule), naive(rule, now), JSON.stringify(rule));
    }
});

test("random rules keep what a naive reader keeps, and nothing outside the list", async () => {
  const now = Date.parse((await me.get("/api/session")).body.now);
  let some = 0;
  for (let n = 0; n < 120; n++) {
    const rule = { ...tree(0), ...(random() < 0.15 ? { closed: true } : {}) };
    const { status, body } = await me.post("/api/segments/count", { rule });
    assert.equal(status, 200, JSON.stringify(rule));
    assert.equal(body.total, naive(rule, now), JSON.stringify(rule));
    const { body: places } = await me.post("/api/segments/places", { rule });
    assert.equal(body.total, places.communes.reduce((sum, one) => sum + one.establishments, 0));
    if (body.total > 0) some++;
  }
  assert.ok(some > 60, `${some} of 120 keep somebody`);
});

test("names and SIRET are found as in the list", async () => {
  for (const q of ["boulangerie", "hôtel du", "0002"]) {
    const { body } = await me.get(`/api/establishments/counts?q=${encodeURIComponent(q)}`);
    assert.equal(await counted(me, { all: [{ field: "name", op: "contains", value: q }] }), body.total, q);
  }
});

test("what each criterion does by itself", async () => {
  const rule = { all: [{ field: "naf", op: "is", value: ["I"] }, { field: "visit", op: "never" }, { none: [{ field: "size", op: "is", value: ["unknown"] }] }] };
  const { body } = await me.post("/api/segments/effects", { rule });
  const expected = [];
  for (let i = 0; i < 3; i++) expected.push(await counted(me, { all: rule.all.filter((_, at) => at !== i) }));
  assert.deepEqual(body.without, [...expected, await counted(me, rule)]);
  const sample = (await me.post("/api/segments/sample", { rule })).body.items;
  assert.equal(sample.length, 12);
  for (const row of sample) assert.match(row.naf, /^5[56]/);
});

test("wrong rules are refused with the path of the faulty node", async () => {
  const cases = [
    [{ all: [{ field: "naf", op: "is", value: ["I"] }, { any: [{ field: "size", op: "is", value: ["99"] }] }] }, "all[1].any[0].value", "value"],
    [{ all: [{ field: "password_hash", op: "is", value: ["x"] }] }, "all[0].field", "field"],
    [{ all: [{ field: "naf", op: "at_least", value: 3 }] }, "all[0].op", "op"],
    [{ all: [{ any: [] }] }, "all[0].any", "node"],
    [{ all: [{ field: "visit", op: "never", also: 1 }] }, "all[0]", "node"],
    [{ all: [{ field: "area", op: "inside", value: { points: [[3, 46], [3.2, 46.2], [3.2, 46], [3, 46.2]] } }] }, "all[0].value", "area"],
    [{ all: [{ field: "near", op: "inside", value: { lon: 3, lat: 46, km: 5000 } }] }, "all[0].value", "area"],
    [{ all: Array.from({ length: 25 }, () => ({ field: "visit", op: "never" })) }, "all", "rule_too_many"],
    [{ all: [{ all: [{ all: [{ all: [{ all: [{ all: [{ all: [{ field: "visit", op: "never" }] }] }] }] }] }] }] }, null, "rule_too_deep"],
    ["all", "rule", "rule_json"],
    [{ field: "visit", op: "never" }, "rule", "node"],
  ];
  for (const [rule, path, code] of cases) {
    const { status, body } = await me.post("/api/segments/count", { rule });
    assert.equal(status, 422, JSON.stringify(rule));
    const fault = body.fields.find((one) => one.code === code && (path === null || one.field === path));
    assert.ok(fault, JSON.stringify(body.fields));
    assert.match(fault.message, /[.»]$/);
  }
});

test("a private segment is its organisation's; a shared one is read, not written, by others", async () => {
  const rule = { all: [{ field: "naf", op: "is", value: ["C"] }] };
  const shared = (await me.post("/api/segments", { name: "Partagé pour l’essai", lead: "ft", rule })).body;
  const kept = (await me.post("/api/segments", { name: "Gardé pour l’essai", shared: false, rule })).body;
  assert.equal((await other.get(`/api/segments/${shared.id}`)).status, 200);
  assert.equal((await other.get(`/api/segments/${kept.id}`)).status, 404);
  assert.ok(!(await other.get("/api/segments")).body.items.some((one) => one.id === kept.id));
  assert.equal((await other.get(`/api/establishments/counts?segment=${kept.id}`)).body.total, 0);
  assert.equal((await other.post(`/api/segments/${shared.id}/versions`, { base: 1, rule })).status, 403);
  assert.equal((await other.post(`/api/segments/${kept.id}/versions`, { base: 1, rule })).status, 404);
  assert.equal((await other.request("PATCH", `/api/segments/${shared.id}`, { name: "Autre nom" }, { headers: { "If-Match": '"1"' } })).status, 403);
  assert.equal((await me.post("/api/segments", { name: "partagé POUR l’essai", rule })).body.code, "conflict");
});

test("two versions at once: one is saved, the other is told what it says", async () => {
  const rule = (value) => ({ all: [{ field: "naf", op: "is", value: [value] }] });
  const { id } = (await me.post("/api/segments", { name: "Deux à la fois", rule: rule("A") })).body;
  const answers = await Promise.all(["B", "C", "D", "E"].map((value) => me.post(`/api/segments/${id}/versions`, { base: 1, rule: rule(value), note: value })));
  assert.deepEqual(answers.map((one) => one.status).sort(), [201, 409, 409, 409]);
  const won = answers.find((one) => one.status === 201).body;
  for (const lost of answers.filter((one) => one.status === 409)) {
    assert.equal(lost.body.code, "segment_version_taken");
    assert.equal(lost.body.version, 2);
    assert.deepEqual(lost.body.rule, won.rule);
    assert.equal(lost.body.note, won.note);
    assert.ok(lost.body.member);
  }
  assert.deepEqual(won.versions.map((one) => one.version), [2, 1]);
});

test("members follow the list, only where it changed; their days are counted", async () => {
  const rule = { all: [{ field: "naf", op: "is", value: ["I"] }, { field: "size", op: "is", value: ["12"] }] };
  const { id } = (await me.post("/api/segments", { name: "Suivi de près", rule })).body;
  const members = async () => (await me.get(`/api/segments/${id}`)).body.members;
  const until = (wanted) => m.until(async () => (await members()) === wanted, `${wanted} members`);
  const first = await counted(me, rule);
  await until(first);
  await m.psql(`update data.establishment set size_band = '12' where id in (select e.id from data.establishment e where e.naf like '56%' and e.status = 'A' and e.size_band = '01' order by e.id limit 7)`, { role: "postgres" });
  await until(first + 7);
  await m.psql(`update data.establishment set status = 'F' where id in (select m.establishment_id from data.segment_member m where m.segment_id = ${id} order by 1 limit 2)`, { role: "postgres" });
  await until(first + 5);
  assert.equal(await counted(me, rule), first + 5);
  const { days } = (await me.get(`/api/segments/${id}`)).body;
  assert.deepEqual([days.at(-1).entered, days.at(-1).gone, days.at(-1).members], [first + 7, 2, first + 5]);
  assert.equal((await me.get(`/api/establishments/counts?segment=${id}`)).body.total, first + 5);
  // What hangs on an employer counts as well: a promise.
  const free = { all: [{ field: "naf", op: "is", value: ["I"] }, { field: "state", op: "is", value: ["ours"] }] };
  const ours = (await me.post("/api/segments", { name: "Nos engagements", rule: free })).body;
  const held = await counted(me, free);
  await m.until(async () => (await me.get(`/api/segments/${ours.id}`)).body.members === held, "ours");
  const target = (await me.get("/api/establishments?naf=56&state=free&limit=1")).body.items[0].id;
  const due = (await me.get("/api/session")).body.promise.default_due_on;
  assert.equal((await me.post("/api/promises", { establishment: target, due_on: due })).status, 201);
  await m.until(async () => (await me.get(`/api/segments/${ours.id}`)).body.members === held + 1, "one more of ours");
});

test("the members of the demo are what their rules keep", async () => {
  await m.psql("update data.segment set member_version = 0 where archived_at is null", { role: "postgres" });
  await m.until(async () => (await me.get("/api/segments")).body.items.every((one) => one.fresh), "all computed anew");
  for (const one of (await me.get("/api/segments")).body.items) {
    if (!one.mine && JSON.stringify(one.rule).includes('"code"')) continue;
    assert.equal(one.members, await counted(me, one.rule), one.name);
  }
});

test("tags are an organisation's own unless shown; codes never leave it", async () => {
  const target = facts.find((e) => e.status === "A").id;
  const made = (await me.post("/api/tags", { label: "  Très   discret " })).body;
  assert.equal(made.label, "Très discret");
  assert.equal((await me.post("/api/tags", { label: "très discret" })).body.code, "conflict");
  const put = await me.request("PUT", `/api/establishments/${target}/tags`, { tags: [made.id] });
  assert.ok(put.body.tags.some((tag) => tag.id === made.id));
  const rule = { all: [{ field: "tag", op: "is", value: [made.id] }] };
  assert.equal(await counted(me, rule), 1);
  assert.equal(await counted(other, rule), 0);
  assert.ok(!(await other.get("/api/tags")).body.items.some((tag) => tag.id === made.id));
  assert.ok(!(await other.get(`/api/establishments/${target}`)).body.tags.some((tag) => tag.id === made.id));
  assert.equal((await other.request("PUT", `/api/establishments/${target}/tags`, { tags: [made.id] })).status, 422);
  const codes = { all: [{ field: "code", op: "is", value: { column: "Portefeuille", values: ["Prioritaire"] } }] };
  assert.ok((await counted(me, codes)) > 0);
  assert.equal(await counted(other, codes), 0);
  // Only what looks like a code may be chosen: no names, no telephones.
  const columns = (await me.get("/api/codes")).body.columns.map((column) => column.name);
  assert.deepEqual(columns, ["Portefeuille"]);
  assert.equal((await me.request("PUT", "/api/codes", { columns: ["Contact"] })).status, 422);
  assert.equal((await me.request("PUT", "/api/codes", { columns: [] })).status, 200);
  assert.equal(await counted(me, codes), 0);
  assert.equal((await me.request("PUT", "/api/codes", { columns: ["Portefeuille"] })).status, 200);
  assert.ok((await counted(me, codes)) > 0);
});

// The first one moves to the end of the table, so that the order of the rows is not that in which the worker holds them.
test("who follows segments and who lets all be computed anew never wait for each other in turn", async () => {
  await m.psql("update data.segment s set member_version = s.version");
  const ids = (await m.sql("select id from data.segment order by territory_id, id")).map((row) => row.id);
  await m.psql(`update data.segment set refreshed_at = refreshed_at where id = ${ids[0]}`);
  const follows = m.psql(`begin; select id from data.segment where id = ${ids[0]} for update; select pg_sleep(1.5); select id from data.segment where id = ${ids.at(-1)} for update; commit;`);
  await m.until(async () => (await m.sql("select count(*) as n from pg_stat_activity where query like '%pg_sleep(1.5)%' and state = 'active' and pid <> pg_backend_pid()"))[0].n === 1, "the first is held");
  const [, left] = await Promise.all([follows, m.psql("begin; select data.segments_stale(); select count(*) from data.segment where member_version <> 0; commit;")]);
  assert.equal(left.trim(), "0");
});

test("observers and contributors count nothing", async () => {
  const observer = await m.signIn(m.account({ role: "observer" }).email);
  assert.equal((await observer.post("/api/segments/count", { rule: { all: [] } })).status, 403);
  assert.equal((await observer.get("/api/segments")).status, 403);
});
