// Compiles src/**/*.test.ts with the esbuild that Vite brings, then runs them with node:test.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../src", import.meta.url));
// Beside the packages, so that those that are not bundled are found.
const output = mkdtempSync(fileURLToPath(new URL("../node_modules/.maillage-test-", import.meta.url)));

function tests(directory) {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) return tests(path);
    return name.endsWith(".test.ts") ? [path] : [];
  });
}

try {
  await build({
    entryPoints: tests(source),
    outdir: output,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    alias: { "@": source },
    loader: { ".csv": "text" },
    external: ["typescript"],
    logLevel: "warning",
  });
  const files = readdirSync(output, { recursive: true }).filter((name) => name.endsWith(".mjs")).map((name) => join(output, name));
  process.exitCode = spawnSync(process.execPath, ["--test", "--test-reporter=tap", ...files], { stdio: "inherit", cwd: fileURLToPath(new URL("..", import.meta.url)) }).status ?? 1;
} finally {
  rmSync(output, { recursive: true, force: true });
}
