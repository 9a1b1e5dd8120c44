// The demo territory: everybody can sign in, and making it again changes nothing.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { Instance } from "../lib/instance.mjs";

let m, dir;
before(async () => {
  m = await Instance.start({ template: "demo", worker: 0 });
  dir = mkdtempSync(join(tmpdir(), "maillage-demo-"));
});
after(async () => {
  await m?.stop();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

const state = () =>
  m.sql(`select (select count(*) from data.event) as events, (select count(*) from data.establishment) as establishments,
                (select md5(string_agg(password_hash, ',' order by id)) from data.member) as passwords`, { role: "owner" });

test("an adviser of each network signs in, and is told that the data are fictitious", async () => {
  for (const network of ["ft", "ml", "ce", "plie"]) {
    const { email } = m.account({ role: "adviser", network });
    const session = await m.signIn(email);
    const { status, body } = await session.get("/api/session");
    assert.equal(status, 200);
    assert.equal(body.instance.demo, true);
    assert.equal(body.organisation.network, network);
  }
});

test("made again, nothing changes", async () => {
  const out = join(dir, "accounts.json");
  writeFileSync(out, "[]\n");
  const before = await state();
  await m.admin("demo", "--out", out);
  assert.deepEqual(await state(), before);
  assert.equal(readFileSync(out, "utf8"), "[]\n");
});

test("when the accounts are lost they get a new password, and nothing else changes", async () => {
  const out = join(dir, "lost.json");
  const [before] = await state();
  await m.admin("demo", "--out", out);
  const [now] = await state();
  assert.equal(now.events, before.events);
  assert.notEqual(now.passwords, before.passwords);
  assert.equal(statSync(out).mode & 0o777, 0o600);
  const accounts = JSON.parse(readFileSync(out, "utf8"));
  assert.ok(accounts.length >= 25);
  for (const a of accounts) for (const field of ["email", "password", "name", "role", "organisation", "network"]) assert.ok(a[field], field);
  assert.equal(accounts.filter((a) => a.organisations).length, 1, "one member is seconded");
  await m.signIn(accounts[0].email, accounts[0].password);
});

test("an instance that is in use does not get the demo", async () => {
  const used = await Instance.start({ template: "seed", worker: 0, server: false });
  try {
    await used.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
    await used.admin("organisation", "create", "--name", "Cap emploi 03", "--network", "ce", "--territory", "1");
    const out = join(dir, "used.json");
    await assert.rejects(used.admin("demo", "--out", out));
    assert.ok(!existsSync(out));
  } finally {
    await used.stop();
  }
});
