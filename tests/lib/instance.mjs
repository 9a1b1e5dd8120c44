// A private Maillage for one test file: its own database (cloned from a template), Redis, server and worker.
//
//   const m = await Instance.start({ template: "demo" });     // "empty" | "seed" | "demo"
//   after(() => m.stop());
//   const adviser = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
//   await adviser.post("/api/promises", { ... });              // see client.mjs
//   await m.sql("select ...", { role: "server" });             // rows as objects
//   await m.clock("2026-03-14T09:00:00+01:00");
//
// Run by tests/run, files share one PostgreSQL cluster; alone, or with `ownCluster`, each starts its own. Only with
// `ownCluster` may PostgreSQL be stopped, killed and started again. Everything ends with the process that started it.
import { spawn, execFile } from "node:child_process";
import { createInterface } from "node:readline";
import { createServer } from "node:net";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { Session } from "./client.mjs";

const run = promisify(execFile);

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const build = process.env.MAILLAGE_BUILD ?? join(root, "build");
const psql = "/usr/lib/postgresql/15/bin/psql";

/** The folder of real data that is not part of the project, or null: tests that need it say `{ skip: !shared }`. */
export const shared =
  process.env.MAILLAGE_SHARED ??
  (existsSync(join(root, "../shared/data")) ? resolve(root, "../shared") : null);

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(PG|MAILLAGE_(DB|REDIS|LISTEN|WEB|CONFIG|DATA|SECRET_FILE)$)/.test(name)),
);

class Cluster {
  static async get(own) {
    const given = process.env.MAILLAGE_TEST_CLUSTER;
    if (given && !own) return new Cluster(given, null);
    const base = mkdtempSync("/tmp/maillage-cluster-");
    // Traversable: the cluster of root runs as another user.
    chmodSync(base, 0o755);
    const dir = join(base, "c");
    const process_ = spawn(join(root, "tests/lib/cluster"), ["serve", dir], { stdio: ["pipe", "pipe", "inherit"], env: environment });
    const cluster = new Cluster(dir, process_);
    cluster.base = base;
    await cluster.expect("ready");
    return cluster;
  }

  constructor(dir, process_) {
    this.dir = dir;
    this.process = process_;
    if (process_) {
      this.lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
    }
  }

  async expect(word) {
    const { value, done } = await this.lines.next();
    if (done || value !== word) throw new Error(`the cluster said ${value} and not ${word}`);
  }

  async tell(word) {
    if (!this.process) throw new Error("this cluster is shared: ask for ownCluster");
    this.process.stdin.write(`${word}\n`);
    await this.expect("done");
  }

  async clone(template, name) {
    await run(join(root, "tests/lib/cluster"), ["clone", this.dir, template, name], { env: environment, maxBuffer: 1 << 26 });
  }

  async drop(name) {
    await run(join(root, "tests/lib/cluster"), ["drop", this.dir, name], { env: environment });
  }

  async end() {
    if (!this.process) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.stdin.end();
    await ended;
    rmSync(this.base, { recursive: true, force: true });
  }
}

const plain = (conninfo, stops) => [
  "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", `--set=ON_ERROR_STOP=${stops}`, "--set=VERBOSITY=verbose", `--dbname=${conninfo}`, "--file=-",
];

const refusal = (text) => Object.assign(new Error(text), { sqlstate: /ERROR: {2}(\w{5}):/.exec(text)?.[1] });

/**
 * A psql that stays for the next question: a program and a connection for each costs more than most answers. One question at a
 * time; `busy` tells whoever has another one.
 */
class Kept {
  #out = "";
  #err = "";
  #asked = null;
  busy = false;
  ended = false;

