// The whole thread in real browsers: four networks, a promise fought for, a visit, its report, an offer that opens, the map.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { launch } from "../lib/browser.mjs";
import { asked, choose, eventually, mapDrawn, member, pick, problems, rows, step, visit, workday } from "./acts.mjs";

const start = workday();
let m, browser;
// Windows that stay open from one test to the next: an adviser of the Mission locale, one of Cap emploi, one of the PLIE.
let ml, ce, plie;
// What the thread runs on.
let employer, offer;

before(async () => {
  m = await Instance.start({ template: "demo" });
  await m.clock(start);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});

const told = (name, run) => step(name, () => browser, run);
const record = (page) => page.getByRole("region", { name: "Fiche de l’établissement" });
const holder = (page) => record(page).getByTestId("holder");
const dialog = (page, name) => page.getByRole("dialog", { name });
const said = (page, text) => page.getByRole("region", { name: "Messages" }).getByText(text);
const day = (iso) => new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", day: "numeric", month: "long" }).format(new Date(`${iso.slice(0, 10)}T12:00:00Z`)).replace(/^1 /, "1er ");

/** An employer nobody holds nor ever saw, whose name no other bears; `of` skips the first ones. */
async function free(page, of = 0) {
  const { items } = await asked(page, "/api/establishments?state=free&visited=never&size=01,02,03,11,12&limit=60");
  const alone = await m.sql(`select name from data.establishment where status = 'A' group by name having count(*) = 1`);
  const names = new Set(alone.map((row) => row.name));
  return items.filter((item) => item.siret && names.has(item.name) && item.name.length > 8)[of];
}

