// Share of establishments visited, by commune: the map and its twin, the table; the same figures as the file.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { address } from "@/api/client";
import { coverage as coverageQuery, ground as groundQuery, naf as nafQuery, type CoverageFilters } from "@/api/queries";
import { attributionOf } from "@/features/establishments/ground";
import { nafChoices, sizeGroups } from "@/features/establishments/filters";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button, LinkButton } from "@/ui/Button";
import { classes as names } from "@/ui/classes";
import { SearchSelect, Select } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { MapView, type Ground } from "@/ui/map";
import { phone, useMedia } from "@/ui/media";
import { networkName } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column, type Sort } from "@/ui/Table";
import { count, percent } from "@/words/number";
import { bounds, classLabel, classOf } from "./classes";
import style from "./CoveragePage.module.css";

type Line = { commune: string; name: string; establishments: number | null; visited: number | null; promised: number | null; never: number | null; share: number | null; hidden: boolean };

const networks = ["ft", "ml", "ce", "plie"] as const;
const monthChoices = [3, 6, 12, 24, 36].map((value) => ({ id: String(value), label: `${value} derniers mois` }));
const keyOf = (row: Line) => row.commune;

const unknown = <span title="Effectif trop petit pour être montré (moins de 5), ou aucun établissement">inconnu</span>;
const figure = (value: number | null) => (value === null ? unknown : count(value));

