// Maps and figures of a country (country.sql): how long it takes to make, tables of indicators over HTTP, what one act does to them, tiles of
// the ground and of employers.
//
// MAILLAGE_COUNTRY: a database of the cluster MAILLAGE_TEST_CLUSTER that has been made before. MAILLAGE_COUNTRY_ROWS: fewer establishments.
// MAILLAGE_COUNTRY_PARTS: only some of tables,pack,tiles,refresh.
import { Agent, get } from "node:http";
import { performance } from "node:perf_hooks";
import { gunzipSync } from "node:zlib";
import { Instance } from "../lib/instance.mjs";
import { makeCountry } from "./country.mjs";
import { PASSWORD, giveMemory, givePasswords, makeDurable } from "./setting.mjs";
import { quantile } from "./tools.mjs";

const month = (back) => {
  const at = new Date();
  at.setUTCDate(15);
  at.setUTCMonth(at.getUTCMonth() - back);
  return at.toISOString().slice(0, 7);
};

// What managers of a country ask: every level; periods of one, two and three years; a network, an activity, a size; one indicator, as the
// page does, then all of them, as the committee's document does.
const levels = ["commune", "epci", "departement", "region", "month", "network", "organisation", "sector", "size"];
const filters = ["", "&network=ml", "&naf=G", "&naf=56", "&size=01,02,03", "&network=ft&naf=F&size=11,12"];
const one = ["seen_share", "white_share", "visits", "offers", "double_share", "effect"];
function* questions() {
  for (const [i, level] of levels.entries()) {
    for (const [k, filter] of filters.entries()) {
      const back = [11, 23, 35][(i + k) % 3];
      yield { kind: "one", path: `level=${level}&codes=${one[(i + 2 * k) % one.length]}&from=${month(back)}${filter}` };
      if (k % 2 === 0) yield { kind: "over", path: `level=${level}&codes=${one[(i + k) % one.length]}&from=${month(back + 1)}&to=${month(1)}${filter}` };
      else yield { kind: "over", path: `level=${level}&codes=${one[(i + k) % one.length]}&from=${month(23)}&to=${month(12)}${filter}` };
      if (level !== "commune") yield { kind: "all", path: `level=${level}&from=${month(back)}${filter}` };
    }
  }
}

const agent = new Agent({ keepAlive: true });
/** An answer, all of it, unpacked: in one piece, as Node's fetch takes four times as long over its many small ones, which is nothing of the server's. */
const whole = (session, path) =>
  new Promise((done, failed) => {
    const headers = { cookie: [...session.cookies].map((pair) => pair.join("=")).join("; "), "accept-encoding": "gzip" };
    get(session.url + path, { headers, agent }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("error", failed);
      answer.on("end", () => {
        const body = Buffer.concat(pieces);
        done({ status: answer.statusCode, text: (answer.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString() });
      });
    }).on("error", failed);
  });

async function tables(session, figure, say) {
  const ROUNDS = 3;
  const worst = [];
  for (const { kind, path } of questions()) {
    const times = [];
    const read = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const start = performance.now();
      const { status, text } = await whole(session, `/api/indicators/figures?${path}`);
      const took = performance.now() - start;
      if (status !== 200) throw new Error(`${status} ${path}: ${text}`);
      JSON.parse(text);
      if (round === 0) continue; // brings rows into memory
      times.push(took);
      read.push(performance.now() - start);
    }
    worst.push({ kind, path, ms: quantile(times, 0.5), read: quantile(read, 0.5) });
  }
  worst.sort((a, b) => b.ms - a.ms);
  for (const { path, ms, read } of worst.slice(0, 12)) say(`${ms.toFixed(0)} ms, ${read.toFixed(0)} parsed ${path}`);
  const of = (kind) => worst.filter((w) => w.kind === kind);
  figure("tables.one_worst_ms", `one indicator, the slowest of ${of("one").length} tables (median of ${ROUNDS})`, of("one")[0].ms, "ms", { most: 300 });
  figure("tables.one_read_ms", "  and parsed, the slowest", Math.max(...of("one").map((w) => w.read)), "ms");
  figure("tables.one_p50_ms", "  median of the tables", quantile(of("one").map((w) => w.ms), 0.5), "ms");
  figure("tables.over_worst_ms", `one indicator of months that are over (until last month, or the twelve before the last twelve), the slowest of ${of("over").length} tables`, of("over")[0].ms, "ms", { most: 300 });
  figure("tables.over_p50_ms", "  median of the tables", quantile(of("over").map((w) => w.ms), 0.5), "ms");
  figure("tables.all_worst_ms", `all indicators at once, the slowest of ${of("all").length} tables`, of("all")[0].ms, "ms", { most: 300 });
  figure("tables.all_p50_ms", "  median of the tables", quantile(of("all").map((w) => w.ms), 0.5), "ms");
}

