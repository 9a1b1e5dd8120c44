// The review desk, with the keyboard alone: two reviewers of one organisation, decisions, undo, what the list shows then.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { launch } from "../lib/browser.mjs";
import { asked, eventually, member, problems, shot, step } from "./acts.mjs";

let m, browser, camille, hugo;
before(async () => {
  m = await Instance.start({ template: "demo" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);
const pair = (page) => page.getByRole("region", { name: "Paire à revoir" });
const shown = (page) => eventually(() => Number(/\/doublons\/(\d+)$/.exec(new URL(page.url()).pathname)?.[1] ?? 0));

told("two reviewers are given different pairs", async () => {
  const mine = m.account({ role: "adviser", network: "ml" });
  const colleague = m.accounts.find((one) => one.role === "adviser" && one.organisation === mine.organisation && one.email !== mine.email);
  camille = await member(browser, m, mine, "/doublons");
  const first = await shown(camille);
  await pair(camille).getByRole("row").nth(2).waitFor();
  assert.ok((await pair(camille).getByRole("rowheader").count()) >= 3);
  hugo = await member(browser, m, colleague, "/doublons");
  const second = await shown(hugo);
  assert.notEqual(second, first);
  // Looking at the pair of somebody else is possible, deciding is not.
  await hugo.goto(`${m.url}/doublons/${first}`);
  await pair(hugo).getByRole("button", { name: "Différents" }).click();
  await hugo.getByRole("region", { name: "Messages" }).getByText("Une autre personne examine cette paire en ce moment.").waitFor();
  // What one puts aside is free again.
  await hugo.goto(`${m.url}/doublons/${second}`);
  await pair(hugo).getByRole("button", { name: "Passer" }).waitFor();
  await hugo.keyboard.press("p");
  await hugo.getByRole("region", { name: "Messages" }).getByText("Paire laissée pour plus tard.").waitFor();
  await eventually(async () => (await shown(hugo)) !== second);
  const third = await shown(hugo);
  await m.psql(`update data.review set held_until = data.now() where id = ${third}`);
  await hugo.context().close();
});

told("the same: the row is tied, the next pair comes, and the decision is undone", async () => {
  const before = await shown(camille);
  const { establishment, record } = await asked(camille, `/api/reviews/${before}`);
  await shot(camille, "doublons");
  await camille.keyboard.press("m");
  const messages = camille.getByRole("region", { name: "Messages" });
  await messages.getByText("Ligne rapprochée.").waitFor();
  await eventually(async () => (await shown(camille)) !== before);
  const links = () => m.sql(`select establishment_id as id from data.link where source_record_id = ${record.id} and undone_at is null`);
  assert.deepEqual(await links(), [{ id: establishment.id }]);
  const decided = camille.getByRole("complementary", { name: "Décisions" });
  await decided.getByText("Même employeur").first().waitFor();
  await camille.goto(`${m.url}/entreprises/${establishment.id}?onglet=historique`);
  await camille.getByText("Ligne d’un fichier rapprochée").waitFor();
  await camille.goto(`${m.url}/doublons/${before}`);
  await pair(camille).getByRole("button", { name: "Annuler la décision" }).waitFor();
  await camille.keyboard.press("z");
  await messages.getByText(/Décision annulée/).waitFor();
  await pair(camille).getByRole("button", { name: "C’est le même" }).waitFor();
  assert.deepEqual(await links(), []);
});

told("different, or for later; at the end nothing is left to review", async () => {
  const { open } = await asked(camille, "/api/reviews/figures");
  await camille.keyboard.press("p");
  await camille.getByRole("region", { name: "Messages" }).getByText("Paire laissée pour plus tard.").waitFor();
  for (let left = open; left > 0; left--) {
    const at = await shown(camille);
    await pair(camille).getByRole("button", { name: "Différents" }).and(camille.locator(":enabled")).waitFor();
    await camille.keyboard.press("d");
    await eventually(async () => (await asked(camille, "/api/reviews/figures")).open < left);
    if (left > 1) await eventually(async () => (await shown(camille)) !== at || null);
    else await camille.getByText("Rien à revoir.").waitFor();
  }
  assert.deepEqual(problems(camille), []);
  const labels = await camille.evaluate(() => fetch("/api/reviews/labels.csv").then((answer) => answer.text()));
  assert.match(labels, /différent/);
});
