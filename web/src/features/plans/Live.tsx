// What the plan comes to: scenarios beside one another, who gets what on the map and line by line, and what came of it.
import { lazy, Suspense, type ReactNode } from "react";
import { useQueryState } from "@/router";
import { Message, Skeleton } from "@/ui/States";
import { Tabs, type TabItem } from "@/ui/Tabs";
import type { Names } from "./content";
import style from "./Plans.module.css";
import { Scenarios } from "./Scenarios";
import type { Plan, Scenario } from "./words";

const Lines = lazy(() => import("./Lines"));
const PlanMap = lazy(() => import("./PlanMap"));
const Sides = lazy(() => import("./Sides"));
const Results = lazy(() => import("./Results"));

/** What a view of one scenario is told: which, and those that may be shown instead. */
export type Shown = { plan: Plan; scenario: Scenario; others: Scenario[] };

export function Live({ plan, names }: { plan: Plan; names: Names }) {
  const query = useQueryState();
  const done = plan.scenarios.filter((one) => one.state === "done");
  const asked = Number(query.get("scenario"));
  const running = plan.versions.find((one) => one.state === "active")?.scenario;
  // The one asked for, else the chosen one, else the latest.
  const scenario = done.find((one) => one.id === asked) ?? done.find((one) => one.id === (plan.scenario ?? running)) ?? done[done.length - 1];
  const started = plan.versions.some((one) => one.activated_at !== null);
  const tab = query.get("vue") ?? (plan.deadlocked && plan.versions.length > 1 ? "versions" : started ? "resultats" : "scenarios");
  const of = (show: (shown: Shown) => ReactNode) => <Suspense fallback={<Skeleton rows={8} />}>{scenario ? show({ plan, scenario, others: done }) : <Nothing />}</Suspense>;
  const items: TabItem[] = [
    { id: "scenarios", label: "Scénarios", count: plan.scenarios.length, content: <Scenarios plan={plan} names={names} /> },
    { id: "carte", label: "Carte", content: of((shown) => <PlanMap key={shown.scenario.id} {...shown} />) },
    { id: "lignes", label: "Lignes", content: of((shown) => <Lines key={shown.scenario.id} {...shown} />) },
    ...(plan.versions.length > 1 ? [{ id: "versions", label: "Deux versions", content: <Suspense fallback={<Skeleton rows={8} />}><Sides plan={plan} names={names} /></Suspense> }] : []),
    ...(started ? [{ id: "resultats", label: "Résultats", content: <Suspense fallback={<Skeleton rows={6} />}><Results plan={plan} /></Suspense> }] : []),
  ];
  return (
    <div className={style.live}>
      <Tabs label="Ce que donne le plan" items={items} selected={items.some((one) => one.id === tab) ? tab : "scenarios"} onSelect={(id) => query.set({ vue: id }, { replace: true })} className={style.tabs} />
    </div>
  );
}

function Nothing() {
  return (
    <Message icon="agreement" title="Aucun scénario calculé.">
      Un scénario répartit les employeurs des segments entre les partenaires, et dit pour chacun pourquoi.
    </Message>
  );
}
