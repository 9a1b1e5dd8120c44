// The report of a visit: one column, kept as it is typed, with an offer in the same flow.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { fault, Refusal } from "@/api/refusal";
import { searchRome, valuesOf, visit as visitQuery, type Visit } from "@/api/queries";
import { useWrite } from "@/api/write";
import { emptyOffer, OfferFields, offerBody, offerFault, type OfferDraft } from "@/features/offers/OfferForm";
import { fieldWords, printed } from "@/features/golden/words";
import { Questions } from "@/features/questionnaire/Questions";
import { questionnairesOf } from "@/features/questionnaire/query";
import { asked, besides, held, sent, wrongAnswer, type Answers, type Questionnaires } from "@/features/questionnaire/questions";
import { useSession } from "@/features/session/session";
import { navigate, useParameters, useQueryState } from "@/router";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { Checkbox, DayField, RadioGroup, SearchSelect, Select, TextArea, TextField, toFirstFault, type Choice } from "@/ui/Field";
import { useDraft } from "@/ui/draft";
import { Kept } from "@/ui/Kept";
import { NetworkMark, networkName } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { contracts, horizons, outcomes, sizeBands } from "@/words/domain";
import { addWorkingDays, appointment, fullDay, isoDay, now } from "@/words/time";
import { french } from "@/words/typography";
import { visitTouches } from "./PlanDialog";
import { ReportRead } from "./ReportRead";
import style from "./ReportPage.module.css";

type NeedDraft = { rome: Choice | null; posts: string; horizon: string; contract: string };
type Draft = {
  outcome: string;
  needs: NeedDraft[];
  nextAction: string;
  nextOn: string;
  sharedNote: string;
  networkNote: string;
  /** What was seen right on the spot, by field. */
  confirmed: Record<string, string>;
  answers: Answers;
  withOffer: boolean;
  offer: OfferDraft;
  /** The questions as they were asked when the report was begun: answers are to those. */
  questionnaires: Questionnaires;
  /** The version of the report that was read before it was corrected. */
  over: number;
};
type Outcome = "needs" | "later" | "none" | "postponed" | "absent" | "refused" | "closed";

const emptyNeed: NeedDraft = { rome: null, posts: "1", horizon: "now", contract: "" };

export default function ReportPage() {
  const id = Number(useParameters()["id"]);
  const session = useSession();
  const query = useQueryState();
  const correcting = query.get("corriger") === "1";
  const correct = (on: boolean) => query.set({ corriger: on ? "1" : null });
  const { data, isPending, isError, error, refetch } = useQuery(visitQuery(id));
  // A report that is being written stays, though a colleague writes one or cancels the visit meanwhile.
  const begun = useRef<number>(undefined);
  if (isError) return <Failure alone error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={8} />;
  const second = data.partner?.state === "accepted" && data.partner.organisation.id === session.organisation.id;
  if (second && !data.team && (data.state === "planned" || data.report))
    return (
      <Message alone icon="team" title={data.report ? "Le compte rendu commun est écrit." : `Le compte rendu commun est écrit par ${data.organisation.name}.`} action={<LinkButton href={`/entreprises/${data.establishment.id}?onglet=historique`}>Voir la fiche de l’employeur</LinkButton>}>
        {data.report ? <OwnNote visit={data} /> : <p>Dès qu’il sera là, vous pourrez y joindre la note de votre structure.</p>}
      </Message>
    );
  if (data.report && correcting) return <Writing key={`${id}.correct`} visit={data} onDone={() => correct(false)} />;
  if (!data.report && data.state === "planned") begun.current = id;
  if (begun.current === id) return <Writing key={id} visit={data} />;
  if (data.report) return <ReportRead visit={data} onCorrect={() => correct(true)} />;
  return (
    <Message
      alone
      icon="close"
      title="Cette visite a été annulée."
      action={<LinkButton href={`/entreprises/${data.establishment.id}?onglet=historique`}>Voir la fiche de l’employeur</LinkButton>}
    />
  );
}

/** A report is begun once its questions are there: sent without them it would lose the answers that it had. */
function Writing(props: { visit: Visit; onDone?: () => void }) {
  // A correction answers the questions that were asked then; what is begun as a report goes on with its own, though a colleague writes one meanwhile.
  const [corrected] = useState(props.visit.report ? props.visit.id : null);
  const { data, isError, error, refetch } = useQuery(questionnairesOf(corrected));
  if (isError) return <Failure alone error={error} onRetry={() => void refetch()} />;
  return data ? <ReportForm {...props} questionnaires={data} /> : <Skeleton rows={8} />;
}

