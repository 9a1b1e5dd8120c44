// What one needs of the visit chosen in the agenda, without leaving it.
import { useState } from "react";
import { useSession } from "@/features/session/session";
import { CancelVisitDialog } from "@/features/visits/PlanDialog";
import { personName } from "@/features/contacts/person";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { Link } from "@/ui/Link";
import { phone } from "@/words/number";
import { appointment } from "@/words/time";
import { spans, opening } from "./conflicts";
import style from "./Week.module.css";
import { employerOf, nameOf, type Subject } from "./week";
import { duration, heldUntil } from "./words";
import { isoDay } from "@/words/time";

export default function VisitCard({ subject, ours, onMoveBy, onClose }: { subject: Subject; ours: boolean; onMoveBy: () => void; onClose: () => void }) {
  const [cancelling, cancel] = useState(false);
  const employer = employerOf(subject);
  const visit = subject.kind === "visit" ? subject.placed.visit : null;
  const line = subject.kind === "line" ? subject.line : null;
  const session = useSession();
  // A partner's appointment, to which one goes along.
  const led = visit && visit.organisation.id !== session.organisation.id ? visit.organisation : null;
  const at = visit?.planned_at ?? line?.starts_at ?? null;
  const bounds = subject.kind === "visit" ? subject.placed.bounds : subject.kind === "waiting" ? subject.waiting.bounds : null;
  const pairs = bounds && at ? opening(bounds.hours, isoDay(at)) : null;
  const address = visit ? [visit.establishment.address, [visit.establishment.postcode, visit.establishment.city].filter(Boolean).join(" ")] : line ? [line.establishment.address, line.establishment.city] : [employer.city];
  return (
    <section className={style.card} aria-label={`${line ? "Visite proposée" : "Visite"} : ${nameOf(employer)}`}>
      <header>
        <h2>
          <Link href={`/entreprises/${employer.id}`} className={style.name}>
            {nameOf(employer)}
          </Link>
        </h2>
        <IconButton small label="Fermer le détail" icon="close" onPress={onClose} />
      </header>
      <p>
        {at && <strong>{appointment(at)}</strong>}
        {(visit ?? line) && <span className={style.soft}>, {duration((visit ?? line)?.minutes ?? 60)}</span>}
      </p>
      <p className={style.soft}>{address.filter(Boolean).join(", ")}</p>
      {visit?.contact && (
        <p>
          {personName(visit.contact)}
          {visit.contact.position && <span className={style.soft}>, {visit.contact.position}</span>}
          {visit.contact.phones[0] && (
            <>
              {", "}
              <a href={`tel:${visit.contact.phones[0]}`}>{phone(visit.contact.phones[0])}</a>
            </>
          )}
        </p>
      )}
      {pairs && <p className={style.soft}>{pairs.length === 0 ? "Ne reçoit pas ce jour-là." : `Reçoit ${spans(pairs)}.`}</p>}
      {bounds && <p className={style.soft}>Engagement {heldUntil(bounds.due_on)}.</p>}
      {led && <p className={style.soft}>Visite commune, menée par {led.name} ({visit?.member.name}).</p>}
      {ours && !led && (visit?.state === "planned" || line?.state === "proposed") && (
        <div className={style.buttons}>
          {visit && (
            <LinkButton small look="primary" icon="note" href={`/visites/${visit.id}/compte-rendu`}>
              Rendre compte
            </LinkButton>
          )}
          <Button small onPress={onMoveBy}>
            Déplacer
          </Button>
          {visit && (
            <Button small look="quiet" onPress={() => cancel(true)}>
              Annuler la visite
            </Button>
          )}
        </div>
      )}
      {cancelling && visit && <CancelVisitDialog visit={visit} isOpen onClose={() => cancel(false)} />}
    </section>
  );
}
