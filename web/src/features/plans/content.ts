// The content of a plan: what a new one begins with, and the difference between two of them in sentences.
import type { Schema } from "@/api/client";
import { count, NARROW, plural } from "@/words/number";
import { longDay } from "@/words/time";

export type Content = Schema<"PlanContent">;
/** With every member there, as the server gives it. */
export type Whole = Required<Omit<Content, "rules">> & { rules: Required<NonNullable<Content["rules"]>> };

export function whole(content: Content): Whole {
  return {
    ...content,
    communes: content.communes ?? [],
    segments: content.segments ?? [],
    shares: content.shares ?? [],
    capacities: content.capacities ?? [],
    objectives: content.objectives ?? [],
    rules: { visit_minutes: 90, never_visited: 0, small: 0, each_commune: 0, km_most: null, ...content.rules },
  };
}

export type Names = { organisation: (id: number) => string; segment: (id: number) => string; member: (id: number) => string; commune: (code: string) => string };

/** « A, B et C ». */
export function listed(words: string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} et ${words[words.length - 1]}`;
}

const rules: { key: keyof Whole["rules"]; say: (value: number | null) => string }[] = [
  { key: "visit_minutes", say: (value) => `durée d’une visite, trajet compris : ${value}${NARROW}min` },
  { key: "never_visited", say: (value) => `employeurs jamais visités : ${value ? `${value}${NARROW}% des visites au moins` : "sans minimum"}` },
  { key: "small", say: (value) => `moins de 10 salariés : ${value ? `${value}${NARROW}% des visites au moins` : "sans minimum"}` },
  { key: "each_commune", say: (value) => (value ? `chaque commune : ${plural(value, "visite")} au moins` : "communes : sans minimum") },
  { key: "km_most", say: (value) => (value ? `pas au-delà de ${value}${NARROW}km` : "distance : sans limite") },
];

export function ruleSentences(content: Whole): string[] {
  return rules.map(({ key, say }) => say(content.rules[key]));
}

const goals = [
  ["visits", "visites"],
  ["first_contacts", "premiers contacts"],
  ["needs", "besoins"],
  ["offers", "offres"],
] as const;

function set<T>(before: T[], after: T[]): { come: T[]; gone: T[] } {
  return { come: after.filter((one) => !before.includes(one)), gone: before.filter((one) => !after.includes(one)) };
}

/** What changed from one content to the other, one sentence each; none when they are the same. */
export function differences(was: Content, is: Content, names: Names): string[] {
  const a = whole(was);
  const b = whole(is);
  const out: string[] = [];
  if (a.name !== b.name) out.push(`Nom : « ${a.name} » devient « ${b.name} »`);
  if (a.starts_on !== b.starts_on || a.ends_on !== b.ends_on) out.push(`Période : du ${longDay(b.starts_on)} au ${longDay(b.ends_on)} (avant : du ${longDay(a.starts_on)} au ${longDay(a.ends_on)})`);
  const communes = set(a.communes, b.communes);
  if (a.communes.length > 0 && b.communes.length === 0) out.push("Communes : tout le territoire (avant : certaines communes)");
  else if (a.communes.length === 0 && b.communes.length > 0) out.push(`Communes : ${plural(b.communes.length, "commune")} seulement (avant : tout le territoire)`);
  else {
    if (communes.come.length > 0) out.push(`Communes ajoutées : ${communes.come.length > 6 ? count(communes.come.length) : listed(communes.come.map(names.commune))}`);
    if (communes.gone.length > 0) out.push(`Communes retirées : ${communes.gone.length > 6 ? count(communes.gone.length) : listed(communes.gone.map(names.commune))}`);
  }
  const partners = set(a.partners, b.partners);
  for (const id of partners.come) out.push(`${names.organisation(id)} entre dans le plan`);
  for (const id of partners.gone) out.push(`${names.organisation(id)} sort du plan`);
  for (const segment of b.segments) {
    const before = a.segments.find((one) => one.segment === segment.segment);
    if (!before) out.push(`Segment ajouté : ${names.segment(segment.segment)}`);
    else {
      if (before.version !== segment.version) out.push(`Segment ${names.segment(segment.segment)} : version ${segment.version} (avant : ${before.version})`);
      if ((before.lead ?? null) !== (segment.lead ?? null)) out.push(`Segment ${names.segment(segment.segment)} : ${segment.lead ? `${names.organisation(segment.lead)} mène` : "plus de chef de file"}`);
    }
  }
  for (const segment of a.segments) if (!b.segments.some((one) => one.segment === segment.segment)) out.push(`Segment retiré : ${names.segment(segment.segment)}`);
  for (const { key, say } of rules) {
    if (a.rules[key] !== b.rules[key]) out.push(`Règle, ${say(b.rules[key])} (avant : ${say(a.rules[key]).replace(/^[^:]*: /, "")})`);
  }
  const shareOf = (content: Whole, id: number) => content.shares.find((one) => one.organisation === id);
  const shareWords = (share: { least?: number; most?: number } | undefined) => (share ? `${share.least ?? 0} à ${share.most ?? 100}${NARROW}%` : "libre");
  for (const id of b.partners) {
    const before = shareWords(shareOf(a, id));
    const after = shareWords(shareOf(b, id));
    if (before !== after && a.partners.includes(id)) out.push(`Part de ${names.organisation(id)} : ${after} (avant : ${before})`);
  }
  const key = (one: { organisation: number; member?: number | null }) => `${one.organisation}.${one.member ?? ""}`;
  const who = (one: { organisation: number; member?: number | null }) => (one.member ? names.member(one.member) : names.organisation(one.organisation));
  for (const capacity of b.capacities) {
    const before = a.capacities.find((one) => key(one) === key(capacity));
    if (before?.hours !== capacity.hours) out.push(`Heures de ${who(capacity)} : ${count(capacity.hours)} (avant : ${before ? count(before.hours) : "aucune"})`);
  }
  for (const capacity of a.capacities) if (!b.capacities.some((one) => key(one) === key(capacity))) out.push(`Heures de ${who(capacity)} : retirées (avant : ${count(capacity.hours)})`);
  for (const id of b.partners) {
    const before = a.objectives.find((one) => one.organisation === id);
    const after = b.objectives.find((one) => one.organisation === id);
    for (const [goal, word] of goals) {
      if ((before?.[goal] ?? 0) !== (after?.[goal] ?? 0)) out.push(`Objectif de ${names.organisation(id)}, ${word} : ${count(after?.[goal] ?? 0)} (avant : ${count(before?.[goal] ?? 0)})`);
    }
  }
  return out;
}

/** A content told part by part, for two of them side by side. */
export function told(of: Content, names: Names): { part: string; lines: string[] }[] {
  const content = whole(of);
  const sum = (id: number) => content.capacities.filter((one) => one.organisation === id).reduce((hours, one) => hours + one.hours, 0);
  return [
    { part: "Période", lines: [`du ${longDay(content.starts_on)} au ${longDay(content.ends_on)}`] },
    { part: "Communes", lines: [content.communes.length === 0 ? "tout le territoire" : plural(content.communes.length, "commune")] },
    { part: "Segments", lines: content.segments.map((one) => `${names.segment(one.segment)}, version ${one.version}${one.lead ? `, ${names.organisation(one.lead)} mène` : ""}`) },
    { part: "Règles", lines: ruleSentences(content) },
    {
      part: "Heures et parts",
      lines: content.partners.map((id) => {
        const share = content.shares.find((one) => one.organisation === id);
        return `${names.organisation(id)} : ${count(sum(id))}${NARROW}h${share ? `, ${share.least ?? 0} à ${share.most ?? 100}${NARROW}% des visites` : ""}`;
      }),
    },
    {
      part: "Objectifs",
      lines: content.objectives.map((one) => `${names.organisation(one.organisation)} : ${goals.flatMap(([goal, word]) => (one[goal] ? [`${count(one[goal])} ${word}`] : [])).join(", ")}`),
    },
  ];
}

/** What somebody else saved, with what was changed here since the same base put over it, part by part. */
export function merged(base: Content, theirs: Content, mine: Content): Whole {
  const from = whole(base);
  const to = whole(mine);
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const over = <T extends object>(before: T, after: T, kept: T): T =>
    Object.fromEntries(Object.keys(kept).map((key) => [key, same(before[key as keyof T], after[key as keyof T]) ? kept[key as keyof T] : after[key as keyof T]])) as T;
  const rest = over(from, to, whole(theirs));
  return { ...rest, rules: over(from.rules, to.rules, whole(theirs).rules) };
}
