// Promises at work, in browsers: many at once by keyboard and on the map, taken back; a transfer asked from the refusal and
// answered by the holder; an absence that stops a clock; a team; what others see at once.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { launch } from "../lib/browser.mjs";
import { asked, choose, eventually, mapDrawn, member, problems, rows, shot, step } from "./acts.mjs";

let m, browser, ft, ml, chief;
before(async () => {
  m = await Instance.start({ template: "demo" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);
const bar = (page) => page.getByTestId("marked-bar");
const message = (page, text) => page.getByRole("region", { name: "Messages" }).getByText(text).first().waitFor();
const held = async (page) => (await asked(page, "/api/promises/counts?scope=mine")).active;

told("rows are marked with x and shift, promised together, and taken back", async () => {
  ft = await member(browser, m, { role: "adviser", network: "ft" }, "/entreprises?etat=libre&tri=effectif");
  await rows(ft).first().waitFor();
  const before = await held(ft);
  await ft.getByRole("grid", { name: "Établissements" }).focus();
  for (const key of ["j", "x", "Shift+J", "Shift+J"]) await ft.keyboard.press(key);
  await bar(ft).getByText("3 employeurs cochés").waitFor();
  await shot(ft, "list marked");
  await bar(ft).getByRole("button", { name: "Promettre des visites" }).click();
  const dialog = ft.getByRole("dialog", { name: "Promettre des visites" });
  await dialog.getByRole("button", { name: "S’engager" }).click();
  await message(ft, "3 engagements pris.");
  assert.equal(await held(ft), before + 3);
  await ft.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Annuler" }).click();
  await message(ft, "Tout est rétabli.");
  assert.equal(await held(ft), before);
});

told("what the map shows is marked, or what one surrounds; who is left out says why", async () => {
  await ft.goto(`${m.url}/entreprises?commune=03190&carte=46.565_3.333_12.6`);
  await rows(ft).first().waitFor();
  await mapDrawn(ft);
  await ft.getByRole("button", { name: "Cocher ce que montre la carte" }).click();
  await bar(ft).waitFor();
  await bar(ft).getByRole("button", { name: "Décocher" }).click();
  await ft.getByRole("button", { name: "Entourer", exact: true }).click();
  const box = await ft.getByTestId("lasso").boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  await ft.mouse.move(...at(0.2, 0.2));
  await ft.mouse.down();
  for (const [x, y] of [[0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]) await ft.mouse.move(...at(x, y), { steps: 4 });
  await shot(ft, "lasso");
  await ft.mouse.up();
  await bar(ft).waitFor();
  const dialog = ft.getByRole("dialog");
  await bar(ft).getByRole("button", { name: "Autres actions" }).click();
  await ft.getByRole("menuitem", { name: "Rendre des engagements" }).click();
  await dialog.getByLabel("Motif").fill("Fin de la tournée");
  await dialog.getByRole("button", { name: "Rendre", exact: true }).click();
  await ft.getByTestId("left").getByRole("listitem").first().waitFor();
  await shot(ft, "left out");
  await dialog.getByRole("button", { name: "Fermer", exact: true }).last().click();
});

told("a taken employer teaches: the transfer is asked from its record, refused by the holder, read by both", async () => {
  const [row] = (await m.sql(`select p.establishment_id as id, m.email from data.promise p join data.member m on m.id = p.member_id join data.organisation o on o.id = p.organisation_id
     where p.state = 'active' and o.network = 'ml' and not exists (select from data.transfer t where t.promise_id = p.id) and p.due_on > data.today() + 3 order by p.id limit 1`));
  await ft.goto(`${m.url}/entreprises/${row.id}`);
  await ft.getByTestId("record").getByRole("button", { name: "Promettre une visite" }).click();
  await ft.getByRole("dialog").getByRole("button", { name: "S’engager" }).click();
  await ft.getByRole("dialog").getByText("Déjà promis par").waitFor();
  await ft.getByRole("dialog").getByRole("button", { name: "Demander le transfert" }).click();
  const asking = ft.getByRole("dialog", { name: "Demander le transfert" });
  await asking.getByLabel("Pourquoi vous").fill("Nous y avons placé deux personnes");
  await asking.getByRole("button", { name: "Demander" }).click();
  await message(ft, /Transfert demandé/);
  ml = await member(browser, m, { email: row.email }, "/engagements?onglet=repondre");
  const line = ml.getByTestId("transfer").filter({ hasText: "Nous y avons placé deux personnes" });
  await line.waitFor();
  await shot(ml, "answers");
  await line.getByRole("button", { name: "Refuser" }).click();
  await ml.getByRole("dialog").getByLabel("Motif").fill("Rendez-vous déjà pris");
  await ml.getByRole("dialog").getByRole("button", { name: "Refuser" }).click();
  await message(ml, "Transfert refusé");
  await ft.goto(`${m.url}/entreprises/${row.id}?onglet=historique`);
  await ft.getByText("Transfert refusé").first().waitFor();
  await ft.getByText("« Rendez-vous déjà pris »").first().waitFor();
  await shot(ft, "timeline");
});

told("a transfer accepted changes hands at once in the other window", async () => {
  const session = await asked(ml, "/api/session");
  const [row] = await m.sql(`select p.id, p.establishment_id as establishment from data.promise p join data.membership s on s.member_id = p.member_id and s.organisation_id = p.organisation_id
     where p.state = 'active' and p.organisation_id = ${session.organisation.id} and not exists (select from data.visit v where v.promise_id = p.id)
       and not exists (select from data.transfer t where t.promise_id = p.id) and p.due_on > data.today() + 3 order by p.id desc limit 1`);
  await ft.goto(`${m.url}/entreprises/${row.establishment}`);
  await ft.getByTestId("holder").waitFor();
  await ml.goto(`${m.url}/entreprises/${row.establishment}`);
  await ml.getByTestId("record").getByRole("button", { name: "Transférer" }).click();
  const dialog = ml.getByRole("dialog", { name: "Proposer un transfert" });
  const mine = (await asked(ft, "/api/session")).organisation.name;
  await choose(dialog, /Structure/, mine);
  await dialog.getByRole("button", { name: "Proposer" }).click();
  await message(ml, /Transfert proposé/);
  await ft.goto(`${m.url}/engagements?onglet=repondre`);
  const line = ft.getByTestId("transfer").filter({ has: ft.locator(`a[href="/entreprises/${row.establishment}"]`) });
  await line.getByRole("button", { name: "Accepter" }).click();
  await ft.getByRole("dialog").getByRole("button", { name: "Accepter" }).click();
  await message(ft, /Transfert accepté/);
  await ml.getByTestId("holder").getByText("Promis par").waitFor();
});

told("an absence stops the clock; the engagements say so, and the manager may hand them over", async () => {
  await ft.goto(`${m.url}/equipes`);
  await ft.getByRole("button", { name: "Déclarer une absence" }).click();
  await ft.getByRole("dialog").getByRole("button", { name: "Une semaine" }).click();
  await ft.getByRole("dialog").getByRole("button", { name: "Enregistrer" }).click();
  await message(ft, "Absence enregistrée.");
  await shot(ft, "absences");
  const { items } = await asked(ft, "/api/absences");
  const { member: me } = await asked(ft, "/api/session");
  const mine = items.find((item) => item.member_id === me.id);
  assert.ok(mine.promises > 0);
  await ft.goto(`${m.url}/engagements?etat=suspendus`);
  await rows(ft, "Engagements de visite").first().getByText(/Suspendu/).waitFor();
  await shot(ft, "engagements");
  await eventually(async () => (await rows(ft, "Engagements de visite").count()) > 0);
  chief = await member(browser, m, { role: "manager", network: "ft" }, "/equipes");
  await chief.getByTestId("absence").first().waitFor();
  await chief.getByRole("tab", { name: "Bilan des douze mois" }).click();
  await chief.getByRole("rowheader", { name: "Ensemble" }).waitFor();
  await shot(chief, "figures");
  await chief.getByRole("tab", { name: /Équipes communes/ }).click();
  await chief.getByTestId("team").first().waitFor();
  await shot(chief, "teams");
});

told("nothing unexpected was refused, and no browser complained", () => {
  for (const page of [ft, ml, chief]) assert.deepEqual(problems(page), []);
  const refused = (page) => page.refused.filter((line) => line !== "401 GET /api/session");
  assert.deepEqual(refused(ft), ["409 POST /api/promises"]);
  assert.deepEqual(refused(ml), []);
});
