// Names of territories, from the browser's own tables.
import { languages } from "./languages.js";

let names;

/** The name of a territory in the reader's language; the code itself where there is none. */
export function placeName(code) {
  names ??= new Intl.DisplayNames(languages(), { type: "region", fallback: "code" });
  try {
    return names.of(code);
  } catch {
    return code;
  }
}
