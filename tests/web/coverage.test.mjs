// Coverage: a manager sees one indicator on a map, in the table and in the files, drills down, compares, opens the list
// behind a figure; an observer gets no small cell.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { launch } from "../lib/browser.mjs";
import { Instance } from "../lib/instance.mjs";
import { asked, choose, eventually, mapDrawn, member, problems, rows, shot, step } from "./acts.mjs";

let m;
let browser;
const told = (name, run) => step(name, () => browser, run);
before(async () => {
  [m, browser] = await Promise.all([Instance.start({ template: "demo", worker: 0 }), launch()]);
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
/** Of each map, whether its legend lies beside it. */
const uncovered = (page) =>
  page.getByTestId("map-frame").evaluateAll((frames) =>
    frames.map((frame) => {
      const [map, legend] = [frame.getBoundingClientRect(), frame.parentElement.querySelector("[data-legend]").getBoundingClientRect()];
      return legend.bottom <= map.top + 1 || legend.top >= map.bottom - 1;
    }));
const grid = (page) => rows(page, "Couverture par zone");
const cells = (page) => grid(page).evaluateAll((found) => found.map((row) => [row.dataset.key, ...[...row.querySelectorAll("[role=gridcell]")].map((cell) => cell.textContent.trim())]));

/** The areas on the map, whole or in part. */
const painted = (page) =>
  page.evaluate(() => {
    const detail = {};
    document.querySelector("[data-testid=map]").dispatchEvent(new CustomEvent("map-painted", { detail }));
    return Object.keys(detail.fills).sort();
  });

told("heads and names of the table are read in two lines rather than with an end of dots", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci&indicateur=white_share");
  for (const [width, heads] of [[1024, 2], [1440, 3], [1900, 4]]) {
    await page.setViewportSize({ width, height: 900 });
    await eventually(() => page.getByRole("columnheader").count(), (n) => n === heads);
    const cut = await page.getByRole("columnheader").evaluateAll((all) => all.map((head) => head.querySelector("span")).filter((words) => words.scrollWidth > words.clientWidth || words.clientHeight > 34).map((words) => words.textContent));
    assert.deepEqual(cut, [], `${width} px`);
    assert.deepEqual(await grid(page).evaluateAll((all) => all.map((row) => row.querySelector("[role=gridcell] span")).filter((words) => words.textContent.length < 36 && words.scrollHeight > words.clientHeight + 1).map((words) => words.textContent)), [], `names at ${width} px`);
  }
  await page.context().close();
});

told("on a phone no name of an area is cut by the edge of the map, and most find a place", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci", { isPhone: true });
  await mapDrawn(page);
  const { names, cut } = await page.evaluate(() => {
    const detail = {};
    document.querySelector("[data-testid=map]").dispatchEvent(new CustomEvent("map-painted", { detail }));
    return detail;
  });
  assert.deepEqual(cut, []);
  const all = (await asked(page, "/api/indicators/figures?level=epci&codes=visits")).items.map(({ name }) => name);
  assert.ok(names.length >= all.length * 0.75, `${names.join(", ")} of ${all.join(", ")}`);
  await page.context().close();
});

told("another indicator on the same map paints the areas of its lowest class too", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci");
  await mapDrawn(page);
  await grid(page).first().waitFor();
  for (const [name, code] of [["Pression par employeur", "pressure"], ["Visites", "visits"]]) {
    await choose(page, "Indicateur", name);
    await eventually(() => new URL(page.url()).searchParams.get("indicateur"), (asked) => asked === code);
    const areas = (await asked(page, `/api/indicators/figures?level=epci&codes=${code}`)).items.map(({ area }) => area);
    const { fills, classes } = await eventually(() => page.evaluate(() => {
      const detail = {};
      document.querySelector("[data-testid=map]").dispatchEvent(new CustomEvent("map-painted", { detail }));
      const colours = [...document.querySelectorAll("[data-legend] li span:first-child")].slice(0, -1).map((swatch) => getComputedStyle(swatch).backgroundColor.match(/\d+/g).slice(0, 3).join());
      return { fills: Object.entries(detail.fills).map(([area, colour]) => [area, colour.match(/\d+/g).slice(0, 3).join(), detail.hatched.includes(area)]), classes: colours };
    }), ({ fills }) => fills.length >= areas.length && fills.every(([, , isHatched]) => !isHatched));
    assert.deepEqual(fills.filter(([area, colour]) => areas.includes(area) && !classes.includes(colour)), [], `${name}: ${classes.join(" ")}`);
    assert.ok(fills.some(([, colour]) => colour === classes[0]), `${name}: the lowest class`);
  }
  await page.context().close();
});

