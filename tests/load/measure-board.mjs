// The public board with a hundred thousand open offers: pages over HTTP against the queries of which they are made, said by pgbench;
// and how long a visitor waits while sixteen of them read.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, pgbench, queries, wrk } from "./tools.mjs";

const MANY = 100_000;
const ROUNDS = 3;
const SECONDS = 4;
const WORDS = ["maçonnerie", "comptable", "infirmier", "menuiserie", "mécanique", "vente", "nettoyage"];
const UNKNOWN = ["chaudronier", "peintre en lettres", "comptabble", "infirmmiere", "luthier", "marin", "astronaute"]; // nothing is found

// Open offers of the last month, of every occupation, place and contract; those that another measure opened, all of one occupation, go off the board.
async function fill(m) {
  await m.psql(`
    set session_replication_role = replica;
    delete from data.board_line;
    with o as (
      insert into data.offer (establishment_id, organisation_id, member_id, title, rome, contract, posts, commune_code, state, description,
                              confirmed_with, confirmed_at, opens_at, opened_at, closes_at, created_at, search)
      select e.id, 1, 6, r.label, r.code, (array['cdi', 'cdd', 'interim', 'seasonal'])[1 + i % 4], 1 + i % 3, e.commune_code, 'open',
             repeat('Dans une équipe de six personnes, vous tenez le poste du matin. ', 6), 'La direction', t.at - interval '15 days', t.at, t.at,
             now() + interval '30 days', t.at - interval '15 days', data.fold(r.label || ' ' || r.label)
        from generate_series(1, ${MANY}) i
        join data.establishment e on e.id = i
        join (select row_number() over (order by code) - 1 as n, count(*) over () as all, code, label from data.rome) r on r.n = i * 7919::bigint % r.all
        cross join lateral (select now() - i * interval '25 seconds' as at) t
      returning *), line as (
      insert into data.board_line select id, opened_at, null, true, true, true, commune_code, contract, rome, search from o)
    insert into data.publication (offer_id, channel, published_at) select id, 'board', opened_at from o;
    reset session_replication_role;
    analyze data.offer, data.board_line;`, { role: "postgres" });
  await m.psql("vacuum data.offer, data.board_line", { role: "postgres" });
}

// The queries of a page with these values, in the order in which the server asks; `values` is SQL.
const page = (m, name, draw, ...asked) => {
  const file = join(m.dir, `${name}.sql`);
  const said = ({ params, sql }, values) => {
    const type = new Map(params.map((p) => [p.name, p.type]));
    return sql.trim().replace(/;$/, "").replace(/(?<![:\w]):([a-z_]+)/g, (_, word) => `(${values[word] ?? "null"})::${type.get(word)}`)
      .replaceAll("HH24:MI:SS", "HH24' || chr(58) || 'MI' || chr(58) || 'SS") + ";"; // pgbench would take them for variables
  };
  writeFileSync(file, [...draw, ...asked.map(([query, values]) => said(query, values)), ""].join("\n"));
  return { file, variables: [] };
};

export async function board({ m, figure, say }) {
  const { board_found, board_commune, board_like, board_banner, board_one, board_facts, board_ways } = queries("api/board");
  await fill(m);
  const communes = (await m.sql("select code, name from data.commune c where exists (select from data.establishment e where e.commune_code = c.code) order by population desc nulls last, code limit 12"));
  const [{ low, high }] = await m.sql("select min(id) as low, max(id) as high from data.offer where state = 'open' and title !~ '^Poste'");
  const one = (list, n) => `(array[${list.map((word) => `'${word}'`).join(", ")}])[:${n}]`;
  const found = { most: "26", km: "20", outlet: "'board'" };
  const around = (words) => `/offres?q={${words.map((word) => encodeURIComponent(word)).join("|")}}&lieu={${communes.map((c) => c.code).join("|")}}`;
  const draws = ["\\set w random(1, 7)", `\\set c random(1, ${communes.length})`];
  const place = one(communes.map((c) => c.code), "c");
  const asked = (words) => [[board_commune, { place }], [board_found, { ...found, q: one(words, "w"), near: place }]];
  for (const word of [...WORDS, ...UNKNOWN]) {
    const { body } = await m.visitor().get(`/api/public/offers?q=${encodeURIComponent(word)}`);
    if (body.items.length > 0 !== WORDS.includes(word)) throw new Error(`${body.items.length} offers for ${word}`);
  }
  const cases = [
    { name: "board.newest", title: "board, the newest", path: "/offres", script: page(m, "newest", [], [board_found, found], [board_banner, {}]) },
    { name: "board.search", title: "board, words around a commune", path: around(WORDS), script: page(m, "search", draws, ...asked(WORDS), [board_banner, {}]) },
    {
      name: "board.unknown", title: "board, words that nothing answers", path: around(UNKNOWN),
      script: page(m, "unknown", draws, ...asked(UNKNOWN), [board_like, { q: one(UNKNOWN, "w") }], [board_banner, {}]),
    },
    {
      name: "board.offer", title: "board, one offer", path: `/offres/{${low}-${high}}`,
      script: page(m, "offer", [`\\set id random(${low}, ${high})`], [board_one, { id: ":id", site: "'https://offres.example'" }], [board_facts, { id: ":id" }], [board_ways, { id: ":id" }], [board_banner, {}]),
    },
  ];
  for (const c of cases) {
    const plain = { headers: { "accept-encoding": "identity" } };
    await wrk(m.url, [c.path], { ...plain, seconds: 1 });
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) {
      const bench = await pgbench(m.conninfo("server"), c.script, { seconds: SECONDS, clients: m.workers });
      const http = await wrk(m.url, [c.path], { ...plain, seconds: SECONDS });
      const visit = await wrk(m.url, [c.path], { ...plain, seconds: SECONDS, pause: 100 });
      if (http.refused || visit.refused) throw new Error(`${http.refused + visit.refused} requests to ${c.path} were refused`);
      rounds.push({ bench, per_second: http.per_second, ratio: http.per_second / bench, p99_ms: visit.p99_ms });
      say(`${c.name}: ${http.per_second.toFixed(0)} pages/s, ${bench.toFixed(0)} through pgbench, p99 ${visit.p99_ms.toFixed(1)} ms`);
    }
    figure(`${c.name}.p99_ms`, `${c.title}, ${MANY.toLocaleString("en")} open: 99th percentile, 16 readers`, median(rounds.map((r) => r.p99_ms)), "ms", { most: 20 });
    figure(`${c.name}.per_second`, "  pages per second", median(rounds.map((r) => r.per_second)), "/s");
    figure(`${c.name}.pgbench_per_second`, "  the same SQL through pgbench", median(rounds.map((r) => r.bench)), "/s");
    figure(`${c.name}.ratio`, "  ratio", median(rounds.map((r) => r.ratio)), "", { least: 0.8 });
  }
}
