// The kit of the telephone: the browser's own controls, large enough for a thumb, light enough to open at once.
//
// Pages for a desk use the controls above this folder; here nothing but React is loaded. Every control has a label, says
// its fault below itself and to who listens, and is at least 44 px high.
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { classes } from "../classes";
import style from "./Touch.module.css";

type Look = "primary" | "plain" | "quiet" | "danger";

type ButtonProps = { children: ReactNode; look?: Look; onPress?: () => void; type?: "button" | "submit"; isDisabled?: boolean; label?: string };

export function TouchButton({ children, look = "plain", onPress, type = "button", isDisabled, label }: ButtonProps) {
  return (
    <button type={type} className={classes(style.button, style[look])} onClick={onPress} disabled={isDisabled} aria-label={label}>
      {children}
    </button>
  );
}

/** A link that looks like a button; addresses of the app are followed by `go`. */
export function TouchLink({ href, children, look = "plain", go, away }: { href: string; children: ReactNode; look?: Look; go?: (href: string) => void; away?: boolean }) {
  return (
    <a
      href={href}
      className={classes(style.button, style[look])}
      {...(away ? { target: "_blank", rel: "noopener noreferrer", referrerPolicy: "no-referrer" as const } : {})}
      onClick={go ? (event) => follow(event, href, go) : undefined}
    >
      {children}
    </a>
  );
}

/** A whole card that is a link. */
export function TouchCard({ href, go, children }: { href: string; go: (href: string) => void; children: ReactNode }) {
  return (
    <a href={href} className={style.card} onClick={(event) => follow(event, href, go)}>
      {children}
    </a>
  );
}

function follow(event: React.MouseEvent, href: string, go: (href: string) => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(href);
}

/** The places of the app, at the bottom, under the thumb. */
export function TouchNav({ label, places, at, go }: { label: string; places: { href: string; label: string; count?: number }[]; at: string; go: (href: string) => void }) {
  return (
    <nav className={style.nav} aria-label={label}>
      {places.map((place) => (
        <a key={place.href} href={place.href} aria-current={place.href === at ? "page" : undefined} onClick={(event) => follow(event, place.href, go)}>
          {place.label}
          {place.count ? <span className={style.count}>{place.count}</span> : null}
        </a>
      ))}
    </nav>
  );
}

type Said = { help?: ReactNode; error?: string | undefined };

function Below({ id, help, error }: Said & { id: string }) {
  if (!help && !error) return null;
  return (
    <p id={id} className={error ? style.error : style.help}>
      {error ?? help}
    </p>
  );
}

const described = (id: string, { help, error }: Said) => ({
  ...(help || error ? { "aria-describedby": id } : {}),
  ...(error ? { "aria-invalid": true } : {}),
});

type Choice = { id: string; label: string; detail?: string | undefined };

/** One among a few, as large buttons. */
export function TouchChoices({ label, value, onChange, choices, ...said }: Said & { label: string; value: string; onChange: (value: string) => void; choices: Choice[] }) {
  const id = useId();
  return (
    <fieldset className={style.choices} role="radiogroup" {...described(`${id}e`, said)}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.id} className={style.choice}>
          <input type="radio" name={id} value={choice.id} checked={value === choice.id} onChange={() => onChange(choice.id)} />
          <span>
            {choice.label}
            {choice.detail && <small>{choice.detail}</small>}
          </span>
        </label>
      ))}
      <Below id={`${id}e`} {...said} />
    </fieldset>
  );
}

/** Any of a few, as large buttons. */
export function TouchChecks({ label, values, onChange, choices, ...said }: Said & { label: string; values: string[]; onChange: (values: string[]) => void; choices: string[] }) {
  const id = useId();
  return (
    <fieldset className={style.choices} {...described(`${id}e`, said)}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice} className={style.choice}>
          <input type="checkbox" checked={values.includes(choice)} onChange={(event) => onChange(event.target.checked ? [...values, choice] : values.filter((value) => value !== choice))} />
          <span>{choice}</span>
        </label>
      ))}
      <Below id={`${id}e`} {...said} />
    </fieldset>
  );
}

