// What tests ask of the database: a slip in the SQL fails at once and says where, whichever psql reads it, and harms no question after it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Instance } from "../lib/instance.mjs";

let m;
before(async () => {
  m = await Instance.start({ template: "empty", server: false, worker: 0 });
});
after(() => m?.stop());

const slips = {
  "a quote": "select 'open",
  "a name": 'select 1 as "open',
  "a text of dollars": "select $open$ text",
  "a comment": "select 1 /* open",
  "a bracket": "select (1",
  "a bracket too many": "select 1)",
  "no statement": "",
};
const backend = async () => (await m.sql("select pg_backend_pid() as pid"))[0].pid;

test("a question that does not close fails at once, and the next one is answered by the same psql", { timeout: 30_000 }, async () => {
  const pid = await backend();
  for (const [what, statement] of Object.entries(slips)) {
    const error = await m.sql(statement).then(() => assert.fail(`${what}: accepted`), (e) => e);
    assert.equal(error.sqlstate, "42601", `${what}: ${error.message}`);
    assert.equal(await backend(), pid, what);
  }
});

test("what looks like words of psql, or like the end of a text, is SQL all the same", async () => {
  assert.deepEqual(await m.sql("select ':open' as colon, -- a comment is no end\n '\\echo' as slash, $$a 'b'$$ as dollars, array[1, 2] as list;"), [{ colon: ":open", slash: "\\echo", dollars: "a 'b'", list: [1, 2] }]);
  const error = await m.sql("select 1 / 0 as n").catch((e) => e);
  assert.equal(error.sqlstate, "22012");
});

test("so does a script that ends within a quote", { timeout: 30_000 }, async () => {
  for (const text of ["select 'open", "select $open$ text", "select (1"]) {
    const error = await m.psql(text).then(() => assert.fail(`${text}: accepted`), (e) => e);
    assert.equal(error.sqlstate, "42601", `${text}: ${error.message}`);
  }
});
