// Needs of employers: the list, one of them, what came of them in figures, and the survey beside them.
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Schema } from "@/api/client";
import { needs as needsQuery, searchRome, type NeedFilters } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { useParameters, useQueryState } from "@/router";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Dialog } from "@/ui/Dialog";
import { SearchSelect, Select, TextField } from "@/ui/Field";
import { phone, useMedia } from "@/ui/media";
import { Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { When } from "@/ui/When";
import { horizons } from "@/words/domain";
import { plural, posts } from "@/words/number";
import { NeedBadge } from "./NeedBadge";
import style from "./Needs.module.css";
import { sources, states } from "./words";

type Line = Schema<"NeedLine">;

const Sheet = lazy(() => import("./NeedSheet"));
const Figures = lazy(() => import("./Figures"));
const Survey = lazy(() => import("./Survey"));
const NewNeed = lazy(() => import("./NeedForm").then((module) => ({ default: module.NeedDialog })));
const Answers = lazy(() => import("./Answers"));

const keyOf = (row: Line) => row.id;

const columns: Column<Line>[] = [
  { id: "etat", title: "État", width: "172px", cell: (row) => <NeedBadge state={row.state} /> },
  { id: "metier", title: "Métier", width: "minmax(150px, 1.8fr)", cell: (row) => <strong className={style.name} title={row.rome_label}>{row.rome_label}</strong> },
  { id: "postes", title: "Postes", width: "70px", align: "right", from: 520, cell: (row) => row.posts ?? <span className={style.soft}>inconnu</span> },
  { id: "employeur", title: "Employeur", width: "minmax(130px, 1.6fr)", from: 560, cell: (row) => row.establishment.name ?? "Sans dénomination" },
  { id: "commune", title: "Commune", width: "minmax(90px, 0.9fr)", from: 900, cell: (row) => row.establishment.city },
  { id: "echeance", title: "Échéance", width: "minmax(126px, 0.9fr)", from: 760, cell: (row) => horizons[row.horizon] },
  { id: "source", title: "Source", width: "minmax(104px, 0.6fr)", from: 980, cell: (row) => sources[row.source] },
  { id: "structure", title: "Entendu par", width: "minmax(128px, 1fr)", from: 820, cell: (row) => <Organisation name={row.organisation.short_name} network={row.organisation.network} size={15} /> },
  { id: "depuis", title: "Déclaré", width: "124px", from: 680, cell: (row) => <When at={row.declared_at} /> },
];

export default function NeedsPage() {
  const session = useSession();
  const query = useQueryState();
  const small = useMedia(phone);
  const { id } = useParameters();
  const selected = id && /^\d+$/.test(id) ? Number(id) : null;
  const view = query.get("vue") ?? "liste";
  const [open, setOpen] = useState<"need" | "file" | null>(null);
  const writer = session.role === "adviser" || session.role === "manager";
  const select = (row: { id: number } | null) => query.set({}, { path: row && row.id !== selected ? `/besoins/${row.id}` : "/besoins" });
  const sheet = selected !== null && (
    <Suspense fallback={<Skeleton rows={7} />}>
      <Sheet id={selected} onClose={() => select(null)} />
    </Suspense>
  );
  if (small && sheet)
    return (
      <div className={style.full}>
        <h1 className="hidden-visually">Besoins</h1>
        {sheet}
      </div>
    );
  return (
    <>
      <Page
        title="Besoins"
        toolbar={
          <>
            <Select
              label="Vue"
              hideLabel
              value={view}
              onChange={(vue) => query.set({ vue: vue === "liste" ? null : vue })}
              choices={[
                { id: "liste", label: "Liste des besoins" },
                { id: "bilan", label: "Bilan : déclarés, offres, pourvus" },
                { id: "enquete", label: "Enquête BMO par bassin" },
              ]}
            />
            {view === "liste" && <Filters />}
          </>
        }
        actions={
          writer && (
            <>
              <Button small icon="add" onPress={() => setOpen("need")}>
                Noter un besoin
              </Button>
              <Button small look="quiet" icon="imports" onPress={() => setOpen("file")}>
                Réponses BMO
              </Button>
            </>
          )
        }
        fill
      >
        <Suspense fallback={<Skeleton rows={6} />}>
          {view === "bilan" ? <Figures /> : view === "enquete" ? <Survey /> : sheet ? <Split name="besoins" initial={58} left={<List selected={selected} onSelect={select} />} right={sheet} /> : <List selected={null} onSelect={select} />}
        </Suspense>
      </Page>
      <Suspense>
        {open === "need" && <NewNeed onClose={() => setOpen(null)} />}
        {open === "file" && <Answers onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}

/** The filters of the address; the words typed follow after a moment. */
function filtersOf(query: ReturnType<typeof useQueryState>): NeedFilters {
  const get = (name: string) => query.get(name) ?? undefined;
  const scope = get("qui");
  return {
    ...(scope === "mine" || scope === "ours" || scope === "call" ? { scope } : {}),
    ...(get("etat") ? { state: get("etat") as NonNullable<NeedFilters["state"]> } : {}),
    ...(get("source") ? { source: get("source") as NonNullable<NeedFilters["source"]> } : {}),
    ...(get("metier") ? { rome: get("metier") as string } : {}),
    ...(get("q") ? { q: get("q") as string } : {}),
    ...(get("employeur") ? { establishment: Number(get("employeur")) } : {}),
    ...(get("commune") ? { commune: get("commune") as string } : {}),
    ...(get("echus") ? { expiring: true } : {}),
  };
}

/** Names in the address of what filters beside the words. */
const filterNames = ["etat", "qui", "source", "metier", "employeur", "commune", "echus"];

/** On a telephone the words stay in sight, the others unfold: the list is what one came for. */
function Filters() {
  const query = useQueryState();
  const small = useMedia(phone);
  const [open, setOpen] = useState(false);
  const rome = query.get("metier");
  const set = (name: string) => (value: string) => query.set({ [name]: value || null }, { replace: true });
  const active = filterNames.filter((name) => query.get(name)).length;
  const words = <TextField label="Employeur, commune ou métier" hideLabel type="search" placeholder="Employeur, commune, métier" value={query.get("q") ?? ""} onChange={set("q")} className={style.words} />;
  const narrow = (query.get("employeur") || query.get("commune") || query.get("echus")) && (
    <Button small look="quiet" icon="close" onPress={() => query.set({ employeur: null, commune: null, echus: null })}>
      {query.get("echus") ? "Bientôt échus seulement" : query.get("employeur") ? "Un seul employeur" : "Une seule commune"}
    </Button>
  );
  const fields = (
    <>
      <Select label="État" hideLabel={!small} plain value={query.get("etat") ?? ""} onChange={set("etat")} choices={[{ id: "", label: "Tous les états" }, ...Object.entries(states).map(([code, word]) => ({ id: code, label: word.label }))]} />
      <Select
        label="Pour qui"
        hideLabel={!small} plain
        value={query.get("qui") ?? ""}
        onChange={set("qui")}
        choices={[
          { id: "", label: "Tous les partenaires" },
          { id: "call", label: "À rappeler par ma structure" },
          { id: "ours", label: "Entendus par ma structure" },
          { id: "mine", label: "Entendus par moi" },
        ]}
      />
      <Select label="Source" hideLabel={!small} plain value={query.get("source") ?? ""} onChange={set("source")} choices={[{ id: "", label: "Toutes les sources" }, ...Object.entries(sources).map(([code, label]) => ({ id: code, label }))]} />
      <SearchSelect
        label="Métier"
        hideLabel={!small} plain
        value={rome ? { id: rome, label: query.get("libelle") ?? rome } : null}
        onChange={(choice) => query.set({ metier: choice?.id ?? null, libelle: choice?.label ?? null }, { replace: true })}
        search={searchRome}
        placeholder="Métier précis"
        className={style.words}
      />
    </>
  );
  if (!small)
    return (
      <>
        {words}
        {fields}
        {narrow}
      </>
    );
  return (
    <>
      <div className={style.folded}>
        {words}
        <Button icon="filter" onPress={() => setOpen(true)}>
          {active > 0 ? `Filtres (${active})` : "Filtres"}
        </Button>
      </div>
      {narrow}
      <Dialog title="Filtres" isOpen={open} onClose={() => setOpen(false)}>
        {fields}
        <Button look="primary" wide onPress={() => setOpen(false)}>
          Voir la liste
        </Button>
        {active > 0 && (
          <Button look="quiet" wide onPress={() => query.set({ ...Object.fromEntries(filterNames.map((name) => [name, null])), libelle: null }, { replace: true })}>
            Effacer les filtres
          </Button>
        )}
      </Dialog>
    </>
  );
}

function List({ selected, onSelect }: { selected: number | null; onSelect: (row: Line) => void }) {
  const query = useQueryState();
  const filters = filtersOf(query);
  const list = useInfiniteQuery(needsQuery(filters));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton rows={6} />;
  const filtered = Object.keys(filters).length > 0;
  return (
    <div className={style.pane}>
      <p className="hidden-visually" aria-live="polite">
        {plural(rows.length, "besoin")}
        {list.hasNextPage && " et plus"}
      </p>
      <Table
        label="Besoins des employeurs"
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        selected={selected}
        onSelect={onSelect}
        onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
        busy={list.isPlaceholderData}
        card={(row) => (
          <div className={style.line}>
            <span className={style.cardTop}>
              <strong className={style.name}>{row.rome_label}</strong>
              <NeedBadge state={row.state} />
            </span>
            <span className={classes(style.soft, style.clip)}>
              {posts(row.posts)}, {row.establishment.name ?? "Sans dénomination"}
              {row.establishment.city && `, ${row.establishment.city}`}
            </span>
          </div>
        )}
        empty={
          <Message icon="need" title={filtered ? "Aucun besoin ne répond à ces filtres." : "Aucun besoin connu."}>
            {!filtered && "Les besoins se notent dans le compte rendu d’une visite, ici même, ou viennent des réponses à l’enquête BMO."}
          </Message>
        }
      />
    </div>
  );
}
