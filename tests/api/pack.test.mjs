// Committee packs over HTTP: the same figures as everywhere else, frozen once whoever presses, unchanged by a hash afterwards.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { Instance } from "../lib/instance.mjs";
import { readWorkbook } from "../lib/workbook.mjs";

let m, manager, colleague, adviser, observer, pack;
before(async () => {
  m = await Instance.start({ template: "demo" });
  manager = await m.signIn(m.account({ role: "manager", network: "ft" }).email);
  colleague = await m.signIn(m.account({ role: "manager", network: "ml" }).email);
  adviser = await m.signIn(m.account({ role: "adviser" }).email);
  observer = await m.signIn(m.account({ role: "observer" }).email);
});
after(() => m?.stop());

const month = (back) => {
  const at = new Date();
  at.setUTCDate(15);
  at.setUTCMonth(at.getUTCMonth() - back);
  return at.toISOString().slice(0, 7);
};
const sha = (bytes) => createHash("sha256").update(bytes).digest("hex");

test("a draft says what the indicators say, area by area", async () => {
  const made = await manager.post("/api/packs", { title: "Comité départemental, essai", kind: "departement", from: month(5), to: month(0), held_on: `${month(0)}-20` });
  assert.equal(made.status, 201, made.text);
  pack = made.body.id;
  const { content } = (await manager.get(`/api/packs/${pack}`)).body;
  const period = `from=${month(5)}&to=${month(0)}`;
  for (const [key, level] of [["areas", "epci"], ["networks", "network"], ["organisations", "organisation"]]) {
    const { items } = (await manager.get(`/api/indicators/figures?level=${level}&${period}`)).body;
    assert.deepEqual(content[key], items, key);
  }
  assert.deepEqual(content.whole, (await manager.get(`/api/indicators/figures?level=all&${period}`)).body.items[0].figures);
  assert.deepEqual(content.before, (await manager.get(`/api/indicators/figures?level=all&from=${month(11)}&to=${month(6)}`)).body.items[0].figures);
  assert.equal(content.months.length, 12);
  assert.deepEqual(content.shapes.areas.map((shape) => shape.area).sort(), content.areas.map((area) => area.area).sort());
  assert.ok(content.shapes.areas.every((shape) => /^M /.test(shape.path) && shape.x >= 0 && shape.x <= 1000 && shape.y >= 0 && shape.y <= content.shapes.height));
  assert.ok(content.plans.some((plan) => plan.partners.length > 1), "plans that ran are in it");
});

