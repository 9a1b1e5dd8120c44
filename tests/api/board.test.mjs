// The public board: pages without script, found by words, place and contract; feeds; nothing that is not public.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { Instance } from "../lib/instance.mjs";

let m, anybody, ml;
before(async () => {
  m = await Instance.start({ template: "demo" });
  anybody = m.visitor();
  ml = await m.signIn(m.account({ role: "adviser", network: "ml" }).email);
});
after(() => m?.stop());

const page = async (path) => {
  const answer = await anybody.get(path);
  return { ...answer, ids: [...answer.text.matchAll(/<a href="\/offres\/(\d+)">/g)].map((x) => Number(x[1])) };
};
const decode = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, e) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[e]);
const publish = async (title, more = {}) => {
  const [{ id: establishment }] = await m.sql(`select id from data.establishment where status = 'A' and diffusion = 'O' ${more.where ?? ""} order by id limit 1`);
  const { where: _, ...fields } = more;
  const { body } = await ml.post("/api/offers", { establishment, title, rome: "G1602", contract: "cdd", publics: ["young"], ...fields });
  await ml.post(`/api/offers/${body.id}/confirm`, { confirmed_with: "M. Petit" });
  await ml.post(`/api/offers/${body.id}/open`, { reason: "Ouverture immédiate" });
  return { id: body.id, establishment };
};

test("every open offer is reached page after page, newest first, once, and nothing else", async () => {
  await Promise.all(Array.from({ length: 20 }, (_, i) => publish(`Ouvrier paysagiste ${i}`)));
  const open = (await m.sql("select id from data.offer where state = 'open' order by opened_at desc, id desc")).map((o) => o.id);
  assert.ok(open.length > 25, "more than one page");
  const seen = [];
  for (let path = "/offres"; path; ) {
    const answer = await page(path);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type"), /^text\/html/);
    assert.match(answer.headers.get("content-security-policy"), /script-src 'self'/);
    assert.equal(answer.headers.get("set-cookie"), null);
    seen.push(...answer.ids);
    path = decode(/rel="next" href="([^"]+)"/.exec(answer.text)?.[1] ?? "");
  }
  assert.deepEqual(seen, open);
});

test("words, place, distance and contract choose; an unknown place says so; a word half right is understood", async () => {
  const here = await publish("Apiculteur saisonnier du Bocage", { contract: "seasonal", where: "and city ilike 'moulins'" });
  const far = await publish("Apiculteur de la Combraille", { where: "and city ilike 'montlu%'" });
  assert.deepEqual((await page("/offres?q=APICULTEUR")).ids.sort(), [here.id, far.id].sort());
  assert.deepEqual((await page("/offres?q=bocage+apiculteur")).ids, [here.id]);
  assert.deepEqual((await page("/offres?q=apiculteur&lieu=Moulins")).ids, [here.id]);
  assert.deepEqual((await page("/offres?q=apiculteur&lieu=03000&km=0")).ids, [here.id]);
  assert.deepEqual((await page("/offres?q=apiculteur&lieu=moulins&km=100")).ids.sort(), [here.id, far.id].sort());
  assert.deepEqual((await page("/offres?q=apiculteur&contrat=seasonal")).ids, [here.id]);
  const unknown = await page("/offres?q=apiculteur&lieu=Atlantide");
  assert.match(unknown.text, /Commune inconnue/);
  assert.equal(unknown.ids.length, 2);
  assert.match((await page("/offres?q=personel+cuisin")).text, /Vouliez-vous dire/);
  // As the one who looks for it says it, whatever the employer wrote.
  const waiter = await publish("Serveur en salle au Bocage", { rome: "G1803" });
  assert.ok((await page("/offres?q=serveuse")).ids.includes(waiter.id));
  // What makes no sense is as if it had not been said; nothing breaks.
  for (const query of ["km=7", "contrat=x", "after=zzz", "q=%25%25_", "q=%5C", `q=${"a".repeat(3000)}`, "lieu=%00", "q=%F0%28", "q='%20or%201=1--"])
    assert.equal((await page(`/offres?${query}`)).status, 200, query);
});

