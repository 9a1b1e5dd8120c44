// Merge, edit, unmerge: two records of one employer made one in the browser, worked on, and made two again; values and traces.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { axe, launch } from "../lib/browser.mjs";
import { asked, eventually, member, pick, problems, shot, step, workday } from "./acts.mjs";

let m, browser, camille, hugo, a, b, taken;
before(async () => {
  m = await Instance.start({ template: "demo" });
  await m.clock(workday());
  browser = await launch();
  const adviser = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
  const free = (await adviser.get("/api/establishments?state=free&visited=never&limit=200")).body.items.filter((one) => one.siret && one.diffusion === "O" && one.lon);
  [a, b] = free;
  await adviser.post(`/api/establishments/${b.id}/contacts`, { family_name: "Vernois", given_name: "Ida", phones: ["0639981111"] });
  [taken] = await m.sql("select absorbed_id as id, survivor_id as into from data.merge where kind = 'succession' and undone_at is null order by id limit 1");
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);
const sheet = (page) => page.getByRole("region", { name: "Fiche de l’établissement" });
const messages = (page) => page.getByRole("region", { name: "Messages" });

told("merge: both sides and what follows, before it is done", async () => {
  camille = await member(browser, m, { role: "adviser", network: "ml" }, `/entreprises/${a.id}`);
  await camille.getByRole("button", { name: "Autres actions sur cet établissement" }).click();
  await camille.getByRole("menuitem", { name: "Fusionner avec…" }).click();
  const dialog = camille.getByRole("dialog");
  await pick(dialog, "L’autre fiche du même employeur", b.siret, b.name);
  await dialog.getByText(/Passe à la fiche qui reste\s*: .*(interlocuteur|rien d’autre)/).waitFor();
  await shot(camille, "fusion");
  // What React Aria has just had read aloud stays a moment in a place of its own, without the name it borrowed.
  assert.deepEqual(await axe(camille, { exclude: ["[data-live-announcer]"] }), []);
  await dialog.getByRole("textbox", { name: /Motif/ }).fill("Deux fois le même");
  await dialog.getByRole("button", { name: "Réunir les deux fiches" }).click();
  await messages(camille).getByText("Fiches réunies.").waitFor();
  await sheet(camille).getByText(/Comprend l’ancienne fiche/).waitFor();
  await sheet(camille).getByText("VERNOIS").or(sheet(camille).getByText("Vernois")).first().waitFor();
  await shot(camille, "fiche réunie");
});

told("edit: a value is chosen on the common record, and another sees it", async () => {
  const { survivor } = await eventually(async () => (await m.sql("select survivor_id as survivor from data.merge where undone_at is null and kind = 'person' order by id desc limit 1"))[0]);
  hugo = await member(browser, m, { role: "adviser", network: "ce" }, `/entreprises/${survivor}`);
  await sheet(hugo).getByText(/Comprend l’ancienne fiche/).waitFor();
  await camille.getByRole("button", { name: "Choisir une valeur : Téléphone" }).click();
  const dialog = camille.getByRole("dialog");
  const own = dialog.getByText("Une autre", { exact: true });
  if (await own.isVisible()) await own.click();
  await dialog.getByRole("textbox", { name: /^(Autre valeur|Valeur)$/ }).fill("04 70 00 56 78");
  await dialog.getByRole("textbox", { name: "Motif" }).fill("Lu sur la vitrine");
  await shot(camille, "choisir une valeur");
  await dialog.getByRole("button", { name: "Choisir cette valeur" }).click();
  await messages(camille).getByText(/Valeur choisie/).waitFor();
  // Live, without a reload.
  await sheet(hugo).getByText("Lu sur la vitrine").first().waitFor();
  await hugo.context().close();
});

told("the old address leads to the one that stands; then the merge is undone, and the edit stays with it", async () => {
  const { survivor, absorbed } = (await m.sql("select survivor_id as survivor, absorbed_id as absorbed from data.merge where undone_at is null and kind = 'person' order by id desc limit 1"))[0];
  await camille.goto(`${m.url}/entreprises/${absorbed}`);
  await sheet(camille).getByText(/Réunie à/).waitFor();
  await shot(camille, "fiche absorbée");
  await sheet(camille).getByTestId("joined").getByRole("link").first().click();
  await eventually(() => new URL(camille.url()).pathname === `/entreprises/${survivor}`);
  await camille.getByRole("button", { name: /^Défaire la fusion/ }).click();
  await camille.getByRole("dialog").getByRole("button", { name: "Défaire la fusion" }).click();
  await messages(camille).getByText(/Fusion défaite/).waitFor();
  await sheet(camille).getByTestId("joined").waitFor({ state: "detached" });
  assert.equal((await asked(camille, `/api/establishments/${survivor}`)).phone, "0470005678");
  assert.equal((await asked(camille, `/api/establishments/${absorbed}`)).merged, null);
  await camille.getByRole("tab", { name: "Historique" }).click();
  await camille.getByText("Fusion défaite").first().waitFor();
  await camille.getByText("Fiche réunie avec une autre").first().waitFor();
  await shot(camille, "historique");
});

told("a takeover by the register shows on both records", async () => {
  await camille.goto(`${m.url}/entreprises/${taken.id}`);
  await sheet(camille).getByText(/Repris par/).waitFor();
  await camille.goto(`${m.url}/entreprises/${taken.into}`);
  await sheet(camille).getByText(/A repris/).first().waitFor();
  await shot(camille, "succession");
  assert.deepEqual(await axe(camille), []);
});

told("a pair of two records at the desk, with the keyboard: made one, and undone", async () => {
  const [pair] = await m.sql("select id from data.review where other_id is not null and state = 'open' order by id limit 1");
  await camille.goto(`${m.url}/doublons/${pair.id}`);
  await camille.getByText("Une autre fiche").waitFor();
  await shot(camille, "doublons fiches");
  await camille.keyboard.press("m");
  await messages(camille).getByText("Fiches réunies.").waitFor();
  await camille.goto(`${m.url}/doublons/${pair.id}`);
  await camille.getByRole("button", { name: "Annuler la décision", exact: true }).waitFor();
  await camille.keyboard.press("z");
  await messages(camille).getByText(/Décision annulée/).waitFor();
  assert.equal((await m.sql(`select state from data.review where id = ${pair.id}`))[0].state, "open");
  assert.deepEqual(problems(camille), []);
});
