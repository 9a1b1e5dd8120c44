// Teams across organisations: proposed by a manager, agreed by a manager of each, ended by any of them.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { teams as teamsQuery, type Team } from "@/api/promises";
import { segments as segmentsQuery } from "@/api/queries";
import { fault, Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useColleagues, usePartners } from "@/features/promises/people";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Chips } from "@/ui/Chips";
import { Actions, Dialog } from "@/ui/Dialog";
import { Select, TextArea, TextField, type Choice } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { plural } from "@/words/number";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";
import style from "./Teams.module.css";

const touches = [["teams"], ["promises"], ["today"], ["establishment"], ["establishments"]];
const nameIn = (choices: Choice[]) => (id: string) => choices.find((choice) => choice.id === id)?.label ?? id;

export function Teams() {
  const query = useQueryState();
  const session = useSession();
  const ended = query.get("terminees") === "oui";
  const { data, isPending, isError, error, refetch } = useQuery(teamsQuery(ended));
  const [founding, found] = useState(false);
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={6} />;
  return (
    <div className={style.panel}>
      <div className={style.tools}>
        {session.role === "manager" && (
          <Button look="primary" icon="add" onPress={() => found(true)}>
            Proposer une équipe
          </Button>
        )}
        <Button look="quiet" onPress={() => query.set({ terminees: ended ? null : "oui" })}>
          {ended ? "Voir les équipes en place" : "Voir les équipes terminées"}
        </Button>
      </div>
      <p className={style.soft}>Une équipe commune réunit des membres de plusieurs structures, avec l’accord d’un responsable de chacune. Chaque engagement garde son titulaire ; tout membre de l’équipe peut planifier la visite et en rendre compte.</p>
      {data.items.length === 0 ? (
        <Message icon="team" title={ended ? "Aucune équipe n’a pris fin." : "Aucune équipe commune dans le territoire."}>
          {session.role === "manager" ? "Proposez-en une aux partenaires avec qui vous prospectez déjà." : "Un responsable peut en proposer une à d’autres structures."}
        </Message>
      ) : (
        <ul className={style.list} aria-label="Équipes communes">
          {data.items.map((team) => (
            <TeamLine key={team.id} team={team} />
          ))}
        </ul>
      )}
      {founding && <FoundDialog onClose={() => found(false)} />}
    </div>
  );
}

function TeamLine({ team }: { team: Team }) {
  const session = useSession();
  const [open, setOpen] = useState<"agree" | "end" | null>(null);
  const close = () => setOpen(null);
  const end = useWrite((reason: string) => api.post("/api/teams/{id}/end", { path: { id: team.id }, body: { reason } }), { touches, quiet: true, done: () => "L’équipe a pris fin ; les engagements restent à leurs titulaires.", onDone: close });
  const manager = session.role === "manager" && team.ours && team.state !== "ended";
  return (
    <li data-testid="team">
      <div className={style.about}>
        <p>
          <strong>{team.name}</strong> <Badge tone={team.state === "active" ? "good" : team.state === "proposed" ? "warn" : "quiet"}>{team.state === "active" ? "en place" : team.state === "proposed" ? "attend l’accord de chacun" : "terminée"}</Badge>
        </p>
        {team.purpose && <p>{french(team.purpose)}</p>}
        <p className={style.soft}>
          {team.segment ? (
            <>
              Tient ensemble le segment <Link href={`/segments/${team.segment.id}`}>{team.segment.name}</Link>.{" "}
            </>
          ) : null}
          {team.state === "active" && `${plural(team.promises, "engagement en cours", "engagements en cours")}.`}
          {team.state === "ended" && team.ended_at && `Terminée le ${longDay(team.ended_at)} : « ${french(team.reason ?? "")} »`}
        </p>
        <ul className={style.partners}>
          {team.partners.map((partner) => (
            <li key={partner.organisation.id}>
              <Organisation name={partner.organisation.short_name} network={partner.organisation.network} size={15} />
              {partner.agreed_at ? <span>{partner.members.map((member) => member.name).join(", ")}</span> : <span className={style.soft}>accord attendu</span>}
            </li>
          ))}
        </ul>
      </div>
      {manager && (
        <div className={style.buttons}>
          {team.asks_us ? (
            <Button small look="primary" icon="check" onPress={() => setOpen("agree")}>
              Donner l’accord
            </Button>
          ) : (
            <Button small onPress={() => setOpen("agree")}>
              Changer nos membres
            </Button>
          )}
          <Button small look="quiet" onPress={() => setOpen("end")}>
            {team.asks_us ? "Refuser" : "Mettre fin"}
          </Button>
        </div>
      )}
      {open === "agree" && <AgreeDialog team={team} onClose={close} />}
      {open === "end" && <ReasonDialog title={team.asks_us ? "Refuser cette équipe" : "Mettre fin à l’équipe"} label="Motif" confirm={team.asks_us ? "Refuser" : "Mettre fin"} help="Visible des partenaires." danger isOpen onClose={close} onConfirm={end.mutate} error={end.error} busy={end.isPending} />}
    </li>
  );
}

