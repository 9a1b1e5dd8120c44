// Files given by the organisation: drop one, check it at the desk, follow its import, get it back, take it back.
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { DropZone, FileTrigger, type FileDropItem } from "react-aria-components";
import { api, newKey, type Schema } from "@/api/client";
import { Refusal } from "@/api/refusal";
import { importErrors, importFile, imports as importsQuery, moving } from "@/api/imports";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate, useParameters } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Icon } from "@/ui/Icon";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { phone, useMedia } from "@/ui/media";
import { importState } from "@/words/domain";
import { bytes, count, plural } from "@/words/number";
import desk from "./Desk.module.css";
import style from "./ImportsPage.module.css";
import { Progress } from "./Progress";

type Import = Schema<"Import">;

const Desk = lazy(() => import("./Desk").then((module) => ({ default: module.Desk })));
const Otherwise = lazy(() => import("./Desk").then((module) => ({ default: module.Otherwise })));
const OtherSheet = lazy(() => import("./Desk").then((module) => ({ default: module.OtherSheet })));

const most = 20_000_000;
const keyOf = (row: Import) => row.id;
const settled = (row: Import) => ["done", "refused", "reverted", "cancelled"].includes(row.state);
const atDesk = (row: Import) => row.state === "preview" || row.state === "ready";

// What is wrong with a document, which no other separator or encoding would mend.
const ofDocuments = new Set(["empty_file", "no_rows", "unreadable", "file_sealed", "not_csv", "not_a_workbook", "workbook_damaged", "workbook_password", "workbook_too_large", "unpacked_too_large", "sheet_unknown"]);

const summaryWords: [string, string, string][] = [
  ["read", "ligne lue", "lignes lues"],
  ["linked", "rapprochée", "rapprochées"],
  ["created", "créée", "créées"],
  ["already", "déjà connue", "déjà connues"],
  ["review", "à revoir", "à revoir"],
  ["unusable", "inutilisable", "inutilisables"],
  ["needs", "besoin déclaré", "besoins déclarés"],
  ["renewed", "besoin mis à jour", "besoins mis à jour"],
  ["known", "déjà connu", "déjà connus"],
  ["none", "sans projet", "sans projet"],
  ["calls", "employeur à rappeler", "employeurs à rappeler"],
  ["wrong", "ligne à corriger", "lignes à corriger"],
];

/** What became of the rows: those without a SIRET that were compared with the list count where they ended. */
function figuresOf(row: Import): { [name: string]: unknown } {
  const figures = row.summary as { [name: string]: unknown };
  const placed = figures["linkage"] as { linked: number; created: number } | undefined;
  if (!placed) return figures;
  const plus = (name: string, more: number) => Number(figures[name] ?? 0) + more;
  return { ...figures, linked: plus("linked", placed.linked), created: plus("created", placed.created), review: plus("review", -placed.linked - placed.created) };
}

function summaryOf(row: Import): string {
  const figures = figuresOf(row);
  return summaryWords
    .filter(([name]) => typeof figures[name] === "number" && ((figures[name] as number) > 0 || name === "read"))
    .map(([name, one, many]) => plural(figures[name] as number, one, many))
    .join(", ");
}

