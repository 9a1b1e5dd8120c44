// The desk: what was seen in a file, what its columns mean, what importing it would do; nothing is written before "Importer".
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { importLines, importPreview, type LineFilter } from "@/api/imports";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Select, type Choice } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Failure, Message, Skeleton } from "@/ui/States";
import { count, plural } from "@/words/number";
import style from "./Desk.module.css";
import { Progress } from "./Progress";
import { lineOutcomes, meanings } from "./words";
import { french } from "@/words/typography";

type Import = Schema<"Import">;
type Preview = Schema<"ImportPreview">;
type Layout = Schema<"ImportLayout">;

const aside = "none";
const meaningChoices: Choice[] = [{ id: aside, label: "Laisser de côté" }, ...Object.entries(meanings).map(([id, label]) => ({ id, label }))];
const separators: Choice[] = [
  { id: ";", label: "Point-virgule" },
  { id: ",", label: "Virgule" },
  { id: "tab", label: "Tabulation" },
  { id: "|", label: "Barre verticale" },
];
const encodings: Choice[] = [
  { id: "UTF-8", label: "UTF-8" },
  { id: "Windows-1252", label: "Windows-1252" },
  { id: "ISO-8859-15", label: "ISO 8859-15" },
  { id: "CP850", label: "MS-DOS (CP850)" },
  { id: "MacRoman", label: "Macintosh" },
];
const sourceWords: Record<string, string> = {
  name: "reconnue à son nom",
  content: "reconnue à son contenu",
  saved: "comme la dernière fois",
  person: "choisie par vous",
};
const shownSamples = 5;

const separatorId = (text: string | null | undefined) => (text === "\t" ? "tab" : (text ?? null));

/** The layout that the preview shows, to be sent back with a change. */
function layoutOf(seen: Preview): Layout {
  return {
    sheet: seen.kind === "workbook" ? seen.sheet : null,
    separator: separatorId(seen.separator) as Layout["separator"],
    encoding: (encodings.some(({ id }) => id === seen.encoding) ? seen.encoding : null) as Layout["encoding"],
    header: seen.header,
    lines: seen.lines,
    columns: seen.columns.map((column) => column.meaning ?? aside) as Layout["columns"],
  };
}

export function Desk({ row }: { row: Import }) {
  const session = useSession();
  const writer = session.role === "adviser" || session.role === "manager";
  const seen = useQuery({ ...importPreview(row.id), enabled: row.previewed });
  const touches = [["import", row.id], ["imports"]];
  const relay = useWrite((layout: Layout) => api.put("/api/imports/{id}/layout", { path: { id: row.id }, body: layout }), { touches });
  const start = useWrite(() => api.post("/api/imports/{id}/start", { path: { id: row.id } }), { touches });
  const leave = useWrite(() => api.post("/api/imports/{id}/cancel", { path: { id: row.id } }), {
    touches,
    done: () => "Fichier abandonné : rien n’a été changé dans la liste.",
    onDone: () => navigate("/imports"),
  });
  const busy = row.state === "preview" || relay.isPending;

  if (!row.previewed) {
    return (
      <div className={style.waiting}>
        <Progress row={row} />
        {writer && (
          <Button look="quiet" isPending={leave.isPending} onPress={() => leave.mutate(undefined)}>
            Abandonner ce fichier
          </Button>
        )}
      </div>
    );
  }
  if (seen.isError) return <Failure error={seen.error} onRetry={() => void seen.refetch()} />;
  if (!seen.data) return <Skeleton rows={6} />;
  const preview = seen.data;
  const impact = preview.impact;
  return (
    <div className={style.desk} aria-busy={busy || undefined}>
      <section className={style.part} aria-label="Votre tableau">
        <h3>
          <span className={style.step}>1</span> Votre tableau
        </h3>
        <p className={style.soft}>
          {preview.known
            ? "Cet en-tête est connu : les colonnes ont le sens que votre structure leur a donné la dernière fois."
            : "Vérifiez le sens de chaque colonne ; vos corrections seront retenues pour vos prochains fichiers."}
        </p>
        <Reading seen={preview} change={(layout) => relay.mutate(layout)} disabled={!writer || busy} />
        {preview.notes.map((note) => (
          <p key={note} className={style.note}>
            <Icon name="info" size={15} /> {note}
          </p>
        ))}
        <Columns seen={preview} change={(layout) => relay.mutate(layout)} disabled={!writer || busy} />
      </section>
      <section className={style.part} aria-label="Ce que fera l’import">
        <h3>
          <span className={style.step}>2</span> Ce que fera l’import
        </h3>
        {!preview.usable && (
          <p className={style.missing}>
            <Icon name="alert" size={16} /> Indiquez au moins la colonne du SIRET, de la raison sociale ou de l’enseigne : sans elles, aucune ligne ne peut être reconnue.
          </p>
        )}
        {impact && <Impact impact={impact} />}
        {impact && <Compared linkage={impact.linkage} />}
        <Reasons seen={preview} />
        <Lines id={row.id} />
      </section>
      {writer && (
        <footer className={style.end}>
          <Button look="primary" isDisabled={busy || !preview.usable} isPending={start.isPending} onPress={() => start.mutate(undefined)}>
            {busy ? "Calcul en cours…" : `Importer ${plural(impact?.read ?? 0, "ligne")}`}
          </Button>
          <Button look="quiet" isPending={leave.isPending} onPress={() => leave.mutate(undefined)}>
            Abandonner ce fichier
          </Button>
          <span className={style.soft}>Rien n’est encore écrit dans la liste ; un import peut être annulé ensuite.</span>
        </footer>
      )}
    </div>
  );
}

