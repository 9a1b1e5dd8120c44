// A manager in a browser: a key made, used, replaced, revoked; a webhook that a real receiver refuses, then takes.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance } from "../lib/instance.mjs";
import { axe, launch } from "../lib/browser.mjs";
import { asked, eventually, member, problems, shot, step, visit } from "./acts.mjs";

let m, browser, page, secret, receiver;
let status = 500;
const drop = mkdtempSync(join(tmpdir(), "maillage-drop-"));
before(async () => {
  receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(status).end(status === 500 ? "panne" : "");
  });
  await new Promise((done) => receiver.listen(0, "localhost", done));
  m = await Instance.start({ template: "demo", serverFlags: ["--private-hosts", "localhost"], workerFlags: ["--private-hosts", "localhost", "--drop-dir", drop] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  receiver?.close();
  await m?.stop();
  rmSync(drop, { recursive: true, force: true });
});
// What React Aria says aloud while a button works names a button that is gone with its dialog.
const spoken = { exclude: ["[data-live-announcer]"] };
const told = (name, run) => step(name, () => browser, run);
const line = (name) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name, exact: true }) });
const dialog = (name) => page.getByRole("dialog", { name }).or(page.getByRole("alertdialog", { name }));
const call = async (key) => (await fetch(`${m.url}/api/key`, { headers: { authorization: `Bearer ${key}` } })).json();

told("a key of the sandbox is made and shown once; what the page says to paste works", async () => {
  page = await member(browser, m, { role: "manager", network: "ml" }, "/administration/cles");
  await page.getByRole("list", { name: "Clés d’API" }).waitFor();
  await shot(page, "keys");
  await page.getByRole("button", { name: "Créer une clé" }).click();
  await dialog("Créer une clé").getByRole("button", { name: "Créer la clé" }).click();
  await page.getByText("Choisissez au moins un droit.").waitFor();
  await dialog("Créer une clé").getByLabel("Nom du logiciel").fill("Logiciel d’essai");
  await dialog("Créer une clé").getByText("Lire les offres").click();
  await shot(page, "key form");
  await dialog("Créer une clé").getByRole("button", { name: "Créer la clé" }).click();
  const made = dialog(/Clé « Logiciel d’essai »/);
  secret = await made.getByLabel("Clé", { exact: true }).inputValue();
  assert.match(secret, /^mlg_/);
  assert.deepEqual(await axe(page, spoken), []);
  await shot(page, "key shown");
  await made.getByRole("button", { name: "Terminé" }).click();
  assert.deepEqual(await call(secret).then((who) => [who.sandbox, who.scopes]), [true, ["offers:read"]]);
  await page.reload();
  await line("Logiciel d’essai").getByText("dernier usage").waitFor();
  await line("Logiciel d’essai").getByText("Bac à sable").waitFor();
  assert.ok(!(await page.content()).includes(secret.slice(12)));
});

told("replaced at once, then revoked: each is refused from then on", async () => {
  await line("Logiciel d’essai").getByRole("button", { name: "Remplacer" }).click();
  const ask = dialog(/Remplacer la clé/);
  await ask.getByRole("button", { name: /L’ancienne s’arrête/ }).click();
  await page.getByRole("option", { name: /Tout de suite/ }).click();
  await ask.getByRole("button", { name: "Remplacer" }).click();
  const made = dialog(/Clé « Logiciel d’essai »/);
  const second = await made.getByLabel("Clé", { exact: true }).inputValue();
  await made.getByRole("button", { name: "Terminé" }).click();
  assert.equal((await call(secret)).code, "key_expired");
  assert.equal((await call(second)).sandbox, true);
  await line("Logiciel d’essai").getByRole("button", { name: "Révoquer" }).click();
  await dialog(/Révoquer/).getByRole("button", { name: "Révoquer" }).click();
  await line("Logiciel d’essai").getByText("Révoquée", { exact: true }).waitFor();
  assert.equal((await call(second)).code, "key_revoked");
});

