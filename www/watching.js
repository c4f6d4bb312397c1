// The package's watch behind the page's composer: the same that `<text-meter>` is built on. The page says what is chosen,
// and reads from here what it costs, what to mark and what to fix.
import { Composition } from "./textmeter/composer/composition.js";
import { rewrite } from "./textmeter/composer/edit.js";
import { watchText } from "./textmeter/headless.js";

/** What the page draws from as long as there is no meter. */
const NOTHING = { answer: null, error: null, request: undefined, kept: new Set(), findings: [], marks: [], notes: { balance: "", minutes: "" } };

export class Watching {
  #field;
  #composition;
  #changed;
  #watch = null;

  /** Watches a field; `changed` is called after it was told to leave a character alone. */
  constructor(field, changed) {
    this.#field = field;
    this.#composition = new Composition(field);
    this.#changed = changed;
  }

  /** Prices by a meter from now on. */
  use(meter) {
    const apply = ({ text }) => rewrite(this.#field, text);
    if (this.#watch === null) this.#watch = watchText({ meter, apply });
    else this.#watch.update({ meter });
  }

  /** Asks the meter something else; null where it refuses, or where there is none. */
  ask = (request) => this.#watch?.ask(request) ?? null;

  /** Prices what is chosen; a balance or a length of call nobody can read is noted, to be said beside its field. */
  look(request) {
    if (this.#watch === null) return NOTHING;
    const watch = this.#watch;
    const notes = { balance: "", minutes: "" };
    watch.update(request);
    if (watch.error?.at === "balance") {
      notes.balance = watch.error.message;
      watch.update({ balance: undefined }); // one that nobody can read is one that nobody knows
    }
    const { error, kept, findings, marks } = watch;
    if (error?.at === "minutes") notes.minutes = error.message;
    // What else is refused is refused for its encoding: where it goes can be shown all the same.
    const answer = error === null || notes.minutes !== "" ? watch.quote : this.ask({ ...watch.request, encoding: "auto" });
    return { answer, error, request: watch.request, kept, findings, marks, notes };
  }

  fix(found) {
    this.#edit((watch) => watch.fix(found));
  }

  fixAll() {
    this.#edit((watch) => watch.fixAll());
  }

  unaccent() {
    this.#edit((watch) => watch.unaccent());
  }

  keep(found) {
    this.#watch.keep(found);
    this.#changed();
  }

  /** Puts another text in the field, as one step of its undo history. */
  rewrite(text) {
    this.#composition.whenWritten(() => rewrite(this.#field, text));
  }

  #edit(propose) {
    this.#composition.whenWritten(() => propose(this.#watch));
  }
}
