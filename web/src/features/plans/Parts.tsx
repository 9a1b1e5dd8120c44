// The parts of a plan, each read at a glance and written in place: scope, partners and hours, segments, rules, objectives,
// versions, comments.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { planHistory } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { NetworkMark, Organisation } from "@/ui/Network";
import { When } from "@/ui/When";
import { count, plural } from "@/words/number";
import { french } from "@/words/typography";
import { differences, ruleSentences, type Names, type Whole } from "./content";
import { goals, partNames, planState, type Plan } from "./words";
import style from "./Plans.module.css";
import { Sentences } from "./Sentences";

// What writes comes when it is asked for.
const forms = () => import("./Forms");
const Scope = lazy(() => forms().then((part) => ({ default: part.Scope })));
const Partners = lazy(() => forms().then((part) => ({ default: part.Partners })));
const Segments = lazy(() => forms().then((part) => ({ default: part.Segments })));
const Rules = lazy(() => forms().then((part) => ({ default: part.Rules })));
const Objectives = lazy(() => forms().then((part) => ({ default: part.Objectives })));
const CommentForm = lazy(() => forms().then((part) => ({ default: part.CommentForm })));

type PartsProps = { plan: Plan; content: Whole; names: Names; writer: boolean; isWriting: boolean; onWrite: (next: Partial<Whole>) => void };
export type Fields = Omit<PartsProps, "plan" | "isWriting">;

export function Parts(props: PartsProps) {
  const { plan, content, names, writer, onWrite } = props;
  const fields: Fields = { content, names, writer, onWrite };
  // The committee reads every plan and says what it thinks.
  const committee = useSession().role === "administrator";
  const [open, setOpen] = useState<string | null>(writer && content.segments.length === 0 ? "segments" : null);
  const part = (id: string, title: string, read: ReactNode, write: ReactNode) => (
    <Part id={id} title={title} writer={writer} isOpen={open === id} onOpen={() => setOpen(open === id ? null : id)} write={write}>
      {read}
    </Part>
  );
  return (
    <div className={style.parts}>
      {part("scope", "Territoire et période", <p>{content.communes.length === 0 ? `${plan.territory}, toutes les communes` : `${plan.territory}, ${plural(content.communes.length, "commune")}`}</p>, <Scope {...fields} />)}
      {part("partners", "Partenaires et heures", <PartnersRead {...fields} plan={plan} />, <Partners {...fields} />)}
      {part("segments", "Segments", <SegmentsRead {...fields} plan={plan} />, <Segments {...fields} />)}
      {part("rules", "Règles", <Sentences items={ruleSentences(content)} empty="" />, <Rules {...fields} />)}
      {part("objectives", "Objectifs", <ObjectivesRead {...fields} plan={plan} />, <Objectives {...fields} />)}
      <Versions plan={plan} names={names} />
      <Comments plan={plan} writer={writer || committee} />
    </div>
  );
}

function Part({ id, title, writer, isOpen, onOpen, write, children }: { id: string; title: string; writer: boolean; isOpen: boolean; onOpen: () => void; write: ReactNode; children: ReactNode }) {
  return (
    <section className={style.part} aria-label={title} data-part={id}>
      <header>
        <h2>{title}</h2>
        {writer && (
          <Button small look="quiet" icon={isOpen ? "up" : "edit"} aria-expanded={isOpen} aria-label={isOpen ? `Replier : ${title}` : `Modifier : ${title}`} onPress={onOpen}>
            {isOpen ? "Replier" : "Modifier"}
          </Button>
        )}
      </header>
      {isOpen ? (
        <Suspense fallback={children}>
          <div className={style.form}>{write}</div>
        </Suspense>
      ) : (
        children
      )}
    </section>
  );
}

const hoursOf = (content: Whole, id: number) => content.capacities.filter((one) => one.organisation === id).reduce((sum, one) => sum + one.hours, 0);
const visitsOf = (content: Whole, hours: number) => Math.floor((hours * 60) / content.rules.visit_minutes);
const known = (plan: Plan, id: number) => plan.organisations.find((one) => one.id === id);

