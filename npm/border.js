// The border to the pricing modules. Whatever is handed in is looked at here first, and whatever goes wrong behind it comes
// out as an error with a code.
import { TextmeterError } from "./error.js";

/** Refuses to begin where nothing can be priced. */
export function requireWebAssembly() {
  if (typeof WebAssembly !== "object") {
    throw new TextmeterError("no-webassembly", "", "This browser does not run WebAssembly, so nothing can be priced here.");
  }
}

/** A document as JSON: without cycles, getters or classes. */
export function plain(document, field, what) {
  if (typeof document !== "object" || document === null) throw new TextmeterError("wrong-type", field, `${what} must be an object.`);
  try {
    return JSON.stringify(document) ?? "";
  } catch (cause) {
    throw new TextmeterError("wrong-type", field, `${what} is not plain data: ${cause.message}`);
  }
}

/** Calls a pricing module. */
export function knock(call) {
  try {
    return call();
  } catch (cause) {
    if (typeof cause?.code !== "string") throw cause;
    throw new TextmeterError(cause.code, cause.at ?? "", cause.message);
  }
}

/** What loads one of the modules once; `init` is its glue's, `here()` where it is if nobody says. */
export function loader(init, here) {
  let ready;
  return async (wasm) => {
    requireWebAssembly();
    ready ??= init({ module_or_path: wasm ?? here() });
    try {
      await ready;
    } catch (cause) {
      ready = undefined; // the next call may try again: the network may be back
      throw new TextmeterError("no-webassembly", "wasm", `The pricing module could not be loaded: ${cause.message}`);
    }
  };
}
