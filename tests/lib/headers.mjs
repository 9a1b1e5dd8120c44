// Compiles each header alone with the flags of a source of the same folder (see tests/house/headers-alone.sh). TAP.
import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { dirname, join } from "node:path";

const commands = JSON.parse(readFileSync(process.env.MAILLAGE_COMPILE_COMMANDS, "utf8"));
const headers = [];
const walk = (dir) => {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (path.endsWith(".h")) headers.push(path);
  }
};
walk("server");
walk("worker");
headers.sort();

// The flags of the folder, else of the nearest one above.
function flags(header) {
  for (let dir = join(process.cwd(), dirname(header)); dir.startsWith(process.cwd()); dir = dirname(dir)) {
    const found = commands.find((c) => dirname(c.file) === dir) ?? commands.find((c) => c.file.startsWith(dir + "/"));
    if (found) {
      const words = found.command.match(/(?:[^\s"\\]|\\.|"[^"]*")+/g).slice(1);
      return { dir: found.directory, words: words.filter((w) => /^-(D|I|isystem|std|W|f(?!sanitize))/.test(w) || w.startsWith("/")) };
    }
  }
  return { dir: ".", words: [] };
}

function compile(header) {
  const { dir, words } = flags(header);
  const kept = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "-isystem") kept.push(word, words[++i]);
    else if (word.startsWith("-")) kept.push(word);
  }
  return new Promise((done) => {
    const child = execFile(
      "gcc",
      [...kept.map((word) => word.replace(/\\"/g, '"')), "-Wno-unused", "-fsyntax-only", "-include", join(process.cwd(), header), "-x", "c", "-"],
      { cwd: dir },
      (error, _, stderr) => done({ header, stderr: error ? stderr : "" }),
    );
    child.stdin.end("typedef int alone;\n"); // a header may hold no declaration, a source must
  });
}

const queue = [...headers];
const results = new Map();
const lanes = Array.from({ length: availableParallelism?.() ?? cpus().length }, async () => {
  for (let header; (header = queue.shift()); ) results.set(header, await compile(header));
});
await Promise.all(lanes);
console.log(`1..${headers.length}`);
headers.forEach((header, i) => {
  const { stderr } = results.get(header);
  console.log(`${stderr ? "not ok" : "ok"} ${i + 1} - ${header} compiles alone`);
  if (stderr) console.log(stderr.split("\n").slice(0, 12).map((l) => `# ${l}`).join("\n"));
});
