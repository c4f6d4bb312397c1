import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { TextMeter, TextMeterAttributes } from "./element.js";
import type { Finding, Mark, ProposedEdit } from "./headless.js";
import type { Meter, Quote, QuoteRequest, TextmeterError } from "./index.js";

export interface TextMeterOptions extends QuoteRequest {
  /** The parsed rates.json; while it is absent there is no quote. Keep it the same object between renders. */
  card?: object | null;
  /** A meter made elsewhere, instead of a card. */
  meter?: Meter | null;
  /** Characters to leave alone. */
  kept?: Iterable<string>;
}

export interface TextMeterResult {
  /** Null while there is no card, or the request is refused. */
  quote: Quote | null;
  error: TextmeterError | null;
  /** Whether the cost is more than the balance. */
  exceeded: boolean;
  marks: Mark[];
  findings: Finding[];
  /** What fixing one kind of character would make; null where there is nothing to fix. Apply it yourself. */
  fix(found: string): ProposedEdit | null;
  /** What all safe fixes together would make. */
  fixAll(): ProposedEdit | null;
}

/** The price of what is being written, in the render itself; on a server too. */
export function useTextMeter(options: TextMeterOptions): TextMeterResult;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "text-meter": DetailedHTMLProps<HTMLAttributes<TextMeter>, TextMeter> & TextMeterAttributes;
    }
  }
}
