// A rule as French sentences, and the difference between two of them.
import { sizeBands, standing } from "@/words/domain";
import { networkName } from "@/ui/Network";
import { count, plural } from "@/words/number";
import { isGroup, type Group, type Join, type Node, type Rule, type Term } from "./rule";

/** The words of codes, as far as they are known. */
export type Names = { commune: (code: string) => string; naf: (code: string) => string; rome: (code: string) => string; organisation: (id: number) => string; tag: (id: number) => string };

export const joinWords: Record<Join, { choice: string; head: string }> = {
  all: { choice: "tous ces critères", head: "tous ces critères" },
  any: { choice: "au moins un de ces critères", head: "au moins un de ces critères" },
  none: { choice: "aucun de ces critères", head: "aucun de ces critères" },
};

/** Level I and II of the legal forms of INSEE that employers have; what is not here is typed as digits. */
export const legalForms: { id: string; label: string }[] = [
  { id: "1", label: "Entrepreneur individuel" },
  { id: "54", label: "SARL" },
  { id: "55", label: "SA à conseil d’administration" },
  { id: "56", label: "SA à directoire" },
  { id: "57", label: "SAS" },
  { id: "51", label: "Coopérative" },
  { id: "52", label: "SNC" },
  { id: "53", label: "Société en commandite" },
  { id: "62", label: "GIE" },
  { id: "63", label: "Coopérative agricole" },
  { id: "65", label: "Société civile" },
  { id: "71", label: "Administration de l’État" },
  { id: "72", label: "Collectivité territoriale" },
  { id: "73", label: "Établissement public administratif" },
  { id: "81", label: "Organisme de protection sociale" },
  { id: "82", label: "Organisme mutualiste" },
  { id: "83", label: "Comité social et économique" },
  { id: "84", label: "Organisme professionnel" },
  { id: "91", label: "Syndicat de propriétaires" },
  { id: "92", label: "Association" },
  { id: "93", label: "Fondation" },
];

export const stateWords: Record<string, string> = {
  free: "libre",
  promised: "promis par un partenaire",
  ours: "promis par ma structure",
  resting: "en délai de repos",
  opposed: "en opposition",
};

const sizeOf = (code: string) => (code === "unknown" ? "inconnu" : (sizeBands.find((band) => band.id === code)?.label ?? code));

/** « a, b ou c », cut after six. */
export function listed(words: string[], last = "ou"): string {
  const shown = words.length > 6 ? [...words.slice(0, 5), `${count(words.length - 5)} autres`] : words;
  if (shown.length < 2) return shown[0] ?? "";
  return `${shown.slice(0, -1).join(", ")} ${last} ${shown[shown.length - 1]}`;
}

function valuesOf(term: Term, names: Names): string[] {
  const values = Array.isArray(term.value) ? (term.value as unknown[]) : [];
  const print: Record<string, (value: unknown) => string> = {
    naf: (value) => names.naf(String(value)),
    size: (value) => sizeOf(String(value)),
    commune: (value) => names.commune(String(value)),
    legal: (value) => legalForms.find((form) => form.id === value)?.label ?? `catégorie ${String(value)}`,
    state: (value) => stateWords[String(value)] ?? standing[String(value)]?.label ?? String(value),
    contact_by: (value) => (value === "ours" ? "ma structure" : names.organisation(Number(value))),
    contact_network: (value) => networkName(String(value)),
    need: (value) => names.rome(String(value)),
    tag: (value) => `« ${names.tag(Number(value))} »`,
  };
  return values.map(print[term.field] ?? String);
}

const months = (value: unknown) => plural(Number(value), "mois", "mois");

