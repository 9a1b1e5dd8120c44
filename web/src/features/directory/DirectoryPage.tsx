// The actors of the territory: who they are, where, how to reach them.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useRef, useState, type ReactNode } from "react";
import { directoryGaps, ground as groundQuery, members as membersQuery, organisationCommunes, organisations as organisationsQuery } from "@/api/queries";
import type { Schema } from "@/api/client";
import { attributionOf } from "@/features/establishments/ground";
import { useSession } from "@/features/session/session";
import { useParameters, useQueryState } from "@/router";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { useEscape } from "@/ui/escape";
import { Select, TextField } from "@/ui/Field";
import { MapView, type Ground } from "@/ui/map";
import { phone as phoneMedia, useMedia } from "@/ui/media";
import { NetworkMark } from "@/ui/Network";
import { keyboardTo, OpenedHeading } from "@/ui/OpenedHeading";
import { Page } from "@/ui/Page";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { roles } from "@/words/domain";
import { phone, plural } from "@/words/number";
import { french } from "@/words/typography";
import { Gaps } from "./Gaps";
import style from "./DirectoryPage.module.css";

const EditOrganisation = lazy(() => import("./EditOrganisation"));

type Line = Schema<"Organisations">["items"][number];

const keyOf = (row: Line) => row.id;
const fold = (text: string) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

/** « Tout le territoire », « Bassin de Vichy, Gannat ». */
const where = (row: Line): string => row.areas.map((one) => one.name).join(", ") || "Tout le territoire";
const offer = (row: Line): string => row.services.map((one) => one.label).join(", ");

const columns: Column<Line>[] = [
  { id: "reseau", title: "Réseau", width: "minmax(150px, 1fr)", from: 560, cell: (row) => <span className={style.network}><NetworkMark network={row.network} size={16} /> {row.network_name}</span> },
  { id: "nom", title: "Structure", width: "minmax(160px, 2fr)", cell: (row) => <strong className={style.name} title={row.name}>{row.name}</strong> },
  { id: "commune", title: "Commune", width: "minmax(90px, 1fr)", cell: (row) => row.commune ?? "inconnue" },
  { id: "territoire", title: "Territoire", width: "minmax(110px, 1fr)", from: 860, cell: (row) => <span title={where(row)}>{where(row)}</span> },
  { id: "offre", title: "Offre aux employeurs", width: "minmax(150px, 1.4fr)", from: 980, cell: (row) => <span title={offer(row)}>{offer(row) || <span className={style.soft}>inconnue</span>}</span> },
  { id: "telephone", title: "Téléphone", width: "128px", from: 640, cell: (row) => (row.phone ? <a href={`tel:${row.phone}`}>{phone(row.phone)}</a> : "inconnu") },
  { id: "membres", title: "Membres", width: "76px", align: "right", from: 720, cell: (row) => row.members },
];