// The document of a national committee over three years: computed anew each time a draft is read, kept once frozen.
async function pack(session, figure) {
  const at = month(0);
  const made = await session.post("/api/packs", { title: "Comité national de mesure", kind: "region", from: month(35), to: at, held_on: `${at}-20` });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const path = `/api/packs/${made.body.id}`;
  const timed = async (act) => {
    const start = performance.now();
    const { status, text } = await act();
    if (status >= 300) throw new Error(`${status} ${text}`);
    return (performance.now() - start) / 1000;
  };
  await timed(() => session.get(path));
  figure("pack.draft_s", "the document of a national committee over three years, computed", quantile([await timed(() => session.get(path)), await timed(() => session.get(path)), await timed(() => session.get(path))], 0.5), "s");
  figure("pack.freeze_s", "  frozen, in its two editions", await timed(() => session.post(`${path}/freeze`, {})), "s");
  figure("pack.read_s", "  the frozen document read", await timed(() => session.get(path)), "s");
}

async function refresh(m, figure) {
  const session = await m.signIn((await m.sql("select p.email from data.member p join data.membership b on b.member_id = p.id join data.organisation o on o.id = b.organisation_id join data.territory t on t.id = o.territory_id where o.network = 'ml' and t.name = 'Département 75'"))[0].email, PASSWORD);
  const national = await m.signIn((await m.sql("select p.email from data.member p join data.membership b on b.member_id = p.id join data.organisation o on o.id = b.organisation_id where o.name = 'Direction nationale'"))[0].email, PASSWORD);
  const count = async () => (await national.get("/api/indicators/figures?level=all&codes=promises")).body.items[0].figures.promises.n;
  m.startWorker();
  await m.until(async () => (await m.sql("select (select count(*) from data.fact_touched) + (select count(*) from data.stock_touched) as n"))[0].n === 0, "nothing waits", 300);
  const took = [];
  for (let i = 0; i < 5; i++) {
    const before = await count();
    const free = (await session.get(`/api/establishments?state=free&visited=never&limit=${i + 1}`)).body.items[i];
    const due = (await session.get("/api/session")).body.promise.default_due_on;
    const made = await session.post("/api/promises", { establishment: free.id, due_on: due });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    const start = performance.now();
    await m.until(async () => (await count()) === before + 1, "the promise is counted", 30);
    took.push((performance.now() - start) / 1000);
  }
  figure("refresh.worst_s", "an act is in the figures of the country after, the slowest of 5", Math.max(...took), "s", { most: 5 });
  await m.stopWorker();
}

