// What the map is told; features speak of communes, figures and points, never of layers.
import type { FeatureCollection, MultiPolygon, Point, Polygon } from "geojson";

export type CommuneProperties = { code: string; name: string; population?: number | null; lon?: number; lat?: number };
export type Ground = FeatureCollection<Polygon | MultiPolygon, CommuneProperties>;

export type MapPoint = { id: number; lon: number; lat: number; state: string; name: string; network?: string | null };
export type MapPlace = { id: number; lon: number; lat: number; name: string; network: string };

/** A stop of a round, in order; without a label, where it starts and ends. */
export type MapStop = { id: string; label: string; name: string; lon: number; lat: number };

export type View = { lon: number; lat: number; zoom: number };
export type Box = [west: number, south: number, east: number, north: number];

/** Vector tiles of the same origin: the path with {z}, {x} and {y}. With another version they are asked for again. */
export type Tiles = { path: string; box?: Box | undefined; version?: number | undefined; /** Towns shown whole: elsewhere their districts are. */ towns?: string[] | undefined };

export type MapProps = {
  label: string;
  /** The ground as one document; left out when it comes as tiles. */
  ground?: Ground | undefined;
  /** The ground as tiles, framed by their box: layers `zones` (code, name) and `names`. A map has them from its beginning or never. */
  zones?: Tiles | undefined;
  /** Employers as tiles, from zoom 9: layer `employers` (n, met, id when alone). */
  employers?: Tiles | undefined;
  onEmployer?: (id: number) => void;
  attribution: string;
  /** When it becomes another word, the map frames its ground anew. */
  frame?: string;
  /** Class of each commune, 0 to 5; null is unknown (hatched); absent is plain ground. */
  classes?: Map<string, number | null>;
  /** How many establishments in each commune, drawn as circles until one zooms in. */
  counts?: Map<string, number>;
  /** Drawn above `pointsFrom`. */
  points?: MapPoint[];
  pointsFrom?: number;
  /** Organisations, each in the colour and with the letter of its network. */
  places?: MapPlace[];
  /** A drawn outline: its corners, [lon, lat]; closed when `outlineClosed`. */
  outline?: [number, number][];
  outlineClosed?: boolean;
  /** While set, a press on the map draws instead of choosing. */
  onDraw?: ((lon: number, lat: number) => void) | undefined;
  /** While set, a drag on the map surrounds an area: its corners, when the button is let go. */
  onLasso?: ((ring: [number, number][]) => void) | undefined;
  /** Points marked in the list. */
  markedPoints?: ReadonlySet<number> | undefined;
  /** A round: its stops in order, joined by a line. The map shows it whole. */
  route?: MapStop[];
  selectedStop?: string | null;
  onStop?: (id: string) => void;
  selectedPoint?: { id: number; lon: number; lat: number } | null;
  hoveredPoint?: number | null;
  selectedCommune?: string | null;
  /** Communes that the map comes to, instead of the selected point; null while one waits to know which. */
  around?: ReadonlySet<string> | null | undefined;
  view?: View | null;
  /** Where another map beside this one was moved to: this one goes there too. */
  follow?: View | null | undefined;
  /** `byHand`: the person moved the map, as opposed to the page framing it. */
  onView?: (view: View, box: Box, byHand: boolean) => void;
  onCommune?: (code: string, name: string) => void;
  onPoint?: (id: number) => void;
  onPlace?: (id: number) => void;
  /** The line shown beside the pointer over a commune. */
  describe?: (code: string, name: string) => string;
};

export type { Point };
