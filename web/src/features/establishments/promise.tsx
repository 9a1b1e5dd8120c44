// The promise to visit: made before a date in working days, extended or given back with a reason.
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import type { Establishment, EstablishmentLine, Promised, Session } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, TextArea } from "@/ui/Field";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { plural } from "@/words/number";
import { addWorkingDays, dayOff, fullDay, isoDay, longDay, now, relativeDay, workingDays } from "@/words/time";

type Lines = InfiniteData<{ items: EstablishmentLine[]; next?: string | null }>;

const touches = (id: number) => [["establishments"], ["establishment", id], ["today"], ["map"], ["visits"]];

/** Shows the promise at once in the record and in every loaded list; gives back what puts things as they were. */
function promisedAtOnce(queries: QueryClient, session: Session, id: number, due: string): () => void {
  const record = queries.getQueryData<Establishment>(["establishment", id]);
  const lists = queries.getQueriesData<Lines>({ queryKey: ["establishments"] });
  const { organisation, member } = session;
  if (record) {
    queries.setQueryData<Establishment>(["establishment", id], {
      ...record,
      state: "promised",
      mine: true,
      holder: { promise: 0, organisation: { ...organisation, phone: null }, member, due_on: due, lapses_on: due, suspended_until: null, team: null, visit: null },
    });
  }
  for (const [key, data] of lists) {
    if (!data) continue;
    queries.setQueryData<Lines>(key, {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((row) =>
          row.id === id ? { ...row, state: "promised", due_on: due, holder: { id: organisation.id, short_name: organisation.short_name, network: organisation.network, member: member.name } } : row,
        ),
      })),
    });
  }
  return () => {
    if (record) queries.setQueryData(["establishment", id], record);
    for (const [key, data] of lists) queries.setQueryData(key, data);
  };
}

/** What is wrong with a day, before the server is asked. */
function dayFault(day: string): string | undefined {
  if (!day) return "Choisissez une date.";
  const off = dayOff(day);
  if (off) return `${off === "samedi" || off === "dimanche" ? `C’est un ${off}` : `Jour férié (${off})`} : l’échéance est un jour ouvré, par exemple le ${longDay(addWorkingDays(day, 1))}.`;
  if (day <= isoDay(now())) return "L’échéance doit être à venir.";
  return undefined;
}

function shortcuts(from: string, last: string) {
  return [5, 10, 15]
    .map((days) => ({ label: `${days} jours ouvrés`, day: addWorkingDays(from, days) }))
    .filter((item) => item.day <= last);
}

/** What one may do of an employer that a partner holds. */
function Instead({ visit, onChoose }: { visit: boolean; onChoose: (what: "join" | "ask") => void }) {
  return (
    <Actions>
      {visit && (
        <Button small icon="team" onPress={() => onChoose("join")}>
          Proposer une visite commune
        </Button>
      )}
      <Button small icon="transfer" onPress={() => onChoose("ask")}>
        Demander le transfert
      </Button>
    </Actions>
  );
}

