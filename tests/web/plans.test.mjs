// A joint plan of four partners, from empty to active in one sitting; a manager who was not quick enough; signatures.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { launch } from "../lib/browser.mjs";
import { Instance } from "../lib/instance.mjs";
import { asked, eventually, mapDrawn, member, pick, problems, savePlan, shot, signPlan, step, twoScenarios, writePart } from "./acts.mjs";

let m, browser, page, other, id;
before(async () => {
  m = await Instance.start({ template: "demo" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const act = (name, run) => step(name, () => browser, run);
const part = (window, name) => window.getByRole("region", { name, exact: true });
const manager = (network) => ({ role: "manager", network });

act("what a plan has come to is read whole on every width: its state, and that an amendment is asked for", async () => {
  const window = await member(browser, m, manager("ft"), "/plans");
  const grid = window.getByRole("grid", { name: "Plans de prospection" });
  for (const width of [1440, 1180, 1024, 860, 780]) {
    await window.setViewportSize({ width, height: 900 });
    await grid.locator("[data-key]").first().waitFor();
    const cut = await grid.getByRole("gridcell").evaluateAll((all) =>
      all.flatMap((cell) => [...cell.querySelectorAll("span")].filter((badge) => /^(Avenant|Refusé|À signer)/.test(badge.textContent) && badge.getBoundingClientRect().right > cell.getBoundingClientRect().right + 0.5).map((badge) => badge.textContent)));
    assert.deepEqual(cut, [], `${width} px`);
    assert.ok((await grid.getByText(/^(Avenant|Refusé)/).count()) > 0);
  }
  await window.context().close();
});

act("a plan begins with its partners", async () => {
  page = await member(browser, m, manager("ft"), "/plans");
  await page.getByRole("grid", { name: "Plans de prospection" }).waitFor();
  await shot(page, "plans list");
  await page.getByRole("button", { name: "Nouveau plan" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nom du plan").fill("Commerce et restauration");
  for (const name of ["ML Moulins", "Cap emploi Allier", "PLIE Allier"]) await dialog.getByText(name, { exact: true }).click();
  await shot(page, "plan new");
  await dialog.getByRole("button", { name: "Ouvrir l’atelier" }).click();
  await page.getByRole("heading", { name: "Commerce et restauration", level: 1 }).waitFor();
  id = Number(/\/plans\/(\d+)/.exec(page.url())[1]);
});

act("segments, hours and rules are written in place", async () => {
  await pick(page, "Ajouter un segment", "ment, mét", /Bâtiment/);
  await writePart(page, "Partenaires et heures");
  for (const name of ["FT Moulins", "ML Moulins", "Cap emploi Allier", "PLIE Allier"]) await page.getByLabel(`Heures de ${name} sur la période`).fill("45");
  await writePart(page, "Règles");
  await page.getByLabel("Jamais visités, % au moins").fill("30");
  await shot(page, "plan writing");
  await savePlan(page);
  const plan = await asked(page, `/api/plans/${id}`);
  assert.equal(plan.content.rules.never_visited, 30);
  assert.equal(plan.content.capacities.length, 4);
});

act("a scenario is computed, looked at and chosen", async () => {
  await twoScenarios(page);
  await page.getByRole("button", { name: "Choisir Comme prévu" }).click();
  await page.getByText("Prêt à être proposé").waitFor();
  await shot(page, "plan scenarios");
  await page.getByRole("tab", { name: "Carte" }).click();
  await mapDrawn(page);
  await shot(page, "plan map");
  await page.getByRole("tab", { name: "Lignes" }).click();
  const grid = page.getByRole("grid", { name: "Lignes du scénario" });
  await grid.locator("[data-key]").first().click();
  await page.getByRole("region", { name: /^Pourquoi/ }).getByText(/points?\s:/).waitFor();
  await shot(page, "plan lines");
});

// Rules that cross and cannot both hold are rare: the result is that of an engine that met them.
act("a quota that the other rules leave no room for says how far it came", async () => {
  await m.psql(`set session_replication_role = replica; update data.plan_scenario s set summary = jsonb_set(jsonb_set(s.summary, '{status}', '"unmet"'), '{quotas}',
    '[{"name": "jamais visités", "least": 48, "visits": 48, "price": 3}, {"name": "petits employeurs", "least": 80, "visits": 61, "price": 0}]')
    where s.plan_id = ${id} and s.name = 'Comme prévu'`, { role: "postgres" });
  await page.reload();
  await page.getByRole("tab", { name: "Scénarios" }).click();
  const row = page.getByRole("row", { name: /^Quotas non tenus/ });
  await row.getByText("petits employeurs : 61 sur 80").waitFor();
  assert.equal(await row.getByText("aucun").count(), 1, "the other scenario keeps all of its own");
  await shot(page, "plan quotas");
});

act("who was not quick enough sees both changes", async () => {
  other = await member(browser, m, manager("ml"), `/plans/${id}`);
  await writePart(other, "Territoire et période");
  await other.getByLabel("Nom du plan").fill("Commerce, restauration, services");
  await writePart(page, "Territoire et période");
  await page.getByLabel("Nom du plan").fill("Commerce et restauration, printemps");
  await savePlan(page);
  await other.getByRole("button", { name: "Enregistrer", exact: true }).click();
  const dialog = other.getByRole("dialog");
  await dialog.getByText("« Commerce et restauration » devient « Commerce et restauration, printemps »").waitFor();
  await dialog.getByText("devient « Commerce, restauration, services »").waitFor();
  await shot(other, "plan conflict");
  await dialog.getByRole("button", { name: "Reprendre ce qui est enregistré" }).click();
  await other.getByRole("heading", { name: "Commerce et restauration, printemps" }).waitFor();
  assert.deepEqual(other.refused.filter((one) => !one.startsWith("401 ")), [`409 PUT /api/plans/${id}/content`]);
});

act("proposed, signed by all four, started", async () => {
  await page.getByRole("button", { name: "Proposer aux partenaires" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Proposer" }).click();
  await page.getByText("4 signatures manquent.").waitFor();
  await signPlan(page);
  await signPlan(other);
  const phone = await member(browser, m, manager("ce"), `/plans/${id}`, { viewport: { width: 390, height: 844 } });
  await phone.getByText("2 signatures manquent.").waitFor();
  await shot(phone, "plan phone");
  await signPlan(phone);
  await phone.context().close();
  const plie = await m.signIn(m.account(manager("plie")).email);
  const plan = (await plie.get(`/api/plans/${id}`)).body;
  assert.equal((await plie.post(`/api/plans/${id}/sign`, { version: plan.version, hash: plan.hash })).status, 200);
  await page.getByText("Tous ont signé").waitFor();
  await shot(page, "plan agreed");
  await page.getByRole("button", { name: "Démarrer le plan" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Créer les engagements" }).click();
  await page.getByRole("tab", { name: "Résultats" }).click();
  await page.getByRole("tabpanel").getByText(/engagements/).first().waitFor();
  await shot(page, "plan results");
  const after = await asked(page, `/api/plans/${id}`);
  assert.equal(after.state, "active");
  const [promised] = await m.sql(`select count(*) from data.promise where plan_id = ${id} and state = 'active'`);
  const chosen = after.scenarios.find((one) => one.chosen);
  // Who rests today and no longer when the plan begins is told, and promised to nobody yet.
  const [skipped] = await m.sql(`select count(*), count(*) filter (where reason = 'resting') as resting from data.plan_skip where plan_id = ${id}`);
  assert.equal(promised.count + skipped.resting, chosen.summary.covered, "every line is a promise");
  assert.ok(skipped.count === skipped.resting && skipped.count < 6, `${skipped.count} left out`);
  assert.ok(promised.count > 60 && promised.count <= 120, `${promised.count} of the 120 visits that 45 hours of each make`);
});

act("a change of a running plan opens an amendment, and the signed one runs on", async () => {
  await writePart(other, "Règles");
  await other.getByLabel("Moins de 10 salariés, % au moins").fill("40");
  await other.getByText("un avenant à faire signer").waitFor();
  await savePlan(other);
  await eventually(() => asked(other, `/api/plans/${id}`), (plan) => plan.version === 2 && plan.running === 1 && plan.state === "active");
  await shot(other, "plan amendment");
  // What the committee takes away: both versions line by line, what differs, the scenarios as numbers.
  const taken = async (label) => {
    const [file] = await Promise.all([other.waitForEvent("download"), other.getByRole("button", { name: label, exact: true }).click()]);
    return { name: file.suggestedFilename(), path: await file.path() };
  };
  await other.getByRole("tab", { name: "Deux versions" }).click();
  const csv = await taken("CSV");
  assert.equal(csv.name, `versions-plan-${id}.csv`);
  assert.match(readFileSync(csv.path, "utf8"), /^\uFEFFPartie;Version 1 \(.*\);Version 2 \(.*\);Écart\r\n[^]*\r\nRègles;;moins de 10 salariés\s:\s40\s% des visites au moins;différent\r\n/);
  const book = await taken("Excel");
  const inside = execFileSync("/usr/bin/python3", ["-c", "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(*[z.read(n).decode() for n in z.namelist() if n.endswith('.xml')])", book.path]).toString();
  assert.match(inside, /Différences/);
  assert.match(inside, /moins de 10 salariés\s:\s40\s% des visites au moins/);
  await other.getByRole("tab", { name: /^Scénarios/ }).click();
  assert.match(readFileSync((await taken("CSV")).path, "utf8"), /\r\nEmployeurs visités;\d+/);
  for (const window of [page, other]) assert.deepEqual(problems(window), []);
});
