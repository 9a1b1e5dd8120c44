// The field app on a telephone: no network in the middle of a report, the tab killed, three days away with the server
// started anew, two telephones at once; everything arrives once, in the order it was typed, and nothing is overwritten.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { axe, launch } from "../lib/browser.mjs";
import { choose, eventually, member, problems, shot, step, visit, workday } from "./acts.mjs";

let m, browser, api, account, first, second, desk, planned;
const day = 86_400_000;
const start = new Date(workday());
before(async () => {
  m = await Instance.start({ template: "demo" });
  browser = await launch();
  await m.clock(start);
  account = m.account({ role: "adviser", network: "ml" });
  api = await m.signIn(account.email);
  const { body } = await api.get("/api/establishments?state=free&limit=60");
  planned = [];
  for (const line of body.items) {
    const hour = new Date(start.getTime() + (planned.length + 1) * 3_600_000).toISOString();
    const made = await api.post("/api/visits", { establishment: line.id, planned_at: hour, minutes: 45 });
    if (made.status === 201) planned.push(made.body);
    if (planned.length === 10) break;
  }
  assert.equal(planned.length, 10);
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);

/** A telephone at /terrain, signed in, its week and its service worker there. */
async function telephone() {
  const page = await visit(browser, m, "/terrain", { isPhone: true });
  if (process.env.FIELD_PATIENCE) page.setDefaultTimeout(Number(process.env.FIELD_PATIENCE));
  await enter(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  });
  return page;
}
async function enter(page, who = account) {
  await page.getByLabel("Adresse électronique").fill(who.email);
  await page.getByLabel("Mot de passe").fill(who.password);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.getByRole("navigation", { name: "Navigation principale" }).waitFor();
}
const card = (page, of) => page.getByRole("listitem").filter({ hasText: of.establishment.name }).first();
const report = async (page, of) => {
  await page.goto(`${m.url}/terrain/visites/${of.id}/compte-rendu`);
  await page.getByRole("heading", { name: "Compte rendu", exact: true }).waitFor();
};
const outcome = (page, name) => page.getByRole("radio", { name }).check();
const save = async (page) => {
  await page.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
  await page.getByRole("heading", { name: /^Aujourd’hui/ }).waitFor();
};
/** A keystroke is sealed and written within moments; nobody kills a tab faster than that. */
const written = (page) => page.waitForTimeout(150);
const reports = () => m.sql("select visit_id, version, outcome, shared_note, done_at from data.report where visit_id >= " + planned[0].id + " order by visit_id");
const events = (kind) => m.sql(`select id, (data ->> 'visit')::int as visit from data.event where kind = '${kind}' and (data ->> 'visit')::bigint >= ${planned[0].id} order by id`);
const clean = (page) => assert.deepEqual(problems(page).filter((one) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED/.test(one)), []);
/** What a screen must be: nothing for axe, nothing too wide, every target in reach of a thumb. */
async function fit(page, name) {
  await shot(page, `terrain ${name}`);
  assert.deepEqual(await axe(page), [], name);
  const small = await page.evaluate(() => {
    const wide = document.scrollingElement.scrollWidth > window.innerWidth ? ["too wide"] : [];
    const boxes = [...document.querySelectorAll("a, button, select, textarea, input:not([type=radio], [type=checkbox]), label:has(input)")];
    return [...wide, ...boxes.filter((one) => one.getBoundingClientRect().height > 0 && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 90))];
  });
  assert.deepEqual(small, [], name);
}

told("the visits, the employer and the report fit under one thumb", async () => {
  first = await telephone();
  await card(first, planned[0]).waitFor();
  await fit(first, "visites");
  await card(first, planned[0]).getByRole("link").click();
  await first.getByRole("heading", { name: planned[0].establishment.name, level: 1 }).waitFor();
  const map = first.getByRole("link", { name: "Plan" });
  assert.equal(await map.getAttribute("referrerpolicy"), "no-referrer");
  assert.match(await first.getByRole("link", { name: "Itinéraire" }).getAttribute("href"), /^geo:/);
  await fit(first, "employeur");
  await first.getByRole("link", { name: "Rendre compte" }).click();
  await outcome(first, /besoins de recrutement/);
  // By an appellation, with a slip: the server knows it, and from then on the telephone too.
  await first.getByRole("searchbox", { name: "Métier" }).fill("crepière");
  await first.getByRole("button", { name: /^Crêpier \/ Crêpière.: .*G1604/ }).waitFor();
  await first.context().setOffline(true);
  await first.getByRole("searchbox", { name: "Métier" }).fill("creppier");
  await first.getByRole("button", { name: /^Crêpier \/ Crêpière.: .*G1604/ }).waitFor();
  await first.getByRole("searchbox", { name: "Métier" }).fill("maconerie");
  await first.getByRole("button", { name: /F1703/ }).waitFor();
  await first.context().setOffline(false);
  await first.getByRole("searchbox", { name: "Métier" }).fill("cuisine");
  await first.getByRole("button", { name: /G1602/ }).waitFor();
  await fit(first, "compte rendu");
  const manifest = await first.evaluate(async () => (await fetch("/terrain.webmanifest")).json());
  assert.equal(manifest.scope, "/terrain");
  const cdp = await first.context().newCDPSession(first);
  const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors.map((one) => one.errorId).filter((id) => id !== "in-incognito"), []);
  assert.deepEqual(problems(first), []);
});

