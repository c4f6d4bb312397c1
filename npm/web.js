// The entry for pages that load the pricing module as a separate .wasm file, which is packed better than text.
import init from "./pkg/textmeter.js";
import { TextmeterError } from "./error.js";
import { Meter, requireWebAssembly } from "./meter.js";

export { TextmeterError };

let ready;

/** Loads the pricing module once and reads a rate card; `wasm` says where the module is, if not beside this file. */
export async function loadMeter({ card, wasm } = {}) {
  requireWebAssembly();
  ready ??= init({ module_or_path: wasm ?? new URL("./pkg/textmeter_bg.wasm", import.meta.url) });
  try {
    await ready;
  } catch (cause) {
    ready = undefined; // the next call may try again: the network may be back
    throw new TextmeterError("no-webassembly", "wasm", `The pricing module could not be loaded: ${cause.message}`);
  }
  return new Meter(card);
}
