// When an employer receives: read on its record, written by any partner, used by suggested weeks.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { openingHours } from "@/api/queries";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { TextField, toFirstFault } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { When } from "@/ui/When";
import { days, rangesOf, textOf, weekOf, type Hours } from "./hours";
import style from "./Record.module.css";

export function OpeningHours({ id, writer }: { id: number; writer: boolean }) {
  const { data } = useQuery(openingHours(id));
  const [open, setOpen] = useState(false);
  if (!data) return null;
  const lines = weekOf(data.hours as Hours);
  return (
    <section aria-label="Horaires">
      <div className={style.sectionHead}>
        <h3>Horaires</h3>
        {writer && (
          <Button small look="quiet" icon="edit" onPress={() => setOpen(true)}>
            {lines.length > 0 ? "Modifier les horaires" : "Noter les horaires"}
          </Button>
        )}
      </div>
      {lines.length === 0 ? (
        <p className={style.soft}>Inconnus. Les semaines proposées en tiennent compte dès qu’ils sont notés.</p>
      ) : (
        <>
          <dl className={style.hours}>
            {lines.map((line) => (
              <div key={line.days}>
                <dt>{line.days}</dt>
                <dd>{line.hours}</dd>
              </div>
            ))}
          </dl>
          {data.stated_at && (
            <p className={style.soft}>
              Notés <When at={data.stated_at} />
            </p>
          )}
        </>
      )}
      {open && <HoursForm id={id} hours={data.hours as Hours} onClose={() => setOpen(false)} />}
    </section>
  );
}

function HoursForm({ id, hours, onClose }: { id: number; hours: Hours; onClose: () => void }) {
  const [texts, setTexts] = useState(() => days.map((_, index) => textOf(hours[String(index + 1)])));
  const [checked, check] = useState(false);
  const ranges = texts.map(rangesOf);
  const write = useWrite(
    () => {
      const said = Object.fromEntries(ranges.flatMap((day, index) => (day && day.length > 0 ? [[String(index + 1), day]] : [])));
      return api.put("/api/establishments/{id}/hours", { path: { id }, body: { hours: said } as { hours: Schema<"OpeningHours">["hours"] } });
    },
    { touches: [["establishment", id], ["week"]], quiet: true, done: () => "Horaires enregistrés.", onDone: onClose },
  );
  const set = (index: number, text: string) => setTexts((before) => before.map((one, at) => (at === index ? text : one)));
  return (
    <Dialog title="Horaires de l’employeur" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (ranges.includes(null)) toFirstFault();
          else write.mutate(undefined);
        }}
      >
        <p className={style.soft}>Par exemple « 8h-12h, 14h-18h30 ». Un jour laissé vide est un jour fermé.</p>
        {days.map((day, index) => (
          <TextField key={day} label={`${day.charAt(0).toUpperCase()}${day.slice(1)}`} value={texts[index] ?? ""} onChange={(text) => set(index, text)} maxLength={60} placeholder="fermé" autoFocus={index === 0} error={checked && ranges[index] === null ? "Écrivez « 8h-12h, 14h-18h », ou rien." : undefined} />
        ))}
        <Button small look="quiet" icon="down" onPress={() => setTexts((before) => before.map((text, index) => (index > 0 && index < 5 ? (before[0] ?? "") : text)))}>
          Comme lundi jusqu’à vendredi
        </Button>
        {write.error !== null && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            Enregistrer
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