/** Sheet, header, separator, encoding: found, and to be corrected. */
function Reading({ seen, change, disabled }: { seen: Preview; change: (layout: Layout) => void; disabled: boolean }) {
  const layout = layoutOf(seen);
  const headers: Choice[] = [{ id: "0", label: "Pas d’en-tête" }];
  seen.rows.forEach((row, index) => {
    const words = row.cells.filter((cell) => cell.trim() !== "").slice(0, 3).join(", ");
    headers.push({ id: `${row.line}`, label: `Ligne ${row.line}`, detail: words });
    const above = seen.rows[index - 1];
    if (above) headers.push({ id: `${row.line}+`, label: `Lignes ${above.line} et ${row.line}`, detail: words });
  });
  const header = seen.header === 0 ? "0" : `${seen.header}${seen.lines === 2 ? "+" : ""}`;
  return (
    <div className={style.reading}>
      {seen.kind === "workbook" && seen.sheets.length > 1 && (
        <Select
          label="Feuille"
          required
          small
          value={`${seen.sheet}`}
          choices={seen.sheets.map((name, index) => ({ id: `${index}`, label: name }))}
          onChange={(id) => !disabled && id !== `${seen.sheet}` && change({ sheet: Number(id) })}
        />
      )}
      <Select
        label="En-tête"
        required
        small
        value={header}
        choices={headers}
        onChange={(id) => !disabled && id !== header && change({ ...layout, header: Number.parseInt(id, 10), lines: id.endsWith("+") ? 2 : 1, columns: null })}
      />
      {seen.kind === "text" && (
        <>
          <Select
            label="Séparateur"
            required
            small
            value={separatorId(seen.separator)}
            choices={separators}
            onChange={(id) => !disabled && id !== separatorId(seen.separator) && change({ encoding: layout.encoding ?? null, separator: id as Layout["separator"] })}
          />
          <Select
            label="Encodage"
            required
            small
            value={seen.encoding ?? null}
            choices={seen.encoding === "UTF-16" ? [...encodings, { id: "UTF-16", label: "UTF-16" }] : encodings}
            onChange={(id) => !disabled && id !== seen.encoding && id !== "UTF-16" && change({ ...layout, encoding: id as Layout["encoding"] })}
          />
        </>
      )}
    </div>
  );
}

