// A manager brings a feed in: a file described with its preview, corrected, read; what is lacking is said; settings; half of it gone.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { axe, launch } from "../lib/browser.mjs";
import { asked, choose, eventually, member, pick, problems, shot, step } from "./acts.mjs";

let m, browser, page;
before(async () => {
  m = await Instance.start({ template: "demo" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);
const file = (rows) => ({ name: "annonces.csv", mimeType: "text/csv", buffer: Buffer.from(`Réf;Poste à pourvoir;Le poste;Type de contrat;Entreprise;CP;Ville;ROME\n${rows.join("\n")}\n`) });
const row = (ref, title, kind = "CDI") => `${ref};${title};Un poste à pourvoir rapidement, dans une équipe de quatre personnes, avec des horaires réguliers.;${kind};Établissements Introuvables;03000;Moulins;D1106`;
const rows = ["J1", "J2", "J3", "J4"].map((ref, i) => row(ref, `Vendeur numéro ${i + 1}`, i === 3 ? "Pige longue" : "CDI"));
const give = (what) => page.locator("input[type=file]").setInputFiles(what);
const settled = () => eventually(async () => (await m.sql("select count(*)::int as n from data.feed_run where state = 'waiting'"))[0].n === 0);

told("a file is given, described by a proposal, corrected and read", async () => {
  page = await member(browser, m, { role: "manager", network: "ml" }, "/flux");
  await page.getByRole("list", { name: "Flux d’offres" }).getByText("Le Journal du bocage").waitFor();
  await shot(page, "feeds");
  await page.getByRole("button", { name: "Ajouter un flux" }).click();
  const dialog = page.getByRole("dialog", { name: "Ajouter un flux" });
  await dialog.getByLabel("Nom").fill("Annonces de la mairie");
  await dialog.getByText(/^Un fichier/).first().click();
  await shot(page, "feed form");
  await dialog.getByRole("button", { name: "Ajouter", exact: true }).click();
  await page.getByRole("heading", { name: "Annonces de la mairie", level: 1 }).waitFor();
  await give(file(rows));
  const preview = page.getByRole("region", { name: "Aperçu" });
  await preview.getByText("Vendeur numéro 1").waitFor();
  await preview.getByText("4 utilisables").waitFor();
  await preview.getByText(/Pige longue/).waitFor();
  await shot(page, "feed described");
  // A word of theirs for a contract, seen at once in the preview.
  await page.getByRole("button", { name: "Ajouter un mot" }).click();
  await page.getByLabel("Leur mot").fill("Pige longue");
  await choose(page, "Notre contrat", "CDD");
  await preview.getByText(/Pige longue/).waitFor({ state: "detached" });
  // A field that is taken from elsewhere makes the preview say so.
  await choose(page, /Intitulé/, "Pas dans ce flux");
  await preview.getByRole("alert").getByText(/titre/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Enregistrer et lire" }).isDisabled(), true);
  await choose(page, /Intitulé/, /Poste à pourvoir/);
  await preview.getByText("Vendeur numéro 1").waitFor();
  assert.deepEqual(await axe(page, { exclude: ["[data-live-announcer]"] }), []);
  await page.getByRole("button", { name: "Enregistrer et lire" }).click();
  await settled();
  await page.getByText(/éléments lus/).first().waitFor();
});

told("what the feed does not say is said by a person, for all the offers of that employer", async () => {
  await page.getByRole("tab", { name: /Offres/ }).click();
  const list = page.getByRole("list", { name: "Offres du flux" });
  await list.getByRole("heading", { name: "Vendeur numéro 1" }).waitFor();
  assert.equal(await list.getByRole("listitem").filter({ hasText: "Il manque l’employeur" }).count(), 4);
  await shot(page, "feed offers");
  // Several are put aside at once, and come back one by one.
  await page.getByText("Toutes celles de la liste").click();
  await page.getByText("4 offres choisies", { exact: true }).waitFor();
  await list.getByRole("checkbox", { name: /Vendeur numéro 4/ }).click({ force: true });
  await page.getByText("3 offres choisies", { exact: true }).waitFor();
  await shot(page, "feed offers chosen");
  assert.deepEqual(await axe(page, { exclude: ["[data-live-announcer]"] }), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await shot(page, "feed offers chosen phone");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is cut on a phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  const aside = async () => {
    await page.getByRole("button", { name: "Mettre de côté les 3 offres choisies" }).click();
    await page.getByText("3 offres mises de côté.").waitFor();
  };
  await aside();
  // The button that was pressed is gone; the keyboard is where the list is, and all of it can be taken back.
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Offres de ce flux");
  await page.getByRole("button", { name: "Annuler" }).click();
  await page.getByText("3 offres attendent de nouveau.").waitFor();
  await eventually(async () => (await m.sql("select count(*)::int as n from data.feed_offer where feed_id = (select max(id) from data.feed) and state = 'incomplete'"))[0].n === 4);
  for (const which of [1, 2, 3]) await list.getByRole("checkbox", { name: new RegExp(`Vendeur numéro ${which}`) }).click({ force: true });
  await page.getByText("3 offres choisies", { exact: true }).waitFor();
  await aside();
  await eventually(async () => (await m.sql("select count(*)::int as n from data.feed_offer where feed_id = (select max(id) from data.feed) and state = 'aside'"))[0].n === 3);
  await choose(page, "Lesquelles", /Mises de côté \(3\)/);
  for (let left = 3; left > 0; left--) {
    await eventually(async () => (await list.getByRole("button", { name: "Reprendre" }).count()) === left);
    await list.getByRole("button", { name: "Reprendre" }).first().click();
  }
  await eventually(async () => (await m.sql("select count(*)::int as n from data.feed_offer where feed_id = (select max(id) from data.feed) and state = 'incomplete'"))[0].n === 4);
  await choose(page, "Lesquelles", /À compléter/);
  await list.getByRole("heading", { name: "Vendeur numéro 1" }).waitFor();
  const first = list.getByRole("listitem").filter({ hasText: "Vendeur numéro 4" });
  const [{ name }] = await m.sql(`select e.name from data.establishment e join data.territory_commune tc on tc.commune_code = e.commune_code
    join data.organisation o on o.territory_id = tc.territory_id where o.id = ${(await asked(page, "/api/session")).organisation.id} and length(e.name) > 10 and e.status = 'A' and e.merged_into is null order by e.id limit 1`);
  await pick(first, "Employeur", name, name);
  await first.getByRole("button", { name: "Enregistrer" }).click();
  await eventually(async () => (await m.sql("select count(*)::int as n from data.offer where feed_id = (select max(id) from data.feed)"))[0].n === 4);
  const made = await m.sql("select state, contract from data.offer where feed_id = (select max(id) from data.feed) order by origin_reference");
  assert.deepEqual(made, [..."111"].map(() => ({ state: "draft", contract: "cdi" })).concat([{ state: "draft", contract: "cdd" }]));
});

told("half of it gone: nothing is withdrawn before a person says so", async () => {
  await page.getByText("Les offres qu’il ne nomme plus ne sont retirées qu’avec l’accord d’un responsable.").waitFor();
  await give(file(rows.slice(0, 1)));
  await page.getByText("3 offres ne sont plus dans le fichier déposé.", { exact: false }).waitFor();
  await shot(page, "feed held");
  assert.deepEqual(await axe(page, { exclude: ["[data-live-announcer]"] }), []);
  await page.getByRole("button", { name: "Les retirer" }).click();
  await eventually(async () => (await m.sql("select count(*)::int as n from data.offer where feed_id = (select max(id) from data.feed) and state = 'withdrawn'"))[0].n === 3);
  await page.getByRole("tab", { name: "Passages" }).click();
  await page.getByRole("list", { name: "Passages" }).getByText(/retrait décidé/).waitFor();
  await shot(page, "feed runs");
  await page.getByRole("tab", { name: "Réglages" }).click();
  await page.getByText("Une convention dit").click();
  await page.getByLabel("Convention", { exact: false }).last().fill("Convention du 3 mars");
  await shot(page, "feed settings");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await page.getByText("Réglages enregistrés.").waitFor();
  assert.deepEqual(problems(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("tab", { name: "Description" }).click();
  await page.getByRole("region", { name: "Aperçu" }).getByText("Vendeur numéro 1").waitFor();
  await shot(page, "feed phone");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is cut on a phone");
});

told("an adviser gives a file of offers from their page; a smaller one takes nothing away", async () => {
  const [{ siret }] = await m.sql(`select e.siret from data.establishment e join data.territory_commune tc on tc.commune_code = e.commune_code
    join data.organisation o on o.territory_id = tc.territory_id where o.network = 'ml' and e.siret is not null and e.status = 'A' and e.merged_into is null order by e.id limit 1`);
  const salon = (titles) => ({ name: "Salon de mai.csv", mimeType: "text/csv", buffer: Buffer.from(["Réf;Intitulé;Type de contrat;SIRET;ROME", ...titles.map((title, i) => `S${i + 1};${title};CDI;${siret};D1106`)].join("\n")) });
  const adviser = await member(browser, m, { role: "adviser", network: "ml" }, "/suivi-offres");
  const open = async () => {
    await adviser.getByRole("button", { name: "Déposer un fichier" }).click();
    return adviser.getByRole("dialog", { name: "Déposer des offres par fichier" });
  };
  let dialog = await open();
  await dialog.getByRole("button", { name: "Déposer", exact: true }).click();
  await dialog.getByText("Choisissez d’abord le fichier.").waitFor();
  await adviser.locator("input[type=file]").setInputFiles(salon(["Vendeur du salon", "Vendeuse du salon", "Caissier du salon"]));
  assert.equal(await dialog.getByLabel("Nom").inputValue(), "Salon de mai");
  assert.deepEqual(await axe(adviser, { exclude: ["[data-live-announcer]"] }), []);
  await shot(adviser, "offers deposit");
  await dialog.getByRole("button", { name: "Déposer", exact: true }).click();
  await adviser.getByRole("region", { name: "Aperçu" }).getByText("Vendeur du salon").waitFor();
  await adviser.getByText("Il ajoute et met à jour des offres", { exact: false }).waitFor();
  await shot(adviser, "deposit described");
  await adviser.getByRole("button", { name: "Enregistrer et lire" }).click();
  const ours = () => m.sql("select o.title, o.state, o.origin from data.offer o where o.feed_id = (select max(id) from data.feed) order by o.origin_reference");
  await eventually(async () => (await ours()).length === 3);
  await adviser.goto(new URL("/suivi-offres", adviser.url()).href);
  dialog = await open();
  await choose(adviser, "Ce fichier", /Salon de mai/);
  await adviser.locator("input[type=file]").setInputFiles(salon(["Vendeur confirmé du salon"]));
  await dialog.getByRole("button", { name: "Déposer", exact: true }).click();
  await adviser.getByText("1 changée", { exact: false }).first().waitFor();
  assert.deepEqual((await ours()).map((o) => `${o.title} ${o.state} ${o.origin}`), ["Vendeur confirmé du salon draft csv", "Vendeuse du salon draft csv", "Caissier du salon draft csv"]);
  assert.deepEqual(problems(adviser), []);
  await adviser.setViewportSize({ width: 390, height: 844 });
  await adviser.goto(new URL("/suivi-offres", adviser.url()).href);
  await adviser.getByRole("button", { name: "Fichier", exact: true }).click();
  await adviser.getByRole("dialog", { name: "Déposer des offres par fichier" }).getByLabel("Nom").waitFor();
  await shot(adviser, "deposit phone");
  assert.ok(await adviser.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is cut on a phone");
});
