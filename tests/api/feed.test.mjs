// A feed from end to end: given by hand or fetched from a real server that fails, hangs, redirects, answers 304; read, completed,
// changed, held, withdrawn.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { Instance } from "../lib/instance.mjs";
import { workbook, zip } from "../lib/workbook.mjs";

let m, manager, adviser, other, partner, port, list;
let answer = (request, response) => response.end();
const asked = [];

before(async () => {
  partner = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    answer(request, response);
  });
  await new Promise((done) => partner.listen(0, "localhost", done));
  port = partner.address().port;
  m = await Instance.start({ template: "seed", serverFlags: ["--private-hosts", "localhost"], workerFlags: ["--private-hosts", "localhost"] });
  await m.admin("territory", "create", "--name", "Allier", "--kind", "departement", "--department", "03");
  const organisation = async (name, network) => (await m.admin("organisation", "create", "--name", name, "--network", network, "--territory", "1")).match(/Structure (\d+)/)[1];
  const join = async (of, role, email) => {
    const told = await m.admin("member", "create", "--email", email, "--name", "Anne Martin", "--organisation", of, "--role", role);
    return m.signIn(email, told.match(/Mot de passe : (\S+)/)[1]);
  };
  const ours = await organisation("Mission locale", "ml");
  manager = await join(ours, "manager", "anne@example.org");
  adviser = await join(ours, "adviser", "paul@example.org");
  other = await join(await organisation("Cap emploi 03", "ce"), "manager", "lea@example.org");
  await m.psql(`insert into data.establishment (siret, legal_name, address, postcode, city, commune_code, naf) values
    ('73282932000074', 'BOULANGERIE DU PONT REGEMORTES', '1 RUE DU PONT', '03000', 'MOULINS', '03190', '10.71C'),
    ('55210055400013', 'BOULANGERIE DES TROIS EPIS', '2 RUE DES EPIS', '03000', 'MOULINS', '03190', '10.71C'),
    ('44306184100047', 'FOURNIL DE LA MADELEINE', '3 RUE DE LA MADELEINE', '03000', 'MOULINS', '03190', '10.71C'),
    ('35600000000048', 'BRASSERIE DU GRAND CAFE', '49 PLACE D ALLIER', '03000', 'MOULINS', '03190', '56.10A'),
    ('78467169500087', 'HOTEL RESTAURANT DES ARCADES', '5 COURS ANATOLE', '03200', 'VICHY', '03310', '55.10Z'),
    ('54205118000066', 'GARAGE DES BOURBONS', '6 ROUTE DE LYON', '03400', 'YZEURE', '03321', '45.20A')`);
  list = await m.sql("select id, siret, legal_name as name, city, postcode from data.establishment order by id");
  await m.until(async () => (await m.psql("select count(*) from data.establishment_unkeyed")) === "0", "the employers have their keys");
});
after(async () => {
  partner?.closeAllConnections?.();
  partner?.close();
  await m?.stop();
});

const until = (what, said) => m.until(what, said);
const feed = async (id) => (await manager.get(`/api/feeds/${id}`)).body;
const settled = async (id) => {
  await until(async () => !["waiting", undefined].includes((await feed(id)).last_run?.state), "the feed was read");
  return feed(id);
};
const xml = (offers) =>
  `<?xml version="1.0" encoding="UTF-8"?><export><annonces>${offers
    .map((o) => `<annonce num="${o.ref}"><intitule>${o.title}</intitule><texte><![CDATA[<p>${o.text ?? "Le poste est à pourvoir au plus vite, dans une petite équipe du centre."}</p>]]></texte>` +
      `<contrat>${o.contract ?? "CDI"}</contrat><rome>${o.rome ?? "D1102"}</rome><societe><nom>${o.name ?? ""}</nom><siret>${o.siret ?? ""}</siret></societe><lieu><cp>${o.cp ?? "03000"}</cp><ville>${o.city ?? "Moulins"}</ville></lieu></annonce>`)
    .join("")}</annonces></export>`;
const jobs = (n, more = () => ({})) => Array.from({ length: n }, (_, i) => ({ ref: `A${i + 1}`, title: `Boulanger numéro ${i + 1}`, siret: list[i % list.length].siret, ...more(i) }));

