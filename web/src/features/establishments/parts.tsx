import type { EstablishmentLine } from "@/api/queries";
import { Badge } from "@/ui/Badge";
import { NetworkMark } from "@/ui/Network";
import { standing } from "@/words/domain";
import { shortDay } from "@/words/time";

type Short = Pick<EstablishmentLine, "state" | "status">;
type Line = Short & Pick<EstablishmentLine, "holder" | "due_on" | "rest_until">;

/** The state in a word; `dated`: the line that says who holds it and until when, as the list needs. */
export function StateBadge({ row, dated }: { row: Short; dated?: Line }) {
  if (row.status === "F")
    return (
      <Badge tone="quiet" icon="close" title="L’établissement est fermé au répertoire.">
        Fermé
      </Badge>
    );
  const word = standing[row.state];
  if (!word) return null;
  const until = dated && (row.state === "promised" ? dated.due_on : row.state === "resting" ? dated.rest_until : null);
  if (dated && until) {
    const day = shortDay(until);
    const holder = row.state === "promised" ? dated.holder : null;
    return (
      <Badge tone={word.tone} {...(holder ? { mark: <NetworkMark network={holder.network} size={15} /> } : { icon: word.icon })} title={`${holder ? `${holder.short_name}, ${holder.member}` : word.label}, jusqu’au ${day}`}>
        {word.label} → {day.slice(0, 5)}
      </Badge>
    );
  }
  return (
    <Badge tone={row.state === "free" ? "plain" : word.tone} icon={word.icon} title={word.help}>
      {word.label}
    </Badge>
  );
}

export function nameOf(row: { name: string | null; diffusion?: string }): string {
  return row.name ?? (row.diffusion === "P" ? "Entreprise à diffusion partielle" : "Sans dénomination");
}
