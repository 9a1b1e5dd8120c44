// The workshop of one plan: its parts at the left, what it comes to at the right, who has signed above both.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "@/api/client";
import { organisations as organisationsQuery, plan as planQuery, segments as segmentsQuery } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { useParameters } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { phone, useMedia } from "@/ui/media";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";
import { Conflict } from "./Conflict";
import { differences, whole, type Names, type Whole } from "./content";
import { Live } from "./Live";
import { Parts } from "./Parts";
import style from "./Plans.module.css";
import { Signatures } from "./Signatures";
import { planState, type Plan } from "./words";
import { Wrong } from "./Wrong";

export default function PlanPage() {
  const { id } = useParameters();
  const number = /^\d+$/.test(id ?? "") ? Number(id) : null;
  if (number === null) return <Message icon="agreement" title="Ce plan n’existe pas." alone />;
  return <Loaded key={number} id={number} />;
}

function Loaded({ id }: { id: number }) {
  const { data, isPending, isError, error, refetch } = useQuery(planQuery(id));
  if (isError) return <Failure alone error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={10} />;
  return <Workshop plan={data} />;
}

/** Names of what a content speaks of by number. */
export function useNames(plan: Plan): Names {
  const { data: organisations } = useQuery(organisationsQuery);
  const { data: segments } = useQuery(segmentsQuery(false));
  return useMemo(() => {
    const orgs = new Map([...(organisations?.items ?? []), ...plan.organisations].map((one) => [one.id, one.short_name]));
    const names = new Map([...(segments?.items ?? []), ...plan.segments].map((one) => [one.id, one.name]));
    const members = new Map(plan.scenarios.flatMap((one) => one.summary.advisers ?? []).map((one) => [one.member, one.name]));
    return {
      organisation: (of) => orgs.get(of) ?? "une structure",
      segment: (of) => `« ${names.get(of) ?? of} »`,
      member: (of) => members.get(of) ?? "un conseiller",
      commune: (code) => code,
    };
  }, [organisations, segments, plan]);
}

function Workshop({ plan }: { plan: Plan }) {
  const session = useSession();
  const small = useMedia(phone);
  const names = useNames(plan);
  const over = plan.state === "evaluated" || plan.state === "abandoned";
  const writer = plan.ours && !over && (session.role === "adviser" || session.role === "manager");
  const kept = useMemo(() => whole(plan.content), [plan.content]);
  // What is being written, and what it was written from: others may save meanwhile.
  const [writing, setWriting] = useState<{ content: Whole; base: Whole; edit: number } | null>(null);
  const content = writing?.content ?? kept;
  const changed = writing ? differences(writing.base, writing.content, names) : [];
  const save = useWrite((input: { content: Whole; edit: number }) => api.put("/api/plans/{id}/content", { path: { id: plan.id }, version: input.edit, body: { content: input.content } }), {
    touches: [["plans"]],
    quiet: true,
    done: (answer) => (answer.version === plan.version ? "Plan enregistré." : { text: `Version ${answer.version} ouverte.`, detail: plan.version_state === "active" ? "La version en cours continue jusqu’à ce que celle-ci soit signée et appliquée." : "Les signatures de la version précédente ne valent plus." }),
    onDone: () => setWriting(null),
  });
  const write = (next: Partial<Whole>) => setWriting({ content: { ...content, ...next }, base: writing?.base ?? kept, edit: writing?.edit ?? plan.edit });
  const taken = save.error instanceof Refusal && save.error.code === "plan_edit_taken" ? save.error : null;
  const word = planState[plan.state];
  const parts = <Parts plan={plan} content={content} names={names} writer={writer} onWrite={write} isWriting={changed.length > 0} />;
  const bar = writing && changed.length > 0 && (
    <div className={style.bar} role="region" aria-label="Modifications non enregistrées">
      <p>
        <strong>{changed.length === 1 ? "Une modification" : `${changed.length} modifications`}</strong>
        {plan.version_state === "draft" ? " à enregistrer" : plan.version_state === "active" ? " : un avenant à faire signer, le plan continue" : " : une nouvelle version, à signer de nouveau par tous"}
      </p>
      <Button small look="primary" isPending={save.isPending} onPress={() => save.mutate(writing)}>
        Enregistrer
      </Button>
      <Button
        small
        look="quiet"
        onPress={() => {
          setWriting(null);
          save.reset();
        }}
      >
        Annuler
      </Button>
      {save.error && !taken ? <Wrong error={save.error} /> : null}
    </div>
  );
  return (
    <Page
      title={french(plan.name)}
      fill
      aside={
        <span className={style.aside}>
          {word && (
            <Badge tone={word.tone} icon={word.icon}>
              {word.label}
            </Badge>
          )}
          <span>
            {plan.territory}, du {longDay(plan.starts_on)} au {longDay(plan.ends_on)}
          </span>
          {plan.version > 1 && <span className={style.soft}>version {plan.version}</span>}
        </span>
      }
      actions={<Link href="/plans">Tous les plans</Link>}
    >
      <div className={style.workshop}>
        <Signatures plan={plan} isWriting={changed.length > 0} names={names} />
        {small ? (
          <div className={style.stack}>
            {parts}
            {bar}
            <Live plan={plan} names={names} />
          </div>
        ) : (
          <Split
            name="plan"
            initial={40}
            left={
              <div className={style.left}>
                {parts}
                {bar}
              </div>
            }
            right={<Live plan={plan} names={names} />}
          />
        )}
      </div>
      {taken && writing && (
        <Conflict
          refusal={taken}
          base={writing.base}
          mine={writing.content}
          names={names}
          onTheirs={() => {
            setWriting(null);
            save.reset();
          }}
          onMine={(both, edit) => {
            save.reset();
            const next = { content: both, base: writing.base, edit };
            setWriting(next);
            save.mutate(next);
          }}
          onClose={() => save.reset()}
        />
      )}
    </Page>
  );
}
