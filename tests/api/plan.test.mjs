// Joint plans over HTTP: from a draft to promises in a day's work of four partners; ten managers at once; signatures of old
// versions; scenarios that are compared, cancelled and proved against the plain rules.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { Instance } from "../lib/instance.mjs";

let m, ft, ml, ce, plie, adviser, segment, plan;
const managers = () => [ft, ml, ce, plie];

const signIn = async (wanted) => {
  const session = await m.signIn(m.account(wanted).email);
  session.me = (await session.get("/api/session")).body;
  session.org = session.me.organisation.id;
  return session;
};
const good = (answer, status = 200) => {
  assert.equal(answer.status, status, JSON.stringify(answer.body).slice(0, 800));
  return answer.body;
};
const refused = (answer, code, status = 409) => {
  assert.equal(answer.body?.code, code, JSON.stringify(answer.body).slice(0, 500));
  assert.equal(answer.status, status);
  return answer.body;
};
const edit = (of) => ({ headers: { "if-match": `"${of.edit}"` } });
const day = (ahead) => new Date(Date.parse(ft.me.now) + ahead * 86_400_000).toISOString().slice(0, 10);
const content = (more = {}) => ({
  name: "Plan d’essai",
  starts_on: day(1),
  ends_on: day(120),
  partners: managers().map((s) => s.org),
  segments: [{ segment: segment.id, version: 1, lead: ml.org }],
  capacities: managers().map((s) => ({ organisation: s.org, hours: 60 })),
  objectives: managers().map((s) => ({ organisation: s.org, visits: 40, first_contacts: 10, needs: 10, offers: 5 })),
  ...more,
});
const computed = (session, id) =>
  m.until(async () => {
    const { body } = await session.get(`/api/scenarios/${id}`);
    return !["waiting", "running"].includes(body.state) && body;
  }, "the scenario is computed");
const lines = async (session, id, query = "") => {
  const all = [];
  for (let after = ""; ; ) {
    const page = good(await session.get(`/api/scenarios/${id}/lines?${query}${after && `&after=${encodeURIComponent(after)}`}`));
    all.push(...page.items);
    if (!page.next) return all;
    after = page.next;
  }
};
const again = async () => (plan = good(await ft.get(`/api/plans/${plan.id}`)));

before(async () => {
  m = await Instance.start({ template: "demo" });
  [ft, ml, ce, plie] = await Promise.all(["ft", "ml", "ce", "plie"].map((network) => signIn({ role: "manager", network })));
  adviser = await signIn({ role: "adviser", network: "ml" });
  segment = good(await ml.post("/api/segments", { name: "Commerce et restauration", lead: "ml", rule: { all: [{ field: "naf", op: "is", value: ["G", "I"] }] } }), 201);
});
after(() => m?.stop());

test("a draft says what is wrong with it", async () => {
  const wrong = refused(await ft.post("/api/plans", { content: content({ ends_on: day(0) }) }), "plan_content", 422);
  assert.equal(wrong.field, "period");
  assert.equal((await ft.post("/api/plans", { content: { ...content(), beauty: 1 } })).status, 422, "nothing but what a plan has");
  assert.equal((await ft.post("/api/plans", { content: content({ partners: [999999, ft.org] }) })).body.code, "plan_content");
  const observer = await signIn({ role: "observer" });
  assert.equal((await observer.get("/api/plans")).status, 403);
  plan = good(await ft.post("/api/plans", { content: content() }), 201);
  assert.equal(plan.state, "draft");
  refused(await ft.post(`/api/plans/${plan.id}/propose`, {}, edit(plan)), "plan_without_scenario");
});

