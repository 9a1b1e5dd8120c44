// The summary by mail through a real mail server that takes letters, refuses readers, asks to come again, and falls silent: each
// offer is told once to each reader, the link in a letter ends them.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance, freePort, root } from "../lib/instance.mjs";

let m, dir, collector, channel;
let seen = []; // what the mail server saw
const servers = [];
const readers = {}; // name -> { session, email }
const letters = (name) => seen.filter((one) => one.letter && one.to[0].startsWith(name)).map((one) => one.letter);
const body = (letter) => {
  const text = letter.slice(letter.indexOf("\r\n\r\n") + 4).replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(text, "latin1").toString("utf8").replaceAll("\r\n", "\n");
};
const last = async (name) => (await readers[name].session.get("/api/digest")).body.letters[0];

/** Another mail server, with a certificate or without; its port. What it sees is what counts from now on. */
async function mailServer(...certificate) {
  const port = await freePort();
  const own = (seen = []);
  const child = spawn("/usr/bin/python3", [join(root, "tests/lib/smtp.py"), String(port), ...certificate], { stdio: ["pipe", "pipe", "inherit"] });
  servers.push(child);
  createInterface({ input: child.stdout }).on("line", (line) => own.push(JSON.parse(line)));
  await m.until(() => own.length === 1, "the mail server is ready");
  return port;
}