export default function CoveragePage() {
  const session = useSession();
  const query = useQueryState();
  const small = useMedia(phone);
  const [hovered, setHovered] = useState<string | null>(null);
  const network = networks.find((code) => code === query.get("reseau"));
  const size = sizeGroups.find((group) => group.id === query.get("effectif"));
  const months = Number(query.get("mois")) || 12;
  const filters: CoverageFilters = {
    months,
    ...(network ? { network } : {}),
    ...(size ? { size: size.codes } : {}),
    ...(query.get("naf") ? { naf: query.get("naf") as string } : {}),
  };
  const { data, isPending, isError, error, refetch, isPlaceholderData } = useQuery(coverageQuery(filters));
  const ground = useQuery(groundQuery).data;
  const { data: naf } = useQuery(nafQuery);
  const activities = useMemo(() => nafChoices(naf?.items), [naf]);
  const sort: Sort = { by: query.get("tri") ?? "commune", down: query.get("sens") === "bas" };
  const selected = query.get("commune");

  const rows = useMemo<Line[]>(() => {
    const items: Line[] = [...(data?.items ?? [])];
    const value = (row: Line): number | string => {
      if (sort.by === "commune") return row.name;
      return (row[sort.by as "share" | "visited" | "establishments" | "promised" | "never"] as number | null) ?? -1;
    };
    items.sort((a, b) => {
      const x = value(a);
      const y = value(b);
      const order = typeof x === "string" ? x.localeCompare(String(y), "fr") : x - Number(y);
      return (sort.down ? -order : order) || a.name.localeCompare(b.name, "fr");
    });
    return items;
  }, [data, sort.by, sort.down]);

  const lines = useMemo(() => new Map(rows.map((row) => [row.commune, row])), [rows]);
  const classes = useMemo(() => new Map(rows.map((row) => [row.commune, classOf(row.share)])), [rows]);
  const total = useMemo(() => {
    const known = rows.filter((row) => row.share !== null);
    const all = known.reduce((sum, row) => sum + (row.establishments ?? 0), 0);
    const seen = known.reduce((sum, row) => sum + (row.visited ?? 0), 0);
    return { all, seen, white: rows.filter((row) => row.share === 0).length, hidden: rows.filter((row) => row.hidden).length };
  }, [rows]);

  const toList = session.role !== "observer";
  const columns = useMemo<Column<Line>[]>(
    () => [
      { id: "commune", title: "Commune", width: "minmax(120px, 2fr)", sort: true, cell: (row) => (toList ? <Link href={`/entreprises?commune=${row.commune}`} className={style.commune}>{row.name}</Link> : row.name) },
      { id: "share", title: "Part visitée", width: "minmax(96px, 1fr)", sort: true, align: "right", cell: (row) => (row.share === null ? unknown : <strong>{percent(row.share)}</strong>) },
      { id: "visited", title: "Visités", width: "minmax(72px, 0.8fr)", sort: true, align: "right", cell: (row) => figure(row.visited) },
      { id: "establishments", title: "Établissements", width: "minmax(110px, 1fr)", sort: true, align: "right", cell: (row) => figure(row.establishments) },
      { id: "promised", title: "Promis", width: "minmax(72px, 0.8fr)", from: 560, sort: true, align: "right", cell: (row) => figure(row.promised) },
      { id: "never", title: "Jamais visités", width: "minmax(96px, 1fr)", from: 640, sort: true, align: "right", cell: (row) => figure(row.never) },
    ],
    [toList],
  );

  const table = (
    <Table
      label="Couverture par commune"
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      selected={selected}
      onSelect={(row) => query.set({ commune: row.commune === selected ? null : row.commune }, { replace: true })}
      onHover={(row) => setHovered(row?.commune ?? null)}
      sort={sort}
      onSort={({ by, down }) => query.set({ tri: by === "commune" ? null : by, sens: (by === sort.by ? down : by !== "commune") ? "bas" : null }, { replace: true })}
      busy={isPlaceholderData}
      card={(row) => (
        <div className={style.card}>
          <strong>{row.name}</strong>
          <span>
            {row.share === null ? "inconnu" : percent(row.share)}
            <span className={style.soft}>
              {" "}
              {row.visited === null ? "" : `${count(row.visited)} sur `}
              {row.establishments === null ? "" : count(row.establishments)}
            </span>
          </span>
        </div>
      )}
      empty={<Message icon="map" title="Aucune commune dans ce territoire." />}
    />
  );
  const describe = (code: string, name: string) => {
    const row = lines.get(code);
    if (!row || row.share === null) return `${name} : inconnu`;
    return `${name} : ${percent(row.share)}\n${count(row.visited ?? 0)} sur ${count(row.establishments ?? 0)} établissements`;
  };
  const map = (
    <div className={style.map}>
      <MapView
        label="Carte de couverture par commune"
        ground={ground as Ground | undefined}
        attribution={attributionOf(ground)}
        classes={classes}
        selectedCommune={hovered ?? selected}
        onCommune={(code) => query.set({ commune: code === selected ? null : code }, { replace: true })}
        describe={describe}
      />
      <figure className={style.legend} aria-label="Légende">
        <figcaption>
          Part des établissements visités, en %<span>sur {months} mois{network ? `, ${networkName(network)}` : ", tous réseaux"}</span>
        </figcaption>
        <ul>
          {bounds.map((_, index) => (
            <li key={index}>
              <span className={names(style.swatch, style[`class${index + 1}`])} />
              {classLabel(index)}
            </li>
          ))}
          <li>
            <span className={names(style.swatch, style.hatched)} />
            inconnu
          </li>
        </ul>
      </figure>
    </div>
  );

  const toolbar = (
    <>
      <Select label="Période" hideLabel value={String(months)} onChange={(value) => query.set({ mois: value === "12" ? null : value })} choices={monthChoices} />
      <Select label="Réseau" hideLabel value={network ?? ""} onChange={(value) => query.set({ reseau: value })} choices={[{ id: "", label: "Tous les réseaux" }, ...networks.map((code) => ({ id: code, label: networkName(code) }))]} />
      <SearchSelect label="Activité (NAF)" hideLabel placeholder="Toutes les activités" choices={activities} value={activities.find((choice) => choice.id === query.get("naf")) ?? null} onChange={(choice) => query.set({ naf: choice?.id })} className={style.activity} />
      <Select label="Effectif" hideLabel value={size?.id ?? ""} onChange={(value) => query.set({ effectif: value })} choices={[{ id: "", label: "Tous les effectifs" }, ...sizeGroups]} />
      {small && <Button icon={query.get("vue") === "table" ? "map" : "list"} onPress={() => query.set({ vue: query.get("vue") === "table" ? null : "table" })}>{query.get("vue") === "table" ? "Carte" : "Tableau"}</Button>}
    </>
  );
  return (
    <Page
      title="Couverture"
      aside={
        data && (
          <span aria-live="polite" title="Établissements en activité ayant reçu au moins une visite pendant la période, rapportés aux établissements en activité.">
            {percent(total.all ? total.seen / total.all : 0)} des établissements visités ({count(total.seen)} sur {count(total.all)}), {count(total.white)} communes sans aucune visite
            {total.hidden > 0 && `, ${count(total.hidden)} masquées (effectifs sous 5)`}
            {!toList && ", chiffres arrondis à 5 près"}
          </span>
        )
      }
      actions={
        <>
          <LinkButton small icon="download" href={address("/api/coverage.csv", {}, filters)} download="couverture.csv">
            Exporter (CSV)
          </LinkButton>
          <Button small look="quiet" icon="print" onPress={() => window.print()}>
            Imprimer
          </Button>
        </>
      }
      toolbar={toolbar}
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
        <Split name="couverture" initial={46} left={isPending ? <Skeleton rows={16} /> : table} right={map} />
      )}
    </Page>
  );
}
