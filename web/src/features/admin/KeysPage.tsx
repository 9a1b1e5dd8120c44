// Keys of the API: which programs act for the organisation, what each may do, when it was last used.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { keys as keysQuery } from "@/api/exchange";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, DayField, Select, TextField, toFirstFault } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { plural } from "@/words/number";
import { addDays, isoDay, longDay, now } from "@/words/time";
import style from "./Admin.module.css";
import { Choices, Neighbours, SecretDialog } from "./parts";
import { keyState, scopeName, scopes, type Scope } from "./words";

type Key = Schema<"ApiKey">;
type Doing = { what: "make" } | { what: "rotate" | "revoke" | "change"; item: Key } | { what: "shown"; item: Schema<"ApiKeySecret"> } | null;

export default function KeysPage() {
  const { organisation } = useSession();
  const list = useInfiniteQuery(keysQuery);
  const [doing, setDoing] = useState<Doing>(null);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const close = () => setDoing(null);
  const shown = (item: Schema<"ApiKeySecret">) => setDoing({ what: "shown", item });
  return (
    <Page
      title="Clés d’API"
      aside={organisation.name}
      actions={
        <>
          <Neighbours here="cles" />
          <Button look="primary" icon="add" onPress={() => setDoing({ what: "make" })}>Créer une clé</Button>
        </>
      }
    >
      <div className={style.panel}>
        <p className={style.intro}>Une clé laisse un logiciel agir au nom de {organisation.name}, dans la limite de ses droits. Ce qu’il fait est signé de son nom dans l’historique.</p>
        {list.isError ? (
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Skeleton rows={4} shape="card" />
        ) : rows.length === 0 ? (
          <Message icon="reserved" title="Aucune clé." action={<Button icon="add" onPress={() => setDoing({ what: "make" })}>Créer une clé</Button>}>
            Commencez par une clé du bac à sable : rien de ce qu’elle fait n’est publié ni compté.
          </Message>
        ) : (
          <ul className={style.list} aria-label="Clés d’API">
            {rows.map((item) => <Line key={item.id} item={item} onDo={(what) => setDoing({ what, item })} />)}
          </ul>
        )}
        {list.hasNextPage && <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>Voir la suite</Button>}
      </div>
      {doing?.what === "make" && <MakeDialog onClose={close} onMade={shown} />}
      {doing?.what === "change" && <ChangeDialog item={doing.item} onClose={close} />}
      {doing?.what === "rotate" && <RotateDialog item={doing.item} onClose={close} onMade={shown} />}
      {doing?.what === "revoke" && <RevokeDialog item={doing.item} onClose={close} />}
      {doing?.what === "shown" && (
        <SecretDialog title={`Clé « ${doing.item.name} »`} label="Clé" secret={doing.item.secret} onClose={close} example={`curl ${window.location.origin}/api/key \\\n     --header "Authorization: Bearer ${doing.item.secret}"`}>
          <p>Copiez-la maintenant dans le logiciel : elle ne sera plus affichée. Qui la tient agit au nom de la structure.</p>
        </SecretDialog>
      )}
    </Page>
  );
}

/** The last day on which it is good: it ends at midnight. */
const lastDay = (item: Key) => isoDay(new Date(Date.parse(item.expires_at) - 1));

function Line({ item, onDo }: { item: Key; onDo: (what: "rotate" | "revoke" | "change") => void }) {
  const state = keyState[item.state]!;
  return (
    <li>
      <div className={style.what}>
        <div className={style.title}>
          <h2>{item.name}</h2>
          <Badge tone={state.tone} icon={state.icon}>{state.label}</Badge>
          {item.sandbox && <Badge tone="accent">Bac à sable</Badge>}
        </div>
        <p>{item.scopes.map(scopeName).join(" · ")}</p>
        <p className={style.soft}>
          {item.secrets?.map((secret, index) => (
            <span key={secret.prefix}>
              {index > 0 && ", "}
              <code>mlg_{secret.prefix}…</code>
              {secret.ends_at && item.state === "active" && <> (remplacée, fin <When at={secret.ends_at} />)</>}
            </span>
          ))}
          {item.secrets?.length ? " · " : ""}
          {item.used_at ? <>dernier usage <When at={item.used_at} /></> : "jamais utilisée"}
        </p>
        <p className={style.soft}>
          Créée par {item.made_by.name} <When at={item.made_at} />
          {item.revoked_at ? <>, révoquée{item.revoked_by ? ` par ${item.revoked_by}` : ""} <When at={item.revoked_at} /></> : <>, {item.state === "expired" ? "a expiré le" : "valable jusqu’au"} {longDay(lastDay(item))}</>}
        </p>
      </div>
      {item.state !== "revoked" && (
        <div className={style.actions}>
          <Button small icon="edit" onPress={() => onDo("change")}>Modifier</Button>
          {item.state === "active" && <Button small icon="refresh" onPress={() => onDo("rotate")}>Remplacer</Button>}
          <Button small look="danger" icon="opposed" onPress={() => onDo("revoke")}>Révoquer</Button>
        </div>
      )}
    </li>
  );
}

const aYear = () => addDays(isoDay(now()), 365);

