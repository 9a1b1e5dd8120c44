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

told("ten seconds: where nobody goes, by intercommunal group then commune, and the employers behind the figure", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci&indicateur=white", { acceptDownloads: true });
  await mapDrawn(page);
  await grid(page).first().waitFor();
  const legend = page.getByRole("figure", { name: /^Légende/ });
  assert.ok((await legend.getByRole("listitem").count()) <= 7, "six classes and the unknown");
  await legend.getByText(/^inconnu/).waitFor();
  await shot(page, "couverture epci");

  // The table says what the API says.
  const { body } = await (await m.signIn(page.account.email)).get("/api/indicators/figures?level=epci&codes=white");
  const table = new Map((await cells(page)).map(([area, , value]) => [area, Number(value.replace(/\s/g, ""))]));
  assert.deepEqual([...table].sort(), body.items.map((item) => [item.area, item.figures.white.value]).sort());

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
  await page.getByRole("button", { name: "Remonter" }).click();
  await eventually(() => new URL(page.url()).searchParams.get("dans"), (dans) => dans === "departement:03");
  await page.getByRole("button", { name: "Revenir au territoire" }).click();
  await eventually(() => new URL(page.url()).searchParams.get("dans"), (dans) => dans === null);
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("two networks side by side: each figure opens its own list, each map its own employers", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci&indicateur=visits&reseau=ft&comparer=ml");
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  for (const name of ["France Travail", "Mission Locale"]) await page.getByRole("figure", { name: new RegExp(`^Légende.*${name}`) }).waitFor();
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
  // The dots are of each network: the tiles are asked for by it.
  const [tile] = await Promise.all([
    page.waitForRequest((request) => /api\/tiles\/employers\/.*network=ml/.test(request.url())),
    page.goto(`${new URL(page.url()).origin}/couverture?niveau=epci&indicateur=visits&reseau=ft&comparer=ml&carte=3.333,46.565,13`),
  ]);
  assert.match(tile.url(), /to=20\d\d-\d\d/);
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  await shot(page, "couverture deux reseaux");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("who works here is on the same map; a click opens one", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=epci&indicateur=white");
  await mapDrawn(page);
  await page.getByRole("button", { name: "Structures", exact: true }).click();
  await eventually(() => new URL(page.url()).searchParams.get("structures"), (shown) => shown === "oui");
  await page.getByRole("figure", { name: /^Légende/ }).getByText("structure, au signe de son réseau").waitFor();
  await mapDrawn(page);
  await shot(page, "couverture structures");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("two periods side by side share one scale; the period is moved by keyboard; files say the same", async () => {
  const page = await member(browser, m, { role: "manager" }, "/couverture?niveau=bassin&indicateur=visits", { acceptDownloads: true });
  await mapDrawn(page);
  await choose(page, "Comparer", "À un an plus tôt");
  await eventually(() => page.getByTestId("map-frame").count(), (n) => n === 2);
  await eventually(() => page.locator('[data-map-idle="true"]').count(), (n) => n === 2);
  await page.getByRole("columnheader", { name: "Écart" }).waitFor();
  await shot(page, "couverture comparaison");

  const start = page.getByRole("slider", { name: /^Période : début/ });
  await start.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  await eventually(() => new URL(page.url()).searchParams.get("de"));
  const from = new URL(page.url()).searchParams.get("de");

  await page.getByRole("button", { name: "Exporter" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Tableur (CSV)" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  const lines = text.replace("\ufeff", "").trim().split("\r\n").map((line) => line.split(";"));
  const answer = await asked(page, `/api/indicators/figures?level=bassin&codes=visits&from=${from}`);
  for (const item of answer.items) assert.equal(lines.find((cells) => cells[0] === item.area)[2], String(item.figures.visits.n));
  assert.equal(lines.find((cells) => cells[1] === "Ensemble")[2], String(answer.whole.visits.n));
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("an observer sees rounded figures and hidden cells; on a phone the map and its table", async () => {
  const page = await member(browser, m, { role: "observer" }, "/couverture?niveau=commune&indicateur=visits");
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
  await phone.getByRole("button", { name: "Tableau" }).click();
  await grid(phone).first().waitFor();
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
  await page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await uncovered(page), [true, true]);
  for (const box of await page.getByTestId("map").all()) assert.ok((await box.boundingBox()).height > 200, "a map that can be read");
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
