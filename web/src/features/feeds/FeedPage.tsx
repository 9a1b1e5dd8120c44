// One feed: its offers, how it is read, its readings, its settings.
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { DropZone, FileTrigger, Form, type FileDropItem } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { feed as feedQuery, feedRuns } from "@/api/exchange";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate, useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, Select, TextField, toFirstFault } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { toast } from "@/ui/Toast";
import { When } from "@/ui/When";
import { bytes, count, plural } from "@/words/number";
import { now } from "@/words/time";
import style from "./Feeds.module.css";
import { FeedBadge, rhythms } from "./FeedsPage";
import { FeedOffers } from "./FeedOffers";
import { fileKinds, giveFile } from "./give";
import { runCause, runState } from "./words";
import { french } from "@/words/typography";

type Feed = Schema<"Feed">;
type Run = Schema<"FeedRun">;

const LayoutEditor = lazy(() => import("./LayoutEditor"));
export const touched = (id: number) => [["feed", id], ["feeds"], ["offers"]];

export function FeedPage({ id }: { id: number }) {
  const { role } = useSession();
  const query = useQueryState();
  const one = useQuery(feedQuery(id));
  const feed = one.data;
  const accountable = role === "manager" || role === "administrator";
  const writer = role === "manager" || role === "adviser";
  const describer = accountable || (writer && feed?.adds === true);
  const read = useWrite(() => api.post("/api/feeds/{id}/read", { path: { id } }), { touches: touched(id), done: () => "La lecture est demandée." });
  if (one.isError) return <Failure error={one.error} alone onRetry={() => void one.refetch()} />;
  if (!feed) return <Skeleton rows={6} />;
  const tab = query.get("onglet") ?? (!feed.layout && feed.has_file ? "description" : "offres");
  return (
    <Page
      title={feed.name}
      aside={<FeedBadge feed={feed} />}
      actions={
        <>
          <LinkButton small look="quiet" icon="back" href="/flux">Tous les flux</LinkButton>
          {writer && feed.state === "active" && feed.address && <Button icon="refresh" isPending={read.isPending || feed.last_run?.state === "waiting"} onPress={() => read.mutate(undefined)}>Lire maintenant</Button>}
        </>
      }
    >
      <div className={style.panel}>
        <Last feed={feed} accountable={accountable} />
        {writer && !feed.address && feed.state === "active" && <Give feed={feed} />}
        <Tabs
          label="Ce flux"
          selected={tab}
          onSelect={(onglet) => query.set({ onglet, etat: null }, { replace: true })}
          items={[
            { id: "offres", label: "Offres", count: feed.incomplete, content: <FeedOffers feed={feed} writer={writer} /> },
            { id: "description", label: "Description", content: <Described feed={feed} writer={describer} /> },
            { id: "passages", label: "Passages", content: <Runs feed={feed} /> },
            ...(describer ? [{ id: "reglages", label: "Réglages", content: <Settings key={feed.version} feed={feed} /> }] : []),
          ]}
        />
      </div>
    </Page>
  );
}

/** Whether the minute has come, or is coming. */
const isDue = (moment: string) => new Date(moment).getTime() < now().getTime() + 60_000;

/** What the last reading did, and what it asks of a person. */
function Last({ feed, accountable }: { feed: Feed; accountable: boolean }) {
  const run = feed.last_run;
  const decide = useWrite((decision: "withdraw" | "keep") => api.post("/api/feeds/{id}/runs/{run_id}/decide", { path: { id: feed.id, run_id: run?.id ?? 0 }, body: { decision } }), {
    touches: touched(feed.id),
    done: (_, decision) => (decision === "withdraw" ? "Les offres disparues sont retirées." : "Les offres restent : le prochain passage dira."),
  });
  if (!run) return <p className={style.soft}>{feed.address ? "Le premier passage a lieu dans un instant." : "Déposez le fichier tel que le partenaire le donne."}</p>;
  if (run.state === "held")
    return (
      <div className={style.held} role="status">
        <Icon name="alert" size={18} />
        <div>
          <strong>
            {feed.address
              ? `${plural(run.missing, "offre a disparu", "offres ont disparu")} de ce flux, trop pour les retirer sans vous demander.`
              : `${plural(run.missing, "offre n’est plus", "offres ne sont plus")} dans le fichier déposé.`}
          </strong>
          <p>Le fichier est peut-être coupé ou incomplet : rien n’a été retiré. Ce qui est nouveau ou changé a été pris.</p>
          {accountable ? (
            <Actions>
              <Button look="danger" isPending={decide.isPending} onPress={() => decide.mutate("withdraw")}>Les retirer</Button>
              <Button isPending={decide.isPending} onPress={() => decide.mutate("keep")}>Les garder</Button>
            </Actions>
          ) : (
            <p className={style.soft}>Un responsable de votre structure peut décider.</p>
          )}
        </div>
      </div>
    );
  if (run.state === "failed")
    return (
      <div className={style.held} role="status">
        <Icon name="warning" size={18} />
        <div>
          <strong>Le dernier passage a échoué, <When at={run.finished_at ?? run.asked_at} />. {french(run.error ?? "")}</strong>
          <p>Les offres restent comme elles sont.{feed.next_at && feed.state === "active" && <> Nouvel essai <When at={feed.next_at} />.</>}</p>
        </div>
      </div>
    );
  return (
    <p className={style.soft}>
      {run.state === "waiting" ? "Lecture en cours…" : <>Dernier passage <When at={run.finished_at ?? run.asked_at} />{run.error ? "." : "\u202f:"} {summaryOf(run)}.</>}
      {feed.next_at && feed.state === "active" && <> Prochain passage {isDue(feed.next_at) ? "dans un instant" : <When at={feed.next_at} />}.</>}
      {feed.confirmed_with && <> Offres confirmées d’avance : {feed.confirmed_with}.</>}
    </p>
  );
}

