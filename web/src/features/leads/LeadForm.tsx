// A lead as a contributor writes it: which employer, what is known, for whom.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, newKey } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import { leadRecipients } from "@/api/queries";
import { useWrite } from "@/api/write";
import { navigate } from "@/router";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, RadioGroup, SearchSelect, Select, TextArea, TextField, toFirstFault, type Choice } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import style from "./Leads.module.css";
import { kinds, type Lead } from "./words";

async function search(text: string, signal: AbortSignal): Promise<Choice[]> {
  if (text.trim().length < 3) return [];
  const { items } = await api.get("/api/leads/employers", { query: { q: text.trim() }, signal });
  return items.map((item) => ({ id: String(item.id), label: item.name ?? item.siret, detail: [item.legal_name, item.city, item.siret].filter(Boolean).join(", ") }));
}

export default function LeadForm({ onClose }: { onClose: () => void }) {
  const recipients = useQuery(leadRecipients);
  const [kind, setKind] = useState<string>("recruiting");
  const [known, setKnown] = useState<Choice | null>(null);
  const [free, setFree] = useState(false);
  const [name, setName] = useState("");
  const [told, setTold] = useState("");
  const [recipient, setRecipient] = useState<string | null>(null);
  const [member, setMember] = useState("");
  const [confidential, setConfidential] = useState(false);
  const [checked, check] = useState(false);
  const [key] = useState(newKey);
  const items = recipients.data?.items ?? [];
  const people = items.find((one) => String(one.id) === recipient)?.members ?? [];
  const faults = {
    employer: free ? (name.trim().length < 2 ? "Écrivez le nom de l’entreprise." : undefined) : known ? undefined : "Choisissez l’entreprise, ou écrivez son nom.",
    told: told.trim().length < 3 ? "Dites ce que vous savez." : undefined,
    recipient: recipient ? undefined : "Choisissez à qui l’envoyer.",
  };
  const wrong = Object.values(faults).some(Boolean);
  const write = useWrite(
    () =>
      api.post("/api/leads", {
        key,
        body: {
          kind: kind as Lead["kind"],
          ...(free ? { employer: name.trim() } : { establishment: Number(known?.id) }),
          told: told.trim(),
          confidential,
          recipient: Number(recipient),
          ...(member ? { recipient_member: Number(member) } : {}),
        },
      }),
    {
      touches: [["leads"]],
      quiet: true,
      done: (made) => ({ text: "Signalement envoyé.", detail: `${made.recipient.short_name} vous répondra ici.` }),
      onDone: (made) => {
        onClose();
        navigate(`/signalements/${made.id}`);
      },
    },
  );
  return (
    <Dialog title="Signaler une entreprise" isOpen onClose={onClose} wide>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (wrong) toFirstFault();
          else write.mutate(undefined);
        }}
      >
        <div className={style.fields}>
          <div className={style.whole}>
            <RadioGroup label="Cette entreprise" required columns value={kind} onChange={setKind} choices={Object.entries(kinds).map(([id, word]) => ({ id, label: word.label, detail: word.help }))} />
          </div>
          {free ? (
            <TextField label="Nom de l’entreprise et commune" required value={name} onChange={setName} maxLength={200} error={checked ? faults.employer : undefined} className={style.whole} />
          ) : (
            <SearchSelect label="Entreprise" required value={known} onChange={setKnown} search={search} placeholder="Nom ou SIRET" empty="Aucune entreprise du répertoire : écrivez son nom." error={checked ? faults.employer : undefined} className={style.whole} />
          )}
          <div className={style.whole}>
            <Checkbox isSelected={free} onChange={setFree}>
              Elle n’est pas au répertoire : j’écris son nom
            </Checkbox>
          </div>
          <TextArea label="Ce que vous savez" required value={told} onChange={setTold} rows={4} maxLength={2000} help="Métiers, nombre de postes, calendrier, ce qu’attend l’entreprise. Sans nom de particulier." error={fault(write.error, "told") ?? (checked ? faults.told : undefined)} className={style.whole} />
          <Select
            label="Envoyer à"
            required
            value={recipient}
            onChange={(value) => {
              setRecipient(value);
              setMember("");
            }}
            choices={items.map((one) => ({ id: String(one.id), label: one.name }))}
            error={fault(write.error, "recipient") ?? (checked ? faults.recipient : undefined)}
          />
          <Select label="Personne" value={member} onChange={setMember} choices={[{ id: "", label: "Toute la structure" }, ...people.map((one) => ({ id: String(one.id), label: one.name }))]} />
          <div className={style.whole}>
            <Checkbox isSelected={confidential} onChange={setConfidential} help={member ? "Seule cette personne le lira, et vous." : "Seule la structure destinataire le lira, et vous."}>
              Confidentiel
            </Checkbox>
          </div>
        </div>
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            Envoyer
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
