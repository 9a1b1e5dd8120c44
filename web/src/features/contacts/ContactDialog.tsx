import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, Select, TextField } from "@/ui/Field";
import { Refused } from "@/ui/Refused";

type Contact = Schema<"Contact">;
type Channel = NonNullable<Contact["channel"]>;

const channels = [
  { id: "phone", label: "Téléphone" },
  { id: "email", label: "Courriel" },
  { id: "visit", label: "Sur place" },
];

export function ContactDialog({ establishment, contact, isOpen, onClose }: { establishment: number; contact?: Contact; isOpen: boolean; onClose: () => void }) {
  const [family, setFamily] = useState(contact?.family_name ?? "");
  const [given, setGiven] = useState(contact?.given_name ?? "");
  const [position, setPosition] = useState(contact?.position ?? "");
  const [phone, setPhone] = useState(contact?.phone ?? "");
  const [email, setEmail] = useState(contact?.email ?? "");
  const [channel, setChannel] = useState<string>(contact?.channel ?? "");
  const [shared, setShared] = useState(contact?.shared ?? true);
  const [checked, check] = useState(false);

  const write = useWrite(
    () => {
      const body = {
        family_name: family.trim(),
        shared,
        ...(given.trim() ? { given_name: given.trim() } : {}),
        ...(position.trim() ? { position: position.trim() } : {}),
        ...(phone.trim() ? { phone: phone.replace(/[\s.\u202f]/g, "") } : {}),
        ...(email.trim() ? { email: email.trim() } : {}),
        ...(channel ? { channel: channel as Exclude<Channel, null> } : {}),
      };
      return contact
        ? api.patch("/api/contacts/{id}", { path: { id: contact.id }, version: contact.version, body })
        : api.post("/api/establishments/{id}/contacts", { path: { id: establishment }, body });
    },
    { touches: [["establishment", establishment]], quiet: true, done: () => (contact ? "Interlocuteur modifié." : "Interlocuteur ajouté."), onDone: onClose },
  );
  return (
    <Dialog title={contact ? "Modifier l’interlocuteur" : "Ajouter un interlocuteur"} isOpen={isOpen} onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (family.trim()) write.mutate(undefined);
        }}
      >
        <TextField label="Nom" value={family} onChange={setFamily} required maxLength={80} autoFocus error={fault(write.error, "family_name") ?? (checked && !family.trim() ? "Indiquez le nom." : undefined)} />
        <TextField label="Prénom" value={given} onChange={setGiven} maxLength={80} error={fault(write.error, "given_name")} />
        <TextField label="Fonction" value={position} onChange={setPosition} maxLength={120} error={fault(write.error, "position")} />
        <TextField label="Téléphone" type="tel" inputMode="tel" value={phone} onChange={setPhone} maxLength={30} error={fault(write.error, "phone")} />
        <TextField label="Courriel" type="email" inputMode="email" value={email} onChange={setEmail} maxLength={254} error={fault(write.error, "email")} />
        <Select label="Canal préféré" choices={channels} value={channel || null} onChange={setChannel} />
        <Checkbox isSelected={shared} onChange={setShared} help="Sinon, seule votre structure voit cette personne.">
          Partager avec les partenaires
        </Checkbox>
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            {contact ? "Enregistrer" : "Ajouter"}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
