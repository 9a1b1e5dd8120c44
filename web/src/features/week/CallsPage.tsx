// Whom to call for an appointment: the numbers, what was tried, when to try again.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import { calls as callsQuery, type CallItem } from "@/api/week";
import { useWrite } from "@/api/write";
import { personName } from "@/features/contacts/person";
import { useSession } from "@/features/session/session";
import { Badge } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, RadioGroup, TextArea, TextField } from "@/ui/Field";
import { useWhose, WhoseSelect } from "@/ui/Whose";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { phone, plural } from "@/words/number";
import { addDays, addWorkingDays, isoDay, longDay, now, relative } from "@/words/time";
import { french } from "@/words/typography";
import style from "./Week.module.css";
import { nameOf, usePlan, type Waiting } from "./week";

const MoveDialog = lazy(() => import("./MoveDialog"));

const outcomes = [
  { id: "appointment", label: "Rendez-vous pris" },
  { id: "later", label: "Joint : rappeler plus tard" },
  { id: "message", label: "Message laissé" },
  { id: "no_answer", label: "Pas de réponse" },
  { id: "wrong", label: "Mauvais numéro" },
  { id: "refused", label: "Ne souhaite pas être sollicité", detail: "Vaut opposition : aucun partenaire ne le sollicitera plus." },
];
type Outcome = CallItem["calls"][number]["outcome"];

const hasNumber = (item: CallItem): boolean => Boolean(item.establishment.phone) || item.contacts.some((contact) => contact.phones.length > 0);

export default function CallsPage() {
  const session = useSession();
  const scope = useWhose("mine");
  const list = useQuery(callsQuery(scope));
  const [noting, note] = useState<CallItem | null>(null);
  const [planning, setPlanning] = useState<Waiting | null>(null);
  const plan = usePlan();
  const today = isoDay(now());
  const waitingOf = (item: CallItem): Waiting | null =>
    item.promise !== null && item.bounds !== null && item.due_on !== null ? { promise: { id: item.promise, due_on: item.due_on, establishment: item.establishment }, bounds: item.bounds } : null;
  const items = list.data?.items ?? [];
  // Those one can call first, in the order of the list.
  const due = items.filter((item) => !item.next_on || item.next_on <= today).sort((a, b) => Number(hasNumber(b)) - Number(hasNumber(a)));
  const later = items.filter((item) => item.next_on && item.next_on > today);
  const row = (item: CallItem) => <CallRow key={item.establishment.id} item={item} mine={item.member.id === session.member.id} onNote={() => note(item)} onPlan={waitingOf(item) ? () => setPlanning(waitingOf(item)) : undefined} />;
  return (
    <Page
      title="Appels"
      aside={list.data && <span aria-live="polite">{plural(due.length, "employeur à appeler", "employeurs à appeler")}</span>}
      toolbar={
        <WhoseSelect usual="mine" mine="Mes appels" />
      }
    >
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={5} shape="card" />
      ) : items.length === 0 ? (
        <Message icon="kept" title="Personne à appeler." action={<LinkButton href="/agenda">Voir l’agenda</LinkButton>}>
          Tous les engagements ont leur rendez-vous.
        </Message>
      ) : (
        <div className={style.callLists}>
          <ul className={style.callList} aria-label="À appeler maintenant">{due.map(row)}</ul>
          {later.length > 0 && (
            <section aria-label="À rappeler plus tard">
              <h2>À rappeler plus tard</h2>
              <ul className={style.callList}>{later.map(row)}</ul>
            </section>
          )}
        </div>
      )}
      {noting && <CallDialog item={noting} onClose={() => note(null)} onAppointment={() => (setPlanning(waitingOf(noting)), note(null))} />}
      <Suspense fallback={null}>
        {planning && <MoveDialog subject={{ kind: "waiting", waiting: planning }} lines={[]} onMove={(to) => (plan.mutate({ waiting: planning, to }), setPlanning(null))} onClose={() => setPlanning(null)} />}
      </Suspense>
    </Page>
  );
}

