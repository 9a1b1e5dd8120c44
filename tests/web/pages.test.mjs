// Every page, as those who may see it: axe, the console, the content policy, the width, at 1440 and 390 px, light and dark.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { axe, launch } from "../lib/browser.mjs";
import { asked, eventually, mapDrawn, member, problems, rows, shot, step, visit, workday } from "./acts.mjs";

let m, browser;
// Identifiers of what the pages show.
const ids = {};
before(async () => {
  m = await Instance.start({ template: "demo" });
  await m.clock(workday());
  browser = await launch();
  const adviser = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
  const today = (await adviser.get("/api/today?scope=organisation")).body;
  const visit_ = today.visits.find((one) => one.state === "planned" && one.member.id === today.visits[0].member.id);
  ids.visit = visit_.id;
  ids.employer = visit_.establishment.id;
  ids.taken = (await m.sql(`select p.establishment_id as id from data.promise p join data.organisation o on o.id = p.organisation_id
    where p.state = 'active' and o.network = 'ce' and p.due_on > data.today() order by p.id limit 1`))[0].id;
  ids.rested = (await m.sql(`select n.establishment_id as id from data.need n join data.visit v on v.establishment_id = n.establishment_id and v.state = 'done'
    group by 1 order by count(*) desc, 1 limit 1`))[0].id;
  const manager = m.account({ role: "manager" });
  const colleague = await m.signIn(m.account({ role: "adviser", organisation: manager.organisation }).email);
  ids.person = "0639981234";
  await colleague.post(`/api/establishments/${ids.employer}/contacts`, { family_name: "Vernois", given_name: "Hélène", position: "Responsable du recrutement", phones: [ids.person], emails: ["helene@vernois.example"] });
  ids.feed = (await colleague.get("/api/feeds")).body.items[0].id;
  ids.organisation = (await adviser.get("/api/session")).body.organisation.id;
  ids.offer = (await adviser.get("/api/offers?state=reserved")).body.items.find((one) => one.opens_at).id;
  ids.draft = (await adviser.get("/api/offers?state=draft")).body.items[0]?.id;
  ids.need = (await adviser.get("/api/needs?state=confirmed")).body.items[0].id;
  const contributor = await m.signIn(m.account({ role: "contributor" }).email);
  ids.lead = (await contributor.get("/api/leads?state=done")).body.items[0].id;
  ids.public = (await m.visitor().get("/api/public/offers")).body.items[0].id;
  const given = await adviser.request("POST", "/api/imports?name=fichier-partenaire.csv", Buffer.from("SIRET;Raison sociale;CP\r\n4,10353E+13;Garage arrondi;03200\r\n12;Trop court;03000\r\n"), { type: "text/csv" });
  ids.file = given.body.id;
  const looked = await adviser.request("POST", "/api/imports?preview=true&name=suivi.csv", Buffer.from("SIRET;Raison sociale;CP;Ville;Contact;Tél. contact\r\n4,10353E+13;Garage arrondi;03200;Vichy;Durand;0470000001\r\n;Boulangerie; du Pont;03000;Moulins;;\r\nTotal;2;;;;\r\n"), { type: "text/csv" });
  ids.looked = looked.body.id;
  await m.until(async () => (await adviser.get(`/api/imports/${ids.file}`)).body.state === "done", "the file is read");
  await m.until(async () => (await adviser.get(`/api/imports/${ids.looked}/preview`)).body.impact?.linkage?.linked !== undefined, "the other one is compared");
});
after(async () => {
  await browser?.close();
  await m?.stop();
});

const sizes = [
  ["1440", {}],
  ["390", { isPhone: true }],
];

const heading = (name, level = 1) => (page) => page.getByRole("heading", { name, level }).waitFor();
const named = (name) => (page) => page.getByRole("list", { name }).getByRole("listitem").first().waitFor();
const list = (label) => (page) => rows(page, label).first().waitFor();
const record = (page) => page.getByRole("region", { name: "Fiche de l’établissement" }).getByRole("heading", { level: 2 }).waitFor();
const offer = (page) => page.getByRole("list", { name: "Étapes de l’offre" }).waitFor();