told("an adviser of each network, a manager and an observer sign in, each where they work", async () => {
  const wrong = await visit(browser, m, "/connexion");
  await wrong.getByLabel("Adresse électronique").fill(m.account({ role: "manager" }).email);
  await wrong.getByLabel("Mot de passe").fill("pas le bon");
  await wrong.getByRole("button", { name: "Se connecter" }).click();
  await wrong.getByRole("alert").waitFor();
  assert.deepEqual(wrong.refused, ["401 GET /api/session", "401 POST /api/session"]);
  await wrong.context().close();

  const windows = {};
  for (const network of ["ft", "ml", "ce", "plie"]) {
    const page = await member(browser, m, { role: "adviser", network });
    await page.getByRole("heading", { name: "Aujourd’hui", level: 1 }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/aujourdhui");
    const { organisation } = await asked(page, "/api/session");
    assert.equal(organisation.network, network);
    await page.getByRole("banner").getByText(organisation.short_name, { exact: true }).waitFor();
    await page.getByRole("banner").getByText(page.account.name).waitFor();
    windows[network] = page;
  }
  ({ ml, ce, plie } = windows);
  const cookies = await ml.context().cookies();
  const session = cookies.find((cookie) => cookie.name === "__Host-session");
  assert.ok(session.httpOnly && session.secure && session.sameSite === "Strict");
  // Only the hash of the token is kept.
  const kept = await m.sql("select encode(token_hash, 'hex') as hash from data.session");
  assert.ok(kept.length >= 4 && kept.every(({ hash }) => hash !== Buffer.from(session.value, "base64url").toString("hex")));

  // Signing out ends it for the server too.
  await windows.ft.getByRole("button", { name: / : compte$/ }).click();
  await windows.ft.getByRole("menuitem", { name: "Se déconnecter" }).click();
  await windows.ft.getByRole("button", { name: "Se connecter" }).waitFor();
  assert.equal((await asked(windows.ft, "/api/today", 401)).code, "not_signed_in");
  await windows.ft.context().close();

  const manager = await member(browser, m, { role: "manager" });
  await manager.getByRole("heading", { name: "Aujourd’hui", level: 1 }).waitFor();
  await manager.context().close();

  const observer = await member(browser, m, { role: "observer" });
  await observer.getByRole("heading", { name: "Couverture", level: 1 }).waitFor();
  assert.equal(new URL(observer.url()).pathname, "/couverture");
  assert.equal(await observer.getByRole("link", { name: "Entreprises" }).count(), 0);
  await observer.goto(`${m.url}/entreprises`);
  await observer.getByText("Cette page n’est pas ouverte à votre rôle.").waitFor();
  assert.equal((await asked(observer, "/api/establishments", 403)).code, "forbidden");
  assert.deepEqual(problems(observer), []);
  await observer.context().close();
});

told("a seconded member acts for one organisation at a time, shown in the header and kept in the event", async () => {
  const account = m.accounts.find((one) => one.organisations?.length > 1);
  const page = await member(browser, m, { email: account.email });
  const [home, other] = account.organisations.map((one) => one.organisation);
  const before = await asked(page, "/api/session");
  assert.equal(before.organisation.name, home);
  await page.getByRole("button", { name: `${before.organisation.short_name} : changer de structure` }).click();
  await page.getByRole("menuitem", { name: other }).click();
  const now = await eventually(() => asked(page, "/api/session"), (session) => session.organisation.name === other);
  await page.getByRole("button", { name: `${now.organisation.short_name} : changer de structure` }).waitFor();

  const { id } = await free(page, 8);
  await page.goto(`${m.url}/entreprises/${id}`);
  await page.getByRole("button", { name: "Promettre une visite" }).click();
  await dialog(page, "Promettre une visite").getByRole("button", { name: "S’engager" }).click();
  await said(page, "Engagement pris.").waitFor();
  const [event] = await m.sql(`select o.name as organisation, p.name as member from data.event e join data.organisation o on o.id = e.organisation_id
    join data.member p on p.id = e.member_id where e.establishment_id = ${id} and e.kind = 'promise.made' order by e.id desc limit 1`);
  assert.deepEqual(event, { organisation: other, member: account.name });
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("the list: words, filters, the address that keeps them, thousands of rows, the record beside", async () => {
  employer = await free(ml);
  await ml.getByRole("link", { name: "Entreprises", exact: true }).click();
  await rows(ml).first().waitFor();
  const grid = ml.getByRole("grid", { name: "Établissements" });
  const total = async () => Number(await grid.getAttribute("aria-rowcount")) - 1;
  const everything = await eventually(total, (count) => count > 10_000);

  // Words: a name, then a SIRET as people copy it.
  const words = ml.getByRole("searchbox", { name: "Nom ou SIRET" });
  await words.fill(employer.name.toLowerCase());
  await rows(ml).filter({ hasText: employer.name }).first().waitFor();
  await eventually(total, (count) => count < 100);
  await words.fill(employer.siret.replace(/^(...)(...)(...)/, "$1 $2 $3 "));
  await eventually(total, (count) => count === 1);
  assert.equal(await rows(ml).first().getAttribute("data-key"), String(employer.id));
  assert.match(ml.url(), /[?&]q=/);
  await words.fill("");
  await eventually(total, (count) => count === everything);

  // Each filter in the address, and the rows obey. `all`: what the server says the filter keeps.
  const agrees = async (query) => {
    const counts = await asked(ml, `/api/establishments/counts?${query}`);
    await eventually(total, (count) => count === counts.total);
    return counts.total;
  };
  // The first cell is the tick.
  const cells = (column) => rows(ml).locator(`[role=gridcell]:nth-child(${column + 1})`).allInnerTexts();
  await pick(ml, "Commune", "moul", "Moulins");
  await agrees("commune=03190");
  await eventually(() => cells(3), (shown) => shown.length > 0 && shown.every((text) => text === "Moulins"));
  await pick(ml, "Activité (NAF)", "hébergement et rest", "Hébergement et restauration");
  await agrees("commune=03190&naf=I");
  await choose(ml, "Effectif", "Moins de 10 salariés");
  await agrees("commune=03190&naf=I&size=00,01,02,03");
  await choose(ml, "État", "Libres");
  await choose(ml, "Visites", "Jamais visités");
  const kept = await agrees("commune=03190&naf=I&size=00,01,02,03&state=free&visited=never");
  assert.ok(kept > 0 && kept < 500, `${kept} establishments left`);
  await eventually(() => cells(1), (shown) => shown.every((text) => text === "Libre"));
  await ml.getByText("Fermés", { exact: true }).click();
  await eventually(() => new URL(ml.url()).searchParams.get("fermes"), (on) => on === "oui");
  const wanted = "commune=03190&effectif=tpe&etat=libre&fermes=oui&naf=I&visites=jamais";
  assert.equal(new URL(ml.url()).search, `?${wanted}`);

  // The address is the state: reload keeps it, back undoes the last step, forward brings it again.
  await ml.reload();
  await rows(ml).first().waitFor();
  assert.equal(new URL(ml.url()).search, `?${wanted}`);
  await ml.getByRole("button", { name: /^Jamais visités/ }).waitFor();
  await ml.goBack();
  assert.equal(new URL(ml.url()).search, `?${wanted.replace("&fermes=oui", "")}`);
  await eventually(total, (count) => count === kept);
  await ml.goBack();
  await ml.getByRole("button", { name: /^Visités ou non/ }).waitFor();
  await ml.goForward();
  await ml.getByRole("button", { name: /^Jamais visités/ }).waitFor();
  await ml.getByRole("button", { name: "Effacer" }).click();
  await eventually(total, (count) => count === everything);

  // Thousands of rows scrolled through: the page never holds more than a screenful.
  let last = 0;
  let most = 0;
  while (last < 3000) {
    await grid.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    last = await eventually(
      () => rows(ml).evaluateAll((found) => Math.max(...found.map((row) => Number(row.getAttribute("aria-rowindex"))))),
      (index) => index > last,
    );
    most = Math.max(most, await rows(ml).count());
  }
  assert.ok(most < 90, `${most} rows in the page`);

  // Selecting opens the record beside the list, which keeps its place.
  const place = await grid.evaluate((element) => element.scrollTop);
  const row = rows(ml).nth(Math.floor((await rows(ml).count()) / 2));
  const id = await row.getAttribute("data-key");
  await row.click();
  await record(ml).getByRole("heading", { level: 2 }).waitFor();
  assert.equal(new URL(ml.url()).pathname, `/entreprises/${id}`);
  assert.ok(Math.abs((await grid.evaluate((element) => element.scrollTop)) - place) < 900);
  await record(ml).getByText("SIRET", { exact: true }).waitFor();
  await ml.getByRole("button", { name: "Fermer la fiche" }).click();
  await record(ml).waitFor({ state: "hidden" });
  assert.deepEqual(problems(ml), []);
});

told("a promise: the default date, the others at once, the refusal that says who and until when", async (t) => {
  await Promise.all([
    ml.goto(`${m.url}/entreprises/${employer.id}`),
    ce.goto(`${m.url}/entreprises/${employer.id}`),
    plie.goto(`${m.url}/entreprises?q=${encodeURIComponent(employer.name)}`),
  ]);
  const line = rows(plie).and(plie.locator(`[data-key="${employer.id}"]`));
  await line.getByText("Libre").waitFor();

  // Both dialogs are open before either is sent.
  const { promise } = await asked(ml, "/api/session");
  for (const page of [ml, ce]) {
    await page.getByRole("button", { name: "Promettre une visite" }).click();
    const field = dialog(page, "Promettre une visite").getByLabel("Visite avant le");
    assert.equal(await field.inputValue(), promise.default_due_on);
  }
  const form = dialog(ml, "Promettre une visite");
  const due = form.getByLabel("Visite avant le");
  const saturday = new Date(Date.parse(`${start.slice(0, 10)}T12:00:00Z`) + (13 - new Date(`${start.slice(0, 10)}T12:00:00Z`).getUTCDay()) * 86_400_000).toISOString().slice(0, 10);
  await due.fill(saturday);
  await form.getByRole("button", { name: "S’engager" }).click();
  await form.getByText("C’est un samedi : l’échéance est un jour ouvré").waitFor();
  await due.fill(promise.default_due_on);

  // Told, not asked for: nothing on that page looks again by itself so soon.
  const seen = line.getByText("Promis").waitFor({ timeout: 10_000 }).then(() => performance.now());
  const answered = ml.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/api/promises"));
  await form.getByRole("button", { name: "S’engager" }).click();
  assert.equal((await answered).status(), 201);
  const at = performance.now();
  await said(ml, "Engagement pris.").waitFor();
  const late = (await seen) - at;
  t.diagnostic(`seen by another browser after ${Math.round(late)} ms`);
  await holder(ml).getByText("Votre structure s’est engagée").waitFor();
  await holder(ce).getByText(ml.account.organisation).waitFor();

  const refused = dialog(ce, "Promettre une visite");
  await refused.getByRole("button", { name: "S’engager" }).click();
  const alert = refused.getByRole("alert");
  await alert.waitFor();
  const words = (await alert.innerText()).replace(/\s+/g, " ");
  assert.match(words, /^Déjà promis par/);
  for (const part of [ml.account.organisation, ml.account.name, `jusqu’au ${day(promise.default_due_on)}`]) assert.ok(words.includes(part), `${part} in: ${words}`);
  assert.deepEqual(ce.refused.filter((one) => one.startsWith("409")), ["409 POST /api/promises"]);
  await refused.getByRole("button", { name: "Annuler" }).click();

  // In the same instant, on another one: exactly one wins, and the screen of the other says so.
  const fought = await free(plie, 3);
  const contenders = [ce, plie];
  for (const page of contenders) {
    await page.goto(`${m.url}/entreprises/${fought.id}`);
    await page.getByRole("button", { name: "Promettre une visite" }).click();
    await dialog(page, "Promettre une visite").waitFor();
  }
  await Promise.all(contenders.map((page) => dialog(page, "Promettre une visite").getByRole("button", { name: "S’engager" }).click()));
  const outcomes = await Promise.all(
    contenders.map((page) =>
      Promise.race([
        said(page, "Engagement pris.").waitFor().then(() => "won"),
        dialog(page, "Promettre une visite").getByRole("alert").waitFor().then(() => "lost"),
      ]),
    ),
  );
  assert.deepEqual([...outcomes].sort(), ["lost", "won"]);
  const active = await m.sql(`select o.network as network from data.promise p join data.organisation o on o.id = p.organisation_id where p.establishment_id = ${fought.id} and p.state = 'active'`);
  assert.deepEqual(active, [{ network: outcomes[0] === "won" ? "ce" : "plie" }]);
  for (const page of [ml, ce, plie]) assert.deepEqual(problems(page), []);
});

told("a promise is extended with a reason, given back with a reason, made again", async () => {
  await ce.goto(`${m.url}/entreprises/${employer.id}`);
  await record(ml).getByRole("button", { name: "Prolonger" }).click();
  const extend = dialog(ml, "Prolonger l’engagement");
  await extend.getByRole("button", { name: "Prolonger" }).click();
  await extend.getByText("Écrivez au moins trois lettres").waitFor();
  await extend.getByLabel("Motif").fill("Le gérant est en congé jusqu’à la fin du mois");
  await extend.getByLabel("Nouvelle échéance").waitFor();
  const later = await extend.getByLabel("Nouvelle échéance").inputValue();
  await extend.getByRole("button", { name: "Prolonger" }).click();
  await said(ml, /^Engagement prolongé/).waitFor();
  await holder(ce).getByText(day(later)).waitFor();

  await record(ml).getByRole("button", { name: "Rendre", exact: true }).click();
  const back = dialog(ml, "Rendre l’engagement");
  await back.getByLabel("Motif").fill("Suivi par une collègue de l’agence");
  await back.getByRole("button", { name: "Rendre", exact: true }).click();
  await said(ml, "Engagement rendu").waitFor();
  await record(ce).getByText("Libre", { exact: true }).waitFor();
  await ce.getByRole("tab", { name: "Historique" }).click();
  const history = ce.getByRole("list", { name: "Ce que chaque partenaire a fait" });
  await history.getByText("« Suivi par une collègue de l’agence »").waitFor();
  await history.getByText("« Le gérant est en congé jusqu’à la fin du mois »").waitFor();

  await ml.getByRole("button", { name: "Promettre une visite" }).click();
  await dialog(ml, "Promettre une visite").getByRole("button", { name: "S’engager" }).click();
  await holder(ce).getByText(ml.account.organisation).waitFor();
  await dialog(ml, "Promettre une visite").waitFor({ state: "hidden" });
});

told("a visit is planned, then reported with needs, notes, a next action and an offer", async () => {
  await record(ml).getByRole("button", { name: "Planifier une visite" }).click();
  const plan = dialog(ml, "Planifier une visite");
  await plan.getByRole("button", { name: "Demain" }).click();
  const on = await plan.getByLabel("Jour", { exact: true }).inputValue();
  await plan.getByLabel("Heure").fill("10:00");
  await plan.getByRole("button", { name: "Planifier", exact: true }).click();
  await said(ml, /^Visite prévue demain à 10/).waitFor();
  await record(ml).getByRole("region", { name: "Visites prévues" }).getByText(/^demain à 10/).waitFor();
  await ml.getByRole("link", { name: "Visites", exact: true }).click();
  await ml.getByRole("link", { name: employer.name }).waitFor();

  await m.clock(`${on}T11:10:00${start.slice(19)}`);
  await ml.goto(`${m.url}/entreprises/${employer.id}`);
  await record(ml).getByRole("link", { name: "Rendre compte" }).click();
  await ml.getByRole("heading", { name: `Compte rendu : ${employer.name}` }).waitFor();

  // Sent too early: told what is missing.
  const send = ml.getByRole("button", { name: "Enregistrer le compte rendu" });
  await send.click();
  await ml.getByText("Choisissez le résultat de la visite.").waitFor();
  await ml.getByRole("radio", { name: "Rencontre : besoins de recrutement" }).check({ force: true });
  const need = ml.getByRole("group", { name: "Besoin 1" });
  await pick(need, "Métier (ROME)", "cuisin", /cuisine/i);
  await need.getByLabel("Postes").fill("2");
  await choose(need, /^Choisir/, "CDI");
  await ml.getByLabel("Prochaine action").fill("Envoyer deux profils");
  await ml.getByRole("button", { name: "Dans 5 jours ouvrés" }).click();
  await ml.getByLabel("Note partagée").fill("Équipe de huit, départ en retraite en juin.");
  await ml.getByLabel("Note de mon réseau").fill("Le gérant préfère les candidats déjà suivis.");
  await ml.getByText("Déposer une offre maintenant").click();
  // What the need says is not typed again.
  assert.equal(await ml.getByLabel("Nombre de postes").inputValue(), "2");
  await ml.getByLabel("Intitulé de l’offre").fill("Commis ou commise de cuisine, marché couvert");
  await ml.getByText("Jeunes de 16 à 25 ans").click();
  assert.match(await ml.getByText("Réservée 15 jours à").innerText(), /Mission Locale, puis ouverte à tous/);
  await send.click();
  await said(ml, "Compte rendu enregistré, offre préparée.").waitFor();
  offer = Number(/\/suivi-offres\/(\d+)$/.exec(new URL(ml.url()).pathname)[1]);

  // The other browser: the rest that follows, the shared note, never the note of the network.
  await record(ce).getByText(/^En repos jusqu’au/).waitFor();
  const history = ce.getByRole("list", { name: "Ce que chaque partenaire a fait" });
  await history.getByText("« Équipe de huit, départ en retraite en juin. »").waitFor();
  assert.equal(await ce.getByText("Le gérant préfère").count(), 0);
  await ml.goto(`${m.url}/entreprises/${employer.id}?onglet=historique`);
  await ml.getByText("Le gérant préfère les candidats déjà suivis.").waitFor();
  await ml.getByRole("tab", { name: /^Besoins et offres/ }).click();
  await ml.getByRole("region", { name: "Besoins" }).getByText(/^2 postes/).waitFor();
  assert.deepEqual(problems(ml), []);
});

told("an offer is confirmed, reserved with its countdown, opened fifteen days later, read by everybody", async () => {
  await ml.goto(`${m.url}/suivi-offres/${offer}`);
  const sheet = ml.getByRole("region", { name: "Détail de l’offre" });
  await sheet.getByRole("button", { name: "Confirmer avec l’employeur" }).click();
  const confirm = dialog(ml, "Confirmer avec l’employeur");
  await confirm.getByLabel("Personne qui confirme").fill("Le chef, sur place");
  await confirm.getByRole("button", { name: "Confirmer et réserver" }).click();
  await said(ml, "Offre confirmée et réservée.").waitFor();
  const { opens_at } = await asked(ml, `/api/offers/${offer}`);
  await sheet.getByTestId("countdown").getByText(new RegExp(`dans 1[45] jours, le ${day(opens_at)} à `)).waitFor();
  await sheet.getByText("Réseaux destinataires :").waitFor();

  // Another network does not see it, nor does the public.
  assert.equal((await asked(ce, `/api/offers/${offer}`, 404)).code, "not_found");
  const anyone = await visit(browser, m, "/offres");
  const board = anyone.getByRole("listitem").filter({ hasText: "Commis ou commise de cuisine, marché couvert" });
  await anyone.getByLabel("Métier ou intitulé").fill("marché couvert");
  await anyone.getByRole("button", { name: "Chercher" }).click();
  await anyone.getByText("Aucune offre ne répond à cette recherche.").waitFor();

  await m.clock(new Date(Date.parse(opens_at) - 60_000));
  await ml.reload();
  await sheet.getByTestId("countdown").getByText(/moins d’une minute|1\s?min/).waitFor();
  assert.equal((await asked(ml, `/api/offers/${offer}`)).state, "reserved");
  await m.clock(opens_at);
  await sheet.getByText("Ouverte à tous").first().waitFor();
  await anyone.reload();
  await board.getByRole("link").click();
  await anyone.getByRole("heading", { name: "Commis ou commise de cuisine, marché couvert", level: 1 }).waitFor();
  await anyone.getByText(ml.account.organisation).waitFor();
  // What the board says of the offer holds nothing that only members may read.
  assert.equal(await anyone.getByText(employer.name).count(), 0);
  assert.deepEqual(anyone.refused, []);
  assert.deepEqual(problems(anyone), []);
  await anyone.context().close();
  const opened = await m.sql(`select member_id from data.event where offer_id = ${offer} and kind = 'offer.opened'`);
  assert.deepEqual(opened, [{ member_id: null }]);
});

told("a promise that nobody kept lapses, and every window shows it", async () => {
  const [late] = await m.sql(`select p.establishment_id as id, p.lapses_on + 1 as lapses from data.promise p join data.organisation o on o.id = p.organisation_id
    where p.state = 'active' and o.network = 'ce' and p.lapses_on >= (data.today())
      and not exists (select from data.visit v where v.establishment_id = p.establishment_id and v.state = 'planned') order by p.lapses_on desc limit 1`);
  await ce.goto(`${m.url}/entreprises/${late.id}?onglet=historique`);
  await holder(ce).waitFor();
  await m.clock(`${late.lapses}T06:00:00+01:00`);
  await ce.getByText("Engagement échu sans visite").first().waitFor({ timeout: 30_000 });
  await holder(ce).waitFor({ state: "hidden" });
  await record(ce).getByRole("button", { name: "Promettre une visite" }).waitFor();
});

told("a partner's file is read in Windows-1252; bad files are refused in French, with line and column", async () => {
  await ml.goto(`${m.url}/imports`);
  const give = async (name, bytes) => {
    await ml.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: bytes });
    const detail = ml.getByRole("region", { name: "Détail de l’import" });
    await detail.getByRole("heading", { name, level: 2 }).waitFor();
    await detail.getByText(/^(À vérifier|Refusé)$/).waitFor({ timeout: 30_000 });
    const start = detail.getByRole("button", { name: /^Importer/ });
    if ((await detail.getByText("À vérifier", { exact: true }).count()) && (await start.isEnabled())) {
      await start.click();
      await detail.getByText("Terminé", { exact: true }).waitFor({ timeout: 30_000 });
    }
    return detail;
  };
  const counted = () => m.psql("select (select count(*) from data.establishment), (select count(*) from data.source_record)");

  const partner = [
    "SIRET;Raison sociale;Commune étab.;CP;Téléphone",
    "81816609600018;Boulangerie de l’Été;MOULINS;03000;04 65 71 00 01",
    ";Café sans numéro;MOULINS;03000;",
    "4,10353E+13;Garage arrondi;VICHY;03200;",
  ].join("\r\n") + "\r\n";
  const bytes = Buffer.from(partner.replace(/’/g, "\u0092"), "latin1");
  let detail = await give("partenaire.csv", bytes);
  await detail.getByText("Terminé", { exact: true }).waitFor();
  await detail.getByText(/3 lignes lues/).waitFor();
  await detail.getByText("Windows-1252", { exact: true }).waitFor();
  const scientific = detail.getByRole("row").filter({ hasText: "le tableur a remplacé le SIRET" });
  await scientific.waitFor();
  assert.deepEqual((await scientific.getByRole("cell").allInnerTexts()).slice(0, 2), ["4", "SIRET"]);

  // Rows without a SIRET are compared with the list afterwards.
  await eventually(() => m.psql("select count(*) from data.job where kind = 'linkage.records' and finished_at is null"), (left) => left.trim() === "0");
  const was = await counted();
  detail = await give("image.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 1, 0]));
  await detail.getByText("Refusé", { exact: true }).waitFor();
  await detail.getByText("Rien n’a été changé dans la liste partagée.").waitFor();
  const unread = detail.getByRole("row").filter({ hasText: "ce n’est ni un tableau de texte ni un classeur" });
  await unread.waitFor(); // told after the state of the file
  assert.equal((await unread.getByRole("cell").allInnerTexts())[0], "1");

  // A header that nobody knows is shown: its columns wait for their meaning, and nothing can be imported before.
  detail = await give("colonnes.csv", Buffer.from("Couleur;Poids\r\nrouge;12\r\n"));
  await detail.getByText(/Indiquez au moins la colonne du SIRET/).waitFor();
  await detail.getByRole("button", { name: "Abandonner ce fichier" }).click();
  await ml.getByRole("grid", { name: "Fichiers de ma structure" }).waitFor();

  await ml.locator("input[type=file]").setInputFiles({ name: "vide.csv", mimeType: "text/csv", buffer: Buffer.alloc(0) });
  await ml.getByRole("alert").getByText("Le fichier est vide.").waitFor();
  assert.equal(await counted(), was);
  assert.deepEqual(problems(ml), []);
});

told("on a phone: today, an employer found, promised, visited, reported; the offers", async () => {
  const page = await member(browser, m, { role: "adviser", network: "ft" }, "/", { isPhone: true });
  const bottom = page.getByRole("navigation", { name: "Navigation principale (téléphone)" });
  await page.getByRole("heading", { name: "Aujourd’hui", level: 1 }).waitFor();
  const target = await free(page, 5);
  await bottom.getByRole("link", { name: "Entreprises" }).tap();
  await page.getByRole("searchbox", { name: "Nom ou SIRET" }).fill(target.name);
  // The list is still being filtered when the row first shows: a tap on a row that moves is lost, as a finger's would be.
  await page.waitForURL(/[?&]q=/);
  await eventually(async () => {
    const heading = record(page).getByRole("heading", { name: target.name });
    if (await heading.isVisible()) return true;
    await rows(page).filter({ hasText: target.name }).first().tap({ timeout: 2000 }).catch(() => undefined);
    return heading.waitFor({ timeout: 2000 }).then(() => true, () => false);
  });
  await page.getByRole("button", { name: "Promettre une visite" }).tap();
  await dialog(page, "Promettre une visite").getByRole("button", { name: "S’engager" }).tap();
  await holder(page).getByText("Votre structure s’est engagée").waitFor();
  await dialog(page, "Promettre une visite").waitFor({ state: "hidden" });
  await record(page).getByRole("button", { name: "Rendre compte" }).tap();
  await page.getByRole("heading", { name: `Compte rendu : ${target.name}` }).waitFor();
  await page.getByText("Rencontre : pas de besoin").tap();
  await page.getByLabel("Note partagée").fill("Vu sur le parking, pas de besoin avant l’été.");
  await page.getByRole("button", { name: "Enregistrer le compte rendu" }).tap();
  await said(page, "Compte rendu enregistré.").waitFor();
  await record(page).getByText("« Vu sur le parking, pas de besoin avant l’été. »").waitFor();
  const [kept] = await m.sql(`select state from data.promise where establishment_id = ${target.id} order by id desc limit 1`);
  assert.equal(kept.state, "kept");

  await bottom.getByRole("link", { name: "Offres" }).tap();
  await rows(page, "Offres").first().tap();
  await page.getByRole("region", { name: "Détail de l’offre" }).getByRole("heading", { level: 2 }).waitFor();
  await page.getByRole("button", { name: "Fermer l’offre" }).tap();
  await bottom.getByRole("link", { name: "Plus" }).tap();
  await page.getByRole("heading", { name: "Plus", level: 1 }).waitFor();
  assert.deepEqual(problems(page), []);
  await page.context().close();
});
