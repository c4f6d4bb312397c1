import type { Meter } from "./meter.js";

export type * from "./pkg/contract.js";
export type { Meter } from "./meter.js";
export { TextmeterError } from "./meter.js";

/** What the pricing module may be loaded from. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** Loads the pricing module once and reads a rate card (the parsed rates.json). */
export function loadMeter(options: { card: object; wasm?: WasmSource | Promise<WasmSource> }): Promise<Meter>;