/** One thing that is so or not. */
export function TouchCheck({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label className={style.check}>
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** Takes a photograph, or a file of one. */
export function TouchPhoto({ children, isDisabled, onFile }: { children: ReactNode; isDisabled?: boolean; onFile: (file: File) => void }) {
  return (
    <label className={classes(style.button, style.plain, style.photo)}>
      <input
        type="file"
        accept="image/jpeg,image/png"
        capture="environment"
        disabled={isDisabled}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
      {children}
    </label>
  );
}

type LineProps = Said & {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "search" | "email" | "password" | "date" | "tel" | "number";
  maxLength?: number;
  placeholder?: string;
  min?: string;
  max?: string;
  autoComplete?: string;
  inputMode?: "decimal" | "numeric";
  required?: boolean;
};

export function TouchLine({ label, value, onChange, type = "text", help, error, ...rest }: LineProps) {
  const id = useId();
  return (
    <div className={style.field}>
      <label htmlFor={id}>{label}</label>
      <input id={id} type={type} value={value} onChange={(event) => onChange(event.target.value)} {...described(`${id}e`, { help, error })} {...rest} />
      <Below id={`${id}e`} help={help} error={error} />
    </div>
  );
}

/** A text that grows with what is said into it. */
export function TouchArea({ label, value, onChange, maxLength, help, error }: Said & { label: string; value: string; onChange: (value: string) => void; maxLength: number }) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight + 2, 400)}px`;
  }, [value]);
  return (
    <div className={style.field}>
      <label htmlFor={id}>{label}</label>
      <textarea ref={area} id={id} rows={3} value={value} maxLength={maxLength} autoCapitalize="sentences" onChange={(event) => onChange(event.target.value)} {...described(`${id}e`, { help, error })} />
      <Below id={`${id}e`} help={help} error={error} />
    </div>
  );
}

export function TouchPick({ label, value, onChange, choices, empty, help, error }: Said & { label: string; value: string; onChange: (value: string) => void; choices: Choice[]; empty?: string }) {
  const id = useId();
  return (
    <div className={style.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)} {...described(`${id}e`, { help, error })}>
        {empty !== undefined && <option value="">{empty}</option>}
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.label}
          </option>
        ))}
      </select>
      <Below id={`${id}e`} help={help} error={error} />
    </div>
  );
}

export function TouchSteps({ label, value, onChange, min, max }: { label: string; value: number; onChange: (value: number) => void; min: number; max: number }) {
  const id = useId();
  return (
    <div className={style.field} role="group" aria-labelledby={id}>
      <span id={id}>{label}</span>
      <div className={style.steps}>
        <button type="button" onClick={() => onChange(Math.max(min, value - 1))} disabled={value <= min} aria-label={`${label} : un de moins`}>
          −
        </button>
        <output aria-live="polite">{value}</output>
        <button type="button" onClick={() => onChange(Math.min(max, value + 1))} disabled={value >= max} aria-label={`${label} : un de plus`}>
          +
        </button>
      </div>
    </div>
  );
}

/** A message that stays: what happens to what one wrote. */
export function TouchNotice({ tone = "quiet", children, live }: { tone?: "quiet" | "good" | "warn" | "danger"; children: ReactNode; live?: boolean }) {
  return (
    <div className={classes(style.notice, style[`on-${tone}`])} {...(live ? { role: "status" } : {})}>
      {children}
    </div>
  );
}

export function TouchBadge({ tone = "quiet", children }: { tone?: "quiet" | "good" | "warn" | "danger"; children: ReactNode }) {
  return <span className={classes(style.badge, style[`on-${tone}`])}>{children}</span>;
}

/** Brings the reader to the first field that is at fault. */
export function toFirstTouchFault(): void {
  requestAnimationFrame(() => {
    const at = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    const control = at?.matches("fieldset") ? at.querySelector<HTMLElement>("input") : at;
    at?.scrollIntoView({ block: "center" });
    control?.focus({ preventScroll: true });
  });
}
