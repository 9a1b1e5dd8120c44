// Two thumbs on one line: from … to. Arrows move a thumb, Home and End take it to the end.
import { Label, Slider, SliderThumb, SliderTrack } from "react-aria-components";
import style from "./RangeSlider.module.css";

type Props = {
  label: string;
  least: number;
  most: number;
  value: [number, number];
  /** While it moves. */
  onChange: (value: [number, number]) => void;
  /** When it is let go. */
  onEnd?: (value: [number, number]) => void;
  /** What a place is called, for eyes and for screen readers. */
  say: (value: number) => string;
};

export function RangeSlider({ label, least, most, value, onChange, onEnd, say }: Props) {
  const places = most - least || 1;
  return (
    <Slider className={style.slider} minValue={least} maxValue={most} value={value} onChange={(next) => onChange(next as [number, number])} onChangeEnd={(next) => onEnd?.(next as [number, number])}>
      <Label className="hidden-visually">{label}</Label>
      <span className={style.end}>{say(value[0])}</span>
      <SliderTrack className={style.track}>
        <div className={style.rail} />
        <div className={style.fill} style={{ left: `${((value[0] - least) / places) * 100}%`, right: `${((most - value[1]) / places) * 100}%` }} />
        <SliderThumb index={0} className={style.thumb} aria-label={`${label} : début, ${say(value[0])}`} />
        <SliderThumb index={1} className={style.thumb} aria-label={`${label} : fin, ${say(value[1])}`} />
      </SliderTrack>
      <span className={style.end}>{say(value[1])}</span>
    </Slider>
  );
}
