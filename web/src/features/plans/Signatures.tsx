// Who has signed what, and what happens next: the strip above the workshop, and the acts that only managers do.
import { lazy, Suspense, useState } from "react";
import { useSession } from "@/features/session/session";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuChoice } from "@/ui/Menu";
import { NetworkMark } from "@/ui/Network";
import { When } from "@/ui/When";
import type { Names } from "./content";
import style from "./Plans.module.css";
import { answerWord, nextStep, type Plan } from "./words";

const Acts = lazy(() => import("./Acts"));

export type Act = "propose" | "sign" | "refuse" | "activate" | "abandon" | "evaluate";

export function Signatures({ plan, isWriting, names }: { plan: Plan; isWriting: boolean; names: Names }) {
  const session = useSession();
  const [act, setAct] = useState<Act | null>(null);
  const manager = plan.ours && session.role === "manager";
  const mine = plan.answers.find((answer) => answer.mine);
  const asked = plan.version_state !== "draft";
  const over = plan.state === "evaluated" || plan.state === "abandoned";
  const may: Record<Act, boolean> = {
    propose: plan.version_state === "draft" && plan.scenario !== null,
    sign: plan.version_state === "proposed" && mine?.answer !== "signed",
    refuse: plan.version_state === "proposed" && !mine?.answer,
    activate: plan.version_state === "agreed",
    abandon: plan.state !== "active" || plan.version_state !== "active",
    evaluate: plan.state === "active",
  };
  const more: MenuChoice[] = [
    ...(may.evaluate ? [{ id: "evaluate", label: "Évaluer et clore le plan", icon: "kept" as const, run: () => setAct("evaluate") }] : []),
    ...(may.abandon ? [{ id: "abandon", label: plan.state === "active" ? "Abandonner l’avenant" : "Abandonner le plan", icon: "close" as const, run: () => setAct("abandon") }] : []),
  ];
  return (
    <section className={style.strip} aria-label="Signatures">
      <ul className={style.answers}>
        {plan.answers.map((answer) => (
          <li key={answer.organisation.id} className={classes(style.answer, answer.mine && style.mine)}>
            <NetworkMark network={answer.organisation.network} size={18} />
            <span>
              {answer.organisation.short_name}
              {asked && (
                <span className={classes(style.said, answer.answer === "signed" && style.signed, answer.answer === "refused" && style.refused)}>
                  <Icon name={answer.answer === "signed" ? "check" : answer.answer === "refused" ? "close" : "clock"} size={12} />
                  {answerWord(answer)}
                  {answer.at && (
                    <>
                      {" "}
                      <When at={answer.at} />
                    </>
                  )}
                  {answer.member && ` (${answer.member})`}
                </span>
              )}
              {answer.reason && <q className={style.reason}>{answer.reason}</q>}
            </span>
          </li>
        ))}
      </ul>
      <div className={style.next}>
        <p className={over ? undefined : "no-print"}>{over ? (plan.state === "abandoned" ? `Abandonné : ${plan.abandoned_reason ?? ""}` : `Évalué : ${plan.conclusion ?? ""}`) : nextStep(plan, manager)}</p>
        {manager && !over && (
          <span className={style.acts}>
            {may.propose && (
              <Button small look="primary" isDisabled={isWriting} onPress={() => setAct("propose")}>
                Proposer aux partenaires
              </Button>
            )}
            {may.sign && (
              <Button small look="primary" icon="check" onPress={() => setAct("sign")}>
                Signer cette version
              </Button>
            )}
            {may.refuse && (
              <Button small look="quiet" onPress={() => setAct("refuse")}>
                Refuser
              </Button>
            )}
            {may.activate && (
              <Button small look="primary" onPress={() => setAct("activate")}>
                {plan.running ? "Appliquer l’avenant" : "Démarrer le plan"}
              </Button>
            )}
            {more.length > 0 && <Menu label="Autres actions sur le plan" trigger={<Icon name="menu" size={16} />} groups={[{ id: "more", items: more }]} />}
          </span>
        )}
      </div>
      {act && (
        <Suspense fallback={null}>
          <Acts act={act} plan={plan} names={names} onClose={() => setAct(null)} />
        </Suspense>
      )}
    </section>
  );
}
