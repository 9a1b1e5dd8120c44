// The only file that knows MapLibre. No external tile, font or sprite: the communes are the ground.
import "maplibre-gl/dist/maplibre-gl.css";
import type { Feature, FeatureCollection, Point } from "geojson";
import type { ExpressionSpecification, GeoJSONSource, LngLat, LngLatBoundsLike, Map as GLMap, MapGeoJSONFeature, StyleSpecification, VectorTileSource } from "maplibre-gl";
import maplibre from "maplibre-gl/dist/maplibre-gl-csp";
import workerUrl from "maplibre-gl/dist/maplibre-gl-csp-worker?url";
import { useEffect, useRef, useState } from "react";
import { useTheme } from "@/style/theme";
import { plural } from "@/words/number";
import style from "./Map.module.css";
import type { Box, Ground, MapProps, Tiles } from "./types";

maplibre.setWorkerUrl(workerUrl);

const words = {
  "AttributionControl.ToggleAttribution": "Afficher les sources",
  "Map.Title": "Carte",
  "NavigationControl.ResetBearing": "Remettre le nord en haut",
  "NavigationControl.ZoomIn": "Agrandir la carte",
  "NavigationControl.ZoomOut": "Réduire la carte",
  "ScaleControl.Meters": "m",
  "ScaleControl.Kilometers": "km",
};

const font = ["Inter Variable"];
/** How near the map comes to a selected point. */
const nearest = 10.6;
/** Narrower than this, as on a phone, a map has smaller names: of areas, more find a place and none is cut by its edge. */
const narrow = 500;
/** The room of maps on A4, in pixels of the browser. */
const paper = { width: 700, height: 400, margin: 24 };
const empty: FeatureCollection = { type: "FeatureCollection", features: [] };

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Oblique lines on a transparent square: what the map draws where a figure is unknown. */
function hatch(): ImageData {
  const size = 8;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.strokeStyle = colour("map-hatch");
  pen.lineWidth = 1.2;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}

/** Where a name or a circle goes when the ground does not say: the middle of the largest ring. */
function centre(feature: Ground["features"][number]): [number, number] {
  const { lon, lat } = feature.properties;
  if (typeof lon === "number" && typeof lat === "number") return [lon, lat];
  const polygons = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
  let best: [number, number] = [0, 0];
  let most = -1;
  for (const [ring] of polygons) {
    if (!ring) continue;
    let area = 0;
    let x = 0;
    let y = 0;
    for (let i = 0; i + 1 < ring.length; i++) {
      const [ax = 0, ay = 0] = ring[i] ?? [];
      const [bx = 0, by = 0] = ring[i + 1] ?? [];
      const cross = ax * by - bx * ay;
      area += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (Math.abs(area) > most) {
      most = Math.abs(area);
      best = area === 0 ? [ring[0]?.[0] ?? 0, ring[0]?.[1] ?? 0] : [x / (3 * area), y / (3 * area)];
    }
  }
  return best;
}

/** What a circle of employers says beside the pointer. */
function gatheredWords(n: number, met: number): string {
  if (n === 1) return met ? "Employeur rencontré" : "Employeur non rencontré";
  return `${plural(n, "employeur")}, ${met === 0 ? "aucun rencontré" : `${plural(met, "rencontré")}`}`;
}

function bounds(ground: Ground): Box {
  const box: Box = [180, 90, -180, -90];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number" && typeof value[1] === "number") {
      box[0] = Math.min(box[0], value[0]);
      box[1] = Math.min(box[1], value[1]);
      box[2] = Math.max(box[2], value[0]);
      box[3] = Math.max(box[3], value[1]);
    } else value.forEach(visit);
  };
  for (const feature of ground.features) visit(feature.geometry.coordinates);
  return box;
}

/** All that a map has to show. */
const boxOf = ({ zones, ground }: MapProps): Box | undefined => zones?.box ?? (ground?.features.length ? bounds(ground) : undefined);

/** Where a map is, and what it shows. */
type Looked = { center: LngLat; zoom: number; box: Box };
const lookedAt = (map: GLMap): Looked => {
  const box = map.getBounds();
  return { center: map.getCenter(), zoom: map.getZoom(), box: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()] };
};

/** In less room or more, a map goes on showing what it showed of `all`: from where it was while that has place, else from as near as it has. */
function keepInView(map: GLMap, looked: Looked, all: Box | undefined): void {
  const [west, south, east, north] = looked.box;
  const seen: Box = all ? [Math.max(west, all[0]), Math.max(south, all[1]), Math.min(east, all[2]), Math.min(north, all[3])] : looked.box;
  map.jumpTo({ center: looked.center, zoom: looked.zoom });
  if (seen[0] >= seen[2] || seen[1] >= seen[3]) return;
  const [from, to] = [map.project([seen[0], seen[3]]), map.project([seen[2], seen[1]])];
  const { clientWidth, clientHeight } = map.getContainer();
  if (from.x > -1 && from.y > -1 && to.x < clientWidth + 1 && to.y < clientHeight + 1) return;
  // Above the line of sources.
  map.fitBounds(seen as LngLatBoundsLike, { padding: { top: 6, right: 6, bottom: 24, left: 6 }, maxZoom: looked.zoom, animate: false });
}