/** The first rows under headings that say, and change, what each column means. */
function Columns({ seen, change, disabled }: { seen: Preview; change: (layout: Layout) => void; disabled: boolean }) {
  const rows = seen.rows.filter((row) => row.line > seen.header).slice(0, shownSamples);
  function give(index: number, meaning: string) {
    const columns = seen.columns.map((column, at) => (at === index ? meaning : column.meaning === meaning ? aside : (column.meaning ?? aside)));
    change({ ...layoutOf(seen), columns: columns as Layout["columns"] });
  }
  return (
    <div className={style.scroll} tabIndex={0} role="group" aria-label="Colonnes et premières lignes du fichier">
      <table className={style.columns}>
        <thead>
          <tr>
            <th scope="col" className={style.line}>
              <span className="hidden-visually">Ligne</span>
            </th>
            {seen.columns.map((column, index) => (
              <th key={index} scope="col" className={column.meaning ? undefined : style.left}>
                <span className={style.head}>{column.name}</span>
                <Select
                  label={`Sens de la colonne ${column.name}`}
                  hideLabel
                  small
                  value={column.meaning ?? aside}
                  choices={meaningChoices}
                  onChange={(meaning) => !disabled && meaning !== (column.meaning ?? aside) && give(index, meaning)}
                />
                <span className={style.source}>{column.meaning ? (sourceWords[column.source] ?? "") : "non utilisée"}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <td className={style.line}>{row.line}</td>
              {seen.columns.map((column, index) => (
                <td key={index} className={column.meaning ? undefined : style.left}>
                  {row.cells[index] ?? ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Impact({ impact }: { impact: Schema<"ImportImpact"> }) {
  return (
    <dl className={style.impact}>
      {(["linked", "created", "review", "unusable"] as const).map((outcome) => {
        const word = lineOutcomes[outcome];
        return (
          word && (
            <div key={outcome} data-outcome={outcome}>
              <dt>
                <Icon name={word.icon} size={15} /> {word.many}
              </dt>
              <dd>{count(impact[outcome])}</dd>
            </div>
          )
        );
      })}
    </dl>
  );
}

// What comparing with the list made of the rows that no SIRET places: it comes a moment after the rest.
function Compared({ linkage }: { linkage: Schema<"ImportImpact">["linkage"] }) {
  if (linkage.waiting === "pending") {
    return (
      <p className={style.note} role="status">
        <Icon name="info" size={15} /> Les lignes sans SIRET sont en cours de comparaison avec la liste : ces chiffres vont se préciser.
      </p>
    );
  }
  if (linkage.waiting === "keys") {
    return (
      <p className={style.note}>
        <Icon name="info" size={15} /> La liste vient d’être mise à jour : les lignes sans SIRET seront comparées pendant l’import.
      </p>
    );
  }
  const parts = [
    linkage.linked ? `${plural(linkage.linked, "reconnue")} avec certitude` : "",
    linkage.review ? `${count(linkage.review)} à revoir` : "",
    linkage.created ? `${plural(linkage.created, "nouvelle")}` : "",
    linkage.unplaced ? `${count(linkage.unplaced)} sans commune reconnue` : "",
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <p className={style.note}>
      <Icon name="info" size={15} /> Lignes sans SIRET utilisable, comparées avec la liste : {parts.join(", ")}.
    </p>
  );
}

// "1 ligne inutilisable", "2 lignes inutilisables".
function agreed(outcome: "review" | "unusable", number: number): string {
  const word = lineOutcomes[outcome];
  return (word && (number < 2 ? word.label.toLowerCase() : word.many)) ?? "";
}

function Reasons({ seen }: { seen: Preview }) {
  if (!seen.reasons || seen.reasons.length === 0) return null;
  return (
    <ul className={style.reasons}>
      {seen.reasons.map((reason) => (
        <li key={`${reason.outcome}${reason.code}`}>
          <strong>{plural(reason.count, "ligne")}</strong>
          {reason.outcome === "review" || reason.outcome === "unusable" ? ` ${agreed(reason.outcome, reason.count)}\u202f: ` : "\u202f: "}
          {french(reason.message)}
          <span className={style.soft}>
            {" "}
            ({reason.field ? `colonne ${reason.field}, ` : ""}première : ligne {count(reason.line)})
          </span>
        </li>
      ))}
    </ul>
  );
}

const filters: Choice[] = [
  { id: "faulty", label: "Lignes à problème" },
  { id: "all", label: "Toutes les lignes" },
  { id: "linked", label: "Reconnues" },
  { id: "created", label: "Nouvelles" },
  { id: "review", label: "À revoir" },
  { id: "unusable", label: "Inutilisables" },
];

/** Line by line, what becomes of it and why. */
function Lines({ id }: { id: number }) {
  const [filter, setFilter] = useState<LineFilter>("faulty");
  const lines = useInfiniteQuery(importLines(id, filter));
  const items = lines.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={style.lines}>
      <Select label="Lignes montrées" required small value={filter} choices={filters} onChange={(value) => setFilter(value as LineFilter)} />
      {lines.isError ? (
        <Failure error={lines.error} onRetry={() => void lines.refetch()} />
      ) : items.length === 0 && !lines.isPending ? (
        <Message icon="check" title={filter === "faulty" ? "Aucun problème prévu." : "Aucune ligne de ce genre."} />
      ) : (
        <table className={style.list}>
          <thead>
            <tr>
              <th scope="col">Ligne</th>
              <th scope="col">Employeur</th>
              <th scope="col">Ce qu’elle devient</th>
              <th scope="col">Pourquoi</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => {
              const word = lineOutcomes[item.outcome];
              return (
                <tr key={item.line}>
                  <td>{count(item.line)}</td>
                  <td>
                    {item.name ?? <span className={style.soft}>sans nom</span>}
                    {item.city && <span className={style.soft}> {item.city}</span>}
                  </td>
                  <td>
                    {word && (
                      <Badge tone={word.tone} icon={word.icon}>
                        {word.label}
                      </Badge>
                    )}
                  </td>
                  <td>
                    {item.field && `${item.field} : `}
                    {item.message && french(item.message)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {lines.hasNextPage && (
        <Button small isPending={lines.isFetchingNextPage} onPress={() => void lines.fetchNextPage()}>
          Voir la suite
        </Button>
      )}
    </div>
  );
}

/** A workbook may hold employers on other sheets: each is imported, and taken back, by itself. */
export function OtherSheet({ row }: { row: Import }) {
  const seen = useQuery(importPreview(row.id));
  const again = useWrite((sheet: number) => api.post("/api/imports/{id}/sheet", { path: { id: row.id }, body: { sheet } }), {
    touches: [["imports"]],
    onDone: (file) => navigate(`/imports/${file.id}`),
  });
  if (!seen.data || seen.data.sheets.length < 2) return null;
  const others = seen.data.sheets.map((name, index) => ({ id: `${index}`, label: name })).filter(({ id }) => id !== `${seen.data.sheet}`);
  return (
    <div className={style.reading}>
      <Select
        label="Importer une autre feuille"
        required
        small
        value={null}
        choices={others}
        onChange={(sheet) => !again.isPending && again.mutate(Number(sheet))}
      />
    </div>
  );
}

/** A text that could not be read may be read otherwise. */
export function Otherwise({ row }: { row: Import }) {
  const relay = useWrite((body: Layout) => api.put("/api/imports/{id}/layout", { path: { id: row.id }, body }), { touches: [["import", row.id], ["imports"]] });
  return (
    <div className={style.reading}>
      <Select
        label="Essayer un autre séparateur"
        required
        small
        value={null}
        choices={separators}
        onChange={(separator) => relay.mutate({ separator: separator as ";" })}
      />
      <Select
        label="Essayer un autre encodage"
        required
        small
        value={null}
        choices={encodings}
        onChange={(encoding) => relay.mutate({ encoding: encoding as "UTF-8" })}
      />
    </div>
  );
}
