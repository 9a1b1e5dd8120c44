// What others ask of us: transfers, joint visits, employers to take up again; and what we asked of them.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { proposals as proposalsQuery, transfers as transfersQuery, type Proposal } from "@/api/promises";
import { visits as visitsQuery, type Visit } from "@/api/queries";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Due } from "@/ui/Due";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { plural } from "@/words/number";
import { addWorkingDays, dayOff, isoDay, longDay, now } from "@/words/time";
import { bulkTouches } from "./acts";
import { InvitationLine } from "./Joint";
import { MemberSelect } from "./people";
import style from "./Promises.module.css";
import { TransferLine } from "./Transfers";

export function Answers({ manager, writer }: { manager: boolean; writer: boolean }) {
  const session = useSession();
  const transfers = useInfiniteQuery(transfersQuery(true));
  const proposals = useInfiniteQuery(proposalsQuery(true));
  const visits = useInfiniteQuery(visitsQuery({ scope: "organisation", state: "planned", from: isoDay(now()) }));
  const failed = [transfers, proposals, visits].find((list) => list.isError);
  if (failed) return <Failure error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!transfers.data || !proposals.data || !visits.data) return <Skeleton rows={8} />;
  const all = transfers.data.pages.flatMap((page) => page.items);
  const asked = all.filter((item) => !item.ours);
  const sent = all.filter((item) => item.ours);
  const again = proposals.data.pages.flatMap((page) => page.items);
  const ours = session.organisation.id;
  const invited = visits.data.pages.flatMap((page) => page.items).filter((visit) => visit.partner?.state === "invited");
  const toAnswer = invited.filter((visit) => (visit.partner?.asked ? visit.organisation.id : visit.partner?.organisation.id) === ours);
  const waiting = invited.filter((visit) => !toAnswer.includes(visit));
  if (all.length + again.length + invited.length === 0)
    return (
      <Message icon="empty" title="Rien n’attend de réponse.">
        Les transferts, les visites communes et les employeurs à reprendre arrivent ici.
      </Message>
    );
  return (
    <div className={style.scroll}>
      <div className={style.questions}>
        <Part title="Transferts d’engagements" shown={asked.length > 0}>
          {asked.map((item) => (
            <TransferLine key={item.id} item={item} writer={writer} />
          ))}
        </Part>
        <Part title="Visites communes" shown={toAnswer.length > 0}>
          {toAnswer.map((visit) => (
            <InvitationLine key={visit.id} visit={visit} writer={writer} />
          ))}
        </Part>
        <Part title="Employeurs à reprendre" shown={again.length > 0} about={manager ? undefined : "Un responsable de votre structure accepte ou décline."}>
          {again.map((item) => (
            <ProposalLine key={item.id} item={item} manager={manager} />
          ))}
        </Part>
        <Part title="Vos demandes, sans réponse encore" shown={sent.length + waiting.length > 0}>
          {sent.map((item) => (
            <TransferLine key={item.id} item={item} writer={writer} />
          ))}
          {waiting.map((visit: Visit) => (
            <InvitationLine key={visit.id} visit={visit} writer={writer} />
          ))}
        </Part>
      </div>
    </div>
  );
}

function Part({ title, shown, about, children }: { title: string; shown: boolean; about?: string | undefined; children: ReactNode }) {
  if (!shown) return null;
  return (
    <section>
      <h2>{title}</h2>
      {about && <p className={style.soft}>{about}</p>}
      <ul className={style.list} aria-label={title}>
        {children}
      </ul>
    </section>
  );
}

/** Why this partner and not another: the figures of the ranking, in words. */
function why(item: Proposal): string {
  return [
    item.why.fruitful > 0 ? `${plural(item.why.fruitful, "échange fructueux", "échanges fructueux")} en trois ans` : null,
    item.why.known ? "un interlocuteur connu" : null,
    item.why.km !== undefined ? `à ${String(item.why.km).replace(".", ",")} km de votre structure` : null,
    `${String(item.why.held).replace(".", ",")} engagements en cours par personne`,
  ]
    .filter(Boolean)
    .join(", ");
}

function ProposalLine({ item, manager }: { item: Proposal; manager: boolean }) {
  const session = useSession();
  const [open, setOpen] = useState<"accept" | "decline" | null>(null);
  const [member, setMember] = useState("");
  const [due, setDue] = useState(session.promise.default_due_on);
  const [checked, check] = useState(false);
  const close = () => setOpen(null);
  const answer = useWrite((body: { accepted: boolean; member?: number; due_on?: string; reason?: string }) => api.post("/api/proposals/{id}/answer", { path: { id: item.id }, body }), {
    touches: bulkTouches,
    quiet: true,
    done: (done) => (done.state === "accepted" ? "Engagement pris." : "Décliné : l’employeur est proposé au partenaire suivant."),
    onDone: close,
  });
  const off = dayOff(due);
  return (
    <li data-testid="proposal">
      <div className={style.about}>
        <p>
          <Link href={`/entreprises/${item.establishment.id}`} className={style.name ?? ""}>
            {item.establishment.name ?? "Sans dénomination"}
          </Link>
          {item.establishment.city && <span className={style.soft}>, {item.establishment.city}</span>}
        </p>
        <p className={style.marks}>
          {item.past_state === "lapsed" ? "Échu chez" : "Rendu par"} <Organisation name={item.past_holder.short_name} network={item.past_holder.network} size={15} />
          {item.past_ended_at && <When at={item.past_ended_at} />}
        </p>
        <p className={style.soft}>Pourquoi vous : {why(item)}.</p>
      </div>
      <div className={style.buttons}>
        <Due day={item.expires_on} />
        {manager && (
          <>
            <Button small look="primary" icon="promise" onPress={() => setOpen("accept")}>
              Accepter
            </Button>
            <Button small onPress={() => setOpen("decline")}>
              Décliner
            </Button>
          </>
        )}
      </div>
      {open === "decline" && <ReasonDialog title="Décliner" label="Motif" confirm="Décliner" help="L’employeur est alors proposé au partenaire suivant." isOpen onClose={close} onConfirm={(reason) => answer.mutate({ accepted: false, reason })} error={answer.error} busy={answer.isPending} />}
      {open === "accept" && (
        <Dialog title="Reprendre cet employeur" isOpen onClose={close}>
          <Form
            style={{ display: "contents" }}
            onSubmit={(event) => {
              event.preventDefault();
              check(true);
              if (member && due && !off) answer.mutate({ accepted: true, member: Number(member), due_on: due });
            }}
          >
            <MemberSelect label="Qui ira" organisation={session.organisation.id} value={member} onChange={setMember} error={checked && !member ? "Choisissez une personne." : undefined} />
            <DayField label="Visite avant le" value={due} onChange={setDue} required error={off ? `Jour non ouvré (${off}).` : fault(answer.error, "due_on")} help={due ? longDay(due) : undefined} shortcuts={[10, 15].map((days) => ({ label: `${days} jours ouvrés`, day: addWorkingDays(isoDay(now()), days) }))} />
            {answer.error && <Refused error={answer.error} />}
            <Actions>
              <Button type="submit" look="primary" isPending={answer.isPending}>
                S’engager
              </Button>
              <Button look="quiet" onPress={close}>
                Annuler
              </Button>
            </Actions>
          </Form>
        </Dialog>
      )}
    </li>
  );
}
