// A rule, written as sentences: each criterion says what it is about, how it compares and with what. Everything is a field
// or a button; Alt with an arrow moves a criterion, the keyboard never loses its place.
import { useRef, type KeyboardEvent } from "react";
import type { Schema } from "@/api/client";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Checkbox, Select } from "@/ui/Field";
import { count } from "@/words/number";
import { added, isComplete, isGroup, joined, moved, removed, replaced, type Group, type Join, type Node, type Path, type Rule, type Term } from "./rule";
import style from "./RuleEditor.module.css";
import { initial, Values, type Drawing } from "./Values";
import type { Lists } from "./names";
import { joinWords } from "./words";

type Fields = Schema<"SegmentFields">["items"];

type Props = {
  rule: Rule;
  onChange: (rule: Rule) => void;
  fields: Fields;
  lists: Lists;
  drawing: Drawing;
  /** What the rule would keep without each child of its root; undefined while unknown. */
  without: (number | undefined)[];
  /** Faults told by the server, by the path of their node ("all[0]"). */
  faults: Map<string, string>;
};

const joinChoices = (Object.keys(joinWords) as Join[]).map((id) => ({ id, label: joinWords[id].choice }));

export function RuleEditor(props: Props) {
  const { rule, onChange } = props;
  const holder = useRef<HTMLDivElement>(null);
  return (
    <div ref={holder} className={style.editor} role="group" aria-label="Critères">
      <GroupEditor {...props} group={rule} path={[]} told="" holder={holder} />
      <Checkbox isSelected={rule.closed === true} onChange={(closed) => onChange({ join: rule.join, items: rule.items, ...(closed ? { closed } : {}) })}>
        Garder aussi les établissements fermés
      </Checkbox>
    </div>
  );
}

type Inner = Props & { group: Group; path: Path; told: string; holder: React.RefObject<HTMLDivElement | null> };

/** After a change of place or a removal, the keyboard goes to the criterion that is there now. */
function focusOn(holder: Inner["holder"], path: Path): void {
  requestAnimationFrame(() => {
    const row = holder.current?.querySelector(`[data-path="${path.join("-")}"]`) ?? holder.current?.querySelector(`[data-add="${path.slice(0, -1).join("-")}"]`);
    (row?.matches("button") ? (row as HTMLElement) : row?.querySelector<HTMLElement>("button"))?.focus();
  });
}

function GroupEditor(props: Inner) {
  const { rule, onChange, fields, group, path, told, holder } = props;
  const isRoot = path.length === 0;
  const add = (node: Node) => {
    onChange(added(rule, path, node));
    focusOn(holder, [...path, group.items.length]);
  };
  return (
    <div className={classes(style.group, !isRoot && style.inner)}>
      <div className={style.head}>
        <span>{isRoot ? "Garder les employeurs qui répondent à" : "répondre à"}</span>
        <Select label={isRoot ? "Comment les critères s’assemblent" : "Comment les critères de ce groupe s’assemblent"} hideLabel small choices={joinChoices} value={group.join} onChange={(join) => onChange(joined(rule, path, join as Join))} className={style.join} />
      </div>
      {group.items.length === 0 && <p className={style.none}>{isRoot ? "Aucun critère : toute la liste est gardée." : "Ajoutez un critère à ce groupe."}</p>}
      <ul className={style.items}>
        {group.items.map((node, index) => (
          <Item key={index} {...props} node={node} path={[...path, index]} told={`${told}${told ? "." : ""}${group.join}[${index}]`} brothers={group.items.length} />
        ))}
      </ul>
      <div className={style.adds}>
        <Button small icon="add" data-add={path.join("-")} onPress={() => add(initial(fields[0]?.name ?? "naf", fields))}>
          Ajouter un critère
        </Button>
        {path.length < 3 && (
          <Button small look="quiet" icon="add" onPress={() => add({ join: "any", items: [] })}>
            Ajouter un groupe
          </Button>
        )}
      </div>
    </div>
  );
}

function Item(props: Inner & { node: Node; brothers: number }) {
  const { rule, onChange, node, path, told, brothers, holder, without, faults } = props;
  const index = path[path.length - 1] ?? 0;
  const move = (by: -1 | 1) => {
    if (index + by < 0 || index + by >= brothers) return;
    onChange(moved(rule, path, by));
    focusOn(holder, [...path.slice(0, -1), index + by]);
  };
  const press = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    event.stopPropagation();
    move(event.key === "ArrowUp" ? -1 : 1);
  };
  const remove = () => {
    onChange(removed(rule, path));
    focusOn(holder, [...path.slice(0, -1), Math.max(0, index - 1)]);
  };
  const effect = path.length === 1 ? without[index] : undefined;
  const fault = [...faults].find(([at]) => at === told || at.startsWith(`${told}.`))?.[1];
  const what = isGroup(node) ? "ce groupe" : "ce critère";
  return (
    <li className={style.item} data-path={path.join("-")} onKeyDownCapture={press}>
      <div className={style.content}>
        {isGroup(node) ? <GroupEditor {...props} group={node} path={path} told={told} /> : <TermEditor {...props} term={node} />}
        {fault && isFaultOf(node) && <p className={style.fault}>{fault}</p>}
        {!isGroup(node) && !fault && !isComplete(node) && <p className={style.waiting}>À compléter ; pas encore compté.</p>}
        {effect !== undefined && (
          <p className={style.effect}>
            sans {what} : <strong>{count(effect)}</strong>
          </p>
        )}
      </div>
      <div className={style.tools}>
        <IconButton label={`Monter ${what}`} icon="up" small isDisabled={index === 0} onPress={() => move(-1)} />
        <IconButton label={`Descendre ${what}`} icon="down" small isDisabled={index === brothers - 1} onPress={() => move(1)} />
        <IconButton label={`Retirer ${what}`} icon="close" small onPress={remove} />
      </div>
    </li>
  );
}

// A fault below a group is shown at its criterion.
const isFaultOf = (node: Node) => !isGroup(node) || node.items.length === 0;

function TermEditor(props: Inner & { term: Term; path: Path }) {
  const { rule, onChange, fields, lists, drawing, term, path } = props;
  const field = fields.find((one) => one.name === term.field);
  const change = (next: Term) => onChange(replaced(rule, path, next));
  // Another operator keeps the value unless it takes none or another kind.
  const compare = (op: string) => {
    const bare = op === "never" || op === "any" || op === "none";
    const fresh = initial(term.field, fields, op);
    change(bare ? { field: term.field, op } : { field: term.field, op, value: term.value ?? fresh.value });
  };
  return (
    <div className={style.term}>
      <Select label="Critère" hideLabel small choices={fields.map((one) => ({ id: one.name, label: one.label, detail: one.help }))} value={term.field} onChange={(name) => name !== term.field && change(initial(name, fields))} className={style.field} />
      {field && field.ops.length > 1 && <Select label="Comparaison" hideLabel small choices={field.ops.map((op) => ({ id: op.name, label: op.label }))} value={term.op} onChange={compare} className={style.op} />}
      <div className={style.value}>{field && <Values kind={field.values} label={field.label} term={term} onChange={change} lists={lists} drawing={drawing} path={path} />}</div>
    </div>
  );
}