const dialog = (button) => async (page) => {
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").waitFor();
};

/** name, address, what tells that it is there, and what is done before it is looked at; `phone`: only there, or never. */
const pages = {
  nobody: [
    ["connexion", "/connexion", heading("Maillage")],
    ["offres publiques", "/offres", (page) => page.getByRole("main").getByRole("listitem").first().waitFor()],
    ["documentation", "/documentation", (page) => page.getByText("/api/offers", { exact: true }).first().waitFor(), { dark: true }],
    ["offre publique", () => `/offres/${ids.public}`, heading("Postuler", 2)],
    ["offre publique fermée", "/offres/999999999", (page) => page.getByText("Cette offre n’est plus ouverte.").waitFor(), { refused: ["404 GET /offres/999999999"] }],
  ],
  adviser: [
    ["aujourdhui", "/aujourdhui", heading("Engagements à tenir", 2), { dark: true }],
    ["aujourdhui structure", "/aujourdhui?qui=structure", heading("Engagements à tenir", 2)],
    ["entreprises", "/entreprises", list("Établissements"), { dark: true }],
    ["entreprises carte", "/entreprises?vue=carte", mapDrawn, { phone: true }],
    ["entreprises sans réponse", "/entreprises?q=zzzzzz", (page) => page.getByText("Aucun établissement ne répond à ces filtres.").waitFor()],
    ["filtres", "/entreprises?etat=libre", list("Établissements"), { phone: true, act: dialog("Filtres (1)") }],
    ["fiche", () => `/entreprises/${ids.employer}`, record, { dark: true }],
    ["fiche besoins", () => `/entreprises/${ids.rested}?onglet=besoins`, heading("Besoins", 3)],
    ["fiche historique", () => `/entreprises/${ids.rested}?onglet=historique`, (page) => page.getByRole("list", { name: "Ce que chaque partenaire a fait" }).waitFor()],
    ["fiche promise", () => `/entreprises/${ids.taken}`, record],
    ["promettre", () => `/entreprises/${ids.taken}`, record, { act: dialog("Promettre une visite"), dark: true }],
    ["prolonger", () => `/entreprises/${ids.employer}`, record, { act: dialog("Prolonger") }],
    ["déposer une offre", () => `/entreprises/${ids.rested}?onglet=besoins`, heading("Besoins", 3), { act: dialog("Déposer une offre") }],
    ["segments", "/segments", list("Segments"), { dark: true }],
    ["segment", "/segments/4", (page) => page.getByRole("region", { name: "Versions" }).waitFor(), { dark: true }],
    ["segment modifié", "/segments/7/regle", (page) => page.getByText(/sans ce critère/).first().waitFor(), { dark: true }],
    ["plans", "/plans", list("Plans de prospection"), { dark: true }],
    ["plan proposé", "/plans/2", (page) => page.getByRole("table", { name: /^Scénarios côte à côte/ }).waitFor(), { dark: true }],
    ["plan en cours", "/plans/1", (page) => page.getByRole("table", { name: "Résultats par partenaire" }).waitFor()],
    ["plan lignes", "/plans/2?vue=lignes", list("Lignes du scénario")],
    ["plan carte", "/plans/2?vue=carte", mapDrawn, { phone: false }],
    ["étiquettes", () => `/entreprises/${ids.rested}`, record, { act: async (page) => {
      await page.getByRole("button", { name: /Étiqueter|Modifier les étiquettes/ }).click();
      await page.getByRole("dialog").waitFor();
    } }],
    ["candidatures", "/candidatures", heading("Candidatures proposées"), { dark: true }],
    ["engagements", "/engagements", list("Engagements de visite"), { dark: true, phone: true }],
    ["engagements à répondre", "/engagements?onglet=repondre", (page) => page.getByRole("list", { name: /Transferts|Visites communes|Employeurs/ }).first().waitFor()],
    ["absences", "/equipes", heading("Équipes et absences"), { phone: true }],
    ["équipes communes", "/equipes?onglet=equipes", (page) => page.getByRole("list", { name: "Équipes communes" }).waitFor(), { dark: true }],
    ["agenda", "/agenda", (page) => page.getByTestId("calendar").locator(".fc-timegrid-slots, .fc-list").first().waitFor(), { dark: true }],
    ["agenda du jour", "/agenda?vue=jour", (page) => page.getByTestId("calendar").locator(".fc-timegrid-slots").first().waitFor()],
    ["agenda équipe", "/agenda/equipe", heading("Semaine de l’équipe")],
    ["feuille de tournée", "/agenda/feuille", heading("Feuille de tournée")],
    ["appels", "/appels", heading("Appels")],
    ["visites", "/visites", heading("Visites")],
    ["compte rendu", () => `/visites/${ids.visit}/compte-rendu`, heading(/^Compte rendu/), {
      dark: true,
      act: async (page) => {
        await page.getByText("Rencontre : besoins de recrutement").click();
        await page.getByText("Déposer une offre maintenant").click();
        await page.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
        await page.getByText("Choisissez un contrat.").waitFor();
      },
    }],
    ["offres", "/suivi-offres", (page) => page.getByRole("link", { name: /poste/ }).or(rows(page, "Offres")).first().waitFor(), { dark: true }],
    ["offres en liste", "/suivi-offres?vue=liste", list("Offres"), { phone: false }],
    ["offre", () => `/suivi-offres/${ids.offer}`, offer, { dark: true }],
    ["besoins", "/besoins", list("Besoins des employeurs"), { dark: true }],
    ["besoin", () => `/besoins/${ids.need}`, (page) => page.getByRole("list", { name: "Étapes du besoin" }).waitFor(), { dark: true }],
    ["besoins bilan", "/besoins?vue=bilan", (page) => page.getByRole("region", { name: "Bilan des besoins" }).waitFor(), { dark: true }],
    ["besoins enquête", "/besoins?vue=enquete", (page) => page.getByRole("region", { name: "Enquête BMO" }).waitFor()],
    ["noter un besoin", "/besoins", list("Besoins des employeurs"), { act: dialog("Noter un besoin") }],
    ["signalements", "/signalements?qui=tous", list("Signalements"), { dark: true }],
    ["couverture", "/couverture", mapDrawn, { dark: true }],
    ["couverture tableau", "/couverture?vue=table", list("Couverture par zone"), { phone: true }],
    ["couverture de près", "/couverture?indicateur=visits&carte=3.333,46.565,13.5", mapDrawn],
    ["indicateurs", "/indicateurs", (page) => page.getByRole("table", { name: /^Chaque indicateur/ }).waitFor(), { dark: true }],
    ["objectifs", "/indicateurs?onglet=objectifs", (page) => page.getByRole("table", { name: "Objectifs" }).waitFor()],
    ["diagnostic", "/diagnostic", heading("Métiers recherchés", 2), { dark: true }],
    ["trous et recouvrements", "/annuaire?vue=territoires", (page) => page.getByRole("region", { name: "Trous et recouvrements" }).waitFor()],
    ["comités", "/comites", list("Dossiers de comité")],
    ["comparer deux dossiers", "/comites/comparer", (page) => page.getByRole("table", { name: /^Chaque indicateur/ }).waitFor()],
    ["dossier de comité", "/comites/1", heading("Décisions du comité", 2), { dark: true }],
    ["imports", "/imports", heading("Imports")],
    ["import", () => `/imports/${ids.file}`, (page) => page.getByRole("columnheader", { name: "Ce qui ne va pas" }).waitFor()],
    ["import à vérifier", () => `/imports/${ids.looked}`, (page) => page.getByRole("region", { name: "Ce que fera l’import" }).getByRole("table").waitFor(), { dark: true }],
    ["choisir une valeur", () => `/entreprises/${ids.employer}`, record, { act: dialog("Choisir une valeur : Téléphone") }],
    ["fusionner", () => `/entreprises/${ids.employer}`, record, { act: async (page) => {
      await page.getByRole("button", { name: "Autres actions sur cet établissement" }).click();
      await page.getByRole("menuitem", { name: "Fusionner avec…" }).click();
      await page.getByRole("dialog").waitFor();
    } }],
    ["doublons", "/doublons", (page) => page.getByRole("region", { name: "Paire à revoir" }).getByRole("row").nth(3).waitFor(), { dark: true }],
    ["annuaire", "/annuaire", list("Acteurs du territoire")],
    ["structure", () => `/annuaire/${ids.organisation}`, (page) => page.getByRole("region", { name: "Structure" }).getByRole("heading", { name: "Membres" }).waitFor()],
    ["oppositions", "/oppositions", (page) => page.getByRole("list", { name: "Oppositions" }).waitFor(), { dark: true }],
    ["interlocuteur", () => `/entreprises/${ids.employer}`, record, { act: dialog("Ajouter") }],
    ["plus", "/plus", heading("Plus"), { phone: true }],
    ["introuvable", "/nulle-part", (page) => page.getByText("Cette page n’existe pas.").waitFor()],
    ["chercher", "/aujourdhui", heading("Engagements à tenir", 2), {
      dark: true,
      act: async (page) => {
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox").fill("boulangerie");
        await page.getByRole("option", { name: /boulangerie/i }).first().waitFor();
      },
    }],
    ["raccourcis", "/aujourdhui", heading("Engagements à tenir", 2), { phone: false, act: (page) => page.keyboard.press("?") }],
  ],
  manager: [
    ["dossier en brouillon", "/comites/4", (page) => page.getByRole("textbox", { name: /^Décisions/ }).waitFor(), { dark: true }],
    ["nouveau dossier", "/comites", list("Dossiers de comité"), { act: dialog("Nouveau dossier") }],
    ["questions des comptes rendus", "/questionnaire", heading("Questions des comptes rendus")],
    ["une personne demande", () => `/oppositions?onglet=personne&q=${encodeURIComponent(ids.person)}`, (page) => page.getByRole("list", { name: "Personnes trouvées" }).waitFor(), { dark: true }],
    ["effacer", () => `/oppositions?onglet=personne&q=${encodeURIComponent(ids.person)}`, (page) => page.getByRole("list", { name: "Personnes trouvées" }).waitFor(), {
      act: async (page) => {
        await page.getByRole("button", { name: /^Effacer / }).first().click();
        await page.getByRole("dialog").waitFor();
      },
    }],
    ["clés", "/administration/cles", (page) => page.getByRole("list", { name: "Clés d’API" }).getByRole("listitem").first().waitFor(), { dark: true }],
    ["créer une clé", "/administration/cles", heading("Clés d’API"), { act: dialog("Créer une clé") }],
    ["canaux", "/administration/canaux", heading("Canaux"), { dark: true }],
    ["webhook", "/administration/canaux", heading("Canaux"), { act: dialog("Ajouter un canal") }],
    ["envois", "/administration/canaux?onglet=envois", heading("Canaux")],
    ["résumé par courriel", "/aujourdhui?resume=courriel", (page) => page.getByRole("dialog").getByText("Chaque jour ouvré").waitFor(), { dark: true }],
    ["flux", "/flux", named("Flux d’offres"), { dark: true }],
    ["flux, à compléter", () => `/flux/${ids.feed}`, named("Offres du flux")],
    ["flux, description", () => `/flux/${ids.feed}?onglet=description`, (page) => page.getByRole("region", { name: "Aperçu" }).waitFor(), { dark: true }],
    ["flux, passages", () => `/flux/${ids.feed}?onglet=passages`, named("Passages")],
    ["flux, réglages", () => `/flux/${ids.feed}?onglet=reglages`, (page) => page.getByLabel("Nom", { exact: true }).waitFor()],
    ["ajouter un flux", "/flux", heading("Flux d’offres"), { act: dialog("Ajouter un flux") }],
    ["fin de conservation", "/oppositions?onglet=conservation&jours=730", (page) => page.getByRole("list", { name: "Fiches en fin de conservation" }).waitFor()],
  ],
  observer: [
    ["couverture observée", "/couverture", heading("Couverture")],
    ["interdit", "/entreprises", (page) => page.getByText("Cette page n’est pas ouverte à votre rôle.").waitFor()],
  ],
  contributor: [
    ["offres contribuées", "/suivi-offres", heading("Offres")],
    ["signalements d’un contributeur", "/signalements", list("Signalements"), { dark: true }],
    ["signalement", () => `/signalements/${ids.lead}`, (page) => page.getByRole("list", { name: "Étapes du signalement" }).waitFor()],
    ["signaler", "/signalements", list("Signalements"), { act: dialog("Signaler une entreprise") }],
  ],
};

