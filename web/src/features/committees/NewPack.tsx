// A document for a committee: which one, where, when; the same form changes a draft.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Form } from "react-aria-components";
import { api, newKey } from "@/api/client";
import { groundOf } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate } from "@/router";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, RadioGroup, Select, TextField, toFirstFault } from "@/ui/Field";
import { addMonths, longMonth } from "@/words/month";
import { addDays, isoDay, now } from "@/words/time";
import style from "./Committees.module.css";
import { kinds, thisMonth, type Pack, type PackRow } from "./words";

const monthsBack = 36;

export default function NewPack({ earlier = [], pack, onClose }: { earlier?: PackRow[]; pack?: Pack; onClose: () => void }) {
  const session = useSession();
  const last = thisMonth();
  const [form, setForm] = useState({
    title: pack?.title ?? "",
    kind: pack?.kind ?? ("departement" as PackRow["kind"]),
    within: pack?.within ?? "",
    from: pack?.from ?? addMonths(last, -6),
    to: pack?.to ?? addMonths(last, -1),
    held_on: pack?.held_on ?? addDays(isoDay(now()), 14),
    again: "",
  });
  const [tried, setTried] = useState(false);
  const [key] = useState(newKey);
  const bassins = useQuery({ ...groundOf("bassin"), enabled: form.kind === "local" }).data;
  const epcis = useQuery({ ...groundOf("epci"), enabled: form.kind === "local" }).data;
  const departements = useQuery({ ...groundOf("departement"), enabled: form.kind === "departement" }).data;
  const regions = useQuery({ ...groundOf("region"), enabled: form.kind === "region" }).data;
  const places = useMemo(() => {
    const of = (level: string, ground: typeof bassins) => (ground?.features ?? []).map((one) => ({ id: `${level}:${one.properties.code}`, label: one.properties.name })).sort((a, b) => a.label.localeCompare(b.label, "fr"));
    const whole = { id: "", label: session.territory.name };
    if (form.kind === "local") return [whole, ...of("bassin", bassins), ...of("epci", epcis)];
    return [whole, ...(form.kind === "departement" ? of("departement", departements) : of("region", regions)).filter((one) => one.label !== whole.label)];
  }, [form.kind, bassins, epcis, departements, regions, session.territory.name]);
  const months = useMemo(() => Array.from({ length: monthsBack }, (_, index) => addMonths(last, -index)).map((month) => ({ id: month, label: longMonth(month) })), [last]);

  const place = form.within && places.find(({ id }) => id === form.within)?.label;
  const suggested = [kinds[form.kind].label, place, longMonth(form.held_on.slice(0, 7))].filter(Boolean).join(", ");
  const title = form.title.trim() || suggested;
  const wrong = form.from > form.to ? "La période commence après sa fin." : undefined;
  const body = { title, kind: form.kind, from: form.from, to: form.to, held_on: form.held_on, ...(form.within && { within: form.within }) };
  const save = useWrite(
    (_: undefined, version) =>
      pack
        ? api.patch("/api/packs/{id}", { path: { id: pack.id }, body: { ...body, version } })
        : api.post("/api/packs", { key, body: { ...body, ...(form.again && { again: Number(form.again) }) } }),
    {
      version: pack?.version,
      touches: [["packs"]],
      quiet: true,
      done: () => (pack ? "Dossier modifié." : "Dossier préparé."),
      onDone: (made) => {
        onClose();
        if (!pack) navigate(`/comites/${made.id}`);
      },
    },
  );
  return (
    <Dialog title={pack ? "Modifier le dossier" : "Nouveau dossier de comité"} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wrong) return toFirstFault();
          save.mutate(undefined);
        }}
      >
        <RadioGroup label="Comité" required value={form.kind} onChange={(kind) => setForm({ ...form, kind: kind as PackRow["kind"], within: "" })} choices={Object.entries(kinds).map(([id, { label, help }]) => ({ id, label, detail: help }))} />
        <Select label="Périmètre" required value={form.within} onChange={(within) => setForm({ ...form, within })} choices={places} />
        <div className={style.pair}>
          <Select label="Du mois de" required value={form.from} onChange={(from) => setForm({ ...form, from })} choices={months} error={tried ? wrong : undefined} />
          <Select label="Au mois de" required value={form.to} onChange={(to) => setForm({ ...form, to })} choices={months} />
        </div>
        <DayField label="Comité du" required value={form.held_on} onChange={(held_on) => setForm({ ...form, held_on })} />
        <TextField label="Titre" value={form.title} onChange={(value) => setForm({ ...form, title: value })} maxLength={120} placeholder={suggested} />
        {!pack && earlier.length > 0 && (
          <Select label="Reprendre les commentaires de" value={form.again} onChange={(again) => setForm({ ...form, again })} choices={[{ id: "", label: "Aucun dossier" }, ...earlier.slice(0, 20).map((one) => ({ id: String(one.id), label: one.title }))]} />
        )}
        {save.error && (
          <p className={style.fault} role="alert">
            {save.error instanceof Refusal ? save.error.title : "Le dossier n’a pas pu être enregistré."}
          </p>
        )}
        <Actions>
          <Button type="submit" look="primary" isPending={save.isPending}>
            {pack ? "Enregistrer" : "Préparer le dossier"}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
