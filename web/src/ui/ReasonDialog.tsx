import { useState, type ReactNode } from "react";
import { Form } from "react-aria-components";
import { fault } from "@/api/refusal";
import { Button } from "./Button";
import { Actions, Dialog } from "./Dialog";
import { TextArea, TextField } from "./Field";
import { Refused } from "./Refused";

type ReasonDialogProps = {
  title: string;
  label: string;
  confirm: string;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: (reason: string) => void;
  error: unknown;
  busy: boolean;
  required?: boolean;
  short?: boolean;
  help?: string;
  danger?: boolean;
  field?: string;
  /** What is said when nothing is written, where a name is asked for rather than a reason. */
  missing?: string;
  children?: ReactNode;
};

/** Asks why before something that others will see. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, label, confirm, isOpen, onClose, onConfirm, error, busy, required = true, short, help, danger, field = "reason", missing = "Écrivez au moins trois lettres : le motif est visible des partenaires." } = props;
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const wrong = fault(error, field) ?? (tried ? missing : undefined);
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          if (required && reason.trim().length < 3) return setTried(true);
          setTried(false);
          onConfirm(reason.trim());
        }}
      >
        {props.children}
        {short ? (
          <TextField label={label} value={reason} onChange={setReason} required={required} help={help} error={wrong} maxLength={160} autoFocus />
        ) : (
          <TextArea label={label} value={reason} onChange={setReason} required={required} help={help} error={wrong} maxLength={500} autoFocus />
        )}
        {error !== null && error !== undefined && !fault(error, field) && <Refused error={error} />}
        <Actions>
          <Button type="submit" look={danger ? "danger" : "primary"} isPending={busy}>
            {confirm}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
