// One lead: what was told, by whom, for whom; what became of it; and what its recipient makes of it.
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import { lead as leadQuery, members as membersQuery, searchEstablishments, searchRome } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Button, IconButton } from "@/ui/Button";
import { Badge } from "@/ui/Badge";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, SearchSelect, Select, TextArea, TextField, type Choice } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { Failure, Skeleton } from "@/ui/States";
import { Timeline } from "@/ui/Timeline";
import { horizons } from "@/words/domain";
import { french } from "@/words/typography";
import style from "./Leads.module.css";
import { LeadBadge } from "./LeadsPage";
import { fateOf, kinds, states, steps } from "./words";

type Sheet = Schema<"LeadSheet">;
type Open = "answer" | "declined" | "need" | "promise" | "task" | "tie" | null;

export default function LeadSheet({ id, onClose }: { id: number; onClose: () => void }) {
  const { data, isPending, isError, error, refetch } = useQuery(leadQuery(id));
  return (
    <section className={style.sheet} aria-label="Détail du signalement" data-testid="lead">
      {isError ? (
        <>
          <div className={style.close}>
            <IconButton label="Fermer le signalement" icon="close" onPress={onClose} />
          </div>
          <Failure error={error} onRetry={() => void refetch()} />
        </>
      ) : isPending ? (
        <Skeleton rows={7} />
      ) : (
        <Body lead={data} onClose={onClose} />
      )}
    </section>
  );
}

function useLeadWrite<Input>(run: (input: Input) => Promise<Sheet>, done: string, onDone: () => void, quiet = true) {
  return useWrite(run, { touches: [["leads"], ["today"], ["needs"], ["establishment"], ["promises"]], quiet, done: () => done, onDone });
}

function Body({ lead, onClose }: { lead: Sheet; onClose: () => void }) {
  const session = useSession();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const path = { id: lead.id };
  const take = useLeadWrite(() => api.post("/api/leads/{id}/move", { path, body: { state: "taken" } }), "Vous vous en occupez.", close, false);
  const answer = useLeadWrite((text: string) => api.post("/api/leads/{id}/move", { path, body: { state: open === "declined" ? "declined" : "done", answer: text } }), "Réponse envoyée.", close);
  const withdraw = useLeadWrite(() => api.post("/api/leads/{id}/withdraw", { path }), "Signalement retiré.", close, false);
  const waiting = lead.state === "sent" || lead.state === "taken";
  const employer = lead.establishment;
  const mine = session.role === "contributor" && waiting;
  const facts: [string, ReactNode][] = [
    ["Entreprise", employer ? <Link href={`/entreprises/${employer.id}`}>{employer.name ?? lead.employer}</Link> : lead.employer],
    ["Commune", lead.commune],
    ["Signalé par", <Organisation key="o" name={lead.organisation.name} network={lead.organisation.network} member={lead.member.name} size={16} />],
    ["Adressé à", <Organisation key="r" name={lead.recipient.name} network={lead.recipient.network} member={lead.recipient_member?.name} size={16} />],
    ["Suivi par", lead.taken_by],
  ];
  return (
    <>
      <header className={style.head}>
        <div className={style.top}>
          <h2>{lead.employer}</h2>
          <IconButton label="Fermer le signalement" icon="close" onPress={onClose} />
        </div>
        <p className={style.sub}>
          <LeadBadge state={lead.state} />
          <span>{kinds[lead.kind].label}</span>
          {lead.confidential && (
            <Badge tone="danger" icon="reserved">
              Confidentiel
            </Badge>
          )}
        </p>
        <p className={style.fate}>
          {fateOf(lead, session.role === "contributor")}
          {lead.need && session.role !== "contributor" && (
            <>
              {" "}
              <Link href={`/besoins/${lead.need}`}>Voir le besoin</Link>
            </>
          )}
        </p>
        {lead.ours && waiting && (
          <div className={style.actions}>
            {lead.state === "sent" && (
              <Button look="primary" icon="check" isPending={take.isPending} onPress={() => take.mutate(undefined)}>
                Prendre en charge
              </Button>
            )}
            {!lead.tied && (
              <Button icon="companies" onPress={() => setOpen("tie")}>
                Rattacher à un employeur
              </Button>
            )}
            {employer && (
              <Button icon="need" onPress={() => setOpen("need")}>
                En faire un besoin
              </Button>
            )}
            {employer && (
              <Button icon="promise" onPress={() => setOpen("promise")}>
                Promettre une visite
              </Button>
            )}
            <Button icon="due" onPress={() => setOpen("task")}>
              Prévoir une suite
            </Button>
            <Button icon="mail" onPress={() => setOpen("answer")}>
              Répondre
            </Button>
            <Button look="quiet" onPress={() => setOpen("declined")}>
              Sans suite
            </Button>
          </div>
        )}
        {mine && (
          <div className={style.actions}>
            <Button look="quiet" isPending={withdraw.isPending} onPress={() => withdraw.mutate(undefined)}>
              Retirer ce signalement
            </Button>
          </div>
        )}
      </header>
      <div className={style.body}>
        <p className={style.told}>{french(lead.told)}</p>
        {lead.answer && (
          <section aria-label="Réponse">
            <h3>Réponse</h3>
            <p className={style.told}>{french(lead.answer)}</p>
          </section>
        )}
        <dl className={style.facts}>
          {facts
            .filter(([, value]) => value)
            .map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
        <section aria-label="Étapes">
          <h3>Étapes</h3>
          <Timeline
            label="Étapes du signalement"
            moments={[...lead.steps].reverse().map((step) => ({ id: step.id, at: step.at, icon: states[step.to as Sheet["state"]].icon, title: steps[step.to as Sheet["state"]], by: [step.organisation, step.member].filter(Boolean).join(" · ") }))}
          />
        </section>
      </div>
      {open === "tie" && <TieDialog lead={lead} onClose={close} />}
      {(open === "need" || open === "promise" || open === "task") && <MakeDialog what={open} lead={lead} onClose={close} />}
      <ReasonDialog
        title={open === "declined" ? "Classer sans suite" : "Répondre"}
        label="Votre réponse"
        help="Celui qui a signalé la lira."
        confirm="Envoyer la réponse"
        field="answer"
        isOpen={open === "answer" || open === "declined"}
        onClose={close}
        onConfirm={answer.mutate}
        error={answer.error}
        busy={answer.isPending}
      />
    </>
  );
}

function TieDialog({ lead, onClose }: { lead: Sheet; onClose: () => void }) {
  const [employer, setEmployer] = useState<Choice | null>(null);
  const write = useLeadWrite(() => api.put("/api/leads/{id}/employer", { path: { id: lead.id }, body: { establishment: Number(employer?.id) } }), "Signalement rattaché.", onClose);
  return (
    <Dialog title="Rattacher à un employeur" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          if (employer) write.mutate(undefined);
        }}
      >
        <p>Signalé sous le nom « {lead.employer} ».</p>
        <SearchSelect label="Employeur" required value={employer} onChange={setEmployer} search={searchEstablishments} placeholder="Nom ou SIRET" error={fault(write.error, "establishment")} />
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending} isDisabled={!employer}>
            Rattacher
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