/** After a joint visit, what the second partner keeps for its own network. */
function OwnNote({ visit }: { visit: Visit }) {
  const [note, setNote] = useState("");
  const write = useWrite(() => api.post("/api/visits/{id}/note", { path: { id: visit.id }, body: { note: note.trim() } }), { touches: visitTouches(visit.establishment.id), done: () => "Note de votre structure enregistrée." });
  return (
    <>
      <TextArea label="Note de votre structure" value={note} onChange={setNote} rows={4} maxLength={4000} help="Visible de votre réseau seulement." required />
      <Button look="primary" onPress={() => write.mutate(undefined)} isDisabled={note.trim() === ""} isPending={write.isPending}>
        Enregistrer la note
      </Button>
    </>
  );
}

/** A report as the form holds it, to be corrected. */
const written = (report: NonNullable<Visit["report"]>) => ({
  outcome: report.outcome,
  needs: report.needs
    .filter((need) => need.state !== "abandoned")
    .map((need) => ({ rome: { id: need.rome ?? "", label: need.rome_label }, posts: String(need.posts ?? 1), horizon: need.horizon, contract: need.contract ?? "" })),
  nextAction: report.next_action ?? "",
  nextOn: report.next_action_on ?? "",
  sharedNote: report.shared_note ?? "",
  networkNote: report.network_note ?? "",
  answers: held(report.answers),
});

