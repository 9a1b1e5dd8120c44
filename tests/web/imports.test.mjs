// A partner's damaged spreadsheet, from its upload to the file given back: by the mouse, by the keyboard alone, on a phone.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch } from "../lib/browser.mjs";
import { Instance } from "../lib/instance.mjs";
import { readWorkbook, workbook } from "../lib/workbook.mjs";
import { choose, member, problems, shot, step } from "./acts.mjs";

let m, browser, page;
before(async () => {
  m = await Instance.start({ template: "demo" });
  browser = await launch();
  page = await member(browser, m, { role: "adviser", network: "plie" }, "/imports");
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);
const desk = (on = page) => on.getByRole("region", { name: "Détail de l’import" });
const give = (name, buffer, on = page) => on.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });

// Titles above, a header on two lines, a name that says nothing, a SIRET rounded, one that lost its zero, one in full.
const sheet = (extra = []) => ({
  name: "Suivi",
  rows: [
    ["Employeurs suivis par le PLIE"], null, ["Entreprise", null, null, null, "Contact", null, "Divers"], ["N° SIRET", "Qui", "CP", "Ville", "Nom", "Prénom", "Vu par"],
    [{ n: "4.1816609600069E13" }, "Menuiserie de l’Allier", { n: 3000, s: 2 }, "Moulins", "DUPONT", "Anne", "Zoé"],
    ["1545141200025", "Ferme du Pré", "03500", "St Pourçain sur Sioule", null, null, "Zoé"],
    ["4,10353E+13", "Garage arrondi", "03200", "Vichy", null, null, "Zoé"],
    ...extra,
  ],
});

told("a damaged spreadsheet: seen, corrected, imported, given back", async () => {
  await give("suivi plie.xlsx", workbook([{ name: "Notes", rows: [] }, sheet()]));
  await desk().getByText("À vérifier", { exact: true }).waitFor();
  await desk().getByRole("button", { name: /^En-tête.*Lignes 3 et 4|Lignes 3 et 4/ }).waitFor();
  // "Qui" says nothing: the agent names it.
  await choose(desk(), /Sens de la colonne Qui/, "Raison sociale");
  await desk().getByText("choisie par vous").first().waitFor();
  const impact = desk().locator("dl [data-outcome]");
  await desk().locator("[data-outcome=review] dd", { hasText: "1" }).waitFor();
  assert.deepEqual(await impact.evaluateAll((all) => all.map((one) => [one.dataset.outcome, one.querySelector("dd").textContent])), [
    ["linked", "0"], ["created", "2"], ["review", "1"], ["unusable", "0"],
  ]);
  const problem = desk().getByRole("row").filter({ hasText: "le tableur a remplacé le SIRET" });
  assert.equal(await problem.getByRole("cell").first().innerText(), "7");
  await shot(page, "desk 1440");
  assert.equal(await m.psql("select count(*) from data.source_record r join data.source_file f on f.id = r.file_id where f.name = 'suivi plie.xlsx'"), "0");
  await desk().getByRole("button", { name: "Importer 3 lignes" }).click();
  await desk().getByText("Terminé", { exact: true }).waitFor();
  await shot(page, "desk result 1440");
  const [download] = await Promise.all([page.waitForEvent("download"), desk().getByRole("link", { name: "Vos lignes avec le SIRET trouvé" }).click()]);
  // A workbook comes back as a workbook: the same rows, with columns behind.
  assert.equal(download.suggestedFilename(), "suivi plie-retour.xlsx");
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const [, , header, , farm, garage] = readWorkbook(Buffer.concat(chunks))["Suivi"];
  assert.deepEqual(header, ["N° SIRET", "Qui", "CP", "Ville", "Nom", "Prénom", "Vu par", "SIRET trouvé", "Rapprochement", "Motif"]);
  assert.deepEqual(farm.slice(0, 9), ["1545141200025", "Ferme du Pré", "03500", "St Pourçain sur Sioule", , , "Zoé", "01545141200025", "créé dans la liste"]);
  assert.deepEqual(garage.slice(0, 9), ["4,10353E+13", "Garage arrondi", "03200", "Vichy", , , "Zoé", , "à revoir"]);
  assert.deepEqual(problems(page), []);
});

told("the next month the columns are known; by the keyboard alone; the import is taken back", async () => {
  await page.goto(`${m.url}/imports`);
  await give("suivi plie 2.xlsx", workbook([sheet([["78467169500087", "Banque du Centre", "03000", "MOULINS", null, null, "Zoé"]])]));
  await desk().getByText("comme la dernière fois").first().waitFor();
  // From the heading of the page to "Importer" without a mouse.
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  for (let i = 0; i < 80 && !/^Importer 4 lignes/.test(await focused()); i++) await page.keyboard.press("Tab");
  assert.match(await focused(), /^Importer 4 lignes/);
  await page.keyboard.press("Enter");
  await desk().getByText("Terminé", { exact: true }).waitFor();
  assert.equal(await m.psql("select count(*) from data.establishment where siret = '78467169500087'"), "1");
  await desk().getByRole("button", { name: "Annuler cet import" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Annuler l’import" }).click();
  await desk().getByText("Annulé", { exact: true }).waitFor();
  await desk().getByText(/Retiré.*rapprochements.*établissement/).waitFor();
  assert.equal(await m.psql("select count(*) from data.establishment where siret = '78467169500087'"), "0");
  await shot(page, "desk reverted 1440");
  assert.deepEqual(problems(page), []);
});

told("another sheet of the same workbook, and a header far down", async () => {
  await page.goto(`${m.url}/imports`);
  const titles = Array.from({ length: 14 }, (_, i) => [`Titre ${i + 1}`]);
  await give("deux feuilles.xlsx", workbook([
    { name: "Moulins", rows: [...titles, ["SIRET", "Nom"], ["78467169500103", "Banque du Nord"]] },
    { name: "Vichy", rows: [["SIRET", "Nom"], ["41816609600101", "Octo Vichy"]] },
  ]));
  await desk().getByRole("button", { name: /^En-tête.*Ligne 15|Ligne 15/ }).waitFor();
  await desk().getByRole("cell", { name: "Banque du Nord" }).first().waitFor();
  await desk().getByRole("button", { name: "Importer 1 ligne" }).click();
  await desk().getByText("Terminé", { exact: true }).waitFor();
  await shot(page, "desk other sheet 1440");
  await choose(desk(), /Importer une autre feuille/, "Vichy");
  await desk().getByRole("heading", { name: "deux feuilles (feuille 2).xlsx" }).waitFor();
  await desk().getByRole("cell", { name: "Octo Vichy" }).first().waitFor();
  assert.deepEqual(problems(page), []);
});

told("on a phone", async () => {
  const phone = await member(browser, m, { role: "adviser", network: "ce" }, "/imports", { isPhone: true });
  await give("suivi.csv", Buffer.from("SIRET;Raison sociale;CP;Ville\n41816609600069;Octo;03000;Moulins\n;Sans numéro;03200;Vichy\n"), phone);
  await desk(phone).getByRole("button", { name: "Importer 2 lignes" }).waitFor();
  await shot(phone, "desk 390");
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, "nothing sticks out");
  await desk(phone).getByRole("button", { name: "Importer 2 lignes" }).click();
  await desk(phone).getByText("Terminé", { exact: true }).waitFor();
  await shot(phone, "desk result 390");
  assert.deepEqual(problems(phone), []);
  await phone.context().close();
});
