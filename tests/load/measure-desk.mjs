// The import desk against a stock of a million establishments: a partner's file of 50,000 rows given in the browser's way,
// looked at, imported, given back and taken back. Wall time as the partner waits it, on a cluster that waits for the disk.
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance, root } from "../lib/instance.mjs";
import { workbook } from "../lib/workbook.mjs";
import { giveMemory, makeDurable } from "./setting.mjs";
import { processorTime } from "./tools.mjs";

const BUDGET = { preview: 5, import: 20 };

/** Processor time of PostgreSQL, the worker and the server so far, in seconds. */
function spent(m) {
  const own = (child) => readFileSync(`/proc/${child.pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ").slice(11, 13).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  return processorTime(m) / 1000 + own(m.children.worker[0]) + own(m.children.server);
}

const timed = async (work) => {
  const started = process.hrtime.bigint();
  const value = await work();
  return [Number(process.hrtime.bigint() - started) / 1e9, value];
};

const surnames = ["MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT", "SIMON", "MICHEL", "LEFÈVRE", "LEROY", "ROUX", "DAVID", "BERTRAND", "MOREL", "FOURNIER", "GIRARD", "BONNET", "DUPONT", "LAMBERT", "FONTAINE", "ROUSSEAU", "VINCENT", "MULLER", "FAURE", "ANDRÉ", "MERCIER", "BLANC"];
const given = ["Anne", "Jean", "Marie", "Pierre", "Sophie", "Luc", "Claire", "Paul", "Nadia", "Karim", "Léa", "Hugo", "Zoé"];

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
    lines.push([siret, ...said, `04 70 ${10 + (i % 80)} ${10 + (i % 90)} ${10 + (i % 70)}`, `contact${i}@example.org`, "", i % 3 ? "" : surnames[(i * 7) % surnames.length], i % 3 ? "" : given[(i * 5) % given.length], `P${i}`]);
  }
  return lines;
}

/** A stock of establishments with its keys, a territory that sees a sixth of it, one adviser: their password. */
export async function stocked(m, stock, { figure, say }) {
  const dir = mkdtempSync(join(tmpdir(), "maillage-desk-"));
  try {
    say(`a stock of ${stock.toLocaleString("en")} establishments`);
    const file = join(dir, "stock.csv");
    await new Promise((done, fail) =>
      spawn("node", [join(root, "tests/load/sirene-rows.mjs"), String(stock), "1", "named"], { stdio: ["ignore", openSync(file, "w"), "inherit"] })
        .once("exit", (status) => (status ? fail(new Error("no rows")) : done())));
    await m.admin("import", "sirene", file);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  await m.psql("vacuum analyze data.establishment");
  await m.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
  const made = await m.admin("organisation", "create", "--name", "Cap emploi 03", "--network", "ce", "--territory", "1");
  const told = await m.admin("member", "create", "--email", "anne@example.org", "--name", "Anne", "--organisation", made.match(/Structure (\d+)/)[1], "--role", "adviser");
  say("its keys, for linkage");
  const [seconds] = await timed(() =>
    m.until(async () => (await m.psql("select not exists (select from data.establishment_unkeyed)")) === "t", "every establishment has its keys", 1800));
  figure("desk.keys_seconds", `keys of ${stock.toLocaleString("en")} establishments, once`, seconds, "s");
  return told.match(/Mot de passe : (\S+)/)[1];
}

/** A partner's file looked at, imported, given back and taken back. */
export async function partnered(m, password, rows, { figure, say }) {
  const member = await m.signIn("anne@example.org", password);
  /** A step: how long it takes, and the processor time of it. */
  const told = async (name, title, work, budget) => {
    const before = spent(m);
    const [seconds, value] = await timed(work);
    figure(`desk.${name}_seconds`, `  ${title}`, seconds, "s", budget);
    figure(`desk.${name}_cpu`, `    processor time`, spent(m) - before, "s");
    return value;
  };
  const known = (await m.psql(`select e.siret, coalesce(e.brand, e.legal_name), e.address, e.postcode, e.city from data.establishment e
     join data.territory_commune using (commune_code) where e.diffusion = 'O' and coalesce(e.brand, e.legal_name) is not null
     order by md5(e.siret) limit 40000`)).split("\n").map((line) => line.split("|"));
  const table = partner(known, rows);
  const text = table.map((cells) => cells.join(";")).join("\r\n") + "\r\n";
  // Asked five times a second: oftener, the asking is a part of what is measured.
  const soon = (question, what) => m.until(question, what, 300, 200);
  const ended = (id, states) => soon(async () => states.includes((await member.get(`/api/imports/${id}`)).body?.state), `import ${id}`);
  const given = (name, bytes) => async () => {
    const { body, status, text: why } = await member.request("POST", `/api/imports?preview=true&name=${name}`, bytes, { type: "application/octet-stream" });
    if (status !== 202) throw new Error(why);
    await ended(body.id, ["ready"]);
    return body.id;
  };
  const compared = async (id) =>
    soon(async () => {
      const { linkage } = (await member.get(`/api/imports/${id}/preview`)).body.impact;
      return !linkage.waiting && linkage;
    }, "its rows are compared");
  figure("desk.rows", "a partner's file: rows", rows, "");
  say("the same table as a workbook");
  const bytes = workbook([{ name: "Feuil1", rows: table }]);
  const twin = await told("preview_workbook", "looked at as a workbook", given("partenaire.xlsx", bytes), { most: BUDGET.preview });
  await member.post(`/api/imports/${twin}/cancel`);
  await m.until(async () => (await m.psql("select not exists (select from data.job where state in ('waiting', 'sent') and kind like 'import%')")) === "t", "the worker is free", 300);
  say("the text: looked at, imported, given back, taken back");
  const id = await told("preview", "looked at as text", given("partenaire.csv", Buffer.from(text)), { most: BUDGET.preview });
  const { impact } = (await member.get(`/api/imports/${id}/preview`)).body;
  if (impact.read !== rows || impact.linked < rows / 2) throw new Error(JSON.stringify(impact));
  const foreseen = await told("compared", "rows without SIRET compared, after that", () => compared(id));
  for (const outcome of ["linked", "review", "created", "unplaced"]) figure(`desk.compared_${outcome}`, `    foreseen: ${outcome}`, foreseen[outcome], "");
  await told("import", "imported, with linkage", async () => {
    await member.post(`/api/imports/${id}/start`);
    await ended(id, ["done"]);
    await soon(async () => (await member.get(`/api/imports/${id}`)).body.summary.linkage, "its rows are placed");
  }, { most: BUDGET.import });
  const { linkage } = (await member.get(`/api/imports/${id}`)).body.summary;
  for (const outcome of ["linked", "review", "created", "unplaced"]) figure(`desk.placed_${outcome}`, `    done: ${outcome}`, linkage[outcome], "");
  if (JSON.stringify(foreseen) !== JSON.stringify(linkage)) throw new Error(`foreseen ${JSON.stringify(foreseen)}, done ${JSON.stringify(linkage)}`);
  const back = async (name) => {
    const { status, text } = await member.get(`/api/imports/${id}/${name}`);
    if (status !== 200) throw new Error(`${status} for ${name}: ${text}`);
  };
  await told("return", "given back with its SIRET, as text", () => back("return.csv"));
  await told("return_workbook", "given back as a workbook", () => back("return.xlsx"));
  await told("revert", "taken back", async () => {
    await member.post(`/api/imports/${id}/revert`);
    await ended(id, ["reverted"]);
  });
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${m.children.worker[0].pid}/status`, "utf8"));
  figure("desk.worker_mb", "  memory of the worker at most", Number(peak?.[1] ?? 0) / 1024, "MB");
}

export async function desk({ figure, say, stock = 1_000_000, rows = 50_000 }) {
  const m = await Instance.start({ template: "seed", ownCluster: true });
  try {
    await makeDurable(m);
    await giveMemory(m);
    const password = await stocked(m, stock, { figure, say });
    await partnered(m, password, rows, { figure, say });
  } finally {
    await m.stop();
  }
}
