// What every entry of the package shares. Whatever is handed in is looked at here first, so that a wrong argument is an
// error with a code and never a trap.
import { knock, plain } from "./border.js";
import { TextmeterError } from "./error.js";
import { Meter as Door } from "./pkg/textmeter.js";

/** Prices requests by one rate card. */
export class Meter {
  #door;

  constructor(card) {
    this.#door = knock(() => new Door(plain(card, "card", "The rate card")));
  }

  /** The price of one request; synchronous, a few microseconds. */
  quote(request) {
    if (!this.#door) throw new TextmeterError("freed", "", "This meter was freed; load another.");
    const checked = check(request);
    return knock(() => this.#door.quote(checked));
  }

  /** Gives the module's memory back; the meter is of no use afterwards. */
  free() {
    this.#door?.free();
    this.#door = undefined;
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
