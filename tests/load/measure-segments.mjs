// Segments: live counts over HTTP at 120,000 and 2.5 million establishments, and the members of 200 segments after 10,000
// rows of an import have changed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { root } from "../lib/instance.mjs";
import { quantile, processorTime } from "./tools.mjs";

const all = (...items) => ({ all: items });
const is = (field, ...value) => ({ field, op: "is", value });
const at = (field, op, value) => ({ field, op, value });

// What people ask, from the narrow to the wide; none is left out because it is slow.
const rules = [
  all(),
  all(is("naf", "I")),
  all(is("naf", "56.10A"), at("visit", "never")),
  all(is("naf", "F", "G", "45.20A", "10.71C", "96.02A"), is("size", "11", "12", "21")),
  all(is("size", "01", "02", "03", "11", "12"), at("visit", "never")),
  all(is("size", "unknown")),
  all(at("visit", "not_within", 12), { none: [is("state", "opposed")] }),
  all(is("state", "free"), at("potential", "at_least", 50)),
  all(is("state", "resting")),
  all(is("department", "03", "63", "42")),
  all(is("commune", "03190", "03185", "03310")),
  all(at("near", "inside", { lon: 3.333, lat: 46.565, km: 30 })),
  all(at("area", "inside", { points: Array.from({ length: 60 }, (_, i) => [2.9 + Math.cos((i * Math.PI) / 30) * (0.5 + (i % 2) * 0.2), 46.4 + Math.sin((i * Math.PI) / 30) * (0.4 + (i % 2) * 0.1)]) })),
  all(at("area", "inside", { points: [[-4, 42.5], [8, 42.5], [8, 51], [-4, 51]] }), is("naf", "C")),
  all(is("legal", "57", "54"), is("size", "11", "12", "21", "22")),
  all(is("legal", "92")),
  all(is("contact_network", "ft", "ce"), at("contact", "within", 12)),
  all(is("contact_by", "ours")),
  all({ field: "need", op: "any" }),
  all(is("need", "G", "F16"), at("visit", "within", 24)),
  all(at("tension", "at_least", 3.5), at("difficult", "at_least", 60)),
  all(at("projects", "at_least", 200), at("potential", "at_least", 40), { none: [is("naf", "L", "S"), is("size", "00")] }),
  { any: [is("naf", "I"), is("size", "21", "22", "31"), at("potential", "at_least", 70)] },
  { none: [is("naf", "A", "L", "S"), is("size", "unknown", "00"), at("visit", "within", 24)] },
];

async function counts(m, session, name, title, budget, { figure, say }) {
  const ROUNDS = 6;
  const times = [];
  const work = [];
  const worst = [];
  for (const rule of rules) await session.post("/api/segments/count", { rule }); // what stays in memory is there
  for (const rule of rules) {
    const own = [];
    const before = processorTime(m);
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      const { status, body } = await session.post("/api/segments/count", { rule });
      own.push(performance.now() - start);
      if (status !== 200) throw new Error(`${status} for ${JSON.stringify(rule)}: ${JSON.stringify(body)}`);
    }
    work.push((processorTime(m) - before) / ROUNDS);
    times.push(...own);
    worst.push({ ms: quantile(own, 0.5), rule: JSON.stringify(rule).slice(0, 90) });
  }
  worst.sort((a, b) => b.ms - a.ms);
  for (const one of worst.slice(0, 4)) say(`${one.ms.toFixed(0)} ms ${one.rule}`);
  figure(`${name}.p95_ms`, `${title}: live count, p95`, quantile(times, 0.95), "ms", { most: budget });
  figure(`${name}.p50_ms`, "  median", quantile(times, 0.5), "ms");
  figure(`${name}.processor_p95_ms`, "  processor time of PostgreSQL for one, p95 of the rules", quantile(work, 0.95), "ms");
  figure(`${name}.processor_p50_ms`, "  median", quantile(work, 0.5), "ms");
  const placed = [];
  for (const rule of rules) {
    const start = performance.now();
    const { status } = await session.post("/api/segments/places", { rule });
    if (status !== 200) throw new Error(`${status} for places`);
    placed.push(performance.now() - start);
  }
  figure(`${name}.places_p95_ms`, "  by commune, for the map: p95", quantile(placed, 0.95), "ms");
  figure(`${name}.rules`, "  different rules", rules.length, "");
}

/** 200 segments that differ: those above with an activity or a département of their own. */
function many() {
  const divisions = ["01", "10", "16", "25", "41", "43", "45", "46", "47", "49", "55", "56", "62", "66", "68", "70", "81", "82", "85", "86", "88", "94", "96"];
  return Array.from({ length: 200 }, (_, i) => {
    const rule = rules[1 + (i % (rules.length - 1))];
    return all(rule, { none: [is("naf", divisions[(i * 7) % divisions.length])] });
  });
}

export async function segments({ m, setting, figure, say }) {
  const session = await setting.session(40);
  await counts(m, session, "small", `${setting.count.toLocaleString("en")} establishments`, 50, { figure, say });

  for (const [i, rule] of many().entries()) {
    const { status, body } = await session.post("/api/segments", { name: `Segment de mesure ${i}`, rule });
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
  m.startWorker();
  const settled = async (what) => {
    for (const end = performance.now() + 600_000; performance.now() < end; await new Promise((done) => setTimeout(done, 100))) {
      const [row] = await m.sql("select (select count(*) from data.segment where member_version <> version) + (select count(*) from data.segment_touched) as left");
      if (row.left === 0) return;
    }
    throw new Error(`${what}: not settled`);
  };
  let start = performance.now();
  await settled("200 segments");
  figure("whole.seconds", "200 segments, computed whole", (performance.now() - start) / 1000, "s");
  const [{ members }] = await m.sql("select count(*) as members from data.segment_member");
  figure("members", "  members in all", members, "");
  // As an import does: one statement, other sizes and activities, some closed.
  await m.psql(
    `update data.establishment e set size_band = case when e.id % 3 = 0 then '11' else '02' end, naf = case when e.id % 2 = 0 then '56.10A' else '43.22A' end,
            status = case when e.id % 17 = 0 then 'F' else 'A' end
      where e.id in (select x.id from data.establishment x where x.id % 12 = 5 order by x.id limit 10000)`,
    { role: "postgres" },
  );
  start = performance.now();
  const [{ touched }] = await m.sql("select count(distinct establishment_id) as touched from data.segment_touched");
  await settled("the change");
  figure("refresh.seconds", `200 segments after ${touched.toLocaleString("en")} changed rows`, (performance.now() - start) / 1000, "s", { most: 10 });
  const { body } = await session.get("/api/segments");
  for (const one of body.items.filter((_, i) => i % 20 === 0)) {
    const count = (await session.post("/api/segments/count", { rule: one.rule })).body.total;
    if (count !== one.members) throw new Error(`${one.name}: ${one.members} members, ${count} counted`);
  }
  await m.stopWorker();

  say("a country of 2,500,000 establishments");
  await m.psql(readFileSync(join(root, "tests/load/segments.sql"), "utf8"), { role: "postgres" });
  await counts(m, session, "large", "2,500,000 establishments", 500, { figure, say });
}
