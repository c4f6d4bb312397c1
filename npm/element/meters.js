// One meter for each rate card on a page, however many elements ask. The pricing module comes with the first.

const byAddress = new Map();
const byCard = new WeakMap();

/** The meter of a card, given as an object or by its address. */
export function meterFor(source) {
  const meters = typeof source === "string" ? byAddress : byCard;
  if (!meters.has(source)) {
    const meter = load(source);
    meters.set(source, meter);
    meter.catch(() => meters.delete(source)); // the next one may try again: the network may be back
  }
  return meters.get(source);
}

async function load(source) {
  const [card, { createMeter }] = await Promise.all([typeof source === "string" ? fetched(source) : source, import("../index.js")]);
  return createMeter(card);
}

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The rates could not be read: ${address} answered ${response.status}.`);
  return response.json();
}
