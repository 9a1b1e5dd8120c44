import type { EstablishmentLine } from "@/api/queries";
import { Badge } from "@/ui/Badge";
import { standing } from "@/words/domain";

export function StateBadge({ row }: { row: Pick<EstablishmentLine, "state" | "status"> }) {
  if (row.status === "F") return <Badge tone="quiet" icon="close" title="L’établissement est fermé au répertoire.">
        Fermé
      </Badge>;
  const word = standing[row.state];
  return word ? (
    <Badge tone={row.state === "free" ? "plain" : word.tone} icon={word.icon} title={word.help}>
      {word.label}
    </Badge>
  ) : null;
}

export function nameOf(row: { name: string | null; diffusion?: string }): string {
  return row.name ?? (row.diffusion === "P" ? "Entreprise à diffusion partielle" : "Sans dénomination");
}