/** What Google asks of a JobPosting and recommends (developers.google.com/search/docs/appearance/structured-data/job-posting), with the types of schema.org. */
function postingHolds(posting) {
  const text = (value) => typeof value === "string" && value.trim().length > 0;
  const moment = (value) => text(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) && !Number.isNaN(Date.parse(value));
  const rules = {
    "@context": (v) => v === "https://schema.org",
    "@type": (v) => v === "JobPosting",
    // required
    title: text,
    description: (v) => /^<p>.+<\/p>$/s.test(v) && !/<(?!\/?p>|br>)/.test(v),
    datePosted: moment,
    hiringOrganization: (v) => v["@type"] === "Organization" && text(v.name),
    jobLocation: (v) => v["@type"] === "Place" && v.address["@type"] === "PostalAddress",
    // recommended
    validThrough: (v) => moment(v) && v > posting.datePosted,
    employmentType: (v) => ["FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM", "OTHER"].includes(v),
    identifier: (v) => v["@type"] === "PropertyValue" && text(v.name) && text(v.value),
    directApply: (v) => v === false, // one applies by telephone or mail
    url: (v) => v.startsWith(`${m.url}/offres/`),
  };
  for (const [name, holds] of Object.entries(rules)) assert.ok(posting[name] !== undefined && holds(posting[name]), `${name}: ${JSON.stringify(posting[name])}`);
  const { address } = posting.jobLocation;
  assert.match(address.postalCode, /^\d{5}$/);
  assert.ok(text(address.addressLocality) && !/\d/.test(address.addressLocality), address.addressLocality);
  assert.ok(text(address.addressRegion), "region");
  assert.equal(address.addressCountry, "FR");
  if (posting.baseSalary) {
    const { value, ...money } = posting.baseSalary;
    assert.deepEqual(money, { "@type": "MonetaryAmount", currency: "EUR" });
    assert.equal(value["@type"], "QuantitativeValue");
    assert.ok(["HOUR", "MONTH", "YEAR"].includes(value.unitText), value.unitText);
    assert.ok(value.value > 0 !== value.minValue > 0, "an amount, or a range");
    assert.ok(value.minValue === undefined || value.minValue < value.maxValue);
  }
  const known = new Set(["@context", "@type", "title", "description", "identifier", "url", "datePosted", "validThrough", "employmentType", "baseSalary", "experienceRequirements", "skills",
    "jobBenefits", "occupationalCategory", "totalJobOpenings", "workHours", "jobStartDate", "directApply", "hiringOrganization", "jobLocation", "applicationContact"]);
  for (const name of Object.keys(posting)) assert.ok(known.has(name), `schema.org has no JobPosting.${name}`);
}

const postingOf = async (id) => JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec((await page(`/offres/${id}`)).text)[1]);

test("every posting of every shape holds what search engines require and recommend, and no employer", async () => {
  const shapes = [
    ["Maçon réf. 2026-114", {}, "Maçon"],
    ["Plombier H/F (Réf : AB12)", { details: { salary_min: 1900, salary_period: "month" } }, "Plombier H/F"],
    ["Référent de parcours", { details: { salary_min: 12, salary_max: 14.5, salary_period: "hour" }, contract: "cdd" }, "Référent de parcours"],
    ["Peintre", { details: { salary_max: 30000, salary_period: "year", work_time: "part", experience: "none" }, contract: "interim" }, "Peintre"],
    ["Animateur", { details: { salary_min: 900, salary_period: "mission" }, contract: "seasonal", description: "Été.\nLogé <si besoin>." }, "Animateur"],
    ["Apprenti", { contract: "apprenticeship", hours: 35, starts_on: "2026-09-01" }, "Apprenti"],
    ["Stagiaire", { contract: "internship", commune: "03190" }, "Stagiaire"],
  ];
  const amounts = [];
  for (const [title, more, shown] of shapes) {
    const { id, establishment } = await publish(title, more);
    const posting = await postingOf(id);
    postingHolds(posting);
    assert.equal(posting.title, shown);
    amounts.push(posting.baseSalary?.value.value ?? posting.baseSalary?.value.maxValue ?? null);
    const [row] = await m.sql(`select e.name, e.siret, e.address, e.phone, e.email from data.establishment e where e.id = ${establishment}`);
    for (const value of Object.values(row)) if (value) assert.ok(!JSON.stringify(posting).includes(value), `${title} tells ${value}`);
  }
  assert.deepEqual(amounts, [null, 1900, 14.5, 30000, null, null, null]);
  // How to reach the employer is told when it wants to be asked, and only then.
  const ways = { apply_phone: "0470010203", apply_email: "ici@atelier.example" };
  assert.ok(!JSON.stringify(await postingOf((await publish("Grutier", { details: ways })).id)).includes("atelier.example"));
  assert.ok(JSON.stringify(await postingOf((await publish("Pontier roulant", { details: { ...ways, apply_by: "employer" } })).id)).includes("atelier.example"));
});

