// Needs from declaration to offer, a partner's answers to the survey, and the search of occupations.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m, ml, ft, employers;
before(async () => {
  m = await Instance.start({ template: "demo" });
  [ml, ft] = await Promise.all(["ml", "ft"].map((network) => m.signIn(m.account({ role: "adviser", network }).email)));
  // Without a need of the demo, whatever the day on which it was made.
  const known = new Set((await m.sql("select establishment_id from data.need")).map((one) => one.establishment_id));
  employers = (await ml.get("/api/establishments?state=free&limit=100")).body.items.filter((one) => one.siret && !known.has(one.id));
});
after(() => m?.stop());

const send = (session, path, body, version) => session.request(version === undefined ? "POST" : "PATCH", path, body, version === undefined ? {} : { headers: { "if-match": `"${version}"` } });

test("a need is declared, edited, confirmed, becomes an offer and is filled with it", async () => {
  const made = await ml.post("/api/needs", { siret: employers[0].siret, rome: "G1602", posts: 2, horizon: "quarter", seasonal: true, difficulty: "hard" });
  assert.equal(made.status, 201, made.text);
  const id = made.body.id;
  let sheet = (await ml.get(`/api/needs/${id}`)).body;
  assert.deepEqual([sheet.state, sheet.source, sheet.seasonal, sheet.difficulty, sheet.ours, sheet.steps.length], ["declared", "call", true, "hard", true, 1]);
  assert.equal((await send(ml, `/api/needs/${id}`, { posts: 3 }, sheet.version + 1)).status, 412);
  sheet = (await send(ml, `/api/needs/${id}`, { posts: 3 }, sheet.version)).body;
  assert.equal(sheet.posts, 3);
  sheet = (await send(ml, `/api/needs/${id}`, { posts: null, contract: "cdd", seasonal: true }, sheet.version)).body;
  assert.deepEqual([sheet.posts, sheet.contract, sheet.seasonal], [null, "cdd", true], "null takes away what was said");
  sheet = (await send(ml, `/api/needs/${id}`, { posts: 3, contract: null, seasonal: null, difficulty: null }, sheet.version)).body;
  assert.deepEqual([sheet.posts, sheet.contract, sheet.seasonal], [3, null, null], "and what is not given stays");
  const summer = (await send(ml, `/api/needs/${id}`, { contract: "seasonal" }, sheet.version)).body;
  assert.deepEqual([summer.contract, summer.seasonal], ["seasonal", true], "a seasonal contract says the season");
  assert.equal((await send(ml, `/api/needs/${id}`, { contract: null }, summer.version)).body.seasonal, null);
  assert.equal((await ft.get(`/api/needs/${id}`)).body.ours, false);
  assert.equal((await send(ft, `/api/needs/${id}/move`, { state: "confirmed" })).status, 403);
  const refused = await send(ml, `/api/needs/${id}/move`, { state: "abandoned" });
  assert.deepEqual([refused.status, refused.body.code], [422, "reason_required"]);
  assert.equal((await send(ml, `/api/needs/${id}/move`, { state: "confirmed" })).body.state, "confirmed");
  const offer = await ml.post("/api/offers", { establishment: employers[0].id, need: id, title: "Cuisinier au bourg", rome: "G1602", contract: "cdi", posts: 2 });
  assert.equal(offer.status, 201, offer.text);
  sheet = (await ml.get(`/api/needs/${id}`)).body;
  assert.deepEqual([sheet.state, sheet.last_offer.id], ["offer", offer.body.id]);
  const from = { id, label: sheet.rome_label, posts: 3, state: "offer" };
  assert.deepEqual((await ml.get(`/api/offers/${offer.body.id}`)).body.from_need, from, "the offer names the need that it came from");
  assert.equal((await send(ml, `/api/needs/${id}/move`, { state: "zero" })).body.code, "need_transition");
  await ml.post(`/api/offers/${offer.body.id}/confirm`, { confirmed_with: "Mme Test" });
  for (const posts of [1, -1, 1]) assert.equal((await ml.post(`/api/offers/${offer.body.id}/fill`, { posts })).status, 200);
  const { fillings } = (await ml.get(`/api/offers/${offer.body.id}`)).body;
  assert.deepEqual(fillings.map((one) => [one.filled, one.posts, one.by_employer]), [[1, 2, false], [0, 2, false], [1, 2, false]], "each stands in the history, what was taken back too");
  assert.ok(fillings.every((one) => one.member && one.organisation));
  await ml.post(`/api/offers/${offer.body.id}/fill`, {});
  sheet = (await ml.get(`/api/needs/${id}`)).body;
  assert.deepEqual([sheet.state, sheet.posts_filled, sheet.offer], ["confirmed", 2, null], "two of three are filled: the need stands");
  const unknown = await ml.post("/api/offers", { need: 999999999, title: "Cuisinier au bourg", rome: "G1602", contract: "cdi" });
  assert.deepEqual([unknown.status, unknown.body.fields[0].field], [422, "need"]);
  const last = await ml.post("/api/offers", { need: id, title: "Cuisinier au bourg", rome: "G1602", contract: "cdi" });
  assert.equal(last.status, 201, last.text);
  await ml.post(`/api/offers/${last.body.id}/confirm`, { confirmed_with: "Mme Test" });
  await ml.post(`/api/offers/${last.body.id}/fill`, {});
  sheet = (await ml.get(`/api/needs/${id}`)).body;
  assert.deepEqual(sheet.steps.map((step) => step.to), ["declared", "confirmed", "offer", "confirmed", "offer", "filled"]);
  const figures = (await ml.get(`/api/needs/figures?by=employer`)).body;
  assert.deepEqual(figures.items.filter((row) => row.key === String(employers[0].id)).map((row) => [row.needs, row.posts, row.offers, row.filled]), [[1, 3, 3, 3]]);
  assert.equal(figures.total.posts, (await ml.get(`/api/needs/figures?by=area`)).body.total.posts, "the sum is the same however one groups");
});

