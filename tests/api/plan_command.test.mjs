// maillage-plan as people and programs call it: results on the output, what is refused said on both, the checker's word as status.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "../lib/instance.mjs";

const dir = mkdtempSync("/tmp/maillage-plan-");
after(() => rmSync(dir, { recursive: true }));

const file = (name, content) => {
  const path = join(dir, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const plan = (...words) => {
  const { status, stdout, stderr } = spawnSync(join(build, "maillage-plan"), words, { encoding: "utf8" });
  return { status, stdout, stderr };
};

const tours = {
  vehicles: [{ id: 1, start: [3.33, 46.56], end: [3.33, 46.56], time_window: [28800, 61200] }],
  jobs: [
    { id: 1, location: [3.4, 46.5], service: 1800, prize: 5000 },
    { id: 2, location: [3.35, 46.6], service: 1800, prize: 5000, time_windows: [[36000, 39600]] },
    { id: 3, location: [9.0, 40.0], service: 1800 },
  ],
};

test("tours: a plan on the output, proved by the checker, the same for the same seed", () => {
  const instance = file("tours.json", tours);
  const first = plan("tours", "--time-limit", "0.2", "--seed", "7", instance);
  assert.equal(first.status, 0, first.stderr);
  const told = JSON.parse(first.stdout);
  assert.equal(told.code, 0);
  assert.deepEqual(told.unassigned.map((one) => one.id), [3]);
  assert.ok(told.unassigned[0].explanation, "who is left out is told why");
  assert.equal(plan("tours", "--time-limit", "0.2", "--seed", "7", instance).stdout, first.stdout);
  const result = file("tours-result.json", first.stdout);
  assert.equal(plan("check", instance, result).status, 0);
  const forged = file("forged.json", first.stdout.replace(/"arrival":\d+/, '"arrival":1'));
  const no = plan("check", instance, forged);
  assert.equal(no.status, 1);
  assert.match(no.stdout, /NON\s*$/);
});

test("tours: what is not valid is named, as clients of VROOM read it", () => {
  const refused = plan("tours", file("wrong.json", { ...tours, jobs: [{ ...tours.jobs[0], service: -1 }] }));
  assert.equal(refused.status, 2);
  const told = JSON.parse(refused.stdout);
  assert.equal(told.code, 2);
  assert.match(told.error, /\/jobs\/0\/service/);
  assert.match(refused.stderr, /\/jobs\/0\/service/);
  const broken = plan("tours", "--format", "vroom", file("broken.json", "{"));
  assert.deepEqual([broken.status, JSON.parse(broken.stdout).code], [2, 2]);
  const text = plan("tours", "--format", "solomon", file("solomon.txt", "R101\n\nVEHICLE\n"));
  assert.deepEqual([text.status, text.stdout], [2, ""], "other formats have their sentence alone");
});

test("assignment: a plan, its proof, and rules that contradict each other", () => {
  const content = {
    organisations: [{ name: "Cap emploi" }],
    advisers: [{ name: "Zoé", organisation: 0, capacity: 1 }],
    establishments: [
      { name: "Garage", days: null, pairs: [{ adviser: 0 }] },
      { name: "Scierie", days: 900, pairs: [{ adviser: 0, profit: -100 }] },
    ],
  };
  const instance = file("case.json", content);
  const first = plan("assign", instance);
  assert.equal(first.status, 0, first.stderr);
  const told = JSON.parse(first.stdout);
  assert.equal(told.status, "optimal");
  assert.match(told.establishments[0].why, /jamais contacté/);
  assert.equal(plan("check", instance, file("case-result.json", first.stdout)).status, 0);
  const crossed = plan("assign", file("crossed.json", { ...content, organisations: [{ name: "Cap emploi", lower: 5 }] }));
  assert.equal(crossed.status, 1);
  const conflict = JSON.parse(crossed.stdout);
  assert.equal(conflict.status, "impossible");
  assert.ok(conflict.conflict.some((rule) => /minimum de Cap emploi/.test(rule)), crossed.stdout);
  const refused = plan("assign", file("refused.json", { ...content, advisers: [{ name: "Zoé", organisation: 3, capacity: 1 }] }));
  assert.deepEqual([refused.status, refused.stdout], [2, ""]);
  assert.match(refused.stderr, /organisation/);
});
