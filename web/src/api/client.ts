// The one way to the server: typed by the OpenAPI file, with the CSRF header, an idempotency key and refusals as errors.
import type { components, paths } from "./schema";
import { newKey } from "./key";
import { Refusal } from "./refusal";

export { newKey };

type Method = "get" | "post" | "put" | "patch" | "delete";
type Paths<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;

type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : never;
type PathOf<O> = O extends { parameters: { path: infer P } } ? P : never;
type BodyOf<O> = O extends { requestBody: { content: { "application/json": infer B } } }
  ? B
  : O extends { requestBody?: { content: { "application/json": infer B } } }
    ? B
    : never;
type AnswerOf<O> = O extends { responses: infer R }
  ? R extends { 200: { content: { "application/json": infer A } } } | { 201: { content: { "application/json": infer A } } } | { 202: { content: { "application/json": infer A } } }
    ? A
    : void
  : never;

type Options<O> = {
  path?: PathOf<O>;
  query?: QueryOf<O>;
  body?: BodyOf<O>;
  signal?: AbortSignal | undefined;
  /** Version of the document being changed, sent as If-Match. */
  version?: number;
  /** Kept between two tries of the same form, so that it is done once. */
  key?: string;
};

let csrf = "";

export function setCsrf(token: string): void {
  csrf = token;
}

let signedOut: () => void = () => undefined;

/** Called when the server says that nobody is signed in any more. */
export function onSignedOut(run: () => void): void {
  signedOut = run;
}

export function address(path: string, parameters: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parameters[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}

export async function refusalOf(response: Response): Promise<Refusal> {
  const body: unknown = await response.json().catch(() => null);
  if (body && typeof body === "object") return new Refusal(response.status, body as Record<string, unknown>);
  const title = response.status >= 500 ? "Le serveur n’a pas pu répondre." : "La demande n’a pas abouti.";
  return new Refusal(response.status, { title, code: "unknown", request_id: response.headers.get("X-Request-Id") ?? undefined });
}

async function send(method: Method, url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { method: method.toUpperCase(), credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw Refusal.offline();
  }
  if (!response.ok) {
    const refusal = await refusalOf(response);
    if (refusal.status === 401 && refusal.code === "not_signed_in") signedOut();
    throw refusal;
  }
  return response;
}

async function call<M extends Method, P extends Paths<M>>(method: M, path: P, options: Options<Operation<P, M>> = {}): Promise<AnswerOf<Operation<P, M>>> {
  const { path: parameters, query, body, signal, version, key } = options;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "get") headers["X-CSRF-Token"] = csrf;
  if (method === "post" && path !== "/api/session") headers["Idempotency-Key"] = key ?? newKey();
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await send(method, address(path, parameters ?? {}, query ?? {}), {
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  if (response.status === 204) return undefined as AnswerOf<Operation<P, M>>;
  return (await response.json()) as AnswerOf<Operation<P, M>>;
}

export const api = {
  get: <P extends Paths<"get">>(path: P, options?: Options<Operation<P, "get">>) => call("get", path, options),
  post: <P extends Paths<"post">>(path: P, options?: Options<Operation<P, "post">>) => call("post", path, options),
  put: <P extends Paths<"put">>(path: P, options?: Options<Operation<P, "put">>) => call("put", path, options),
  patch: <P extends Paths<"patch">>(path: P, options?: Options<Operation<P, "patch">>) => call("patch", path, options),
  remove: <P extends Paths<"delete">>(path: P, options?: Options<Operation<P, "delete">>) => call("delete", path, options),
  /** The same as post, of an answer that is a table: its text. */
  async table<P extends Paths<"post">>(path: P, { path: parameters, body }: Options<Operation<P, "post">>): Promise<string> {
    const response = await send("post", address(path, parameters ?? {}), {
      headers: { Accept: "text/csv", "X-CSRF-Token": csrf, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.text();
  },
  /** A file as it is on the disk, with its name in the address. */
  async upload(file: File, key: string, to: "/api/imports" | "/api/needs/import" = "/api/imports"): Promise<Schema<"Import">> {
    const response = await send("post", address(to, {}, to === "/api/imports" ? { name: file.name, preview: true } : { name: file.name }), {
      headers: { Accept: "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": key, "Content-Type": file.type || "application/octet-stream" },
      body: file,
    });
    return (await response.json()) as Schema<"Import">;
  },
  /** A file as the new content of what is at this address. */
  async give(path: Paths<"put">, parameters: Record<string, unknown>, file: File): Promise<void> {
    await send("put", address(path, parameters, { name: file.name }), {
      headers: { Accept: "application/json", "X-CSRF-Token": csrf, "Content-Type": file.type || "application/octet-stream" },
      body: file,
    });
  },
};

export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
