// What the maps show, as one image: a title, each map with its legend, where the outlines come from, the day.
import { give } from "@/ui/take";
import { now } from "@/words/time";

const longDate = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeZone: "Europe/Paris" });
const margin = 24;
const scale = 2; // for paper and slides

/** What stands before a line of a legend, as it is on the page: the sign of a network, a dot, a swatch. */
type Sign =
  | { kind: "shape"; path: string; fill: string; letter: string; ink: string; font: string; at: [number, number]; size: number }
  | { kind: "dot"; fill: string; edge: string; line: number; size: number }
  | { kind: "swatch"; fill: string; isHatched: boolean };

function signOf(line: Element): Sign | null {
  const mark = line.querySelector("svg");
  const [path, letter] = [mark?.querySelector("path"), mark?.querySelector("text")];
  if (mark && path && letter) {
    const look = getComputedStyle(letter);
    return { kind: "shape", path: path.getAttribute("d") ?? "", fill: getComputedStyle(path).fill, letter: letter.textContent ?? "", ink: look.fill, font: `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`, at: [Number(letter.getAttribute("x")), Number(letter.getAttribute("y"))], size: mark.clientWidth };
  }
  const swatch = line.querySelector("span");
  if (!swatch) return null;
  const look = getComputedStyle(swatch);
  if (look.borderTopLeftRadius === "50%") return { kind: "dot", fill: look.backgroundColor, edge: look.borderTopColor, line: Number.parseFloat(look.borderTopWidth), size: swatch.offsetWidth };
  return { kind: "swatch", fill: look.backgroundColor, isHatched: look.backgroundImage !== "none" };
}

/** The text of a node, line by line, with the sign before it. */
function legendOf(figure: Element): { title: string[]; lines: { sign: Sign | null; text: string }[] } {
  const title = [...(figure.querySelector("figcaption")?.childNodes ?? [])].map((node) => node.textContent ?? "").filter(Boolean);
  const lines = [...figure.querySelectorAll("li, p")].map((line) => {
    // The words alone: a sign has its own, for who hears it.
    return { sign: signOf(line), text: [...line.childNodes].filter((node) => !(node instanceof SVGElement)).map((node) => node.textContent ?? "").join("") };
  });
  return { title, lines };
}

