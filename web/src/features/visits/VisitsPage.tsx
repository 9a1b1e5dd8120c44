// Visits by day, for a week around today; mine or my organisation's.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { visits as visitsQuery, type Visit } from "@/api/queries";
import { personName } from "@/features/contacts/person";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { useWhose, WhoseSelect } from "@/ui/Whose";
import { Link } from "@/ui/Link";
import { Organisation } from "@/ui/Network";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { visitState } from "@/words/domain";
import { phone, plural } from "@/words/number";
import { addDays, briefDay, clock, exact, fullDay, isoDay, longDay, monday, now, relativeDay } from "@/words/time";
import { french } from "@/words/typography";
import { CancelVisitDialog, PlanDialog } from "./PlanDialog";
import style from "./VisitsPage.module.css";

export default function VisitsPage() {
  const query = useQueryState();
  const today = isoDay(now());
  const start = /^\d{4}-\d{2}-\d{2}$/.test(query.get("semaine") ?? "") ? monday(query.get("semaine") as string) : monday(today);
  const end = addDays(start, 6);
  const scope = useWhose("organisation");
  const list = useInfiniteQuery(visitsQuery({ scope, from: start, to: end }));
  const days = useMemo(() => {
    const found = new Map<string, Visit[]>();
    for (const visit of list.data?.pages.flatMap((page) => page.items) ?? []) {
      const day = isoDay(visit.planned_at);
      found.set(day, [...(found.get(day) ?? []), visit]);
    }
    return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, items]) => [day, items.sort((a, b) => (a.planned_at < b.planned_at ? -1 : 1))] as const);
  }, [list.data]);
  const total = days.reduce((sum, [, items]) => sum + items.length, 0);
  const go = (day: string) => query.set({ semaine: monday(day) === monday(today) ? null : day });

  return (
    <Page
      title="Visites"
      aside={
        <span aria-live="polite">
          Semaine du {longDay(start)} au {longDay(end)}
          {list.data && `, ${plural(total, "visite")}`}
        </span>
      }
      actions={
        <Button small look="quiet" icon="print" onPress={() => window.print()}>
          Imprimer
        </Button>
      }
      toolbar={
        <>
          <IconButton label="Semaine précédente" icon="back" look="plain" onPress={() => go(addDays(start, -7))} />
          <Button onPress={() => go(today)} isDisabled={start === monday(today)}>
            Cette semaine
          </Button>
          <IconButton label="Semaine suivante" icon="forward" look="plain" onPress={() => go(addDays(start, 7))} />
          <WhoseSelect usual="organisation" mine="Mes visites" />
        </>
      }
    >
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={4} shape="card" />
      ) : days.length === 0 ? (
        <Message icon="visits" title="Aucune visite cette semaine." action={<LinkButton href="/entreprises?etat=nous">Voir nos engagements</LinkButton>}>
          Une visite se planifie depuis la fiche d’un employeur.
        </Message>
      ) : (
        <div className={style.days}>
          {days.map(([day, items]) => (
            <section key={day} aria-label={fullDay(day)}>
              <h2 className={style.day}>
                {fullDay(day)} <span>{relativeDay(day)}</span>
              </h2>
              <ul className={style.list}>
                {items.map((visit) => (
                  <VisitRow key={visit.id} visit={visit} />
                ))}
              </ul>
            </section>
          ))}
          {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()}>Voir la suite</Button>}
        </div>
      )}
    </Page>
  );
}

export function VisitRow({ visit, showDay }: { visit: Visit; showDay?: boolean }) {
  const session = useSession();
  const [open, setOpen] = useState<"move" | "cancel" | null>(null);
  const word = visitState[visit.state];
  const ours = visit.organisation.id === session.organisation.id && session.role !== "administrator";
  const late = visit.state === "planned" && visit.planned_at < now().toISOString() && isoDay(visit.planned_at) < isoDay(now());
  return (
    <li className={style.row}>
      <time className={style.time} dateTime={visit.planned_at} title={exact(visit.planned_at)}>
        {showDay && <span className={style.soft}>{briefDay(visit.planned_at)}</span>}
        {clock(visit.planned_at)}
        <span className={style.soft}>{visit.minutes} min</span>
      </time>
      <div className={style.what}>
        <p>
          <Link href={`/entreprises/${visit.establishment.id}`} className={style.name}>
            {visit.establishment.name ?? "Sans dénomination"}
          </Link>{" "}
          {visit.state !== "planned" && word && (
            <Badge tone={word.tone} icon={word.icon}>
              {word.label}
            </Badge>
          )}
          {late && (
            <Badge tone="warn" icon="note">
              Compte rendu attendu
            </Badge>
          )}
        </p>
        <p className={style.soft}>
          {[visit.establishment.address, visit.establishment.city].filter(Boolean).join(", ")}
          {visit.contact && (
            <>
              {" · "}
              {personName(visit.contact)}
              {visit.contact.phones[0] && (
                <>
                  {", "}
                  <a href={`tel:${visit.contact.phones[0]}`}>{phone(visit.contact.phones[0])}</a>
                </>
              )}
            </>
          )}
        </p>
        {visit.member.id !== session.member.id && <Organisation name={visit.member.name} network={visit.organisation.network} size={14} />}
        {visit.report && (
          <p className={style.soft}>
            <Link href={`/visites/${visit.id}/compte-rendu`}>{french(visit.report.outcome_label)}</Link>
          </p>
        )}
        {visit.state === "cancelled" && visit.reason && <p className={style.soft}>« {french(visit.reason)} »</p>}
      </div>
      {ours && visit.state === "planned" && (
        <div className={style.actions}>
          <LinkButton small look={late ? "primary" : isoDay(visit.planned_at) === isoDay(now()) ? "plain" : "quiet"} icon="note" href={`/visites/${visit.id}/compte-rendu`}>
            Rendre compte
          </LinkButton>
          <Button small look="quiet" onPress={() => setOpen("move")}>
            Déplacer
          </Button>
          <Button small look="quiet" onPress={() => setOpen("cancel")}>
            Annuler
          </Button>
        </div>
      )}
      {open === "move" && <PlanDialog visit={visit} isOpen onClose={() => setOpen(null)} />}
      {open === "cancel" && <CancelVisitDialog visit={visit} isOpen onClose={() => setOpen(null)} />}
    </li>
  );
}
