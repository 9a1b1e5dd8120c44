// Record linkage: processor time and memory from CSV to groups at three sizes, how they grow, how good the groups are,
// and one new record against a million.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync, closeSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../lib/instance.mjs";
import { generated, program, records, score, truth } from "../lib/linkage.mjs";

const SIZES = [50000, 200000, 1000000];
const NEW = 2000;
const thousands = (n) => (n >= 1e6 ? `${n / 1e6} M` : `${n / 1000} k`);

// Runs a program with its output in a file; the processor seconds it took and the most memory it held.
async function timed(output, file, ...args) {
  const fd = openSync(output, "w");
  const child = spawn("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$@" 2>&3', "bash", file, ...args], { stdio: ["ignore", fd, "pipe", "inherit"] });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  let peak = 0;
  const look = setInterval(() => {
    for (const pid of children(child.pid)) {
      try {
        const most = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
        peak = Math.max(peak, Number(most?.[1] ?? 0));
      } catch {
        // It has just ended.
      }
    }
  }, 5);
  const status = await new Promise((done) => child.once("close", done));
  clearInterval(look);
  closeSync(fd);
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${status}: ${said}`);
  const [user, system] = said.trim().split("\n").at(-1).split(" ").map(Number);
  return { seconds: user + system, megabytes: peak / 1024 };
}

function children(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((t) => readFileSync(`/proc/${pid}/task/${t}/children`, "utf8").split(" ").filter(Boolean));
  } catch {
    return [];
  }
}

// The first `count` records of a large file and the rest, each with the header: nothing of it is parsed.
function cut(path, count, head, tail) {
  const text = readFileSync(path);
  let at = text.indexOf(10) + 1;
  const header = text.subarray(0, at);
  for (let i = 0; i < count; i++) at = text.indexOf(10, at) + 1;
  writeFileSync(head, text.subarray(0, at));
  writeFileSync(tail, Buffer.concat([header, text.subarray(at)]));
}

export async function linkage({ figure, say }) {
  const base = mkdtempSync("/tmp/maillage-bench-linkage-");
  const seconds = {};
  try {
    for (const records_ of SIZES) {
      say(`${thousands(records_)} establishments`);
      const last = records_ === SIZES.at(-1);
      const data = generated(base, "etablissement", { seed: 60, records: records_ + (last ? NEW : 0) });
      const [stock, fresh] = [join(base, "stock.csv"), join(base, "new.csv")];
      if (last) cut(data.file, records_, stock, fresh);
      const groups = join(base, "groups.csv");
      const r = await timed(groups, program, "group", "--type", "etablissement", last ? stock : data.file);
      seconds[records_] = r.seconds;
      const name = `linkage.etablissement_${records_ / 1000}k`;
      figure(`${name}.seconds`, `establishments, ${thousands(records_)}: processor time`, r.seconds, "s", { 50000: { most: 1.5 }, 1000000: { most: 40 } }[records_] ?? null);
      figure(`${name}.megabytes`, "  memory at most", r.megabytes, "MB", last ? { most: 2048 } : null);
      if (records_ === SIZES[0]) quality(figure, name, score(truth(data.truth), answer(groups)));
      if (!last) continue;
      const grown = Math.log(seconds[SIZES[2]] / seconds[SIZES[0]]) / Math.log(SIZES[2] / SIZES[0]);
      figure("linkage.growth", "growth from 50 k to 1 M: power of the size", grown, "", { most: 1.15 });
      say(`${NEW} new records against them`);
      const one = JSON.parse(execFileSync(join(build, "linkage_one"), ["etablissement", stock, fresh], { encoding: "utf8" }));
      figure("linkage.one.p50_ms", "one new record against 1 M: p50", one.p50 / 1000, "ms");
      figure("linkage.one.p99_ms", "  p99", one.p99 / 1000, "ms", { most: 5 });
      figure("linkage.one.most_ms", "  slowest", one.most / 1000, "ms");
      figure("linkage.one.joined", "  joined a group that was there", one.joined / one.records, "");
    }
    say("50 k contacts");
    const data = generated(base, "contact", { seed: 61, records: SIZES[0] });
    const groups = join(base, "groups.csv");
    const r = await timed(groups, program, "group", "--type", "contact", data.file);
    figure("linkage.contact_50k.seconds", "contacts, 50 k: processor time", r.seconds, "s", { most: 1.5 });
    figure("linkage.contact_50k.megabytes", "  memory at most", r.megabytes, "MB");
    quality(figure, "linkage.contact_50k", score(truth(data.truth, "person_id"), answer(groups)));
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const answer = (path) => new Map(records(readFileSync(path, "utf8")).map((r) => [r.record_id, r.entity_id]));

function quality(figure, name, s) {
  figure(`${name}.pairwise_f1`, "  pairwise F1", s.pairwise.f1, "");
  figure(`${name}.pairwise_precision`, "  pairwise precision", s.pairwise.precision, "");
  figure(`${name}.bcubed_f1`, "  B-cubed F1", s.bcubed.f1, "");
  for (const [kind, k] of Object.entries(s.kinds).sort()) {
    figure(`${name}.${kind}.precision`, `  ${kind}: B-cubed precision (${k.n} records)`, k.precision, "");
    figure(`${name}.${kind}.recall`, `  ${kind}: B-cubed recall`, k.recall, "");
  }
}
