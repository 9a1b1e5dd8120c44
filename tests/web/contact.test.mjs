// A person in real browsers: given by one partner, confirmed, opposed through another, felt by all, handed over, erased.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Instance } from "../lib/instance.mjs";
import { launch } from "../lib/browser.mjs";
import { asked, choose, eventually, member, problems, rows, shot, step, workday } from "./acts.mjs";

let m, browser, manager;
// Windows that stay open from one test to the next.
let own, ml, ce;
let employer, other;

before(async () => {
  m = await Instance.start({ template: "demo" });
  await m.clock(workday());
  browser = await launch();
  manager = m.account({ role: "manager" });
});
after(async () => {
  await browser?.close();
  await m?.stop();
});

const told = (name, run) => step(name, () => browser, run);
const contact = (page, name) => page.getByRole("region", { name: "Interlocuteurs" }).getByTestId("contact").filter({ hasText: name });
const said = (page, text) => page.getByRole("region", { name: "Messages" }).getByText(text);

told("an adviser adds somebody with two phones and an e-mail; a partner sees at once how to reach them and who says so", async () => {
  own = await member(browser, m, { role: "adviser", organisation: manager.organisation });
  const free = (await asked(own, "/api/establishments?state=free&visited=never&limit=40")).items.filter((item) => item.name.length > 6);
  [employer, other] = free;
  ml = await member(browser, m, { role: "adviser", network: manager.network === "ml" ? "ft" : "ml" }, `/entreprises/${employer.id}`);
  await ml.getByText("Aucun interlocuteur connu.").waitFor();
  await own.goto(`${m.url}/entreprises/${employer.id}`);
  await own.getByRole("region", { name: "Interlocuteurs" }).getByRole("button", { name: "Ajouter" }).click();
  const form = own.getByRole("dialog", { name: "Ajouter un interlocuteur" });
  await form.getByLabel("Nom", { exact: true }).fill("Vauquelin");
  await form.getByLabel(/^Prénom/).fill("Solène");
  await form.getByLabel(/^Fonction/).fill("Responsable du recrutement");
  await form.getByLabel(/^Téléphone/).fill("poste 12");
  await form.getByLabel(/^Courriel/).fill("Solene@Vauquelin.example");
  await choose(form, "Canal préféré", "Courriel");
  await form.getByRole("button", { name: "Ajouter", exact: true }).click();
  await form.getByText("Ce n’est pas un numéro de téléphone.").waitFor();
  await form.getByLabel(/^Téléphone/).fill("06 39 98 55 01");
  await form.getByRole("button", { name: "Autre téléphone" }).click();
  await form.getByLabel(/^Téléphone 2/).fill("+33 4 65 71 55 02");
  // Left and opened again, it is as it was typed.
  await own.reload();
  await own.getByRole("region", { name: "Interlocuteurs" }).getByRole("button", { name: "Ajouter" }).click();
  await form.getByText("Votre saisie précédente a été retrouvée sur cet appareil.").waitFor();
  assert.deepEqual(await Promise.all([/^Nom/, /^Prénom/, /^Téléphone 2/].map((name) => form.getByLabel(name).first().inputValue())), ["Vauquelin", "Solène", "+33 4 65 71 55 02"]);
  await shot(own, "contact form");
  await form.getByRole("button", { name: "Ajouter", exact: true }).click();
  await form.waitFor({ state: "hidden" });

  const seen = contact(ml, "Solène Vauquelin");
  await seen.getByRole("link", { name: "06 39 98 55 01" }).waitFor();
  assert.equal(await seen.getByRole("link", { name: "04 65 71 55 02" }).getAttribute("href"), "tel:0465715502");
  assert.equal(await seen.getByRole("link", { name: "solene@vauquelin.example" }).getAttribute("href"), "mailto:solene@vauquelin.example");
  await seen.getByText("Préfère le courriel").waitFor();
  await seen.getByText(own.account.name).first().waitFor();
  assert.equal(await seen.getByRole("button", { name: /^Confirmé aujourd’hui/ }).count(), 0, "who did not give it does not confirm it");
});

