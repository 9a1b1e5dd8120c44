// The agenda over HTTP: a suggested week that writes nothing, accepted line by line by those it is for; moments for a visit by
// what they cost; hours. The routing service is one of ours, on this machine.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Instance } from "../lib/instance.mjs";
import { workday } from "../web/acts.mjs";

let m, adviser, colleague, manager, stranger, monday, sunday, me;
const asked = [];
// Speaks as OSRM does: the road is twice as long as the straight way, and driven at 60 km/h. Broken on demand.
let broken = false;
const routing = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const places = url.pathname.split("/").pop().split(";").map((pair) => pair.split(",").map(Number));
  const of = (name) => url.searchParams.get(name).split(";").map(Number);
  asked.push({ path: url.pathname, places: places.length });
  if (broken) return response.writeHead(500).end("{}");
  const metres = ([ax, ay], [bx, by]) => 2 * Math.hypot((ax - bx) * 77_000, (ay - by) * 111_000);
  const table = of("sources").map((i) => of("destinations").map((j) => metres(places[i], places[j])));
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ code: "Ok", distances: table, durations: table.map((row) => row.map((d) => d / 16.7)) }));
});

const day = (iso) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(new Date(iso));
const plus = (date, days) => new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const ready = (session, id, revision = 1) =>
  m.until(async () => {
    const { body } = await session.get(`/api/tours/${id}`);
    if (body.state === "failed") throw new Error(body.error);
    return body.state === "ready" && body.planned >= revision && body;
  }, "the week is suggested");
async function suggested(session, more = {}) {
  const answer = await session.post("/api/tours", { first: monday, ...more });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return ready(session, answer.body.id);
}
const visits = async () => (await m.sql("select count(*)::int as n from data.visit"))[0].n;

before(async () => {
  await new Promise((done) => routing.listen(0, "127.0.0.1", done));
  m = await Instance.start({ template: "demo", worker: 0 });
  const at = workday();
  await m.clock(at);
  const today = at.slice(0, 10);
  // The Monday after: a whole week ahead.
  monday = plus(today, 8 - (new Date(`${today}T12:00:00Z`).getUTCDay() || 7));
  sunday = plus(monday, 6);
  m.startWorker();
  const mine = m.account({ role: "adviser", network: "ml" });
  adviser = await m.signIn(mine.email);
  me = (await adviser.get("/api/session")).body.member.id;
  const chief = m.accounts.find((one) => one.role === "manager" && one.organisation === mine.organisation);
  manager = await m.signIn(chief.email);
  colleague = await m.signIn((m.accounts.find((one) => one.role === "adviser" && one.organisation === mine.organisation && one.email !== mine.email) ?? m.account({ role: "adviser", network: "ml" })).email);
  stranger = await m.signIn(m.account({ role: "adviser", network: "ce" }).email);
});
after(async () => {
  await m?.stop();
  routing.close();
});

