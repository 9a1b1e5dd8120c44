// What a criterion compares with, one editor per kind of value.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Schema } from "@/api/client";
import { ownCodes as codesQuery, searchRome } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Chips } from "@/ui/Chips";
import { SearchSelect, Select, TextField, type Choice } from "@/ui/Field";
import { networkName } from "@/ui/Network";
import { sizeBands } from "@/words/domain";
import { plural } from "@/words/number";
import { CodesDialog } from "./CodesDialog";
import type { Lists } from "./names";
import type { Path, Term } from "./rule";
import style from "./RuleEditor.module.css";
import { legalForms, stateWords } from "./words";

/** Which criterion is being drawn on the map, if any. */
export type Drawing = { path: Path | null; start: (path: Path) => void; stop: () => void };

type Fields = Schema<"SegmentFields">["items"];

/** A new criterion of this field, to be completed. */
export function initial(name: string, fields: Fields, wanted?: string): Term {
  const field = fields.find((one) => one.name === name);
  const op = wanted ?? field?.ops[0]?.name ?? "is";
  const values: Record<string, unknown> = { months: 12, percent: 50, level: 3, count: 50, text: "", area: { points: [] }, circle: { km: 10 }, codes: { values: [] } };
  if (op === "never" || op === "any" || op === "none") return { field: name, op };
  return { field: name, op, value: field && field.values in values ? values[field.values] : [] };
}

type Props = { kind: string; label: string; term: Term; onChange: (term: Term) => void; lists: Lists; drawing: Drawing; path: Path };

const sizes: Choice[] = [...sizeBands.map(({ id, label }) => ({ id, label })), { id: "unknown", label: "Effectif inconnu" }];
const states: Choice[] = ["free", "promised", "ours", "resting", "opposed"].map((id) => ({ id, label: (stateWords[id] ?? id).replace(/^./, (letter) => letter.toUpperCase()) }));
const networks: Choice[] = ["ft", "ml", "ce", "plie"].map((id) => ({ id, label: networkName(id) }));

export function Values({ kind, label, term, onChange, lists, drawing, path }: Props) {
  const list = Array.isArray(term.value) ? (term.value as (string | number)[]) : [];
  const set = (value: unknown) => onChange({ ...term, value });
  const chips = (choices: Choice[], name?: (code: string) => string) => (
    <Chips label={label} values={list.map(String)} onChange={set} choices={choices} name={name ?? ((code) => choices.find((choice) => choice.id === code)?.label ?? code)} />
  );
  switch (kind) {
    case "naf":
      return chips(lists.activities, lists.names.naf);
    case "sizes":
      return chips(sizes);
    case "communes":
      return chips(lists.communes, lists.names.commune);
    case "departments":
      return <Typed label="Numéros de départements" help="Par exemple 03, 2A ou 971." values={list.map(String)} onChange={set} pattern={/^(0[1-9]|[1-8]\d|9[0-5]|2[AB]|9[78]\d)$/} />;
    case "legal":
      return chips(legalForms);
    case "states":
      return chips(states);
    case "networks":
      return chips(networks);
    case "organisations":
      return (
        <Chips
          label={label}
          values={list.map(String)}
          onChange={(values) => set(values.map((value) => (value === "ours" ? value : Number(value))))}
          choices={[{ id: "ours", label: "Ma structure" }, ...lists.organisations]}
          name={(id) => (id === "ours" ? "Ma structure" : lists.names.organisation(Number(id)))}
        />
      );
    case "tags":
      return <Chips label={label} values={list.map(String)} onChange={(values) => set(values.map(Number))} choices={lists.tags} name={(id) => lists.names.tag(Number(id))} empty="Aucune étiquette : posez-en sur la fiche d’un employeur." />;
    case "occupations":
      return term.op === "any" || term.op === "none" ? null : <Chips label={label} values={list.map(String)} onChange={set} search={searchRome} name={lists.names.rome} />;
    case "months":
      return term.op === "never" ? null : <Numeric label="Nombre de mois" value={term.value} onChange={set} least={1} most={120} unit="mois" />;
    case "percent":
      return <Numeric label={label} value={term.value} onChange={set} least={0} most={100} unit={term.field === "difficult" ? "%" : "sur 100"} />;
    case "level":
      return <Numeric label={label} value={term.value} onChange={set} least={1} most={5} step={0.1} unit="sur 5" />;
    case "count":
      return <Numeric label={label} value={term.value} onChange={set} least={0} most={100000} unit="projets" />;
    case "text":
      return <TextField label="Mots du nom, ou SIRET" hideLabel value={String(term.value ?? "")} onChange={set} maxLength={60} placeholder="Mots du nom, ou SIRET" className={style.wide} />;
    case "circle":
      return <Circle value={term.value} onChange={set} lists={lists} />;
    case "area":
      return <Area value={term.value} onChange={set} drawing={drawing} path={path} />;
    case "codes":
      return <Codes value={term.value} onChange={set} />;
    default:
      return null;
  }
}

