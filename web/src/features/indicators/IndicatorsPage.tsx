// Every indicator at a glance: what it is, what it was, month by month, and what was wanted. The address holds the question.
import { useQuery } from "@tanstack/react-query";
import { Fragment, lazy, Suspense, useState } from "react";
import { address, api } from "@/api/client";
import { figures as figuresQuery, indicators as indicatorsQuery, organisations as organisationsQuery, targets as targetsQuery, type FigureFilters, type Indicator } from "@/api/queries";
import { useWrite } from "@/api/write";
import { comparedTo, networks, periodOf, questionWords, whoAndWhen } from "@/features/coverage/filters";
import { usePlaces } from "@/features/coverage/places";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Select } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { phone, useMedia } from "@/ui/media";
import { networkName } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Sparkline } from "@/ui/Sparkline";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { addMonths } from "@/words/month";
import { change, curve, roundedWords, states, told, type Area, type Target } from "./figures";
import style from "./Indicators.module.css";
import { PlanTable, TargetTable } from "./Tables";
import table from "./Tables.module.css";

const TimeSlider = lazy(() => import("@/features/coverage/TimeSlider"));
const NewTarget = lazy(() => import("./NewTarget"));
const EmployersDialog = lazy(() => import("@/features/coverage/Details").then((found) => ({ default: found.EmployersDialog })));
const zonings = ["region", "departement", "bassin", "epci"] as const;
const kinds = { coverage: "Couverture", means: "Moyens", results: "Résultats" } as const;

