// `./maillage bench`: runs the measures one after the other and holds their figures against the budgets.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { build, root } from "../lib/instance.mjs";
import { Setting } from "./setting.mjs";
import { routes } from "./measure-routes.mjs";
import { lanes } from "./measure-lanes.mjs";
import { memory } from "./measure-memory.mjs";
import { thread } from "./measure-thread.mjs";
import { opening } from "./measure-opening.mjs";
import { board } from "./measure-board.mjs";
import { linkage } from "./measure-linkage.mjs";
import { assign } from "./measure-assign.mjs";
import { tours } from "./measure-tours.mjs";
import { desk } from "./measure-desk.mjs";
import { segments } from "./measure-segments.mjs";
import { plans } from "./measure-plans.mjs";
import { potential } from "./measure-potential.mjs";
import { week } from "./measure-week.mjs";
import { field } from "./measure-field.mjs";
import { maps } from "./measure-maps.mjs";
import { pan } from "./measure-pan.mjs";

const measures = { routes, lanes, memory, thread, opening, board, plans, segments, import: importing, desk, linkage, assign, tours, week, field, potential, maps, pan };
const alone = ["import", "desk", "linkage", "assign", "tours", "week", "field", "potential", "maps", "pan"]; // need no instance

const options = { json: false, only: Object.keys(measures), rows: 200000 };
for (let words = process.argv.slice(2); words.length; ) {
  const [word, value] = words.shift().split("=", 2);
  const take = () => value ?? words.shift() ?? refuse(`${word} needs a value`);
  if (word === "--json") options.json = true;
  else if (word === "--only") options.only = take().split(",");
  else if (word === "--rows") options.rows = Number(take());
  else refuse(`unknown option ${word}`);
}
const strange = options.only.find((name) => !measures[name]);
if (strange !== undefined) refuse(`no measure ${strange}; there are: ${Object.keys(measures).join(", ")}`);
if (!(options.rows >= 1)) refuse("--rows takes a number");

function refuse(why) {
  console.error(`bench: ${why}`);
  process.exit(2);
}

const say = (text) => console.error(`  ${text}`);
const figures = [];
let measure = "";

// budget: { least } | { most } | { below }
function figure(name, title, value, unit, budget = null) {
  const ok = budget ? !(value < budget.least || value > budget.most || value >= budget.below) : null;
  figures.push({ measure, name, title: title.trim(), value: Number(value.toPrecision(6)), unit, budget, ok, is_part: title.startsWith(" ") });
}

async function importing({ figure }) {
  const child = spawn("node", [join(root, "tests/load/bench-import.mjs"), String(options.rows)], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (more) => (text += more));
  await new Promise((done) => child.once("close", done));
  const { results, budget } = JSON.parse(text);
  const [r] = results;
  figure("import.rows", "register file: rows", r.rows, "");
  figure("import.seconds", "  first import", r.import_seconds, "s");
  figure("import.again_seconds", "  the same file again", r.again_seconds, "s");
  figure("import.copy_seconds", "  plain \\copy of the same rows", r.copy_seconds, "s");
  figure("import.ratio", "  speed against \\copy", r.ratio, "", { least: budget.ratio });
  figure("import.peak_mb", "  memory at most", r.peak_mb, "MB", { below: budget.memory_mb });
}

function table() {
  const number = (f) => {
    const digits = Math.abs(f.value) >= 100 ? 0 : Math.abs(f.value) >= 10 ? 1 : 2;
    return `${f.value.toFixed(Number.isInteger(f.value) ? 0 : digits)}${f.unit.startsWith("/") || !f.unit ? f.unit : ` ${f.unit}`}`;
  };
  const limit = ({ budget, unit }) => {
    if (!budget) return "";
    const [[word, value]] = Object.entries(budget);
    return `${{ least: "at least", most: "at most", below: "below" }[word]} ${value}${unit ? ` ${unit}` : ""}`;
  };
  const lines = [];
  let last = "";
  for (const f of figures) {
    if (f.measure !== last) lines.push("", f.measure.toUpperCase());
    last = f.measure;
    const verdict = f.ok === null ? "" : f.ok ? "ok" : "FAILED";
    lines.push(`  ${(f.is_part ? "  " : "") + f.title}`.padEnd(62) + number(f).padStart(12) + `   ${limit(f).padEnd(14)} ${verdict}`.trimEnd());
  }
  return lines.join("\n");
}

const buildType = /CMAKE_BUILD_TYPE:\w+=(\w*)/.exec(readFileSync(join(build, "CMakeCache.txt"), "utf8"))?.[1] ?? "";
const sanitize = /MAILLAGE_SANITIZE:\w+=(\w+)/.exec(readFileSync(join(build, "CMakeCache.txt"), "utf8"))?.[1] ?? "";
if (!/^Rel/.test(buildType) || sanitize) console.error(`bench: ${build} is a ${buildType || "nameless"} ${sanitize} build; its figures say nothing about a release`);

const machine = {
  cores: cpus().length, processor: cpus()[0].model, memory_mb: Math.round(totalmem() / 1048576),
  load_before: loadavg()[0], node: process.version, build: buildType,
};
const started = Date.now();
const failures = [];
let setting = null;
const stop = async (status) => {
  await setting?.close();
  process.exit(status);
};
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop(130));

try {
  if (options.only.some((name) => !alone.includes(name))) setting = await Setting.open(say);
  for (const name of Object.keys(measures).filter((n) => options.only.includes(n))) {
    measure = name;
    console.error(`• ${name}`);
    if (alone.includes(name)) {
      await setting?.close(); // nothing else runs beside it
      setting = null;
    }
    try {
      await measures[name]({ m: setting?.m, setting, figure, say });
    } catch (error) {
      failures.push({ measure: name, why: String(error.message ?? error) });
      console.error(`  ${name} could not be measured: ${error.stack ?? error}`);
    }
  }
} finally {
  await setting?.close();
}

const ok = failures.length === 0 && figures.every((f) => f.ok !== false);
const seconds = Math.round((Date.now() - started) / 1000);
if (options.json) {
  console.log(JSON.stringify({ at: new Date(started).toISOString(), seconds, machine, ok, failures, figures: figures.map(({ is_part, ...f }) => f) }, null, 1));
} else {
  console.log(table());
  const missed = figures.filter((f) => f.ok === false).length + failures.length;
  console.log(`\n${missed ? `${missed} missed` : "Every budget is met"}; ${seconds} s, ${machine.cores} cores, load ${machine.load_before.toFixed(1)} when it began.`);
}
process.exitCode = ok ? 0 : 1;
