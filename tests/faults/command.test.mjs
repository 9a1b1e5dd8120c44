// ./maillage itself: starts, says what is wrong, restarts what falls, and leaves nothing behind, whatever kills it.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../lib/instance.mjs";

const maillage = process.env.MAILLAGE_COMMAND ?? join(root, "maillage");
const base = mkdtempSync("/tmp/maillage-command-");
chmodSync(base, 0o755);
const data = join(base, "data");
const port = 20000 + (process.pid % 10000);
// tests/run checks another build through MAILLAGE_BUILD; the command runs its own.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MAILLAGE_")));

function run(...args) {
  return new Promise((done) =>
    execFile(maillage, args, { env, maxBuffer: 1 << 24 }, (error, stdout, stderr) => done({ status: error ? (error.code ?? 1) : 0, stdout, stderr })),
  );
}

/** The processes that have this word in their command line. */
function processes(word) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function until(question, what, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; !(await question()); await sleep(50)) {
    if (Date.now() > end) assert.fail(`after ${seconds} s, still not true that ${what}`);
  }
}

const pid = (name) => Number(readFileSync(join(data, "conf", `${name}.pid`), "utf8"));
const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.ok, () => false);
const up = (...more) => run("up", "--detach", "--no-demo", "--port", String(port), "--data", data, ...more);
const count = () => run("psql", "--data", data, "-Atc", "select count(*) from public.kept").then((r) => r.stdout.trim());

after(async () => {
  await run("reset", "--yes", "--data", data);
  rmSync(base, { recursive: true, force: true });
});

test("starts detached and answers", async () => {
  const first = await up();
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, new RegExp(`http://localhost:${port}/`));
  assert.ok(await ready());
  assert.ok(!existsSync(join(data, "demo-accounts.json")));
  const made = await run("psql", "--data", data, "-c", "create table public.kept as select generate_series(1, 1000) as n");
  assert.equal(made.status, 0, made.stderr);
});

test("a second up says that it runs, and where", async () => {
  const again = await up();
  assert.equal(again.status, 0);
  assert.match(again.stdout, new RegExp(`Already running on http://127.0.0.1:${port}/`));
});

test("a taken port is refused at once, with the option that helps", async () => {
  const started = Date.now();
  const other = await run("up", "--detach", "--port", String(port), "--data", join(base, "other"));
  assert.equal(other.status, 1);
  assert.match(other.stderr, new RegExp(`port ${port} is taken.*--port ${port + 1}`));
  assert.match(other.stderr, /held by maillage-server \(process \d+\)/);
  assert.ok(Date.now() - started < 5000);
  assert.ok(!existsSync(join(base, "other")));
});

