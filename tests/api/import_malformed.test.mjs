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
const given = async (name, bytes) => {
  const { body, status, text } = await member.request("POST", `/api/imports?preview=true&name=${encodeURIComponent(name)}`, Buffer.from(bytes), { type: "application/octet-stream" });
  assert.equal(status, 202, `${name}: ${text}`);
  return body.id;
};
const looked = (name, id) =>
  m.until(async () => {
    const file = (await member.get(`/api/imports/${id}`)).body;
    return ["ready", "refused"].includes(file.state) && file;
  }, `${name} is looked at`);

/** What was understood of a file agrees with what was expected of it. */
async function agrees(name, id, expected) {
  const seen = (await member.get(`/api/imports/${id}/preview`)).body;
  const lines = (await member.get(`/api/imports/${id}/lines`)).body.items;
  const told = JSON.stringify({ lines, reasons: seen.reasons, columns: seen.columns.slice(0, 8).map((c) => [c.name, c.meaning]) });
  assert.deepEqual([seen.usable, seen.impact.read], [true, expected.read], `${name}: ${told}`);
  const kept = (field) => lines.map((line) => line[field]).filter((value) => value !== null);
  if (expected.sirets) assert.deepEqual(kept("siret"), expected.sirets, `${name}: ${told}`);
  if (expected.names) assert.deepEqual(lines.map((line) => line.name).slice(0, expected.names.length), expected.names, `${name}: ${told}`);
  if (expected.cities) assert.deepEqual(kept("city"), expected.cities, `${name}: ${told}`);
  for (const code of expected.codes ?? []) assert.ok(seen.reasons.some((reason) => reason.code === code), `${name} tells ${code}: ${told}`);
  if (expected.meanings) assert.deepEqual(seen.columns.map((column) => column.meaning), expected.meanings, `${name}: ${told}`);
  // The header and what follows it can be seen wherever they stand.
  const shown = seen.rows.map((row) => row.line);
  if (seen.header) assert.ok(shown.includes(seen.header) && shown.at(-1) > seen.header, `${name}: lines ${shown}`);
  for (const field of ["kind", "sheet", "header", "encoding"]) if (field in expected) assert.equal(seen[field], expected[field], `${name}: ${field}`);
  if (expected.created !== undefined) assert.equal(seen.impact.created, expected.created, `${name}: ${told}`);
  if (expected.note) assert.ok(seen.notes.some((note) => expected.note.test(note)), `${name}: ${JSON.stringify(seen.notes)}`);
}

test("what can be read is read whole, what cannot is refused in French with its place; the list stays as it was", async () => {
  const count = () => m.psql("select (select count(*) from data.establishment), (select count(*) from data.source_record)");
  const was = await count();
  const wrong = [];
  // All of them wait at once: the worker takes them one after the other.
  const ids = [];
  for (const [name, bytes] of malformed) ids.push(await given(name, bytes));
  for (const [index, [name, , expected]] of malformed.entries()) {
    try {
      const file = await looked(name, ids[index]);
      const errors = (await member.get(`/api/imports/${file.id}/errors`)).body.items;
      if (expected.code) {
        assert.deepEqual([file.state, errors[0]?.code], ["refused", expected.code], name);
        assert.match(errors[0].message, /^(le|la|ce|cette|l’|du|des) ?\S/, name);
      } else {
        assert.equal(file.state, "ready", `${name}: ${JSON.stringify(errors)}`);
        await agrees(name, file.id, expected);
      }
    } catch (failure) {
      wrong.push(failure.message);
    }
  }
  assert.equal(wrong.join("\n"), "");
  // The very bytes are kept, sealed: nothing was lost by looking.
  const kept = await m.sql(`select id, bytes, encode(sha256, 'hex') as sha256 from data.source_file where is_sealed and content is not null and id in (${ids.join()}) order by id`);
  assert.deepEqual(kept, malformed.map(([, bytes], i) => ({ id: ids[i], bytes: Buffer.from(bytes).length, sha256: hash(bytes) })).sort((a, b) => a.id - b.id));
  assert.equal(await count(), was);
});

test("a file with lines of every kind of wrong is imported: the good ones are in, the others told, nothing is lost", async () => {
  const text = "SIRET;Nom;CP;Ville;Contact;Tél contact\r\n41816609600069;OCTO;03000;MOULINS;DUPONT;0612345678\r\n01545141200025;FERME; DU PRE;03200;VICHY;;\r\n(suite);03200;VICHY\r\nTotal : 2;;;;;\r\n;\"GARAGE;03200;VICHY;;\r\n";
  const id = await given("mélange.csv", text);
  await looked("mélange.csv", id);
  assert.equal((await member.post(`/api/imports/${id}/start`)).status, 200);
  const done = await m.until(async () => {
    const file = (await member.get(`/api/imports/${id}`)).body;
    return ["done", "refused"].includes(file.state) && file;
  }, "it is imported");
  assert.equal(done.state, "done");
  assert.deepEqual([done.summary.read, done.summary.created, done.summary.unusable], [5, 2, 2]);
  const codes = (await member.get(`/api/imports/${id}/errors`)).body.items.map((e) => [e.line, e.code]);
  assert.deepEqual(codes.filter(([, code]) => code !== "siret_empty"), [[3, "row_aligned"], [4, "row_columns"], [5, "row_total"], [6, "quote_read"]]);
  const names = await m.psql(`select string_agg(legal_name, '|' order by legal_name) from data.establishment where siret in ('41816609600069', '01545141200025')`);
  assert.equal(names, "FERME; DU PRE|OCTO");
});