test("a scenario keeps the rules it was asked with", async () => {
  const asked = good(await ft.post(`/api/plans/${plan.id}/scenarios`, { name: "Comme prévu" }), 201);
  const done = await computed(ft, asked.id);
  assert.equal(done.state, "done", JSON.stringify(done));
  const all = await lines(ft, asked.id);
  const visited = all.filter((line) => line.organisation);
  const facts = new Map(
    (await m.sql(`select e.id, s.opposed, s.rest_until >= '${day(1)}' as resting, p.id is not null as promised, e.status, left(e.naf, 2) as division
                    from data.establishment e left join data.standing s on s.establishment_id = e.id
                    left join data.promise p on p.establishment_id = e.id and p.state = 'active'`)).map((row) => [row.id, row]));
  assert.equal(visited.length, done.summary.covered);
  assert.equal(visited.length, 160, "every hour is used: 60 h of each make 40 visits");
  for (const line of visited) {
    const fact = facts.get(line.id);
    assert.ok(!fact.opposed && !fact.resting && !fact.promised && fact.status === "A", JSON.stringify({ line, fact }));
    assert.ok(["45", "46", "47", "55", "56"].includes(fact.division));
    assert.ok(line.why.length > 10 && line.member);
    assert.equal(line.points.reduce((sum, points) => sum + points, 0), line.worth, "points make the worth");
  }
  for (const org of managers()) assert.equal(visited.filter((line) => line.organisation === org.org).length, 40);
  for (const line of all) assert.ok(line.organisation || line.reason !== "best", JSON.stringify(line));
  assert.equal(all.filter((line) => line.reason === "rest").length, done.summary.resting);
  assert.equal(done.summary.profit, visited.reduce((sum, line) => sum + line.worth, 0));
  assert.equal(done.summary.profit, done.summary.bound, "proved");
  const points = good(await ft.get(`/api/scenarios/${asked.id}/points`));
  assert.equal(points.points.length, visited.length);
  const csv = await ft.get(`/api/scenarios/${asked.id}/lines.csv`);
  assert.equal(csv.text.trim().split("\r\n").length, all.length + 1);
  const book = await ft.get(`/api/scenarios/${asked.id}/lines.xlsx`);
  const inside = execFileSync("/usr/bin/python3", ["-c", "import io, sys, zipfile; z = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())); print(*[z.read(n).decode() for n in z.namelist() if 'sheet' in n])"], { input: book.bytes, maxBuffer: 1 << 27 }).toString();
  assert.equal(inside.match(/<row /g).length, all.length + 1);
  assert.match(inside, /Moins de 10 salariés/);
  plan.first = asked.id;
});

test("another scenario: shares, quotas, weights; what changes for whom", async () => {
  const asked = good(
    await ml.post(`/api/plans/${plan.id}/scenarios`, {
      name: "Moins de France Travail",
      settings: { hours: [{ organisation: ft.org, percent: 50 }], rules: { never_visited: 60, small: 50 }, weights: { km: -4 } },
    }), 201);
  const done = await computed(ml, asked.id);
  assert.equal(done.state, "done");
  assert.equal(done.summary.partners.find((p) => p.organisation === ft.org).visits, 20);
  assert.ok(done.summary.first >= 0.6 * done.summary.expected && done.summary.small >= 0.5 * done.summary.expected, JSON.stringify(done.summary));
  const change = good(await ml.get(`/api/scenarios/${asked.id}/against?with=${plan.first}`));
  const mine = change.partners.find((p) => p.organisation.id === ft.org);
  assert.equal(mine.kept + mine.gained, 20);
  assert.equal(mine.kept + mine.lost, 40);
  const impossible = good(await ml.post(`/api/plans/${plan.id}/scenarios`, { name: "Impossible", settings: { hours: [{ organisation: ft.org, percent: 0 }], shares: [{ organisation: ft.org, least: 50 }] } }), 201);
  const none = await computed(ml, impossible.id);
  assert.equal(none.state, "impossible");
  assert.ok(none.summary.conflict.some((rule) => /minimum/.test(rule)), JSON.stringify(none.summary));
  refused(await ml.post(`/api/plans/${plan.id}/choose`, { scenario: impossible.id }, edit(plan)), "plan_scenario_stale");
  assert.equal((await adviser.post(`/api/scenarios/${impossible.id}/archive`)).status, 200);
});

test("a cancelled computation leaves nothing", async () => {
  await m.stopWorker();
  const asked = good(await ft.post(`/api/plans/${plan.id}/scenarios`, { name: "De trop" }), 201);
  assert.equal(good(await ft.post(`/api/scenarios/${asked.id}/cancel`)).state, "cancelled");
  refused(await ft.post(`/api/scenarios/${asked.id}/cancel`), "plan_scenario_over");
  m.startWorker();
  await m.until(async () => (await m.sql("select from data.job where kind = 'plan.scenario' and state <> 'done'")).length === 0, "the job is settled");
  assert.equal((await m.sql(`select from data.plan_line where scenario_id = ${asked.id}`)).length, 0);
});

