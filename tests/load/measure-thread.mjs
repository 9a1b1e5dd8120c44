// The daily thread over HTTP: plan a visit (which promises it), then report it. Commits wait for the disk.
import { median, quantile } from "./tools.mjs";

const ALONE = 100;
const TOGETHER = 8;
const SECONDS = 5;

export async function thread({ m, setting, figure, say }) {
  const free = (await m.psql(`select e.id from data.establishment e left join data.standing s on s.establishment_id = e.id
                               where e.status = 'A' and s.establishment_id is null and e.id % 31 <> 0 and e.id > 1000
                               order by e.id limit 20000`)).split("\n").map(Number);
  const one = async (session) => {
    const establishment = free.pop();
    const t0 = performance.now();
    const plan = await session.post("/api/visits", { establishment, planned_at: new Date(Date.now() + 60_000).toISOString(), minutes: 45 });
    const t1 = performance.now();
    if (plan.status !== 201) throw new Error(`planning: ${plan.status} ${plan.text}`);
    const report = await session.post(`/api/visits/${plan.body.id}/report`, {
      outcome: "needs", needs: [{ rome: "G1602", posts: 2, horizon: "now", contract: "cdi" }], shared_note: "Deux cuisiniers avant l’été.",
    });
    const t2 = performance.now();
    if (report.status !== 201) throw new Error(`reporting: ${report.status} ${report.text}`);
    return { establishment, plan: t1 - t0, report: t2 - t1 };
  };

  m.startWorker();
  const session = await setting.session(31);
  const other = await setting.session(32); // members below 26 may still have streams of another measure
  const events = await other.stream();
  const times = [];
  const seen = [];
  for (let i = 0; i < ALONE; i++) {
    const now = performance.now();
    const made = await one(session);
    times.push(made);
    if (i % 10 === 0) {
      await events.next((e) => e.kind === "visit.reported" && e.establishment === made.establishment);
      seen.push(performance.now() - now - made.plan - made.report);
    }
  }
  await events.close();
  figure("thread.plan_ms", "plan a visit, alone: median", median(times.map((t) => t.plan)), "ms");
  figure("thread.report_ms", "report it, with one need: median", median(times.map((t) => t.report)), "ms");
  figure("thread.report_p99_ms", "  99th percentile", quantile(times.map((t) => t.report), 0.99), "ms");
  figure("thread.seen_ms", "  another browser knows after", Math.max(0, median(seen)), "ms");

  const sessions = await Promise.all(Array.from({ length: TOGETHER }, (_, i) => setting.session(33 + i)));
  const end = performance.now() + SECONDS * 1000;
  const started = performance.now();
  let count = 0;
  await Promise.all(sessions.map(async (s) => {
    while (performance.now() < end) {
      await one(s);
      count += 2;
    }
  }));
  const rate = count / ((performance.now() - started) / 1000);
  say(`${TOGETHER} advisers at once: ${rate.toFixed(0)} writes/s`);
  figure("thread.per_second", `plans and reports, ${TOGETHER} advisers at once`, rate, "/s");
  await m.stopWorker();
}
