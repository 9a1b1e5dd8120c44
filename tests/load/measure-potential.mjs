// Hiring potential: how much better than chance it finds who hires, on a period of the demo that it did not see; and what it
// costs to follow what happens.
import { performance } from "node:perf_hooks";
import { Instance } from "../lib/instance.mjs";

const DAYS = 180;
const EMPLOYERS = 1000;

export async function potential({ figure, say }) {
  const m = await Instance.start({ template: "demo", server: false, worker: 0, ownCluster: true });
  try {
    const lift = async (ground, met) => {
      const rows = await m.sql(`select * from data.potential_lift(data.now() - interval '${DAYS} days', '${ground}', ${met})`, { role: "postgres" });
      say(`${ground}${met ? ", employers met since" : ", all employers"}: lift by tenth ${rows.map((row) => Number(row.lift).toFixed(2)).join(" ")}`);
      return rows.map((row) => ({ ...row, lift: Number(row.lift) }));
    };
    for (const [met, words] of [[true, "employers met since"], [false, "all employers"]]) {
      const score = await lift("score", met);
      const base = await lift("base", met);
      const size = await lift("size", met);
      const key = met ? "met" : "all";
      figure(`potential.${key}.hiring`, `held-out ${DAYS} days, ${words}: those who hire`, score.reduce((sum, row) => sum + Number(row.hiring), 0), "");
      figure(`potential.${key}.score`, "  lift of the best tenth by the score", score[0].lift, "", { least: met ? 1.2 : 2 });
      figure(`potential.${key}.base`, "  without what partners know", base[0].lift, "");
      figure(`potential.${key}.size`, "  by the number of employees alone", size[0].lift, "");
      figure(`potential.${key}.last`, "  of the last tenth by the score", score[9].lift, "", { most: 1 });
    }
    await m.psql(`insert into data.known_touched (establishment_id) select id from data.facet order by id limit ${EMPLOYERS}`, { role: "postgres" });
    const start = performance.now();
    await m.psql(`select data.known_follow(${EMPLOYERS})`, { role: "postgres" });
    figure("potential.follow_ms", `${EMPLOYERS} employers followed`, performance.now() - start, "ms", { most: 2000 });
  } finally {
    await m.stop();
  }
}
