// Objectives beside what happened, partner by partner; and what the plan could not promise.
import { useQuery } from "@tanstack/react-query";
import { planResults, planSkipped } from "@/api/queries";
import { classes } from "@/ui/classes";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { Failure, Skeleton } from "@/ui/States";
import { count, percent, plural } from "@/words/number";
import { daysBetween } from "@/words/time";
import style from "./Plans.module.css";
import { goals, skips, type Plan } from "./words";

export default function Results({ plan }: { plan: Plan }) {
  const { data, isPending, isError, error, refetch } = useQuery(planResults(plan.id));
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={6} />;
  const length = data.starts_on && data.ends_on ? daysBetween(data.starts_on, data.ends_on) + 1 : 0;
  const passed = data.starts_on ? Math.min(length, Math.max(0, daysBetween(data.starts_on, data.today) + 1)) : 0;
  const total = (key: "promised" | "kept" | "late" | "returned" | "lapsed") => data.partners.reduce((sum, one) => sum + one[key], 0);
  return (
    <div className={style.scroll} tabIndex={0}>
      <p className={style.lede}>
        <strong>{plural(total("promised"), "engagement")}</strong>, {count(total("kept"))} tenus
        {total("late") > 0 && `, ${count(total("late"))} en retard`}
        {total("returned") + total("lapsed") > 0 && `, ${count(total("returned") + total("lapsed"))} rendus ou échus`}. {length > 0 && `${percent(passed / length)} de la période est passé.`}
      </p>
      <table className={classes(style.figures, style.wide)}>
        <caption className="hidden-visually">Résultats par partenaire</caption>
        <thead>
          <tr>
            <th scope="col">Structure</th>
            <th scope="col">Engagements</th>
            <th scope="col">En retard</th>
            {goals.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.partners.map((one) => (
            <tr key={one.organisation.id}>
              <th scope="row">
                <Organisation name={one.organisation.short_name} network={one.organisation.network} size={16} />
              </th>
              <td>{count(one.promised)}</td>
              <td>{one.late > 0 ? <strong className={style.late}>{count(one.late)}</strong> : "0"}</td>
              {goals.map(({ id }) => (
                <td key={id}>
                  <Goal done={one[id].done} agreed={one[id].agreed} passed={length > 0 ? passed / length : 0} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {data.skipped.length > 0 && (
        <details className={style.details}>
          <summary>
            {plural(
              data.skipped.reduce((sum, one) => sum + one.establishments, 0),
              "ligne laissée de côté",
              "lignes laissées de côté",
            )}{" "}
            au démarrage
          </summary>
          <Skipped plan={plan} />
        </details>
      )}
    </div>
  );
}

/** A figure against its objective, and whether it keeps pace with the time that passed. */
function Goal({ done, agreed, passed }: { done: number; agreed: number | null; passed: number }) {
  if (!agreed) return <>{count(done)}</>;
  const share = done / agreed;
  return (
    <span className={style.goal} title={`${percent(share)} de l’objectif, ${percent(passed)} de la période`}>
      {count(done)} <span className={style.soft}>/ {count(agreed)}</span>
      <span className={style.meter} aria-hidden>
        <span style={{ width: `${Math.min(100, share * 100)}%` }} className={share + 0.05 < passed ? style.behind : undefined} />
        <i style={{ left: `${passed * 100}%` }} />
      </span>
    </span>
  );
}

function Skipped({ plan }: { plan: Plan }) {
  const { data } = useQuery(planSkipped(plan.id));
  return (
    <ul className={style.rows}>
      {(data?.items ?? []).slice(0, 300).map((one) => (
        <li key={`${one.version}.${one.establishment.id}`}>
          <Link href={`/entreprises/${one.establishment.id}`}>{one.establishment.name ?? "Sans dénomination"}</Link>
          <span className={style.soft}>
            {one.establishment.city}, {one.organisation.short_name} : {skips[one.reason] ?? one.reason}
          </span>
        </li>
      ))}
    </ul>
  );
}
