// The review desk: is this row of our file that employer? One pair at a time, both sides, why linkage hesitates.
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef, type ReactNode } from "react";
import { api, type Schema } from "@/api/client";
import { review as reviewQuery, reviewFigures, reviewsDecided } from "@/api/imports";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate, useParameters } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { percent, phone as phoneWords, plural, siret as siretWords } from "@/words/number";
import { french } from "@/words/typography";
import { type Agreement, agreement, nameAgreement } from "./agreement";
import style from "./ReviewsPage.module.css";

type Review = Schema<"Review">;
type Verdict = "same" | "different" | "skip";

const reasons: Record<Review["reason"], string> = {
  likely: "Les deux se ressemblent, sans certitude.",
  doubtful: "Le rapprochement paraît juste, mais un point ne colle pas.",
  siret: "Deux SIRET différents pour ce qui semble être le même employeur.",
};

const verdictKeys: { verdict: Verdict; key: string; label: string }[] = [
  { verdict: "same", key: "m", label: "C’est le même" },
  { verdict: "different", key: "d", label: "Différents" },
  { verdict: "skip", key: "p", label: "Passer" },
];

/** What is compared, line by line; each side as it is printed. */
type Side = NonNullable<Review["record"]> | Review["establishment"];

const lines: { label: string; of: (side: Side) => string | null; print?: (value: string) => string; isName?: boolean }[] = [
  { label: "Nom", of: (side) => ("legal_name" in side ? (side.legal_name ?? side.name) : (side.name ?? side.brand)), isName: true },
  { label: "Enseigne", of: (side) => side.brand, isName: true },
  { label: "SIRET", of: (side) => side.siret ?? ("siren" in side ? side.siren : null), print: siretWords },
  { label: "Adresse", of: (side) => side.address },
  { label: "Code postal", of: (side) => side.postcode },
  { label: "Commune", of: (side) => side.city },
  { label: "Activité", of: (side) => side.naf },
  { label: "Téléphone", of: (side) => side.phone, print: phoneWords },
  { label: "Courriel", of: (side) => side.email },
];

const namesOf = (side: Side): (string | null)[] => [side.name, side.brand, "legal_name" in side ? side.legal_name : null];

/** A brand that one side calls its name is no difference: `aside`, it agrees with another name of the other side than the one beside it. */
function agreementOf(isName: boolean, left: string | null, right: string | null, rightSide: Side): { how: Agreement; aside: boolean } {
  if (!isName || left === null || right === null) return { how: agreement(left, right), aside: false };
  const beside = nameAgreement(left, [right]);
  const how = nameAgreement(left, [right, ...namesOf(rightSide)]);
  return { how, aside: how !== beside };
}

const marks: Record<Agreement, { sign: string; words: string }> = {
  same: { sign: "=", words: "identique" },
  close: { sign: "≈", words: "proche" },
  apart: { sign: "≠", words: "différent" },
  unknown: { sign: "", words: "inconnu d’un côté" },
};

