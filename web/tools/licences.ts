// What the licences of the libraries ask to be handed on, in one file beside the app instead of in what each browser loads.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** /…/node_modules/@scope/name/dist/x.mjs -> /…/node_modules/@scope/name */
const folderOf = (id: string) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];

export const licences: Plugin = {
  name: "licences",
  apply: "build",
  generateBundle() {
    const folders = new Set([...this.getModuleIds()].map(folderOf).filter((folder) => folder !== undefined && existsSync(join(folder, "package.json"))) as string[]);
    const parts = [...folders].sort().map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
      const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
      return [`${name} ${version} (${license})`, ...files.map((file) => readFileSync(join(folder, file), "utf8").trim())].join("\n\n");
    });
    this.emitFile({ type: "asset", fileName: "licences.txt", source: `${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n` });
  },
};