/** The page still: nothing loading, the map drawn if there is one. */
async function settled(page) {
  await eventually(() => page.getByText("Chargement en cours").count(), (n) => n === 0); // several parts may be loading
  if (await page.getByTestId("map").count()) await mapDrawn(page);
  await page.evaluate(() => Promise.all([document.fonts.ready, ...document.getAnimations().map((one) => one.finished.catch(() => null))]));
}

/** What is wrong with the page as it is. */
async function wrong(page, without) {
  let found = await axe(page, { without });
  // A modal window hides the page below with its landmark and its heading; axe only guesses that there is one.
  if (await page.getByRole("dialog").count()) found = found.filter((one) => !/^(landmark-one-main|page-has-heading-one) /.test(one));
  const broken = await page.evaluate(() => document.body.innerText.match(/.{0,30}[\p{L}\p{N}»)] [:;!?»%](?=[\s.,)]|$).{0,20}/gu) ?? []);
  found.push(...broken.map((words) => `a line may break before the sign: ${words}`));
  const over = await page.evaluate(() => {
    const wide = document.scrollingElement.scrollWidth - window.innerWidth;
    if (wide <= 0) return [];
    const out = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1);
    return [`${wide} px too wide: ${out.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" ; ")}`];
  });
  return [...found, ...over, ...problems(page)];
}

