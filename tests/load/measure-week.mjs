// Suggested weeks, from the request to the suggestion as the browser sees it: one adviser, around one change, a team of thirty.
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Instance } from "../lib/instance.mjs";
import { quantile } from "./tools.mjs";

const ROUNDS = 9;

function good(answer, status = 200) {
  if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`);
  return answer.body;
}

async function ready(session, id, revision) {
  for (;;) {
    const tour = good(await session.get(`/api/tours/${id}`));
    if (tour.state === "ready" && tour.planned >= revision) return tour;
    if (tour.state === "failed") throw new Error(tour.error);
    await sleep(5);
  }
}

async function timed(run) {
  const start = performance.now();
  const result = await run();
  return [performance.now() - start, result];
}

export async function week({ figure, say }) {
  const m = await Instance.start({ template: "demo", ownCluster: true });
  try {
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const first = new Date(Date.parse(`${day}T12:00:00Z`) + ((8 - (new Date(`${day}T12:00:00Z`).getUTCDay() || 7)) % 7 || 7) * 86_400_000).toISOString().slice(0, 10);
    const account = m.account({ role: "adviser", network: "ft" });
    const chief = m.accounts.find((one) => one.role === "manager" && one.organisation === account.organisation);
    const [adviser, manager] = [await m.signIn(account.email), await m.signIn(chief.email)];
    const hours = good(await adviser.get("/api/week/hours"));
    const { home_name: _, home_commune: __, ...rest } = hours;
    good(await adviser.put("/api/week/hours", { ...rest, days: [1, 2, 3, 4, 5], opens: "08:00", closes: "18:00", lunch_minutes: 45, visit_minutes: 45, visits_most: 6, starts: "agency" }));
    const one = async () => {
      const [ms, tour] = await timed(async () => ready(adviser, good(await adviser.post("/api/tours", { first }), 201).id, 1));
      return { ms, tour };
    };
    const weeks = [];
    for (let i = 0; i < ROUNDS; i++) weeks.push(await one());
    const { tour } = weeks.at(-1);
    const visits = tour.lines.filter((line) => line.state === "proposed" || line.state === "fixed").length;
    figure("week.visits", "a week of one adviser: visits in it", visits, "", { least: 25 });
    figure("week.one_ms", "  from the request to the suggestion, median", quantile(weeks.map((each) => each.ms), 0.5), "ms", { most: 1000 });
    const changes = [];
    let revision = 1;
    for (let i = 0; i < ROUNDS; i++) {
      const now = good(await adviser.get(`/api/tours/${tour.id}`));
      const line = now.lines.find((each) => each.state === "proposed" && !each.locked);
      good(await adviser.post(`/api/tours/${tour.id}/refuse`, { line: line.id, reason: "mesure" }));
      revision += 1;
      const [ms] = await timed(async () => {
        good(await adviser.post(`/api/tours/${tour.id}/again`, {}));
        await ready(adviser, tour.id, revision);
      });
      changes.push(ms);
    }
    figure("week.again_ms", "  around one refused, median", quantile(changes, 0.5), "ms", { most: 300 });
    say("a team of thirty");
    await m.psql(`
      with made as (insert into data.member (email, name) select 'mesure' || n || '@test.example', 'Mesure ' || n from generate_series(1, 30) n returning id)
      insert into data.membership (member_id, organisation_id, role)
      select made.id, x.organisation_id, 'adviser' from made cross join data.membership x join data.member p on p.id = x.member_id where p.email = '${account.email}'`);
    const members = (await m.sql("select id from data.member where email like 'mesure%' order by id")).map((row) => row.id);
    const [ms, team] = await timed(async () => ready(manager, good(await manager.post("/api/tours", { first, members }), 201).id, 1));
    figure("week.team_visits", "a team of thirty: visits proposed", team.lines.filter((line) => line.state === "proposed").length, "");
    figure("week.team_s", "  from the request to the suggestion", ms / 1000, "s", { most: 20 });
  } finally {
    await m.stop();
  }
}
