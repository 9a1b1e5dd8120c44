// The report at the door: kept as it is typed, in reach of one thumb, done in under a minute.
import { useCallback, useEffect, useRef, useState } from "react";
import { personName } from "@/features/contacts/person";
import { networkName } from "@/ui/Network";
import { toFirstTouchFault, TouchArea, TouchButton, TouchCheck, TouchChoices, TouchLine, TouchLink, TouchNotice, TouchPick, TouchSteps } from "@/ui/touch/Touch";
import { contracts, horizons, outcomes } from "@/words/domain";
import { addWorkingDays, appointment, fullDay, isoDay, now } from "@/words/time";
import { bodyOf, claimable, emptyDraft, faults, met, needFaults, type Draft, type NeedDraft } from "./draft";
import { Pictures } from "./Pictures";
import { asked } from "@/features/questionnaire/questions";
import { TouchQuestions } from "./TouchQuestions";
import { go } from "./place";
import { ask, find, occupations, type Occupation } from "./rome";
import { dropDraft, keepDraft, readDraft, say, submit, useField } from "./store";
import type { Visit } from "./queue";
import style from "./Field.module.css";

export function ReportScreen({ id }: { id: number }) {
  const { week, who, waiting } = useField();
  const [draft, setDraft] = useState<Draft | null | undefined>(undefined);
  const held = useHold(id);
  const visit = week?.visits.find((one) => one.id === id);
  useEffect(() => {
    if (who && held === "mine") void readDraft(id).then(setDraft);
  }, [id, who, held]);
  if (held === "elsewhere") return <Elsewhere id={id} />;
  if (draft === undefined || held === null) return <p className={style.soft}>Chargement en cours</p>;
  const sent = waiting.some((one) => one.visit === id);
  if (sent || (!visit && !draft) || (visit && visit.state !== "planned" && !draft))
    return (
      <>
        <h1 tabIndex={-1}>{sent ? "Ce compte rendu attend d’être envoyé." : visit ? "Le compte rendu de cette visite est déjà écrit, ou la visite est annulée." : "Cette visite n’est pas sur ce téléphone."}</h1>
        <TouchLink href={sent ? "/terrain/envois" : "/terrain"} go={go}>
          {sent ? "Voir les envois" : "Revenir aux visites"}
        </TouchLink>
      </>
    );
  // A session that ended took the week away: what was typed is still there.
  return <Form visit={visit ?? bare(id)} draft={draft ?? emptyDraft(visit as Visit, now().toISOString(), week?.questionnaires ?? null)} isNew={!draft} />;
}

const bare = (id: number) => ({ id, version: 0, establishment: { name: "Visite", city: null } }) as unknown as Visit;

/** Only one tab writes a report: the others say so, and may take over. */
function useHold(id: number): "mine" | "elsewhere" | null {
  const [held, setHeld] = useState<"mine" | "elsewhere" | null>(null);
  useEffect(() => {
    let release: () => void = () => undefined;
    const over = new AbortController();
    const steal = new URLSearchParams(location.search).has("reprendre");
    const keep = new Promise<void>((done) => (release = done));
    navigator.locks
      .request(`maillage-terrain-saisie-${id}`, steal ? { steal: true } : { ifAvailable: true }, async (lock) => {
        if (over.signal.aborted) return;
        setHeld(lock ? "mine" : "elsewhere");
        if (lock) await keep;
      })
      .catch(() => setHeld("elsewhere")); // taken over
    return () => {
      over.abort();
      release();
    };
  }, [id]);
  return held;
}

function Elsewhere({ id }: { id: number }) {
  return (
    <>
      <h1 tabIndex={-1}>Ce compte rendu est ouvert dans un autre onglet.</h1>
      <div className={style.actions}>
        <TouchButton look="primary" onPress={() => location.assign(`/terrain/visites/${id}/compte-rendu?reprendre`)}>
          Reprendre ici
        </TouchButton>
        <TouchLink href="/terrain" go={go} look="quiet">
          Revenir aux visites
        </TouchLink>
      </div>
    </>
  );
}