told("a webhook: a private address is refused; the answers of the receiver are on the page", async () => {
  await page.getByRole("link", { name: "Canaux", exact: true }).first().click();
  await page.getByRole("button", { name: "Ajouter un canal" }).first().click();
  const form = dialog("Ajouter un canal");
  await form.getByLabel("Nom").fill("Mon récepteur");
  await form.getByLabel("Adresse").fill("https://10.0.0.1/ici");
  await form.getByText("Offre ouverte à tous").click();
  await form.getByRole("button", { name: "Ajouter" }).click();
  await form.getByText(/réseau privé/).waitFor();
  await form.getByLabel("Adresse").fill(`http://localhost:${receiver.address().port}/ici`);
  await form.getByRole("button", { name: "Ajouter" }).click();
  const made = dialog(/Secret de/);
  const signing = await made.getByLabel("Secret de signature").inputValue();
  assert.match(signing, /^whsec_/);
  await made.getByRole("button", { name: "Terminé" }).click();
  await shot(page, "channels");
  await line("Mon récepteur").getByRole("button", { name: "Essayer" }).click();
  const sent = page.getByRole("list", { name: "Envois" }).getByRole("listitem").first();
  await sent.getByText(/réponse 500/).waitFor();
  await sent.getByRole("button", { name: "Détail" }).click();
  await sent.getByText("panne").waitFor();
  assert.deepEqual(await axe(page, spoken), []);
  await shot(page, "deliveries");
  status = 204;
  await page.getByRole("tab", { name: "Canaux" }).click();
  await line("Mon récepteur").getByRole("button", { name: "Essayer" }).click();
  await page.getByRole("list", { name: "Envois" }).getByRole("listitem").first().getByText("Reçu").waitFor();
  const { items } = await asked(page, "/api/channels");
  await eventually(async () => (await asked(page, "/api/channels")).items.find((one) => one.name === "Mon récepteur").last_done?.status, (got) => got === 204);
  assert.ok(items.length >= 1);
  // A new secret is asked for twice: nothing turns before one is told how long the old one signs.
  await page.getByRole("tab", { name: "Canaux" }).click();
  const before = items.find((one) => one.name === "Mon récepteur").version;
  await line("Mon récepteur").getByRole("button", { name: "Nouveau secret" }).click();
  const turn = page.getByRole("alertdialog", { name: /^Un nouveau secret pour « Mon récepteur »/ });
  await turn.getByText(/L’ancien signe aussi, jusqu’à demain, \d+\u202fh/).waitFor();
  assert.deepEqual(await axe(page, spoken), []);
  await shot(page, "new secret asked");
  await turn.getByRole("button", { name: "Garder l’ancien" }).click();
  await turn.waitFor({ state: "hidden" });
  assert.equal((await asked(page, "/api/channels")).items.find((one) => one.name === "Mon récepteur").version, before);
  await line("Mon récepteur").getByRole("button", { name: "Nouveau secret" }).click();
  await turn.getByRole("button", { name: "Faire un nouveau secret" }).click();
  const turned = page.getByRole("alertdialog", { name: /^Secret de « Mon récepteur »/ });
  await turned.getByText(/L’ancien signe aussi jusqu’à demain/).waitFor();
  assert.notEqual(await turned.getByLabel("Secret de signature").inputValue(), signing);
  await turned.getByRole("button", { name: "Terminé" }).click();
  assert.equal((await asked(page, "/api/channels")).items.find((one) => one.name === "Mon récepteur").version, before + 1);
  // What failed for good is sent again in one go, after a word of warning.
  await m.psql(`update data.delivery set state = 'dead', settled_at = data.now() where channel_id = ${items.find((one) => one.name === "Mon récepteur").id}`);
  await page.reload();
  await page.getByRole("tab", { name: "Canaux" }).click();
  await line("Mon récepteur").getByText(/en échec/).waitFor();
  await line("Mon récepteur").getByRole("button", { name: "Tout renvoyer" }).click();
  const replay = page.getByRole("alertdialog", { name: /^Renvoyer ce qui a échoué/ });
  await shot(page, "replay all");
  await replay.getByRole("button", { name: "Tout renvoyer" }).click();
  await replay.waitFor({ state: "hidden" });
  await line("Mon récepteur").getByRole("button", { name: "Tout renvoyer" }).waitFor({ state: "hidden" });
  assert.deepEqual(problems(page), []);
});

told("a partner file is made and dropped; the page of an offer says where it is published", async () => {
  await page.getByRole("tab", { name: "Canaux" }).click();
  await page.getByRole("button", { name: "Ajouter un canal" }).first().click();
  const form = dialog("Ajouter un canal");
  await form.getByText("Fichier partenaire").click();
  await form.getByLabel("Nom", { exact: true }).fill("Fichier d’essai");
  await form.getByLabel("Nom du fichier").fill("ESSAI_WEB");
  await form.getByText("Chaque heure").click();
  await shot(page, "partner file form");
  await form.getByRole("button", { name: "Ajouter" }).click();
  await line("Fichier d’essai").getByText("ESSAI_WEB.csv").waitFor();
  await line("Fichier d’essai").getByRole("button", { name: "Déposer maintenant" }).click();
  const sent = page.getByRole("list", { name: "Envois" }).getByRole("listitem").first();
  await sent.getByText("Reçu").waitFor();
  await sent.getByText(/ESSAI_WEB\.csv.*octets/).waitFor();
  assert.match(readFileSync(join(drop, "ESSAI_WEB.csv"), "utf8"), /^Par_ref_offre\|Par_cle\|/);
  const { items } = await asked(page, "/api/offers?state=open&limit=50");
  const ours = items.find((offer) => offer.mine);
  await page.goto(`${m.url}/suivi-offres/${ours.id}`);
  const published = page.getByRole("region", { name: "Diffusion" });
  await published.getByText("Tableau public des offres").waitFor();
  await published.getByText("Publiée").first().waitFor();
  assert.deepEqual(await axe(page, spoken), []);
  await shot(page, "where an offer is published");
  assert.deepEqual(problems(page), []);
});

told("the summary by mail is asked for, and stopped", async () => {
  await page.goto(`${m.url}/aujourdhui`);
  await page.getByRole("button", { name: "Résumé par courriel" }).click();
  const form = dialog("Résumé par courriel");
  await form.getByText("Chaque jour ouvré").click();
  await shot(page, "summary by mail");
  await form.getByRole("button", { name: "Enregistrer" }).click();
  await eventually(async () => (await asked(page, "/api/digest")).frequency, (got) => got === "daily");
  await page.goto(`${m.url}/aujourdhui?resume=courriel`);
  await form.getByText("Jamais").click();
  await form.getByRole("button", { name: "Enregistrer" }).click();
  await eventually(async () => (await asked(page, "/api/digest")).frequency, (got) => got === "none");
  assert.deepEqual(problems(page), []);
});

told("the documentation is there for everybody, with what a key may ask", async () => {
  const reader = await visit(browser, m, "/documentation?q=offers", { isPhone: true });
  await reader.getByText("/api/offers", { exact: true }).first().click();
  await shot(reader, "documentation on a phone");
  assert.deepEqual(await axe(reader), []);
  assert.deepEqual(problems(reader), []);
});
