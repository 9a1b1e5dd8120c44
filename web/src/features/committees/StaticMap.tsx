// A map for paper: outlines of the areas, six classes from light to dark, the figure written on each. It reads without
// colours: darkness grows with the class, and what is unknown is hatched.
import { useId } from "react";
import type { Indicator } from "@/api/queries";
import { outlines } from "@/features/coverage/outlines";
import { classCount, classLabel, classOf, scaleOf, type Scale } from "@/features/coverage/scale";
import { told, type Area } from "@/features/indicators/figures";
import { classes } from "@/ui/classes";
import style from "./Committees.module.css";
import type { Content } from "./words";

/** Figures are written on the areas only where there is room for them. */
const roomFor = 40;
/** The height above which a map is made to fit by its height. */
const tall = 860;

type Props = { indicator: Indicator; areas: Area[]; shapes: Content["shapes"]; scale?: Scale; title?: string };

export function StaticMap({ indicator, areas, shapes, scale: given, title }: Props) {
  const id = useId();
  const byArea = new Map(areas.map((area) => [area.area, area.figures[indicator.code]]));
  const scale = given ?? scaleOf(areas.map((area) => area.figures[indicator.code]?.value), indicator.unit);
  const height = shapes.height ?? 0;
  const hidden = areas.some((area) => area.figures[indicator.code]?.hidden);
  const classAt = (area: string) => {
    const figure = byArea.get(area);
    return classOf(scale, figure?.hidden ? null : figure?.value);
  };
  if (height === 0 || shapes.areas.length === 0) return null;
  // A tall map is drawn smaller, and what is written and hatched on it larger.
  const larger = Math.max(1, height / tall);
  return (
    <figure className={style.map}>
      <figcaption>{title ?? indicator.name}</figcaption>
      <svg viewBox={`-6 -6 ${shapes.width + 12} ${height + 12}`} role="img" aria-label={`Carte : ${title ?? indicator.name}. Les mêmes chiffres sont dans le tableau.`}>
        <defs>
          <pattern id={id} width="14" height="14" patternUnits="userSpaceOnUse" patternTransform={`rotate(45) scale(${larger})`}>
            <rect width="14" height="14" className={style.hatchGround} />
            <line x1="0" y1="0" x2="0" y2="14" className={style.hatchLine} />
          </pattern>
        </defs>
        {shapes.areas.map((shape) => {
          const at = classAt(shape.area);
          return (
            <path key={shape.area} d={shape.path} className={classes(style.shape, at !== null && style[`class${at + 1}`])} fill={at === null ? `url(#${id})` : undefined}>
              <title>{`${shape.name} : ${told(byArea.get(shape.area), indicator)}`}</title>
            </path>
          );
        })}
        {shapes.areas.length <= roomFor &&
          shapes.areas.map((shape) => {
            const figure = byArea.get(shape.area);
            return figure && !figure.hidden && figure.value !== null ? (
              <text key={shape.area} x={shape.x} y={shape.y} className={style.onMap} style={{ fontSize: `${25 * larger}px`, strokeWidth: `${6 * larger}px` }} aria-hidden>
                {told(figure, indicator)}
              </text>
            ) : null;
          })}
      </svg>
      <ul className={style.legend}>
        {Array.from({ length: classCount(scale) }, (_, index) => (
          <li key={index}>
            <svg width="20" height="12" aria-hidden>
              <rect width="20" height="12" className={classes(style.shape, style[`class${index + 1}`])} />
            </svg>
            {classLabel(scale, index)}
          </li>
        ))}
        {shapes.areas.some((shape) => classAt(shape.area) === null) && (
          <li>
            <svg width="20" height="12" aria-hidden>
              <rect width="20" height="12" fill={`url(#${id})`} className={style.shape} />
            </svg>
            inconnu{hidden && " ou masqué"}
          </li>
        )}
      </ul>
      {shapes.ground && outlines(shapes.ground).map((words) => <p key={words} className={style.note}>{words}</p>)}
    </figure>
  );
}
