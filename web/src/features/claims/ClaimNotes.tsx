// What partners said of an employer and a second one has yet to confirm: « signalé fermé par …, à confirmer ».
import { lazy, Suspense, useState } from "react";
import type { Schema } from "@/api/client";
import { Button } from "@/ui/Button";
import { Organisation } from "@/ui/Network";
import { When } from "@/ui/When";
import { claimWords } from "./words";
import style from "./Claims.module.css";

const ClaimDialog = lazy(() => import("./ClaimDialog"));

type Claim = Schema<"Claim">;

export function ClaimNotes({ claims, writer }: { claims: Claim[]; writer: boolean }) {
  const [open, setOpen] = useState<Claim | null>(null);
  const shown = claims.filter((claim) => claim.state === "open" || (claim.state === "confirmed" && claim.settled_how === "partner"));
  return (
    <>
      {shown.map((claim) => (
        <div key={claim.id} className={style.note} data-testid="claim">
          <p>
            {claim.state === "open" ? "Signalé " : "Signalé puis confirmé "}
            {claimWords[claim.kind]} par <Organisation name={claim.organisation.name} network={claim.organisation.network} size={16} />, <When at={claim.made_at} />
            {claim.state === "open" ? " ; à confirmer" : claim.settled_by ? ` ; confirmé par ${claim.settled_by.short_name}` : ""}.
          </p>
          {claim.detail && <p>« {claim.detail} »</p>}
          {claim.state === "open" && writer && (
            <Button small onPress={() => setOpen(claim)}>
              {claim.mine ? "Retirer ce signalement" : "Confirmer ou démentir"}
            </Button>
          )}
        </div>
      ))}
      {open && (
        <Suspense>
          <ClaimDialog establishment={open.establishment_id} claim={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}
