// Files as wrong as people send them: read whole, or refused in a sentence; either way the list stays as it was.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Instance } from "../lib/instance.mjs";
import { malformed } from "../lib/malformed.mjs";

let m, member;
before(async () => {
  m = await Instance.start({ template: "seed" });
  await m.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
  const made = await m.admin("organisation", "create", "--name", "Cap emploi 03", "--network", "ce", "--territory", "1");
  const told = await m.admin("member", "create", "--email", "anne@example.org", "--name", "Anne Martin", "--organisation", made.match(/Structure (\d+)/)[1], "--role", "adviser");
  member = await m.signIn("anne@example.org", told.match(/Mot de passe : (\S+)/)[1]);
});
after(() => m?.stop());

const hash = (bytes) => createHash("sha256").update(Buffer.from(bytes)).digest("hex");
const looked = async (name, bytes) => {
  const { body, status, text } = await member.request("POST", `/api/imports?preview=true&name=${name}`, Buffer.from(bytes), { type: "application/octet-stream" });
  assert.equal(status, 202, `${name}: ${text}`);
  return m.until(async () => {
    const file = (await member.get(`/api/imports/${body.id}`)).body;
    return ["ready", "refused"].includes(file.state) && file;
  }, `${name} is looked at`);
};

test("what can be read is read whole, what cannot is refused in French with its place; the list stays as it was", async () => {
  const count = () => m.psql("select (select count(*) from data.establishment), (select count(*) from data.source_record)");
  const was = await count();
  for (const [name, bytes, expected] of malformed) {
    const file = await looked(name, bytes);
    const errors = (await member.get(`/api/imports/${file.id}/errors`)).body.items;
    if (expected.code) {
      assert.deepEqual([file.state, errors[0]?.code], ["refused", expected.code], name);
      assert.match(errors[0].message, /^(le|la|ce|l’|du|des) ?\S/, name);
    } else {
      assert.equal(file.state, "ready", `${name}: ${JSON.stringify(errors)}`);
      const seen = (await member.get(`/api/imports/${file.id}/preview`)).body;
      assert.deepEqual([seen.usable, seen.impact.read], [true, expected.read], name);
    }
    // The very bytes are kept, sealed: nothing was lost by looking.
    assert.equal(await m.psql(`select bytes = ${Buffer.from(bytes).length} and is_sealed and content is not null and sha256 = decode('${hash(bytes)}', 'hex') from data.source_file where id = ${file.id}`), "t", name);
  }
  assert.equal(await count(), was);
});
