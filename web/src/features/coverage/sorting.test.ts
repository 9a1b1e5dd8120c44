import assert from "node:assert/strict";
import { test } from "node:test";
import { byFigure, named, worstDown } from "./sorting";

test("what is to be looked at first comes first: by the direction of the indicator, then by size, unknown in the end", () => {
  const rows = [
    { name: "Bourg", value: 0, size: 10 },
    { name: "Ville", value: 0, size: 900 },
    { name: "Inconnue", value: null, size: 5000 },
    { name: "Allée", value: 0, size: 10 },
    { name: "Moulins", value: 0.4, size: 300 },
  ];
  const names = (down: boolean) => rows.toSorted(byFigure((row) => row.value, down, (row) => row.size)).map((row) => row.name).join(" ");
  assert.equal(names(worstDown({ better: "more" })), "Ville Allée Bourg Moulins Inconnue");
  assert.equal(names(worstDown({ better: "less" })), "Moulins Ville Allée Bourg Inconnue");
  assert.equal(worstDown({ better: null }), true);
});

test("names stand where one looks for them, whatever their accents", () => {
  assert.deepEqual(named(["Busset", "Bègues", "Bellenaves", "Étroussat", "Ebreuil"].map((name) => ({ name }))).map((row) => row.name), ["Bègues", "Bellenaves", "Busset", "Ebreuil", "Étroussat"]);
});