export default function DirectoryPage() {
  const query = useQueryState();
  const small = useMedia(phoneMedia);
  const { id } = useParameters();
  const selected = id && /^\d+$/.test(id) ? Number(id) : null;
  const { data, isPending, isError, error, refetch } = useQuery(organisationsQuery);
  const ground = useQuery(groundQuery).data;
  const text = query.get("q") ?? "";
  const gapsShown = query.get("vue") === "territoires";
  const gaps = useQuery({ ...directoryGaps, enabled: gapsShown });
  const covered = useQuery({ ...organisationCommunes(selected ?? 0), enabled: selected !== null && !gapsShown }).data;
  const network = query.get("reseau") ?? "";
  // On a phone, the map instead of what stands beside it.
  const showMap = gapsShown ? query.get("carte") === "oui" : query.get("vue") === "carte";
  const rows = useMemo(
    () => (data?.items ?? []).filter((row) => (!network || row.network === network) && (!text || fold(`${row.name} ${row.commune ?? ""}`).includes(fold(text)))),
    [data, network, text],
  );
  const networks = useMemo(() => [...new Map((data?.items ?? []).map((row) => [row.network, row.network_name])).entries()], [data]);
  const chosen = data?.items.find((row) => row.id === selected) ?? null;
  const pressed = useRef(false);
  const select = (row: { id: number } | null) => {
    pressed.current = true;
    query.set({}, { path: row && row.id !== selected ? `/annuaire/${row.id}` : "/annuaire" });
  };
  const close = () => {
    select(null);
    keyboardTo('[role="grid"][aria-label="Acteurs du territoire"]');
  };
  // The map shows where one works, not only where its door is.
  const around = useMemo(() => (selected === null || gapsShown ? undefined : covered ? new Set(covered.communes) : null), [selected, gapsShown, covered]);
  const places = useMemo(
    () => rows.filter((row) => row.lon !== null && row.lat !== null).map((row) => ({ id: row.id, lon: row.lon as number, lat: row.lat as number, name: row.name, network: row.network })),
    [rows],
  );
  const seen = gaps.data?.networks.find((one) => one.network === query.get("pour")) ?? gaps.data?.networks[0];
  // Of one organisation, where it works; of a network, how many work in each commune: none, one, several.
  const classes_ = useMemo(() => {
    const all = (ground?.features ?? []).map((one) => one.properties.code);
    if (gapsShown && seen) {
      const none = new Set(seen.gaps.map((one) => one.code));
      const many = new Set(seen.overlaps.map((one) => one.code));
      return new Map(all.map((code) => [code, none.has(code) ? null : many.has(code) ? 4 : 1]));
    }
    if (covered) {
      const here = new Set(covered.communes);
      return new Map(all.filter((code) => here.has(code)).map((code) => [code, 2]));
    }
    return undefined;
  }, [ground, gapsShown, seen, covered]);
  const point = chosen && chosen.lon !== null && chosen.lat !== null ? { id: chosen.id, lon: chosen.lon, lat: chosen.lat } : null;

  const table = (
    <Table
      label="Acteurs du territoire"
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      selected={selected}
      onSelect={select}
      card={(row) => (
        <div className={style.card}>
          <NetworkMark network={row.network} size={20} />
          <div>
            <strong className={style.name}>{row.name}</strong>
            <p className={style.soft}>{[row.network_name, row.commune].filter(Boolean).join(", ")}</p>
          </div>
        </div>
      )}
      empty={<Message icon="actors" title="Aucune structure ne répond à ces filtres." />}
    />
  );
  const map = (
    <MapView
      label="Carte des acteurs"
      ground={ground as Ground | undefined}
      attribution={attributionOf(ground)}
      places={gapsShown && seen ? places.filter((one) => one.network === seen.network) : places}
      {...(classes_ && { classes: classes_ })}
      selectedCommune={query.get("commune")}
      selectedPoint={point}
      around={around}
      onPlace={(place) => select({ id: place })}
      {...(gapsShown && seen && { describe: (code: string, name: string) => `${name} : ${seen.gaps.some((one) => one.code === code) ? "aucune structure" : (seen.overlaps.find((one) => one.code === code)?.organisations.join(", ") ?? "une structure")}` })}
    />
  );
  const list = gapsShown ? (
    gaps.isError ? (
      <Failure error={gaps.error} onRetry={() => void gaps.refetch()} />
    ) : !seen ? (
      <Skeleton rows={8} />
    ) : (
      <Gaps networks={gaps.data?.networks ?? []} network={seen} onNetwork={(pour) => query.set({ pour, commune: null }, { replace: true })} commune={query.get("commune")} onCommune={(commune) => query.set({ commune: commune === query.get("commune") ? null : commune }, { replace: true })} />
    )
  ) : (
    table
  );
  if (small && chosen) return (
    <div className={style.full}>
      <h1 className="hidden-visually">Annuaire des acteurs</h1>
      <Sheet row={chosen} takesFocus={pressed.current} onClose={close} />
    </div>
  );
  return (
    <Page
      title="Annuaire des acteurs"
      aside={data && <span aria-live="polite">{gapsShown ? "Trous et recouvrements" : plural(rows.length, "structure")}</span>}
      fill
      toolbar={
        <>
          {!gapsShown && (
            <>
              <TextField label="Nom ou commune" hideLabel type="search" placeholder="Nom ou commune" value={text} onChange={(q) => query.set({ q }, { replace: true })} className={style.words} />
              <Select label="Réseau" hideLabel value={network} onChange={(value) => query.set({ reseau: value })} choices={[{ id: "", label: "Tous les réseaux" }, ...networks.map(([code, label]) => ({ id: code, label }))]} />
            </>
          )}
          <Button icon={gapsShown ? "list" : "actors"} onPress={() => query.set({ vue: gapsShown ? null : "territoires", carte: null, pour: null, commune: null }, { path: "/annuaire" })}>
            {gapsShown ? "Toutes les structures" : "Trous et recouvrements"}
          </Button>
          {small && (
            <Button icon={showMap ? "list" : "map"} onPress={() => query.set(gapsShown ? { carte: showMap ? null : "oui" } : { vue: showMap ? null : "carte" })}>
              {showMap ? "Liste" : "Carte"}
            </Button>
          )}
        </>
      }
    >
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton rows={8} />
      ) : small ? (
        showMap ? map : list
      ) : (
        <Split
          name="annuaire"
          initial={52}
          // On paper an actor that is open stands alone.
          left={<div className={classes(style.list, chosen && "no-print")}>{list}</div>}
          right={
            <div className={classes(style.side, chosen && style.withSheet)}>
              <div className={style.mapPane}>{map}</div>
              {chosen && <Sheet key={chosen.id} row={chosen} takesFocus={pressed.current} onClose={close} />}
            </div>
          }
        />
      )}
    </Page>
  );
}

