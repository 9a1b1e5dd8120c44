// The same act on many employers: one request, an answer for each, a minute to take it back.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { teams as teamsQuery } from "@/api/promises";
import { fault, Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, Select, TextArea } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Refused } from "@/ui/Refused";
import { plural } from "@/words/number";
import { addWorkingDays, dayOff, fullDay, isoDay, now, workingDays } from "@/words/time";
import { acts, bulkTouches, type Act } from "./acts";
import { MemberSelect, PartnerSelect } from "./people";
import style from "./Promises.module.css";
import { refusedBecause } from "./words";

type Answer = Schema<"PromiseBulk">;

function said(act: Act, n: number): string {
  switch (act) {
    case "make":
      return `${plural(n, "engagement pris", "engagements pris")}.`;
    case "hand":
      return `${plural(n, "engagement confié", "engagements confiés")}.`;
    case "return":
      return `${plural(n, "engagement rendu", "engagements rendus")}.`;
    case "transfer":
      return `${plural(n, "transfert proposé", "transferts proposés")}.`;
    case "team":
      return `${plural(n, "engagement confié", "engagements confiés")} à l’équipe.`;
  }
}

type BulkProps = { act: Act; establishments: number[]; nameOf: (id: number) => string; onClose: () => void; onDone: () => void };

