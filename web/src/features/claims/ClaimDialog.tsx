// Saying that an employer is closed, moved or out of reach; confirming, denying or taking back what was said.
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { visitTouches } from "@/features/visits/PlanDialog";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { RadioGroup, TextArea } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { claimWords } from "./words";

type Kind = Schema<"Claim">["kind"];

export default function ClaimDialog({ establishment, claim, onClose }: { establishment: number; claim?: Schema<"Claim">; onClose: () => void }) {
  return claim ? <Settle claim={claim} onClose={onClose} /> : <Say establishment={establishment} onClose={onClose} />;
}

function Say({ establishment, onClose }: { establishment: number; onClose: () => void }) {
  const [kind, setKind] = useState<Kind | "">("");
  const [detail, setDetail] = useState("");
  const [checked, check] = useState(false);
  const write = useWrite(() => api.post("/api/establishments/{id}/claims", { path: { id: establishment }, body: { kind: kind as Kind, ...(detail.trim() ? { detail: detail.trim() } : {}) } }), {
    touches: [...visitTouches(establishment), ["claims"]],
    quiet: true,
    done: (claim) => (claim.state === "confirmed" ? "Confirmé : la liste de tous est à jour." : "Signalé aux partenaires ; un second partenaire ou le répertoire confirmera."),
    onDone: onClose,
  });
  return (
    <Dialog title="Signaler un changement" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (kind) write.mutate(undefined);
        }}
      >
        <RadioGroup
          label="Cet employeur est"
          required
          value={kind || null}
          onChange={(value) => setKind(value as Kind)}
          choices={[
            { id: "closed", label: "fermé" },
            { id: "moved", label: "déménagé" },
            { id: "unreachable", label: "injoignable" },
          ]}
          error={checked && !kind ? "Choisissez ce que vous avez constaté." : undefined}
        />
        <TextArea label="Ce que vous avez vu" value={detail} onChange={setDetail} maxLength={300} help="Nouvelle adresse, affiche, ce que dit le voisinage. Lu par tous les partenaires." error={fault(write.error, "detail")} />
        {write.error !== null && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            Signaler
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

function Settle({ claim, onClose }: { claim: Schema<"Claim">; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const path = { id: claim.id };
  const options = { touches: [...visitTouches(claim.establishment_id), ["claims"]], quiet: true, onDone: onClose };
  const confirm = useWrite(() => api.post("/api/claims/{id}/confirm", { path }), { ...options, done: () => "Confirmé : la liste de tous est à jour." });
  const deny = useWrite(() => api.post("/api/claims/{id}/deny", { path, body: { reason: reason.trim() } }), { ...options, done: () => "Démenti : l’employeur reste dans la liste." });
  const withdraw = useWrite(() => api.post("/api/claims/{id}/withdraw", { path }), { ...options, done: () => "Signalement retiré." });
  const error = confirm.error ?? deny.error ?? withdraw.error;
  const busy = confirm.isPending || deny.isPending || withdraw.isPending;
  return (
    <Dialog title={`Signalé ${claimWords[claim.kind]}`} isOpen onClose={onClose}>
      {claim.mine ? (
        <p>Votre structure l’a signalé ; seul un autre partenaire, ou le répertoire Sirene, peut le confirmer.</p>
      ) : (
        <>
          <p>{claim.kind === "unreachable" ? "Confirmer l’indique à tous les partenaires." : "Confirmer ferme cet employeur dans la liste de tous ; engagements et visites prévues prennent fin."}</p>
          <TextArea label="Motif pour démentir" value={reason} onChange={setReason} maxLength={300} error={missing ? "Dites pourquoi, en quelques mots." : fault(error, "reason")} />
        </>
      )}
      {error !== null && <Refused error={error} />}
      <Actions>
        {claim.mine ? (
          <Button look="danger" isPending={busy} onPress={() => withdraw.mutate(undefined)}>
            Retirer ce signalement
          </Button>
        ) : (
          <>
            <Button look="primary" isPending={busy} onPress={() => confirm.mutate(undefined)}>
              Confirmer
            </Button>
            <Button isPending={busy} onPress={() => (reason.trim().length < 3 ? setMissing(true) : deny.mutate(undefined))}>
              Démentir
            </Button>
          </>
        )}
        <Button look="quiet" onPress={onClose}>
          Annuler
        </Button>
      </Actions>
    </Dialog>
  );
}
