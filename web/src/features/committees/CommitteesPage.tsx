// Documents of committees: drafts, and the frozen copies of those that were held.
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { packs as packsQuery } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { navigate } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { plural } from "@/words/number";
import { shortDay } from "@/words/time";
import { french } from "@/words/typography";
import style from "./Committees.module.css";
import { kinds, periodOf, short, type PackRow } from "./words";

const NewPack = lazy(() => import("./NewPack"));
const keyOf = (row: PackRow) => row.id;

export default function CommitteesPage() {
  const session = useSession();
  const [making, setMaking] = useState(false);
  const list = useInfiniteQuery(packsQuery);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const writer = session.role === "manager" || session.role === "administrator";
  const columns = useMemo<Column<PackRow>[]>(
    () => [
      { id: "titre", title: "Dossier", width: "minmax(200px, 4fr)", cell: (row) => <Name row={row} /> },
      { id: "etat", title: "État", width: "150px", cell: (row) => <State row={row} /> },
      { id: "comite", title: "Comité", width: "130px", from: 960, cell: (row) => kinds[row.kind].word },
      { id: "lieu", title: "Périmètre", width: "minmax(120px, 1.2fr)", from: 620, cell: (row) => row.place },
      { id: "periode", title: "Période", width: "176px", from: 760, cell: (row) => periodOf(row.from, row.to) },
      { id: "date", title: "Date", width: "110px", from: 520, cell: (row) => shortDay(row.held_on) },
      { id: "structure", title: "Préparé par", width: "minmax(160px, 1fr)", from: 1080, cell: (row) => <Made row={row} /> },
    ],
    [],
  );
  return (
    <Page
      title="Comités"
      fill
      aside={list.data && plural(rows.length, "dossier")}
      actions={
        <>
          {rows.length > 1 && (
            <LinkButton small look="quiet" icon="review" href="/comites/comparer">
              Comparer deux dossiers
            </LinkButton>
          )}
          {writer && (
            <Button small look="primary" icon="add" onPress={() => setMaking(true)}>
              Nouveau dossier
            </Button>
          )}
        </>
      }
    >
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={6} />
      ) : (
        <Table
          label="Dossiers de comité"
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          onSelect={(row) => navigate(`/comites/${row.id}`)}
          onEnd={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          card={(row) => (
            <div className={style.card}>
              <Name row={row} />
              <State row={row} />
            </div>
          )}
          empty={
            <Message icon="note" title="Aucun dossier pour l’instant.">
              Un dossier réunit les cartes, les tableaux et les plans d’une période pour un comité ; figé, ses chiffres ne changent plus.
            </Message>
          }
        />
      )}
      {making && (
        <Suspense fallback={null}>
          <NewPack earlier={rows} onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </Page>
  );
}

function Name({ row }: { row: PackRow }) {
  return (
    <a href={`/comites/${row.id}`} tabIndex={-1} className={style.name} title={row.title} onClick={(event) => !event.ctrlKey && !event.metaKey && event.preventDefault()}>
      {french(row.title)}
    </a>
  );
}

function Made({ row }: { row: PackRow }) {
  return <span title={`${row.member.name}, ${row.organisation.short_name}`}>{row.organisation.short_name}</span>;
}

function State({ row }: { row: PackRow }) {
  return row.frozen ? (
    <Badge tone="good" icon="reserved" title={`Empreinte SHA-256 : ${row.frozen.hash}`}>
      Figé, {short(row.frozen.hash)}
    </Badge>
  ) : (
    <Badge tone="neutral" icon="edit">
      Brouillon
    </Badge>
  );
}
