// Channels: where the organisation has things sent, and what was sent when, with what answer.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { channels as channelsQuery, deliveries, type DeliveryFilters, outlets } from "@/api/exchange";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, RadioGroup, Select, TextField, toFirstFault } from "@/ui/Field";
import { Fold } from "@/ui/Fold";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { When } from "@/ui/When";
import { count, plural } from "@/words/number";
import { clock, now } from "@/words/time";
import style from "./Admin.module.css";
import { Choices, Neighbours, SecretDialog } from "./parts";
import { channelKinds, channelState, deliveryState, eventName, hookEvents, type HookEvent, rhythms } from "./words";

type Channel = Schema<"Channel">;
type Delivery = Schema<"Delivery">;
type Doing = { what: "make" } | { what: "change" | "remove" | "replay" | "rotate"; item: Channel } | { what: "shown"; item: Schema<"ChannelSecret">; again: boolean } | null;

export default function ChannelsPage() {
  const { organisation } = useSession();
  const query = useQueryState();
  const [doing, setDoing] = useState<Doing>(null);
  const tab = query.get("onglet") ?? "canaux";
  const close = () => setDoing(null);
  return (
    <Page
      title="Canaux"
      aside={organisation.name}
      actions={
        <>
          <Neighbours here="canaux" />
          <Button look="primary" icon="add" onPress={() => setDoing({ what: "make" })}>Ajouter un canal</Button>
        </>
      }
    >
      <Tabs
        label="Canaux et envois"
        selected={tab}
        onSelect={(id) => query.set({ onglet: id === "canaux" ? null : id, canal: null, etat: null }, { replace: true })}
        items={[
          { id: "canaux", label: "Canaux", content: <Channels onDo={setDoing} /> },
          { id: "envois", label: "Envois", content: <Deliveries /> },
        ]}
      />
      {doing?.what === "make" && <EditDialog onClose={close} onMade={(item) => setDoing(item.secret ? { what: "shown", item, again: false } : null)} />}
      {doing?.what === "change" && <EditDialog item={doing.item} onClose={close} onMade={close} />}
      {doing?.what === "remove" && <RemoveDialog item={doing.item} onClose={close} />}
      {doing?.what === "replay" && <ReplayDialog item={doing.item} onClose={close} />}
      {doing?.what === "rotate" && <RotateDialog item={doing.item} onClose={close} onMade={(item) => setDoing({ what: "shown", item, again: true })} />}
      {doing?.what === "shown" && (
        <SecretDialog title={`Secret de « ${doing.item.name} »`} label="Secret de signature" secret={doing.item.secret ?? ""} onClose={close}>
          <p>
            Le logiciel qui reçoit vérifie avec lui que les messages viennent de Maillage. Il ne sera plus affiché.
            {doing.again && ` L’ancien signe aussi jusqu’à ${aDayFromNow()}\u202f: mettez celui-ci dans le logiciel d’ici là.`}
          </p>
        </SecretDialog>
      )}
    </Page>
  );
}

function Channels({ onDo }: { onDo: (doing: Doing) => void }) {
  const list = useQuery(channelsQuery);
  const rows = list.data?.items ?? [];
  return (
    <div className={style.panel}>
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={3} shape="card" />
      ) : rows.length === 0 ? (
        <Message icon="forward" title="Aucun canal." action={<Button icon="add" onPress={() => onDo({ what: "make" })}>Ajouter un canal</Button>}>
          Rien n’est envoyé à un autre logiciel : ni message quand une offre change, ni offre poussée vers un autre site, ni fichier partenaire.
        </Message>
      ) : (
        <ul className={style.list} aria-label="Canaux">
          {rows.map((item) => <Line key={item.id} item={item} onDo={onDo} />)}
        </ul>
      )}
      <Agreement />
      <Fold title="Ce que fait chaque genre de canal">
        <p className={style.intro}>Un webhook prévient un logiciel de ce qui se passe, par un message signé qui dit quoi et sur quelle fiche ; le logiciel demande la suite avec sa clé. Une diffusion pousse vers un autre site chacune de nos offres quand elle s’ouvre, l’y met à jour, et la retire quand elle se termine. Un fichier partenaire les réunit toutes, au format de France Travail, et se dépose de lui-même. Le résumé par courriel va aux membres qui le demandent, depuis la page « Aujourd’hui ».</p>
      </Fold>
    </div>
  );
}

const rests = (item: Channel) => item.state === "active" && item.open_until !== null && new Date(item.open_until) > now();

