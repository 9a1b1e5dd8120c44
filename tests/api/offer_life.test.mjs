// An offer after it is written: the employer's link, candidates proposed at once by many, posts, reminders, expiry.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";

let m, ml, plie, ce, draft;
before(async () => {
  m = await Instance.start({ template: "demo" });
  await m.clock("2026-06-04T10:00:00+02:00");
  [ml, plie, ce] = await Promise.all(["ml", "plie", "ce"].map(async (network) => m.signIn(m.account({ role: "adviser", network }).email)));
});
after(() => m?.stop());

const employer = async (skip = 0) => (await m.sql(`select e.id from data.establishment e where e.status = 'A' and e.diffusion = 'O'
  and exists (select from data.territory_commune c where c.commune_code = e.commune_code) and not exists (select from data.offer o where o.establishment_id = e.id)
  order by e.id offset ${skip} limit 1`))[0].id;
const write = async (posts, skip = 0, publics = ["young", "longterm", "disabled"]) =>
  (await ml.post("/api/offers", { establishment: await employer(skip), title: "Commis de cuisine", rome: "G1602", contract: "cdd", posts, publics })).body;

const say = (token, form) => m.visitor().request("POST", `/employeur/${token}`, new URLSearchParams(form).toString(), { type: "application/x-www-form-urlencoded" });

test("the list is searched by title, employer, place, code and everyday name of the occupation, and shows nobody more than before", async () => {
  const { id } = await write(1);
  const { establishment: at } = (await ml.get(`/api/offers/${id}`)).body;
  const found = async (who, q, more = "") => (await who.get(`/api/offers?q=${encodeURIComponent(q)}${more}`)).body.items.map((offer) => offer.id);
  for (const q of ["commis", "CUISINE commis", at.name, `commis ${at.city}`, "g1602", "cuisinier"]) assert.ok((await found(ml, q)).includes(id), q);
  for (const q of ["commis introuvable", "maçon"]) assert.ok(!(await found(ml, q)).includes(id), q);
  assert.ok((await found(ml, "commis", "&state=draft&scope=organisation")).includes(id));
  assert.ok(!(await found(ml, "commis", "&state=open")).includes(id));
  assert.ok(!(await found(plie, "commis")).includes(id), "a draft is its organisation's");
  assert.equal((await ml.get(`/api/offers?q=${"x".repeat(101)}`)).status, 422);
  await ml.post(`/api/offers/${id}/withdraw`, { withdrawal: "mistaken" });
});

test("the pages of the list hold each offer once, the newest first or what opens soonest, ties too", async () => {
  const made = async (query) => (await m.psql(`set session_replication_role = replica; ${query}`, { role: "postgres" })).trim();
  await made(`insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, posts, state, confirmed_with, confirmed_at, opens_at, created_at)
    select ${await employer()}, b.organisation_id, b.member_id, 'Page ' || i, 'G1602', 'cdi', 1, 'reserved', 'La direction', data.now(), data.now() + (i % 7 + 1) * interval '1 day', data.now()
      from generate_series(1, 230) i cross join (select b.* from data.membership b join data.member p on p.id = b.member_id where p.email = '${m.account({ role: "adviser", network: "ml" }).email}' limit 1) b`);
  const wanted = async (order) => (await m.sql(`select id from data.offer where title like 'Page %' order by ${order}`)).map((row) => row.id);
  const listed = async (sort) => {
    const ids = [];
    for (let next = ""; next !== null; ) {
      const { status, body } = await ml.get(`/api/offers?state=reserved&scope=organisation&sort=${sort}${next && `&after=${encodeURIComponent(next)}`}`);
      assert.equal(status, 200);
      ids.push(...body.items.filter((offer) => offer.title.startsWith("Page ")).map((offer) => offer.id));
      next = body.next;
    }
    return ids;
  };
  assert.deepEqual(await listed("newest"), await wanted("id desc"));
  assert.deepEqual(await listed("soonest"), await wanted("opens_at, id"));
  assert.equal((await ml.get("/api/offers?after=x")).body.code, "cursor_invalid");
  // Reminders refer to an offer until thousands of them are raised: one that is due beside does not wait for them.
  const [id] = await wanted("id");
  await made(`update data.offer set opens_at = data.now() - interval '1 minute' where id = ${id}`);
  const raised = m.psql(`begin; select from data.offer where id = ${id} for key share; select pg_sleep(2); commit`, { role: "postgres" });
  await new Promise((go) => setTimeout(go, 500));
  assert.match(await m.psql(`begin; set local lock_timeout = '300ms'; select data.offer_open(${id}); rollback`, { role: "postgres" }), /^t$/m);
  await raised;
  // Where all is slow the worker has reminded of them meanwhile.
  await made("delete from data.task t using data.offer o where o.id = t.offer_id and o.title like 'Page %'; delete from data.offer where title like 'Page %'");
});