told("the network is cut in the middle of a report and the tab is killed: it is all there", async () => {
  await first.getByRole("button", { name: /G1602/ }).click();
  await first.getByRole("button", { name: "Postes : un de plus" }).click();
  await first.context().setOffline(true);
  await first.getByLabel("Note partagée").pressSequentially("Vu la gérante, deux cuisiniers pour l’été.");
  await written(first);
  const cdp = await first.context().newCDPSession(first);
  await Promise.race([cdp.send("Page.crash").catch(() => undefined), new Promise((done) => first.once("crash", done))]);
  const context = first.context();
  await first.close();
  first = await context.newPage();
  Object.assign(first, { problems: [], refused: [] });
  first.on("pageerror", (error) => first.problems.push(String(error)));
  await first.goto(`${m.url}/terrain`);
  await card(first, planned[0]).getByText("Compte rendu commencé").waitFor();
  await first.getByText(/Pas de réseau/).waitFor();
  await report(first, planned[0]);
  await first.getByText("Votre saisie est reprise.").waitFor();
  assert.equal(await first.getByLabel("Note partagée").inputValue(), "Vu la gérante, deux cuisiniers pour l’été.");
  assert.match(await first.getByLabel("Métier").inputValue(), /G1602/);
  assert.equal(await first.getByRole("status").filter({ hasText: /^2$/ }).count(), 1);
  // A second tab does not write the same report at the same time.
  const other = await context.newPage();
  await other.goto(`${m.url}/terrain/visites/${planned[0].id}/compte-rendu`);
  await other.getByRole("heading", { name: "Ce compte rendu est ouvert dans un autre onglet." }).waitFor();
  await other.close();
  await first.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
  await first.getByText("Compte rendu gardé sur ce téléphone").waitFor();
  // What is missing is said, and nothing leaves.
  await report(first, planned[2]);
  await first.getByLabel("Prochaine action").fill("Rappeler");
  await first.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
  await first.getByText("Choisissez le résultat de la visite.").waitFor();
  await first.getByText("Choisissez une date.").waitFor();
  await first.getByRole("button", { name: "Dans 5 jours ouvrés" }).click();
  await outcome(first, /pas de besoin/);
  await save(first);
  await report(first, planned[1]);
  await outcome(first, /Interlocuteur absent/);
  await save(first);
  await first.getByRole("link", { name: "Envois 3" }).click();
  assert.deepEqual(await first.getByRole("heading", { level: 2 }).allTextContents(), [0, 2, 1].map((n) => [planned[n].establishment.name, planned[n].establishment.city].filter(Boolean).join(", ")));
  await fit(first, "envois");
  assert.deepEqual(await reports(), []);
});

told("what is kept is sealed", async () => {
  const kept = await first.evaluate(async () => {
    const db = await new Promise((done) => (indexedDB.open("maillage-terrain").onsuccess = (event) => done(event.target.result)));
    const all = (store) => new Promise((done) => (db.transaction(store).objectStore(store).getAll().onsuccess = (event) => done(event.target.result)));
    const text = (rows) => rows.map((row) => new TextDecoder("latin1").decode(row.data)).join("");
    const [key] = await all("key");
    const out = { text: text(await all("document")) + text(await all("queue")), extractable: key.extractable, storage: JSON.stringify({ ...localStorage }) };
    db.close();
    return out;
  });
  assert.equal(kept.extractable, false);
  assert.ok(kept.text.length > 1000);
  assert.ok(!/establishment|rants|outcome/.test(kept.text) && !kept.text.includes(planned[0].establishment.name));
  assert.ok(!kept.storage.includes(planned[0].establishment.name));
});