function MakeDialog({ onClose, onMade }: { onClose: () => void; onMade: (key: Schema<"ApiKeySecret">) => void }) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Scope[]>([]);
  const [ends, setEnds] = useState(aYear);
  const [sandbox, setSandbox] = useState(true);
  const [tried, setTried] = useState(false);
  const make = useWrite(() => api.post("/api/keys", { body: { name: name.trim(), scopes: chosen, expires_on: ends, sandbox } }), { touches: [["keys"]], quiet: true, onDone: onMade });
  const short = name.trim().length < 2;
  return (
    <Dialog title="Créer une clé" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (short || chosen.length === 0) return toFirstFault();
          make.mutate(undefined);
        }}
      >
        <TextField label="Nom du logiciel" required autoFocus maxLength={60} value={name} onChange={setName} help="Il signe ce que la clé fait : « Logiciel de suivi (clé d’API) »." error={fault(make.error, "name") ?? (tried && short ? "Donnez-lui un nom." : undefined)} />
        <Choices legend="Droits" choices={scopes} chosen={chosen} onChange={setChosen} error={tried && chosen.length === 0 ? "Choisissez au moins un droit." : undefined} />
        <DayField label="Valable jusqu’au" required value={ends} onChange={setEnds} error={fault(make.error, "expires_on")} />
        <Checkbox isSelected={sandbox} onChange={setSandbox} help="Des employeurs inventés, rien n’est publié ni compté. Pour mettre au point le logiciel.">Bac à sable</Checkbox>
        <Refused error={make.error} />
        <Actions>
          <Button type="submit" look="primary" icon="add" isPending={make.isPending}>Créer la clé</Button>
          <Button look="quiet" onPress={onClose}>Annuler</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

function ChangeDialog({ item, onClose }: { item: Key; onClose: () => void }) {
  const [chosen, setChosen] = useState(item.scopes as Scope[]);
  const [ends, setEnds] = useState(lastDay(item));
  const change = useWrite(
    () => api.patch("/api/keys/{id}", { path: { id: item.id }, body: { scopes: chosen, expires_on: ends } }),
    { touches: [["keys"]], quiet: true, done: () => `Clé « ${item.name} » modifiée.`, onDone: onClose },
  );
  return (
    <Dialog title={`Modifier « ${item.name} »`} isOpen onClose={onClose}>
      <Choices legend="Droits" choices={scopes} chosen={chosen} onChange={setChosen} error={chosen.length === 0 ? "Choisissez au moins un droit." : undefined} />
      <DayField label="Valable jusqu’au" required value={ends} onChange={setEnds} error={fault(change.error, "expires_on")} />
      <Refused error={change.error} />
      <Actions>
        <Button look="primary" isDisabled={chosen.length === 0} isPending={change.isPending} onPress={() => change.mutate(undefined)}>Enregistrer</Button>
        <Button look="quiet" onPress={onClose}>Annuler</Button>
      </Actions>
    </Dialog>
  );
}

const delays = [
  { id: "0", label: "Tout de suite : la clé a pu être vue" },
  { id: "24", label: "Dans 24 heures" },
  { id: "168", label: "Dans une semaine" },
];

function RotateDialog({ item, onClose, onMade }: { item: Key; onClose: () => void; onMade: (key: Schema<"ApiKeySecret">) => void }) {
  const [hours, setHours] = useState("24");
  const rotate = useWrite(() => api.post("/api/keys/{id}/rotate", { path: { id: item.id }, body: { hours: Number(hours) } }), { touches: [["keys"]], quiet: true, onDone: onMade });
  return (
    <Dialog title={`Remplacer la clé « ${item.name} »`} isOpen onClose={onClose}>
      <p>Une nouvelle clé est faite, avec les mêmes droits. L’ancienne marche encore le temps de changer le logiciel.</p>
      <Select label="L’ancienne s’arrête" required value={hours} onChange={setHours} choices={delays} />
      <Refused error={rotate.error} />
      <Actions>
        <Button look="primary" icon="refresh" isPending={rotate.isPending} onPress={() => rotate.mutate(undefined)}>Remplacer</Button>
        <Button look="quiet" onPress={onClose}>Annuler</Button>
      </Actions>
    </Dialog>
  );
}

function RevokeDialog({ item, onClose }: { item: Key; onClose: () => void }) {
  const revoke = useWrite(() => api.post("/api/keys/{id}/revoke", { path: { id: item.id } }), { touches: [["keys"]], quiet: true, done: () => `Clé « ${item.name} » révoquée.`, onDone: onClose });
  const used = item.secrets?.filter((secret) => secret.used_at).length ?? 0;
  return (
    <Dialog title={`Révoquer « ${item.name} » ?`} isOpen onClose={onClose} alert>
      <p>Le logiciel qui s’en sert est refusé aussitôt, et pour toujours. Ce qu’il a fait reste dans l’historique.</p>
      {used > 0 && item.used_at && <p className={style.soft}>{plural(used, "Secret utilisé", "Secrets utilisés")}, la dernière fois <When at={item.used_at} />.</p>}
      <Refused error={revoke.error} />
      <Actions>
        <Button look="danger" icon="opposed" isPending={revoke.isPending} onPress={() => revoke.mutate(undefined)}>Révoquer</Button>
        <Button look="quiet" onPress={onClose}>Garder</Button>
      </Actions>
    </Dialog>
  );
}
