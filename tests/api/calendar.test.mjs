// The calendar feed as real clients read it: vdirsyncer fetches, khal shows; what is created, moved, cancelled is seen. Who may
// read it, how often, until when. And calls, which are contacts only when they reached somebody.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Instance } from "../lib/instance.mjs";
import { workday } from "../web/acts.mjs";

const run = promisify(execFile);
const has = (name) => {
  try {
    execFileSync("which", [name]);
    return true;
  } catch {
    return false;
  }
};
const clients = has("vdirsyncer") && has("khal");

let m, adviser, other, address, home, employers, today, offset;
const plus = (date, days) => new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const french = (date) => date.split("-").reverse().join("/");
before(async () => {
  m = await Instance.start({ template: "demo", worker: 0 });
  const at = workday();
  await m.clock(at);
  today = at.slice(0, 10);
  offset = at.slice(19);
  adviser = await m.signIn(m.account({ role: "adviser", network: "plie" }).email);
  other = await m.signIn(m.account({ role: "adviser", network: "ft" }).email);
  employers = (await adviser.get("/api/establishments?state=free&limit=6&sort=size")).body.items;
  home = mkdtempSync("/tmp/maillage-calendar-");
});
after(async () => {
  await m?.stop();
  if (home) rmSync(home, { recursive: true, force: true });
});
const feed = (headers = {}) => fetch(address, { headers });
/** The calendar as properties, its folded lines joined. */
const events = (text) =>
  text.replaceAll("\r\n ", "").split("BEGIN:VEVENT\r\n").slice(1).map((part) => Object.fromEntries(part.split("END:VEVENT")[0].trim().split("\r\n").map((line) => [line.slice(0, line.search(/[:;]/)), line.slice(line.indexOf(":") + 1)])));

test("an address is made, shown once, and read without a session", async () => {
  assert.equal((await adviser.get("/api/calendar")).body.feed, null);
  const made = await adviser.post("/api/calendar", {});
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.match(made.body.address, new RegExp(`^${m.url}/calendrier/[\\w-]{43}\\.ics$`));
  address = made.body.address;
  const answer = await feed({ "user-agent": "Thunderbird/128" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "text/calendar; charset=utf-8");
  const text = await answer.text();
  // RFC 5545: CRLF, lines of 75 octets at most, none cut within a character, a zone for every TZID.
  assert.ok(text.startsWith("BEGIN:VCALENDAR\r\n") && text.endsWith("END:VCALENDAR\r\n"));
  for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75 && !line.includes("\n") && !line.includes("\ufffd"), line);
  assert.match(text, /BEGIN:VTIMEZONE\r\nTZID:Europe\/Paris/);
  assert.ok(events(text).every((one) => one.UID && one.DTSTAMP && one.SEQUENCE !== undefined && one["LAST-MODIFIED"] && one.DTSTART));
  const { feed: state } = (await adviser.get("/api/calendar")).body;
  assert.equal(state.reader, "Thunderbird/128");
  // Nothing of the token is kept, nor logged.
  const token = /calendrier\/(.{43})/.exec(address)[1];
  assert.deepEqual(await m.sql(`select 1 from data.calendar_feed f where row_to_json(f)::text like '%${token}%'`), []);
  assert.ok(!m.log("server").includes(token));
  await assert.rejects(m.sql("select * from data.calendar_feed", { role: "server" }));
  await assert.rejects(m.sql("select * from data.calendar_feed", { role: "worker" }));
});

test("the same visits give the same bytes: 304", async () => {
  const first = await feed();
  const tag = first.headers.get("etag");
  assert.ok(tag);
  assert.equal((await feed({ "if-none-match": tag })).status, 304);
  await adviser.post("/api/visits", { establishment: employers[4].id, planned_at: `${plus(today, 6)}T09:00:00${offset}`, minutes: 30 });
  const next = await feed({ "if-none-match": tag });
  assert.equal(next.status, 200);
  assert.notEqual(next.headers.get("etag"), tag);
});