export default function ImportsPage() {
  const { id } = useParameters();
  const session = useSession();
  const small = useMedia(phone);
  const selected = id && /^\d+$/.test(id) ? Number(id) : null;
  const list = useInfiniteQuery(importsQuery);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const one = useQuery({ ...importFile(selected ?? 0), enabled: selected !== null });
  const chosen = selected === null ? null : (one.data ?? rows.find((row) => row.id === selected) ?? null);
  const writer = session.role === "adviser" || session.role === "manager";

  const columns: Column<Import>[] = [
    { id: "etat", title: "État", width: "140px", cell: (row) => <ImportBadge row={row} /> },
    { id: "nom", title: "Fichier", width: "minmax(140px, 2fr)", cell: (row) => <strong className={style.name} title={row.name}>{row.name}</strong> },
    { id: "resultat", title: "Résultat", width: "minmax(160px, 2.4fr)", from: 640, cell: (row) => (settled(row) ? <span title={summaryOf(row)}>{summaryOf(row)}</span> : <span className={style.soft}>{row.state === "ready" ? "à vérifier avant l’import" : "en attente"}</span>) },
    { id: "erreurs", title: "Erreurs", width: "76px", align: "right", cell: (row) => (row.errors > 0 ? <span className={style.errors}>{count(row.errors)}</span> : "0") },
    { id: "recu", title: "Reçu", width: "118px", from: 520, cell: (row) => <When at={row.received_at} /> },
    { id: "membre", title: "Par", width: "minmax(90px, 1fr)", from: 860, cell: (row) => row.member },
  ];
  const table = list.isError ? (
    <Failure error={list.error} onRetry={() => void list.refetch()} />
  ) : list.isPending ? (
    <Skeleton rows={6} />
  ) : (
    <Table
      label="Fichiers de ma structure"
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      selected={selected}
      onSelect={(row) => navigate(`/imports/${row.id}`)}
      onEnd={() => list.hasNextPage && !list.isFetchingNextPage && void list.fetchNextPage()}
      card={(row) => (
        <div className={style.card}>
          <strong className={style.name}>{row.name}</strong>
          <span>
            <ImportBadge row={row} /> <span className={style.soft}>{row.errors > 0 ? plural(row.errors, "erreur") : ""}</span>
          </span>
        </div>
      )}
      empty={
        <Message icon="imports" title="Aucun fichier reçu.">
          <Help />
        </Message>
      }
    />
  );
  const detail = chosen && <Detail row={chosen} />;
  // At the desk the file has the whole page.
  const whole = chosen !== null && atDesk(chosen);
  if (small && chosen) return (
    <div className={style.full}>
      <h1 className="hidden-visually">Imports</h1>
      {detail}
    </div>
  );
  return (
    <Page title="Imports" aside={session.organisation.name} fill toolbar={writer && !whole ? <Upload /> : undefined}>
      {whole ? detail : chosen ? <Split name="imports" initial={52} left={table} right={detail} /> : table}
    </Page>
  );
}

function ImportBadge({ row }: { row: Import }) {
  const word = importState[row.state];
  return word ? (
    <Badge tone={word.tone} icon={word.icon}>
      {word.label}
    </Badge>
  ) : null;
}

function Upload() {
  const queries = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  // The same file tried again after a failure is sent with the same key: it is done once.
  const sent = useRef<{ name: string; size: number; key: string } | null>(null);

  async function give(file: File | undefined) {
    if (!file) return;
    setError(null);
    if (file.size === 0) return setError(new Refusal(422, { code: "import_empty", title: "Le fichier est vide." }));
    if (file.size > most) return setError(new Refusal(413, { code: "too_large", title: "Le fichier dépasse 20 Mo.", detail: "Découpez-le en plusieurs fichiers." }));
    if (sent.current?.name !== file.name || sent.current.size !== file.size) sent.current = { name: file.name, size: file.size, key: newKey() };
    setBusy(file.name);
    try {
      const answer = await api.upload(file, sent.current.key);
      sent.current = null;
      toast(answer.state === "preview" ? "Fichier reçu, examen en cours." : "Ce fichier a déjà été reçu.", { detail: file.name });
      await queries.invalidateQueries({ queryKey: ["imports"] });
      navigate(`/imports/${answer.id}`);
    } catch (refused) {
      if (refused instanceof Refusal && refused.status > 0) sent.current = null;
      setError(refused);
    } finally {
      setBusy(null);
    }
  }

  return (
    <div className={style.upload}>
      <DropZone
        className={style.zone}
        aria-label="Déposer un fichier"
        onDrop={(event) => {
          const item = event.items.find((each): each is FileDropItem => each.kind === "file");
          void item?.getFile().then(give);
        }}
      >
        <Icon name="imports" size={20} />
        <p>
          {busy ? (
            <>Envoi de {busy}…</>
          ) : (
            <>
              Déposez ici un fichier Excel (.xlsx, .xls), LibreOffice (.ods) ou CSV <span className={style.soft}>tel que vous l’avez, 20 Mo au plus. Vous verrez ce qu’il contient avant que rien ne soit écrit.</span>
            </>
          )}
        </p>
        <FileTrigger acceptedFileTypes={[".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods", ".xls", ".html", ".htm", ".zip", ".gz", "text/csv", "text/plain"]} onSelect={(files) => void give(files?.[0])}>
          <Button look="primary" isPending={busy !== null}>
            Choisir un fichier
          </Button>
        </FileTrigger>
      </DropZone>
      {error !== null && <Refused error={error} />}
    </div>
  );
}

