import type { Channel, Counts, Quote, QuoteRequest } from "./pkg/contract.js";

/** Prices requests by one rate card. */
export interface Meter {
  /** The price of one request; synchronous. Throws a {@link TextmeterError} on a broken request; a text or a number never is. */
  quote(request: QuoteRequest): Quote;
  /**
   * The segments of a text alone, as a quote on the channel (`"api"`) counts them: for a counter on a hot path. Throws a
   * {@link TextmeterError} on an unknown channel, one of calls, or a text beyond 1,000,000 bytes of UTF-8.
   */
  count(text: string, channel?: Channel): Counts;
  /** Gives the module's memory back; the meter is of no use afterwards. */
  free(): void;
}

/** Every failure of this package. */
export class TextmeterError extends Error {
  private constructor();
  /** Stable, kebab-case. */
  readonly code: string;
  /** The field it is about, as a path (`texting.territories.GB`); empty: the whole. */
  readonly at: string;
}