test("one sees the name of a contact one may read, never a number, never a person who refuses", async () => {
  const phone = "0639980042";
  const person = async (session, more) => (await session.post(`/api/establishments/${employers[3].id}/contacts`, { family_name: "Vernois", given_name: "Hélène", position: "Gérante", phones: [phone], ...more })).body.id;
  const contact = await person(adviser, {});
  const visit = (await adviser.post("/api/visits", { establishment: employers[3].id, planned_at: `${plus(today, 5)}T09:00:00${offset}`, minutes: 30, contact })).body;
  const of = async () => events(await (await feed()).text()).find((one) => one.UID.startsWith(`visite-${visit.id}@`));
  assert.match((await of()).DESCRIPTION, /Hélène Vernois\\, Gérante/);
  assert.ok(!JSON.stringify(await of()).replaceAll(" ", "").includes(phone.slice(1)));
  assert.equal((await adviser.post(`/api/contacts/${contact}/oppositions`, { reason: "Ne souhaite plus" })).status, 204);
  const refused = await of();
  assert.ok(!refused.DESCRIPTION.includes("Vernois"));
  assert.equal(refused.STATUS, "CANCELLED"); // the opposition cancelled it
  // Nothing of colleagues of another network.
  const me = (await adviser.get("/api/session")).body.member.id;
  const theirs = (await other.get(`/api/visits?scope=mine&state=planned`)).body.items.filter((one) => one.partner?.member.id !== me).map((one) => `visite-${one.id}@`);
  const mine = events(await (await feed()).text()).map((one) => one.UID);
  assert.ok(theirs.length > 0 && !mine.some((uid) => theirs.some((their) => uid.startsWith(their))));
});

test("a partner's visit to which one goes along: tentative until it is agreed, in the agenda then, called off with it", async () => {
  const { member, organisation } = (await adviser.get("/api/session")).body;
  const day = plus(today, 5);
  const visit = (await other.post("/api/visits", { establishment: employers[5].id, planned_at: `${day}T11:00:00${offset}`, minutes: 30 })).body;
  const of = async () => events(await (await feed()).text()).find((one) => one.UID.startsWith(`visite-${visit.id}@`));
  const inAgenda = async () => (await adviser.get(`/api/week?from=${day}&to=${day}`)).body.visits.some((one) => one.visit.id === visit.id);
  assert.equal(await of(), undefined);
  assert.equal((await other.post(`/api/visits/${visit.id}/invite`, { organisation: organisation.id, member: member.id })).status, 200);
  assert.deepEqual([(await of()).STATUS, await inAgenda()], ["TENTATIVE", false]);
  assert.equal((await adviser.post(`/api/visits/${visit.id}/invitation`, { organisation: organisation.id, state: "accepted" })).status, 200);
  assert.deepEqual([(await of()).STATUS, await inAgenda()], ["CONFIRMED", true]);
  const off = await other.post(`/api/visits/${visit.id}/cancel`, { reason: "Empêchement" });
  assert.equal(off.status, 200, off.text);
  assert.deepEqual([(await of()).STATUS, await inAgenda()], ["CANCELLED", false]);
});

test("vdirsyncer and khal see a visit created, moved, cancelled", { skip: !clients && "vdirsyncer or khal is not installed" }, async () => {
  const conf = join(home, "vdirsyncer");
  const local = join(home, "calendar");
  mkdirSync(local);
  writeFileSync(conf, `[general]
status_path = "${home}/status"
[pair week]
a = "far"
b = "near"
collections = null
[storage far]
type = "http"
url = "${address}"
[storage near]
type = "filesystem"
path = "${local}"
fileext = ".ics"
`);
  writeFileSync(join(home, "khal"), `[calendars]
[[maillage]]
path = ${local}
readonly = True
[locale]
timeformat = %H:%M
dateformat = %d/%m/%Y
longdateformat = %d/%m/%Y
datetimeformat = %d/%m/%Y %H:%M
longdatetimeformat = %d/%m/%Y %H:%M
local_timezone = Europe/Paris
default_timezone = Europe/Paris
[sqlite]
path = ${home}/khal.db
`);
  const env = { ...process.env, HOME: home, VDIRSYNCER_CONFIG: conf, LC_ALL: "C.UTF-8", TZ: "Europe/Paris" };
  let discovered = false;
  const sync = async () => {
    if (!discovered) await run("sh", ["-c", "yes | vdirsyncer discover"], { env });
    discovered = true;
    await run("vdirsyncer", ["sync"], { env });
  };
  const shown = async (day) => (await run("khal", ["-c", join(home, "khal"), "list", french(day), "1d", "--format", "{start-time}|{end-time}|{title}|{status}"], { env })).stdout.split("\n").filter((line) => line.includes(employers[0].name));

  const day = plus(today, 7);
  const visit = (await adviser.post("/api/visits", { establishment: employers[0].id, planned_at: `${day}T10:15:00${offset}`, minutes: 45 })).body;
  await sync();
  assert.match((await shown(day))[0] ?? "", /^10:15\|11:00\|Visite.: /);
  // vdirsyncer gives what it reads over HTTP identifiers of its own: known by the employer here, by the UID in the feed.
  const file = () => readdirSync(local).map((name) => readFileSync(join(local, name), "utf8").replaceAll(/\r?\n /g, "")).find((text) => text.includes(`/entreprises/${employers[0].id}`));
  const uid = async () => events(await (await feed()).text()).find((one) => one.DESCRIPTION.includes(`/entreprises/${employers[0].id}`)).UID;
  const was = await uid();
  assert.match(file(), /SEQUENCE:0/);

  const moved = await adviser.patch(`/api/visits/${visit.id}`, { planned_at: `${plus(day, 1)}T14:30:00${offset}` }, { headers: { "if-match": `"${visit.version}"` } });
  assert.equal(moved.status, 200, JSON.stringify(moved.body));
  await sync();
  assert.deepEqual(await shown(day), []);
  assert.match((await shown(plus(day, 1)))[0] ?? "", /^14:30\|15:15\|/);
  assert.match(file(), /SEQUENCE:1/);
  assert.equal(await uid(), was);

  assert.equal((await adviser.post(`/api/visits/${visit.id}/cancel`, { reason: "Reporté par l’employeur" })).status, 200);
  await sync();
  assert.match(file(), /STATUS:CANCELLED/);
  assert.match(file(), /SEQUENCE:2/);
  assert.match((await shown(plus(day, 1)))[0] ?? "CANCELLED", /CANCELLED/);
});

