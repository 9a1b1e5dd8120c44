// What one holds, or one's organisation, or its teams: due soon, late, suspended; and what waits for an answer.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { heldPromises, promiseCounts, type HeldFilters } from "@/api/promises";
import type { Promised } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Due } from "@/ui/Due";
import { Select, TextField } from "@/ui/Field";
import { phone, useMedia } from "@/ui/media";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { Tabs } from "@/ui/Tabs";
import { When } from "@/ui/When";
import { longDay, shortDay } from "@/words/time";
import type { Act } from "./acts";
import { useColleagues } from "./people";
import style from "./Promises.module.css";

const Record = lazy(() => import("@/features/establishments/Record"));
const Answers = lazy(() => import("./Answers").then(({ Answers }) => ({ default: Answers })));
const TransferHistory = lazy(() => import("./Transfers").then(({ TransferHistory }) => ({ default: TransferHistory })));
const Split = lazy(() => import("@/ui/Split").then(({ Split }) => ({ default: Split })));
const MarkedBar = lazy(() => import("./MarkedBar"));
const BulkDialog = lazy(() => import("./Bulk"));
const keyOf = (row: Promised) => row.establishment.id;
const nameOf = (row: Promised) => row.establishment.name ?? "Sans dénomination";

const scopes = [
  { id: "", code: "mine", label: "Mes engagements" },
  { id: "structure", code: "organisation", label: "Toute ma structure" },
  { id: "equipes", code: "team", label: "Nos équipes communes" },
] as const;

const states = [
  { id: "", label: "En cours", count: "active" },
  { id: "bientot", code: "soon", label: "Sous 7 jours", count: "soon" },
  { id: "retard", code: "late", label: "En retard", count: "late" },
  { id: "sans-visite", code: "unplanned", label: "Sans visite prévue", count: "unplanned" },
  { id: "suspendus", code: "suspended", label: "Suspendus", count: "suspended" },
  { id: "transfert", code: "transfer", label: "Transfert en attente", count: "transfer" },
] as const;

export default function PromisesPage() {
  const query = useQueryState();
  const session = useSession();
  const scope = scopes.find((item) => item.id === (query.get("qui") ?? "")) ?? scopes[0];
  const counts = useQuery(promiseCounts({ scope: scope.code })).data;
  const waiting = counts ? counts.transfers + counts.proposals + counts.invitations : undefined;
  return (
    <Page title="Engagements" fill>
      <Tabs
        label="Engagements"
        className={style.tabs}
        selected={query.get("onglet") ?? "tenus"}
        onSelect={(id) => query.set({ onglet: id === "tenus" ? null : id, fiche: null }, { replace: true })}
        items={[
          { id: "tenus", label: "Tenus", content: <Held scope={scope.code} /> },
          { id: "repondre", label: "À répondre", count: waiting, content: <Suspense fallback={<Skeleton rows={8} />}><Answers manager={session.role === "manager"} writer={session.role !== "administrator"} /></Suspense> },
          { id: "transferts", label: "Transferts", content: <Suspense fallback={<Skeleton rows={8} />}><TransferHistory /></Suspense> },
        ]}
      />
    </Page>
  );
}

function Words() {
  const query = useQueryState();
  const given = query.get("q") ?? "";
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return;
    const timer = setTimeout(() => query.set({ q: text.trim() }, { replace: true }), 200);
    return () => clearTimeout(timer);
  }, [text, given, query]);
  return <TextField label="Nom ou SIRET" hideLabel type="search" value={text} onChange={setText} placeholder="Nom ou SIRET" className={style.filter ?? ""} />;
}

