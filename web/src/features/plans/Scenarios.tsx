// Scenarios in one table, one column each: figures, partner by partner, differences from the first of them; and a new one.
import { useQueries } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { api } from "@/api/client";
import { planAgainst } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Organisation } from "@/ui/Network";
import { Message } from "@/ui/States";
import { TakeAway } from "@/ui/TakeAway";
import { count, percent, plural } from "@/words/number";
import { french } from "@/words/typography";
import { scenarioSheet } from "./committee";
import type { Names } from "./content";
import { figures, missed, missedWords } from "./figures";
import style from "./Plans.module.css";
import { moving, scenarioState, type Plan, type Scenario } from "./words";

const NewScenario = lazy(() => import("./NewScenario"));

export function Scenarios({ plan, names }: { plan: Plan; names: Names }) {
  const session = useSession();
  const [making, setMaking] = useState(false);
  const over = plan.state === "evaluated" || plan.state === "abandoned";
  const writer = plan.ours && !over && (session.role === "adviser" || session.role === "manager");
  const ask = useWrite((name: string) => api.post("/api/plans/{id}/scenarios", { path: { id: plan.id }, body: { name } }), { touches: [["plans", "one", plan.id]] });
  const first = plan.scenarios.length === 0;
  return (
    <div className={style.scroll} tabIndex={0}>
      {writer && (
        <div className={style.tools}>
          <Button small look={first || !plan.scenarios.some((one) => one.fresh && one.state === "done") ? "primary" : "plain"} icon="refresh" isPending={ask.isPending} isDisabled={(plan.content.segments ?? []).length === 0} onPress={() => ask.mutate(first ? "Comme prévu" : `Comme prévu ${plan.scenarios.length + 1}`)}>
            Calculer le plan
          </Button>
          <Button small look="quiet" icon="add" isDisabled={(plan.content.segments ?? []).length === 0} onPress={() => setMaking(true)}>
            Autre scénario
          </Button>
        </div>
      )}
      {first ? (
        <Message icon="agreement" title="Aucun scénario pour l’instant.">
          {(plan.content.segments ?? []).length === 0
            ? "Choisissez d’abord les segments et les heures des partenaires, puis enregistrez."
            : "Le calcul répartit les employeurs au mieux, dans le respect des règles, et dit pour chacun pourquoi."}
        </Message>
      ) : (
        <Comparison plan={plan} names={names} writer={writer} />
      )}
      {making && (
        <Suspense fallback={null}>
          <NewScenario plan={plan} names={names} onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Change({ now, reference, say, low }: { now: number; reference: number; say: (n: number) => string; low?: boolean | undefined }) {
  const by = now - reference;
  if (Math.abs(by) < 0.0005 || say(Math.abs(by)) === say(0)) return null;
  return <span className={classes(style.change, by > 0 !== !!low ? style.better : style.worse)}>{`${by > 0 ? "+" : "−"}${say(Math.abs(by))}`}</span>;
}

function Comparison({ plan, names, writer }: { plan: Plan; names: Names; writer: boolean }) {
  const done = plan.scenarios.filter((one) => one.state === "done");
  const reference = done.find((one) => one.chosen) ?? done[0];
  const changes = useQueries({ queries: done.map((one) => ({ ...planAgainst(one.id, reference?.id ?? one.id), enabled: reference !== undefined && one.id !== reference.id })) });
  const partners = plan.organisations.filter((one) => plan.content.partners.includes(one.id));
  const choose = useWrite((scenario: number) => api.post("/api/plans/{id}/choose", { path: { id: plan.id }, version: plan.edit, body: { scenario } }), {
    touches: [["plans"]],
    done: (answer) => (answer.version === plan.version ? "Scénario choisi : ce sont ses lignes que l’on signera." : `Version ${answer.version} ouverte avec ce scénario.`),
  });
  const cancel = useWrite((id: number) => api.post("/api/scenarios/{id}/cancel", { path: { id }, body: {} }), { touches: [["plans", "one", plan.id]] });
  const archive = useWrite((id: number) => api.post("/api/scenarios/{id}/archive", { path: { id }, body: {} }), { touches: [["plans", "one", plan.id]], done: () => "Scénario retiré." });
  return (
    <>
      <div className={style.across}>
        <table className={classes(style.figures, style.comparison)}>
          <caption className="hidden-visually">Scénarios côte à côte{reference ? `, écarts avec « ${reference.name} »` : ""}</caption>
          <thead>
            <tr>
              <td />
              {plan.scenarios.map((one) => (
                <th key={one.id} scope="col" className={classes(one.chosen && style.chosen)}>
                  <span className={style.scenario}>
                    <strong>{french(one.name)}</strong>
                    {one.chosen ? (
                      <Badge tone="good" icon="check">
                        Choisi
                      </Badge>
                    ) : one.state === "done" && one.fresh ? null : (
                      <Badge tone={one.state === "done" ? "quiet" : (scenarioState[one.state]?.tone ?? "quiet")}>{one.state === "done" ? "D’un autre contenu" : scenarioState[one.state]?.label}</Badge>
                    )}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure.id}>
                <th scope="row">{figure.label}</th>
                {plan.scenarios.map((one) => {
                  const say = figure.say ?? count;
                  const value = one.state === "done" ? figure.of(one) : undefined;
                  const base = reference ? figure.of(reference) : undefined;
                  return (
                    <td key={one.id}>
                      {value === undefined ? <Waiting scenario={one} isFirst={figure === figures[0]} onCancel={() => cancel.mutate(one.id)} writer={writer} /> : say(value)}
                      {value !== undefined && base !== undefined && one !== reference && <Change now={value} reference={base} say={say} low={figure.low} />}
                    </td>
                  );
                })}
              </tr>
            ))}
            {partners.map((partner) => (
              <tr key={partner.id}>
                <th scope="row">
                  <Organisation name={partner.short_name} network={partner.network} size={16} />
                </th>
                {plan.scenarios.map((one) => {
                  const visits = one.summary.partners?.find((p) => p.organisation === partner.id)?.visits ?? 0;
                  const capacity = one.summary.organisations?.find((p) => p.organisation === partner.id)?.capacity ?? 0;
                  const change = changes[done.indexOf(one)]?.data?.partners.find((p) => p.organisation.id === partner.id);
                  if (one.state !== "done") return <td key={one.id} />;
                  return (
                    <td key={one.id} title={`${plural(visits, "visite")} pour ${count(capacity)} possibles`}>
                      {count(visits)}
                      {one.summary.covered ? <span className={style.soft}> {percent(visits / one.summary.covered)}</span> : null}
                      {change && (change.gained > 0 || change.lost > 0) && (
                        <span className={style.change}>
                          +{count(change.gained)} −{count(change.lost)}
                        </span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
            <tr>
              <th scope="row">Ce qui coûte</th>
              {plan.scenarios.map((one) => (
                <td key={one.id}>
                  <Prices scenario={one} names={names} />
                </td>
              ))}
            </tr>
            {done.some((one) => missed(one).length > 0) && (
              <tr>
                <th scope="row">Quotas non tenus</th>
                {plan.scenarios.map((one) => (
                  <td key={one.id}>{one.state === "done" && <Missed quotas={missed(one)} />}</td>
                ))}
              </tr>
            )}
            {writer && (
              <tr>
                <td />
                {plan.scenarios.map((one) => (
                  <td key={one.id}>
                    <span className={style.acts}>
                      {one.state === "done" && one.fresh && !one.chosen && (
                        <Button small look={plan.scenario ? "plain" : "primary"} aria-label={`Choisir ${one.name}`} isPending={choose.isPending} onPress={() => choose.mutate(one.id)}>
                          Choisir
                        </Button>
                      )}
                      {!moving(one.state) && !one.chosen && <IconButton label={`Retirer ${one.name}`} icon="close" small onPress={() => archive.mutate(one.id)} />}
                    </span>
                  </td>
                ))}
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {done.length > 0 && (
        <div className={classes(style.tools, "no-print")}>
          <TakeAway name={`scenarios-plan-${plan.id}`} sheets={() => [scenarioSheet(done, plan, reference, (one) => changes[done.indexOf(one)]?.data)]} />
        </div>
      )}
      {reference && (
        <p className={style.soft}>
          {done.length > 1 && `Écarts avec « ${reference.name} » ; +gagnés −perdus : les employeurs que le partenaire gagne et perd. `}
          Sur {plural((reference.summary.candidates ?? 0) + (reference.summary.resting ?? 0) + (reference.summary.opposed ?? 0) + (reference.summary.promised ?? 0), "membre")} des segments, {count(reference.summary.resting ?? 0)} en repos, {count(reference.summary.promised ?? 0)} déjà promis, {count(reference.summary.opposed ?? 0)} opposés : restent {plural(reference.summary.candidates ?? 0, "candidat")}.
        </p>
      )}
    </>
  );
}

function Waiting({ scenario, isFirst, onCancel, writer }: { scenario: Scenario; isFirst: boolean; onCancel: () => void; writer: boolean }) {
  if (!isFirst) return null;
  if (moving(scenario.state))
    return (
      <span className={style.progress}>
        <progress max={100} value={scenario.progress} aria-label={`Calcul de ${scenario.name}`} />
        {writer && (
          <Button small look="quiet" onPress={onCancel}>
            Arrêter
          </Button>
        )}
      </span>
    );
  if (scenario.state === "impossible")
    return (
      <span className={style.refused}>
        Ces règles se contredisent : {(scenario.summary.conflict ?? []).slice(0, 4).map(french).join(" ; ")}
        {(scenario.summary.conflict ?? []).length > 4 && "…"}
      </span>
    );
  return <span className={style.soft}>{scenarioState[scenario.state]?.label}</span>;
}

/** What one unit more of each constraint would bring, the dearest first. */
function Prices({ scenario, names }: { scenario: Scenario; names: Names }) {
  const summary = scenario.summary;
  if (scenario.state !== "done") return null;
  const prices = [
    ...(summary.organisations ?? []).map((one) => ({ price: Math.abs(one.price), say: one.price > 0 ? `part maximale de ${names.organisation(one.organisation)}` : `part minimale de ${names.organisation(one.organisation)}` })),
    ...(summary.quotas ?? []).map((one) => ({ price: one.price, say: one.name })),
    ...hours(scenario, names),
  ]
    .filter((one) => one.price > 0)
    .sort((a, b) => b.price - a.price)
    .slice(0, 4);
  if (prices.length === 0) return <span className={style.soft}>rien</span>;
  return (
    <ul className={style.prices}>
      {prices.map((one) => (
        <li key={one.say}>
          {one.say} : {plural(one.price, "point")} <span className={style.soft}>l’unité</span>
        </li>
      ))}
    </ul>
  );
}

function Missed({ quotas }: { quotas: ReturnType<typeof missed> }) {
  if (quotas.length === 0) return <span className={style.soft}>aucun</span>;
  return (
    <ul className={style.prices}>
      {quotas.slice(0, 4).map((one) => (
        <li key={one.name} className={style.refused}>
          {missedWords(one)}
        </li>
      ))}
      {quotas.length > 4 && <li className={style.soft}>et {plural(quotas.length - 4, "autre")}</li>}
    </ul>
  );
}

/** One more visit of a full adviser, the best of each partner. */
function hours(scenario: Scenario, names: Names): { price: number; say: string }[] {
  const best = new Map<number, number>();
  for (const one of scenario.summary.advisers ?? []) best.set(one.organisation, Math.max(best.get(one.organisation) ?? 0, one.price));
  return [...best].map(([organisation, price]) => ({ price, say: `heures de ${names.organisation(organisation)}` }));
}