test("ten managers at once: one change wins, the others are told what it was", async () => {
  await again();
  const names = Array.from({ length: 10 }, (_, index) => `Plan d’essai, proposition ${index}`);
  const answers = await Promise.all(names.map((name, index) => managers()[index % 4].put(`/api/plans/${plan.id}/content`, { content: content({ name }) }, edit(plan))));
  const won = answers.filter((answer) => answer.status === 200);
  assert.equal(won.length, 1);
  for (const lost of answers.filter((answer) => answer.status !== 200)) {
    const told = refused(lost, "plan_edit_taken");
    assert.equal(told.content.name, won[0].body.content.name);
    assert.ok(told.member && told.organisation.name);
  }
  await again();
  assert.equal(good(await ft.post(`/api/plans/${plan.id}/choose`, { scenario: plan.scenarios[0].id }, edit(plan))).scenario, plan.scenarios[0].id, "a name changes no line");
});

test("signatures: this very version, by every partner, or nothing", async () => {
  await again();
  assert.equal((await adviser.post(`/api/plans/${plan.id}/propose`, {}, edit(plan))).status, 403);
  plan = good(await ft.post(`/api/plans/${plan.id}/propose`, {}, edit(plan)));
  const old = { version: plan.version, hash: plan.hash };
  good(await ft.post(`/api/plans/${plan.id}/sign`, old));
  good(await ml.post(`/api/plans/${plan.id}/sign`, old));
  refused(await ml.post(`/api/plans/${plan.id}/sign`, old), "plan_signed");
  refused(await ce.post(`/api/plans/${plan.id}/sign`, { ...old, hash: "0".repeat(64) }), "plan_version_stale");
  refused(await ft.post(`/api/plans/${plan.id}/activate`, { version: plan.version }), "plan_transition");
  assert.equal((await adviser.post(`/api/plans/${plan.id}/sign`, old)).status, 403);
  // A change makes a new version: what was signed is void, and can be signed no more.
  await again();
  const next = good(await ce.put(`/api/plans/${plan.id}/content`, { content: content({ name: "Plan signé par tous" }), note: "Nom plus clair" }, edit(plan)));
  assert.equal(next.version, old.version + 1);
  assert.deepEqual(next.versions.map((v) => v.state), ["draft", "dropped"]);
  refused(await plie.post(`/api/plans/${plan.id}/sign`, old), "plan_version_stale");
  plan = good(await ce.post(`/api/plans/${plan.id}/propose`, {}, edit(next)));
  const now = { version: plan.version, hash: plan.hash };
  const no = good(await plie.post(`/api/plans/${plan.id}/refuse`, { ...now, reason: "Pas assez de petits employeurs pour nous" }));
  assert.ok(no.deadlocked);
  assert.equal(good(await ft.get("/api/plans")).items[0].deadlocked, true);
});

test("never active without all signatures on one version, whatever ten sessions do at once", async () => {
  await again();
  const now = { version: plan.version, hash: plan.hash };
  const acts = [];
  for (let round = 0; round < 3; round++) {
    for (const session of managers()) {
      acts.push(session.post(`/api/plans/${plan.id}/sign`, now), session.post(`/api/plans/${plan.id}/activate`, { version: plan.version }));
    }
    acts.push(ml.put(`/api/plans/${plan.id}/content`, { content: content({ name: `Plan remanié ${round}` }) }, edit(plan)));
    acts.push(ce.post(`/api/plans/${plan.id}/activate`, { version: plan.version }));
  }
  const answers = await Promise.all(acts);
  assert.ok(answers.every((answer) => answer.status < 500), answers.map((a) => `${a.status} ${a.body?.code ?? ""}`).join(", "));
  const wrong = await m.sql(
    `select v.plan_id, v.version from data.plan_version v
      where v.state in ('agreed', 'active', 'closed')
        and (select count(*) from data.plan_signature s where s.plan_id = v.plan_id and s.version = v.version and s.answer = 'signed' and s.hash = v.hash)
            < cardinality(data.plan_signers(v.plan_id, v.version))`);
  assert.deepEqual(wrong, []);
  assert.ok((await m.sql(`select state from data.plan_version where plan_id = ${plan.id} and state = 'active'`)).length <= 1);
});