test("what people typed is text, in pages, in the posting and in the feed", async () => {
  const nasty = `Soudeur <script>alert(1)</script> "A" & 'B'`;
  const { id, establishment } = await publish(nasty, { description: "</script><img src=x onerror=alert(1)>\n<b>gras</b> & co", salary: "12 € < 13 €" });
  for (const path of [`/offres/${id}`, "/offres?q=soudeur", "/offres?q=%22%3E%3Cscript%3Ealert(2)%3C/script%3E", "/offres.atom?q=soudeur"]) {
    const { text } = await page(path);
    assert.ok(!/<script(?! type="application\/ld\+json")/.test(text), path);
    assert.ok(!/<img|<b>/.test(text.replace(/<script type="application\/ld\+json">.*?<\/script>/s, "")), path);
  }
  const { text, status } = await page(`/offres/${id}`);
  assert.equal(status, 200);
  const posting = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text)[1]);
  postingHolds(posting);
  assert.equal(posting.title, nasty);
  assert.match(posting.description, /^<p>&lt;\/script&gt;&lt;img/);
  assert.equal(posting.baseSalary, undefined, "words are no amount");
  assert.equal(posting.identifier.value, String(id));
  assert.equal(posting.url, `${m.url}/offres/${id}`);
  // The employer is named nowhere.
  const [{ name, siret }] = await m.sql(`select name, siret from data.establishment where id = ${establishment}`);
  assert.ok(!text.includes(siret) && !text.includes(name));
});

test("the page of an offer says all that it holds, how one applies, and which one stands for it", async () => {
  const details = {
    duration: 6, duration_unit: "month", work_time: "part", schedule: "Le matin", benefits: ["Mutuelle", "Panier"], experience: "required", experience_months: 24, qualification: 6,
    requirements: [{ kind: "skill", label: "Brasage", required: true }, { kind: "quality", label: "Rigueur" }, { kind: "licence", label: "B" }],
    conditions: ["Port de charges", "Travail <posté>"], travel: 2, accessible: true, adapted: true,
    apply_by: "employer", apply_name: "Mme Duval", apply_url: "https://atelier.example/?a=1&b=2", apply_email: "ici@atelier.example", apply_phone: "0470010203", apply_note: "Le matin",
  };
  const { id } = await publish("Brasseur d’atelier", { contract: "cdd", details });
  const { text } = await page(`/offres/${id}`);
  const facts = Object.fromEntries([...text.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs)].map(([, label, value]) => [label, value]));
  assert.deepEqual(
    ["Durée du contrat", "Temps de travail", "Horaires", "Avantages", "Expérience", "Qualification", "Compétences", "Qualités", "Permis", "Conditions", "Déplacements", "Handicap"].map((label) => facts[label]),
    ["6 mois", "Temps partiel", "Le matin", "Mutuelle, Panier", "Exigée, 2 ans", "Employé qualifié", "Brasage (exigé)", "Rigueur", "B", "Port de charges, Travail &lt;posté&gt;", "Ponctuels", "Poste accessible, Entreprise adaptée"]);
  assert.match(text, /Auprès de l’employeur\u202f: Mme Duval/);
  assert.match(text, /<a href="https:\/\/atelier\.example\/\?a=1&amp;b=2" rel="nofollow noopener">/);
  assert.match(text, /<a href="mailto:ici@atelier\.example">.*<a href="tel:0470010203">04\u202f70/s);
  const { id: shown } = await publish("Brasseur, atelier de Moulins");
  await m.psql(`update data.offer set replaced_by = ${shown} where id = ${id}`);
  const behind = await page(`/offres/${id}`);
  assert.equal(behind.status, 200);
  assert.match(behind.text, new RegExp(`La même offre est suivie ici\u202f: <a href="/offres/${shown}">Brasseur, atelier de Moulins</a>`));
  assert.match(behind.text, new RegExp(`<link rel="canonical" href="[^"]*/offres/${shown}">`));
  assert.ok(!behind.text.includes("ld+json") && behind.text.includes('content="noindex"'));
  await m.psql(`update data.offer set replaced_by = null where id = ${id}`);
});

