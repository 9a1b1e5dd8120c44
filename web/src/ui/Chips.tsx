// Several choices among many: each chosen one is a chip that a press removes; a field proposes the others.
import { useRef } from "react";
import { Button as AriaButton } from "react-aria-components";
import style from "./Chips.module.css";
import { SearchSelect, type Choice } from "./Field";
import { Icon } from "./Icon";

type ChipsProps = {
  label: string;
  values: string[];
  onChange: (values: string[]) => void;
  /** The words of a value, chosen or not. */
  name: (value: string) => string;
  choices?: Choice[];
  search?: (text: string, signal: AbortSignal) => Promise<Choice[]>;
  placeholder?: string;
  empty?: string;
};

export function Chips({ label, values, onChange, name, choices, search, placeholder = "Ajouter", empty }: ChipsProps) {
  const holder = useRef<HTMLDivElement>(null);
  const left = choices?.filter((choice) => !values.includes(choice.id));
  return (
    <div ref={holder} className={style.chips} role="group" aria-label={label}>
      {values.map((value) => (
        <AriaButton
          key={value}
          className={style.chip}
          aria-label={`Retirer ${name(value)}`}
          onPress={() => {
            onChange(values.filter((one) => one !== value));
            holder.current?.querySelector("input")?.focus();
          }}
        >
          {name(value)}
          <Icon name="close" size={13} />
        </AriaButton>
      ))}
      {(search || (left?.length ?? 0) > 0) && (
        // A new field after each choice: it is empty again, and has the keyboard.
        <SearchSelect
          key={values.join()}
          label={label}
          hideLabel
          small
          value={null}
          {...(left ? { choices: left } : {})}
          {...(search ? { search } : {})}
          {...(empty ? { empty } : {})}
          placeholder={values.length > 0 ? placeholder : "Choisir"}
          className={style.field}
          onChange={(choice) => {
            if (!choice || values.includes(choice.id)) return;
            onChange([...values, choice.id]);
            requestAnimationFrame(() => holder.current?.querySelector("input")?.focus());
          }}
        />
      )}
    </div>
  );
}
