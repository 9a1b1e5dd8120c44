// A field one types in to find one choice among many; see SearchSelect in Field.tsx, which brings it when it is shown.
import { useEffect, useMemo, useState } from "react";
import { Button as AriaButton, ComboBox, Input, ListBox, Popover } from "react-aria-components";
import { classes } from "./classes";
import { Item, Labelled, Under, type Choice, type Early, type SearchSelectProps } from "./Field";
import style from "./Field.module.css";
import { Icon } from "./Icon";

const fold = (text: string) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

export default function SearchSelect(props: SearchSelectProps & { early: Early }) {
  const { value, onChange, choices, search, early } = props;
  const [text, setText] = useState(value?.label ?? "");
  const [found, setFound] = useState<{ to: string; choices: Choice[] }>({ to: "", choices: [] });
  // After an addition the field begins anew, closed and with the keyboard still in it.
  const [added, setAdded] = useState(0);
  const chosen = value?.label ?? "";

  useEffect(() => {
    // What was typed before this came: as if it were typed now, so that the choices open under it.
    setText(early.text ?? chosen);
    early.text = null;
  }, [chosen, early]);

  useEffect(() => {
    if (!search || text === chosen) return;
    const control = new AbortController();
    const timer = setTimeout(() => {
      search(text, control.signal).then(
        (choices) => setFound({ to: text, choices }),
        () => control.signal.aborted || setFound({ to: text, choices: [] }),
      );
    }, 120);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [text, chosen, search]);

  const items = useMemo(() => {
    if (!choices) return found.choices;
    const needle = fold(text === chosen ? "" : text);
    const starts: Choice[] = [];
    const contains: Choice[] = [];
    for (const choice of choices) {
      const at = fold(`${choice.label} ${choice.detail ?? ""}`).indexOf(needle);
      if (at === 0) starts.push(choice);
      else if (at > 0) contains.push(choice);
    }
    return [...starts, ...contains].slice(0, 60);
  }, [choices, found, text, chosen]);

  const waits = search && text !== chosen && found.to !== text;
  const none = search && text.length < 2 ? "Tapez au moins deux lettres." : waits ? "Recherche…" : (props.empty ?? "Aucun résultat.");

  return (
    <ComboBox
      key={added}
      autoFocus={added > 0 || (early.isShown ? early.isFocused : props.autoFocus === true)}
      items={items}
      inputValue={text}
      onInputChange={setText}
      selectedKey={value?.id ?? null}
      onSelectionChange={(key) => {
        const picked = items.find((item) => item.id === key);
        if (picked) {
          setText(props.adds ? "" : picked.label);
          if (props.adds) setAdded(added + 1);
          onChange(picked);
        }
      }}
      onBlur={() => {
        if (text.trim() === "" && value) onChange(null);
        else setText(chosen);
      }}
      isInvalid={!!props.error}
      isRequired={props.required}
      allowsEmptyCollection
      menuTrigger="input"
      validationBehavior="aria"
      className={classes(style.field, props.className)}
      aria-label={props.hideLabel ? props.label : undefined}
    >
      {!props.hideLabel && <Labelled {...props} />}
      <span className={style.combo}>
        <Input className={classes(style.input, props.small && style.small)} placeholder={props.placeholder} />
        <AriaButton className={style.comboButton} aria-label="Voir les choix">
          <Icon name="down" size={14} />
        </AriaButton>
      </span>
      <Under {...props} />
      <Popover className={style.popover}>
        <ListBox
          className={style.list}
          renderEmptyState={() => <p className={style.none}>{none}</p>}
        >
          {(choice: Choice) => <Item choice={choice} />}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
