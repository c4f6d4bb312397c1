import type { Finding, Mark, ProposedEdit } from "./headless.js";
import type { Meter, Quote, TextmeterError } from "./index.js";

/** The attributes of `<text-meter>`, as markup writes them. */
export interface TextMeterAttributes {
  /** The id of the host's textarea or input; without it, the one among the element's children. */
  for?: string;
  /** Numbers as typed or territories by two letters, separated by commas, semicolons or line breaks. */
  to?: string;
  /** The prepaid balance, a decimal number in the currency of the rates. */
  balance?: string;
  /** When the balance was read, ISO 8601; after fifteen minutes it proves nothing any more. */
  "balance-as-of"?: string;
  /** The currency of the balance, ISO 4217; the rates' own if absent. */
  currency?: string;
  /** A channel of the rate card; `api` if absent. */
  channel?: string;
  encoding?: "auto" | "GSM-7" | "UCS-2" | "";
  region?: string;
  sender?: "standard" | "toll-free" | "";
  smart?: "on" | "off" | "";
  /** Where the rate card is (rates.json). */
  rates?: string;
  /** Where the panel floats; where it covers neither the text nor the button that sends if absent. */
  placement?: "above" | "below" | "";
  /** A form is not sent while it would be refused, unless somebody says so. */
  confirm?: boolean | "";
}

export interface TextMeterEventMap extends HTMLElementEventMap {
  "text-meter-change": CustomEvent<Quote>;
  "text-meter-exceeded": CustomEvent<Quote>;
  "text-meter-ok": CustomEvent<Quote>;
  "text-meter-edit": CustomEvent<ProposedEdit>;
}

/** The price of the text in a composer, before it is sent. */
export class TextMeter extends HTMLElement {
  htmlFor: string;
  get to(): string;
  set to(to: string | readonly string[] | null | undefined);
  get balance(): string;
  set balance(balance: string | null | undefined);
  get balanceAsOf(): string;
  set balanceAsOf(asOf: string | null | undefined);
  currency: string;
  channel: string;
  encoding: string;
  region: string;
  sender: string;
  smart: string;
  rates: string;
  placement: string;
  confirm: boolean;

  /** The rate card as an object (the parsed rates.json). It goes before the attribute `rates`. */
  card: object | null;
  /** A meter made elsewhere, so that a page loads the pricing module once and its own way. It goes before any card. */
  meter: Meter | null;
  /** The text that is priced: the field's, or what was set here where there is none. */
  text: string;

  readonly field: HTMLTextAreaElement | HTMLInputElement | null;
  readonly quote: Quote | null;
  /** Why there is no quote, why the balance was left out, or why the rates could not be read anew. */
  readonly error: TextmeterError | Error | null;
  /** Whether the latest known cost is more than the balance. */
  readonly exceeded: boolean;
  readonly marks: Mark[];
  readonly findings: Finding[];

  /** Fixes one kind of character (`found` of a finding). True where the field was changed at once. */
  fix(found: string): boolean;
  /** Makes all safe fixes in one step of the field's undo history. True where the field was changed at once. */
  fixAll(): boolean;
  /** Leaves a character alone from now on. */
  keep(found: string): void;
  /** Looks at everything anew, the rates too; the last price stands until they are read. */
  refresh(): void;

  addEventListener<K extends keyof TextMeterEventMap>(
    type: K,
    listener: (this: TextMeter, event: TextMeterEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "text-meter": TextMeter;
  }
}
