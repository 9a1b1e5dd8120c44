// One map of figures with its legend.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { groundFrame, type FigureFilters, type Indicator } from "@/api/queries";
import { attributionOf } from "@/features/establishments/ground";
import { navigate } from "@/router";
import { classes as names } from "@/ui/classes";
import { MapView, type Box, type MapPlace, type View } from "@/ui/map";
import { NetworkMark } from "@/ui/Network";
import { Skeleton } from "@/ui/States";
import { count } from "@/words/number";
import style from "./CoveragePage.module.css";
import { outlines } from "./outlines";
import { classCount, classLabel, classOf, said, type Scale } from "./scale";
import type { Level } from "./filters";

export type Item = { area: string; name: string; figures: Record<string, { n: number | null; out_of: number | null; value: number | null; hidden?: boolean }> };

/** How a figure is made: 12 employeurs rencontrés pour 340 établissements. */
export function made(indicator: Indicator, figure: Item["figures"][string] | undefined): string {
  if (!figure || figure.hidden) return "masqué pour protéger un petit effectif";
  if (figure.n === null) return "inconnu";
  if (figure.out_of === null || !indicator.out_of) return `${count(figure.n)} ${indicator.counted}`;
  return `${count(figure.n)} ${indicator.counted} pour ${count(figure.out_of)} ${indicator.out_of}`;
}

type AreaMapProps = {
  label: string;
  title: ReactNode;
  indicator: Indicator;
  level: Level;
  within: string | undefined;
  items: Item[];
  scale: Scale;
  selected: string | null;
  onSelect: (area: string) => void;
  /** Employers of the same question, for those who may see them one by one. */
  employers?: { filters: FigureFilters; version: number; words: string } | undefined;
  /** Who works here, where they were asked for; a click opens one. */
  actors?: MapPlace[] | undefined;
  /** Where it begins; without, it frames its areas. */
  view?: View | null;
  follow?: View | null;
  onMove?: (view: View) => void;
};

/** What of the question chooses employers, and whose meetings of when count. */
const ofEmployers = ["from", "to", "network", "organisation", "naf", "size", "segment", "within"] as const;

/** Where employers show one by one or gathered; below, the areas alone speak. */
const employersFrom = 9;

export function AreaMap({ label, title, indicator, level, within, items, scale, selected, onSelect, employers, actors, view, follow, onMove }: AreaMapProps) {
  const { data: frame } = useQuery(groundFrame(within ?? ""));
  const [isNear, setNear] = useState(false);
  const byArea = useMemo(() => new Map(items.map((item) => [item.area, item])), [items]);
  const classes = useMemo(() => new Map(items.map((item) => [item.area, classOf(scale, item.figures[indicator.code]?.value)])), [items, scale, indicator.code]);
  const zones = useMemo(() => (frame ? { path: `/api/tiles/zones/${level}/{z}/{x}/{y}`, box: (frame.box as Box | null) ?? undefined, version: frame.stamp, towns: frame.towns } : undefined), [frame, level]);
  const points = useMemo(() => {
    if (!employers) return undefined;
    const query = new URLSearchParams(ofEmployers.flatMap((key) => (employers.filters[key] ? [[key, String(employers.filters[key])]] : [])));
    return { path: `/api/tiles/employers/{z}/{x}/{y}?${query}`, version: employers.version };
  }, [...ofEmployers.map((key) => employers?.filters[key]), employers?.version]);
  if (!frame || !zones) return <div className={style.map}><Skeleton rows={4} /></div>;
  return (
    <div className={style.map}>
      <MapView
        label={label}
        zones={zones}
        employers={points}
        {...(actors && { places: actors })}
        onPlace={(id) => navigate(`/annuaire/${id}`)}
        frame={`${level} ${within ?? ""}`}
        attribution={attributionOf({ kind: frame.drawn === frame.communes ? "voronoi" : frame.drawn > 0 ? "mixed" : "contour" })}
        classes={classes}
        selectedCommune={selected}
        view={view ?? null}
        follow={follow}
        onView={(at, _, byHand) => {
          setNear(at.zoom >= employersFrom);
          if (byHand) onMove?.(at);
        }}
        onCommune={(code) => byArea.has(code) && onSelect(code)}
        onEmployer={(id) => navigate(`/entreprises/${id}`)}
        describe={(code, name) => {
          const figure = byArea.get(code)?.figures[indicator.code];
          if (!figure) return name;
          return `${name} : ${figure.hidden ? "masqué" : said(figure.value, indicator.unit)}\n${made(indicator, figure)}`;
        }}
      />
      <figure className={style.legend} aria-label={`Légende : ${label}`} data-legend>
        <figcaption>
          {indicator.name}
          <span>{title}</span>
        </figcaption>
        <ul>
          {Array.from({ length: classCount(scale) }, (_, index) => (
            <li key={index}>
              <span className={names(style.swatch, style[`class${index + 1}`])} />
              {classLabel(scale, index)}
            </li>
          ))}
          <li>
            <span className={names(style.swatch, style.hatched)} />
            inconnu{items.some((item) => item.figures[indicator.code]?.hidden) && " ou masqué (petit effectif)"}
          </li>
          {actors && (
            <li>
              <NetworkMark network="ft" size={14} />
              structure, au signe de son réseau
            </li>
          )}
          {points && isNear && (
            <>
              <li>
                <span className={names(style.dot, style.dotMet)} />
                employeur rencontré {employers?.words}
              </li>
              <li>
                <span className={style.dot} />
                employeur non rencontré
              </li>
            </>
          )}
        </ul>
        {outlines(frame).map((words) => (
          <p key={words} className={style.origin}>
            {words}
          </p>
        ))}
      </figure>
    </div>
  );
}
