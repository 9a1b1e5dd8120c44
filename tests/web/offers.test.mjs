// An offer in real browsers: the employer asks for a correction, then confirms; a partner proposes somebody; a post is filled.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { axe, launch } from "../lib/browser.mjs";
import { asked, eventually, member, problems, shot, step, visit, workday } from "./acts.mjs";

let m, browser, ml, plie, employer, address, id;
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
const sheet = (page) => page.getByTestId("offer");

/** The page of a link, looked at on a telephone and on a desk. */
async function read(address, name) {
  for (const isPhone of [true, false]) {
    const page = await visit(browser, m, address.replace(m.url, ""), { isPhone });
    assert.deepEqual([await axe(page), problems(page), page.refused], [[], [], []]);
    await shot(page, `${name} ${isPhone ? 390 : 1440}`);
    await page.context().close();
  }
}

told("the adviser makes a link; the employer, on a phone, asks for a correction", async () => {
  ml = await member(browser, m, { role: "adviser", network: "ml" });
  const session = await asked(ml, "/api/session");
  const [free] = (await asked(ml, "/api/establishments?state=free&limit=5")).items;
  id = await ml.evaluate(async ([establishment, csrf]) => {
    const answer = await fetch("/api/offers", { method: "POST", headers: { "content-type": "application/json", "x-csrf-token": csrf }, body: JSON.stringify({ establishment, title: "Commis de cuisine au Relais", rome: "G1602", contract: "cdd", posts: 2, publics: ["young", "longterm"], description: "Service du midi." }) });
    return (await answer.json()).id;
  }, [free.id, session.csrf]);
  await ml.goto(`${m.url}/suivi-offres/${id}`);
  await sheet(ml).getByRole("button", { name: "Lien de confirmation" }).click();
  const dialog = ml.getByRole("dialog", { name: "Lien de confirmation" });
  await dialog.getByRole("button", { name: /^(Créer le lien|Remettre le lien moi-même)$/ }).click();
  address = await dialog.getByLabel("Lien").inputValue();
  assert.match(address, /\/employeur\/[\w-]{43}$/);
  await shot(ml, "employer link");
  await dialog.getByRole("button", { name: "Terminé" }).click();

  await read(address, "employer reads");
  employer = await visit(browser, m, address.replace(m.url, ""), { isPhone: true, javaScriptEnabled: false });
  await employer.getByRole("heading", { name: "Commis de cuisine au Relais" }).waitFor();
  await employer.getByRole("button", { name: "Je confirme cette offre" }).click();
  await employer.getByLabel("Votre nom et votre fonction").fill("Mme Roy, gérante");
  await employer.getByRole("button", { name: "Demander une correction" }).click();
  await employer.getByText("Dites ce qui ne va pas.").waitFor();
  await shot(employer, "employer corrects");
  await employer.getByLabel(/^Ce qu’il faut corriger/).fill("Ce sont 30 heures par semaine");
  await employer.getByRole("button", { name: "Demander une correction" }).click();
  await employer.getByRole("heading", { name: "Merci, votre demande est transmise." }).waitFor();
  await shot(employer, "employer has corrected");
  await sheet(ml).getByText("Ce sont 30 heures par semaine").waitFor();
});

