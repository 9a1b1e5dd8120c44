// The map while it is dragged over 100,000 points: the coverage page against a bare MapLibre page with the same tiles, drawn by the
// processor. Frame times are those the page sees between two animation frames.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Instance, root } from "../lib/instance.mjs";
import { launch, open } from "../lib/browser.mjs";
import { quantile } from "./tools.mjs";

const POINTS = 100_000;
const view = { lon: 3.333, lat: 46.565, zoom: 13 };
const size = { width: 1440, height: 900 };

const bare = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/mesure/maplibre.css"><style>html,body,#map{margin:0;height:100%}</style><div id="map"></div>
<script src="/mesure/maplibre.js"></script><script>
const map = new maplibregl.Map({ container: "map", center: [${view.lon}, ${view.lat}], zoom: ${view.zoom}, attributionControl: false, fadeDuration: 0, style: { version: 8,
  sources: { employers: { type: "vector", tiles: [location.origin + "/api/tiles/employers/{z}/{x}/{y}"], minzoom: 9, maxzoom: 15 } },
  layers: [{ id: "back", type: "background", paint: { "background-color": "#eee" } },
           { id: "points", type: "circle", source: "employers", "source-layer": "employers", paint: { "circle-radius": 3.6, "circle-color": "#07c", "circle-stroke-width": 1.3, "circle-stroke-color": "#036" } }] } });
window.map = map;
map.on("idle", () => (document.body.dataset.idle = "true"));
</script>`;

/** Drags the map to and fro for some seconds; the times between frames. */
async function drag(page, box) {
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    const tick = (now) => {
      window.frames_.push(now - last);
      last = now;
      window.panning_ = requestAnimationFrame(tick);
    };
    window.panning_ = requestAnimationFrame(tick);
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  const end = Date.now() + 6000;
  for (let i = 0; Date.now() < end; i++) await page.mouse.move(x + 180 * Math.sin(i / 14), y + 90 * Math.sin(i / 23));
  await page.mouse.up();
  return page.evaluate(() => {
    cancelAnimationFrame(window.panning_);
    return window.frames_.slice(5);
  });
}

export async function pan({ figure }) {
  const m = await Instance.start({ template: "demo", worker: 0 });
  const browser = await launch();
  try {
    let body = Buffer.alloc(0);
    const page = await open(browser, { viewport: size, reducedMotion: "reduce" });
    await page.route("**/api/tiles/employers/**", (route) => route.fulfill({ status: 200, contentType: "application/vnd.mapbox-vector-tile", body }));
    await page.route("**/mesure/*", (route) => {
      const name = new URL(route.request().url()).pathname.split("/").pop();
      const file = { "maplibre.js": "maplibre-gl.js", "maplibre.css": "maplibre-gl.css" }[name];
      if (!file) return route.fulfill({ contentType: "text/html", body: bare });
      return route.fulfill({ contentType: name.endsWith("js") ? "text/javascript" : "text/css", body: readFileSync(join(root, "web/node_modules/maplibre-gl/dist", file)) });
    });
    const account = m.account({ role: "manager" });
    await page.goto(`${m.url}/connexion`);
    await page.getByLabel("Adresse électronique").fill(account.email);
    await page.getByLabel("Mot de passe").fill(account.password);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByRole("navigation", { name: /^Navigation principale/ }).filter({ visible: true }).waitFor();

    await page.goto(`${m.url}/couverture?indicateur=visits&carte=${view.lon},${view.lat},${view.zoom}`);
    await page.locator('[data-map-idle="true"]').waitFor();
    const room = await page.getByTestId("map").boundingBox();
    // As many points in each tile as make the number in the window.
    const each = Math.round((POINTS * 512 * 512) / (room.width * room.height));
    body = Buffer.from(await m.psql(`select encode(ext.ST_AsMVT(t, 'employers', 4096, 'geom'), 'hex') from (
      select 1 as n, i % 2 as met, i as id, ext.ST_MakePoint((i * 2654435761 % 4096)::integer, ((i * 40503 + i / 7 * 911) % 4096)::integer) as geom from generate_series(1::bigint, ${each}) i) t`, { role: "postgres" }), "hex");

    const own = [];
    const theirs = [];
    let shown = 0;
    for (let round = 0; round < 3; round++) {
      // The same window of map in both: the table is pushed aside, the bare map takes the same place.
      await page.setViewportSize(size);
      await page.goto(`${m.url}/couverture?indicateur=visits&carte=${view.lon},${view.lat},${view.zoom}`);
      await page.locator('[data-map-idle="true"]').waitFor();
      const canvas = page.getByTestId("map");
      const box = await canvas.boundingBox();
      own.push(...(await drag(page, box)));
      await page.setViewportSize({ width: Math.round(box.width), height: Math.round(box.height) });
      await page.goto(`${m.url}/mesure/page`);
      await page.locator('[data-idle="true"]').waitFor();
      shown = await page.evaluate(() => map.queryRenderedFeatures({ layers: ["points"] }).length);
      theirs.push(...(await drag(page, { x: 0, y: 0, width: box.width, height: box.height })));
    }
    const median = quantile(own, 0.5);
    figure("pan.points", "points in the window", shown, "");
    figure("pan.frame_ms", "frame of the coverage map while it is dragged, median", median, "ms", { most: 20 });
    figure("pan.frame_p95_ms", "  p95", quantile(own, 0.95), "ms");
    figure("pan.bare_ms", "  of a bare page with the same tiles, median", quantile(theirs, 0.5), "ms");
    figure("pan.ratio", "  mean frame against that of the bare page", own.reduce((a, b) => a + b, 0) / own.length / (theirs.reduce((a, b) => a + b, 0) / theirs.length), "", { most: 1.3 });
  } finally {
    await browser.close();
    await m.stop();
  }
}
