import type { Quote, QuoteRequest } from "./pkg/contract.js";

/** Prices requests by one rate card. */
export interface Meter {
  /** The price of one request; synchronous. Throws a {@link TextmeterError} on a broken request; a text or a number never is. */
  quote(request: QuoteRequest): Quote;
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
