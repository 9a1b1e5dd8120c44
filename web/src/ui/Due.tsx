// A day until which something is to be done: the nearer, the louder.
import { daysBetween, exact, longDay, now, relativeDay } from "@/words/time";
import { Badge } from "./Badge";

export function Due({ day }: { day: string }) {
  const left = daysBetween(now(), day);
  return (
    <time dateTime={day} title={exact(day)}>
      <Badge tone={left < 0 ? "danger" : left <= 2 ? "warn" : "neutral"} icon={left < 0 ? "alert" : "due"}>
        {left < 0 ? `en retard, ${longDay(day)}` : relativeDay(day)}
      </Badge>
    </time>
  );
}
