// Where offers are published: the partner file, dropped whole by the worker and read back by our own reader of feeds; what an
// agreement names; what is said of it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { Instance, build } from "../lib/instance.mjs";

let m, manager, ml, drop, channel;

before(async () => {
  m = await Instance.start({ template: "demo", worker: 0 });
  drop = join(m.dir, "drop");
  mkdirSync(drop);
  m.workerFlags = ["--drop-dir", drop, "--public-url", "https://offres.example,https://autre.example"];
  m.startWorker();
  await m.clock("2026-06-04T10:00:00+02:00");
  const who = m.account({ role: "manager", network: "ml" });
  manager = await m.signIn(who.email);
  ml = await m.signIn(m.account({ role: "adviser", organisation: who.organisation }).email);
});
after(() => m?.stop());

const until = (what, seconds = 15) => m.until(what, String(what), seconds);
const delivery = async (id) => (await manager.get(`/api/deliveries/${id}`)).body;
const dropped = async () => {
  const { id } = (await manager.post(`/api/channels/${channel.id}/test`)).body;
  const done = await until(async () => ((await delivery(id)).state === "done" ? delivery(id) : null));
  return { done, text: readFileSync(join(drop, "ML_ESSAI.csv"), "utf8") };
};
// As a partner would: a proposal for the description of the file, then each offer by it.
const read = (text) => {
  const [file, layout] = [join(m.dir, "feed.csv"), join(m.dir, "feed.toml")];
  writeFileSync(file, text);
  writeFileSync(layout, execFileSync(join(build, "maillage-feed"), ["suggest", file]));
  return execFileSync(join(build, "maillage-feed"), ["read", layout, file], { encoding: "utf8" }).trim().split("\n").map((line) => JSON.parse(line));
};
const opened = async (body) => {
  const list = (await ml.get("/api/establishments?state=free&limit=5")).body.items;
  const made = await ml.post("/api/offers", { establishment: list[0].id, rome: "D1102", contract: "cdi", ...body });
  assert.equal(made.status, 201, made.text);
  await ml.post(`/api/offers/${made.body.id}/confirm`, { confirmed_with: "Mme Petit" });
  const open = await ml.post(`/api/offers/${made.body.id}/open`, { reason: "Besoin immédiat" });
  assert.equal(open.status, 200, open.text);
  return open.body;
};

test("a file has a name and a rhythm, nobody else's name, and no secret", async () => {
  const make = (body) => manager.post("/api/channels", { kind: "file", name: "Fichier partenaire", target: "ML_ESSAI", schedule: "nightly", ...body });
  for (const target of ["../ailleurs", "a/b", ".cache", "é-accent", "ab"]) {
    const refused = await make({ target });
    assert.deepEqual([refused.status, refused.body.fields?.[0]?.field], [422, "target"], target);
  }
  assert.equal((await make({ schedule: undefined })).body.fields[0].field, "schedule");
  assert.equal((await manager.post("/api/channels", { kind: "push", name: "X2", target: "https://x.example/", schedule: "hourly" })).body.fields[0].field, "schedule");
  const made = await make({});
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.body.secret, made.body.schedule, made.body.kind], [null, "nightly", "file"]);
  channel = made.body;
  assert.equal((await make({ name: "Encore" })).body.code, "channel_file_taken");
  assert.equal((await manager.post(`/api/channels/${channel.id}/rotate`)).body.code, "channel_unsigned");
  assert.equal((await ml.get(`/api/channels/${channel.id}/file`)).status, 403);
  await until(() => existsSync(join(drop, "ML_ESSAI.csv")));
});

