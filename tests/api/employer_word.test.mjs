// The employer's link by mail, through a real mail server: the letter alone has the token, one answer each, the address is kept sealed.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { Instance, freePort, root } from "../lib/instance.mjs";

let m, ml, manager, server;
const seen = []; // what the mail server saw
const site = "https://offres.example";
const body = (letter) => {
  const text = letter.slice(letter.indexOf("\r\n\r\n") + 4).replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(text, "latin1").toString("utf8").replaceAll("\r\n", "\n");
};
const letters = (to) => seen.filter((one) => one.letter && one.to[0] === to).map((one) => body(one.letter));
const tokenOf = (letter) => /https:\/\/offres\.example\/employeur\/([\w-]{43})\n/.exec(letter)?.[1];
const say = (token, form) => m.visitor().request("POST", `/employeur/${token}`, new URLSearchParams(form).toString(), { type: "application/x-www-form-urlencoded" });
const draft = async (title, skip) => {
  const list = (await ml.get("/api/establishments?state=free&limit=9")).body.items;
  const made = await ml.post("/api/offers", { establishment: list[skip].id, title, rome: "G1602", contract: "cdi" });
  assert.equal(made.status, 201, made.text);
  return made.body.id;
};
const offer = async (id) => (await ml.get(`/api/offers/${id}`)).body;

before(async () => {
  m = await Instance.start({ template: "demo", worker: 0 });
  const who = m.account({ role: "manager", network: "ml" });
  manager = await m.signIn(who.email);
  ml = await m.signIn(m.account({ role: "adviser", organisation: who.organisation }).email);
  await m.clock("2026-06-04T10:00:00+02:00");
});
after(async () => {
  server?.kill();
  await m?.stop();
});

test("where no mail leaves, none is promised", async () => {
  await m.psql("update data.instance set mail = false");
  const id = await draft("Commis", 0);
  assert.equal((await offer(id)).can_mail, false);
  assert.equal((await ml.post(`/api/offers/${id}/link`, { email: "chef@relais.example" })).body.code, "mail_unconfigured");
  assert.equal((await ml.post(`/api/offers/${id}/link`, { email: "chef" })).body.fields[0].field, "email");
});

