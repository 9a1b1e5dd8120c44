// What one needs at the door of an employer.
import { TouchLink } from "@/ui/touch/Touch";
import { NetworkMark } from "@/ui/Network";
import { contracts, horizons } from "@/words/domain";
import { events } from "@/words/events";
import { claimWords } from "@/features/claims/words";
import { personName, preferred } from "@/features/contacts/person";
import { phone, posts } from "@/words/number";
import { appointment, exact, relative, shortDay } from "@/words/time";
import { french } from "@/words/typography";
import { go } from "./place";
import { useField } from "./store";
import { VisitState } from "./WeekScreen";
import style from "./Field.module.css";

/** Opens the map of the telephone on the way there; Apple’s does not know `geo:`. */
const directions = (lat: number, lon: number): string => (/iPhone|iPad|Macintosh/.test(navigator.userAgent) ? `maps:?daddr=${lat},${lon}` : `geo:${lat},${lon}?q=${lat},${lon}`);

export function EmployerScreen({ id }: { id: number }) {
  const { week, net, waiting, who } = useField();
  const visit = week?.visits.find((one) => one.id === id);
  const employer = week?.employers.find((one) => one.id === visit?.establishment.id);
  if (!visit || !employer)
    return (
      <>
        <h1 tabIndex={-1}>Cette visite n’est pas sur ce téléphone.</h1>
        <p className={style.soft}>Il garde les visites des sept prochains jours et celles dont le compte rendu est attendu.</p>
        <TouchLink href="/terrain" go={go}>
          Revenir aux visites
        </TouchLink>
      </>
    );
  const where = [employer.address, [employer.postcode, employer.city].filter(Boolean).join(" ")].filter(Boolean).join(", ");
  const mine = visit.organisation.id === who?.organisation.id;
  const canReport = visit.state === "planned" && mine && !waiting.some((one) => one.visit === id);
  return (
    <>
      <a className={style.back} href="/terrain" onClick={(event) => (event.preventDefault(), go("/terrain"))}>
        ‹ Visites
      </a>
      <h1 tabIndex={-1}>{employer.name ?? "Sans dénomination"}</h1>
      <p>
        <time dateTime={visit.planned_at}>{appointment(visit.planned_at)}</time>, {visit.minutes} min <VisitState visit={visit} />
      </p>
      {visit.partner?.state === "accepted" && (
        <p>
          Visite commune : {visit.organisation.short_name} ({visit.member.name}) et {visit.partner.organisation.short_name} ({visit.partner.member.name})
        </p>
      )}
      <p>{where || "Adresse inconnue"}</p>
      <p className={style.soft}>{[employer.naf_label, employer.size_label].filter(Boolean).join(" · ")}</p>
      {employer.status === "F" && <p className={style.warn}>Fermé au répertoire Sirene</p>}
      {employer.claims.map((claim) => (
        <p key={claim.id} className={style.warn}>
          Signalé {claimWords[claim.kind]} par {claim.organisation.short_name}, {relative(claim.made_at)}
          {claim.state === "open" ? " ; à confirmer" : ""}
        </p>
      ))}
      <div className={style.actions}>
        {employer.lat !== null && employer.lon !== null && (
          <>
            <TouchLink href={directions(employer.lat, employer.lon)}>Itinéraire</TouchLink>
            <TouchLink away href={`https://www.openstreetmap.org/?mlat=${employer.lat}&mlon=${employer.lon}#map=17/${employer.lat}/${employer.lon}`}>
              Plan
            </TouchLink>
          </>
        )}
        {employer.phone && <TouchLink href={`tel:${employer.phone}`}>Appeler</TouchLink>}
      </div>

      <section aria-labelledby="personnes">
        <h2 id="personnes">Interlocuteurs</h2>
        {employer.contacts.length === 0 && <p className={style.soft}>Aucun interlocuteur connu.</p>}
        <ul className={style.lines}>
          {employer.contacts.map((person) => (
            <li key={person.id}>
              <strong>{personName(person)}</strong>
              {person.position && <span className={style.soft}> {person.position}</span>}
              {person.channel && <span className={style.soft}> · {preferred[person.channel]}</span>}
              <span className={style.ways}>
                {person.phones.map((number) => (
                  <a key={number} href={`tel:${number}`}>
                    {phone(number)}
                  </a>
                ))}
                {person.emails.map((address) => (
                  <a key={address} href={`mailto:${address}`}>
                    {address}
                  </a>
                ))}
              </span>
            </li>
          ))}
        </ul>
      </section>

      {employer.needs.length > 0 && (
        <section aria-labelledby="besoins">
          <h2 id="besoins">Besoins connus</h2>
          <ul className={style.lines}>
            {employer.needs.map((need) => (
              <li key={need.id}>
                {need.rome_label}, {posts(need.posts)}{" "}
                <span className={style.soft}>
                  {[horizons[need.horizon]?.toLowerCase(), need.contract && contracts[need.contract], `dit ${relative(need.declared_at)} à ${need.organisation.short_name}`].filter(Boolean).join(" · ")}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}

      {employer.reports.length > 0 && (
        <section aria-labelledby="notes">
          <h2 id="notes">Derniers comptes rendus</h2>
          <ul className={style.lines}>
            {employer.reports.map((report) => (
              <li key={report.visit}>
                <span className={style.who}>
                  <NetworkMark network={report.organisation.network} size={16} /> {shortDay(report.done_at)}, {report.member}
                </span>
                <p>{french(report.outcome_label)}</p>
                {report.shared_note && <p className={style.note}>{report.shared_note}</p>}
                {report.network_note && (
                  <p className={style.note}>
                    <span className={style.soft}>Note de mon réseau : </span>
                    {report.network_note}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}

      {employer.events.length > 0 && (
        <section aria-labelledby="evenements">
          <h2 id="evenements">Derniers événements</h2>
          <ul className={style.lines}>
            {employer.events.map((event) => (
              <li key={event.id}>
                <span className={style.who}>
                  {event.organisation && <NetworkMark network={event.organisation.network} size={16} />}
                  {events[event.kind]?.label ?? event.kind}
                </span>{" "}
                <time className={style.soft} dateTime={event.at} title={exact(event.at)}>
                  {relative(event.at)}
                </time>
              </li>
            ))}
          </ul>
        </section>
      )}

      {/* A report that arrived is corrected where what stands there now is seen. */}
      {mine && visit.state === "done" && (net === "offline" ? <p className={style.soft}>Le compte rendu se corrige avec le réseau.</p> : <TouchLink href={`/visites/${id}/compte-rendu?corriger=1`}>Corriger le compte rendu</TouchLink>)}
      {canReport && (
        <div className={style.thumb}>
          <TouchLink look="primary" href={`/terrain/visites/${id}/compte-rendu`} go={go}>
            Rendre compte
          </TouchLink>
        </div>
      )}
    </>
  );
}
