// What the server answers when it refuses (RFC 9457), or when it cannot be reached.

export type FieldFault = { field: string; code: string; message: string };

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** A French sentence. */
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly fields: FieldFault[];
  /** Members special to the code, such as who holds a promise. */
  readonly extra: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    const { title, code, detail, request_id: requestId, fields, type, status: _status, ...extra } = body;
    const sentence = typeof title === "string" ? title : "La demande n’a pas abouti.";
    super(sentence);
    this.name = "Refusal";
    this.status = status;
    this.code = typeof code === "string" ? code : String(type ?? "unknown").replace(/^.*\//, "");
    this.title = sentence;
    this.detail = typeof detail === "string" ? detail : undefined;
    this.requestId = typeof requestId === "string" ? requestId : undefined;
    this.fields = Array.isArray(fields) ? (fields as FieldFault[]) : [];
    this.extra = extra;
  }

  /** The sentence for one field of a form. */
  of(field: string): string | undefined {
    return this.fields.find((fault) => fault.field === field)?.message;
  }

  static offline(): Refusal {
    return new Refusal(0, {
      code: "offline",
      title: "Le serveur ne répond pas.",
      detail: "Vérifiez votre connexion ; rien de ce que vous avez saisi n’est perdu.",
    });
  }
}

export function fault(error: unknown, field: string): string | undefined {
  return error instanceof Refusal ? error.of(field) : undefined;
}
