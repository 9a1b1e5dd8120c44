// A rule as the server keeps it: a tree of groups and criteria; how the editor changes it, and how it meets the list's filters.
export type Value = unknown;
export type Term = { field: string; op: string; value?: Value };
export type Join = "all" | "any" | "none";
export type Group = { join: Join; items: Node[] };
export type Node = Group | Term;
export type Rule = Group & { closed?: boolean };
/** Where a node is: the index among the children, at each level. */
export type Path = number[];

const joins: Join[] = ["all", "any", "none"];

export const isGroup = (node: Node): node is Group => "join" in node;
export const everything: Rule = { join: "all", items: [] };

/** From the JSON of the server; what is not a rule becomes one that keeps everything. */
export function ruleOf(json: unknown): Rule {
  const node = nodeOf(json);
  if (!node || !isGroup(node)) return everything;
  return (json as { closed?: boolean }).closed === true ? { ...node, closed: true } : node;
}

function nodeOf(json: unknown): Node | null {
  if (!json || typeof json !== "object") return null;
  const object = json as Record<string, unknown>;
  const join = joins.find((name) => Array.isArray(object[name]));
  if (join) return { join, items: (object[join] as unknown[]).map(nodeOf).filter((node) => node !== null) };
  if (typeof object["field"] !== "string" || typeof object["op"] !== "string") return null;
  return { field: object["field"], op: object["op"], ...("value" in object ? { value: object["value"] } : {}) };
}

/** As the server wants it. */
export function jsonOf(rule: Rule): Record<string, unknown> {
  return { ...(jsonOfNode(rule) as Record<string, unknown>), ...(rule.closed ? { closed: true } : {}) };
}

function jsonOfNode(node: Node): unknown {
  if (isGroup(node)) return { [node.join]: node.items.map(jsonOfNode) };
  return { field: node.field, op: node.op, ...(node.value === undefined ? {} : { value: node.value }) };
}

const bare = new Set(["never", "any", "none"]);

/** Whether a criterion says enough to be counted. */
export function isComplete(term: Term): boolean {
  const { op, value } = term;
  if (bare.has(op)) return true;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "string") return value.trim().length >= 2;
  if (typeof value === "number") return Number.isFinite(value);
  if (value && typeof value === "object") {
    const place = value as { points?: unknown[]; km?: unknown; lon?: unknown; column?: string; values?: unknown[] };
    if ("points" in place) return (place.points?.length ?? 0) >= 3;
    if ("column" in place) return !!place.column && (place.values?.length ?? 0) > 0;
    return typeof place.lon === "number" && typeof place.km === "number" && place.km >= 0.1;
  }
  return false;
}

/** The rule without what is not finished: what can be counted while it is being written. */
export function finished(rule: Rule): Rule {
  return { ...rule, items: finishedItems(rule.items) };
}

function finishedItems(items: Node[]): Node[] {
  return items.flatMap((node): Node[] => {
    if (!isGroup(node)) return isComplete(node) ? [node] : [];
    const kept = finishedItems(node.items);
    return kept.length > 0 ? [{ ...node, items: kept }] : [];
  });
}

/** For each child of the root its place among the finished ones; null when it is not. */
export function finishedPlaces(rule: Rule): (number | null)[] {
  let place = 0;
  return rule.items.map((node) => (finishedItems([node]).length > 0 ? place++ : null));
}

export function termsOf(node: Node): Term[] {
  return isGroup(node) ? node.items.flatMap(termsOf) : [node];
}

// --- changes -------------------------------------------------------------------------------------------------------------

function within<G extends Group>(group: G, path: Path, change: (group: Group) => Group): G {
  const [first, ...rest] = path;
  if (first === undefined) return { ...group, ...change(group) };
  return { ...group, items: group.items.map((node, index) => (index === first && isGroup(node) ? within(node, rest, change) : node)) };
}

export const joined = (rule: Rule, path: Path, join: Join): Rule => within(rule, path, (group) => ({ ...group, join }));
export const added = (rule: Rule, path: Path, node: Node): Rule => within(rule, path, (group) => ({ ...group, items: [...group.items, node] }));

