// The built module as a page gets it, opened in Node, without the checks that the package makes of what it is given.

import { readFile } from "node:fs/promises";

const root = new URL("../../", import.meta.url);

/** The rate card of this repository, or another one beside it. */
export async function rateCard(path = "rates.json") {
  return JSON.parse(await readFile(new URL(path, root), "utf8"));
}

/** A meter over a rate card, from the Wasm that `cargo xtask dist` wrote. */
export async function openMeter(card) {
  const { default: start, Meter } = await import(new URL("npm/pkg/textmeter.js", root));
  const bytes = await readFile(new URL("npm/pkg/textmeter_bg.wasm", root));
  await start({ module_or_path: bytes });
  const json = JSON.stringify(card ?? (await rateCard()));
  const meter = knock(() => new Meter(json));
  return { quote: (request) => JSON.parse(knock(() => meter.quote(JSON.stringify(request) ?? ""))) };
}

/** The module throws its errors in JSON. */
function knock(call) {
  try {
    return call();
  } catch (cause) {
    throw typeof cause === "string" ? Object.assign(new Error(), JSON.parse(cause)) : cause;
  }
}