function Line({ item, onDo }: { item: Channel; onDo: (doing: Doing) => void }) {
  const query = useQueryState();
  const resting = rests(item);
  const state = channelState[resting ? "resting" : item.state]!;
  const set = useWrite(
    (to: "active" | "paused") => api.patch("/api/channels/{id}", { path: { id: item.id }, version: item.version, body: { state: to } }),
    { touches: [["channels"]], done: (_, to) => (to === "paused" ? `« ${item.name} » est en pause : ce qui arrive attend.` : `« ${item.name} » reprend.`) },
  );
  const test = useWrite(() => api.post("/api/channels/{id}/test", { path: { id: item.id } }), {
    touches: [["channels"]],
    onDone: () => query.set({ onglet: "envois", canal: String(item.id), etat: null }),
  });
  return (
    <li>
      <div className={style.what}>
        <div className={style.title}>
          <h2>{item.name}</h2>
          <Badge tone={state.tone} icon={state.icon}>{state.label}</Badge>
          <Badge>{channelKinds[item.kind].label}</Badge>
          {item.sandbox && <Badge tone="accent">Bac à sable</Badge>}
        </div>
        {item.kind !== "mail" && <p className={style.soft}>{item.kind === "file" ? `${item.target}.csv` : item.target}</p>}
        <p>{about(item)}</p>
        {item.reason && <p>{item.reason}</p>}
        <p className={style.soft}>
          {item.kind === "file"
            ? item.last_done?.at ? <>Déposé <When at={item.last_done.at} /></> : "Pas encore déposé"
            : item.kind === "mail"
              ? item.last_done?.at ? <>Dernier courriel parti <When at={item.last_done.at} /></> : "Aucun courriel parti encore"
              : item.last_done?.at ? <>Dernier message reçu <When at={item.last_done.at} /></> : "Aucun message reçu encore"}
          {item.next_at && <> · prochain dépôt <When at={item.next_at} /></>}
          {item.failures > 0 && ` · ${plural(item.failures, "échec")} de suite`}
          {resting && item.open_until && <> · nouvel essai <When at={item.open_until} /></>}
          {item.waiting > 0 && ` · ${count(item.waiting)} en attente`}
          {item.dead > 0 && ` · ${count(item.dead)} en échec`}
        </p>
      </div>
      <div className={style.actions}>
        {item.state === "active" && item.kind !== "mail" && <Button small icon="forward" isPending={test.isPending} onPress={() => test.mutate(undefined)}>{item.kind === "file" ? "Déposer maintenant" : "Essayer"}</Button>}
        {item.kind === "file" && <LinkButton small icon="download" href={`/api/channels/${item.id}/file`} download>Télécharger</LinkButton>}
        <Button small icon="list" onPress={() => query.set({ onglet: "envois", canal: String(item.id), etat: null })}>Envois</Button>
        {item.kind !== "mail" && <Button small icon="edit" onPress={() => onDo({ what: "change", item })}>Modifier</Button>}
        {(item.kind === "webhook" || item.kind === "push") && <Button small icon="refresh" onPress={() => onDo({ what: "rotate", item })}>Nouveau secret</Button>}
        {item.state === "active" && item.dead > item.unsure && <Button small icon="refresh" onPress={() => onDo({ what: "replay", item })}>Tout renvoyer</Button>}
        <Button small icon={item.state === "active" ? "resting" : "check"} isPending={set.isPending} onPress={() => set.mutate(item.state === "active" ? "paused" : "active")}>
          {item.state === "active" ? "Mettre en pause" : "Reprendre"}
        </Button>
        <Button small look="danger" icon="close" onPress={() => onDo({ what: "remove", item })}>Supprimer</Button>
      </div>
    </li>
  );
}

const often = { daily: "chaque jour ouvré", weekly: "chaque lundi" } as const;
const readers = (item: Channel) =>
  item.readers?.length
    ? `Reçu par ${item.readers.map((reader) => `${reader.name} (${often[reader.frequency]})`).join(", ")}`
    : "Aucun membre ne demande le résumé ; les liens aux employeurs partent par ici";

const about = (item: Channel) =>
  item.kind === "mail" ? readers(item)
  : item.kind === "push" ? "Nos offres : publication à l’ouverture, mise à jour, retrait à la fin"
  : item.kind === "file" ? `Nos offres ouvertes, toutes à chaque dépôt · ${item.schedule ? rhythms[item.schedule].toLowerCase() : ""}`
  : item.events.map(eventName).join(" · ");

