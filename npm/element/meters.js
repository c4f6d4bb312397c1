// One meter for each rate card on a page, however many elements ask. The pricing module comes with the first.

/** A card read longer ago than this is read anew by the next element: pages stay open for days. */
const FRESH_MILLISECONDS = 15 * 60_000;

const byAddress = new Map();
const byCard = new WeakMap();

/** The meter of a card, given as an object or by its address; `anew`: not one that is there already. */
export function meterFor(source, anew) {
  const made = typeof source === "string" ? byAddress : byCard;
  const age = Date.now() - made.get(source)?.read;
  // One that is on its way has no age yet, and is as new as can be.
  if (!made.has(source) || age >= (anew ? 0 : FRESH_MILLISECONDS)) {
    const entry = { meter: load(source) };
    made.set(source, entry);
    entry.meter.then(
      () => (entry.read = Date.now()),
      () => made.delete(source), // the next one may try again: the network may be back
    );
  }
  return made.get(source).meter;
}

async function load(source) {
  const [card, { createMeter }] = await Promise.all([typeof source === "string" ? fetched(source) : source, import("../index.js")]);
  return createMeter(card);
}

/** What the browser keeps is asked for anew: prices are data, and may change without the page. */
async function fetched(address) {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`The rates could not be read: ${address} answered ${response.status}.`);
  return response.json();
}
