// What became of the needs: posts declared, offered, filled, by occupation, employer or commune.
import { useQuery } from "@tanstack/react-query";
import { needFigures } from "@/api/queries";
import type { Schema } from "@/api/client";
import { useQueryState } from "@/router";
import { Select } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Failure, Message, Skeleton } from "@/ui/States";
import { count, percent, plural } from "@/words/number";
import { longDay } from "@/words/time";
import style from "./Needs.module.css";
import { sources } from "./words";

type Row = Schema<"NeedFigureRow">;
type By = "employer" | "occupation" | "area";

const titles: Record<By, string> = { employer: "Employeur", occupation: "Métier", area: "Commune" };

export default function Figures() {
  const query = useQueryState();
  const asked = query.get("par");
  const by: By = asked === "employer" || asked === "area" ? asked : "occupation";
  const ours = query.get("qui") === "ours";
  const source = query.get("source") as Schema<"Need">["source"] | null;
  const { data, isPending, isError, error, refetch } = useQuery(needFigures({ by, ...(ours ? { scope: "ours" as const } : {}), ...(source ? { source } : {}) }));
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={8} />;
  const { total } = data;
  return (
    <div className={style.panel}>
      <div className={style.filters}>
        <Select label="Regrouper par" required value={by} onChange={(par) => query.set({ par }, { replace: true })} choices={Object.entries(titles).map(([id, label]) => ({ id, label }))} />
        <Select
          label="Partenaires"
          required
          value={ours ? "ours" : ""}
          onChange={(qui) => query.set({ qui: qui || null }, { replace: true })}
          choices={[
            { id: "", label: "Tous les partenaires" },
            { id: "ours", label: "Entendus par ma structure" },
          ]}
        />
        <Select label="Source" required value={source ?? ""} onChange={(value) => query.set({ source: value || null }, { replace: true })} choices={[{ id: "", label: "Toutes les sources" }, ...Object.entries(sources).map(([id, label]) => ({ id, label }))]} />
      </div>
      <p className={style.sum}>
        Du {longDay(data.since)} au {longDay(data.until)} : <strong>{plural(total.posts, "poste déclaré", "postes déclarés")}</strong>
        {total.unknown > 0 && ` et ${plural(total.unknown, "besoin dont le nombre est inconnu", "besoins dont le nombre est inconnu")}`}, <strong>{plural(total.offers, "poste en offre", "postes en offres")}</strong>,{" "}
        <strong>{plural(total.filled, "pourvu")}</strong>.
      </p>
      {data.items.length === 0 ? (
        <Message icon="need" title="Aucun besoin dans cette période." />
      ) : (
        <div className={style.scroll} tabIndex={0} role="region" aria-label="Bilan des besoins">
          <table className={style.table}>
            <thead>
              <tr>
                <th scope="col">{titles[by]}</th>
                <th scope="col">Besoins</th>
                <th scope="col">Postes déclarés</th>
                <th scope="col">Confirmés</th>
                <th scope="col">Postes en offres</th>
                <th scope="col">Pourvus</th>
                <th scope="col">Part pourvue</th>
                <th scope="col">Aucun poste</th>
                <th scope="col">Abandonnés</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((row) => (
                <tr key={row.key}>
                  <th scope="row">
                    <Link href={`/besoins?${hrefOf(by, row)}`}>{row.label ?? "Sans dénomination"}</Link> <span className={style.soft}>{row.detail}</span>
                  </th>
                  <td>{count(row.needs)}</td>
                  <td title={row.unknown > 0 ? `${plural(row.unknown, "besoin")} au nombre inconnu` : undefined}>
                    {row.posts === 0 && row.unknown > 0 ? "inconnu" : `${count(row.posts)}${row.unknown > 0 ? " +" : ""}`}
                  </td>
                  <td>{count(row.confirmed)}</td>
                  <td>{count(row.offers)}</td>
                  <td>{count(row.filled)}</td>
                  <td>{row.unknown > 0 ? "inconnue" : row.posts > 0 ? percent(Math.min(1, row.filled / row.posts)) : ""}</td>
                  <td>{count(row.zero)}</td>
                  <td>{count(row.abandoned)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={style.soft}>Un « + » : s’y ajoutent des besoins dont le nombre n’est pas connu. Une offre compte dès que l’employeur l’a confirmée.</p>
    </div>
  );
}

function hrefOf(by: By, row: Row): string {
  const value = row.key ?? "";
  const parts: Record<By, Record<string, string>> = { employer: { employeur: value }, area: { commune: value }, occupation: { metier: value, libelle: row.label ?? value } };
  return new URLSearchParams(parts[by]).toString();
}