test("filters find, and an unknown number stays unknown", async () => {
  const made = await ml.post("/api/needs", { establishment: employers[1].id, rome: "F1703", horizon: "now" });
  assert.equal(made.body.posts, null);
  const found = (await ml.get(`/api/needs?scope=mine&rome=F1703&state=declared&q=${encodeURIComponent("maconnerie " + employers[1].city)}`)).body.items;
  assert.ok(found.some((one) => one.id === made.body.id));
  assert.ok(found.every((one) => one.rome === "F1703" && one.state === "declared"));
  assert.equal((await ml.get("/api/needs?state=perdu")).status, 422);
  const all = (await ft.get("/api/needs")).body;
  const next = (await ft.get(`/api/needs?after=${all.next}`)).body;
  assert.ok(next.items[0].id < all.items.at(-1).id);
  for (const role of ["observer", "contributor"]) assert.equal((await (await m.signIn(m.account({ role }).email)).get("/api/needs")).status, 403);
});

test("a partner's answers come in any order of columns; a star is unknown, faults have their line; one partner calls", async () => {
  const [a, b, c] = employers.slice(5, 8);
  const year = new Date((await ml.get("/api/session")).body.now).getFullYear();
  const text = ["Enquête BMO;;;;", "smet;met;Nom métier BMO;xmet;Code métier BMO;SIRET;annee", `*;3;Cuisiniers;2;S1Z40;${a.siret};${year}`, `0;*;Maçons;*;B2Z40;${a.siret};${year}`,
    `1;1;Cuisiniers;0;S1Z40;${b.siret};${year}`, `;0;Cuisiniers;;S1Z40;${c.siret};${year}`, `;2;Cuisiniers;;S1Z40;12345678901234;${year}`, `;deux;Cuisiniers;;S1Z40;${c.siret};${year}`, ""].join("\r\n");
  const give = (bytes, name = "reponses.csv") => ml.request("POST", `/api/needs/import?name=${name}`, bytes, { type: "text/csv" });
  const given = await give(Buffer.from(text, "latin1"));
  assert.equal(given.status, 202, given.text);
  const file = await m.until(async () => {
    const one = (await ml.get(`/api/imports/${given.body.id}`)).body;
    return one.state !== "received" && one;
  }, "the file is read");
  assert.equal(file.kind, "needs");
  const { read, needs, none, wrong, calls } = file.summary;
  assert.deepEqual({ state: file.state, read, needs, none, wrong, calls }, { state: "done", read: 6, needs: 3, none: 1, wrong: 2, calls: 2 });
  const faults = (await ml.get(`/api/imports/${file.id}/errors`)).body.items;
  assert.deepEqual(faults.map((one) => [one.line, one.field, one.code]), [[7, "SIRET", "siret_key"], [8, "met", "number_invalid"]]);
  assert.equal((await give(Buffer.from(text, "latin1"))).status, 200, "the same file again is the same import");
  const of = async (one) => (await ml.get(`/api/needs?establishment=${one.id}&source=bmo`)).body.items;
  assert.deepEqual((await of(a)).map((n) => [n.fap, n.posts, n.difficulty, n.seasonal]), [["B2Z40", null, null, false], ["S1Z40", 3, "hard", null]]);
  assert.deepEqual((await of(b)).map((n) => [n.posts, n.difficulty, n.seasonal]), [[1, "easy", true]]);
  assert.deepEqual(await of(c), []);
  const asked = await m.sql(`select organisation_id from data.task where kind = 'need.recontact' and done_at is null and establishment_id in (${a.id}, ${b.id})`);
  assert.equal(asked.length, 2);
  // Who was asked may answer, though another partner brought the file.
  const call = (await ml.get(`/api/needs/${(await of(b))[0].id}`)).body.call;
  const caller = await m.signIn(m.account({ role: "adviser", organisation: (await m.sql(`select name from data.organisation where id = ${call.organisation.id}`))[0].name }).email);
  const late = await send(caller, `/api/needs/${(await of(b))[0].id}/move`, { state: "zero", on: "2099-01-01" });
  assert.deepEqual([late.status, late.body.code, late.body.title], [422, "due_out_of_range", "Cette date est en dehors des jours possibles."]);
  assert.ok(late.body.first_due_on <= late.body.last_due_on, "and the days that are possible are told");
  const zero = await send(caller, `/api/needs/${(await of(b))[0].id}/move`, { state: "zero" });
  assert.deepEqual([zero.status, zero.body.state, zero.body.call], [200, "zero", null]);
  assert.equal((await caller.get("/api/needs?scope=call")).body.items.some((one) => one.establishment.id === b.id), false);
  const bad = await give(Buffer.from("nom;ville\r\nx;y\r\n"), "autre.csv");
  const refused = await m.until(async () => {
    const one = (await ml.get(`/api/imports/${bad.body.id}`)).body;
    return one.state === "refused" && one;
  }, "a file without a SIRET is refused");
  assert.equal((await ml.get(`/api/imports/${refused.id}/errors`)).body.items[0].code, "header_missing");
  assert.equal((await ft.get(`/api/imports/${given.body.id}`)).status, 404, "another partner's file is not seen");
});

