// The app of the telephone: what its first opening fetches, and how long it takes to open without a network on a processor
// that is four times slower, from the address to the day's visits on the screen.
import { gzipSync } from "node:zlib";
import { setTimeout as sleep } from "node:timers/promises";
import { Instance } from "../lib/instance.mjs";
import { launch, open } from "../lib/browser.mjs";
import { workday } from "../web/acts.mjs";
import { quantile } from "./tools.mjs";

const ROUNDS = 9;
const SLOWER = 4;

/** Notes when the first visit has been painted. */
function watch() {
  const look = () => {
    if (window.opened_ || !document.querySelector('a[href^="/terrain/visites/"]')) return;
    window.opened_ = -1;
    requestAnimationFrame(() => requestAnimationFrame(() => (window.opened_ = performance.now())));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

async function opening(context, address) {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(watch);
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForFunction(() => window.opened_ > 0, null, { timeout: 60_000 });
  const ms = await page.evaluate(() => window.opened_);
  await page.close();
  return ms;
}

export async function field({ figure }) {
  const m = await Instance.start({ template: "demo", ownCluster: true, worker: 0 });
  const browser = await launch();
  try {
    const at = new Date(workday());
    await m.clock(at);
    const account = m.account({ role: "adviser", network: "ml" });
    const api = await m.signIn(account.email);
    // A full day: eight visits from now on.
    const { body } = await api.get("/api/establishments?state=free&limit=40");
    let visits = 0;
    for (const line of body.items) {
      const hour = new Date(at.getTime() + (visits + 1) * 3_600_000).toISOString();
      if ((await api.post("/api/visits", { establishment: line.id, planned_at: hour, minutes: 45 })).status === 201) visits += 1;
      if (visits === 8) break;
    }
    const page = await open(browser, { isPhone: true });
    const context = page.context();
    const bodies = [];
    page.on("response", (answer) => {
      if (!answer.fromServiceWorker() && !new URL(answer.url()).pathname.startsWith("/api/")) bodies.push(answer.body().catch(() => Buffer.alloc(0)));
    });
    await page.goto(`${m.url}/terrain`);
    await page.getByLabel("Adresse électronique").waitFor();
    const bytes = (await Promise.all(bodies)).reduce((sum, each) => sum + gzipSync(each, { level: 9 }).length, 0);
    figure("field.first_kb", "the app of the telephone: first opening, all gzipped", bytes / 1000, "kB", { most: 150 });
    await page.getByLabel("Adresse électronique").fill(account.email);
    await page.getByLabel("Mot de passe").fill(account.password);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.locator('a[href^="/terrain/visites/"]').first().waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await sleep(1000); // what it fetched is on the disk
    await page.close();
    await context.setOffline(true);
    const times = [];
    for (let i = 0; i < ROUNDS; i++) times.push(await opening(context, `${m.url}/terrain`));
    figure("field.offline_ms", `  opened without a network, processor ${SLOWER} times slower, median`, quantile(times, 0.5), "ms", { most: 1000 });
    figure("field.offline_worst_ms", "  the slowest", Math.max(...times), "ms");
  } finally {
    await browser.close();
    await m.stop();
  }
}
