// A partner's program with a key: docs/api.md does what it says; rights, rotation, limits, the sandbox.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Instance, root } from "../lib/instance.mjs";

const run = promisify(execFile);
let m, manager, adviser;
const all = ["offers:read", "offers:write", "needs:read", "needs:write", "visits:read", "visits:write", "employers:read", "referrals:read", "referrals:write"];

before(async () => {
  m = await Instance.start({ template: "demo" });
  await m.clock("2026-06-04T10:00:00+02:00");
  const who = m.account({ role: "manager", network: "ml" });
  manager = await m.signIn(who.email);
  adviser = await m.signIn(m.account({ role: "adviser", organisation: who.organisation }).email);
});
after(() => m?.stop());

/** Asks with a key and nothing else. */
async function call(secret, method, path, body, headers = {}) {
  const answer = await fetch(m.url + path, {
    method,
    headers: { authorization: `Bearer ${secret}`, ...(body ? { "content-type": "application/json" } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : null };
}

const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
let number = 0;
async function key(scopes = all, more = {}) {
  const made = await manager.post("/api/keys", { name: `Essai ${++number}`, scopes, expires_on: later(90), ...more });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

/** The blocks of the page in a language, in order. */
function blocks(language) {
  const page = readFileSync(join(root, "docs/api.md"), "utf8");
  return [...page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, "gm"))].map(([, indent, text]) =>
    text.replaceAll(new RegExp(`^ {0,${indent.length}}`, "gm"), ""));
}

test("the commands of docs/api.md, run as they stand, post a first offer", async () => {
  const { secret } = await key(all, { sandbox: true, name: "Premiers pas" });
  const env = { ...process.env, MAILLAGE_URL: m.url, MAILLAGE_KEY: secret };
  const shell = blocks("sh");
  assert.equal(shell.length, 7);
  const answers = [];
  for (const text of shell) {
    const { stdout } = await run("bash", ["-euo", "pipefail", "-c", text], { env });
    answers.push(JSON.parse(stdout));
  }
  assert.equal(answers[0].sandbox, true);
  assert.match(answers[0].organisation.name, /^Bac à sable : Mission Locale/);
  assert.equal(answers[1].items[0].siret, "99999001300016");
  assert.deepEqual([answers[2].state, answers[2].posts, answers[2].member.name], ["draft", 2, "Premiers pas (clé d’API)"]);
  assert.equal(answers[3].state, "reserved");
  assert.equal(answers[3].id, answers[2].id);
  assert.deepEqual(answers[3].steps.map((s) => [s.to, s.member]), ["draft", "confirmed", "reserved"].map((s) => [s, "Premiers pas (clé d’API)"]));
  assert.deepEqual([answers[4].state, answers[4].reference, answers[4].offer.id, answers[4].made_by_us], ["proposed", "ML-2026-0001", answers[3].id, true]);
  assert.deepEqual(answers[5].items.map((r) => r.id), [answers[4].id]);
  assert.deepEqual([answers[6].id, answers[6].state, answers[6].refusal, answers[6].refusal_label], [answers[4].id, "refused", "distance", "Trajet trop long"]);
  const [python] = blocks("python");
  const { stdout } = await run("python3", ["-c", python], { env });
  assert.match(stdout, /^\d+ draft declared\n$/);
});

test("what is done in the sandbox is nowhere else: no board, no figure, no list", async () => {
  const [{ id }] = await m.sql("select id from data.offer where sandbox and title = 'Boulanger'");
  const seen = async () => (await m.visitor().get("/api/public/site")).body.offers_open;
  const before_ = await seen();
  const { secret } = await key(all, { sandbox: true });
  assert.equal((await call(secret, "POST", `/api/offers/${id}/open`, { reason: "Essai du bac à sable" })).body.state, "open");
  assert.equal(await seen(), before_);
  for (const page of [`/offres/${id}`, `/api/public/offers/${id}`]) assert.equal((await m.visitor().get(page)).status, 404, page);
  assert.ok(!(await m.visitor().get("/offres?q=boulanger")).text.includes(`/offres/${id}"`));
  assert.ok(!(await m.visitor().get("/sitemap-offres.xml")).text.includes(`/offres/${id}<`));
  assert.equal((await adviser.get(`/api/offers/${id}`)).status, 404);
  assert.ok(!(await adviser.get("/api/organisations")).body.items.some((o) => /sable/.test(o.name)));
  const members = (await adviser.get(`/api/organisations/${(await adviser.get("/api/session")).body.organisation.id}/members`)).body.items;
  assert.ok(!members.some((p) => /clé/.test(p.name)), "programs are no colleagues");
  // And the other way round: the key of a sandbox sees no real employer.
  const [real] = await m.sql("select e.siret from data.establishment e where e.siret is not null and e.commune_code <> '99999' order by id limit 1");
  assert.equal((await call(secret, "POST", "/api/needs", { siret: real.siret, rome: "D1102", horizon: "now" })).body.fields[0].code, "not_found");
});

test("a partner's software proposes by a reference, the collector's answers; each sees its own and needs its scope", async () => {
  const list = (await adviser.get("/api/establishments?state=free&limit=5")).body.items;
  const offer = (await adviser.post("/api/offers", { establishment: list[0].id, title: "Soudeur", rome: "H2913", contract: "cdi", publics: ["longterm"], posts: 1 })).body;
  await adviser.post(`/api/offers/${offer.id}/confirm`, { confirmed_with: "Mme Petit" });
  const other = await m.signIn(m.account({ role: "manager", network: "plie" }).email);
  const give = async (scopes) => (await other.post("/api/keys", { name: `Candidats ${++number}`, scopes, expires_on: later(90) })).body.secret;
  const [theirs, blind] = [await give(["referrals:read", "referrals:write"]), await give(["offers:read", "offers:write"])];
  const { secret: ours } = await key(["referrals:read", "referrals:write"]);
  const { secret: reader } = await key(["referrals:read"]);
  const path = `/api/offers/${offer.id}/referrals`;
  assert.equal((await call(blind, "POST", path, { reference: "PLIE-1" })).body.code, "scope_missing");
  assert.equal((await call(reader, "POST", path, { reference: "ML-1" })).body.code, "scope_missing");
  for (const reference of ["Julie Martin", "0612345678", "1850775123456", "julie@exemple.fr", "Durand"]) assert.equal((await call(theirs, "POST", path, { reference })).body.code, "reference_personal", reference);
  assert.equal((await call(theirs, "POST", path, { reference: "PLIE-1", name: "Julie" })).body.fields[0].code, "unknown");
  const once = { "idempotency-key": "dossier-0001" };
  const [first, again] = [await call(theirs, "POST", path, { reference: "PLIE-1" }, once), await call(theirs, "POST", path, { reference: "PLIE-1" }, once)];
  assert.deepEqual([first.status, again.status, again.body.id, again.headers.get("idempotency-replayed")], [201, 201, first.body.id, "true"]);
  assert.equal((await call(theirs, "POST", path, { reference: "PLIE-1" })).body.code, "referral_twice");
  assert.match(first.headers.get("ratelimit") ?? "", /r=\d+/);
  const one = `/api/referrals/${first.body.id}`;
  assert.deepEqual((await call(reader, "GET", "/api/referrals?scope=received&state=proposed")).body.items.map((r) => r.reference), ["PLIE-1"]);
  assert.equal((await call(theirs, "POST", `${one}/answer`, { state: "hired" })).status, 403, "who proposed does not answer");
  assert.equal((await call(reader, "POST", `${one}/answer`, { state: "hired" })).body.code, "scope_missing");
  assert.equal((await call(ours, "POST", `${one}/answer`, { state: "refused" })).body.code, "reason_required");
  assert.equal((await call(ours, "POST", `${one}/answer`, { state: "met" })).body.state, "met");
  assert.equal((await call(theirs, "GET", one)).body.state, "met");
  assert.equal((await call(ours, "POST", `${one}/answer`, { state: "hired" })).body.state, "hired");
  assert.equal((await adviser.get(`/api/offers/${offer.id}`)).body.state, "filled");
  assert.equal((await call(theirs, "POST", `${one}/withdraw`, {})).body.code, "referral_transition");
  assert.equal((await call(theirs, "POST", path, { reference: "PLIE-2" })).body.code, "referral_closed");
  const third = await m.signIn(m.account({ role: "manager", network: "ce" }).email);
  const { secret: stranger } = (await third.post("/api/keys", { name: `Candidats ${++number}`, scopes: ["referrals:read", "referrals:write"], expires_on: later(90) })).body;
  assert.equal((await call(stranger, "GET", one)).status, 404);
  assert.equal((await call(stranger, "POST", `${one}/answer`, { state: "met" })).status, 404);
});

test("a key does what its scopes name on what its organisation sees, and nothing more", async () => {
  const { secret, secrets } = await key(["offers:read", "visits:read"], { name: "Logiciel de suivi" });
  assert.match(secret, /^mlg_[A-Za-z0-9_-]{49}$/);
  assert.equal(secrets[0].prefix, secret.slice(4, 12));
  const own = await call(secret, "GET", "/api/offers?scope=organisation");
  assert.equal(own.status, 200);
  const session = await adviser.get("/api/offers?scope=organisation");
  assert.deepEqual(own.body.items.map((o) => o.id), session.body.items.map((o) => o.id));
  const refused = await call(secret, "POST", "/api/offers", { establishment: 1, title: "Boulanger", rome: "D1102", contract: "cdi" });
  assert.deepEqual([refused.status, refused.body.code, refused.body.scope], [403, "scope_missing", "offers:write"]);
  assert.equal((await call(secret, "GET", "/api/establishments")).body.code, "scope_missing");
  for (const path of ["/api/session", "/api/keys", "/api/people", "/api/channels", "/api/stream", "/api/today"]) {
    assert.equal((await call(secret, "GET", path)).body.code, "key_closed", path);
  }
  // Visits come without the persons met.
  const visits = await call(secret, "GET", "/api/visits?scope=organisation");
  assert.ok(visits.body.items.length > 0);
  const withheld = visits.body.items.filter((v) => v.contact);
  assert.ok(withheld.length > 0 && withheld.every((v) => v.contact.withheld === true && !("family_name" in v.contact)));
});

test("offers, needs and visits go in by SIRET; events say which program", async () => {
  const { secret } = await key(all, { name: "Progiciel" });
  const [free] = await m.sql(`select e.siret from data.establishment e left join data.standing s on s.establishment_id = e.id
    where e.siret is not null and e.status = 'A' and e.commune_code = '03190' and s.establishment_id is null order by e.id limit 1`);
  const offer = await call(secret, "POST", "/api/offers", { siret: free.siret, title: "Vendeuse", rome: "D1106", contract: "cdd" });
  assert.equal(offer.status, 201, JSON.stringify(offer.body));
  const need = await call(secret, "POST", "/api/needs", { siret: free.siret, rome: "D1106", posts: 3, horizon: "half", contract: "cdi" });
  assert.deepEqual([need.status, need.body.state, need.body.establishment.siret, need.body.posts], [201, "declared", free.siret, 3]);
  assert.ok((await call(secret, "GET", "/api/needs?state=declared")).body.items.some((n) => n.id === need.body.id));
  const visit = await call(secret, "POST", "/api/visits", { siret: free.siret, planned_at: "2026-06-08T09:30:00+02:00" });
  assert.equal(visit.status, 201, JSON.stringify(visit.body));
  const report = await call(secret, "POST", `/api/visits/${visit.body.id}/report`, { outcome: "none", done_at: "2026-06-04T09:00:00+02:00" });
  assert.equal(report.status, 201, JSON.stringify(report.body));
  const events = await m.sql(`select distinct e.kind, p.name from data.event e join data.member p on p.id = e.member_id where p.technical and p.name like 'Progiciel%' order by 1`);
  assert.deepEqual(events.map((e) => e.kind), ["need.declared", "offer.drafted", "promise.kept", "promise.made", "visit.planned", "visit.reported"]);
  const both = await call(secret, "POST", "/api/needs", { siret: free.siret, establishment: 1, rome: "D1106", horizon: "half" });
  assert.deepEqual([both.status, both.body.fields[0].field], [422, "siret"]);
  assert.equal((await call(secret, "POST", "/api/needs", { rome: "D1106", horizon: "half" })).body.fields[0].code, "required");
  // Twenty at the same instant under one Idempotency-Key: one offer.
  const body = { siret: free.siret, title: "Cariste du lot sept", rome: "N1101", contract: "interim" };
  // What is wrong is named: an occupation nobody knows, a key that is too short.
  const unknown = await call(secret, "POST", "/api/offers", { ...body, rome: "Z9999" });
  assert.deepEqual([unknown.status, unknown.body.fields[0].field], [422, "rome"]);
  const brief = await call(secret, "POST", "/api/offers", body, { "idempotency-key": "a1" });
  assert.equal(brief.status, 400);
  assert.match(brief.body.detail, /Idempotency-Key/);
  const many = await Promise.all(Array.from({ length: 20 }, () => call(secret, "POST", "/api/offers", body, { "idempotency-key": "lot-2026-0007" })));
  assert.equal(new Set(many.filter((a) => a.status === 201).map((a) => a.body.id)).size, 1);
  assert.deepEqual(await m.sql("select count(*)::int as n from data.offer where title = 'Cariste du lot sept'"), [{ n: 1 }]);
});

test("keys are made by those who answer for the organisation, and for it only", async () => {
  assert.equal((await adviser.post("/api/keys", { name: "Moi aussi", scopes: all, expires_on: later(3) })).status, 403);
  const { id, secret } = await key(["offers:read"], { name: "Rapprochement" });
  const other = await m.signIn(m.account({ role: "manager", network: "ft" }).email);
  assert.ok(!(await other.get("/api/keys")).body.items.some((k) => k.id === id));
  for (const path of [`/api/keys/${id}/revoke`, `/api/keys/${id}/rotate`]) assert.equal((await other.post(path, {})).status, 404, path);
  assert.equal((await other.patch(`/api/keys/${id}`, { scopes: all })).status, 404);
  assert.equal((await manager.post("/api/keys", { name: "rapprochement", scopes: all, expires_on: later(3) })).body.code, "key_name_taken");
  for (const expires_on of [later(-2), later(800)]) assert.equal((await manager.post("/api/keys", { name: "Autre", scopes: all, expires_on })).body.code, "key_expiry");
  // A secret is nowhere: not in the database, not in the log, not in a list.
  const dump = await m.psql("select string_agg(k::text, '') from api.key_row k; select string_agg(s::text, '') from data.api_secret s; select string_agg(e.data::text, '') from data.event e where kind like 'key.%'");
  assert.ok(!dump.includes(secret.slice(12)));
  assert.ok(!m.log("server").includes(secret.slice(12)));
  assert.ok(!(await manager.get("/api/keys")).text.includes(secret.slice(12)));
});

test("rotation overlaps, revocation does not", async () => {
  const first = await key(["offers:read"]);
  const answers = async (...secrets) => Promise.all(secrets.map(async (s) => (await call(s, "GET", "/api/key")).body.code ?? "ok"));
  const second = (await manager.post(`/api/keys/${first.id}/rotate`, { hours: 2 })).body;
  assert.deepEqual(await answers(first.secret, second.secret), ["ok", "ok"]);
  assert.equal(second.secrets.length, 2);
  await m.psql(`update data.api_secret set ends_at = now() - interval '1 second' where key_id = ${first.id} and ends_at is not null`);
  assert.deepEqual(await answers(first.secret, second.secret), ["key_expired", "ok"]);
  const third = (await manager.post(`/api/keys/${first.id}/rotate`, { hours: 0 })).body;
  assert.deepEqual(await answers(second.secret, third.secret), ["key_expired", "ok"]);
  const changed = await manager.patch(`/api/keys/${first.id}`, { scopes: ["needs:read"] });
  assert.deepEqual(changed.body.scopes, ["needs:read"]);
  assert.equal((await call(third.secret, "GET", "/api/offers")).body.code, "scope_missing");
  assert.equal((await manager.post(`/api/keys/${first.id}/revoke`)).body.state, "revoked");
  assert.deepEqual(await answers(third.secret), ["key_revoked"]);
  assert.equal((await manager.post(`/api/keys/${first.id}/revoke`)).body.code, "key_over");
  const forged = await call(`${third.secret.slice(0, 20)}${third.secret[20] === "A" ? "B" : "A"}${third.secret.slice(21)}`, "GET", "/api/key");
  assert.deepEqual([forged.status, forged.body.code], [401, "key_invalid"]);
  assert.match(forged.headers.get("www-authenticate"), /^Bearer/);
  for (const said of ["mlg_court", "", "$MAILLAGE_KEY"]) assert.equal((await call(said, "GET", "/api/key")).body.code, "key_invalid", said);
  const kinds = await m.sql(`select kind from data.event where kind like 'key.%' and (data ->> 'key')::bigint = ${first.id} order by id`);
  assert.deepEqual(kinds.map((k) => k.kind), ["key.made", "key.rotated", "key.rotated", "key.changed", "key.revoked"]);
});

test("the limit is per key, told in each answer, kept while Redis is away", async () => {
  const [one, two] = [await key(["offers:read"]), await key(["offers:read"])];
  const first = await call(one.secret, "GET", "/api/key");
  assert.equal(first.headers.get("ratelimit-policy"), '"key";q=300;w=60');
  assert.match(first.headers.get("ratelimit"), /^"key";r=299;t=(60|59)$/);
  let refused = null;
  for (let i = 0; i < 31 && !refused; i++) {
    refused = (await Promise.all(Array.from({ length: 10 }, () => call(one.secret, "GET", "/api/key")))).find((a) => a.status !== 200);
  }
  assert.deepEqual([refused?.status, refused?.body.code], [429, "rate_limited"]);
  assert.ok(Number(refused.headers.get("retry-after")) >= 1 && Number(refused.headers.get("retry-after")) <= 60);
  assert.match(refused.headers.get("ratelimit"), /^"key";r=0;t=\d+$/);
  assert.equal((await call(two.secret, "GET", "/api/key")).status, 200);
  await m.stopRedis();
  const alone = await call(two.secret, "GET", "/api/key");
  assert.match(alone.headers.get("ratelimit"), /^"key";r=299;/, "counted in the process");
  await m.startRedis();
});
