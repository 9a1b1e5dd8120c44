// Makes the service worker of /terrain: one plain script that knows the files of this build.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Plugin, Rollup } from "vite";

type Made = Rollup.OutputChunk & { viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> } };

/** Everything the entry may need without a network: its chunks, those it asks for later, their styles. */
function filesOf(bundle: Rollup.OutputBundle, entry: string): string[] {
  const chunks = Object.values(bundle).filter((one): one is Made => one.type === "chunk");
  const queue = chunks.filter((one) => one.isEntry && one.facadeModuleId?.endsWith(entry)).map((one) => one.fileName);
  const files = new Set<string>();
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const chunk = chunks.find((one) => one.fileName === name);
    if (!chunk || files.has(`/${name}`)) continue;
    files.add(`/${name}`);
    for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(`/${css}`);
    queue.push(...chunk.imports, ...chunk.dynamicImports);
  }
  return [...files].sort();
}

export const serviceWorker: Plugin = {
  name: "service-worker",
  apply: "build",
  enforce: "post",
  async generateBundle(_options, bundle) {
    const files = [...filesOf(bundle, "terrain.html"), "/terrain.webmanifest", "/terrain-192.png", "/favicon.svg"];
    const source = fileURLToPath(new URL("../src", import.meta.url));
    const made = await build({
      entryPoints: [`${source}/features/field/worker.ts`],
      bundle: true,
      write: false,
      minify: true,
      format: "iife",
      target: "es2022",
      alias: { "@": source },
      define: { __FILES__: JSON.stringify(files), __VERSION__: '"VERSION"' },
    });
    const text = made.outputFiles[0]?.text ?? "";
    // The names carry hashes; the document does not, and changes with them.
    const version = createHash("sha256").update(text).digest("hex").slice(0, 12);
    this.emitFile({ type: "asset", fileName: "terrain-sw.js", source: text.replace("VERSION", version) });
  },
};
