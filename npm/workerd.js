// The entry for workerd, which compiles no WebAssembly at run time and imports it as a module instead.
import module from "./pkg/textmeter_bg.wasm";
import { initSync } from "./pkg/textmeter.js";
import { Meter } from "./meter.js";

export { TextmeterError } from "./error.js";

/** Reads a rate card (the parsed rates.json). */
export function createMeter(card) {
  initSync({ module });
  return new Meter(card);
}
