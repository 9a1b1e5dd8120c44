// The document of a committee, from its content alone: a draft and a frozen copy look the same, on screen and on paper.
import type { ReactNode } from "react";
import type { Indicator } from "@/api/queries";
import { named } from "@/features/coverage/sorting";
import { change, curve, roundedWords, told, type Area, type Figure } from "@/features/indicators/figures";
import { FigureTable, PlanTable, TargetTable } from "@/features/indicators/Tables";
import table from "@/features/indicators/Tables.module.css";
import { classes } from "@/ui/classes";
import { NetworkMark } from "@/ui/Network";
import { Sparkline } from "@/ui/Sparkline";
import { ofMonth, period, shortMonth } from "@/words/month";
import { exact } from "@/words/time";
import { french } from "@/words/typography";
import { StaticMap } from "./StaticMap";
import style from "./Committees.module.css";
import { areasWord, areaWord, key, kinds, maps, parts, type Content, type Part } from "./words";

type Props = {
  content: Content;
  /** How the copy is known: its hash, whole, and when it was made. */
  seal?: { hash: string; at: string; by: string } | undefined;
  /** What is said of a part: a field in a draft, words in a copy. */
  comment: (part: Part) => ReactNode;
  /** A part in which something was typed stays, even when it has no figures any more. */
  keeps?: (part: Part) => boolean;
};

/** Activities where something happened, those with most visits first. */
const busiest = (rows: Area[]): Area[] =>
  rows
    .filter((row) => ["visits", "needs", "offers"].some((code) => (row.figures[code]?.n ?? 0) > 0))
    .sort((a, b) => (b.figures.visits?.n ?? 0) - (a.figures.visits?.n ?? 0) || a.name.localeCompare(b.name, "fr"))
    .slice(0, 15);
const bySize = (rows: Area[]): Area[] => [...rows].sort((a, b) => (a.area === "unknown" ? 1 : b.area === "unknown" ? -1 : Number(a.area) - Number(b.area)));

const none: Figure = { n: 0, out_of: null, value: 0 };
/** Of an activity or a size, copies of former times have only what happened; to whom everything is told, the rest is nothing. */
const whole = (rows: Area[], indicators: Indicator[]): Area[] => {
  const counts = Object.fromEntries(indicators.filter(({ unit }) => unit === "count").map(({ code }) => [code, none]));
  return rows.map((row) => ({ ...row, figures: { ...counts, ...row.figures } }));
};
/** Whether something of this happened there; of what is hidden nobody knows. */
const isEmpty = (row: Area, codes: string[]): boolean => codes.every((code) => row.figures[code]?.n === 0 && !row.figures[code]?.hidden);

/** Whether all of it is hidden from who reads: nothing, or too little to be told. */
const isMasked = (row: Area, codes: string[]): boolean => codes.every((code) => !row.figures[code] || row.figures[code].hidden);

