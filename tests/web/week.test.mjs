// The agenda in a browser: visits moved by drag and by its twins, a promise given its appointment, a week suggested, seen on
// the map, moved, refused, accepted; what collides is said before; what was done is undone.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { Instance } from "../lib/instance.mjs";
import { axe, launch } from "../lib/browser.mjs";
import { asked, eventually, mapDrawn, member, problems, shot, step, workday } from "./acts.mjs";

let m, browser, page, monday, first, visitId;
const plus = (date, days) => new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const wall = (iso) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris", dateStyle: "short", timeStyle: "short" }).format(new Date(iso));
before(async () => {
  m = await Instance.start({ template: "demo" });
  const at = workday();
  await m.clock(at);
  monday = plus(at.slice(0, 10), 8 - (new Date(`${at.slice(0, 10)}T12:00:00Z`).getUTCDay() || 7));
  const mine = m.account({ role: "adviser", network: "ml" });
  const adviser = await m.signIn(mine.email);
  // Two appointments of the next week, on employers that nobody holds.
  const free = (await adviser.get("/api/establishments?state=free&limit=3&sort=size")).body.items;
  const offset = at.slice(19);
  first = free[0];
  visitId = (await adviser.post("/api/visits", { establishment: free[0].id, planned_at: `${plus(monday, 1)}T10:00:00${offset}`, minutes: 60 })).body.id;
  await adviser.post("/api/visits", { establishment: free[1].id, planned_at: `${plus(monday, 1)}T14:00:00${offset}`, minutes: 60 });
  await adviser.request("PUT", `/api/establishments/${free[0].id}/hours`, { hours: { 1: [["08:00", "12:00"]], 2: [["08:00", "12:00"]], 3: [["08:00", "18:00"]] } });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await m?.stop();
});
const told = (name, run) => step(name, () => browser, run);
const block = (key = `visit-${visitId}`) => page.getByTestId("calendar").locator(`[data-key="${key}"]`);
const planned = async () => wall((await asked(page, `/api/visits/${visitId}`)).planned_at);
// What was said of a button under way is an element for some seconds: after it is gone.
async function looked(window) {
  await eventually(() => window.locator("[role=img][aria-labelledby]").count(), (n) => n === 0);
  return axe(window);
}
const toast = (text) => page.getByRole("region", { name: "Messages" }).getByText(text).last();

told("an arrow moves the visit that has the keyboard; what collides is said before; the message undoes it", async () => {
  page = await member(browser, m, { role: "adviser", network: "ml" }, `/agenda?du=${plus(monday, 1)}`);
  await block().waitFor();
  // What is read aloud.
  await page.getByTestId("calendar").getByRole("button", { name: new RegExp(`^${first.name.replace(/[()]/g, ".")} 10.h · .*, mardi .* à 10.h, 60 minutes, visite prévue$`) }).waitFor();
  assert.equal(await block().getAttribute("role"), "button");
  await shot(page, "agenda week");
  assert.deepEqual(await looked(page), []);
  await block().focus();
  await page.keyboard.press("ArrowDown");
  await eventually(planned, (at) => at === `${plus(monday, 1)} 10:15`);
  // It keeps the keyboard where it went.
  await eventually(() => page.evaluate(() => document.activeElement?.dataset.key), (key) => key === `visit-${visitId}`);
  await page.keyboard.press("ArrowRight");
  await eventually(planned, (at) => at === `${plus(monday, 2)} 10:15`);
  await toast(/visite déplacée/).waitFor();
  await page.getByRole("button", { name: "Annuler", exact: true }).last().click();
  await eventually(planned, (at) => at === `${plus(monday, 1)} 10:15`);
});