function summaryOf(run: Run): string {
  if (run.state === "unchanged") return "rien n’a changé";
  if (run.error) return french(run.error).replace(/\.$/, "");
  const parts = [
    [run.made, "offre entrée", "offres entrées"], [run.changed, "changée", "changées"], [run.withdrawn, "retirée", "retirées"],
    [run.outside, "hors du territoire", "hors du territoire"], [run.incomplete, "à compléter", "à compléter"], [run.faults, "défaut", "défauts"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, one, many]) => plural(n, one, many));
  return `${plural(run.elements, "élément lu", "éléments lus")}${said.length ? `, ${said.join(", ")}` : ", rien de nouveau"}`;
}

function Give({ feed }: { feed: Feed }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  async function give(file: File | undefined) {
    if (!file) return;
    setError(null);
    setBusy(file.name);
    try {
      await giveFile(feed.id, file);
      toast("Fichier reçu, lecture en cours.", { detail: file.name });
      for (const queryKey of touched(feed.id)) void queries.invalidateQueries({ queryKey });
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(null);
    }
  }
  return (
    <>
      <DropZone
        className={style.zone}
        aria-label="Déposer le fichier du flux"
        onDrop={(event) => {
          const item = event.items.find((each): each is FileDropItem => each.kind === "file");
          void item?.getFile().then(give);
        }}
      >
        <Icon name="imports" size={20} />
        <div>
          <p>
            {busy ? `Envoi de ${busy}…` : feed.has_file ? <>Dernier fichier : {feed.file_name}, {bytes(feed.file_bytes)}, <When at={feed.file_at} /></> : <>Déposez ici le fichier d’offres <span className={style.soft}>{fileKinds}</span></>}
          </p>
          <p className={style.soft}>{feed.adds ? "Il ajoute et met à jour des offres ; celles qu’il ne nomme pas, ou dit closes, restent comme elles sont." : "Les offres qu’il ne nomme plus ne sont retirées qu’avec l’accord d’un responsable."}</p>
        </div>
        <FileTrigger onSelect={(files) => void give(files?.[0])}>
          <Button look={feed.has_file ? "plain" : "primary"} isPending={busy !== null}>Choisir un fichier</Button>
        </FileTrigger>
      </DropZone>
      {error !== null && <Refused error={error} />}
    </>
  );
}

function Described({ feed, writer }: { feed: Feed; writer: boolean }) {
  if (!feed.has_file)
    return (
      <Message icon="note" title="Rien à décrire encore.">
        {feed.address ? "La description se fait sur le premier fichier lu à cette adresse." : "La description se fait sur le fichier que vous déposez."}
      </Message>
    );
  return (
    <Suspense fallback={<Skeleton rows={8} />}>
      <LayoutEditor key={`${feed.version} ${feed.file_at}`} feed={feed} writer={writer} />
    </Suspense>
  );
}

const toDescribe = { label: "À décrire", tone: "warn", icon: "edit" } as const;

