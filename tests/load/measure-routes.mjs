// The sheet and the lists over HTTP against the same queries, said by pgbench under the same identity.
import { join } from "node:path";
import { median, pgbench, queries, script, wrk } from "./tools.mjs";

const ROUNDS = 3;
const SECONDS = 4;
const PARTNER = 1 | 2 | 16; // who may call these routes: see server/routes.c
// Two digits each: a variable of pgbench is a number, and would lose the zero of 01.
const DIVISIONS = [43, 47, 56, 68, 86, 94, 96];
const SIZES = [11, 12];

// One value of a list at random, in the words of pgbench.
const choose = (name, list) => [
  `\\set ${name}_drawn random(1, ${list.length})`,
  `\\set ${name} case ${list.map((value, i) => `when :${name}_drawn = ${i + 1} then ${value}`).join(" ")} end`,
];

export async function routes({ m, setting, figure, say }) {
  const { establishment_sheet, establishments_list } = queries("api/establishment");
  const who = { hash: await setting.hash(), roles: PARTNER };
  const file = (name) => join(m.dir, `${name}.sql`);
  const page = { closed: "false", sort: "name", most: 51 };
  const cases = [
    {
      name: "sheet", title: "company sheet",
      path: `/api/establishments/{1-${setting.count}}`,
      script: script(file("sheet"), establishment_sheet, { draw: [`\\set id random(1, ${setting.count})`], ...who }),
    },
    {
      name: "list", title: "50 rows by name, filtered",
      path: `/api/establishments?naf={${DIVISIONS.join("|")}}&size={${SIZES.join("|")}}&limit=50`,
      script: script(file("list"), establishments_list, { draw: [...choose("naf", DIVISIONS), ...choose("size", SIZES)], constants: page, ...who }),
    },
    {
      name: "names", title: "50 rows by name, all",
      path: "/api/establishments?limit=50",
      script: script(file("names"), establishments_list, { constants: page, ...who }),
    },
  ];
  const cookie = await setting.cookie();
  for (const c of cases) {
    const identity = { connections: 16, headers: { cookie, "accept-encoding": "identity" } };
    await wrk(m.url, [c.path], { ...identity, seconds: 1 });
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) {
      const bench = await pgbench(m.conninfo("server"), c.script, { seconds: SECONDS, clients: m.workers });
      const http = await wrk(m.url, [c.path], { ...identity, seconds: SECONDS });
      if (http.refused) throw new Error(`${http.refused} of ${http.requests} requests to ${c.path} were refused`);
      rounds.push({ bench, ...http, ratio: http.per_second / bench });
      say(`${c.name}: ${http.per_second.toFixed(0)} requests/s over HTTP, ${bench.toFixed(0)} through pgbench`);
    }
    const gzip = await wrk(m.url, [c.path], { connections: 16, seconds: 3, headers: { cookie, "accept-encoding": "gzip" } });
    figure(`${c.name}.per_second`, `${c.title}: requests/s`, median(rounds.map((r) => r.per_second)), "/s");
    figure(`${c.name}.pgbench_per_second`, "  the same SQL through pgbench", median(rounds.map((r) => r.bench)), "/s");
    figure(`${c.name}.ratio`, "  ratio", median(rounds.map((r) => r.ratio)), "", { least: 0.8 });
    figure(`${c.name}.gzip_per_second`, "  when the answers are compressed", gzip.per_second, "/s");
    figure(`${c.name}.p99_ms`, "  99th percentile, 16 connections", median(rounds.map((r) => r.p99_ms)), "ms");
  }
}
