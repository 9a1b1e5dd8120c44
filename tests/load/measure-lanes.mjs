// Light requests while the heavy lane never empties.
//
// The budget is on what a thousand people at work ask for: 100 requests per second, each on a connection that rests in
// between. Eight connections that never rest are measured too: that says how much is left for the light lane, and their
// times only how many of them wait for each other.
import { wrk } from "./tools.mjs";

const SECONDS = 6;
const PEOPLE = { connections: 16, pause: 160 }; // 100 requests per second
const CROWD = { connections: 8 };

export async function lanes({ m, setting, figure, say }) {
  const cookie = await setting.cookie();
  const headers = { cookie, "accept-encoding": "gzip" };
  const light = [`/api/establishments/{1-${setting.count}}`, "/api/establishments?naf={43|47|56|68|86|94|96}&size={11|12}&limit=50", "/api/establishments?limit=50"];
  const heavy = ["/api/establishments/counts?naf={43|47|56|68|86|94|96}", "/api/establishments/counts", "/api/indicators/figures"];
  const measure = async (what, more) => {
    const seen = await wrk(m.url, light, { seconds: SECONDS, headers, ...more });
    if (seen.refused) throw new Error(`${seen.refused} light requests were refused`);
    say(`${what}: ${seen.per_second.toFixed(0)} requests/s, p99 ${seen.p99_ms.toFixed(1)} ms`);
    return seen;
  };
  await wrk(m.url, light, { seconds: 1, headers });
  const alone = await measure("people alone", PEOPLE);
  const free = await measure("crowd alone", CROWD);
  const burdened = wrk(m.url, heavy, { seconds: 2 * SECONDS + 1, connections: 8, headers });
  const people = await measure("people beside heavy", PEOPLE);
  const crowd = await measure("crowd beside heavy", CROWD);
  const burden = await burdened;
  say(`heavy: ${burden.per_second.toFixed(1)} requests/s`);
  figure("people.alone_p99_ms", "sheets and lists, 100 requests/s: 99th percentile", alone.p99_ms, "ms");
  figure("people.p99_ms", "  while the heavy lane is full", people.p99_ms, "ms", { most: 25 });
  figure("people.p50_ms", "  their median", people.p50_ms, "ms");
  figure("crowd.alone_per_second", "8 connections without rest: requests/s", free.per_second, "/s");
  figure("crowd.alone_p99_ms", "  99th percentile", free.p99_ms, "ms");
  figure("crowd.per_second", "  while the heavy lane is full", crowd.per_second, "/s");
  figure("crowd.p99_ms", "  99th percentile", crowd.p99_ms, "ms");
  figure("heavy.per_second", "counts and coverage meanwhile, 8 connections", burden.per_second, "/s");
  figure("heavy.p99_ms", "  99th percentile", burden.p99_ms, "ms");
  figure("heavy.refused", "  refused as too many", burden.refused, "");
}
