// Two documents of committees side by side: what became of each figure, then one indicator area by area.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { pack as packQuery, packs as packsQuery } from "@/api/queries";
import { lengthOf } from "@/features/coverage/filters";
import { scaleOf } from "@/features/coverage/scale";
import { named } from "@/features/coverage/sorting";
import { change, told, type Area, type Figure } from "@/features/indicators/figures";
import table from "@/features/indicators/Tables.module.css";
import { useQueryState } from "@/router";
import { Button, LinkButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Select } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { french } from "@/words/typography";
import { StaticMap } from "./StaticMap";
import style from "./Committees.module.css";
import { areasWord, areaWord, periodOf, type Content, type PackRow } from "./words";

const kinds = { coverage: "Couverture", means: "Moyens", results: "Résultats" } as const;

export default function ComparePage() {
  const query = useQueryState();
  const list = useInfiniteQuery(packsQuery);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  // The latest two of the same kind and place, of two periods, unless others are asked for.
  const twin = (of: PackRow | undefined) => rows.find((row) => of && row.kind === of.kind && row.within === of.within && (row.from !== of.from || row.to !== of.to));
  const latest = rows.find(({ id }) => id === Number(query.get("b"))) ?? rows.find(twin) ?? rows[0];
  const beside = twin(latest) ?? rows.find((row) => row !== latest);
  // What comes first in time stands first, and the change is what became of it.
  const isTurned = !query.get("a") && !query.get("b") && latest && beside && latest.from < beside.from;
  const [first, second] = isTurned ? [latest, beside] : [beside, latest];
  const left = Number(query.get("a")) || first?.id;
  const right = Number(query.get("b")) || second?.id;
  const a = useQuery({ ...packQuery(left ?? 0), enabled: left !== undefined });
  const b = useQuery({ ...packQuery(right ?? 0), enabled: right !== undefined });
  const choices = rows.map((row) => ({ id: String(row.id), label: french(row.title), detail: `${row.place}, ${periodOf(row.from, row.to)}${row.frozen ? "" : ", brouillon"}` }));
  return (
    <Page
      title="Comparer deux dossiers"
      actions={
        <>
          <LinkButton small look="quiet" icon="back" href="/comites">
            Tous les dossiers
          </LinkButton>
          <Button small icon="print" onPress={() => window.print()}>
            Imprimer
          </Button>
        </>
      }
      toolbar={
        rows.length > 1 && (
          <>
            <Select label="Premier dossier" required value={left === undefined ? null : String(left)} onChange={(id) => query.set({ a: id }, { replace: true })} choices={choices} className={style.chooser ?? ""} />
            <Select label="Second dossier" required value={right === undefined ? null : String(right)} onChange={(id) => query.set({ b: id }, { replace: true })} choices={choices} className={style.chooser ?? ""} />
          </>
        )
      }
    >
      {list.isError || a.isError || b.isError ? (
        <Failure error={list.error ?? a.error ?? b.error} onRetry={() => void Promise.all([list.refetch(), a.refetch(), b.refetch()])} />
      ) : list.isSuccess && rows.length < 2 ? (
        <Message icon="review" title="Il faut deux dossiers pour comparer." />
      ) : a.data && b.data ? (
        <Compared a={a.data.content} b={b.data.content} />
      ) : (
        <Skeleton rows={10} />
      )}
    </Page>
  );
}

type Side = { within: string; kind: string; from: string; to: string };

/** Whether a figure of two documents may be set against each other: counts need one place and one length of time, and of a longer time
    more employers are met. */
const isComparable = (indicator: Content["indicators"][number], samePlace: boolean, sameLength: boolean): boolean =>
  indicator.unit === "count" ? samePlace && sameLength : sameLength || indicator.kind !== "coverage";

/** Why some figures stand without their gap. */
function reservations(a: Side, b: Side): string | null {
  const samePlace = a.within === b.within && a.kind === b.kind;
  const [first, second] = [lengthOf(a), lengthOf(b)];
  if (first !== second)
    return `Ces deux dossiers ne couvrent pas la même durée (${months(first)} et ${months(second)})${samePlace ? "" : " ni le même périmètre"} : ni leurs comptes ni leur couverture ne se comparent ; les autres parts, taux et délais, si.`;
  return samePlace ? null : "Ces deux dossiers n’ont pas le même périmètre : les parts se comparent, les comptes non.";
}
const months = (length: number): string => `${length} mois`;

/** What became of a figure, where that says something. */
function Gap({ b, a, indicator, isTold }: { a: Figure | undefined; b: Figure | undefined; indicator: Content["indicators"][number]; isTold: boolean }) {
  const became = isTold ? change(b, a, indicator) : null;
  if (!became) return <span className={style.soft}>–</span>;
  return (
    <span className={classes(style[became.tone])}>
      {became.text}
      {became.tone !== "same" && <span className="hidden-visually">{became.tone === "good" ? ", mieux" : ", moins bien"}</span>}
    </span>
  );
}

