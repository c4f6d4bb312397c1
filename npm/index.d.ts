import type { Meter } from "./meter.js";

export type * from "./pkg/contract.js";
export type { Meter } from "./meter.js";
export { TextmeterError } from "./meter.js";

/**
 * Reads a rate card: the parsed `rates.json`. The first call unpacks the pricing module, in a few milliseconds.
 *
 * Throws a {@link TextmeterError}: `invalid-rate-card` with the broken row in `at`, `wrong-type` where it is no object,
 * `no-webassembly` where the module may not run (a page needs `'wasm-unsafe-eval'` in its `script-src`).
 */
export function createMeter(card: object): Meter;
