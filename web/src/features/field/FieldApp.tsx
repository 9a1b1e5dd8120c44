// The frame of the field app: which screen, what the network does, the three places at the bottom.
import { useEffect } from "react";
import { Refusal } from "@/api/refusal";
import { match } from "@/match";
import { TouchNav, TouchNotice } from "@/ui/touch/Touch";
import { plural } from "@/words/number";
import { exact } from "@/words/time";
import { EmployerScreen } from "./EmployerScreen";
import { OutboxScreen } from "./OutboxScreen";
import { PhoneScreen } from "./PhoneScreen";
import { go, usePath } from "./place";
import { ReportScreen } from "./ReportScreen";
import { SignIn } from "./SignIn";
import { say, useField } from "./store";
import { WeekScreen } from "./WeekScreen";
import style from "./Field.module.css";

const screens: [string, (parameters: Record<string, string>) => React.ReactNode][] = [
  ["/terrain", () => <WeekScreen />],
  ["/terrain/visites/:id", ({ id }) => <EmployerScreen id={Number(id)} />],
  ["/terrain/visites/:id/compte-rendu", ({ id }) => <ReportScreen key={id} id={Number(id)} />],
  ["/terrain/envois", () => <OutboxScreen />],
  ["/terrain/telephone", () => <PhoneScreen />],
];

export function FieldApp() {
  const path = usePath();
  const { net, who, week, waiting } = useField();
  for (const [pattern, screen] of screens) {
    const found = match(pattern, path);
    if (!found) continue;
    if (net === "opening" && !week) return <Opening />;
    const outbox = path === "/terrain/envois";
    const mustSignIn = net === "signed-out" || (!who && net !== "asking");
    if (mustSignIn && !outbox && !path.endsWith("/compte-rendu")) return <SignIn />;
    return (
      <>
        <div className={style.app}>
          <State />
          <main className={style.main}>{net === "forbidden" && !outbox ? <Forbidden /> : screen(found)}</main>
        </div>
        {!path.endsWith("/compte-rendu") && (
          <TouchNav
            label="Navigation principale"
            at={path.startsWith("/terrain/visites") ? "/terrain" : path}
            go={go}
            places={[
              { href: "/terrain", label: "Visites" },
              { href: "/terrain/envois", label: "Envois", count: waiting.length },
              { href: "/terrain/telephone", label: "Téléphone" },
            ]}
          />
        )}
      </>
    );
  }
  return (
    <main className={style.main}>
      <h1 tabIndex={-1}>Cette page n’existe pas.</h1>
      <p>
        <a href="/terrain">Revenir aux visites</a>
      </p>
    </main>
  );
}

const Opening = () => (
  <main className={style.main} aria-busy="true">
    <h1 className="hidden-visually">Terrain</h1>
    <p className={style.soft}>Chargement en cours</p>
  </main>
);

const Forbidden = () => (
  <>
    <h1 tabIndex={-1}>Cette page n’est pas ouverte à votre rôle.</h1>
    <p className={style.soft}>Les visites se font par les conseillers et les responsables d’une structure partenaire.</p>
    <p>
      <a href="/">Ouvrir Maillage</a>
    </p>
  </>
);

/** One line that says what becomes of what one writes. */
function State() {
  const { net, week, waiting, said } = useField();
  const path = usePath();
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => say(""), 6000);
    return () => clearTimeout(timer);
  }, [said]);
  const problems = waiting.filter((one) => one.problem).length;
  const ready = waiting.length - problems;
  const queue = ready > 0 ? `${plural(ready, "compte rendu attend", "comptes rendus attendent")} sur ce téléphone.` : "";
  const words = {
    opening: "",
    asking: "",
    fresh: "",
    offline: `Pas de réseau. ${queue || (week ? `Programme du ${exact(week.fetched_at)}.` : "")}`,
    "signed-out": `Session terminée. ${queue}`,
    forbidden: "",
    "other-member": "Des comptes rendus d’une autre personne ou d’une autre structure attendent sur ce téléphone.",
  }[net];
  return (
    <div className={style.state} role="status">
      {said && <TouchNotice tone="good">{said}</TouchNotice>}
      {words && (
        <TouchNotice tone={net === "offline" ? "quiet" : "warn"}>
          {words}
          {net === "signed-out" && (
            <>
              {" "}
              <a href="/terrain" onClick={(event) => (event.preventDefault(), go("/terrain"))}>
                Se connecter
              </a>
            </>
          )}
        </TouchNotice>
      )}
      {problems > 0 && path !== "/terrain/envois" && (
        <TouchNotice tone="warn">
          {plural(problems, "compte rendu demande", "comptes rendus demandent")} votre choix.{" "}
          <a href="/terrain/envois" onClick={(event) => (event.preventDefault(), go("/terrain/envois"))}>
            Voir
          </a>
        </TouchNotice>
      )}
    </div>
  );
}

/** What a person is told of an error while signing in. */
export const sentence = (error: unknown): string => (error instanceof Refusal ? [error.title, error.detail].filter(Boolean).join(" ") : "L’action n’a pas abouti.");

