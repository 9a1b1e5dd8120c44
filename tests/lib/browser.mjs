// Debian's Chromium without a head for the journeys: started once per file, drawing the map without a graphics card, and
// the rest of the page by the processor itself, which costs a third less than through a graphics card that is not there.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const executable = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

export function launch() {
  return chromium.launch({
    executablePath: executable,
    env: { ...process.env, LANGUAGE: "fr" }, // dates in the order that our people read
    args: [
      "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--disable-quic", "--disable-dev-shm-usage", "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-gpu-compositing",
    ],
  });
}

/** A French browser window; `isPhone` makes it a touch screen. */
export async function open(browser, { viewport = desktop, isPhone = false, ...more } = {}) {
  const context = await browser.newContext({
    viewport: isPhone ? phone : viewport,
    hasTouch: isPhone,
    isMobile: isPhone,
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    ...more,
  });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.problems.push(message.text());
  });
  return page;
}

// What react-aria says aloud lives on for seven seconds, also when what it names is no more on the page.
const spoken = "[data-live-announcer]";

/** What axe finds wrong on the page as it is: WCAG 2.1 A and AA and best practices, `without` those rules; [] is what one wants. */
export async function axe(page, { exclude = [], without = [] } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const found = await page.evaluate(
    ([out, rules]) => window.axe.run({ exclude: out.map((s) => [s]) }, { resultTypes: ["violations"], rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])) }),
    [[spoken, ...exclude], without],
  );
  return found.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 4).map((n) => n.target.join(" ")).join(", ")}`);
}