test("the employer reads the draft through a link, and confirms it once, from wherever they are", async () => {
  draft = await write(2);
  const made = await ml.post(`/api/offers/${draft.id}/link`);
  assert.equal(made.status, 201);
  assert.match(made.body.token, /^[\w-]{43}$/);
  assert.equal((await plie.post(`/api/offers/${draft.id}/link`)).status, 404);
  const { token } = made.body;
  for (let look = 0; look < 2; look++) {
    const read = await m.visitor().get(`/employeur/${token}`);
    assert.deepEqual([read.status, read.headers.get("x-robots-tag"), read.headers.get("referrer-policy"), /no-store/.test(read.headers.get("cache-control"))], [200, "noindex", "strict-origin", true]);
    assert.match(read.text, /<h1>Commis de cuisine<\/h1>/);
  }
  for (const wrong of ["x".repeat(43), "court"]) for (const method of ["get", "post"]) assert.equal((await m.visitor()[method](`/employeur/${wrong}`)).status, 404);
  const bare = await say(token, { answer: "corrected", name: "Mme <Roy>", comment: "" });
  assert.equal(bare.status, 422);
  assert.match(bare.text, /Dites ce qui ne va pas/);
  assert.match(bare.text, /value="Mme &lt;Roy&gt;"/, "what was typed is there still, as text");
  assert.match((await say(token, { answer: "confirmed", name: "" })).text, /id="name-error"/);
  assert.equal((await say(token, { answer: "prolonged", name: "Mme Roy" })).status, 422, "a draft is not prolonged");
  // Pressed ten times at once: one answer.
  const answers = await Promise.all(Array.from({ length: 10 }, () => say(token, { answer: "confirmed", name: "Mme Roy, gérante" })));
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, ...Array(9).fill(409)]);
  assert.ok(answers.every((a) => a.text.includes("Merci, votre offre est confirmée.")), "all the same page");
  draft = (await ml.get(`/api/offers/${draft.id}`)).body;
  assert.deepEqual([draft.state, draft.confirmed_with, draft.link.answer, draft.steps.map((s) => s.by_employer)], ["reserved", "Mme Roy, gérante", "confirmed", [false, true, true]]);
  // The token itself is nowhere.
  assert.deepEqual(await m.sql(`select 1 as x from data.event where data::text like '%${token}%'`), []);
  assert.ok(!(await m.logs?.())?.includes(token));
});

