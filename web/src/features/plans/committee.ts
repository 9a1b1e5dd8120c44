// What a committee takes away of a plan: two versions, what differs between them, and scenarios, as tables.
import type { Schema } from "@/api/client";
import type { Sheet, Value } from "@/ui/take";
import { count, plural } from "@/words/number";
import { differences, told, type Names } from "./content";
import { figures, missed, missedWords } from "./figures";
import { answerWord, planState, type Plan, type Scenario } from "./words";

type Version = Plan["versions"][number];

const headOf = (version: Version) => `Version ${version.version} (${planState[version.state]?.label.toLowerCase() ?? version.state})`;

/** What a version's chosen scenario gives, a line each; none without one. */
export function outcomeLines(version: Version, plan: Plan, names: Names): string[] {
  const summary = plan.scenarios.find((one) => one.id === version.scenario)?.summary;
  if (!summary) return [];
  return [
    `${plural(summary.covered ?? 0, "employeur")}, dont ${count(summary.first ?? 0)} jamais visités et ${count(summary.small ?? 0)} de moins de 10 salariés`,
    ...(summary.partners ?? []).map((one) => `${names.organisation(one.organisation)} : ${plural(one.visits, "visite")}, ${plural(one.first, "premier contact", "premiers contacts")}`),
  ];
}

const answerLines = (version: Version) => version.answers.map((answer) => `${answer.organisation.name} ${answerWord(answer)}${answer.reason ? ` : « ${answer.reason} »` : ""}`);

/** Lines of both sides in one row, those of one side only in rows of their own. */
function facing(part: string, left: string[], right: string[]): Value[][] {
  const all = [...left, ...right.filter((line) => !left.includes(line))];
  return all.map((line) => {
    const [isLeft, isRight] = [left.includes(line), right.includes(line)];
    return [part, isLeft ? line : null, isRight ? line : null, isLeft && isRight ? null : "différent"];
  });
}

export function versionSheets(a: Version, b: Version, plan: Plan, names: Names): Sheet[] {
  const [left, right] = [told(a.content, names), told(b.content, names)];
  const changes = differences(a.content, b.content, names);
  return [
    {
      name: "Versions",
      rows: [
        ["Partie", headOf(a), headOf(b), "Écart"],
        ...left.flatMap((part, index) => facing(part.part, part.lines, right[index]?.lines ?? [])),
        ...facing("Scénario choisi", outcomeLines(a, plan, names), outcomeLines(b, plan, names)),
        ...facing("Signatures", answerLines(a), answerLines(b)),
      ],
    },
    { name: "Différences", rows: [[`De la version ${a.version} à la version ${b.version}`], ...(changes.length > 0 ? changes : ["Aucune différence"]).map((line) => [line])] },
  ];
}

/** The scenarios that were computed, one column each; what a partner gains and loses against the first or the chosen one. */
export function scenarioSheet(scenarios: Scenario[], plan: Plan, reference: Scenario | undefined, against: (scenario: Scenario) => Schema<"ScenarioAgainst"> | undefined): Sheet {
  const partners = plan.organisations.filter((one) => plan.content.partners.includes(one.id));
  return {
    name: "Scénarios",
    rows: [
      ["", ...scenarios.map((one) => (one.chosen ? `${one.name} (choisi)` : one.name))],
      ...figures.map((figure) => [figure.label, ...scenarios.map((one) => rounded(figure.of(one)))]),
      ...(scenarios.some((one) => missed(one).length > 0) ? [["Quotas non tenus", ...scenarios.map((one) => missed(one).map(missedWords).join(" ; "))]] : []),
      ...partners.flatMap((partner) => [
        [`${partner.short_name} : visites`, ...scenarios.map((one) => one.summary.partners?.find((p) => p.organisation === partner.id)?.visits ?? 0)],
        [`${partner.short_name} : visites possibles`, ...scenarios.map((one) => one.summary.organisations?.find((p) => p.organisation === partner.id)?.capacity ?? 0)],
        ...(reference && scenarios.length > 1
          ? (["gained", "lost"] as const).map((kind): Value[] => [
              `${partner.short_name} : employeurs ${kind === "gained" ? "gagnés" : "perdus"}, par rapport à « ${reference.name} »`,
              ...scenarios.map((one) => (one === reference ? null : (against(one)?.partners.find((p) => p.organisation.id === partner.id)?.[kind] ?? null))),
            ])
          : []),
      ]),
    ],
  };
}

const rounded = (value: number | undefined): Value => (value === undefined ? null : Math.round(value * 1000) / 1000);