before(async () => {
  dir = mkdtempSync(join(tmpdir(), "maillage-mail-"));
  m = await Instance.start({ template: "demo", worker: 0 });
  const port = await mailServer();
  await m.psql("delete from data.digest; delete from data.digest_offer; update data.channel set state = 'removed' where kind = 'mail'; update data.instance set mail = false;");
  m.workerFlags = ["--public-url", "https://offres.example", "--smtp-url", `smtp://127.0.0.1:${port}`, "--smtp-plain=true", "--smtp-seconds", "2", "--smtp-from", "Maillage de l’Allier <ne-pas-repondre@maillage.example>"];
  await m.clock("2026-06-04T10:00:00+02:00");
  m.startWorker();
  // Four of one organisation, whom nobody else knows.
  const like = m.account({ role: "adviser", network: "ml" });
  const [{ organisation }] = await m.sql(`select s.organisation_id as organisation from data.membership s join data.member b on b.id = s.member_id where b.email = '${like.email}' order by 1 limit 1`);
  for (const name of ["reader", "refuse", "grey", "hang"]) {
    await m.psql(`
      with made as (insert into data.member (email, name, password_hash, created_at) select '${name}@ml.example', 'Membre ${name}', b.password_hash, data.now() from data.member b where b.email = '${like.email}' returning id)
      insert into data.membership (member_id, organisation_id, role, since) select id, ${organisation}, '${name === "reader" ? "manager" : "adviser"}', data.today() - 30 from made;`);
    readers[name] = { session: await m.signIn(`${name}@ml.example`, like.password) };
  }
  await m.psql(`delete from data.task where organisation_id = ${organisation}`);
  collector = await m.signIn(m.account({ role: "adviser", network: "ft" }).email);
});
after(async () => {
  for (const child of servers) child.kill();
  await m?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const opened = async (title) => {
  const list = (await collector.get("/api/establishments?state=free&limit=5")).body.items;
  const made = await collector.post("/api/offers", { establishment: list[0].id, rome: "G1602", contract: "cdi", title, publics: ["young"] });
  assert.equal(made.status, 201, made.text);
  await collector.post(`/api/offers/${made.body.id}/confirm`, { confirmed_with: "Mme Petit" });
  const open = await collector.post(`/api/offers/${made.body.id}/open`, { reason: "Besoin immédiat" });
  assert.equal(open.status, 200, open.text);
  return made.body.id;
};

test("who wants it says so, and sees whether anything is sent", async () => {
  for (const { session } of Object.values(readers)) {
    const chosen = await session.put("/api/digest", { frequency: "daily" });
    assert.deepEqual([chosen.status, chosen.body.frequency, chosen.body.letters], [200, "daily", []], chosen.text);
  }
  await m.until(async () => (await readers.reader.session.get("/api/digest")).body.is_configured, "a worker has told of its mail server", 40);
  assert.equal((await collector.put("/api/digest", { frequency: "hourly" })).status, 422);
  const list = (await readers.reader.session.get("/api/channels")).body.items.filter((one) => one.kind === "mail");
  assert.equal(list.length, 1);
  channel = list[0];
  assert.deepEqual(channel.readers.map((one) => one.frequency), ["daily", "daily", "daily", "daily"]);
});

test("one letter each; who is refused is told, who is asked to come again is told later, what may have gone is not sent twice", async () => {
  const first = await opened("Cuisinier de nuit");
  await m.clock("2026-06-05T07:00:10+02:00");
  await m.until(() => letters("reader").length === 1, "a letter has come", 40);
  const [letter] = letters("reader");
  assert.match(letter, /^List-Unsubscribe:\r\n <https:\/\/offres\.example\/courriel\/\d+\.\d+\.[0-9a-f]{32}>\r\n/m);
  assert.match(letter, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/m);
  assert.match(letter, /^Message-ID: <dig_/m);
  assert.match(body(letter), new RegExp(`Cuisinier de nuit, CDI.*\\n  https://offres\\.example/suivi-offres/${first}\\n`));
  await m.until(async () => (await last("refuse")).state === "dead", "who is refused is told");
  assert.match((await readers.reader.session.get(`/api/deliveries/${(await last("refuse")).id}`)).body.tries[0].answer, /550 5\.1\.1/);
  await m.until(async () => (await last("hang")).state === "dead", "a server that falls silent is told");
  assert.match((await last("hang")).error, /peut-être parti/);
  await m.clock("2026-06-05T07:20:00+02:00");
  await m.until(async () => (await last("grey")).state === "done", "it came again");
  assert.deepEqual(["reader", "refuse", "grey", "hang"].map((name) => letters(name).length), [1, 0, 1, 1]);
  assert.equal((await m.sql(`select state from data.channel where id = ${channel.id}`))[0].state, "active");
});

test("the next letter has what came since, and nothing twice", async () => {
  await opened("Maçon du lundi");
  await m.clock("2026-06-08T07:00:10+02:00");
  await m.until(() => letters("reader").length === 2, "the next letter has come", 40);
  const text = body(letters("reader")[1]);
  assert.match(text, /Maçon du lundi/);
  assert.doesNotMatch(text, /Cuisinier de nuit/);
});

test("the link ends the letters: a look changes nothing, one click does, no other link is taken", async () => {
  const link = new URL(letters("reader")[1].match(/<(https:\/\/offres\.example\/courriel\/[^>]+)>/)[1]).pathname;
  const nobody = m.visitor();
  const look = await nobody.get(link);
  assert.equal(look.status, 200);
  assert.match(look.text, /Ne plus recevoir ce résumé/);
  assert.equal((await readers.reader.session.get("/api/digest")).body.frequency, "daily");
  assert.equal((await nobody.get(link.replace(/.$/, (c) => (c === "0" ? "1" : "0")))).status, 404);
  assert.equal((await nobody.post(link.replace(/\/(\d+)\./, (_, n) => `/${Number(n) + 1}.`), "List-Unsubscribe=One-Click", { type: "application/x-www-form-urlencoded" })).status, 404);
  const done = await nobody.post(link, "List-Unsubscribe=One-Click", { type: "application/x-www-form-urlencoded" });
  assert.equal(done.status, 200, done.text);
  assert.equal((await readers.reader.session.get("/api/digest")).body.frequency, "none");
  assert.equal((await m.sql("select count(*)::int as n from data.event where kind = 'digest.stopped'"))[0].n, 1);
  await opened("Plus rien");
  await m.clock("2026-06-09T07:00:10+02:00");
  await m.until(() => letters("grey").length === 3, "others get theirs", 40);
  assert.equal(letters("reader").length, 2);
});

test("a server that wants TLS and a login gets them; one whose certificate nobody vouches for gets no letter and no password", async () => {
  const file = (name) => join(dir, name);
  for (const name of ["right", "wrong"])
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=localhost",
      "-addext", "subjectAltName=DNS:localhost", "-keyout", file(`${name}.key`), "-out", file(`${name}.pem`)], { stdio: "ignore" });
  writeFileSync(file("login"), "courrier:mot:de:passe\n", { mode: 0o600 });
  const port = await mailServer(file("right.pem"), file("right.key"));
  const flags = ["--public-url", "https://offres.example", "--smtp-url", `smtp://localhost:${port}`, "--smtp-seconds", "5", "--smtp-from", "ne-pas-repondre@maillage.example", "--smtp-credentials", file("login")];
  const restart = async (authority) => {
    await m.stopWorker();
    m.workerFlags = [...flags, "--smtp-authority", file(authority)];
    m.startWorker();
  };
  await restart("wrong.pem");
  await opened("Serveur de midi");
  await m.clock("2026-06-10T07:00:10+02:00");
  await m.until(async () => (await last("grey")).error, "the letter did not go", 40);
  assert.match((await last("grey")).error, /certificat/);
  assert.deepEqual(seen.slice(1), []);
  await restart("right.pem");
  for (let minutes = 8 * 60; minutes < 20 * 60 && (await last("grey")).state !== "done"; minutes += 5) {
    await m.clock(new Date(Date.parse("2026-06-10T00:00:00+02:00") + minutes * 60_000).toISOString());
    await new Promise((tick) => setTimeout(tick, 250));
  }
  assert.equal((await last("grey")).state, "done", (await last("grey")).error);
  assert.match(body(letters("grey")[letters("grey").length - 1]), /Serveur de midi/);
  assert.ok(seen.some((one) => one.login === "courrier" && one.right && one.tls), JSON.stringify(seen.filter((one) => one.login)));
});
