// What a feed names: first what waits for a person to say whose it is, which occupation, which contract.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, type Schema } from "@/api/client";
import { feedOffers, type FeedOfferState } from "@/api/exchange";
import { ground, searchEstablishments, searchRome } from "@/api/queries";
import { communeChoices } from "@/features/offers/questions";
import { useWrite } from "@/api/write";
import { useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { Checkbox, SearchSelect, Select, type Choice } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { contracts, offerState as states } from "@/words/domain";
import { count, plural } from "@/words/number";
import { french } from "@/words/typography";
import style from "./Feeds.module.css";
import { columnName, lacking, offerState, tiedBy } from "./words";

type Feed = Schema<"Feed">;
type FeedOffer = Schema<"FeedOffer">;

const ATONCE = 500; // as the server takes

export function FeedOffers({ feed, writer }: { feed: Feed; writer: boolean }) {
  const query = useQueryState();
  const state = (query.get("etat") ?? (feed.incomplete > 0 ? "incomplete" : "offer")) as FeedOfferState;
  const list = useInfiniteQuery(feedOffers(feed.id, state));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const waiting = state === "incomplete" && writer ? rows.filter((row) => row.state === "incomplete") : [];
  const picked = waiting.filter((row) => chosen.has(row.id)).slice(0, ATONCE);
  const choose = (id: number, on: boolean) => setChosen((was) => new Set(on ? [...was, id] : [...was].filter((one) => one !== id)));
  // Those of the pages that are still to be asked for, as many as go at once.
  const rest = list.hasNextPage ? Math.min(feed.incomplete, ATONCE) - waiting.length : 0;
  const [reaching, setReaching] = useState(false);
  const chooseAll = async () => {
    setReaching(true);
    let seen: FeedOffer[] = rows;
    for (let more = true; more && seen.length < ATONCE; ) {
      const { data, hasNextPage, isError } = await list.fetchNextPage();
      seen = data?.pages.flatMap((page) => page.items) ?? seen;
      more = hasNextPage && !isError;
    }
    setChosen(new Set(seen.map((row) => row.id)));
    setReaching(false);
  };
  const box = useRef<HTMLDivElement>(null);
  const touches = [["feed", feed.id], ["feeds"], ["offers"]];
  const back = useWrite((offers: number[]) => api.post("/api/feeds/{id}/aside", { path: { id: feed.id }, body: { offers, aside: false } }), {
    touches,
    done: (answer) => (answer.aside === 1 ? "L’offre attend de nouveau." : `${plural(answer.aside, "offre attend", "offres attendent")} de nouveau.`),
  });
  const aside = useWrite((offers: number[]) => api.post("/api/feeds/{id}/aside", { path: { id: feed.id }, body: { offers } }), {
    touches,
    done: (answer, offers) => ({
      text: answer.aside === 1 ? "Une offre mise de côté." : `${plural(answer.aside, "offre mise", "offres mises")} de côté.`,
      // Taken back is what was put aside here, nothing that somebody else had put there.
      ...(answer.aside === offers.length ? { action: { label: "Annuler", run: () => back.mutate(offers) } } : {}),
    }),
    onDone: () => {
      setChosen(new Set());
      // The button goes away with what was chosen.
      box.current?.focus();
    },
  });
  return (
    <div ref={box} className={style.offers} role="group" aria-label="Offres de ce flux" tabIndex={-1}>
      <Select
        label="Lesquelles"
        hideLabel
        value={state}
        onChange={(etat) => query.set({ etat }, { replace: true })}
        choices={[
          { id: "incomplete", label: `À compléter (${feed.incomplete})` },
          { id: "offer", label: `Offres en cours (${feed.offers})` },
          { id: "differs", label: "Changées par le flux après confirmation" },
          { id: "ended", label: `Terminées (${feed.ended})` },
          { id: "aside", label: `Mises de côté (${feed.aside})` },
        ]}
      />
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={5} shape="card" />
      ) : rows.length === 0 ? (
        <Message icon="offers" title={state === "incomplete" ? "Rien à compléter." : "Aucune offre."} />
      ) : (
        <>
          {waiting.length > 1 && (
            <div className={style.several}>
              <Checkbox
                isSelected={picked.length === Math.min(waiting.length, ATONCE)}
                onChange={(on) => setChosen(new Set(on ? waiting.map((row) => row.id) : []))}
              >
                {picked.length === 0 ? "Toutes celles de la liste" : plural(picked.length, "offre choisie", "offres choisies")}
              </Checkbox>
              {rest > 0 && picked.length === waiting.length && (
                <Button small look="quiet" isPending={reaching} onPress={() => void chooseAll()}>{rest === 1 ? "Choisir aussi la suivante" : `Choisir aussi les ${count(rest)} suivantes`}</Button>
              )}
              {picked.length > 0 && <Button small isPending={aside.isPending} onPress={() => aside.mutate(picked.map((row) => row.id))}>{picked.length === 1 ? "Mettre de côté l’offre choisie" : `Mettre de côté les ${picked.length} offres choisies`}</Button>}
            </div>
          )}
          <ul className={style.list} aria-label="Offres du flux">
            {rows.map((row) => <Line key={row.id} row={row} writer={writer} chosen={waiting.length > 1 && waiting.includes(row) ? chosen.has(row.id) : undefined} onChoose={(on) => choose(row.id, on)} />)}
          </ul>
        </>
      )}
      {list.hasNextPage && <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>Voir la suite</Button>}
    </div>
  );
}

