// The list is the product: filters above, the table at the left, the map and the record at the right.
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { establishment as recordQuery, establishmentCounts, establishmentPoints, establishments, ground as groundQuery, type EstablishmentLine } from "@/api/queries";
import { useParameters, useQueryState, withQuery } from "@/router";
import { useSession } from "@/features/session/session";
import { Button, LinkButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { useEscape } from "@/ui/escape";
import { MapView, type Box, type Ground, type View } from "@/ui/map";
import { phone, useMedia } from "@/ui/media";
import { NetworkMark, Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column, type Sort } from "@/ui/Table";
import { When } from "@/ui/When";
import { sizeShort, standing } from "@/words/domain";
import { count, plural } from "@/words/number";
import { longDay, shortDay } from "@/words/time";
import style from "./Establishments.module.css";
import { FilterBar } from "./FilterBar";
import { filterNames, filtersOf } from "./filters";
import { attributionOf, useActivity } from "./ground";
import { Marking, useMarking } from "./Marking";
import { nameOf, StateBadge } from "./parts";

const loadRecord = () => import("./Record");
const Record = lazy(loadRecord);

function Sheet(props: { id: number; onClose: () => void }) {
  return (
    <Suspense fallback={<Skeleton rows={8} />}>
      <Record {...props} />
    </Suspense>
  );
}

const keyOf = (row: EstablishmentLine) => row.id;
const pointsFrom = 10.5;

/** Who holds it until when, or until when nobody may call: the column that avoids the second visit. */
function Holder({ row }: { row: EstablishmentLine }) {
  if (row.holder && row.due_on)
    return (
      <span className={style.holder}>
        <NetworkMark network={row.holder.network} />
        <span className={style.clip} title={`${row.holder.short_name}, ${row.holder.member}, jusqu’au ${shortDay(row.due_on)}`}>
          {row.holder.short_name} <span className={style.soft}>jusqu’au {longDay(row.due_on)}</span>
        </span>
      </span>
    );
  if (row.state === "resting" && row.rest_until) return <span className={style.soft}>repos jusqu’au {longDay(row.rest_until)}</span>;
  return null;
}

function LastVisit({ row }: { row: EstablishmentLine }) {
  return row.last_visit_at ? <When at={row.last_visit_at} /> : <span className={style.soft}>jamais</span>;
}

export default function EstablishmentsPage() {
  const query = useQueryState();
  const { id } = useParameters();
  const selected = id && /^\d+$/.test(id) ? Number(id) : null;
  const small = useMedia(phone);
  const queries = useQueryClient();
  const activity = useActivity();
  const filters = useMemo(() => filtersOf(query), [query]);
  const list = useInfiniteQuery(establishments(filters));
  const counts = useQuery(establishmentCounts(filters)).data;
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const [hovered, setHovered] = useState<number | null>(null);
  const showMap = query.get("vue") === "carte";

  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const select = useCallback((row: { id: number } | null) => query.set({ onglet: null }, { path: row ? `/entreprises/${row.id}` : "/entreprises" }), [query]);
  const prefetch = useCallback(
    (row: EstablishmentLine | null) => {
      setHovered(row?.id ?? null);
      if (!row) return;
      void loadRecord();
      void queries.prefetchQuery(recordQuery(row.id));
    },
    [queries],
  );

  useEscape(selected !== null ? () => select(null) : null);

  const columns = useMemo<Column<EstablishmentLine>[]>(
    () => [
      { id: "etat", title: "État", width: "150px", cell: (row) => <StateBadge row={row} dated={row} /> },
      {
        id: "nom",
        title: "Établissement",
        width: "minmax(140px, 1.9fr)",
        sort: true,
        cell: (row) => (
          <a href={`/entreprises/${row.id}`} tabIndex={-1} className={style.name} onClick={(event) => !event.ctrlKey && !event.metaKey && event.preventDefault()} title={nameOf(row)}>
            {nameOf(row)}
          </a>
        ),
      },
      { id: "commune", title: "Commune", width: "minmax(110px, 1.1fr)", cell: (row) => <span title={row.city ?? undefined}>{row.city ?? "inconnue"}</span> },
      { id: "activite", title: "Activité", width: "minmax(110px, 1.4fr)", from: 760, cell: (row) => <span title={row.naf ? `${row.naf} ${activity(row.naf)}` : undefined}>{row.naf ? activity(row.naf) : <span className={style.soft}>inconnue</span>}</span> },
      { id: "effectif", title: "Effectif", width: "76px", from: 560, sort: true, align: "right", cell: (row) => <span className={row.size_band ? undefined : style.soft}>{sizeShort(row.size_band)}</span> },
      { id: "visite", title: "Visite", width: "104px", from: 640, sort: true, cell: (row) => <LastVisit row={row} /> },
      { id: "detenteur", title: "Engagement", width: "minmax(130px, 1.5fr)", from: 900, cell: (row) => <Holder row={row} /> },
    ],
    [activity],
  );
  const sortId = query.get("tri") ?? "nom";
  const sort: Sort = { by: sortId, down: sortId === "effectif" };

  const filtered = filterNames.some((name) => query.get(name));
  const session = useSession();
  const writer = session.role === "adviser" || session.role === "manager";
  const marking = useMarking(filters, rows);
  const asSegment = filtered && writer && (
    <LinkButton small look="quiet" icon="segment" href={`/segments/nouveau/regle${withQuery("", Object.fromEntries(filterNames.map((name) => [name, query.get(name)])))}`}>
      Enregistrer la vue comme segment
    </LinkButton>
  );
  const grid = list.isError ? (
    <Failure error={list.error} onRetry={() => void list.refetch()} />
  ) : list.isPending ? (
    <Skeleton rows={18} />
  ) : (
    <Table
      label="Établissements"
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      total={counts?.total}
      selected={selected}
      onSelect={select}
      onHover={prefetch}
      onEnd={onEnd}
      marked={writer ? marking.marked : undefined}
      onMark={writer ? marking.mark : undefined}
      nameOf={nameOf}
      sort={sort}
      onSort={({ by }) => query.set({ tri: by === "nom" ? null : by })}
      busy={list.isPlaceholderData}
      card={(row) => <Card row={row} />}
      empty={
        <Message icon="empty" title={filtered ? "Aucun établissement ne répond à ces filtres." : "La liste du territoire est vide."} action={filtered && <Button onPress={() => query.set(Object.fromEntries(filterNames.map((name) => [name, null])))}>Effacer les filtres</Button>}>
          {filtered ? "Élargissez la commune ou l’activité." : "Importez un fichier d’entreprises pour commencer."}
        </Message>
      }
    />
  );

  const table = (
    <>
      {grid}
      {writer && <Marking marking={marking} total={counts?.total} />}
    </>
  );
  const map = <ListMap query={query} filters={filters} counts={counts} rows={rows} hovered={hovered} selected={selected} onPoint={(point) => select({ id: point })} marking={writer ? marking : undefined} />;
  const summary = counts && (
    <span aria-live="polite">
      {plural(counts.total, "établissement")}
      <span className={style.summary}>
        , {plural(counts.free, "libre")}, {plural(counts.promised, "promis", "promis")}, {plural(counts.never_visited, "jamais visité", "jamais visités")}
      </span>
    </span>
  );

  if (small) {
    if (selected !== null)
      return (
        <div className={style.full}>
          <h1 className="hidden-visually">Entreprises</h1>
          <Sheet id={selected} onClose={() => select(null)} />
        </div>
      );
    return (
      <Page
        title="Entreprises"
        aside={summary}
        fill
        toolbar={<FilterBar query={query} />}
        actions={
          <>
            {asSegment}
            <Button small icon={showMap ? "list" : "map"} onPress={() => query.set({ vue: showMap ? null : "carte" })}>
              {showMap ? "Liste" : "Carte"}
            </Button>
          </>
        }
      >
        {showMap ? (
          <>
            <div className={style.mapPane}>{map}</div>
            {writer && <Marking marking={marking} total={counts?.total} />}
          </>
        ) : (
          table
        )}
      </Page>
    );
  }

  return (
    <Page title="Entreprises" aside={summary} fill toolbar={<FilterBar query={query} />} actions={<>{asSegment}<Button small look="quiet" icon="print" onPress={() => window.print()}>Imprimer</Button></>}>
      <Split
        name="entreprises"
        left={table}
        right={
          <div className={classes(style.side, selected !== null && style.withRecord)}>
            <div className={classes(style.mapPane, "no-print")}>{map}</div>
            {selected !== null && <Sheet key={selected} id={selected} onClose={() => select(null)} />}
          </div>
        }
      />
    </Page>
  );
}

function Card({ row }: { row: EstablishmentLine }) {
  return (
    <div className={style.card}>
      <div className={style.cardLine}>
        <span className={style.cardName}>{nameOf(row)}</span>
        <StateBadge row={row} dated={row} />
      </div>
      <div className={classes(style.cardLine, style.soft)}>
        <span className={style.clip}>
          {row.city ?? "commune inconnue"} · {row.size_band ? `${sizeShort(row.size_band)} sal.` : "effectif inconnu"}
        </span>
        {row.holder ? <Organisation name={row.holder.short_name} network={row.holder.network} size={16} /> : row.last_visit_at ? <When at={row.last_visit_at} /> : <span>jamais visité</span>}
      </div>
    </div>
  );
}

type ListMapProps = {
  query: ReturnType<typeof useQueryState>;
  filters: ReturnType<typeof filtersOf>;
  counts: { communes: { commune: string; establishments: number }[] } | undefined;
  rows: EstablishmentLine[];
  hovered: number | null;
  selected: number | null;
  onPoint: (id: number) => void;
  marking: ReturnType<typeof useMarking> | undefined;
};

function parseView(text: string | null): View | null {
  const [lat, lon, zoom] = (text ?? "").split("_").map(Number);
  return Number.isFinite(lat) && Number.isFinite(lon) && Number.isFinite(zoom) ? { lat: lat as number, lon: lon as number, zoom: zoom as number } : null;
}

function ListMap({ query, filters, counts, rows, hovered, selected, onPoint, marking }: ListMapProps) {
  const ground = useQuery(groundQuery).data;
  const [area, setArea] = useState<{ zoom: number; box: Box } | null>(null);
  const [first] = useState(() => parseView(query.get("carte")));
  const near = area !== null && area.zoom >= pointsFrom;
  // Rounded outwards, so that a small move asks nothing new.
  const bbox = near ? area.box.map((side, index) => (index < 2 ? Math.floor(side * 20) / 20 : Math.ceil(side * 20) / 20)).join(",") : "";
  const points = useQuery({ ...establishmentPoints(filters, bbox), enabled: near }).data?.items;
  const figures = useMemo(() => new Map(counts?.communes.map((item) => [item.commune, item.establishments])), [counts]);
  const record = useQuery({ ...recordQuery(selected ?? 0), enabled: selected !== null }).data;
  const row = rows.find((item) => item.id === selected);
  const lon = row?.lon ?? record?.lon;
  const lat = row?.lat ?? record?.lat;
  const chosen = useMemo(() => (selected !== null && lon != null && lat != null ? { id: selected, lon, lat } : null), [selected, lon, lat]);
  const over = useMemo(() => {
    const line = rows.find((item) => item.id === hovered);
    const known = points?.some((point) => point.id === hovered);
    return near && line?.lon != null && line.lat != null && !known ? [{ id: line.id, lon: line.lon, lat: line.lat, state: line.state, name: nameOf(line) }] : [];
  }, [near, rows, hovered, points]);
  const shownPoints = useMemo(() => (near ? [...(points ?? []).map((point) => ({ ...point, name: point.name ?? "Sans dénomination" })), ...over] : []), [near, points, over]);

  return (
    <>
      <MapView
        label="Carte des établissements"
        ground={ground as Ground | undefined}
        attribution={attributionOf(ground)}
        counts={figures}
        points={shownPoints}
        pointsFrom={pointsFrom}
        selectedPoint={chosen}
        markedPoints={marking?.numbers}
        onLasso={marking?.drawing ? marking.surround : undefined}
        hoveredPoint={hovered}
        selectedCommune={query.get("commune")}
        view={first}
        onView={(view, box, byHand) => {
          setArea({ zoom: view.zoom, box });
          if (byHand) query.set({ carte: `${view.lat.toFixed(3)}_${view.lon.toFixed(3)}_${view.zoom.toFixed(1)}` }, { replace: true });
        }}
        onCommune={(code) => query.set({ commune: query.get("commune") === code ? null : code })}
        onPoint={onPoint}
        describe={(code, name) => `${name} : ${plural(figures.get(code) ?? 0, "établissement")}`}
      />
      {marking && (
        <div className={style.mapTools}>
          <Button small icon="lasso" look={marking.drawing ? "primary" : "plain"} aria-pressed={marking.drawing} onPress={() => marking.draw(!marking.drawing)}>
            {marking.drawing ? "Entourez des employeurs" : "Entourer"}
          </Button>
          {area && (
            <Button small onPress={() => marking.within(area.box)} isPending={marking.busy}>
              Cocher ce que montre la carte
            </Button>
          )}
        </div>
      )}
      <ul className={style.legend} aria-label="Légende de la carte">
        {near ? (
          Object.entries(standing).map(([state, word]) => (
            <li key={state}>
              <span className={classes(style.dot, style[state])} /> {word.label}
            </li>
          ))
        ) : (
          <li>
            <span className={style.circle}>{count(120)}</span> établissements par commune
          </li>
        )}
      </ul>
    </>
  );
}
