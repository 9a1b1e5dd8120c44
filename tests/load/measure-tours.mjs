// Tours: public instances against their best known values, a week of 500 advisers, the obedience to the clock.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, root } from "../lib/instance.mjs";
import { prizeInstance, solomonText } from "./route-instances.mjs";
import { instance } from "./tour-instances.mjs";

const plan = join(build, "maillage-plan");

// Runs it; the result and the CPU seconds of the process, as bash counts them.
async function run(...words) {
  const child = spawn("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$@"', "bash", plan, ...words.map(String)], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "", told = "";
  child.stdout.on("data", (more) => (out += more));
  child.stderr.on("data", (more) => (told += more));
  const status = await new Promise((done) => child.once("close", done));
  if (status) throw new Error(`maillage-plan ${words.join(" ")}: ${told}${out.slice(0, 500)}`);
  const [user, system] = told.trim().split("\n").at(-1).split(" ").map(Number);
  return { out, seconds: user + system, stopped: told.includes("horloge") };
}

async function solve(folder, file, limit, seed, ...more) {
  const r = await run("tours", "--time-limit", limit, "--seed", seed, ...more, file);
  const result = join(folder, "result.json");
  writeFileSync(result, r.out);
  await run("check", file, result); // fails unless everything is proved
  return { ...JSON.parse(r.out), seconds: r.seconds, over: r.seconds - limit, text: r.out, stopped: r.stopped };
}

const table = (file) => readFileSync(file, "utf8").trim().split("\n").slice(1).map((line) => line.split(","));
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;

async function publicSets(folder, { figure, say }) {
  const data = join(process.env.MAILLAGE_SHARED ?? join(root, "../shared"), "data/planning");
  if (!existsSync(data)) return say("no public instances (MAILLAGE_SHARED)");
  const over = [], gaps = { solomon: [], toptw: [] };
  for (let seed = 1; seed <= 3; seed++) {
    for (const [name, , best] of table(join(data, "solomon/bks.csv"))) {
      const r = await solve(folder, join(data, `solomon/${name}.txt`), 5, seed);
      gaps.solomon.push(r.summary.unassigned ? 100 : 100 * (r.summary.cost / 10 / Number(best) - 1));
      over.push(r.over);
    }
    for (const [name, tours, , , best] of table(join(data, "toptw/bks.csv"))) {
      const r = await solve(folder, join(data, `toptw/${name}.txt`), 2.5, seed, "--vehicles", tours);
      gaps.toptw.push(100 * (1 - r.summary.prize / Number(best)));
      over.push(r.over);
    }
  }
  figure("tours.solomon", "Solomon, distance, 5 s: mean gap to the best known", mean(gaps.solomon), "%", { most: 0.3 });
  figure("tours.solomon_worst", "  worst", Math.max(...gaps.solomon), "%", { most: 2 });
  figure("tours.toptw", "team orienteering, 2.5 s: mean gap to the best known", mean(gaps.toptw), "%", { most: 0.2 });
  figure("tours.toptw_worst", "  worst", Math.max(...gaps.toptw), "%", { most: 4 });
  figure("tours.over", "  longest beyond the time limit", Math.max(0, ...over), "s", { most: 0.05 });
}

// Larger ones, made after the published kinds, against the best that any of our runs found.
const FOUND_200 = { "C1 9": 22010, "C2 6": 12139, "R1 2": 41968, "R2 8": 25961, "RC1 7": 33746, "RC2 4": 16777 };
const FOUND_1000 = { "R1 7": 283429, "R2 9": 136837 };

async function larger(folder, { figure, say }) {
  const gaps = { fixed: [], prizes: [] };
  for (const [words, best] of Object.entries(FOUND_200)) {
    const [name, number] = words.split(" "), file = join(folder, "fixed.txt");
    say(`200 customers, ${words}`);
    writeFileSync(file, solomonText(name, Number(number), 200, 1));
    const r = await solve(folder, file, 30, 1);
    gaps.fixed.push(r.summary.unassigned ? 100 : 100 * (r.summary.cost / best - 1));
  }
  for (const [words, best] of Object.entries(FOUND_1000)) {
    const [name, number] = words.split(" "), file = join(folder, "prizes.json");
    say(`1,000 customers with prizes, ${words}`);
    const given = prizeInstance(name, Number(number), 1000, 1), all = given.jobs.reduce((sum, j) => sum + j.prize, 0);
    writeFileSync(file, JSON.stringify(given));
    const r = await solve(folder, file, 120, 1);
    gaps.prizes.push(100 * ((r.summary.cost + all - r.summary.prize) / best - 1));
  }
  figure("tours.fixed200", "200 customers, distance, 30 s: mean gap to the best found", mean(gaps.fixed), "%", { most: 1 });
  figure("tours.fixed200_worst", "  worst", Math.max(...gaps.fixed), "%", { most: 3 });
  figure("tours.prizes1000", "1,000 customers with prizes, 120 s: mean gap to the best found", mean(gaps.prizes), "%", { most: 2 });
}

// What the tours of each vehicle bring, and how many visits that had to be made they hold.
function values(result, needed) {
  const all = new Map();
  for (const r of result.routes) {
    const must = r.steps.filter((s) => s.type === "job" && needed.has(s.id)).length;
    all.set(r.vehicle, { must, prize: r.prize, value: r.prize - r.cost });
  }
  return all;
}

async function week(folder, { figure, say }) {
  const file = join(folder, "week.json");
  say("500 advisers, five days");
  writeFileSync(file, JSON.stringify(instance("days", 500, 5, 1)));
  const all = await solve(folder, file, 60, 1);
  figure("tours.week", "2,500 tours of 30 to 60 candidates: CPU", all.seconds, "s", { most: 60 });
  say("a tenth of them, and ten times longer");
  const sample = instance("days", 50, 5, 2), needed = new Set(sample.jobs.filter((j) => j.prize === undefined).map((j) => j.id));
  writeFileSync(file, JSON.stringify(sample));
  const [short, again, long] = [await solve(folder, file, 6, 1), await solve(folder, file, 6, 1), await solve(folder, file, 60, 1)];
  if (short.stopped || again.stopped) say("the machine was too slow: the clock stopped a run");
  const few = values(short, needed), many = values(long, needed);
  let far = 0, sum = 0, best = 0;
  for (const [vehicle, m] of many) {
    const f = few.get(vehicle) ?? { must: 0, value: 0 };
    if (f.must < m.must || m.value - f.value > 0.005 * Math.max(m.prize, 1)) far++;
    sum += f.value;
    best += m.value;
  }
  figure("tours.week_gap", "  value against a run ten times longer: gap", 100 * (1 - sum / best), "%", { most: 0.5 });
  figure("tours.week_far", "  tours more than 0.5 % of their prizes below it", (100 * far) / many.size, "%", { most: 2 });
  // A run that the clock stopped says itself that another may differ.
  const same = short.text === again.text || short.stopped || again.stopped;
  figure("tours.same", "  runs with the same seed that differ unannounced", same ? 0 : 1, "", { most: 0 });
}

export async function tours(tools) {
  const folder = mkdtempSync(join(tmpdir(), "maillage-tours-"));
  try {
    await publicSets(folder, tools);
    await larger(folder, tools);
    await week(folder, tools);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
