import type { OfferLine } from "@/api/queries";
import { Badge } from "@/ui/Badge";
import { classes } from "@/ui/classes";
import { Link } from "@/ui/Link";
import { NetworkMark, networkName, Organisation } from "@/ui/Network";
import { Countdown, When } from "@/ui/When";
import { contracts, offerState } from "@/words/domain";
import { plural } from "@/words/number";
import style from "./Offers.module.css";

export function OfferBadge({ state }: { state: string }) {
  const word = offerState[state];
  return word ? (
    <Badge tone={word.tone} icon={word.icon} title={word.help}>
      {word.label}
    </Badge>
  ) : null;
}

/** What happens next to an offer, in one line; `isBrief` where its state stands beside and room is short. */
export function OfferNext({ offer, isBrief = false }: { offer: OfferLine; isBrief?: boolean }) {
  if (offer.state === "draft") return <span>à confirmer avec l’employeur</span>;
  if ((offer.state === "reserved" || offer.state === "confirmed") && offer.opens_at) return isBrief ? <When at={offer.opens_at} as="opening-soon" /> : <Countdown to={offer.opens_at} />;
  if (offer.state === "open" && offer.closes_at) return <When at={offer.closes_at} as="closing-soon" />;
  if (offer.closed_at) return <When at={offer.closed_at} />;
  return null;
}

export function Networks({ codes }: { codes: string[] }) {
  if (codes.length === 0) return null;
  return (
    <span className={style.networks} title={`Réservée à ${codes.map(networkName).join(", ")}`}>
      {codes.map((code) => (
        <NetworkMark key={code} network={code} size={16} />
      ))}
    </span>
  );
}

/** Who hires and where, as far as one may know. */
export const employerOf = (offer: OfferLine) => [offer.establishment?.name, offer.establishment?.city ?? offer.commune].filter(Boolean).join(", ") || "Employeur non communiqué";

export function OfferCard({ offer, href, selected, hideState }: { offer: OfferLine; href: string; selected?: boolean; hideState?: boolean }) {
  return (
    <Link href={href} className={classes(style.card, selected && style.selected)} {...(selected ? { current: true } : {})}>
      <span className={style.cardTop}>
        <span className={style.cardTitle}>{offer.title}</span>
        {!hideState && <OfferBadge state={offer.state} />}
        {hideState && <Networks codes={offer.networks} />}
      </span>
      <span className={style.soft}>
        {employerOf(offer)}
      </span>
      <span className={style.soft}>
        {contracts[offer.contract]}, {plural(offer.posts, "poste")}
      </span>
      <span className={classes(style.next, offer.state === "reserved" && style.waiting)}>
        <OfferNext offer={offer} />
      </span>
      <span className={style.cardFoot}>
        <Organisation name={offer.organisation.short_name} network={offer.organisation.network} size={15} />
      </span>
    </Link>
  );
}
