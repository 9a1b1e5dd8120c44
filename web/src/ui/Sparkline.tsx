// A small curve of one figure over days, from zero; its table twin stands beside it where it is used.
import style from "./Sparkline.module.css";

type Point = { day: string; value: number };

export function Sparkline({ points, label, width = 96, height = 24 }: { points: Point[]; label: string; width?: number; height?: number }) {
  const first = points[0];
  if (!first) return null;
  const start = Date.parse(first.day);
  const span = Math.max(1, Date.parse(points[points.length - 1]?.day ?? first.day) - start);
  const most = Math.max(...points.map((point) => point.value)) || 1;
  const at = (point: Point) => `${(((Date.parse(point.day) - start) / span) * (width - 4) + 2).toFixed(1)},${(height - 3 - (point.value / most) * (height - 6)).toFixed(1)}`;
  const line = points.length === 1 ? `2,${at(first).split(",")[1]} ${width - 2},${at(first).split(",")[1]}` : points.map(at).join(" ");
  return (
    <svg className={style.spark} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline points={`2,${height - 2} ${line} ${width - 2},${height - 2}`} className={style.area} />
      <polyline points={line} className={style.line} />
    </svg>
  );
}
