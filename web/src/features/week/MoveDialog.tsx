// The twin of every drag: a day, a time, what they collide with, and the moments that cost the least detour.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { slots as slotsQuery, week as weekQuery } from "@/api/week";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, Select, TextField } from "@/ui/Field";
import { Skeleton } from "@/ui/States";
import { plural } from "@/words/number";
import { addDays, addWorkingDays, clock, fullDay, isoDay, monday, now, parisMoment, wallTime } from "@/words/time";
import type { Conflict, Moment } from "./conflicts";
import style from "./Week.module.css";
import { collide, employerOf, minutesOf, nameOf, type Line, type Subject } from "./week";
import { duration } from "./words";

type MoveProps = { subject: Subject; lines: Line[]; onMove: (to: Moment) => void; onClose: () => void };

const lengths = [20, 30, 45, 60, 90, 120];

export function Conflicts({ list }: { list: Conflict[] }) {
  return (
    <ul className={style.conflicts} aria-live="polite">
      {list.map((conflict) => (
        <li key={conflict.text} className={conflict.forbidden ? style.forbidden : style.caution}>
          {conflict.text}
        </li>
      ))}
    </ul>
  );
}

export default function MoveDialog({ subject, lines, onMove, onClose }: MoveProps) {
  const employer = employerOf(subject);
  const from = subject.kind === "visit" ? subject.placed.visit.planned_at : subject.kind === "line" ? subject.line.starts_at : null;
  const [day, setDay] = useState(from ? isoDay(from) : addWorkingDays(isoDay(now()), 1));
  const [time, setTime] = useState(from ? wallTime(from) : "09:30");
  const ready = /^\d{4}-\d\d-\d\d$/.test(day) && /^\d\d:\d\d$/.test(time);
  // What stands in the week of the day chosen, whichever week is shown behind.
  const start = monday(ready ? day : isoDay(now()));
  const { data: week } = useQuery(weekQuery(start, addDays(start, 6)));
  const [chosen, setMinutes] = useState<number | null>(null);
  const minutes = chosen ?? minutesOf(subject, week?.hours?.visit_minutes ?? 60);
  const found = ready && week ? collide(week, lines, subject, { day, time, minutes }) : [];
  const forbidden = found.some((conflict) => conflict.forbidden);
  const title = from ? "Déplacer" : "Planifier";
  return (
    <Dialog title={`${title} : ${nameOf(employer)}`} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !forbidden) onMove({ day, time, minutes });
        }}
      >
        <div className={style.moment}>
          <DayField label="Jour" value={day} onChange={setDay} required help={ready ? fullDay(day) : undefined} error={day === "" ? "Choisissez un jour." : undefined} autoFocus />
          <TextField label="Heure" type="time" value={time} onChange={setTime} required step={300} />
          {subject.kind !== "line" && (
            <Select
              label="Durée"
              required
              value={String(minutes)}
              onChange={(value) => setMinutes(Number(value))}
              choices={[...new Set([...lengths, minutes])].sort((a, b) => a - b).map((value) => ({ id: String(value), label: duration(value) }))}
            />
          )}
        </div>
        <Conflicts list={found} />
        {ready && <Proposed establishment={employer.id} visit={subject.kind === "visit" ? subject.placed.visit.id : undefined} day={day} minutes={minutes} chosen={`${day} ${time}`} onChoose={(at) => (setDay(at.day), setTime(at.time))} />}
        <Actions>
          <Button type="submit" look="primary" isDisabled={!ready || forbidden}>
            {title}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** Moments of the week of that day, the cheapest detour first. */
function Proposed({ establishment, visit, day, minutes, chosen, onChoose }: { establishment: number; visit: number | undefined; day: string; minutes: number; chosen: string; onChoose: (at: { day: string; time: string }) => void }) {
  const today = isoDay(now());
  const first = monday(day) < today ? (day < today ? today : monday(day) === monday(today) ? today : monday(day)) : monday(day);
  const { data, isError } = useQuery(slotsQuery(establishment, first, minutes, visit));
  if (isError) return null;
  // The two best of each day: nobody is free on one day only.
  const seen = new Map<number, number>();
  const best = (data?.slots ?? []).filter(({ day: of }) => seen.set(of, (seen.get(of) ?? 0) + 1).get(of)! <= 2).slice(0, 8);
  return (
    <fieldset className={style.slots}>
      <legend>Créneaux qui coûtent le moins de route</legend>
      {!data ? (
        <Skeleton rows={2} shape="text" />
      ) : !data.placed ? (
        <p className={style.soft}>L’adresse de l’employeur n’est pas située sur la carte : la route n’est pas connue.</p>
      ) : best.length === 0 ? (
        <p className={style.soft}>Aucun créneau libre cette semaine.</p>
      ) : (
        <ul>
          {best.map((slot) => {
            const at = { day: addDays(first, slot.day), time: slot.time };
            return (
              <li key={`${at.day} ${at.time}`}>
                <Button small look={chosen === `${at.day} ${at.time}` ? "primary" : "plain"} onPress={() => onChoose(at)}>
                  {`${fullDay(at.day)} à ${clock(parisMoment(at.day, at.time))}`} <span className={style.cost}>{slot.cost_minutes === 0 ? "aucun détour" : slot.cost_minutes < 60 ? `coûte ${plural(slot.cost_minutes, "minute")}` : `coûte ${duration(slot.cost_minutes)}`}</span>
                </Button>
              </li>
            );
          })}
        </ul>
      )}
    </fieldset>
  );
}