test("closed: 410 and noindex; reserved or unknown: 404, and nothing tells them apart", async () => {
  const { id } = await publish("Poste bientôt pourvu");
  await ml.post(`/api/offers/${id}/fill`, {});
  const gone = await page(`/offres/${id}`);
  assert.deepEqual([gone.status, gone.headers.get("x-robots-tag")], [410, "noindex"]);
  assert.match(gone.text, /n’est plus ouverte/);
  const [{ id: reserved }] = await m.sql("select id from data.offer where state = 'reserved' limit 1");
  const [hidden, unknown] = [await page(`/offres/${reserved}`), await page("/offres/99999999")];
  assert.deepEqual([hidden.status, unknown.status], [404, 404]);
  assert.equal(hidden.text, unknown.text);
});

test("feed and sitemap are well formed and name what is open", async () => {
  const xml = (text) => execFileSync("xmllint", ["--nonet", "--noout", "-"], { input: text });
  const feed = await page("/offres.atom");
  assert.match(feed.headers.get("content-type"), /^application\/atom\+xml/);
  xml(feed.text);
  const open = (await m.sql("select id from data.offer where state = 'open' order by opened_at desc, id desc limit 50")).map((o) => `${m.url}/offres/${o.id}`);
  assert.deepEqual([...feed.text.matchAll(/<entry>\s*<title>.*?<\/title>\s*<id>(.*?)<\/id>/gs)].map((x) => x[1]), open);
  const index = await page("/sitemap.xml");
  xml(index.text);
  const addresses = [];
  for (const [, part] of index.text.matchAll(/<loc>(.*?)<\/loc>/g)) {
    const { text } = await page(part.slice(m.url.length));
    xml(text);
    addresses.push(...[...text.matchAll(/<loc>(.*?)<\/loc>/g)].map((x) => x[1]));
  }
  assert.deepEqual(addresses.sort(), (await m.sql("select id from data.offer where state = 'open'")).map((o) => `${m.url}/offres/${o.id}`).sort());
  assert.match((await page("/robots.txt")).text, /Allow: \/offres\nAllow: \/sitemap\nDisallow: \/\nSitemap: .*\/sitemap\.xml/);
});

test("a visitor beyond the limit waits a moment; a subscriber of IPv6 counts once, the neighbours are not touched", async () => {
  const other = await Instance.start({ template: "empty", worker: 0, serverFlags: ["--trusted-proxy", "127.0.0.1"] });
  try {
    const ask = (from) => fetch(`${other.url}/offres`, { headers: { "x-forwarded-for": from } });
    const first = await ask("192.0.2.7");
    assert.deepEqual([first.status, first.headers.get("ratelimit-policy")], [200, '"board";q=240;w=60']);
    const statuses = [];
    for (let i = 0; i < 25; i++) statuses.push(...(await Promise.all(Array.from({ length: 10 }, (_, k) => ask(`2001:db8:1:2::${i * 10 + k + 1}`)))).map((a) => a.status));
    assert.deepEqual([statuses.filter((s) => s === 200).length, statuses.filter((s) => s === 429).length], [240, 10]);
    const refused = await ask("2001:db8:1:2:ffff::1");
    assert.ok(Number(refused.headers.get("retry-after")) >= 1);
    assert.match(refused.headers.get("content-type"), /^text\/html/);
    assert.match(await refused.text(), /<h1>Trop de demandes\s; attendez avant de recommencer\.<\/h1>\n<p>Recommencez dans \d+ secondes/, "it is told to a person");
    assert.equal((await ask("2001:db8:1:3::1")).status, 200);
    assert.equal((await fetch(`${other.url}/offres`)).headers.get("ratelimit"), null, "this machine is not counted");
  } finally {
    await other.stop();
  }
});