// Where the agreement of the network publishes what opens.
function Agreement() {
  const list = useQuery(outlets);
  if (!list.data) return null;
  const of = (named: boolean) => list.data.items.filter((item) => item.named === named).map((item) => item.label.charAt(0).toLowerCase() + item.label.slice(1)).join(", ");
  return (
    <p className={style.intro}>
      La convention de notre réseau publie ce qui s’ouvre ici : {of(true) || "nulle part"}.{of(false) && ` Elle ne nomme pas : ${of(false)}.`}
    </p>
  );
}

function EditDialog({ item, onClose, onMade }: { item?: Channel; onClose: () => void; onMade: (made: Schema<"ChannelSecret">) => void }) {
  const [kind, setKind] = useState<string>(item?.kind ?? "webhook");
  const [name, setName] = useState(item?.name ?? "");
  const [target, setTarget] = useState(item?.target ?? "");
  const [events, setEvents] = useState((item?.events ?? []) as HookEvent[]);
  const [schedule, setSchedule] = useState<"hourly" | "nightly">(item?.schedule ?? "nightly");
  const [sandbox, setSandbox] = useState(false);
  const [tried, setTried] = useState(false);
  const hook = kind === "webhook";
  const file = kind === "file";
  const body = { name: name.trim(), target: target.trim().replace(/\.csv$/, ""), ...(hook ? { events } : {}), ...(file ? { schedule } : {}) };
  const make = useWrite(() => api.post("/api/channels", { body: { kind: kind as "webhook" | "push" | "file", ...body, sandbox } }), { touches: [["channels"]], quiet: true, onDone: onMade });
  const change = useWrite(() => api.patch("/api/channels/{id}", { path: { id: item?.id ?? 0 }, version: item?.version ?? 0, body }), {
    touches: [["channels"]], quiet: true, done: () => `« ${body.name} » modifié.`, onDone: onClose,
  });
  const write = item ? change : make;
  return (
    <Dialog title={item ? `Modifier « ${item.name} »` : "Ajouter un canal"} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (body.name.length < 2 || !body.target || (hook && events.length === 0)) return toFirstFault();
          write.mutate(undefined);
        }}
      >
        {!item && <RadioGroup label="Genre" required value={kind} onChange={setKind} choices={(["webhook", "push", "file"] as const).map((id) => ({ id, ...channelKinds[id] }))} />}
        <TextField label="Nom" required autoFocus maxLength={60} value={name} onChange={setName} error={fault(write.error, "name") ?? (tried && body.name.length < 2 ? "Donnez-lui un nom." : undefined)} />
        {file && (
          <>
            <TextField label="Nom du fichier" required maxLength={60} value={target} onChange={setTarget} placeholder="ML_ALLIER" help="Sans accent ni espace ; .csv s’y ajoute. C’est aussi la clé de partenaire (Par_cle)." error={fault(write.error, "target") ?? (tried && !body.target ? "Donnez-lui un nom." : undefined)} />
            <RadioGroup label="Dépôt" required value={schedule} onChange={(id) => setSchedule(id as "hourly")} choices={(Object.keys(rhythms) as (keyof typeof rhythms)[]).map((id) => ({ id, label: rhythms[id] }))} />
          </>
        )}
        {!file && <TextField label="Adresse" required maxLength={500} value={target} onChange={setTarget} placeholder="https://" help="Une adresse publique en https, que vous tenez." error={fault(write.error, "target") ?? (tried && !body.target ? "Indiquez l’adresse qui reçoit." : undefined)} />}
        {hook && <Choices legend="Prévenir quand" choices={hookEvents} chosen={events} onChange={setEvents} error={tried && events.length === 0 ? "Choisissez au moins un événement." : undefined} />}
        {!item && <Checkbox isSelected={sandbox} onChange={setSandbox} help="Seulement ce qui se passe dans le bac à sable.">Bac à sable</Checkbox>}
        <Refused error={write.error} />
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>{item ? "Enregistrer" : "Ajouter"}</Button>
          <Button look="quiet" onPress={onClose}>Annuler</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** How long a secret that is replaced still signs: the server says a day. */
const aDayFromNow = () => `demain, ${clock(new Date(now().getTime() + 86_400_000))}`;