function Runs({ feed }: { feed: Feed }) {
  const list = useInfiniteQuery(feedRuns(feed.id));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton rows={5} />;
  if (rows.length === 0) return <Message icon="empty" title="Aucun passage." />;
  return (
    <div className={style.offers}>
      <ul className={style.list} aria-label="Passages">
        {rows.map((run) => {
          // Read before anybody has said how: done, and nothing has come of it yet.
          const word = run.state === "done" && run.error ? toDescribe : runState[run.state]!;
          return (
            <li key={run.id}>
              <div className={style.what}>
                <div className={style.title}>
                  <h2><When at={run.finished_at ?? run.asked_at} /></h2>
                  <Badge tone={word.tone} icon={word.icon}>{word.label}</Badge>
                </div>
                <p>{run.state === "waiting" ? "Lecture en cours" : summaryOf(run)}</p>
                <p className={style.soft}>
                  {[runCause[run.cause], run.asked_by, run.status && `réponse ${run.status}`, run.bytes !== null && bytes(run.bytes), run.decision && `${run.decision === "withdraw" ? "retrait décidé" : "offres gardées"} par ${run.decided_by ?? ""}`]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
              </div>
              {run.faults > 0 && (
                <div className={style.actions}>
                  <LinkButton small icon="download" href={`/api/feeds/${feed.id}/runs/${run.id}/faults.csv`} download>{plural(run.faults, "défaut", "défauts")}</LinkButton>
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {list.hasNextPage && <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>Voir la suite</Button>}
    </div>
  );
}

function Settings({ feed }: { feed: Feed }) {
  const [name, setName] = useState(feed.name);
  const [address, setAddress] = useState(feed.address ?? "");
  const [every, setEvery] = useState(String(feed.every_minutes ?? 60));
  const [agreed, setAgreed] = useState(feed.confirmed_with !== null);
  const [words, setWords] = useState(feed.confirmed_with ?? "");
  const [onlyHere, setOnlyHere] = useState(feed.only_here);
  const [tried, setTried] = useState(false);
  const [removing, setRemoving] = useState(false);
  const path = { id: feed.id };
  const save = useWrite(
    () => api.patch("/api/feeds/{id}", { path, version: feed.version, body: { name: name.trim(), address: address.trim(), ...(address.trim() ? { every_minutes: Number(every) } : {}), confirmed_with: agreed ? words.trim() : "", only_here: onlyHere } }),
    { touches: touched(feed.id), quiet: true, done: () => "Réglages enregistrés." },
  );
  const set = useWrite((state: "active" | "paused" | "removed") => api.patch("/api/feeds/{id}", { path, version: feed.version, body: { state } }), {
    touches: touched(feed.id),
    done: (_, state) => (state === "removed" ? `« ${feed.name} » supprimé.` : state === "paused" ? "Le flux est en pause." : "Le flux reprend."),
    onDone: (_, state) => state === "removed" && navigate("/flux"),
  });
  const choices = rhythms.some((rhythm) => rhythm.id === every) ? rhythms : [{ id: every, label: `Toutes les ${count(Number(every))} minutes` }, ...rhythms];
  return (
    <Form
      className={style.settings}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (name.trim().length < 2 || (agreed && words.trim().length < 3)) return toFirstFault();
        save.mutate(undefined);
      }}
    >
      <TextField label="Nom" required maxLength={60} value={name} onChange={setName} error={fault(save.error, "name") ?? (tried && name.trim().length < 2 ? "Donnez-lui un nom." : undefined)} />
      {!feed.adds && <TextField label="Adresse" maxLength={500} value={address} onChange={setAddress} placeholder="https://" help="Vide : le fichier est déposé à la main." error={fault(save.error, "address")} />}
      {address.trim() && <Select label="Lue" value={every} onChange={setEvery} choices={choices} />}
      <Checkbox isSelected={onlyHere} onChange={setOnlyHere} help="Pour un flux de toute la France : chaque passage dit combien d’offres il a laissées.">
        Laisser ce qui se trouve hors du territoire
      </Checkbox>
      {!feed.adds && (
        <Checkbox isSelected={agreed} onChange={setAgreed} help="Les offres sont réservées dès leur entrée, puis suivent ce que le partenaire change. Sinon elles restent des brouillons, à confirmer avec l’employeur.">
          Une convention dit que ce partenaire a confirmé ses offres avec l’employeur
        </Checkbox>
      )}
      {agreed && <TextField label="Convention" required maxLength={160} value={words} onChange={setWords} placeholder="Convention du 3 mars avec le journal" help="Elle est écrite sur chaque offre, comme personne qui confirme." error={fault(save.error, "confirmed_with") ?? (tried && words.trim().length < 3 ? "Nommez la convention." : undefined)} />}
      <Refused error={save.error} />
      <div className={style.actions}>
        <Button type="submit" look="primary" isPending={save.isPending}>Enregistrer</Button>
        <Button icon={feed.state === "active" ? "resting" : "check"} isPending={set.isPending} onPress={() => set.mutate(feed.state === "active" ? "paused" : "active")}>{feed.state === "active" ? "Mettre en pause" : "Reprendre"}</Button>
        <Button look="danger" icon="close" onPress={() => setRemoving(true)}>Supprimer</Button>
      </div>
      <Dialog title={`Supprimer « ${feed.name} » ?`} isOpen={removing} onClose={() => setRemoving(false)} alert>
        <p>Le flux n’est plus lu. Les offres qui en viennent restent, avec leur histoire.</p>
        <Actions>
          <Button look="danger" isPending={set.isPending} onPress={() => set.mutate("removed")}>Supprimer</Button>
          <Button look="quiet" onPress={() => setRemoving(false)}>Garder</Button>
        </Actions>
      </Dialog>
    </Form>
  );
}