function Line({ row, writer, chosen, onChoose }: { row: FeedOffer; writer: boolean; chosen?: boolean; onChoose: (on: boolean) => void }) {
  const word = offerState[row.state]!;
  const touches = [["feed", row.feed], ["feeds"], ["offers"]];
  const back = useWrite(() => api.post("/api/feed-offers/{id}/aside", { path: { id: row.id }, body: { aside: false } }), { touches, done: () => "L’offre attend de nouveau." });
  const aside = useWrite(() => api.post("/api/feed-offers/{id}/aside", { path: { id: row.id }, body: { aside: true } }), {
    touches, done: () => ({ text: "Offre mise de côté.", action: { label: "Annuler", run: () => back.mutate(undefined) } }),
  });
  const take = useWrite(() => api.post("/api/feed-offers/{id}/take", { path: { id: row.id } }), { touches, done: () => "L’offre dit maintenant ce que dit le flux." });
  return (
    <li className={style.offer}>
      <div className={style.what}>
        <div className={style.title}>
          {chosen !== undefined && (
            <Checkbox isSelected={chosen} onChange={onChoose}>
              <span className="hidden-visually">Choisir « {row.given.titre ?? row.reference} »</span>
            </Checkbox>
          )}
          <h2>{row.given.titre ?? "Sans intitulé"}</h2>
          <Badge tone={word.tone} icon={word.icon}>{row.state === "offer" && row.offer_state ? (states[row.offer_state]?.label ?? word.label) : word.label}</Badge>
        </div>
        <p className={style.soft}>
          {[row.given.entreprise, [row.given.code_postal, row.given.ville].filter(Boolean).join(" "), row.given.departement, row.given.siret && `SIRET ${row.given.siret}`, row.given.siren && `SIREN ${row.given.siren}`, `réf. ${row.reference}`].filter(Boolean).join(" · ")}
        </p>
        {row.establishment && <p>{row.establishment.name}, {row.establishment.city} <span className={style.soft}>reconnu {tiedBy[row.tied_by ?? ""] ?? ""}</span></p>}
        <p className={style.soft}>
          {row.state === "incomplete" ? <>Il manque {row.lacks.map((item) => lacking[item] ?? item).join(", ")}.{row.lacks.includes("title") && " L’intitulé ne peut venir que du flux : voyez sa description, ou le partenaire."} </> : null}
          Vue <When at={row.seen_at} />
        </p>
        {row.difference.length > 0 && (
          <div className={style.differs}>
            <p>Le flux a changé depuis que l’offre a été confirmée avec l’employeur :</p>
            <ul>
              {row.difference.map((item) => (
                <li key={item.field}>
                  {columnName[item.field] ?? item.field} : <del>{french(String(item.was ?? "rien")).slice(0, 200)}</del> → <ins>{french(String(item.now ?? "rien")).slice(0, 200)}</ins>
                </li>
              ))}
            </ul>
            {writer && <Button small icon="check" isPending={take.isPending} onPress={() => take.mutate(undefined)}>Reprendre ces changements</Button>}
          </div>
        )}
        {writer && row.state === "incomplete" && row.is_present && <Complete key={row.version} row={row} />}
      </div>
      <div className={style.actions}>
        {row.offer && <LinkButton small icon="offers" href={`/suivi-offres/${row.offer}`}>Voir l’offre</LinkButton>}
        {writer && row.state === "incomplete" && <Button small look="quiet" isPending={aside.isPending} onPress={() => aside.mutate(undefined)}>Mettre de côté</Button>}
        {writer && row.state === "aside" && <Button small icon="undo" isPending={back.isPending} onPress={() => back.mutate(undefined)}>Reprendre</Button>}
      </div>
    </li>
  );
}

