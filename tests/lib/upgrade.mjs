// An instance as an older version left it: its migrations only, before their rows are brought up to date by schema/migrate.
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./instance.mjs";

const folder = join(root, "schema/migrations");

/** Puts the database of an instance (of a cluster of its own) back to the migrations before this number, without rows. */
export async function olderThan(m, number) {
  await m.psql("drop schema api cascade; drop schema auth cascade; drop schema data cascade; drop table public.schema_migration, public.schema_code", { role: "postgres" });
  for (const file of readdirSync(folder).sort()) {
    if (file >= number) break;
    const sql = readFileSync(join(folder, file), "utf8");
    await m.psql(`begin; ${sql}; commit;`);
    if (file.startsWith("0001")) await m.psql("create table public.schema_migration (name text constraint schema_migration_once primary key, sha256 text not null, applied_at timestamptz not null default now()); create table public.schema_code (singleton boolean constraint schema_code_once primary key default true check (singleton), sha256 text not null, applied_at timestamptz not null default now())");
    await m.psql(`insert into public.schema_migration (name, sha256) values ('${file}', '${createHash("sha256").update(sql).digest("hex")}')`);
  }
}

/** Brings it up to date, as a deploy does. */
export const upgrade = (m) => promisify(execFile)(join(root, "schema/migrate"), [m.conninfo("owner")]);
