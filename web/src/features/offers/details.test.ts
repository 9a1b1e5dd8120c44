// What an offer says of its pay, in one line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { detailFacts, type Details } from "./details";

const pay = (details: Partial<Details>, salary: string | null) => detailFacts({ apply_by: "collector", ...details }, salary).find(([label]) => label === "Rémunération")?.[1].replace(/[\u202f\u00a0]/g, " ");

test("pay is one line: amounts, and its words where they say more", () => {
  assert.equal(pay({}, null), undefined);
  assert.equal(pay({}, "Selon expérience"), "Selon expérience");
  assert.equal(pay({ salary_min: 1900, salary_period: "month" }, null), "1 900 € brut par mois");
  assert.equal(pay({ salary_min: 12.8, salary_period: "hour" }, "12,80 € de l’heure"), "12,80 € brut par heure");
  assert.equal(pay({ salary_min: 2100, salary_max: 2400, salary_period: "month" }, "2 100 à 2 400 € brut par mois"), "De 2 100 € à 2 400 € brut par mois");
  assert.equal(pay({ salary_min: 2300, salary_max: 2500, salary_period: "month" }, "1 900 € net + primes"), "De 2 300 € à 2 500 € brut par mois, « 1 900 € net + primes »");
  assert.equal(pay({ salary_min: 1900, salary_period: "month" }, "1 900 € brut sur 13 mois"), "1 900 € brut par mois, « 1 900 € brut sur 13 mois »");
});