test("many propose at the same instant: each reference once, each partner up to its limit", async () => {
  const tries = await Promise.all([
    ...Array.from({ length: 12 }, (_, i) => plie.post(`/api/offers/${draft.id}/referrals`, { reference: `PLIE-${i}` })),
    ...Array.from({ length: 6 }, () => ce.post(`/api/offers/${draft.id}/referrals`, { reference: "CE-2026-1", public: "disabled" })),
  ]);
  assert.deepEqual(tries.slice(0, 12).map((a) => a.status).sort(), [...Array(5).fill(201), ...Array(7).fill(409)]);
  const full = tries.slice(0, 12).find((a) => a.status === 409).body;
  assert.deepEqual([full.code, full.referrals_most, /^Au plus 5 attendent à la fois/.test(full.detail)], ["referral_limit", 5, true], "how many is said");
  assert.deepEqual(tries.slice(12).map((a) => a.status).sort(), [201, ...Array(5).fill(409)]);
  assert.deepEqual(await m.sql(`select count(*)::int as n from data.referral where offer_id = ${draft.id}`), [{ n: 6 }]);
  assert.equal((await plie.post(`/api/offers/${draft.id}/referrals`, { reference: "Julie Martin" })).body.code, "reference_personal");
  assert.equal((await plie.post(`/api/offers/${draft.id}/referrals`, { reference: "0612345678" })).body.code, "reference_personal");
});

test("all are hired at once and a post is filled by hand: never more posts than there are, no deadlock", async () => {
  const mine = (await ml.get(`/api/referrals?scope=received`)).body.items.filter((r) => r.offer.id === draft.id);
  assert.equal(mine.length, 6);
  // What was answered makes room for what waits, however new it is.
  assert.equal((await ml.post(`/api/referrals/${mine[0].id}/answer`, { state: "met" })).status, 200);
  const order = (await ml.get("/api/referrals?scope=received")).body.items.filter((r) => r.offer.id === draft.id).map((r) => r.id);
  assert.deepEqual(order, [...mine.slice(1), mine[0]].map((r) => r.id));
  const theirs = mine.find((r) => r.organisation.network === "plie");
  assert.equal((await plie.post(`/api/referrals/${theirs.id}/answer`, { state: "met" })).status, 403);
  assert.equal((await ce.post(`/api/referrals/${theirs.id}/answer`, { state: "met" })).status, 404);
  const done = await Promise.all([
    ...mine.map((r) => ml.post(`/api/referrals/${r.id}/answer`, { state: "hired" })),
    ml.post(`/api/offers/${draft.id}/fill`, { posts: 1 }),
  ]);
  assert.ok(done.every((a) => [200, 409, 422].includes(a.status)), JSON.stringify(done.map((a) => [a.status, a.body?.code])));
  const now = (await ml.get(`/api/offers/${draft.id}`)).body;
  assert.deepEqual([now.state, now.posts_filled], ["filled", 2]);
  const [{ hired, waiting }] = await m.sql(`select count(*) filter (where state = 'hired')::int as hired, count(*) filter (where state in ('proposed', 'met'))::int as waiting
    from data.referral where offer_id = ${draft.id}`);
  assert.ok(hired <= 2, `${hired} hired for two posts`);
  assert.equal(waiting, 0);
});

test("the inbox fills with time, is put off, and is settled by what happens", async () => {
  const offer = await write(1, 5, ["young"]);
  await ml.post(`/api/offers/${offer.id}/confirm`, { confirmed_with: "M. Petit" });
  const inbox = async (kind) => (await ml.get("/api/today?scope=organisation")).body.tasks.filter((t) => t.offer?.id === offer.id && t.kind === kind);
  assert.deepEqual(await inbox("offer.opening"), []);
  await m.clock("2026-06-15T10:00:00+02:00");
  await m.psql("select data.task_raise()", { role: "postgres" });
  const [reminder] = await inbox("offer.opening");
  assert.equal(reminder.due_on, "2026-06-19");
  assert.equal((await plie.post(`/api/tasks/${reminder.id}/done`)).status, 404);
  assert.equal((await ml.post(`/api/tasks/${reminder.id}/later`, { on: "2026-06-15" })).body.code, "due_out_of_range");
  assert.equal((await ml.post(`/api/tasks/${reminder.id}/later`, { on: "2026-06-17" })).status, 204);
  assert.deepEqual(await inbox("offer.opening"), []);
  await m.clock("2026-06-18T11:00:00+02:00");
  await m.psql("select data.task_raise()", { role: "postgres" });
  assert.equal((await inbox("offer.opening")).length, 1);
  await ml.post(`/api/offers/${offer.id}/open`, { reason: "Aucun candidat dans nos réseaux" });
  assert.deepEqual(await inbox("offer.opening"), []);
  const open = (await ml.get(`/api/offers/${offer.id}`)).body;
  assert.equal(open.closes_at.slice(0, 10), "2026-07-18");
  await m.clock("2026-07-16T10:00:00+02:00");
  // Ten prolong at once: it is said once.
  const many = await Promise.all(Array.from({ length: 10 }, () => ml.post(`/api/offers/${offer.id}/prolong`, { confirmed_with: "M. Petit" })));
  assert.deepEqual(many.map((a) => a.status).filter((s) => s === 200).length >= 1, true);
  assert.ok((await ml.get(`/api/offers/${offer.id}`)).body.closes_at.startsWith("2026-08-15"));
  await m.clock("2026-08-15T10:30:00+02:00");
  await m.until(async () => (await ml.get(`/api/offers/${offer.id}`)).body.state === "expired", "it expires by itself", 90);
  assert.equal((await m.visitor().get(`/api/public/offers/${offer.id}`)).status, 404);
});