function Form({ visit, draft: initial, isNew }: { visit: Visit; draft: Draft; isNew: boolean }) {
  const { week, who } = useField();
  // A draft of before there were questions has none.
  const [first] = useState<Draft>(() => ({ ...initial, answers: initial.answers ?? {}, questionnaires: initial.questionnaires ?? null }));
  const [draft, setDraft] = useState(first);
  const [checked, setChecked] = useState(false);
  const [asking, setAsking] = useState(false);
  const over = useRef(false);
  const employer = week?.employers.find((one) => one.id === visit.establishment.id);
  const change = useCallback((part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })), []);
  useEffect(() => {
    if (draft !== first && !over.current) void keepDraft(draft);
  }, [draft, first]);
  const wrong = checked ? faults(draft) : {};
  const today = isoDay(now());
  const reached = met(draft.outcome);
  const questions = draft.outcome ? asked(draft.questionnaires, draft.outcome, draft.answers) : [];
  const setNeed = (index: number, part: Partial<NeedDraft>) => change({ needs: draft.needs.map((need, at) => (at === index ? { ...need, ...part } : need)) });

  return (
    <>
      <a className={style.back} href={`/terrain/visites/${visit.id}`} onClick={(event) => (event.preventDefault(), go(`/terrain/visites/${visit.id}`))}>
        ‹ {visit.establishment.name ?? "Visite"}
      </a>
      <h1 tabIndex={-1}>{draft.corrects === undefined ? "Compte rendu" : "Compte rendu corrigé"}</h1>
      {visit.planned_at && <p className={style.soft}>Visite prévue {appointment(visit.planned_at)}</p>}
      {!isNew && <TouchNotice>Votre saisie est reprise.</TouchNotice>}
      <form
        className={style.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(true);
          if (Object.keys(faults(draft)).length > 0) return toFirstTouchFault();
          over.current = true;
          void submit(visit, draft, bodyOf(draft)).then(() => {
            say(navigator.onLine ? "Compte rendu enregistré ; il part tout de suite." : "Compte rendu gardé sur ce téléphone ; il partira avec le réseau.");
            go("/terrain");
          });
        }}
      >
        <TouchChoices
          label="Résultat de la visite"
          value={draft.outcome}
          onChange={(outcome) => change({ outcome: outcome as Draft["outcome"], ...(outcome === "needs" && draft.needs.length === 0 ? { needs: [emptyNeed] } : {}) })}
          choices={Object.entries(outcomes).map(([id, { label, help }]) => ({ id, label, detail: draft.outcome === id && help ? help : undefined }))}
          error={wrong.outcome}
        />
        {reached && employer && employer.contacts.length > 0 && (
          <TouchPick
            label="Personne rencontrée"
            value={draft.contact ? String(draft.contact) : ""}
            onChange={(contact) => change({ contact: contact ? Number(contact) : null })}
            empty="Non précisée"
            choices={employer.contacts.map((person) => ({ id: String(person.id), label: [personName(person), person.position].filter(Boolean).join(", ") }))}
          />
        )}
        {reached && draft.contact && <TouchCheck label="Toujours en poste : je le confirme" isOn={draft.contactSeen ?? false} onChange={(contactSeen) => change({ contactSeen })} />}
        {claimable(draft.outcome) && (
          <fieldset className={style.group}>
            <legend>Signaler aux partenaires</legend>
            <TouchPick label="Cet employeur" value={draft.claim ?? ""} empty="Rien à signaler" onChange={(claim) => change({ claim: claim as "" | "moved" | "unreachable" })} choices={[{ id: "moved", label: "A déménagé" }, { id: "unreachable", label: "Est injoignable" }]} />
            {draft.claim && <TouchLine label="Précision" value={draft.claimDetail ?? ""} maxLength={300} onChange={(claimDetail) => change({ claimDetail })} help="Un second partenaire le confirmera." />}
          </fieldset>
        )}
        {reached && (
          <fieldset className={style.group}>
            <legend>Besoins de recrutement</legend>
            {draft.needs.map((need, index) => (
              <Need key={index} index={index} need={need} wrong={checked ? needFaults(need) : {}} onChange={(part) => setNeed(index, part)} onRemove={() => change({ needs: draft.needs.filter((_, at) => at !== index) })} />
            ))}
            <TouchButton onPress={() => change({ needs: [...draft.needs, emptyNeed] })}>Ajouter un besoin</TouchButton>
          </fieldset>
        )}
        {questions.length > 0 && (
          <fieldset className={style.group}>
            <legend>Questions</legend>
            <TouchQuestions list={questions} answers={draft.answers} onChange={(answers) => change({ answers })} checked={checked} />
          </fieldset>
        )}
        <fieldset className={style.group}>
          <legend>Suite à donner</legend>
          <TouchLine label="Prochaine action" value={draft.nextAction} maxLength={300} onChange={(nextAction) => change({ nextAction })} error={wrong.nextAction} />
          <div className={style.actions}>
            {[
              { label: "5 jours ouvrés", day: addWorkingDays(today, 5) },
              { label: "1 mois", day: addWorkingDays(today, 20) },
            ].map((one) => (
              <TouchButton key={one.label} onPress={() => change({ nextOn: one.day })} label={`Dans ${one.label}`}>
                {one.label}
              </TouchButton>
            ))}
          </div>
          <TouchLine label="Date de l’action" type="date" min={today} value={draft.nextOn} onChange={(nextOn) => change({ nextOn })} help={draft.nextOn ? fullDay(draft.nextOn) : undefined} error={wrong.nextOn} />
        </fieldset>
        <fieldset className={style.group}>
          <legend>Notes</legend>
          <TouchArea label="Note partagée" value={draft.sharedNote} maxLength={4000} onChange={(sharedNote) => change({ sharedNote })} help="Lue par tous les partenaires. Le micro de votre clavier permet de la dicter." />
          <TouchArea label="Note de mon réseau" value={draft.networkNote} maxLength={4000} onChange={(networkNote) => change({ networkNote })} help={who ? `Lue par ${networkName(who.organisation.network)} seulement.` : undefined} />
        </fieldset>
        <Pictures draft={draft} />
        {draft !== first || !isNew ? (
          asking ? (
            <div className={style.actions} role="group" aria-label="Effacer cette saisie">
              <TouchButton
                look="danger"
                onPress={() => {
                  over.current = true;
                  void dropDraft(visit.id).then(() => go(`/terrain/visites/${visit.id}`));
                }}
              >
                Effacer cette saisie
              </TouchButton>
              <TouchButton look="quiet" onPress={() => setAsking(false)}>
                La garder
              </TouchButton>
            </div>
          ) : (
            <TouchButton look="quiet" onPress={() => setAsking(true)}>
              Abandonner ce compte rendu
            </TouchButton>
          )
        ) : null}
        <div className={style.thumb}>
          <TouchButton type="submit" look="primary">
            Enregistrer le compte rendu
          </TouchButton>
        </div>
      </form>
    </>
  );
}

