import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { ground as groundQuery, naf as nafQuery, segment as segmentQuery } from "@/api/queries";
import type { Query } from "@/router";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Icon } from "@/ui/Icon";
import { Checkbox, SearchSelect, Select, TextField, type Choice } from "@/ui/Field";
import { phone, useMedia } from "@/ui/media";
import style from "./Establishments.module.css";
import { filterNames, nafChoices, sizeGroups, stateChoices, visitChoices } from "./filters";

const any = (label: string): Choice => ({ id: "", label });

/** The field of words: the address follows a fifth of a second after the last key. */
function Words({ query }: { query: Query }) {
  const given = query.get("q") ?? "";
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return;
    const timer = setTimeout(() => query.set({ q: text.trim() }, { replace: true }), 200);
    return () => clearTimeout(timer);
  }, [text, given, query]);
  return <TextField label="Nom ou SIRET" hideLabel type="search" value={text} onChange={setText} placeholder="Nom ou SIRET" className={style.words} />;
}

/** The segment whose members are shown: its name, and a way out. */
function Segment({ query }: { query: Query }) {
  const id = Number(query.get("segment"));
  const { data } = useQuery({ ...segmentQuery(id), enabled: id > 0 });
  if (!(id > 0)) return null;
  return (
    <Button icon="segment" onPress={() => query.set({ segment: null })} aria-label={`Ne plus filtrer par le segment ${data?.name ?? ""}`} className={style.segment}>
      {data?.name ?? "Segment"} <Icon name="close" size={13} />
    </Button>
  );
}

export function FilterBar({ query }: { query: Query }) {
  const small = useMedia(phone);
  const [open, setOpen] = useState(false);
  const ground = useQuery(groundQuery).data;
  const { data: naf } = useQuery(nafQuery);
  const communes = useMemo<Choice[]>(
    () => (ground?.features ?? []).map(({ properties }) => ({ id: properties.code, label: properties.name, detail: properties.code })).sort((a, b) => a.label.localeCompare(b.label, "fr")),
    [ground],
  );
  const activities = useMemo(() => nafChoices(naf?.items), [naf]);
  const commune = communes.find((choice) => choice.id === query.get("commune")) ?? null;
  const activity = activities.find((choice) => choice.id === query.get("naf")) ?? null;
  const set = (name: string) => (value: string) => query.set({ [name]: value });
  const active = filterNames.filter((name) => name !== "q" && query.get(name)).length;

  const fields = (
    <>
      <Segment query={query} />
      <SearchSelect label="Commune" plain hideLabel={!small} placeholder="Commune" choices={communes} value={commune} onChange={(choice) => query.set({ commune: choice?.id })} className={style.filter} />
      <SearchSelect label="Activité (NAF)" plain hideLabel={!small} placeholder="Activité" choices={activities} value={activity} onChange={(choice) => query.set({ naf: choice?.id })} className={style.filterWide} />
      <Select label="Effectif" hideLabel={!small} choices={[any("Tout effectif"), ...sizeGroups]} value={query.get("effectif") ?? ""} onChange={set("effectif")} className={style.filter} />
      <Select label="État" hideLabel={!small} choices={[any("Tout état"), ...stateChoices]} value={query.get("etat") ?? ""} onChange={set("etat")} className={style.filter} />
      <Select label="Visites" hideLabel={!small} choices={[any("Visités ou non"), ...visitChoices]} value={query.get("visites") ?? ""} onChange={set("visites")} className={style.filter} />
    </>
  );
  const clear = () => query.set(Object.fromEntries(filterNames.map((name) => [name, null])));

  if (small) {
    return (
      <>
        <Words query={query} />
        <Button icon="filter" onPress={() => setOpen(true)}>
          {active > 0 ? `Filtres (${active})` : "Filtres"}
        </Button>
        <Dialog title="Filtres" isOpen={open} onClose={() => setOpen(false)}>
          {fields}
          <Checkbox isSelected={query.get("fermes") === "oui"} onChange={(on) => query.set({ fermes: on ? "oui" : null })}>
            Montrer aussi les établissements fermés
          </Checkbox>
          <Button look="primary" wide onPress={() => setOpen(false)}>
            Voir la liste
          </Button>
          {active > 0 && (
            <Button look="quiet" wide onPress={clear}>
              Effacer les filtres
            </Button>
          )}
        </Dialog>
      </>
    );
  }
  return (
    <>
      <Words query={query} />
      {fields}
      <Checkbox isSelected={query.get("fermes") === "oui"} onChange={(on) => query.set({ fermes: on ? "oui" : null })}>
        Fermés
      </Checkbox>
      {(active > 0 || query.get("q")) && (
        <Button look="quiet" icon="close" onPress={clear}>
          Effacer
        </Button>
      )}
    </>
  );
}