told("three days later, the server started anew: the same person signs in, all arrives once, in order", async () => {
  await m.stopServer();
  await m.clock(new Date(start.getTime() + 3 * day));
  await m.psql("update data.session set opened_at = opened_at - interval '3 days', seen_at = seen_at - interval '3 days', expires_at = expires_at - interval '3 days'; update data.idempotency set at = at - interval '3 days'", { role: "postgres" });
  await m.startServer();
  await first.context().setOffline(false);
  await first.getByText(/Session terminée/).waitFor();
  await first.goto(`${m.url}/terrain`);
  await first.getByText(/3 comptes rendus attendent sur ce téléphone/).waitFor();
  await shot(first, "terrain session terminée");
  // What concerns employers has left the telephone; what was typed has not.
  assert.equal(await first.getByText(planned[3].establishment.name).count(), 0);
  // Somebody else signs in there first: nothing of the others goes out in their name.
  const stranger = m.accounts.find((one) => one.role === "adviser" && one.network === "ft");
  await enter(first, stranger);
  await first.getByText(/Des comptes rendus d’une autre personne/).waitFor();
  assert.deepEqual(await reports(), []);
  await first.goto(`${m.url}/terrain/telephone`);
  await first.evaluate(async () => {
    const { csrf } = await (await fetch("/api/session")).json();
    await fetch("/api/session", { method: "DELETE", headers: { "X-CSRF-Token": csrf } });
  });
  await first.goto(`${m.url}/terrain`);
  await first.getByLabel("Mot de passe").waitFor();
  // The answer to the first one is lost on the way: the server has it, the telephone does not know.
  let lost = 0;
  await first.context().route("**/report", async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await enter(first);
  await eventually(async () => (await reports()).length >= 1);
  await first.getByText(/Pas de réseau/).waitFor();
  await first.goto(`${m.url}/terrain/envois`);
  await first.getByText("Tout est envoyé.").waitFor();
  assert.ok(lost >= 1);
  await first.context().unroute("**/report");
  const ids = [0, 2, 1].map((n) => planned[n].id);
  assert.deepEqual((await events("visit.reported")).map((one) => one.visit), ids);
  const [one] = await reports();
  assert.equal(one.shared_note, "Vu la gérante, deux cuisiniers pour l’été.");
  assert.ok(new Date(one.done_at) < new Date(start.getTime() + day), "it keeps the moment of the visit");
  assert.deepEqual(await m.sql(`select rome, posts from data.need where visit_id = ${ids[0]}`), [{ rome: "G1602", posts: 2 }]);
  clean(first);
});

told("two telephones at once: the second sees both texts and brings them together", async () => {
  api = await m.signIn(account.email);
  const moved = await api.patch(`/api/visits/${planned[5].id}`, { planned_at: new Date(start.getTime() + 3 * day + 7_200_000).toISOString() }, { headers: { "if-match": '"1"' } });
  assert.equal(moved.status, 200, moved.text);
  second = await telephone();
  await first.goto(`${m.url}/terrain`);
  await card(first, planned[3]).waitFor();
  for (const [page, note] of [[first, "Premier texte."], [second, "Second texte."]]) {
    await page.context().setOffline(true);
    await report(page, planned[3]);
    await outcome(page, /besoins plus tard/);
    await page.getByLabel("Note partagée").fill(note);
    await save(page);
  }
  await first.context().setOffline(false);
  await eventually(async () => (await reports()).some((one) => one.visit_id === planned[3].id));
  await second.context().setOffline(false);
  await second.getByText(/1 compte rendu demande votre choix/).waitFor();
  await second.getByRole("link", { name: "Voir", exact: true }).click();
  await second.getByRole("region", { name: "Ce que vous avez écrit" }).getByText("Second texte.").waitFor();
  await second.getByRole("region", { name: "Ce qui est enregistré" }).getByText("Premier texte.").waitFor();
  await fit(second, "conflit");
  await second.getByRole("button", { name: "Réunir les deux textes" }).click();
  await second.getByRole("heading", { name: "Compte rendu corrigé" }).waitFor();
  assert.equal(await second.getByLabel("Note partagée").inputValue(), "Premier texte.\n\nSecond texte.");
  await save(second);
  const now = await eventually(async () => (await reports()).find((one) => one.visit_id === planned[3].id && one.version === 2));
  assert.equal(now.shared_note, "Premier texte.\n\nSecond texte.");
  const history = await api.get(`/api/visits/${planned[3].id}/report/history`);
  assert.deepEqual(history.body.items.map((one) => one.shared_note), ["Premier texte."]);
});

told("a visit moved or cancelled meanwhile: the person is shown, and chooses", async () => {
  await second.goto(`${m.url}/terrain`);
  await second.context().setOffline(true);
  for (const n of [4, 5]) {
    await report(second, planned[n]);
    await outcome(second, /pas de besoin/);
    await save(second);
  }
  const at = new Date(start.getTime() + 3 * day + 10_800_000).toISOString();
  assert.equal((await api.patch(`/api/visits/${planned[5].id}`, { planned_at: at }, { headers: { "if-match": '"2"' } })).status, 200);
  assert.equal((await api.post(`/api/visits/${planned[4].id}/cancel`, { reason: "Grippe" })).status, 200);
  await second.context().setOffline(false);
  await second.goto(`${m.url}/terrain/envois`);
  await second.getByText("Entre-temps, cette visite a été annulée.").waitFor();
  await second.getByText("Entre-temps, cette visite a été déplacée.").waitFor();
  await second.getByText("Grippe").waitFor();
  assert.equal((await reports()).length, 4);
  await shot(second, "terrain annulée et déplacée");
  await second.getByRole("button", { name: "Envoyer : la visite a bien eu lieu" }).click();
  await second.getByRole("button", { name: /^Envoyer : la visite a eu lieu le/ }).click();
  await second.getByText("Tout est envoyé.").waitFor();
  assert.equal((await reports()).length, 6);
  assert.deepEqual(await m.sql(`select despite from data.report where visit_id = ${planned[4].id}`), [{ despite: "cancelled" }]);
});

/** What IndexedDB holds: keys, documents, entries of the queue. */
const leftOn = (page) =>
  page.evaluate(async () => {
    const db = await new Promise((done) => (indexedDB.open("maillage-terrain").onsuccess = (event) => done(event.target.result)));
    const counts = [];
    for (const store of ["key", "document", "queue"]) counts.push(await new Promise((done) => (db.transaction(store).objectStore(store).count().onsuccess = (event) => done(event.target.result))));
    db.close();
    return counts;
  });

told("signing out warns of what is not sent, then leaves nothing", async () => {
  await report(second, planned[6]);
  await second.getByLabel("Note partagée").fill("À finir ce soir");
  await written(second);
  await second.goto(`${m.url}/terrain/telephone`);
  await second.getByRole("button", { name: "Se déconnecter" }).click();
  await second.getByRole("alertdialog").getByText(/1 saisie n’est pas terminée/).waitFor();
  await fit(second, "se déconnecter");
  await second.getByRole("button", { name: "Ne pas se déconnecter" }).click();
  await report(second, planned[6]);
  assert.equal(await second.getByLabel("Note partagée").inputValue(), "À finir ce soir");
  await second.goto(`${m.url}/terrain/telephone`);
  await second.getByRole("button", { name: "Se déconnecter" }).click();
  await second.getByRole("button", { name: "Effacer et se déconnecter" }).click();
  await second.getByLabel("Mot de passe").waitFor();
  assert.deepEqual(await leftOn(second), [0, 0, 0]);
  clean(second);
});

told("leaving without a network empties the telephone, and ends the session when one is back", async () => {
  await enter(second);
  await second.context().setOffline(true);
  await second.goto(`${m.url}/terrain/telephone`);
  await second.getByRole("button", { name: "Se déconnecter" }).click();
  await second.getByLabel("Mot de passe").waitFor();
  assert.deepEqual(await leftOn(second), [0, 0, 0]);
  await second.context().setOffline(false);
  await eventually(async () => (await second.evaluate(async () => (await fetch("/api/session")).status)) === 401);
  await second.getByLabel("Mot de passe").waitFor();
  assert.deepEqual(await leftOn(second), [0, 0, 0]);
  clean(second);
});

told("on the desk: a report is corrected, its former text stays with who wrote it", async () => {
  desk = await member(browser, m, account, `/visites/${planned[3].id}/compte-rendu`);
  await desk.getByRole("heading", { name: /^Compte rendu :/, level: 1 }).waitFor();
  await desk.getByRole("heading", { name: "Avant correction" }).waitFor();
  await desk.getByText("Premier texte.", { exact: true }).waitFor();
  assert.deepEqual(await axe(desk, { exclude: ["[data-live-announcer]"] }), []);
  await desk.getByRole("button", { name: "Corriger" }).click();
  await desk.getByRole("textbox", { name: /Note partagée/ }).fill("Texte revu au bureau.");
  await desk.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
  await desk.getByText("Texte revu au bureau.").waitFor();
  await eventually(async () => (await desk.getByRole("listitem").filter({ hasText: "remplacé par" }).count()) === 2);
  await shot(desk, "compte rendu corrigé");
  assert.deepEqual(problems(desk), []);
});

told("on the desk: what was just corrected is shown, also where no stream says that something changed", async () => {
  const alone = await desk.context().newPage();
  await alone.addInitScript(() => (window.EventSource = class extends EventTarget { close() {} }));
  await alone.goto(`${m.url}/visites/${planned[3].id}/compte-rendu`);
  for (const text of ["Texte revu encore.", "Texte revu enfin."]) {
    await alone.getByRole("button", { name: "Corriger" }).click();
    await alone.getByRole("textbox", { name: /Note partagée/ }).fill(text);
    await alone.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
    await alone.getByRole("definition").filter({ hasText: text }).first().waitFor();
  }
  await alone.close();
});

told("on the desk: what is being typed outlives whatever is read again meanwhile", async () => {
  const at = `${m.url}/visites/${planned[3].id}/compte-rendu`;
  const alone = await desk.context().newPage();
  const state = { open: undefined, busy: false, refused: 0 };
  const questions = new Promise((done) => (state.open = done));
  await alone.route(/\/api\/questionnaire(\?|$)/, async (route) => (await questions, route.continue()));
  await alone.route(`**/api/visits/${planned[3].id}`, (route) => {
    if (!state.busy) return route.continue();
    state.refused++;
    return route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ code: "busy", title: "Trop de demandes à la fois." }) });
  });
  const note = alone.getByRole("textbox", { name: /Note partagée/ });
  const save = alone.getByRole("button", { name: "Enregistrer le compte rendu" });
  const colleague = async (text) => {
    const { version } = (await reports()).find((one) => one.visit_id === planned[3].id);
    assert.equal((await api.post(`/api/visits/${planned[3].id}/report/correct`, { outcome: "later", shared_note: text }, { headers: { "if-match": `"${version}"` } })).status, 200);
  };
  await alone.goto(at);
  await alone.getByRole("button", { name: "Corriger" }).click();
  // Without its questions a report would be sent without the answers that it has.
  await alone.getByRole("heading", { name: /^Compte rendu :/, level: 1 }).waitFor({ state: "hidden" });
  assert.equal(await save.count(), 0);
  state.open();
  await note.fill("Ma correction.");
  // A server too busy to be read from again.
  state.busy = true;
  await colleague("Un autre texte.");
  await eventually(async () => state.refused >= 3);
  await alone.waitForTimeout(300);
  assert.equal(await note.inputValue(), "Ma correction.");
  // What a colleague wrote meanwhile is shown, and not overwritten unread.
  state.busy = false;
  await colleague("Le texte du collègue.");
  await alone.getByRole("alert").getByText("« Le texte du collègue. »").waitFor();
  assert.equal(await note.inputValue(), "Ma correction.");
  await save.scrollIntoViewIfNeeded();
  await shot(alone, "compte rendu corrigé entre-temps");
  assert.deepEqual(await axe(alone), []);
  await save.click();
  await alone.getByText(/^Quelqu’un a modifié cet élément/).waitFor();
  assert.equal(await note.inputValue(), "Ma correction.");
  // Left in the instant of the last key, it is there again.
  await note.press("End");
  await note.pressSequentially(" Et la fin.");
  await alone.goto("about:blank");
  await alone.goto(at);
  await alone.getByRole("button", { name: "Corriger" }).click();
  await alone.getByText("Votre saisie précédente a été retrouvée sur cet appareil.").waitFor();
  assert.equal(await note.inputValue(), "Ma correction. Et la fin.");
  await alone.getByRole("button", { name: "C’est lu, mon texte le remplacera" }).click();
  await save.click();
  await alone.getByRole("definition").filter({ hasText: "Ma correction. Et la fin." }).first().waitFor();
  await alone.close();
});

