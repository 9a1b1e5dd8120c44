// Fails when the JavaScript of a first load (what index.html asks for, plus the first page) exceeds its budget.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const budget = 200_000;
const fieldBudget = 150_000; // of /terrain, with its styles: all that its first opening fetches
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const gzipped = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);

/** What a document asks for by itself. */
const asked = (document, ending) =>
  [...readFileSync(join(dist, document), "utf8").matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]).filter((name) => name.endsWith(ending));

const entries = asked("index.html", ".js");

// Static imports of a chunk, followed to the end: what the browser must fetch before running it.
function closure(names) {
  const seen = new Set();
  const queue = [...names];
  while (queue.length > 0) {
    const name = queue.pop();
    if (seen.has(name)) continue;
    seen.add(name);
    const source = readFileSync(join(dist, name), "utf8");
    for (const match of source.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) queue.push(`assets/${match[1]}`);
  }
  return seen;
}

const shell = closure(entries);
const total = (names) => [...names].reduce((sum, name) => sum + gzipped(name), 0);
const pages = readdirSync(join(dist, "assets")).filter((name) => /^[A-Z]\w*Page-.*\.js$/.test(name));

let worst = 0;
console.log("first load, JavaScript gzipped:");
console.log(`${kilobytes(total(shell))}  shell`);
for (const page of pages.sort()) {
  const size = total(closure([...shell, `assets/${page}`]));
  worst = Math.max(worst, size);
  console.log(`${kilobytes(size)}  shell + ${page}`);
}
for (const name of readdirSync(join(dist, "assets")).filter((name) => /map.*\.js$/i.test(name)).sort()) {
  console.log(`${kilobytes(gzipped(`assets/${name}`))}  later: ${name}`);
}
worst = Math.max(worst, total(shell));
if (worst > budget) {
  console.error(`over the budget of ${kilobytes(budget).trim()}: ${kilobytes(worst).trim()}`);
  process.exit(1);
}
const field = [...closure(asked("terrain.html", ".js")), ...asked("terrain.html", ".css"), "terrain.html"];
const fieldTotal = total(field);
console.log(`${kilobytes(fieldTotal)}  /terrain: scripts, styles and document`);
if (fieldTotal > fieldBudget) {
  console.error(`/terrain is over its budget of ${kilobytes(fieldBudget).trim()}`);
  process.exit(1);
}