/** Shows those communes whole. */
function come(map: GLMap, ground: Ground | undefined, communes: ReadonlySet<string> | null): void {
  const features = ground?.features.filter(({ properties }) => communes?.has(properties.code)) ?? [];
  if (features.length > 0) map.fitBounds(bounds({ type: "FeatureCollection", features }) as LngLatBoundsLike, { padding: 18, animate: false });
}

const stateColour = (): ExpressionSpecification => [
  "match",
  ["get", "state"],
  "promised", colour("warn"),
  "resting", colour("quiet"),
  "opposed", colour("danger"),
  // A point may also be told by the network that goes there.
  "ft", colour("network-ft"),
  "ml", colour("network-ml"),
  "ce", colour("network-ce"),
  "plie", colour("network-plie"),
  colour("accent"),
];

const networkColour = (): ExpressionSpecification => [
  "match",
  ["get", "network"],
  "ft", colour("network-ft"),
  "ml", colour("network-ml"),
  "ce", colour("network-ce"),
  "plie", colour("network-plie"),
  colour("network-other"),
];

// A circle is one commune, or several gathered until one zooms in.
const total: ExpressionSpecification = ["coalesce", ["get", "sum"], ["get", "count"]];

/** MapLibre's workers ask for tiles: they need the whole address. */
const tilesOf = ({ path }: Tiles): string[] => [window.location.origin + path];

/** Tiles have towns and their districts, one over the other: those towns show, of the others the districts. */
const areasShown = (towns: string[]): ExpressionSpecification => {
  const isOne = (key: string): ExpressionSpecification => ["in", ["get", key], ["literal", towns]];
  return ["case", ["has", "parts"], isOne("code"), ["has", "town"], ["!", isOne("town")], true];
};
/** A class as the state of an area, from one on: a state of zero that is set right after all were removed is removed with them. */
const stateOf = (value: number | null): number => (value === null ? -1 : value + 1);
/** Names that find a place; from far away only the towns by which people find their way. */
const namesShown = (towns: string[]): ExpressionSpecification => {
  const larger = (than: number): ExpressionSpecification => ["all", [">", ["get", "population"], than], areasShown(towns)];
  return ["step", ["zoom"], larger(60000), 7, larger(4500), 8.6, larger(1800), 9.6, areasShown(towns)];
};

/** A name stands in the middle of its town or area; where a circle lies there, under or over it. On a side it would come far: the library keeps it there once the middle is free. */
const besideCircles: ("center" | "top" | "bottom")[] = ["center", "top", "bottom"];