told("the dialog moves it too, says the conflicts and the moments that cost least", async () => {
  await block().focus();
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog", { name: `Déplacer : ${first.name}` });
  await dialog.getByLabel("Heure").fill("14:30");
  await dialog.getByText(/Hors des heures de l’employeur.: de 8.h à 12.h/).waitFor();
  await dialog.getByText(/^En même temps que /).waitFor();
  await dialog.getByText(/coûte|aucun détour/).first().waitFor();
  await shot(page, "agenda move dialog");
  assert.deepEqual(await looked(page), []);
  await dialog.getByLabel("Jour").fill("2020-01-06");
  await dialog.getByText("Ce jour est passé.").waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Déplacer", exact: true }).isDisabled());
  await dialog.getByLabel("Jour").fill(plus(monday, 2));
  await dialog.getByLabel("Heure").fill("09:00");
  await dialog.getByRole("button", { name: "Déplacer", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  await eventually(planned, (at) => at === `${plus(monday, 2)} 09:00`);
});

told("dragged with the pointer: the conflict is said while it hovers", async () => {
  // The calendar draws itself anew when the week changed.
  const box = await eventually(() => block().boundingBox());
  const other = page.getByTestId("calendar").locator(`[data-date="${plus(monday, 1)}"].fc-timegrid-col`);
  const to = await eventually(() => other.boundingBox());
  const rows = await page.getByTestId("calendar").locator('[data-time="11:30:00"].fc-timegrid-slot-lane').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, rows.y + 40, { steps: 8 });
  await page.mouse.move(to.x + to.width / 2, rows.y + 12, { steps: 4 });
  await page.getByText(/Hors des heures de l’employeur/).waitFor();
  await shot(page, "agenda drag");
  await page.mouse.up();
  await eventually(planned, (at) => at.startsWith(plus(monday, 1)));
});

told("a promise without an appointment gets one from the list beside, by the button", async () => {
  const list = page.getByRole("tabpanel", { name: /À placer/ });
  const row = list.getByRole("listitem").last();
  const name = (await row.getByRole("link").textContent()).trim();
  await row.getByRole("button", { name: `Planifier ${name}` }).press("Enter");
  const dialog = page.getByRole("dialog", { name: `Planifier : ${name}` });
  await dialog.getByLabel("Heure").fill("16:00");
  await dialog.getByRole("button", { name: "Planifier", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  await toast(/visite prévue/).waitFor();
});

told("a week is suggested, shown beside the agenda and on the map; lines are refused, moved, accepted", async () => {
  await page.getByRole("button", { name: "Proposer ma semaine" }).first().click();
  const proposal = page.getByRole("region", { name: "Semaine proposée" });
  await proposal.waitFor();
  const id = Number(new URL(page.url()).searchParams.get("proposition"));
  const of = () => asked(page, `/api/tours/${id}`);
  const before = await of();
  const open = before.lines.filter((line) => line.state === "proposed");
  assert.ok(open.length >= 4, `${open.length} proposed`);
  // What was dragged too near to the next appointment stays, and nothing is put over it.
  const fixed = before.lines.filter((line) => line.state === "fixed");
  const end = (line) => Date.parse(line.starts_at) + line.minutes * 60_000;
  assert.ok(fixed.length >= 2, `${fixed.length} appointments`);
  for (const line of open) assert.ok(fixed.every((one) => end(one) <= Date.parse(line.starts_at) || end(line) <= Date.parse(one.starts_at)), `${line.starts_at} is over an appointment`);
  await proposal.getByText(/à découvrir, vaut|à tenir avant/).first().waitFor();
  await shot(page, "agenda proposal");
  assert.deepEqual(await looked(page), []);
  // Refused with a reason.
  await proposal.getByRole("button", { name: /^Refuser / }).first().click();
  const why = page.getByRole("dialog", { name: /^Refuser : / });
  await why.getByLabel("Motif").fill("Déjà vu au forum");
  await why.getByRole("button", { name: "Refuser cette visite" }).click();
  await why.waitFor({ state: "hidden" });
  const after = await eventually(of, (tour) => tour.state === "ready" && tour.planned === 2);
  assert.equal(after.lines.filter((line) => line.state === "refused").length, 1);
  // Moved with the keyboard, in the agenda: it stays there.
  const line = after.lines.find((one) => one.state === "proposed");
  await eventually(() => block(`line-${line.id}`).count(), (n) => n === 1);
  await block(`line-${line.id}`).focus();
  assert.ok(await block(`line-${line.id}`).and(page.getByRole("button", { name: /^Proposition : .* minutes$/ })).count());
  await page.keyboard.press("ArrowDown");
  const moved = await eventually(of, (tour) => tour.state === "ready" && tour.planned === 3);
  assert.equal(Date.parse(moved.lines.find((one) => one.id === line.id).starts_at), Date.parse(line.starts_at) + 900_000);
  // On the map, in step with its list.
  await page.getByRole("tab", { name: "Carte" }).click();
  await mapDrawn(page);
  await page.getByRole("list", { name: /^Ordre de la tournée/ }).getByRole("button").first().waitFor();
  await shot(page, "agenda map");
  await page.getByRole("tab", { name: "Proposition" }).click();
  // A day, then the rest.
  const visits = async () => (await asked(page, `/api/week?from=${monday}&to=${plus(monday, 6)}`)).visits.length;
  const were = await visits();
  await proposal.getByRole("button", { name: "Accepter la journée" }).first().click();
  await toast(/inscrites? à l’agenda/).waitFor();
  const some = await eventually(visits, (n) => n > were);
  await proposal.getByRole("button", { name: "Tout accepter" }).click();
  await eventually(async () => (await of()).lines.some((one) => one.state === "proposed" && !one.answer), (left) => left === false);
  assert.ok((await visits()) >= some);
  await shot(page, "agenda accepted");
  assert.deepEqual(problems(page), []);
});

told("the list view and the phone say the same", async () => {
  await page.getByRole("button", { name: "Liste", exact: true }).click();
  await page.getByTestId("calendar").getByText(first.name).first().waitFor();
  await shot(page, "agenda list");
  const small = await member(browser, m, { role: "adviser", network: "ml" }, `/agenda?du=${plus(monday, 1)}`, { isPhone: true });
  // A list by default; what one touches comes under the thumb; the hours of a day too.
  await small.getByTestId("calendar").locator(".fc-list [data-key]").first().waitFor();
  await shot(small, "agenda phone");
  assert.equal(await small.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  assert.deepEqual(await looked(small), []);
  await small.getByTestId("calendar").locator("[data-key]").first().press("Enter");
  const sheet = small.getByRole("region", { name: /^Visite : / });
  await sheet.waitFor();
  const box = await sheet.boundingBox();
  assert.ok(box.y > 300 && box.y + box.height <= 844, JSON.stringify(box));
  await shot(small, "agenda phone visit");
  await small.getByRole("button", { name: "Jour", exact: true }).press("Enter");
  await small.getByTestId("calendar").locator(".fc-timegrid [data-key]").first().waitFor();
  await shot(small, "agenda phone day");
  assert.deepEqual(await looked(small), []);
  // A week asked for comes under the eyes, its buttons in a row, and nothing of it is wider than the telephone.
  await small.goto(`${m.url}/agenda?du=${plus(monday, 8)}`);
  await small.getByRole("button", { name: "Proposer ma semaine" }).first().tap();
  const proposal = small.getByRole("region", { name: "Semaine proposée" });
  await proposal.waitFor();
  await eventually(async () => (await proposal.boundingBox()).y, (y) => y > 0 && y < 300);
  await small.getByTestId("calendar").getByText(/· proposition/).first().waitFor();
  await shot(small, "agenda phone proposal");
  const wide = await small.getByTestId("calendar").evaluate((all) => [...all.querySelectorAll(".fc-scroller")].filter((one) => one.scrollWidth > one.clientWidth).length);
  assert.equal(wide, 0);
  const line = proposal.getByRole("listitem").filter({ has: small.getByRole("button", { name: /^Refuser / }) }).first();
  const boxes = await Promise.all([/^Accepter /, /^Garder /, /^Déplacer /, /^Refuser /].map((name) => line.getByRole("button", { name }).boundingBox()));
  assert.ok(boxes.every((one) => one.height >= 40 && Math.abs(one.y + one.height / 2 - boxes[0].y - boxes[0].height / 2) < 3 && one.x + one.width <= 390), JSON.stringify(boxes));
  assert.deepEqual(await looked(small), []);
});

told("hours: an employer’s on its record, one’s own in the agenda; what is wrong is said beside it", async () => {
  await page.goto(`${m.url}/entreprises/${first.id}`);
  const hours = page.getByRole("region", { name: "Horaires" });
  await hours.getByRole("button", { name: "Modifier les horaires" }).press("Enter");
  const theirs = page.getByRole("dialog", { name: "Horaires de l’employeur" });
  await theirs.getByLabel("Lundi").fill("8h-12h, 11h-18h");
  await theirs.getByRole("button", { name: "Enregistrer" }).press("Enter");
  await theirs.getByText("Écrivez « 8h-12h, 14h-18h », ou rien.").waitFor();
  await theirs.getByLabel("Lundi").fill("8h-12h, 14h-18h30");
  await theirs.getByRole("button", { name: "Comme lundi jusqu’à vendredi" }).press("Enter");
  await shot(page, "employer hours");
  assert.deepEqual(await looked(page), []);
  await theirs.getByRole("button", { name: "Enregistrer" }).press("Enter");
  await theirs.waitFor({ state: "hidden" });
  await hours.getByText(/lundi à vendredi/i).waitFor();
  assert.deepEqual((await asked(page, `/api/establishments/${first.id}/hours`)).hours["5"], [["08:00", "12:00"], ["14:00", "18:30"]]);

  await page.goto(`${m.url}/agenda?du=${plus(monday, 1)}`);
  await page.getByRole("button", { name: "Mes horaires" }).press("Enter");
  const mine = page.getByRole("dialog", { name: "Mes horaires" });
  await mine.getByRole("checkbox", { name: "vendredi" }).press("Space");
  await mine.getByLabel("De", { exact: true }).fill("09:00");
  await mine.getByLabel("À", { exact: true }).fill("08:00");
  await mine.getByRole("button", { name: "Enregistrer" }).press("Enter");
  await mine.getByRole("alert").waitFor();
  await mine.getByLabel("À", { exact: true }).fill("17:00");
  await shot(page, "own hours");
  assert.deepEqual(await looked(page), []);
  await mine.getByRole("button", { name: "Enregistrer" }).press("Enter");
  await mine.waitFor({ state: "hidden" });
  await toast(/horaires sont enregistrés/).waitFor();
  const kept = await asked(page, "/api/week/hours");
  assert.deepEqual([kept.days, kept.opens, kept.closes], [[1, 2, 3, 4], "09:00", "17:00"]);
});

told("the calendar of elsewhere: an address made, copied, revoked", async () => {
  await page.goto(`${m.url}/agenda`);
  await page.getByRole("button", { name: "Autre agenda" }).click();
  const dialog = page.getByRole("dialog", { name: "Mes visites dans un autre agenda" });
  await dialog.getByRole("button", { name: "Créer l’adresse" }).click();
  assert.match(await dialog.getByLabel("Adresse à coller").inputValue(), /\/calendrier\/[\w-]{43}\.ics$/);
  await shot(page, "agenda feed");
  assert.deepEqual(await looked(page), []);
  await dialog.getByRole("button", { name: "Révoquer" }).click();
  await dialog.getByRole("button", { name: "Créer l’adresse" }).waitFor();
  await dialog.getByRole("button", { name: "Terminé" }).click();
});

told("calls: an attempt is noted with the day of the next one; the team's week; the sheet of a round on paper", async () => {
  await page.goto(`${m.url}/appels`);
  const rows = page.getByRole("list", { name: "À appeler maintenant" }).getByRole("button", { name: /^Noter l’appel à / });
  await rows.first().waitFor();
  await shot(page, "calls");
  const count = await rows.count();
  await rows.first().click();
  const dialog = page.getByRole("dialog", { name: /^Appel/ });
  await dialog.getByText("Pas de réponse").click();
  await shot(page, "call dialog");
  await dialog.getByRole("button", { name: "Noter l’appel", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  await eventually(() => rows.count(), (n) => n === count - 1 || n === count);
  await page.getByRole("region", { name: "À rappeler plus tard" }).getByText(/Pas de réponse/).first().waitFor();
  assert.deepEqual(await looked(page), []);

  await page.goto(`${m.url}/agenda/feuille?du=${plus(monday, 1)}`);
  await page.getByRole("list").getByText(/Engagement à tenir/).first().waitFor();
  await shot(page, "round sheet");
  const folder = process.env.MAILLAGE_SHOTS;
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true, ...(folder ? { path: `${folder}/round sheet.pdf` } : {}) });
  assert.ok(pdf.length > 5000);

  const chief = await member(browser, m, { role: "manager" }, `/agenda/equipe?du=${monday}`);
  await chief.getByRole("table").getByRole("row").nth(1).waitFor();
  await shot(chief, "team week");
  assert.deepEqual(await looked(chief), []);
});
