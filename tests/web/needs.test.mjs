// Needs and leads in real browsers: a need noted, confirmed, made an offer; a contributor tells, a partner answers.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { launch } from "../lib/browser.mjs";
import { asked, choose, eventually, member, pick, problems, rows, shot, step, workday } from "./acts.mjs";

let m, browser, ml;
before(async () => {
  m = await Instance.start({ template: "demo" });
  await m.clock(workday());
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);
const need = (page) => page.getByTestId("need");
const lead = (page) => page.getByTestId("lead");

told("a need is noted, found again by the address, confirmed, and becomes an offer", async () => {
  ml = await member(browser, m, { role: "adviser", network: "ml" }, "/besoins");
  await rows(ml, "Besoins des employeurs").first().waitFor();
  await shot(ml, "needs list");
  const [free] = (await asked(ml, "/api/establishments?state=free&limit=5")).items;
  await ml.getByRole("button", { name: "Noter un besoin" }).click();
  const form = ml.getByRole("dialog", { name: "Noter un besoin" });
  await form.getByRole("button", { name: "Enregistrer" }).click();
  await form.getByText("Choisissez un métier.").waitFor();
  await pick(form, "Employeur", free.siret, new RegExp(free.name.slice(0, 12).replace(/[^\p{L}\d ]/gu, "."), "i"));
  await pick(form, "Métier", "personel de cuisine", /Personnel de cuisine/);
  await form.getByLabel(/^Nombre de postes/).fill("");
  await choose(form, /Difficulté attendue/, "Difficile à recruter");
  await shot(ml, "need form");
  await form.getByRole("button", { name: "Enregistrer" }).click();
  await form.waitFor({ state: "hidden" });
  await need(ml).getByText("nombre de postes inconnu").waitFor();
  await need(ml).getByRole("button", { name: "Confirmer" }).click();
  await need(ml).getByText("Besoin confirmé avec l’employeur").waitFor();
  await shot(ml, "need sheet");
  await need(ml).getByRole("button", { name: "En faire une offre" }).click();
  const offer = ml.getByRole("dialog", { name: /Déposer une offre/ });
  assert.equal(await offer.getByLabel("Intitulé de l’offre").inputValue(), "Personnel de cuisine");
  await choose(offer, /Contrat de l’offre/, "CDI");
  await offer.getByRole("button", { name: "Enregistrer le brouillon" }).click();
  await ml.getByTestId("offer").getByRole("heading", { name: "Personnel de cuisine" }).waitFor();
  await ml.goto(`${m.url}/besoins?qui=mine&etat=offer`);
  await eventually(() => rows(ml, "Besoins des employeurs").count(), (n) => n > 0);
  await ml.goto(`${m.url}/besoins?vue=bilan&par=employer&qui=ours&source=call`);
  await ml.getByRole("rowheader", { name: new RegExp(free.name.slice(0, 12).replace(/[^\p{L}\d ]/gu, "."), "i") }).first().waitFor();
  await shot(ml, "needs figures");
  await ml.goto(`${m.url}/besoins?vue=enquete`);
  await ml.getByRole("region", { name: "Enquête BMO" }).waitFor();
  await shot(ml, "needs survey");
});

told("answers to the survey are given as a file, and say what became of each line", async () => {
  const two = (await asked(ml, "/api/establishments?state=free&limit=30")).items.filter((one) => one.siret).slice(9, 11);
  await ml.goto(`${m.url}/besoins`);
  await ml.getByRole("button", { name: "Réponses BMO" }).click();
  const dialog = ml.getByRole("dialog", { name: "Réponses à l’enquête BMO" });
  const [chooser] = await Promise.all([ml.waitForEvent("filechooser"), dialog.getByRole("button", { name: "Choisir un fichier" }).click()]);
  await chooser.setFiles({ name: "reponses.csv", mimeType: "text/csv", buffer: Buffer.from(`met;SIRET;Code métier BMO;Nom métier BMO\n3;${two[0].siret};S1Z40;Cuisiniers\n*;${two[1].siret};B2Z40;Maçons\n2;123;S1Z40;Cuisiniers\n`) });
  await dialog.getByText("2 besoins déclarés").waitFor();
  await dialog.getByText("1 ligne à corriger").waitFor();
  await shot(ml, "needs answers");
  await dialog.getByRole("link", { name: "Voir les lignes à corriger" }).click();
  await ml.getByRole("cell", { name: "SIRET", exact: true }).waitFor();
  assert.deepEqual(problems(ml), []);
});

told("a contributor tells of a firm in confidence; the person it names makes a need of it; the contributor follows", async () => {
  const cci = await member(browser, m, { role: "contributor" }, "/signalements");
  await rows(cci, "Signalements").first().waitFor();
  await shot(cci, "leads of a contributor");
  await cci.getByRole("button", { name: "Signaler une entreprise" }).first().click();
  const form = cci.getByRole("dialog", { name: "Signaler une entreprise" });
  const session = await asked(ml, "/api/session");
  const firm = (await asked(cci, "/api/leads/employers?q=garage")).items[0];
  await form.getByText("S’installe").click();
  await pick(form, "Entreprise", firm.siret, firm.name);
  await form.getByLabel(/^Ce que vous savez/).fill("Deux mécaniciens à la rentrée.");
  await choose(form, /Envoyer à/, session.organisation.short_name);
  await choose(form, /Personne/, session.member.name);
  await form.getByText("Confidentiel").first().click();
  await form.getByText("Seule cette personne le lira, et vous.").waitFor();
  await shot(cci, "lead form");
  await form.getByRole("button", { name: "Envoyer", exact: true }).click();
  await lead(cci).getByText("Confidentiel").waitFor();

  await ml.goto(`${m.url}/signalements`);
  await rows(ml, "Signalements").filter({ hasText: firm.name }).first().click();
  await lead(ml).getByRole("button", { name: "Prendre en charge" }).click();
  await lead(ml).getByText(`${session.member.name} s’en occupe.`).waitFor();
  await shot(ml, "lead of a partner");
  await lead(ml).getByRole("button", { name: "En faire un besoin" }).click();
  const making = ml.getByRole("dialog", { name: "En faire un besoin" });
  await pick(making, "Métier", "mecanique auto", /Mécanique automobile/);
  await making.getByRole("button", { name: "Enregistrer" }).click();
  await lead(ml).getByRole("link", { name: "Voir le besoin" }).waitFor();
  await cci.reload();
  await lead(cci).getByText(/Devenu un besoin de recrutement, déclaré/).waitFor();
  const other = await member(browser, m, { role: "manager", organisation: ml.account.organisation }, "/signalements");
  await other.getByRole("heading", { name: "Signalements" }).waitFor();
  assert.equal((await asked(other, "/api/leads")).items.filter((one) => one.confidential).length, 0, "not even the manager");
  assert.deepEqual([...problems(cci), ...problems(ml)], []);
});
