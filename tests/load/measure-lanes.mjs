// Light requests while the heavy lane never empties.
import { wrk } from "./tools.mjs";

const SECONDS = 6;

export async function lanes({ m, setting, figure, say }) {
  const cookie = await setting.cookie();
  const headers = { cookie, "accept-encoding": "gzip" };
  const light = [`/api/establishments/{1-${setting.count}}`, "/api/establishments?naf={43|47|56|68|86|94|96}&size={11|12}&limit=50", "/api/establishments?limit=50"];
  const heavy = ["/api/establishments/counts?naf={43|47|56|68|86|94|96}", "/api/establishments/counts", "/api/coverage?months=12"];
  const alone = await wrk(m.url, light, { seconds: SECONDS, connections: 8, headers });
  say(`light alone: ${alone.per_second.toFixed(0)} requests/s, p99 ${alone.p99_ms} ms`);
  const [mixed, burden] = await Promise.all([
    wrk(m.url, light, { seconds: SECONDS, connections: 8, headers }),
    wrk(m.url, heavy, { seconds: SECONDS, connections: 8, headers }),
  ]);
  say(`light beside heavy: ${mixed.per_second.toFixed(0)} requests/s, p99 ${mixed.p99_ms} ms; heavy: ${burden.per_second.toFixed(1)}/s`);
  if (mixed.refused || alone.refused) throw new Error("light requests were refused");
  figure("light.alone_per_second", "sheets and lists alone, 8 connections", alone.per_second, "/s");
  figure("light.alone_p99_ms", "  99th percentile", alone.p99_ms, "ms");
  figure("light.mixed_per_second", "the same while 8 others keep the heavy lane full", mixed.per_second, "/s");
  figure("light.mixed_p50_ms", "  median", mixed.p50_ms, "ms");
  figure("light.mixed_p99_ms", "  99th percentile", mixed.p99_ms, "ms", { most: 25 });
  figure("heavy.per_second", "  counts and coverage meanwhile", burden.per_second, "/s");
  figure("heavy.p99_ms", "  their 99th percentile", burden.p99_ms, "ms");
  figure("heavy.refused", "  of them refused as too many", burden.refused, "");
}
