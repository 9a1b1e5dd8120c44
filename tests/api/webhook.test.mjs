// Webhooks against a real receiver that fails, hangs, asks to wait, moves away; a worker killed in the middle.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { Instance } from "../lib/instance.mjs";

let m, manager, ml, receiver, port;
const got = []; // what came: { path, headers, body, at }
let answer = () => ({ status: 204 }); // what the receiver does next

before(async () => {
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    got.push({ path: request.url, headers: request.headers, body });
    const what = answer(request, got.length);
    if (what === "hang") return; // never answers
    response.writeHead(what.status, what.headers ?? {});
    response.end(what.text ?? "");
  });
  await new Promise((done) => receiver.listen(0, "localhost", done));
  port = receiver.address().port;
  m = await Instance.start({ template: "demo", serverFlags: ["--private-hosts", "localhost"], workerFlags: ["--private-hosts", "localhost"] });
  await m.clock("2026-06-04T10:00:00+02:00");
  const who = m.account({ role: "manager", network: "ml" });
  manager = await m.signIn(who.email);
  ml = await m.signIn(m.account({ role: "adviser", organisation: who.organisation }).email);
});
after(async () => {
  receiver?.closeAllConnections?.();
  receiver?.close();
  await m?.stop();
});

const make = async (more = {}) => {
  const made = await manager.post("/api/channels", { kind: "webhook", name: `Essai ${Math.random()}`, target: `http://localhost:${port}/a`, events: ["offer.reserved", "offer.opened", "offer.withdrawn"], ...more });
  assert.equal(made.status, 201, made.text);
  return made.body;
};
const remove = async (id) => {
  const now = (await manager.get("/api/channels")).body.items.find((c) => c.id === id);
  return manager.patch(`/api/channels/${id}`, { state: "removed" }, { headers: { "if-match": `"${now.version}"` } });
};
const delivery = async (id) => (await manager.get(`/api/deliveries/${id}`)).body;
const until = (what, seconds = 30) => m.until(what, String(what), seconds);
const sign = (secret, message) =>
  `v1,${createHmac("sha256", Buffer.from(secret.slice(6), "base64")).update(`${message.headers["webhook-id"]}.${message.headers["webhook-timestamp"]}.${message.body}`).digest("base64")}`;

