// The ways out of a shortfall, which take a dozen quotes to find: looked for at once when somebody arrives there, and
// while somebody types on only when they pause. What is shown meanwhile is marked as not yet up to date.
import { waysOut } from "../composer/ways-out.js";

const PAUSE_MILLISECONDS = 200;

export class Ways {
  #found;
  #key = "";
  #list = [];
  #last = Number.NEGATIVE_INFINITY;
  #timer;

  /** Whether the list is that of the latest text. */
  fresh = true;

  /** `found` is called when a search is over that had to wait. */
  constructor(found) {
    this.#found = found;
  }

  /** The ways out for what is shown; while somebody types, those of a moment ago. */
  of({ quote, request, ask, kept }) {
    clearTimeout(this.#timer);
    const key = JSON.stringify([request, quote.rate_card, [...kept]]);
    if (key !== this.#key) {
      const now = performance.now();
      const typing = now - this.#last < PAUSE_MILLISECONDS;
      this.#last = now;
      this.fresh = !typing;
      if (typing) {
        this.#timer = setTimeout(this.#found, PAUSE_MILLISECONDS);
        return this.#list;
      }
      this.#key = key;
      this.#list = waysOut(ask, request, quote, kept).map(drawable);
    }
    return this.#list;
  }

  forget() {
    clearTimeout(this.#timer);
    this.#key = "";
    this.#list = [];
    this.#last = Number.NEGATIVE_INFINITY;
  }
}

/** A way without the texts it leads to: they are made anew when somebody takes it. */
const drawable = ({ kind, text, less, to, of, answer }) => ({ kind, total: answer.total, at: text?.length, less, to: to?.length, of });