/** The words in lines that fit; those that are too long alone stay whole. */
function wrapped(pen: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

/** `meaning`: what the indicator counts, under the title. */
export async function picture(title: string, meaning: string, name: string): Promise<void> {
  const maps = [...document.querySelectorAll<HTMLElement>("[data-map-frame]")];
  const shown = maps.flatMap((frame) => {
    const canvas = frame.querySelector<HTMLCanvasElement>("canvas.maplibregl-canvas");
    return canvas ? [{ canvas, legend: frame.parentElement?.querySelector("[data-legend]") ?? null }] : [];
  });
  if (shown.length === 0) return;
  await document.fonts.ready;
  const root = getComputedStyle(document.documentElement);
  const colour = (token: string) => root.getPropertyValue(`--${token}`).trim();
  const width = 620;
  const heights = shown.map(({ canvas }) => Math.round((width * canvas.clientHeight) / canvas.clientWidth));
  const legends = shown.map(({ legend }) => legend && legendOf(legend));
  const sheet = document.createElement("canvas");
  const pen = sheet.getContext("2d") as CanvasRenderingContext2D;
  const font = (size: number, weight = 400) => (pen.font = `${weight} ${size}px ${root.getPropertyValue("--font")}`);
  const wide = margin + shown.length * (width + margin);
  const lines = (text: string, size: number, room: number, weight = 400) => {
    font(size, weight);
    return wrapped(pen, text, room);
  };
  const head = [...lines(title, 20, wide - 2 * margin, 620).map((text) => ({ text, size: 20, weight: 620, high: 28, ink: "text" })), ...lines(meaning, 13, wide - 2 * margin).map((text) => ({ text, size: 13, weight: 400, high: 18, ink: "text-soft" }))];
  const foot = lines(`Maillage, le ${longDate.format(now())}. Communes : découpage administratif, Etalab.`, 12, wide - 2 * margin);
  // A line of a legend that is too long goes on below.
  const told = legends.map((legend) => [
    ...(legend?.title ?? []).flatMap((text, line) => lines(text, 13, width, line === 0 ? 600 : 400).map((part) => ({ text: part, weight: line === 0 ? 600 : 400, ink: line === 0 ? "text" : "text-soft", sign: null as Sign | null, indent: 0 }))),
    ...(legend?.lines ?? []).flatMap(({ sign, text }) =>
      lines(text, 13, width - (sign ? 34 : 0)).map((part, line) => ({ text: part, weight: 400, ink: "text", sign: line === 0 ? sign : null, indent: sign ? 34 : 0 }))),
  ]);
  const top = margin - 6 + head.reduce((sum, { high }) => sum + high, 0) + 10;
  const high = top + Math.max(...heights) + Math.max(...told.map((legend) => 20 * legend.length + 16)) + 18 * foot.length + 20;
  sheet.width = wide * scale;
  sheet.height = high * scale;
  pen.scale(scale, scale);
  pen.fillStyle = colour("surface");
  pen.fillRect(0, 0, wide, high);
  pen.textBaseline = "middle";
  const write = (text: string, x: number, y: number, ink: string) => {
    pen.fillStyle = colour(ink);
    pen.fillText(text, x, y);
  };
  /** A sign in the room of a swatch, its middle at y. */
  const draw = (sign: Sign, left: number, y: number) => {
    pen.save();
    if (sign.kind === "shape") {
      pen.translate(left + 12 - sign.size / 2, y - sign.size / 2);
      pen.scale(sign.size / 20, sign.size / 20); // drawn in twenty by twenty
      pen.fillStyle = sign.fill;
      pen.fill(new Path2D(sign.path));
      pen.fillStyle = sign.ink;
      pen.font = sign.font;
      pen.textAlign = "center";
      pen.textBaseline = "alphabetic";
      pen.fillText(sign.letter, ...sign.at);
    } else if (sign.kind === "dot") {
      pen.beginPath();
      pen.arc(left + 12, y, (sign.size - sign.line) / 2, 0, 2 * Math.PI);
      pen.fillStyle = sign.fill;
      pen.fill();
      pen.lineWidth = sign.line;
      pen.strokeStyle = sign.edge;
      pen.stroke();
    } else {
      pen.fillStyle = sign.isHatched ? colour("map-empty") : sign.fill;
      pen.fillRect(left, y - 7, 24, 14);
      pen.strokeStyle = colour(sign.isHatched ? "map-hatch" : "map-line");
      pen.strokeRect(left, y - 7, 24, 14);
      if (sign.isHatched) {
        pen.beginPath();
        for (let x = 2; x < 24; x += 6) {
          pen.moveTo(left + x, y + 7);
          pen.lineTo(left + Math.min(24, x + 8), y - 7);
        }
        pen.stroke();
      }
    }
    pen.restore();
  };
  let at = margin - 6;
  for (const { text, size, weight, high: room, ink } of head) {
    font(size, weight);
    write(text, margin, at + room / 2, ink);
    at += room;
  }
  for (const [index, { canvas }] of shown.entries()) {
    const left = margin + index * (width + margin);
    const height = heights[index] ?? 0;
    pen.drawImage(canvas, left, top, width, height);
    pen.strokeStyle = colour("line");
    pen.strokeRect(left, top, width, height);
    let y = top + Math.max(...heights) + 20;
    for (const { text, weight, ink, sign, indent } of told[index] ?? []) {
      if (sign) draw(sign, left, y);
      font(13, weight);
      write(text, left + indent, y, ink);
      y += 20;
    }
  }
  font(12);
  for (const [line, text] of foot.entries()) write(text, margin, high - 20 - 18 * (foot.length - 1 - line), "text-soft");
  const blob = await new Promise<Blob | null>((done) => sheet.toBlob(done));
  if (!blob) return;
  give(blob, name);
}