test("what is open comes back as it was through a reader of feeds", async () => {
  const details = {
    duration: 18, duration_unit: "month", work_time: "part", schedule: "28 h, horaires du matin", conditions: ["Port de charges, debout"], adapted: false, salary_min: 1850.5, salary_max: 2000, salary_period: "month", salary_months: 13,
    experience: "required", experience_months: 24, qualification: 6, travel: 2, accessible: true, benefits: ["Mutuelle", "Repas"],
    requirements: [
      { kind: "skill", label: "Pétrissage", required: true, code: "102405" }, { kind: "skill", label: "Cuisson ; façonnage" }, { kind: "training", label: "CAP Boulanger", required: true },
      { kind: "language", label: "Anglais" }, { kind: "licence", label: "B" }, { kind: "quality", label: "Ponctualité" }],
    apply_by: "employer", apply_name: "Mme Duval", apply_email: "recrutement@fournil.example", apply_phone: "0465710077", apply_url: "https://fournil.example/postuler?a=1&b=2", apply_note: "Le matin, sauf lundi",
  };
  const description = "Pétrir, façonner, cuire | dès 4 h.\n\n- « pains spéciaux »\n- \"viennoiseries\"; tartes";
  const one = await opened({ title: "Boulanger, boulangère d’étage", contract: "cdd", posts: 3, hours: 28.5, starts_on: "2026-07-01", description, details });
  const contracts = {};
  for (const contract of ["cdi", "interim", "seasonal", "apprenticeship", "professionalisation", "subsidised", "internship"]) contracts[(await opened({ title: `Poste en contrat ${contract.length}`, contract })).id] = contract;
  const { done, text } = await dropped();
  assert.match(done.tries[0].answer, /^ML_ESSAI\.csv\s: \d+ offres ouvertes, 0 fermées, \d+ octets$/);
  assert.deepEqual([done.status, done.tries[0].answer.match(/(\d+) octets/)[1]], [201, String(Buffer.byteLength(text))]);
  assert.ok(text.startsWith("Par_ref_offre|Par_cle|Par_nom|") && text.endsWith("\n"));
  const back = read(text);
  const [{ n }] = await m.sql(`select count(*)::int as n from data.offer o join data.organisation g on g.id = o.organisation_id where g.network = 'ml' and o.state = 'open'
    and g.id = (select organisation_id from data.channel where id = ${channel.id}) and (o.replaced_by is null or not data.is_open(o.replaced_by))`);
  assert.equal(back.length, n, "all that is open");
  assert.deepEqual(back.flatMap((b) => b.faults), []);
  const { etat, ...got } = back.find((b) => b.offer.reference === String(one.id)).offer;
  const [place] = await m.sql(`select c.name, c.code, c.department, c.postcodes[1] as postcode, round(ext.st_y(c.centre)::numeric, 6)::text as latitude, round(ext.st_x(c.centre)::numeric, 6)::text as longitude,
    to_char(o.closes_at at time zone 'Europe/Paris', 'YYYY-MM-DD') as fin from data.offer o join data.commune c on c.code = o.commune_code where o.id = ${one.id}`);
  assert.equal(etat, "open");
  assert.deepEqual(got, {
    reference: String(one.id), titre: "Boulanger, boulangère d’étage", description, rome: "D1102", appellation: "Boulanger, boulangère d’étage", contrat: "cdd", postes: "3", heures: "28.5", debut: "2026-07-01", fin: place.fin, latitude: place.latitude, longitude: place.longitude, entreprise: one.organisation.name,
    code_postal: place.postcode, ville: place.name, commune: place.code, departement: place.department, adresse_web: `https://offres.example/offres/${one.id}`, salaire_min: "1850.50", salaire_max: "2000.00", salaire_periode: "month", temps: "part",
    duree: "18 month", experience: "required", experience_mois: "24", competences: "Pétrissage (exigé) [102405]\nCuisson , façonnage", formation: "CAP Boulanger (exigé)", langues: "Anglais", permis: "B", qualites: "Ponctualité",
    avantages: "Mutuelle\nRepas", conditions: "Port de charges, debout", horaires: "28 h, horaires du matin", salaire_mois: "13.0", qualification: "6", deplacements: "2", accessible: "true", adaptee: "false",
    candidature: "employer", contact: "Mme Duval", telephone: "0465710077", courriel: "recrutement@fournil.example", adresse_postuler: "https://fournil.example/postuler?a=1&b=2", consigne: "Le matin, sauf lundi",
  });
  for (const [id, contract] of Object.entries(contracts)) assert.equal(back.find((b) => b.offer.reference === id).offer.contrat, contract);
  assert.ok(!text.includes("Mme Petit"), "who confirmed is nobody's business");
  const [{ employer }] = await m.sql(`select e.siret as employer from data.offer o join data.establishment e on e.id = o.establishment_id where o.id = ${one.id}`);
  assert.ok(!text.includes(employer));
  const now = await manager.get(`/api/channels/${channel.id}/file`);
  assert.equal(now.status, 200);
  assert.equal(now.headers.get("content-disposition"), 'attachment; filename="ML_ESSAI.csv"');
  assert.equal(now.text.replace(/http:\/\/[^/|]*\/offres/g, "https://offres.example/offres"), text, "downloaded as it is dropped");

  // Its place is told on the offer; what ends is said to be over in the next file, and is not told any more after that.
  const where = async () => (await ml.get(`/api/offers/${one.id}/outlets`)).body.items;
  const file = (await where()).find((o) => o.code === "file");
  assert.deepEqual([file.name, file.state], ["Fichier partenaire", "shown"]);
  assert.ok(file.sent_at >= file.published_at);
  await ml.post(`/api/offers/${one.id}/withdraw`, { reason: "Recruté autrement" });
  assert.equal((await where()).find((o) => o.code === "file").over_at, null);
  const again = await dropped();
  assert.match(again.done.tries[0].answer, / 1 fermées, /);
  assert.equal(read(again.text).find((b) => b.offer.reference === String(one.id)).offer.etat, "closed");
  assert.equal((await where()).find((o) => o.code === "file").state, "over");
});