function Sheet({ row, takesFocus, onClose }: { row: Line; takesFocus: boolean; onClose: () => void }) {
  const session = useSession();
  useEscape(onClose);
  const may = session.role === "adviser" || session.role === "manager" || session.role === "administrator";
  const list = useQuery({ ...membersQuery(row.id), enabled: may });
  const [editing, setEditing] = useState(false);
  const ours = session.organisation.id === row.id && (session.role === "manager" || session.role === "administrator" || session.role === "contributor");
  const facts: [string, ReactNode][] = [
    ["Adresse", [row.address, row.commune].filter(Boolean).join(", ")],
    ["Téléphone", row.phone && <a href={`tel:${row.phone}`}>{phone(row.phone)}</a>],
    ["Courriel", row.email && <a href={`mailto:${row.email}`}>{row.email}</a>],
    ["Site", row.website && <a href={row.website} rel="noreferrer noopener" target="_blank">{row.website.replace(/^https?:\/\//, "")}</a>],
    ["Horaires", row.opening && french(row.opening)],
    ["Territoire", where(row)],
    ["Offre", offer(row)],
  ];
  return (
    <section className={style.sheet} aria-label="Structure">
      <header className={style.head}>
        <div>
          <OpenedHeading of={row.id} takesFocus={takesFocus}>
            {row.name}
          </OpenedHeading>
          <p className={style.network}>
            <NetworkMark network={row.network} size={16} /> {row.network_name}
          </p>
        </div>
        <span className={classes(style.tools, "no-print")}>
          {ours && (
            <Button small icon="edit" onPress={() => setEditing(true)}>
              Modifier
            </Button>
          )}
          <IconButton label="Fermer la structure" icon="close" onPress={onClose} />
        </span>
      </header>
      {row.about && <p className={style.about}>{french(row.about)}</p>}
      <dl className={style.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value || "inconnu"}</dd>
          </div>
        ))}
      </dl>
      {editing && (
        <Suspense fallback={null}>
          <EditOrganisation row={row} onClose={() => setEditing(false)} />
        </Suspense>
      )}
      {may && list.data && list.data.items.length > 0 && (
        <div className={style.members}>
          <h3>Membres</h3>
          <ul>
            {list.data.items.map((member) => (
              <li key={member.id}>
                {member.name} <span className={style.soft}>{roles[member.role]}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
