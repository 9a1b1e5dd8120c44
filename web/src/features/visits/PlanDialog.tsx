// An appointment: planned, moved or cancelled.
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import type { Establishment, Visit } from "@/api/queries";
import { useWrite } from "@/api/write";
import { personName } from "@/features/contacts/person";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, Select, TextArea, TextField } from "@/ui/Field";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { addWorkingDays, appointment, dayOff, fullDay, isoDay, now, parisMoment, wallTime } from "@/words/time";

type PlanProps = { record?: Establishment; visit?: Visit; isOpen: boolean; onClose: () => void };

export const visitTouches = (establishment: number) => [["establishments"], ["establishment", establishment], ["today"], ["visits"], ["map"]];

export function PlanDialog({ record, visit, isOpen, onClose }: PlanProps) {
  const establishment = record?.id ?? visit?.establishment.id ?? 0;
  const today = isoDay(now());
  const [day, setDay] = useState(visit ? isoDay(visit.planned_at) : addWorkingDays(today, 2));
  const [time, setTime] = useState(visit ? wallTime(visit.planned_at) : "09:30");
  const [minutes, setMinutes] = useState(String(visit?.minutes ?? 45));
  const [contact, setContact] = useState(visit?.contact ? String(visit.contact.id) : "");
  const [reason, setReason] = useState("");
  const contacts = record?.contacts.filter((item) => !item.opposition) ?? [];
  const write = useWrite(
    (_: undefined, version) => {
      const body = { planned_at: parisMoment(day, time), minutes: Number(minutes), ...(contact ? { contact: Number(contact) } : {}) };
      return visit
        ? api.patch("/api/visits/{id}", { path: { id: visit.id }, version, body })
        : api.post("/api/visits", { body: { ...body, establishment, ...(reason.trim() ? { override_reason: reason.trim() } : {}) } });
    },
    {
      version: visit?.version,
      touches: visitTouches(establishment),
      quiet: true,
      done: (answer) => `Visite ${visit ? "déplacée" : "prévue"} ${appointment(answer.planned_at)}.`,
      onDone: onClose,
    },
  );
  const resting = record?.state === "resting" || (write.error instanceof Refusal && write.error.code === "establishment_resting");
  const off = dayOff(day);
  const ready = day !== "" && /^\d\d:\d\d/.test(time);
  return (
    <Dialog title={visit ? "Déplacer la visite" : "Planifier une visite"} isOpen={isOpen} onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) write.mutate(undefined);
        }}
      >
        {record && !record.mine && !record.holder && <p>Planifier une visite engage aussi votre structure auprès des partenaires.</p>}
        <DayField
          label="Jour"
          value={day}
          onChange={setDay}
          required
          help={day ? (off ? `${fullDay(day)} (${off})` : fullDay(day)) : undefined}
          error={day === "" ? "Choisissez un jour." : fault(write.error, "planned_at")}
          shortcuts={[
            { label: "Demain", day: addWorkingDays(today, 1) },
            { label: "Dans 2 jours ouvrés", day: addWorkingDays(today, 2) },
            { label: "Dans 5 jours ouvrés", day: addWorkingDays(today, 5) },
          ]}
        />
        <TextField label="Heure" type="time" value={time} onChange={setTime} required step={300} />
        <Select
          label="Durée"
          required
          value={minutes}
          onChange={setMinutes}
          choices={[20, 30, 45, 60, 90, 120].map((value) => ({ id: String(value), label: value < 60 ? `${value} min` : value % 60 === 0 ? `${value / 60} h` : `${Math.floor(value / 60)} h ${value % 60}` }))}
        />
        {contacts.length > 0 && (
          <Select
            label="Interlocuteur"
            value={contact || null}
            onChange={setContact}
            choices={contacts.map((item) => ({ id: String(item.id), label: personName(item), ...(item.position ? { detail: item.position } : {}) }))}
          />
        )}
        {resting && !visit && <TextArea label="Motif pour passer outre le délai de repos" value={reason} onChange={setReason} required maxLength={500} error={fault(write.error, "override_reason")} help="Le motif est visible des partenaires et compté." />}
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            {visit ? "Déplacer" : "Planifier"}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

export function CancelVisitDialog({ visit, isOpen, onClose }: { visit: Visit; isOpen: boolean; onClose: () => void }) {
  const write = useWrite((reason: string) => api.post("/api/visits/{id}/cancel", { path: { id: visit.id }, body: { reason } }), {
    touches: visitTouches(visit.establishment.id),
    quiet: true,
    done: () => "Visite annulée. L’engagement reste en cours.",
    onDone: onClose,
  });
  return (
    <ReasonDialog title="Annuler la visite" label="Motif" confirm="Annuler la visite" isOpen={isOpen} onClose={onClose} onConfirm={write.mutate} error={write.error} busy={write.isPending} danger>
      <p>L’engagement de visite reste en cours ; il se rend à part.</p>
    </ReasonDialog>
  );
}