/** What an agent needs to know, said once. */
function Help() {
  return (
    <ul className={desk.help}>
      <li>Déposez le fichier d’entreprises de votre structure tel qu’il est, Excel, LibreOffice ou CSV : vous verrez le sens donné à chaque colonne et ce que fera l’import.</li>
      <li>Rien n’est écrit avant « Importer », rien n’est jamais supprimé par un envoi, et le même fichier deux fois ne change rien.</li>
      <li>Après l’import, récupérez vos lignes avec le SIRET trouvé, et celles à corriger avec leur motif ; un import peut être annulé.</li>
    </ul>
  );
}

const formats = { csv: "CSV", xlsx: "Excel" };

/** What to do once the import has ended. */
function Next({ row }: { row: Import }) {
  const session = useSession();
  const writer = session.role === "adviser" || session.role === "manager";
  const [asking, ask] = useState(false);
  const revert = useWrite(() => api.post("/api/imports/{id}/revert", { path: { id: row.id } }), { touches: [["import", row.id], ["imports"]], onDone: () => ask(false) });
  const base = `/api/imports/${row.id}`;
  // A workbook comes back as a workbook, a text as a text; the other kind is at hand.
  const [kind, other] = row.separator === null ? (["xlsx", "csv"] as const) : (["csv", "xlsx"] as const);
  return (
    <div className={desk.next}>
      <h3>Et ensuite</h3>
      <div className={desk.actions}>
        <LinkButton href={`${base}/return.${kind}`} icon="download" download>
          Vos lignes avec le SIRET trouvé
        </LinkButton>
        {row.errors > 0 && (
          <LinkButton href={`${base}/errors.${kind}`} icon="download" download>
            Lignes à corriger
          </LinkButton>
        )}
        <LinkButton href="/entreprises" look="quiet" icon="companies">
          Voir la liste partagée
        </LinkButton>
        {writer && (
          <Button look="quiet" icon="undo" onPress={() => ask(true)}>
            Annuler cet import
          </Button>
        )}
      </div>
      <p className={style.soft}>
        Ces fichiers ont la présentation du vôtre. Au format {formats[other]} :{" "}
        <Link href={`${base}/return.${other}`} download>toutes les lignes</Link>
        {row.errors > 0 && (
          <>
            , <Link href={`${base}/errors.${other}`} download>celles à corriger</Link>
          </>
        )}
        .
      </p>
      {row.errors > 0 && <p className={style.soft}>Corrigez les lignes dans le fichier téléchargé, puis déposez-le : les lignes déjà reconnues ne seront pas ajoutées deux fois.</p>}
      {writer && kind === "xlsx" && row.previewed && (
        <Suspense fallback={null}>
          <OtherSheet row={row} />
        </Suspense>
      )}
      <Dialog title="Annuler cet import" isOpen={asking} onClose={() => ask(false)} alert>
        <p>
          Les rapprochements, les valeurs et les contacts venus de ce fichier seront retirés de la liste, ainsi que les établissements qu’il a créés et dont personne ne s’est servi. Ce que d’autres ont
          bâti dessus reste. Le fichier pourra être déposé de nouveau.
        </p>
        <Actions>
          <Button look="danger" isPending={revert.isPending} onPress={() => revert.mutate(undefined)}>
            Annuler l’import
          </Button>
          <Button look="quiet" onPress={() => ask(false)}>
            Garder l’import
          </Button>
        </Actions>
      </Dialog>
    </div>
  );
}

