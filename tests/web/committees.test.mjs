// Committees: a manager prepares the document of a period, comments it in place, prints it, freezes it; an observer reads
// the frozen copy; two documents are compared.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { after, before } from "node:test";
import { launch } from "../lib/browser.mjs";
import { Instance } from "../lib/instance.mjs";
import { asked, choose, eventually, member, problems, rows, shot, step } from "./acts.mjs";

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

/** The pages of a PDF: their sizes in points, and how many glyphs are drawn on each. */
function pagesOf(pdf) {
  const text = pdf.toString("latin1");
  const objects = new Map([...text.matchAll(/(\d+) 0 obj\n?([\s\S]*?)endobj/g)].map(([, id, body]) => [id, body]));
  return [...objects.values()].filter((body) => /\/Type\s*\/Page\b/.test(body)).map((body) => {
    const [, box] = /\/MediaBox\s*\[([^\]]*)\]/.exec(body);
    const stream = objects.get(/\/Contents\s+(\d+) 0 R/.exec(body)[1]);
    const from = stream.indexOf("stream") + (stream[stream.indexOf("stream") + 6] === "\r" ? 8 : 7);
    const drawn = inflateSync(Buffer.from(stream.slice(from, stream.lastIndexOf("endstream")), "latin1")).toString("latin1");
    return { size: box.trim().split(/\s+/).map(Number).slice(2), glyphs: (drawn.match(/T[jJ]/g) ?? []).length };
  });
}

