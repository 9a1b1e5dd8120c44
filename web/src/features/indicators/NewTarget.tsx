// A target: which figure, whose, where, over which months, how much. Set again, it takes its new value.
import { useMemo, useState } from "react";
import { Form } from "react-aria-components";
import { api, newKey } from "@/api/client";
import type { Indicator } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { RadioGroup, Select, TextField, toFirstFault, type Choice } from "@/ui/Field";
import { addMonths, longMonth } from "@/words/month";
import style from "./Indicators.module.css";

type Props = { indicators: Indicator[]; indicator: string; places: Choice[]; within: string; period: { from: string; to: string }; own: boolean; onClose: () => void };

const unitWords: Record<Indicator["unit"], string> = { count: "", percent: "en %", days: "en jours", ratio: "", per100: "pour 100 visites" };

/** « 1 250 », « 12,5 » as numbers; NaN for anything else. */
const numberOf = (text: string): number => (/^[\d\s\u202f]+([.,]\d+)?$/.test(text.trim()) ? Number(text.replace(/[\s\u202f]/g, "").replace(",", ".")) : Number.NaN);

export default function NewTarget({ indicators, indicator, places, within, period, own, onClose }: Props) {
  const session = useSession();
  const administers = session.role === "administrator";
  // The year that the period lies in, and the months around it.
  const year = period.to.slice(0, 4);
  const [form, setForm] = useState({ indicator, who: own && !administers ? "own" : administers ? "all" : "own", within, from: `${year}-01`, to: `${year}-12`, goal: "" });
  const [tried, setTried] = useState(false);
  const [key] = useState(newKey);
  const chosen = indicators.find((one) => one.code === form.indicator);
  const months = useMemo(() => Array.from({ length: 60 }, (_, index) => addMonths(`${year}-12`, 24 - index)).map((month) => ({ id: month, label: longMonth(month) })), [year]);
  const goal = numberOf(form.goal);
  const wrong = {
    goal: Number.isFinite(goal) && goal > 0 && (chosen?.unit !== "percent" || goal <= 100) ? undefined : chosen?.unit === "percent" ? "Écrivez une part entre 0 et 100." : "Écrivez un nombre au-dessus de zéro.",
    to: form.from > form.to ? "La période finit avant de commencer." : undefined,
  };
  const save = useWrite(
    () =>
      api.post("/api/targets", {
        key,
        body: {
          ...(form.who === "own" && { organisation: session.organisation.id }),
          indicator: form.indicator,
          ...(form.within && { within: form.within }),
          from: form.from,
          to: form.to,
          goal: chosen?.unit === "percent" ? goal / 100 : goal,
        },
      }),
    { touches: [["targets"]], quiet: true, done: () => "Objectif fixé.", onDone: onClose },
  );
  return (
    <Dialog title="Fixer un objectif" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wrong.goal || wrong.to) return toFirstFault();
          save.mutate(undefined);
        }}
      >
        <Select label="Indicateur" required value={form.indicator} onChange={(value) => setForm({ ...form, indicator: value })} choices={indicators.filter((one) => one.better).map((one) => ({ id: one.code, label: one.name, detail: one.better === "less" ? "au plus" : "au moins" }))} />
        {!administers && (
          <RadioGroup
            label="Pour"
            required
            value={form.who}
            onChange={(who) => setForm({ ...form, who })}
            choices={[
              { id: "own", label: session.organisation.short_name, detail: "Les chiffres de votre structure" },
              { id: "all", label: "Tous les partenaires", detail: "À fixer ensemble : chaque responsable le voit et peut le changer" },
            ]}
          />
        )}
        <Select label="Périmètre" required value={form.within} onChange={(value) => setForm({ ...form, within: value })} choices={places} />
        <div className={style.pair}>
          <Select label="Du mois de" required value={form.from} onChange={(from) => setForm({ ...form, from })} choices={months} />
          <Select label="Au mois de" required value={form.to} onChange={(to) => setForm({ ...form, to })} choices={months} error={tried ? wrong.to : undefined} />
        </div>
        <TextField label={`Objectif ${chosen ? unitWords[chosen.unit] : ""}`.trim()} required inputMode="decimal" value={form.goal} onChange={(value) => setForm({ ...form, goal: value })} maxLength={12} error={tried ? wrong.goal : undefined} help={chosen?.better === "less" ? "Au plus : mieux vaut moins." : "Au moins : mieux vaut plus."} />
        {save.error && (
          <p className={style.bad} role="alert">
            {save.error instanceof Refusal ? save.error.title : "L’objectif n’a pas pu être enregistré."}
          </p>
        )}
        <Actions>
          <Button type="submit" look="primary" isPending={save.isPending}>
            Fixer l’objectif
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