  constructor(conninfo) {
    this.child = spawn(psql, plain(conninfo, 0), { stdio: "pipe", env: environment });
    this.child.stdout.setEncoding("utf8").on("data", (text) => ((this.#out += text), this.#look()));
    this.child.stderr.setEncoding("utf8").on("data", (text) => ((this.#err += text), this.#look()));
    this.child.stdin.on("error", () => {});
    this.child.once("error", (error) => this.#end(error.message));
    this.child.once("close", () => this.#end("the connection ended"));
  }

  /**
   * What psql prints for this one statement. It goes as a text of its own, which psql does not read: a quote, a comment or a
   * bracket that stays open is for the server to refuse, and would take in the mark and every question after it.
   */
  ask(statement) {
    this.busy = true;
    const word = randomBytes(9).toString("hex");
    const [mark, quote] = [`-- ${word}`, `$q${word}$`];
    return new Promise((done, fail) => {
      this.#asked = { mark: `${mark}\n`, done, fail };
      this.child.stdin.write(`select ${quote}${statement}${quote}\n\\gexec\n\\echo '${mark}'\n\\warn '${mark}'\n`);
    });
  }

  /** Both streams say where the answer ends. */
  #look() {
    const { mark, done, fail } = this.#asked ?? {};
    if (!mark || !this.#out.endsWith(mark) || !this.#err.endsWith(mark)) return;
    const [said, wrong] = [this.#out, this.#err].map((text) => text.slice(0, -mark.length).trimEnd());
    this.#out = this.#err = "";
    this.#asked = null;
    this.busy = false;
    if (/^(psql:.*?: )?(ERROR|FATAL|PANIC): /m.test(wrong)) fail(refusal(wrong.trim()));
    else done(said);
  }

  #end(why) {
    this.ended = true;
    this.#asked?.fail(refusal(this.#err.trim() || why));
    this.#asked = null;
  }

  end() {
    if (!this.ended) this.child.stdin.end();
  }
}

export async function freePort() {
  const probe = createServer();
  await new Promise((done, fail) => probe.once("error", fail).listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

export class Instance {
  /**
   * template: what the database holds; server, worker: how many of each; workers: threads of the server;
   * serverFlags, workerFlags: more flags for the programs; ownCluster: a PostgreSQL of its own; database: one that is there already and
   * stays, instead of a clone.
   */
  static async start({
    template = "demo",
    server = true,
    worker = 1,
    workers = 4,
    serverFlags = [],
    workerFlags = [],
    ownCluster = false,
    database = undefined,
  } = {}) {
    const m = new Instance();
    try {
      m.cluster = await Cluster.get(ownCluster);
      const file = basename(process.argv[1] ?? "test").replace(/\W.*$/, "");
      m.database = database ?? `t_${file}_${randomBytes(4).toString("hex")}`;
      m.isLent = database !== undefined;
      m.keeps = !ownCluster; // a PostgreSQL that tests stop loses who is connected
      m.dir = mkdtempSync("/tmp/maillage-instance-");
      mkdirSync(join(m.dir, "tmp"));
      writeFileSync(join(m.dir, "secret"), randomBytes(64), { mode: 0o600 });
      if (!m.isLent) await m.cluster.clone(template, m.database);
      const accounts = join(m.cluster.dir, "demo-accounts.json");
      const read = template === "demo" ? JSON.parse(readFileSync(accounts, "utf8")) : [];
      m.accounts = Array.isArray(read) ? read : read.accounts;
      m.workers = workers;
      m.serverFlags = serverFlags;
      m.workerFlags = workerFlags;
      await m.startRedis();
      if (server) await m.startServer();
      for (let i = 0; i < worker; i++) m.startWorker();
      return m;
    } catch (error) {
      await m.stop();
      throw error;
    }
  }

  children = { redis: null, server: null, worker: [] };

  /** The file of the keys of personal data. */
  get keys() {
    return join(this.cluster.dir, "keys");
  }

  conninfo(role = "owner") {
    const user = role === "postgres" ? role : `maillage_${role}`;
    return `host=${this.cluster.dir}/run dbname=${this.database} user=${user}`;
  }

  #spawn(name, program, args) {
    const log = openSync(join(this.dir, `${name}.log`), "a");
    const child = spawn("setpriv", ["--pdeathsig", "TERM", "--", program, ...args], {
      stdio: ["ignore", log, log],
      env: environment,
    });
    child.ended = new Promise((done) => child.once("exit", (code, signal) => done({ code, signal })));
    return child;
  }

  /** What a service wrote: "server", "worker", "redis". */
  log(name) {
    return readFileSync(join(this.dir, `${name}.log`), "utf8");
  }

  get redisSocket() {
    return join(this.dir, "redis.sock");
  }

  async startRedis() {
    rmSync(this.redisSocket, { force: true });
    this.children.redis = this.#spawn("redis", "redis-server", [
      "--port", "0", "--unixsocket", this.redisSocket, "--save", "", "--appendonly", "no", "--dir", this.dir,
    ]);
    await this.until(() => existsSync(this.redisSocket), "Redis starts");
  }

  async stopRedis(signal = "SIGTERM") {
    this.children.redis?.kill(signal);
    await this.children.redis?.ended;
    this.children.redis = null;
  }

  /** One command to Redis; its raw answer. */
  async redis(...words) {
    const { stdout } = await run("redis-cli", ["-s", this.redisSocket, ...words.map(String)], { maxBuffer: 1 << 26 });
    return stdout.trimEnd();
  }

  async startServer(flags = []) {
    this.port ??= await freePort();
    this.url = `http://localhost:${this.port}`;
    this.children.server = this.#spawn("server", join(build, "maillage-server"), [
      "--db", this.conninfo("server"), "--redis", this.redisSocket, "--listen", `127.0.0.1:${this.port}`,
      "--web", join(root, "web/dist"), "--workers", String(this.workers), "--secret-file", join(this.dir, "secret"), "--keys-file", this.keys,
      "--public-url", this.url, "--data", join(this.dir, "tmp"), "--demo=true", "--test-clock=true",
      ...this.serverFlags, ...flags,
    ]);
    await this.ready();
  }

  async ready() {
    let dead = null;
    this.children.server.ended.then((how) => (dead = how));
    await this.until(async () => {
      if (dead) throw new Error(`the server ended (${JSON.stringify(dead)}):\n${this.log("server").slice(-3000)}`);
      return (await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => null))?.ok;
    }, "the server is ready");
  }

  async stopServer(signal = "SIGTERM") {
    const child = this.children.server;
    this.children.server = null;
    child?.kill(signal);
    return child?.ended;
  }

  /** Starts one more worker; its process. */
  startWorker(flags = []) {
    const child = this.#spawn("worker", join(build, "maillage-worker"), [
      "--db", this.conninfo("worker"), "--redis", this.redisSocket, "--secret-file", join(this.dir, "secret"), "--keys-file", this.keys,
      "--data", join(this.dir, "tmp"), "--demo=true", "--test-clock=true", ...this.workerFlags, ...flags,
    ]);
    this.children.worker.push(child);
    return child;
  }

  /** Ends one worker, or all. */
  async stopWorker(signal = "SIGTERM", child = null) {
    const ending = child ? [child] : this.children.worker;
    this.children.worker = this.children.worker.filter((w) => !ending.includes(w));
    for (const w of ending) w.kill(signal);
    return Promise.all(ending.map((w) => w.ended));
  }

  stopPostgres() {
    return this.cluster.tell("stop");
  }
  killPostgres() {
    return this.cluster.tell("kill");
  }
  startPostgres() {
    return this.cluster.tell("start");
  }

  #kept = new Map(); // role -> its psql

  /** Rows of a query, as objects. */
  async sql(query, { role = "owner" } = {}) {
    const statement = `select coalesce(json_agg(row_to_json(q)), '[]') from (${query.replace(/;\s*$/, "")}\n) q`;
    let kept = this.#kept.get(role);
    if (!this.keeps || kept?.busy) return JSON.parse(await this.psql(statement, { role }));
    if (!kept || kept.ended) this.#kept.set(role, (kept = new Kept(this.conninfo(role))));
    return JSON.parse(await kept.ask(statement));
  }

  /** Any SQL text, several statements too; what psql prints. An SQL error rejects, with `sqlstate` and psql's message. */
  psql(text, { role = "owner" } = {}) {
    return new Promise((done, fail) => {
      const child = execFile(psql, plain(this.conninfo(role), 1), { env: environment, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
        if (error) fail(refusal(stderr.trim() || error.message));
        else done(stdout.trimEnd());
      });
      child.stdin.on("error", () => {});
      child.stdin.end(text);
    });
  }

  /** maillage-admin on this instance; its output. */
  async admin(...args) {
    const { stdout } = await run(join(build, "maillage-admin"), ["--db", this.conninfo("owner"), "--keys-file", this.keys, ...args], {
      env: environment, maxBuffer: 1 << 26,
    });
    return stdout;
  }

  /** Sets the business time (ISO text or Date). */
  clock(at) {
    return this.admin("clock", "set", at instanceof Date ? at.toISOString() : at);
  }

  /** The first demo account that has these properties: { role, network, organisation, email }. */
  account(wanted) {
    const found = this.accounts.find((a) => Object.entries(wanted).every(([k, v]) => a[k] === v));
    if (!found) throw new Error(`no demo account with ${JSON.stringify(wanted)}`);
    return found;
  }

  /** A browser of nobody yet. */
  visitor() {
    return new Session(this.url);
  }

  /** A browser signed in; the password is that of the demo account unless given. */
  async signIn(email, password = this.account({ email }).password, more = {}) {
    const session = this.visitor();
    const answer = await session.post("/api/session", { email, password, ...more });
    if (answer.status !== 201) throw new Error(`signing in as ${email}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return session;
  }

  /** Waits until `question`, asked every `pause` milliseconds, answers something true. */
  async until(question, what = "the condition holds", seconds = 30, pause = 25) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await question();
      if (answer) return answer;
      if (Date.now() > end) throw new Error(`after ${seconds} s, still not true that ${what}`);
      await sleep(pause);
    }
  }

  async stop() {
    const { redis, server, worker } = this.children;
    const all = [...worker, server, redis].filter(Boolean);
    for (const child of [...worker, server].filter(Boolean)) child.kill("SIGTERM");
    const patience = setTimeout(() => all.forEach((child) => child.kill("SIGKILL")), 10000);
    for (const child of [...worker, server].filter(Boolean)) await child.ended;
    redis?.kill("SIGKILL");
    await redis?.ended;
    clearTimeout(patience);
    this.children = { redis: null, server: null, worker: [] };
    for (const kept of this.#kept.values()) kept.end();
    if (this.cluster) {
      if (!this.cluster.process && this.database && !this.isLent) await this.cluster.drop(this.database).catch(() => {});
      await this.cluster.end();
    }
    if (this.dir && !process.env.MAILLAGE_KEEP) rmSync(this.dir, { recursive: true, force: true });
  }
}
