// Makes the page work offline. `cargo xtask dist` fills in the two lines below; as they stand nothing is kept.
const VERSION = "unbuilt";
const FILES = [];

/** Read anew whenever there is a network: prices are data, and may change without the page. */
const FRESH = "rates.json";

const CACHE = `textmeter-${VERSION}`;
const addressOf = (file) => new URL(file, self.registration.scope).href;
const PAGE = addressOf("./");

self.addEventListener("install", (event) => {
  // Past the browser's own store: a file of the last version must not slip into this one.
  const files = FILES.map((file) => new Request(addressOf(file), { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("textmeter-") && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

// The page asks for it when its reader agrees: no file is changed under a text being written.
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());

const kept = new Set(FILES.map(addressOf));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = request.url.replace(/[?#].*$/, "");
  if (address === addressOf(FRESH)) event.respondWith(fresh(request));
  else if (kept.has(address)) event.respondWith(stored(address, request));
  else if (address === addressOf("index.html")) event.respondWith(stored(PAGE, request));
  // Everything else, the API before all, goes its way as if this were not here.
});

async function fresh(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(addressOf(FRESH), response.clone());
    return response;
  } catch (error) {
    const last = await cache.match(addressOf(FRESH));
    if (last) return last;
    throw error;
  }
}

async function stored(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}
