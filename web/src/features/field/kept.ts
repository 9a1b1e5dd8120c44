// What the telephone keeps: sealed documents and the queue of what is to be sent, in IndexedDB.
//
// Every document is encrypted with a key that scripts can use and never read (WebCrypto, not extractable), made once per
// telephone and forgotten at sign-out. Only what the queue needs to be in order stays in clear: a number, whose it is,
// which visit it speaks of.
import type { Outbound } from "./queue";

const name = "maillage-terrain";

type Sealed = { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer };
type QueueRow = Sealed & { seq?: number; member: number; organisation: number; visit: number };

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((done, fail) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("key");
      request.result.createObjectStore("document");
      request.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
    };
    request.onsuccess = () => {
      // Another tab wipes it: let go, and open it again when asked.
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      done(request.result);
    };
    request.onerror = () => {
      opened = null;
      fail(request.error);
    };
  });
  return opened;
}

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

/** One transaction; resolves once it is over: on the disk for the queue, with the system (which outlives a killed tab) else. */
async function transact<T>(stores: string[], mode: IDBTransactionMode, run: (of: (store: string) => IDBObjectStore) => Promise<T> | T): Promise<T> {
  const db = await database();
  const transaction = db.transaction(stores, mode, { durability: stores.includes("queue") ? "strict" : "relaxed" });
  const over = new Promise<void>((done, fail) => {
    transaction.oncomplete = () => done();
    transaction.onabort = () => fail(transaction.error);
  });
  const answer = await run((store) => transaction.objectStore(store));
  await over;
  return answer;
}

// ---- sealing ----------------------------------------------------------------------------------------------------

let deviceKey: Promise<CryptoKey> | null = null;

async function makeKey(): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two tabs at once: the first one's key stays.
  return transact(["key"], "readwrite", async (of) => {
    const there = (await asked(of("key").get("device"))) as CryptoKey | undefined;
    if (there) return there;
    await asked(of("key").put(fresh, "device"));
    return fresh;
  });
}

function key(): Promise<CryptoKey> {
  deviceKey ??= transact(["key"], "readonly", (of) => asked(of("key").get("device")) as Promise<CryptoKey | undefined>).then((there) => there ?? makeKey());
  return deviceKey;
}

async function seal(value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), new TextEncoder().encode(JSON.stringify(value)));
  return { iv, data };
}

async function unseal<T>(sealed: Sealed | undefined): Promise<T | null> {
  if (!sealed) return null;
  try {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, await key(), sealed.data);
    return JSON.parse(new TextDecoder().decode(text)) as T;
  } catch {
    return null; // of a key that is gone: nobody reads it any more
  }
}

// ---- documents --------------------------------------------------------------------------------------------------

export async function read<T>(of: string): Promise<T | null> {
  return unseal<T>(await transact(["document"], "readonly", (store) => asked(store("document").get(of)) as Promise<Sealed | undefined>));
}

export async function write(of: string, value: unknown): Promise<void> {
  const sealed = await seal(value);
  await transact(["document"], "readwrite", (store) => asked(store("document").put(sealed, of)));
}

export async function forget(of: string): Promise<void> {
  await transact(["document"], "readwrite", (store) => asked(store("document").delete(of)));
}

/** Names of the documents that begin so. */
export async function names(prefix: string): Promise<string[]> {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  return (await transact(["document"], "readonly", (store) => asked(store("document").getAllKeys(range)))) as string[];
}

// ---- the queue --------------------------------------------------------------------------------------------------

const row = (of: Outbound, sealed: Sealed, seq?: number): QueueRow => ({
  ...sealed,
  ...(seq === undefined ? {} : { seq }),
  member: of.member,
  organisation: of.organisation,
  visit: of.visit,
});

/** Puts a write behind the others; in the same transaction the draft it was made from ends. */
export async function enqueue(of: Outbound, draft: string | null): Promise<number> {
  const sealed = await seal(of);
  return transact(["queue", "document"], "readwrite", async (store) => {
    if (draft) store("document").delete(draft);
    return (await asked(store("queue").add(row(of, sealed)))) as number;
  });
}

/** The queue in the order it was typed. What cannot be read any more is left out. */
export async function queued(): Promise<(Outbound & { seq: number })[]> {
  const rows = (await transact(["queue"], "readonly", (store) => asked(store("queue").getAll()))) as QueueRow[];
  const read_ = await Promise.all(rows.map(async (one) => ({ seq: one.seq as number, of: await unseal<Outbound>(one) })));
  return read_.flatMap(({ seq, of }) => (of ? [{ ...of, seq }] : []));
}

/** Replaces an entry at its place, if it is still there. */
export async function requeue(seq: number, of: Outbound): Promise<boolean> {
  const sealed = await seal(of);
  return transact(["queue"], "readwrite", async (store) => {
    if ((await asked(store("queue").getKey(seq))) === undefined) return false;
    await asked(store("queue").put(row(of, sealed, seq)));
    return true;
  });
}

/** Takes an entry out; its text becomes a draft again when one is given. */
export async function dequeue(seq: number, draft?: { name: string; value: unknown }): Promise<void> {
  const sealed = draft ? await seal(draft.value) : null;
  await transact(["queue", "document"], "readwrite", async (store) => {
    if (draft && sealed) await asked(store("document").put(sealed, draft.name));
    await asked(store("queue").delete(seq));
  });
}

/** Everything, key included: what was sealed with it is unreadable from here on. */
export async function wipe(): Promise<void> {
  await transact(["key", "document", "queue"], "readwrite", async (of) => {
    await Promise.all([asked(of("key").clear()), asked(of("document").clear()), asked(of("queue").clear())]);
  });
  deviceKey = null;
}
