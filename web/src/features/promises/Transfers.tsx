// Transfers: given or asked for, answered, withdrawn; and what became of them.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { transfers as transfersQuery, type Transfer } from "@/api/promises";
import { fault, Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Due } from "@/ui/Due";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { appointment, longDay } from "@/words/time";
import { french } from "@/words/typography";
import { bulkTouches } from "./acts";
import { MemberSelect, PartnerSelect } from "./people";
import style from "./Promises.module.css";
import { transferState } from "./words";

/** Proposes one's promise to a partner (give), or asks a partner for its own (ask). */
export function TransferDialog({ kind, promise, holder, onClose }: { kind: "give" | "ask"; promise: number; holder: string; onClose: () => void }) {
  const session = useSession();
  const [organisation, setOrganisation] = useState("");
  const [member, setMember] = useState("");
  const [message, setMessage] = useState("");
  const [checked, check] = useState(false);
  const write = useWrite(
    () =>
      api.post("/api/promises/{id}/transfers", {
        path: { id: promise },
        body: { kind, ...(organisation ? { organisation: Number(organisation) } : {}), ...(member ? { member: Number(member) } : {}), ...(message.trim() ? { message: message.trim() } : {}) },
      }),
    {
      touches: bulkTouches,
      quiet: true,
      done: (answer) => ({ text: kind === "give" ? `Transfert proposé à ${answer.to_organisation.short_name}.` : `Transfert demandé à ${answer.from_organisation.short_name}.`, detail: `Réponse attendue avant le ${longDay(answer.expires_on)}.` }),
      onDone: onClose,
    },
  );
  const missing = kind === "give" ? (organisation ? undefined : "Choisissez une structure.") : message.trim().length < 3 ? "Dites pourquoi : le titulaire et les partenaires le liront." : undefined;
  return (
    <Dialog title={kind === "give" ? "Proposer un transfert" : "Demander le transfert"} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (!missing) write.mutate(undefined);
        }}
      >
        <p>{kind === "give" ? "L’engagement reste à votre structure jusqu’à la réponse ; accepté, il change de titulaire avec le rendez-vous déjà pris." : `${holder} accepte ou refuse ; d’ici là, l’engagement ne change pas.`}</p>
        {kind === "give" && (
          <>
            <PartnerSelect
              besides={session.organisation.id}
              value={organisation}
              onChange={(value) => {
                setOrganisation(value);
                setMember("");
              }}
              error={checked ? (missing ?? fault(write.error, "organisation")) : undefined}
            />
            {organisation && <MemberSelect organisation={Number(organisation)} value={member} onChange={setMember} anyone="Qui voudra, dans cette structure" />}
          </>
        )}
        <TextArea label={kind === "give" ? "Message" : "Pourquoi vous"} value={message} onChange={setMessage} required={kind === "ask"} maxLength={500} help="Visible des partenaires." error={(checked && kind === "ask" ? missing : undefined) ?? fault(write.error, "message")} />
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            {kind === "give" ? "Proposer" : "Demander"}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** One transfer, and what the reader may do with it. */
export function TransferLine({ item, writer }: { item: Transfer; writer: boolean }) {
  const session = useSession();
  const [open, setOpen] = useState<"accept" | "refuse" | null>(null);
  const [member, setMember] = useState(item.to_member ? String(item.to_member.id) : String(session.member.id));
  const close = () => setOpen(null);
  const answer = useWrite((body: { state: "accepted" | "refused"; reason?: string; member?: number }) => api.post("/api/transfers/{id}/answer", { path: { id: item.id }, body }), {
    touches: bulkTouches,
    quiet: true,
    done: (done) => (done.state === "accepted" ? `Transfert accepté : l’engagement est ${item.kind === "give" ? "à votre structure" : `à ${item.to_organisation.short_name}`}.` : "Transfert refusé : l’engagement reste où il est."),
    onDone: close,
  });
  const withdraw = useWrite(() => api.post("/api/transfers/{id}/withdraw", { path: { id: item.id } }), { touches: bulkTouches, done: () => "Transfert retiré." });
  const waiting = item.state === "proposed";
  return (
    <li data-testid="transfer">
      <div className={style.about}>
        <p>
          <Link href={`/entreprises/${item.establishment.id}`} className={style.name ?? ""}>
            {item.establishment.name ?? "Sans dénomination"}
          </Link>
          {item.establishment.city && <span className={style.soft}>, {item.establishment.city}</span>}
        </p>
        <p className={style.marks}>
          <Organisation name={item.from_organisation.short_name} network={item.from_organisation.network} member={item.from_member.name} size={15} />
          <span aria-label="vers">→</span>
          <Organisation name={item.to_organisation.short_name} network={item.to_organisation.network} member={item.to_member?.name} size={15} />
        </p>
        <p className={style.soft}>
          {item.kind === "give" ? "Proposé" : "Demandé"} <When at={item.made_at} /> ; visite avant le {longDay(item.due_on)}
          {item.visit_at && `, rendez-vous ${appointment(item.visit_at)}`}.
        </p>
        {item.message && <p>« {french(item.message)} »</p>}
        {item.reason && <p>Réponse : « {french(item.reason)} »</p>}
        {answer.error && !open && <Refused error={answer.error} />}
      </div>
      {waiting ? (
        <div className={style.buttons}>
          <Due day={item.expires_on} />
          {writer &&
            (item.ours ? (
              <Button small onPress={() => withdraw.mutate(undefined)} isPending={withdraw.isPending}>
                Retirer
              </Button>
            ) : (
              <>
                <Button small look="primary" icon="check" onPress={() => setOpen("accept")}>
                  Accepter
                </Button>
                <Button small onPress={() => setOpen("refuse")}>
                  Refuser
                </Button>
              </>
            ))}
        </div>
      ) : (
        <Badge tone={item.state === "accepted" ? "good" : item.state === "refused" ? "danger" : "quiet"}>{transferState[item.state]}</Badge>
      )}
      {open === "refuse" && <ReasonDialog title="Refuser le transfert" label="Motif" confirm="Refuser" help="Visible des partenaires." isOpen onClose={close} onConfirm={(reason) => answer.mutate({ state: "refused", reason })} error={answer.error} busy={answer.isPending} />}
      {open === "accept" && (
        <Dialog title="Accepter le transfert" isOpen onClose={close}>
          <Form
            style={{ display: "contents" }}
            onSubmit={(event) => {
              event.preventDefault();
              answer.mutate({ state: "accepted", ...(item.kind === "give" ? { member: Number(member) } : {}) });
            }}
          >
            {item.kind === "give" ? (
              <>
                <p>
                  {session.organisation.name} s’engage à voir cet employeur avant le {longDay(item.due_on)}, cinq jours ouvrés au moins restant à courir
                  {item.visit_at && `, et reprend le rendez-vous ${appointment(item.visit_at)}`}.
                </p>
                <MemberSelect label="Qui ira" organisation={session.organisation.id} value={member} onChange={setMember} />
              </>
            ) : (
              <p>
                {item.to_organisation.name} ({item.to_member?.name}) devient titulaire de l’engagement{item.visit_at && `, et reprend le rendez-vous ${appointment(item.visit_at)}`}.
              </p>
            )}
            {answer.error && <Refused error={answer.error} />}
            <Actions>
              <Button type="submit" look="primary" isPending={answer.isPending}>
                Accepter
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

/** Those that had an answer, latest first. */
export function TransferHistory() {
  const list = useInfiniteQuery(transfersQuery(false));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton rows={8} />;
  if (rows.length === 0) return <Message icon="transfer" title="Aucun transfert n’a encore eu de réponse." />;
  return (
    <div className={style.scroll}>
      <div className={style.questions}>
        <ul className={style.list} aria-label="Transferts passés">
          {rows.map((item) => (
            <TransferLine key={item.id} item={item} writer={false} />
          ))}
        </ul>
        {list.hasNextPage && (
          <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
            Voir la suite
          </Button>
        )}
      </div>
    </div>
  );
}
