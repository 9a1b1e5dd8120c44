// What managers steer by: indicators with their targets, the diagnosis of a territory, the directory and its gaps, the
// potential of an employer explained.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch } from "../lib/browser.mjs";
import { Instance } from "../lib/instance.mjs";
import { asked, choose, eventually, mapDrawn, member, pick, problems, rows, shot, step } from "./acts.mjs";

let m;
let browser;
const told = (name, run) => step(name, () => browser, run);
before(async () => {
  m = await Instance.start({ template: "demo", worker: 0 });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});

told("indicators at a glance; a target is set and stands beside its figure", async () => {
  const page = await member(browser, m, { role: "manager", network: "ml" }, "/indicateurs");
  const board = page.getByRole("table", { name: /^Chaque indicateur/ });
  await board.getByRole("row", { name: /^Visites/ }).waitFor();
  const { items } = await asked(page, "/api/indicators/figures?level=all");
  assert.ok((await board.getByRole("row", { name: /^Visites/ }).textContent()).replace(/\s/g, "").includes(String(items[0].figures.visits.n)));
  await shot(page, "indicateurs");
  // A figure opens its very list; one of partners alone has none.
  await board.getByRole("button", { name: /^Visites : .*, voir les employeurs$/ }).click();
  const { employers } = await asked(page, "/api/indicators/employers?indicator=visits");
  await page.getByRole("dialog", { name: /^Visites : Allier/ }).getByText(new RegExp(`^${employers} employeurs`.replace(/(?<=\d)(?=(\d{3})+ )/, "."))).waitFor();
  await page.keyboard.press("Escape");
  await board.getByRole("row", { name: /^Part des signatures données/ }).waitFor();
  assert.equal(await board.getByRole("row", { name: /^Part des signatures données/ }).getByRole("button", { name: /voir les employeurs/ }).count(), 0);
  const { organisation } = await asked(page, "/api/session");
  await choose(page, "Structure", organisation.short_name);
  await page.getByRole("button", { name: "Fixer un objectif : Besoins recueillis" }).click();
  const dialog = page.getByRole("dialog", { name: "Fixer un objectif" });
  await dialog.getByLabel("Objectif", { exact: true }).fill("rien");
  await dialog.getByRole("button", { name: "Fixer l’objectif" }).click();
  await dialog.getByText("Écrivez un nombre au-dessus de zéro.").waitFor();
  await dialog.getByLabel("Objectif", { exact: true }).fill("40");
  await shot(page, "objectif");
  await dialog.getByRole("button", { name: "Fixer l’objectif" }).click();
  await board.getByRole("row", { name: /^Besoins recueillis/ }).getByText(/sur 40/).waitFor();
  await page.getByRole("tab", { name: /^Objectifs/ }).click();
  await page.getByRole("table", { name: "Objectifs" }).getByRole("row", { name: /^Besoins recueillis/ }).waitFor();
  await page.getByRole("heading", { name: "Objectifs des plans" }).waitFor();
  await shot(page, "objectifs");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("indicators on a telephone: every head and curve within its width, an aim below its figure", async () => {
  const page = await member(browser, m, { role: "manager" }, "/indicateurs", { isPhone: true });
  const board = page.getByRole("table", { name: /^Chaque indicateur/ });
  await board.getByRole("row", { name: /^Visites/ }).waitFor();
  const width = page.viewportSize().width;
  assert.deepEqual(await board.getByRole("columnheader").allTextContents(), ["Indicateur", "Période", "Écart", "Mois par mois"]);
  assert.deepEqual(await board.locator("th, td, svg").evaluateAll((all, wide) => all.filter((one) => one.getBoundingClientRect().right > wide || (one.tagName === "TH" && one.scrollWidth > one.clientWidth + 1)).map((one) => one.textContent), width), []);
  await board.getByRole("row", { name: /^Visites/ }).locator("xpath=following-sibling::tr[1]").getByText(/sur 1\s400/).waitFor();
  await shot(page, "indicateurs telephone");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("the diagnosis of a bassin; one occupation on the map", async () => {
  const page = await member(browser, m, { role: "manager" }, "/diagnostic");
  await page.getByRole("heading", { name: "Métiers recherchés" }).waitFor();
  await shot(page, "diagnostic");
  await choose(page, "Territoire", /Bassin de Vichy/);
  await eventually(() => new URL(page.url()).searchParams.get("zone"), (zone) => zone?.startsWith("bassin:"));
  // Of that bassin alone: what stood before names it among others.
  await page.getByText(/^Enquête BMO \d{4}, [^,]*Vichy$/).waitFor();
  const second = page.getByRole("table", { name: "Métiers recherchés" }).getByRole("row").nth(2);
  const name = (await second.getByRole("rowheader").textContent()).replace(/ [A-Z]\d{4}$/, "").trim();
  // Rows may still change places: the one of that name.
  await page.getByRole("table", { name: "Métiers recherchés" }).getByRole("row").filter({ hasText: name }).first().getByRole("button").click();
  await page.getByRole("img", { name: new RegExp(`^Carte : ${name.replace(/[()]/g, "\\$&")}`) }).waitFor();
  await shot(page, "diagnostic bassin");
  // Each map has its twin: as many lines as areas, the same figures.
  const { areas, figures } = await asked(page, `/api/diagnosis?within=${new URL(page.url()).searchParams.get("zone")}`);
  for (const twin of [/^Couverture par commune$/, new RegExp(`^${name.replace(/[()]/g, "\\$&")} : postes par commune$`)])
    assert.equal(await page.getByRole("table", { name: twin }).getByRole("row").count(), areas.length + 1);
  const busy = areas.find((area) => area.figures.white.n > 0);
  const line = page.getByRole("table", { name: /^Couverture par commune$/ }).getByRole("row").filter({ has: page.getByRole("rowheader", { name: busy.name, exact: true }) });
  assert.equal((await line.getByRole("cell").nth(1).textContent()).replace(/\s/g, ""), String(busy.figures.white.n));
  assert.ok(figures.white.n >= busy.figures.white.n);
  // Each button of the maps has a name of its own; on a phone nothing but tables goes sideways.
  const buttons = await page.getByRole("button", { name: /^Carte : / }).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  assert.equal(new Set(buttons).size, buttons.length);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await page.getByRole("main").evaluate((main) => main.scrollWidth - main.clientWidth), 0);
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("on the map of actors no circle lies over the name of a town, and the towns of the circles are named", async () => {
  const page = await member(browser, m, { role: "manager", network: "ml" }, "/annuaire?vue=carte");
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.reload();
    await mapDrawn(page);
    const { names, covered } = await eventually(
      () => page.evaluate(() => {
        const detail = {};
        document.querySelector("[data-testid=map]").dispatchEvent(new CustomEvent("map-painted", { detail }));
        return detail;
      }),
      ({ names, circles }) => circles > 0 && names.length > 4,
    );
    assert.deepEqual(covered, [], `${width} px`);
    for (const town of ["Moulins", "Montluçon", "Vichy"]) assert.ok(names.includes(town), `${width} px: ${town} of ${names.join(", ")}`);
  }
  await page.context().close();
});

told("the directory tells where each works, what nobody covers; a manager changes the own organisation", async () => {
  const page = await member(browser, m, { role: "manager", network: "ml" }, "/annuaire?vue=territoires&pour=ml");
  await page.getByText(/communes? sans structure$/).first().waitFor();
  await mapDrawn(page);
  await shot(page, "annuaire territoires");
  // On a phone the map takes the place of the list.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "Carte", exact: true }).click();
  await mapDrawn(page);
  await page.getByRole("button", { name: "Liste", exact: true }).click();
  await page.getByText(/communes? sans structure$/).first().waitFor();
  await page.setViewportSize({ width: 1440, height: 900 });
  const { networks } = await asked(page, "/api/organisations/gaps");
  const ml = networks.find((one) => one.network === "ml");
  assert.ok(ml.gaps.length > 0 && networks.find((one) => one.network === "ft").overlaps.length > 0);
  await page.getByRole("button", { name: "Toutes les structures" }).click();
  // By keyboard from the list to a call, and back to the row.
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("href") ?? document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
  await page.getByRole("grid", { name: "Acteurs du territoire" }).press("Enter");
  const [first] = (await asked(page, "/api/organisations")).items;
  await eventually(focused, (words) => words === first.name);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), `tel:${first.phone}`);
  await page.keyboard.press("Escape");
  await eventually(focused, (words) => words === "Acteurs du territoire");
  const { organisation } = await asked(page, "/api/session");
  await page.goto(`${m.url}/annuaire/${organisation.id}`);
  await page.getByRole("region", { name: "Structure" }).getByRole("button", { name: "Modifier" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Présentation").fill("Jeunes de 16 à 25 ans, du bassin et d’ailleurs.");
  await dialog.getByText("Conseil en recrutement").click();
  await pick(dialog, "Territoire d’intervention", "Gannat", /^Gannat/);
  // Left and opened again, it is as it was typed.
  await page.reload();
  await page.getByRole("region", { name: "Structure" }).getByRole("button", { name: "Modifier" }).click();
  await dialog.getByText("Votre saisie précédente a été retrouvée sur cet appareil.").waitFor();
  assert.equal(await dialog.getByLabel("Présentation").inputValue(), "Jeunes de 16 à 25 ans, du bassin et d’ailleurs.");
  await shot(page, "annuaire modifier");
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await page.getByText("Jeunes de 16 à 25 ans, du bassin et d’ailleurs.").first().waitFor();
  await page.getByRole("region", { name: "Structure" }).getByText(/Conseil en recrutement/).waitFor();
  await mapDrawn(page);
  await shot(page, "annuaire structure");
  // On paper this actor, and nobody else, on one page.
  const others = (await asked(page, "/api/organisations")).items.filter(({ id }) => id !== organisation.id);
  assert.ok(others.length > 5);
  await page.emulateMedia({ media: "print" });
  const printed = await page.locator("body").innerText();
  await page.emulateMedia({ media: null });
  assert.ok(printed.includes(organisation.name) && printed.includes("Jeunes de 16 à 25 ans"), printed);
  assert.deepEqual(others.filter(({ name, phone }) => printed.includes(name) || (phone && printed.includes(phone))).map(({ name }) => name), []);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1, "one page");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("the record of an employer explains its potential", async () => {
  const page = await member(browser, m, { role: "adviser" }, "/entreprises");
  await rows(page).first().click();
  const part = page.getByRole("region", { name: "Potentiel d’embauche" });
  await part.getByText(/^\d+ sur 100/).waitFor();
  for (const name of ["Effectif", "Activité", "Marché du bassin", "Ce que l’on sait"]) await part.getByText(name, { exact: true }).waitFor();
  await part.scrollIntoViewIfNeeded();
  await shot(page, "fiche potentiel");
  // Of one with old evidence, each kind with its points; how they are counted, in words.
  const [known] = await m.sql("select k.establishment_id as id from data.known k join data.establishment e on e.id = k.establishment_id and e.status = 'A' where k.needs > 0 order by k.needs desc, k.establishment_id limit 1", { role: "postgres" });
  await page.goto(`${m.url}/entreprises/${known.id}`);
  const { known: told } = await asked(page, `/api/establishments/${known.id}/potential`);
  const needs = told.parts.find((one) => one.kind === "needs");
  await part.getByText(new RegExp(`^${needs.recent + needs.older} besoins? déclarés?.*\\+${String(needs.points).replace(".", ",")} \\(8 chaque fois, 16 au plus\\)`)).waitFor();
  await part.getByText("Comment ce score est compté").click();
  await part.getByText(/^Ce que l’on sait, de −15 à 30/).waitFor();
  await part.getByText(/^Ce que l’on sait, de −15 à 30/).scrollIntoViewIfNeeded();
  await shot(page, "fiche potentiel compte");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});
