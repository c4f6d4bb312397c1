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
  const meter = new Meter(JSON.stringify(card ?? (await rateCard())));
  if (meter.problem()) read(meter.problem());
  return { quote: (request) => read(meter.quote(JSON.stringify(request) ?? "")) };
}

/** An error is an answer with a code. */
function read(json) {
  const answer = JSON.parse(json);
  if (answer.code) throw Object.assign(new Error(), answer);
  return answer;
}