test("a new address ends the former one; revoked, there is none; a member who left reads nothing", async () => {
  const old = address;
  address = (await adviser.post("/api/calendar", {})).body.address;
  assert.equal((await fetch(old)).status, 404);
  assert.equal((await feed()).status, 200);
  await m.psql(`update data.member set disabled_at = now() where id = ${(await adviser.get("/api/session")).body.member.id}`);
  assert.equal((await feed()).status, 404);
  await m.psql("update data.member set disabled_at = null");
  assert.equal((await feed()).status, 200);
  assert.equal((await adviser.request("DELETE", "/api/calendar")).status, 204);
  assert.equal((await feed()).status, 404);
  assert.equal((await fetch(`${m.url}/calendrier/nothing.ics`)).status, 404);
  assert.deepEqual((await m.sql("select kind from data.event where kind like 'calendar.%' order by id")).map((one) => one.kind), ["calendar.made", "calendar.made", "calendar.revoked"]);
});

test("who asks too often waits", async () => {
  address = (await adviser.post("/api/calendar", {})).body.address;
  let answer;
  for (let i = 0; i < 125 && (answer = await feed()).status === 200; i++) await answer.arrayBuffer();
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers.get("retry-after")) > 0);
});

test("calls: an attempt is no contact, one that reached somebody is; rules of promises hold", async () => {
  const [a, b] = [employers[1].id, employers[2].id];
  const due = (await adviser.get("/api/session")).body.promise.default_due_on;
  await adviser.post("/api/promises", { establishment: a, due_on: due });
  const listed = async () => (await adviser.get("/api/calls")).body.items.find((one) => one.establishment.id === a);
  assert.ok(await listed());
  const contacts = async (id) => (await m.sql(`select kind from data.contact_event where establishment_id = ${id} and kind = 'call'`)).length;
  const before = await contacts(a);
  const missed = await adviser.post(`/api/establishments/${a}/calls`, { outcome: "no_answer", next_on: plus(today, 2) });
  assert.equal(missed.status, 201, JSON.stringify(missed.body));
  assert.equal(await contacts(a), before);
  assert.equal((await listed()).next_on, plus(today, 2));
  assert.equal((await listed()).calls[0].outcome_label, "Pas de réponse");
  assert.equal((await adviser.post(`/api/establishments/${a}/calls`, { outcome: "later", next_on: plus(today, 3), note: "Rappeler après 14 h" })).status, 201);
  assert.equal(await contacts(a), before + 1);
  // The rest begins for everybody; our own promise goes on.
  assert.equal((await adviser.post(`/api/establishments/${a}/calls`, { outcome: "message" })).status, 201);
  assert.equal((await other.post(`/api/establishments/${a}/calls`, { outcome: "message" })).body.code, "promise_taken");
  // Without a promise a rest is overridden with a reason only.
  assert.equal((await other.post(`/api/establishments/${b}/calls`, { outcome: "later", next_on: plus(today, 20) })).status, 201);
  assert.equal((await adviser.post(`/api/establishments/${b}/calls`, { outcome: "message" })).body.code, "establishment_resting");
  assert.equal((await adviser.post(`/api/establishments/${b}/calls`, { outcome: "appointment", override_reason: "Il nous l’a demandé" })).status, 201);
  // A refusal binds everybody.
  assert.equal((await adviser.post(`/api/establishments/${a}/calls`, { outcome: "refused" })).status, 201);
  assert.equal((await other.post(`/api/establishments/${a}/calls`, { outcome: "message" })).body.code, "establishment_opposed");
  assert.equal((await adviser.post(`/api/establishments/${b}/calls`, { outcome: "message", next_on: plus(today, 200), override_reason: "encore" })).body.code, "due_out_of_range");
});