function Numeric({ label, value, onChange, least, most, step = 1, unit }: { label: string; value: unknown; onChange: (value: number | undefined) => void; least: number; most: number; step?: number; unit: string }) {
  const [text, setText] = useState(value === undefined ? "" : String(value).replace(".", ","));
  useEffect(() => {
    setText((before) => (Number(before.replace(",", ".")) === value ? before : value === undefined ? before : String(value).replace(".", ",")));
  }, [value]);
  const type = (typed: string) => {
    setText(typed);
    const number = Number(typed.trim().replace(",", "."));
    const fits = typed.trim() !== "" && number >= least && number <= most && (step < 1 || Number.isInteger(number));
    onChange(fits ? number : undefined);
  };
  return (
    <>
      <TextField label={label} hideLabel inputMode={step < 1 ? "decimal" : "numeric"} value={text} onChange={type} className={style.number} maxLength={7} />
      <span className={style.soft}>{unit}</span>
      {value === undefined && text !== "" && (
        <span className={style.soft}>
          entre {least} et {most}
        </span>
      )}
    </>
  );
}

/** Codes that are typed. */
function Typed({ label, help, values, onChange, pattern }: { label: string; help: string; values: string[]; onChange: (values: string[]) => void; pattern: RegExp }) {
  const [text, setText] = useState(values.join(", "));
  return (
    <>
      <TextField
        label={label}
        hideLabel
        value={text}
        placeholder={help}
        className={style.wide}
        onChange={(typed) => {
          setText(typed);
          onChange([...new Set(typed.toUpperCase().split(/[\s,;]+/).filter((word) => pattern.test(word)))]);
        }}
      />
      <span className={style.soft}>{help}</span>
    </>
  );
}

type Place = { lon?: number; lat?: number; km?: number; label?: string };

function Circle({ value, onChange, lists }: { value: unknown; onChange: (value: Place) => void; lists: Lists }) {
  const place = (value ?? {}) as Place;
  const chosen = place.label ? { id: lists.communes.find((choice) => choice.label === place.label)?.id ?? "lieu", label: place.label } : null;
  const { km: _, ...centre } = place;
  return (
    <>
      <Numeric label="Distance en kilomètres" value={place.km} onChange={(km) => onChange(km === undefined ? centre : { ...place, km })} least={0.1} most={100} step={0.1} unit="km autour de" />
      <SearchSelect
        label="Commune au centre"
        hideLabel
        small
        placeholder="Commune"
        choices={lists.communes}
        value={chosen}
        className={style.wide}
        onChange={(choice) => {
          const at = choice && lists.places.get(choice.id);
          if (at) onChange({ ...place, lon: at.lon, lat: at.lat, label: at.name });
        }}
      />
    </>
  );
}

function Area({ value, onChange, drawing, path }: { value: unknown; onChange: (value: { points: [number, number][] }) => void; drawing: Drawing; path: Path }) {
  const points = ((value as { points?: [number, number][] } | undefined)?.points ?? []) as [number, number][];
  const active = drawing.path?.join() === path.join();
  return (
    <>
      <Button small icon={active ? "check" : "edit"} look={active ? "primary" : "plain"} onPress={() => (active ? drawing.stop() : drawing.start(path))}>
        {active ? "Terminer le contour" : points.length > 0 ? "Continuer le contour" : "Dessiner sur la carte"}
      </Button>
      {points.length > 0 && (
        <>
          <span className={style.soft}>{plural(points.length, "point")}</span>
          <Button small look="quiet" icon="undo" onPress={() => onChange({ points: points.slice(0, -1) })}>
            Retirer le dernier
          </Button>
        </>
      )}
      <span className={style.soft}>{active ? "Cliquez les coins sur la carte, au moins trois." : "Au clavier : les critères « Commune » et « Distance à un lieu » disent aussi un lieu."}</span>
    </>
  );
}

function Codes({ value, onChange }: { value: unknown; onChange: (value: { column?: string; values: string[] }) => void }) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery(codesQuery);
  const code = (value ?? { values: [] }) as { column?: string; values: string[] };
  const columns = (data?.columns ?? []).filter((column) => column.chosen).map(({ name }) => ({ id: name, label: name }));
  const codes = (data?.codes ?? []).filter((one) => one.column === code.column).map((one) => ({ id: one.code, label: one.code, detail: plural(one.establishments, "employeur") }));
  return (
    <>
      {columns.length > 0 && <Select label="Colonne de vos fichiers" hideLabel small choices={columns} value={code.column ?? null} onChange={(column) => onChange({ column, values: [] })} placeholder="Colonne" />}
      {code.column && <Chips label={`Codes de la colonne ${code.column}`} values={code.values} onChange={(values) => onChange({ ...code, values })} choices={codes} name={(one) => one} />}
      {columns.length === 0 && data && <span className={style.soft}>Aucune colonne de vos fichiers n’est désignée comme code.</span>}
      <Button small look="quiet" onPress={() => setOpen(true)}>
        Choisir les colonnes
      </Button>
      <CodesDialog isOpen={open} onClose={() => setOpen(false)} />
    </>
  );
}
