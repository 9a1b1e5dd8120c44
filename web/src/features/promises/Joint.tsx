// Joint visits: a second partner at one appointment, invited or asking to come along.
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import type { Visit } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { appointment } from "@/words/time";
import { french } from "@/words/typography";
import { bulkTouches } from "./acts";
import { MemberSelect, PartnerSelect } from "./people";
import style from "./Promises.module.css";

/** Invites a partner to our visit; or, when it is another's, asks to come along. */
export function JointDialog({ visit, planned, mine, onClose }: { visit: number; planned: string; mine: boolean; onClose: () => void }) {
  const session = useSession();
  const [organisation, setOrganisation] = useState("");
  const [member, setMember] = useState("");
  const [message, setMessage] = useState("");
  const [checked, check] = useState(false);
  const write = useWrite(
    () => api.post("/api/visits/{id}/invite", { path: { id: visit }, body: { ...(mine ? { organisation: Number(organisation), member: Number(member) } : {}), ...(message.trim() ? { message: message.trim() } : {}) } }),
    { touches: bulkTouches, quiet: true, done: () => (mine ? "Invitation envoyée : elle arrive dans la liste « À traiter »." : "Demande envoyée à qui a pris le rendez-vous."), onDone: onClose },
  );
  const missing = mine && (!organisation ? "Choisissez une structure." : !member ? "Choisissez une personne." : undefined);
  return (
    <Dialog title={mine ? "Inviter à une visite commune" : "Proposer une visite commune"} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (!missing) write.mutate(undefined);
        }}
      >
        <p>Un seul rendez-vous, {appointment(planned)} : une seule sollicitation et un seul délai de repos. Le compte rendu a une partie commune ; chaque structure garde sa note.</p>
        {mine && (
          <>
            <PartnerSelect
              besides={session.organisation.id}
              value={organisation}
              onChange={(value) => {
                setOrganisation(value);
                setMember("");
              }}
              error={checked && !organisation ? "Choisissez une structure." : undefined}
            />
            {organisation && <MemberSelect label="Qui viendrait" organisation={Number(organisation)} value={member} onChange={setMember} error={checked && !member ? "Choisissez une personne." : undefined} />}
          </>
        )}
        <TextArea label="Message" value={message} onChange={setMessage} maxLength={500} help="Visible des partenaires." />
        {write.error instanceof Refusal && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            {mine ? "Inviter" : "Demander"}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** Who comes along, or is asked to: a line under a visit. */
export function Along({ visit }: { visit: Visit }) {
  const { partner } = visit;
  if (!partner || partner.state === "withdrawn") return null;
  const words = { invited: partner.asked ? "demande à venir" : "invitée, sans réponse encore", accepted: "visite commune", declined: "a décliné", withdrawn: "" };
  return (
    <p className={style.marks}>
      <Organisation name={partner.organisation.short_name} network={partner.organisation.network} member={partner.member.name} size={15} />
      <Badge tone={partner.state === "accepted" ? "good" : partner.state === "declined" ? "quiet" : "warn"} icon="team">
        {words[partner.state]}
      </Badge>
    </p>
  );
}

export function InvitationLine({ visit, writer }: { visit: Visit; writer: boolean }) {
  const session = useSession();
  const [refusing, refuse] = useState(false);
  const partner = visit.partner;
  const answer = useWrite((body: { state: "accepted" | "declined" | "withdrawn"; reason?: string }) => api.post("/api/visits/{id}/invitation", { path: { id: visit.id }, body: { organisation: partner?.organisation.id ?? 0, ...body } }), {
    touches: bulkTouches,
    done: (done) => (done.partner?.state === "accepted" ? "Visite commune convenue." : done.partner?.state === "declined" ? "Invitation déclinée." : "Demande retirée."),
    onDone: () => refuse(false),
  });
  if (!partner) return null;
  const ours = session.organisation.id === (partner.asked ? visit.organisation.id : partner.organisation.id);
  return (
    <li data-testid="invitation">
      <div className={style.about}>
        <p>
          <Link href={`/entreprises/${visit.establishment.id}`} className={style.name ?? ""}>
            {visit.establishment.name ?? "Sans dénomination"}
          </Link>
          <span className={style.soft}>
            , {appointment(visit.planned_at)}
            {visit.establishment.city && `, ${visit.establishment.city}`}
          </span>
        </p>
        <p className={style.marks}>
          <Organisation name={visit.organisation.short_name} network={visit.organisation.network} member={visit.member.name} size={15} />
        </p>
        <Along visit={visit} />
        {partner.message && <p>« {french(partner.message)} »</p>}
      </div>
      {writer && (
        <div className={style.buttons}>
          {ours ? (
            <>
              <Button small look="primary" icon="check" onPress={() => answer.mutate({ state: "accepted" })} isPending={answer.isPending}>
                Accepter
              </Button>
              <Button small onPress={() => refuse(true)}>
                Décliner
              </Button>
            </>
          ) : (
            <Button small onPress={() => answer.mutate({ state: "withdrawn" })}>
              Retirer
            </Button>
          )}
        </div>
      )}
      {refusing && <ReasonDialog title="Décliner la visite commune" label="Motif" confirm="Décliner" isOpen onClose={() => refuse(false)} onConfirm={(reason) => answer.mutate({ state: "declined", reason })} error={answer.error} busy={answer.isPending} />}
    </li>
  );
}
