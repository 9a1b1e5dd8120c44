// A first draft: a name, a period, the partners. The rest is written in the workshop.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, newKey } from "@/api/client";
import { organisations as organisationsQuery } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate } from "@/router";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, DayField, TextField, toFirstFault } from "@/ui/Field";
import { Organisation } from "@/ui/Network";
import { addDays, isoDay, now } from "@/words/time";
import { Wrong } from "./Wrong";
import style from "./Plans.module.css";

export default function NewPlan({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const { data } = useQuery(organisationsQuery);
  const today = isoDay(now());
  const [form, setForm] = useState({ name: "", starts_on: addDays(today, 7), ends_on: addDays(today, 98), partners: [session.organisation.id] });
  const [tried, setTried] = useState(false);
  const [key] = useState(newKey);
  const make = useWrite(() => api.post("/api/plans", { key, body: { content: { ...form, name: form.name.trim() } } }), {
    touches: [["plans", "list"]],
    quiet: true,
    onDone: (made) => navigate(`/plans/${made.id}`),
  });
  const partners = (data?.items ?? []).filter((one) => ["ft", "ml", "ce", "plie"].includes(one.network));
  const name = form.name.trim().length < 3 ? "Donnez un nom d’au moins trois lettres." : undefined;
  return (
    <Dialog title="Nouveau plan" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (name) return toFirstFault();
          make.mutate(undefined);
        }}
      >
        <TextField label="Nom du plan" required autoFocus value={form.name} onChange={(value) => setForm({ ...form, name: value })} maxLength={120} error={tried ? name : undefined} placeholder="Commerce et restauration, printemps" />
        <div className={style.pair}>
          <DayField label="Du" required value={form.starts_on} onChange={(starts_on) => setForm({ ...form, starts_on })} />
          <DayField label="Au" required value={form.ends_on} onChange={(ends_on) => setForm({ ...form, ends_on })} />
        </div>
        <fieldset className={style.fieldset}>
          <legend>Partenaires</legend>
          {partners.map((one) => (
            <Checkbox
              key={one.id}
              isSelected={form.partners.includes(one.id)}
              onChange={(on) => setForm({ ...form, partners: on ? [...form.partners, one.id] : form.partners.filter((id) => id !== one.id || id === session.organisation.id) })}
            >
              <Organisation name={one.short_name} network={one.network} size={16} />
            </Checkbox>
          ))}
        </fieldset>
        <Wrong error={make.error} />
        <Actions>
          <Button type="submit" look="primary" isPending={make.isPending}>
            Ouvrir l’atelier
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