export default function ReviewsPage() {
  const { id } = useParameters();
  const session = useSession();
  const queries = useQueryClient();
  const chosen = id && /^\d+$/.test(id) ? Number(id) : null;
  const figures = useQuery(reviewFigures);
  const writer = session.role === "adviser" || session.role === "manager";
  const asking = useRef(false);

  const forget = () => {
    void queries.invalidateQueries({ queryKey: ["reviews"] });
    void queries.invalidateQueries({ queryKey: ["establishments"] });
  };
  const next = useWrite(async () => (await api.post("/api/reviews/next", {})) as Review | void, {
    touches: [["reviews", "figures"]],
    onDone: (pair) => {
      if (pair) queries.setQueryData(reviewQuery(pair.id).queryKey, pair);
      navigate(pair ? `/doublons/${pair.id}` : "/doublons", { replace: true });
    },
  });
  const ask = () => {
    if (asking.current) return;
    asking.current = true;
    next.mutate(undefined, { onSettled: () => (asking.current = false) });
  };
  const undo = useWrite((pair: number) => api.post("/api/reviews/{id}/undo", { path: { id: pair } }), {
    touches: [["reviews"]],
    done: () => "Décision annulée : la paire est de nouveau à revoir.",
    onDone: (pair) => {
      forget();
      navigate(`/doublons/${pair.id}`);
    },
  });
  const decide = useWrite(({ pair, verdict }: { pair: Review; verdict: Verdict }) => api.post("/api/reviews/{id}/decide", { path: { id: pair.id }, body: { verdict } }), {
    touches: [["reviews"]],
    done: (pair, { verdict }) =>
      verdict === "skip"
        ? "Paire laissée pour plus tard."
        : {
            text: pair.other ? (verdict === "same" ? "Fiches réunies." : "Fiches tenues pour deux employeurs.") : verdict === "same" ? "Ligne rapprochée." : "Ligne séparée.",
            detail: pair.establishment.name ?? undefined,
            action: { label: "Annuler", run: () => undo.mutate(pair.id) },
          },
    onDone: () => {
      forget();
      ask();
    },
  });

  // Coming to the desk is asking for the next pair.
  const open = figures.data?.open ?? 0;
  const left = open - (figures.data?.held ?? 0);
  useEffect(() => {
    if (chosen === null && writer && left > 0 && !next.isError) ask();
  }, [chosen, writer, left]);

  return (
    <Page
      title="Doublons"
      aside={figures.data && <span aria-live="polite">{progress(figures.data)}</span>}
      actions={
        (figures.data?.decided ?? 0) > 0 && (
          <LinkButton href="/api/reviews/labels.csv" download icon="download">
            Exporter les décisions (CSV)
          </LinkButton>
        )
      }
    >
      <div className={style.desk}>
        <div className={style.main}>
          {figures.isError ? (
            <Failure error={figures.error} onRetry={() => void figures.refetch()} />
          ) : chosen !== null ? (
            <Pair id={chosen} writer={writer} busy={decide.isPending || next.isPending} onDecide={(pair, verdict) => decide.mutate({ pair, verdict })} onNext={ask} onUndo={(pair) => undo.mutate(pair)} />
          ) : figures.isPending || (writer && left > 0) ? (
            <Skeleton rows={8} />
          ) : open > 0 ? (
            <Message icon="actors" title={plural(open, "paire reste à revoir.", "paires restent à revoir.")}>
              {writer ? "D’autres personnes de votre structure les examinent en ce moment." : "Les membres de la structure qui écrivent pour elle en décident."}
            </Message>
          ) : (
            <Message icon="kept" title="Rien à revoir." action={<LinkButton href="/imports">Voir les imports</LinkButton>}>
              Les lignes sans SIRET de vos fichiers sont comparées à la liste partagée ; celles qui ressemblent à un employeur sans certitude arrivent ici, comme les fiches qui pourraient être le même employeur.
            </Message>
          )}
        </div>
        <Decided onUndo={writer ? (pair) => undo.mutate(pair) : undefined} />
      </div>
    </Page>
  );
}

function progress(figures: Schema<"ReviewFigures">): ReactNode {
  const words = [figures.open > 0 ? plural(figures.open, "paire à revoir", "paires à revoir") : "Tout est revu"];
  if (figures.today > 0) words.push(`${plural(figures.today, "décision", "décisions")} de vous aujourd’hui`);
  if (figures.decided > 0) words.push(`accord avec le rapprochement automatique : ${percent(figures.agreed / figures.decided)}`);
  return words.join(", ");
}

type PairProps = { id: number; writer: boolean; busy: boolean; onDecide: (pair: Review, verdict: Verdict) => void; onNext: () => void; onUndo: (pair: number) => void };

