// The entry for Node, Deno, Bun and bundlers: the pricing module is in here as text, so that nothing is fetched.
import packed from "./pkg/packed.js";
import { initSync } from "./pkg/textmeter.js";
import { requireWebAssembly } from "./border.js";
import { TextmeterError } from "./error.js";
import { Meter } from "./meter.js";

export { TextmeterError };

let ready = false;

/** Reads a rate card (the parsed rates.json); the first call unpacks the pricing module. */
export function createMeter(card) {
  if (!ready) {
    requireWebAssembly();
    start();
    ready = true;
  }
  return new Meter(card);
}

function start() {
  try {
    initSync({ module: Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)) });
  } catch (cause) {
    // A page whose Content-Security-Policy lacks 'wasm-unsafe-eval' ends here.
    throw new TextmeterError("no-webassembly", "", `The pricing module could not be started: ${cause.message}`);
  }
}