test("what France Travail's dictionaries say goes in and comes out the same, by form and by key", async () => {
  const details = { duration: 6, duration_unit: "month", work_time: "part", schedule: "Du mardi au samedi", salary_min: 1850, salary_max: 2000.5, salary_period: "month", salary_months: 13, benefits: ["Panier", "Mutuelle"],
    experience: "required", experience_months: 24, qualification: 6, requirements: [{ kind: "skill", label: "Découpe", required: true, code: "120" }, { kind: "language", label: "Anglais", required: false }, { kind: "licence", label: "B" }],
    conditions: ["Travail en froid positif"], travel: 2, accessible: true, adapted: false, origin_reference: "X-1", origin_url: "https://ats.example/1", apply_by: "employer", apply_name: "Mme Roy", apply_url: "https://ats.example/a", apply_email: "rh@relais.example", apply_phone: "04 70 00 00 00", apply_note: "Avant le 30" };
  const id = await employer(40);
  const made = await ml.post("/api/offers", { establishment: id, title: "Boucher", rome: "D1101", contract: "cdd", details });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.body.details, details);
  assert.equal(made.body.origin, "form");
  // A change of the rest leaves them; a change of them replaces all of them.
  const version = (of) => ({ headers: { "if-match": `"${of.version}"` } });
  let now = (await ml.patch(`/api/offers/${made.body.id}`, { title: "Boucher charcutier" }, version(made.body))).body;
  assert.deepEqual(now.details, details);
  now = (await ml.patch(`/api/offers/${made.body.id}`, { details: { experience: "none" } }, version(now))).body;
  assert.deepEqual(now.details, { experience: "none", apply_by: "collector" });
  for (const [wrong, field] of [
    [{ salary_min: 2000, salary_max: 1900, salary_period: "month" }, "details.salary_max"],
    [{ salary_min: 2000 }, "details.salary_period"],
    [{ duration: 6 }, "details.duration"],
    [{ apply_by: "employer" }, "details.apply_by"],
    [{ experience: "none", experience_months: 6 }, "details.experience_months"],
    [{ requirements: [{ kind: "humour", label: "Bon" }] }, "details.requirements[0].kind"],
    [{ colour: "red" }, "details.colour"],
  ]) {
    const refused = await ml.patch(`/api/offers/${made.body.id}`, { details: wrong }, version(now));
    assert.deepEqual([refused.status, refused.body.fields?.[0]?.field], [422, field], refused.text);
  }
  // What is pushed, and what search engines read.
  await ml.patch(`/api/offers/${made.body.id}`, { details }, version(now));
  await ml.post(`/api/offers/${made.body.id}/confirm`, { confirmed_with: "Mme Roy" });
  await ml.post(`/api/offers/${made.body.id}/open`, { reason: "L’employeur est pressé" });
  const [{ x }] = await m.sql(`select data.offer_exchange(${made.body.id}) as x`);
  assert.deepEqual([x.experienceExige, x.experienceLibelle, x.qualificationCode, x.salaire.minimum, x.salaire.periode, x.dureeTravailLibelleConverti, x.accessibleTH, x.contact.courriel], ["E", "24 mois", "6", 1850, "month", "Temps partiel", true, "rh@relais.example"]);
  assert.deepEqual([x.competences, x.permis, x.langues], [[{ code: "120", libelle: "Découpe", exigence: "E" }], [{ libelle: "B", exigence: "S" }], [{ libelle: "Anglais", exigence: "S" }]]);
  const page = await (await fetch(`${m.url}/offres/${made.body.id}`)).text();
  const posting = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)[1]);
  assert.deepEqual([posting.baseSalary.value.minValue, posting.baseSalary.value.unitText, posting.employmentType, posting.experienceRequirements.monthsOfExperience], [1850, "MONTH", "PART_TIME", 24]);
  assert.match(page, /De 1\u202f850\u202f€ à 2\u202f000,50\u202f€ brut par mois sur 13 mois/);
});

