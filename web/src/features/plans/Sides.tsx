// Two versions side by side: what the committee looks at when partners do not agree, and what may be printed for it.
import { useState } from "react";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { Select } from "@/ui/Field";
import { Organisation } from "@/ui/Network";
import { TakeAway } from "@/ui/TakeAway";
import { french } from "@/words/typography";
import { outcomeLines, versionSheets } from "./committee";
import { told, type Names } from "./content";
import style from "./Plans.module.css";
import { answerWord, planState, type Plan } from "./words";

type Version = Plan["versions"][number];

/** The two that matter: the latest, and the one that was refused or runs; else the one before. */
function pair(plan: Plan): [number, number] {
  const latest = plan.version;
  const refused = plan.versions.find((one) => one.version < latest && one.answers.some((answer) => answer.answer === "refused"));
  const running = plan.versions.find((one) => one.state === "active" && one.version < latest);
  return [(refused ?? running ?? plan.versions[1])?.version ?? latest, latest];
}

export default function Sides({ plan, names }: { plan: Plan; names: Names }) {
  const [[left, right], setPair] = useState(() => pair(plan));
  const a = plan.versions.find((one) => one.version === left);
  const b = plan.versions.find((one) => one.version === right);
  if (!a || !b) return null;
  const choices = plan.versions.map((one) => ({ id: String(one.version), label: `Version ${one.version}, ${planState[one.state]?.label.toLowerCase() ?? one.state}` }));
  const parts = told(a.content, names).map((part, index) => ({ part: part.part, left: part.lines, right: told(b.content, names)[index]?.lines ?? [] }));
  return (
    <div className={style.scroll} tabIndex={0}>
      <div className={classes(style.tools, "no-print")}>
        <Select label="À gauche" hideLabel small value={String(left)} onChange={(value) => setPair([Number(value), right])} choices={choices} />
        <Select label="À droite" hideLabel small value={String(right)} onChange={(value) => setPair([left, Number(value)])} choices={choices} />
        <TakeAway name={`versions-plan-${plan.id}`} sheets={() => versionSheets(a, b, plan, names)} />
      </div>
      <table className={classes(style.figures, style.wide, style.facing)}>
        <caption className="hidden-visually">Deux versions côte à côte</caption>
        <thead>
          <tr>
            <td />
            {[a, b].map((one, index) => (
              <th key={index} scope="col">
                Version {one.version} <Badge tone={planState[one.state]?.tone ?? "quiet"}>{planState[one.state]?.label}</Badge>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.part}>
              <th scope="row">{part.part}</th>
              <Lines lines={part.left} other={part.right} />
              <Lines lines={part.right} other={part.left} />
            </tr>
          ))}
          <tr>
            <th scope="row">Ce que donne le scénario choisi</th>
            <Figures version={a} plan={plan} names={names} />
            <Figures version={b} plan={plan} names={names} />
          </tr>
          <tr>
            <th scope="row">Signatures</th>
            <Answers version={a} />
            <Answers version={b} />
          </tr>
        </tbody>
      </table>
    </div>
  );
}

/** Lines of one side; those that the other side does not have are marked, in weight and by a sign. */
function Lines({ lines, other }: { lines: string[]; other: string[] }) {
  return (
    <td>
      {lines.length === 0 && <span className={style.soft}>rien</span>}
      <ul>
        {lines.map((line) => (
          <li key={line} className={classes(!other.includes(line) && style.differs)}>
            {french(line)}
            {!other.includes(line) && <span className="hidden-visually"> (différent)</span>}
          </li>
        ))}
      </ul>
    </td>
  );
}

function Figures({ version, plan, names }: { version: Version; plan: Plan; names: Names }) {
  const lines = outcomeLines(version, plan, names);
  if (lines.length === 0) return <td className={style.soft}>aucun</td>;
  return (
    <td>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </td>
  );
}

function Answers({ version }: { version: Version }) {
  return (
    <td>
      <ul>
        {version.answers.map((answer) => (
          <li key={answer.organisation.id}>
            <Organisation name={answer.organisation.short_name} network={answer.organisation.network} size={14} /> {answerWord(answer)}
            {answer.reason && ` : « ${answer.reason} »`}
          </li>
        ))}
      </ul>
    </td>
  );
}
