// What every entry of the package shares. Whatever is handed in is looked at here first, so that a wrong argument is an
// error with a code and never a trap.
import { plain } from "./border.js";
import { TextmeterError } from "./error.js";
import { Meter as Door } from "./pkg/textmeter.js";

/** Prices requests by one rate card. */
export class Meter {
  #door;
  /** The channel that the module counts on. */
  #counted;

  constructor(card) {
    this.#door = new Door(plain(card, "card", "The rate card"));
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
    if (typeof text !== "string") throw wrongType("text");
    if (typeof channel !== "string") throw wrongType("channel");
    const door = this.#door;
    if (door && channel !== this.#counted) door.choose((this.#counted = channel));
    const segments = door?.count(text);
    if (segments === undefined) return this.quote({ text, channel }); // which says why there are none
    return {
      encoding: door.ucs2 ? "UCS-2" : "GSM-7",
      units: door.units,
      segments,
      segments_min: door.segments_min,
      units_left: door.units_left,
    };
  }

  /** Gives the module's memory back; the meter is of no use afterwards. */
  free() {
    this.#door?.free();
    this.#door = undefined;
  }
}

const wrongType = (at, or = "") => new TextmeterError("wrong-type", at, `${at}: give a text${or}.`);

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
    else throw wrongType(field, field === "to" ? " or a list of texts" : "");
  }
  return checked;
}

/** An answer of the module; one that is an error is thrown. */
function read(json) {
  const answer = JSON.parse(json);
  if (answer.code) throw new TextmeterError(answer.code, answer.at, answer.message);
  return answer;
}
