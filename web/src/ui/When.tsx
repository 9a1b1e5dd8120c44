// A moment in words that stay true while the page is open; the exact date is on hover and in the time element.
import { useEffect, useState } from "react";
import { appointment, closingSoon, exact, fullDay, left, nextChange, opening, openingSoon, relative } from "@/words/time";

function useTick(moment: string): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), nextChange(moment));
    return () => clearInterval(timer);
  }, [moment]);
}

const words = { relative, appointment, day: fullDay, left, opening, "opening-soon": openingSoon, "closing-soon": closingSoon };

type As = keyof typeof words;

export function When({ at, as = "relative", className }: { at: string; as?: As; className?: string }) {
  useTick(at);
  return (
    <time dateTime={at} title={exact(at)} className={className}>
      {words[as](at)}
    </time>
  );
}

/** "S’ouvre à tous dans 3 jours, le 14 mai à 9 h 12", kept up to date. */
export function Countdown({ to, className }: { to: string; className?: string }) {
  useTick(to);
  return (
    <time dateTime={to} title={exact(to)} className={className} data-testid="countdown">
      {opening(to)}
    </time>
  );
}