const emptyNeed: NeedDraft = { rome: "", label: "", posts: 1, horizon: "now", contract: "" };

function Need({ index, need, wrong, onChange, onRemove }: { index: number; need: NeedDraft; wrong: ReturnType<typeof needFaults>; onChange: (part: Partial<NeedDraft>) => void; onRemove: () => void }) {
  const [found, setFound] = useState<Occupation[]>([]);
  const asking = useRef<AbortController | null>(null);
  useEffect(() => () => asking.current?.abort(), []);
  const search = (text: string) => {
    onChange({ label: text, rome: "" });
    asking.current?.abort();
    const now = (asking.current = new AbortController());
    const show = (list: Occupation[] | null) => !now.signal.aborted && list && setFound(list);
    // What the telephone knows at once, what the server knows when one stops typing.
    void occupations()
      .then((all) => show(find(all, text)))
      .catch(() => show([]));
    setTimeout(() => !now.signal.aborted && void ask(text, now.signal).then(show, () => undefined), 250);
  };
  return (
    <div className={style.need} role="group" aria-label={`Besoin ${index + 1}`}>
      <TouchLine label="Métier" type="search" value={need.rome ? `${need.label} (${need.rome})` : need.label} onChange={search} placeholder="Mots ou code du métier" help={!need.rome && need.label ? (found.length === 0 ? "Aucun métier trouvé." : "Choisissez dans la liste.") : undefined} error={wrong.rome} />
      {!need.rome && found.length > 0 && (
        <ul className={style.found} aria-label="Métiers trouvés">
          {found.map((one) => (
            <li key={one.code}>
              <TouchButton
                onPress={() => {
                  setFound([]);
                  asking.current?.abort();
                  onChange({ rome: one.code, label: one.label });
                }}
              >
                {one.title ? `${one.title}\u202f: ` : ""}
                {one.label} ({one.code})
              </TouchButton>
            </li>
          ))}
        </ul>
      )}
      <TouchSteps label="Postes" value={need.posts} min={1} max={500} onChange={(posts) => onChange({ posts })} />
      <div className={style.pair}>
        <TouchPick label="Échéance" value={need.horizon} onChange={(horizon) => onChange({ horizon })} choices={Object.entries(horizons).map(([id, label]) => ({ id, label }))} />
        <TouchPick label="Contrat" value={need.contract} empty="Non précisé" onChange={(contract) => onChange({ contract })} choices={Object.entries(contracts).map(([id, label]) => ({ id, label }))} error={wrong.contract} />
      </div>
      {need.rome && <TouchCheck label="Préparer une offre" isOn={need.offer ?? false} onChange={(offer) => onChange({ offer })} />}
      <TouchButton look="quiet" onPress={onRemove} label={`Retirer le besoin ${index + 1}`}>
        Retirer
      </TouchButton>
    </div>
  );
}