test("the employer reads all that will be said, how candidates reach it too", async () => {
  const details = { duration: 6, duration_unit: "month", salary_min: 1850, salary_period: "month", benefits: ["Panier"], apply_by: "employer", apply_email: "rh@relais.example", apply_note: "Avant le 30" };
  const { body } = await ml.post("/api/offers", { establishment: await employer(42), title: "Serveur", rome: "G1803", contract: "cdd", hours: 24, details });
  const read = async (offer) => (await m.visitor().get(`/employeur/${(await ml.post(`/api/offers/${offer}/link`)).body.token}`)).text;
  const all = await read(body.id);
  for (const words of ["6 mois", "1\u202f850\u202f€ brut par mois", "Panier", "rh@relais.example", "Avant le 30", "24\u202fh par semaine"]) assert.ok(all.includes(words), words);
  // What the employer does not want to be asked is the collector's alone.
  const quiet = (await ml.post("/api/offers", { establishment: await employer(43), title: "Serveur", rome: "G1803", contract: "cdd", details: { apply_phone: "04 70 00 00 01" } })).body;
  const said = await read(quiet.id);
  assert.ok(said.includes("Les candidats passent par nous") && !said.includes("04 70 00 00 01"));
});

test("a place of work that is not the establishment's, and what was said and is no more", async () => {
  const version = (of) => ({ headers: { "if-match": `"${of.version}"` } });
  const made = (await ml.post("/api/offers", { establishment: await employer(44), title: "Maçon", rome: "F1703", contract: "cdd", commune: "03190", starts_on: "2026-09-01", hours: 35, salary: "1 900 €" })).body;
  assert.deepEqual([made.commune_code, made.starts_on, made.hours, made.salary], ["03190", "2026-09-01", 35, "1 900 €"]);
  const [{ home }] = await m.sql(`select e.commune_code as home from data.establishment e join data.offer o on o.establishment_id = e.id where o.id = ${made.id}`);
  assert.notEqual(home, "03190");
  let now = (await ml.patch(`/api/offers/${made.id}`, { title: "Maçonne, maçon" }, version(made))).body;
  assert.deepEqual([now.commune_code, now.starts_on, now.hours, now.salary], ["03190", "2026-09-01", 35, "1 900 €"], "what is not given stays");
  now = (await ml.patch(`/api/offers/${made.id}`, { commune: null, starts_on: null, hours: null, salary: null }, version(now))).body;
  assert.deepEqual([now.commune_code, now.starts_on, now.hours, now.salary], [home, null, null, null], "null takes away");
  const refused = await ml.patch(`/api/offers/${made.id}`, { commune: "99999" }, version(now));
  assert.deepEqual([refused.status, refused.body.field], [422, "commune"], refused.text);
  const both = await ml.patch(`/api/offers/${made.id}`, { publics: ["all", "young"] }, version(now));
  assert.deepEqual([both.status, both.body.code, both.body.fields[0].field], [422, "offer_publics", "publics"], both.text);
  assert.match(both.body.title, /Tous publics/);
  assert.equal((await ml.post("/api/offers", { establishment: made.establishment.id, title: "Maçon", rome: "F1703", contract: "cdi", publics: ["young", "all"] })).body.code, "offer_publics");
});

