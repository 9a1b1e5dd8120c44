// What managers do with a plan, each after being told what it means.
import { useState, type ReactNode } from "react";
import { api, newKey } from "@/api/client";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { TextArea } from "@/ui/Field";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { count, plural } from "@/words/number";
import { longDay } from "@/words/time";
import { differences, type Names } from "./content";
import style from "./Plans.module.css";
import { Sentences } from "./Sentences";
import type { Act } from "./Signatures";
import type { Plan } from "./words";
import { Wrong } from "./Wrong";

type Asked = { plan: Plan; onClose: () => void };

export default function Acts({ act, names, ...asked }: Asked & { act: Act; names: Names }) {
  switch (act) {
    case "propose":
      return <Propose {...asked} />;
    case "sign":
      return <Sign {...asked} names={names} />;
    case "refuse":
      return <Refuse {...asked} />;
    case "activate":
      return <Activate {...asked} />;
    case "abandon":
      return <Abandon {...asked} />;
    case "evaluate":
      return <Evaluate {...asked} />;
  }
}

const chosenOf = (plan: Plan) => plan.scenarios.find((one) => one.id === plan.scenario);

function Figures({ plan }: { plan: Plan }) {
  const chosen = chosenOf(plan);
  const summary = chosen?.summary;
  if (!summary) return null;
  return (
    <ul className={style.sentences}>
      <li>
        Scénario « {chosen.name} » : <strong>{plural(summary.covered ?? 0, "employeur")}</strong>, dont {count(summary.first ?? 0)} jamais visités et {count(summary.small ?? 0)} de moins de 10 salariés
      </li>
      {(summary.partners ?? []).map((partner) => {
        const organisation = plan.organisations.find((one) => one.id === partner.organisation);
        const goals = (plan.content.objectives ?? []).find((one) => one.organisation === partner.organisation);
        return (
          <li key={partner.organisation}>
            {organisation?.short_name} : {plural(partner.visits, "visite")}
            {goals?.visits ? ` pour un objectif de ${count(goals.visits)}` : ""}
          </li>
        );
      })}
      <li>
        Du {longDay(plan.starts_on)} au {longDay(plan.ends_on)}
      </li>
    </ul>
  );
}

/** A yes that cannot be taken back: what it means is said before. */
function Confirm({ title, confirm, busy, error, onConfirm, onClose, children }: { title: string; confirm: string; busy: boolean; error: unknown; onConfirm: () => void; onClose: () => void; children: ReactNode }) {
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      {children}
      <Wrong error={error} />
      <Actions>
        <Button look="primary" autoFocus isPending={busy} onPress={onConfirm}>
          {confirm}
        </Button>
        <Button look="quiet" onPress={onClose}>
          Annuler
        </Button>
      </Actions>
    </Dialog>
  );
}

const touches = [["plans"]];

function Propose({ plan, onClose }: Asked) {
  const [key] = useState(newKey);
  const write = useWrite(() => api.post("/api/plans/{id}/propose", { path: { id: plan.id }, version: plan.edit, key, body: {} }), { touches, quiet: true, done: () => "Plan proposé : chaque responsable peut le signer.", onDone: onClose });
  return (
    <Confirm title={`Proposer la version ${plan.version}`} confirm="Proposer" busy={write.isPending} error={write.error} onConfirm={() => write.mutate(undefined)} onClose={onClose}>
      <Figures plan={plan} />
      <p>Le texte et les lignes sont figés : toute modification fera une nouvelle version, à signer par tous.</p>
    </Confirm>
  );
}

