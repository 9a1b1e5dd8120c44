// The main thread over HTTP: promise, visit, report, need, offer, opening, public board.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m, ml;
before(async () => {
  m = await Instance.start({ template: "demo" });
  ml = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
});
after(() => m?.stop());

async function until(what, seconds = 10) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await what();
    if (value) return value;
    assert.ok(Date.now() < deadline, "not in time");
    await new Promise((done) => setTimeout(done, 150));
  }
}

test("from a free establishment to an offer that everybody reads", async () => {
  await m.clock("2027-03-16T09:30:00+01:00");
  const list = await ml.get("/api/establishments?state=free&limit=1&sort=name");
  const { id } = list.body.items[0];
  const plan = await ml.post("/api/visits", { establishment: id, planned_at: "2027-03-17T10:00:00+01:00", minutes: 45 });
  assert.equal(plan.status, 201, plan.text);
  let sheet = (await ml.get(`/api/establishments/${id}`)).body;
  assert.equal(sheet.state, "promised");
  assert.equal(sheet.mine, true);
  assert.equal(sheet.holder.due_on, "2027-03-17");
  assert.equal(sheet.visits_planned.length, 1);

  const moved = await ml.patch(`/api/visits/${plan.body.id}`, { planned_at: "2027-03-17T11:00:00+01:00" }, { headers: { "if-match": plan.headers.get("etag") ?? `"${plan.body.version}"` } });
  assert.equal(moved.status, 200, moved.text);

  await m.clock("2027-03-17T11:40:00+01:00");
  const report = await ml.post(`/api/visits/${plan.body.id}/report`, {
    outcome: "needs",
    needs: [{ rome: "G1602", posts: 2, horizon: "now", contract: "cdi" }],
    next_action: "Envoyer deux profils",
    next_action_on: "2027-03-24",
    shared_note: "Équipe de huit, départ en retraite en juin.",
  });
  assert.equal(report.status, 201, report.text);
  assert.equal(report.body.report.needs.length, 1);
  sheet = (await ml.get(`/api/establishments/${id}`)).body;
  assert.equal(sheet.state, "resting");
  assert.equal(sheet.visits, list.body.items[0].visits + 1);

  const need = report.body.report.needs[0].id;
  const draft = await ml.post("/api/offers", {
    establishment: id, visit: plan.body.id, need, title: "Commis de cuisine", rome: "G1602", contract: "cdi", posts: 2,
    publics: ["young"], description: "Deux commis pour une cuisine de marché.",
  });
  assert.equal(draft.status, 201, draft.text);
  const confirmed = await ml.post(`/api/offers/${draft.body.id}/confirm`, { confirmed_with: "Le chef, sur place" });
  assert.equal(confirmed.body.state, "reserved");
  // The clocks change on 28 March 2027: the same wall time in Paris, an hour less of UTC.
  assert.equal(new Date(confirmed.body.opens_at) - new Date(confirmed.body.confirmed_at), 15 * 86_400_000 - 3_600_000);

  const kinds = (await ml.get(`/api/establishments/${id}/timeline`)).body.items.map((item) => item.kind);
  for (const kind of ["promise.made", "visit.planned", "visit.moved", "visit.reported", "promise.kept", "need.declared", "offer.drafted", "offer.confirmed", "offer.reserved"]) {
    assert.ok(kinds.includes(kind), kind);
  }

  const opens = new Date(confirmed.body.opens_at);
  await m.clock(new Date(opens - 5000).toISOString());
  await new Promise((done) => setTimeout(done, 1500));
  assert.equal((await ml.get(`/api/offers/${draft.body.id}`)).body.state, "reserved");
  await m.clock(opens.toISOString());
  await until(async () => (await ml.get(`/api/offers/${draft.body.id}`)).body.state === "open");
  const board = await m.visitor().get("/api/public/offers?q=commis de cuisine");
  assert.ok(board.body.items.some((offer) => offer.id === draft.body.id));

  assert.equal((await ml.post(`/api/offers/${draft.body.id}/fill`, {})).body.state, "filled");
  assert.equal((await m.visitor().get(`/api/public/offers/${draft.body.id}`)).status, 404);
  assert.equal((await ml.get(`/api/establishments/${id}`)).body.needs.find((n) => n.id === need).state, "filled");
  const { steps } = (await ml.get(`/api/offers/${draft.body.id}`)).body;
  assert.deepEqual(steps.map((s) => s.to), ["draft", "confirmed", "reserved", "open", "filled"]);
});