test("agreements are changed by command: where offers go, how long they are reserved", async () => {
  const goes = async (query) => (await ml.get(`/api/offers/networks${query}`)).body.networks;
  assert.deepEqual(await goes(""), ["ml"]);
  assert.deepEqual(await goes("?publics=disabled,longterm&contract=cdi&rome=D1101"), ["ml", "ce", "plie"]);
  assert.match(await m.admin("agreement", "route", "add", "--rome=D11", "--to=plie", "--network=ml"), /réseau ml, version 1/);
  assert.deepEqual(await goes("?rome=D1101"), ["ml", "plie"]);
  await m.admin("agreement", "route", "add", "--contract=apprenticeship", "--to=ce", "--only=true", "--network=ml");
  assert.deepEqual(await goes("?rome=D1101&contract=apprenticeship"), ["ce"]);
  assert.match(await m.admin("agreement", "route", "list", "--network=ml"), /--contract apprenticeship seulement Cap emploi {2}Contrat d’apprentissage\n/);
  await m.admin("agreement", "route", "remove", "--contract=apprenticeship", "--to=ce", "--network=ml");
  assert.deepEqual(await goes("?rome=D1101&contract=apprenticeship"), ["ml", "plie"]);
  await assert.rejects(m.admin("agreement", "route", "remove", "--rome=D12", "--to=plie"));
  await assert.rejects(m.admin("agreement", "route", "add", "--to=plie"), /une seule option/);
  await m.admin("agreement", "set", "--reservation-days=7", "--open-days", "45", "--referrals-most=1", "--network=ml");
  assert.match(await m.admin("agreement", "show", "--network=ml"), / {4}7 {2}jours de réservation/);
  await assert.rejects(m.admin("agreement", "set", "--open-days=0"), /de 1 à 180/);
  await assert.rejects(m.admin("agreement", "set"), /rien à changer/);
  const session = (await ml.get("/api/session")).body.promise;
  assert.deepEqual([session.reservation_days, session.open_days], [7, 45]);
});

test("the same offer by two ways: one is shown, a person parts them", async () => {
  const id = await employer(41);
  const first = (await ce.post("/api/offers", { establishment: id, title: "Pâtissier tourier", rome: "D1104", contract: "cdi" })).body;
  const second = (await ml.post("/api/offers", { establishment: id, title: "PÂTISSIER TOURIER (H/F)", rome: "D1104", contract: "cdi" })).body;
  await m.until(async () => (await m.sql(`select replaced_by from data.offer where id = ${second.id}`))[0].replaced_by === first.id, "they are tied");
  // A draft of another organisation is nobody else's to know.
  assert.deepEqual((await ml.get(`/api/offers/${second.id}`)).body.twins, []);
  await ce.post(`/api/offers/${first.id}/confirm`, { confirmed_with: "M. Petit" });
  await ce.post(`/api/offers/${first.id}/open`, { reason: "L’employeur est pressé" });
  const seen = (await ml.get(`/api/offers/${second.id}`)).body;
  assert.deepEqual([seen.replaced_by, seen.twins[0].shown.id, seen.twins[0].reason], [first.id, first.id, "employer"]);
  assert.equal((await plie.post(`/api/offers/${second.id}/apart`, { reason: "Ce n’est pas la même" })).status, 404);
  const parted = await ml.post(`/api/offers/${second.id}/apart`, { reason: "Deux laboratoires" });
  assert.deepEqual([parted.status, parted.body.replaced_by, parted.body.twins], [200, null, []], parted.text);
  const again = await ml.post(`/api/offers/${second.id}/same`, { offer: first.id });
  assert.deepEqual([again.status, again.body.replaced_by, again.body.twins[0].told_by !== null], [200, first.id, true], again.text);
  assert.equal((await ml.post(`/api/offers/${second.id}/same`, { offer: first.id })).body.code, "offer_twin_state");
});