function styleOf(pointsFrom: number, zones: Tiles | undefined, employers: Tiles | undefined, hasPlaces: boolean, isNarrow: boolean): StyleSpecification {
  const step = (index: number) => colour(`map-${index}`);
  // A ground of tiles has areas that the map does not speak of; they have no class, not even an unknown one.
  const part = zones ? { "source-layer": "zones" } : {};
  const isOfTowns = !zones || zones.path.includes("/commune");
  const [large, small] = isNarrow && !isOfTowns ? [10.5, 9.5] : [12.5, 10.5];
  const isAlone: ExpressionSpecification = ["==", ["get", "n"], 1];
  return {
    version: 8,
    sources: {
      ground: zones ? { type: "vector", tiles: tilesOf(zones), minzoom: 4, maxzoom: 12, promoteId: { zones: "code" } } : { type: "geojson", data: empty, promoteId: "code" },
      ...(employers ? { employers: { type: "vector", tiles: tilesOf(employers), minzoom: 9, maxzoom: 15 } } : {}),
      names: { type: "geojson", data: empty },
      counts: { type: "geojson", data: empty, cluster: true, clusterRadius: 38, clusterMaxZoom: 11, clusterProperties: { sum: ["+", ["get", "count"]] } },
      points: { type: "geojson", data: empty },
      places: { type: "geojson", data: empty, cluster: true, clusterRadius: 20, clusterMaxZoom: 14 },
      chosen: { type: "geojson", data: empty },
      outline: { type: "geojson", data: empty },
      route: { type: "geojson", data: empty },
    },
    layers: [
      { id: "back", type: "background", paint: { "background-color": colour("map-ground") } },
      {
        id: "fill",
        type: "fill",
        source: "ground",
        ...part,
        filter: areasShown([]),
        paint: {
          "fill-color": [
            "case",
            ["==", ["feature-state", "class"], null],
            colour(zones ? "map-ground" : "map-empty"),
            ["match", ["feature-state", "class"], 1, step(1), 2, step(2), 3, step(3), 4, step(4), 5, step(5), 6, step(6), colour("map-empty")],
          ],
        },
      },
      { id: "unknown", type: "fill", source: "ground", ...part, filter: ["==", ["get", "code"], ""], paint: { "fill-pattern": "hatch" } },
      { id: "lines", type: "line", source: "ground", ...part, filter: areasShown([]), paint: { "line-color": colour("map-line"), "line-width": ["interpolate", ["linear"], ["zoom"], 7, 0.4, 11, 1.1] } },
      {
        id: "over",
        type: "line",
        source: "ground",
        ...part,
        filter: areasShown([]),
        paint: {
          "line-color": colour("map-outline"),
          "line-width": ["case", ["boolean", ["feature-state", "selected"], false], 2.4, ["boolean", ["feature-state", "hover"], false], 1.4, 0],
        },
      },
      {
        id: "names",
        type: "symbol",
        ...(zones ? { source: "ground", "source-layer": "names" } : { source: "names" }),
        filter: namesShown([]),
        layout: {
          "text-field": ["get", "name"],
          "text-font": font,
          "text-size": ["interpolate", ["linear"], ["zoom"], 7, ["case", [">", ["get", "population"], 8000], large, small], 12, 13.5],
          "symbol-sort-key": ["-", 0, ["get", "population"]],
          "text-padding": isOfTowns ? 8 : isNarrow ? 1 : 2,
          "text-max-width": 7,
          // A town has its name beside it; an area, within itself: beside, it would name another one.
          "text-variable-anchor": hasPlaces || (isNarrow && !isOfTowns) ? besideCircles : isOfTowns ? ["top", "bottom", "left", "right"] : ["center"],
          "text-radial-offset": isOfTowns ? 0.9 : 0,
        },
        paint: { "text-color": colour("map-name"), "text-halo-color": colour("map-halo"), "text-halo-width": 1.4, "text-halo-blur": 0.4 },
      },
      {
        id: "counts",
        type: "circle",
        source: "counts",
        maxzoom: pointsFrom,
        paint: {
          "circle-radius": ["interpolate", ["linear"], ["sqrt", total], 1, 4, 8, 11, 20, 16, 60, 28],
          "circle-color": colour("accent"),
          "circle-opacity": 0.82,
          "circle-stroke-width": 1.2,
          "circle-stroke-color": colour("map-halo"),
        },
      },
      {
        id: "count-words",
        type: "symbol",
        source: "counts",
        maxzoom: pointsFrom,
        filter: [">=", total, 30],
        layout: { "text-field": ["number-format", total, { locale: "fr-FR" }], "text-font": font, "text-size": 11, "text-allow-overlap": true, "text-ignore-placement": true },
        paint: { "text-color": colour("on-accent") },
      },
      {
        id: "points",
        type: "circle",
        source: "points",
        minzoom: pointsFrom,
        paint: {
          "circle-radius": ["interpolate", ["linear"], ["zoom"], pointsFrom, 3.2, 14, 6.5],
          "circle-color": stateColour(),
          "circle-stroke-width": 1,
          "circle-stroke-color": colour("map-halo"),
        },
      },
      ...((employers
        ? [
            {
              // The fuller the circle, the more of its employers were met.
              id: "employers",
              type: "circle",
              source: "employers",
              "source-layer": "employers",
              paint: {
                "circle-radius": ["case", isAlone, 3.6, ["interpolate", ["linear"], ["sqrt", ["get", "n"]], 1.4, 6, 8, 11, 40, 22, 120, 30]],
                "circle-color": ["interpolate", ["linear"], ["/", ["get", "met"], ["get", "n"]], 0, colour("map-halo"), 1, colour("accent")],
                "circle-stroke-width": 1.3,
                // Seen on the darkest class as on the lightest.
                "circle-stroke-color": ["case", [">", ["/", ["get", "met"], ["get", "n"]], 0.5], colour("map-halo"), colour("accent-strong")],
              },
            },
            {
              id: "employer-counts",
              type: "symbol",
              source: "employers",
              "source-layer": "employers",
              filter: [">=", ["get", "n"], 10],
              layout: { "text-field": ["number-format", ["get", "n"], { locale: "fr-FR" }], "text-font": font, "text-size": 11, "text-allow-overlap": true, "text-ignore-placement": true },
              paint: { "text-color": ["case", [">", ["/", ["get", "met"], ["get", "n"]], 0.5], colour("on-accent"), colour("map-name")] },
            },
          ]
        : []) as StyleSpecification["layers"]),
      {
        id: "places",
        type: "circle",
        source: "places",
        paint: { "circle-radius": ["case", ["has", "point_count"], 12, 10], "circle-color": ["case", ["has", "point_count"], colour("text-soft"), networkColour()], "circle-stroke-width": 1.5, "circle-stroke-color": colour("map-halo") },
      },
      {
        id: "place-letters",
        type: "symbol",
        source: "places",
        layout: {
          "text-field": ["case", ["has", "point_count"], ["to-string", ["get", "point_count"]], ["match", ["get", "network"], "ft", "F", "ml", "M", "ce", "C", "plie", "P", "contributor", "S", "E"]],
          "text-font": font,
          "text-size": 11,
          "text-allow-overlap": true,
          // What names step aside for: the letter, and the circle around it; names of towns keep their distance themselves.
          "text-padding": isOfTowns ? 4.5 : 7,
        },
        paint: { "text-color": colour("on-network") },
      },
      { id: "outline-fill", type: "fill", source: "outline", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour("accent"), "fill-opacity": 0.14 } },
      { id: "outline-line", type: "line", source: "outline", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour("accent"), "line-width": 2.2 } },
      {
        id: "outline-corners",
        type: "circle",
        source: "outline",
        filter: ["==", ["geometry-type"], "Point"],
        paint: { "circle-radius": 4.5, "circle-color": colour("map-halo"), "circle-stroke-width": 2, "circle-stroke-color": colour("accent") },
      },
      { id: "route-line", type: "line", source: "route", filter: ["==", ["geometry-type"], "LineString"], layout: { "line-join": "round" }, paint: { "line-color": colour("accent"), "line-width": 2.4, "line-opacity": 0.75 } },
      {
        id: "route-stops",
        type: "circle",
        source: "route",
        filter: ["==", ["geometry-type"], "Point"],
        paint: {
          "circle-radius": ["case", ["==", ["get", "label"], ""], 6, 11],
          "circle-color": ["case", ["==", ["get", "label"], ""], colour("map-outline"), ["get", "selected"], colour("accent-strong"), colour("accent")],
          "circle-stroke-width": ["case", ["get", "selected"], 3, 1.5],
          "circle-stroke-color": colour("map-halo"),
        },
      },
      {
        id: "route-numbers",
        type: "symbol",
        source: "route",
        filter: ["==", ["geometry-type"], "Point"],
        layout: { "text-field": ["get", "label"], "text-font": font, "text-size": 12, "text-allow-overlap": true, "text-ignore-placement": true },
        paint: { "text-color": colour("on-accent") },
      },
      {
        id: "chosen",
        type: "circle",
        source: "chosen",
        paint: {
          "circle-radius": ["match", ["get", "role"], "selected", 10, "marked", 7, 8],
          "circle-color": ["match", ["get", "role"], "selected", colour("accent"), "rgba(0,0,0,0)"],
          "circle-stroke-width": 3,
          "circle-stroke-color": ["match", ["get", "role"], "selected", colour("map-halo"), "marked", colour("accent-strong"), colour("map-outline")],
        },
      },
    ],
  };
}

