// The register of oppositions; for those who answer for personal data: a person found, handed over, erased, and what the
// purge will erase.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { ending as endingQuery, oppositions as oppositionsQuery, people as peopleQuery } from "@/api/queries";
import { useWrite } from "@/api/write";
import { personName } from "@/features/contacts/person";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, Select, TextField } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { give } from "@/ui/take";
import { When } from "@/ui/When";
import { phone, plural } from "@/words/number";
import { longDay, now } from "@/words/time";
import { french } from "@/words/typography";
import style from "./PrivacyPage.module.css";

type Opposition = Schema<"Opposition">;
type Found = Schema<"PersonFound">;

export default function PrivacyPage() {
  const session = useSession();
  const query = useQueryState();
  const accountable = session.role === "manager" || session.role === "administrator";
  const tab = query.get("onglet") ?? "registre";
  return (
    <Page title="Oppositions et données personnelles" aside={session.territory.name}>
      <Tabs
        label="Parties de la page"
        className={style.tabs}
        selected={tab}
        onSelect={(id) => query.set({ onglet: id === "registre" ? null : id, q: null }, { replace: true })}
        items={[
          { id: "registre", label: "Registre des oppositions", content: <Register /> },
          ...(accountable
            ? [
                { id: "personne", label: "Une personne demande", content: <Person /> },
                { id: "conservation", label: "Fin de conservation", content: <Ending /> },
              ]
            : []),
        ]}
      />
    </Page>
  );
}

const subjects = [
  { id: "all", label: "Employeurs et personnes" },
  { id: "establishment", label: "Employeurs" },
  { id: "person", label: "Personnes" },
];