test("the file of one house is an offer as it was in another", async () => {
  const details = {
    duration: 6, duration_unit: "week", work_time: "full", schedule: "de nuit", salary_min: 12.5, salary_max: 14, salary_period: "hour", salary_months: 12.5,
    experience: "wished", experience_months: 6, qualification: 3, travel: 4, accessible: false, adapted: true, benefits: ["Logement", "Prime, selon résultat"], conditions: ["En extérieur", "Port de charges"],
    requirements: [
      { kind: "skill", label: "Souder, à l’arc", required: true, code: "117468" }, { kind: "training", label: "CAP" }, { kind: "language", label: "Portugais", required: true }, { kind: "licence", label: "C", required: true },
      { kind: "quality", label: "Rigueur" }],
    apply_by: "employer", apply_name: "M. Petit", apply_phone: "0465710078", apply_note: "Sur place",
  };
  const one = await opened({ title: "Soudeur d’échange", contract: "cdd", posts: 2, hours: 35, description: "Souder.", details });
  const { text } = await dropped();
  const lines = text.split("\n");
  // The employer is not named in the file: the partner that takes it says whose it is.
  const line = lines.find((l) => l.startsWith(`${one.id}|`));
  const { siret } = (await m.sql(`select e.siret from data.establishment e join data.territory_commune t on t.commune_code = e.commune_code where e.siret is not null and e.merged_into is null order by e.id limit 1`))[0];
  const { id } = (await manager.post("/api/feeds", { name: "Un autre Maillage" })).body;
  await manager.request("PUT", `/api/feeds/${id}/file?name=ML.csv`, Buffer.from(`${lines[0]}\n${line.split("|").with(lines[0].split("|").indexOf("Off_client_final_siret"), siret).join("|")}\n`));
  const feed = async () => (await manager.get(`/api/feeds/${id}`)).body;
  await until(async () => (await feed()).last_run.state === "done");
  const { layout, fields } = (await manager.post(`/api/feeds/${id}/preview`)).body;
  assert.equal(fields.deplacements, "Deplacements");
  await manager.put(`/api/feeds/${id}/layout`, { layout }, { headers: { "if-match": `"${(await feed()).version}"` } });
  await until(async () => (await feed()).offers === 1);
  const [made] = (await manager.get(`/api/feeds/${id}/offers`)).body.items;
  const back = (await manager.get(`/api/offers/${made.offer}`)).body;
  const { origin_reference, origin_url, ends_on, ...rest } = back.details;
  assert.equal(ends_on, new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(new Date((await ml.get(`/api/offers/${one.id}`)).body.closes_at)), "it holds as long as it is open there");
  assert.deepEqual([origin_reference, origin_url], [String(one.id), `https://offres.example/offres/${one.id}`]);
  const whole = (d) => ({ ...d, requirements: d.requirements.map((r) => ({ ...r, required: r.required ?? false })) });
  assert.deepEqual(whole(rest), whole(details));
  const said = ({ title, rome, contract, posts, hours, description }) => ({ title, rome, contract, posts, hours, description });
  assert.deepEqual(said(back), said((await ml.get(`/api/offers/${one.id}`)).body));
});

