// The offers, by state or as a list, with what happens next to each; the chosen one opens beside them.
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { offers as offersQuery, type OfferLine } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { useParameters, useQueryState } from "@/router";
import { Button, LinkButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Select, TextField } from "@/ui/Field";
import { phone, useMedia } from "@/ui/media";
import { Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Split } from "@/ui/Split";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { When } from "@/ui/When";
import { contracts, offerState } from "@/words/domain";
import { plural } from "@/words/number";
import { employerOf, Networks, OfferBadge, OfferCard, OfferNext } from "./OfferCard";
import style from "./Offers.module.css";

const Sheet = lazy(() => import("./OfferSheet"));
const NewOffer = lazy(() => import("./OfferForm").then((module) => ({ default: module.OfferDialog })));
const DepositDialog = lazy(() => import("@/features/feeds/DepositDialog"));

function OfferSheet(props: { id: number; onClose: () => void }) {
  return (
    <Suspense fallback={<Skeleton rows={7} />}>
      <Sheet {...props} />
    </Suspense>
  );
}

const board = ["draft", "confirmed", "reserved", "open"];
// What waits for its moment is read by it: which opens, which closes first. The rest is read the newest first.
const dated = new Set(["reserved", "open"]);
const keyOf = (row: OfferLine) => row.id;

const columns: Column<OfferLine>[] = [
  { id: "etat", title: "État", width: "132px", cell: (row) => <OfferBadge state={row.state} /> },
  { id: "titre", title: "Offre", width: "minmax(150px, 1.7fr)", cell: (row) => <strong className={style.rowTitle} title={row.title}>{row.title}{row.replaced_by !== null && <span className={style.soft}> (remplacée)</span>}</strong> },
  { id: "employeur", title: "Employeur", width: "minmax(110px, 1.2fr)", from: 620, cell: (row) => row.establishment?.name ?? row.commune ?? "non communiqué" },
  { id: "contrat", title: "Contrat", width: "minmax(80px, 0.8fr)", from: 760, cell: (row) => contracts[row.contract] },
  { id: "postes", title: "Postes", width: "60px", align: "right", from: 560, cell: (row) => row.posts },
  { id: "reseaux", title: "Réseaux", width: "84px", from: 820, cell: (row) => <Networks codes={row.networks} /> },
  { id: "structure", title: "Structure", width: "minmax(110px, 1.1fr)", from: 900, cell: (row) => <Organisation name={row.organisation.short_name} network={row.organisation.network} size={15} /> },
  { id: "suite", title: "Suite", width: "minmax(150px, 2.4fr)", cell: (row) => <OfferNext offer={row} isBrief /> },
];

