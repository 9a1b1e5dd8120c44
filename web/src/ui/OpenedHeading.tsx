// The heading of a part that opens beside what was pressed.
import { useEffect, useRef, type ReactNode } from "react";

type Props = {
  /** What is shown: for another one it takes the keyboard again. */
  of: string | number;
  /** Opened by a press, and not with the page: it takes the keyboard, which would else have all that lies between to go through. */
  takesFocus: boolean;
  children: ReactNode;
};

export function OpenedHeading({ of, takesFocus, children }: Props) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) head.current?.focus();
  }, [of, takesFocus]);
  return (
    <h2 ref={head} tabIndex={-1}>
      {children}
    </h2>
  );
}

/** What had the keyboard leaves with the press that closed the part: the first that this selector finds takes it. */
export function keyboardTo(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true }));
}
