// What the journeys do in a browser, said once: signing in, choosing in a field, waiting for what changes.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { open } from "../lib/browser.mjs";

/** How long a condition may take to come on a busy machine; none is waited for longer than it takes. */
const patience = 30_000;

/**
 * A window of nobody yet. `page.refused` lists the requests that the server refused, as "409 POST /api/promises": a test
 * says which it expects. `page.problems` holds what the browser complains about, without the console's echo of those.
 */
export async function visit(browser, m, path, options) {
  // Without motion a map drawn by the processor costs less, and nothing is caught half way.
  const page = await open(browser, { reducedMotion: "reduce", ...options });
  page.setDefaultTimeout(patience);
  page.refused = [];
  page.on("response", (answer) => {
    if (answer.status() >= 400) page.refused.push(`${answer.status()} ${answer.request().method()} ${new URL(answer.url()).pathname}`);
  });
  await page.goto(m.url + path);
  return page;
}

/** Where screenshots go: the folder that MAILLAGE_SHOTS names, made; nowhere without it. */
export function shot(page, name) {
  const folder = process.env.MAILLAGE_SHOTS;
  if (!folder) return undefined;
  mkdirSync(folder, { recursive: true });
  return page.screenshot({ path: join(folder, `${name.replace(/[^\p{L}\d]+/gu, "-")}.png`) });
}

/** A test that leaves pictures of every window when it fails. `browser`: what gives the browser. */
export function step(name, browser, run) {
  test(name, async (t) => {
    try {
      await run(t);
    } catch (error) {
      const pages = browser()?.contexts().flatMap((context) => context.pages()) ?? [];
      for (const [index, page] of pages.entries()) {
        t.diagnostic(`window ${index + 1}: ${page.url()} ${JSON.stringify(page.refused)} ${JSON.stringify(page.problems)}`);
        await shot(page, `failed ${name} ${index + 1}`)?.catch(() => undefined);
      }
      throw error;
    }
  });
}

/** What the browser complained about by itself, CSP included. */
export function problems(page) {
  return page.problems.filter((text) => !/^Failed to load resource: the server responded with a status of 4\d\d/.test(text));
}

/** Signs in through the page; `wanted` is what Instance.account takes. */
export async function signIn(page, m, wanted) {
  page.account = m.account(wanted);
  await page.getByLabel("Adresse électronique").fill(page.account.email);
  await page.getByLabel("Mot de passe").fill(page.account.password);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.getByRole("navigation", { name: /^Navigation principale/ }).filter({ visible: true }).waitFor();
}

/** A window signed in, at `path`. */
export async function member(browser, m, wanted, path = "/", options = {}) {
  const page = await visit(browser, m, path === "/" ? "/connexion" : `/connexion?retour=${encodeURIComponent(path)}`, options);
  await signIn(page, m, wanted);
  return page;
}

/** Chooses in a list that opens from a button. */
export async function choose(scope, label, option) {
  const page = scope.page?.() ?? scope;
  await scope.getByRole("button", { name: label }).and(page.locator("[aria-haspopup=listbox]")).click();
  await page.getByRole("listbox").getByRole("option", { name: option }).first().click();
  await page.getByRole("listbox").waitFor({ state: "hidden" });
}

/** Types in a field that proposes, and takes the first proposal that fits. */
export async function pick(scope, label, typed, option) {
  const page = scope.page?.() ?? scope;
  const field = scope.getByRole("combobox", { name: label });
  await field.fill(typed);
  await page.getByRole("listbox").getByRole("option", { name: option }).first().click();
  await page.getByRole("listbox").waitFor({ state: "hidden" });
}

/** What the API answers to this window. */
export async function asked(page, path, status = 200) {
  const answer = await page.evaluate(async (at) => {
    const response = await fetch(at);
    return { status: response.status, body: await response.json().catch(() => null) };
  }, path);
  assert.equal(answer.status, status, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The map of the page, drawn. */
export async function mapDrawn(page) {
  await page.locator('[data-map-idle="true"]').waitFor({ timeout: 30_000 });
}

/** The rows of the list; the header is not one of them. */
export const rows = (page, label = "Établissements") => page.getByRole("grid", { name: label }).locator("[data-key]");

/** The next Tuesday, Wednesday or Thursday that is worked, at half past nine in Paris: when the tests live. */
export function workday(from = new Date()) {
  const off = /^(01-01|05-01|05-08|07-14|08-15|11-01|11-11|12-25)$/;
  for (let ahead = 1; ; ahead++) {
    const day = new Date(from.getTime() + ahead * 86_400_000).toISOString().slice(0, 10);
    const week = new Date(`${day}T12:00:00Z`).getUTCDay();
    if (week < 2 || week > 4 || off.test(day.slice(5))) continue;
    const zone = new Intl.DateTimeFormat("en", { timeZone: "Europe/Paris", timeZoneName: "longOffset" }).formatToParts(new Date(`${day}T09:30:00Z`));
    return `${day}T09:30:00${zone.find((part) => part.type === "timeZoneName").value.slice(3)}`;
  }
}

/** Waits until `question` answers what `wanted` accepts; fails with the last answer. */
export async function eventually(question, wanted = Boolean, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (wanted(answer)) return answer;
    if (Date.now() > end) assert.fail(`after ${seconds} s still ${JSON.stringify(answer)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

// --- the workshop of a plan

/** Opens a part of the plan for writing. */
export const writePart = (page, name) => page.getByRole("button", { name: `Modifier : ${name}` }).click();

export async function savePlan(page) {
  await page.getByRole("button", { name: "Enregistrer", exact: true }).click();
  await page.getByRole("region", { name: "Modifications non enregistrées" }).waitFor({ state: "hidden" });
}

/** Has the plan computed as it is, then « Au plus près ». */
export async function twoScenarios(page) {
  await page.getByRole("button", { name: "Calculer le plan" }).click();
  await page.getByRole("button", { name: "Choisir Comme prévu" }).waitFor();
  await page.getByRole("button", { name: "Autre scénario" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nom").first().fill("Au plus près");
  await choose(dialog, /Ce que l’on cherche/, /Au plus près/);
  await dialog.getByRole("button", { name: "Calculer" }).click();
  await page.getByRole("button", { name: "Choisir Au plus près" }).waitFor();
}

export async function signPlan(page) {
  await page.getByRole("button", { name: "Signer cette version" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Signer pour/ }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
}