const Absent = () => <span className={style.soft}>hors périmètre</span>;

function Compared({ a, b }: { a: Content; b: Content }) {
  const query = useQueryState();
  const indicator = b.indicators.find((one) => one.code === query.get("indicateur")) ?? b.indicators.find((one) => one.code === "seen_share");
  const sameAreas = a.level === b.level;
  const [samePlace, sameLength] = [a.within === b.within && a.kind === b.kind, lengthOf(a) === lengthOf(b)];
  const reservation = reservations(a, b);
  const [first, second] = [a, b].map((content) => new Map(content.areas.map((area) => [area.area, area])));
  const areas = named([...b.areas, ...a.areas.filter((area) => !second?.has(area.area))]); // of either
  const names = [french(a.title), french(b.title)];
  const set = (area: Area | undefined) => (indicator ? area?.figures[indicator.code] : undefined);
  const scale = indicator && scaleOf([...a.areas, ...b.areas].map((area) => area.figures[indicator.code]?.value), indicator.unit);
  return (
    <article className={style.paper}>
      <header className={style.cover}>
        <h2>
          {names[0]} et {names[1]}
        </h2>
        <p>
          {a.place}, {periodOf(a.from, a.to)} ; {b.place}, {periodOf(b.from, b.to)}
        </p>
        {reservation && <p className={style.soft}>{reservation}</p>}
        {a.reserved !== b.reserved && <p className={style.soft}>L’un des deux est dans son édition pour observateurs.</p>}
      </header>
      <section className={style.section}>
        <h3>Chaque indicateur</h3>
        <div className={table.scroll} role="region" aria-label="Chaque indicateur" tabIndex={0}>
          <table className={table.table}>
            <caption className="hidden-visually">Chaque indicateur dans les deux dossiers</caption>
            <thead>
              <tr>
                <th scope="col">Indicateur</th>
                <th scope="col">{names[0]}</th>
                <th scope="col">{names[1]}</th>
                <th scope="col">Écart</th>
              </tr>
            </thead>
            {(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => (
              <tbody key={kind}>
                <tr className={table.group}>
                  <th scope="rowgroup" colSpan={4}>
                    {kinds[kind]}
                  </th>
                </tr>
                {b.indicators
                  .filter((one) => one.kind === kind)
                  .map((one) => (
                    <tr key={one.code}>
                      <th scope="row">{one.name}</th>
                      <td>{told(a.whole[one.code], one)}</td>
                      <td>{told(b.whole[one.code], one)}</td>
                      <td>
                        <Gap a={a.whole[one.code]} b={b.whole[one.code]} indicator={one} isTold={isComparable(one, samePlace, sameLength)} />
                      </td>
                    </tr>
                  ))}
              </tbody>
            ))}
          </table>
        </div>
      </section>
      {!sameAreas && (
        <section className={style.section}>
          <h3>Zone par zone</h3>
          <p className={style.soft}>
            {names[0]} est présenté par {areasWord[a.level] ?? "zone"}, {names[1]} par {areasWord[b.level] ?? "zone"} : leurs zones ne se comparent pas une à une.
          </p>
        </section>
      )}
      {indicator && sameAreas && (
        <section className={classes(style.section, style.breaks)}>
          <h3>Zone par zone</h3>
          <div className="no-print">
            <Select label="Indicateur" hideLabel value={indicator.code} onChange={(code) => query.set({ indicateur: code === "seen_share" ? null : code }, { replace: true })} choices={b.indicators.map((one) => ({ id: one.code, label: one.name }))} className={style.chooser ?? ""} />
          </div>
          <div className={style.maps}>
            <StaticMap indicator={indicator} areas={a.areas} shapes={a.shapes} title={`${indicator.name}, ${names[0]}`} {...(scale && { scale })} />
            <StaticMap indicator={indicator} areas={b.areas} shapes={b.shapes} title={`${indicator.name}, ${names[1]}`} {...(scale && { scale })} />
          </div>
          <div className={table.scroll} role="region" aria-label="Zone par zone" tabIndex={0}>
            <table className={table.table}>
              <caption>{indicator.name}</caption>
              <thead>
                <tr>
                  <th scope="col">{areaWord[b.level] ?? "Zone"}</th>
                  <th scope="col">{names[0]}</th>
                  <th scope="col">{names[1]}</th>
                  <th scope="col">Écart</th>
                </tr>
              </thead>
              <tbody>
                {areas.map(({ area, name }) => (
                  <tr key={area}>
                    <th scope="row">{name}</th>
                    <td>{first?.has(area) ? told(set(first.get(area)), indicator) : <Absent />}</td>
                    <td>{second?.has(area) ? told(set(second.get(area)), indicator) : <Absent />}</td>
                    <td>
                      <Gap a={set(first?.get(area))} b={set(second?.get(area))} indicator={indicator} isTold={isComparable(indicator, true, sameLength)} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </article>
  );
}