function MembersChips({ organisation, values, onChange }: { organisation: number; values: string[]; onChange: (values: string[]) => void }) {
  const colleagues = useColleagues(organisation);
  return (
    <div className={style.field}>
      <span className={style.label}>Membres de votre structure</span>
      <Chips label="Membres de votre structure" values={values} onChange={onChange} name={nameIn(colleagues)} choices={colleagues} placeholder="Ajouter une personne" />
    </div>
  );
}

function AgreeDialog({ team, onClose }: { team: Team; onClose: () => void }) {
  const session = useSession();
  const ours = team.partners.find((partner) => partner.organisation.id === session.organisation.id);
  const [chosen, choose] = useState<string[]>(ours?.members.map((member) => String(member.id)) ?? []);
  const write = useWrite(() => api.post("/api/teams/{id}/agree", { path: { id: team.id }, body: { members: chosen.map(Number) } }), {
    touches,
    quiet: true,
    done: (answer) => (team.asks_us ? (answer.state === "active" ? "Accord donné : l’équipe est en place." : "Accord donné ; il manque celui d’une autre structure.") : "Membres enregistrés."),
    onDone: onClose,
  });
  return (
    <Dialog title={team.asks_us ? `Donner l’accord : ${team.name}` : "Changer nos membres"} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen.length > 0) write.mutate(undefined);
        }}
      >
        <MembersChips organisation={session.organisation.id} values={chosen} onChange={choose} />
        {write.error instanceof Refusal && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending} isDisabled={chosen.length === 0}>
            {team.asks_us ? "Donner l’accord" : "Enregistrer"}
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

function FoundDialog({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const partners = usePartners(session.organisation.id);
  const segments = (useQuery(segmentsQuery(false)).data?.items ?? []).filter((item) => item.shared);
  const [name, setName] = useState("");
  const [purpose, setPurpose] = useState("");
  const [segment, setSegment] = useState("");
  const [organisations, setOrganisations] = useState<string[]>([]);
  const [chosen, choose] = useState<string[]>([]);
  const [checked, check] = useState(false);
  const write = useWrite(
    () => api.post("/api/teams", { body: { name: name.trim(), ...(purpose.trim() ? { purpose: purpose.trim() } : {}), ...(segment ? { segment: Number(segment) } : {}), organisations: organisations.map(Number), members: chosen.map(Number) } }),
    { touches, quiet: true, done: () => "Équipe proposée : elle sera en place quand chaque structure aura donné son accord.", onDone: onClose },
  );
  const ready = name.trim().length >= 3 && organisations.length > 0 && chosen.length > 0;
  return (
    <Dialog title="Proposer une équipe commune" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (ready) write.mutate(undefined);
        }}
      >
        <TextField label="Nom" value={name} onChange={setName} required maxLength={80} error={(checked && name.trim().length < 3 ? "Au moins trois lettres." : undefined) ?? fault(write.error, "name")} />
        <TextArea label="Objet" value={purpose} onChange={setPurpose} maxLength={500} help="Par exemple l’article de la convention locale qui la prévoit." />
        <Select label="Segment tenu ensemble" value={segment} onChange={setSegment} choices={[{ id: "", label: "Aucun : chaque engagement est confié à l’équipe un à un" }, ...segments.map((item) => ({ id: String(item.id), label: item.name }))]} />
        <div className={style.field}>
          <span className={style.label}>Autres structures</span>
          <Chips label="Autres structures" values={organisations} onChange={setOrganisations} name={nameIn(partners)} choices={partners} placeholder="Ajouter une structure" />
        </div>
        <MembersChips organisation={session.organisation.id} values={chosen} onChange={choose} />
        {checked && !ready && <p role="alert">Donnez un nom, au moins une autre structure et au moins un membre de la vôtre.</p>}
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            Proposer
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
