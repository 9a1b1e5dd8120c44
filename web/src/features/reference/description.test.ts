import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { example, operationsOf, rowsOf, shapeOf, type Api } from "./description";

const api = JSON.parse(readFileSync("../server/api/openapi.json", "utf8")) as Api;
const find = (method: string, path: string) => operationsOf(api).find((one) => one.method === method && one.path === path)!;

test("every operation of the file is there, keys' ones with their right", () => {
  assert.ok(operationsOf(api).length > 90);
  assert.equal(find("post", "/api/offers").scope, "offers:write");
  assert.equal(find("get", "/api/keys").scope, null);
});

test("fields say where they go, what they look like, whether they must be there", () => {
  const rows = rowsOf(api, find("post", "/api/offers"));
  assert.deepEqual(rows.find((row) => row.name === "title"), { name: "title", where: "corps", shape: "texte de 160 signes au plus", required: true, note: "" });
  assert.equal(rows.find((row) => row.name === "posts")?.shape, "nombre entier de 1 à 500");
  assert.equal(rows.find((row) => row.name === "starts_on")?.shape, "jour AAAA-MM-JJ");
  assert.equal(rows.find((row) => row.name === "Idempotency-Key")?.where, "en-tête");
  assert.equal(shapeOf(api, { type: ["string", "null"] }), "texte ou rien");
});

test("an example can be pasted: the method, the key, the members that must be there", () => {
  assert.equal(example(api, find("get", "/api/offers/{id}"), "https://m.example"), `curl "https://m.example/api/offers/$id" \\\n     --header "Authorization: Bearer $MAILLAGE_KEY"`);
  const post = example(api, find("post", "/api/needs"), "https://m.example");
  assert.match(post, /^curl --request POST /);
  assert.deepEqual(JSON.parse(/--data '(.*)'$/.exec(post)![1]!), { rome: "…", horizon: "now" });
});
