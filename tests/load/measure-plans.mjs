// Joint plans: scenarios of 12,000 employers and 30 advisers, and of 100,000 and 500, from the request to the first lines;
// and an agreed plan of 10,000 lines turned into promises.
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

const partners = [1, 2, 3, 5, 6];

function good(answer, status = 200) {
  if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`);
  return answer.body;
}

const edit = (plan) => ({ headers: { "if-match": `"${plan.edit}"` } });

/** Asks, waits as the browser does, reads the first page of lines; in seconds. */
async function scenario(m, session, plan, name) {
  const start = performance.now();
  const asked = good(await session.post(`/api/plans/${plan.id}/scenarios`, { name }), 201);
  let body;
  let first = null;
  do {
    await sleep(25);
    body = good(await session.get(`/api/scenarios/${asked.id}`));
    if (first === null && body.state === "running") first = (performance.now() - start) / 1000;
  } while (body.state === "waiting" || body.state === "running");
  if (body.state !== "done") throw new Error(`${name}: ${body.state} ${JSON.stringify(body.summary).slice(0, 300)}\n${m.log("worker").slice(-800)}`);
  good(await session.get(`/api/scenarios/${asked.id}/lines?place=visited`));
  return { id: asked.id, summary: body.summary, seconds: (performance.now() - start) / 1000 };
}

async function made(session, m, title, rule, hours) {
  const segment = good(await session.post("/api/segments", { name: `Mesure ${title}`, rule }), 201);
  const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const content = {
    name: `Mesure ${title}`, starts_on: day(1), ends_on: day(200), partners,
    segments: [{ segment: segment.id, version: 1 }],
    rules: { visit_minutes: 60, never_visited: 20, small: 20 },
    shares: [{ organisation: 1, least: 10, most: 40 }, { organisation: 5, least: 5, most: 30 }],
    capacities: partners.map((organisation) => ({ organisation, hours })),
  };
  return good(await session.post("/api/plans", { content }), 201);
}

export async function plans({ setting, figure, say }) {
  const { m } = setting;
  // A manager in each partner; advisers as many as are asked for.
  await m.psql(`update data.membership set role = 'manager' where member_id in (select min(member_id) from data.membership group by organisation_id)`, { role: "postgres" });
  const worker = m.startWorker();
  const of = await m.sql(`select organisation_id as o, min(member_id) as m from data.membership where role = 'manager' group by 1 order by 1`);
  const managers = await Promise.all(of.filter((one) => partners.includes(one.o)).map((one) => setting.session(one.m)));
  const [first] = managers;

  say("12,000 employers, about 30 advisers");
  const small = await made(first, m, "12 000", { all: [{ field: "size", op: "is", value: ["02", "03"] }] }, 2500);
  await scenario(m, first, small, "Première");
  const runs = [];
  for (let i = 0; i < 3; i++) runs.push(await scenario(m, first, small, `Mesure ${i}`));
  runs.sort((a, b) => a.seconds - b.seconds);
  const kept = runs[1];
  figure("plans.small.candidates", "scenario: candidates", kept.summary.candidates, "");
  figure("plans.small.advisers", "  advisers", kept.summary.advisers.length, "");
  figure("plans.small.seconds", "  asked to first lines, median of 3", kept.seconds, "s", { most: 2 });

  say("10,000 lines into promises");
  let plan = good(await first.get(`/api/plans/${small.id}`));
  plan = good(await first.post(`/api/plans/${plan.id}/choose`, { scenario: kept.id }, edit(plan)));
  plan = good(await first.post(`/api/plans/${plan.id}/propose`, {}, edit(plan)));
  for (const session of managers) good(await session.post(`/api/plans/${plan.id}/sign`, { version: plan.version, hash: plan.hash }));
  const start = performance.now();
  good(await first.post(`/api/plans/${plan.id}/activate`, { version: plan.version }));
  const seconds = (performance.now() - start) / 1000;
  const [{ n }] = await m.sql(`select count(*) as n from data.promise where plan_id = ${plan.id}`);
  figure("plans.promises", "promises of one plan, in one transaction", n, "");
  figure("plans.promises.seconds", "  from agreed to active", seconds, "s", { most: 5 });

  say("100,000 employers, 500 advisers");
  await m.psql(
    `insert into data.member (email, name) select 'more' || i || '@example.org', 'Conseiller ' || i from generate_series(1, 470) i;
     insert into data.membership (member_id, organisation_id, role)
     select m.id, (array[${partners}])[1 + m.id % ${partners.length}], 'adviser' from data.member m where m.email like 'more%'`,
    { role: "postgres" },
  );
  const large = await made(first, m, "100 000", { all: [] }, 20000);
  const answer = await scenario(m, first, large, "Grand");
  figure("plans.large.candidates", "scenario: candidates", answer.summary.candidates, "");
  figure("plans.large.advisers", "  advisers", answer.summary.advisers.length, "");
  figure("plans.large.seconds", "  asked to first lines", answer.seconds, "s", { most: 30 });
  await m.stopWorker("SIGTERM", worker);
}