export default function OffersPage() {
  const session = useSession();
  const query = useQueryState();
  const small = useMedia(phone);
  const [open, setOpen] = useState<"offer" | "file" | null>(null);
  const close = () => setOpen(null);
  const writer = session.role === "adviser" || session.role === "manager";
  const { id } = useParameters();
  const selected = id && /^\d+$/.test(id) ? Number(id) : null;
  const state = query.get("etat") ?? "";
  const words = query.get("q") ?? "";
  // The address, and with it the question, follow what is typed after a moment.
  const [text, setText] = useState(words);
  useEffect(() => setText((typed) => (typed.trim() === words ? typed : words)), [words]);
  useEffect(() => {
    if (text.trim() === words) return undefined;
    const timer = setTimeout(() => query.set({ q: text.trim() || null }, { replace: true }), 200);
    return () => clearTimeout(timer);
  }, [text, words, query]);
  const ours = query.get("qui") === "structure";
  // Who sees only what is open has no states to tell apart.
  const openOnly = session.role === "contributor" || session.role === "observer";
  const asList = query.get("vue") === "liste" || small || openOnly;
  const inBoard = !asList && !state;
  const filters = { ...(ours ? { scope: "organisation" as const } : {}), ...(words.trim() ? { q: words.trim() } : {}) };
  const ask = (states: string, isAsked: boolean) => ({ ...offersQuery({ ...filters, ...(states ? { state: states } : {}), ...(dated.has(states) ? { sort: "soonest" as const } : {}) }), enabled: isAsked });
  const list = useInfiniteQuery(ask(state, !inBoard));
  const written = useInfiniteQuery(ask("draft,confirmed", inBoard));
  const reserved = useInfiniteQuery(ask("reserved", inBoard));
  const opened = useInfiniteQuery(ask("open", inBoard));
  const asked = inBoard ? [written, reserved, opened] : [list];
  const ofState: Record<string, typeof list> = { draft: written, confirmed: written, reserved, open: opened };
  // A replaced offer stands behind the other on the board, and in its place in the list.
  const rows = asked.flatMap((one) => one.data?.pages.flatMap((page) => page.items) ?? []).filter((row) => !inBoard || row.replaced_by === null);
  const failed = asked.find((one) => one.isError);
  const isPending = asked.some((one) => one.isPending);
  const hasMore = asked.some((one) => one.hasNextPage);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;

  const select = (row: { id: number } | null) => query.set({}, { path: row ? `/suivi-offres/${row.id}` : "/suivi-offres" });
  const keep = (offer: number) => `/suivi-offres/${offer}${query.text}`;

  const content = failed ? (
    <Failure error={failed.error} onRetry={() => asked.forEach((one) => void one.refetch())} />
  ) : isPending ? (
    <Skeleton rows={6} />
  ) : rows.length === 0 && !hasMore ? (
    words || state || ours ? (
      <Message icon="offers" title="Aucune offre ne répond à ces filtres." action={<Button onPress={() => query.set({ q: null, etat: null, qui: null })}>Voir toutes les offres</Button>} />
    ) : (
      <Message icon="offers" title="Aucune offre à montrer.">
        Une offre se dépose ici, depuis le compte rendu d’une visite ou la fiche d’un employeur. Celles que les partenaires réservent à d’autres publics apparaissent à leur ouverture.
      </Message>
    )
  ) : inBoard ? (
    <div className={style.board}>
      {board
        .map((column) => [column, rows.filter((row) => row.state === column), ofState[column]] as const)
        .filter(([column, items]) => (column !== "confirmed" && selected === null) || items.length > 0)
        .map(([column, items, from]) => (
          <section key={column} className={style.column} aria-label={offerState[column]?.label}>
            <h2 className={style.columnHead}>
              {offerState[column]?.label} <span>{items.length}{from?.hasNextPage && " et plus"}</span>
            </h2>
            <ul className={style.cards}>
              {items.map((offer) => (
                <li key={offer.id}>
                  <OfferCard offer={offer} href={keep(offer.id)} selected={offer.id === selected} hideState />
                </li>
              ))}
              {items.length === 0 && <li className={style.none}>Aucune offre.</li>}
              {from?.hasNextPage && column !== "confirmed" && (
                <li>
                  <Button small look="quiet" isDisabled={from.isFetchingNextPage} onPress={() => void from.fetchNextPage()}>
                    Afficher les suivantes
                  </Button>
                </li>
              )}
            </ul>
          </section>
        ))}
    </div>
  ) : (
    <Table
      label="Offres"
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      selected={selected}
      onSelect={select}
      onEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
      busy={list.isPlaceholderData}
      card={(row) => (
        <div className={style.line}>
          <span className={style.cardTop}>
            <span className={style.cardTitle}>{row.title}</span>
            <OfferBadge state={row.state} />
          </span>
          <span className={classes(style.soft, style.lineFoot)}>
            <span className={style.clip}>{employerOf(row)}</span>
            {row.state === "reserved" && row.opens_at && <When at={row.opens_at} as="left" />}
            {row.state === "open" && row.closes_at && (
              <span className={style.left}>
                fin <When at={row.closes_at} as="left" />
              </span>
            )}
          </span>
        </div>
      )}
    />
  );

  const toolbar = (
    <>
      <TextField label="Métier, employeur ou lieu" hideLabel type="search" placeholder="Métier, employeur ou lieu" value={text} onChange={setText} className={style.words} />
      <Select
        label="État"
        hideLabel
        value={state}
        onChange={(value) => query.set({ etat: value })}
        choices={[{ id: "", label: asList ? "Tous les états" : "Offres en cours" }, ...Object.entries(offerState).map(([code, word]) => ({ id: code, label: word.label }))]}
      />
      {writer && (
        <Select
          label="Structure"
          hideLabel
          value={ours ? "structure" : ""}
          onChange={(value) => query.set({ qui: value })}
          choices={[
            { id: "", label: "Toutes les structures" },
            { id: "structure", label: "Ma structure" },
          ]}
        />
      )}
      {!small && !state && !openOnly && (
        <Button icon={asList ? "offers" : "list"} onPress={() => query.set({ vue: asList ? null : "liste" })}>
          {asList ? "Par état" : "En liste"}
        </Button>
      )}
    </>
  );

  if (small && selected !== null)
    return (
      <div className={style.full}>
        <h1 className="hidden-visually">Offres</h1>
        <OfferSheet id={selected} onClose={() => select(null)} />
      </div>
    );
  return (
    <Page
      title="Offres"
      aside={!isPending && <span aria-live="polite">{plural(rows.length, "offre")}{hasMore && " et plus"}</span>}
      toolbar={toolbar}
      actions={
        <>
          {writer && (
            <Button small icon="add" onPress={() => setOpen("offer")}>
              {small ? "Déposer" : "Déposer une offre"}
            </Button>
          )}
          {!openOnly && (
            <LinkButton small look="quiet" icon="contact" href="/candidatures">
              Candidatures
            </LinkButton>
          )}
          {writer && (
            <Button small look="quiet" icon="imports" onPress={() => setOpen("file")}>
              {small ? "Fichier" : "Déposer un fichier"}
            </Button>
          )}
          {!small && (
            <Button small look="quiet" icon="print" onPress={() => window.print()}>
              Imprimer
            </Button>
          )}
        </>
      }
      fill
    >
      {selected !== null ? <Split name="offres" initial={60} left={<div className={style.pane}>{content}</div>} right={<OfferSheet key={selected} id={selected} onClose={() => select(null)} />} /> : <div className={style.pane}>{content}</div>}
      <Suspense fallback={null}>
        {open === "offer" && <NewOffer isOpen onClose={close} />}
        {open === "file" && <DepositDialog onClose={close} />}
      </Suspense>
    </Page>
  );
}