test("the workbook has a sheet for each indicator, with the same figures, and one for the targets", async () => {
  const wanted = await manager.post("/api/targets", { indicator: "seen_share", from: month(5), to: month(0), goal: 0.25 });
  assert.equal(wanted.status, 201, wanted.text);
  const { content } = (await manager.get(`/api/packs/${pack}`)).body;
  const { status, bytes, headers } = await manager.get(`/api/packs/${pack}/workbook.xlsx`);
  assert.equal(status, 200);
  assert.equal(headers.get("content-disposition"), `attachment; filename="comite-allier-${content.from}-${content.to}.xlsx"`);
  const book = readWorkbook(bytes);
  assert.equal(Object.keys(book).length, content.indicators.length + 3);
  for (const indicator of content.indicators) {
    const sheet = Object.entries(book).find(([, rows]) => rows[0]?.[0] === indicator.name);
    assert.ok(sheet, indicator.name);
    // A name that a sheet cannot bear whole is said in fewer words, not cut.
    if (indicator.name.length <= 31) assert.equal(sheet[0], indicator.name);
    else assert.ok(sheet[0].length <= 31 && sheet[0] !== indicator.code && !indicator.name.startsWith(sheet[0].trim()), `${indicator.name}: ${sheet[0]}`);
    const rows = sheet[1].slice(5);
    assert.match(sheet[1][2][0], /, (de |d’)[a-zéû]+ 20\d\d à [a-zéû]+ 20\d\d, comité du /);
    for (const [at, month] of content.months.entries()) {
      const row = rows.filter((cells) => cells[0] === "Mois")[at];
      assert.equal(row[1], new Intl.DateTimeFormat("fr-FR", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month.area}-15`)));
      assert.equal(row[2] ?? null, month.figures[indicator.code].value, `${indicator.name}, ${month.area}`);
    }
    assert.equal(rows.find((cells) => cells[0] === "Ensemble")[2] ?? null, content.whole[indicator.code].value, indicator.name);
    for (const area of content.areas) {
      const row = rows.find((cells) => cells[0] === "Zones" && cells[1] === area.name);
      assert.equal(row[2] ?? null, area.figures[indicator.code].value, `${indicator.name}, ${area.name}`);
    }
  }
  const target = content.targets.find((one) => one.indicator === "seen_share" && !one.organisation && one.goal === 0.25);
  const row = book.Objectifs.find((cells) => cells[0] === "Part des employeurs rencontrés" && cells[1] === "Tous les partenaires" && cells[5] === 0.25);
  assert.equal(row[6] ?? null, target.value);
  assert.equal(book.Objectifs.length - 1, content.targets.length);

  // Plan by plan, signatures included: the page and the workbook say the same.
  const [heads, ...plans] = book.Plans;
  const told = content.plans.flatMap((plan) => plan.partners.map((one) => [plan.name, one.organisation.short_name, one.signed, one.asked, one.goals.offers.done]));
  assert.ok(told.some((row) => row[3] > 0), "a plan was signed");
  assert.deepEqual(plans.map((row) => ["Plan", "Structure", "Signatures données", "Signatures demandées", "Offres"].map((head) => row[heads.indexOf(head)])), told);
});

test("two managers write: the slower one is told what the other wrote, and nothing is lost", async () => {
  const say = (who, text, version) => who.put(`/api/packs/${pack}/comments/coverage`, { text, version });
  const first = await say(manager, "Le sud se vide.", 0);
  assert.equal(first.body.version, 1, first.text);
  const slow = await say(colleague, "Le sud tient bon.", 0);
  assert.equal(slow.status, 409);
  assert.deepEqual([slow.body.code, slow.body.text, slow.body.version], ["pack_comment_taken", "Le sud se vide.", 1]);
  assert.equal((await say(colleague, "Le sud se vide, sauf Gannat.", 1)).status, 200);
  assert.equal((await say(manager, "", 2)).body.text, "", "an empty text takes it back");
  assert.equal((await say(manager, "Le sud se vide.", 3)).status, 200);
  assert.equal((await manager.put(`/api/packs/${pack}/comments/margin`, { text: "x", version: 0 })).status, 404);
  assert.equal((await manager.put(`/api/packs/${pack}/comments/means`, { text: "x".repeat(6001), version: 0 })).status, 422);
});

test("who may do what", async () => {
  assert.equal((await observer.get(`/api/packs/${pack}`)).status, 404, "a draft is not for observers");
  assert.equal((await observer.get(`/api/packs/${pack}/workbook.xlsx`)).status, 404);
  assert.equal((await adviser.get(`/api/packs/${pack}`)).status, 200);
  assert.equal((await adviser.post(`/api/packs/${pack}/freeze`)).status, 403);
  assert.equal((await adviser.post("/api/packs", { title: "Le mien", kind: "local", from: month(3), to: month(1), held_on: `${month(0)}-20` })).status, 403);
  for (const [body, field] of [[{ to: "2026-13" }, "to"], [{ within: "planete:3" }, "within"], [{ kind: "world" }, "kind"], [{ title: "x" }, "title"], [{ to: month(-2) }, undefined], [{ within: "departement:69" }, undefined]]) {
    const wrong = await manager.post("/api/packs", { title: "Essai", kind: "departement", from: month(3), to: month(1), held_on: `${month(0)}-20`, ...body });
    assert.equal(wrong.status, 422, JSON.stringify(body));
    if (field) assert.ok(wrong.body.fields.some((fault) => fault.field === field), wrong.text);
  }
});

test("nothing is frozen that its manager has not read, and nothing that they wrote stays behind", async () => {
  const { version, comments } = (await manager.get(`/api/packs/${pack}`)).body;
  const versions = Object.fromEntries(Object.entries(comments).map(([part, { version }]) => [part, version]));
  const freeze = (read, at = version) => manager.post(`/api/packs/${pack}/freeze`, { version: at, comments: read });
  assert.equal(versions.coverage, 4);
  for (const [read, part, kept] of [[{ ...versions, coverage: 3 }, "coverage", "Le sud se vide."], [{}, "coverage", "Le sud se vide."], [{ ...versions, means: 1 }, "means", ""]]) {
    const refused = await freeze(read);
    assert.deepEqual([refused.status, refused.body.code, Object.keys(refused.body.comments), refused.body.comments[part].text], [409, "pack_comments_moved", [part], kept], refused.text);
  }
  assert.equal((await freeze(versions, version - 1)).body.code, "precondition_failed");
  assert.equal((await freeze({ ...versions, margin: 1 })).status, 422);
  assert.equal((await freeze({ ...versions, coverage: "4" })).status, 422);
  assert.equal((await manager.get(`/api/packs/${pack}`)).body.frozen, null);
});

test("five freeze at once: one does; a thousand visits later the bytes and their hash are the same", async () => {
  const before = (await manager.get(`/api/packs/${pack}`)).body;
  const answers = await Promise.all(Array.from({ length: 5 }, (_, index) => (index % 2 ? colleague : manager).post(`/api/packs/${pack}/freeze`, index < 3 ? { version: before.version, comments: { coverage: 4 } } : undefined)));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409, 409, 409, 409]);
  assert.ok(answers.filter((answer) => answer.status === 409).every((answer) => answer.body.code === "pack_frozen"));
  const frozen = (await manager.get(`/api/packs/${pack}`)).body;
  const bytes = (await manager.get(`/api/packs/${pack}/content.json`)).bytes;
  assert.equal(sha(bytes), frozen.frozen.hash);
  assert.equal(frozen.content.comments.coverage.text, "Le sud se vide.");

  await m.psql(`insert into data.contact_event (establishment_id, organisation_id, kind, at)
    select e.id, o.id, 'visit', date_trunc('month', data.now()) - interval '40 days' + g * interval '3 minutes'
      from generate_series(1, 1000) g
      join lateral (select id from data.establishment where status = 'A' and commune_code like '03%' order by id offset g % 700 limit 1) e on true
      join lateral (select id from data.organisation where network = 'ml' order by id limit 1) o on true`, { role: "postgres" });
  const next = (await manager.post("/api/packs", { title: "Comité suivant", kind: "departement", from: month(5), to: month(0), held_on: `${month(0)}-25`, again: pack })).body;
  const visits = frozen.content.whole.visits.n;
  await m.until(async () => (await manager.get(`/api/packs/${next.id}`)).body.content.whole.visits.n === visits + 1000, "the visits are counted");
  assert.equal(next.comments.coverage.text, "Le sud se vide.", "the next one begins with its words");
  assert.equal(sha((await manager.get(`/api/packs/${pack}/content.json`)).bytes), frozen.frozen.hash);
  assert.deepEqual((await manager.get(`/api/packs/${pack}`)).body.content, frozen.content);
  assert.equal((await manager.put(`/api/packs/${pack}/comments/coverage`, { text: "Après", version: 4 })).body.code, "pack_frozen");
  assert.equal((await manager.patch(`/api/packs/${pack}`, { title: "Autre", version: frozen.version })).body.code, "pack_frozen");
  assert.equal((await manager.post(`/api/packs/${next.id}/drop`)).status, 204);
  assert.equal((await manager.get(`/api/packs/${next.id}`)).status, 404);
});

test("the list and the workbook of a frozen document keep the name that its place had", async () => {
  const [{ code, name }] = await m.sql("select code, name from data.zone where level = 'bassin' and name like '%Vichy%'");
  const local = (await manager.post("/api/packs", { title: "Comité du bassin, essai", kind: "local", within: `bassin:${code}`, from: month(3), to: month(1), held_on: `${month(0)}-20` })).body;
  assert.equal((await manager.post(`/api/packs/${local.id}/freeze`)).status, 200);
  await m.psql(`update data.zone set name = 'Bassin rebaptisé' where level = 'bassin' and code = '${code}'`, { role: "postgres" });
  const book = readWorkbook((await manager.get(`/api/packs/${local.id}/workbook.xlsx`)).bytes);
  const line = Object.values(book)[0][2][0];
  assert.ok(line.includes(name) && !line.includes("rebaptisé"), line);
  const { items } = (await manager.get("/api/packs")).body;
  assert.equal(items.find(({ id }) => id === local.id).place, name);
  await m.psql(`update data.zone set name = $$${name}$$ where level = 'bassin' and code = '${code}'`, { role: "postgres" });
});

test("observers have their edition, in multiples of five, under its own hash", async () => {
  const theirs = (await observer.get(`/api/packs/${pack}`)).body;
  const ours = (await manager.get(`/api/packs/${pack}`)).body;
  assert.notEqual(theirs.frozen.hash, ours.frozen.hash);
  assert.equal(sha((await observer.get(`/api/packs/${pack}/content.json`)).bytes), theirs.frozen.hash);
  const sets = [theirs.content.whole, theirs.content.before, ...["areas", "networks", "organisations", "sectors", "sizes", "months"].flatMap((key) => theirs.content[key].map((row) => row.figures))];
  const cells = sets.flatMap((set) => Object.values(set));
  assert.ok(cells.length > 500 && cells.some((cell) => cell.hidden));
  for (const cell of cells) for (const n of [cell.n, cell.out_of]) assert.ok(n === null || (n % 5 === 0 && !(n > 0 && n < 5)), JSON.stringify(cell));
  const counts = theirs.content.plans.flatMap((plan) => plan.partners.flatMap((one) => [one.promised, one.kept, one.late, one.signed, one.asked, ...Object.values(one.goals).map((goal) => goal.done)]));
  assert.ok(counts.length > 0 && counts.every((n) => n === null || n % 5 === 0), JSON.stringify(counts));
  const book = readWorkbook((await observer.get(`/api/packs/${pack}/workbook.xlsx`)).bytes);
  assert.ok(Object.values(book).flat(2).includes("masqué"));
});
