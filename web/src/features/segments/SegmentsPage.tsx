// Segments of the territory: the list at the left; at the right what one keeps, where it goes, and its versions.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { api } from "@/api/client";
import { segment as segmentQuery, segments as segmentsQuery, type Segment, type SegmentLine } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { useParameters, useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { phone, useMedia } from "@/ui/media";
import { NetworkMark, networkName, Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Sparkline } from "@/ui/Sparkline";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { When } from "@/ui/When";
import { count, plural } from "@/words/number";
import { shortDay } from "@/words/time";
import { useLists } from "./names";
import { filtersOfRule, jsonOf, ruleOf } from "./rule";
import { Differences, Sentences } from "./Sentences";
import { french } from "@/words/typography";
import style from "./Segments.module.css";
import { addressOf, isShown } from "./view";
import type { Names } from "./words";

// Dialogs come when they are asked for.
const CodesDialog = lazy(() => import("./CodesDialog").then((part) => ({ default: part.CodesDialog })));
const EditDialog = lazy(() => import("./EditDialog"));

const keyOf = (row: SegmentLine) => row.id;

export default function SegmentsPage() {
  const { id } = useParameters();
  const query = useQueryState();
  const session = useSession();
  const small = useMedia(phone);
  const [codes, setCodes] = useState(false);
  const selected = id && /^\d+$/.test(id) ? Number(id) : null;
  const archived = query.get("archives") === "oui";
  const list = useQuery(segmentsQuery(archived));
  const writer = session.role === "adviser" || session.role === "manager";
  const select = (row: { id: number } | null) => query.set({}, { path: row ? `/segments/${row.id}` : "/segments" });

  const columns = useMemo<Column<SegmentLine>[]>(
    () => [
      { id: "nom", title: "Segment", width: "minmax(160px, 2fr)", cell: (row) => <Name row={row} /> },
      { id: "chef", title: "Chef de file", width: "minmax(110px, 1fr)", from: 560, cell: (row) => <Lead row={row} /> },
      { id: "membres", title: "Employeurs", width: "92px", align: "right", cell: (row) => <Members row={row} /> },
      { id: "tendance", title: "90 jours", width: "112px", from: 640, cell: (row) => <Trend row={row} /> },
      { id: "change", title: "Modifié", width: "104px", from: 720, cell: (row) => row.changed_at && <When at={row.changed_at} /> },
    ],
    [],
  );
  const items = list.data?.items ?? [];
  const table = list.isError ? (
    <Failure error={list.error} onRetry={() => void list.refetch()} />
  ) : list.isPending ? (
    <Skeleton rows={10} />
  ) : (
    <Table
      label="Segments"
      columns={columns}
      rows={items}
      keyOf={keyOf}
      selected={selected}
      onSelect={select}
      card={(row) => (
        <div className={style.card}>
          <Name row={row} />
          <span className={style.soft}>
            <Members row={row} /> employeurs, <Lead row={row} />
          </span>
        </div>
      )}
      empty={
        <Message icon="segment" title={archived ? "Aucun segment archivé." : "Aucun segment pour l’instant."} action={writer && !archived && <LinkButton href="/segments/nouveau/regle">Créer un segment</LinkButton>}>
          Un segment est une règle enregistrée sur la liste : qui l’on veut voir, et quel réseau mène.
        </Message>
      }
    />
  );
  const sheet = selected !== null && <Sheet key={selected} id={selected} onClose={() => select(null)} />;
  const actions = writer && (
    <>
      <Button small look="quiet" onPress={() => setCodes(true)}>
        Codes de mes fichiers
      </Button>
      <LinkButton small look="primary" icon="add" href="/segments/nouveau/regle">
        Nouveau segment
      </LinkButton>
      {codes && (
        <Suspense fallback={null}>
          <CodesDialog isOpen onClose={() => setCodes(false)} />
        </Suspense>
      )}
    </>
  );
  const toolbar = (
    <Button small look="quiet" icon={archived ? "back" : "clock"} onPress={() => query.set({ archives: archived ? null : "oui" })}>
      {archived ? "Revenir aux segments en service" : "Voir les segments archivés"}
    </Button>
  );
  if (small && selected !== null)
    return (
      <div className={style.full}>
        <h1 className="hidden-visually">Segments</h1>
        {sheet}
      </div>
    );
  return (
    <Page title="Segments" fill aside={list.data && plural(items.length, "segment")} actions={actions} toolbar={toolbar}>
      {small || !sheet ? table : <Split name="segments" left={table} right={sheet} initial={52} />}
    </Page>
  );
}

function Name({ row }: { row: SegmentLine }) {
  return (
    <span className={style.named}>
      <a href={`/segments/${row.id}`} tabIndex={-1} className={style.name} onClick={(event) => !event.ctrlKey && !event.metaKey && event.preventDefault()} title={row.name}>
        {french(row.name)}
      </a>
      {!row.shared && <Badge tone="quiet" icon="reserved">Privé</Badge>}
    </span>
  );
}

function Lead({ row }: { row: Pick<SegmentLine, "lead"> }) {
  if (!row.lead) return <span className={style.soft}>aucun</span>;
  return (
    <span className={style.lead}>
      <NetworkMark network={row.lead} size={16} /> {networkName(row.lead)}
    </span>
  );
}

function Members({ row }: { row: Pick<SegmentLine, "members"> }) {
  return row.members === null ? <span className={style.soft} title="Calcul en cours">inconnu</span> : <strong>{count(row.members)}</strong>;
}

function Trend({ row }: { row: Pick<SegmentLine, "days" | "name"> }) {
  if (row.days.length < 2) return <span className={style.soft}>stable</span>;
  const first = row.days[0]?.members ?? 0;
  const last = row.days[row.days.length - 1]?.members ?? 0;
  return <Sparkline points={row.days.map((day) => ({ day: day.day, value: day.members }))} label={`${row.name} : de ${count(first)} à ${count(last)} employeurs`} />;
}

function Sheet({ id, onClose }: { id: number; onClose: () => void }) {
  const { data, isPending, isError, error, refetch } = useQuery(segmentQuery(id));
  return (
    <section className={style.sheet} aria-label="Segment">
      <div className={style.close}>
        <IconButton label="Fermer le segment" icon="close" onPress={onClose} />
      </div>
      {isError ? <Failure error={error} onRetry={() => void refetch()} /> : isPending ? <Skeleton rows={8} /> : <Content segment={data} />}
    </section>
  );
}

function Content({ segment }: { segment: Segment }) {
  const session = useSession();
  const [editing, setEditing] = useState(false);
  const rule = useMemo(() => ruleOf(segment.rule), [segment.rule]);
  const { names } = useLists(segment.versions.map((version) => ruleOf(version.rule)));
  const writer = segment.mine && (session.role === "adviser" || session.role === "manager");
  const filters = filtersOfRule(rule);
  const archive = useWrite((archived: boolean) => api.patch("/api/segments/{id}", { path: { id: segment.id }, version: segment.edit, body: { archived } }), {
    touches: [["segments"]],
    done: (_, archived) => (archived ? { text: "Segment archivé.", action: { label: "Annuler", run: () => unarchive() } } : "Segment remis en service."),
  });
  const unarchive = () => void api.patch("/api/segments/{id}", { path: { id: segment.id }, version: segment.edit + 1, body: { archived: false } }).finally(() => archive.mutate(false));
  return (
    <>
      <header className={style.title}>
        <h2>{french(segment.name)}</h2>
        <p className={style.facts}>
          <Lead row={segment} />
          <Organisation name={segment.organisation.short_name} network={segment.organisation.network} size={16} />
          {!segment.shared && <Badge tone="quiet" icon="reserved">Privé : votre structure seulement</Badge>}
          {segment.archived_at && <Badge tone="quiet">Archivé</Badge>}
        </p>
      </header>
      <div className={style.figures}>
        <p className={style.figure}>
          <Members row={segment} /> {segment.members !== null && (segment.members < 2 ? "employeur" : "employeurs")}
          {!segment.fresh && !segment.archived_at && <span className={style.soft}> calcul en cours</span>}
        </p>
        {segment.days.length > 1 && <Sparkline points={segment.days.map((day) => ({ day: day.day, value: day.members }))} width={180} height={36} label="Nombre d’employeurs, 90 derniers jours" />}
      </div>
      <div className={style.choices}>
        <LinkButton look="primary" icon="list" href={`/entreprises?segment=${segment.id}`}>
          Ouvrir dans la liste
        </LinkButton>
        {filters && isShown(filters) && (
          <LinkButton look="quiet" icon="filter" href={addressOf(filters)}>
            Ouvrir comme filtres
          </LinkButton>
        )}
        {writer && !segment.archived_at && (
          <LinkButton icon="edit" href={`/segments/${segment.id}/regle`}>
            Modifier les critères
          </LinkButton>
        )}
        {writer && (
          <Button look="quiet" onPress={() => setEditing(true)}>
            Nom et partage
          </Button>
        )}
        {writer && (
          <Button look="quiet" isPending={archive.isPending} onPress={() => archive.mutate(!segment.archived_at)}>
            {segment.archived_at ? "Remettre en service" : "Archiver"}
          </Button>
        )}
      </div>
      <section aria-label="Critères" className={style.part}>
        <h3>Critères</h3>
        <Sentences rule={rule} names={names} />
      </section>
      {segment.days.length > 0 && <Days days={segment.days} />}
      <Versions segment={segment} names={names} writer={writer && !segment.archived_at} />
      {editing && (
        <Suspense fallback={null}>
          <EditDialog segment={segment} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  );
}

function Days({ days }: { days: Segment["days"] }) {
  return (
    <details className={style.part}>
      <summary>Entrées et sorties, jour par jour</summary>
      <table className={style.days}>
        <thead>
          <tr>
            <th scope="col">Jour</th>
            <th scope="col">Entrées</th>
            <th scope="col">Sorties</th>
            <th scope="col">Employeurs</th>
          </tr>
        </thead>
        <tbody>
          {[...days].reverse().map((day) => (
            <tr key={day.day}>
              <th scope="row">{shortDay(day.day)}</th>
              <td>{count(day.entered)}</td>
              <td>{count(day.gone)}</td>
              <td>{count(day.members)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Versions({ segment, names, writer }: { segment: Segment; names: Names; writer: boolean }) {
  const restore = useWrite(
    ({ version, rule }: { version: number; rule: unknown }) =>
      api.post("/api/segments/{id}/versions", { path: { id: segment.id }, body: { base: segment.version, rule: jsonOf(ruleOf(rule)), note: `Retour à la version ${version}` } }),
    { touches: [["segments"]], done: (answer) => `Version ${answer.version} enregistrée, avec les critères d’avant.` },
  );
  return (
    <section aria-label="Versions" className={style.part}>
      <h3>Versions</h3>
      <ol className={style.versions}>
        {segment.versions.map((version, index) => {
          const before = segment.versions[index + 1];
          return (
            <li key={version.version}>
              <div className={style.versionHead}>
                <strong>Version {version.version}</strong>
                <span className={style.soft}>
                  {version.member.name}, <When at={version.at} />
                </span>
                {writer && index > 0 && (
                  <Button small look="quiet" icon="undo" isDisabled={restore.isPending} aria-label={`Rétablir la version ${version.version}`} onPress={() => restore.mutate(version)}>
                    Rétablir
                  </Button>
                )}
              </div>
              {version.note && <p>{french(version.note)}</p>}
              {before ? <Differences before={ruleOf(before.rule)} after={ruleOf(version.rule)} names={names} /> : <p className={style.soft}>Première version.</p>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
