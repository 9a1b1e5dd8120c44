// One map of figures with its legend.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { groundOf, type Indicator } from "@/api/queries";
import { attributionOf } from "@/features/establishments/ground";
import { classes as names } from "@/ui/classes";
import { MapView, type Ground } from "@/ui/map";
import { count } from "@/words/number";
import style from "./CoveragePage.module.css";
import { classCount, classLabel, classOf, said, type Scale } from "./scale";
import type { Level } from "./filters";

export type Item = { area: string; name: string; figures: Record<string, { n: number | null; out_of: number | null; value: number | null; hidden: boolean }> };

/** How a figure is made: 12 employeurs rencontrés pour 340 établissements. */
export function made(indicator: Indicator, figure: Item["figures"][string] | undefined): string {
  if (!figure || figure.hidden) return "effectif sous 5, masqué";
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
};

export function AreaMap({ label, title, indicator, level, within, items, scale, selected, onSelect }: AreaMapProps) {
  const { data: ground } = useQuery(groundOf(level));
  const byArea = new Map(items.map((item) => [item.area, item]));
  const shown = ground && ({ ...ground, features: ground.features.filter((feature) => byArea.has(feature.properties.code)) } as unknown as Ground);
  const classes = new Map(items.map((item) => [item.area, classOf(scale, item.figures[indicator.code]?.value)]));
  return (
    <div className={style.map}>
      <MapView
        label={label}
        ground={shown}
        frame={`${level} ${within ?? ""}`}
        attribution={attributionOf(ground)}
        classes={classes}
        selectedCommune={selected}
        onCommune={onSelect}
        describe={(code, name) => {
          const figure = byArea.get(code)?.figures[indicator.code];
          return `${name} : ${figure?.hidden ? "masqué" : said(figure?.value, indicator.unit)}\n${made(indicator, figure)}`;
        }}
      />
      <figure className={style.legend} aria-label={`Légende : ${label}`}>
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
            inconnu{items.some((item) => item.figures[indicator.code]?.hidden) && " ou masqué (moins de 5)"}
          </li>
        </ul>
      </figure>
    </div>
  );
}