test("while it lives the employer counts its posts, prolongs it, or says that it is over; a reason of withdrawal has a code", async () => {
  const live = async (posts, skip) => {
    const { id } = await write(posts, skip);
    await ml.post(`/api/offers/${id}/confirm`, { confirmed_with: "M. Roux" });
    await ml.post(`/api/offers/${id}/open`, { reason: "Essai" });
    return id;
  };
  const link = async (id) => (await ml.post(`/api/offers/${id}/link`)).body.token;
  const kept = (await write(1, 63)).id;
  await ml.post(`/api/offers/${kept}/confirm`, { confirmed_with: "M. Roux" });
  const reserved = (await ml.get(`/api/offers/${kept}`)).body;
  assert.equal(reserved.state, "reserved");
  const stands = await link(kept);
  assert.match((await say(stands, { answer: "standing", name: "Mme Roy" })).text, /Merci, votre offre reste à pourvoir\..*Elle est proposée à nos candidats, puis ouverte à tous le .*Si elle est pourvue/s);
  const still = (await ml.get(`/api/offers/${kept}`)).body;
  assert.deepEqual([still.state, still.version, still.opens_at, still.link.answer], ["reserved", reserved.version, reserved.opens_at, "standing"], "its answer is kept, and nothing else changes");
  await ml.post(`/api/offers/${kept}/withdraw`, { withdrawal: "enough" });
  const [one, two, three] = [await live(3, 60), await live(1, 61), await live(1, 62)];
  const before = (await ml.get(`/api/offers/${one}`)).body;
  let token = await link(one);
  const asked = (await m.visitor().get(`/employeur/${token}`)).text;
  assert.match(asked, /sur les 3 restants/);
  assert.match(asked, /<h2>Toujours à pourvoir<\/h2>\n<p>Rien ne change.*value="standing">/s, "on the day it opens nothing can be longer");
  assert.ok(!asked.includes('value="prolonged"'));
  assert.deepEqual((await ml.get(`/api/offers/${one}`)).body.closes_at, before.closes_at, "reading changes nothing");
  const beyond = await say(token, { answer: "filled", name: "Mme Roy", posts: "9" });
  assert.equal(beyond.status, 422);
  assert.match(beyond.text, /pas autant de postes.*name="posts"[^>]*value="9"[^>]*aria-invalid.*plus qu’il n’en reste/s);
  const uncounted = await say(token, { answer: "filled", name: "Mme Roy", posts: "" });
  assert.equal(uncounted.status, 422, "an empty number closes nothing");
  assert.match(uncounted.text, /name="posts"[^>]*value=""[^>]*aria-invalid.*Indiquez combien de postes sont pourvus/s);
  // Enter presses the first button of the form, which answers nothing.
  const form = /<form class="answer".*<\/form>/s.exec((await m.visitor().get(`/employeur/${token}`)).text)[0];
  assert.match(/<button[^>]*>/.exec(form)[0], /value=""/);
  const entered = await say(token, { answer: "", name: "Mme <Roy>", posts: "2" });
  assert.equal(entered.status, 422);
  assert.match(entered.text, /Choisissez une réponse\..*value="Mme &lt;Roy&gt;".*name="posts"[^>]*value="2"/s);
  assert.equal((await ml.get(`/api/offers/${one}`)).body.link.answer, null);
  assert.match((await say(token, { answer: "filled", name: "Mme Roy", posts: "1" })).text, /1 poste pourvu\. L’offre continue pour les autres/);
  let now = (await ml.get(`/api/offers/${one}`)).body;
  assert.deepEqual([now.posts_filled, now.state, now.link.answer, now.link.posts, now.closes_at], [1, "open", "filled", 1, before.closes_at], "nothing is prolonged that was not asked");
  await m.clock(new Date(Date.parse((await m.sql("select data.now()::text as at"))[0].at) + 3 * 86_400_000).toISOString());
  token = await link(one);
  assert.match((await say(token, { answer: "prolonged", name: "Mme Roy" })).text, /prolongée/);
  now = (await ml.get(`/api/offers/${one}`)).body;
  assert.ok(now.closes_at > before.closes_at);
  assert.deepEqual(now.prolongations.map((p) => [p.confirmed_with, p.by_employer]), [["Mme Roy", true]]);
  await ml.post(`/api/offers/${one}/withdraw`, { withdrawal: "enough" });
  const since = (await m.visitor().get(`/employeur/${token}`)).text;
  assert.match(since, /Merci, votre offre est prolongée\..*Cette offre est close depuis\./s);
  assert.ok(!since.includes("reste ouverte"));
  token = await link(two);
  const silent = await say(token, { answer: "over", name: "Mme Roy", comment: "Projet abandonné" });
  assert.equal(silent.status, 422);
  assert.match(silent.text, /<fieldset class="reasons" aria-invalid="true" aria-describedby="withdrawal-error">.*value="ourselves">Nous avons pourvu le poste nous-mêmes<.*Choisissez une raison\..*Projet abandonné/s);
  assert.ok(!silent.text.includes("checked"), "none is chosen beforehand");
  assert.equal((await say(token, { answer: "over", name: "Mme Roy", withdrawal: "silent" })).status, 422, "none that is not the employer's to say");
  assert.match((await say(token, { answer: "over", name: "Mme Roy", comment: "Projet abandonné", withdrawal: "cancelled" })).text, /retirée partout/);
  now = (await ml.get(`/api/offers/${two}`)).body;
  assert.deepEqual([now.state, now.withdrawal, now.withdrawal_label, now.steps.at(-1).reason, now.steps.at(-1).by_employer, now.link.comment], ["withdrawn", "cancelled", "Poste annulé ou reporté", null, true, "Projet abandonné"], "what the employer wrote is not for all");
  assert.equal(JSON.stringify((await plie.get(`/api/offers/${two}`)).body).includes("Projet abandonné"), false);
  assert.equal((await ml.post(`/api/offers/${two}/link`)).body.code, "offer_transition");
  const told = (await ml.get("/api/today")).body.tasks.filter((t) => t.kind === "offer.answered");
  assert.deepEqual(told.map((t) => t.employer.answer).sort(), ["filled", "over", "prolonged", "standing"]);
  // By whoever collected it, for a reason of the list.
  const listed = (await ml.get("/api/offers/withdrawals")).body.items.map((r) => r.code);
  assert.deepEqual(listed, (await m.sql("select code from data.withdrawal where chosen order by rank")).map((r) => r.code));
  assert.ok(listed.includes("ourselves") && !listed.includes("feed"));
  assert.equal((await ml.post(`/api/offers/${three}/withdraw`, {})).body.code, "reason_required");
  assert.equal((await ml.post(`/api/offers/${three}/withdraw`, { withdrawal: "feed" })).body.field, "withdrawal");
  assert.equal((await ml.post(`/api/offers/${three}/withdraw`, { withdrawal: "other" })).body.code, "reason_required");
  const unused = await link(three);
  const gone = (await ml.post(`/api/offers/${three}/withdraw`, { withdrawal: "enough" })).body;
  assert.match((await m.visitor().get(`/employeur/${unused}`)).text, /Cette offre est close/);
  assert.equal((await say(unused, { answer: "over", name: "Mme Roy" })).status, 409);
  assert.deepEqual([gone.state, gone.withdrawal_label], ["withdrawn", "Assez de candidatures"]);
  const reasons = (await ml.get("/api/referrals/figures")).body.withdrawals;
  assert.ok(reasons.some((r) => r.label === "Assez de candidatures" && r.total >= 1), JSON.stringify(reasons));
});