test("the letter leaves, its link confirms, and neither token nor address stands anywhere in the clear", async () => {
  const port = await freePort();
  server = spawn("/usr/bin/python3", [join(root, "tests/lib/smtp.py"), String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  createInterface({ input: server.stdout }).on("line", (line) => seen.push(JSON.parse(line)));
  await m.until(() => seen.length === 1, "the mail server is ready");
  m.workerFlags = ["--public-url", site, "--smtp-url", `smtp://127.0.0.1:${port}`, "--smtp-plain=true", "--smtp-seconds", "2", "--smtp-from", "Maillage <ne-pas-repondre@maillage.example>"];
  m.startWorker();
  const id = await draft("Serveur", 1);
  await m.until(async () => (await offer(id)).can_mail, "a worker has told of its mail server", 60);
  const made = await ml.post(`/api/offers/${id}/link`, { email: " Chef@Relais.example " });
  assert.deepEqual([made.status, made.body.token], [201, null], made.text);
  const [letter] = await m.until(() => letters("chef@relais.example").length === 1 && letters("chef@relais.example"), "the letter has left", 60);
  const token = tokenOf(letter);
  assert.ok(token, letter);
  for (const words of ["Serveur", "ne sert qu’une fois", "Aucun compte"]) assert.ok(letter.includes(words), words);
  await m.until(async () => (await offer(id)).link.letter === "done", "its state is shown", 30);
  assert.match((await say(token, { answer: "confirmed", name: "Le chef" })).text, /votre offre est confirmée/);
  const now = await offer(id);
  assert.deepEqual([now.state, now.confirmed_with, now.link.by_mail], ["reserved", "Le chef", true]);
  const [{ clear }] = await m.sql(`select count(*)::int as clear from (select to_jsonb(d)::text as t from data.delivery d union all select to_jsonb(a)::text from data.delivery_attempt a
    union all select to_jsonb(e)::text from data.event e union all select to_jsonb(l)::text from data.offer_link l union all select to_jsonb(x)::text from data.offer_mail x union all select to_jsonb(j)::text from data.job j) x
    where x.t ilike '%relais.example%' or x.t like '%${token}%'`);
  assert.equal(clear, 0);
  for (const name of ["server", "worker"]) assert.ok(!(m.log(name) ?? "").includes(token), `${name} logs no token`);
  const sent = (await manager.get(`/api/deliveries?offer=${id}`)).body.items;
  assert.ok(sent.some((d) => d.kind === "mail.employer" && d.state === "done") && !JSON.stringify(sent).includes("relais.example"));
});

test("an address that is refused is told to who asked; another link ends the letter", async () => {
  const id = await draft("Plongeur", 2);
  await ml.post(`/api/offers/${id}/link`, { email: "refuse@relais.example" });
  await m.until(async () => (await offer(id)).link.letter === "dead", "the letter is refused", 60);
  const [{ error }] = await m.sql(`select error from data.delivery where offer_id = ${id}`);
  assert.equal(error, "Le serveur de messagerie a refusé le courriel.");
  const { token } = (await ml.post(`/api/offers/${id}/link`, {})).body;
  assert.equal((await offer(id)).link.by_mail, false);
  const other = await say(token, { answer: "prolonged", name: "Le chef" }); // what only the link of an open offer asks
  assert.equal(other.status, 422);
  assert.match(other.text, /Ce lien ne permet pas cette réponse/);
  assert.doesNotMatch(other.text, /Choisissez une raison/);
  assert.match((await say(token, { answer: "refused", name: "Le chef" })).text, /Choisissez une raison/);
  assert.equal((await say(token, { answer: "refused", name: "Le chef", withdrawal: "cancelled" })).status, 200);
  assert.equal((await offer(id)).withdrawal, "cancelled");
  assert.deepEqual(await m.sql(`select 1 as x from data.offer_mail where offer_id = ${id}`), []);
});

test("what is refused before the page is made is told as a page, too", async () => {
  const id = await draft("Commis de page", 2);
  const { token } = (await ml.post(`/api/offers/${id}/link`, {})).body;
  const at = `${m.url}/employeur/${token}`;
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const told = async (answer, status, words) => {
    const text = await answer.text();
    assert.deepEqual([answer.status, answer.headers.get("content-type"), answer.headers.get("referrer-policy") !== null], [status, "text/html; charset=utf-8", true], text);
    assert.match(text, words);
    assert.match(text, /^<!doctype html>\n<html lang="fr">.*<h1>[^<]+<\/h1>\n<p>[^<]+<\/p>/s);
    assert.ok(!text.includes(token) && !text.includes('"code"'));
  };
  await told(await fetch(at, { method: "POST", headers: { ...form, origin: "https://evil.example" }, body: "answer=confirmed&name=Mme+Roy" }), 403, /rechargez la page/);
  await told(await fetch(at, { method: "POST", headers: form, body: `name=${"x".repeat(20_000)}` }), 413, /raccourcissez votre texte/);
  await told(await fetch(at, { method: "DELETE" }), 405, /telle qu’elle vous a été remise/);
  await told(await fetch(at, { method: "PUT", headers: form, body: "a=b" }), 405, /telle qu’elle vous a été remise/);
  const json = await fetch(`${m.url}/api/offers`, { method: "DELETE" });
  assert.match(json.headers.get("content-type"), /problem\+json/, "programs are told as programs");
});

test("five days before its end the employer is asked by mail; only its word prolongs", async () => {
  const id = await draft("Barman", 3);
  await ml.post(`/api/offers/${id}/link`, { email: "bar@relais.example" });
  const [letter] = await m.until(() => letters("bar@relais.example").length === 1 && letters("bar@relais.example"), "the letter has left", 60);
  await say(tokenOf(letter), { answer: "confirmed", name: "Le chef" });
  await ml.post(`/api/offers/${id}/open`, { reason: "Besoin immédiat" });
  const { closes_at } = await offer(id);
  await m.clock(new Date(Date.parse(closes_at) - 4.5 * 86_400_000).toISOString());
  const two = await m.until(() => letters("bar@relais.example").length === 2 && letters("bar@relais.example"), "the second letter has left", 90);
  assert.match(two[1], /est publiée jusqu’au .*Sans réponse, elle n’est pas prolongée/s);
  assert.equal((await offer(id)).closes_at, closes_at, "asking prolongs nothing");
  const token = tokenOf(two[1]);
  assert.equal((await m.visitor().get(`/employeur/${token}`)).status, 200);
  assert.equal((await offer(id)).closes_at, closes_at, "nor reading");
  assert.match((await say(token, { answer: "prolonged", name: "Le chef" })).text, /prolongée/);
  const now = await offer(id);
  assert.ok(now.closes_at > closes_at);
  assert.ok(!(await ml.get("/api/today")).body.tasks.some((t) => t.kind === "offer.closing" && t.offer.id === id), "nothing is left to ask");
});