const pointOf = (lon: number, lat: number, properties: Record<string, unknown>): Feature<Point> => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [lon, lat] },
  properties,
});

/** Corners are shown while there are few of them: a circle has none. */
function outlineFeatures(corners: [number, number][], closed: boolean): Feature[] {
  const first = corners[0];
  if (!first) return [];
  const shape: Feature = closed
    ? { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[...corners, first]] } }
    : { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: corners } };
  return [...(corners.length > 1 ? [shape] : []), ...(corners.length < 60 ? corners.map(([lon, lat]) => pointOf(lon, lat, {})) : [])];
}

function fill(map: GLMap, source: string, features: Feature[]): void {
  map.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features });
}

/** The areas on the screen by their code: the colour that each is filled with, and those that are hatched; the names, those that the edge cuts, those that lie under a circle of structures. */
function painted(map: GLMap): { fills: Record<string, string>; hatched: string[]; names: string[]; cut: string[]; circles: number; covered: string[] } {
  const on = (layer: string) => map.queryRenderedFeatures({ layers: [layer] });
  const fills = on("fill").map((area) => [area.properties["code"], String((area.layer.paint as Record<string, unknown>)["fill-color"])]);
  const { clientWidth: right, clientHeight: bottom } = map.getContainer();
  const named = (...boxes: [number, number, number, number][]) => [
    ...new Set(boxes.flatMap(([x1, y1, x2, y2]) => map.queryRenderedFeatures([[x1, y1], [x2, y2]], { layers: ["names"] }).map((name) => String(name.properties["name"])))),
  ];
  const circles = on("places").map((place): [number, number, number, number] => {
    const { x, y } = map.project((place.geometry as Point).coordinates as [number, number]);
    return [x - 2, y - 2, x + 2, y + 2]; // names answer from their padding on
  });
  return {
    fills: Object.fromEntries(fills),
    hatched: [...new Set(on("unknown").map((area) => String(area.properties["code"])))],
    names: named([0, 0, right, bottom]),
    cut: named([0, 0, 1, bottom], [right - 1, 0, right, bottom], [0, 0, right, 1], [0, bottom - 1, right, bottom]),
    circles: circles.length,
    covered: named(...circles),
  };
}

