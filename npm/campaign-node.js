// The entry for Node, where `fetch` reads no files.
import { readFile } from "node:fs/promises";
import * as lists from "./campaign.js";

export { TextmeterError } from "./error.js";

let module;
const here = () => (module ??= readFile(new URL("./pkg/campaign_bg.wasm", import.meta.url)));

/** Prices a template over a list. */
export const priceList = (asked) => lists.priceList({ wasm: here(), ...asked });

/** Looks at the beginning of a list. */
export const lookAtList = (asked) => lists.lookAtList({ wasm: here(), ...asked });
