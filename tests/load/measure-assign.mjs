// Assignments: processor seconds and memory of whole runs of maillage-plan, each result proved by the checker, beside
// LEMON's network simplex on the same instance where it is installed; repairs; visits of unequal length.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../lib/instance.mjs";
import { lines } from "./plan-instances.mjs";

const COMPANIES = 100000, ADVISERS = 500, PAIRS = 15, CHANGES = 60;
const KINDS = ["scattered", "scattered-share", "scattered-tight", "near", "near-tight", "ties", "ties-share", "ties-tight"];
// LEMON takes up to a minute an instance: once for each kind of worth, with and without shares that bind.
const JUDGED = ["scattered", "near-tight", "ties"];
const plan = join(build, "maillage-plan"), lemon = join(build, "plan_lemon");

function generate(file, ...words) {
  const fd = openSync(file, "w");
  let chunk = "";
  for (const line of lines(...words)) {
    chunk += `${line}\n`;
    if (chunk.length > 1 << 20) writeSync(fd, chunk), (chunk = "");
  }
  writeSync(fd, chunk);
  closeSync(fd);
}

// Runs a program that tells what it used: its standard output as a file, seconds of processor, megabytes at most.
function timed(dir, program, ...words) {
  const out = join(dir, "out"), fd = openSync(out, "w");
  const done = spawnSync(program, [...words, "--usage"], { stdio: ["ignore", fd, "pipe"], encoding: "utf8" });
  closeSync(fd);
  const said = /usage ([\d.]+) s (\d+) kB/.exec(done.stderr);
  if (!said) throw new Error(`${program}: ${done.stderr}`);
  return { out, status: done.status, seconds: Number(said[1]), peakMb: Number(said[2]) / 1024 };
}

function proved(instance, result) {
  const said = spawnSync(plan, ["check", instance, result], { encoding: "utf8" });
  if (said.status !== 0) throw new Error(`the checker says no: ${said.stdout}${said.stderr}`);
}

function large(dir, figure, say) {
  const ratios = [];
  for (const kind of KINDS) {
    say(`${kind}: ${COMPANIES} companies, ${ADVISERS} advisers`);
    const file = join(dir, `${kind}.txt`);
    generate(file, kind, COMPANIES, ADVISERS, PAIRS);
    const run = timed(dir, plan, "assign", file);
    proved(file, run.out);
    figure(`assign.${kind}.seconds`, `${kind}: processor`, run.seconds, "s", { most: 4 });
    figure(`assign.${kind}.peak_mb`, "  memory at most", run.peakMb, "MB", { most: 150 });
    if (JUDGED.includes(kind) && existsSync(lemon)) {
      const [profit, seconds] = execFileSync(lemon, [file], { encoding: "utf8" }).trim().split("\n");
      const ours = /^profit (-?\d+)$/m.exec(readFileSync(run.out, "utf8"))?.[1];
      if (profit !== `profit ${ours}`) throw new Error(`${kind}: LEMON says ${profit}, the plan ${ours}`);
      ratios.push(Number(seconds.split(" ")[1]) / run.seconds);
      figure(`assign.${kind}.lemon`, "  LEMON, solving only", Number(seconds.split(" ")[1]), "s");
    }
  }
  if (ratios.length) figure("assign.lemon_ratio", "LEMON's seconds for one of ours, at least", Math.min(...ratios), "", { least: 2 });
}

const CHANGED = ["scattered", "near", "scattered-tight", "near-tight"];

function repairs(dir, figure, say) {
  for (const kind of CHANGED) {
    say(`repairs after one change, ${kind}`);
    const said = JSON.parse(execFileSync(join(build, "plan_repair"), [join(dir, `${kind}.txt`), String(CHANGES)], { encoding: "utf8" }));
    if (!said.same_profit) throw new Error("a repaired plan is not the best");
    for (const change of ["locked", "removed", "added", "ill", "back"]) {
      const name = `assign.repair.${kind}.${change}`;
      figure(`${name}.median_ms`, `${kind}, one ${change}: median`, said[change].median_ms, "ms", { most: 5 });
      figure(`${name}.p99_ms`, "  99 of 100 within", said[change].p99_ms, "ms");
    }
  }
}

// The public benchmark, when the folder of real data is there.
function visits(dir, figure, say) {
  const folder = process.env.MAILLAGE_SHARED && join(process.env.MAILLAGE_SHARED, "data/planning/gap");
  if (!folder || !existsSync(folder)) return;
  const known = new Map(readFileSync(join(folder, "bks.csv"), "utf8").trim().split("\n").slice(1).map((l) => l.split(",")).map((w) => [w[0], Number(w[3])]));
  const gaps = [], below = [];
  for (const name of readdirSync(folder).filter((n) => known.has(n))) {
    say(`visits ${name}, 10 s`);
    const run = timed(dir, plan, "assign", join(folder, name), "--time-limit", "10");
    proved(join(folder, name), run.out);
    const text = readFileSync(run.out, "utf8"), best = known.get(name);
    gaps.push((100 * (Number(/^cost (\d+)$/m.exec(text)[1]) - best)) / best);
    below.push((100 * (best - Number(/^bound (\d+)$/m.exec(text)[1]))) / best);
  }
  const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
  figure("assign.visits.gap", "visits: mean gap to the best known at 10 s", mean(gaps), "%", { most: 0.5 });
  figure("assign.visits.bound", "  own bound below it, at most", Math.max(...below), "%", { most: 0.5 });
}

export async function assign({ figure, say }) {
  const dir = mkdtempSync(join(tmpdir(), "maillage-assign-"));
  try {
    large(dir, figure, say);
    repairs(dir, figure, say);
    visits(dir, figure, say);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