function ReportForm({ visit, questionnaires, onDone }: { visit: Visit; questionnaires: Questionnaires; onDone?: () => void }) {
  const session = useSession();
  const initial: Draft = { outcome: "", needs: [], nextAction: "", nextOn: "", sharedNote: "", networkNote: "", confirmed: {}, answers: {}, withOffer: false, offer: emptyOffer, questionnaires, over: visit.report?.version ?? 0, ...(visit.report ? written(visit.report) : {}) };
  const [draft, change, clear, kept] = useDraft<Draft>(`report.${visit.id}${visit.report ? ".correct" : ""}`, initial);
  const [checked, check] = useState(false);
  const questions = draft.outcome ? asked(draft.questionnaires, draft.outcome, draft.answers) : [];
  // Written anew by somebody else since this was begun: shown beside it before one takes the place of the other.
  const other = visit.report && visit.report.version > draft.over ? visit.report : null;
  const name = visit.establishment.name ?? "Cet employeur";
  const met = ["needs", "later", "none"].includes(draft.outcome);
  const seen = Object.entries(draft.confirmed).filter(([, value]) => value.trim() !== "");

  useEffect(() => {
    if (draft.outcome === "needs" && draft.needs.length === 0) change({ needs: [emptyNeed] });
  }, [draft.outcome, draft.needs.length, change]);

  const write = useWrite(
    async () => {
      const body = {
        outcome: draft.outcome as Outcome,
        needs: draft.needs
          .filter((need) => need.rome)
          .map((need) => ({
            rome: need.rome?.id ?? "",
            posts: Number(need.posts) || 1,
            horizon: need.horizon as "now",
            ...(need.contract ? { contract: need.contract as "cdi" } : {}),
          })),
        ...(draft.nextAction.trim() ? { next_action: draft.nextAction.trim() } : {}),
        ...(draft.nextOn ? { next_action_on: draft.nextOn } : {}),
        ...(draft.sharedNote.trim() ? { shared_note: draft.sharedNote.trim() } : {}),
        ...(draft.networkNote.trim() ? { network_note: draft.networkNote.trim() } : {}),
        ...(met && seen.length > 0 ? { confirmed: seen.map(([field, value]) => ({ field: field as "phone", value: value.trim() })) } : {}),
        answers: [...sent(questions, draft.answers), ...besides(draft.questionnaires, draft.answers)],
        ...(visit.report?.contact ? { contact: visit.report.contact } : {}),
      };
      const path = { id: visit.id };
      const corrected = Boolean(visit.report); // it is there, too, once it is sent
      const answer = visit.report ? await api.post("/api/visits/{id}/report/correct", { path, version: draft.over, body }) : await api.post("/api/visits/{id}/report", { path, version: visit.version, body });
      if (!draft.withOffer) return { corrected, offer: null };
      // The report is kept whatever happens to the offer, which can be posted again from the record.
      const need = answer.report?.needs.find((item) => item.rome === draft.offer.rome?.id && item.offer === null);
      try {
        const offer = await api.post("/api/offers", { body: { ...offerBody(draft.offer), establishment: visit.establishment.id, visit: visit.id, ...(need ? { need: need.id } : {}) } });
        return { corrected, offer };
      } catch (error) {
        toast("Le compte rendu est enregistré, mais l’offre ne l’est pas.", { tone: "danger", detail: error instanceof Refusal ? error.title : "Déposez-la depuis la fiche de l’employeur." });
        return { corrected, offer: null };
      }
    },
    {
      touches: [...visitTouches(visit.establishment.id), ["offers"]],
      quiet: true,
      done: ({ corrected, offer }) => (corrected ? "Compte rendu corrigé ; l’ancien texte reste dans l’historique." : offer ? "Compte rendu enregistré, offre préparée." : "Compte rendu enregistré."),
      onDone: ({ offer }) => {
        clear();
        if (onDone && !offer) return onDone();
        navigate(offer ? `/suivi-offres/${offer.id}` : `/entreprises/${visit.establishment.id}?onglet=historique`);
      },
    },
  );

  const needFaults = draft.needs.map((need) => (!need.rome ? "Choisissez un métier, ou retirez cette ligne." : undefined));
  const nextFault = draft.nextOn && !draft.nextAction.trim() ? "Dites ce qu’il faudra faire ce jour-là." : undefined;
  const whenFault = draft.nextAction.trim() && !draft.nextOn ? "Choisissez une date." : undefined;
  const wrongOffer = draft.withOffer ? offerFault(draft.offer) : {};
  const valid = questions.every((one) => !wrongAnswer(one, draft.answers[one.key])) && draft.outcome !== "" && needFaults.every((item) => !item) && !nextFault && !whenFault && Object.keys(wrongOffer).length === 0;
  const today = isoDay(now());
  const setNeed = (index: number, part: Partial<NeedDraft>) => change({ needs: draft.needs.map((need, at) => (at === index ? { ...need, ...part } : need)) });

  return (
    <Page
      title={`Compte rendu : ${name}`}
      aside={
        <>
          {visit.establishment.city && `${visit.establishment.city}, `}
          visite prévue {appointment(visit.planned_at)}
        </>
      }
    >
      <Form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (valid) write.mutate(undefined);
          else toFirstFault();
        }}
      >
        {kept && <Kept onDrop={clear} {...(visit.report ? { again: "Repartir du compte rendu enregistré" } : {})} />}
        <RadioGroup
          label="Résultat de la visite"
          required
          value={draft.outcome || null}
          onChange={(outcome) => change({ outcome })}
          choices={Object.entries(outcomes).map(([id, { label, help }]) => ({ id, label, ...(help && draft.outcome === id ? { detail: help } : {}) }))}
          error={fault(write.error, "outcome") ?? (checked && !draft.outcome ? "Choisissez le résultat de la visite." : undefined)}
        />

        {met && (
          <fieldset className={style.group}>
            <legend>Besoins de recrutement</legend>
            {draft.needs.map((need, index) => (
              <div key={index} className={style.need} role="group" aria-label={`Besoin ${index + 1}`}>
                <SearchSelect
                  label="Métier (ROME)"
                  required
                  value={need.rome}
                  onChange={(rome) => setNeed(index, { rome })}
                  search={searchRome}
                  placeholder="Code ou mots du métier"
                  className={style.wide}
                  error={checked ? needFaults[index] : undefined}
                />
                <TextField label="Postes" required type="number" inputMode="numeric" min={1} max={500} value={need.posts} onChange={(posts) => setNeed(index, { posts })} />
                <Select label="Échéance" required value={need.horizon} onChange={(horizon) => setNeed(index, { horizon })} choices={Object.entries(horizons).map(([id, label]) => ({ id, label }))} />
                <Select label="Contrat" value={need.contract || null} onChange={(contract) => setNeed(index, { contract })} choices={Object.entries(contracts).map(([id, label]) => ({ id, label }))} />
                <IconButton label={`Retirer le besoin ${index + 1}`} icon="close" onPress={() => change({ needs: draft.needs.filter((_, at) => at !== index) })} />
              </div>
            ))}
            <Button small icon="add" onPress={() => change({ needs: [...draft.needs, emptyNeed] })}>
              Ajouter un besoin
            </Button>
          </fieldset>
        )}

        {questions.length > 0 && (
          <fieldset className={style.group}>
            <legend>Questions</legend>
            <Questions list={questions} answers={draft.answers} onChange={(answers) => change({ answers })} checked={checked} />
          </fieldset>
        )}

        <fieldset className={style.group}>
          <legend>Suite à donner</legend>
          <TextField label="Prochaine action" value={draft.nextAction} onChange={(nextAction) => change({ nextAction })} maxLength={300} placeholder="Rappeler pour l’offre de soudeur" error={fault(write.error, "next_action") ?? (checked ? nextFault : undefined)} />
          <DayField
            label="Date de l’action"
            value={draft.nextOn}
            onChange={(nextOn) => change({ nextOn })}
            min={today}
            help={draft.nextOn ? fullDay(draft.nextOn) : undefined}
            error={fault(write.error, "next_action_on") ?? (checked ? whenFault : undefined)}
            shortcuts={[
              { label: "Dans 5 jours ouvrés", day: addWorkingDays(today, 5) },
              { label: "Dans 20 jours ouvrés", day: addWorkingDays(today, 20) },
            ]}
          />
        </fieldset>

        {met && <Seen establishment={visit.establishment.id} confirmed={draft.confirmed} onChange={(confirmed) => change({ confirmed })} error={fault(write.error, "value")} />}

        <fieldset className={style.group}>
          <legend>Notes</legend>
          <TextArea label="Note partagée" value={draft.sharedNote} onChange={(sharedNote) => change({ sharedNote })} maxLength={4000} help="Lue par tous les partenaires du territoire." error={fault(write.error, "shared_note")} />
          <TextArea
            label="Note de mon réseau"
            value={draft.networkNote}
            onChange={(networkNote) => change({ networkNote })}
            maxLength={4000}
            help={
              <>
                <NetworkMark network={session.organisation.network} size={14} /> Lue par {networkName(session.organisation.network)} seulement.
              </>
            }
            error={fault(write.error, "network_note")}
          />
        </fieldset>

        {met && !visit.report && (
          <fieldset className={style.group}>
            <legend>Offre</legend>
            <Checkbox
              isSelected={draft.withOffer}
              onChange={(withOffer) => {
                const need = draft.needs.find((item) => item.rome);
                const blank = !draft.offer.title && !draft.offer.rome;
                change({
                  withOffer,
                  ...(withOffer && blank && need ? { offer: { ...draft.offer, rome: need.rome, title: need.rome?.label ?? "", posts: need.posts, contract: need.contract || draft.offer.contract } } : {}),
                });
              }}
              help="Elle reste en brouillon jusqu’à sa confirmation avec l’employeur."
            >
              Déposer une offre maintenant
            </Checkbox>
            {draft.withOffer && <OfferFields draft={draft.offer} onChange={(part) => change({ offer: { ...draft.offer, ...part } })} faults={checked ? wrongOffer : {}} />}
          </fieldset>
        )}

        {other && !write.isPending && !write.isSuccess && (
          <div role="alert" className={style.kept}>
            <p>
              Entre-temps, {other.member.name} a {draft.over ? "corrigé" : "écrit"} ce compte rendu : {french(other.outcome_label)}
              {other.shared_note ? `, note partagée « ${french(other.shared_note)} »` : ", sans note partagée"}. Votre saisie est gardée.
            </p>
            <Button small onPress={() => change({ over: other.version })}>
              C’est lu, mon texte le remplacera
            </Button>
          </div>
        )}
        {write.error instanceof Refusal && <Refused error={write.error} />}
        <div className={style.actions}>
          <Button type="submit" look="primary" isPending={write.isPending}>
            Enregistrer le compte rendu
          </Button>
          <LinkButton href={`/entreprises/${visit.establishment.id}`} look="quiet">
            Revenir à la fiche
          </LinkButton>
          <span className={style.saved}>Votre saisie est gardée sur cet appareil.</span>
        </div>
      </Form>
    </Page>
  );
}

