// The figures by which scenarios are compared.
import { count, percent } from "@/words/number";
import type { Scenario } from "./words";

export const figures: { id: string; label: string; of: (s: Scenario) => number | undefined; say?: (n: number) => string; low?: boolean }[] = [
  { id: "covered", label: "Employeurs visités", of: (s) => s.summary.covered },
  { id: "first", label: "Premiers contacts", of: (s) => s.summary.first },
  { id: "small", label: "Moins de 10 salariés", of: (s) => s.summary.small },
  { id: "served", label: "Communes servies", of: (s) => s.summary.served },
  { id: "km", label: "Kilomètres, par visite", of: (s) => (s.summary.covered ? (s.summary.km ?? 0) / s.summary.covered : undefined), say: (n) => n.toFixed(1).replace(".", ","), low: true },
  { id: "spread", label: "Écart entre les charges", of: spread, say: percent, low: true },
];

type Quota = NonNullable<Scenario["summary"]["quotas"]>[number];

/** Quotas that the other rules leave no room for: fewer visits than they ask. */
export const missed = (scenario: Scenario): Quota[] => (scenario.summary.quotas ?? []).filter((one) => (one.visits ?? one.least) < one.least);
export const missedWords = (quota: Quota) => `${quota.name} : ${count(quota.visits ?? 0)} sur ${count(quota.least)}`;

/** How far apart the partners are in what they are asked for, against their hours: 0 is the same for all. */
function spread(s: Scenario): number | undefined {
  const loads = (s.summary.organisations ?? []).filter((one) => one.capacity > 0).map((one) => (s.summary.partners?.find((p) => p.organisation === one.organisation)?.visits ?? 0) / one.capacity);
  return loads.length > 0 ? Math.max(...loads) - Math.min(...loads) : undefined;
}
