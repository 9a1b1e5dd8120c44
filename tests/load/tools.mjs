// What the measures share: wrk, pgbench, the queries of the server, the memory of a process.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../lib/instance.mjs";

const run = promisify(execFile);

export const median = (list) => quantile(list, 0.5);

export function quantile(list, q) {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

/**
 * Loads paths (see wrk.lua) for some seconds: requests answered with success per second, and their times. pause: how long
 * each connection rests between two requests, in milliseconds on average; without it, not at all.
 */
export async function wrk(url, paths, { seconds = 4, connections = 16, pause = 0, headers = {} } = {}) {
  const words = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const { stdout } = await run("wrk", [
    "-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", ...words, "-s", join(root, "tests/load/wrk.lua"), url, "--", ...(pause ? [`pause=${pause}`] : []), ...paths,
  ]);
  const said = JSON.parse(stdout.trim().split("\n").at(-1));
  if (said.broken) throw new Error(`wrk: ${said.broken} connections failed on ${paths.join(" ")}`);
  return { ...said, per_second: (said.requests - said.refused) / said.seconds };
}

/** Processor time of this cluster so far, in milliseconds: its processes, and those that ended (parallel workers). */
export function processorTime(m) {
  const postmaster = Number(readFileSync(join(m.cluster.dir, "pg/postmaster.pid"), "utf8").split("\n")[0]);
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    let words;
    try {
      words = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    } catch {
      continue;
    }
    const [utime, stime, cutime, cstime] = words.slice(11, 15).map(Number);
    if (Number(pid) === postmaster) ticks += utime + stime + cutime + cstime;
    else if (Number(words[1]) === postmaster) ticks += utime + stime;
  }
  return ticks * 10;
}

/** The named queries of server/api/NOUN.sql: { params: [{ name, type }], sql, replan }. */
export function queries(noun) {
  const found = {};
  let query = null;
  for (const line of readFileSync(join(root, `server/${noun}.sql`), "utf8").split("\n")) {
    const head = /^-- (\w+)\((.*)\) -> \S+?( replan)?$/.exec(line);
    if (head) {
      const params = [...head[2].matchAll(/(\w+) ([\w ]+)\??/g)].map(([, name, type]) => ({ name, type }));
      found[head[1]] = query = { params, sql: "", replan: Boolean(head[3]) };
    } else if (query && !line.startsWith("--")) {
      query.sql += line + "\n";
    }
  }
  return found;
}

// A query as pgbench says it: the parameters given become its variables, the others are null.
function statement(query, given) {
  const type = new Map(query.params.map((p) => [p.name, p.type]));
  return query.sql.trim().replace(/;$/, "").replace(/(?<![:\w]):([a-z_]+)/g, (_, name) =>
    given.includes(name) ? `(:${name}::${type.get(name)})` : `(null::${type.get(name)})`) + ";";
}

/**
 * A pgbench script that does what the server does for one request: who asks, how to plan, the query, in one round trip.
 * draw: lines that set variables; constants: variables that stay.
 */
export function script(file, query, { draw = [], constants = {}, hash, roles }) {
  const given = [...draw.map((line) => /^\\set (\w+)/.exec(line)[1]), ...Object.keys(constants)];
  const identify = queries("http/request").request_identify;
  const replan = queries("base/db").db_say_replan;
  writeFileSync(file, [
    ...draw,
    "\\startpipeline",
    statement(identify, ["token_hash", "roles"]),
    ...(query.replan ? [statement(replan, [])] : []),
    statement(query, given),
    "\\endpipeline",
    "",
  ].join("\n"));
  const variables = { ...constants, token_hash: `\\x${hash}`, roles };
  return { file, variables: Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`) };
}

/** Runs a script; transactions per second. */
export async function pgbench(conninfo, { file, variables }, { seconds = 4, clients = 4 } = {}) {
  const { stdout } = await run("/usr/lib/postgresql/15/bin/pgbench", [
    "--no-vacuum", "--protocol=prepared", `--client=${clients}`, "--jobs=1", `--time=${seconds}`, `--file=${file}`, ...variables, conninfo,
  ]);
  const failed = Number(/number of failed transactions: (\d+)/.exec(stdout)?.[1] ?? 0);
  const tps = Number(/tps = ([\d.]+) \(without/.exec(stdout)?.[1]);
  if (failed || !(tps > 0)) throw new Error(`pgbench: ${stdout}`);
  return tps;
}

/** Megabytes a process holds in memory. */
export function resident(child) {
  // setpriv gives way to the program: the number is that of the program.
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024;
}
