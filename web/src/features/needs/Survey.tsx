// The survey « Besoins en main-d’œuvre » of the territory: what employers of a bassin mean to hire, beside what partners know.
import { useQuery } from "@tanstack/react-query";
import { needSurvey } from "@/api/queries";
import { useQueryState } from "@/router";
import { Select } from "@/ui/Field";
import { classes } from "@/ui/classes";
import { Link } from "@/ui/Link";
import { Failure, Message, Skeleton } from "@/ui/States";
import { count, percent, plural } from "@/words/number";
import style from "./Needs.module.css";

const secret = <span className={style.soft}>secret</span>;

export default function Survey() {
  const query = useQueryState();
  const bassin = query.get("bassin");
  const { data, isPending, isError, error, refetch } = useQuery(needSurvey(bassin));
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={8} />;
  const share = (part: number | null, whole: number | null) => (part === null || !whole ? secret : percent(part / whole));
  return (
    <div className={style.panel}>
      <div className={style.filters}>
        <Select label="Bassin d’emploi" required value={bassin ?? ""} onChange={(value) => query.set({ bassin: value || null }, { replace: true })} choices={[{ id: "", label: "Tous les bassins" }, ...data.bassins.map((one) => ({ id: one.code, label: one.name }))]} />
      </div>
      {data.items.length === 0 ? (
        <Message icon="need" title="L’enquête BMO n’est pas chargée pour ce territoire.">
          L’administration la charge avec <code>maillage-admin import bmo</code>, et les bassins avec <code>maillage-admin import bassins</code>.
        </Message>
      ) : (
        <div className={style.scroll} tabIndex={0} role="region" aria-label="Enquête BMO">
          <table className={style.table}>
            <thead>
              <tr>
                <th scope="col">Métier de l’enquête</th>
                <th scope="col" className={classes(style.left, style.aside)}>
                  Bassin
                </th>
                <th scope="col">Projets {data.items[0]?.year}</th>
                <th scope="col">Jugés difficiles</th>
                <th scope="col">Saisonniers</th>
                <th scope="col">Postes connus de nous</th>
                <th scope="col">En offres</th>
                <th scope="col">Pourvus</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((row) => (
                <tr key={`${row.bassin_code} ${row.fap}`}>
                  <th scope="row">
                    <Link href={`/besoins?${new URLSearchParams({ metier: row.fap, libelle: row.label }).toString()}`}>{row.label}</Link> <span className={style.soft}>{row.fap}</span>
                    <span className={classes(style.soft, style.under)}>{row.bassin_name}</span>
                  </th>
                  <td className={classes(style.left, style.aside)}>{row.bassin_name}</td>
                  <td>{row.projects === null ? secret : count(row.projects)}</td>
                  <td>{share(row.difficult, row.projects)}</td>
                  <td>{share(row.seasonal, row.projects)}</td>
                  <td title={row.unknown > 0 ? `Plus ${plural(row.unknown, "besoin")} dont le nombre de postes est inconnu` : undefined}>{count(row.known)}{row.unknown > 0 && <><span aria-hidden> +</span><span className="hidden-visually">, plus {plural(row.unknown, "besoin")} dont le nombre de postes est inconnu</span></>}</td>
                  <td>{count(row.offers)}</td>
                  <td>{count(row.filled)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={style.soft}>« Secret » : le chiffre est couvert par le secret statistique ; il n’est pas nul. Nos postes sont ceux des douze derniers mois.</p>
    </div>
  );
}