told("on the desk: a visit that a colleague reports on or cancels takes no report away that is being written", async () => {
  const alone = await desk.context().newPage();
  const free = (await api.get("/api/establishments?state=free&limit=60")).body.items.at(-1);
  const { body: at } = await api.post("/api/visits", { establishment: free.id, planned_at: new Date(start.getTime() + 4 * day).toISOString() });
  await alone.goto(`${m.url}/visites/${at.id}/compte-rendu`);
  await alone.getByText(/besoins plus tard/).click();
  const note = alone.getByRole("textbox", { name: /Note partagée/ });
  await note.fill("Ce que j’ai vu.");
  assert.equal((await api.post(`/api/visits/${at.id}/report`, { outcome: "none", shared_note: "Vu hier déjà." })).status, 201);
  await alone.getByRole("alert").getByText("a écrit ce compte rendu : Rencontre : pas de besoin, note partagée « Vu hier déjà. ».").waitFor();
  assert.equal(await note.inputValue(), "Ce que j’ai vu.");
  await alone.getByRole("button", { name: "C’est lu, mon texte le remplacera" }).click();
  await alone.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
  await alone.waitForURL(/\/entreprises\//);
  assert.deepEqual((await reports()).filter((one) => one.visit_id === at.id).map((one) => [one.version, one.outcome, one.shared_note]), [[2, "later", "Ce que j’ai vu."]]);
  await alone.close();
});

told("an employer reported closed by one partner, confirmed by another", async () => {
  await desk.goto(`${m.url}/entreprises/${planned[7].establishment.id}`);
  await desk.getByRole("button", { name: "Autres actions sur cet établissement" }).click();
  await desk.getByRole("menuitem", { name: /Signaler fermé/ }).click();
  const dialog = desk.getByRole("dialog", { name: "Signaler un changement" });
  await dialog.getByRole("button", { name: "Signaler", exact: true }).click();
  await dialog.getByText("Choisissez ce que vous avez constaté.").waitFor();
  await dialog.getByText("fermé", { exact: true }).click();
  await dialog.getByRole("textbox", { name: /Ce que vous avez vu/ }).fill("Vitrine vide");
  assert.deepEqual((await axe(desk, { exclude: ["[data-live-announcer]"] })).filter((one) => !/^(landmark-one-main|page-has-heading-one) /.test(one)), []);
  await dialog.getByRole("button", { name: "Signaler", exact: true }).click();
  await desk.getByTestId("claim").getByText(/à confirmer/).waitFor();
  await desk.getByRole("button", { name: "Retirer ce signalement" }).waitFor();
  const other = await member(browser, m, { role: "adviser", network: "ft" }, "/aujourdhui");
  const part = other.getByRole("region", { name: /Signalements à confirmer/ });
  await part.waitFor();
  await shot(other, "signalements à confirmer");
  await other.goto(`${m.url}/entreprises/${planned[7].establishment.id}`);
  await other.getByText("« Vitrine vide »").waitFor();
  await shot(other, "fiche signalée");
  await other.getByRole("button", { name: "Confirmer ou démentir" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Confirmer", exact: true }).click();
  await eventually(async () => (await m.sql(`select status from data.establishment where id = ${planned[7].establishment.id}`))[0].status === "F");
  await other.getByTestId("claim").getByText(/confirmé par/).waitFor();
  assert.deepEqual(problems(other), []);
  assert.deepEqual(problems(desk), []);
});

told("a manager adds a question; the telephone asks it, and waits for its answer", async () => {
  const manager = await member(browser, m, { role: "manager", network: "ml" }, "/questionnaire");
  await manager.getByRole("heading", { name: "Questions des comptes rendus", level: 1 }).waitFor();
  const items = manager.getByRole("list", { name: "Questions" }).getByRole("listitem");
  const before = await items.count();
  await manager.getByRole("button", { name: "Ajouter une question" }).click();
  await manager.getByRole("button", { name: "Publier" }).click();
  await manager.getByText("Écrivez la question.").waitFor();
  await manager.getByRole("textbox", { name: new RegExp(`^Question ${before + 1}`) }).fill("Quai accessible aux camions");
  // A question with choices lacks something as long as it has none: its field says so, and is no option.
  await choose(items.last(), /Réponse attendue/, /^Un choix/);
  await items.last().getByLabel("Choix, un par ligne", { exact: true }).waitFor();
  await manager.getByRole("button", { name: "Publier" }).click();
  await items.last().getByText("De deux à douze choix différents, un par ligne.").waitFor();
  await shot(manager, "questionnaire choices");
  await choose(items.last(), /Réponse attendue/, /^Oui ou non/);
  await items.last().getByText("Réponse obligatoire").click();
  assert.deepEqual(await axe(manager, { exclude: ["[data-live-announcer]"] }), []);
  await shot(manager, "questionnaire");
  await manager.getByRole("button", { name: "Publier" }).click();
  await manager.getByText(/^Version 2, publiée/).waitFor();
  assert.deepEqual(problems(manager), []);
  await first.goto(`${m.url}/terrain`);
  await first.waitForLoadState("networkidle");
  await report(first, planned[6]);
  await outcome(first, /pas de besoin/);
  await first.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
  await first.getByText("Cette réponse est attendue.").waitFor();
  await first.getByRole("radiogroup", { name: "Quai accessible aux camions" }).getByRole("radio", { name: "Non" }).check();
  await first.getByRole("group", { name: "Questions" }).scrollIntoViewIfNeeded();
  await fit(first, "questions");
  await save(first);
  const [{ value }] = await eventually(() => m.sql(`select value from data.report_answer where visit_id = ${planned[6].id}`), (rows) => rows.length > 0);
  assert.equal(value, "no");
  await desk.goto(`${m.url}/visites/${planned[6].id}/compte-rendu`);
  await desk.getByText("Quai accessible aux camions").waitFor();
});

told("a photograph, a card, an offer and a claim without a network: each arrives once, behind its report", async () => {
  const [of, moved] = [planned[8], planned[9]];
  await first.goto(`${m.url}/terrain`);
  await first.waitForLoadState("networkidle");
  await report(first, of);
  await first.context().setOffline(true);
  await outcome(first, /besoins de recrutement/);
  const need = first.getByRole("group", { name: "Besoin 1" });
  await need.getByLabel("Métier").fill("cuisine");
  await need.getByRole("button", { name: /Personnel de cuisine/ }).click();
  await need.getByText("Préparer une offre").click();
  // A need that was typed and not chosen is no need: it is said, beside its field, and not left behind.
  await first.getByRole("button", { name: "Ajouter un besoin" }).click();
  const second = first.getByRole("group", { name: "Besoin 2" });
  await second.getByLabel("Métier").fill("soudeur");
  await first.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
  await need.getByText("Choisissez le contrat de l’offre.").waitFor();
  await second.getByText("Choisissez le métier dans la liste, ou retirez ce besoin.").waitFor();
  assert.equal(await need.getByLabel("Contrat").getAttribute("aria-invalid"), "true");
  await second.getByRole("button", { name: "Retirer le besoin 2" }).click();
  await need.getByLabel("Contrat").selectOption("cdd");
  await first.getByRole("radiogroup", { name: "Quai accessible aux camions" }).getByRole("radio", { name: "Non" }).check();
  // A picture made here, of 2,000 points; one that is none.
  const drawn = (size) => first.evaluate(async (wide) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: wide / 2 });
    canvas.getContext("2d").fillRect(100, 100, 500, 500);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, size).then((bytes) => Buffer.from(bytes));
  const photos = first.getByRole("group", { name: "Photos" });
  await photos.getByLabel("Photo", { exact: true }).setInputFiles({ name: "faux.jpg", mimeType: "image/jpeg", buffer: Buffer.from("pas une photo") });
  await photos.getByText("Ce fichier n’est pas une photo lisible.").waitFor();
  await photos.getByLabel("Photo", { exact: true }).setInputFiles({ name: "devanture.png", mimeType: "image/png", buffer: await drawn(2000) });
  await photos.getByRole("img", { name: "Photo 1" }).waitFor();
  await photos.scrollIntoViewIfNeeded();
  await fit(first, "photos");
  // Killed and opened again, it is all there, sealed.
  await written(first);
  await first.reload();
  await photos.getByRole("img", { name: "Photo 1" }).waitFor();
  await photos.getByLabel("Carte de visite").setInputFiles({ name: "carte.png", mimeType: "image/png", buffer: await drawn(900) });
  await photos.getByRole("img", { name: "Carte de visite 2" }).waitFor();
  await save(first);
  await report(first, moved);
  await outcome(first, /absent/);
  await first.getByLabel("Cet employeur").waitFor();
  const dock = first.getByRole("radiogroup", { name: "Quai accessible aux camions" });
  if ((await dock.count()) > 0) await dock.getByRole("radio", { name: "Non" }).check();
  await first.getByLabel("Cet employeur").selectOption("moved");
  await first.getByLabel("Précision").fill("Parti rue de Paris");
  await save(first);
  await first.goto(`${m.url}/terrain/envois`);
  await first.getByText("Photo, envoyée après son compte rendu").waitFor();
  await fit(first, "envois avec photo");
  await first.context().setOffline(false);
  await eventually(() => m.sql(`select kind, width, height from data.picture where visit_id = ${of.id} order by id`), (rows) => rows.length === 2);
  await eventually(() => m.sql(`select kind, detail from data.claim where visit_id = ${moved.id} or establishment_id = ${moved.establishment.id} and detail is not null`), (rows) => rows.length === 1);
  await first.getByText("Tout est envoyé.").waitFor();
  // What was said without a network is not said any more, and what arrived can be put right.
  await first.getByText("Ce qui attendait est envoyé.").waitFor();
  assert.equal(await first.getByText(/gardé sur ce téléphone ; il partira/).count(), 0);
  // As on the day of the visit; a report of another day has left the telephone.
  await m.psql(`set session_replication_role = replica; update data.visit set planned_at = data.now() - interval '1 minute' where id = ${of.id}`, { role: "postgres" });
  await first.goto(`${m.url}/terrain/visites/${of.id}`);
  await first.getByRole("link", { name: "Corriger le compte rendu" }).click();
  await first.getByRole("heading", { name: /^Compte rendu : / }).waitFor();
  assert.equal(new URL(first.url()).search, "?corriger=1");
  await first.goto(`${m.url}/terrain`);
  await first.getByRole("listitem").first().waitFor();
  assert.deepEqual(await m.sql(`select kind, width, height from data.picture where visit_id = ${of.id} order by id`), [{ kind: "photo", width: 1600, height: 800 }, { kind: "card", width: 900, height: 450 }]);
  assert.deepEqual(await m.sql(`select state, contract, posts from data.offer where visit_id = ${of.id}`), [{ state: "draft", contract: "cdd", posts: 1 }]);
  await desk.goto(`${m.url}/visites/${of.id}/compte-rendu`);
  const image = desk.getByRole("img", { name: /^Photo du/ });
  await eventually(() => image.evaluate((one) => one.complete && one.naturalWidth));
  await shot(desk, "report with a photograph");
  clean(first);
});

told("a colleague publishes meanwhile: what is being typed stays, and says so; a report keeps the answers of its day", async () => {
  const manager = await member(browser, m, { role: "manager", network: "ml" }, "/questionnaire");
  const question = manager.getByRole("list", { name: "Questions" }).getByRole("listitem").last().getByRole("textbox", { name: /^Question / });
  await eventually(() => question.inputValue(), (words) => words === "Quai accessible aux camions");
  await question.fill("Quai ouvert aux poids lourds");
  await manager.getByRole("button", { name: "Ajouter une question" }).click();
  await question.fill("Parking sur place");
  const colleague = await m.signIn(m.accounts.filter((one) => one.role === "manager" && one.network === "ml")[1].email);
  const { network } = (await colleague.get("/api/questionnaire")).body;
  const code = `q${network.questions.length + 1}_${network.questions.length}`;
  const theirs = [...network.questions, { code, label: "Cantine ouverte aux stagiaires", kind: "text", required: false }];
  assert.equal((await colleague.request("PUT", "/api/questionnaire/network", { questions: theirs }, { headers: { "If-Match": `"${network.version}"` } })).status, 200);
  await manager.getByRole("button", { name: "Publier" }).click();
  const overtaken = manager.getByRole("alert").filter({ hasText: `a publié la version ${network.version + 1}` });
  await overtaken.getByText("« Cantine ouverte aux stagiaires »").waitFor();
  assert.equal(await question.inputValue(), "Parking sur place");
  await manager.reload();
  await overtaken.waitFor();
  await shot(manager, "questionnaire overtaken");
  assert.equal(await question.inputValue(), "Parking sur place");
  await overtaken.getByRole("button", { name: "C’est lu, la mienne la remplacera" }).click();
  await overtaken.waitFor({ state: "hidden" });
  await manager.getByRole("button", { name: "Publier" }).click();
  await manager.getByText(new RegExp(`^Version ${network.version + 2}, publiée`)).waitFor();
  const published = (await colleague.get("/api/questionnaire")).body.network.questions;
  assert.deepEqual(published.slice(-2).map((one) => one.label), ["Quai ouvert aux poids lourds", "Parking sur place"]);
  assert.notEqual(published.at(-1).code, code, "another question does not take the code of theirs");
  // The report of the first version is corrected: its questions, its answers.
  await desk.goto(`${m.url}/visites/${planned[6].id}/compte-rendu?corriger=1`);
  const dock = desk.getByRole("radiogroup", { name: "Quai accessible aux camions" });
  assert.ok(await dock.getByRole("radio", { name: "Non" }).isChecked());
  assert.equal(await desk.getByRole("radiogroup", { name: "Quai ouvert aux poids lourds" }).count(), 0);
  await desk.getByLabel("Note partagée").fill("Le quai est derrière.");
  await desk.getByRole("button", { name: "Enregistrer le compte rendu" }).click();
  await desk.getByRole("button", { name: "Corriger" }).waitFor();
  assert.deepEqual(
    await m.sql(`select q.version, a.value from data.report_answer a join data.questionnaire q on q.id = a.questionnaire_id where a.visit_id = ${planned[6].id} and q.network = 'ml'`),
    [{ version: network.version, value: "no" }],
  );
  assert.deepEqual(problems(manager), []);
});

told("it opens without a network on a slow telephone", async (t) => {
  await first.goto(`${m.url}/terrain`);
  await first.getByRole("listitem").first().waitFor();
  await first.context().setOffline(true);
  const cdp = await first.context().newCDPSession(first);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await first.addInitScript(() => {
    const look = () => (document.querySelector("main li") ? (window.openedIn = performance.now()) : requestAnimationFrame(look));
    requestAnimationFrame(look);
  });
  const times = [];
  for (let n = 0; n < 5; n++) {
    await first.reload();
    await first.waitForFunction(() => window.openedIn);
    times.push(Math.round(await first.evaluate(() => window.openedIn)));
  }
  times.sort((a, b) => a - b);
  t.diagnostic(`opens offline, CPU slowed 4 times, in ${times.join(", ")} ms`);
  assert.ok(times[0] <= Number(process.env.MAILLAGE_FIELD_MS ?? 3000), `${times} ms`); // the target is 1 s on a quiet machine
});