function Sign({ plan, names, onClose }: Asked & { names: Names }) {
  const [key] = useState(newKey);
  const write = useWrite(() => api.post("/api/plans/{id}/sign", { path: { id: plan.id }, key, body: { version: plan.version, hash: plan.hash ?? "" } }), {
    touches,
    quiet: true,
    done: (answer) => (answer.state === "agreed" ? "Signé : toutes les signatures sont réunies." : "Version signée."),
    onDone: onClose,
  });
  const before = plan.versions.find((one) => one.version < plan.version && one.answers.some((answer) => answer.mine && answer.answer)) ?? plan.versions.find((one) => one.state === "active" && one.version < plan.version);
  return (
    <Confirm title={`Signer la version ${plan.version}`} confirm={`Signer pour ${plan.answers.find((answer) => answer.mine)?.organisation.short_name ?? "ma structure"}`} busy={write.isPending} error={write.error} onConfirm={() => write.mutate(undefined)} onClose={onClose}>
      <Figures plan={plan} />
      {before && (
        <>
          <h3>Depuis la version {before.version}</h3>
          <Sentences items={differences(before.content, plan.content, names)} empty="Le texte est le même ; les lignes ont pu changer." />
        </>
      )}
      <p>Votre signature vaut pour ce texte et ces lignes seulement (empreinte {plan.hash?.slice(0, 8)}). Elle ne se retire pas.</p>
    </Confirm>
  );
}

function Activate({ plan, onClose }: Asked) {
  const [key] = useState(newKey);
  const write = useWrite(() => api.post("/api/plans/{id}/activate", { path: { id: plan.id }, key, body: { version: plan.version } }), {
    touches: [["plans"], ["today"], ["establishments"], ["map"]],
    quiet: true,
    done: () => "Le plan est en cours : ses lignes sont des engagements de visite.",
    onDone: onClose,
  });
  return (
    <Confirm title={plan.running ? "Appliquer l’avenant" : "Démarrer le plan"} confirm="Créer les engagements" busy={write.isPending} error={write.error} onConfirm={() => write.mutate(undefined)} onClose={onClose}>
      <Figures plan={plan} />
      <p>
        Chaque ligne devient un engagement de visite daté, réparti sur les jours ouvrés de la période. Les employeurs promis, en repos ou opposés depuis le calcul sont laissés de côté et listés.
        {plan.running && " Les engagements de la version en cours qui ne sont plus au plan sont rendus, sauf ceux dont la visite est prévue."}
      </p>
    </Confirm>
  );
}

function Refuse({ plan, onClose }: Asked) {
  const [key] = useState(newKey);
  const write = useWrite((reason: string) => api.post("/api/plans/{id}/refuse", { path: { id: plan.id }, key, body: { version: plan.version, hash: plan.hash ?? "", reason } }), { touches, quiet: true, done: () => "Refus enregistré, avec son motif.", onDone: onClose });
  return (
    <ReasonDialog title={`Refuser la version ${plan.version}`} label="Motif" help="Visible des partenaires et du comité." confirm="Refuser" danger isOpen onClose={onClose} onConfirm={(reason) => write.mutate(reason)} error={write.error} busy={write.isPending}>
      <p>Pour proposer autre chose, modifiez plutôt le plan : une nouvelle version sera soumise à tous.</p>
    </ReasonDialog>
  );
}

function Abandon({ plan, onClose }: Asked) {
  const [key] = useState(newKey);
  const write = useWrite((reason: string) => api.post("/api/plans/{id}/abandon", { path: { id: plan.id }, key, body: { reason } }), { touches, quiet: true, done: () => "Abandon enregistré.", onDone: onClose });
  return <ReasonDialog title={plan.state === "active" ? "Abandonner l’avenant" : "Abandonner le plan"} label="Motif" confirm="Abandonner" danger isOpen onClose={onClose} onConfirm={(reason) => write.mutate(reason)} error={write.error} busy={write.isPending} />;
}

function Evaluate({ plan, onClose }: Asked) {
  const [key] = useState(newKey);
  const [conclusion, setConclusion] = useState("");
  const write = useWrite(() => api.post("/api/plans/{id}/evaluate", { path: { id: plan.id }, key, body: { conclusion: conclusion.trim() } }), { touches, quiet: true, done: () => "Plan évalué.", onDone: onClose });
  return (
    <Confirm title="Évaluer et clore le plan" confirm="Clore le plan" busy={write.isPending} error={write.error} onConfirm={() => write.mutate(undefined)} onClose={onClose}>
      <p>Les résultats par partenaire restent lisibles dans le plan. La période s’achève le {longDay(plan.ends_on)}.</p>
      <TextArea label="Conclusion commune" required value={conclusion} onChange={setConclusion} rows={5} maxLength={4000} />
    </Confirm>
  );
}