/** What taking back removed, and what stayed because others use it. */
function Reverted({ row }: { row: Import }) {
  const gone = (row.summary as { reverted?: Record<string, number> }).reverted ?? {};
  const said = (names: [string, string, string][]) =>
    names.filter(([name]) => (gone[name] ?? 0) > 0).map(([name, one, many]) => plural(gone[name] ?? 0, one, many)).join(", ");
  const away = said([["links", "rapprochement", "rapprochements"], ["establishments", "établissement créé", "établissements créés"], ["values", "valeur", "valeurs"], ["contacts", "contact", "contacts"]]);
  const kept = said([["establishments_kept", "établissement", "établissements"], ["values_kept", "valeur", "valeurs"], ["contacts_kept", "contact", "contacts"]]);
  return (
    <div className={desk.next}>
      <p>
        Import annulé{row.reverted_by ? ` par ${row.reverted_by}` : ""}
        {row.reverted_at && (
          <>
            {" "}
            <When at={row.reverted_at} />
          </>
        )}
        . Retiré : {away || "rien"}.
      </p>
      {kept && <p>Resté, parce que d’autres s’en servent : {kept}.</p>}
    </div>
  );
}

function Stop({ row }: { row: Import }) {
  const stop = useWrite(() => api.post("/api/imports/{id}/cancel", { path: { id: row.id } }), { touches: [["import", row.id], ["imports"]] });
  return (
    <Button look="quiet" isPending={stop.isPending} isDisabled={row.progress?.stopping ?? false} onPress={() => stop.mutate(undefined)}>
      Arrêter l’import
    </Button>
  );
}

function Detail({ row }: { row: Import }) {
  const session = useSession();
  const writer = session.role === "adviser" || session.role === "manager";
  const errors = useInfiniteQuery({ ...importErrors(row.id), enabled: settled(row) && row.errors > 0 });
  const items = errors.data?.pages.flatMap((page) => page.items) ?? [];
  const facts: [string, string | null][] = [
    ["Taille", bytes(row.bytes)],
    ["Encodage", row.encoding],
    ["Séparateur", row.separator === "\t" ? "tabulation" : row.separator],
    ["Déposé par", row.member],
  ];
  return (
    <section className={style.detail} aria-label="Détail de l’import" data-testid="import">
      <header className={style.head}>
        <div className={style.top}>
          <h2>{row.name}</h2>
          <IconButton label="Fermer le détail" icon="close" onPress={() => navigate("/imports")} />
        </div>
        <p className={style.sub}>
          <ImportBadge row={row} />
          <span>
            reçu <When at={row.received_at} />
          </span>
        </p>
        {!atDesk(row) && row.state !== "cancelled" && <p aria-live="polite">{settled(row) ? summaryOf(row) : ""}</p>}
        {(row.state === "refused" || row.state === "cancelled") && <p className={style.refused}>Rien n’a été changé dans la liste partagée.</p>}
        <dl className={style.facts}>
          {facts
            .filter(([, value]) => value)
            .map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </header>
      {atDesk(row) && (
        <Suspense fallback={<Skeleton rows={6} />}>
          <Desk row={row} />
        </Suspense>
      )}
      {!atDesk(row) && moving(row.state) && (
        <div className={desk.waiting}>
          <Progress row={row} />
          {writer && row.kind === "partner" && row.state !== "reverting" && <Stop row={row} />}
        </div>
      )}
      {row.state === "done" && row.kind === "partner" && <Next row={row} />}
      {row.state === "reverted" && <Reverted row={row} />}
      <div className={style.body}>
        {row.state === "refused" && row.kind === "partner" && writer && items.some((item) => !ofDocuments.has(item.code)) && (
          <Suspense fallback={null}>
            <Otherwise row={row} />
          </Suspense>
        )}
        {row.errors === 0 && row.state === "done" && <Message icon="check" title="Aucune erreur dans ce fichier." />}
        {row.errors > 0 && (
          <>
            <h3>{plural(row.errors, "erreur ou remarque", "erreurs ou remarques")}</h3>
            {errors.isError ? (
              <Failure error={errors.error} onRetry={() => void errors.refetch()} />
            ) : (
              <table className={style.table}>
                <thead>
                  <tr>
                    <th scope="col">Ligne</th>
                    <th scope="col">Colonne</th>
                    <th scope="col">Ce qui ne va pas</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((item, index) => (
                    <tr key={index}>
                      <td className={style.number}>{item.line === null ? "" : count(item.line)}</td>
                      <td>{item.field ?? ""}</td>
                      <td>{item.message}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {errors.hasNextPage && (
              <Button isPending={errors.isFetchingNextPage} onPress={() => void errors.fetchNextPage()}>
                Voir la suite
              </Button>
            )}
          </>
        )}
      </div>
    </section>
  );
}