export default function BulkDialog({ act, establishments, nameOf, onClose, onDone }: BulkProps) {
  const session = useSession();
  const [due, setDue] = useState(session.promise.default_due_on);
  const [member, setMember] = useState(act === "make" ? String(session.member.id) : "");
  const [organisation, setOrganisation] = useState("");
  const [team, setTeam] = useState("");
  const [reason, setReason] = useState("");
  const [checked, check] = useState(false);
  const [left, setLeft] = useState<Answer | null>(null);
  const teams = useQuery({ ...teamsQuery(false), enabled: act === "team" }).data?.items.filter((item) => item.ours && item.state === "active") ?? [];
  const undo = useWrite((id: number) => api.post("/api/promises/bulk/{id}/undo", { path: { id } }), {
    touches: bulkTouches,
    done: (answer) => ({ text: answer.refused > 0 ? `${plural(answer.done, "ligne rétablie", "lignes rétablies")}, ${answer.refused} ont changé depuis.` : "Tout est rétabli." }),
  });
  const write = useWrite(
    () =>
      api.post("/api/promises/bulk", {
        body: {
          act,
          establishments,
          ...(act === "make" ? { due_on: due } : {}),
          ...(member ? { member: Number(member) } : {}),
          ...(organisation ? { organisation: Number(organisation) } : {}),
          ...(team ? { team: Number(team) } : {}),
          ...(reason.trim() ? { reason: reason.trim() } : {}),
        },
      }),
    {
      touches: bulkTouches,
      quiet: true,
      done: (answer) => ({
        text: answer.done > 0 ? said(act, answer.done) : "Aucun engagement n’a changé.",
        ...(answer.done > 0 ? { action: { label: "Annuler", run: () => undo.mutate(answer.batch) } } : {}),
      }),
      onDone: (answer) => {
        onDone();
        if (answer.refused > 0) setLeft(answer);
        else onClose();
      },
    },
  );
  const today = isoDay(now());
  const off = due ? dayOff(due) : undefined;
  const wrongDay = act === "make" && (!due || off || due <= today) ? (off ? `Jour non ouvré (${off}).` : "L’échéance doit être à venir.") : undefined;
  const missing = {
    member: (act === "hand" || act === "make") && !member ? "Choisissez une personne." : undefined,
    organisation: act === "transfer" && !organisation ? "Choisissez une structure." : undefined,
    team: act === "team" && !team ? "Choisissez une équipe." : undefined,
    reason: act === "return" && reason.trim().length < 3 ? "Écrivez au moins trois lettres : le motif est visible des partenaires." : undefined,
  };
  if (left) return <Left answer={left} nameOf={nameOf} onClose={onClose} />;
  const shown = <T,>(value: T | undefined) => (checked ? value : undefined);
  return (
    <Dialog title={acts[act].title} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (!wrongDay && !Object.values(missing).some(Boolean)) write.mutate(undefined);
        }}
      >
        <p>
          <strong>{plural(establishments.length, "employeur")}</strong>
          {act === "make" && <> : ceux qui sont libres sont promis par {session.organisation.name} ; les autres restent à qui les tient, et vous saurez pourquoi.</>}
          {act === "hand" && <> : la date ne change pas, le rendez-vous pris suit l’engagement.</>}
          {act === "return" && <> : ils redeviennent libres, leurs visites prévues sont annulées.</>}
          {act === "transfer" && <> : chaque engagement reste à votre structure jusqu’à la réponse.</>}
          {act === "team" && <> : tout membre de l’équipe pourra planifier la visite et en rendre compte.</>}
        </p>
        {act === "make" && (
          <DayField
            label="Visite avant le"
            value={due}
            onChange={setDue}
            required
            min={addWorkingDays(today, 1)}
            max={session.promise.last_due_on}
            error={shown(wrongDay) ?? fault(write.error, "due_on")}
            help={due && !off ? `${fullDay(due)}, ${plural(workingDays(today, due), "jour ouvré", "jours ouvrés")}` : undefined}
            shortcuts={[10, 15, 30].map((days) => ({ label: `${days} jours ouvrés`, day: addWorkingDays(today, days) })).filter((item) => item.day <= session.promise.last_due_on)}
          />
        )}
        {(act === "make" || act === "hand") && <MemberSelect label={act === "make" ? "Pour" : "À"} organisation={session.organisation.id} value={member} onChange={setMember} error={shown(missing.member)} />}
        {act === "transfer" && (
          <>
            <PartnerSelect
              besides={session.organisation.id}
              value={organisation}
              onChange={(value) => {
                setOrganisation(value);
                setMember("");
              }}
              error={shown(missing.organisation)}
            />
            {organisation && <MemberSelect organisation={Number(organisation)} value={member} onChange={setMember} anyone="Qui voudra, dans cette structure" required={false} />}
          </>
        )}
        {act === "team" && <Select label="Équipe" required value={team || null} onChange={setTeam} error={shown(missing.team)} choices={teams.map((item) => ({ id: String(item.id), label: item.name, detail: item.partners.map((partner) => partner.organisation.short_name).join(", ") }))} />}
        {(act === "return" || act === "transfer") && (
          <TextArea label={act === "return" ? "Motif" : "Message"} value={reason} onChange={setReason} required={act === "return"} maxLength={500} error={shown(missing.reason) ?? fault(write.error, "reason")} help="Visible des partenaires." />
        )}
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look={act === "return" ? "danger" : "primary"} isPending={write.isPending}>
            {acts[act].confirm}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** Who was left out, and why: the rule, the holder, the day. */
function Left({ answer, nameOf, onClose }: { answer: Answer; nameOf: (id: number) => string; onClose: () => void }) {
  const rows = answer.rows.filter((row) => row.code);
  return (
    <Dialog title={answer.done > 0 ? `${plural(answer.done, "ligne traitée", "lignes traitées")}, ${answer.refused} laissées` : "Aucune ligne n’a pu être traitée"} isOpen onClose={onClose} wide>
      <ul className={style.left} data-testid="left">
        {rows.map((row) => (
          <li key={row.establishment}>
            <Link href={`/entreprises/${row.establishment}`}>{nameOf(row.establishment)}</Link>
            <span className={style.soft}>{refusedBecause(row)}</span>
          </li>
        ))}
      </ul>
      {rows.some((row) => row.code === "promise_taken") && <p className={style.soft}>D’un employeur déjà promis, sa fiche propose de demander le transfert, ou une visite commune.</p>}
      {rows.some((row) => row.code === "establishment_resting") && <p className={style.soft}>Un repos ne se lève pas en nombre : depuis sa fiche, un motif est demandé, et compté.</p>}
      <Actions>
        <Button look="primary" onPress={onClose}>
          Fermer
        </Button>
      </Actions>
    </Dialog>
  );
}
