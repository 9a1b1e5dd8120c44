// Form fields: a label, a control, one line of help, one line of error. Every form of the application is made of these.
import { lazy, Suspense, useId, useRef, useState, type ReactNode } from "react";
import {
  Button as AriaButton, Checkbox as AriaCheckbox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Radio,
  RadioGroup as AriaRadioGroup, Select as AriaSelect, SelectValue, Text, TextArea as AriaTextArea, TextField as AriaTextField,
  type Key,
} from "react-aria-components";
import { classes } from "./classes";
import style from "./Field.module.css";
import { Icon } from "./Icon";

/** After a form was sent too early: the keyboard goes to the first field that is wrong. */
export function toFirstFault(): void {
  requestAnimationFrame(() => {
    const form = document.querySelector("[role=dialog]") ?? document;
    form.querySelector<HTMLElement>("[data-invalid] :is(input, textarea, button)")?.focus();
  });
}

type Common = {
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  /** Says nothing of being optional: filters all are. */
  plain?: boolean;
  hideLabel?: boolean;
  className?: string;
};

export function Labelled({ label, required, plain, hideLabel }: Common) {
  return (
    <Label className={classes(style.label, hideLabel && "hidden-visually")}>
      {label}
      {!required && !plain && !hideLabel && <span className={style.optional}> (facultatif)</span>}
    </Label>
  );
}

export function Under({ help, error }: Common) {
  return (
    <>
      {help && !error && (
        <Text slot="description" className={style.help}>
          {help}
        </Text>
      )}
      <FieldError className={style.error}>{error}</FieldError>
    </>
  );
}

type TextFieldProps = Common & {
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
  onBlur?: () => void;
  type?: "text" | "email" | "password" | "tel" | "search" | "date" | "time" | "number";
  name?: string;
  autoComplete?: string;
  autoFocus?: boolean;
  inputMode?: "text" | "numeric" | "decimal" | "tel" | "email" | "search";
  placeholder?: string;
  maxLength?: number;
  min?: string | number;
  max?: string | number;
  step?: number;
  disabled?: boolean;
  /** Shown to be read and copied. */
  readOnly?: boolean;
};

export function TextField(props: TextFieldProps) {
  const { label, value, defaultValue, onChange, onBlur, type = "text", error, required, className, min, max, step, placeholder, inputMode } = props;
  return (
    <AriaTextField
      value={value}
      defaultValue={defaultValue}
      onChange={onChange}
      onBlur={onBlur}
      type={type as "text"}
      name={props.name}
      autoComplete={props.autoComplete}
      autoFocus={props.autoFocus}
      isInvalid={!!error}
      isRequired={required}
      isDisabled={props.disabled}
      isReadOnly={props.readOnly}
      maxLength={props.maxLength}
      validationBehavior="aria"
      className={classes(style.field, className)}
      aria-label={props.hideLabel ? label : undefined}
    >
      {!props.hideLabel && <Labelled {...props} />}
      <Input className={style.input} min={min} max={max} step={step} placeholder={placeholder} inputMode={inputMode} />
      <Under {...props} />
    </AriaTextField>
  );
}

type TextAreaProps = Common & { value: string; onChange: (value: string) => void; rows?: number; maxLength?: number; autoFocus?: boolean; placeholder?: string };

export function TextArea(props: TextAreaProps) {
  return (
    <AriaTextField
      value={props.value}
      onChange={props.onChange}
      isInvalid={!!props.error}
      isRequired={props.required}
      maxLength={props.maxLength}
      autoFocus={props.autoFocus}
      validationBehavior="aria"
      className={classes(style.field, props.className)}
    >
      <Labelled {...props} />
      <AriaTextArea className={classes(style.input, style.area)} rows={props.rows ?? 3} placeholder={props.placeholder} />
      <Under {...props} />
    </AriaTextField>
  );
}

export type Choice = { id: string; label: string; detail?: string };

type SelectProps = Common & {
  choices: Choice[];
  value: string | null;
  onChange: (value: string) => void;
  placeholder?: string;
  small?: boolean;
};