function RotateDialog({ item, onClose, onMade }: { item: Channel; onClose: () => void; onMade: (made: Schema<"ChannelSecret">) => void }) {
  const rotate = useWrite(() => api.post("/api/channels/{id}/rotate", { path: { id: item.id } }), { touches: [["channels"]], quiet: true, onDone: onMade });
  return (
    <Dialog title={`Un nouveau secret pour « ${item.name} » ?`} isOpen onClose={onClose} alert>
      <p>
        Dès maintenant, le nouveau secret signe chaque message. L’ancien signe aussi, jusqu’à {aDayFromNow()} : d’ici là, le logiciel qui reçoit peut vérifier avec
        l’un ou l’autre. Passé ce moment, il refusera tout s’il n’a pas le nouveau.
      </p>
      <p>Le nouveau secret s’affiche une seule fois : ayez de quoi le mettre dans le logiciel, ou l’envoyer à qui le tient.</p>
      <Refused error={rotate.error} />
      <Actions>
        <Button look="primary" icon="refresh" isPending={rotate.isPending} onPress={() => rotate.mutate(undefined)}>Faire un nouveau secret</Button>
        <Button look="quiet" onPress={onClose}>Garder l’ancien</Button>
      </Actions>
    </Dialog>
  );
}

function RemoveDialog({ item, onClose }: { item: Channel; onClose: () => void }) {
  const remove = useWrite(() => api.patch("/api/channels/{id}", { path: { id: item.id }, version: item.version, body: { state: "removed" } }), {
    touches: [["channels"]], quiet: true, done: () => `« ${item.name} » supprimé.`, onDone: onClose,
  });
  return (
    <Dialog title={`Supprimer « ${item.name} » ?`} isOpen onClose={onClose} alert>
      <p>Plus rien n’y est envoyé{item.waiting > 0 ? `, et ${plural(item.waiting, "message en attente est abandonné", "messages en attente sont abandonnés")}` : ""}. La liste de ce qui a été envoyé reste.</p>
      <Refused error={remove.error} />
      <Actions>
        <Button look="danger" isPending={remove.isPending} onPress={() => remove.mutate(undefined)}>Supprimer</Button>
        <Button look="quiet" onPress={onClose}>Garder</Button>
      </Actions>
    </Dialog>
  );
}

/** What the server takes at once. */
const BATCH = 500;

function ReplayDialog({ item, onClose }: { item: Channel; onClose: () => void }) {
  const replay = useWrite(() => api.post("/api/channels/{id}/replay", { path: { id: item.id } }), {
    touches: [["channels"]],
    quiet: true,
    onDone: onClose,
    done: ({ replayed, dropped, left, unsure }) => ({
      text: `${plural(replayed, "envoi repart", "envois repartent")}.`,
      detail: [
        dropped > 0 && (dropped > 1 ? `${dropped} abandonnés : leurs offres ne sont plus ouvertes.` : "1 abandonné : l’offre n’est plus ouverte."),
        left > 0 && `${plural(left, "reste", "restent")} en échec.`,
        replayed > 0 && rests(item) && "Le canal est au repos\u202f: ils partent quand il sera essayé de nouveau.",
        unsure > 0 && `${plural(unsure, "courriel peut-être parti n’est pas renvoyé", "courriels peut-être partis ne sont pas renvoyés")}.`,
      ].filter(Boolean).join(" "),
    }),
  });
  const failed = item.dead - item.unsure;
  return (
    <Dialog title={`Renvoyer ce qui a échoué vers « ${item.name} » ?`} isOpen onClose={onClose} alert>
      <p>
        {item.kind === "mail" ? plural(failed, "courriel n’est pas parti", "courriels ne sont pas partis") : `${plural(failed, "envoi est", "envois sont")} en échec`}
        {failed > BATCH && `\u202f: les ${BATCH} plus anciens repartent d’abord`}.{" "}
        {item.kind === "mail"
          ? "Celui dont le lien ne vaut plus ne repart pas. Ceux qui sont peut-être partis se renvoient un par un, depuis Envois."
          : "Chacun garde son numéro : ce qui a déjà été reçu est reconnu. Une offre part telle qu’elle est maintenant ; celle qui n’est plus ouverte n’est pas publiée de nouveau."}
      </p>
      <Refused error={replay.error} />
      <Actions>
        <Button look="primary" isPending={replay.isPending} onPress={() => replay.mutate(undefined)}>Tout renvoyer</Button>
        <Button look="quiet" onPress={onClose}>Annuler</Button>
      </Actions>
    </Dialog>
  );
}