test("a suggested week keeps appointments, promises first, and writes nothing", async () => {
  const before = await visits();
  const events = (await m.sql("select count(*)::int as n from data.event where kind = 'visit.planned'"))[0].n;
  const tour = await suggested(adviser);
  assert.equal(await visits(), before);
  assert.equal((await m.sql("select count(*)::int as n from data.event where kind = 'visit.planned'"))[0].n, events);
  assert.equal(tour.travel, "estimate");
  const week = (await adviser.get(`/api/week?from=${monday}&to=${sunday}`)).body;
  const fixed = tour.lines.filter((line) => line.state === "fixed");
  assert.deepEqual(fixed.map((line) => [line.visit, Date.parse(line.starts_at)]).sort(), week.visits.map(({ visit }) => [visit.id, Date.parse(visit.planned_at)]).sort());
  const proposed = tour.lines.filter((line) => line.state === "proposed");
  assert.ok(proposed.length >= 5, `${proposed.length} proposed`);
  // Nothing at once, within hours, on working days, on the quarter.
  const standing = tour.lines.filter((line) => line.starts_at && line.state !== "left").sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  for (const [i, line] of standing.entries()) {
    const next = standing[i + 1];
    if (next && (line.state === "proposed" || next.state === "proposed")) assert.ok(Date.parse(line.starts_at) + line.minutes * 60_000 <= Date.parse(next.starts_at), `${line.starts_at} ${next.starts_at}`);
    if (line.state === "proposed") {
      assert.ok(day(line.starts_at) >= monday && day(line.starts_at) <= sunday);
      assert.equal(Date.parse(line.starts_at) % 900_000, 0);
      assert.equal(line.member, me);
    }
  }
  // Every promise that waits stands, or says why not.
  for (const { promise, bounds } of week.waiting) assert.ok(bounds.lapses_on < monday || tour.lines.some((line) => line.establishment.id === promise.establishment.id), `${promise.establishment.name} is forgotten`);
  for (const line of tour.lines.filter((one) => one.state === "left")) assert.ok(["unplaced", "no_day", "hours", "full", "detour", "moves", "time"].includes(line.left_reason));
  assert.ok(tour.days.length > 0 && tour.days.every((one) => one.visits > 0 && one.returns_at > one.leaves_at));
  // Seen by those of the organisation, not by others; listed in the week.
  assert.equal((await stranger.get(`/api/tours/${tour.id}`)).status, 404);
  assert.equal((await manager.get(`/api/tours/${tour.id}`)).status, 200);
  assert.ok(week.tours.length === 0 || week.tours[0].id === tour.id);
});

test("a line is refused, locked, put elsewhere: the rest is computed around it, and little else moves", async () => {
  const tour = await suggested(adviser);
  const [first, second, third] = tour.lines.filter((line) => line.state === "proposed");
  const at = (line, lines) => lines.find((one) => one.id === line.id);
  assert.equal((await adviser.post(`/api/tours/${tour.id}/refuse`, { line: first.id, reason: "Vu la semaine dernière au forum" })).status, 200);
  const there = new Date(Date.parse(second.starts_at)).toISOString();
  assert.equal((await adviser.post(`/api/tours/${tour.id}/place`, { line: second.id, locked: true })).status, 200);
  // What is suggested stays so when it is worth less than the employers around by now.
  const near = tour.lines.filter((line) => line.state === "proposed" && line.kind === "nearby");
  await m.psql(`update data.facet set potential = 0 where id in (${near.map((line) => line.establishment.id)})`);
  const again = await adviser.post(`/api/tours/${tour.id}/again`, {});
  assert.equal(again.status, 200, JSON.stringify(again.body));
  const next = await ready(adviser, tour.id, 2);
  assert.equal(at(first, next.lines).state, "refused");
  assert.equal(at(first, next.lines).refusal, "Vu la semaine dernière au forum");
  assert.equal(Date.parse(at(second, next.lines).starts_at), Date.parse(there));
  assert.equal(at(second, next.lines).locked, true);
  const before = tour.lines.filter((line) => line.state === "proposed" && line.id !== first.id);
  const moved = before.filter((line) => at(line, next.lines).starts_at !== line.starts_at);
  assert.ok(moved.length <= 1 + before.length / 5, `${moved.length} of ${before.length} moved`);
  // Out of the week it goes nowhere; a settled line neither.
  assert.equal((await adviser.post(`/api/tours/${tour.id}/place`, { line: third.id, at: `${plus(sunday, 3)}T10:00:00+02:00` })).body.code, "due_out_of_range");
  assert.equal((await stranger.post(`/api/tours/${tour.id}/refuse`, { line: third.id, reason: "non" })).status, 404);
});