told("it waits in the adviser's day; corrected, the employer confirms the new text", async () => {
  const day = await member(browser, m, { role: "adviser", network: "ml" }, "/aujourdhui");
  const task = day.getByTestId("task").filter({ hasText: "Commis de cuisine au Relais" });
  await day.getByTestId("task").first().waitFor();
  const others = day.getByRole("button", { name: /^Voir les \d+ autres/ });
  if ((await others.count()) > 0) await others.click();
  await task.getByText("Ce sont 30 heures par semaine").waitFor();
  await shot(day, "today with tasks");
  await sheet(ml).getByRole("button", { name: "Modifier" }).click();
  const form = ml.getByRole("dialog", { name: "Modifier l’offre" });
  await form.getByText("Dates et durée").click();
  await form.getByLabel(/^Heures par semaine/).fill("30");
  await form.getByText("Ce qui est demandé").click();
  await form.getByLabel(/^Qualités/).fill("Ponctualité !\nEsprit d’équipe");
  await form.getByText("Conditions et candidature").click();
  await form.getByLabel(/^Conditions d’exercice/).fill("Station debout\nTravail le dimanche");
  await form.getByText("Entreprise adaptée").click();
  await form.getByLabel("Les candidats s’adressent").click();
  await ml.getByRole("option", { name: "À l’employeur, qui l’accepte" }).click();
  await form.getByLabel(/^Courriel pour postuler/).fill("cuisine@relais.example");
  await form.getByRole("combobox", { name: /^Lieu de travail/ }).fill("vich");
  await ml.getByRole("option", { name: /^Vichy/ }).click();
  await form.locator("p").filter({ hasText: /Réservée.*Mission Locale.*PLIE/ }).waitFor();
  await shot(ml, "offer form unfolded");
  await form.getByRole("button", { name: "Enregistrer" }).click();
  await form.waitFor({ state: "hidden" });
  await sheet(ml).getByRole("button", { name: "Faire un nouveau lien" }).click();
  for (const words of ["Ponctualité (exigé), Esprit d’équipe", "Station debout, Travail le dimanche", "Entreprise adaptée"]) await sheet(ml).getByText(words, { exact: true }).waitFor();
  const dialog = ml.getByRole("dialog", { name: "Lien de confirmation" });
  await dialog.getByRole("button", { name: /^(Créer le lien|Remettre le lien moi-même)$/ }).click();
  const second = await dialog.getByLabel("Lien").inputValue();
  await dialog.getByRole("button", { name: "Terminé" }).click();
  const again = await visit(browser, m, second.replace(m.url, ""), { isPhone: true });
  for (const words of ["30 h", "Vichy", "Ponctualité (exigé), Esprit d’équipe", "Travail le dimanche", "cuisine@relais.example"]) await again.getByText(words).first().waitFor();
  await again.getByRole("heading", { name: "Les candidats vous joindront ainsi" }).waitFor();
  assert.deepEqual(await axe(again), []);
  await shot(again, "employer reads all");
  await again.getByLabel("Votre nom et votre fonction").fill("Mme Roy, gérante");
  await again.getByRole("button", { name: "Je confirme cette offre" }).click();
  await again.getByRole("heading", { name: "Merci, votre offre est confirmée." }).waitFor();
  await shot(again, "employer confirmed");
  await sheet(ml).getByText(/^Mme Roy, gérante a confirmé l’offre en ligne/).waitFor();
  await sheet(ml).getByText("L’employeur, par son lien").first().waitFor();
  await task.waitFor({ state: "hidden" });
  await day.close();
});

