// Makes the page work offline. `cargo xtask dist` fills in the two lines below; as they stand nothing is kept.
const VERSION = "unbuilt";
const FILES = [];

/** Read anew whenever there is a network: prices are data, and may change without the page. */
const FRESH = "rates.json";

/** How long the network may take for it before what is kept is given. */
const PATIENCE_MILLISECONDS = 5000;

const CACHE = `textmeter-${VERSION}`;
const addressOf = (file) => new URL(file, self.registration.scope).href;
const PAGE = addressOf("./");

self.addEventListener("install", (event) => {
  // Past the browser's own store, and each as it was built: a file of another version must not slip into this one, whichever
  // of them reached the server first. Where one does nothing is installed, and the next visit tries again.
  const files = FILES.map(([file, integrity]) => new Request(addressOf(file), { cache: "reload", integrity: file === FRESH ? "" : integrity }));
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

// The page asks for it when its reader agrees. Another page that is open would lose what is written there, or go on with files
// of two versions: as long as there is one, nothing changes.
self.addEventListener("message", (event) => event.data === "take over" && event.waitUntil(takeOver(event.source)));

async function takeOver(asking) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some(({ id, url }) => id !== asking.id && url.startsWith(self.registration.scope))) asking.postMessage("others are open");
  else await self.skipWaiting();
}

const kept = new Set(FILES.map(([file]) => addressOf(file)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = request.url.replace(/[?#].*$/, "");
  if (address === addressOf(FRESH)) event.respondWith(fresh(event));
  else if (kept.has(address)) event.respondWith(stored(address, request));
  else if (address === addressOf("index.html")) event.respondWith(stored(PAGE, request));
  // Everything else, the API before all, goes its way as if this were not here.
});

/** The network's, where it is a rate card and comes in time; else the one that is kept. */
async function fresh(event) {
  const cache = await caches.open(CACHE);
  const asked = fetch(event.request);
  const newest = asked.then(async (response) => {
    const copy = response.clone();
    const { channels } = await response.clone().json();
    if (!response.ok || channels === undefined) throw new Error("somebody else's page, or the server's trouble");
    await cache.put(addressOf(FRESH), copy).catch(() => {}); // full: the price is right all the same
    return response;
  });
  event.waitUntil(newest.catch(() => {})); // one that comes late is for the next time
  try {
    return await Promise.race([newest, new Promise((_, reject) => setTimeout(reject, PATIENCE_MILLISECONDS))]);
  } catch {
    return (await cache.match(addressOf(FRESH))) ?? asked;
  }
}

async function stored(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}
