// Who is away and whose clock stands still; teams across organisations; what became of everybody's promises.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { absences as absencesQuery, promiseFigures, teams as teamsQuery, type Absence } from "@/api/promises";
import { fault, Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { MemberSelect } from "@/features/promises/people";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Badge, type Tone } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, RadioGroup } from "@/ui/Field";
import { Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { count, plural } from "@/words/number";
import { addDays, fullDay, isoDay, longDay, now } from "@/words/time";
import style from "./Teams.module.css";
import { Teams } from "./Teams";

const touches = [["absences"], ["promises"], ["today"], ["establishments"], ["establishment"]];

export default function TeamsPage() {
  const query = useQueryState();
  const session = useSession();
  const manager = session.role === "manager" || session.role === "administrator";
  const asking = useQuery(teamsQuery(false)).data?.items.filter((team) => team.asks_us).length;
  return (
    <Page title="Équipes et absences">
      <Tabs
        label="Équipes et absences"
        selected={query.get("onglet") ?? "absences"}
        onSelect={(id) => query.set({ onglet: id === "absences" ? null : id }, { replace: true })}
        items={[
          { id: "absences", label: "Absences", content: <Absences /> },
          { id: "equipes", label: "Équipes communes", count: asking, content: <Teams /> },
          ...(manager ? [{ id: "bilan", label: "Bilan des douze mois", content: <Figures /> }] : []),
        ]}
      />
    </Page>
  );
}

const stateWords: Record<Absence["state"], { label: string; tone: Tone }> = {
  running: { label: "en cours", tone: "warn" },
  coming: { label: "à venir", tone: "accent" },
  over: { label: "terminée", tone: "quiet" },
  cancelled: { label: "annulée", tone: "quiet" },
};

function Absences() {
  const query = useQueryState();
  const session = useSession();
  const past = query.get("passees") === "oui";
  const { data, isPending, isError, error, refetch } = useQuery(absencesQuery(past));
  const [declaring, declare] = useState(false);
  const writer = session.role === "adviser" || session.role === "manager";
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={6} />;
  return (
    <div className={style.panel}>
      <div className={style.tools}>
        {writer && (
          <Button look="primary" icon="add" onPress={() => declare(true)}>
            Déclarer une absence
          </Button>
        )}
        <Button look="quiet" onPress={() => query.set({ passees: past ? null : "oui" })}>
          {past ? "Voir les absences en cours et à venir" : "Voir les absences passées"}
        </Button>
      </div>
      <p className={style.soft}>Pendant une absence, le délai des engagements est suspendu : leur échéance recule des jours ouvrés absents. Aucun employeur ne change de main sans que quelqu’un le décide. Le motif n’est ni demandé ni conservé.</p>
      {data.items.length === 0 ? (
        <Message icon="resting" title={past ? "Aucune absence depuis six mois." : "Personne n’est absent, ni ne le sera."} />
      ) : (
        <ul className={style.list} aria-label={past ? "Absences passées" : "Absences"}>
          {data.items.map((item) => (
            <AbsenceLine key={item.id} item={item} />
          ))}
        </ul>
      )}
      {declaring && <AbsenceDialog onClose={() => declare(false)} />}
    </div>
  );
}

function AbsenceLine({ item }: { item: Absence }) {
  const session = useSession();
  const [ending, end] = useState(false);
  const cancel = useWrite(() => api.post("/api/absences/{id}/cancel", { path: { id: item.id } }), { touches, done: () => "Absence annulée : les échéances sont rétablies." });
  const word = stateWords[item.state];
  const mine = item.member_id === session.member.id;
  const may = (session.role === "manager" || mine) && (item.state === "running" || item.state === "coming");
  return (
    <li data-testid="absence">
      <div className={style.about}>
        <p>
          <strong>{item.member ? item.member.name : `Fermeture de ${session.organisation.short_name}`}</strong> <Badge tone={word.tone}>{word.label}</Badge>
        </p>
        <p>
          {item.first_on === item.last_on ? `Le ${fullDay(item.first_on)}` : `Du ${longDay(item.first_on)} au ${longDay(item.last_on)}`}, {plural(item.working_days, "jour ouvré", "jours ouvrés")}
        </p>
        {item.state !== "over" && item.state !== "cancelled" && (
          <p className={style.soft}>
            {item.promises === 0 ? "Aucun engagement en cours." : `${plural(item.promises, "engagement dont le délai est suspendu", "engagements dont le délai est suspendu")}.`}
            {item.visits > 0 && ` ${plural(item.visits, "visite prévue tombe", "visites prévues tombent")} pendant ces jours.`}
          </p>
        )}
      </div>
      {may && (
        <div className={style.buttons}>
          {item.promises > 0 && item.member_id !== null && session.role === "manager" && (
            <LinkButton small href={`/engagements?qui=structure&personne=${item.member_id}`}>
              Confier à quelqu’un
            </LinkButton>
          )}
          <Button small onPress={() => end(true)}>
            Changer la fin
          </Button>
          {(item.state === "coming" || item.first_on === isoDay(now())) && (
            <Button small look="quiet" onPress={() => cancel.mutate(undefined)} isPending={cancel.isPending}>
              Annuler
            </Button>
          )}
        </div>
      )}
      {ending && <EndDialog item={item} onClose={() => end(false)} />}
    </li>
  );
}

function AbsenceDialog({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const today = isoDay(now());
  const [who, setWho] = useState("self");
  const [member, setMember] = useState("");
  const [first, setFirst] = useState(today);
  const [last, setLast] = useState(today);
  const write = useWrite(
    () => api.post("/api/absences", { body: { first_on: first, last_on: last, closure: who === "closure", ...(who === "other" ? { member: Number(member) } : {}) } }),
    {
      touches,
      quiet: true,
      done: (answer) => ({ text: "Absence enregistrée.", detail: answer.promises > 0 ? `${plural(answer.promises, "engagement")} : les échéances qui tombaient après reculent de ${plural(answer.working_days, "jour ouvré", "jours ouvrés")} au plus.` : undefined }),
      onDone: onClose,
    },
  );
  const wrong = !first || !last ? "Choisissez deux jours." : last < first ? "La fin vient avant le début." : undefined;
  return (
    <Dialog title="Déclarer une absence" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong && (who !== "other" || member)) write.mutate(undefined);
        }}
      >
        {session.role === "manager" && (
          <RadioGroup
            label="De qui"
            required
            value={who}
            onChange={setWho}
            choices={[
              { id: "self", label: "La mienne" },
              { id: "other", label: "Une ou un collègue" },
              { id: "closure", label: "Toute la structure", detail: "Fermeture : le délai de tous ses engagements est suspendu." },
            ]}
          />
        )}
        {who === "other" && <MemberSelect organisation={session.organisation.id} value={member} onChange={setMember} error={fault(write.error, "member")} />}
        <DayField
          label="Premier jour"
          value={first}
          onChange={(day) => {
            setFirst(day);
            if (day > last) setLast(day);
          }}
          required
          min={addDays(today, -30)}
        />
        <DayField label="Dernier jour" value={last} onChange={setLast} required min={first} error={wrong ?? fault(write.error, "last_on")} help={last ? fullDay(last) : undefined} shortcuts={[1, 2, 3].map((weeks) => ({ label: weeks === 1 ? "Une semaine" : `${weeks} semaines`, day: addDays(first || today, 7 * weeks - 1) }))} />
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
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

function EndDialog({ item, onClose }: { item: Absence; onClose: () => void }) {
  const today = isoDay(now());
  const [last, setLast] = useState(item.last_on);
  const write = useWrite(() => api.patch("/api/absences/{id}", { path: { id: item.id }, body: { last_on: last } }), {
    touches,
    quiet: true,
    done: (answer) => (answer.last_on < item.last_on ? "Absence abrégée : les échéances avancent d’autant." : "Absence prolongée : les échéances reculent d’autant."),
    onDone: onClose,
  });
  return (
    <Dialog title="Changer la fin de l’absence" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          write.mutate(undefined);
        }}
      >
        <DayField
          label="Dernier jour"
          value={last}
          onChange={setLast}
          required
          min={item.first_on > today ? item.first_on : addDays(today, -1)}
          help={last ? fullDay(last) : undefined}
          error={fault(write.error, "last_on")}
          {...(item.state === "running" && item.first_on < today ? { shortcuts: [{ label: "De retour aujourd’hui", day: addDays(today, -1) }] } : {})}
        />
        {write.error instanceof Refusal && write.error.fields.length === 0 && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
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

function Figures() {
  const { data, isPending, isError, error, refetch } = useQuery(promiseFigures);
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={8} />;
  const columns = [
    ["En cours", "active"],
    ["Pris", "made"],
    ["Tenus", "kept"],
    ["Rendus", "returned"],
    ["Échus", "lapsed"],
    ["Cédés", "transferred"],
    ["Reçus", "received"],
    ["Repos outrepassés", "overrides"],
    ["Visites", "visits"],
    ["dont communes", "joint"],
  ] as const;
  return (
    <div className={style.wide}>
      <p className={style.soft}>Une visite commune compte pour les deux structures, et une seule fois dans le total. Passer outre un délai de repos demande un motif ; tous les responsables en voient le nombre.</p>
      <div className={style.scroll} tabIndex={0} role="region" aria-label="Bilan par structure">
        <table className={style.table}>
          <thead>
            <tr>
              <th scope="col">Structure</th>
              {columns.map(([label]) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.items.map((row) => (
              <tr key={row.organisation?.id ?? 0} className={row.organisation ? undefined : style.total}>
                <th scope="row">{row.organisation ? <Organisation name={row.organisation.short_name} network={row.organisation.network} size={15} /> : "Ensemble"}</th>
                {columns.map(([label, name]) => (
                  <td key={label}>{count(row[name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