told("another network proposes somebody by a file number; the collector answers; one post of two is filled", async () => {
  plie = await member(browser, m, { role: "adviser", network: "plie" }, `/suivi-offres/${id}`);
  await sheet(plie).getByRole("button", { name: "Proposer une candidature" }).click();
  const dialog = plie.getByRole("dialog", { name: "Proposer une candidature" });
  await dialog.getByLabel("Numéro de dossier").fill("Karim Benali");
  await dialog.getByRole("button", { name: "Proposer", exact: true }).click();
  await dialog.getByText(/ni nom, ni téléphone/).first().waitFor();
  await dialog.getByLabel("Numéro de dossier").fill("PLIE-2026-077");
  await dialog.getByRole("button", { name: "Proposer", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  await sheet(plie).getByText("PLIE-2026-077").waitFor();

  await sheet(ml).getByText("PLIE-2026-077").waitFor();
  await shot(ml, "offer with candidate");
  await sheet(ml).getByRole("button", { name: "Répondre à PLIE-2026-077" }).click();
  await ml.getByRole("menuitem", { name: /^Recrutée/ }).click();
  await sheet(ml).getByText("2, dont 1 pourvu").waitFor();
  await sheet(ml).getByRole("list", { name: "Étapes de l’offre" }).getByText("1 poste pourvu sur 2").waitFor();
  await sheet(plie).getByText("Recrutée").waitFor();
  await plie.goto(`${m.url}/candidatures?onglet=proposees`);
  await plie.getByRole("list", { name: "Candidatures proposées par nous" }).getByText("PLIE-2026-077").waitFor();
  await shot(plie, "referrals made");
  await plie.getByRole("tab", { name: "Bilan des douze mois" }).click();
  await plie.getByRole("region", { name: /^Proposées par nous/ }).waitFor();
  await shot(plie, "referral figures");
  assert.deepEqual(await axe(plie), []);
  await eventually(() => asked(ml, `/api/offers/${id}`).then((o) => o.posts_filled), (n) => n === 1);
  assert.deepEqual([problems(ml), problems(plie), problems(employer)], [[], [], []]);
});

told("opened early, anybody finds it on the public pages, with scripts switched off", async () => {
  await sheet(ml).getByRole("button", { name: "Ouvrir dès maintenant" }).click();
  const dialog = ml.getByRole("dialog", { name: "Ouvrir dès maintenant" });
  await dialog.getByLabel("Motif").fill("Un seul candidat dans nos réseaux");
  await dialog.getByRole("button", { name: "Ouvrir à tous" }).click();
  await sheet(ml).getByText(/sauf prolongation avec l’accord de l’employeur/).waitFor();
  // Of two posts one is filled: what is left is the last.
  await sheet(ml).getByRole("button", { name: "Dernier poste pourvu" }).waitFor();
  await sheet(ml).getByRole("button", { name: "Prolonger" }).click();
  const longer = ml.getByRole("dialog", { name: "Prolonger l’offre" });
  await longer.getByRole("button", { name: "Prolonger" }).click();
  await longer.getByText(/^Écrivez qui confirme/).waitFor();
  await longer.getByRole("button", { name: "Annuler" }).click();
  for (const options of [{}, { isPhone: true }]) {
    const anyone = await visit(browser, m, "/offres", { ...options, javaScriptEnabled: false });
    await shot(anyone, `board ${options.isPhone ? 390 : 1440}`);
    await anyone.getByLabel("Métier ou intitulé").fill("commis relais");
    await anyone.getByRole("button", { name: "Chercher" }).click();
    await anyone.getByRole("link", { name: "Commis de cuisine au Relais" }).click();
    await anyone.getByRole("heading", { name: "Postuler" }).waitFor();
    await anyone.getByText("Postes à pourvoir").locator("xpath=following-sibling::dd").getByText("1", { exact: true }).waitFor();
    for (const words of ["Ponctualité (exigé), Esprit d’équipe", "Station debout, Travail le dimanche", "Entreprise adaptée"]) await anyone.getByText(words, { exact: true }).waitFor();
    await shot(anyone, `board offer ${options.isPhone ? 390 : 1440}`);
    assert.deepEqual([anyone.refused, problems(anyone)], [[], []]);
    await anyone.context().close();
    const seen = await visit(browser, m, "/offres?q=commis&lieu=Vichy&km=100", options);
    assert.deepEqual(await axe(seen), []);
    await seen.context().close();
  }
});

told("later the employer says by a link, without script, that it is still to be filled or no longer is; the adviser reads it the same day", async () => {
  await m.clock(new Date(Date.parse((await asked(ml, `/api/offers/${id}`)).opened_at) + 3 * 86_400_000).toISOString());
  const ask = async () => {
    await sheet(ml).getByRole("button", { name: "Demander à l’employeur" }).click();
    const dialog = ml.getByRole("dialog", { name: "Demander à l’employeur" });
    await dialog.getByRole("button", { name: /^(Créer le lien|Remettre le lien moi-même)$/ }).click();
    const made = await dialog.getByLabel("Lien").inputValue();
    await dialog.getByRole("button", { name: "Terminé" }).click();
    return made;
  };
  const link = await ask();
  await read(link, "employer asked");
  employer = await visit(browser, m, link.replace(m.url, ""), { javaScriptEnabled: false });
  // Enter in a field answers nothing, and keeps what was typed.
  await employer.getByLabel("Votre nom et votre fonction").fill("Mme Roy, gérante");
  await employer.getByLabel("Votre nom et votre fonction").press("Enter");
  await employer.getByRole("alert").getByText("Choisissez une réponse.").waitFor();
  await shot(employer, "employer has chosen nothing");
  assert.equal(await employer.getByLabel("Votre nom et votre fonction").inputValue(), "Mme Roy, gérante");
  // A link of before leads to the same page.
  const former = await visit(browser, m, link.replace(m.url, "").replace("/employeur/", "/confirmation#"));
  await former.getByRole("heading", { name: "Votre réponse" }).waitFor();
  assert.equal(former.url(), link);
  await former.context().close();
  await employer.getByRole("button", { name: "Prolonger l’offre" }).click();
  await employer.getByRole("heading", { name: "Merci, votre offre est prolongée." }).waitFor();
  await shot(employer, "employer prolonged");
  await employer.goto(link);
  await employer.getByRole("heading", { name: "Merci, votre offre est prolongée." }).waitFor();
  await sheet(ml).getByText(/^Mme Roy, gérante a prolongé l’offre en ligne/).waitFor();
  await sheet(ml).getByText(/^Offre prolongée jusqu’au /).waitFor();
  await sheet(ml).getByText("Confirmé par Mme Roy, gérante").waitFor();
  await shot(ml, "offer prolonged by its employer");
  const last = await ask();
  employer = await visit(browser, m, last.replace(m.url, ""), { isPhone: true, javaScriptEnabled: false });
  await employer.getByLabel("Votre nom et votre fonction").fill("Mme Roy, gérante");
  await employer.getByLabel("Précision (facultatif)").fill("Le restaurant ferme");
  await employer.getByRole("button", { name: "Retirer l’offre" }).click();
  await employer.getByText("Choisissez une raison.").waitFor();
  await shot(employer, "employer has given no reason");
  await employer.getByLabel("Nous avons pourvu le poste nous-mêmes").check();
  await employer.getByRole("button", { name: "Retirer l’offre" }).click();
  await employer.getByRole("heading", { name: "Merci, c’est noté." }).waitFor();
  await sheet(ml).getByText("Poste pourvu par l’employeur lui-même").first().waitFor();
  await shot(ml, "offer withdrawn by its employer");
  const day = await member(browser, m, { role: "adviser", network: "ml" }, "/aujourdhui");
  await day.getByTestId("task").first().waitFor();
  const others = day.getByRole("button", { name: /^Voir les \d+ autres/ });
  if ((await others.count()) > 0) await others.click();
  await day.getByTestId("task").filter({ hasText: "a retiré l’offre en ligne" }).getByText("Le restaurant ferme").waitFor();
  await shot(day, "today with what employers said");
  assert.equal((await visit(browser, m, `/offres/${id}`, { javaScriptEnabled: false })).url(), `${m.url}/offres/${id}`);
});

told("from the page of offers, with the keyboard alone: an employer chosen, five fields, a draft; then found again by its words", async () => {
  const [free] = (await asked(ml, "/api/establishments?state=free&limit=8")).items.slice(-1);
  // What is typed in a field that searches, before its code has come, is searched for when it comes.
  let searches;
  const early = new Promise((done) => { searches = done; });
  await ml.route(/\/SearchSelect-[^/]*\.js$/, async (route) => { await early; await route.continue(); });
  await ml.goto(`${m.url}/suivi-offres`);
  await ml.getByRole("button", { name: "Déposer une offre" }).focus();
  await ml.keyboard.press("Enter");
  const dialog = ml.getByRole("dialog", { name: "Déposer une offre" });
  const at = (label) => dialog.getByLabel(label).and(ml.locator(":focus")).waitFor();
  const choose = async (typed, option) => {
    await ml.keyboard.insertText(typed); // at once: one question, one list
    await ml.getByRole("option", { name: option }).first().waitFor();
    await ml.keyboard.press("ArrowDown");
    await ml.keyboard.press("Enter");
    await ml.getByRole("listbox").waitFor({ state: "hidden" });
  };
  await at(/^Employeur/);
  await ml.keyboard.press("Shift+Tab");
  await ml.keyboard.press("Tab");
  await ml.keyboard.insertText(free.siret);
  assert.equal(await dialog.getByRole("textbox", { name: /^Employeur/ }).inputValue(), free.siret);
  searches();
  await choose("", free.name);
  await ml.unroute(/\/SearchSelect-[^/]*\.js$/);
  await ml.keyboard.press("Tab");
  await at(/^Intitulé/);
  await ml.keyboard.type("Soudeuse ou soudeur d’essai");
  await dialog.getByText("Peut-être").getByRole("button", { name: /^Soudage/ }).waitFor(); // what the title speaks of
  await ml.keyboard.press("Tab");
  await at(/^Métier de l’offre/);
  await choose("soudeur", /^Soudage/);
  await ml.keyboard.press("Tab");
  await ml.keyboard.press("Enter");
  await ml.getByRole("listbox").getByRole("option").first().waitFor();
  await ml.keyboard.press("ArrowDown");
  await ml.keyboard.press("Enter");
  await ml.getByRole("listbox").waitFor({ state: "hidden" });
  await ml.keyboard.press("Tab");
  await at(/^Nombre de postes/);
  await shot(ml, "offer form by keyboard");
  assert.deepEqual(await axe(ml), []);
  await ml.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await sheet(ml).getByRole("heading", { name: "Soudeuse ou soudeur d’essai" }).waitFor();
  await sheet(ml).getByRole("link", { name: free.name }).waitFor();
  await ml.goto(`${m.url}/suivi-offres?vue=liste`);
  await ml.getByLabel("Métier, employeur ou lieu").fill(`essai ${free.name}`);
  const found = ml.getByRole("grid", { name: "Offres" }).locator("[data-key]");
  await eventually(() => found.count(), (n) => n === 1);
  await ml.waitForURL(/[?&]q=essai/);
  // Before its box has come: what is typed after Ctrl K is not lost, nor is Enter; and when it does not come, the page stays.
  let come;
  const held = new Promise((done) => (come = done));
  await ml.route(/\/assets\/Palette-[^/]*\.js/, (route) => held.then(() => route.continue()));
  await ml.reload();
  await found.first().waitFor();
  await ml.keyboard.press("Control+k");
  await ml.keyboard.type("besoins");
  await ml.keyboard.press("Enter");
  come();
  await ml.waitForURL(/\/besoins$/);
  await ml.unroute(/\/assets\/Palette-[^/]*\.js/);
  await ml.route(/\/assets\/Palette-[^/]*\.js/, (route) => route.abort());
  await ml.goto(`${m.url}/suivi-offres?vue=liste&q=essai`);
  await found.first().waitFor();
  await ml.keyboard.press("Control+k");
  await ml.getByText("La recherche n’a pas pu être chargée.").waitFor();
  assert.ok(await found.first().isVisible());
  await ml.unroute(/\/assets\/Palette-[^/]*\.js/);
  await ml.goto(`${m.url}/suivi-offres?vue=liste&q=essai`);
  await found.first().waitFor();
  await ml.keyboard.press("Control+k");
  await ml.keyboard.type("soudeuse essai");
  await ml.getByRole("option", { name: /^Soudeuse ou soudeur d’essai/ }).waitFor();
  assert.equal(await ml.getByRole("combobox", { name: /^Chercher/ }).inputValue(), "soudeuse essai");
  await shot(ml, "palette with an offer");
  await ml.keyboard.press("Escape");
  await ml.getByLabel("Métier, employeur ou lieu").fill("essai introuvable");
  await ml.getByText("Aucune offre ne répond à ces filtres.").waitFor();
  await ml.getByRole("button", { name: "Voir toutes les offres" }).click();
  await eventually(() => found.count(), (n) => n > 1);
  assert.equal(await ml.getByLabel("Métier, employeur ou lieu").inputValue(), "");
});

told("an offer is withdrawn for a reason of the list, or another in words", async () => {
  const session = await asked(ml, "/api/session");
  const [free] = (await asked(ml, "/api/establishments?state=free&limit=5")).items;
  const other = await ml.evaluate(async ([establishment, csrf]) => {
    const answer = await fetch("/api/offers", { method: "POST", headers: { "content-type": "application/json", "x-csrf-token": csrf }, body: JSON.stringify({ establishment, title: "Serveur en salle", rome: "G1803", contract: "cdd" }) });
    return (await answer.json()).id;
  }, [free.id, session.csrf]);
  await ml.goto(`${m.url}/suivi-offres/${other}`);
  await sheet(ml).getByRole("button", { name: "Retirer" }).click();
  const dialog = ml.getByRole("dialog", { name: "Retirer l’offre" });
  await dialog.getByRole("button", { name: "Retirer l’offre" }).click();
  await dialog.getByText("Choisissez un motif.").waitFor();
  await dialog.getByText("Autre motif").click();
  await dialog.getByRole("button", { name: "Retirer l’offre" }).click();
  await dialog.getByText(/^Écrivez au moins trois lettres/).waitFor();
  assert.deepEqual(await axe(ml), []);
  await shot(ml, "withdraw dialog");
  await dialog.getByText("Offre erronée ou en double").click();
  await dialog.getByRole("button", { name: "Retirer l’offre" }).click();
  await dialog.waitFor({ state: "hidden" });
  await sheet(ml).getByText("Offre erronée ou en double").first().waitFor();
});
