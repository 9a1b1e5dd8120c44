// What is due, by me or by my team: reports first, then visits, promises, actions and offers about to open.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { claims as claimsQuery, today as todayQuery, type Promised } from "@/api/queries";
import { useSession } from "@/features/session/session";
import { OfferCard } from "@/features/offers/OfferCard";
import { VisitRow } from "@/features/visits/VisitsPage";
import { useQueryState } from "@/router";
import { Button, LinkButton } from "@/ui/Button";
import { useWhose, WhoseSelect } from "@/ui/Whose";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { count, plural } from "@/words/number";
import { fullDay, isoDay, now } from "@/words/time";
import { french } from "@/words/typography";
import { claimWords } from "@/features/claims/words";
import { Due } from "@/ui/Due";
import { When } from "@/ui/When";
import { Tasks } from "./Tasks";
import style from "./TodayPage.module.css";

const Digest = lazy(() => import("./Digest"));

export default function TodayPage() {
  const session = useSession();
  const query = useQueryState();
  const scope = useWhose("mine");
  const { data, isPending, isError, error, refetch } = useQuery(todayQuery(scope));
  const writer = session.role === "adviser" || session.role === "manager";
  const { data: claims } = useQuery({ ...claimsQuery, enabled: writer }); // nobody else confirms one
  const day = isoDay(now());
  const late = data?.visits.filter((visit) => visit.state === "planned" && isoDay(visit.planned_at) < day) ?? [];
  const coming = data?.visits.filter((visit) => !late.includes(visit)) ?? [];
  const nothing = data && data.promises.length + data.visits.length + data.actions.length + data.tasks.length + data.offers.length === 0;
  return (
    <Page
      title="Aujourd’hui"
      aside={fullDay(day)}
      actions={
        <>
          {writer && <Button small icon="mail" onPress={() => query.set({ resume: "courriel" })}>Résumé par courriel</Button>}
          {writer && <WhoseSelect usual="mine" mine="Ce qui me revient" />}
        </>
      }
    >
      {query.get("resume") && (
        <Suspense>
          <Digest onClose={() => query.set({ resume: null }, { replace: true })} />
        </Suspense>
      )}
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton rows={5} shape="card" />
      ) : (
        <>
          {writer && (
            <p className={style.team}>
              {session.organisation.short_name} :{" "}
              <Link href="/entreprises?etat=nous">{plural(data.team.promises, "engagement")} en cours</Link>
              {data.team.late > 0 && <span className={style.late}> dont {count(data.team.late)} en retard</span>}, <Link href="/visites">{plural(data.team.visits_week, "visite")} cette semaine</Link>
            </p>
          )}
          {nothing &&
            (writer ? (
              <Message icon="today" title="Rien ne vous attend aujourd’hui." action={<LinkButton look="primary" href="/entreprises?etat=libre&visites=jamais">Choisir un employeur jamais visité</LinkButton>}>
                Les engagements, visites et offres à suivre apparaîtront ici.
              </Message>
            ) : (
              <Message icon="today" title="Rien ne vous attend aujourd’hui." action={<LinkButton look="primary" href="/comites">Voir les comités</LinkButton>}>
                Les engagements et les visites se prennent dans les structures ; vous suivez ce qu’elles font, et tenez les clés, les canaux et les questions des comptes rendus.
              </Message>
            ))}
          <div className={style.columns}>
            <div>
              {late.length > 0 && (
                <Part title="Comptes rendus attendus" size={late.length}>
                  <ul className={style.box}>
                    {late.map((visit) => (
                      <VisitRow key={visit.id} visit={visit} showDay />
                    ))}
                  </ul>
                </Part>
              )}
              {data.tasks.length > 0 && (
                <Part title="À traiter" size={data.tasks.length}>
                  <Tasks tasks={data.tasks} withMember={scope === "organisation"} />
                </Part>
              )}
              {coming.length > 0 && (
                <Part title="Visites à venir" size={coming.length} more={<Link href="/visites">Toutes les visites</Link>}>
                  <p className={style.onSite}>
                    <Link href="/terrain">Rendre compte sur place, même sans réseau</Link>
                  </p>
                  <ul className={style.box}>
                    {coming.map((visit) => (
                      <VisitRow key={visit.id} visit={visit} showDay />
                    ))}
                  </ul>
                </Part>
              )}
              {data.actions.length > 0 && (
                <Part title="Suites à donner" size={data.actions.length}>
                  <ul className={style.box}>
                    {data.actions.map((action) => (
                      <li key={action.visit} className={style.line}>
                        <div>
                          <p className={style.strong}>{french(action.next_action)}</p>
                          <p className={style.soft}>
                            <Link href={`/entreprises/${action.establishment.id}`}>{action.establishment.name ?? "Sans dénomination"}</Link>
                            {action.establishment.city && `, ${action.establishment.city}`}
                            {scope === "organisation" && `, ${action.member.name}`}
                          </p>
                        </div>
                        <Due day={action.next_action_on} />
                      </li>
                    ))}
                  </ul>
                </Part>
              )}
            </div>
            <div>
              {data.promises.length > 0 && (
                <Part title="Engagements à tenir" size={data.promises.length} more={<Link href={`/entreprises?etat=${scope === "mine" ? "moi" : "nous"}`}>Voir dans la liste</Link>}>
                  <ul className={style.box}>
                    {data.promises.map((promise) => (
                      <PromiseLine key={promise.id} promise={promise} withMember={scope === "organisation"} />
                    ))}
                  </ul>
                </Part>
              )}
              {claims && claims.items.length > 0 && (
                <Part title="Signalements à confirmer" size={claims.items.length}>
                  <ul className={style.box}>
                    {claims.items.slice(0, 8).map((claim) => (
                      <li key={claim.id} className={style.line}>
                        <div>
                          <p className={style.strong}>
                            <Link href={`/entreprises/${claim.establishment_id}`}>{claim.establishment?.name ?? "Sans dénomination"}</Link>
                          </p>
                          <p className={style.soft}>
                            Signalé {claimWords[claim.kind]} par {claim.organisation.short_name}
                            {claim.establishment?.city && `, ${claim.establishment.city}`}
                          </p>
                        </div>
                        <span className={style.soft}>
                          <When at={claim.made_at} />
                        </span>
                      </li>
                    ))}
                  </ul>
                </Part>
              )}
              {data.offers.length > 0 && (
                <Part title="Offres qui s’ouvrent bientôt" size={data.offers.length} more={<Link href="/suivi-offres">Toutes les offres</Link>}>
                  <ul className={style.offers}>
                    {data.offers.map((offer) => (
                      <li key={offer.id}>
                        <OfferCard offer={offer} href={`/suivi-offres/${offer.id}`} />
                      </li>
                    ))}
                  </ul>
                </Part>
              )}
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

function Part({ title, size, more, children }: { title: string; size: number; more?: ReactNode; children: ReactNode }) {
  return (
    <section className={style.part} aria-label={title}>
      <div className={style.partHead}>
        <h2>
          {title} <span className={style.soft}>{size}</span>
        </h2>
        {more}
      </div>
      {children}
    </section>
  );
}

function PromiseLine({ promise, withMember }: { promise: Promised; withMember: boolean }) {
  return (
    <li className={style.line}>
      <div>
        <Link href={`/entreprises/${promise.establishment.id}`} className={style.name}>
          {promise.establishment.name ?? "Sans dénomination"}
        </Link>
        <p className={style.soft}>
          {promise.establishment.city}
          {withMember && `, ${promise.member.name}`}
        </p>
      </div>
      <Due day={promise.due_on} />
    </li>
  );
}
