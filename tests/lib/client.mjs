// What a browser does for the API: keeps cookies, sends the CSRF header with writes, reads event streams.
//
//   const answer = await session.get("/api/establishments?commune=03190");   // { status, headers, body, text, bytes, took }; took: ms until all of it was there
//   const events = await session.stream(); ... await events.next(e => e.kind === "promise.made"); events.close();

export class Session {
  constructor(url) {
    this.url = url;
    this.cookies = new Map();
    this.csrf = null;
  }

  get(path, options) {
    return this.request("GET", path, undefined, options);
  }
  post(path, body, options) {
    return this.request("POST", path, body ?? {}, options);
  }
  put(path, body, options) {
    return this.request("PUT", path, body ?? {}, options);
  }
  patch(path, body, options) {
    return this.request("PATCH", path, body ?? {}, options);
  }
  delete(path, options) {
    return this.request("DELETE", path, undefined, options);
  }

  /** Body: an object goes as JSON; a Buffer or a string goes as it is, with `type`. */
  async request(method, path, body, { headers = {}, type, signal, redirect = "manual" } = {}) {
    const sent = this.#headers(method, headers);
    let payload;
    if (body !== undefined) {
      const raw = typeof body === "string" || body instanceof Uint8Array;
      payload = raw ? body : JSON.stringify(body);
      sent["content-type"] ??= type ?? (raw ? "application/octet-stream" : "application/json");
    }
    const start = performance.now();
    const answer = await fetch(this.url + path, { method, headers: sent, body: payload, signal, redirect });
    this.#keep(answer);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const took = performance.now() - start;
    const text = new TextDecoder().decode(bytes); // without the byte order mark, as fetch reads it
    let read = null;
    if (/json/.test(answer.headers.get("content-type") ?? "") && text) read = JSON.parse(text);
    if (read?.csrf) this.csrf = read.csrf;
    return { status: answer.status, headers: answer.headers, body: read, text, bytes, took };
  }

  #headers(method, headers) {
    const sent = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v]));
    if (this.cookies.size) sent.cookie ??= [...this.cookies].map(([k, v]) => `${k}=${v}`).join("; ");
    if (method !== "GET" && this.csrf) sent["x-csrf-token"] ??= this.csrf;
    return sent;
  }

  #keep(answer) {
    // Debian 12's Node 18 has no getSetCookie: there the lines come joined, and ours all begin with __Host-.
    const lines = answer.headers.getSetCookie?.() ?? (answer.headers.get("set-cookie") ?? "").split(/,\s*(?=__Host-)/).filter(Boolean);
    for (const line of lines) {
      const [pair, ...attributes] = line.split(";").map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf("="));
      const value = pair.slice(name.length + 1);
      if (value === "" || attributes.some((a) => /^max-age=0$/i.test(a))) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }

  /** Opens the event stream. */
  async stream(path = "/api/stream") {
    const abort = new AbortController();
    const answer = await fetch(this.url + path, {
      headers: this.#headers("GET", { accept: "text/event-stream" }),
      signal: abort.signal,
    });
    if (answer.status !== 200) throw new Error(`the stream answered ${answer.status}: ${await answer.text()}`);
    return new EventStream(answer.body, abort);
  }
}

class EventStream {
  #waiting = [];
  events = [];

  constructor(body, abort) {
    this.abort = abort;
    this.ended = this.#read(body).catch(() => {});
  }

  async #read(body) {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      for (let end; (end = text.search(/\r?\n\r?\n/)) >= 0; ) {
        const lines = text.slice(0, end).split(/\r?\n/);
        text = text.slice(end).replace(/^\r?\n\r?\n/, "");
        const data = lines.filter((l) => l.startsWith("data:")).map((l) => l.slice(5).trimStart()).join("\n");
        if (!data) continue;
        let value = data;
        try {
          value = JSON.parse(data);
        } catch {}
        this.events.push(value);
        this.#waiting = this.#waiting.filter((w) => !w(value));
      }
    }
  }

  /** The first event, past or to come, that `wanted` accepts. */
  next(wanted = () => true, seconds = 5) {
    const past = this.events.find(wanted);
    if (past) return Promise.resolve(past);
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`no such event within ${seconds} s; seen: ${JSON.stringify(this.events)}`)), seconds * 1000);
      this.#waiting.push((value) => {
        if (!wanted(value)) return false;
        clearTimeout(late);
        done(value);
        return true;
      });
    });
  }

  close() {
    this.abort.abort();
    return this.ended;
  }
}