told("one click makes the document; it is commented in place, printed page by page, frozen", async () => {
  const page = await member(browser, m, { role: "manager" }, "/comites");
  await rows(page, "Dossiers de comité").first().waitFor();
  await shot(page, "comites");
  await page.getByRole("button", { name: "Nouveau dossier" }).click();
  const dialog = page.getByRole("dialog", { name: "Nouveau dossier de comité" });
  await dialog.getByLabel("Titre").fill("Comité départemental d’essai");
  await shot(page, "comites nouveau");
  await dialog.getByRole("button", { name: "Préparer le dossier" }).click();
  await page.getByRole("heading", { name: "Comité départemental d’essai", level: 1 }).waitFor();
  const id = new URL(page.url()).pathname.split("/").pop();

  // The figures are those of the API, on tiles, maps and tables alike.
  const { content } = await asked(page, `/api/packs/${id}`);
  const table = page.getByRole("table", { name: /^Couverture par intercommunalité/ });
  assert.equal(await table.locator("tbody tr").count(), content.areas.length + 1);
  assert.equal(await page.getByRole("img", { name: /^Carte : Part des employeurs rencontrés/ }).locator("path").count(), content.shapes.areas.length);
  await shot(page, "comite brouillon");

  const field = page.getByLabel("Commentaire : couverture");
  await field.fill("Gannat : personne depuis six mois.\nQui y va ?");
  await eventually(async () => (await asked(page, `/api/packs/${id}`)).comments.coverage?.text, (text) => text === "Gannat : personne depuis six mois.\nQui y va ?");
  await page.getByText(/^Enregistré/).first().waitFor();

  // Paper: A4, no empty page, no control, what was typed as words, heads of tables that come again.
  const pdf = await page.pdf({ preferCSSPageSize: true });
  if (process.env.MAILLAGE_SHOTS) {
    mkdirSync(process.env.MAILLAGE_SHOTS, { recursive: true });
    writeFileSync(join(process.env.MAILLAGE_SHOTS, "comite.pdf"), pdf);
  }
  const pages = pagesOf(pdf);
  assert.ok(pages.length >= 4 && pages.length <= 10, `${pages.length} pages`);
  for (const { size, glyphs } of pages) {
    assert.ok(Math.abs(size[0] - 595) < 2 && Math.abs(size[1] - 842) < 2, size.join(" × "));
    assert.ok(glyphs > 15, `${glyphs} texts on a page`);
  }
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.getByRole("textbox").filter({ visible: true }).count(), 0);
  assert.equal(await page.getByRole("button").filter({ visible: true }).count(), 0);
  assert.ok(await page.locator("p").filter({ hasText: "Gannat : personne depuis six mois." }).filter({ visible: true }).count());
  assert.equal(await table.locator("thead").evaluate((head) => getComputedStyle(head).display), "table-header-group");
  const decisions = page.getByRole("heading", { name: "Décisions du comité" });
  assert.equal(await decisions.isVisible(), false, "no heading of decisions that nobody took");
  // As wide as the paper between its margins.
  await page.setViewportSize({ width: 703, height: 1000 });
  const wide = await page.evaluate(() => [...document.querySelectorAll("article *")].filter((one) => one.getBoundingClientRect().right > 704 && one.closest("svg") === null).map((one) => one.outerHTML.slice(0, 80)));
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.deepEqual(wide, [], "nothing is cut");

  // By keyboard: what one has refused gives it back, what is frozen goes on to paper.
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await page.getByRole("button", { name: "Figer" }).press("Enter");
  await page.getByRole("dialog").press("Escape");
  await eventually(focused, (words) => words === "Figer");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Figer le dossier" }).press("Enter");
  await page.getByText(/^Figé, [0-9a-f]{8}$/).first().waitFor();
  await eventually(focused, (words) => words === "Imprimer ou PDF");
  assert.equal(await page.getByRole("textbox").count(), 0, "nothing is typed in what is frozen");
  await page.getByText("Gannat : personne depuis six mois.").waitFor();
  assert.equal(await decisions.count(), 0);
  await shot(page, "comite fige");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("a local document names the communes without any result in one sentence, and tells the others line by line", async () => {
  const other = await m.signIn(m.account({ role: "manager", network: "ce" }).email);
  const [{ area }] = (await other.get("/api/indicators/figures?level=epci&codes=visits")).body.items.toSorted((a, b) => b.figures.visits.n - a.figures.visits.n);
  const day = new Date().toISOString().slice(0, 7);
  const made = await other.post("/api/packs", { title: "Comité local", kind: "local", within: area.includes(":") ? area : `epci:${area}`, from: day, to: day, held_on: `${day}-20` });
  assert.equal(made.status, 201, made.text);
  const page = await member(browser, m, { role: "manager", network: "ce" }, `/comites/${made.body.id}`);
  const table = page.getByRole("table", { name: /^Résultats par commune/ });
  await table.waitFor();
  const { content } = await asked(page, `/api/packs/${made.body.id}`);
  // Something of any of these happened there; the columns of the table are these.
  const told = ["firsts", "small_seen", "needs", "offers", "filled_reserved", "filled_open", "referrals", "effect"];
  const isQuiet = ({ figures }) => told.every((code) => figures[code]?.n === 0);
  const names = (list) => list.map(({ name }) => name.replaceAll("'", "’")).sort();
  const quiet = content.areas.filter(isQuiet);
  assert.ok(quiet.length > 2 && quiet.length < content.areas.length, `${quiet.length} of ${content.areas.length}`);
  const lines = (await table.locator("tbody th, tfoot th").allTextContents()).map((name) => name.replaceAll("'", "’"));
  assert.deepEqual(names(content.areas.filter((one) => !isQuiet(one))).filter((name) => !lines.includes(name)), []);
  assert.deepEqual(names(quiet).filter((name) => lines.includes(name)), []);
  const sentence = await page.getByText(/^Aucun de ces résultats pendant la période/).textContent();
  assert.deepEqual(sentence.replace(/^.*?:\s/u, "").replace(/\.$/, "").replaceAll("'", "’").split(", ").sort(), names(quiet));
  // Coverage tells all of them.
  assert.equal(await page.getByRole("table", { name: /^Couverture par commune/ }).locator("tbody tr").count(), content.areas.length + 1);
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

told("what another manager wrote meanwhile is shown, and both texts can be kept", async () => {
  const page = await member(browser, m, { role: "manager", network: "ml" }, "/comites");
  await rows(page, "Dossiers de comité").filter({ hasText: "Brouillon" }).first().click();
  const field = page.getByLabel("Commentaire : moyens");
  await field.waitFor();
  const id = new URL(page.url()).pathname.split("/").pop();
  const other = await m.signIn(m.account({ role: "manager", network: "ce" }).email);
  assert.equal((await other.put(`/api/packs/${id}/comments/means`, { text: "Trois postes vacants.", version: 0 })).status, 200);
  await field.fill("Une conseillère de plus.");
  await page.getByRole("alert").getByText("Trois postes vacants.").waitFor();
  await shot(page, "comite conflit");
  await page.getByRole("button", { name: "Garder les deux" }).click();
  await eventually(async () => (await asked(page, `/api/packs/${id}`)).comments.means.text, (text) => text === "Trois postes vacants.\nUne conseillère de plus.");
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

/** A draft of its own, prepared by another manager, and who that is. */
async function draft(title) {
  const other = await m.signIn(m.account({ role: "manager", network: "ce" }).email);
  const day = new Date().toISOString().slice(0, 7);
  const made = await other.post("/api/packs", { title, kind: "departement", from: day, to: day, held_on: `${day}-20` });
  assert.equal(made.status, 201, made.text);
  return { id: made.body.id, other };
}
const askFreeze = async (page) => {
  await page.getByRole("button", { name: "Figer", exact: true }).click();
  return page.getByRole("dialog", { name: "Figer ce dossier" });
};

told("what was just typed is in the frozen document; a text that waits or is disputed keeps it from being frozen", async () => {
  const { id, other } = await draft("Comité des textes en cours");
  const page = await member(browser, m, { role: "manager", network: "ml" }, `/comites/${id}`);
  const field = page.getByLabel("Commentaire : résultats");
  assert.match(await field.evaluate((area) => document.getElementById(area.getAttribute("aria-describedby")).textContent), /mot pour mot dans l’édition des observateurs/);
  assert.equal((await other.put(`/api/packs/${id}/comments/results`, { text: "Dix offres.", version: 0 })).status, 200);
  await field.fill("Onze offres.");
  let dialog = await askFreeze(page);
  await dialog.getByText(/Résultats.*quelqu’un d’autre a écrit entre-temps/).waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Figer le dossier" }).isDisabled());
  await shot(page, "comite figer refuse");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Garder mon texte" }).click();
  await page.getByText(/^Enregistré/).first().waitFor();

  // Somebody says something else meanwhile: it is read first.
  assert.equal((await other.put(`/api/packs/${id}/comments/summary`, { text: "Un bon mois.", version: 0 })).status, 200);
  dialog = await askFreeze(page);
  await dialog.getByRole("button", { name: "Figer le dossier" }).click();
  await page.getByText(/Un commentaire vient d’être modifié/).first().waitFor();
  await eventually(() => page.getByLabel("Commentaire : synthèse").inputValue(), (text) => text === "Un bon mois.");

  // Nobody waits for a pause of the typing.
  await page.getByLabel("Commentaire : moyens").fill("Tapé à l’instant.");
  dialog = await askFreeze(page);
  await dialog.getByRole("button", { name: "Figer le dossier" }).click();
  await page.getByText(/^Figé, [0-9a-f]{8}$/).first().waitFor();
  const { content } = await asked(page, `/api/packs/${id}`);
  assert.deepEqual(Object.entries(content.comments).map(([part, { text }]) => [part, text]).sort(), [["means", "Tapé à l’instant."], ["results", "Onze offres."], ["summary", "Un bon mois."]]);
  assert.deepEqual(page.refused.filter((one) => !one.startsWith("401")), [`409 PUT /api/packs/${id}/comments/results`, `409 POST /api/packs/${id}/freeze`]);
  assert.deepEqual(problems(page), []);
  await page.context().close();
});

for (const [what, ending, shown] of [["freezes", "freeze", /^Figé, [0-9a-f]{8}$/], ["drops", "drop", /^Abandonné$/]]) {
  told(`another manager ${what} the document while one types without a network: the text is there to be copied`, async () => {
    const { id, other } = await draft(`Comité sans réseau, ${ending}`);
    const page = await member(browser, m, { role: "manager", network: "ml" }, `/comites/${id}`, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByLabel("Commentaire : moyens").waitFor();
    await page.context().setOffline(true);
    await page.getByLabel("Commentaire : moyens").fill("Deux postes vacants à Gannat.");
    await page.getByText(/Le texte est gardé sur cet appareil/).waitFor();
    assert.ok((await other.post(`/api/packs/${id}/${ending}`)).status < 300);
    await page.context().setOffline(false);
    await page.getByText(shown).first().waitFor();
    const late = page.getByRole("alert").filter({ hasText: "Votre texte n’est pas dans ce dossier" });
    await late.getByText("Deux postes vacants à Gannat.").waitFor();
    await shot(page, `comite texte tardif ${ending}`);
    await late.getByRole("button", { name: "Copier mon texte" }).click();
    await page.getByText("Texte copié.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "Deux postes vacants à Gannat.");
    await late.getByRole("button", { name: "L’effacer de cet appareil" }).click();
    await late.waitFor({ state: "detached" });
    await page.context().close();
  });
}

told("a text typed over an older version than the one that is kept by now is no reason to lose that one", async () => {
  const { id, other } = await draft("Comité de deux appareils");
  const page = await member(browser, m, { role: "manager", network: "ml" }, `/comites/${id}`);
  await page.getByLabel("Commentaire : plan par plan").waitFor();
  await page.context().setOffline(true);
  await page.getByLabel("Commentaire : plan par plan").fill("Écrit hors connexion.");
  await page.getByText(/Le texte est gardé sur cet appareil/).waitFor();
  assert.equal((await other.put(`/api/packs/${id}/comments/plans`, { text: "Écrit ailleurs.", version: 0 })).status, 200);
  await page.goto("about:blank");
  await page.context().setOffline(false);
  await page.goto(`${m.url}/comites/${id}`);
  await page.getByRole("alert").getByText("Écrit ailleurs.").waitFor();
  assert.equal((await asked(page, `/api/packs/${id}`)).comments.plans.text, "Écrit ailleurs.");
  await page.context().close();
});

/** The requests that keep a text, each held until it is let go: to the server with its answer, or with its answer lost. */
async function holdWrites(page) {
  const held = [];
  await page.route(/\/api\/packs\/\d+\/comments\//, (route) => void held.push(route));
  return {
    held,
    next: async () => (await eventually(() => held.length, (n) => n > 0), held.shift()),
    release: () => page.unroute(/\/api\/packs\/\d+\/comments\//),
  };
}
const commentOf = async (page, id, part) => (await asked(page, `/api/packs/${id}`)).comments[part];

told("a correction typed while the text is on its way stays, and is sent", async () => {
  const { id, other } = await draft("Comité corrigé en route");
  assert.equal((await other.put(`/api/packs/${id}/comments/means`, { text: "A", version: 0 })).status, 200);
  const page = await member(browser, m, { role: "manager", network: "ml" }, `/comites/${id}`);
  const field = page.getByLabel("Commentaire : moyens");
  await eventually(() => field.inputValue(), (text) => text === "A");
  const writes = await holdWrites(page);
  await field.fill("AB");
  const first = await writes.next();
  await field.fill("A");
  const answered = page.waitForResponse((response) => response.url().endsWith("/comments/means"));
  await first.continue();
  assert.equal((await answered).status(), 200);
  assert.equal((await commentOf(page, id, "means")).text, "AB");
  // The second one is on its way; the field has said what was typed all along.
  const second = await writes.next();
  assert.equal(await field.inputValue(), "A");
  assert.deepEqual(second.request().postDataJSON(), { text: "A", version: 2 });
  await second.continue();
  await writes.release();
  await eventually(() => commentOf(page, id, "means"), (now) => now.text === "A" && now.version === 3);
  assert.equal(await field.inputValue(), "A");
  assert.deepEqual(page.refused.filter((one) => !one.startsWith("401")), []);

  // Nothing is left behind on the device: what a colleague says next is read, and answered without a dispute.
  await eventually(() => page.evaluate((key) => localStorage.getItem(key), `maillage.draft.pack.${id}.means`), (kept) => kept === null);
  assert.equal((await other.put(`/api/packs/${id}/comments/means`, { text: "C", version: 3 })).status, 200);
  await page.reload();
  await eventually(() => field.inputValue(), (text) => text === "C");
  await field.fill("CD");
  await eventually(() => commentOf(page, id, "means"), (now) => now.text === "CD" && now.version === 5);
  assert.deepEqual(page.refused.filter((one) => !one.startsWith("401")), []);
  await page.context().close();
});

told("a text whose answer was lost is no dispute with oneself, whether one goes on typing or opens the page again", async () => {
  const { id } = await draft("Comité aux réponses perdues");
  const page = await member(browser, m, { role: "manager", network: "ml" }, `/comites/${id}`);
  const field = page.getByLabel("Commentaire : moyens");
  await field.waitFor();
  const writes = await holdWrites(page);
  const lose = async () => {
    const route = await writes.next();
    assert.equal((await route.fetch()).status(), 200);
    await route.abort();
    await page.getByText(/Le texte est gardé sur cet appareil/).waitFor();
  };
  await field.fill("Un.");
  await lose();
  await field.fill("Un. Deux.");
  // Kept by the server as « Un. » already, over which the second text goes.
  await (await writes.next()).continue();
  await (await writes.next()).continue();
  await eventually(async () => (await commentOf(page, id, "means")).text, (text) => text === "Un. Deux.");
  assert.equal(await page.getByRole("button", { name: "Garder mon texte" }).count(), 0);

  await page.getByText(/Le texte est gardé sur cet appareil/).waitFor({ state: "detached" });
  await field.fill("Un. Deux. Trois.");
  await lose();
  await page.goto("about:blank");
  await writes.release();
  await page.goto(`${m.url}/comites/${id}`);
  await eventually(() => field.inputValue(), (text) => text === "Un. Deux. Trois.");
  await eventually(() => page.evaluate((key) => localStorage.getItem(key), `maillage.draft.pack.${id}.means`), (kept) => kept === null);
  await field.fill("Quatre.");
  await eventually(() => commentOf(page, id, "means"), (now) => now.text === "Quatre." && now.version === 4);
  assert.equal(await page.getByRole("button", { name: "Garder mon texte" }).count(), 0);
  await page.context().close();
});

told("a choice between two texts that does not get through says so", async () => {
  const { id, other } = await draft("Comité au choix sans réseau");
  const page = await member(browser, m, { role: "manager", network: "ml" }, `/comites/${id}`);
  const field = page.getByLabel("Commentaire : moyens");
  await field.waitFor();
  assert.equal((await other.put(`/api/packs/${id}/comments/means`, { text: "Le sien.", version: 0 })).status, 200);
  await field.fill("Le mien.");
  await page.getByRole("alert").getByText("Le sien.").waitFor();
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Garder mon texte" }).click();
  await page.getByText(/Le texte est gardé sur cet appareil/).waitFor();
  await shot(page, "comite choix sans reseau");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Garder mon texte" }).click();
  await eventually(async () => (await commentOf(page, id, "means")).text, (text) => text === "Le mien.");
  await page.getByText(/Le texte est gardé sur cet appareil/).waitFor({ state: "detached" });
  await page.context().close();
});

told("two texts that are too long together are refused once, under their field", async () => {
  const { id, other } = await draft("Comité trop long");
  const page = await member(browser, m, { role: "manager", network: "ml" }, `/comites/${id}`);
  const field = page.getByLabel("Commentaire : moyens");
  await field.waitFor();
  assert.equal((await other.put(`/api/packs/${id}/comments/means`, { text: "x".repeat(3500), version: 0 })).status, 200);
  await field.fill("y".repeat(3500));
  await page.getByRole("button", { name: "Garder les deux" }).click();
  await eventually(() => page.refused.filter((one) => one.startsWith("422")).length, (n) => n === 1);
  await eventually(() => field.getAttribute("aria-invalid"), (invalid) => invalid === "true");
  await shot(page, "comite trop long");
  const dialog = await askFreeze(page);
  await dialog.getByText(/refusé tel qu’il est/).waitFor();
  await page.keyboard.press("Escape");
  // Longer than the wait before a text is tried again.
  await page.waitForTimeout(6000);
  assert.equal(page.refused.filter((one) => one.startsWith("422")).length, 1);
  await field.fill("Assez court.");
  await eventually(async () => (await commentOf(page, id, "means")).text, (text) => text === "Assez court.");
  await page.context().close();
});

told("a text kept on the device without what it was typed over replaces nothing unread", async () => {
  const { id, other } = await draft("Comité d’un ancien brouillon");
  assert.equal((await other.put(`/api/packs/${id}/comments/means`, { text: "Récent.", version: 0 })).status, 200);
  const page = await member(browser, m, { role: "manager", network: "ml" }, "/comites");
  await page.evaluate((key) => localStorage.setItem(key, JSON.stringify({ text: "Ancien." })), `maillage.draft.pack.${id}.means`);
  await page.goto(`${m.url}/comites/${id}`);
  await page.getByRole("alert").getByText("Récent.").waitFor();
  assert.equal(await page.getByLabel("Commentaire : moyens").inputValue(), "Ancien.");
  assert.equal((await commentOf(page, id, "means")).text, "Récent.");
  await page.context().close();
});

told("an observer reads frozen documents and compares two of them; a telephone too", async () => {
  const page = await member(browser, m, { role: "observer" }, "/comites");
  await rows(page, "Dossiers de comité").first().waitFor();
  assert.equal(await page.getByText("Brouillon").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Nouveau dossier" }).count(), 0);
  await page.getByRole("link", { name: "Comparer deux dossiers" }).click();
  await page.getByRole("table", { name: /^Chaque indicateur/ }).waitFor();
  await shot(page, "comites comparer");
  await choose(page, "Indicateur", "Visites");
  await eventually(() => new URL(page.url()).searchParams.get("indicateur"), (code) => code === "visits");
  assert.equal(await page.getByRole("img", { name: /^Carte : Visites/ }).count(), 2);
  // Pages of hidden figures say nothing: communes of which all is hidden are told in one sentence.
  const local = (await asked(page, "/api/packs")).items.find(({ kind }) => kind === "local");
  await page.goto(`${m.url}/comites/${local.id}`);
  const lines = page.getByRole("table", { name: /^Résultats par commune/ }).locator("tbody tr");
  await lines.first().waitFor();
  const told = await lines.evaluateAll((all) => all.slice(0, -1).map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)));
  assert.ok(told.length > 0 && told.every((figures) => figures.some((figure) => figure !== "masqué")), JSON.stringify(told));
  const { content } = await asked(page, `/api/packs/${local.id}`);
  const sentence = await page.getByText(/^Aucun de ces résultats pendant la période, ou trop peu pour être montrés\u202f: /).textContent();
  assert.equal(told.length + sentence.split(", ").length - 1, content.areas.length);
  assert.deepEqual(problems(page), []);
  await page.context().close();

  // Documents of another length, of another place, of other areas: what cannot be compared is not, and the page says why.
  const manager = await m.signIn(m.account({ role: "manager", network: "ft" }).email);
  const bassins = (await manager.get("/api/indicators/figures?level=bassin&codes=visits")).body.items;
  const month = (back) => new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - back, 15)).toISOString().slice(0, 7);
  const make = async (title, kind, within, from, to) => {
    const made = await manager.post("/api/packs", { title, kind, ...(within && { within }), from: month(from), to: month(to), held_on: `${month(0)}-20` });
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  const [year, half, here, there] = [
    await make("Année", "departement", "", 13, 2), await make("Semestre", "departement", "", 7, 2),
    await make("Ici", "local", `bassin:${bassins[0].area}`, 7, 2), await make("Là-bas", "local", `bassin:${bassins[1].area}`, 7, 2),
  ];
  // Nothing chosen: what comes first in time stands first, also when its document was made last.
  const past = await make("Avant tous", "departement", "", 25, 20);
  const desk = await member(browser, m, { role: "manager" }, "/comites/comparer");
  const heads = desk.getByRole("table", { name: /^Chaque indicateur/ }).getByRole("columnheader");
  const [, first, second] = await eventually(() => heads.allTextContents(), (found) => found.length === 4);
  const fromOf = async (title) => (await manager.get("/api/packs")).body.items.filter((one) => one.title.replaceAll("'", "’") === title).map(({ from }) => from);
  const [before, after] = [await fromOf(first), await fromOf(second)];
  assert.ok(before.length && after.length && Math.max(...before.map(Date.parse)) < Math.max(...after.map(Date.parse)), `${first} ${before}, ${second} ${after}, ${past.title}`);
  await desk.goto(`${m.url}/comites/comparer?a=${year.id}&b=${half.id}`);
  await desk.getByText(/ne couvrent pas la même durée \(12 mois et 6 mois\)/).waitFor();
  const gap = (name) => desk.getByRole("table", { name: /^Chaque indicateur/ }).getByRole("row").filter({ has: desk.getByRole("rowheader", { name, exact: true }) }).getByRole("cell").last();
  for (const name of ["Visites", "Part des employeurs rencontrés"]) assert.equal(await gap(name).textContent(), "–", name);
  assert.notEqual(await gap("Engagements tenus").textContent(), "–");
  await desk.goto(`${m.url}/comites/comparer?a=${here.id}&b=${there.id}&indicateur=visits`);
  const zones = desk.getByRole("table", { name: "Visites" });
  await zones.waitFor();
  assert.deepEqual((await zones.locator("tbody th").allTextContents()).sort(), [...here.content.areas, ...there.content.areas].map((area) => area.name).sort());
  assert.equal(await zones.getByRole("cell", { name: "hors périmètre" }).count(), here.content.areas.length + there.content.areas.length);
  await shot(desk, "comites comparer deux bassins");
  await desk.goto(`${m.url}/comites/comparer?a=${half.id}&b=${here.id}`);
  await desk.getByText("Semestre est présenté par intercommunalité, Ici par commune : leurs zones ne se comparent pas une à une.".replace(" :", "\u202f:")).waitFor();
  await shot(desk, "comites comparer autres zones");
  assert.deepEqual(problems(desk), []);
  await desk.context().close();

  const phone = await member(browser, m, { role: "observer" }, "/comites", { viewport: { width: 390, height: 844 } });
  await rows(phone, "Dossiers de comité").first().click();
  await phone.getByText(/Édition des observateurs/).waitFor();
  await shot(phone, "comite telephone");
  await phone.context().close();
});