test("a file given by hand is described, then read; a wrong description changes nothing", async () => {
  const made = await manager.post("/api/feeds", { name: "Le journal" });
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  assert.equal((await adviser.post("/api/feeds", { name: "Autre" })).status, 403);
  assert.equal((await manager.post(`/api/feeds/${id}/preview`)).body.code, "feed_empty");
  const given = await adviser.request("PUT", `/api/feeds/${id}/file?name=offres.xml.gz`, gzipSync(xml([...jobs(3), { ref: "A4", title: "Serveur", name: list[3].name, cp: list[3].postcode, city: list[3].city }, { ref: "A5", title: "Plongeur", name: "Personne ne connaît SARL", contract: "Pige" }])));
  assert.equal(given.status, 202, given.text);
  let now = await settled(id);
  assert.deepEqual([now.last_run.state, now.offers, now.layout, now.has_file], ["done", 0, null, true]);
  const preview = (await manager.post(`/api/feeds/${id}/preview`)).body;
  assert.deepEqual([preview.element, preview.fields.reference, preview.fields.titre, preview.fields.siret, preview.fields.ville, preview.elements, preview.usable],
    ["export/annonces/annonce", "@num", "intitule", "societe/siret", "lieu/ville", 5, 5]);
  assert.equal(preview.offers[0].offer.titre, "Boulanger numéro 1");
  assert.ok(preview.offers[4].faults.some((f) => f.field === "contrat" && f.code === "unknown"));
  const wrong = await manager.post(`/api/feeds/${id}/preview`, { layout: 'element = "export/annonces/annonce"\n[champs]\nreference = "@num"\n' });
  assert.match(wrong.body.fault.sentence, /titre/);
  const refused = await manager.put(`/api/feeds/${id}/layout`, { layout: "element =" }, { headers: { "if-match": `"${now.version}"` } });
  assert.deepEqual([refused.status, refused.body.fields[0].field], [422, "layout"]);
  assert.equal((await manager.put(`/api/feeds/${id}/layout`, { layout: preview.layout }, { headers: { "if-match": '"99"' } })).status, 412);
  const layout = `${preview.layout}\n[contrats]\n"Pige" = "cdd"\n`;
  assert.equal((await manager.put(`/api/feeds/${id}/layout`, { layout }, { headers: { "if-match": `"${now.version}"` } })).status, 200);
  now = await settled(id);
  assert.deepEqual([now.last_run.elements, now.last_run.made, now.offers, now.incomplete], [5, 4, 4, 1], JSON.stringify(now.last_run));
  const rows = (await adviser.get(`/api/feeds/${id}/offers`)).body.items;
  assert.deepEqual(rows.map((r) => [r.reference, r.state, r.tied_by]), [["A5", "incomplete", null], ["A4", "offer", "linkage"], ["A3", "offer", "siret"], ["A2", "offer", "siret"], ["A1", "offer", "siret"]]);
  assert.equal(rows[1].establishment.id, list[3].id);
  const offer = (await adviser.get(`/api/offers/${rows[4].offer}`)).body;
  assert.deepEqual([offer.state, offer.title, offer.description, offer.member.name], ["draft", "Boulanger numéro 1", "Le poste est à pourvoir au plus vite, dans une petite équipe du centre.", "Le journal (flux d’offres)"]);
  // What waits for its employer is completed by a person.
  const done = await adviser.patch(`/api/feed-offers/${rows[0].id}`, { establishment: list[5].id }, { headers: { "if-match": `"${rows[0].version}"` } });
  assert.deepEqual([done.status, done.body.state, done.body.offer_state, done.body.contract], [200, "offer", "draft", "cdd"], done.text);
  const faults = await adviser.get(`/api/feeds/${id}/runs/${now.last_run.id}/faults.csv`);
  assert.match(faults.text, /Ligne;Référence;Champ/);
});