test("an act is told once, signed as Standard Webhooks, by numbers only", async () => {
  const hook = await make();
  assert.match(hook.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  got.length = 0;
  answer = () => ({ status: 200, text: "bien reçu" });
  const list = (await ml.get("/api/establishments?state=free&limit=5")).body.items;
  const offer = (await ml.post("/api/offers", { establishment: list[0].id, title: "Boulanger du matin", rome: "D1102", contract: "cdi" })).body;
  await ml.post(`/api/offers/${offer.id}/confirm`, { confirmed_with: "Mme Petit" });
  const message = await until(() => got[0]);
  assert.equal(message.headers["webhook-signature"], sign(hook.secret, message));
  assert.ok(Math.abs(Number(message.headers["webhook-timestamp"]) - Date.now() / 1000) < 60);
  assert.equal(message.headers["idempotency-key"], message.headers["webhook-id"]);
  const body = JSON.parse(message.body);
  assert.deepEqual([body.type, body.data.offer, body.data.establishment], ["offer.reserved", offer.id, list[0].id]);
  assert.ok(!message.body.includes("Petit") && !message.body.includes("Boulanger"));
  const sent = (await manager.get(`/api/deliveries?channel=${hook.id}`)).body.items;
  await until(async () => (await delivery(sent[0].id)).state === "done");
  const told = await delivery(sent[0].id);
  assert.deepEqual([told.status, told.tries.length, told.tries[0].answer, told.message], [200, 1, "bien reçu", message.headers["webhook-id"]]);
  assert.equal(got.length, 1);
  await remove(hook.id);
  await ml.post(`/api/offers/${offer.id}/withdraw`, { reason: "L’employeur a recruté" });
  await new Promise((next) => setTimeout(next, 300));
  assert.equal(got.length, 1, "a removed channel is silent");
});

test("two secrets sign while one is being replaced", async () => {
  const hook = await make();
  const rotated = (await manager.post(`/api/channels/${hook.id}/rotate`)).body;
  assert.notEqual(rotated.secret, hook.secret);
  got.length = 0;
  answer = () => ({ status: 204 });
  await manager.post(`/api/channels/${hook.id}/test`);
  const message = await until(() => got[0]);
  assert.deepEqual(message.headers["webhook-signature"].split(" ").sort(), [sign(hook.secret, message), sign(rotated.secret, message)].sort());
  assert.equal(JSON.parse(message.body).type, "webhook.test");
  await m.clock("2026-06-05T10:30:00+02:00");
  await manager.post(`/api/channels/${hook.id}/test`);
  assert.equal((await until(() => got[1])).headers["webhook-signature"], sign(rotated.secret, got[1]));
  // Nine more in that minute, and it is enough.
  const tries = [];
  for (let i = 0; i < 10; i++) tries.push(await manager.post(`/api/channels/${hook.id}/test`));
  assert.deepEqual(tries.map((t) => t.status), [...Array(9).fill(201), 429]);
  assert.equal(tries[9].body.code, "rate_limited");
  assert.ok(tries[9].body.retry_after >= 1 && tries[9].body.retry_after <= 60);
  assert.equal(tries[9].body.detail, `Un canal s’essaie dix fois par minute\u202f: le suivant dans ${tries[9].body.retry_after}\u202fs.`);
  assert.equal(tries[9].headers.get("retry-after"), String(tries[9].body.retry_after));
  // At rest they are sealed.
  const [{ n }] = await m.sql(`select count(*)::int as n from data.channel_secret where position(convert_to('${rotated.secret.slice(6)}', 'UTF8') in sealed) > 0`);
  assert.equal(n, 0);
  await remove(hook.id);
});

test("500, silence and 429 are tried again later, with the same number; then it works", async () => {
  const hook = await make();
  got.length = 0;
  const script = [() => ({ status: 500, text: "panne" }), () => ({ status: 429, headers: { "retry-after": "120" } }), () => ({ status: 204 })];
  answer = (_, n) => script[n - 1]();
  const { id } = (await manager.post(`/api/channels/${hook.id}/test`)).body;
  await until(async () => (await delivery(id)).attempts === 1 && (await delivery(id)).tries.length === 1);
  let now = await delivery(id);
  assert.deepEqual([now.state, now.tries[0].status, now.tries[0].answer], ["waiting", 500, "panne"]);
  const pause = (new Date(now.due_at) - new Date(now.tries[0].at)) / 1000;
  assert.ok(pause >= 3.7 && pause <= 6.3, `${pause} s`);
  await m.clock("2026-06-05T11:00:00+02:00");
  await until(async () => (await delivery(id)).tries.length === 2);
  now = await delivery(id);
  assert.equal(now.tries[1].status, 429);
  assert.ok((new Date(now.due_at) - new Date(now.tries[1].at)) / 1000 >= 119, "Retry-After is honoured");
  await m.clock("2026-06-05T11:10:00+02:00");
  await until(async () => (await delivery(id)).state === "done");
  assert.equal(new Set(got.map((g) => g.headers["webhook-id"])).size, 1);
  assert.equal(got.length, 3);
  await remove(hook.id);
});

test("a failing address rests after five failures; what is dead can be sent again", async () => {
  const hook = await make();
  got.length = 0;
  answer = () => ({ status: 503 });
  await Promise.all(Array.from({ length: 6 }, () => manager.post(`/api/channels/${hook.id}/test`)));
  const channel = async () => (await manager.get("/api/channels")).body.items.find((c) => c.id === hook.id);
  await until(async () => (await channel()).failures >= 5);
  assert.ok((await channel()).open_until);
  const before_ = got.length;
  const list = (await ml.get("/api/establishments?state=free&limit=9")).body.items;
  const offer = (await ml.post("/api/offers", { establishment: list[7].id, title: "Boulanger du soir", rome: "D1102", contract: "cdi" })).body;
  await ml.post(`/api/offers/${offer.id}/confirm`, { confirmed_with: "Mme Petit" });
  const [{ id }] = (await manager.get(`/api/deliveries?channel=${hook.id}`)).body.items;
  await until(async () => new Date((await delivery(id)).due_at) - new Date((await delivery(id)).made_at) > 5000);
  assert.equal((await delivery(id)).attempts, 0, "not tried while it rests");
  assert.ok(got.length <= before_ + 1);
  const tried = (await manager.post(`/api/channels/${hook.id}/test`)).body.id;
  await until(async () => (await delivery(tried)).tries.length === 1);
  assert.equal((await delivery(tried)).status, 503, "a person who tries it out is answered at once");
  await m.psql(`update data.delivery set state = 'dropped' where channel_id = ${hook.id} and id <> ${id} and state = 'waiting'; update data.delivery set attempts = 9 where id = ${id}`);
  await m.clock("2026-06-05T14:00:00+02:00");
  await until(async () => (await delivery(id)).state === "dead");
  assert.ok((await channel()).dead >= 1);
  answer = () => ({ status: 204 });
  await m.psql(`update data.channel set open_until = null, failures = 0 where id = ${hook.id}`);
  assert.equal((await manager.post(`/api/deliveries/${id}/replay`)).status, 200);
  await until(async () => (await delivery(id)).state === "done");
  assert.equal((await manager.post(`/api/deliveries/${id}/replay`)).body.code, "delivery_not_dead");
  // All at once.
  got.length = 0;
  await m.psql(`update data.delivery set state = 'dead', settled_at = data.now() where channel_id = ${hook.id} and id <> ${id}`);
  const dead = (await channel()).dead;
  assert.ok(dead >= 5);
  assert.equal((await ml.post(`/api/channels/${hook.id}/replay`)).status, 403);
  assert.match(await m.admin("channel", "list"), new RegExp(`no ${hook.id} .* : ${dead} en échec depuis`));
  await assert.rejects(m.admin("channel", "replay", "999999"), /n’existe pas/);
  assert.deepEqual((await manager.post(`/api/channels/${hook.id}/replay`)).body, { replayed: dead, dropped: 0, left: 0, unsure: 0 });
  await until(async () => (await channel()).dead === 0 && (await channel()).waiting === 0);
  assert.equal(new Set(got.map((g) => g.headers["webhook-id"])).size, dead);
  await m.psql(`update data.delivery set state = 'dead', settled_at = data.now() where channel_id = ${hook.id} and id = ${id}`);
  assert.match(await m.admin("channel", "replay", String(hook.id)), /^Repartis : 1\. Abandonnés.* : 0\./);
  await until(async () => (await channel()).dead === 0 && (await channel()).waiting === 0);
  await remove(hook.id);
});

test("410 pauses; redirections are not followed; private addresses are refused when typed and when called", async () => {
  const hook = await make();
  answer = () => ({ status: 410 });
  await manager.post(`/api/channels/${hook.id}/test`);
  await until(async () => (await manager.get("/api/channels")).body.items.find((c) => c.id === hook.id).state === "paused");
  assert.equal((await manager.post(`/api/channels/${hook.id}/test`)).body.code, "channel_paused");
  await remove(hook.id);
  const moved = await make();
  got.length = 0;
  answer = () => ({ status: 302, headers: { location: `http://localhost:${port}/ailleurs` } });
  const { id } = (await manager.post(`/api/channels/${moved.id}/test`)).body;
  await until(async () => (await delivery(id)).tries.length === 1);
  assert.deepEqual([(await delivery(id)).state, (await delivery(id)).status, got.map((g) => g.path)], ["waiting", 302, ["/a"]]);
  await remove(moved.id);
  for (const target of ["http://127.0.0.1:1/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://10.0.0.8/", "http://exemple.fr/", "https://moi:mot@exemple.fr/", "gopher://exemple.fr/"]) {
    const refused = await manager.post("/api/channels", { kind: "webhook", name: "Dedans", target, events: ["offer.opened"] });
    assert.deepEqual([refused.status, refused.body.fields?.[0]?.field], [422, "target"], target);
  }
  // A name that passed when it was typed and now leads inside: the connection is refused, nothing arrives.
  await m.psql(`insert into data.channel (organisation_id, kind, name, target, events, made_by, made_at)
    select organisation_id, 'webhook', 'Rebond', 'https://ip6-localhost:${port}/b', '{offer.opened}', made_by, now() from data.channel where id = ${moved.id};
    insert into data.channel_secret (channel_id, sealed, made_at) select max(id), '\\x00', now() from data.channel`);
  const inside = (await manager.get("/api/channels")).body.items.find((c) => c.name === "Rebond");
  await manager.post(`/api/channels/${inside.id}/rotate`);
  got.length = 0;
  const { id: last } = (await manager.post(`/api/channels/${inside.id}/test`)).body;
  await until(async () => (await delivery(last)).tries.length === 1);
  assert.match((await delivery(last)).tries[0].error, /réseau privé|introuvable/);
  assert.equal(got.length, 0);
  await remove(inside.id);
});

test("a worker killed while the receiver hangs: another tries again, with the same number", async () => {
  const hook = await make();
  got.length = 0;
  answer = (_, n) => (n === 1 ? "hang" : { status: 204 });
  const { id } = (await manager.post(`/api/channels/${hook.id}/test`)).body;
  await until(() => got.length === 1);
  await m.stopWorker("SIGKILL");
  m.startWorker();
  await until(async () => (await delivery(id)).state === "done", 20);
  assert.equal(got.length, 2);
  assert.equal(got[0].headers["webhook-id"], got[1].headers["webhook-id"]);
  assert.equal(got[0].body, got[1].body);
  await remove(hook.id);
});

test("who is told what: one's own acts, one's offers, what the territory sees; others' drafts never", async () => {
  const hook = await make({ events: ["offer.reserved", "offer.opened", "offer.withdrawn", "referral.made", "visit.planned"] });
  const plie = await m.signIn(m.account({ role: "adviser", network: "plie" }).email);
  answer = () => ({ status: 204 });
  got.length = 0;
  const list = (await plie.get("/api/establishments?state=free&limit=9")).body.items;
  const secret = (await plie.post("/api/offers", { establishment: list[3].id, title: "Maçon discret", rome: "F1703", contract: "cdi", publics: ["longterm"] })).body;
  await plie.post(`/api/offers/${secret.id}/confirm`, { confirmed_with: "M. Roy" }); // reserved for the PLIE only
  const shared = (await plie.post("/api/offers", { establishment: list[4].id, title: "Maçon partagé", rome: "F1703", contract: "subsidised" })).body;
  await plie.post(`/api/offers/${shared.id}/confirm`, { confirmed_with: "M. Roy" }); // subsidised: for the Mission Locale too
  await plie.post(`/api/offers/${secret.id}/open`, { reason: "Personne chez nous" });
  const told = await until(() => got.length >= 2 && got.map((g) => JSON.parse(g.body)));
  await new Promise((next) => setTimeout(next, 400));
  assert.deepEqual(got.map((g) => [JSON.parse(g.body).type, JSON.parse(g.body).data.offer]).sort(), [["offer.opened", secret.id], ["offer.reserved", shared.id]].sort());
  assert.ok(told.every((t) => !JSON.stringify(t).includes("Maçon")));
  const other = await m.signIn(m.account({ role: "manager", network: "plie" }).email);
  assert.ok(!(await other.get("/api/channels")).body.items.some((c) => c.id === hook.id));
  assert.equal((await other.get(`/api/deliveries?channel=${hook.id}`)).body.items.length, 0);
  assert.equal((await other.post(`/api/channels/${hook.id}/test`)).status, 404);
  await remove(hook.id);
});

test("a channel that publishes: each offer once when it opens, withdrawn once when it ends, in that order", async () => {
  const made = await manager.post("/api/channels", { kind: "push", name: "Site de la région", target: `http://localhost:${port}/offres` });
  assert.equal(made.status, 201, made.text);
  assert.equal((await manager.post("/api/channels", { kind: "push", name: "Trop", target: `http://localhost:${port}/`, events: ["offer.opened"] })).body.fields[0].field, "events");
  const list = (await ml.get("/api/establishments?state=free&limit=9")).body.items;
  const write = async (index) => {
    const { id } = (await ml.post("/api/offers", { establishment: list[index].id, title: `Poste ${index}`, rome: "D1102", contract: "cdi", hours: 35 })).body;
    await ml.post(`/api/offers/${id}/confirm`, { confirmed_with: "Mme Petit" });
    return id;
  };
  got.length = 0;
  answer = () => ({ status: 201 });
  const [one, two] = [await write(5), await write(6)];
  await ml.post(`/api/offers/${one}/open`, { reason: "Tout de suite" });
  await until(() => got.length === 1);
  const sent = JSON.parse(got[0].body);
  assert.deepEqual([sent.action, sent.offer.id, sent.offer.intitule, sent.offer.typeContrat, sent.offer.nombrePostes, sent.offer.dureeTravailLibelle], ["publish", String(one), "Poste 5", "CDI", 1, "35H"]);
  assert.equal(got[0].headers["idempotency-key"], `pub_${one}_${made.body.id}`);
  const [{ name }] = await m.sql(`select coalesce(brand, legal_name) as name from data.establishment where id = ${list[5].id}`);
  assert.ok(!got[0].body.includes(name), "the employer is not named");
  await ml.post(`/api/offers/${one}/fill`, {});
  await until(() => got.length === 2);
  assert.deepEqual(JSON.parse(got[1].body), { action: "withdraw", offer: { id: String(one) } });
  // The receiver is down when the second opens; it ends meanwhile: the withdrawal waits for the publication.
  answer = () => ({ status: 500 });
  await ml.post(`/api/offers/${two}/open`, { reason: "Tout de suite" });
  await until(() => got.length === 3);
  await ml.post(`/api/offers/${two}/withdraw`, { reason: "L’employeur a recruté" });
  await new Promise((next) => setTimeout(next, 500));
  assert.equal(got.length, 3, "not before its publication");
  answer = () => ({ status: 200 });
  await m.clock("2026-06-08T09:00:00+02:00");
  await until(() => got.length >= 4);
  await m.clock("2026-06-08T10:00:00+02:00");
  await until(() => got.length === 5);
  assert.deepEqual(got.slice(3).map((g) => [JSON.parse(g.body).action, g.headers["idempotency-key"]]), [["publish", `pub_${two}_${made.body.id}`], ["withdraw", `out_${two}_${made.body.id}`]]);
  const published = await m.sql(`select count(*)::int as n, count(withdrawn_at)::int as out from data.publication where channel_id = ${made.body.id}`);
  assert.deepEqual(published, [{ n: 2, out: 2 }]);
  const page = (await manager.get(`/api/deliveries?offer=${one}`)).body.items;
  assert.deepEqual(page.filter((d) => d.channel === made.body.id).map((d) => [d.kind, d.state]), [["offer.withdraw", "done"], ["offer.publish", "done"]]);
  await remove(made.body.id);
});