test("two partners confirm and abandon at the same moment: one of them is told", async () => {
  const { body } = await ml.post("/api/needs", { establishment: employers[9].id, rome: "G1602", horizon: "now" });
  const answers = await Promise.all([send(ml, `/api/needs/${body.id}/move`, { state: "filled", reason: "Par relation" }), send(ml, `/api/needs/${body.id}/move`, { state: "abandoned", reason: "Plus besoin" })]);
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409]);
  assert.equal((await ml.get(`/api/needs/${body.id}`)).body.steps.length, 2);
});

test("occupations are found by code, words, appellations and in spite of a slip", async () => {
  const find = async (q) => (await ml.get(`/api/rome?q=${encodeURIComponent(q)}`)).body.items;
  assert.equal((await find("g1602"))[0].code, "G1602");
  assert.equal((await find("maconnerie"))[0].code, "F1703");
  assert.equal((await find("maçonerie"))[0].code, "F1703", "with a letter missing");
  assert.deepEqual((await find("crepier"))[0], { code: "G1604", label: "Fabrication de crêpes ou pizzas", title: "Crêpier / Crêpière" });
  for (const [word, code] of [["serveuse", "G1803"], ["boulangère", "D1102"], ["aide soignante", "J1501"], ["chauffeur poids lourd", "N4101"], ["femme de ménage", "K1304"], ["macon", "F1703"]])
    assert.equal((await find(word))[0].code, code, word);
  assert.equal((await find("comis de cuisine"))[0].code, "G1602");
  // As people write them: which must be among the first three.
  const slips = [
    ["chodronier", "H2902"], ["soudeure", "H2913"], ["boulangé", "D1102"], ["infirmié", "J1506"], ["electricien", "F1602"], ["maçonn", "F1703"], ["masson", "F1703"], ["massonerie", "F1703"], ["cuisto", "G1602"],
    ["aide soignante", "J1501"], ["aidesoignante", "J1501"], ["mecano", "I1604"], ["peintr", "F1606"], ["plomier", "F1603"], ["technitien de maintenance", "I1310|I1304"], ["carriste", "N1101"],
    ["cariste", "N1101"], ["magasinié", "N1103"], ["sekretaire", "M1607"], ["chofeur", "N4101|N4103|N4105"], ["coifeuse", "D1202"], ["vandeuse en boulangerie", "D1106"], ["menusier", "F1607|H2206"],
    ["caisière", "D1505"], ["comptabl", "M1203"], ["carossier", "I1606"], ["charcutié", "D1103"], ["femme de menage", "K1304"], ["livreure", "N4105"],
  ];
  const lost = [];
  for (const [typed, codes] of slips) {
    const first = (await find(typed)).slice(0, 3).map((one) => one.code);
    if (!first.some((code) => codes.split("|").includes(code))) lost.push(`${typed}: ${first}`);
  }
  assert.deepEqual(lost, []);
  assert.deepEqual(await find("zzzzzz"), []);
});

test("the survey stands beside what partners know", async () => {
  const { bassins, items } = (await ml.get("/api/needs/survey")).body;
  assert.equal(bassins.length, 3);
  assert.ok(items.length > 15 && items.every((row, i) => i === 0 || row.projects <= items[i - 1].projects), "the largest first");
  assert.ok(items.some((row) => row.difficult === null) && items.some((row) => row.known > 0));
  const one = (await ml.get(`/api/needs/survey?bassin=${bassins[0].code}`)).body.items;
  assert.ok(one.every((row) => row.bassin_code === bassins[0].code));
});
