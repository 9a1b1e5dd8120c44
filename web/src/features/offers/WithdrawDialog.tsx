// Why an offer is withdrawn, in words that all partners share; another reason is told.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import type { Offer } from "@/api/queries";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { RadioGroup, TextArea } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { Failure } from "@/ui/States";
import { withdrawals } from "./questions";

export function WithdrawDialog({ offer, touches, onClose }: { offer: Offer; touches: (string | number)[][]; onClose: () => void }) {
  const [withdrawal, choose] = useState<string | null>(null);
  const reasons = useQuery(withdrawals);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const text = reason.trim();
  const missing = { withdrawal: withdrawal === null, reason: withdrawal === "other" && text.length < 3 };
  const write = useWrite(() => api.post("/api/offers/{id}/withdraw", { path: { id: offer.id }, body: { ...(withdrawal ? { withdrawal } : {}), ...(text ? { reason: text } : {}) } }), {
    touches, quiet: true, done: () => "Offre retirée.", onDone: onClose,
  });
  return (
    <Dialog title="Retirer l’offre" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!missing.withdrawal && !missing.reason) write.mutate(undefined);
        }}
      >
        <p>Elle est retirée partout où elle était publiée. Cela ne se défait pas.</p>
        {reasons.isError && <Failure error={reasons.error} onRetry={() => void reasons.refetch()} />}
        <RadioGroup
          label="Motif"
          required
          value={withdrawal}
          onChange={choose}
          choices={(reasons.data?.items ?? []).map(({ code, label }) => ({ id: code, label }))}
          error={fault(write.error, "withdrawal") ?? (tried && missing.withdrawal ? "Choisissez un motif." : undefined)}
        />
        <TextArea
          label="Précision"
          required={withdrawal === "other"}
          value={reason}
          onChange={setReason}
          maxLength={500}
          rows={2}
          error={fault(write.error, "reason") ?? (tried && missing.reason ? "Écrivez au moins trois lettres : le motif est visible des partenaires." : undefined)}
        />
        {!fault(write.error, "withdrawal") && !fault(write.error, "reason") && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="danger" isPending={write.isPending}>
            Retirer l’offre
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