const contrast = (page) =>
  page.evaluate(async () => {
    const found = await window.axe.run(document, { runOnly: ["color-contrast"], resultTypes: ["violations"] });
    return found.violations.flatMap((one) => one.nodes.map((node) => `dark: ${node.target.join(" ")}: ${node.failureSummary.split("\n")[1]?.trim()}`));
  });

for (const [size, options] of sizes) {
  for (const [role, all] of Object.entries(pages)) {
    step(`${role} at ${size} px`, () => browser, async () => {
      for (const context of browser.contexts()) await context.close();
      const page = role === "nobody" ? await visit(browser, m, "/connexion", options) : await member(browser, m, { role, ...(role === "adviser" ? { network: "ml" } : {}) }, "/", options);
      const faults = [];
      // A page is opened anew only to begin with, and where something was left open over it; otherwise the app goes there.
      let runs = false;
      const go = (to) => page.evaluate((url) => (history.pushState(null, "", url), dispatchEvent(new PopStateEvent("popstate"))), to);
      for (const [name, path, ready, { phone, act, dark, refused = [] } = {}] of all) {
        if (phone !== undefined && phone !== !!options.isPhone) continue;
        const says = (words) => faults.push(`${name}: ${words}`);
        page.refused.length = page.problems.length = 0;
        const to = typeof path === "function" ? path() : path;
        if (runs && role !== "nobody") {
          await go("/nulle-part");
          await page.getByText("Cette page n’existe pas.").waitFor();
          await go(to);
        } else {
          const answer = await page.goto(m.url + to);
          assert.match(answer.headers()["content-security-policy"], /default-src 'none'; script-src 'self';/);
        }
        runs = !act;
        try {
          await ready(page);
          await act?.(page);
          await settled(page);
        } catch (error) {
          says(error.message);
        }
        // Colours do not change with the width, and are dear to check.
        (await wrong(page, options.isPhone && !phone ? ["color-contrast"] : [])).forEach(says);
        await shot(page, `${size} ${name}`);
        if (dark && !options.isPhone) {
          await page.emulateMedia({ colorScheme: "dark" });
          await settled(page);
          (await contrast(page)).forEach(says);
          await shot(page, `${size} ${name} sombre`);
          await page.emulateMedia({ colorScheme: "light" });
        }
        // A visitor is asked once who they are; nothing else may be refused.
        const allowed = [...(role === "nobody" ? ["401 GET /api/session"] : []), ...refused];
        page.refused.filter((one) => !allowed.includes(one)).forEach(says);
      }
      assert.deepEqual(faults, []);
      await page.context().close();
    });
  }
}
