// Makes the country of country.sql: its steps, each as soon as those before it are done, two at a time.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { root } from "../lib/instance.mjs";

const HEAD = `set search_path = making, data, ext;
set session_replication_role = replica;
set client_min_messages = warning;
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
set work_mem = '256MB';
set max_parallel_workers_per_gather = 0; -- chance is drawn in order; there is another session for the other processor
set max_parallel_maintenance_workers = 0;
`;

/** The steps of a text: { name, after: [names], parts, sql }. */
export function stepsOf(text) {
  return text.split(/^-- @ /m).slice(1).map((piece) => {
    const [, name, after = "", parts = "1"] = /^(\w+)(?: after ([\w ]+?))?(?: times (\d+))?\n/.exec(piece);
    return { name, after: after.split(" ").filter(Boolean), parts: Number(parts), sql: piece.slice(piece.indexOf("\n") + 1) };
  });
}

/** Makes the country in the database of m, which holds the reference data; seconds. say(step, seconds) as each is done. */
export async function makeCountry(m, establishments, say = () => {}) {
  const start = performance.now();
  const share = establishments / 2_500_000;
  const set = { establishments, visits: Math.round(2_000_000 * share), offers: Math.round(500_000 * share) };
  const given = Object.entries(set).map(([name, value]) => `\\set ${name} ${value}\n`).join("");
  const waiting = stepsOf(readFileSync(join(root, "tests/load/country.sql"), "utf8"))
    .flatMap((step) => Array.from({ length: step.parts }, (_, part) => ({ ...step, part })));
  const left = new Map();
  for (const { name } of waiting) left.set(name, (left.get(name) ?? 0) + 1);
  for (const { name, after } of waiting) if (!after.every((one) => left.has(one))) throw new Error(`country.sql: ${name} waits for a step that there is not`);
  const wake = [];
  const session = async () => {
    while (waiting.length) {
      const at = waiting.findIndex((step) => step.after.every((name) => left.get(name) === 0));
      if (at < 0) {
        await new Promise((done) => wake.push(done));
        continue;
      }
      const [step] = waiting.splice(at, 1);
      const begun = performance.now();
      try {
        await m.psql(`${HEAD}${given}\\set part ${step.part}\n${step.sql}`, { role: "postgres" });
      } catch (error) {
        waiting.length = 0;
        throw new Error(`${step.name}: ${error.message}`, { cause: error });
      } finally {
        left.set(step.name, left.get(step.name) - 1);
        for (const done of wake.splice(0)) done();
      }
      say(step.parts > 1 ? `${step.name} ${step.part}` : step.name, (performance.now() - begun) / 1000);
    }
  };
  // Each step leaves what the planner needs: nobody vacuums beside them what they are filling.
  const sweep = (how) => m.psql(`alter system ${how}; select pg_reload_conf();`, { role: "postgres" });
  await sweep("set autovacuum = off");
  await Promise.all([session(), session()]);
  await sweep("reset autovacuum");
  return (performance.now() - start) / 1000;
}
