// Adds or changes somebody at an employer's.
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { Button, IconButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, Select, TextField } from "@/ui/Field";
import { useDraft } from "@/ui/draft";
import { Kept } from "@/ui/Kept";
import { Refused } from "@/ui/Refused";
import { phone } from "@/words/number";
import style from "./Contacts.module.css";

type Contact = Schema<"Contact">;
type Channel = Exclude<Contact["channel"], null>;

type Draft = { family: string; first: string; position: string; phones: string[]; emails: string[]; channel: string; shared: boolean; version: number };

const startOf = (contact: Contact | undefined): Draft => ({
  family: contact?.family_name ?? "",
  first: contact?.given_name ?? "",
  position: contact?.position ?? "",
  phones: contact?.phones.length ? contact.phones.map(phone) : [""],
  emails: contact?.emails.length ? contact.emails : [""],
  channel: contact?.channel ?? "",
  shared: contact?.shared ?? true,
  version: contact?.version ?? 0,
});

const most = 5;

const channels = [
  { id: "phone", label: "Téléphone" },
  { id: "email", label: "Courriel" },
  { id: "visit", label: "Sur place" },
];

const given = (ways: string[]) => ways.map((way) => way.trim()).filter(Boolean);

export function ContactDialog({ establishment, contact, isOpen, onClose }: { establishment: number; contact?: Contact; isOpen: boolean; onClose: () => void }) {
  const [draft, change, clear, kept] = useDraft<Draft>(`contact.${contact?.id ?? `new.${establishment}`}`, startOf(contact));
  const { family, first, position, phones, emails, channel, shared } = draft;
  const [checked, check] = useState(false);

  const write = useWrite(
    (_: undefined, version) => {
      const body = {
        family_name: family.trim(),
        shared,
        phones: given(phones),
        emails: given(emails),
        ...(channel ? { channel: channel as Channel } : {}),
      };
      return contact
        ? api.patch("/api/contacts/{id}", { path: { id: contact.id }, version, body: { ...body, given_name: first.trim() || null, position: position.trim() || null } })
        : api.post("/api/establishments/{id}/contacts", {
            path: { id: establishment },
            body: { ...body, ...(first.trim() ? { given_name: first.trim() } : {}), ...(position.trim() ? { position: position.trim() } : {}) },
          });
    },
    {
      version: contact?.version,
      begun: contact && draft.version,
      touches: [["establishment", establishment]],
      quiet: true,
      done: () => (contact ? "Interlocuteur modifié." : "Interlocuteur ajouté."),
      onDone: () => {
        clear();
        onClose();
      },
    },
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
        {kept && <Kept onDrop={clear} {...(contact ? { again: "Repartir de la fiche" } : {})} />}
        <div className={style.pair}>
          <TextField label="Nom" value={family} onChange={(family) => change({ family })} required maxLength={80} autoFocus error={fault(write.error, "family_name") ?? (checked && !family.trim() ? "Indiquez le nom." : undefined)} />
          <TextField label="Prénom" value={first} onChange={(first) => change({ first })} maxLength={80} error={fault(write.error, "given_name")} />
        </div>
        <TextField label="Fonction" value={position} onChange={(position) => change({ position })} maxLength={120} error={fault(write.error, "position")} />
        <Ways label="Téléphone" field="phones" type="tel" maxLength={40} ways={phones} onChange={(phones) => change({ phones })} error={write.error} />
        <Ways label="Courriel" field="emails" type="email" maxLength={254} ways={emails} onChange={(emails) => change({ emails })} error={write.error} />
        <Select label="Canal préféré" choices={channels} value={channel || null} onChange={(channel) => change({ channel })} />
        <Checkbox isSelected={shared} onChange={(shared) => change({ shared })} help="Sinon, seule votre structure voit cette personne.">
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

/** Several phones or e-mails, one field each. The faults of the server name them by their place among those given. */
function Ways({ label, field, type, maxLength, ways, onChange, error }: { label: string; field: string; type: "tel" | "email"; maxLength: number; ways: string[]; onChange: (ways: string[]) => void; error: unknown }) {
  const place = (index: number) => given(ways.slice(0, index)).length;
  return (
    <div className={style.ways}>
      {ways.map((way, index) => (
        <div key={index} className={style.way}>
          <TextField
            label={index === 0 ? label : `${label} ${index + 1}`}
            type={type}
            inputMode={type}
            value={way}
            onChange={(value) => onChange(ways.map((each, at) => (at === index ? value : each)))}
            maxLength={maxLength}
            error={way.trim() ? fault(error, `${field}[${place(index)}]`) : undefined}
            autoFocus={index > 0 && way === ""}
          />
          {ways.length > 1 && <IconButton small label={`Retirer ${label.toLowerCase()} ${index + 1}`} icon="close" onPress={() => onChange(ways.filter((_, at) => at !== index))} />}
        </div>
      ))}
      {ways.length < most && (
        <Button small look="quiet" icon="add" isDisabled={ways.some((way) => !way.trim())} onPress={() => onChange([...ways, ""])}>
          {type === "tel" ? "Autre téléphone" : "Autre courriel"}
        </Button>
      )}
    </div>
  );
}