test("appointments too far from each other stand both: nothing is suggested over them, the second one is told as late", async () => {
  // Two employers at the two ends of the territory, at 11:30 and 13:00: lunch and the way do not fit between.
  const edge = async (order) => (await m.sql(`
    select f.id from data.facet f
     where f.active and not f.opposed and f.holder is null and f.rest_until is null and f.lon is not null
       and not exists (select from data.visit v where v.establishment_id = f.id and v.state = 'planned')
     order by f.lon ${order}, f.id limit 1`))[0];
  const [near, far] = [await edge("asc"), await edge("desc")];
  const offset = new Intl.DateTimeFormat("en", { timeZone: "Europe/Paris", timeZoneName: "longOffset" }).format(new Date(`${plus(monday, 1)}T12:00:00Z`)).match(/GMT(.*)$/)[1];
  const at = (time) => `${plus(monday, 1)}T${time}:00${offset}`;
  const plan = async (establishment, time) => {
    const made = await adviser.post("/api/visits", { establishment, planned_at: at(time), minutes: 60 });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body;
  };
  await plan(near.id, "11:30");
  const second = await plan(far.id, "13:00");
  const clear = (tour) => {
    const standing = tour.lines.filter((line) => ["fixed", "proposed"].includes(line.state));
    const over = standing.filter((line) => line.state === "proposed").flatMap((line) => standing.filter((other) => other !== line && Date.parse(other.starts_at) < Date.parse(line.starts_at) + line.minutes * 60_000 && Date.parse(line.starts_at) < Date.parse(other.starts_at) + other.minutes * 60_000));
    assert.deepEqual(over.map((line) => line.starts_at), []);
    return standing;
  };
  const tour = await suggested(adviser);
  const line = clear(tour).find((one) => one.visit === second.id);
  assert.equal(line.state, "fixed");
  assert.ok(line.late_minutes > 10, `${line.late_minutes} minutes`);
  assert.ok(tour.lines.filter((one) => one.state === "proposed").every((one) => one.late_minutes === null));
  // Put over an appointment by hand: refused. An appointment put over a suggestion: it is computed again.
  const proposed = tour.lines.find((one) => one.state === "proposed");
  const refused = await adviser.post(`/api/tours/${tour.id}/place`, { line: proposed.id, at: at("13:15") });
  assert.deepEqual([refused.status, refused.body.code, refused.body.visit], [409, "tour_over_visit", second.id]);
  const moved = await adviser.request("PATCH", `/api/visits/${second.id}`, { planned_at: proposed.starts_at }, { headers: { "if-match": `"${second.version}"` } });
  assert.equal(moved.status, 200, JSON.stringify(moved.body));
  const again = await ready(adviser, tour.id, 2);
  assert.equal(clear(again).find((one) => one.visit === second.id).starts_at, proposed.starts_at);
});

test("accepted lines become visits and promises; each is refused by itself", async () => {
  const tour = await suggested(adviser);
  // Who rests today is not suggested, though the rest ends before the tour begins: what is accepted is promised at once.
  assert.equal(await m.psql(`begin; create temp table one on commit drop as select establishment from data.tour_nearby(${tour.id}, 60) order by worth desc, establishment limit 1;
    update data.facet set rest_until = data.today() where id = (select establishment from one);
    select count(*) || ' of ' || (select count(*) from one) from data.tour_nearby(${tour.id}, 60) join one using (establishment); rollback;`, { role: "postgres" }), "0 of 1");
  const proposed = tour.lines.filter((line) => line.state === "proposed");
  const nearby = proposed.filter((line) => line.kind === "nearby");
  const promise = proposed.find((line) => line.kind === "promise") ?? nearby.pop();
  assert.ok(nearby.length >= 2);
  // Somebody else was quicker at one of them.
  const taken = nearby[0];
  const due = (await stranger.get("/api/session")).body.promise.default_due_on;
  assert.equal((await stranger.post("/api/promises", { establishment: taken.establishment.id, due_on: due })).status, 201);
  const before = await visits();
  const answer = await adviser.post(`/api/tours/${tour.id}/accept`, { lines: [taken.id, nearby[1].id, promise.id] });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const of = (line) => answer.body.lines.find((one) => one.line === line.id);
  assert.equal(of(taken).code, "promise_taken");
  assert.equal(of(taken).detail.holder.organisation.network, "ce");
  assert.ok(of(nearby[1]).visit > 0 && of(promise).visit > 0, JSON.stringify(answer.body.lines));
  assert.equal(await visits(), before + 2);
  const made = (await adviser.get(`/api/visits/${of(nearby[1]).visit}`)).body;
  assert.equal(Date.parse(made.planned_at), Date.parse(nearby[1].starts_at));
  const [held] = await m.sql(`select organisation_id, member_id, state from data.promise where establishment_id = ${nearby[1].establishment.id} and state = 'active'`);
  assert.equal(held.member_id, me);
  const now = (await adviser.get(`/api/tours/${tour.id}`)).body;
  assert.equal(now.lines.find((line) => line.id === taken.id).answer, "promise_taken");
  assert.equal(now.lines.find((line) => line.id === promise.id).state, "accepted");
  // Twice is once; what is accepted is settled.
  assert.deepEqual((await adviser.post(`/api/tours/${tour.id}/accept`, { lines: [promise.id] })).body.lines, []);
  assert.equal((await adviser.post(`/api/tours/${tour.id}/refuse`, { line: promise.id, reason: "non" })).body.code, "tour_line_settled");
  // At the next computation they stand as appointments.
  await adviser.post(`/api/tours/${tour.id}/again`, {});
  const next = await ready(adviser, tour.id, 2);
  assert.ok(next.lines.some((line) => line.state === "fixed" && line.visit === of(promise).visit));
  assert.equal((await adviser.post(`/api/tours/${tour.id}/end`, {})).body.state, "closed");
  assert.equal((await adviser.post(`/api/tours/${tour.id}/again`, {})).body.code, "tour_closed");
});

