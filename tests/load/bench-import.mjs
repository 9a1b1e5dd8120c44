// Measures the import of a register file against a plain \copy of the same rows into the same table with its indexes:
// node bench-import.mjs [ROWS...] (200000 by default). Prints one JSON object on standard output, progress on standard
// error. Fails (status 1) under the budgets: 0.4 of the speed of \copy, 128 MB of memory.
import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const admin = join(process.env.MAILLAGE_BUILD ?? join(root, "build"), "maillage-admin");
const cluster = join(root, "tests/lib/cluster");
const BUDGET = { ratio: 0.4, memory_mb: 128 };

// What an import gives a value to: the columns a plain \copy of the same rows loads.
const columns =
  "siret, legal_name, usual_name, brand, address, postcode, city, commune_code, location, naf, naf_legacy, size_band, " +
  "size_year, is_head, status, diffusion, opened_on, closed_on, register_file, register_date";

const base = mkdtempSync("/tmp/maillage-bench-import-");
chmodSync(base, 0o755);
const dir = join(base, "c");
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PG|MAILLAGE_DB|MAILLAGE_CONFIG)/.test(name)));
const server = spawn(cluster, ["serve", dir], { stdio: ["pipe", "pipe", "inherit"], env: environment });
process.on("exit", () => rmSync(base, { recursive: true, force: true }));
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
if ((await lines.next()).value !== "ready") throw new Error("no database cluster");

const conninfo = (name) => `host=${dir}/run dbname=${name} user=maillage_owner`;
const sql = (name, text) =>
  execFileSync("/usr/lib/postgresql/15/bin/psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", conninfo(name), "-c", text], { encoding: "utf8", env: environment }).trim();
const clone = (name) => execFileSync(cluster, ["clone", dir, "empty", name], { stdio: ["ignore", 2, 2], env: environment });

// Runs a program; its seconds and the most memory it held.
async function timed(program, args) {
  const started = process.hrtime.bigint();
  const child = spawn(program, args, { stdio: ["ignore", 2, 2], env: environment });
  let peak = 0;
  const timer = setInterval(() => {
    try {
      const most = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      peak = Math.max(peak, Number(most?.[1] ?? 0));
    } catch {
      // It has just ended.
    }
  }, 20);
  const status = await new Promise((done) => child.once("exit", done));
  clearInterval(timer);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}`);
  return { seconds: Number(process.hrtime.bigint() - started) / 1e9, peak_mb: peak / 1024 };
}

async function measure(rows) {
  const file = join(base, "rows.csv");
  const plain = join(base, "rows.copy");
  const fd = openSync(file, "w");
  execFileSync("node", [join(root, "tests/load/sirene-rows.mjs"), String(rows)], { stdio: ["ignore", fd, 2] });
  closeSync(fd);
  const a = `import_${rows}`;
  const b = `copy_${rows}`;
  clone(a);
  const first = await timed(admin, ["--db", conninfo(a), "import", "sirene", file]);
  const again = await timed(admin, ["--db", conninfo(a), "import", "sirene", file]);
  if (Number(sql(a, "select count(*) from data.establishment")) !== rows) throw new Error("rows are missing");
  sql(a, `\\copy (select ${columns.replace("register_file", "null")} from data.establishment order by id) to '${plain}'`);
  execFileSync(cluster, ["drop", dir, a], { env: environment });
  clone(b);
  const copy = await timed("/usr/lib/postgresql/15/bin/psql", ["-Xq", "-d", conninfo(b), "-c", `\\copy data.establishment (${columns}) from '${plain}'`]);
  execFileSync(cluster, ["drop", dir, b], { env: environment });
  const round = (n, digits = 2) => Number(n.toFixed(digits));
  return {
    rows,
    file_mb: round(statSync(file).size / 1048576, 1),
    copy_seconds: round(copy.seconds),
    import_seconds: round(first.seconds),
    again_seconds: round(again.seconds),
    rows_per_second: Math.round(rows / first.seconds),
    ratio: round(copy.seconds / first.seconds),
    peak_mb: round(Math.max(first.peak_mb, again.peak_mb), 1),
  };
}

const sizes = process.argv.slice(2).filter((word) => /^\d+$/.test(word)).map(Number);
const results = [];
for (const rows of sizes.length ? sizes : [200000]) {
  results.push(await measure(rows));
}
server.stdin.end();
await new Promise((done) => server.once("exit", done));
const ok = results.every((r) => r.ratio >= BUDGET.ratio && r.peak_mb < BUDGET.memory_mb);
console.log(JSON.stringify({ name: "import-sirene", budget: BUDGET, ok, results }));
process.exitCode = ok ? 0 : 1;
