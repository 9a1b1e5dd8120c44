import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "./take";

test("a table as French spreadsheets read it; no text becomes a formula", () => {
  assert.equal(csvOf([{ name: "A", rows: [["Nom", "Km"], ["L’Auberge ; \"Le Relais\"", 12.5], ["=1+1", null], ["+gagnés", -3]] }]), "\uFEFFNom;Km\r\n\"L’Auberge ; \"\"Le Relais\"\"\";12,5\r\n'=1+1;\r\n'+gagnés;-3\r\n");
});

test("tables stand one below the other", () => {
  assert.equal(csvOf([{ name: "A", rows: [["x"]] }, { name: "B", rows: [["y"]] }]), "\uFEFFx\r\n\r\ny\r\n");
});
