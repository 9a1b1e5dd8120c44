// The service worker of /terrain: the app opens without a network, and what waits is sent when one is back.
//
// Nothing of the API is ever kept here: data live sealed in IndexedDB (kept.ts).
import { send } from "./queue";

type Extendable = Event & { waitUntil: (what: Promise<unknown>) => void };
type Fetching = Extendable & { request: Request; respondWith: (answer: Promise<Response>) => void };
declare const __FILES__: string[];
declare const __VERSION__: string;
const scope = self as unknown as { clients: { claim: () => Promise<void> }; skipWaiting: () => Promise<void> };

const cache = `terrain-${__VERSION__}`;
const document_ = "/terrain.html";

addEventListener("install", (event) => {
  (event as Extendable).waitUntil(caches.open(cache).then((open) => open.addAll([document_, ...__FILES__].map((path) => new Request(path, { cache: "reload" })))));
});

addEventListener("activate", (event) => {
  (event as Extendable).waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("terrain-") && name !== cache) await caches.delete(name);
      await scope.clients.claim();
    })(),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = request.mode === "navigate" && /^\/terrain(\/|$)/.test(url.pathname);
  if (!isPage && !__FILES__.includes(url.pathname)) return;
  (event as Fetching).respondWith(caches.match(isPage ? document_ : url.pathname, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
});

// The browser says that the network is back, though the app may be closed.
addEventListener("sync", (event) => {
  (event as Extendable).waitUntil(
    send().then((how) => {
      if (how === "offline") throw new Error("later"); // asks the browser to say it again
    }),
  );
});