/** What one can check on the spot: said right, or put right. */
const visible = ["brand", "address", "phone", "size_band"];

function Seen({ establishment, confirmed, onChange, error }: { establishment: number; confirmed: Record<string, string>; onChange: (confirmed: Record<string, string>) => void; error: string | undefined }) {
  const { data } = useQuery(valuesOf(establishment));
  const items = (data?.items ?? []).filter((item) => visible.includes(item.field));
  if (items.length === 0) return null;
  return (
    <fieldset className={style.group}>
      <legend>Vérifié sur place</legend>
      {items.map((item) => {
        const name = fieldWords[item.field] ?? item.field;
        const chosen = confirmed[item.field];
        const set = (value: string) => onChange({ ...confirmed, [item.field]: value });
        return (
          <div key={item.field}>
            <Checkbox
              isSelected={chosen !== undefined}
              onChange={(on) => {
                if (on) return set(item.value ?? "");
                const { [item.field]: _, ...rest } = confirmed;
                onChange(rest);
              }}
            >
              {name} : {item.value === null ? "inconnu" : printed(item.field, item.value)}
            </Checkbox>
            {chosen !== undefined &&
              (item.field === "size_band" ? (
                <Select label={`${name} constaté`} value={chosen || null} onChange={set} choices={sizeBands.map(({ id, label }) => ({ id, label }))} />
              ) : (
                <TextField label={`${name} vu sur place`} value={chosen} onChange={set} maxLength={200} error={item.field === "phone" ? error : undefined} />
              ))}
          </div>
        );
      })}
    </fieldset>
  );
}
