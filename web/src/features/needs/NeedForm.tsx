// A need as one notes it outside a visit, and corrected while it waits.
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, newKey, type Schema } from "@/api/client";
import { Refusal } from "@/api/refusal";
import { searchEstablishments, searchRome } from "@/api/queries";
import { useWrite } from "@/api/write";
import { navigate } from "@/router";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { DayField, SearchSelect, Select, TextField, toFirstFault, type Choice } from "@/ui/Field";
import { useDraft } from "@/ui/draft";
import { Kept } from "@/ui/Kept";
import { Refused } from "@/ui/Refused";
import { contracts, horizons } from "@/words/domain";
import { difficulties, seasons } from "./words";
import style from "./Needs.module.css";

type Sheet = Schema<"NeedSheet">;
type Draft = { employer: Choice | null; rome: Choice | null; posts: string; horizon: string; contract: string; season: string; difficulty: string; until: string; version: number };
type Faults = Partial<Record<keyof Draft, string>>;

const unknown = (label: string): Choice => ({ id: "", label });
const choices = (words: Record<string, string>): Choice[] => Object.entries(words).map(([id, label]) => ({ id, label }));
const named: Record<string, keyof Draft> = { establishment: "employer", expires_on: "until" };

function startOf(need: Sheet | undefined, employer: Choice | null): Draft {
  if (!need) return { employer, rome: null, posts: "1", horizon: "now", contract: "", season: "", difficulty: "", until: "", version: 0 };
  return {
    employer: { id: String(need.establishment.id), label: need.establishment.name },
    rome: { id: need.rome ?? need.fap ?? "", label: need.rome_label },
    posts: need.posts === null ? "" : String(need.posts),
    horizon: need.horizon,
    contract: need.contract ?? "",
    season: need.seasonal === null ? "" : need.seasonal ? "yes" : "no",
    difficulty: need.difficulty ?? "",
    until: need.expires_on,
    version: need.version,
  };
}

function faultsOf(draft: Draft, isKnown: boolean): Faults {
  const faults: Faults = {};
  if (!draft.employer) faults.employer = "Choisissez un employeur.";
  if (!draft.rome) faults.rome = "Choisissez un métier.";
  const posts = Number(draft.posts);
  if (draft.posts.trim() && !(Number.isInteger(posts) && posts >= 1 && posts <= 500)) faults.posts = "De 1 à 500 postes, ou rien si le nombre est inconnu.";
  if (isKnown && !draft.until) faults.until = "Indiquez jusqu’à quand il vaut.";
  return faults;
}

export function NeedDialog({ need, employer, onClose }: { need?: Sheet; employer?: Choice | null; onClose: () => void }) {
  const [draft, change, clear, kept] = useDraft<Draft>(`need.${need?.id ?? `new.${employer?.id ?? "any"}`}`, startOf(need, employer ?? null));
  const [checked, check] = useState(false);
  const [key] = useState(newKey);
  const meant = () => ({
    horizon: draft.horizon as Sheet["horizon"],
    posts: draft.posts.trim() ? Number(draft.posts) : null,
    contract: (draft.contract || null) as Sheet["contract"],
    seasonal: draft.contract === "seasonal" ? true : draft.season ? draft.season === "yes" : null,
    difficulty: (draft.difficulty || null) as Sheet["difficulty"],
    ...(draft.until && draft.until !== need?.expires_on ? { expires_on: draft.until } : {}),
  });
  const write = useWrite<undefined, { id: number }>(
    (_, version) =>
      need
        ? api.patch("/api/needs/{id}", { path: { id: need.id }, version, body: meant() })
        : api.post("/api/needs", { key, body: { establishment: Number(draft.employer?.id), rome: draft.rome?.id ?? "", ...meant() } }),
    {
      version: need?.version,
      begun: need && draft.version,
      touches: [["needs"], ["establishment"], ["today"]],
      quiet: true,
      done: () => (need ? "Besoin modifié." : "Besoin noté."),
      onDone: (answer) => {
        clear();
        onClose();
        if (!need) navigate(`/besoins/${answer.id}`);
      },
    },
  );
  const refused = write.error instanceof Refusal ? Object.fromEntries(write.error.fields.map((item) => [named[item.field] ?? item.field, item.message])) : {};
  const faults: Faults = { ...(checked ? faultsOf(draft, !!need) : {}), ...refused };
  return (
    <Dialog title={need ? "Modifier le besoin" : "Noter un besoin"} isOpen onClose={onClose} wide>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (Object.keys(faultsOf(draft, !!need)).length === 0) write.mutate(undefined);
          else toFirstFault();
        }}
      >
        {kept && <Kept onDrop={clear} {...(need ? { again: "Repartir du besoin enregistré" } : {})} />}
        <div className={style.fields}>
          {need ? (
            <p className={style.whole}>
              <strong>{need.rome_label}</strong>, {need.establishment.name}
            </p>
          ) : (
            <>
              <SearchSelect label="Employeur" required value={draft.employer} onChange={(value) => change({ employer: value })} search={searchEstablishments} autoFocus placeholder="Nom ou SIRET" error={faults.employer} className={style.whole} />
              <SearchSelect label="Métier" required value={draft.rome} onChange={(rome) => change({ rome })} search={searchRome} placeholder="Code ou mots du métier" error={faults.rome} className={style.whole} />
            </>
          )}
          <TextField label="Nombre de postes" inputMode="numeric" value={draft.posts} onChange={(posts) => change({ posts })} error={faults.posts} help="Vide si l’employeur ne l’a pas dit." />
          <Select label="Échéance" required value={draft.horizon} onChange={(horizon) => change({ horizon })} choices={choices(horizons)} />
          <Select label="Contrat" value={draft.contract} onChange={(contract) => change({ contract })} choices={[unknown("Non précisé"), ...choices(contracts)]} />
          {draft.contract !== "seasonal" && <Select label="Saison" value={draft.season} onChange={(season) => change({ season })} choices={[unknown("Inconnu"), ...choices(seasons)]} />}
          <Select label="Difficulté attendue" value={draft.difficulty} onChange={(difficulty) => change({ difficulty })} choices={[unknown("Inconnue"), ...choices(difficulties)]} />
          <DayField label="Valable jusqu’au" required={!!need} value={draft.until} onChange={(until) => change({ until })} error={faults.until} help={need ? undefined : "Vide : selon l’échéance, deux mois pour tout de suite."} />
        </div>
        {write.error !== null && Object.keys(refused).length === 0 && <Refused error={write.error} />}
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