/** One criterion as a sentence without its full stop. */
export function sentence(term: Term, names: Names): string {
  const { field, op, value } = term;
  const not = op === "is_not" || op === "none" || op === "lacks" || op === "outside";
  const words = listed(valuesOf(term, names), not ? "ni" : "ou");
  const since: Record<string, string> = {
    never: "jamais",
    within: `depuis moins de ${months(value)}`,
    not_within: `pas depuis ${months(value)}`,
    before: `il y a plus de ${months(value)}`,
  };
  const least = op === "at_least" ? "d’au moins" : "d’au plus";
  switch (field) {
    case "naf":
      return `activité ${not ? "autre que" : ":"} ${words}`;
    case "size":
      return `effectif ${not ? "autre que" : ":"} ${words}`;
    case "commune":
      return not ? `hors de ${words}` : `à ${words}`;
    case "department":
      return `${not ? "hors du" : "dans le"} département ${words || listed(((value as string[]) ?? []).map(String))}`;
    case "area":
      return `${not ? "hors de" : "dans"} la zone dessinée (${plural(((value as { points?: unknown[] })?.points ?? []).length, "point")})`;
    case "near": {
      const place = value as { km?: number; label?: string; lon?: number; lat?: number } | undefined;
      return `à ${not ? "plus" : "moins"} de ${String(place?.km ?? "?").replace(".", ",")} km de ${place?.label ?? "ce point"}`;
    }
    case "legal":
      return `forme juridique ${not ? "autre que" : ":"} ${words}`;
    case "state":
      return not ? `ni ${words}` : words;
    case "visit":
      return op === "never" ? "jamais visité" : op === "not_within" ? `pas visité depuis ${months(value)}` : `dernière visite ${since[op] ?? ""}`;
    case "contact":
      return op === "never" ? "jamais contacté" : op === "not_within" ? `pas contacté depuis ${months(value)}` : `dernier contact ${since[op] ?? ""}`;
    case "contact_by":
    case "contact_network":
      return `dernier contact ${not ? "par un autre que" : "par"} ${words}`;
    case "need":
      if (op === "any") return "avec un besoin déclaré";
      if (op === "none") return "sans besoin déclaré";
      return not ? `sans besoin en ${words}` : `avec un besoin en ${words}`;
    case "projects":
      return `métiers de l’activité ${least.replace("d’", "avec ")} ${count(Number(value))} projets de recrutement dans le bassin`;
    case "difficult":
      return `part de recrutements difficiles ${least} ${Number(value)} %`;
    case "tension":
      return `tension des métiers ${least} ${String(value).replace(".", ",")} sur 5`;
    case "potential":
      return `potentiel d’embauche ${least} ${Number(value)} sur 100`;
    case "tag":
      return `${not ? "sans" : "avec"} l’étiquette ${words}`;
    case "code": {
      const code = value as { column?: string; values?: string[] } | undefined;
      return `${code?.column ?? "code"} ${not ? "autre que" : ":"} ${listed(code?.values ?? [], not ? "ni" : "ou")}`;
    }
    case "name":
      return `nom ${not ? "sans" : "avec"} « ${String(value ?? "")} »`;
    default:
      return field;
  }
}

export type Line = { depth: number; text: string };

/** The rule, line by line, groups indented. */
export function sentences(rule: Rule, names: Names): Line[] {
  const lines: Line[] = [];
  const walk = (group: Group, depth: number) => {
    for (const node of group.items) {
      if (isGroup(node)) {
        lines.push({ depth, text: `${joinWords[node.join].head} :` });
        walk(node, depth + 1);
      } else lines.push({ depth, text: sentence(node, names) });
    }
  };
  walk(rule, 0);
  if (lines.length === 0) lines.push({ depth: 0, text: "tous les employeurs de la liste" });
  if (rule.closed) lines.push({ depth: 0, text: "établissements fermés compris" });
  return lines;
}

export type Change = { sign: "added" | "removed" | "changed"; text: string };

type Place = { key: string; text: string; term: Term };

function placed(rule: Rule, names: Names): Place[] {
  const found: Place[] = [];
  const walk = (node: Node, under: string) => {
    if (isGroup(node)) for (const item of node.items) walk(item, isGroup(item) ? `${under}/${item.join}` : under);
    else found.push({ key: `${under} ${node.field} ${node.op}`, text: sentence(node, names), term: node });
  };
  walk(rule, rule.join);
  return found;
}

const inGroup = (key: string) => {
  const depth = key.split(" ")[0]?.split("/") ?? [];
  const last = depth[depth.length - 1] as Join;
  return depth.length > 1 ? ` (dans ${joinWords[last].head})` : "";
};

/** What became of a rule, in plain French: one line per criterion that came, went, or takes other values. */
export function difference(before: Rule, after: Rule, names: Names): Change[] {
  const changes: Change[] = [];
  const old = placed(before, names);
  const left = placed(after, names).filter((place) => {
    const same = old.findIndex((one) => one.key === place.key && JSON.stringify(one.term.value) === JSON.stringify(place.term.value));
    if (same >= 0) old.splice(same, 1);
    return same < 0;
  });
  for (const place of left) {
    const was = old.findIndex((one) => one.key === place.key);
    const gone = was >= 0 ? old.splice(was, 1)[0] : undefined;
    if (gone) changes.push({ sign: "changed", text: `${valueChange(gone, place, names)}${inGroup(place.key)}` });
    else changes.push({ sign: "added", text: place.text + inGroup(place.key) });
  }
  for (const place of old) changes.push({ sign: "removed", text: place.text + inGroup(place.key) });
  if (before.join !== after.join) changes.push({ sign: "changed", text: `répondre à ${joinWords[after.join].head} au lieu de ${joinWords[before.join].head}` });
  if (!!before.closed !== !!after.closed) changes.push({ sign: after.closed ? "added" : "removed", text: "établissements fermés compris" });
  return changes;
}

// Lists tell what came and what went; everything else says what it was.
function valueChange(was: Place, is: Place, names: Names): string {
  if (Array.isArray(was.term.value) && Array.isArray(is.term.value)) {
    const old = valuesOf(was.term, names);
    const fresh = valuesOf(is.term, names);
    const came = fresh.filter((word) => !old.includes(word));
    const went = old.filter((word) => !fresh.includes(word));
    const label = is.text.split(/ :| à | autre /)[0] ?? is.text;
    const told = [came.length > 0 ? `ajoute ${listed(came, "et")}` : "", went.length > 0 ? `retire ${listed(went, "et")}` : ""].filter(Boolean).join(", ");
    if (told) return `${label} : ${told}`;
  }
  return `${is.text}, au lieu de : ${was.text}`;
}
