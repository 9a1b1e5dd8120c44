// Joint plans of the territory: in which state each is, who has signed, what it has come to.
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { plans as plansQuery, type PlanFilters } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { navigate, useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { count, percent, plural } from "@/words/number";
import { shortDay } from "@/words/time";
import { french } from "@/words/typography";
import { Marks } from "./Marks";
import style from "./Plans.module.css";
import { planState, type PlanRow } from "./words";

const NewPlan = lazy(() => import("./NewPlan"));

const keyOf = (row: PlanRow) => row.id;
const states = ["draft", "proposed", "agreed", "active", "evaluated", "abandoned"] as const;

export default function PlansPage() {
  const session = useSession();
  const query = useQueryState();
  const [making, setMaking] = useState(false);
  const state = states.find((one) => one === query.get("etat"));
  const filters: PlanFilters = { ...(state ? { state } : {}), ...(query.get("qui") === "nous" ? { mine: true } : {}), ...(query.get("qui") === "comite" ? { deadlocked: true } : {}) };
  const list = useInfiniteQuery(plansQuery(filters));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const writer = session.role === "adviser" || session.role === "manager";

  const columns = useMemo<Column<PlanRow>[]>(
    () => [
      { id: "nom", title: "Plan", width: "minmax(200px, 2.4fr)", cell: (row) => <Name row={row} /> },
      // Two badges side by side; the narrower the table, the sooner what it says twice makes room for them.
      { id: "etat", title: "État", width: "minmax(248px, 1.2fr)", cell: (row) => <State row={row} /> },
      { id: "periode", title: "Période", width: "196px", from: 800, cell: (row) => `${shortDay(row.starts_on)} – ${shortDay(row.ends_on)}` },
      { id: "partenaires", title: "Partenaires et signatures", width: "minmax(130px, 1.2fr)", from: 620, cell: (row) => <Marks answers={row.answers} asked={row.version_state !== "draft"} /> },
      { id: "employeurs", title: "Employeurs", width: "96px", from: 1010, align: "right", cell: (row) => (row.lines == null ? <span className={style.soft}>à calculer</span> : count(row.lines)) },
      { id: "tenus", title: "Engagements tenus", width: "136px", from: 910, align: "right", cell: (row) => (row.promised > 0 ? `${count(row.kept)} sur ${count(row.promised)}, ${percent(row.kept / row.promised)}` : <span className={style.soft}>–</span>) },
    ],
    [],
  );
  return (
    <Page
      title="Plans de prospection"
      fill
      aside={list.data && plural(rows.length, "plan")}
      actions={
        writer && (
          <Button small look="primary" icon="add" onPress={() => setMaking(true)}>
            Nouveau plan
          </Button>
        )
      }
      toolbar={
        <>
          <Select label="État" hideLabel value={state ?? ""} onChange={(value) => query.set({ etat: value })} choices={[{ id: "", label: "Tous les états" }, ...states.map((id) => ({ id, label: planState[id]?.label ?? id }))]} />
          <Select label="Partenaires" hideLabel value={query.get("qui") ?? ""} onChange={(value) => query.set({ qui: value })} choices={[{ id: "", label: "Tout le territoire" }, { id: "nous", label: "Ma structure est partenaire" }, { id: "comite", label: "Refusés, devant le comité" }]} />
        </>
      }
    >
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={8} />
      ) : (
        <Table
          label="Plans de prospection"
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          onSelect={(row) => navigate(`/plans/${row.id}`)}
          onEnd={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          busy={list.isPlaceholderData}
          card={(row) => (
            <div className={style.card}>
              <Name row={row} />
              <State row={row} />
            </div>
          )}
          empty={
            <Message icon="agreement" title={state ? "Aucun plan dans cet état." : "Aucun plan pour l’instant."}>
              Un plan dit qui va voir quels employeurs, pendant quelle période, avec quels objectifs ; il ne commence que signé par tous ses partenaires.
            </Message>
          }
        />
      )}
      {making && (
        <Suspense fallback={null}>
          <NewPlan onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </Page>
  );
}

function Name({ row }: { row: PlanRow }) {
  return (
    <a href={`/plans/${row.id}`} tabIndex={-1} className={style.name} title={row.name} onClick={(event) => !event.ctrlKey && !event.metaKey && event.preventDefault()}>
      {french(row.name)}
    </a>
  );
}

function State({ row }: { row: PlanRow }) {
  const word = planState[row.state];
  const isAmended = row.running && row.version_state !== "active";
  return (
    <span className={style.states}>
      {word && (
        <Badge tone={word.tone} icon={word.icon}>
          {word.label}
        </Badge>
      )}
      {row.deadlocked ? (
        <Badge tone="danger" icon="alert">
          {isAmended ? "Avenant refusé" : "Refusé"}
        </Badge>
      ) : row.awaits_us ? (
        <Badge tone="warn" icon="edit">
          {isAmended ? "Avenant à signer" : "À signer"}
        </Badge>
      ) : (
        isAmended && <Badge tone="warn">Avenant {planState[row.version_state]?.label.toLowerCase()}</Badge>
      )}
    </span>
  );
}