export function PromiseDialog({ record, isOpen, onClose, onTaken }: { record: Establishment; isOpen: boolean; onClose: () => void; onTaken?: (what: "join" | "ask") => void }) {
  const session = useSession();
  const [due, setDue] = useState(session.promise.default_due_on);
  const [reason, setReason] = useState("");
  const [checked, check] = useState(false);
  const giveBack = useWrite((id: number) => api.post("/api/promises/{id}/return", { path: { id }, body: { reason: "Engagement pris par erreur, annulé aussitôt" } }), {
    touches: touches(record.id),
    done: () => "Engagement annulé.",
  });
  const write = useWrite(
    () => api.post("/api/promises", { body: { establishment: record.id, due_on: due, ...(reason.trim() ? { override_reason: reason.trim() } : {}) } }),
    {
      touches: touches(record.id),
      quiet: true,
      optimistic: (queries) => promisedAtOnce(queries, session, record.id, due),
      done: (promise) => ({
        text: "Engagement pris.",
        detail: `${record.name ?? "Cet employeur"} : visite avant le ${longDay(promise.due_on)}.`,
        action: { label: "Annuler", run: () => giveBack.mutate(promise.id) },
      }),
      onDone: onClose,
    },
  );
  const resting = record.state === "resting" || (write.error instanceof Refusal && write.error.code === "establishment_resting");
  const today = isoDay(now());
  const wrong = checked ? dayFault(due) : undefined;
  return (
    <Dialog title="Promettre une visite" isOpen={isOpen} onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (!dayFault(due)) write.mutate(undefined);
        }}
      >
        <p>
          <strong>{session.organisation.name}</strong> s’engage à voir cet employeur avant la date choisie. Jusque-là, aucun autre partenaire ne le démarche.
        </p>
        <DayField
          label="Visite avant le"
          value={due}
          onChange={setDue}
          required
          min={addWorkingDays(today, 1)}
          max={session.promise.last_due_on}
          error={wrong ?? fault(write.error, "due_on")}
          help={dayFault(due) ? undefined : `${fullDay(due)}, ${plural(workingDays(today, due), "jour ouvré", "jours ouvrés")}`}
          shortcuts={shortcuts(today, session.promise.last_due_on)}
        />
        {resting && (
          <TextArea
            label="Motif pour passer outre le délai de repos"
            value={reason}
            onChange={setReason}
            required
            maxLength={500}
            help={record.rest_until ? `Repos jusqu’au ${longDay(record.rest_until)}. Le motif est visible des partenaires et compté.` : "Le motif est visible des partenaires et compté."}
            error={fault(write.error, "override_reason")}
          />
        )}
        {write.error && write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error}>{write.error.code === "promise_taken" && onTaken && <Instead onChoose={onTaken} visit={(write.error.extra["holder"] as { visit?: unknown } | undefined)?.visit != null} />}</Refused>}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            S’engager
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

export function ExtendDialog({ promise, isOpen, onClose }: { promise: Promised; isOpen: boolean; onClose: () => void }) {
  const session = useSession();
  const suggested = addWorkingDays(promise.due_on, 5);
  const [due, setDue] = useState(suggested);
  const write = useWrite((reason: string) => api.post("/api/promises/{id}/extend", { path: { id: promise.id }, body: { due_on: due, reason } }), {
    touches: touches(promise.establishment.id),
    quiet: true,
    done: (answer) => `Engagement prolongé jusqu’au ${longDay(answer.due_on)}.`,
    onDone: onClose,
  });
  return (
    <ReasonDialog
      title="Prolonger l’engagement"
      label="Motif"
      confirm="Prolonger"
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={(reason) => !dayFault(due) && write.mutate(reason)}
      error={fault(write.error, "due_on") ? null : write.error}
      busy={write.isPending}
    >
      <p>
        Échéance actuelle : {longDay(promise.due_on)}, {relativeDay(promise.due_on)}. Prolongations déjà faites : {promise.extensions} sur {session.promise.extensions_most}.
      </p>
      <DayField
        label="Nouvelle échéance"
        value={due}
        onChange={setDue}
        required
        min={addWorkingDays(promise.due_on, 1)}
        error={dayFault(due) ?? fault(write.error, "due_on")}
        shortcuts={[5, 10].map((days) => ({ label: `+ ${days} jours ouvrés`, day: addWorkingDays(promise.due_on, days) }))}
      />
    </ReasonDialog>
  );
}

export function ReturnDialog({ promise, isOpen, onClose }: { promise: Promised; isOpen: boolean; onClose: () => void }) {
  const write = useWrite((reason: string) => api.post("/api/promises/{id}/return", { path: { id: promise.id }, body: { reason } }), {
    touches: touches(promise.establishment.id),
    quiet: true,
    done: () => "Engagement rendu : l’employeur est de nouveau libre.",
    onDone: onClose,
  });
  return (
    <ReasonDialog
      title="Rendre l’engagement"
      label="Motif"
      help="Visible des partenaires, qui pourront s’engager à leur tour."
      confirm="Rendre"
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={write.mutate}
      error={write.error}
      busy={write.isPending}
    />
  );
}