test("an agreed plan becomes promises, and what was taken meanwhile is listed", async () => {
  await again();
  if (plan.state !== "active") {
    if (plan.version_state === "draft") {
      plan = good(await ft.post(`/api/plans/${plan.id}/choose`, { scenario: plan.first ?? plan.scenarios[0].id }, edit(plan)));
      plan = good(await ft.post(`/api/plans/${plan.id}/propose`, {}, edit(plan)));
    }
    for (const session of managers()) await session.post(`/api/plans/${plan.id}/sign`, { version: plan.version, hash: plan.hash });
    await again();
    assert.equal(plan.state, "agreed");
    // Meanwhile an adviser promises one of the employers, and another refuses.
    const [one, two] = (await lines(ft, plan.scenario, "place=visited")).slice(-2);
    const early = (await m.sql("select data.working_day_after(data.today(), 5) as d"))[0].d;
    good(await adviser.post("/api/promises", { establishment: one.id, due_on: early }), 201);
    assert.equal((await adviser.post(`/api/establishments/${two.id}/oppositions`, { reason: "Ne veut voir personne" })).status, 204);
    const started = await Promise.all(managers().map((session) => session.post(`/api/plans/${plan.id}/activate`, { version: plan.version })));
    assert.equal(started.filter((answer) => answer.status === 200).length, 1, "started once");
    await again();
    const skipped = good(await ft.get(`/api/plans/${plan.id}/skipped`)).items;
    assert.deepEqual(skipped.map((line) => [line.establishment.id, line.reason]).sort(), [[one.id, "promised"], [two.id, "opposed"]].sort());
  }
  assert.equal(plan.state, "active");
  const promises = await m.sql(`select p.*, l.organisation_id as o, l.member_id as m from data.promise p left join data.plan_line l on l.scenario_id = ${plan.versions.find((v) => v.state === "active").scenario} and l.establishment_id = p.establishment_id where p.plan_id = ${plan.id}`);
  assert.ok(promises.length >= 158, `${promises.length} promises`);
  for (const p of promises) {
    assert.ok(p.organisation_id === p.o && p.member_id === p.m && p.state === "active" && p.due_on <= plan.ends_on && p.due_on >= plan.starts_on, JSON.stringify(p));
  }
  assert.ok(new Set(promises.map((p) => p.due_on)).size > 20, "spread over the period");
  const jobs = await m.sql(`select from data.job where kind = 'promise.lapse' and (payload ->> 'promise')::bigint in (select id from data.promise where plan_id = ${plan.id})`);
  assert.equal(jobs.length, promises.length);
  const timeline = good(await ft.get(`/api/establishments/${promises[0].establishment_id}/timeline`));
  assert.equal(timeline.items.filter((item) => item.kind === "promise.made").length >= 1, true);
});

test("an amendment runs only when it is signed; it keeps what stays and gives back the rest", async () => {
  const before = plan;
  const less = content({ name: "Avenant", capacities: managers().map((s) => ({ organisation: s.org, hours: 30 })) });
  plan = good(await ml.put(`/api/plans/${plan.id}/content`, { content: less, note: "Moitié moins d’heures" }, edit(plan)));
  assert.equal(plan.state, "active");
  assert.equal(plan.version_state, "draft");
  assert.equal(plan.running, before.versions.find((v) => v.state === "active").version);
  const asked = await computed(ml, good(await ml.post(`/api/plans/${plan.id}/scenarios`, { name: "Avenant" }), 201).id);
  assert.equal(asked.summary.covered, 80);
  plan = good(await ml.post(`/api/plans/${plan.id}/choose`, { scenario: asked.id }, edit(plan)));
  plan = good(await ml.post(`/api/plans/${plan.id}/propose`, {}, edit(plan)));
  for (const session of managers().slice(0, 3)) good(await session.post(`/api/plans/${plan.id}/sign`, { version: plan.version, hash: plan.hash }));
  refused(await ml.post(`/api/plans/${plan.id}/activate`, { version: plan.version }), "plan_transition");
  assert.equal((await again()).versions.find((v) => v.state === "active").version, before.versions.find((v) => v.state === "active").version, "the old one runs on");
  good(await plie.post(`/api/plans/${plan.id}/sign`, { version: plan.version, hash: plan.hash }));
  plan = good(await ft.post(`/api/plans/${plan.id}/activate`, { version: plan.version }));
  assert.deepEqual(plan.versions.filter((v) => ["active", "closed"].includes(v.state)).map((v) => v.state), ["active", "closed"]);
  const active = await m.sql(`select from data.promise p where p.plan_id = ${plan.id} and p.state = 'active'`);
  assert.ok(active.length <= 80 && active.length >= 75, `${active.length} left`);
});

