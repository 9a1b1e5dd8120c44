// What the tests and measures of the linkage share: CSV, the two programs, a score.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { build } from "./instance.mjs";

export const program = join(build, "maillage-link");
export const generator = join(build, "linkage_data");
export const shared = process.env.MAILLAGE_SHARED && join(process.env.MAILLAGE_SHARED, "data");

/** The records of a CSV text (commas, quotes), the first being the header. */
export function parse(text) {
  const rows = [];
  let row = [];
  let at = 0;
  while (at < text.length) {
    let value;
    if (text[at] === '"') {
      let end = at + 1;
      while (text[end] !== '"' || text[end + 1] === '"') end += text[end] === '"' ? 2 : 1;
      value = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && text[end] !== "," && text[end] !== "\n") end++;
      value = text.slice(at, end).replace(/\r$/, "");
      at = end;
    }
    row.push(value);
    if (text[at] !== ",") {
      rows.push(row);
      row = [];
    }
    at++;
  }
  return rows;
}

/** Records as objects. */
export function records(text) {
  const [header, ...rows] = parse(text);
  const names = header.map((name) => name.trim());
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ""])));
}

/** CSV text of objects, with these columns in this order. */
export function csv(list, columns = Object.keys(list[0])) {
  const field = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...list.map((one) => columns.map((name) => one[name]))].map((row) => row.map(field).join(",")).join("\n") + "\n";
}

/** A file that may be compressed. */
export const text = (path) => (path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString("utf8");

/** Files of the generator in a directory of their own, made once: { file, truth } of records. */
export function generated(base, type, { seed, ...size }) {
  const dir = join(base, `${type}-${seed}-${Object.values(size)[0]}`);
  const name = type === "contact" ? "contacts" : "etablissements";
  if (!existsSync(dir)) {
    mkdirSync(dir);
    const words = ["--type", type, "--seed", String(seed), "--out", dir, ...Object.entries(size).flatMap(([k, v]) => [`--${k}`, String(v)])];
    const { status, stderr } = spawnSync(generator, words, { encoding: "utf8" });
    if (status !== 0) throw new Error(`linkage_data: ${stderr}`);
  }
  return { dir, file: join(dir, `${name}.csv`), truth: join(dir, `${name}_truth.csv`) };
}

/** Runs maillage-link: { status, stdout, stderr }. */
export function run(...args) {
  return new Promise((done) =>
    execFile(program, args.map(String), { maxBuffer: 1 << 28 }, (error, stdout, stderr) => done({ status: error ? (error.code ?? 1) : 0, stdout, stderr })),
  );
}

/** Groups files: record_id -> entity_id. */
export async function group(type, ...files) {
  const { status, stdout, stderr } = await run("group", "--type", type, ...files);
  if (status !== 0) throw new Error(`maillage-link ended with ${status}: ${stderr}`);
  return new Map(records(stdout).map((r) => [r.record_id, r.entity_id]));
}

/** Writes objects (or text) as a file and answers its path. */
export function file(dir, name, content) {
  const path = join(dir, name);
  writeFileSync(path, typeof content === "string" ? content : csv(content));
  return path;
}

/** The groups as a partition: for each record the smallest record of its group, whatever the ids. */
export function partition(groups) {
  const first = new Map();
  for (const [record, entity] of groups) if (!first.has(entity) || record < first.get(entity)) first.set(entity, record);
  return new Map([...groups].map(([record, entity]) => [record, first.get(entity)]));
}

/** Records that are not with the same others in both partitions. */
export function moved(a, b) {
  const [x, y] = [partition(a), partition(b)];
  return [...x.keys()].filter((record) => x.get(record) !== y.get(record));
}

const ratio = (p, r) => (p + r ? (2 * p * r) / (p + r) : 0);

/**
 * Pairwise and B-cubed (Bagga and Baldwin 1998) precision, recall and F1 of groups against the truth
 * (record -> { entity, kind }), and the B-cubed precision and recall of each kind. A record without
 * group is alone.
 */
export function score(truth, groups) {
  const cell = new Map();
  const bySystem = new Map();
  const byTruth = new Map();
  const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
  const keys = [...truth].map(([record, { entity, kind }]) => {
    const system = groups.has(record) ? `g${groups.get(record)}` : `alone ${record}`;
    const both = `${entity}\n${system}`;
    count(cell, both);
    count(bySystem, system);
    count(byTruth, entity);
    return { entity, kind, system, both };
  });
  const pairs = (map) => [...map.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const p = pairs(bySystem) ? pairs(cell) / pairs(bySystem) : 1;
  const r = pairs(byTruth) ? pairs(cell) / pairs(byTruth) : 1;
  const kinds = {};
  const all = { n: 0, precision: 0, recall: 0 };
  for (const { entity, kind, system, both } of keys) {
    kinds[kind] ??= { n: 0, precision: 0, recall: 0 };
    for (const slice of [kinds[kind], all]) {
      slice.n++;
      slice.precision += cell.get(both) / bySystem.get(system);
      slice.recall += cell.get(both) / byTruth.get(entity);
    }
  }
  for (const slice of [...Object.values(kinds), all]) {
    slice.precision /= slice.n;
    slice.recall /= slice.n;
  }
  return {
    pairwise: { precision: p, recall: r, f1: ratio(p, r) },
    bcubed: { ...all, f1: ratio(all.precision, all.recall) },
    kinds,
  };
}

/** The truth of a file of truth. */
export function truth(path, entity = "entity_id") {
  return new Map(records(text(path)).map((r) => [r.record_id, { entity: r[entity], kind: r.kind ?? "" }]));
}