export function Select(props: SelectProps) {
  return (
    <AriaSelect
      selectedKey={props.value}
      onSelectionChange={(key: Key | null) => key !== null && props.onChange(String(key))}
      isInvalid={!!props.error}
      isRequired={props.required}
      isDisabled={props.choices.length === 0} // choices still to come cannot be opened
      validationBehavior="aria"
      placeholder={props.placeholder ?? "Choisir"}
      className={classes(style.field, props.className)}
      aria-label={props.hideLabel ? props.label : undefined}
    >
      {/* Where one of the choices stands already, nothing is left to give. */}
      {!props.hideLabel && <Labelled {...props} plain={props.plain || props.value !== null} />}
      <AriaButton className={classes(style.input, style.select, props.small && style.small)}>
        <SelectValue className={style.value} />
        <Icon name="down" size={14} />
      </AriaButton>
      <Under {...props} />
      <Popover className={style.popover}>
        <ListBox items={props.choices} className={style.list}>
          {(choice) => <Item choice={choice} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

export function Item({ choice }: { choice: Choice }) {
  return (
    <ListBoxItem id={choice.id} textValue={choice.label} className={style.item}>
      <Text slot="label" className={style.itemLabel}>
        {choice.label}
      </Text>
      {choice.detail && (
        <Text slot="description" className={style.itemDetail}>
          {choice.detail}
        </Text>
      )}
    </ListBoxItem>
  );
}

export type SearchSelectProps = Common & {
  autoFocus?: boolean;
  value: Choice | null;
  onChange: (value: Choice | null) => void;
  /** Either all the choices, or a search that gives the best ones. */
  choices?: Choice[];
  search?: (text: string, signal: AbortSignal) => Promise<Choice[]>;
  placeholder?: string;
  empty?: string;
  small?: boolean;
  /** Each choice is added to what is shown elsewhere: the field is empty again. */
  adds?: boolean;
};

const Searching = lazy(() => import("./SearchSelect"));

/** What was done in a field before the one that searches has come. */
export type Early = { isShown: boolean; isFocused: boolean; text: string | null };

/** A field one types in to find one choice among many: communes, occupations, activities. It comes when it is shown: pages
 * begin with lists, not with searches. Until then a plain field stands there, and what is typed in it is searched for. */
export function SearchSelect(props: SearchSelectProps) {
  const early = useRef<Early>({ isShown: false, isFocused: false, text: null }).current;
  return (
    <Suspense fallback={<Waiting {...props} early={early} />}>
      <Searching {...props} early={early} />
    </Suspense>
  );
}

function Waiting({ early, label, help, error, required, plain, hideLabel, className, placeholder, autoFocus, value }: SearchSelectProps & { early: Early }) {
  const [text, setText] = useState(value?.label ?? "");
  early.isShown = true;
  return (
    <div style={{ display: "contents" }} onFocus={() => (early.isFocused = true)} onBlur={() => (early.isFocused = false)}>
      <TextField
        {...{ label, help, error, required, plain, hideLabel, className, placeholder, autoFocus }}
        value={text}
        onChange={(typed) => {
          early.text = typed;
          setText(typed);
        }}
      />
    </div>
  );
}

export function Checkbox({ children, isSelected, onChange, help }: { children: ReactNode; isSelected: boolean; onChange: (value: boolean) => void; help?: string }) {
  const id = useId();
  return (
    <AriaCheckbox isSelected={isSelected} onChange={onChange} className={style.check} aria-describedby={help ? id : undefined}>
      <span className={style.box} aria-hidden>
        <Icon name="check" size={13} />
      </span>
      <span>
        {children}
        {help && (
          <span id={id} className={style.help}>
            {help}
          </span>
        )}
      </span>
    </AriaCheckbox>
  );
}

export function RadioGroup(props: Common & { value: string | null; onChange: (value: string) => void; choices: Choice[]; columns?: boolean }) {
  return (
    <AriaRadioGroup
      value={props.value}
      onChange={props.onChange}
      isInvalid={!!props.error}
      isRequired={props.required}
      validationBehavior="aria"
      className={classes(style.field, props.className)}
    >
      <Labelled {...props} />
      <div className={classes(style.radios, props.columns && style.columns)}>
        {props.choices.map((choice) => (
          <Radio key={choice.id} value={choice.id} className={style.radio}>
            <span className={style.dot} aria-hidden />
            <span>
              {choice.label}
              {choice.detail && <span className={style.help}>{choice.detail}</span>}
            </span>
          </Radio>
        ))}
      </div>
      <Under {...props} />
    </AriaRadioGroup>
  );
}

/** A day, with one-press shortcuts such as "10 jours ouvrés". */
export function DayField(props: TextFieldProps & { shortcuts?: { label: string; day: string }[] }) {
  const { shortcuts, ...rest } = props;
  return (
    <div className={style.field}>
      <TextField {...rest} type="date" />
      {shortcuts && (
        <div className={style.shortcuts}>
          {shortcuts.map((shortcut) => (
            <AriaButton
              key={shortcut.label}
              className={classes(style.chip, props.value === shortcut.day && style.chipOn)}
              onPress={() => props.onChange?.(shortcut.day)}
            >
              {shortcut.label}
            </AriaButton>
          ))}
        </div>
      )}
    </div>
  );
}