told("ten seconds: where nobody goes, by intercommunal group then commune, and the employers behind the figure", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci&indicateur=white", { acceptDownloads: true });
  await mapDrawn(page);
  await grid(page).first().waitFor();
  const legend = page.getByRole("figure", { name: /^Légende/ });
  assert.ok((await legend.getByRole("listitem").count()) <= 7, "six classes and the unknown");
  // Two lines of filters, and a table with a head by which one sorts, as narrow as a small laptop.
  for (const width of [1024, 1280, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    assert.deepEqual(await eventually(async () => [(await page.getByRole("search").boundingBox()).height < 90, await page.getByRole("columnheader").count()], ([two, heads]) => two && heads > 1), [true, 2], `${width} px`);
  }
  await legend.getByText(/^inconnu/).waitFor();
  await shot(page, "couverture epci");

  // The table says what the API says.
  const { body } = await (await m.signIn(page.account.email)).get("/api/indicators/figures?level=epci&codes=white");
  const table = new Map((await cells(page)).map(([area, , value]) => [area, Number(value.replace(/\s/g, ""))]));
  assert.deepEqual([...table].sort(), body.items.map((item) => [item.area, item.figures.white.value]).sort());
  // The worst first; a column is sorted by keyboard, the address says by which, and whoever hears the table is told.
  const order = () => cells(page).then((found) => found.map(([, , value]) => Number(value.replace(/\s/g, ""))));
  const shown = await order();
  assert.deepEqual(shown, shown.toSorted((a, b) => b - a));
  const sorted = () => page.getByRole("columnheader").evaluateAll((heads) => heads.map((head) => head.getAttribute("aria-sort")));
  assert.deepEqual(await sorted(), ["none", "descending"]);
  await page.getByRole("columnheader", { name: "Intercommunalité" }).getByRole("button").press("Enter");
  assert.deepEqual(await eventually(sorted, ([first]) => first !== "none"), ["ascending", "none"]);
  assert.equal(new URL(page.url()).searchParams.get("tri"), "name");
  await page.getByRole("columnheader", { name: /potentiel/ }).getByRole("button").press("Enter");
  await eventually(() => new URL(page.url()).searchParams.get("tri"), (by) => by === null);
  assert.deepEqual(await order(), shown);

  // Opening the figure gives exactly those employers.
  const vichy = body.items.find((item) => item.name.startsWith("CA Vichy"));
  await grid(page).filter({ hasText: "CA Vichy" }).getByRole("button", { name: /voir les employeurs/ }).click();
  const dialog = page.getByRole("dialog", { name: /Employeurs à potentiel non rencontrés : CA Vichy/ });
  await dialog.getByText(new RegExp(`^${vichy.figures.white.n} employeurs`)).waitFor();
  await shot(page, "couverture liste");
  await page.keyboard.press("Escape");

  // Its indicators, then its communes.
  await grid(page).filter({ hasText: "CA Vichy" }).getByRole("gridcell").first().click();
  const sheet = page.getByRole("region", { name: /^Indicateurs : CA Vichy/ });
  await sheet.getByText("Contacts en double", { exact: true }).waitFor();
  await shot(page, "couverture fiche");
  await sheet.getByRole("button", { name: "Détailler" }).click();
  await eventually(() => new URL(page.url()).searchParams.get("dans"), (dans) => dans === `epci:${vichy.area}`);
  await eventually(() => grid(page).count(), (n) => n > 20 && n < 60);
  await mapDrawn(page);
  await shot(page, "couverture communes d un epci");
  // What is looked at stays in view in less room, and is as it was in the same.
  const { items } = await asked(page, `/api/indicators/figures?level=commune&codes=white&within=epci:${vichy.area}`);
  const before = await painted(page);
  await grid(page).first().getByRole("gridcell").first().click();
  await page.getByRole("region", { name: /^Indicateurs : / }).getByText("Contacts en double", { exact: true }).waitFor();
  await eventually(() => painted(page), (now) => items.every(({ area }) => now.includes(area)) && now.length !== before.length);
  await shot(page, "couverture fiche d une commune");
  await page.keyboard.press("Escape");
  await eventually(() => painted(page), (now) => now.join() === before.join());
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("a figure inside an area inside another opens its very list, and the page says where one is", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=departement&indicateur=visits&reseau=ml");
  await grid(page).filter({ hasText: "Allier" }).getByRole("gridcell").first().click();
  await page.getByRole("button", { name: "Détailler" }).click();
  await grid(page).filter({ hasText: "CA Vichy" }).getByRole("gridcell").first().click();
  await page.getByRole("region", { name: /^Indicateurs : CA Vichy/ }).getByRole("button", { name: "Détailler" }).click();
  const within = await eventually(() => new URL(page.url()).searchParams.get("dans"), (dans) => /^departement:03,epci:\d+$/.test(dans ?? ""));
  await page.getByText(/CA Vichy.*, Allier, (de |d’|en )/).first().waitFor();
  const { whole } = await asked(page, `/api/indicators/figures?level=commune&codes=visits&network=ml&within=${within}`);
  await page.getByRole("button", { name: /^Visites : .*, voir les employeurs$/ }).first().click();
  const { employers, n } = await asked(page, `/api/indicators/employers?indicator=visits&network=ml&within=${within}`);
  assert.equal(n, whole.visits.n);
  await page.getByRole("dialog", { name: /^Visites : CA Vichy/ }).getByText(new RegExp(`^${employers} employeurs`)).waitFor();
  await shot(page, "couverture liste de l ensemble");
  await page.keyboard.press("Escape");
  // Up again by keyboard, which is never without a place: what goes with the press leaves it to the table.
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
  await page.getByRole("button", { name: "Remonter" }).press("Enter");
  await eventually(() => new URL(page.url()).searchParams.get("dans"), (dans) => dans === "departement:03");
  await page.getByRole("button", { name: "Revenir au territoire" }).press("Enter");
  await eventually(() => new URL(page.url()).searchParams.get("dans"), (dans) => dans === null);
  await eventually(focused, (label) => label === "Couverture par zone");
  await page.getByRole("region", { name: "Indicateurs : Allier" }).getByRole("button", { name: "Fermer" }).press("Enter");
  await eventually(focused, (label) => label === "Couverture par zone");
  // Whoever opens it from the table is in it at once, and by Escape on the row again.
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Indicateurs : Allier" }).waitFor();
  await eventually(focused, (label) => label === "Allier");
  await page.keyboard.press("Escape");
  await page.getByRole("region", { name: "Indicateurs : Allier" }).waitFor({ state: "detached" });
  await eventually(focused, (label) => label === "Couverture par zone");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("two networks side by side: each figure opens its own list, each map its own employers", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci&indicateur=visits&reseau=ft&comparer=ml");
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  for (const name of ["France Travail", "Mission Locale"]) await page.getByRole("figure", { name: new RegExp(`^Légende.*${name}`) }).waitFor();
  await page.getByRole("columnheader", { name: "Écart" }).waitFor(); // whoever begins by comparing has a whole table as well
  const vichy = grid(page).filter({ hasText: "CA Vichy" });
  const area = await vichy.first().getAttribute("data-key");
  for (const [place, network, name] of [[0, "ft", "France Travail"], [1, "ml", "Mission Locale"]]) {
    const list = await asked(page, `/api/indicators/employers?indicator=visits&network=${network}&within=epci:${area}`);
    await vichy.getByRole("button", { name: /voir les employeurs/ }).nth(place).click();
    const dialog = page.getByRole("dialog", { name: /^Visites : CA Vichy/ });
    await dialog.getByText(new RegExp(`^${list.employers} employeurs?`)).waitFor();
    await dialog.getByText(new RegExp(name)).waitFor();
    await shot(page, `couverture liste ${network}`);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }
  // What all of each map comes to is said, and opens its list too.
  const { whole } = await asked(page, "/api/indicators/figures?level=epci&codes=visits&network=ml");
  await page.getByText(/; à droite, .*Mission Locale/).getByRole("button", { name: new RegExp(`^Visites, .*Mission Locale.* : ${whole.visits.n}, voir`) }).waitFor();
  // The dots are of each network: the tiles are asked for by it.
  const [tile] = await Promise.all([
    page.waitForRequest((request) => /api\/tiles\/employers\/.*network=ml/.test(request.url())),
    page.goto(`${new URL(page.url()).origin}/couverture?niveau=epci&indicateur=visits&reseau=ft&comparer=ml&carte=3.333,46.565,13`),
  ]);
  assert.match(tile.url(), /to=20\d\d-\d\d/);
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  await shot(page, "couverture deux reseaux");
  // A network is not compared with itself.
  await choose(page, "Réseau", "Mission Locale");
  await eventually(() => page.getByTestId("map-frame").count(), (n) => n === 1);
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("who works here is on the same map; a click opens one, wherever employers are near", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci&indicateur=white");
  await mapDrawn(page);
  await page.getByRole("button", { name: "Structures", exact: true }).click();
  await eventually(() => new URL(page.url()).searchParams.get("structures"), (shown) => shown === "oui");
  await page.getByRole("figure", { name: /^Légende/ }).getByText("structure, au signe de son réseau").waitFor();
  await mapDrawn(page);
  await shot(page, "couverture structures");

  // Right over an employer, which answers while there is no structure above it.
  const { items } = await asked(page, "/api/organisations");
  const office = items.find((one) => one.short_name === "ML Moulins");
  const [met] = await m.sql(`with place as (select e.location from data.establishment e where e.status = 'A' and e.merged_into is null and e.commune_code = '03190' and e.location is not null order by e.id limit 1)
    select ext.ST_X(p.location) as lon, ext.ST_Y(p.location) as lat from place p`, { role: "postgres" });
  await m.psql(`update data.organisation set base = ext.ST_SetSRID(ext.ST_MakePoint(${met.lon}, ${met.lat}), 4326) where id = ${office.id}`, { role: "postgres" });
  const at = `/couverture?niveau=epci&indicateur=white&carte=${met.lon},${met.lat},14`;
  const press = async () => {
    await mapDrawn(page);
    const box = await page.getByTestId("map").boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  };
  await page.goto(m.url + at);
  await press();
  await eventually(() => new URL(page.url()), ({ pathname, searchParams }) => pathname.startsWith("/entreprises/") || Number(searchParams.get("carte").split(",")[2]) > 15);
  await page.goto(`${m.url}${at}&structures=oui`);
  await page.getByRole("figure", { name: /^Légende/ }).getByText("structure, au signe de son réseau").waitFor();
  await press();
  await eventually(() => new URL(page.url()).pathname, (path) => path === `/annuaire/${office.id}`);
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("a structure is chosen, seen to be, and left for its network", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci&indicateur=visits");
  await page.getByRole("button", { name: "Autres filtres" }).click();
  await choose(page, "Structure", "ML Moulins");
  await eventually(() => new URL(page.url()).searchParams.get("structure"));
  const id = new URL(page.url()).searchParams.get("structure");
  // Folded again, what is asked stays in sight, and what is not does not.
  await page.getByRole("button", { name: "Autres filtres", expanded: true }).click();
  await page.getByRole("combobox", { name: "Activité (NAF)" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: /ML Moulins.*Structure/ }).waitFor();
  const total = async () => Number((await page.getByRole("button", { name: /^Visites : .*, voir les employeurs$/ }).first().textContent()).replace(/\s/g, ""));
  const { whole } = await asked(page, `/api/indicators/figures?level=epci&codes=visits&organisation=${id}`);
  await eventually(total, (n) => n === whole.visits.n);
  await choose(page, "Réseau", "Cap emploi");
  await eventually(() => new URL(page.url()).searchParams.get("structure"), (none) => none === null);
  const network = (await asked(page, "/api/indicators/figures?level=epci&codes=visits&network=ce")).whole.visits.n;
  assert.ok(network > 0);
  await eventually(total, (n) => n === network);
  // An address with both, as old links have: the structure counts.
  await page.goto(`${m.url}/couverture?niveau=epci&indicateur=visits&reseau=ce&structure=${id}`);
  await eventually(total, (n) => n === whole.visits.n);
  await page.getByRole("button", { name: /ML Moulins.*Structure/ }).waitFor();
  await shot(page, "couverture structure choisie");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

/** Numbers drawn from a seed, the same at each run. */
function drawing(seed) {
  let at = seed;
  const next = () => ((at = (Math.imul(at, 1664525) + 1013904223) >>> 0), at / 2 ** 32);
  return { next, of: (list) => list[Math.floor(next() * list.length)] };
}
/** A figure as the page says it. */
const decimal = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });
const plain = (text) => text.replace(/[\s\u00a0\u202f]/g, "");
const saying = { percent: (value) => `${decimal.format(Math.round(value * 1000) / 10)}%`, days: (value) => `${decimal.format(Math.round(value * 10) / 10)}j` };
const sayingOf = (figure, unit) => (figure.hidden ? "masqué" : figure.value === null ? "inconnu" : plain((saying[unit] ?? ((value) => decimal.format(value)))(figure.value)));
/** The numbers that a line of the legend stands for, as wide as its rounding. */
function rangeOf(words, unit) {
  const by = unit === "percent" ? 100 : 1;
  const half = { count: 0, percent: 0.0005, days: 0.05 }[unit] ?? 0.005;
  const numbers = [...words.replace(/[\s\u00a0\u202f]/g, "").matchAll(/[\d,]+/g)].map(([text]) => Number(text.replace(",", ".")) / by);
  if (words.startsWith("aucun")) return [0, 0];
  if (words.startsWith("tous")) return [-Infinity, Infinity];
  if (words.startsWith("moins de")) return [-Infinity, numbers[0] + half];
  if (words.endsWith("et plus")) return [numbers[0] - half, Infinity];
  return [numbers[0] - half, (numbers[1] ?? numbers[0]) + half];
}

told("map, table, file and API agree on ten questions drawn at random, as they are painted", async () => {
  const seed = Number(process.env.MAILLAGE_SEED ?? 20261126);
  const draw = drawing(seed);
  const windows = {};
  for (const role of ["manager", "observer"]) windows[role] = await member(browser, m, { role }, "/couverture?niveau=departement", { acceptDownloads: true });
  const { items } = await asked(windows.manager, "/api/indicators");
  const indicators = items.filter((one) => one.by_area);
  const organisations = (await asked(windows.manager, "/api/organisations")).items.filter((one) => one.kind === "partner");
  const bassins = (await asked(windows.manager, "/api/indicators/figures?level=bassin&codes=visits")).items.map((one) => `bassin:${one.area}`);
  const month = (back) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - back, 15)).toISOString().slice(0, 7);
  let painted_ = 0;
  for (let i = 0; i < 10; i++) {
    const page = windows[i % 5 === 4 ? "observer" : "manager"];
    const indicator = draw.of(indicators);
    const last = Math.floor(draw.next() * 6);
    const question = { level: draw.of(["commune", "commune", "epci", "bassin"]), from: month(last + Math.floor(draw.next() * 14)), to: month(last) };
    const shown = { niveau: question.level, indicateur: indicator.code, de: question.from, a: question.to };
    const also = (name, french, value) => ((question[name] = value), (shown[french] = value));
    const who = draw.next();
    if (who < 0.3) also("network", "reseau", draw.of(["ft", "ml", "ce", "plie"]));
    else if (who < 0.6) also("organisation", "structure", draw.of(organisations).id);
    if (draw.next() < 0.3) also("naf", "naf", draw.of(["56", "47", "86", "43"]));
    if (draw.next() < 0.4) also("within", "dans", draw.of(bassins));
    const name = `seed ${seed}, question ${i}: ${JSON.stringify(question)} ${indicator.code}`;

    await page.goto(`${m.url}/couverture?${new URLSearchParams(shown)}`);
    const answer = await asked(page, `/api/indicators/figures?${new URLSearchParams({ ...question, codes: indicator.code })}`);
    const figures = new Map(answer.items.map((item) => [item.area, item.figures[indicator.code]]));
    assert.ok(figures.size > 0, name);
    await grid(page).first().waitFor();
    await mapDrawn(page);

    // The map as it is painted: the colour of each area is that of the line of the legend which its figure belongs to.
    const told_ = await page.evaluate(() => {
      const detail = {};
      document.querySelector("[data-testid=map]").dispatchEvent(new CustomEvent("map-painted", { detail }));
      const lines = [...document.querySelectorAll("[data-legend] li")].map((line) => ({ words: line.textContent, colour: getComputedStyle(line.querySelector("span")).backgroundColor }));
      return { ...detail, lines };
    });
    const classes = told_.lines.filter(({ words }) => /\d|^tous/.test(words) && !words.startsWith("inconnu") && !words.startsWith("employeur"));
    const numbersOf = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((part) => Math.round(Number(part)));
    for (const [area, figure] of figures) {
      const fill = told_.fills[area];
      assert.ok(fill, `${name}: ${area} is on the map`);
      const isUnknown = figure.hidden || figure.value === null;
      assert.equal(told_.hatched.includes(area), isUnknown, `${name}: ${area} ${JSON.stringify(figure)} hatched`);
      if (isUnknown) continue;
      const line = classes.find(({ colour }) => String(numbersOf(colour)) === String(numbersOf(fill)));
      assert.ok(line, `${name}: ${area} is painted ${fill}, which the legend does not have: ${JSON.stringify(classes)}`);
      const [low, high] = rangeOf(line.words, indicator.unit);
      assert.ok(figure.value >= low && figure.value <= high, `${name}: ${area} has ${figure.value} and is painted as ${line.words}`);
      painted_++;
    }

    // The table, whole as paper has it.
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    const table = new Map((await cells(page)).map(([area, , value]) => [area, plain(value)]));
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    assert.deepEqual([...table].sort(), [...figures].map(([area, figure]) => [area, sayingOf(figure, indicator.unit)]).sort(), name);

    // The file.
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Exporter" }).click().then(() => page.getByRole("menuitem", { name: "Tableur (CSV)" }).click()),
    ]);
    const lines = readFileSync(await download.path(), "utf8").replace("\ufeff", "").trim().split("\r\n").map((line) => line.split(";"));
    for (const [area, figure] of figures) {
      const value = lines.find((cells) => cells[0] === area)?.[2];
      if (figure.hidden) assert.equal(value, "masqué", `${name}: ${area} in the file`);
      else if (figure.value === null) assert.equal(value, "", `${name}: ${area} in the file`);
      else {
        const [wanted, half] = indicator.unit === "percent" ? [figure.value * 100, 0.05] : [figure.value, 0.005]; // as it is rounded there
        assert.ok(value && Math.abs(Number(value.replace(",", ".")) - wanted) <= half + 1e-9, `${name}: ${area} has ${value} in the file, ${figure.value} by the API`);
      }
    }
  }
  assert.ok(painted_ > 100, `${painted_} areas with a colour`);
  for (const page of Object.values(windows)) {
    assert.deepEqual(problems(page), []);
    await page.context().close();
  }
});

