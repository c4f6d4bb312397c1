// The meter without a box: for editors that keep their own text (contenteditable, Lexical, ProseMirror, native shells).
// The host says what changed, reads the quote, the marks and the fixes, and applies an edit itself when asked to.
// `<text-meter>` is built on the same thing.
import { editsBetween } from "./composer/edit.js";
import { slipsOf } from "./composer/scripts.js";
import { FORCES_UNICODE, SAFE_FIXES, allFixed, safeFixes, unaccented } from "./composer/ways-out.js";
import { TextmeterError } from "./error.js";

const LISTED = new Set([...SAFE_FIXES, "unaccent", "unsupported"]);

/** Watches one text; see headless.d.ts. */
export function watchText(options) {
  return new TextWatch(options);
}

export class TextWatch extends EventTarget {
  #meter;
  #apply;
  #target;
  #request = { text: "" };
  #balanceIsOld = false;
  #kept = new Set();
  #quote = null;
  #error = null;
  #exceeded = false;

  /** `made` gets the watch before it tells anything: who hears of the first change may ask for it. */
  constructor({ meter, apply, target, made, ...request } = {}) {
    super();
    if (typeof meter?.quote !== "function") throw new TextmeterError("wrong-type", "meter", "meter: give what createMeter or loadMeter returned.");
    if (apply !== undefined && typeof apply !== "function") throw new TextmeterError("wrong-type", "apply", "apply: give a function, or leave it out.");
    this.#meter = meter;
    this.#apply = apply;
    this.#target = target ?? this;
    made?.(this);
    this.update(request);
  }

  get quote() {
    return this.#quote;
  }

  get error() {
    return this.#error;
  }

  get request() {
    return this.#request;
  }

  get kept() {
    return this.#kept;
  }

  get exceeded() {
    return this.#exceeded;
  }

  /** Asks the same meter something else; null where it refuses. */
  ask = (request) => {
    try {
      return this.#meter.quote(request);
    } catch (error) {
      if (error instanceof TextmeterError) return null;
      throw error;
    }
  };

  update({ meter = this.#meter, balanceIsOld = this.#balanceIsOld, ...changes }) {
    const request = { ...this.#request, ...changes };
    const same = meter === this.#meter && JSON.stringify(request) === JSON.stringify(this.#request);
    this.#meter = meter;
    this.#balanceIsOld = balanceIsOld;
    if (!same || this.#quote === null) {
      this.#request = request;
      this.#price();
      if (this.#quote !== null) this.#tell("text-meter-change");
    }
    if (this.#quote !== null) this.#judge();
    return this.#quote;
  }

  #price() {
    try {
      this.#quote = this.#meter.quote(this.#request);
      this.#error = null;
    } catch (error) {
      if (!(error instanceof TextmeterError)) throw error;
      this.#quote = null;
      this.#error = error;
    }
  }

  /** Tells of a crossing, and of nothing while nobody can know: no price, no balance, or one too old to warn by. */
  #judge() {
    const kind = this.#balanceIsOld ? undefined : this.#quote.cover?.kind;
    if (kind === undefined || (kind === "short") === this.#exceeded) return;
    this.#exceeded = kind === "short";
    this.#tell(this.#exceeded ? "text-meter-exceeded" : "text-meter-ok");
  }

  #tell(type) {
    this.#target.dispatchEvent(new CustomEvent(type, { detail: this.#quote, bubbles: true, composed: true }));
  }

  /** The advice worth a line of its own, without what somebody keeps. */
  get findings() {
    if (this.#quote === null || this.#quote.unit !== "segment") return [];
    return slipsOf(this.#quote.advice).filter((item) => LISTED.has(item.kind) && !this.#kept.has(item.found));
  }

  get marks() {
    if (this.#quote === null || this.#quote.unit !== "segment") return [];
    const costly = this.findings
      .filter((item) => FORCES_UNICODE.has(item.kind))
      .flatMap((item) => item.ranges.map(([start, end]) => ({ start, end, kind: "costly", found: item.found })));
    const swapped = this.#quote.changes.map(({ start, end, found }) => ({ start, end, kind: "swapped", found }));
    return [...costly, ...swapped].sort((a, b) => a.start - b.start);
  }

  /** Proposes one fix; true where it was applied here. */
  fix(found) {
    const item = this.findings.find((finding) => finding.found === found && finding.replacement !== null);
    if (item === undefined) return false;
    const edits = item.ranges.map(([start, end]) => ({ start, end, insert: item.replacement }));
    return this.#propose(editsBetween(this.#request.text, null, edits));
  }

  /** Proposes all safe fixes as one edit; true where it was applied here. */
  fixAll() {
    const { text } = this.#request;
    const fixed = this.#quote && allFixed(text, this.#quote.advice, this.#kept);
    if (fixed === null) return false;
    const edits = safeFixes(this.#quote.advice, this.#kept).flatMap(({ ranges, replacement }) => ranges.map(([start, end]) => ({ start, end, insert: replacement })));
    return this.#propose(editsBetween(text, fixed, edits));
  }

  /** Proposes plain letters for accented ones, with all safe fixes; true where it was applied here. */
  unaccent() {
    const plain = this.#quote && unaccented(this.#request.text, this.#quote.advice, this.#kept);
    return plain !== null && this.#propose(editsBetween(this.#request.text, plain, []));
  }

  /** Leaves a character alone from now on: no mark, no line, no fix. */
  keep(found) {
    this.#kept.add(found);
    if (this.#quote !== null) this.#tell("text-meter-change");
  }

  /** Offers an edit to the host; what it does not cancel is handed to `apply`. */
  #propose({ text, edits }) {
    const event = new CustomEvent("text-meter-edit", { detail: { text, edits }, bubbles: true, composed: true, cancelable: true });
    if (!this.#target.dispatchEvent(event) || this.#apply === undefined) return false;
    return this.#apply({ text, edits }) !== false;
  }
}