export default function IndicatorsPage() {
  const query = useQueryState();
  const session = useSession();
  const [setting, setSetting] = useState<string | null>(null);
  const [listed, setListed] = useState<{ indicator: Indicator; isBefore: boolean } | null>(null);
  const { from, to } = periodOf(query);
  const within = query.get("dans") ?? "";
  const organisation = Number(query.get("structure")) || undefined;
  const network = networks.find((code) => code === query.get("reseau"));
  const filters: FigureFilters = { level: "all", from, to, ...(within && { within }), ...(organisation ? { organisation } : network ? { network } : {}) };
  const before = comparedTo(filters, "avant") as FigureFilters;
  const definitions = useQuery(indicatorsQuery);
  const now = useQuery(figuresQuery(filters));
  const earlier = useQuery(figuresQuery(before));
  // A curve of a year at least, whatever the period.
  const curveFrom = from < addMonths(to, -11) ? from : addMonths(to, -11);
  const months = useQuery(figuresQuery({ ...filters, level: "month", from: curveFrom }));
  const wanted = useQuery(targetsQuery({ from, to }));
  const actors = useQuery(organisationsQuery).data;
  const places = [{ id: "", label: session.territory.name }, ...usePlaces(zonings)];
  const partners = (actors?.items ?? []).filter((one) => one.kind === "partner");
  const writer = session.role === "manager" || session.role === "administrator";
  const drop = useWrite((id: number) => api.remove("/api/targets/{id}", { path: { id } }), { touches: [["targets"]], done: () => "Objectif retiré." });
  const targets = (wanted.data?.items ?? []).filter((one) => (organisation ? one.organisation?.id === organisation : network ? one.organisation?.network === network : true));
  const error = definitions.error ?? now.error ?? months.error;

  const board = !definitions.data || !now.data || !months.data ? (
    <Skeleton rows={16} />
  ) : (
    <Board
      indicators={definitions.data.items}
      now={now.data.items[0]?.figures ?? now.data.whole ?? {}}
      before={earlier.data?.items[0]?.figures ?? earlier.data?.whole ?? {}}
      months={months.data.items as Area[]}
      targets={(wanted.data?.items ?? []).filter((one) => (one.organisation?.id ?? undefined) === organisation && !network && one.within === within)}
      mapOf={(code) => `/couverture?indicateur=${code}&niveau=epci&de=${from}&a=${to}${network ? `&reseau=${network}` : ""}${organisation ? `&structure=${organisation}` : ""}${within ? `&dans=${encodeURIComponent(within)}` : ""}`}
      onList={session.role === "observer" ? undefined : (indicator, isBefore) => setListed({ indicator, isBefore })}
      onTarget={writer && !network && (!organisation || organisation === session.organisation.id) ? setSetting : undefined}
    />
  );
  const goals = (
    <div className={style.goals}>
      {wanted.isError ? (
        <Failure error={wanted.error} onRetry={() => void wanted.refetch()} />
      ) : !wanted.data || !definitions.data ? (
        <Skeleton rows={6} />
      ) : (
        <>
          {targets.length > 0 ? (
            <TargetTable
              targets={targets}
              indicators={definitions.data.items}
              {...(writer && { act: (target: Target) => (!target.organisation || target.organisation.id === session.organisation.id ? <IconButton small label="Retirer cet objectif" icon="close" onPress={() => drop.mutate(target.id)} /> : null) })}
            />
          ) : (
            <Message icon="today" title="Aucun objectif sur cette période.">
              Une structure fixe les siens ; ceux de tous les partenaires se fixent ensemble.
            </Message>
          )}
          {wanted.data.plans.length > 0 && <h2 className={style.title}>Objectifs des plans</h2>}
          {wanted.data.plans.map((plan) => (
            <PlanTable key={plan.id} plan={plan} {...(session.role !== "observer" && { href: `/plans/${plan.id}?vue=resultats` })} />
          ))}
        </>
      )}
    </div>
  );
  return (
    <Page
      title="Indicateurs"
      aside={<span aria-live="polite">{questionWords(now.data)}{session.role === "observer" && `, ${roundedWords}`}</span>}
      actions={
        <>
          <LinkButton small icon="download" href={address("/api/indicators/figures.xlsx", {}, { ...filters, level: "month", from: curveFrom })} download>
            Mois par mois (XLSX)
          </LinkButton>
          {writer && (
            <Button small look="primary" icon="add" onPress={() => setSetting("visits")}>
              Fixer un objectif
            </Button>
          )}
        </>
      }
      toolbar={
        <>
          <Select label="Périmètre" hideLabel value={within} onChange={(value) => query.set({ dans: value })} choices={places} className={style.place ?? ""} />
          <Select label="Réseau" hideLabel value={network ?? ""} onChange={(value) => query.set({ reseau: value, structure: null })} choices={[{ id: "", label: "Tous les réseaux" }, ...networks.map((code) => ({ id: code, label: networkName(code) }))]} />
          <Select label="Structure" hideLabel value={organisation ? String(organisation) : ""} onChange={(value) => query.set({ structure: value, reseau: null })} choices={[{ id: "", label: "Toutes les structures" }, ...partners.map((one) => ({ id: String(one.id), label: one.short_name }))]} />
          <Suspense fallback={<span className={style.slider} />}>
            <TimeSlider />
          </Suspense>
        </>
      }
    >
      {error ? (
        <Failure error={error} onRetry={() => void Promise.all([definitions.refetch(), now.refetch(), months.refetch()])} />
      ) : (
        <Tabs
          label="Indicateurs"
          selected={query.get("onglet") === "objectifs" ? "objectifs" : "chiffres"}
          onSelect={(id) => query.set({ onglet: id === "chiffres" ? null : id }, { replace: true })}
          items={[
            { id: "chiffres", label: "Chiffres", content: board },
            { id: "objectifs", label: "Objectifs", count: targets.length, content: goals },
          ]}
        />
      )}
      {listed && (
        <Suspense fallback={null}>
          <EmployersDialog
            indicator={listed.indicator}
            where={questionWords(now.data, ["area"])}
            what={questionWords((listed.isBefore ? earlier : now).data, whoAndWhen)}
            filters={listed.isBefore ? before : filters}
            onClose={() => setListed(null)}
          />
        </Suspense>
      )}
      {setting && definitions.data && (
        <Suspense fallback={null}>
          <NewTarget indicators={definitions.data.items} indicator={setting} places={places} within={within} period={{ from, to }} own={organisation === session.organisation.id} onClose={() => setSetting(null)} />
        </Suspense>
      )}
    </Page>
  );
}

