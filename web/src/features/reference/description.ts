// Reads an OpenAPI file for people: its operations, their fields, an example. Pure.
export type Shape = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: (string | null)[];
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  anyOf?: Shape[];
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
};
type Parameter = { name: string; in: string; required?: boolean; schema: Shape; description?: string };
type Content = { content?: Record<string, { schema: Shape }> };
type Raw = { summary: string; parameters?: Parameter[]; requestBody?: Content & { required?: boolean }; responses: Record<string, Content>; "x-scope"?: string; "x-errors"?: string[] };
export type Api = { info: { version: string }; paths: Record<string, Record<string, Raw>>; components: { schemas: Record<string, Shape> } };

export type Operation = { method: string; path: string; summary: string; scope: string | null; errors: string[]; parameters: Parameter[]; body: Shape | null; answers: [string, Shape | null][] };

const first = (content: Content | undefined): Shape | null => Object.values(content?.content ?? {})[0]?.schema ?? null;

/** By path, then method; those that write nothing first. */
export function operationsOf(api: Api): Operation[] {
  const order = ["get", "post", "put", "patch", "delete"];
  return Object.entries(api.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, raw]) => ({
        method,
        path,
        summary: raw.summary,
        scope: raw["x-scope"] ?? null,
        errors: raw["x-errors"] ?? [],
        parameters: raw.parameters ?? [],
        body: first(raw.requestBody),
        answers: Object.entries(raw.responses).filter(([status]) => status !== "default").map(([status, content]): [string, Shape | null] => [status, first(content)]),
      })),
    )
    .sort((a, b) => a.path.localeCompare(b.path) || order.indexOf(a.method) - order.indexOf(b.method));
}

function solved(api: Api, shape: Shape): Shape {
  return shape.$ref ? (api.components.schemas[shape.$ref.split("/").at(-1) ?? ""] ?? {}) : shape;
}

const names: Record<string, string> = { string: "texte", integer: "nombre entier", number: "nombre", boolean: "vrai ou faux", object: "objet", array: "liste", null: "rien" };
const formats: Record<string, string> = { date: "jour AAAA-MM-JJ", "date-time": "moment ISO 8601", uri: "adresse", email: "adresse électronique" };

/** What a value looks like, in a few words. */
export function shapeOf(api: Api, shape: Shape): string {
  if (shape.$ref) return shape.$ref.split("/").at(-1) ?? "";
  if (shape.anyOf) return shape.anyOf.map((one) => shapeOf(api, one)).join(" ou ");
  if (shape.enum) return shape.enum.map((one) => one ?? "rien").join(", ");
  if (shape.items) return `liste : ${shapeOf(api, shape.items)}`;
  if (shape.format && formats[shape.format]) return formats[shape.format] ?? "";
  const types = [shape.type ?? "objet"].flat().map((type) => names[type] ?? type);
  const bounds = shape.minimum !== undefined && shape.maximum !== undefined ? ` de ${shape.minimum} à ${shape.maximum}` : shape.maxLength !== undefined ? ` de ${shape.maxLength} signes au plus` : "";
  return types.join(" ou ") + bounds;
}

export type Row = { name: string; where: string; shape: string; required: boolean; note: string };

/** What one sends: parts of the address, parameters, members of the body. */
export function rowsOf(api: Api, one: Operation): Row[] {
  const wheres: Record<string, string> = { path: "adresse", query: "paramètre", header: "en-tête" };
  const body = one.body ? solved(api, one.body) : null;
  return [
    ...one.parameters.map((parameter) => ({ name: parameter.name, where: wheres[parameter.in] ?? parameter.in, shape: shapeOf(api, parameter.schema), required: parameter.required ?? false, note: parameter.description ?? "" })),
    ...Object.entries(body?.properties ?? {}).map(([name, shape]) => ({ name, where: "corps", shape: shapeOf(api, shape), required: body?.required?.includes(name) ?? false, note: shape.description ?? "" })),
  ];
}

function sample(api: Api, shape: Shape): unknown {
  const real = solved(api, shape);
  if (real.enum) return real.enum[0];
  if (real.items) return [sample(api, real.items)];
  if (real.format === "date") return "2026-09-01";
  if (real.format === "date-time") return "2026-09-01T09:30:00+02:00";
  const type = [real.type ?? "object"].flat()[0];
  return type === "integer" || type === "number" ? Math.max(real.minimum ?? 1, 1) : type === "boolean" ? true : type === "string" ? "…" : {};
}

/** A command that can be pasted in a shell, with the required members of the body. */
export function example(api: Api, one: Operation, origin: string): string {
  const body = one.body ? solved(api, one.body) : null;
  const lines = [`curl${one.method === "get" ? "" : ` --request ${one.method.toUpperCase()}`} "${origin}${one.path.replaceAll(/\{(\w+)\}/g, "$$$1")}"`, `--header "Authorization: Bearer $MAILLAGE_KEY"`];
  if (one.parameters.some((parameter) => parameter.name === "If-Match")) lines.push(`--header 'If-Match: "1"'`);
  if (body) {
    const members = Object.fromEntries((body.required ?? []).map((name) => [name, sample(api, body.properties?.[name] ?? {})]));
    lines.push(`--header "Content-Type: application/json"`, `--data '${JSON.stringify(members)}'`);
  }
  return lines.join(" \\\n     ");
}