export default function MapCanvas(props: MapProps) {
  const theme = useTheme();
  // Colours are read when the style is built: another theme is another map.
  return <Canvas key={theme} {...props} />;
}

function Canvas(props: MapProps) {
  const { ground, zones, employers, classes, counts, points, places, selectedPoint, hoveredPoint, selectedCommune, view, pointsFrom = 11 } = props;
  const holder = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<GLMap | null>(null);
  const [tip, setTip] = useState<{ x: number; y: number; text: string } | null>(null);
  const [failed, setFailed] = useState(false);
  const current = useRef(props);
  current.current = props;
  const framed = useRef(false);
  const frame = useRef(props.frame);
  const filled = useRef(false);
  const areaOf = (id: string | number) => (zones ? { source: "ground", sourceLayer: "zones", id } : { source: "ground", id });

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    let made: GLMap;
    try {
      made = new maplibre.Map({
        container: element,
        style: styleOf(pointsFrom, zones, employers, places !== undefined, element.clientWidth < narrow),
        center: view ? [view.lon, view.lat] : [3.17, 46.37],
        zoom: view?.zoom ?? 7.6,
        minZoom: 5,
        maxZoom: 17,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        attributionControl: false,
        trackResize: false, // seen to below
        locale: words,
        fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
        canvasContextAttributes: { preserveDrawingBuffer: props.frame !== undefined },
      });
    } catch {
      setFailed(true);
      return;
    }
    framed.current = !!view;
    filled.current = false;
    made.touchZoomRotate.disableRotation();
    made.keyboard.disableRotation();
    made.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    // The last one stands above: however many lines the sources take, the scale lies on them.
    made.addControl(new maplibre.AttributionControl({ compact: false, customAttribution: current.current.attribution }), "bottom-right");
    made.addControl(new maplibre.ScaleControl({ unit: "metric", maxWidth: 90 }), "bottom-right");
    made.on("styleimagemissing", ({ id }) => {
      if (id === "hatch" && !made.hasImage(id)) made.addImage(id, hatch());
    });
    // Idle means drawn: an empty ground does not count.
    made.on("idle", () => {
      element.dataset["mapIdle"] = filled.current ? "true" : "false";
    });
    made.on("dataloading", () => {
      element.dataset["mapIdle"] = "false";
    });
    made.on("movestart", () => {
      element.dataset["mapIdle"] = "false";
    });
    made.on("load", () => setMap(made));
    // What is painted, said to whoever asks it of the element: nothing that the screen does not show.
    element.addEventListener("map-painted", (event) => {
      const { detail } = event as CustomEvent<unknown>;
      if (typeof detail === "object" && detail !== null) Object.assign(detail, painted(made));
    });

    // What was last looked at on purpose. Where something opens beside the map, it is kept in view; once that is closed, the map is as it was.
    let looked = lookedAt(made);
    let isFitting = false;
    const report = (event: { originalEvent?: unknown }) => {
      const seen = lookedAt(made);
      if (!isFitting) looked = seen;
      current.current.onView?.({ lon: seen.center.lng, lat: seen.center.lat, zoom: seen.zoom }, seen.box, event.originalEvent !== undefined);
    };
    made.on("moveend", report);
    made.on("load", () => report({}));

    let hovered: string | number | undefined;
    const top = (employers ? ["route-stops", "places", "points", "employers", "fill"] : ["route-stops", "places", "points", "fill"]) as string[];
    const leave = () => {
      if (hovered !== undefined) made.setFeatureState(areaOf(hovered), { hover: false });
      hovered = undefined;
      setTip(null);
      made.getCanvas().style.cursor = "";
    };
    made.on("mousemove", (event) => {
      if (made.isMoving()) return;
      const near = made.queryRenderedFeatures(event.point, { layers: top });
      const first = near[0];
      const commune = near.find((feature) => feature.source === "ground");
      if (commune?.id !== hovered) {
        leave();
        hovered = commune?.id;
        if (hovered !== undefined) made.setFeatureState(areaOf(hovered), { hover: true });
      }
      if (!first) return leave();
      const text =
        first.source === "ground"
          ? (current.current.describe?.(String(first.properties["code"]), String(first.properties["name"])) ?? String(first.properties["name"]))
          : first.source === "employers"
            ? gatheredWords(Number(first.properties["n"]), Number(first.properties["met"]))
            : String(first.properties["name"] ?? "");
      if (current.current.onDraw) {
        made.getCanvas().style.cursor = "crosshair";
        return setTip(null);
      }
      made.getCanvas().style.cursor = first.source !== "ground" || current.current.onCommune ? "pointer" : "";
      setTip({ x: event.point.x, y: event.point.y, text });
    });
    made.on("mouseout", leave);
    made.on("click", (event) => {
      if (current.current.onDraw) return current.current.onDraw(event.lngLat.lng, event.lngLat.lat);
      const box: [[number, number], [number, number]] = [
        [event.point.x - 5, event.point.y - 5],
        [event.point.x + 5, event.point.y + 5],
      ];
      const found = (layer: string): MapGeoJSONFeature | undefined => made.queryRenderedFeatures(box, { layers: [layer] })[0];
      const nearer = (to: MapGeoJSONFeature, zoom: number) => made.easeTo({ center: (to.geometry as Point).coordinates as [number, number], zoom, duration: 140 }, { originalEvent: event.originalEvent });
      const unfold = (gathered: MapGeoJSONFeature) =>
        void made.getSource<GeoJSONSource>(gathered.source)?.getClusterExpansionZoom(Number(gathered.properties["cluster_id"])).then((zoom) => nearer(gathered, zoom + 0.4));
      // What lies above is meant first, as the words beside the pointer say.
      const stop = found("route-stops");
      if (stop && stop.properties["label"] !== "") return current.current.onStop?.(String(stop.properties["id"]));
      const place = found("places");
      if (place) return place.properties["cluster_id"] !== undefined ? unfold(place) : current.current.onPlace?.(Number(place.properties["id"]));
      const employer = employers && found("employers");
      if (employer) {
        const id = employer.properties["id"] as number | undefined;
        return id !== undefined ? current.current.onEmployer?.(id) : nearer(employer, Math.min(made.getZoom() + 2, 17));
      }
      const point = found("points");
      if (point) return current.current.onPoint?.(Number(point.properties["id"]));
      const gathered = made.queryRenderedFeatures(event.point, { layers: ["counts"] }).find((feature) => feature.properties["cluster_id"] !== undefined);
      if (gathered) return unfold(gathered);
      const commune = made.queryRenderedFeatures(event.point, { layers: ["fill"] })[0];
      if (commune) current.current.onCommune?.(String(commune.properties["code"]), String(commune.properties["name"]));
    });

    const resize = new ResizeObserver(() => {
      const isMoving = made.isMoving();
      isFitting = true;
      made.resize();
      const { selectedPoint: at, around } = current.current;
      if (around !== undefined) come(made, current.current.ground, around);
      else if (element.clientHeight > 0 && at) made.jumpTo({ center: [at.lon, at.lat], zoom: Math.max(made.getZoom(), nearest) });
      else if (element.clientHeight > 0 && !isMoving) keepInView(made, looked, boxOf(current.current));
      isFitting = false;
    });
    resize.observe(element);
    // What the screen shows whole is whole on paper, at the shape of the paper. The zoom stays: no tile has to come first.
    let before: { center: { lng: number; lat: number }; zoom: number } | null = null;
    const toPaper = () => {
      if (before) return; // on paper already
      const shown = made.getBounds();
      const box = boxOf(current.current);
      if (!box || !shown.contains([box[0], box[1]]) || !shown.contains([box[2], box[3]])) {
        made.redraw(); // what was drawn before is not kept for paper
        return;
      }
      before = { center: made.getCenter(), zoom: made.getZoom() };
      const [from, to] = [made.project([box[0], box[3]]), made.project([box[2], box[1]])];
      const shape = paper.width / document.querySelectorAll("[data-map-frame]").length / paper.height;
      const [width, height] = [to.x - from.x + paper.margin, to.y - from.y + paper.margin];
      element.style.width = `${Math.round(Math.max(width, height * shape))}px`;
      element.style.height = `${Math.round(Math.max(height, width / shape))}px`;
      made.resize();
      made.jumpTo({ center: [(box[0] + box[2]) / 2, made.unproject([0, made.project([0, box[1]]).y / 2 + made.project([0, box[3]]).y / 2]).lat] });
      made.redraw();
    };
    const toScreen = () => {
      if (!before) return;
      element.style.width = element.style.height = "";
      made.resize();
      made.jumpTo(before);
      before = null;
    };
    window.addEventListener("beforeprint", toPaper);
    window.addEventListener("afterprint", toScreen);
    return () => {
      window.removeEventListener("beforeprint", toPaper);
      window.removeEventListener("afterprint", toScreen);
      resize.disconnect();
      setMap(null);
      made.remove();
    };
    // The map is made once; everything that changes is told to it below.
  }, []);

  useEffect(() => {
    if (!map || !ground) return;
    map.getSource<GeoJSONSource>("ground")?.setData(ground);
    filled.current = ground.features.length > 0;
    if (frame.current !== props.frame) {
      frame.current = props.frame;
      framed.current = false;
    }
    fill(
      map,
      "names",
      ground.features.map((feature) => pointOf(...centre(feature), { name: feature.properties.name, population: feature.properties.population ?? 0 })),
    );
    if (!framed.current && ground.features.length > 0) {
      framed.current = true;
      map.fitBounds(bounds(ground) as LngLatBoundsLike, { padding: 18, animate: false });
    }
  }, [map, ground, props.frame]);

  useEffect(() => {
    if (!map || !zones) return;
    const source = map.getSource<VectorTileSource>("ground");
    if (source && source.tiles?.[0] !== tilesOf(zones)[0]) source.setTiles(tilesOf(zones));
    filled.current = true;
    if (frame.current !== props.frame) {
      frame.current = props.frame;
      framed.current = false;
    }
    if (!framed.current && zones.box) {
      framed.current = true;
      map.fitBounds(zones.box as LngLatBoundsLike, { padding: 18, animate: false });
    }
  }, [map, zones?.path, zones?.box, props.frame]);

  const towns = (zones?.towns ?? []).join();
  useEffect(() => {
    if (!map || !zones) return;
    const whole = towns.split(",");
    for (const layer of ["fill", "lines", "over"]) map.setFilter(layer, areasShown(whole));
    map.setFilter("names", namesShown(whole));
  }, [map, towns]);

  useEffect(() => {
    if (!map || !employers) return;
    const source = map.getSource<VectorTileSource>("employers");
    if (source && source.tiles?.[0] !== tilesOf(employers)[0]) source.setTiles(tilesOf(employers));
  }, [map, employers?.path]);

  // The same address shows something else by now.
  const versions = useRef({ zones: zones?.version, employers: employers?.version });
  useEffect(() => {
    const shown = versions.current;
    versions.current = { zones: zones?.version, employers: employers?.version };
    if (map && shown.zones !== zones?.version) map.refreshTiles("ground");
    if (map && shown.employers !== employers?.version) map.refreshTiles("employers");
  }, [map, zones?.version, employers?.version]);

  // Where the other one was before this map was made is no move to follow.
  const { follow } = props;
  const followed = useRef(follow);
  useEffect(() => {
    if (!map || follow === followed.current) return;
    followed.current = follow;
    if (follow) map.jumpTo({ center: [follow.lon, follow.lat], zoom: follow.zoom });
  }, [map, follow]);

  useEffect(() => {
    if (!map || !zones || !classes) return;
    map.removeFeatureState({ source: "ground", sourceLayer: "zones" });
    const unknown: string[] = [];
    for (const [code, value] of classes) {
      if (value === null) unknown.push(code);
      map.setFeatureState({ source: "ground", sourceLayer: "zones", id: code }, { class: stateOf(value) });
    }
    map.setFilter("unknown", ["all", ["in", ["get", "code"], ["literal", unknown]], areasShown(towns.split(","))]);
    if (current.current.selectedCommune) map.setFeatureState({ source: "ground", sourceLayer: "zones", id: current.current.selectedCommune }, { selected: true });
  }, [map, zones?.path, classes, towns]);

  useEffect(() => {
    if (!map || !ground) return;
    const unknown: string[] = [];
    for (const { properties } of ground.features) {
      const value = classes?.get(properties.code);
      if (value === null) unknown.push(properties.code);
      map.setFeatureState({ source: "ground", id: properties.code }, { class: value === undefined ? null : stateOf(value) });
    }
    map.setFilter("unknown", ["in", ["get", "code"], ["literal", unknown]]);
  }, [map, ground, classes]);

  useEffect(() => {
    if (!map || !ground) return;
    const features: Feature[] = [];
    for (const feature of ground.features) {
      const value = counts?.get(feature.properties.code);
      if (value) features.push(pointOf(...centre(feature), { count: value }));
    }
    fill(map, "counts", features);
  }, [map, ground, counts]);

  // Names step aside for circles only where there are circles; those of structures, few, are told one by one.
  const hasCounts = !!counts && counts.size > 0;
  const hasPlaces = !!places && places.length > 0;
  useEffect(() => {
    if (!map || !(ground || hasPlaces)) return;
    map.setLayoutProperty("names", "text-radial-offset", hasPlaces ? 1.6 : hasCounts ? 1.1 : 0);
    if (hasPlaces) map.setLayoutProperty("names", "text-variable-anchor", besideCircles);
  }, [map, !ground, hasCounts, hasPlaces]);

  useEffect(() => {
    if (map) fill(map, "points", (points ?? []).map(({ lon, lat, ...rest }) => pointOf(lon, lat, rest)));
  }, [map, points]);

  useEffect(() => {
    if (map) fill(map, "places", (places ?? []).map(({ lon, lat, ...rest }) => pointOf(lon, lat, rest)));
  }, [map, places]);

  const marked = props.markedPoints;
  const chosenId = selectedPoint?.id;
  useEffect(() => {
    if (!map) return;
    const features: Feature[] = [];
    const hovered = hoveredPoint == null ? undefined : points?.find((point) => point.id === hoveredPoint);
    if (hovered) features.push(pointOf(hovered.lon, hovered.lat, { role: "hovered" }));
    if (marked && marked.size > 0) for (const point of points ?? []) if (marked.has(point.id)) features.push(pointOf(point.lon, point.lat, { role: "marked" }));
    if (selectedPoint) features.push(pointOf(selectedPoint.lon, selectedPoint.lat, { role: "selected" }));
    fill(map, "chosen", features);
  }, [map, points, selectedPoint, hoveredPoint, marked]);

  const { around } = props;
  useEffect(() => {
    if (map && around) come(map, ground, around);
  }, [map, ground, around]);

  useEffect(() => {
    if (!map || !selectedPoint || around !== undefined) return;
    const at: [number, number] = [selectedPoint.lon, selectedPoint.lat];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    map.easeTo({ center: at, zoom: Math.max(map.getZoom(), nearest), duration: still ? 0 : 140 });
    // Only another selection moves the map.
  }, [map, chosenId]);

  const { outline, outlineClosed } = props;
  useEffect(() => {
    if (map) fill(map, "outline", outlineFeatures(outline ?? [], !!outlineClosed));
  }, [map, outline, outlineClosed]);

  const { route, selectedStop } = props;
  useEffect(() => {
    if (!map) return;
    const stops = route ?? [];
    const line: Feature[] = stops.length > 1 ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: stops.map(({ lon, lat }) => [lon, lat]) } }] : [];
    fill(map, "route", [...line, ...stops.map(({ lon, lat, ...rest }) => pointOf(lon, lat, { ...rest, selected: rest.id === selectedStop }))]);
  }, [map, route, selectedStop]);
  useEffect(() => {
    if (!map || !route || route.length === 0) return;
    const box: Box = [180, 90, -180, -90];
    for (const { lon, lat } of route) {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
    framed.current = true;
    map.fitBounds(box as LngLatBoundsLike, { padding: 46, maxZoom: 12, animate: false });
  }, [map, route]);

  const outlined = useRef<string | null>(null);
  useEffect(() => {
    if (!map || !(ground || zones)) return;
    if (outlined.current) map.setFeatureState(areaOf(outlined.current), { selected: false });
    if (selectedCommune) map.setFeatureState(areaOf(selectedCommune), { selected: true });
    outlined.current = selectedCommune ?? null;
  }, [map, ground, selectedCommune]);

  if (failed) return <div className={style.waiting}>Ce navigateur ne peut pas dessiner la carte ; la liste donne les mêmes informations.</div>;
  return (
    <div className={style.frame} role="region" aria-label={props.label} data-map-frame data-testid="map-frame">
      <div ref={holder} className={style.map} data-map-idle="false" data-testid="map" />
      {map && props.onLasso && <Lasso placeOf={(x, y) => map.unproject([x, y]).toArray() as [number, number]} onDone={props.onLasso} />}
      {tip && (
        <div className={style.tip} style={{ left: tip.x, top: tip.y }} aria-hidden>
          {tip.text}
        </div>
      )}
    </div>
  );
}

/** A sheet over the map on which a drag draws; what it surrounds is told in degrees when the pointer is let go. */
function Lasso({ placeOf, onDone }: { placeOf: (x: number, y: number) => [number, number]; onDone: (ring: [number, number][]) => void }) {
  const [trail, setTrail] = useState<[number, number][]>([]);
  const at = (event: React.PointerEvent): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  return (
    <svg
      className={style.lasso}
      data-testid="lasso"
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setTrail([at(event)]);
      }}
      onPointerMove={(event) => trail.length > 0 && setTrail([...trail, at(event)])}
      onPointerUp={() => {
        if (trail.length > 2) onDone(trail.map(([x, y]) => placeOf(x, y)));
        setTrail([]);
      }}
      onPointerCancel={() => setTrail([])}
    >
      {trail.length > 1 && <polygon points={trail.map((corner) => corner.join(",")).join(" ")} />}
    </svg>
  );
}
