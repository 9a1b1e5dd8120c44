// The import desk against a stock of a million establishments: a partner's file of 50,000 rows given in the browser's way,
// looked at, imported, given back and taken back. Wall time as the partner waits it, on a cluster that waits for the disk.
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance, root } from "../lib/instance.mjs";
import { workbook } from "../lib/workbook.mjs";

const BUDGET = { preview: 5, import: 20 };

/** Rows of a partner about [SIRET, name, address, postcode, city] of the stock: written in its own way, a third without SIRET, some new. */
function partner(stock, rows) {
  const lines = [["SIRET", "Raison sociale", "Adresse", "Code postal", "Ville", "Téléphone", "Courriel", "Code NAF", "Contact", "Prénom", "Identifiant"]];
  const key = (digits) => {
    let sum = 0;
    for (let i = 0; i < digits.length; i++) {
      const d = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 2 : 1);
      sum += d > 9 ? d - 9 : d;
    }
    return (10 - (sum % 10)) % 10;
  };
  // As people type: small letters, abbreviations, two letters swapped now and then.
  const typed = (text, i) => {
    const small = text.toLowerCase().replace(/(^|[ '-])(\S)/g, (_, before, letter) => before + letter.toUpperCase()).replace("Avenue", "av").replace("Boulevard", "bd");
    return i % 5 === 2 && small.length > 6 ? small.slice(0, 3) + small[4] + small[3] + small.slice(5) : small;
  };
  for (let i = 0; i < rows; i++) {
    const fresh = `9${String(i).padStart(7, "0")}`;
    const siren = fresh + key(fresh);
    const nic = `${siren}0001`;
    const [known, name, address, postcode, city] = stock[(i * 17) % stock.length];
    const isNew = i % 10 === 7;
    const siret = [known, known, "", known, "4,10353E+13", known, known, i % 20 === 7 ? nic + key(nic) : "", known, known.replace(/^0+/, "")][i % 10];
    const said = isNew ? [`Société nouvelle ${i}`, `${1 + (i % 90)} chemin neuf`, postcode, typed(city, 0)] : [typed(name, i), typed(address, 0), postcode, typed(city, 0)];
    lines.push([siret, ...said, `04 70 ${10 + (i % 80)} ${10 + (i % 90)} ${10 + (i % 70)}`, `contact${i}@example.org`, "", i % 3 ? "" : "MARTIN", i % 3 ? "" : "Anne", `P${i}`]);
  }
  return lines;
}

export async function desk({ figure, say, stock = 1_000_000, rows = 50_000 }) {
  const m = await Instance.start({ template: "seed", ownCluster: true });
  const dir = mkdtempSync(join(tmpdir(), "maillage-desk-"));
  try {
    await m.psql("alter system set fsync = on; alter system set synchronous_commit = on; alter system set full_page_writes = on; select pg_reload_conf();".replace(/; /g, ";\n"), { role: "postgres" });
    say(`a stock of ${stock.toLocaleString("en")} establishments`);
    const file = join(dir, "stock.csv");
    await new Promise((done, fail) =>
      spawn("node", [join(root, "tests/load/sirene-rows.mjs"), String(stock)], { stdio: ["ignore", openSync(file, "w"), "inherit"] }).once("exit", (status) => (status ? fail(new Error("no rows")) : done())));
    await m.admin("import", "sirene", file);
    rmSync(file);
    await m.psql("vacuum analyze data.establishment");
    await m.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
    const made = await m.admin("organisation", "create", "--name", "Cap emploi 03", "--network", "ce", "--territory", "1");
    const told = await m.admin("member", "create", "--email", "anne@example.org", "--name", "Anne", "--organisation", made.match(/Structure (\d+)/)[1], "--role", "adviser");
    const member = await m.signIn("anne@example.org", told.match(/Mot de passe : (\S+)/)[1]);
    const timed = async (work) => {
      const started = process.hrtime.bigint();
      const value = await work();
      return [Number(process.hrtime.bigint() - started) / 1e9, value];
    };
    const known = (await m.psql(`select e.siret, coalesce(e.brand, e.legal_name), e.address, e.postcode, e.city from data.establishment e
       join data.territory_commune using (commune_code) where e.diffusion = 'O' and coalesce(e.brand, e.legal_name) is not null
       order by md5(e.siret) limit 40000`)).split("\n").map((line) => line.split("|"));
    say("its keys, for linkage");
    const [keySeconds] = await timed(() => m.until(async () => (await m.psql("select not exists (select from data.establishment_unkeyed)")) === "t", "every establishment has its keys", 900));
    const table = partner(known, rows);
    const text = table.map((cells) => cells.join(";")).join("\r\n") + "\r\n";
    const ended = (id, states) => m.until(async () => states.includes((await member.get(`/api/imports/${id}`)).body?.state), `import ${id}`, 300);
    const given = (name, bytes) => async () => {
      const { body, status, text: why } = await member.request("POST", `/api/imports?preview=true&name=${name}`, bytes, { type: "application/octet-stream" });
      if (status !== 202) throw new Error(why);
      await ended(body.id, ["ready"]);
      return body.id;
    };
    say("the same table as a workbook");
    const [workbookSeconds, twin] = await timed(given("partenaire.xlsx", workbook([{ name: "Feuil1", rows: table }])));
    await member.post(`/api/imports/${twin}/cancel`);
    say("the text: looked at, imported, given back, taken back");
    const [previewSeconds, id] = await timed(given("partenaire.csv", Buffer.from(text)));
    const { impact } = (await member.get(`/api/imports/${id}/preview`)).body;
    if (impact.read !== rows || impact.linked < rows / 2) throw new Error(JSON.stringify(impact));
    const [comparedSeconds, compared] = await timed(() =>
      m.until(async () => {
        const { linkage } = (await member.get(`/api/imports/${id}/preview`)).body.impact;
        return !linkage.waiting && linkage;
      }, "its rows are compared", 300));
    const [importSeconds] = await timed(async () => {
      await member.post(`/api/imports/${id}/start`);
      await ended(id, ["done"]);
      await m.until(async () => (await member.get(`/api/imports/${id}`)).body.summary.linkage, "its rows are placed", 300);
    });
    const [returnSeconds] = await timed(() => member.get(`/api/imports/${id}/return.csv`));
    const [revertSeconds] = await timed(async () => {
      await member.post(`/api/imports/${id}/revert`);
      await ended(id, ["reverted"]);
    });
    figure("desk.rows", "a partner's file: rows", rows, "");
    figure("desk.preview_seconds", "  looked at", previewSeconds, "s", { most: BUDGET.preview });
    figure("desk.keys_seconds", "  keys of the stock, once", keySeconds, "s");
    figure("desk.compared_seconds", "  rows without SIRET compared, after that", comparedSeconds, "s");
    figure("desk.compared_linked", "  of them known for certain", compared.linked, "");
    figure("desk.preview_workbook_seconds", "  looked at as a workbook", workbookSeconds, "s", { most: BUDGET.preview });
    figure("desk.import_seconds", "  imported, with linkage", importSeconds, "s", { most: BUDGET.import });
    figure("desk.return_seconds", "  given back with its SIRET", returnSeconds, "s");
    figure("desk.revert_seconds", "  taken back", revertSeconds, "s");
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${m.children.worker[0].pid}/status`, "utf8"));
    figure("desk.worker_mb", "  memory of the worker at most", Number(peak?.[1] ?? 0) / 1024, "MB");
  } finally {
    await m.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