function Held({ scope }: { scope: NonNullable<HeldFilters["scope"]> }) {
  const query = useQueryState();
  const session = useSession();
  const small = useMedia(phone);
  const writer = session.role === "adviser" || session.role === "manager";
  const stateId = query.get("etat") ?? "";
  const state = states.find((item) => item.id === stateId) ?? states[0];
  const member = scope === "organisation" ? (query.get("personne") ?? "") : "";
  const filters = useMemo<HeldFilters>(
    () => ({ scope, ...("code" in state ? { state: state.code } : {}), ...(member ? { member: Number(member) } : {}), ...(query.get("q") ? { q: query.get("q") ?? "" } : {}) }),
    [scope, state, member, query],
  );
  const list = useInfiniteQuery(heldPromises(filters));
  const counts = useQuery(promiseCounts({ scope, ...(member ? { member: Number(member) } : {}) })).data;
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const colleagues = useColleagues(session.organisation.id);
  const [marked, mark] = useState<ReadonlySet<string | number>>(new Set());
  const [act, setAct] = useState<Act | null>(null);
  const record = Number(query.get("fiche")) || null;
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const select = useCallback((row: Promised | null) => query.set({ fiche: row ? String(row.establishment.id) : null }), [query]);

  const columns = useMemo<Column<Promised>[]>(
    () => [
      { id: "echeance", title: "Échéance", width: "172px", cell: (row) => <Due day={row.due_on} /> },
      { id: "nom", title: "Établissement", width: "minmax(150px, 1.8fr)", cell: (row) => <span className={style.name} title={nameOf(row)}>{nameOf(row)}</span> },
      { id: "commune", title: "Commune", width: "minmax(100px, 1fr)", from: 560, cell: (row) => row.establishment.city ?? "inconnue" },
      ...(scope === "mine" ? [] : [{ id: "qui", title: "Par", width: "minmax(110px, 1fr)", cell: (row: Promised) => row.member.name }]),
      { id: "visite", title: "Visite", width: "minmax(120px, 1fr)", from: 640, cell: (row) => (row.visit_at ? <When at={row.visit_at} as="appointment" /> : <span className={style.soft}>aucune prévue</span>) },
      { id: "signes", title: "À savoir", width: "minmax(150px, 1.9fr)", from: 480, cell: (row) => <Marks row={row} /> },
      { id: "pris", title: "Pris", width: "124px", from: 1080, cell: (row) => <When at={row.made_at} /> },
    ],
    [scope],
  );

  const table = list.isError ? (
    <Failure error={list.error} onRetry={() => void list.refetch()} />
  ) : list.isPending ? (
    <Skeleton rows={14} />
  ) : (
    <Table
      label="Engagements de visite"
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      nameOf={nameOf}
      total={counts?.[state.count]}
      selected={record}
      onSelect={select}
      onEnd={onEnd}
      busy={list.isPlaceholderData}
      marked={writer ? marked : undefined}
      onMark={writer ? mark : undefined}
      card={(row) => <Card row={row} withMember={scope !== "mine"} />}
      empty={
        <Message icon="promise" title={stateId === "" && !query.get("q") ? "Aucun engagement en cours." : "Aucun engagement ne répond à ces filtres."} action={(stateId !== "" || query.get("q")) && <Button onPress={() => query.set({ etat: null, q: null, personne: null })}>Effacer les filtres</Button>}>
          Un engagement se prend depuis la liste des entreprises.
        </Message>
      }
    />
  );
  const pane = (
    <div className={style.pane}>
      <div role="search" aria-label="Filtres des engagements">
        <div className={style.filters}>
          <Select label="De qui" hideLabel value={query.get("qui") ?? ""} onChange={(qui) => query.set({ qui, personne: null, fiche: null })} choices={scopes.map(({ id, label }) => ({ id, label }))} className={style.filter ?? ""} />
          {scope === "organisation" && <Select label="Personne" hideLabel value={member} onChange={(personne) => query.set({ personne })} choices={[{ id: "", label: "Tout le monde" }, ...colleagues]} className={style.filter ?? ""} />}
          <Words />
        </div>
        <div className={style.states} role="group" aria-label="État">
          {states.map((item) => (
            <Button key={item.id} small look={item.id === stateId ? "primary" : "plain"} aria-pressed={item.id === stateId} onPress={() => query.set({ etat: item.id })}>
              {item.label}
              {counts && ` ${counts[item.count]}`}
            </Button>
          ))}
        </div>
      </div>
      {table}
      {marked.size > 0 && (
        <Suspense>
          <MarkedBar marked={marked.size} offered={scope === "team" ? ["team"] : ["hand", "transfer", "team", "return"]} onAct={setAct} onClear={() => mark(new Set())} />
        </Suspense>
      )}
    </div>
  );
  return (
    <>
      {record !== null && small ? (
        <Suspense fallback={<Skeleton rows={8} />}>
          <Record id={record} onClose={() => select(null)} />
        </Suspense>
      ) : record !== null ? (
        <Suspense fallback={pane}>
        <Split
          name="engagements"
          left={pane}
          right={
            <Suspense fallback={<Skeleton rows={8} />}>
              <Record key={record} id={record} onClose={() => select(null)} />
            </Suspense>
          }
        />
        </Suspense>
      ) : (
        pane
      )}
      {act && <Suspense><BulkDialog act={act} establishments={[...marked].map(Number)} nameOf={(id) => rows.find((row) => row.establishment.id === id)?.establishment.name ?? `n° ${id}`} onClose={() => setAct(null)} onDone={() => mark(new Set())} /></Suspense>}
    </>
  );
}

/** What makes this promise unlike the others. */
export function Marks({ row }: { row: Promised }) {
  const transfer = row.transfers[0];
  return (
    <span className={style.marks}>
      {transfer && (
        <Badge tone="accent" icon="transfer" title={`${transfer.kind === "give" ? "Proposé à" : "Demandé par"} ${transfer.to.name}, réponse avant le ${longDay(transfer.expires_on)}`}>
          {transfer.kind === "give" ? "Proposé à" : "Demandé par"} {transfer.to.short_name}
        </Badge>
      )}
      {row.team && (
        <Badge icon="team" title={`Équipe commune : ${row.team.name}`}>
          {row.team.name}
        </Badge>
      )}
      {row.suspended_until && (
        <Badge tone="quiet" icon="resting" title={`Délai suspendu jusqu’au ${longDay(row.suspended_until)}`}>
          Suspendu → {shortDay(row.suspended_until).slice(0, 5)}
        </Badge>
      )}
      {row.extensions > 0 && <span className={style.soft}>prolongé{row.extensions > 1 ? ` ${row.extensions} fois` : ""}</span>}
    </span>
  );
}

function Card({ row, withMember }: { row: Promised; withMember: boolean }) {
  return (
    <div className={style.card}>
      <div className={style.cardLine}>
        <span className={style.name}>{nameOf(row)}</span>
        <Due day={row.due_on} />
      </div>
      <div className={style.cardLine}>
        <span className={style.soft}>
          {row.establishment.city ?? "commune inconnue"}
          {withMember && ` · ${row.member.name}`}
        </span>
        {row.visit_at ? <When at={row.visit_at} as="appointment" /> : <Marks row={row} />}
      </div>
    </div>
  );
}