test("sockets are private and nothing listens but the server", async () => {
  const held = new Set();
  for (const name of ["postgres", "redis", "server", "worker"]) {
    for (const fd of readdirSync(`/proc/${pid(name)}/fd`)) {
      try {
        const inode = /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${pid(name)}/fd/${fd}`))?.[1];
        if (inode) held.add(inode);
      } catch {}
    }
  }
  const listening = ["tcp", "tcp6"]
    .flatMap((table) => readFileSync(`/proc/net/${table}`, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === "0A" && held.has(fields[9]))
    .map((fields) => parseInt(fields[1].split(":")[1], 16));
  assert.deepEqual(listening, [port]);
});

for (const name of ["server", "worker", "redis", "postgres"]) {
  test(`${name} killed is started again`, async () => {
    const before = pid(name);
    process.kill(before, "SIGKILL");
    await until(() => pid(name) !== before, `${name} has another number`);
    await until(ready, "the server is ready again");
    await until(async () => (await count()) === "1000", "the data are there");
  });
}

test("the log of PostgreSQL repeats no value", async () => {
  const shown = await run("psql", "--data", data, "-Atc", "show log_parameter_max_length");
  assert.equal(shown.stdout.trim(), "0");
});

test("kill -9 leaves no orphan, and the next up finds its data", async () => {
  const names = ["postgres", "redis", "server", "worker"].map(pid);
  process.kill(pid("up"), "SIGKILL");
  await until(() => names.every((n) => !existsSync(`/proc/${n}`)), "all four processes are gone", 40);
  assert.deepEqual(processes(`${data}/conf/`), []);
  const next = await up();
  assert.equal(next.status, 0, next.stderr);
  assert.equal(await count(), "1000");
});

test("kill -9 of everything at once, then up without waiting", async () => {
  for (const name of ["up", "server", "worker", "redis", "postgres"]) process.kill(pid(name), "SIGKILL");
  const next = await up();
  assert.equal(next.status, 0, next.stderr + readFileSync(join(data, "log/up.log"), "utf8"));
  assert.equal(await count(), "1000");
});

test("a second start takes seconds", async () => {
  assert.equal((await run("down", "--data", data)).status, 0);
  assert.deepEqual(processes(`${data}/conf/`), []);
  const started = Date.now();
  assert.equal((await up()).status, 0);
  assert.ok(Date.now() - started < 10000, `${Date.now() - started} ms`);
  assert.equal((await run("down", "--data", data)).status, 0);
});

test("a backup is put back whole, or nothing changes", async () => {
  await up();
  const note = () => run("psql", "--data", data, "-Atc", "select sum(n) from data.kept_note").then((r) => r.stdout.trim());
  assert.equal((await run("psql", "--data", data, "-c", "create table data.kept_note as select generate_series(1, 3) as n")).status, 0);
  const file = join(base, "kept.dump");
  const made = await run("backup", "--data", data, file);
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, /Keep .*keys/);
  const again = await run("backup", "--data", data, file);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /is there already; nothing was written/);
  const nowhere = await run("backup", "--data", data, join(base, "nowhere", "kept.dump"));
  assert.equal(nowhere.status, 1);
  await run("psql", "--data", data, "-c", "update data.kept_note set n = n * 10");
  const bytes = readFileSync(file);
  for (const [name, content, says] of [["text", "no backup", /text is no backup; nothing was changed/], ["cut", bytes.subarray(0, bytes.length / 2), /cut is (not whole|no backup); nothing was changed/]]) {
    writeFileSync(join(base, name), content);
    const wrong = await run("restore", "--data", data, "--yes", join(base, name));
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, says);
  }
  const unsure = await run("restore", "--data", data, file);
  assert.equal(unsure.status, 1);
  assert.match(unsure.stderr, /--yes/);
  // What a newer version made is read, refused, and rolled back.
  await run("psql", "--data", data, "-c", "insert into public.schema_migration (name, sha256) values ('9999_later.sql', 'x')");
  assert.equal((await run("backup", "--data", data, join(base, "later.dump"))).status, 0);
  await run("psql", "--data", data, "-c", "delete from public.schema_migration where name = '9999_later.sql'");
  // Others work meanwhile, on the same tables in another order.
  let isOver = false;
  const others = Array.from({ length: 4 }, async (_, i) => {
    while (!isOver) {
      await run("psql", "--data", data, "-q", "-c", `do $$ declare t text; begin for k in 1 .. 200 loop
        for t in select c.oid::regclass::text from pg_class c where c.relnamespace = 'data'::regnamespace and c.relkind = 'r' order by hashint8(c.oid::bigint * ${i + 7} + k) limit 3 loop
          execute format('lock table %s in access share mode', t); perform pg_sleep(0.01);
        end loop; commit; end loop; end $$`);
    }
  });
  const later = await run("restore", "--data", data, "--yes", join(base, "later.dump"));
  isOver = true;
  await Promise.all(others);
  assert.equal(later.status, 1);
  assert.match(later.stderr, /newer version[\s\S]*nothing was changed/);
  assert.ok(await ready());
  assert.equal(await note(), "60");
  const back = await run("restore", "--data", data, "--yes", file);
  assert.equal(back.status, 0, back.stderr);
  assert.ok(!(await ready()), "stopped: what the programs remember is of the other database");
  assert.equal((await up()).status, 0);
  assert.equal(await note(), "6");
  assert.equal(await count(), "1000", "what is not of Maillage stays");
  await run("psql", "--data", data, "-c", "drop table data.kept_note");
  assert.equal((await run("down", "--data", data)).status, 0);
});

test("Ctrl-C in the foreground stops all in order", async () => {
  const child = spawn(maillage, ["up", "--port", String(port), "--data", data], { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (said += text));
  const ended = new Promise((done) => child.once("exit", (code) => done(code)));
  await until(() => said.includes("Ctrl-C stops it"), "it says how to stop it");
  process.kill(-child.pid, "SIGINT");
  assert.equal(await ended, 130, said);
  assert.deepEqual(processes(`${data}/conf/`), []);
  const log = readFileSync(join(data, "log/postgres.log"), "utf8").trim().split("\n");
  assert.match(log.at(-1), /database system is shut down/);
  assert.equal((await run("status", "--data", data)).status, 3);
});

test("the demo is never loaded into an instance that began without it", async () => {
  const next = await run("up", "--detach", "--port", String(port), "--data", data);
  assert.equal(next.status, 0, next.stderr);
  assert.ok(!existsSync(join(data, "demo-accounts.json")));
  assert.equal((await run("down", "--data", data)).status, 0);
});

test("the clock is refused without --test-clock and moves with it", async () => {
  assert.equal((await up()).status, 0);
  const refused = await run("admin", "--data", data, "clock", "set", "2026-03-14T09:00:00+01:00");
  assert.notEqual(refused.status, 0);
  await run("down", "--data", data);
  assert.equal((await up("--test-clock")).status, 0);
  const moved = await run("admin", "--data", data, "clock", "set", "2026-03-14T09:00:00+01:00");
  assert.equal(moved.status, 0, moved.stderr);
  const now = await run("psql", "--data", data, "-Atc", "select data.today()");
  assert.equal(now.stdout.trim(), "2026-03-14");
  assert.equal((await run("down", "--data", data)).status, 0);
});

test("a deep directory keeps its sockets under /tmp", async () => {
  const deep = join(base, "a".repeat(60), "b".repeat(60));
  const started = await run("up", "--detach", "--no-demo", "--port", String(port), "--data", deep);
  assert.equal(started.status, 0, started.stderr);
  assert.equal((await run("psql", "--data", deep, "-Atc", "select 1")).stdout.trim(), "1");
  assert.equal((await run("reset", "--yes", "--data", deep)).status, 0);
  assert.ok(!existsSync(deep));
});

test("reset asks, and refuses a directory that is not its own", async () => {
  assert.equal((await run("reset", "--data", data)).status, 1);
  assert.ok(existsSync(join(data, "pg")));
  const precious = join(base, "precious");
  mkdirSync(precious);
  writeFileSync(join(precious, "letter.txt"), "keep me");
  assert.equal((await run("reset", "--yes", "--data", precious)).status, 1);
  assert.equal((await run("up", "--detach", "--port", String(port), "--data", precious)).status, 1);
  assert.ok(existsSync(join(precious, "letter.txt")));
});

test("what is missing and cannot be installed is listed, with the command", async () => {
  const bin = join(base, "bin");
  mkdirSync(bin);
  for (const dir of ["/usr/bin", "/usr/sbin", "/bin"]) {
    for (const name of readdirSync(dir)) {
      if (!/^(apt|apt-get|sudo|redis-server|dpkg-query|cmake)$/.test(name) && !existsSync(join(bin, name))) symlinkSync(join(dir, name), join(bin, name));
    }
  }
  // A Debian that has none of our packages.
  writeFileSync(join(bin, "dpkg-query"), "#!/bin/sh\nexit 1\n");
  chmodSync(join(bin, "dpkg-query"), 0o755);
  const bare = await new Promise((done) =>
    execFile(maillage, ["up", "--data", join(base, "bare"), "--port", "0"], { env: { ...env, PATH: bin } }, (error, stdout, stderr) => done({ status: error?.code ?? 0, stderr })),
  );
  assert.equal(bare.status, 1);
  for (const name of ["postgresql-15", "postgresql-15-postgis-3", "redis-server", "cmake", "libmicrohttpd-dev"]) {
    assert.match(bare.stderr, new RegExp(`^    ${name}$`, "m"));
  }
  assert.match(bare.stderr, /this system has no apt-get/);
  assert.match(bare.stderr, /apt-get update && apt-get install --no-install-recommends .*postgresql-15/);
});