test("every list answers within its filters and pages without gap or repeat", async () => {
  const seen = new Set();
  let after_ = "";
  let pages = 0;
  do {
    const { status, body } = await ml.get(`/api/establishments?naf=I&limit=200&sort=name${after_ && `&after=${after_}`}`);
    assert.equal(status, 200);
    for (const item of body.items) {
      assert.match(item.naf, /^5[56]\./);
      assert.ok(!seen.has(item.id));
      seen.add(item.id);
    }
    after_ = body.next;
    pages++;
  } while (after_ && pages < 100);
  const { body } = await ml.get("/api/establishments/counts?naf=I");
  assert.equal(seen.size, body.total);
  for (const filter of ["q=boulangerie", "size=11,12", "size=unknown", "state=promised", "state=resting", "state=ours", "visited=never", "visited=year", "visited=older", "closed=true", "naf=47.11", "naf=47", "naf=4", "naf=I,47.11", "naf=47;%", "commune=03190", "commune=03190,03185", "state=mine", "state=free,opposed"]) {
    for (const sort of ["name", "size", "visited", "match"]) {
      const page = await ml.get(`/api/establishments?${filter}&sort=${sort}&limit=50`);
      assert.equal(page.status, 200, `${filter} ${sort}: ${page.text}`);
    }
    const counts = await ml.get(`/api/establishments/counts?${filter}`);
    assert.equal(counts.status, 200, filter);
    assert.equal(counts.body.communes.reduce((sum, c) => sum + c.establishments, 0), counts.body.total, filter);
  }
  // What is chosen from in a form: the name itself, its words, its beginning, the beginnings of its words, the rest; each by name.
  const [{ ranked }] = await m.sql(`select string_agg(n, ', ' order by api.establishment_rank(api.establishment_said(' Hôtel  du Parc'), n), n) as ranked
    from unnest(array['au parc du grand hotel', 'grand hotel du parc', 'hotel du parc', 'hotel du parchemin', 'la parcelle du hotelier', 'snack de l hotel du parc', 'x hotellerie', 'hotel du lac']) n`);
  assert.equal(ranked, "hotel du parc, grand hotel du parc, snack de l hotel du parc, au parc du grand hotel, hotel du parchemin, la parcelle du hotelier, hotel du lac, x hotellerie");
  const found = async (sort) => (await ml.get(`/api/establishments?q=lin&sort=${sort}&closed=true&limit=200`)).body.items.map((item) => item.name);
  const [byName, byMatch] = [await found("name"), await found("match")];
  assert.deepEqual([...byMatch].sort(), [...byName].sort(), "the same ones");
  const letters = byMatch.map((name) => ` ${name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[-’']/g, " ")} `);
  const ranks = letters.map((name) => (name.includes(" lin ") ? 1 : name.startsWith(" lin") ? 2 : name.includes(" lin") ? 3 : 4));
  assert.ok(new Set(ranks).size > 1, `of several kinds: ${byMatch}`);
  assert.deepEqual(ranks, [...ranks].sort(), `best first: ${byMatch}`);
  assert.equal((await ml.get("/api/establishments?sort=hasard")).status, 422);
  assert.equal((await ml.get("/api/establishments?after=nimporte")).body.code, "cursor_invalid");
  assert.equal((await ml.get("/api/establishments/points?bbox=2,46,4,47")).status, 200);
  assert.equal((await ml.get("/api/establishments/points?bbox=4,46,2,47")).status, 422);
});

test("sorted by visit: never visited first, then longest ago, page after page", async () => {
  const seen = [];
  for (let after_ = "", pages = 0; pages < 200; pages++) {
    const { status, body, text } = await ml.get(`/api/establishments?commune=03190&sort=visited&limit=50${after_ && `&after=${after_}`}`);
    assert.equal(status, 200, text);
    seen.push(...body.items);
    after_ = body.next;
    if (!after_) break;
  }
  const { body } = await ml.get("/api/establishments/counts?commune=03190");
  assert.equal(seen.length, body.total);
  assert.equal(new Set(seen.map((item) => item.id)).size, seen.length);
  assert.equal(seen.filter((item) => !item.last_visit_at).length, body.never_visited);
  const dates = seen.map((item) => (item.last_visit_at ? new Date(item.last_visit_at).getTime() : 0));
  assert.deepEqual(dates, [...dates].sort((a, b) => a - b));
});