function PartnersRead({ content, plan, names }: Fields & { plan: Plan }) {
  return (
    <table className={style.figures}>
      <thead>
        <tr>
          <th scope="col">Structure</th>
          <th scope="col">Heures</th>
          <th scope="col">Visites possibles</th>
          <th scope="col">Part</th>
        </tr>
      </thead>
      <tbody>
        {content.partners.map((id) => {
          const share = content.shares.find((one) => one.organisation === id);
          const hours = hoursOf(content, id);
          return (
            <tr key={id}>
              <th scope="row">
                <Organisation name={names.organisation(id)} network={known(plan, id)?.network ?? ""} size={16} />
              </th>
              <td>{hours > 0 ? count(hours) : <span className={style.soft}>aucune</span>}</td>
              <td>{count(visitsOf(content, hours))}</td>
              <td>{share ? `${share.least ?? 0} à ${share.most ?? 100} %` : <span className={style.soft}>libre</span>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function SegmentsRead({ content, plan, names }: Fields & { plan: Plan }) {
  if (content.segments.length === 0) return <p className={style.soft}>Aucun : un segment dit quels employeurs voir.</p>;
  return (
    <ul className={style.rows}>
      {content.segments.map((one) => {
        const segment = plan.segments.find((of) => of.id === one.segment);
        const lead = one.lead ? known(plan, one.lead) : null;
        return (
          <li key={one.segment}>
            <a href={`/segments/${one.segment}`}>{french(segment?.name ?? names.segment(one.segment))}</a>
            <span className={style.soft}>version {one.version}</span>
            {segment && segment.version > one.version && <Badge tone="warn">Version {segment.version} parue</Badge>}
            {lead && (
              <span className={style.lead}>
                <NetworkMark network={lead.network} size={14} /> {lead.short_name} mène
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}


function ObjectivesRead({ content, plan, names }: Fields & { plan: Plan }) {
  if (content.objectives.length === 0) return <p className={style.soft}>Aucun objectif chiffré.</p>;
  return (
    <table className={style.figures}>
      <thead>
        <tr>
          <th scope="col">Structure</th>
          {goals.map((goal) => (
            <th key={goal.id} scope="col">
              {goal.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {content.objectives.map((one) => (
          <tr key={one.organisation}>
            <th scope="row">
              <Organisation name={names.organisation(one.organisation)} network={known(plan, one.organisation)?.network ?? ""} size={16} />
            </th>
            {goals.map((goal) => (
              <td key={goal.id}>{count(one[goal.id] ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const eventWords: Record<string, string> = {
  "plan.made": "a ouvert le plan",
  "plan.changed": "a modifié le brouillon",
  "plan.versioned": "a ouvert une nouvelle version",
  "plan.proposed": "a proposé le plan",
  "plan.signed": "a signé",
  "plan.refused": "a refusé",
  "plan.agreed": "toutes les signatures sont réunies",
  "plan.activated": "a démarré le plan",
  "plan.computed": "un scénario est calculé",
  "plan.archived": "a retiré un scénario",
  "plan.commented": "a commenté",
  "plan.abandoned": "a abandonné",
  "plan.evaluated": "a clos le plan",
};

function Versions({ plan, names }: { plan: Plan; names: Names }) {
  const [history, setHistory] = useState(false);
  return (
    <section className={style.part} aria-label="Versions">
      <header>
        <h2>Versions</h2>
        <Button small look="quiet" icon="clock" className="no-print" aria-expanded={history} onPress={() => setHistory(!history)}>
          Journal
        </Button>
      </header>
      {history && <History plan={plan} names={names} />}
      <ol className={style.versions}>
        {plan.versions.map((version, index) => {
          const before = plan.versions[index + 1];
          const word = planState[version.state];
          return (
            <li key={version.version}>
              <p className={style.versionHead}>
                <strong>Version {version.version}</strong>
                {word && <Badge tone={word.tone}>{word.label}</Badge>}
                <span className={style.soft}>
                  {version.member.name}, <When at={version.made_at} />
                </span>
              </p>
              {version.note && <p>{french(version.note)}</p>}
              {before ? <Sentences items={differences(before.content, version.content, names)} empty={before.scenario === version.scenario ? "Même texte, mêmes lignes." : "Même texte, autre scénario."} /> : <p className={style.soft}>Première version.</p>}
              {version.answers
                .filter((answer) => answer.answer === "refused")
                .map((answer) => (
                  <p key={answer.organisation.id} className={style.refused}>
                    Refusée par {answer.organisation.short_name} : {answer.reason}
                  </p>
                ))}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function History({ plan, names }: { plan: Plan; names: Names }) {
  const { data } = useQuery(planHistory(plan.id));
  const edits = new Map((data?.edits ?? []).map((one) => [one.edit, one.content]));
  const changes = (edit: unknown) => {
    const after = edits.get(Number(edit));
    const before = edits.get(Number(edit) - 1);
    return after && before ? differences(before, after, names) : [];
  };
  return (
    <ol className={style.history} aria-label="Journal du plan">
      {(data?.events ?? []).slice(0, 60).map((event, index) => (
        <li key={index}>
          <When at={event.at} className={style.soft} /> {event.member ?? "Maillage"}
          {event.organisation && ` (${event.organisation.short_name})`} {eventWords[event.kind] ?? event.kind}
          {typeof event.data["version"] === "number" && `, version ${event.data["version"]}`}
          {changes(event.data["edit"]).length > 0 && <Sentences items={changes(event.data["edit"])} empty="" />}
        </li>
      ))}
    </ol>
  );
}

function Comments({ plan, writer }: { plan: Plan; writer: boolean }) {
  return (
    <section className={style.part} aria-label="Commentaires">
      <header>
        <h2>Commentaires</h2>
      </header>
      {plan.comments.length === 0 && <p className={style.soft}>Aucun commentaire.</p>}
      <ol className={style.comments}>
        {plan.comments.map((comment) => (
          <li key={comment.id}>
            <p className={style.versionHead}>
              <Organisation name={comment.member.name} network={comment.organisation.network} size={14} />
              <span className={style.soft}>
                {comment.establishment ? `sur ${comment.establishment.name ?? "un employeur"}` : comment.segment ? `sur ${plan.segments.find((one) => one.id === comment.segment)?.name ?? "un segment"}` : partNames[comment.part ?? ""]}, <When at={comment.at} />
              </span>
            </p>
            <p>{french(comment.text)}</p>
          </li>
        ))}
      </ol>
      {writer && (
        <Suspense fallback={null}>
          <CommentForm plan={plan} />
        </Suspense>
      )}
    </section>
  );
}
