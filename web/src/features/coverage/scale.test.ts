import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { classCount, classLabel, classOf, scaleOf, type Unit } from "./scale";

test("at most six classes, each value in exactly one, bounds rising, whatever the figures", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let turn = 0; turn < 300; turn++) {
    const unit = (["count", "percent", "ratio", "days", "per100"] as Unit[])[turn % 5] as Unit;
    const values = Array.from({ length: Math.floor(random() * 400) }, () => (random() < 0.3 ? 0 : unit === "percent" ? random() : unit === "days" ? 5 + random() * 20 : Math.floor(random() ** 3 * 900)));
    const scale = scaleOf(values, unit);
    assert.ok(classCount(scale) <= 6, `${turn}`);
    for (const [index, bound] of scale.bounds.entries()) if (index > 0) assert.ok(bound > (scale.bounds[index - 1] as number));
    // The lowest class is somebody's.
    if (values.length) assert.ok(values.some((value) => classOf(scale, value) === 0), `${turn}`);
    const labels = Array.from({ length: classCount(scale) }, (_, index) => classLabel(scale, index));
    assert.equal(new Set(labels).size, labels.length, labels.join(" | "));
    for (const value of values) {
      const found = classOf(scale, value) as number;
      assert.ok(found >= 0 && found < classCount(scale));
      if (value === 0) assert.equal(found, 0);
      else assert.ok(value >= (scale.bounds[found - (scale.zero ? 1 : 0)] as number), `${turn}: ${value} in ${labels[found]}`);
    }
  }
  assert.equal(classOf(scaleOf([1, 2], "count"), null), null);
  // A map of which nothing is known, or where there is nothing, has no class that is nobody's.
  assert.equal(classCount(scaleOf([null, undefined], "count")), 0);
  const nothing = scaleOf([0, 0, null], "percent");
  assert.deepEqual([classCount(nothing), classLabel(nothing, 0), classOf(nothing, 0)], [1, "aucun (0\u202f%)", 0]);
});

test("many small figures do not hide the few large ones; nothing is more than all", () => {
  const labels = (scale: ReturnType<typeof scaleOf>) => Array.from({ length: classCount(scale) }, (_, index) => classLabel(scale, index));
  const towns = [...Array<number>(150).fill(0), ...Array<number>(60).fill(1), ...Array<number>(30).fill(2), 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6, 7, 9, 12, 15, 20, 25, 32, 40, 51];
  assert.deepEqual(labels(scaleOf(towns, "count")), ["aucun (0)", "1", "2 à moins de 5", "5 à moins de 20", "20 à moins de 50", "50 et plus"]);
  assert.equal(labels(scaleOf([0.5, 0.6, 0.8, 1, 1, 1, 1], "percent")).at(-1), "100\u202f%");
});

test("figures that are near each other are told apart", () => {
  const pressure = scaleOf([1, 1.06, 1.19, 1.22, 1.24, 1.27, 1.29, 1.33, 1.38, 1.51], "ratio");
  assert.deepEqual(Array.from({ length: classCount(pressure) }, (_, index) => classLabel(pressure, index)), ["1 à moins de 1,2", "1,2 à moins de 1,3", "1,3 et plus"]);
  assert.ok(classCount(scaleOf([0.62, 0.7, 0.71, 0.72, 0.75, 0.76, 0.79, 0.83, 0.89, 1], "percent")) >= 4);
  assert.equal(classCount(scaleOf([0.012, 0.013, 0.014], "ratio")), 1, "but not by words that are the same");
});

// Machado, Oliveira and Fernandes, « A physiologically-based model for simulation of color vision deficiency » (2009), severity 1.
const visions: Record<string, number[][]> = {
  "vue ordinaire": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopie: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutéranopie: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopie: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

/** Relative luminance of a colour as an eye of this kind sees it. */
function luminance(hex: string, matrix: number[][]): number {
  const rgb = [0, 2, 4].map((from) => linear(parseInt(hex.slice(from, from + 2), 16) / 255));
  const [r = 0, g = 0, b = 0] = matrix.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, index) => sum + weight * (rgb[index] ?? 0), 0))));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/** A colour of a theme: light comes first in the sheet, then dark. */
const css = readFileSync("src/style/tokens.css", "utf8");
const themes = [["clair", 0], ["sombre", 1]] as const;
const token = (name: string, at: number) => [...css.matchAll(new RegExp(`--${name}: #([0-9a-f]{6})`, "g"))][at]?.[1] as string;

test("six colours that rise in lightness for every eye, apart from each other and from the unknown", () => {
  for (const [theme, at] of themes) {
    const colours = Array.from({ length: 6 }, (_, index) => token(`map-${index + 1}`, at));
    for (const [vision, matrix] of Object.entries(visions)) {
      const lightness = colours.map((hex) => {
        const y = luminance(hex, matrix);
        return 116 * Math.cbrt(Math.max(y, 0.009)) - 16;
      });
      for (let index = 1; index < 6; index++) {
        const step = ((lightness[index] as number) - (lightness[index - 1] as number)) * (theme === "clair" ? -1 : 1);
        assert.ok(step > 5, `${theme}, ${vision} : classes ${index} et ${index + 1} à ${step.toFixed(1)} de clarté`);
      }
    }
  }
});

test("employers show on each class, names on their halo, the unknown by its lines, for every eye", () => {
  for (const [theme, at] of themes) {
    for (const [vision, matrix] of Object.entries(visions)) {
      const seen = (name: string) => luminance(token(name, at), matrix);
      const told = `${theme}, ${vision}`;
      for (let index = 1; index <= 6; index++) {
        const ground = seen(`map-${index}`);
        // A dot is known by its disc or by its ring.
        for (const [disc, ring] of [["accent", "map-halo"], ["map-halo", "accent-strong"]] as const) {
          const best = Math.max(contrast(seen(disc), ground), contrast(seen(ring), ground));
          assert.ok(best >= 3, `${told} : ${disc} et ${ring} sur la classe ${index} à ${best.toFixed(1)}`);
        }
      }
      assert.ok(contrast(seen("map-name"), seen("map-halo")) >= 4.5, `${told} : noms`);
      assert.ok(contrast(seen("map-hatch"), seen("map-empty")) >= 2, `${told} : hachures à ${contrast(seen("map-hatch"), seen("map-empty")).toFixed(2)}`);
      assert.ok(contrast(seen("accent"), seen("map-halo")) >= 3, `${told} : rencontré ou non`);
    }
  }
});
