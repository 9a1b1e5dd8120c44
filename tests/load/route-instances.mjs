// Makes vehicle routing instances of the kinds that Solomon (1987) and Gehring and Homberger (1999) published, the same for the
// same words:
//   node tests/load/route-instances.mjs KIND CLASS NUMBER CUSTOMERS [SEED] > FILE
// KIND:   fixed    Solomon's text: every customer is served, distance counts
//         prizes   JSON of maillage-plan tours: each customer has a prize, vehicles are few, travel comes from a matrix
// CLASS:  C1 C2 R1 R2 RC1 RC2: clustered, random, half and half; 1: short days and small loads, 2: long days and large ones
// NUMBER: 1 to 4   narrow windows for 100, 75, 50, 25 % of the customers
//         5 to 10  windows for all, wider and wider
import { fileURLToPath } from "node:url";
import { random } from "./plan-instances.mjs";

const CLASSES = {
  C1: { clustered: 1, capacity: 200, service: 90, horizon: 1351, width: 60, cluster: 10 },
  C2: { clustered: 1, capacity: 700, service: 90, horizon: 3914, width: 160, cluster: 30 },
  R1: { clustered: 0, capacity: 200, service: 10, horizon: 634, width: 10, cluster: 10 },
  R2: { clustered: 0, capacity: 1000, service: 10, horizon: 2535, width: 115, cluster: 30 },
  RC1: { clustered: 0.5, capacity: 200, service: 10, horizon: 628, width: 30, cluster: 10 },
  RC2: { clustered: 0.5, capacity: 1000, service: 10, horizon: 2535, width: 120, cluster: 30 },
};
const WIDER = [1, 1, 1, 1, 2, 3, 4, 6, 8, 11]; // how much wider windows are by number
const DENSITY = [1, 0.75, 0.5, 0.25];

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

// Where they are: in clusters, or anywhere.
function places(next, kind, customers, side) {
  const bell = () => next() + next() + next() - 1.5;
  const clustered = Math.round(kind.clustered * customers), list = [];
  const centres = Array.from({ length: Math.max(1, Math.round(clustered / kind.cluster)) }, () => [side * next(), side * next()]);
  const inside = (n) => Math.min(side, Math.max(0, Math.round(n)));
  for (let i = 0; i < customers; i++) {
    const cluster = i < clustered ? i % centres.length : -1;
    const [x, y] = cluster < 0 ? [side * next(), side * next()] : centres[cluster];
    const spread = cluster < 0 ? 0 : 0.7 * Math.sqrt(kind.cluster);
    list.push({ x: inside(x + 2 * spread * bell()), y: inside(y + 2 * spread * bell()), cluster });
  }
  return list;
}

// When they are served in a tour of their cluster, from neighbour to neighbour: what its windows are drawn around.
function clusterTimes(list, depot, kind) {
  for (let cluster = 0; list.some((c) => c.cluster === cluster); cluster++) {
    const open = new Set(list.filter((c) => c.cluster === cluster));
    let here = depot, time = 0, load = 0;
    while (open.size) {
      let nearest;
      for (const c of open) if (!nearest || distance(here, c) < distance(here, nearest)) nearest = c;
      time += distance(here, nearest);
      load += nearest.demand;
      if (load > kind.capacity || time + kind.service + distance(nearest, depot) > kind.horizon) {
        load = nearest.demand;
        time = distance(depot, nearest);
      }
      nearest.centre = time;
      time += kind.service;
      here = nearest;
      open.delete(nearest);
    }
  }
}

// The depot first; whole numbers, as the published ones have.
export function customers(name, number, count, seed = 1) {
  const next = random(1000 * seed + number), kind = { ...CLASSES[name] };
  const side = Math.round(70 * Math.sqrt(count / 50)); // 140 for 200, as there
  kind.horizon = Math.round(kind.horizon * (0.6 + 0.4 * (side / 140)));
  const depot = { x: side / 2, y: side / 2, demand: 0, open: 0, close: kind.horizon, service: 0 };
  depot.x = Math.round(depot.x);
  depot.y = Math.round(depot.y);
  const list = places(next, kind, count, side);
  for (const c of list) {
    c.demand = c.cluster >= 0 && kind.clustered === 1 ? 10 * (1 + Math.floor(3.2 * next() ** 1.5)) : 1 + Math.floor(35 * (next() + next()) / 2);
    c.service = kind.service;
  }
  clusterTimes(list, depot, kind);
  for (const c of list) {
    const first = Math.ceil(distance(depot, c)), last = Math.floor(kind.horizon - kind.service - distance(depot, c));
    c.open = 0;
    c.close = last;
    if (next() >= (DENSITY[number - 1] ?? 1)) continue;
    const centre = kind.clustered === 1 && c.centre ? c.centre : first + (last - first) * next();
    const half = (kind.width * WIDER[number - 1] * (number > 4 ? 0.6 + 0.8 * next() : 1)) / 2;
    c.close = Math.max(first, Math.min(last, Math.round(centre + half)));
    c.open = Math.min(c.close, Math.max(0, Math.round(centre - half)));
  }
  return { capacity: kind.capacity, vehicles: Math.round(count / 4), list: [depot, ...list] };
}

export function solomonText(name, number, count, seed) {
  const { capacity, vehicles, list } = customers(name, number, count, seed);
  const row = (...cells) => cells.map((n) => String(n).padStart(8)).join(" ");
  return [
    `${name}_${count}_${number}`, "", "VEHICLE", "NUMBER     CAPACITY", row(vehicles, capacity), "", "CUSTOMER",
    "CUST NO.  XCOORD.    YCOORD.    DEMAND   READY TIME   DUE DATE   SERVICE TIME", "",
    ...list.map((c, i) => row(i, c.x, c.y, c.demand, c.open, c.close, c.service)), "",
  ].join("\n");
}

// Prizes so that about half of the customers are worth their way, and vehicles for about two thirds of those.
export function prizeInstance(name, number, count, seed) {
  const { capacity, list } = customers(name, number, count, seed), next = random(77 + seed);
  const demand = list.reduce((sum, c) => sum + c.demand, 0);
  const durations = list.map((a) => list.map((b) => Math.floor(10 * distance(a, b))));
  const mean = durations[0].reduce((a, b) => a + b, 0) / count;
  const perTour = Math.min(CLASSES[name].cluster, (count * capacity) / demand);
  const jobs = list.slice(1).map((c, i) => ({
    id: i + 1, location_index: i + 1, service: 10 * c.service, delivery: [c.demand], time_windows: [[10 * c.open, 10 * c.close]],
    prize: Math.round((mean / Math.sqrt(perTour)) * (0.2 + 1.6 * next())),
  }));
  const fleet = Math.max(2, Math.round((0.35 * count) / perTour));
  const vehicles = Array.from({ length: fleet }, (_, v) => ({
    id: v + 1, start_index: 0, end_index: 0, capacity: [capacity], time_window: [0, 10 * list[0].close],
  }));
  return { vehicles, jobs, matrices: { car: { durations } } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind, name, number, count, seed] = process.argv.slice(2);
  const words = [name, Number(number), Number(count), Number(seed ?? 1)];
  process.stdout.write(kind === "prizes" ? JSON.stringify(prizeInstance(...words)) : solomonText(...words));
}