export function Document({ content, seal, comment, keeps }: Props) {
  const of = (codes: string[]): Indicator[] => codes.flatMap((code) => content.indicators.filter((one) => one.code === code));
  const kindOf = (kind: Indicator["kind"]): Indicator[] => content.indicators.filter((one) => one.kind === kind);
  const areaHead = areaWord[content.level] ?? "Zone";
  const areas = named(content.areas);
  const by = `par ${areasWord[content.level] ?? "zone"}`;
  const kept = (rows: Area[]): Area[] => (content.reserved ? rows : whole(rows, content.indicators));
  const results = ["firsts", "small_seen", "needs", "offers", "filled_reserved", "filled_open", "referrals", "effect"];
  // A hundred communes of which nothing is to be said are said in one sentence.
  const still = content.level === "commune" ? areas.filter((row) => (content.reserved ? isMasked : isEmpty)(row, results)) : [];
  return (
    <article className={style.paper}>
      <header className={style.cover}>
        <p className={style.kind}>{kinds[content.kind].label}</p>
        <p>
          {content.place}, {period(content.from, content.to)}. Comité du {exact(content.held_on)}.
        </p>
        <p className={style.soft}>
          Préparé par {content.made_by}, {content.organisation.short_name}. {seal ? `Figé le ${exact(seal.at)} par ${seal.by} : ces chiffres ne changent plus.` : `Brouillon : chiffres du ${exact(content.at)}.`}
          {content.reserved && ` Édition des observateurs : ${roundedWords}.`}
        </p>
      </header>

      <Section part="summary">
        <ul className={style.tiles}>
          {of(key).map((indicator) => {
            const became = change(content.whole[indicator.code], content.before[indicator.code], indicator);
            return (
              <li key={indicator.code} className={style.tile} title={indicator.sentence}>
                <span className={style.tileName}>{indicator.name}</span>
                <strong>{told(content.whole[indicator.code], indicator)}</strong>
                <span className={style.tileFoot}>
                  <span className={classes(became && style[became.tone])}>
                    {became ? (
                      <>
                        {became.tone !== "same" && <span aria-hidden>{became.text.startsWith("+") ? "▲ " : "▼ "}</span>}
                        {became.text}
                        {became.tone !== "same" && <span className="hidden-visually">{became.tone === "good" ? ", mieux" : ", moins bien"}</span>}
                      </>
                    ) : (
                      "sans comparaison"
                    )}
                  </span>
                  <Sparkline points={curve(content.months, indicator.code)} label={`${indicator.name}, mois par mois`} width={78} height={20} />
                </span>
              </li>
            );
          })}
        </ul>
        <p className={style.note}>L’écart est celui avec la période précédente de même durée, {period(content.before_from, content.before_to)}. Les courbes vont {ofMonth(shortMonth(content.months[0]?.area ?? content.from))} à {shortMonth(content.to)}.</p>
        {comment("summary")}
      </Section>

      <Section part="coverage" breaks>
        <div className={style.maps}>
          {of(maps).map((indicator) => (
            <StaticMap key={indicator.code} indicator={indicator} areas={content.areas} shapes={content.shapes} />
          ))}
        </div>
        <FigureTable caption={`Couverture ${by}`} head={areaHead} rows={areas} indicators={kindOf("coverage")} whole={content.whole} />
        {comment("coverage")}
      </Section>

      <Section part="means">
        <FigureTable caption="Moyens par structure" head="Structure" rows={content.organisations} indicators={kindOf("means")} whole={content.whole} />
        <FigureTable caption="Moyens par réseau" head="Réseau" rows={content.networks} indicators={kindOf("means")} mark={(row) => <NetworkMark network={row.area as "ft"} size={14} />} />
        {comment("means")}
      </Section>

      <Section part="results">
        <FigureTable caption={`Résultats ${by}`} head={areaHead} rows={areas.filter((row) => !still.includes(row))} indicators={of(results)} whole={content.whole} />
        {still.length > 0 && <p className={style.note}>Aucun de ces résultats pendant la période{content.reserved && ", ou trop peu pour être montrés"} : {still.map((row) => french(row.name)).join(", ")}.</p>}
        <FigureTable caption="Résultats par réseau" head="Réseau" rows={content.networks} indicators={of(results)} mark={(row) => <NetworkMark network={row.area as "ft"} size={14} />} />
        <FigureTable caption="Résultats par activité, les quinze plus visitées" head="Activité" rows={kept(busiest(content.sectors))} indicators={of(["establishments", "seen_share", "visits", "needs", "offers", "effect"])} />
        <FigureTable caption="Résultats par effectif" head="Effectif" rows={kept(bySize(content.sizes))} indicators={of(["establishments", "seen_share", "visits", "needs", "offers", "effect"])} />
        {comment("results")}
      </Section>

      <Section part="trends" breaks>
        <Months content={content} />
        {comment("trends")}
      </Section>

      {(content.targets || content.comments["targets"] || keeps?.("targets")) && (
        <Section part="targets">
          {content.targets && content.targets.length > 0 ? <TargetTable targets={content.targets} indicators={content.indicators} /> : <p className={style.soft}>Aucun objectif n’est fixé pour ce périmètre et cette période.</p>}
          {comment("targets")}
        </Section>
      )}

      <Section part="plans">
        {content.plans.length === 0 ? <p className={style.soft}>Aucun plan de prospection n’a couru pendant la période.</p> : content.plans.map((plan) => <PlanTable key={plan.id} plan={plan} />)}
        {comment("plans")}
      </Section>

      <Section part="decisions" isWordsOnly>
        {comment("decisions")}
      </Section>

      <section className={style.section}>
        <h2>Définitions et sources</h2>
        <p className={style.note}>
          Chiffres comptés le {exact(content.at)} dans la liste commune des employeurs : établissements en activité à cette date, visites, engagements, besoins, offres et candidatures des partenaires. Communes et zonages : code officiel géographique, zones dans leur partie qui est dans le territoire.
        </p>
        <dl className={style.definitions}>
          {content.indicators.map((indicator) => (
            <div key={indicator.code}>
              <dt>{indicator.name}</dt>
              <dd>{french(indicator.sentence)}</dd>
            </div>
          ))}
        </dl>
        {seal && (
          <p className={style.hash}>
            Empreinte SHA-256 de ce document : <code>{seal.hash}</code>
          </p>
        )}
      </section>
    </article>
  );
}

function Section({ part, breaks, isWordsOnly, children }: { part: Part; breaks?: boolean; isWordsOnly?: boolean; children: ReactNode }) {
  return (
    <section className={classes(style.section, breaks && style.breaks, isWordsOnly && style.wordsOnly)} aria-labelledby={`part-${part}`}>
      <h2 id={`part-${part}`}>{parts[part]}</h2>
      {children}
    </section>
  );
}

/** Every indicator month by month: the curve, then its figures. */
function Months({ content }: { content: Content }) {
  const months = content.months.slice(-12);
  return (
    <div className={table.scroll} role="region" aria-label="Mois par mois" tabIndex={0}>
      <table className={classes(table.table, table.months)}>
        <caption>Mois par mois</caption>
        <thead>
          <tr>
            <th scope="col">Indicateur</th>
            <th scope="col">
              <span className="hidden-visually">Courbe</span>
            </th>
            {months.map((month) => (
              <th key={month.area} scope="col">
                {shortMonth(month.area).replace(/ 20(\d\d)$/, " $1")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {content.indicators
            .filter((indicator) => indicator.code !== "establishments")
            .map((indicator) => (
              <tr key={indicator.code}>
                <th scope="row">{indicator.name}</th>
                <td>
                  <Sparkline points={curve(months, indicator.code)} label={`${indicator.name}, mois par mois`} width={72} height={18} />
                </td>
                {months.map((month) => (
                  <td key={month.area}>{told(month.figures[indicator.code], indicator)}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
