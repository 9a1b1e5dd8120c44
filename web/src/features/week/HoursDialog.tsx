// How one works: what a suggested week keeps to.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { ground as groundQuery } from "@/api/queries";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, RadioGroup, SearchSelect, Select, TextField, type Choice } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import style from "./Week.module.css";
import { duration } from "./words";

type Hours = Schema<"WorkWeek">;
const days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];

export default function HoursDialog({ hours, onClose }: { hours: Hours; onClose: () => void }) {
  const [form, setForm] = useState<Hours>(hours);
  const set = (changes: Partial<Hours>) => setForm((before) => ({ ...before, ...changes }));
  const { data: ground } = useQuery(groundQuery);
  const communes: Choice[] = (ground?.features ?? []).map(({ properties }) => ({ id: String(properties.code), label: String(properties.name) }));
  const write = useWrite(
    () => {
      const { home_name: _, home_commune, ...rest } = form;
      return api.put("/api/week/hours", { body: { ...rest, ...(form.starts === "home" && home_commune ? { home_commune } : {}) } });
    },
    { touches: [["week"]], quiet: true, done: () => "Vos horaires sont enregistrés.", onDone: onClose },
  );
  const error = write.error;
  return (
    <Dialog title="Mes horaires" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          write.mutate(undefined);
        }}
      >
        <fieldset className={style.weekdays}>
          <legend>Jours de visite</legend>
          {days.map((name, index) => (
            <Checkbox key={name} isSelected={form.days.includes(index + 1)} onChange={(on) => set({ days: on ? [...form.days, index + 1].sort() : form.days.filter((one) => one !== index + 1) })}>
              {name}
            </Checkbox>
          ))}
        </fieldset>
        <div className={style.moment}>
          <TextField label="De" type="time" value={form.opens} onChange={(opens) => set({ opens })} required error={fault(error, "opens")} />
          <TextField label="À" type="time" value={form.closes} onChange={(closes) => set({ closes })} required error={form.closes && form.closes <= form.opens ? "La journée finit après son début." : fault(error, "closes")} />
          <Select label="Visites par jour, au plus" required value={String(form.visits_most)} onChange={(value) => set({ visits_most: Number(value) })} choices={[2, 3, 4, 5, 6, 7, 8].map((one) => ({ id: String(one), label: String(one) }))} />
        </div>
        <div className={style.moment}>
          <TextField label="Déjeuner entre" type="time" value={form.lunch_from} onChange={(lunch_from) => set({ lunch_from })} required error={fault(error, "lunch_from")} />
          <TextField label="et" type="time" value={form.lunch_to} onChange={(lunch_to) => set({ lunch_to })} required error={form.lunch_to && form.lunch_to < form.lunch_from ? "Après le début." : fault(error, "lunch_to")} />
          <Select label="Durée du déjeuner" required value={String(form.lunch_minutes)} onChange={(value) => set({ lunch_minutes: Number(value) })} choices={[0, 30, 45, 60, 90].map((one) => ({ id: String(one), label: one === 0 ? "aucune" : duration(one) }))} />
        </div>
        <Select label="Durée habituelle d’une visite" required value={String(form.visit_minutes)} onChange={(value) => set({ visit_minutes: Number(value) })} choices={[30, 45, 60, 90].map((one) => ({ id: String(one), label: duration(one) }))} />
        <RadioGroup
          label="Départ et retour"
          required
          columns
          value={form.starts}
          onChange={(starts) => set({ starts: starts as Hours["starts"] })}
          choices={[
            { id: "agency", label: "Ma structure" },
            { id: "home", label: "Mon domicile", detail: "Sa commune seulement, et pour vous seul." },
          ]}
        />
        {form.starts === "home" && (
          <SearchSelect label="Commune du domicile" required choices={communes} value={form.home_commune ? { id: form.home_commune, label: form.home_name ?? form.home_commune } : null} onChange={(choice) => set({ home_commune: choice?.id ?? null, home_name: choice?.label ?? null })} error={fault(error, "home_commune")} />
        )}
        {error !== null && error !== undefined && <Refused error={error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending} isDisabled={form.days.length === 0}>
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