const titles = { need: "En faire un besoin", promise: "Promettre une visite", task: "Prévoir une suite" };

/** What a lead is made into: a need, the promise of a visit, or something to do by a day. */
function MakeDialog({ what, lead, onClose }: { what: "need" | "promise" | "task"; lead: Sheet; onClose: () => void }) {
  const session = useSession();
  const [rome, setRome] = useState<Choice | null>(null);
  const [posts, setPosts] = useState("1");
  const [horizon, setHorizon] = useState("now");
  const [due, setDue] = useState(session.promise.default_due_on);
  const [member, setMember] = useState(String(session.member.id));
  const [text, setText] = useState("");
  const colleagues = useQuery({ ...membersQuery(session.organisation.id), enabled: what === "task" });
  const path = { id: lead.id };
  const said = text.trim().length >= 3 ? { answer: text.trim() } : {};
  const write = useLeadWrite<undefined>(
    () =>
      what === "need"
        ? api.post("/api/leads/{id}/need", { path, body: { rome: rome?.id ?? "", horizon: horizon as "now", ...(posts.trim() ? { posts: Number(posts) } : {}), ...said } })
        : what === "promise"
          ? api.post("/api/leads/{id}/promise", { path, body: { due_on: due, ...said } })
          : api.post("/api/leads/{id}/task", { path, body: { due_on: due, member: Number(member), ...said } }),
    "Suite donnée : celui qui a signalé la voit.",
    onClose,
  );
  return (
    <Dialog title={titles[what]} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          write.mutate(undefined);
        }}
      >
        {what === "need" && (
          <>
            <SearchSelect label="Métier" required value={rome} onChange={setRome} search={searchRome} placeholder="Code ou mots du métier" error={fault(write.error, "rome")} />
            <TextField label="Nombre de postes" inputMode="numeric" value={posts} onChange={setPosts} help="Vide s’il est inconnu." error={fault(write.error, "posts")} />
            <Select label="Échéance" required value={horizon} onChange={setHorizon} choices={Object.entries(horizons).map(([id, label]) => ({ id, label }))} />
          </>
        )}
        {what !== "need" && <DayField label={what === "promise" ? "Visite avant le" : "À faire avant le"} required value={due} onChange={setDue} error={fault(write.error, "due_on")} />}
        {what === "task" && <Select label="Confiée à" required value={member} onChange={setMember} choices={(colleagues.data?.items ?? [{ id: session.member.id, name: session.member.name }]).map((one) => ({ id: String(one.id), label: one.name }))} error={fault(write.error, "member")} />}
        <TextArea label="Message à celui qui a signalé" value={text} onChange={setText} rows={2} maxLength={1000} error={fault(write.error, "answer")} />
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending} isDisabled={what === "need" && !rome}>
            Enregistrer
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
