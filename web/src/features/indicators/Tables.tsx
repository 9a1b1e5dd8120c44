// Tables that print: their head comes again on each page, their lines are never cut.
import type { ReactNode } from "react";
import type { Schema } from "@/api/client";
import type { Indicator } from "@/api/queries";
import { said } from "@/features/coverage/scale";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { Link } from "@/ui/Link";
import { NetworkMark } from "@/ui/Network";
import { shortMonth } from "@/words/month";
import { count, plural } from "@/words/number";
import { shortDay } from "@/words/time";
import { french } from "@/words/typography";
import { states, told, type Area, type Figure, type Target } from "./figures";
import style from "./Tables.module.css";

type Props = {
  caption: string;
  /** What a line is: « Commune ». */
  head: string;
  rows: Area[];
  indicators: Indicator[];
  whole?: Record<string, Figure> | undefined;
  mark?: (row: Area) => ReactNode;
};

export function FigureTable({ caption, head, rows, indicators, whole, mark }: Props) {
  return (
    <div className={style.scroll} role="region" aria-label={caption} tabIndex={0}>
      <table className={style.table}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {indicators.map((indicator) => (
              <th key={indicator.code} scope="col" title={indicator.sentence}>
                {indicator.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.area}>
              <th scope="row">
                {mark?.(row)}
                {french(row.name)}
              </th>
              {indicators.map((indicator) => (
                <td key={indicator.code}>{told(row.figures[indicator.code], indicator)}</td>
              ))}
            </tr>
          ))}
          {whole && (
            <tr className={style.total}>
              <th scope="row">Ensemble</th>
              {indicators.map((indicator) => (
                <td key={indicator.code}>{told(whole[indicator.code], indicator)}</td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** What is wanted, what there is, how it stands. */
export function TargetTable({ targets, indicators, act }: { targets: Target[]; indicators: Indicator[]; act?: (target: Target) => ReactNode }) {
  return (
    <div className={style.scroll} role="region" aria-label="Tableau des objectifs" tabIndex={0}>
      <table className={classes(style.table, style.targets)}>
        <caption className="hidden-visually">Objectifs</caption>
        <thead>
          <tr>
            <th scope="col">Indicateur</th>
            <th scope="col" className={style.left}>
              Pour
            </th>
            <th scope="col">Période</th>
            <th scope="col">Objectif</th>
            <th scope="col">Atteint</th>
            <th scope="col">
              <span className="hidden-visually">Avancement</span>
            </th>
            <th scope="col">État</th>
            {act && (
              <th scope="col">
                <span className="hidden-visually">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {targets.map((target) => {
            const indicator = indicators.find((one) => one.code === target.indicator);
            const word = states[target.state];
            if (!indicator) return null;
            return (
              <tr key={target.id} title={`Fixé par ${target.set_by}, ${target.set_for}`}>
                <th scope="row">{indicator.name}</th>
                <td className={style.left}>
                  {target.organisation ? (
                    <>
                      <NetworkMark network={target.organisation.network} size={14} /> {target.organisation.short_name}
                    </>
                  ) : (
                    "Tous les partenaires"
                  )}
                  {target.within && <span className={style.soft}>, {target.place}</span>}
                </td>
                <td>{target.from === target.to ? shortMonth(target.from) : `${shortMonth(target.from)} – ${shortMonth(target.to)}`}</td>
                <td>
                  {indicator.better === "less" && "au plus "}
                  {said(target.goal, indicator.unit)}
                </td>
                <td>{told(target, indicator)}</td>
                <td>
                  <Meter target={target} />
                </td>
                <td>
                  <Badge tone={word.tone} icon={word.icon}>
                    {word.label}
                  </Badge>
                </td>
                {act && <td>{act(target)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** How far a figure is on its way, and how much of the period is over. */
function Meter({ target }: { target: Target }) {
  if (target.value === null || target.hidden) return null;
  return (
    <svg className={style.meter} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
      <rect width="100" height="10" className={style.meterGround} />
      <rect width={Math.min(100, (100 * target.value) / target.goal)} height="10" className={style.meterFill} />
      {target.passed > 0 && target.passed < 1 && <line x1={100 * target.passed} x2={100 * target.passed} y1="0" y2="10" className={style.meterNow} />}
    </svg>
  );
}

const goals = [
  ["visits", "Visites"],
  ["first_contacts", "Premiers contacts"],
  ["needs", "Besoins"],
  ["offers", "Offres"],
] as const;

/** One plan: what each partner promised, kept, and made of its objectives. */
export function PlanTable({ plan, href }: { plan: Schema<"PlanFigures">; href?: string }) {
  const cell = (n: number | null) => (n === null ? "masqué" : count(n));
  const name = french(plan.name);
  const isSigned = plan.partners.some((partner) => partner.asked !== undefined);
  return (
    <div className={style.scroll} role="region" aria-label={name} tabIndex={0}>
      <table className={style.table}>
        <caption>
          {href ? <Link href={href}>{name}</Link> : name}
          <span className={style.soft}>
            , {shortDay(plan.starts_on)} – {shortDay(plan.ends_on)}, {plural(plan.partners.length, "partenaire")}
          </span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Structure</th>
            <th scope="col">Engagements</th>
            <th scope="col">Tenus</th>
            <th scope="col">En retard</th>
            {isSigned && <th scope="col">Signatures (données / demandées)</th>}
            {goals.map(([code, title]) => (
              <th key={code} scope="col">
                {title} (fait / objectif)
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plan.partners.map((partner) => (
            <tr key={partner.organisation.id}>
              <th scope="row">
                <NetworkMark network={partner.organisation.network} size={14} />
                {partner.organisation.short_name}
              </th>
              <td>{cell(partner.promised)}</td>
              <td>{cell(partner.kept)}</td>
              <td>{cell(partner.late)}</td>
              {isSigned && (
                <td>
                  {cell(partner.signed ?? null)} / {cell(partner.asked ?? null)}
                </td>
              )}
              {goals.map(([code]) => (
                <td key={code}>
                  {cell(partner.goals[code].done)}
                  {partner.goals[code].agreed ? ` / ${count(partner.goals[code].agreed as number)}` : ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