test("a file is never half, and nothing is left beside it; a directory that fails is said", async () => {
  const columns = readFileSync(join(drop, "ML_ESSAI.csv"), "utf8").split("\n")[0];
  let stop = false, looks = 0;
  const look = (async () => {
    while (!stop) {
      const text = readFileSync(join(drop, "ML_ESSAI.csv"), "utf8");
      assert.ok(text.startsWith(columns) && text.endsWith("\n"), "whole");
      looks++;
      await new Promise((next) => setImmediate(next));
    }
  })();
  for (let i = 0; i < 5; i++) {
    if (i === 3) await m.stopWorker("SIGKILL").then(() => m.startWorker());
    await dropped();
  }
  stop = true;
  await look;
  assert.ok(looks > 20);
  assert.deepEqual(readdirSync(drop), ["ML_ESSAI.csv"]);
  await m.stopWorker();
  m.startWorker(["--drop-dir", join(m.dir, "nulle-part")]);
  const { id } = (await manager.post(`/api/channels/${channel.id}/test`)).body;
  const tried = await until(async () => ((await delivery(id)).tries.length ? delivery(id) : null));
  assert.deepEqual([tried.state, tried.status], ["waiting", null]);
  assert.match(tried.tries[0].error, /^Le répertoire de dépôt .*nulle-part n’existe pas/);
  mkdirSync(join(m.dir, "nulle-part"));
  await until(async () => (await delivery(id)).state === "done", 30); // by itself
  assert.deepEqual(readdirSync(join(m.dir, "nulle-part")), ["ML_ESSAI.csv"]);
  await m.stopWorker();
  m.startWorker();
});

test("the rhythm is kept, and a pause is one", async () => {
  await m.clock("2026-06-05T03:29:50+02:00");
  const night = await until(async () => (await manager.get(`/api/deliveries?channel=${channel.id}&state=done`)).body.items.find((d) => d.message.endsWith(String(Date.parse("2026-06-05T03:30:00+02:00") / 1000))), 30);
  assert.equal(night.kind, "file.drop");
  const state = async () => (await manager.get("/api/channels")).body.items.find((c) => c.id === channel.id);
  assert.equal(Date.parse((await state()).next_at), Date.parse("2026-06-06T03:30:00+02:00"));
  const paused = await manager.patch(`/api/channels/${channel.id}`, { state: "paused" }, { headers: { "if-match": `"${(await state()).version}"` } });
  assert.deepEqual([paused.status, paused.body.next_at], [200, null]);
});

test("an agreement names where the offers of a network go; the others keep theirs", async () => {
  const named = async (who) => (await who.get("/api/outlets")).body.items.filter((o) => o.named).map((o) => o.code);
  assert.equal((await named(ml)).length, 8);
  const said = await m.admin("agreement", "channels", "--network", "ml", "--channels", "board,push");
  assert.match(said.stdout ?? said, /version 1/);
  assert.deepEqual(await named(ml), ["board", "push"]);
  const one = await opened({ title: "Sur le tableau seulement" });
  const page = await ml.get(`/offres/${one.id}`);
  assert.equal(page.status, 200);
  assert.ok(!page.text.includes("application/ld+json"), "no posting for search engines");
  assert.ok(!(await ml.get("/offres.atom")).text.includes("Sur le tableau seulement"));
  assert.ok(!(await ml.get("/sitemap-offres.xml?apres=0")).text.includes(`/offres/${one.id}<`));
  assert.deepEqual((await ml.get(`/api/offers/${one.id}/outlets`)).body.items.map((o) => `${o.code} ${o.state}`), ["board shown"]);
  await assert.rejects(m.admin("agreement", "channels", "--channels", "board,radio"));
});
