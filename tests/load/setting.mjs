// The instance that is measured: a private cluster as durable as a real one, the territory of stock.sql, its members.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { Instance, build, root } from "../lib/instance.mjs";

export const PASSWORD = "mesure-de-maillage-2026";

/** The clusters of the tests do not wait for the disk; m now does, as an instance of `./maillage up` would. */
export async function makeDurable(m) {
  const words = ["fsync = on", "synchronous_commit = on", "full_page_writes = on", "wal_compression = lz4", "work_mem = '16MB'", "checkpoint_timeout = '15min'", "max_wal_size = '2GB'"];
  await m.psql(words.map((one) => `alter system set ${one};`).join("\n") + "select pg_reload_conf(); checkpoint;", { role: "postgres" });
}

/** As much memory for PostgreSQL as `./maillage up` gives; m has a cluster of its own, which starts anew. */
export async function giveMemory(m) {
  await m.psql(`alter system set shared_buffers = '${Math.min(2048, Math.max(128, Math.floor(totalmem() / 8388608)))}MB'`, { role: "postgres" });
  await m.stopPostgres();
  await m.startPostgres();
}

/** Gives all members of m that password: its hash is computed once. */
export async function givePasswords(m) {
  const email = await m.psql("select email from data.member order by id limit 1");
  const child = spawn(join(build, "maillage-admin"), [
    "--db", m.conninfo("owner"), "member", "password", "--email", email, "--password-stdin",
  ], { stdio: ["pipe", "ignore", "inherit"] });
  child.stdin.end(PASSWORD + "\n");
  const status = await new Promise((done) => child.once("exit", done));
  if (status !== 0) throw new Error("the password of the members was not set");
  await m.psql("update data.member set password_hash = (select password_hash from data.member order by id limit 1)", { role: "postgres" });
}

export class Setting {
  static async open(say) {
    const s = new Setting();
    say("a cluster and a territory of 120,000 establishments");
    s.m = await Instance.start({ template: "seed", ownCluster: true, server: false, worker: 0 });
    try {
      await s.m.psql(readFileSync(join(root, "tests/load/stock.sql"), "utf8"), { role: "postgres" });
      await s.m.admin("contact", "seal");
      await givePasswords(s.m);
      await makeDurable(s.m);
      s.count = Number(await s.m.psql("select count(*) from data.establishment"));
      await s.m.startServer();
      return s;
    } catch (error) {
      await s.m.stop();
      throw error;
    }
  }

  #sessions = [];

  /** The session of adviser n (1 to 40), signed in once. */
  async session(n = 1) {
    this.#sessions[n] ??= await this.m.signIn(`adviser${n}@example.org`, PASSWORD);
    return this.#sessions[n];
  }

  /** The Cookie header of a session. */
  async cookie(n = 1) {
    const session = await this.session(n);
    return `__Host-session=${session.cookies.get("__Host-session")}`;
  }

  /** The hash under which the session of adviser 1 is kept. */
  async hash() {
    await this.session(1);
    return this.m.psql("select encode(token_hash, 'hex') from data.session where member_id = 1 limit 1");
  }

  close() {
    return this.m.stop();
  }
}
