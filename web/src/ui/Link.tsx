import type { ReactNode } from "react";
import { Link as AriaLink } from "react-aria-components";

export function Link({ href, children, className, current, label, download }: { href: string; children: ReactNode; className?: string | undefined; current?: boolean; label?: string; download?: boolean }) {
  return (
    <AriaLink href={href} className={className} aria-current={current ? "page" : undefined} aria-label={label} download={download}>
      {children}
    </AriaLink>
  );
}