type BoardProps = {
  indicators: Indicator[];
  now: Area["figures"];
  before: Area["figures"];
  months: Area[];
  targets: Target[];
  mapOf: (code: string) => string;
  onList?: ((indicator: Indicator, isBefore: boolean) => void) | undefined;
  onTarget?: ((code: string) => void) | undefined;
};

/** On a phone all of it fits the screen: what was before is told by what changed, an aim stands below its figure. */
function Board({ indicators, now, before, months, targets, mapOf, onList, onTarget }: BoardProps) {
  const small = useMedia(phone);
  const value = (indicator: Indicator, set: Area["figures"], isBefore: boolean) => {
    const words = told(set[indicator.code], indicator);
    if (!onList || !indicator.by_area || !set[indicator.code]?.n) return words;
    return (
      <Button small look="quiet" className={style.figure ?? ""} aria-label={`${indicator.name}${isBefore ? ", période précédente" : ""} : ${words}, voir les employeurs`} onPress={() => onList(indicator, isBefore)}>
        {words}
      </Button>
    );
  };
  return (
    <div className={table.scroll} role="region" aria-label="Chiffres" tabIndex={0}>
      <table className={classes(table.table, style.board)}>
        <caption className="hidden-visually">Chaque indicateur de la période</caption>
        <thead>
          <tr>
            <th scope="col">Indicateur</th>
            <th scope="col">Période</th>
            {!small && <th scope="col">Période précédente</th>}
            <th scope="col">Écart</th>
            <th scope="col" className={table.left}>
              Mois par mois
            </th>
            {!small && (
              <th scope="col" className={table.left}>
                Objectif
              </th>
            )}
          </tr>
        </thead>
        {(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => (
          <tbody key={kind}>
            <tr className={table.group}>
              <th scope="rowgroup" colSpan={small ? 4 : 6}>
                {kinds[kind]}
              </th>
            </tr>
            {indicators
              .filter((one) => one.kind === kind)
              .map((indicator) => {
                const became = change(now[indicator.code], before[indicator.code], indicator);
                const goals = targets.filter((one) => one.indicator === indicator.code);
                const aims = goals.map((target) => (
                  <span key={target.id} className={style.goal}>
                    <Badge tone={states[target.state].tone} icon={states[target.state].icon}>
                      {states[target.state].label}
                    </Badge>
                    <span className={table.soft}>
                      {told(target, indicator)} sur {told({ ...target, value: target.goal, hidden: false }, indicator)}
                    </span>
                  </span>
                ));
                return (
                  <Fragment key={indicator.code}>
                    <tr title={indicator.sentence}>
                      <th scope="row" id={`indicator-${indicator.code}`}>
                        {indicator.by_area ? (
                          <Link href={mapOf(indicator.code)} className={style.name}>
                            {indicator.name}
                          </Link>
                        ) : (
                          indicator.name
                        )}
                      </th>
                      <td className={style.value}>{value(indicator, now, false)}</td>
                      {!small && <td className={table.soft}>{value(indicator, before, true)}</td>}
                      <td>
                        <span className={classes(became && style[became.tone])}>
                          {became?.text ?? "–"}
                          {became && became.tone !== "same" && <span className="hidden-visually">{became.tone === "good" ? ", mieux" : ", moins bien"}</span>}
                        </span>
                      </td>
                      <td className={table.left}>
                        <Sparkline points={curve(months, indicator.code)} label={`${indicator.name}, mois par mois : ${months.map((month) => told(month.figures[indicator.code], indicator)).join(", ")}`} width={small ? 76 : 132} height={22} />
                      </td>
                      {!small && (
                        <td className={table.left}>
                          {aims}
                          {goals.length === 0 && onTarget && indicator.better && (
                            <Button small look="quiet" className={classes(style.set, "no-print")} aria-label={`Fixer un objectif : ${indicator.name}`} onPress={() => onTarget(indicator.code)}>
                              Fixer
                            </Button>
                          )}
                        </td>
                      )}
                    </tr>
                    {small && goals.length > 0 && (
                      <tr className={style.aims}>
                        <td colSpan={4} headers={`indicator-${indicator.code}`}>
                          {aims}
                        </td>
                      </tr>
                    )}
                  </Fragment>
                );
              })}
          </tbody>
        ))}
      </table>
    </div>
  );
}