function Register() {
  const query = useQueryState();
  const session = useSession();
  const [lifting, lift] = useState<Opposition | null>(null);
  const kind = query.get("sujet");
  const subject = kind === "employeurs" ? "establishment" : kind === "personnes" ? "person" : undefined;
  const all = query.get("levees") === "oui";
  const list = useInfiniteQuery(oppositionsQuery({ ...(all ? { all } : {}), ...(subject ? { subject } : {}) }));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const writer = session.role === "adviser" || session.role === "manager";
  const write = useWrite((reason: string) => api.post("/api/oppositions/{id}/lift", { path: { id: lifting?.id ?? 0 }, body: { reason } }), {
    touches: [["oppositions"], ["establishments"], ["establishment"]],
    quiet: true,
    done: () => "Opposition levée.",
    onDone: () => lift(null),
  });
  return (
    <div className={style.panel}>
      <p className={style.lead}>Une opposition engage tous les partenaires. Elle s’enregistre depuis la fiche de l’employeur ; seule la structure qui l’a enregistrée peut la lever.</p>
      <div className={style.filters}>
        <Select label="Sujet" hideLabel value={subject ?? "all"} choices={subjects} onChange={(value) => query.set({ sujet: value === "establishment" ? "employeurs" : value === "person" ? "personnes" : null })} />
        <Checkbox isSelected={all} onChange={(on) => query.set({ levees: on ? "oui" : null })}>
          Montrer aussi celles qui sont levées
        </Checkbox>
      </div>
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={6} />
      ) : rows.length === 0 ? (
        <Message icon="opposed" title="Aucune opposition." />
      ) : (
        <ul className={style.list} aria-label="Oppositions">
          {rows.map((row) => (
            <li key={row.id} className={style.row}>
              <div className={style.what}>
                <p>
                  <Badge tone={row.lifted_at ? "quiet" : "danger"} icon={row.lifted_at ? "free" : "opposed"}>
                    {row.lifted_at ? "Levée" : row.subject === "person" ? "Personne" : "Employeur"}
                  </Badge>{" "}
                  <Subject row={row} />
                </p>
                {row.reason && <p className={style.soft}>« {french(row.reason)} »</p>}
                <p className={style.by}>
                  <Organisation name={row.organisation.short_name} network={row.organisation.network} member={row.member ?? undefined} size={14} />
                  <span>
                    <When at={row.at} />
                  </span>
                  {row.lifted_at && (
                    <span>
                      levée <When at={row.lifted_at} />
                      {row.lifted_reason && ` : « ${french(row.lifted_reason)} »`}
                    </span>
                  )}
                </p>
              </div>
              {writer && !row.lifted_at && row.organisation.id === session.organisation.id && (
                <Button small look="quiet" aria-label={`Lever l’opposition de ${row.contact ? personName(row.contact) : (row.establishment.name ?? "cet employeur")}`} onPress={() => lift(row)}>
                  Lever
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          Voir la suite
        </Button>
      )}
      <ReasonDialog title="Lever l’opposition" label="Motif" confirm="Lever l’opposition" isOpen={lifting !== null} onClose={() => lift(null)} onConfirm={write.mutate} error={write.error} busy={write.isPending} />
    </div>
  );
}

function Subject({ row }: { row: Opposition }) {
  const place = (
    <Link href={`/entreprises/${row.establishment.id}`}>
      {row.establishment.name ?? row.establishment.siret ?? "Employeur"}
      {row.establishment.city && <span className={style.soft}> · {row.establishment.city}</span>}
    </Link>
  );
  if (row.subject === "establishment") return place;
  return (
    <>
      <span className={style.strong}>{row.contact ? personName(row.contact) : "Personne effacée ou gardée par sa structure"}</span>
      {row.contact?.position && <span className={style.soft}>, {french(row.contact.position)}</span>} {place}
    </>
  );
}

function Person() {
  const query = useQueryState();
  const q = query.get("q") ?? "";
  const [typed, type] = useState(q);
  const found = useQuery({ ...peopleQuery(q), enabled: q.length >= 2 });
  return (
    <div className={style.panel}>
      <p className={style.lead}>
        Une personne peut demander ce qui est connu d’elle, ou que ce soit effacé. Cherchez-la par son téléphone, son courriel ou son nom exact : les données sont chiffrées, un morceau de nom ne suffit pas.
      </p>
      <Form
        className={style.search}
        onSubmit={(event) => {
          event.preventDefault();
          query.set({ q: typed.trim() || null });
        }}
      >
        <TextField label="Téléphone, courriel ou nom" type="search" required value={typed} onChange={type} maxLength={200} />
        <Button type="submit" look="primary" icon="search" isDisabled={typed.trim().length < 2}>
          Chercher
        </Button>
      </Form>
      {q.length < 2 ? null : found.isError ? (
        <Failure error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton rows={3} />
      ) : found.data.items.length === 0 ? (
        <Message icon="contact" title="Personne n’est connu ainsi.">
          Les fiches gardées par une autre structure n’apparaissent pas ici ; l’administrateur de l’instance les trouve par commande.
        </Message>
      ) : (
        <ul className={style.list} aria-label="Personnes trouvées">
          {found.data.items.map((item) => (
            <FoundLine key={item.id} item={item} />
          ))}
        </ul>
      )}
    </div>
  );
}

function FoundLine({ item }: { item: Found }) {
  const [asking, ask] = useState(false);
  const path = { id: item.id };
  const json = useWrite(() => api.post("/api/contacts/{id}/export", { path, body: {} }), {
    touches: [],
    done: () => ({ text: "Données remises.", detail: "La remise est tracée dans l’historique." }),
    onDone: (document) => give(new Blob([JSON.stringify(document, null, 2)], { type: "application/json" }), `personne-${item.id}.json`),
  });
  const csv = useWrite(() => api.table("/api/contacts/{id}/export.csv", { path, body: {} }), {
    touches: [],
    done: () => ({ text: "Données remises.", detail: "La remise est tracée dans l’historique." }),
    onDone: (text) => give(new Blob([`\uFEFF${text}`], { type: "text/csv" }), `personne-${item.id}.csv`),
  });
  const erase = useWrite(() => api.post("/api/contacts/{id}/erase", { path, body: {} }), {
    touches: [["people"], ["ending"], ["oppositions"], ["establishment"], ["visits"], ["today"]],
    quiet: true,
    done: () => "Personne effacée ; les visites et les décomptes restent.",
    onDone: () => ask(false),
  });
  return (
    <li className={style.row}>
      <div className={style.what}>
        <p>
          <span className={style.strong}>{personName(item)}</span>
          {item.position && <span className={style.soft}>, {french(item.position)}</span>}{" "}
          {item.opposition && (
            <Badge tone="danger" icon="opposed">
              Ne pas contacter
            </Badge>
          )}
        </p>
        <p>
          <Link href={`/entreprises/${item.establishment.id}`}>{item.establishment.name ?? item.establishment.siret ?? "Employeur"}</Link>
          {item.establishment.city && <span className={style.soft}> · {item.establishment.city}</span>}
        </p>
        <p className={style.by}>
          {[...item.phones.map(phone), ...item.emails].map((way) => (
            <span key={way}>{way}</span>
          ))}
          <Organisation name={item.organisation.short_name} network={item.organisation.network} size={14} />
          <span>
            dernier contact {longDay(item.last_on)}, conservé jusqu’au {longDay(item.keep_until)}
          </span>
        </p>
      </div>
      <div className={style.actions}>
        <Button small icon="download" isPending={json.isPending} onPress={() => json.mutate(undefined)} aria-label={`Remettre les données de ${personName(item)} en JSON`}>
          JSON
        </Button>
        <Button small icon="download" isPending={csv.isPending} onPress={() => csv.mutate(undefined)} aria-label={`Remettre les données de ${personName(item)} en CSV`}>
          CSV
        </Button>
        {item.erasable && (
          <Button small look="danger" onPress={() => ask(true)} aria-label={`Effacer ${personName(item)}`}>
            Effacer
          </Button>
        )}
      </div>
      <Dialog title={`Effacer ${personName(item)} ?`} isOpen={asking} onClose={() => ask(false)}>
        <p>
          Nom, fonction, téléphones et courriels disparaissent, ainsi que la ligne de fichier qui les a donnés. Les visites, les comptes rendus et les décomptes restent, sans la personne. C’est définitif.
        </p>
        <p className={style.soft}>
          {item.opposition ? "Son opposition reste au registre sous forme d’empreinte : donnée de nouveau, la personne sera reconnue." : "Si la personne ne veut plus être contactée, enregistrez d’abord son opposition depuis la fiche : elle seule survit à l’effacement."}
        </p>
        {erase.error !== null && <Refused error={erase.error} />}
        <Actions>
          <Button look="danger" isPending={erase.isPending} onPress={() => erase.mutate(undefined)}>
            Effacer définitivement
          </Button>
          <Button look="quiet" onPress={() => ask(false)}>
            Annuler
          </Button>
        </Actions>
      </Dialog>
    </li>
  );
}

const horizons = [
  { id: "0", label: "À la prochaine purge" },
  { id: "183", label: "D’ici six mois" },
  { id: "365", label: "D’ici un an" },
  { id: "730", label: "D’ici deux ans" },
];

function Ending() {
  const query = useQueryState();
  const session = useSession();
  const days = horizons.some((one) => one.id === query.get("jours")) ? Number(query.get("jours")) : 0;
  const list = useInfiniteQuery(endingQuery(days));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const today = now().toISOString().slice(0, 10);
  let words: ReactNode = null;
  if (list.isError) words = <Failure error={list.error} onRetry={() => void list.refetch()} />;
  else if (list.isPending) words = <Skeleton rows={5} />;
  else if (rows.length === 0) words = <Message icon="check" title="Personne n’arrive en fin de conservation." />;
  return (
    <div className={style.panel}>
      <p className={style.lead}>
        Une personne est effacée d’elle-même quand personne ne l’a donnée, confirmée ni rencontrée pendant la durée de la convention (trois ans sauf accord contraire). Confirmer un interlocuteur depuis la fiche relance ce délai.
      </p>
      <div className={style.filters}>
        <Select label="Échéance" hideLabel value={String(days)} choices={horizons} onChange={(value) => query.set({ jours: value === "0" ? null : value })} />
        <span className={style.soft} aria-live="polite">
          {list.data && `${plural(rows.length, "fiche")}${list.hasNextPage ? " et d’autres" : ""}${session.role === "administrator" ? "" : " de ma structure"}`}
        </span>
      </div>
      {words ?? (
        <ul className={style.list} aria-label="Fiches en fin de conservation">
          {rows.map((row) => (
            <li key={row.id} className={style.row}>
              <div className={style.what}>
                <p>
                  <span className={style.strong}>{personName(row)}</span>
                  {row.position && <span className={style.soft}>, {french(row.position)}</span>} <Link href={`/entreprises/${row.establishment.id}`}>{row.establishment.name ?? row.establishment.siret ?? "Employeur"}</Link>
                </p>
                <p className={style.by}>
                  <Organisation name={row.organisation.short_name} network={row.organisation.network} size={14} />
                  <span>dernier contact {longDay(row.last_on)}</span>
                </p>
              </div>
              <p className={row.keep_until < today ? style.due : style.soft}>{row.keep_until < today ? "effacée à la prochaine purge" : `jusqu’au ${longDay(row.keep_until)}`}</p>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          Voir la suite
        </Button>
      )}
    </div>
  );
}