test("a manager asks for the team; nobody accepts for another", async () => {
  const team = (await manager.get(`/api/week/team?from=${monday}&to=${sunday}`)).body;
  assert.ok(team.members.length >= 2 && team.members.some((one) => one.id === me));
  assert.equal((await adviser.post("/api/tours", { first: monday, members: team.members.map((one) => one.id) })).status, 403);
  const tour = await suggested(manager, { members: team.members.map((one) => one.id) });
  const members = new Set(tour.lines.filter((line) => line.state === "proposed").map((line) => line.member));
  assert.ok(members.size >= 2, "several have a week");
  const employers = tour.lines.filter((line) => line.state === "proposed").map((line) => line.establishment.id);
  assert.equal(new Set(employers).size, employers.length, "no employer twice");
  const own = tour.lines.find((line) => line.state === "proposed" && line.member === me);
  const before = await visits();
  assert.deepEqual((await manager.post(`/api/tours/${tour.id}/accept`, { lines: [own.id] })).body.lines, []);
  assert.equal(await visits(), before);
  assert.ok((await adviser.post(`/api/tours/${tour.id}/accept`, { lines: [own.id] })).body.lines[0].visit > 0);
});

test("one computation at a time for each person, and it can be stopped", async () => {
  await m.stopWorker();
  const first = await adviser.post("/api/tours", { first: monday });
  assert.equal(first.body.state, "waiting");
  assert.equal((await adviser.post("/api/tours", { first: plus(monday, 7) })).body.code, "tour_running");
  assert.equal((await adviser.post(`/api/tours/${first.body.id}/accept`, { lines: [1] })).body.code, "tour_not_ready");
  assert.equal((await adviser.post(`/api/tours/${first.body.id}/end`, {})).body.state, "cancelled");
  m.startWorker();
  const other = await suggested(adviser);
  assert.equal((await adviser.get(`/api/tours/${first.body.id}`)).body.state, "cancelled");
  assert.ok(other.lines.length > 0);
  assert.equal((await adviser.post("/api/tours", { first: plus(monday, -21) })).body.code, "tour_in_the_past");
});

