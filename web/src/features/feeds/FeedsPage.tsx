// Feeds of offers: what partners' software sends, whether it was read, what waits for a person.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { feeds as feedsQuery } from "@/api/exchange";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate, useParameters } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, RadioGroup, Select, TextField, toFirstFault } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { plural } from "@/words/number";
import { FeedPage } from "./FeedPage";
import style from "./Feeds.module.css";
import { runState } from "./words";
import { french } from "@/words/typography";

type Feed = Schema<"Feed">;

export const rhythms = [
  { id: "15", label: "Tous les quarts d’heure" },
  { id: "60", label: "Toutes les heures" },
  { id: "360", label: "Toutes les six heures" },
  { id: "1440", label: "Tous les jours" },
  { id: "10080", label: "Toutes les semaines" },
];

export default function FeedsPage() {
  const { id } = useParameters();
  return id && /^\d+$/.test(id) ? <FeedPage key={id} id={Number(id)} /> : <Feeds />;
}

function Feeds() {
  const { organisation, role } = useSession();
  const [adding, setAdding] = useState(false);
  const list = useQuery(feedsQuery);
  const rows = list.data?.items ?? [];
  const accountable = role === "manager" || role === "administrator";
  const add = accountable && <Button look={rows.length ? "primary" : "plain"} icon="add" onPress={() => setAdding(true)}>Ajouter un flux</Button>;
  return (
    <Page title="Flux d’offres" aside={organisation.name} actions={rows.length > 0 ? add : undefined}>
      <div className={style.panel}>
        <p className={style.intro}>Les offres que le logiciel d’un partenaire publie entrent ici d’elles-mêmes : à chaque passage, ce qui est nouveau devient une offre de votre structure, ce qui change est suivi, ce qui disparaît est retiré.</p>
        {list.isError ? (
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Skeleton rows={3} shape="card" />
        ) : rows.length === 0 ? (
          <Message icon="offers" title="Aucun flux." action={add || undefined}>
            {accountable ? "Il suffit d’une adresse où lire les offres, ou d’un fichier tel que le partenaire le donne." : "Un responsable de votre structure peut en ajouter."}
          </Message>
        ) : (
          <ul className={style.list} aria-label="Flux d’offres">
            {rows.map((feed) => <Line key={feed.id} feed={feed} />)}
          </ul>
        )}
      </div>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

/** How a feed is: paused, to be described, failing, to be decided, or read. */
export function FeedBadge({ feed }: { feed: Feed }) {
  if (feed.state === "paused") return <Badge tone="quiet" icon="resting">En pause</Badge>;
  if (!feed.layout && feed.has_file) return <Badge tone="warn" icon="edit">À décrire</Badge>;
  if (!feed.last_run) return <Badge tone="quiet" icon="clock">Pas encore lu</Badge>;
  const word = runState[feed.last_run.state]!;
  return <Badge tone={word.tone} icon={word.icon}>{word.label}</Badge>;
}

function Line({ feed }: { feed: Feed }) {
  return (
    <li>
      <div className={style.what}>
        <div className={style.title}>
          <h2><Link href={`/flux/${feed.id}`}>{feed.name}</Link></h2>
          <FeedBadge feed={feed} />
        </div>
        <p className={style.soft}>{feed.address ?? (feed.adds ? "Fichier déposé par un conseiller : rien n’est retiré" : "Fichier déposé à la main")}</p>
        {feed.last_run?.state === "failed" && <p className={style.wrong}>{french(feed.last_run.error ?? "")}</p>}
        <p className={style.soft}>
          {feed.read_at ? <>Lu <When at={feed.read_at} /></> : "Jamais lu"}
          {feed.next_at && feed.state === "active" && <> · prochain passage <When at={feed.next_at} /></>}
        </p>
      </div>
      <dl className={style.figures}>
        <div><dt>Offres en cours</dt><dd>{feed.offers}</dd></div>
        <div className={feed.incomplete > 0 ? style.todo : undefined}><dt>À compléter</dt><dd>{feed.incomplete}</dd></div>
      </dl>
    </li>
  );
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const [source, setSource] = useState("address");
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [every, setEvery] = useState("60");
  const [onlyHere, setOnlyHere] = useState(false);
  const [tried, setTried] = useState(false);
  const fetched = source === "address";
  const make = useWrite(() => api.post("/api/feeds", { body: { name: name.trim(), only_here: onlyHere, ...(fetched ? { address: address.trim(), every_minutes: Number(every) } : {}) } }), {
    touches: [["feeds"]], quiet: true, onDone: (made) => navigate(`/flux/${made.id}`),
  });
  return (
    <Dialog title="Ajouter un flux" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (name.trim().length < 2 || (fetched && !address.trim())) return toFirstFault();
          make.mutate(undefined);
        }}
      >
        <TextField label="Nom" required autoFocus maxLength={60} value={name} onChange={setName} placeholder="Le journal, l’intérim du bassin…" error={fault(make.error, "name") ?? (tried && name.trim().length < 2 ? "Donnez-lui un nom." : undefined)} />
        <RadioGroup label="D’où viennent les offres" required value={source} onChange={setSource} choices={[{ id: "address", label: "Une adresse", detail: "Lue à intervalles réguliers" }, { id: "file", label: "Un fichier", detail: "Déposé à la main, quand il change" }]} />
        {fetched && <TextField label="Adresse" required maxLength={500} value={address} onChange={setAddress} placeholder="https://" error={fault(make.error, "address") ?? (tried && !address.trim() ? "Indiquez l’adresse du flux." : undefined)} help="XML, JSON ou CSV, tel que le partenaire le publie." />}
        {fetched && <Select label="Lue" value={every} onChange={setEvery} choices={rhythms} />}
        <Checkbox isSelected={onlyHere} onChange={setOnlyHere} help="Pour un flux de toute la France.">
          Laisser ce qui se trouve hors du territoire
        </Checkbox>
        <Refused error={make.error} />
        <Actions>
          <Button type="submit" look="primary" isPending={make.isPending}>Ajouter</Button>
          <Button look="quiet" onPress={onClose}>Annuler</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

export const offersLeft = (feed: Feed) => plural(feed.incomplete, "offre à compléter", "offres à compléter");
