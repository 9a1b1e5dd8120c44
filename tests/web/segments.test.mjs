// Segments in the browser: a view of the list becomes one, its rule is written with the keyboard, drawn, counted as one
// types; versions, their difference, two editors at once; back to the list.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { launch } from "../lib/browser.mjs";
import { asked, choose, eventually, mapDrawn, member, pick, problems, rows, shot, step } from "./acts.mjs";

let m, browser, camille, hugo, made;
before(async () => {
  m = await Instance.start({ template: "demo" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);
const figure = async (page) => Number((await page.getByTestId("segment-count").textContent()).replace(/\D/g, "") || Number.NaN);
const settled = (page) => page.locator('[aria-busy="false"]').first().waitFor();
const message = (page, text) => page.getByRole("region", { name: "Messages" }).getByText(text).waitFor();

told("a view of the list becomes a segment, with its count at once", async () => {
  camille = await member(browser, m, { role: "adviser", network: "ml" }, "/entreprises?naf=I&visites=jamais");
  await rows(camille).first().waitFor();
  const { total } = await asked(camille, "/api/establishments/counts?naf=I&visited=never");
  await camille.getByRole("link", { name: "Enregistrer la vue comme segment" }).click();
  await camille.getByRole("heading", { name: "Nouveau segment", level: 1 }).waitFor();
  await eventually(async () => (await figure(camille)) === total);
  await camille.getByText(/sans ce critère/).first().waitFor();
  await mapDrawn(camille);
  await shot(camille, "segment editor");
});

told("criteria are added, moved and removed with the keyboard; the count follows, nothing is lost", async () => {
  await camille.getByRole("textbox", { name: "Nom du segment" }).fill("Restaurants de Moulins et alentours");
  const before = await figure(camille);
  await camille.getByRole("button", { name: "Ajouter un critère" }).focus();
  await camille.keyboard.press("Enter");
  const items = camille.getByRole("group", { name: "Critères" }).locator("li[data-path]");
  assert.equal(await items.count(), 3);
  await camille.getByText("À compléter ; pas encore compté.").waitFor();
  await choose(items.nth(2), "Critère", /Distance à un lieu/);
  await pick(items.nth(2), "Commune au centre", "Moulins", /^Moulins/);
  await eventually(async () => (await figure(camille)) < before);
  const near = await figure(camille);
  await items.nth(2).getByRole("button", { name: "Monter ce critère" }).focus();
  await camille.keyboard.press("Alt+ArrowUp");
  await items.nth(1).getByText("km autour de").waitFor();
  assert.equal(await figure(camille), near);
  // What is written stays on this device.
  await camille.reload();
  await camille.getByText("Votre brouillon est repris.").waitFor();
  await eventually(async () => (await figure(camille)) === near);
  await items.nth(0).getByRole("button", { name: "Retirer ce critère" }).focus();
  await camille.keyboard.press("Enter");
  assert.equal(await items.count(), 2);
  await eventually(async () => (await figure(camille)) > near);
});

told("a zone is drawn on the map", async () => {
  const items = camille.getByRole("group", { name: "Critères" }).locator("li[data-path]");
  await camille.getByRole("button", { name: "Ajouter un critère" }).click();
  await choose(items.nth(2), "Critère", /Zone dessinée/);
  await camille.getByRole("button", { name: "Dessiner sur la carte" }).click();
  await mapDrawn(camille);
  const frame = await camille.getByTestId("map").boundingBox();
  const before = await figure(camille);
  for (const [x, y] of [[0.3, 0.2], [0.8, 0.2], [0.8, 0.8], [0.3, 0.8]]) await camille.mouse.click(frame.x + frame.width * x, frame.y + frame.height * y);
  await camille.getByText("4 points").waitFor();
  await eventually(async () => (await figure(camille)) <= before && (await figure(camille)) > 0);
  await shot(camille, "segment drawn");
  await camille.keyboard.press("Escape");
  await camille.getByRole("button", { name: "Continuer le contour" }).waitFor();
  const kept = await figure(camille);
  await camille.getByRole("button", { name: "Enregistrer le segment" }).click();
  await camille.waitForURL(/\/segments\/\d+$/);
  made = Number(/(\d+)$/.exec(camille.url())[1]);
  // Members come from the worker; the list shows exactly them.
  await eventually(async () => (await asked(camille, `/api/segments/${made}`)).members, (members) => members === kept);
  await camille.getByRole("link", { name: "Ouvrir dans la liste" }).click();
  await rows(camille).first().waitFor();
  await eventually(async () => (await asked(camille, `/api/establishments/counts?segment=${made}`)).total === kept);
  await camille.getByRole("button", { name: /Ne plus filtrer par le segment/ }).waitFor();
});

told("two editors at once: the second sees both changes and chooses", async () => {
  const account = m.accounts.find((one) => one.role === "adviser" && one.organisation === camille.account.organisation && one.email !== camille.account.email);
  await camille.goto(`${m.url}/segments/${made}/regle`);
  hugo = await member(browser, m, account, `/segments/${made}/regle`);
  for (const [page, months] of [[camille, "6"], [hugo, "24"]]) {
    const items = page.getByRole("group", { name: "Critères" }).locator("li[data-path]");
    await items.first().waitFor();
    await page.getByRole("button", { name: "Ajouter un critère" }).click();
    await choose(items.nth(3), "Critère", /Dernier contact$/);
    await choose(items.nth(3), "Comparaison", "pas depuis");
    await page.getByRole("textbox", { name: "Nombre de mois" }).fill(months);
    await settled(page);
  }
  await camille.getByRole("button", { name: "Enregistrer la version 2" }).click();
  await camille.waitForURL(/\/segments\/\d+$/);
  await hugo.getByRole("button", { name: "Enregistrer la version 2" }).click();
  await hugo.getByText(/vient d’enregistrer la version 2/).waitFor();
  await hugo.getByRole("region", { name: "Vos changements" }).getByText("pas contacté depuis 24 mois").waitFor();
  await hugo.getByRole("region", { name: /^Changements de/ }).getByText("pas contacté depuis 6 mois").waitFor();
  await shot(hugo, "segment conflict");
  assert.deepEqual(hugo.refused.filter((one) => !one.startsWith("401")), [`409 POST /api/segments/${made}/versions`]);
  await hugo.getByRole("button", { name: "Enregistrer la mienne par-dessus" }).click();
  await hugo.waitForURL(/\/segments\/\d+$/);
});

told("versions tell their difference in French; an older one comes back", async () => {
  const versions = hugo.getByRole("region", { name: "Versions" });
  await versions.getByText(/pas contacté depuis 24 mois, au lieu de/).waitFor();
  await mapless(hugo);
  await shot(hugo, "segment versions");
  await versions.getByRole("button", { name: "Rétablir la version 1" }).click();
  await message(hugo, /Version 4 enregistrée/);
  await versions.getByText("Retour à la version 1").waitFor();
  assert.deepEqual(problems(hugo), []);
  assert.deepEqual(problems(camille), []);
});
const mapless = (page) => page.getByRole("grid", { name: "Segments" }).waitFor();

told("an employer is tagged, and the tag is a criterion", async () => {
  const [{ id }] = await m.sql("select m.establishment_id as id from data.segment_member m limit 1", { role: "owner" });
  await hugo.goto(`${m.url}/entreprises/${id}`);
  await hugo.getByRole("button", { name: /Étiqueter|Modifier les étiquettes/ }).click();
  const dialog = hugo.getByRole("dialog", { name: "Étiquettes" });
  await dialog.getByRole("textbox", { name: "Nouvelle étiquette" }).fill("À revoir en avril");
  await dialog.getByRole("button", { name: "Ajouter", exact: true }).click();
  await dialog.getByRole("button", { name: "Retirer À revoir en avril" }).waitFor();
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await message(hugo, "Étiquettes enregistrées.");
  await hugo.goto(`${m.url}/segments/nouveau/regle`);
  await hugo.getByRole("button", { name: "Ajouter un critère" }).click();
  const item = hugo.getByRole("group", { name: "Critères" }).locator("li[data-path]").first();
  await choose(item, "Critère", /^Étiquette/);
  await pick(item, "Étiquette", "avril", /À revoir en avril/);
  await eventually(async () => (await figure(hugo)) === 1);
  assert.deepEqual(problems(hugo), []);
});
