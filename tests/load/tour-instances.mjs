// Makes instances of tours in the JSON of maillage-plan tours, the same for the same words:
//   node tests/load/tour-instances.mjs KIND ADVISERS DAYS SEED [VISITS] > FILE
// KIND: days    each adviser-day has 30 to 60 candidates of its own
//       weeks   each adviser has 30 to 60 candidates a day, any of them on any of the days
//       shared  VISITS candidates that anybody may see
import { fileURLToPath } from "node:url";
import { random } from "./plan-instances.mjs";

const HOUR = 3600, DAY = 24 * HOUR;

// Employers gather in towns; an adviser's candidates lie around the agency.
function territory(next) {
  const towns = Array.from({ length: 12 }, () => [2.5 + 1.4 * next(), 46 + 0.8 * next(), 0.01 + 0.05 * next()]);
  const bell = () => next() + next() + next() - 1.5;
  return () => {
    if (next() < 0.3) return [2.5 + 1.4 * next(), 46 + 0.8 * next(), 3];
    const [x, y, spread] = towns[Math.floor(next() * towns.length)];
    return [x + spread * bell(), y + spread * bell(), next() < 0.5 ? 1 : 2];
  };
}

function candidate(id, next, place, day, extra) {
  const [x, y, density] = place;
  const job = { id, location: [Number(x.toFixed(5)), Number(y.toFixed(5))], density, service: 900 * (1 + Math.floor(4 * next())), ...extra };
  const begin = day * DAY;
  const kind = next();
  if (kind < 0.05) { // an appointment, or a promise that falls due
    const at = begin + 9 * HOUR + 900 * Math.floor(28 * next());
    job.time_windows = [[at, at]];
  } else {
    job.prize = 600 + Math.floor(5400 * next() ** 2);
    if (kind < 0.45) job.time_windows = [[begin + 9 * HOUR, begin + 12 * HOUR], [begin + 14 * HOUR, begin + 17 * HOUR]];
    else if (kind < 0.6) job.time_windows = [[begin + 9 * HOUR, begin + 11 * HOUR]];
  }
  return job;
}

function vehicle(id, home, day) {
  const begin = day * DAY, start = home.slice(0, 2).map((n) => Number(n.toFixed(5)));
  return {
    id, start, end: start, time_window: [begin + 8.5 * HOUR, begin + 17.5 * HOUR], density: home[2],
    breaks: [{ id: 1, service: 2700, time_windows: [[begin + 12 * HOUR, begin + 13.5 * HOUR]] }],
  };
}

export function instance(kind, advisers, days, seed = 1, visits = 0) {
  const next = random(seed), vehicles = [], jobs = [];
  for (let a = 0; a < advisers; a++) {
    const place = territory(next), home = place();
    const mine = Array.from({ length: days }, (_, d) => a * days + d + 1);
    for (let d = 0; d < days; d++) {
      vehicles.push(vehicle(mine[d], home, d));
      if (kind === "shared") continue;
      for (let i = 30 + Math.floor(31 * next()); i > 0; i--) {
        jobs.push(candidate(jobs.length + 1, next, place(), d, { vehicles: kind === "days" ? [mine[d]] : mine }));
      }
    }
  }
  const place = territory(next);
  for (let i = 0; kind === "shared" && i < visits; i++) jobs.push(candidate(i + 1, next, place(), Math.floor(days * next()), {}));
  return { vehicles, jobs };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind, advisers, days, seed, visits] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(instance(kind, Number(advisers), Number(days), Number(seed ?? 1), Number(visits ?? 0))));
}
