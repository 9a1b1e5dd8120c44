// What the maps show, as one image: a title, each map with its legend, where the outlines come from, the day.
import { give } from "@/ui/take";
import { now } from "@/words/time";

const longDate = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeZone: "Europe/Paris" });
const margin = 24;
const scale = 2; // for paper and slides

/** The text of a node, line by line, with the colour of the swatch before it. */
function legendOf(figure: Element): { title: string[]; lines: { colour: string | null; isHatched: boolean; text: string }[] } {
  const title = [...(figure.querySelector("figcaption")?.childNodes ?? [])].map((node) => node.textContent ?? "").filter(Boolean);
  const lines = [...figure.querySelectorAll("li, p")].map((line) => {
    const swatch = line.querySelector("span");
    const look = swatch && getComputedStyle(swatch);
    return { colour: look ? look.backgroundColor : null, isHatched: !!look && look.backgroundImage !== "none", text: line.textContent ?? "" };
  });
  return { title, lines };
}

export async function picture(title: string, name: string): Promise<void> {
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
  const legendHeight = Math.max(...legends.map((legend) => (legend ? 20 * (legend.lines.length + legend.title.length) + 16 : 0)));
  const sheet = document.createElement("canvas");
  const wide = margin + shown.length * (width + margin);
  const high = 64 + Math.max(...heights) + legendHeight + 44;
  sheet.width = wide * scale;
  sheet.height = high * scale;
  const pen = sheet.getContext("2d") as CanvasRenderingContext2D;
  pen.scale(scale, scale);
  pen.fillStyle = colour("surface");
  pen.fillRect(0, 0, wide, high);
  pen.textBaseline = "middle";
  const font = (size: number, weight = 400) => (pen.font = `${weight} ${size}px ${root.getPropertyValue("--font")}`);
  const write = (text: string, x: number, y: number, ink = "text") => {
    pen.fillStyle = colour(ink);
    pen.fillText(text, x, y, width);
  };
  font(20, 620);
  write(title, margin, 34);
  for (const [index, { canvas }] of shown.entries()) {
    const left = margin + index * (width + margin);
    const height = heights[index] ?? 0;
    pen.drawImage(canvas, left, 64, width, height);
    pen.strokeStyle = colour("line");
    pen.strokeRect(left, 64, width, height);
    let y = 64 + Math.max(...heights) + 20;
    const legend = legends[index];
    for (const [line, text] of (legend?.title ?? []).entries()) {
      font(13, line === 0 ? 600 : 400);
      write(text, left, y, line === 0 ? "text" : "text-soft");
      y += 20;
    }
    font(13);
    for (const { colour: fill, isHatched, text } of legend?.lines ?? []) {
      if (fill) {
        pen.fillStyle = isHatched ? colour("map-empty") : fill;
        pen.fillRect(left, y - 7, 24, 14);
        pen.strokeStyle = colour(isHatched ? "map-hatch" : "map-line");
        pen.strokeRect(left, y - 7, 24, 14);
        if (isHatched) {
          pen.beginPath();
          for (let x = 2; x < 24; x += 6) {
            pen.moveTo(left + x, y + 7);
            pen.lineTo(left + Math.min(24, x + 8), y - 7);
          }
          pen.stroke();
        }
      }
      write(text, left + (fill ? 34 : 0), y);
      y += 20;
    }
  }
  font(12);
  write(`Maillage, le ${longDate.format(now())}. Communes : découpage administratif, Etalab.`, margin, high - 20, "text-soft");
  const blob = await new Promise<Blob | null>((done) => sheet.toBlob(done));
  if (!blob) return;
  give(blob, name);
}
