// Photographs of a report: made anew by a child, sealed, seen by whom they are for; and what else a report brings along.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { deflateSync, crc32 as zlibCrc } from "node:zlib";
import { Instance } from "../lib/instance.mjs";

let m, ml, ft, visit;
before(async () => {
  m = await Instance.start({ template: "demo" });
  [ml, ft] = await Promise.all(["ml", "ft"].map((network) => m.signIn(m.account({ role: "adviser", network }).email)));
  const [free] = (await ml.get("/api/establishments?state=free&limit=5")).body.items;
  visit = (await ml.post("/api/visits", { establishment: free.id, planned_at: new Date(Date.now() + 3_600_000).toISOString() })).body;
});
after(() => m?.stop());

const table = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
const crc = zlibCrc ?? ((bytes) => { let c = 0xffffffff; for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; });

/** A PNG of so many points, with a text that must not survive. */
function png(width, height) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body) >>> 0, body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height, 90);
  for (let y = 0; y < height; y++) rows[y * (width * 3 + 1)] = 0;
  return Buffer.concat([Buffer.from([0x89, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("tEXt", Buffer.from("GPS\0SECRET 46.56 N")), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}
const give = (session, bytes, kind = "photo", headers = {}) => session.post(`/api/visits/${visit.id}/pictures`, { kind, image: bytes.toString("base64url") }, { headers });

test("a report brings a claim, an offer and a person met along", async () => {
  const early = await give(ml, png(40, 30));
  assert.equal(early.status, 404, "no picture before its report");
  const answer = await ml.post(`/api/visits/${visit.id}/report`, { outcome: "needs", needs: [{ rome: "G1602", posts: 1, contract: "cdd", offer: true }], claim: { kind: "unreachable", detail: "Sonnette en panne" } });
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(answer.body.report.needs.map((need) => [need.state, need.offer !== null]), [["offer", true]]);
  const wrong = await ml.post(`/api/visits/${visit.id}/report`, { outcome: "none", claim: { kind: "haunted" } });
  assert.deepEqual([wrong.status, wrong.body.errors?.[0]?.field ?? wrong.body.fields?.[0]?.field], [422, "claim.kind"]);
});

test("a picture is made anew, without what it held, sealed, and given to those who read the report", async () => {
  const key = { "idempotency-key": "photo-0001-abcd" };
  const bytes = png(2400, 1200);
  const [made, again] = [await give(ml, bytes, "photo", key), await give(ml, bytes, "photo", key)];
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.body.width, made.body.height, again.body.id], [1600, 800, made.body.id]);
  const { body: list } = await ft.get(`/api/visits/${visit.id}/pictures`);
  assert.deepEqual(list.items.map((one) => [one.kind, one.ours]), [["photo", false]]);
  const seen = await ft.get(`/api/pictures/${made.body.id}`);
  assert.equal(seen.headers.get("content-type"), "image/jpeg");
  assert.equal(seen.headers.get("x-content-type-options"), "nosniff");
  assert.match(seen.headers.get("cache-control"), /private|no-store/);
  assert.equal(seen.bytes.subarray(0, 3).toString("hex"), "ffd8ff");
  assert.ok(!seen.bytes.includes("SECRET"));
  const [kept] = await m.sql(`select encode(content, 'hex') as hex from data.picture where id = ${made.body.id}`);
  assert.ok(!kept.hex.includes("ffd8ffe0"), "the database holds no picture that one could look at");
});

test("a card is for the organisation it was given to; both go when asked", async () => {
  const card = (await give(ml, png(300, 180), "card")).body;
  assert.equal((await ml.get(`/api/pictures/${card.id}`)).status, 200);
  assert.equal((await ft.get(`/api/pictures/${card.id}`)).status, 404);
  assert.equal((await ft.delete(`/api/pictures/${card.id}`)).status, 404);
  assert.equal((await ml.delete(`/api/pictures/${card.id}`)).status, 204);
  assert.equal((await ml.get(`/api/pictures/${card.id}`)).status, 404);
  for (const role of ["observer", "contributor"]) assert.equal((await (await m.signIn(m.account({ role }).email)).get(`/api/visits/${visit.id}/pictures`)).status, 403);
});

test("what is no photograph, cut, too large or a bomb is refused and costs nothing", async () => {
  const whole = png(300, 200);
  assert.equal((await give(ml, Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".repeat(4)))).body.code, "picture_unreadable");
  assert.equal((await give(ml, whole.subarray(0, whole.length - 40))).body.code, "picture_unreadable");
  const bomb = png(300, 200);
  bomb.writeUInt32BE(15000, 16);
  bomb.writeUInt32BE(15000, 20);
  bomb.writeUInt32BE(crc(bomb.subarray(12, 29)) >>> 0, 29);
  assert.equal((await give(ml, bomb)).body.code, "picture_too_large");
  assert.equal((await ml.post(`/api/visits/${visit.id}/pictures`, { kind: "photo", image: "é".repeat(200) })).status, 422);
  assert.equal((await ml.post(`/api/visits/${visit.id}/pictures`, { kind: "photo", image: "A".repeat(1_044_000) })).status, 422, "longer than a picture may be");
  const others = await Promise.all(Array.from({ length: 6 }, (_, i) => give(ml, png(200 + i, 100))));
  assert.ok(others.every((one) => one.status === 201), "six at once");
});
