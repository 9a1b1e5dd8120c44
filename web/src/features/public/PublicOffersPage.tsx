// The offers open to all, for anyone, without signing in.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { publicOffer, publicOffers, site as siteQuery } from "@/api/queries";
import type { Schema } from "@/api/client";
import { Mark } from "@/features/shell/Mark";
import { useParameters, useQueryState } from "@/router";
import { Button, LinkButton } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { NetworkMark } from "@/ui/Network";
import { Failure, Message, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { NARROW, phone, plural } from "@/words/number";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";
import style from "./PublicOffersPage.module.css";

export default function PublicOffersPage() {
  const { id } = useParameters();
  const { data: site } = useQuery(siteQuery);
  return (
    <div className={style.frame}>
      <header className={style.header}>
        <Link href="/offres" className={style.brand}>
          <Mark size={26} />
          <span>Maillage</span>
        </Link>
        {site?.demo && <span className={style.demo}>Données fictives</span>}
        <Link href="/connexion" className={style.staff}>
          Espace des partenaires
        </Link>
      </header>
      <main id="contenu" tabIndex={-1} className={style.main}>
        {id ? <One id={Number(id)} /> : <All open={site?.offers_open} />}
      </main>
      <footer className={style.footer}>
        <p>Offres recueillies par France Travail, les Missions Locales, Cap emploi et le PLIE du territoire, puis ouvertes à tous.</p>
        {site?.demo && <p>Instance de démonstration : ces offres sont fictives.</p>}
      </footer>
    </div>
  );
}

function All({ open }: { open: number | undefined }) {
  const query = useQueryState();
  const given = query.get("q") ?? "";
  const [text, setText] = useState(given);
  useEffect(() => {
    if (text === given) return;
    const timer = setTimeout(() => query.set({ q: text.trim() }, { replace: true }), 250);
    return () => clearTimeout(timer);
  }, [text, given, query]);
  const list = useInfiniteQuery(publicOffers(given, query.get("commune") ?? ""));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <h1>Offres d’emploi</h1>
      <p className={style.lead}>{open === undefined ? "Offres ouvertes à tous." : `${plural(open, "offre ouverte", "offres ouvertes")} à tous.`}</p>
      <div role="search" className={style.search}>
        <TextField label="Métier ou intitulé" type="search" required value={text} onChange={setText} placeholder="Soudeur, aide à domicile…" />
      </div>
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={4} shape="card" />
      ) : items.length === 0 ? (
        <Message icon="offers" title={given ? "Aucune offre ne répond à ces mots." : "Aucune offre n’est ouverte pour le moment."} action={given && <Button onPress={() => setText("")}>Voir toutes les offres</Button>} />
      ) : (
        <ul className={style.list} aria-live="polite">
          {items.map((offer) => (
            <li key={offer.id}>
              <Link href={`/offres/${offer.id}`} className={style.card}>
                <h2>{offer.title}</h2>
                <p>
                  {offer.contract_label}
                  {offer.commune && `, ${offer.commune}`}, {plural(offer.posts, "poste")}
                  {offer.salary && `, ${offer.salary}`}
                </p>
                <p className={style.by}>
                  <NetworkMark network={offer.network} size={15} /> {offer.organisation} · ouverte <When at={offer.opened_at} />
                </p>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          Voir plus d’offres
        </Button>
      )}
    </>
  );
}

function One({ id }: { id: number }) {
  const { data, isPending, isError, error, refetch } = useQuery(publicOffer(id));
  if (isError) {
    const gone = "status" in error && error.status === 404;
    return gone ? (
      <Message alone icon="offers" title="Cette offre n’est plus ouverte." action={<LinkButton href="/offres">Voir les autres offres</LinkButton>}>
        Elle a été pourvue ou retirée.
      </Message>
    ) : (
      <Failure alone error={error} onRetry={() => void refetch()} />
    );
  }
  if (isPending) return <Skeleton rows={6} />;
  return <Detail offer={data} />;
}

function Detail({ offer }: { offer: Schema<"PublicOffer"> }) {
  const facts: [string, ReactNode][] = [
    ["Métier", `${offer.rome_label} (${offer.rome})`],
    ["Contrat", offer.contract_label],
    ["Lieu", offer.commune],
    ["Postes", offer.posts],
    ["Début", offer.starts_on && longDay(offer.starts_on)],
    ["Durée", offer.hours && `${String(offer.hours).replace(".", ",")}${NARROW}h par semaine`],
    ["Salaire", offer.salary],
    ["Ouverte à tous", <When key="opened" at={offer.opened_at} />],
  ];
  return (
    <article className={style.article}>
      <p>
        <Link href="/offres">Toutes les offres</Link>
      </p>
      <h1>{offer.title}</h1>
      <dl className={style.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {offer.description && <p className={style.description}>{french(offer.description)}</p>}
      <section className={style.contact} aria-label="Postuler">
        <h2>Postuler</h2>
        <p className={style.by}>
          <NetworkMark network={offer.network} size={18} /> {offer.organisation}
        </p>
        <p>
          {offer.organisation_phone && <a href={`tel:${offer.organisation_phone}`}>{phone(offer.organisation_phone)}</a>}
          {offer.organisation_phone && offer.organisation_email && " · "}
          {offer.organisation_email && <a href={`mailto:${offer.organisation_email}`}>{offer.organisation_email}</a>}
        </p>
        <p>Rappelez le numéro de l’offre : {offer.id}.</p>
      </section>
    </article>
  );
}
