// Makes assignment instances in the plain text format (docs/planning.md), the same for the same words:
//   node tests/load/plan-instances.mjs KIND COMPANIES ADVISERS PAIRS [SEED] > FILE
// KIND: scattered (any adviser may be a candidate), near (those around), ties (few different values);
// with -share behind it, organisations have minimum and maximum shares that leave them some room; with -tight, there is more
// capacity than companies, the best organisations reach their maximum and the worst are kept at their minimum.
import { fileURLToPath } from "node:url";

export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ORGANISATIONS = 5;

// Capacities add up to three quarters of the companies; -tight: more than all, for organisations of unequal worth.
const WORTH = [1.4, 1.2, 1, 0.8, 0.6], MOST = [0.75, 0.75, 1, 1, 1], LEAST = [0, 0, 0, 0.9, 0.8];

function advisers(next, companies, count, share, tight) {
  const weights = Array.from({ length: count }, () => 0.6 + 0.8 * next());
  const whole = weights.reduce((a, b) => a + b, 0);
  const capacity = weights.map((w) => Math.max(1, Math.round(((tight ? 1.1 : 0.75) * companies * w) / whole)));
  const total = capacity.reduce((a, b) => a + b, 0);
  const bounds = Array.from({ length: ORGANISATIONS }, () =>
    share ? [Math.floor((0.18 * total)), Math.ceil((0.205 * total))] : [0, companies]);
  for (let o = 0; tight && o < ORGANISATIONS; o++) {
    const own = capacity.reduce((sum, c, a) => sum + (a % ORGANISATIONS === o ? c : 0), 0);
    bounds[o] = [Math.floor(LEAST[o] * own), Math.ceil(MOST[o] * own)];
  }
  const skill = capacity.map((_, a) => (0.5 + next()) * (tight ? WORTH[a % ORGANISATIONS] : 1));
  return { capacity, bounds, skill, place: capacity.map(() => [next(), next()]) };
}

export function* lines(kind, companies, count, pairs, seed = 1) {
  const next = random(seed), share = kind.endsWith("-share"), tight = kind.endsWith("-tight");
  const base = kind.replace(/-(share|tight)$/, "");
  const team = advisers(next, companies, count, share, tight);
  yield `${companies} ${count} ${ORGANISATIONS}`;
  for (const [o, [lower, upper]] of team.bounds.entries()) yield `${o} ${lower} ${upper}`;
  for (const [a, c] of team.capacity.entries()) yield `${a} ${a % ORGANISATIONS} ${c}`;
  const all = Array.from({ length: count }, (_, a) => a);
  for (let i = 0; i < companies; i++) {
    const x = next(), y = next(), value = 200 + 9000 * next() ** 2;
    const distance = (a) => Math.hypot(team.place[a][0] - x, team.place[a][1] - y);
    const wanted = Math.min(count, Math.max(0, Math.round(pairs * (0.5 + next()))));
    let chosen;
    if (base === "near") {
      chosen = all.map((a) => [distance(a), a]).sort((p, q) => p[0] - q[0]).slice(0, wanted).map(([, a]) => a);
    } else {
      const set = new Set();
      while (set.size < wanted) set.add(Math.floor(next() * count));
      chosen = [...set];
    }
    const worth = (a) => base === "ties" ? 1 + Math.floor(10 * next() * (tight ? WORTH[a % ORGANISATIONS] : 1))
      : base === "near" ? Math.round(value * team.skill[a] * (0.8 + 0.4 * next()) - 4000 * distance(a))
      : Math.round(value * team.skill[a] * (0.1 + 0.9 * next()));
    yield `${chosen.length} ${chosen.sort((p, q) => p - q).map((a) => `${a} ${worth(a)}`).join(" ")}`;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind, companies, count, pairs, seed] = process.argv.slice(2);
  let chunk = "";
  for (const line of lines(kind, Number(companies), Number(count), Number(pairs), Number(seed ?? 1))) {
    chunk += `${line}\n`;
    if (chunk.length > 1 << 20) process.stdout.write(chunk), (chunk = "");
  }
  process.stdout.write(chunk);
}
