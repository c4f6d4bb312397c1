// What every entry of the package shares. Whatever is handed in is looked at here first, so that a wrong argument is an
// error with a code and never a trap.
import { TextmeterError } from "./error.js";
import { Meter as Door } from "./pkg/textmeter.js";

/** Refuses to begin where nothing can be priced. */
export function requireWebAssembly() {
  if (typeof WebAssembly !== "object") {
    throw new TextmeterError("no-webassembly", "", "This browser does not run WebAssembly, so nothing can be priced here.");
  }
}

/** Prices requests by one rate card. */
export class Meter {
  #door;

  constructor(card) {
    this.#door = new Door(plain(card));
    const problem = this.#door.problem();
    if (problem) {
      this.free();
      read(problem);
    }
  }

  /** The price of one request; synchronous, a few microseconds. */
  quote(request) {
    if (!this.#door) throw new TextmeterError("freed", "", "This meter was freed; load another.");
    return read(this.#door.quote(JSON.stringify(check(request))));
  }

  /** The segments of a text alone, some twenty times as quick as a quote. */
  count(text, channel = "api") {
    for (const [at, value] of [["text", text], ["channel", channel]]) {
      if (typeof value !== "string") throw new TextmeterError("wrong-type", at, `${at}: give a text.`);
    }
    const counts = this.#door?.count(text, channel);
    if (!counts?.length) return this.quote({ text, channel }); // which says why there are none
    return {
      encoding: counts[0] ? "UCS-2" : "GSM-7",
      units: counts[1],
      segments: counts[2],
      segments_min: counts[3],
      units_left: counts[4],
    };
  }

  /** Gives the module's memory back; the meter is of no use afterwards. */
  free() {
    this.#door?.free();
    this.#door = undefined;
  }
}

/** A card as JSON: without cycles, getters or classes. */
function plain(card) {
  if (typeof card !== "object" || card === null) {
    throw new TextmeterError("wrong-type", "card", "The rate card must be an object: the parsed rates.json.");
  }
  try {
    return JSON.stringify(card) ?? "";
  } catch (cause) {
    throw new TextmeterError("wrong-type", "card", `The rate card is not plain data: ${cause.message}`);
  }
}

/** A copy that holds texts, booleans, nulls and lists of texts only; which fields exist is the module's business. */
function check(request) {
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    throw new TextmeterError("wrong-type", "", "The request must be an object.");
  }
  const checked = {};
  for (const [field, value] of Object.entries(request)) {
    if (value === undefined) continue;
    if (field === "minutes" && Number.isFinite(value)) checked.minutes = String(value);
    else if (value === null || typeof value === "string" || typeof value === "boolean") checked[field] = value;
    else if (Array.isArray(value) && value.every((item) => typeof item === "string")) checked[field] = [...value];
    else throw new TextmeterError("wrong-type", field, `${field}: give a text${field === "to" ? " or a list of texts" : ""}.`);
  }
  return checked;
}

/** An answer of the module; one that is an error is thrown. */
function read(json) {
  const answer = JSON.parse(json);
  if (answer.code) throw new TextmeterError(answer.code, answer.at, answer.message);
  return answer;
}
