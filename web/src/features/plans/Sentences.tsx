import { french } from "@/words/typography";
import style from "./Plans.module.css";

/** Differences, or rules, one line each. */
export function Sentences({ items, empty }: { items: string[]; empty: string }) {
  if (items.length === 0) return <p className={style.soft}>{empty}</p>;
  return (
    <ul className={style.sentences}>
      {items.map((item) => (
        <li key={item}>{french(item)}</li>
      ))}
    </ul>
  );
}
