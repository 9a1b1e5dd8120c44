// Name, lead and sharing of a segment.
import { useState } from "react";
import { api } from "@/api/client";
import type { Segment } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { LeadSelect, SharedRadio } from "./parts";

export default function EditDialog({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const [form, setForm] = useState({ name: segment.name, lead: segment.lead ?? "", shared: segment.shared });
  const save = useWrite((input: typeof form) => api.patch("/api/segments/{id}", { path: { id: segment.id }, version: segment.edit, body: { name: input.name.trim(), lead: (input.lead || null) as Segment["lead"], shared: input.shared } }), {
    touches: [["segments"]],
    quiet: true,
    done: () => "Segment modifié.",
    onDone: onClose,
  });
  const wrong = save.error instanceof Refusal ? save.error.of("name") : undefined;
  return (
    <Dialog title="Nom et partage" isOpen onClose={onClose}>
      <TextField label="Nom du segment" required value={form.name} onChange={(name) => setForm({ ...form, name })} maxLength={80} error={wrong ?? (form.name.trim().length < 3 ? "Donnez un nom d’au moins trois lettres." : undefined)} />
      <LeadSelect value={form.lead} onChange={(lead) => setForm({ ...form, lead })} />
      <SharedRadio value={form.shared} onChange={(shared) => setForm({ ...form, shared })} />
      {!wrong && <Refused error={save.error} />}
      <Actions>
        <Button look="primary" isPending={save.isPending} isDisabled={form.name.trim().length < 3} onPress={() => save.mutate(form)}>
          Enregistrer
        </Button>
        <Button look="quiet" onPress={onClose}>
          Annuler
        </Button>
      </Actions>
    </Dialog>
  );
}
