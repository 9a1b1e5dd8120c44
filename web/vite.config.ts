import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { licences } from "./tools/licences";
import { serviceWorker } from "./tools/worker";
import { narrow } from "./tools/typography";

// `npm run dev` talks to a server started with `./maillage up`; MAILLAGE_SERVER names another one.
const server = process.env["MAILLAGE_SERVER"] ?? "http://localhost:8080";

/** React Aria brings its words in thirty-four languages; the interface has one. */
const onlyFrench: Plugin = {
  name: "only-french",
  enforce: "pre",
  load(id) {
    const locale = /react-(?:aria|stately|aria-components)\/.*\/intl\/(?:[\w-]+\/)?([a-z]{2}-[A-Z]{2})\.m?js$/.exec(id)?.[1];
    return locale !== undefined && locale !== "fr-FR" ? "export default {};" : null;
  },
};

/** French as printers set it: sources hold plain spaces, the page never breaks before a colon. */
const typography: Plugin = {
  name: "typography",
  enforce: "pre",
  transform: (code, id) => (/\/web\/src\/.*\.tsx?$/.test(id) ? { code: narrow(code, id), map: null } : null),
};

/** The calendar writes its styles into a <style> that the content policy refuses: a sheet of its own, below ours, does the same. */
const calendarStyles: Plugin = {
  name: "calendar-styles",
  enforce: "pre",
  transform(code, id) {
    if (!/@fullcalendar\/core\/internal-common\.js/.test(id)) return null;
    const found = /function injectStyles\(styleText\) \{/.exec(code);
    const root = /function registerStylesRoot\(rootNode\) \{/.exec(code);
    if (!found || !root) throw new Error("the calendar brings its styles another way");
    return {
      code: code
        .replace(found[0], `${found[0]} const sheet = new CSSStyleSheet(); sheet.replaceSync("@layer calendar {" + styleText.replace(/@font-face\\s*\\{[^}]*\\}/, "") + "}"); document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; return;`)
        .replace(root[0], `${root[0]} return;`),
      map: null,
    };
  },
};

export default defineConfig({
  plugins: [onlyFrench, typography, calendarStyles, react(), licences, serviceWorker],
  esbuild: { legalComments: "none" }, // they are in licences.txt
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // Nothing inlined: the content security policy admits neither data: scripts nor data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1100,
    // The app of the desk, and the one of the telephone.
    rollupOptions: { input: ["index.html", "terrain.html"] },
  },
  server: { proxy: { "/api": server, "/openapi.json": server } },
});