test("an address is fetched, asked whether it changed, followed through a redirection, never into the house", async () => {
  answer = (request, response) => {
    if (request.url === "/vieux") return response.writeHead(302, { location: "/offres.xml" }).end();
    if (request.headers["if-none-match"] === '"1"') return response.writeHead(304).end();
    response.writeHead(200, { etag: '"1"', "content-type": "application/xml" }).end(xml(jobs(6)));
  };
  const { id, version } = (await manager.post("/api/feeds", { name: "Intérim", address: `http://localhost:${port}/vieux`, every_minutes: 60, confirmed_with: "Convention du 3 mars" })).body;
  await until(async () => (await feed(id)).has_file, "it was fetched");
  const { layout } = (await manager.post(`/api/feeds/${id}/preview`)).body;
  await manager.put(`/api/feeds/${id}/layout`, { layout }, { headers: { "if-match": `"${version}"` } });
  await until(async () => (await feed(id)).offers === 6, "six offers are there");
  const [{ state }] = await m.sql(`select min(state) || max(state) as state from data.offer where feed_id = ${id}`);
  assert.equal(state, "reservedreserved", "confirmed by the agreement");
  asked.length = 0;
  await manager.post(`/api/feeds/${id}/read`);
  await until(async () => (await feed(id)).last_run.state === "unchanged", "nothing has changed");
  assert.equal(asked.at(-1).headers["if-none-match"], '"1"');

  // A server that fails, a file that is cut, an empty one: nothing is withdrawn.
  for (const [broken, why] of [
    [(_, response) => response.writeHead(503).end(), /503/],
    [(_, response) => response.end(xml(jobs(6)).slice(0, 700)), /coupé/],
    [(_, response) => response.end("<export></export>"), /Aucun élément/],
    [(_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/x" }).end(), /privé|refusée/],
    [(request) => request.socket.destroy(), /./],
  ]) {
    answer = broken;
    await manager.post(`/api/feeds/${id}/read`);
    const now = await settled(id);
    assert.deepEqual([now.last_run.state, now.offers], ["failed", 6], why.source);
    assert.match(now.last_run.error, why);
  }
  // Most of it gone: a person is asked; then changes, one gone, one new.
  answer = (_, response) => response.end(xml(jobs(2)));
  await manager.post(`/api/feeds/${id}/read`);
  let now = await settled(id);
  assert.deepEqual([now.last_run.state, now.last_run.missing, now.offers], ["held", 4, 6]);
  assert.equal((await adviser.post(`/api/feeds/${id}/runs/${now.last_run.id}/decide`, { decision: "withdraw" })).status, 403);
  const kept = await manager.post(`/api/feeds/${id}/runs/${now.last_run.id}/decide`, { decision: "keep" });
  assert.equal(kept.status, 200, kept.text);
  answer = (_, response) => response.end(xml([...jobs(5, (i) => (i ? {} : { title: "Boulanger de nuit" })), { ref: "A9", title: "Vendeur", siret: list[0].siret }]));
  await manager.post(`/api/feeds/${id}/read`);
  now = await settled(id);
  assert.deepEqual([now.last_run.state, now.last_run.changed, now.last_run.withdrawn, now.last_run.made], ["done", 1, 1, 1]);
  const [one] = await m.sql(`select title, state from data.offer where feed_id = ${id} and origin_reference = 'A1'`);
  assert.deepEqual(one, { title: "Boulanger de nuit", state: "reserved" });
  const [gone] = await m.sql(`select state, reason from data.offer where feed_id = ${id} and origin_reference = 'A6'`);
  assert.equal(gone.state, "withdrawn");

  const refused = await manager.post("/api/feeds", { name: "Chez nous", address: "http://127.0.0.1:8080/x", every_minutes: 60 });
  assert.deepEqual([refused.status, refused.body.fields[0].code], [422, "url_refused"]);
  const removed = await manager.patch(`/api/feeds/${id}`, { state: "removed" }, { headers: { "if-match": `"${now.version}"` } });
  assert.equal(removed.body.removed, true, removed.text);
  assert.equal((await manager.get(`/api/feeds/${id}`)).status, 404);
});

test("by its schedule, and by nobody else", async () => {
  answer = (_, response) => response.end(xml(jobs(1)));
  const { id } = (await manager.post("/api/feeds", { name: "À l’heure", address: `http://localhost:${port}/b`, every_minutes: 15 })).body;
  await until(async () => (await feed(id)).read_at, "read at once");
  asked.length = 0;
  await m.psql(`update data.feed set next_at = data.now() where id = ${id}`);
  await m.until(async () => asked.length > 0, "asked when its minute has come", 40);
  assert.equal((await other.get(`/api/feeds/${id}`)).status, 404);
  assert.equal((await other.post(`/api/feeds/${id}/read`)).status, 404);
  assert.equal((await other.request("PUT", `/api/feeds/${id}/file?name=x`, Buffer.from("<a/>"))).status, 404);
});

test("a worker killed between the fetch and the end of its reading loses nothing", async () => {
  let offers = jobs(4);
  answer = (request, response) => {
    const etag = `"n${offers.length}"`;
    if (request.headers["if-none-match"] === etag) return response.writeHead(304).end();
    response.writeHead(200, { etag }).end(xml(offers));
  };
  const { id, version } = (await manager.post("/api/feeds", { name: "Tué en route", address: `http://localhost:${port}/c`, every_minutes: 1440 })).body;
  await manager.post(`/api/feeds/${id}/read`);
  await until(async () => (await feed(id)).has_file, "it was fetched");
  const { layout } = (await manager.post(`/api/feeds/${id}/preview`)).body;
  await manager.put(`/api/feeds/${id}/layout`, { layout }, { headers: { "if-match": `"${version}"` } });
  await until(async () => (await feed(id)).offers === 4, "four offers are there");
  offers = jobs(5);
  // Its worker ends while it writes what it fetched.
  await m.psql(`create function data.test_slow() returns trigger language plpgsql as $$ begin perform pg_sleep(120); return new; end $$;
    create trigger test_slow before insert on data.feed_line for each row execute function data.test_slow();`);
  asked.length = 0;
  await manager.post(`/api/feeds/${id}/read`);
  const kept = async () => (await m.psql(`select etag from data.feed where id = ${id}`)) === '"n5"';
  await m.until(kept, "what was fetched is kept");
  await m.stopWorker("SIGKILL");
  await m.psql(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'maillage-worker%'`, { role: "postgres" });
  await m.psql("drop trigger test_slow on data.feed_line; drop function data.test_slow();");
  assert.equal((await feed(id)).last_run.state, "waiting");
  await m.psql("update data.job set sent_at = sent_at - interval '1 hour' where state = 'sent'"); // its lease is over
  m.startWorker();
  await m.until(async () => (await feed(id)).last_run.state !== "waiting", "another worker reads it", 40);
  const now = await feed(id);
  assert.deepEqual([now.last_run.state, now.last_run.made, now.offers], ["done", 1, 5]);
  assert.equal(asked.at(-1).headers["if-none-match"], undefined, "asked whole");
});

test("what the feed says is over is withdrawn, were it all of it", async () => {
  const { id } = (await manager.post("/api/feeds", { name: "Le partenaire" })).body;
  const csv = (rows) => Buffer.from(["Ref;Titre;Code_ROME;Contrat;SIRET;Etat", ...rows.map(([ref, state]) => `${ref};Cuisinier ${ref};G1602;CDI;${list[3].siret};${state}`)].join("\n"));
  const give = (rows) => adviser.request("PUT", `/api/feeds/${id}/file?name=offres.csv`, csv(rows));
  await give([["1", "OUV"], ["2", "OUV"], ["3", "OUV"], ["4", "OUV"]]);
  await settled(id);
  const { layout } = (await manager.post(`/api/feeds/${id}/preview`)).body;
  assert.match(layout, /etat = "Etat"/);
  await manager.put(`/api/feeds/${id}/layout`, { layout }, { headers: { "if-match": `"${(await feed(id)).version}"` } });
  await until(async () => (await feed(id)).offers === 4, "four offers are there");
  await give([["1", "FER"], ["2", "FER"], ["3", "FER"], ["4", "FER"], ["5", "FER"]]);
  const now = await settled(id);
  assert.deepEqual([now.last_run.state, now.last_run.withdrawn, now.last_run.missing, now.offers], ["done", 4, 0, 0], JSON.stringify(now.last_run));
  assert.equal(await m.psql(`select count(*) from data.offer where feed_id = ${id} and state = 'withdrawn'`), "4");
});

test("a workbook, an archive and a text in UTF-16 are read like any file", async () => {
  const { id } = (await manager.post("/api/feeds", { name: "Tous les emballages" })).body;
  const rows = [["Référence", "Intitulé du poste", "Ville", "Type de contrat"], ["T1", "Tourneur fraiseur", "Moulins", "CDI"], ["T2", "Aide à domicile", "Vichy", "CDD"]];
  const text = rows.map((row) => row.join("\t")).join("\r\n");
  const preview = async (name, bytes) => {
    assert.equal((await adviser.request("PUT", `/api/feeds/${id}/file?name=${name}`, bytes)).status, 202, name);
    return (await manager.post(`/api/feeds/${id}/preview`)).body;
  };
  for (const [name, bytes] of [
    ["offres.xlsx", workbook([{ name: "Offres", rows }])],
    ["offres.zip", zip([{ name: "dossier/", data: "" }, { name: "dossier/offres.tsv", data: text }, { name: "__MACOSX/._offres.tsv", data: "x" }])],
    ["classeur.zip", zip([{ name: "offres.xlsx", data: workbook([{ name: "Offres", rows }]) }])],
    ["offres.txt", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["offres.json", Buffer.from(`\ufeff${JSON.stringify(rows.slice(1).map(([reference, titre, ville, contrat]) => ({ reference, titre, ville, contrat })))}`, "utf16le")],
  ]) {
    const seen = await preview(name, bytes);
    assert.deepEqual([seen.elements, seen.usable, seen.offers?.[1]?.offer.titre, seen.offers?.[1]?.offer.ville], [2, 2, "Aide à domicile", "Vichy"], `${name}: ${JSON.stringify(seen.fault)}`);
  }
  assert.match((await preview("deux.zip", zip([{ name: "a.csv", data: text }, { name: "b.csv", data: text }]))).fault.sentence, /un seul/);
  assert.match((await preview("abîmé.zip", zip([{ name: "a.csv", data: text, crc: 1 }]))).fault.sentence, /./);
  assert.match((await preview("bombe.zip", zip([{ name: "a.csv", data: Buffer.alloc(80 * 1024 * 1024) }]))).fault.sentence, /./);
});

test("one element makes the offers of its places; a broken line, a list of what is over and places without a code, by schedule", async () => {
  const first = [
    { id: "P1", t: "Serveur en salle", c: 1, rome: "G1803", lieux: [{ ville: "Vichy" }, { gps: "46.566, 3.333" }, { ville: "Nulle part" }] },
    { id: "P2", t: "Plongeur", c: 2, rome: "G1605", lieux: [] },
  ];
  let text = `${JSON.stringify(first[0])}\n{"id":"P0","t":\n${JSON.stringify(first[1])}\n`;
  answer = (request, response) => response.writeHead(200, { "content-type": "application/x-ndjson" }).end(text);
  const { id, version } = (await manager.post("/api/feeds", { name: "Hôtels", address: `http://localhost:${port}/lieux.jsonl`, every_minutes: 60 })).body;
  await until(async () => (await feed(id)).has_file, "it was fetched");
  const layout = `element = "ligne"\nchaque = "lieux"\n[champs]\nreference = "id"\ntitre = "t"\ncontrat = "c"\nrome = "rome"\nville = "lieux/ville"\nlatitude = "lieux/gps"\nlongitude = "lieux/gps"\nsiret = "'${list[0].siret}'"\netat = "e"\n[contrats]\n"1" = "cdi"\n"2" = "cdd"\n[etat]\n"9" = "closed"\n`;
  const seen = (await manager.post(`/api/feeds/${id}/preview`, { layout })).body;
  assert.deepEqual([seen.elements, seen.usable, seen.each, seen.header, seen.words, seen.contracts.length], [5, 4, "lieux", null, [{ field: "etat", theirs: "9", ours: "closed" }], 2]);
  assert.deepEqual([seen.layout.includes('chaque = "lieux"'), seen.layout.includes("[etat]")], [true, true]);
  await manager.put(`/api/feeds/${id}/layout`, { layout }, { headers: { "if-match": `"${version}"` } });
  await until(async () => (await feed(id)).offers === 4, "four offers are there");
  const offers = () => m.sql(`select origin_reference as reference, state, commune_code as commune, contract from data.offer where feed_id = ${id} order by origin_reference`);
  assert.deepEqual((await offers()).map((o) => [o.reference, o.commune, o.contract]),
    [["P1", "03310", "cdi"], ["P1-2", "03190", "cdi"], ["P1-3", "03190", "cdi"], ["P2", "03190", "cdd"]], "by its name, by where it is, else where its employer is");
  const run = (await feed(id)).last_run.id;
  assert.match((await manager.get(`/api/feeds/${id}/runs/${run}/faults.csv`)).text, /2;;.*vide ou ne se lit pas/);
  // Asked again at its hour: one offer is said to be over.
  text = `${JSON.stringify(first[0])}\n${JSON.stringify({ id: "P2", e: 9 })}\n`;
  await m.psql(`update data.feed set next_at = data.now() where id = ${id}`);
  await m.until(async () => (await offers()).find((o) => o.reference === "P2").state === "withdrawn", "what is over is withdrawn", 40);
  assert.deepEqual((await offers()).map((o) => o.state), ["draft", "draft", "draft", "withdrawn"]);
});

test("a feed that only tells what changed takes away what it says is over, and nothing else", async () => {
  const offer = (id, more = {}) => ({ id, t: `Serveur ${id}`, c: "CDI", rome: "G1803", v: "Moulins, Vichy", cp: "03000, 03200", ...more });
  const siret = list[0].siret;
  let told = [offer("D1"), offer("D2", { v: "Vichy" }), offer("D3", { v: "Vichy" })];
  answer = (request, response) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ changes: told }));
  const { id, version } = (await manager.post("/api/feeds", { name: "Changements", address: `http://localhost:${port}/changes.json`, every_minutes: 60 })).body;
  await until(async () => (await feed(id)).has_file, "it was fetched");
  const layout = `element = "changes"\nchaque = "v"\nseparateur = ","\nmode = "differentiel"\n[champs]\nreference = "id"\ntitre = "t"\ncontrat = "c"\nrome = "rome"\nville = "v"\ncode_postal = "cp"\nsiret = "'${siret}'"\netat = "e"\n`;
  const seen = (await manager.post(`/api/feeds/${id}/preview`, { layout })).body;
  assert.deepEqual([seen.elements, seen.usable, seen.others], [4, 4, { separateur: ",", mode: "differentiel" }]);
  assert.deepEqual(seen.offers.map((o) => [o.offer.reference, o.offer.ville, o.offer.code_postal]),
    [["D1", "Moulins", "03000"], ["D1-2", "Vichy", "03200"], ["D2", "Vichy", undefined], ["D3", "Vichy", undefined]]);
  await manager.put(`/api/feeds/${id}/layout`, { layout }, { headers: { "if-match": `"${version}"` } });
  await until(async () => (await feed(id)).offers === 4, "four offers are there");
  const states = async () => (await m.sql(`select origin_reference as reference, state from data.offer where feed_id = ${id} order by origin_reference`)).map((o) => `${o.reference} ${o.state}`);
  const again = async (what) => {
    told = what;
    const before = (await feed(id)).last_run.id;
    await manager.post(`/api/feeds/${id}/read`);
    await m.until(async () => { const run = (await feed(id)).last_run; return run.id > before && run.state !== "waiting"; }, "it was read", 40);
    return (await feed(id)).last_run;
  };
  const run = await again([offer("D2", { v: "Vichy", t: "Chef de rang" }), { id: "D3", e: "Pourvue" }]);
  assert.deepEqual([run.state, run.changed, run.withdrawn, run.missing], ["done", 1, 1, 0]);
  assert.deepEqual(await states(), ["D1 draft", "D1-2 draft", "D2 draft", "D3 withdrawn"]);
  const none = await again([]);
  assert.deepEqual([none.state, none.elements, none.withdrawn], ["done", 0, 0], "nothing changed");
  assert.deepEqual(await states(), ["D1 draft", "D1-2 draft", "D2 draft", "D3 withdrawn"]);
});

test("a feed of several pages is read whole or not at all", async () => {
  const { siret } = list[0];
  const offers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => ({ id: `S${from + i}`, t: `Serveur ${from + i}`, c: "CDI", rome: "G1803", v: "Vichy", s: siret }));
  const pages = { "/pages.json": [1, 3, "?page=2"], "/pages.json?page=2": [4, 6, "/pages.json?page=3"], "/pages.json?page=3": [7, 7, "/pages.json?page=3"] };
  let broken = null, moved = false;
  answer = (request, response) => {
    const [from, to, next] = pages[request.url];
    if (request.url === broken) return response.writeHead(500).end();
    if (moved && request.url === "/pages.json") return response.writeHead(302, { location: "/new/list.json" }).end();
    return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ offers: offers(from, to), links: { next } }));
  };
  const { id, version } = (await manager.post("/api/feeds", { name: "Pages", address: `http://localhost:${port}/pages.json`, every_minutes: 60 })).body;
  await until(async () => (await feed(id)).has_file, "its first page was fetched");
  const layout = `element = "offers"\nsuite = "links/next"\n[champs]\nreference = "id"\ntitre = "t"\ncontrat = "c"\nrome = "rome"\nville = "v"\nsiret = "s"\n`;
  await manager.put(`/api/feeds/${id}/layout`, { layout }, { headers: { "if-match": `"${version}"` } });
  await until(async () => (await feed(id)).offers === 7, "seven offers of three pages");
  assert.equal((await manager.post(`/api/feeds/${id}/preview`, { layout })).body.elements, 7, "the file that is kept has all pages");
  const readBehind = async (before) => {
    await m.until(async () => { const run = (await feed(id)).last_run; return run.id > before && run.state !== "waiting"; }, "it was read", 60);
    return (await feed(id)).last_run;
  };
  const again = async () => {
    const before = (await feed(id)).last_run.id;
    await manager.post(`/api/feeds/${id}/read`);
    return readBehind(before);
  };
  assert.equal((await again()).state, "unchanged");
  broken = "/pages.json?page=2";
  const failed = await again();
  assert.deepEqual([failed.state, failed.withdrawn ?? 0], ["failed", 0]);
  assert.equal(failed.error, "Le serveur a répondu 500 à la page 2 (localhost).", "an address may hold a key: it stays out of what is told");
  broken = null;
  pages["/pages.json?page=2"][2] = `http://127.0.0.1:${port}/pages.json?page=3`;
  assert.equal((await again()).error, "La page qui suit la page 2 n’est pas sur le même serveur\u202f: 127.0.0.1.");
  assert.equal((await feed(id)).offers, 7, "nothing changed");
  // Moved: links lead on from the address that answers.
  moved = true;
  pages["/new/list.json"] = [1, 3, "?page=2"];
  pages["/new/list.json?page=2"] = [4, 8, "?page=2"];
  const followed = await again();
  assert.deepEqual([followed.state, followed.elements], ["done", 8], "by a relative link");
  moved = false;
  pages["/pages.json?page=2"][2] = null;
  const shorter = await again();
  assert.deepEqual([shorter.state, shorter.elements, shorter.withdrawn], ["done", 6, 2], "the third page is gone");
  // The header says it.
  answer = (request, response) => {
    const page = Number(new URL(request.url, "http://x").searchParams.get("page") ?? 1);
    const link = page < 3 ? { link: `<http://localhost:${port}/pages.json?page=1>; rel="first", <?page=${page + 1}>; rel="next"` } : {};
    return response.writeHead(200, { "content-type": "application/json", ...link }).end(JSON.stringify({ offers: offers(2 * page - 1, 2 * page) }));
  };
  const described = await feed(id);
  await manager.put(`/api/feeds/${id}/layout`, { layout: layout.replace("links/next", "Link:") }, { headers: { "if-match": `"${described.version}"` } });
  await readBehind(described.last_run.id); // what is kept
  const whole = await again();
  assert.deepEqual([whole.state, whole.elements], ["done", 6]);
  assert.deepEqual((await m.sql(`select origin_reference as reference from data.offer where feed_id = ${id} and state = 'draft' order by origin_reference`)).map((o) => o.reference), ["S1", "S2", "S3", "S4", "S5", "S6"]);
});