function CallRow({ item, mine, onNote, onPlan }: { item: CallItem; mine: boolean; onNote: () => void; onPlan: (() => void) | undefined }) {
  const name = nameOf(item.establishment);
  const today = isoDay(now());
  return (
    <li className={style.call}>
      <div className={style.what}>
        <p className={style.marks}>
          <Link href={`/entreprises/${item.establishment.id}`} className={style.name}>
            {name}
          </Link>
          <span className={style.soft}>{item.establishment.city}</span>
          {item.due_on && (
            <Badge tone={item.due_on < today ? "danger" : item.due_on <= addDays(today, 7) ? "warn" : "neutral"} icon="due">
              {item.due_on < today ? `échu le ${longDay(item.due_on)}` : `à visiter avant le ${longDay(item.due_on)}`}
            </Badge>
          )}
          {!mine && <span className={style.soft}>{item.member.name}</span>}
          {item.next_on && item.next_on > today && <Badge tone="neutral" icon="clock">{`rappeler le ${longDay(item.next_on)}`}</Badge>}
        </p>
        <ul className={style.numbers}>
          {item.establishment.phone && (
            <li>
              <a href={`tel:${item.establishment.phone}`}>{phone(item.establishment.phone)}</a> <span className={style.soft}>standard</span>
            </li>
          )}
          {item.contacts.flatMap((contact) =>
            (contact.phones ?? []).map((number) => (
              <li key={`${contact.id} ${number}`}>
                <a href={`tel:${number}`}>{phone(number)}</a>{" "}
                <span className={style.soft}>
                  {personName(contact)}
                  {contact.position && `, ${contact.position}`}
                </span>
              </li>
            )),
          )}
          {!hasNumber(item) && <li className={style.soft}>Aucun numéro connu.</li>}
        </ul>
        {item.calls.length > 0 && (
          <ul className={style.attempts} aria-label={`Appels à ${name}`}>
            {item.calls.slice(0, 3).map((call) => (
              <li key={call.id} className={style.soft}>
                {relative(call.at)} : {french(call.outcome_label)}
                {call.note && ` « ${french(call.note)} »`}
                {`, ${call.member.name}`}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className={style.buttons}>
        <Button small look="primary" icon="phone" onPress={onNote} aria-label={`Noter l’appel à ${name}`}>
          Noter l’appel
        </Button>
        {mine && onPlan && (
          <Button small onPress={onPlan} aria-label={`Planifier ${name}`}>
            Planifier
          </Button>
        )}
      </div>
    </li>
  );
}

function CallDialog({ item, onClose, onAppointment }: { item: CallItem; onClose: () => void; onAppointment: () => void }) {
  const today = isoDay(now());
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [note, setNote] = useState("");
  const [next, setNext] = useState("");
  const [reason, setReason] = useState("");
  const again = outcome === "later" || outcome === "message" || outcome === "no_answer";
  const write = useWrite(
    () =>
      api.post("/api/establishments/{id}/calls", {
        path: { id: item.establishment.id },
        body: { outcome: outcome as Outcome, ...(note.trim() ? { note: note.trim() } : {}), ...(again && next ? { next_on: next } : {}), ...(reason.trim() ? { override_reason: reason.trim() } : {}) },
      }),
    {
      touches: [["calls"], ["week"], ["today"], ["establishments"], ["establishment", item.establishment.id]],
      quiet: true,
      done: () => "L’appel est noté.",
      onDone: () => (outcome === "appointment" ? onAppointment() : onClose()),
    },
  );
  const resting = write.error instanceof Refusal && write.error.code === "establishment_resting";
  return (
    <Dialog title={`Appel : ${nameOf(item.establishment)}`} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          if (outcome) write.mutate(undefined);
        }}
      >
        <RadioGroup
          label="Ce qu’il en est"
          required
          value={outcome}
          onChange={(value) => {
            setOutcome(value as Outcome);
            setNext(value === "no_answer" ? addWorkingDays(today, 1) : addWorkingDays(today, 3));
          }}
          choices={outcomes}
        />
        {again && (
          <DayField
            label="Rappeler le"
            value={next}
            onChange={setNext}
            error={fault(write.error, "next_on")}
            shortcuts={[
              { label: "Demain", day: addWorkingDays(today, 1) },
              { label: "Dans 3 jours", day: addWorkingDays(today, 3) },
              { label: "Dans une semaine", day: addWorkingDays(today, 5) },
            ]}
          />
        )}
        <TextField label="Note" value={note} onChange={setNote} maxLength={500} help="Pour votre structure." />
        {resting && <TextArea label="Motif pour passer outre le délai de repos" value={reason} onChange={setReason} required maxLength={500} help="Le motif est compté." />}
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look={outcome === "refused" ? "danger" : "primary"} isPending={write.isPending} isDisabled={!outcome}>
            {outcome === "appointment" ? "Noter et choisir l’heure" : "Noter l’appel"}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
