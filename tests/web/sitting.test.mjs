// A plan of the size of a département: four partners, thirty advisers, twelve thousand employers, from nothing to promises in
// one sitting of the managers.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../lib/browser.mjs";
import { Instance, root } from "../lib/instance.mjs";
import { PASSWORD, givePasswords } from "../load/setting.mjs";
import { asked, choose, eventually, mapDrawn, member, pick, problems, savePlan, shot, signPlan, step, twoScenarios, writePart } from "./acts.mjs";

const EMPLOYERS = 12_000;
const partners = ["FT Moulins", "ML Moulins", "Cap emploi", "PLIE"];

let m, browser, page, id;
const managers = [];
before(async () => {
  m = await Instance.start({ template: "seed", server: false, worker: 0 });
  // Some of them have closed.
  await m.psql(`\\set establishments 13700\n${readFileSync(join(root, "tests/load/stock.sql"), "utf8")}`, { role: "postgres" });
  await m.psql(
    `insert into data.member (email, name) select 'more' || i || '@example.org', 'Conseiller ' || i from generate_series(1, 30) i;
     insert into data.membership (member_id, organisation_id, role)
     select p.id, o.id, 'adviser'
       from (select id, row_number() over (order by id) as n from data.member where email like 'more%') p
       join (select id, row_number() over (order by id) as n from data.organisation where short_name in ('${partners.join("', '")}')) o on o.n = 1 + p.n % 4
      where p.n <= 30 - (select count(*) from data.membership b join data.organisation o on o.id = b.organisation_id
                          where b.role = 'adviser' and o.short_name in ('${partners.join("', '")}'));
     insert into data.member (email, name) select 'manager' || o.id || '@example.org', 'Responsable ' || o.short_name from data.organisation o where o.short_name in ('${partners.join("', '")}');
     insert into data.membership (member_id, organisation_id, role)
     select p.id, substr(split_part(p.email, '@', 1), 8)::bigint, 'manager' from data.member p where p.email like 'manager%'`,
    { role: "postgres" },
  );
  await m.admin("contact", "seal");
  await givePasswords(m);
  m.accounts = (await m.sql("select p.email, o.short_name as organisation, b.role from data.member p join data.membership b on b.member_id = p.id join data.organisation o on o.id = b.organisation_id"))
    .map((one) => ({ ...one, password: PASSWORD }));
  await m.startServer();
  m.startWorker();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const act = (name, run) => step(name, () => browser, run);

act("a segment of the whole list, and a plan with its four partners", async () => {
  page = await member(browser, m, { role: "manager", organisation: partners[0] }, "/segments");
  await page.getByRole("link", { name: "Créer un segment" }).click();
  await page.getByRole("textbox", { name: "Nom du segment" }).fill("Tous les employeurs du département");
  await page.getByRole("button", { name: "Ajouter un critère" }).click();
  const item = page.getByRole("group", { name: "Critères" }).locator("li[data-path]").first();
  await choose(item, "Critère", /Département/);
  await item.getByRole("textbox", { name: "Numéros de départements" }).fill("03");
  await page.keyboard.press("Enter");
  await eventually(async () => Number((await page.getByTestId("segment-count").textContent()).replace(/\D/g, "")) >= EMPLOYERS);
  await page.getByRole("button", { name: "Enregistrer le segment" }).click();
  await page.waitForURL(/\/segments\/\d+$/);
  await page.goto(`${m.url}/plans`);
  await page.getByRole("button", { name: "Nouveau plan" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nom du plan").fill("Aller voir tout le monde");
  for (const name of partners.slice(1)) await dialog.getByTitle(name, { exact: true }).click();
  await dialog.getByRole("button", { name: "Ouvrir l’atelier" }).click();
  await page.getByRole("heading", { name: "Aller voir tout le monde", level: 1 }).waitFor();
  id = Number(/\/plans\/(\d+)/.exec(page.url())[1]);
});

act("hours of thirty advisers, shares and quotas; two scenarios to choose from", async () => {
  await pick(page, "Ajouter un segment", "Tous", /Tous les employeurs/);
  await writePart(page, "Partenaires et heures");
  for (const name of partners) await page.getByLabel(`Heures de ${name} sur la période`).fill("700");
  await writePart(page, "Règles");
  await page.getByLabel("Jamais visités, % au moins").fill("40");
  await savePlan(page);
  await twoScenarios(page);
  await page.getByRole("button", { name: "Choisir Au plus près" }).click();
  await page.getByText("Prêt à être proposé").waitFor();
  const plan = await asked(page, `/api/plans/${id}`);
  const chosen = plan.scenarios.find((one) => one.chosen);
  assert.ok(chosen.summary.candidates >= EMPLOYERS, `${chosen.summary.candidates} employers`);
  assert.equal(chosen.summary.advisers.length, 30);
  await shot(page, "sitting scenarios");
  await page.getByRole("tab", { name: "Carte" }).click();
  await mapDrawn(page);
  await shot(page, "sitting map");
  await page.getByRole("tab", { name: "Lignes" }).click();
  await page.getByRole("grid", { name: "Lignes du scénario" }).locator("[data-key]").first().click();
  await page.getByRole("region", { name: /^Pourquoi/ }).getByText(/points?\s:/).waitFor();
  await shot(page, "sitting lines");
});

act("proposed, signed by the four managers, turned into promises", async () => {
  await page.getByRole("button", { name: "Proposer aux partenaires" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Proposer" }).click();
  await page.getByText("4 signatures manquent.").waitFor();
  managers.push(page);
  for (const organisation of partners.slice(1)) managers.push(await member(browser, m, { role: "manager", organisation }, `/plans/${id}`));
  for (const window of managers) await signPlan(window);
  await page.getByText("Tous ont signé").waitFor();
  await page.getByRole("button", { name: "Démarrer le plan" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Créer les engagements" }).click();
  await page.getByRole("tab", { name: "Résultats" }).click();
  await page.getByRole("tabpanel").getByText(/engagements/).first().waitFor();
  await shot(page, "sitting results");
  const plan = await asked(page, `/api/plans/${id}`);
  assert.equal(plan.state, "active");
  const [made] = await m.sql(
    `select count(*) as lines, count(distinct establishment_id) as employers, count(distinct organisation_id) as partners, count(distinct member_id) as advisers,
            (select count(*) from data.plan_skip where plan_id = ${id} and reason = 'resting') as resting
       from data.promise where plan_id = ${id} and state = 'active'`);
  assert.equal(made.lines + made.resting, plan.scenarios.find((one) => one.chosen).summary.covered, "every line is a promise, but for who rests until the plan begins");
  assert.deepEqual([made.employers, made.partners], [made.lines, 4]);
  assert.ok(made.advisers >= 25, `${made.advisers} advisers`);
  assert.ok(made.lines > 1200 && made.resting < 10, `${made.lines} employers promised`);
  for (const window of managers) assert.deepEqual(problems(window), []);
});