told("two periods side by side share one scale; the period is moved by keyboard; files say the same", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=bassin&indicateur=visits", { acceptDownloads: true });
  await mapDrawn(page);
  await choose(page, "Comparer", "À un an plus tôt");
  await eventually(() => page.getByTestId("map-frame").count(), (n) => n === 2);
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  await page.getByRole("columnheader", { name: "Écart" }).waitFor();
  await shot(page, "couverture comparaison");

  // Or with any other period of the same length.
  await choose(page, "Comparer", "À une autre période");
  const month = (back) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - back, 15)).toISOString().slice(0, 7);
  await page.getByRole("button", { name: /Seconde période/ }).click();
  await page.getByRole("listbox").getByRole("option").nth(6).click();
  await eventually(() => new URL(page.url()).searchParams.get("depuis"), (start) => start === month(17));
  const then = await asked(page, `/api/indicators/figures?level=bassin&codes=visits&from=${month(17)}&to=${month(6)}`);
  const other = async () => new Map((await cells(page)).map(([area, , , right]) => [area, Number(right.replace(/\s/g, ""))]));
  await eventually(async () => JSON.stringify([...(await other())].sort()), (shown) => shown === JSON.stringify(then.items.map((item) => [item.area, item.figures.visits.value]).sort()));
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  await shot(page, "couverture autre periode");

  const start = page.getByRole("slider", { name: /^Période : début/ });
  await start.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  await eventually(() => new URL(page.url()).searchParams.get("de"));
  const from = new URL(page.url()).searchParams.get("de");

  // Of two maps each has its file.
  const fileOf = async (side) => {
    await page.getByRole("button", { name: "Exporter" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("group", { name: side }).getByRole("menuitem", { name: "Tableur (CSV)" }).click();
    return readFileSync(await (await download).path(), "utf8").replace("\ufeff", "").trim().split("\r\n").map((line) => line.split(";"));
  };
  const length = (new Date().getUTCFullYear() - Number(from.slice(0, 4))) * 12 + new Date().getUTCMonth() + 1 - Number(from.slice(5)); // months after the first
  for (const [side, question] of [["Carte de gauche", `from=${from}`], ["Carte de droite", `from=${month(17)}&to=${month(17 - length)}`]]) {
    const lines = await fileOf(side);
    const answer = await asked(page, `/api/indicators/figures?level=bassin&codes=visits&${question}`);
    for (const item of answer.items) assert.equal(lines.find((cells) => cells[0] === item.area)[2], String(item.figures.visits.n), side);
    assert.equal(lines.find((cells) => cells[1] === "Ensemble")[2], String(answer.whole.visits.n), side);
  }
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("an observer sees rounded figures and hidden cells; on a phone the map and its table", async () => {
  const page = await member(browser, m, { role: "observer" }, "/couverture?niveau=commune&indicateur=visits&tri=name");
  await mapDrawn(page);
  await grid(page).first().waitFor();
  const shown = (await cells(page)).map(([, , value]) => value);
  assert.ok(shown.some((value) => value === "masqué"));
  assert.ok(shown.every((value) => value === "masqué" || Number(value.replace(/\s/g, "")) % 5 === 0), shown.join(" "));
  assert.equal(await page.getByRole("button", { name: /voir les employeurs/ }).count(), 0);
  await shot(page, "couverture observateur");
  await page.context().close();

  const phone = await member(browser, m, { role: "manager" }, "/couverture", { viewport: { width: 390, height: 844 } });
  await mapDrawn(phone);
  await shot(phone, "couverture telephone");
  // What a manager comes for is one press away.
  await phone.getByRole("button", { name: "Personne n’y va" }).click();
  await eventually(() => new URL(phone.url()).searchParams.get("indicateur"), (code) => code === "white");
  await phone.getByRole("button", { name: "Personne n’y va", pressed: true }).waitFor();
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 390);
  await phone.getByRole("button", { name: "Tableau" }).click();
  await grid(phone).first().waitFor();
  await phone.getByRole("button", { name: "Exporter" }).click();
  await phone.getByRole("menuitem", { name: "Tableur (CSV)" }).waitFor();
  assert.equal(await phone.getByRole("menuitem", { name: /Image/ }).count(), 0, "no picture of a map that is not shown");
  await phone.keyboard.press("Escape");
  await shot(phone, "couverture telephone tableau");
  await phone.context().close();
});

told("from near employers show; one opens by a click; the picture has its legend; paper has both", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?indicateur=visits&carte=3.333,46.565,14.4", { acceptDownloads: true });
  await mapDrawn(page);
  const legend = page.getByRole("figure", { name: /^Légende/ });
  await legend.getByText(/^employeur rencontré d/).waitFor();
  await shot(page, "couverture employeurs");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Exporter" }).click().then(() => page.getByRole("menuitem", { name: "Image de la carte (PNG)" }).click()),
  ]);
  const bytes = readFileSync(await download.path());
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  assert.ok(bytes.readUInt32BE(16) > 1200 && bytes.readUInt32BE(20) > 800, "large enough for paper");
  if (process.env.MAILLAGE_SHOTS) {
    writeFileSync(join(process.env.MAILLAGE_SHOTS, "couverture-image.png"), bytes);
    await page.pdf({ path: join(process.env.MAILLAGE_SHOTS, "couverture.pdf"), format: "A4", landscape: true, printBackground: true });
  }

  // Paper has every area, not only those that the screen has room for.
  const areas = (await asked(page, "/api/indicators/figures?level=commune&codes=visits")).items.length;
  const lines = page.getByRole("grid", { name: "Couverture par zone" }).locator("[data-key]");
  assert.ok((await lines.count()) < areas);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  assert.equal(await lines.count(), areas);
  // A sheet on its own says what, where and when.
  assert.match(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--printed")), /^"Couverture · .*Allier, imprimé le .* \d+\sh\s\d\d"$/);
  // Its head comes again on each page: a table in earnest, without controls in it; the legend covers nothing of the map.
  await page.emulateMedia({ media: "print" });
  const head = page.getByRole("grid", { name: "Couverture par zone" }).getByRole("rowgroup").first();
  assert.deepEqual(await head.evaluate((one) => [getComputedStyle(one).display, getComputedStyle(one).breakInside, one.querySelectorAll("button").length]), ["table-header-group", "avoid", 0]);
  assert.deepEqual(await uncovered(page), [true]);
  await page.emulateMedia({ media: null });
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await eventually(() => lines.count(), (count) => count < areas);

  // The pointer finds one that stands alone.
  const box = await page.getByTestId("map").boundingBox();
  const tip = page.getByTestId("map-frame").getByText(/^Employeur (non )?rencontré$/);
  let found = false;
  for (let i = 0; i < 900 && !found; i++) {
    await page.mouse.move(box.x + box.width * (0.2 + 0.6 * ((i * 0.618) % 1)), box.y + box.height * (0.3 + 0.5 * ((i * 0.414) % 1)));
    found = (await tip.count()) > 0;
  }
  assert.ok(found, "an employer under the pointer");
  await page.mouse.down();
  await page.mouse.up();
  await eventually(() => new URL(page.url()).pathname, (path) => /^\/entreprises\/\d+$/.test(path));
  await page.getByRole("region", { name: "Fiche de l’établissement" }).waitFor();
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("two maps move together", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=bassin&indicateur=visits&comparer=annee");
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  await page.getByTestId("map").first().locator("canvas").focus();
  await page.keyboard.press("+");
  await eventually(() => new URL(page.url()).searchParams.get("carte"));
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  const scales = await page.locator(".maplibregl-ctrl-scale").allTextContents();
  assert.equal(scales.length, 2);
  assert.equal(scales[0], scales[1]);
  // So they do from the right one; another level begins with all of the territory on both, wherever they were.
  await page.getByTestId("map").nth(1).locator("canvas").focus();
  await page.keyboard.press("+");
  const same = (of) => of.length === 2 && of[0] === of[1];
  const near = await eventually(() => page.locator(".maplibregl-ctrl-scale").allTextContents(), (of) => same(of) && of[0] !== scales[0]);
  await choose(page, "Découpage", "Intercommunalités");
  await eventually(() => new URL(page.url()).searchParams.get("carte"), (carte) => carte === null);
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  const anew = await page.locator(".maplibregl-ctrl-scale").allTextContents();
  assert.ok(same(anew) && anew[0] !== near[0], `${anew} after ${near}`);
  assert.deepEqual(await uncovered(page), [true, true]);
  // However many lines the sources of the outlines take, the scale can be read.
  const scaled = () =>
    page.getByTestId("map").evaluateAll((maps) =>
      maps.map((map) => {
        const [scale, sources] = ["scale", "attrib"].map((name) => map.querySelector(`.maplibregl-ctrl-${name}`).getBoundingClientRect());
        return scale.width > 20 && (scale.bottom <= sources.top + 1 || scale.right <= sources.left || scale.left >= sources.right);
      }));
  assert.deepEqual(await scaled(), [true, true]);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("region", { name: "Carte de la couverture" }).getByTestId("map").nth(1).waitFor(); // a phone has maps of its own
  await eventually(scaled, ([one, two]) => one && two);
  assert.deepEqual(await uncovered(page), [true, true]);
  assert.deepEqual(await page.getByTestId("map").evaluateAll((maps) => maps.map((map) => map.getBoundingClientRect().height > 200)), [true, true], "maps that can be read");
  await page.setViewportSize({ width: 1440, height: 900 });
  await shot(page, "couverture cote a cote");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("paper asked for twice before it comes leaves the map where it was", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=bassin&indicateur=visits&carte=3.4000,46.2000,7.00");
  await mapDrawn(page);
  const wide = () => page.getByTestId("map").evaluate((map) => map.style.width);
  await page.evaluate(() => [1, 2].forEach(() => window.dispatchEvent(new Event("beforeprint"))));
  assert.match(await wide(), /px$/);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  assert.equal(await wide(), "");
  await page.getByTestId("map").locator("canvas").focus();
  await page.keyboard.press("+");
  assert.match(await eventually(() => new URL(page.url()).searchParams.get("carte"), (carte) => !carte.endsWith(",7.00")), /^3\.4000,46\.2000,/);
  await page.context().close();
});
