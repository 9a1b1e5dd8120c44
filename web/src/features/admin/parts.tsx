// What the pages of administration share.
import type { ReactNode } from "react";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, TextField } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import style from "./Admin.module.css";

/** From one page of administration to the next. */
export function Neighbours({ here }: { here: "cles" | "canaux" }) {
  return (
    <>
      {here !== "cles" && <LinkButton small look="quiet" icon="reserved" href="/administration/cles">Clés d’API</LinkButton>}
      {here !== "canaux" && <LinkButton small look="quiet" icon="forward" href="/administration/canaux">Canaux</LinkButton>}
      <LinkButton small look="quiet" icon="note" href="/documentation">Documentation</LinkButton>
    </>
  );
}

/** Several of a few, under one name. */
export function Choices<Id extends string>({ legend, choices, chosen, onChange, error }: {
  legend: string; choices: readonly { id: Id; label: string }[]; chosen: Id[]; onChange: (chosen: Id[]) => void; error?: string | undefined;
}) {
  return (
    <fieldset className={style.checks}>
      <legend>{legend}</legend>
      {choices.map(({ id, label }) => (
        <Checkbox key={id} isSelected={chosen.includes(id)} onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}>
          {label}
        </Checkbox>
      ))}
      {error && <p className={style.wrong} role="alert">{error}</p>}
    </fieldset>
  );
}

/** A secret, shown this once. */
export function SecretDialog({ title, label, secret, children, example, onClose }: { title: string; label: string; secret: string; children: ReactNode; example?: string; onClose: () => void }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      toast("Copié.");
    } catch {
      toast("Copiez-le à la main.", { tone: "danger" });
    }
  };
  return (
    <Dialog title={title} isOpen onClose={onClose} alert>
      {children}
      <TextField label={label} required readOnly value={secret} className={style.secret} />
      {example && (
        <div className={style.scroll} tabIndex={0} role="region" aria-label="Pour essayer">
          <pre className={style.code}>{example}</pre>
        </div>
      )}
      <Actions>
        <Button look="primary" onPress={() => void copy()}>Copier</Button>
        <Button look="quiet" onPress={onClose}>Terminé</Button>
      </Actions>
    </Dialog>
  );
}
