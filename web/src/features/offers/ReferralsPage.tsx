// Candidates proposed: received for our offers, made by us, and what became of them.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { referralFigures, referrals } from "@/api/queries";
import type { Schema } from "@/api/client";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button, LinkButton } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { offerState, referralState } from "@/words/domain";
import { count } from "@/words/number";
import { ReferralLine } from "./Referrals";
import style from "./Referrals.module.css";

export default function ReferralsPage() {
  const query = useQueryState();
  const tab = query.get("onglet") ?? "recues";
  return (
    <Page title="Candidatures proposées" actions={<LinkButton small look="quiet" icon="offers" href="/suivi-offres">Offres</LinkButton>}>
      <Tabs
        label="Candidatures"
        selected={tab}
        onSelect={(id) => query.set({ onglet: id === "recues" ? null : id, etat: null }, { replace: true })}
        items={[
          { id: "recues", label: "Reçues pour nos offres", content: <List scope="received" /> },
          { id: "proposees", label: "Proposées par nous", content: <List scope="made" /> },
          { id: "bilan", label: "Bilan des douze mois", content: <Figures /> },
        ]}
      />
    </Page>
  );
}

function List({ scope }: { scope: "made" | "received" }) {
  const session = useSession();
  const query = useQueryState();
  const state = query.get("etat") ?? "";
  const list = useInfiniteQuery(referrals(scope, state));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const writer = session.role === "adviser" || session.role === "manager";
  return (
    <div className={style.panel}>
      <Select label="État" hideLabel value={state} onChange={(etat) => query.set({ etat })} choices={[{ id: "", label: "Tous les états" }, ...Object.entries(referralState).map(([id, { label }]) => ({ id, label }))]} />
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={6} />
      ) : rows.length === 0 ? (
        <Message icon="contact" title="Aucune candidature.">
          {scope === "made" ? "Proposez une candidature depuis une offre réservée à votre réseau, ou ouverte à tous." : "Les partenaires en proposent dès qu’une offre est réservée à leur public."}
        </Message>
      ) : (
        <ul className={style.list} aria-label={scope === "made" ? "Candidatures proposées par nous" : "Candidatures reçues"}>
          {rows.map((row) => (
            <ReferralLine
              key={row.id}
              item={row}
              writer={writer}
              withOffer={
                <p>
                  {row.offer.id ? <Link href={`/suivi-offres/${row.offer.id}`}>{row.offer.title}</Link> : "Offre qui n’est plus visible"}
                  {[row.offer.employer, row.offer.state && offerState[row.offer.state]?.label].filter(Boolean).map((part) => (
                    <span key={part} className={style.soft}> · {part}</span>
                  ))}
                </p>
              }
            />
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

function Figures() {
  const { data, isPending, isError, error, refetch } = useQuery(referralFigures);
  if (isError) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={6} />;
  return (
    <div className={style.panel}>
      <FiguresTable title="Reçues pour nos offres, par structure qui propose" rows={data.received} />
      <FiguresTable title="Proposées par nous, par structure qui a recueilli l’offre" rows={data.made} />
      <Reasons title="Pourquoi des candidatures n’ont pas été retenues" none="Aucun refus." rows={data.refusals} />
      <Reasons title="Pourquoi nos offres ont été retirées" none="Aucune offre retirée." rows={data.withdrawals} />
    </div>
  );
}

function Reasons({ title, none, rows }: { title: string; none: string; rows: Schema<"ReferralFigures">["refusals"] }) {
  return (
    <section>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className={style.soft}>{none}</p>
      ) : (
        <ul className={style.refusals}>
          {rows.map((row) => (
            <li key={row.label}>
              <span>{row.label}</span> <strong>{count(row.total)}</strong>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function FiguresTable({ title, rows }: { title: string; rows: Schema<"ReferralFigures">["made"] }) {
  return (
    <section>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className={style.soft}>Aucune candidature.</p>
      ) : (
        <div className={style.scroll} tabIndex={0} role="region" aria-label={title}>
          <table className={style.table}>
            <thead>
              <tr>
                <th scope="col">Structure</th>
                <th scope="col">Proposées</th>
                <th scope="col">En attente</th>
                <th scope="col">Reçues en entretien</th>
                <th scope="col">Recrutées</th>
                <th scope="col">Non retenues</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.name}>
                  <th scope="row">
                    <Organisation name={row.name} network={row.network} size={15} />
                  </th>
                  <td>{count(row.total)}</td>
                  <td>{count(row.waiting)}</td>
                  <td>{count(row.met)}</td>
                  <td>{count(row.hired)}</td>
                  <td>{count(row.refused)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