function among(rule: Rule, path: Path, change: (items: Node[], index: number) => Node[]): Rule {
  const index = path[path.length - 1];
  if (index === undefined) return rule;
  return within(rule, path.slice(0, -1), (group) => ({ ...group, items: change(group.items, index) }));
}

export const replaced = (rule: Rule, path: Path, node: Node): Rule => among(rule, path, (items, at) => items.map((item, index) => (index === at ? node : item)));
export const removed = (rule: Rule, path: Path): Rule => among(rule, path, (items, at) => items.filter((_, index) => index !== at));

/** One place up (-1) or down (1) among its brothers; the same rule when it is at the end already. */
export function moved(rule: Rule, path: Path, by: -1 | 1): Rule {
  return among(rule, path, (items, at) => {
    const to = at + by;
    const here = items[at];
    const there = items[to];
    if (!here || !there) return items;
    return items.map((item, index) => (index === at ? there : index === to ? here : item));
  });
}

// --- the filters of the list -------------------------------------------------------------------------------------------------

/** What the list's filters say, as its API takes them. */
export type ListFilters = { q?: string; commune?: string; naf?: string; size?: string; state?: string; visited?: string; closed?: boolean; segment?: number };

const parts = (text: string | undefined) => (text ? text.split(",").filter(Boolean) : []);

/** The rule that keeps what a view of the list shows, and what had to be said otherwise. `base`: the rule of the segment it shows. */
export function ruleOfFilters(filters: ListFilters, base?: Rule): { rule: Rule; notes: string[] } {
  const items: Node[] = [];
  const notes: string[] = [];
  if (base && base.items.length > 0) items.push(...(base.join === "all" ? base.items : [{ join: base.join, items: base.items }]));
  if (filters.q) items.push({ field: "name", op: "contains", value: filters.q });
  if (filters.commune) items.push({ field: "commune", op: "is", value: parts(filters.commune) });
  if (filters.naf) items.push({ field: "naf", op: "is", value: parts(filters.naf) });
  if (filters.size) items.push({ field: "size", op: "is", value: parts(filters.size) });
  if (filters.state) {
    const states = parts(filters.state);
    if (states.includes("mine")) notes.push("« Mes engagements » devient « promis par ma structure » : un segment vaut pour toute la structure.");
    items.push({ field: "state", op: "is", value: [...new Set(states.map((state) => (state === "mine" ? "ours" : state)))] });
  }
  if (filters.visited === "never") items.push({ field: "visit", op: "never" });
  if (filters.visited === "year") items.push({ field: "visit", op: "within", value: 12 });
  if (filters.visited === "older") items.push({ field: "visit", op: "before", value: 12 });
  const closed = filters.closed || base?.closed;
  return { rule: { join: "all", items, ...(closed ? { closed: true } : {}) }, notes };
}

/** The filters that say the same as a rule; null when the list has no filter for it. */
export function filtersOfRule(rule: Rule): ListFilters | null {
  if (rule.join !== "all" && rule.items.length > 1) return null;
  if (rule.join === "none" && rule.items.length > 0) return null;
  const filters: ListFilters = rule.closed ? { closed: true } : {};
  const lists: Record<string, "commune" | "naf" | "size" | "state"> = { commune: "commune", naf: "naf", size: "size", state: "state" };
  for (const item of rule.items) {
    if (isGroup(item)) return null;
    const { field, op, value } = item;
    const list = lists[field];
    if (list && op === "is" && Array.isArray(value) && filters[list] === undefined) filters[list] = value.join(",");
    else if (field === "name" && op === "contains" && filters.q === undefined) filters.q = String(value);
    else if (field === "visit" && filters.visited === undefined && op === "never") filters.visited = "never";
    else if (field === "visit" && filters.visited === undefined && op === "within" && value === 12) filters.visited = "year";
    else if (field === "visit" && filters.visited === undefined && op === "before" && value === 12) filters.visited = "older";
    else return null;
  }
  return filters;
}
