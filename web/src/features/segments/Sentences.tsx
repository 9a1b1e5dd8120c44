// A rule to read, and what became of it between two versions.
import type { Rule } from "./rule";
import style from "./Segments.module.css";
import { french } from "@/words/typography";
import { difference, joinWords, sentences, type Change, type Names } from "./words";

export function Sentences({ rule, names }: { rule: Rule; names: Names }) {
  return (
    <div>
      {rule.items.length > 1 && <p className={style.soft}>Les employeurs qui répondent à {joinWords[rule.join].head} :</p>}
      {rule.items.length === 1 && rule.join === "none" && <p className={style.soft}>Les employeurs qui ne répondent pas à ce critère :</p>}
      <ul className={style.sentences}>
        {sentences(rule, names).map((line, index) => (
          <li key={index} style={{ marginInlineStart: line.depth * 16 }}>
            {french(line.text)}
          </li>
        ))}
      </ul>
    </div>
  );
}

const signs: Record<Change["sign"], { mark: string; word: string }> = {
  added: { mark: "+", word: "ajouté" },
  removed: { mark: "−", word: "retiré" },
  changed: { mark: "≠", word: "modifié" },
};

export function Differences({ before, after, names }: { before: Rule; after: Rule; names: Names }) {
  const changes = difference(before, after, names);
  if (changes.length === 0) return <p className={style.soft}>Mêmes critères.</p>;
  return (
    <ul className={style.differences}>
      {changes.map((change, index) => (
        <li key={index} className={style[change.sign]}>
          <span aria-hidden>{signs[change.sign].mark}</span>
          <span className="hidden-visually">{signs[change.sign].word} : </span>
          <span>{french(change.text)}</span>
        </li>
      ))}
    </ul>
  );
}
