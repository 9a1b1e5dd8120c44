// Where nobody goes, where everybody goes, and what it yields: one indicator on a map, and its twin the table; the same
// figures as the files. The address holds the question.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { address } from "@/api/client";
import { figures as figuresQuery, indicators as indicatorsQuery, organisations as organisationsQuery, type FigureFilters, type Indicator } from "@/api/queries";
import { roundedWords, type Figure } from "@/features/indicators/figures";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { phone, useMedia } from "@/ui/media";
import { Menu } from "@/ui/Menu";
import { keyboardTo } from "@/ui/OpenedHeading";
import { Page } from "@/ui/Page";
import type { View } from "@/ui/map";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column, type Sort } from "@/ui/Table";
import { count } from "@/words/number";
import { french } from "@/words/typography";
import style from "./CoveragePage.module.css";
import { comparedTo, filtersOf, finer, inside, levels, questionWords, viewOf, viewText, whoAndWhen, type Level } from "./filters";
import { AreaMap, made, type Item } from "./parts";
import { said, scaleOf } from "./scale";
import { byFigure, byName, worstDown } from "./sorting";

// What chooses weighs more than what is shown first: it comes right after.
const Toolbar = lazy(() => import("./Toolbar"));
const AreaSheet = lazy(() => import("./Details").then((found) => ({ default: found.AreaSheet })));
const picture = (...words: [string, string, string]) => import("./picture").then((found) => found.picture(...words));
const EmployersDialog = lazy(() => import("./Details").then((found) => ({ default: found.EmployersDialog })));

const files = [
  { id: "csv", label: "Tableur (CSV)" },
  { id: "xlsx", label: "Classeur (XLSX)" },
  { id: "geojson", label: "Carte (GeoJSON)" },
] as const;
const keyOf = (row: Item) => row.area;
const clean = (filters: FigureFilters) => filters as Record<string, unknown>;

/** The areas: in the table or, on a phone, around the map. */
const toAreas = () => keyboardTo('[role="grid"][aria-label="Couverture par zone"], [role="region"][aria-label="Carte de la couverture"]');

/** A figure that was opened: its employers. */
type Listed = { code: string; where: string; what: string; filters: FigureFilters };

export default function CoveragePage() {
  const { data: list, isError, error, refetch } = useQuery(indicatorsQuery);
  if (isError) return <Page title="Couverture"><Failure error={error} onRetry={() => void refetch()} /></Page>;
  if (!list) return <Page title="Couverture"><Skeleton rows={16} /></Page>;
  return <Coverage indicators={list.items.filter((one) => one.by_area)} />;
}

