import { Badge } from "@/ui/Badge";
import { states, type NeedState } from "./words";

export function NeedBadge({ state }: { state: NeedState }) {
  const word = states[state];
  return (
    <Badge tone={word.tone} icon={word.icon}>
      {word.label}
    </Badge>
  );
}
