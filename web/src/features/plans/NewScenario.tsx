// A scenario with other hours, weights or quotas than the plan.
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, newKey } from "@/api/client";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Select, TextField } from "@/ui/Field";
import type { Names } from "./content";
import style from "./Plans.module.css";
import type { Plan } from "./words";
import { Wrong } from "./Wrong";

const weights = [
  { id: "", label: "Comme le plan" },
  { id: "near", label: "Au plus près (distance comptée quatre fois)" },
  { id: "known", label: "Là où l’on est connu (affinité comptée double)" },
  { id: "new", label: "Vers ceux que personne ne voit (silence compté triple)" },
];
const weightPoints: Record<string, Record<string, number>> = { near: { km: -4 }, known: { fruitful: 24, known: 16, public: 20 }, new: { silence: 3 } };

export default function NewScenario({ plan, names, onClose }: { plan: Plan; names: Names; onClose: () => void }) {
  const [name, setName] = useState("");
  const [percents, setPercents] = useState<Record<number, string>>({});
  const [leaning, setLeaning] = useState("");
  const [never, setNever] = useState("");
  const [small, setSmall] = useState("");
  const [key] = useState(newKey);
  const write = useWrite(
    () => {
      const hours = plan.content.partners.flatMap((id) => (percents[id] && percents[id] !== "100" ? [{ organisation: id, percent: Math.min(300, Math.max(0, Math.round(Number(percents[id])))) }] : []));
      const rules = { ...(never ? { never_visited: Number(never) } : {}), ...(small ? { small: Number(small) } : {}) };
      return api.post("/api/plans/{id}/scenarios", {
        path: { id: plan.id },
        key,
        body: { name: name.trim(), settings: { ...(hours.length > 0 ? { hours } : {}), ...(leaning ? { weights: weightPoints[leaning] ?? {} } : {}), ...(Object.keys(rules).length > 0 ? { rules } : {}) } },
      });
    },
    { touches: [["plans", "one", plan.id]], quiet: true, onDone: onClose },
  );
  return (
    <Dialog title="Autre scénario" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          write.mutate(undefined);
        }}
      >
        <TextField label="Nom" required autoFocus value={name} onChange={setName} maxLength={80} placeholder="Moins d’heures en janvier" />
        <fieldset className={style.fieldset}>
          <legend>Heures, en % de celles du plan</legend>
          <div className={style.goals}>
            {plan.content.partners.map((id) => (
              <TextField key={id} label={names.organisation(id)} required type="number" min={0} max={300} inputMode="numeric" value={percents[id] ?? "100"} onChange={(value) => setPercents({ ...percents, [id]: value })} />
            ))}
          </div>
        </fieldset>
        <Select label="Ce que l’on cherche d’abord" value={leaning} onChange={setLeaning} choices={weights} />
        <div className={style.pair}>
          <TextField label="Jamais visités, % au moins" type="number" min={0} max={100} inputMode="numeric" value={never} onChange={setNever} placeholder={String(plan.content.rules?.never_visited ?? 0)} />
          <TextField label="Moins de 10 salariés, % au moins" type="number" min={0} max={100} inputMode="numeric" value={small} onChange={setSmall} placeholder={String(plan.content.rules?.small ?? 0)} />
        </div>
        <Wrong error={write.error} />
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending} isDisabled={name.trim().length < 2}>
            Calculer
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
