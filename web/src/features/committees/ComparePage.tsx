// Two documents of committees side by side: what became of each figure, then one indicator area by area.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { pack as packQuery, packs as packsQuery } from "@/api/queries";
import { scaleOf } from "@/features/coverage/scale";
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
import { areaWord, periodOf, type Content, type PackRow } from "./words";

const kinds = { coverage: "Couverture", means: "Moyens", results: "Résultats" } as const;

export default function ComparePage() {
  const query = useQueryState();
  const list = useInfiniteQuery(packsQuery);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  // The latest two of the same kind and place, unless others are asked for.
  const twin = (of: PackRow | undefined) => rows.find((row) => of && row.id !== of.id && row.kind === of.kind && row.within === of.within);
  const right = Number(query.get("b")) || (rows.find(twin) ?? rows[0])?.id;
  const chosen = rows.find((row) => row.id === right);
  const left = Number(query.get("a")) || (twin(chosen) ?? rows.find((row) => row.id !== right))?.id;
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

/** What became of a figure; counts of different places are not compared. */
function Gap({ b, a, indicator, apart }: { a: Figure | undefined; b: Figure | undefined; indicator: Content["indicators"][number]; apart?: boolean }) {
  const became = apart && indicator.unit === "count" ? null : change(b, a, indicator);
  if (!became) return <span className={style.soft}>–</span>;
  return (
    <span className={classes(style[became.tone])}>
      {became.text}
      {became.tone !== "same" && <span className="hidden-visually">{became.tone === "good" ? ", mieux" : ", moins bien"}</span>}
    </span>
  );
}

function Compared({ a, b }: { a: Content; b: Content }) {
  const query = useQueryState();
  const indicator = b.indicators.find((one) => one.code === query.get("indicateur")) ?? b.indicators.find((one) => one.code === "seen_share");
  const sameAreas = a.level === b.level;
  const first = new Map(a.areas.map((area) => [area.area, area]));
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
        {(a.within !== b.within || a.kind !== b.kind) && <p className={style.soft}>Ces deux dossiers n’ont pas le même périmètre : les parts se comparent, les comptes non.</p>}
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
                        <Gap a={a.whole[one.code]} b={b.whole[one.code]} indicator={one} apart={a.within !== b.within} />
                      </td>
                    </tr>
                  ))}
              </tbody>
            ))}
          </table>
        </div>
      </section>
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
                {b.areas.map((area) => (
                  <tr key={area.area}>
                    <th scope="row">{area.name}</th>
                    <td>{told(set(first.get(area.area)), indicator)}</td>
                    <td>{told(set(area), indicator)}</td>
                    <td>
                      <Gap a={set(first.get(area.area))} b={set(area)} indicator={indicator} />
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
