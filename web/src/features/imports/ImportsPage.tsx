// Files given by the organisation: drop one, follow its reading, see what was wrong line by line.
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { DropZone, FileTrigger, type FileDropItem } from "react-aria-components";
import { api, newKey, type Schema } from "@/api/client";
import { Refusal } from "@/api/refusal";
import { importErrors, imports as importsQuery } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { navigate, useParameters } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
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
import style from "./ImportsPage.module.css";

type Import = Schema<"Import">;

const most = 20_000_000;
const keyOf = (row: Import) => row.id;
const settled = (row: Import) => row.state === "done" || row.state === "refused";

const summaryWords: [string, string, string][] = [
  ["read", "ligne lue", "lignes lues"],
  ["linked", "rapprochée", "rapprochées"],
  ["created", "créée", "créées"],
  ["already", "déjà connue", "déjà connues"],
  ["review", "à revoir", "à revoir"],
  ["unusable", "inutilisable", "inutilisables"],
];

function summaryOf(row: Import): string {
  const figures = row.summary as { [name: string]: unknown };
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
  const chosen = rows.find((row) => row.id === selected) ?? null;
  const writer = session.role === "adviser" || session.role === "manager";

  const columns: Column<Import>[] = [
    { id: "etat", title: "État", width: "140px", cell: (row) => <ImportBadge row={row} /> },
    { id: "nom", title: "Fichier", width: "minmax(140px, 2fr)", cell: (row) => <strong className={style.name} title={row.name}>{row.name}</strong> },
    { id: "resultat", title: "Résultat", width: "minmax(160px, 2.4fr)", from: 640, cell: (row) => (settled(row) ? <span title={summaryOf(row)}>{summaryOf(row)}</span> : <span className={style.soft}>en attente</span>) },
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
          Déposez le fichier d’entreprises de votre structure tel qu’il est : rien n’est jamais supprimé par un envoi, et le même fichier deux fois ne change rien.
        </Message>
      }
    />
  );
  const detail = chosen && <Detail row={chosen} />;
  if (small && chosen) return (
    <div className={style.full}>
      <h1 className="hidden-visually">Imports</h1>
      {detail}
    </div>
  );
  return (
    <Page title="Imports" aside={session.organisation.name} fill toolbar={writer ? <Upload /> : undefined}>
      {chosen ? <Split name="imports" initial={52} left={table} right={detail} /> : table}
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
      toast("Fichier reçu, lecture en cours.", { detail: file.name });
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
        aria-label="Déposer un fichier CSV"
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
              Déposez ici un fichier CSV <span className={style.soft}>tel que vous l’avez, 20 Mo au plus. Les colonnes sont reconnues par leur nom.</span>
            </>
          )}
        </p>
        <FileTrigger acceptedFileTypes={[".csv", ".txt", "text/csv", "text/plain"]} onSelect={(files) => void give(files?.[0])}>
          <Button look="primary" isPending={busy !== null}>
            Choisir un fichier
          </Button>
        </FileTrigger>
      </DropZone>
      {error !== null && <Refused error={error} />}
    </div>
  );
}

function Detail({ row }: { row: Import }) {
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
          <ImportBadge row={row} /> reçu <When at={row.received_at} />
        </p>
        <p aria-live="polite">{settled(row) ? summaryOf(row) : "Le fichier attend son tour ou est en cours de lecture ; cette page se met à jour d’elle-même."}</p>
        {row.state === "refused" && <p className={style.refused}>Rien n’a été changé dans la liste partagée.</p>}
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
      <div className={style.body}>
        {row.errors === 0 && settled(row) && <Message icon="check" title="Aucune erreur dans ce fichier." />}
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
