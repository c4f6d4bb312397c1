// The entry for pages that load the pricing module as a separate .wasm file, which is packed better than text.
import init from "./pkg/textmeter.js";
import { loader } from "./border.js";
import { Meter } from "./meter.js";

export { TextmeterError } from "./error.js";

const load = loader(init, () => new URL("./pkg/textmeter_bg.wasm", import.meta.url));

/** Loads the pricing module once and reads a rate card; `wasm` says where the module is, if not beside this file. */
export async function loadMeter({ card, wasm } = {}) {
  await load(wasm);
  return new Meter(card);
}