test("moments for a visit: beside what stands it costs little, elsewhere its own way; opening hours count", async () => {
  const employer = (await adviser.get("/api/establishments?state=free&limit=1&sort=size")).body.items[0].id;
  const all = await adviser.get(`/api/establishments/${employer}/slots?from=${monday}&minutes=45`);
  assert.equal(all.status, 200, JSON.stringify(all.body));
  assert.ok(all.body.placed && all.body.slots.length > 3);
  const costs = all.body.slots.map((slot) => slot.cost_minutes);
  assert.deepEqual(costs, [...costs].sort((a, b) => a - b));
  assert.ok(all.body.slots.every((slot) => /^\d\d:(00|30)$/.test(slot.time) && slot.day >= 0 && slot.day < 7));
  // Open for an hour and a half around one of them.
  const [{ day, time }] = all.body.slots;
  const later = (clock, minutes) => new Date(Date.parse(`1970-01-01T${clock}:00Z`) + minutes * 60_000).toISOString().slice(11, 16);
  const hours = { [day + 1]: [[time, later(time, 90)]] };
  const put = await adviser.request("PUT", `/api/establishments/${employer}/hours`, { hours });
  assert.equal(put.status, 200, JSON.stringify(put.body));
  const some = (await adviser.get(`/api/establishments/${employer}/slots?from=${monday}&minutes=45`)).body.slots;
  assert.ok(some.length > 0 && some.every((slot) => slot.day === day && slot.time >= time && slot.time <= later(time, 45)), JSON.stringify(some));
  // Every partner sees them; nonsense is refused.
  assert.deepEqual((await stranger.get(`/api/establishments/${employer}/hours`)).body.hours, hours);
  for (const hours of [{ 8: [] }, { 1: [["9:00", "11:00"]] }, { 1: [["11:00", "09:00"]] }, { 1: [["09:00", "11:00"], ["10:00", "12:00"]] }, [], "x"])
    assert.equal((await adviser.request("PUT", `/api/establishments/${employer}/hours`, { hours })).status, 422, JSON.stringify(hours));
});

test("one's own hours bound the suggestion; home is a commune that nobody else reads", async () => {
  const hours = (await adviser.get("/api/week/hours")).body;
  assert.equal(hours.opens, "08:30");
  const { home_name, home_commune, ...rest } = hours;
  const wanted = { ...rest, days: [2, 4], opens: "09:00", closes: "12:30", lunch_minutes: 0, starts: "home", home_commune: "03190", visit_minutes: 45 };
  const put = await adviser.request("PUT", "/api/week/hours", wanted);
  assert.equal(put.status, 200, JSON.stringify(put.body));
  assert.equal(put.body.home_name, "Moulins");
  const tour = await suggested(adviser);
  for (const line of tour.lines.filter((one) => one.state === "proposed")) {
    const weekday = new Date(`${day(line.starts_at)}T12:00:00Z`).getUTCDay();
    assert.ok([2, 4].includes(weekday), line.starts_at);
    assert.equal(line.minutes, 45);
  }
  assert.equal((await manager.get(`/api/week?from=${monday}&to=${sunday}&member=${me}`)).body.hours, null);
  await assert.rejects(m.sql("select * from data.work_week", { role: "server" }));
  assert.equal((await adviser.request("PUT", "/api/week/hours", { ...wanted, opens: "25:00" })).status, 422);
  assert.equal((await adviser.request("PUT", "/api/week/hours", { ...wanted, closes: "08:00" })).status, 422);
  assert.equal((await adviser.request("PUT", "/api/week/hours", { ...wanted, home_commune: "99999" })).status, 422);
  assert.equal((await adviser.request("PUT", "/api/week/hours", { ...rest })).status, 200);
});

test("ways come from a routing service when the settings name one, and are estimated when it fails", async () => {
  await m.stopWorker();
  m.startWorker(["--routing-url", `http://127.0.0.1:${routing.address().port}`]);
  const tour = await suggested(adviser);
  assert.equal(tour.travel, "matrix");
  assert.ok(asked.length > 0 && asked.every((one) => /^\/table\/v1\/driving\//.test(one.path) && one.places <= 100));
  broken = true;
  const again = await suggested(adviser);
  assert.equal(again.travel, "estimate");
  assert.ok(again.lines.some((line) => line.state === "proposed"));
});

test("a week is asked within bounds, and of colleagues only", async () => {
  assert.equal((await adviser.get(`/api/week?from=${monday}&to=${plus(monday, 60)}`)).status, 422);
  assert.equal((await adviser.get(`/api/week?from=${sunday}&to=${monday}`)).status, 422);
  assert.equal((await adviser.get("/api/week?from=x&to=y")).status, 422);
  assert.equal((await stranger.get(`/api/week?from=${monday}&to=${sunday}&member=${me}`)).status, 404);
  assert.equal((await colleague.get(`/api/week?from=${monday}&to=${sunday}&member=${me}`)).status, 200);
});
