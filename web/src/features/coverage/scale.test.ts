import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { classCount, classLabel, classOf, scaleOf, type Unit } from "./scale";

test("at most six classes, each value in exactly one, bounds rising, whatever the figures", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let turn = 0; turn < 300; turn++) {
    const unit = (["count", "percent", "ratio", "days", "per100"] as Unit[])[turn % 5] as Unit;
    const values = Array.from({ length: Math.floor(random() * 400) }, () => (random() < 0.3 ? 0 : unit === "percent" ? random() : Math.floor(random() ** 3 * 900)));
    const scale = scaleOf(values, unit);
    assert.ok(classCount(scale) <= 6, `${turn}`);
    for (const [index, bound] of scale.bounds.entries()) if (index > 0) assert.ok(bound > (scale.bounds[index - 1] as number));
    const labels = Array.from({ length: classCount(scale) }, (_, index) => classLabel(scale, index));
    assert.equal(new Set(labels).size, labels.length, labels.join(" | "));
    for (const value of values) {
      const found = classOf(scale, value) as number;
      assert.ok(found >= 0 && found < classCount(scale));
      if (value === 0) assert.equal(found, 0);
    }
  }
  assert.equal(classOf(scaleOf([1, 2], "count"), null), null);
});

// Machado, Oliveira and Fernandes, « A physiologically-based model for simulation of color vision deficiency » (2009), severity 1.
const visions: Record<string, number[][]> = {
  "vue ordinaire": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopie: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutéranopie: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopie: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

test("six colours that rise in lightness for every eye, apart from each other and from the unknown", () => {
  const css = readFileSync("src/style/tokens.css", "utf8");
  for (const [theme, at] of [["clair", 0], ["sombre", 1]] as const) {
    const colours = Array.from({ length: 6 }, (_, index) => [...css.matchAll(new RegExp(`--map-${index + 1}: #([0-9a-f]{6})`, "g"))][at]?.[1] as string);
    for (const [vision, matrix] of Object.entries(visions)) {
      const lightness = colours.map((hex) => {
        const rgb = [0, 2, 4].map((from) => linear(parseInt(hex.slice(from, from + 2), 16) / 255));
        const [r = 0, g = 0, b = 0] = matrix.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, index) => sum + weight * (rgb[index] ?? 0), 0))));
        const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        return 116 * Math.cbrt(Math.max(y, 0.009)) - 16;
      });
      for (let index = 1; index < 6; index++) {
        const step = ((lightness[index] as number) - (lightness[index - 1] as number)) * (theme === "clair" ? -1 : 1);
        assert.ok(step > 5, `${theme}, ${vision} : classes ${index} et ${index + 1} à ${step.toFixed(1)} de clarté`);
      }
    }
  }
});