function Deliveries() {
  const query = useQueryState();
  const channel = query.get("canal");
  const state = query.get("etat");
  const names = useQuery(channelsQuery);
  const filters: DeliveryFilters = { ...(channel ? { channel: Number(channel) } : {}), ...(state ? { state: state as "done" } : {}) };
  const list = useInfiniteQuery(deliveries(filters));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={style.panel}>
      <div className={style.actions}>
        <Select label="Canal" hideLabel value={channel ?? ""} onChange={(canal) => query.set({ canal })} choices={[{ id: "", label: "Tous les canaux" }, ...(names.data?.items ?? []).map((one) => ({ id: String(one.id), label: one.name }))]} />
        <Select label="État" hideLabel value={state ?? ""} onChange={(etat) => query.set({ etat })} choices={[{ id: "", label: "Tous les états" }, ...Object.entries(deliveryState).map(([id, { label }]) => ({ id, label }))]} />
      </div>
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={6} />
      ) : rows.length === 0 ? (
        <Message icon="empty" title="Aucun envoi." />
      ) : (
        <ul className={style.list} aria-label="Envois">
          {rows.map((item) => <Sent key={item.id} item={item} />)}
        </ul>
      )}
      {list.hasNextPage && <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>Voir la suite</Button>}
    </div>
  );
}

const letter = (body: unknown) => {
  const { subject, text } = body as { subject?: string; text?: string };
  return `${subject ?? ""}\n\n${text ?? ""}`;
};

function Sent({ item }: { item: Delivery }) {
  const [open, setOpen] = useState(false);
  const state = deliveryState[item.state]!;
  const again = useWrite(() => api.post("/api/deliveries/{id}/replay", { path: { id: item.id } }), { touches: [["channels"]], done: () => "Envoyé de nouveau." });
  const last = item.tries.at(-1);
  const rounds = last?.round ?? 1;
  return (
    <li>
      <div className={style.what}>
        <div className={style.title}>
          <h2>{eventName(item.kind)}{item.offer ? `, offre ${item.offer}` : ""}</h2>
          <Badge tone={state.tone} icon={state.icon}>{state.label}</Badge>
        </div>
        <p className={style.soft}>
          {item.channel_name} · {item.reader && <>à {item.reader} · </>}<When at={item.made_at} /> · {item.attempts > 0 ? plural(item.attempts, "essai") : last ? "à essayer de nouveau" : "pas encore essayé"}
          {last && item.attempts > 0 && (!last.status ? ` · ${(last.error ?? "sans réponse").replace(/\.$/, "")}` : item.channel_kind === "file" || item.channel_kind === "mail" ? ` · ${last.answer ?? ""}` : ` · réponse ${last.status} en ${count(last.ms)} ms`)}
          {item.state === "waiting" && item.attempts > 0 && <> · nouvel essai <When at={item.due_at} /></>}
        </p>
      </div>
      <div className={style.actions}>
        {item.state === "dead" && <Button small icon="refresh" isPending={again.isPending} onPress={() => again.mutate(undefined)}>Envoyer de nouveau</Button>}
        <Button small look="quiet" icon={open ? "up" : "down"} aria-expanded={open} onPress={() => setOpen(!open)}>Détail</Button>
      </div>
      {open && (
        <div className={style.scroll} tabIndex={0} role="region" aria-label={`Détail de l’envoi ${item.message}`}>
          <pre className={style.code}>{item.channel_kind === "mail" ? letter(item.body) : `webhook-id: ${item.message}\n\n${JSON.stringify(item.body, null, 1)}`}</pre>
          {item.tries.length > 0 && (
            <table className={style.table}>
              <thead>
                <tr>
                  <th scope="col">Essai</th>
                  <th scope="col">Quand</th>
                  <th scope="col">Durée</th>
                  <th scope="col">Réponse</th>
                </tr>
              </thead>
              {[...new Set(item.tries.map((one) => one.round))].map((round) => (
                <tbody key={round}>
                  {rounds > 1 && (
                    <tr>
                      <th scope="rowgroup" colSpan={4}>{round === 1 ? "Premier envoi" : `${round}e envoi`}</th>
                    </tr>
                  )}
                  {item.tries.filter((one) => one.round === round).map((one) => (
                    <tr key={one.number}>
                      <th scope="row">{one.number}</th>
                      <td><When at={one.at} /></td>
                      <td>{count(one.ms)} ms</td>
                      <td className={style.soft}>{[one.status, one.error, one.answer].filter(Boolean).join(" · ")}</td>
                    </tr>
                  ))}
                </tbody>
              ))}
            </table>
          )}
        </div>
      )}
    </li>
  );
}
