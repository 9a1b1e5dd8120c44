// The forms of the parts of a plan: each writes into the content that the workshop keeps until it is saved.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { ground as groundQuery, members as membersQuery, organisations as organisationsQuery, segments as segmentsQuery } from "@/api/queries";
import { useWrite } from "@/api/write";
import { Button, IconButton } from "@/ui/Button";
import { DayField, SearchSelect, Select, TextArea, TextField } from "@/ui/Field";
import { Organisation } from "@/ui/Network";
import { plural } from "@/words/number";
import { french } from "@/words/typography";
import type { Whole } from "./content";
import type { Fields } from "./Parts";
import style from "./Plans.module.css";
import { goals, partNames, type Plan } from "./words";

const whole = (text: string, least: number, most: number): number => Math.min(most, Math.max(least, Math.round(Number(text)) || 0));

export function Scope({ content, onWrite }: Fields) {
  const { data } = useQuery(groundQuery);
  const places = (data?.features ?? []).map((feature) => ({ id: String(feature.properties?.["code"]), label: String(feature.properties?.["name"]) })).sort((a, b) => a.label.localeCompare(b.label, "fr"));
  const nameOf = (code: string) => places.find((place) => place.id === code)?.label ?? code;
  return (
    <>
      <TextField label="Nom du plan" required value={content.name} onChange={(name) => onWrite({ name })} maxLength={120} />
      <div className={style.pair}>
        <DayField label="Du" required value={content.starts_on} onChange={(starts_on) => onWrite({ starts_on })} />
        <DayField label="Au" required value={content.ends_on} onChange={(ends_on) => onWrite({ ends_on })} />
      </div>
      <SearchSelect
        label="Limiter à certaines communes"
        value={null}
        adds
        choices={places.filter((place) => !content.communes.includes(place.id))}
        onChange={(place) => place && onWrite({ communes: [...content.communes, place.id].sort() })}
        placeholder="Toutes : tapez un nom pour en choisir"
      />
      {content.communes.length > 0 && (
        <ul className={style.chips}>
          {content.communes.map((code) => (
            <li key={code}>
              {nameOf(code)}
              <IconButton label={`Retirer ${nameOf(code)}`} icon="close" small onPress={() => onWrite({ communes: content.communes.filter((one) => one !== code) })} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Partners({ content, names, onWrite }: Fields) {
  const { data } = useQuery(organisationsQuery);
  const [detailed, setDetailed] = useState<number | null>(null);
  const all = (data?.items ?? []).filter((one) => ["ft", "ml", "ce", "plie"].includes(one.network));
  const networkOf = (id: number) => all.find((one) => one.id === id)?.network ?? "";
  const capacity = (id: number, member: number | null) => content.capacities.find((one) => one.organisation === id && (one.member ?? null) === member)?.hours;
  const setHours = (id: number, member: number | null, text: string) => {
    const others = content.capacities.filter((one) => one.organisation !== id || (one.member ?? null) !== member);
    onWrite({ capacities: text.trim() === "" ? others : [...others, { organisation: id, member, hours: whole(text, 0, 50_000) }] });
  };
  const setShare = (id: number, side: "least" | "most", text: string) => {
    const now = content.shares.find((one) => one.organisation === id) ?? { organisation: id, least: 0, most: 100 };
    const next = { ...now, [side]: text.trim() === "" ? (side === "least" ? 0 : 100) : whole(text, 0, 100) };
    const others = content.shares.filter((one) => one.organisation !== id);
    onWrite({ shares: next.least === 0 && next.most === 100 ? others : [...others, next] });
  };
  const remove = (id: number) =>
    onWrite({
      partners: content.partners.filter((one) => one !== id),
      capacities: content.capacities.filter((one) => one.organisation !== id),
      shares: content.shares.filter((one) => one.organisation !== id),
      objectives: content.objectives.filter((one) => one.organisation !== id),
      segments: content.segments.map((one) => (one.lead === id ? { ...one, lead: null } : one)),
    });
  return (
    <>
      {content.partners.map((id) => (
        <fieldset key={id} className={style.partner}>
          <legend>
            <Organisation name={names.organisation(id)} network={networkOf(id)} size={16} />
          </legend>
          <div className={style.numbers}>
            <TextField label={`Heures de ${names.organisation(id)} sur la période`} hideLabel type="number" min={0} max={50000} inputMode="numeric" placeholder="heures" value={capacity(id, null)?.toString() ?? ""} onChange={(text) => setHours(id, null, text)} className={style.number} />
            <span className={style.soft}>heures, partagées</span>
            <TextField label={`Part minimale de ${names.organisation(id)}, en %`} hideLabel type="number" min={0} max={100} inputMode="numeric" placeholder="min %" value={content.shares.find((one) => one.organisation === id)?.least?.toString() ?? ""} onChange={(text) => setShare(id, "least", text)} className={style.number} />
            <span className={style.soft}>à</span>
            <TextField label={`Part maximale de ${names.organisation(id)}, en %`} hideLabel type="number" min={0} max={100} inputMode="numeric" placeholder="max %" value={content.shares.find((one) => one.organisation === id)?.most?.toString() ?? ""} onChange={(text) => setShare(id, "most", text)} className={style.number} />
            <span className={style.soft}>% des visites</span>
            <Button small look="quiet" aria-expanded={detailed === id} onPress={() => setDetailed(detailed === id ? null : id)}>
              Par conseiller
            </Button>
            <IconButton label={`Retirer ${names.organisation(id)} du plan`} icon="close" small onPress={() => remove(id)} />
          </div>
          {detailed === id && <Advisers id={id} capacity={(member) => capacity(id, member)} onHours={(member, text) => setHours(id, member, text)} />}
        </fieldset>
      ))}
      <SearchSelect
        label="Ajouter un partenaire"
        value={null}
        adds
        choices={all.filter((one) => !content.partners.includes(one.id)).map((one) => ({ id: String(one.id), label: one.short_name, detail: one.name }))}
        onChange={(one) => one && onWrite({ partners: [...content.partners, Number(one.id)].sort((a, b) => a - b) })}
        placeholder="Nom de la structure"
      />
    </>
  );
}

function Advisers({ id, capacity, onHours }: { id: number; capacity: (member: number) => number | undefined; onHours: (member: number, text: string) => void }) {
  const { data } = useQuery(membersQuery(id));
  return (
    <ul className={style.advisers}>
      {(data?.items ?? []).map((member) => (
        <li key={member.id}>
          <span>{member.name}</span>
          <TextField label={`Heures de ${member.name}`} hideLabel type="number" min={0} max={50000} inputMode="numeric" placeholder="part égale" value={capacity(member.id)?.toString() ?? ""} onChange={(text) => onHours(member.id, text)} className={style.number} />
        </li>
      ))}
    </ul>
  );
}

export function Segments({ content, names, onWrite }: Fields) {
  const { data } = useQuery(segmentsQuery(false));
  const shared = (data?.items ?? []).filter((one) => one.shared);
  const set = (segment: number, next: Partial<Whole["segments"][number]>) => onWrite({ segments: content.segments.map((one) => (one.segment === segment ? { ...one, ...next } : one)) });
  return (
    <>
      {content.segments.map((one) => {
        const latest = shared.find((of) => of.id === one.segment);
        return (
          <fieldset key={one.segment} className={style.partner}>
            <legend>{french(latest?.name ?? names.segment(one.segment))}</legend>
            <div className={style.numbers}>
              <Select
                label={`Chef de file de ${latest?.name ?? "ce segment"}`}
                hideLabel
                small
                value={String(one.lead ?? "")}
                onChange={(lead) => set(one.segment, { lead: lead ? Number(lead) : null })}
                choices={[{ id: "", label: "Sans chef de file" }, ...content.partners.map((id) => ({ id: String(id), label: `${names.organisation(id)} mène` }))]}
              />
              <span className={style.soft}>
                version {one.version}
                {latest?.members != null && `, ${plural(latest.members, "employeur")}`}
              </span>
              {latest && latest.version > one.version && (
                <Button small onPress={() => set(one.segment, { version: latest.version })}>
                  Prendre la version {latest.version}
                </Button>
              )}
              <IconButton label={`Retirer ${latest?.name ?? "ce segment"}`} icon="close" small onPress={() => onWrite({ segments: content.segments.filter((of) => of.segment !== one.segment) })} />
            </div>
          </fieldset>
        );
      })}
      <SearchSelect
        label="Ajouter un segment"
        value={null}
        adds
        choices={shared.filter((one) => !content.segments.some((of) => of.segment === one.id)).map((one) => ({ id: String(one.id), label: one.name, detail: one.members == null ? "calcul en cours" : plural(one.members, "employeur") }))}
        onChange={(choice) => {
          const one = shared.find((of) => String(of.id) === choice?.id);
          if (one) onWrite({ segments: [...content.segments, { segment: one.id, version: one.version, lead: null }] });
        }}
        placeholder="Nom du segment"
        empty="Aucun autre segment partagé."
      />
    </>
  );
}

export function Rules({ content, onWrite }: Fields) {
  const set = (next: Partial<Whole["rules"]>) => onWrite({ rules: { ...content.rules, ...next } });
  return (
    <>
      <div className={style.pair}>
        <TextField label="Minutes par visite, trajet compris" required type="number" min={15} max={600} inputMode="numeric" value={String(content.rules.visit_minutes)} onChange={(text) => set({ visit_minutes: whole(text, 15, 600) })} />
        <TextField label="Distance maximale (km)" type="number" min={1} max={500} inputMode="numeric" value={content.rules.km_most?.toString() ?? ""} onChange={(text) => set({ km_most: text.trim() === "" ? null : whole(text, 1, 500) })} />
      </div>
      <div className={style.pair}>
        <TextField label="Jamais visités, % au moins" required type="number" min={0} max={100} inputMode="numeric" value={String(content.rules.never_visited)} onChange={(text) => set({ never_visited: whole(text, 0, 100) })} />
        <TextField label="Moins de 10 salariés, % au moins" required type="number" min={0} max={100} inputMode="numeric" value={String(content.rules.small)} onChange={(text) => set({ small: whole(text, 0, 100) })} />
      </div>
      <TextField label="Visites au moins dans chaque commune" required type="number" min={0} max={50} inputMode="numeric" value={String(content.rules.each_commune)} onChange={(text) => set({ each_commune: whole(text, 0, 50) })} help="0 : sans minimum. Une commune qui a moins de candidats en reçoit autant qu’elle en a." />
      <p className={style.soft}>Toujours tenus : oppositions, délais de repos, engagements des partenaires.</p>
    </>
  );
}

export function Objectives({ content, names, onWrite }: Fields) {
  const set = (id: number, goal: (typeof goals)[number]["id"], text: string) => {
    const now = content.objectives.find((one) => one.organisation === id) ?? { organisation: id, visits: 0, first_contacts: 0, needs: 0, offers: 0 };
    const next = { ...now, [goal]: whole(text, 0, 100_000) };
    const others = content.objectives.filter((one) => one.organisation !== id);
    onWrite({ objectives: goals.every((one) => !next[one.id]) ? others : [...others, next] });
  };
  return (
    <>
      {content.partners.map((id) => (
        <fieldset key={id} className={style.partner}>
          <legend>{names.organisation(id)}</legend>
          <div className={style.goals}>
            {goals.map((goal) => (
              <TextField key={goal.id} label={goal.title} required type="number" min={0} max={100000} inputMode="numeric" value={String(content.objectives.find((one) => one.organisation === id)?.[goal.id] ?? 0)} onChange={(text) => set(id, goal.id, text)} />
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}


export function CommentForm({ plan }: { plan: Plan }) {
  const [text, setText] = useState("");
  const [about, setAbout] = useState("");
  const write = useWrite(
    () => {
      const segment = /^s(\d+)$/.exec(about)?.[1];
      return api.post("/api/plans/{id}/comments", { path: { id: plan.id }, body: { text: text.trim(), ...(segment ? { segment: Number(segment) } : about ? { part: about as "scope" } : {}) } });
    },
    { touches: [["plans", "one", plan.id]], done: () => "Commentaire ajouté.", onDone: () => setText("") },
  );
  const choices = [...Object.entries(partNames).map(([id, label]) => ({ id, label })), ...plan.segments.map((one) => ({ id: `s${one.id}`, label: `Segment ${one.name}` }))];
  return (
    <div className={style.form}>
      <Select label="Sur" value={about} onChange={setAbout} choices={choices} small />
      <TextArea label="Commentaire" required value={text} onChange={setText} rows={2} maxLength={2000} />
      <Button small isDisabled={text.trim() === ""} isPending={write.isPending} onPress={() => write.mutate(undefined)}>
        Ajouter
      </Button>
    </div>
  );
}