test("a plan of thousands of employers leaves nobody out", async () => {
  await m.psql(
    `set session_replication_role = replica;
     insert into data.establishment (siret, legal_name, address, postcode, city, commune_code, location, naf, size_band, size_year, is_head, status, opened_on, register_file, register_date)
     select '97' || lpad(i::text, 12, '0'), 'GRAND PLAN ' || i, e.address, e.postcode, e.city, e.commune_code, e.location, e.naf, e.size_band, e.size_year,
            false, 'A', e.opened_on, e.register_file, e.register_date
       from generate_series(1, 6000) i,
            (select x.* from data.establishment x join data.facet f on f.id = x.id where f.active and left(x.naf, 2) = '47' order by x.id limit 1) e;
     select data.facet_rebuild();`,
    { role: "postgres" },
  );
  const large = good(await ft.post("/api/plans", { content: content({ name: "Grand plan" }) }), 201);
  const asked = good(await ft.post(`/api/plans/${large.id}/scenarios`, { name: "Tous" }), 201);
  const done = await computed(ft, asked.id);
  assert.equal(done.state, "done", JSON.stringify(done));
  const [{ n }] = await m.sql(
    `select count(*)::integer as n from data.plan_line l join data.establishment e on e.id = l.establishment_id where l.scenario_id = ${asked.id} and e.legal_name like 'GRAND PLAN %'`);
  assert.equal(n, 6000);
  assert.ok(done.summary.candidates > 6000 && done.summary.covered === 160, JSON.stringify(done.summary));
  good(await ft.post(`/api/plans/${large.id}/abandon`, { reason: "Ce n’était qu’un essai" }));
});

test("a promise of the plan that changes hands counts for who took it", async () => {
  const of = (results, id) => results.partners.find((one) => Number(one.organisation.id) === id);
  const before = good(await ft.get(`/api/plans/${plan.id}/results`));
  const [{ id }] = await m.sql(`select id from data.promise where plan_id = ${plan.id} and state = 'active' and organisation_id = ${ft.org} order by id limit 1`);
  const transfer = good(await ft.post(`/api/promises/${id}/transfers`, { kind: "give", organisation: ml.org }), 201);
  good(await ml.post(`/api/transfers/${transfer.id}/answer`, { state: "accepted" }));
  const after = good(await ft.get(`/api/plans/${plan.id}/results`));
  assert.equal(of(after, ft.org).promised, of(before, ft.org).promised - 1);
  assert.equal(of(after, ml.org).promised, of(before, ml.org).promised + 1);
  assert.equal(of(after, ml.org).running, of(before, ml.org).running + 1);
});

test("comments, history, results", async () => {
  good(await adviser.post(`/api/plans/${plan.id}/comments`, { segment: segment.id, text: "Ce segment devrait exclure les pharmacies." }));
  await again();
  assert.equal(plan.comments[0].segment, segment.id);
  const history = good(await ft.get(`/api/plans/${plan.id}/history`));
  const kinds = history.events.map((event) => event.kind);
  for (const kind of ["plan.made", "plan.proposed", "plan.signed", "plan.agreed", "plan.activated", "plan.versioned", "plan.commented"]) assert.ok(kinds.includes(kind), `${kind} in ${kinds}`);
  assert.ok(history.edits.length >= 4);
  const results = good(await ft.get(`/api/plans/${plan.id}/results`));
  assert.equal(results.partners.length, 4);
  assert.equal(results.partners[0].visits.agreed, 40);
  refused(await ft.post(`/api/plans/${plan.id}/evaluate`, { conclusion: "Trop tôt pour conclure" }), "plan_not_over");
  refused(await ft.post(`/api/plans/${plan.id}/abandon`, { reason: "Plus envie" }), "plan_running");
  await m.clock(new Date(Date.parse(`${day(125)}T09:00:00Z`)));
  const end = good(await ft.post(`/api/plans/${plan.id}/evaluate`, { conclusion: "Objectifs tenus dans l’ensemble." }));
  assert.equal(end.state, "evaluated");
  refused(await ft.put(`/api/plans/${plan.id}/content`, { content: content() }, edit(end)), "plan_over");
});