function Coverage({ indicators }: { indicators: Indicator[] }) {
  const session = useSession();
  const query = useQueryState();
  const small = useMedia(phone);
  const [hovered, setHovered] = useState<string | null>(null);
  const [listed, setListed] = useState<Listed | null>(null);
  const indicator = (indicators.find((one) => one.code === query.get("indicateur")) ?? indicators.find((one) => one.code === "seen_share") ?? indicators[0]) as Indicator;
  const filters = filtersOf(query);
  const level = filters.level as Level;
  const how = query.get("comparer");
  const other = comparedTo(filters, how, query.get("depuis"));
  const asked = { ...filters, codes: indicator.code };
  const { data, isPending, isError, error, refetch, isPlaceholderData, dataUpdatedAt } = useQuery(figuresQuery(asked));
  const [moved, setMoved] = useState<{ by: 1 | 2; view: View } | null>(null); // two maps show the same place
  const { data: second } = useQuery({ ...figuresQuery(other ? { ...other, codes: indicator.code } : asked), enabled: other !== null });
  const { data: directory } = useQuery({ ...organisationsQuery, enabled: query.get("structures") === "oui" });
  const actors = useMemo(
    () => query.get("structures") === "oui" ? (directory?.items ?? []).flatMap(({ id, lon, lat, name, network }) => (lon !== null && lat !== null ? [{ id, lon, lat, name, network }] : [])) : undefined,
    [directory, query.get("structures")],
  );
  const staff = session.role !== "observer";
  // Nothing asked: what is to be looked at first comes first.
  const sort: Sort = query.get("tri") === null ? { by: "value", down: worstDown(indicator) } : { by: query.get("tri") as string, down: query.get("sens") === "bas" };
  const selected = query.get("zone");

  // Areas whose figures are alike stand by their size, which a share has in what it is out of.
  const { data: stock, isPending: isSizing } = useQuery({ ...figuresQuery({ ...filters, codes: "establishments" }), enabled: !indicator.out_of });
  const sizes = useMemo(() => !indicator.out_of && stock ? new Map(stock.items.map((item) => [item.area, item.figures.establishments?.value ?? 0])) : null, [indicator, stock]);
  const twin = useMemo(() => (other ? new Map((second?.items ?? []).map((item) => [item.area, item])) : null), [other === null, second]);
  const valueOf = (item: Item | undefined) => item?.figures[indicator.code]?.value ?? null;
  const rows = useMemo<Item[]>(() => {
    const items: Item[] = [...(data?.items ?? [])];
    const at = (row: Item): number | null => {
      const figure = row.figures[indicator.code];
      if (sort.by === "n") return figure?.n ?? null;
      if (sort.by === "out_of") return figure?.out_of ?? null;
      if (sort.by === "other") return valueOf(twin?.get(row.area));
      if (sort.by === "change") {
        const [left, right] = [valueOf(row), valueOf(twin?.get(row.area))];
        return left === null || right === null ? null : left - right;
      }
      return valueOf(row);
    };
    items.sort(sort.by === "name" ? (a, b) => (sort.down ? -1 : 1) * byName.compare(a.name, b.name) : byFigure(at, sort.down, (row) => row.figures[indicator.code]?.out_of ?? sizes?.get(row.area) ?? 0));
    return items;
  }, [data, sort.by, sort.down, indicator.code, twin, sizes]);
  const scale = useMemo(
    () => scaleOf([...(data?.items ?? []), ...(twin?.values() ?? [])].map((item) => item.figures[indicator.code]?.value), indicator.unit),
    [data, twin, indicator],
  );
  // Of two maps, the one whose figures are asked about.
  const onRight = twin !== null && query.get("cote") === "droite";
  const chosen = (onRight ? twin.get(selected ?? "") : rows.find((row) => row.area === selected)) ?? null;
  const pressed = useRef(false);
  const select = (area: string, side: "droite" | null = null) => {
    pressed.current = true;
    const again = area === selected && (side !== null) === onRight;
    query.set({ zone: again ? null : area, cote: again ? null : side }, { replace: true });
  };
  const zoom = (item: Item) => {
    const next = finer[level];
    if (next) query.set({ niveau: next === "commune" ? null : next, dans: inside(filters, item.area), zone: null, cote: null, carte: null });
    toAreas();
  };
  // What one has drilled into, the last first.
  const drilled = (filters.within ?? "").split(",").filter(Boolean);
  const climb = () => {
    const [to, area] = drilled.at(-1)?.split(":") ?? [];
    query.set({ dans: drilled.slice(0, -1).join(",") || null, carte: null, niveau: to === "commune" ? null : to, zone: area });
    if (drilled.length === 1) toAreas(); // the button goes
  };
  const sides = small ? (["Première carte", "Seconde carte"] as const) : (["Carte de gauche", "Carte de droite"] as const);
  const side = (question: FigureFilters, answer: typeof data) => ({ filters: question, what: questionWords(answer, whoAndWhen), where: questionWords(answer, ["area"]) });
  const [left, right] = [side(filters, data), side(other ?? filters, second)];
  const open = (code: string, item: Item | null, { filters: question, what, where }: typeof left) =>
    setListed({ code, what, where: item?.name ?? where, filters: item ? { ...question, within: inside(question, item.area) } : question });

  const move = (by: 1 | 2, view: View) => {
    setMoved({ by, view });
    query.set({ carte: viewText(view) }, { replace: true });
  };
  const employersOf = (question: FigureFilters, answer: typeof data) =>
    staff ? { filters: question, version: dataUpdatedAt, words: questionWords(answer, ["period", "network", "organisation"]) } : undefined;

  /** A figure; it opens the list behind it. */
  const cell = (row: Item | undefined, of: typeof left) => {
    const found = row?.figures[indicator.code];
    const words = found?.hidden ? "masqué" : said(found?.value, indicator.unit);
    if (row && staff && (found?.n ?? 0) > 0)
      return (
        <Button small look="quiet" className={style.figure ?? ""} aria-label={`${row.name} : ${words}, voir les employeurs`} onPress={() => open(indicator.code, row, of)}>
          {words}
        </Button>
      );
    return found?.hidden ? <span title="Masqué pour protéger un petit effectif">masqué</span> : words;
  };

  const columns = useMemo<Column<Item>[]>(() => {
    const figure = (row: Item | undefined) => row?.figures[indicator.code];
    return [
      { id: "name", title: levels.find((one) => one.id === level)?.one ?? "Zone", width: "minmax(130px, 2fr)", sort: true, cell: (row) => <span className={style.area} title={row.name}>{row.name}</span> },
      {
        id: "value",
        title: other ? sides[0] : indicator.name,
        width: other ? "minmax(130px, 1.2fr)" : "minmax(188px, 1.2fr)",
        sort: true,
        align: "right",
        cell: (row) => cell(row, left),
      },
      ...(other
        ? ([
            { id: "other", title: sides[1], width: "minmax(124px, 1.2fr)", sort: true, align: "right", cell: (row) => cell(twin?.get(row.area), right) },
            {
              id: "change", title: "Écart", width: "minmax(80px, 1fr)", from: 480, sort: true, align: "right",
              cell: (row) => {
                const a = valueOf(row);
                const b = valueOf(twin?.get(row.area));
                if (a === null || b === null) return "";
                const gap = a - b;
                return `${gap > 0 ? "+" : gap < 0 ? "−" : ""}${indicator.unit === "percent" ? `${(Math.abs(gap) * 100).toLocaleString("fr-FR", { maximumFractionDigits: 1 })}\u202fpts` : said(Math.abs(gap), indicator.unit)}`;
              },
            },
          ] as Column<Item>[])
        : indicator.out_of
          ? ([
              { id: "n", title: indicator.counted.replace(/^./, (letter) => letter.toUpperCase()), width: "minmax(164px, 1fr)", from: 480, sort: true, align: "right", cell: (row) => (figure(row)?.n == null ? "masqué" : count(figure(row)?.n as number)) },
              { id: "out_of", title: indicator.out_of.replace(/^./, (letter) => letter.toUpperCase()), width: "minmax(164px, 1fr)", from: 680, sort: true, align: "right", cell: (row) => (figure(row)?.out_of == null ? "masqué" : count(figure(row)?.out_of as number)) },
            ] as Column<Item>[])
          : []),
    ];
  }, [indicator, level, other === null, twin, staff, data, second]);

  const table = (
    <div className={style.areas}>
      <Table
        label="Couverture par zone"
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        selected={selected}
        onSelect={(row) => select(row.area)}
        onHover={(row) => setHovered(row?.area ?? null)}
        sort={sort}
        onSort={(next) => {
          // A column that was not sorted by begins with what is worst in it; names, with A.
          const down = next.by === sort.by ? next.down : next.by !== "name" && (next.by === "value" ? worstDown(indicator) : true);
          const asFirst = next.by === "value" && down === worstDown(indicator);
          query.set({ tri: asFirst ? null : next.by, sens: !asFirst && down ? "bas" : null }, { replace: true });
        }}
        busy={isPlaceholderData}
        // A narrow pane beside the map still has its head, by which one sorts.
        {...(small && {
          card: (row: Item) => (
            <div className={style.card}>
              <strong>{row.name}</strong>
              <span>
                {cell(row, left)}
                {twin && <span className={style.soft}> / {cell(twin.get(row.area), right)}</span>}
              </span>
            </div>
          ),
        })}
        empty={<Message icon="map" title="Aucune zone de ce découpage dans ce territoire." />}
      />
    </div>
  );
  const mapLabel = (answer: typeof data) => [indicator.name, questionWords(answer)].filter(Boolean).join(", ");
  // Another level is another map: told of another address, the library goes on showing the areas that it has.
  const map = (
    // On a phone it scrolls, and before the map is there nothing in it takes the keyboard.
    <div className={style.right} {...(small && { tabIndex: 0, role: "region", "aria-label": "Carte de la couverture" })}>
      <div className={classes(style.maps, other && style.two)}>
        <AreaMap key={`${other ? "first" : "only"} ${level}`} label={mapLabel(data)} title={questionWords(data)} indicator={indicator} level={level} within={filters.within} items={rows} scale={scale} selected={hovered ?? selected} onSelect={(area) => select(area)} employers={employersOf(filters, data)} actors={actors} view={viewOf(query)} follow={moved?.by === 2 ? moved.view : null} onMove={(view) => move(1, view)} />
        {other && (
          <AreaMap key={`second ${level}`} label={mapLabel(second)} title={questionWords(second)} indicator={indicator} level={level} within={filters.within} items={second?.items ?? []} scale={scale} selected={hovered ?? selected} onSelect={(area) => select(area, "droite")} employers={employersOf(other, second)} actors={actors} view={viewOf(query)} follow={moved?.by === 1 ? moved.view : null} onMove={(view) => move(2, view)} />
        )}
      </div>
      {chosen && (
        <Suspense fallback={null}>
          <AreaSheet
            item={chosen}
            what={(onRight ? right : left).what}
            filters={(onRight ? right : left).filters}
            indicators={indicators}
            takesFocus={pressed.current}
            onClose={() => {
              query.set({ zone: null, cote: null }, { replace: true });
              toAreas();
            }}
            onZoom={finer[level] ? () => zoom(chosen) : undefined}
            onList={staff ? (code) => open(code, chosen, onRight ? right : left) : undefined}
          />
        </Suspense>
      )}
    </div>
  );
  const whole = data?.whole?.[indicator.code];
  /** The figure of all that one map shows; it opens its list. */
  const totalOf = (figure: Figure | undefined, of: typeof left) => {
    const total = figure?.hidden ? "masqué" : said(figure?.value, indicator.unit);
    return staff && (figure?.n ?? 0) > 0 ? (
      <Button small look="quiet" className={style.total ?? ""} aria-label={`${indicator.name}${other ? `, ${of.what}` : ""} : ${total}, voir les employeurs`} onPress={() => open(indicator.code, null, of)}>
        {total}
      </Button>
    ) : (
      <strong className={style.total}>{total}</strong>
    );
  };

  return (
    <Page
      title="Couverture"
      aside={
        data && (
          <span aria-live="polite" title={indicator.sentence}>
            {drilled.length > 0 && (
              <Button small look="quiet" icon="back" className="no-print" onPress={climb}>
                {drilled.length > 1 ? "Remonter" : "Revenir au territoire"}
              </Button>
            )}
            {totalOf(whole, left)} {indicator.out_of ? made(indicator, whole) : indicator.counted}, {questionWords(data)}
            {other && second && (
              <>
                {"\u202f"}; {small ? "seconde carte" : "à droite"}, {totalOf(second.whole?.[indicator.code], right)} {right.what}
              </>
            )}
            {!staff && `, ${roundedWords}`}
          </span>
        )
      }
      actions={
        <>
          <Menu
            label="Exporter"
            named
            trigger={
              <span className={style.export}>
                <Icon name="download" size={15} /> Exporter
              </span>
            }
            groups={[
              // Of two questions each has its files.
              ...[{ of: asked, side: "" }, ...(other ? [{ of: { ...other, codes: indicator.code }, side: "de droite" }] : [])].map(({ of, side }) => ({
                id: `files ${side}`,
                ...(other && { title: sides[side ? 1 : 0] }),
                items: files.map(({ id, label }) => ({ id: `${id} ${side}`, label, run: () => window.location.assign(address(`/api/indicators/figures.${id}`, {}, clean(of))) })),
              })),
              {
                id: "more",
                items: [
                  { id: "all", label: "Tous les indicateurs (XLSX)", run: () => window.location.assign(address("/api/indicators/figures.xlsx", {}, clean(filters))) },
                  // There is a picture of a map that is shown.
                  ...(small && query.get("vue") === "table" ? [] : [{ id: "png", label: "Image de la carte (PNG)", run: () => void picture([`${indicator.name} : ${left.where}`, ...(other ? [] : [left.what])].join(", "), french(indicator.sentence), `couverture-${indicator.code}-${filters.from}-${filters.to}.png`) }]),
                ],
              },
            ]}
          />
          <Button small look="quiet" icon="print" onPress={() => window.print()}>
            Imprimer
          </Button>
        </>
      }
      toolbar={
        <Suspense fallback={<span className={style.filters} />}>
          <Toolbar indicators={indicators} indicator={indicator} filters={filters} />
        </Suspense>
      }
      fill
    >
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : small ? (
        query.get("vue") === "table" ? (
          table
        ) : (
          map
        )
      ) : (
        <Split name="couverture" isRightFirst initial={42} left={isPending || (!indicator.out_of && isSizing) ? <Skeleton rows={16} /> : table} right={map} />
      )}
      {listed && (
        <Suspense fallback={null}>
          <EmployersDialog
            indicator={indicators.find((one) => one.code === listed.code) ?? indicator}
            where={listed.where}
            what={listed.what}
            filters={listed.filters}
            onClose={() => setListed(null)}
          />
        </Suspense>
      )}
    </Page>
  );
}