function Pair({ id, writer, busy, onDecide, onNext, onUndo }: PairProps) {
  const { data: pair, isPending, isError, error, refetch } = useQuery(reviewQuery(id));

  // Before the pair is seen: who reads its keys may press them.
  useLayoutEffect(() => {
    if (!pair || !writer) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).closest("input, textarea, [role=dialog], [contenteditable]")) return;
      const key = event.key.toLowerCase();
      const wanted = verdictKeys.find((one) => one.key === key);
      if (wanted && pair.state === "open" && !busy) onDecide(pair, wanted.verdict);
      if (key === "z" && pair.decided_by && !busy) onUndo(pair.id);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [pair, writer, busy]);

  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={8} />;
  const { record, other, establishment } = pair;
  const leftSide = record ?? other;
  if (!leftSide) return null;
  return (
    <section aria-label="Paire à revoir" className={style.pair}>
      <p className={style.why}>
        <strong>{reasons[pair.reason]}</strong> Probabilité que ce soit le même : {percent(pair.probability)}.
        {pair.others > 0 && record && ` Cette ligne ressemble aussi à ${plural(pair.others, "autre employeur", "autres employeurs")}.`}
      </p>
      <table className={style.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-visually">Champ</span>
            </th>
            <th scope="col">
              {record ? (
                <>
                  Votre fichier <span className={style.soft}>{record.file_name}, ligne {record.line}</span>
                </>
              ) : (
                <>
                  Une autre fiche{" "}
                  <Link href={`/entreprises/${leftSide.id}`} className={style.link}>
                    {other?.status === "F" ? "voir la fiche (fermé)" : "voir la fiche"}
                  </Link>
                </>
              )}
            </th>
            <th scope="col" className={style.mark}>
              <span className="hidden-visually">Comparaison</span>
            </th>
            <th scope="col">
              Liste partagée{" "}
              <Link href={`/entreprises/${establishment.id}`} className={style.link}>
                {establishment.status === "F" ? "voir la fiche (fermé)" : "voir la fiche"}
              </Link>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ label, of, print = (value) => value, isName = false }) => {
            const left = of(leftSide);
            const right = of(establishment);
            if (left === null && right === null) return null;
            const { how, aside } = agreementOf(isName, left, right, establishment);
            return (
              <tr key={label} className={style[how]}>
                <th scope="row">{label}</th>
                <td>{left === null ? <span className={style.soft}>inconnu</span> : print(left)}</td>
                <td className={style.mark}>
                  <span aria-hidden>{marks[how].sign}</span>
                  <span className="hidden-visually">{marks[how].words}</span>
                </td>
                <td>
                  {right === null ? <span className={style.soft}>inconnu</span> : print(right)}
                  {aside && <span className={style.soft}> {marks[how].words} à un autre de ses noms</span>}
                  {label === "Activité" && establishment.naf_label && <span className={style.soft}> {establishment.naf_label}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {pair.evidence.evidence.some((one) => one.weight !== 0) && (
        <details className={style.evidence}>
          <summary>Pourquoi le rapprochement automatique hésite</summary>
          <ul>
            {pair.evidence.evidence
              .filter((one) => one.weight !== 0)
              .map((one) => (
                <li key={one.label}>
                  <span>{one.label}</span>
                  <span>{french(one.verdict)}</span>
                  <span className={one.weight > 0 ? style.for : style.against}>{one.weight > 0 ? "plutôt le même" : "plutôt différent"}</span>
                </li>
              ))}
          </ul>
        </details>
      )}
      {pair.state === "open" ? (
        writer && (
          <div className={style.actions}>
            {verdictKeys.map(({ verdict, key, label }) => (
              <Button key={verdict} look={verdict === "same" ? "primary" : verdict === "skip" ? "quiet" : "plain"} isDisabled={busy} onPress={() => onDecide(pair, verdict)} aria-keyshortcuts={key}>
                {label}
                <kbd className={style.kbd} aria-hidden>
                  {key}
                </kbd>
              </Button>
            ))}
          </div>
        )
      ) : (
        <div className={style.actions}>
          <p>
            <VerdictBadge state={pair.state} /> {pair.decided_by && `par ${pair.decided_by.name}`}
          </p>
          {writer && pair.decided_by && (
            <Button icon="undo" isDisabled={busy} onPress={() => onUndo(pair.id)} aria-keyshortcuts="z">
              Annuler la décision
            </Button>
          )}
          {writer && (
            <Button look="primary" isDisabled={busy} onPress={onNext}>
              Paire suivante
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function VerdictBadge({ state }: { state: Review["state"] }) {
  if (state === "same") return <Badge tone="good" icon="check">Même employeur</Badge>;
  if (state === "different") return <Badge tone="neutral" icon="close">Différents</Badge>;
  return <Badge tone="quiet">Sans objet : la ligne a été rapprochée d’un autre employeur</Badge>;
}

const nameOf = (pair: Review) => pair.record?.name ?? pair.record?.brand ?? pair.other?.name ?? "Sans nom";

function Decided({ onUndo }: { onUndo: ((pair: number) => void) | undefined }) {
  const list = useInfiniteQuery(reviewsDecided);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <aside className={style.decided} aria-label="Décisions">
      <h2>Décisions</h2>
      <ul>
        {items.map((pair) => (
          <li key={pair.id} className={style.line}>
            <div className={style.words}>
              <Link href={`/doublons/${pair.id}`}>{nameOf(pair)}</Link>
              <p className={style.soft}>
                {pair.establishment.name ?? "Sans dénomination"}
                {pair.decided_by && `, ${pair.decided_by.name}`} {pair.decided_at && <When at={pair.decided_at} />}
              </p>
              <VerdictBadge state={pair.state} />
            </div>
            {onUndo && (
              <Button small look="quiet" icon="undo" onPress={() => onUndo(pair.id)} aria-label={`Annuler la décision sur ${nameOf(pair)}`}>
                Annuler
              </Button>
            )}
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button small className={classes(style.more)} isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          Voir plus ancien
        </Button>
      )}
    </aside>
  );
}
