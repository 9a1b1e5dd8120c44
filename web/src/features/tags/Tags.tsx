// The tags of an employer: read by whoever may see them, put and removed by the members of their organisation.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { establishment as recordQuery, tags as tagsQuery, type Establishment } from "@/api/queries";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Chips } from "@/ui/Chips";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, TextField } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import style from "./Tags.module.css";

type Tag = Schema<"TagOn">;

export function Tags({ record, writer }: { record: Establishment; writer: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <div className={style.tags}>
      {record.tags.map((tag) => (
        <Badge key={tag.id} tone="neutral" icon="tag" title={tag.mine ? (tag.shared ? "Partagée avec les partenaires" : "De votre structure") : `Posée par ${tag.organisation.name}`}>
          {tag.label}
        </Badge>
      ))}
      {writer && (
        <Button small look="quiet" icon="tag" onPress={() => setOpen(true)}>
          {record.tags.some((tag) => tag.mine) ? "Modifier les étiquettes" : "Étiqueter"}
        </Button>
      )}
      {open && <TagsDialog record={record} onClose={() => setOpen(false)} />}
    </div>
  );
}

function TagsDialog({ record, onClose }: { record: Establishment; onClose: () => void }) {
  const { data } = useQuery(tagsQuery);
  const mine = (data?.items ?? []).filter((tag) => tag.mine);
  const [chosen, setChosen] = useState(record.tags.filter((tag) => tag.mine).map((tag) => String(tag.id)));
  const [label, setLabel] = useState("");
  const [shared, setShared] = useState(false);
  const known = (id: string): string => mine.find((tag) => String(tag.id) === id)?.label ?? record.tags.find((tag: Tag) => String(tag.id) === id)?.label ?? id;
  const put = useWrite((tags: string[]) => api.put("/api/establishments/{id}/tags", { path: { id: record.id }, body: { tags: tags.map(Number) } }), {
    touches: [recordQuery(record.id).queryKey, ["tags"], ["segments"]],
    quiet: true,
    done: () => "Étiquettes enregistrées.",
    onDone: onClose,
  });
  const make = useWrite((input: { label: string; shared: boolean }) => api.post("/api/tags", { body: input }), {
    touches: [["tags"]],
    quiet: true,
    onDone: (tag) => {
      setChosen((before) => [...before, String(tag.id)]);
      setLabel("");
    },
  });
  return (
    <Dialog title="Étiquettes" isOpen onClose={onClose}>
      <Chips label="Étiquettes de cet employeur" values={chosen} onChange={setChosen} name={known} choices={mine.map((tag) => ({ id: String(tag.id), label: tag.label, ...(tag.shared ? { detail: "partagée" } : {}) }))} />
      <div className={style.fresh}>
        <TextField label="Nouvelle étiquette" value={label} onChange={setLabel} maxLength={40} error={fault(make.error, "label")} />
        <Checkbox isSelected={shared} onChange={setShared} help="Sinon elle reste à votre structure.">
          Visible des partenaires
        </Checkbox>
        <Button small icon="add" isPending={make.isPending} isDisabled={label.trim().length < 2} onPress={() => make.mutate({ label: label.trim(), shared })}>
          Ajouter
        </Button>
      </div>
      {!fault(make.error, "label") && <Refused error={make.error} />}
      <Refused error={put.error} />
      <Actions>
        <Button look="primary" isPending={put.isPending} onPress={() => put.mutate(chosen)}>
          Enregistrer
        </Button>
        <Button look="quiet" onPress={onClose}>
          Annuler
        </Button>
      </Actions>
    </Dialog>
  );
}