function Place({ value, onChange }: { value: Choice | null; onChange: (place: Choice | null) => void }) {
  const communes = communeChoices(useQuery(ground).data);
  return <SearchSelect label="Commune de travail" required help="Le flux ne dit que le département, et l’employeur est dans un autre." choices={communes} value={value} onChange={onChange} placeholder="Commune du territoire" />;
}

/** The fields that the feed does not say; the likely answers are one press away. */
function Complete({ row }: { row: FeedOffer }) {
  const [employer, setEmployer] = useState<Choice | null>(null);
  const [rome, setRome] = useState<Choice | null>(null);
  const [contract, setContract] = useState<string | null>(null);
  const [place, setPlace] = useState<Choice | null>(null);
  const write = useWrite(
    () => api.patch("/api/feed-offers/{id}", { path: { id: row.id }, version: row.version, body: { ...(employer ? { establishment: Number(employer.id) } : {}), ...(rome ? { rome: rome.id } : {}), ...(contract ? { contract: contract as "cdi" } : {}), ...(place ? { commune: place.id } : {}) } }),
    {
      touches: [["feed", row.feed], ["feeds"], ["offers"]],
      quiet: true,
      done: (answer) => (answer.offer ? { text: "Offre enregistrée.", detail: answer.given.titre ?? "" } : "C’est noté."),
    },
  );
  const lacks = (what: FeedOffer["lacks"][number]) => row.lacks.includes(what);
  return (
    <div className={style.complete}>
      {lacks("employer") && (
        <div>
          <SearchSelect label="Employeur" required value={employer} onChange={setEmployer} search={searchEstablishments} placeholder="Nom ou SIRET" />
          {row.resembling.length > 0 && (
            <p className={style.likely}>
              {row.resembling.some((item) => item.probability === null) ? "Établissements de ce SIREN : " : "Ressemble à "}
              {row.resembling.map((item) => (
                <Button key={item.id} small look={employer?.id === String(item.id) ? "primary" : "plain"} onPress={() => setEmployer({ id: String(item.id), label: item.name ?? item.siret ?? "Sans dénomination", detail: item.city ?? "" })}>
                  {item.name}, {item.city}{item.probability !== null && ` (${Math.round(item.probability * 100)} %)`}
                </Button>
              ))}
            </p>
          )}
        </div>
      )}
      {lacks("rome") && (
        <div>
          <SearchSelect label="Métier (ROME)" required value={rome} onChange={setRome} search={searchRome} placeholder="Code ou mots du métier" />
          {row.rome_near.length > 0 && (
            <p className={style.likely}>
              Peut-être{" "}
              {row.rome_near.map((item) => (
                <Button key={item.code} small look={rome?.id === item.code ? "primary" : "plain"} onPress={() => setRome({ id: item.code, label: item.label, detail: item.code })}>{item.label}</Button>
              ))}
            </p>
          )}
        </div>
      )}
      {lacks("contract") && <Select label="Contrat" required value={contract} onChange={setContract} choices={Object.entries(contracts).map(([id, label]) => ({ id, label }))} />}
      {lacks("place") && <Place value={place} onChange={setPlace} />}
      {(employer || rome || contract || place) && <Button look="primary" isPending={write.isPending} onPress={() => write.mutate(undefined)}>Enregistrer</Button>}
      <Refused error={write.error} />
    </div>
  );
}