async function tiles(m, session, figure, say) {
  let seed = 42;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const spots = (await m.sql("select ext.ST_X(centre) as lon, ext.ST_Y(centre) as lat, population from data.commune where centre is not null order by population desc nulls last limit 4000"));
  const at = (zoom) => {
    const { lon, lat } = spots[Math.floor(random() ** 2 * spots.length)];
    const n = 2 ** zoom;
    const y = Math.floor(((1 - Math.log(Math.tan((lat * Math.PI) / 180) + 1 / Math.cos((lat * Math.PI) / 180)) / Math.PI) / 2) * n);
    return `${zoom}/${Math.floor(((lon + 180) / 360) * n)}/${y}`;
  };
  const measure = async (name, title, paths) => {
    const cold = [];
    const warm = [];
    let bytes = 0;
    const slow = [];
    for (const path of paths) {
      for (let round = 0; round < 4; round++) {
        const start = performance.now();
        const { status, bytes: body } = await session.get(path);
        const ms = performance.now() - start;
        if (status !== 200) throw new Error(`${status} ${path}`);
        (round ? warm : cold).push(ms);
        if (!round) {
          bytes = Math.max(bytes, body.length);
          slow.push({ path, ms, bytes: body.length });
        }
      }
    }
    slow.sort((a, b) => b.ms - a.ms);
    for (const one of slow.slice(0, 3)) say(`${one.ms.toFixed(0)} ms ${one.path} ${one.bytes}`);
    figure(`${name}.cold_p99_ms`, `${title}: ${paths.length} tiles, cold, p99`, quantile(cold, 0.99), "ms", { most: 250 });
    figure(`${name}.warm_p99_ms`, "  warm, p99", quantile(warm, 0.99), "ms", { most: 50 });
    figure(`${name}.warm_p50_ms`, "  warm, median", quantile(warm, 0.5), "ms");
    figure(`${name}.bytes`, "  the largest", bytes / 1024, "kB");
  };
  const start = performance.now();
  await m.psql("delete from data.tile", { role: "postgres" });
  await m.psql("do $$ begin while data.tiles_ahead() loop end loop; end $$", { role: "postgres" });
  figure("ahead.seconds", "wide tiles of a new ground, made ahead by the worker", (performance.now() - start) / 1000, "s");
  const distinct = (make, count) => [...new Set(Array.from({ length: count * 3 }, make))].slice(0, count);
  await measure("zones", "outlines", distinct(() => `/api/tiles/zones/${["commune", "commune", "epci", "departement", "region"][Math.floor(random() * 5)]}/${at(5 + Math.floor(random() * 9))}`, 250));
  await measure("employers", "employers", distinct(() => `/api/tiles/employers/${at(9 + Math.floor(random() * 7))}${["", "?naf=G", "?size=01,02"][Math.floor(random() * 3)]}`, 250));
}

export async function maps({ figure, say }) {
  const kept = process.env.MAILLAGE_COUNTRY;
  const rows = Number(process.env.MAILLAGE_COUNTRY_ROWS ?? 2_500_000);
  const m = await Instance.start({ template: "seed", ownCluster: !kept, database: kept, server: false, worker: 0 });
  try {
    if (!kept) {
      await giveMemory(m);
      say(`a country of ${rows.toLocaleString("en")} establishments`);
      figure("country.seconds", "the country is made", await makeCountry(m, rows, (step, seconds) => say(`  ${step}: ${seconds.toFixed(1)} s`)), "s", { most: 600 });
    }
    await givePasswords(m);
    await makeDurable(m);
    const [counts] = await m.sql("select (select count(*) from data.facet) as establishments, (select count(*) from data.visit) as visits, (select count(*) from data.offer) as offers, (select count(*) from data.commune where cell is not null) as communes, (select count(*) from data.fact) as facts, (select count(*) from data.cell_met) as met, (select count(*) from data.cell_done) as done");
    say(JSON.stringify(counts));
    for (const name of ["establishments", "communes", "visits", "offers"]) figure(`country.${name}`, `  ${name}`, counts[name], "");
    await m.startServer();
    const session = await m.signIn((await m.sql("select p.email from data.member p join data.membership b on b.member_id = p.id join data.organisation o on o.id = b.organisation_id where o.name = 'Direction nationale'"))[0].email, PASSWORD);
    const parts = (process.env.MAILLAGE_COUNTRY_PARTS ?? "tables,pack,tiles,refresh").split(",");
    if (parts.includes("tables")) await tables(session, figure, say);
    if (parts.includes("pack")) await pack(session, figure);
    if (parts.includes("tiles")) await tiles(m, session, figure, say);
    if (parts.includes("refresh")) await refresh(m, figure);
  } finally {
    await m.stop();
  }
}
