// The built package as a page gets it, opened in Node.

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
  return new Meter(card ?? (await rateCard()));
}
