// Leads: for a contributor those it sent and what became of them; for a partner its inbox, and those it may read.
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { leads as leadsQuery } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { useParameters, useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Select } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { phone, useMedia } from "@/ui/media";
import { Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { When } from "@/ui/When";
import { plural } from "@/words/number";
import style from "./Leads.module.css";
import { fateOf, kinds, states, type Lead } from "./words";

const Sheet = lazy(() => import("./LeadSheet"));
const NewLead = lazy(() => import("./LeadForm"));

const keyOf = (row: Lead) => row.id;

export function LeadBadge({ state }: { state: Lead["state"] }) {
  const word = states[state];
  return (
    <Badge tone={word.tone} icon={word.icon}>
      {word.label}
    </Badge>
  );
}

const Kind = ({ kind }: { kind: Lead["kind"] }) => (
  <span className={style.kind}>
    <Icon name={kinds[kind].icon} size={15} /> {kinds[kind].label}
  </span>
);

const shared: Column<Lead>[] = [
  { id: "etat", title: "État", width: "142px", cell: (row) => <LeadBadge state={row.state} /> },
  { id: "entreprise", title: "Entreprise", width: "minmax(140px, 1.6fr)", cell: (row) => <strong className={style.name} title={row.employer}>{row.employer}</strong> },
  { id: "genre", title: "Signale", width: "minmax(150px, 0.9fr)", from: 520, cell: (row) => <Kind kind={row.kind} /> },
  { id: "commune", title: "Commune", width: "minmax(90px, 1fr)", from: 820, cell: (row) => row.commune },
];
const received: Column<Lead>[] = [
  ...shared,
  { id: "de", title: "De", width: "minmax(110px, 1fr)", from: 640, cell: (row) => <Organisation name={row.organisation.short_name} network={row.organisation.network} size={15} /> },
  { id: "recu", title: "Reçu", width: "132px", cell: (row) => <When at={row.made_at} /> },
];
const sent: Column<Lead>[] = [
  ...shared,
  { id: "a", title: "À", width: "minmax(110px, 1fr)", from: 640, cell: (row) => <Organisation name={row.recipient.short_name} network={row.recipient.network} size={15} /> },
  { id: "suite", title: "Ce qu’il en est", width: "minmax(160px, 2fr)", from: 700, cell: (row) => <span title={fateOf(row, true)}>{fateOf(row, true)}</span> },
  { id: "envoye", title: "Envoyé", width: "132px", cell: (row) => <When at={row.made_at} /> },
];

export default function LeadsPage() {
  const session = useSession();
  const query = useQueryState();
  const small = useMedia(phone);
  const { id } = useParameters();
  const selected = id && /^\d+$/.test(id) ? Number(id) : null;
  const contributor = session.role === "contributor";
  const scope = contributor ? "sent" : query.get("qui") === "tous" ? "all" : "received";
  const state = query.get("etat") ?? "";
  const [open, setOpen] = useState(false);
  const list = useInfiniteQuery(leadsQuery(scope, state));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const select = (row: { id: number } | null) => query.set({}, { path: row && row.id !== selected ? `/signalements/${row.id}` : "/signalements" });
  const sheet = selected !== null && (
    <Suspense fallback={<Skeleton rows={7} />}>
      <Sheet key={selected} id={selected} onClose={() => select(null)} />
    </Suspense>
  );
  if (small && sheet)
    return (
      <div className={style.full}>
        <h1 className="hidden-visually">Signalements</h1>
        {sheet}
      </div>
    );
  const table = list.isError ? (
    <Failure error={list.error} onRetry={() => void list.refetch()} />
  ) : list.isPending ? (
    <Skeleton rows={6} />
  ) : (
    <div className={style.pane}>
      <Table
        label="Signalements"
        columns={contributor ? sent : received}
        rows={rows}
        keyOf={keyOf}
        selected={selected}
        onSelect={select}
        onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
        busy={list.isPlaceholderData}
        card={(row) => (
          <div className={style.line}>
            <span className={style.cardTop}>
              <strong className={style.name}>{row.employer}</strong>
              <LeadBadge state={row.state} />
            </span>
            <span className={classes(style.soft, style.clip)}>{contributor ? fateOf(row, true) : `${kinds[row.kind].label}, ${row.organisation.short_name}`}</span>
          </div>
        )}
        empty={
          <Message icon="alert" title="Aucun signalement." action={contributor && <Button icon="add" look="primary" onPress={() => setOpen(true)}>Signaler une entreprise</Button>}>
            {contributor ? "Une entreprise qui recrute, s’installe, cherche un repreneur ou traverse une difficulté : dites-le au partenaire de votre choix, et suivez ce qu’il en advient." : "Les chambres, OPCO, communes et maisons de l’emploi signalent ici ce qu’elles apprennent des entreprises."}
          </Message>
        }
      />
    </div>
  );
  return (
    <>
      <Page
        title="Signalements"
        aside={list.data && <span aria-live="polite">{plural(rows.length, "signalement")}{list.hasNextPage && " et plus"}</span>}
        toolbar={
          <>
            {!contributor && (
              <Select
                label="Pour qui"
                hideLabel
                value={scope}
                onChange={(value) => query.set({ qui: value === "all" ? "tous" : null })}
                choices={[
                  { id: "received", label: "Reçus par ma structure" },
                  { id: "all", label: "Tous ceux que je peux lire" },
                ]}
              />
            )}
            <Select label="État" hideLabel value={state} onChange={(etat) => query.set({ etat: etat || null })} choices={[{ id: "", label: "Tous les états" }, ...Object.entries(states).map(([code, word]) => ({ id: code, label: word.label }))]} />
          </>
        }
        actions={
          contributor && (
            <Button small look="primary" icon="add" onPress={() => setOpen(true)}>
              Signaler une entreprise
            </Button>
          )
        }
        fill
      >
        {sheet ? <Split name="signalements" initial={56} left={table} right={sheet} /> : table}
      </Page>
      <Suspense>{open && <NewLead onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