told("weeks later one press confirms it", async () => {
  await m.psql(`update data.contact set confirmed_on = confirmed_on - 40 where id = (select max(id) from data.contact)`, { role: "postgres" });
  await own.reload();
  await contact(own, "Solène Vauquelin").getByRole("button", { name: /^Confirmé aujourd’hui/ }).click();
  await said(own, /confirmé aujourd’hui/).waitFor();
  await eventually(async () => (await asked(ml, `/api/establishments/${employer.id}`)).contacts[0].confirmed_on, (day) => day === workdayOf());
  await contact(ml, "Solène Vauquelin").getByText(/confirmé aujourd’hui/).waitFor();
});
const workdayOf = () => workday().slice(0, 10);

told("the search box finds the employer by an exact phone number", async () => {
  const page = await member(browser, m, { role: "adviser", network: "ce" }, "/entreprises?q=%2B33639985501");
  await eventually(() => rows(page).count(), (n) => n === 1);
  await rows(page).first().getByText(employer.name).waitFor();
  ce = page;
});

told("an opposition recorded by one partner is felt by another without a reload, and by a third who gives the person again", async () => {
  await contact(ml, "Solène Vauquelin").getByRole("button", { name: /^Autres actions/ }).click();
  await ml.getByRole("menuitem", { name: "Ne veut plus être contacté" }).click();
  const dialog = ml.getByRole("dialog", { name: /ne veut plus être contacté/ });
  await dialog.getByLabel(/Ce que la personne a dit/).fill("Ne souhaite plus d’appels");
  await dialog.getByRole("button", { name: "Enregistrer l’opposition" }).click();
  await dialog.waitFor({ state: "hidden" });
  const felt = contact(own, "Solène Vauquelin");
  await felt.getByText("Ne pas contacter").waitFor();
  assert.equal(await felt.getByRole("link").count(), 0, "no way to reach her is left");
  await felt.getByText("« Ne souhaite plus d’appels »").waitFor();
  await shot(own, "contact opposed");

  await ce.goto(`${m.url}/entreprises/${other.id}`);
  await ce.getByRole("region", { name: "Interlocuteurs" }).getByRole("button", { name: "Ajouter" }).click();
  const form = ce.getByRole("dialog", { name: "Ajouter un interlocuteur" });
  await form.getByLabel("Nom", { exact: true }).fill("Autrement");
  await form.getByLabel(/^Courriel/).fill("solene@vauquelin.example");
  await form.getByRole("button", { name: "Ajouter", exact: true }).click();
  await form.getByText(/Cette personne s’oppose à toute sollicitation/).waitFor();
  await shot(ce, "contact refused");
  assert.equal((await asked(ce, `/api/establishments/${other.id}`)).contacts.some((c) => c.family_name === "Autrement"), false);
  await form.getByRole("button", { name: "Annuler" }).click();
});

told("a manager finds the person, hands over what is known, and erases her; the register still knows", async () => {
  const page = await member(browser, m, { role: "manager", organisation: manager.organisation }, "/oppositions");
  await page.getByRole("list", { name: "Oppositions" }).getByText("Solène Vauquelin").waitFor();
  await page.getByRole("tab", { name: "Une personne demande" }).click();
  await page.getByLabel("Téléphone, courriel ou nom").fill("vauquelin solene");
  await page.getByRole("button", { name: "Chercher", exact: true }).click();
  const found = page.getByRole("list", { name: "Personnes trouvées" }).getByRole("listitem").filter({ hasText: "Solène Vauquelin" });
  await found.waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), found.getByRole("button", { name: /en JSON$/ }).click()]);
  const dossier = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.deepEqual(dossier.contacts[0].emails, ["solene@vauquelin.example"]);
  assert.equal(dossier.oppositions[0].reason, "Ne souhaite plus d’appels");
  await found.getByRole("button", { name: /^Effacer/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Effacer définitivement" }).click();
  await page.getByText("Personne n’est connu ainsi.").waitFor();
  await page.getByRole("tab", { name: "Registre des oppositions" }).click();
  await page.getByRole("list", { name: "Oppositions" }).getByText("Personne effacée ou gardée par sa structure").first().waitFor();
  await own.getByText("Aucun interlocuteur connu.").waitFor();
  for (const one of [own, ml, page]) assert.deepEqual(problems(one), []);
});
