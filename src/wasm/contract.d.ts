/** A decimal string: at least two decimals, no trailing zeros beyond them. Never a number: a float cannot hold 0.1. */
export type Amount = string;

export type Channel = "api" | "zapier" | "app" | "call" | (string & {});
export type EncodingName = "GSM-7" | "UCS-2";
export type LineType = "landline" | "mobile";

/** What to price. Everything may be left out; an unknown field is an error. */
export interface QuoteRequest {
  /** The text as typed, at most 1,000,000 bytes of UTF-8. */
  text?: string | null;
  /** One destination or a list of at most 10,000: numbers as typed, or territories by two capital letters (`"GB"`). */
  to?: string | string[] | null;
  /** A channel of the rate card; `"api"` if absent. */
  channel?: Channel | null;
  /** The prepaid balance, for example `"5.00"`; absent where it is not known. */
  balance?: Amount | null;
  /** Force an encoding; `"auto"` if absent. */
  encoding?: "auto" | EncodingName | null;
  /** US and Canadian toll-free senders have one unit less in each segment of a long text. */
  sender?: "standard" | "toll-free" | null;
  /** ISO 3166-1 alpha-2: where a number without a country code is; `"US"` if absent. */
  region?: string | null;
  /** Calls only: minutes, whole or as a decimal string; begun minutes count whole. */
  minutes?: number | string | null;
  /** Calls only: what answers, if known. */
  line_type?: LineType | null;
  /** Replace typographic characters; as the channel does if absent. */
  smart?: boolean | null;
}

/** UTF-16 offsets into `Quote.text`; `units` are septets (GSM-7) or UTF-16 code units (UCS-2). */
export interface Part {
  start: number;
  end: number;
  units: number;
}

/** What a text comes to, with the meaning of the same fields of a `Quote`. */
export interface Counts {
  encoding: EncodingName;
  units: number;
  segments: number;
  segments_min: number;
  units_left: number;
}

/** A replacement that smart encoding made; UTF-16 offsets into the request's text. */
export interface Change {
  start: number;
  end: number;
  found: string;
  replacement: string;
}

export interface LinePrice {
  line_type: LineType;
  rate: Amount;
  per_unit: Amount;
  total: Amount;
}

/** `priced`, or why nobody can say a price. */
export type Status =
  | "priced"
  | "no-rate"
  | "empty"
  | "not-a-number"
  | "short-code"
  | "alphanumeric"
  | "unassigned-area-code"
  | "unknown-calling-code"
  | "too-short"
  | "too-long";

export interface Recipient {
  /** E.164 where the number was understood, the letters of a territory, otherwise as typed. */
  to: string;
  /** ISO 3166-1 alpha-2; null where the number belongs to no territory, or was not understood. */
  territory: string | null;
  status: Status;
  local: boolean;
  /** The destination's rate for a unit; `"0.00"` where local. */
  rate: Amount | null;
  /** Surcharge and rate for a segment; null where the channel does not bill segments. */
  per_segment: Amount | null;
  /** Surcharge and rate for a unit of the channel. */
  per_unit: Amount | null;
  total: Amount | null;
  /** Calls where a landline and a mobile differ; the recipient's own price is the dearer one. */
  line_types?: [LinePrice, LinePrice];
}

export type Cover =
  | { kind: "covered"; remaining: Amount; sends_left: number | null }
  | { kind: "short"; shortfall: Amount };

export type AdviceKind =
  | "replace"
  | "compose"
  | "space"
  | "invisible"
  | "trailing-blanks"
  | "line-break"
  | "unaccent"
  | "unsupported"
  | "shorten"
  | "all"
  | "all-unaccented"
  | "national-table";

/** Something that would make the text cheaper; offsets are UTF-16, in the request's text. */
export interface Advice {
  kind: AdviceKind;
  start: number;
  end: number;
  found: string;
  /** The character's Unicode name where people need one; the language for a national table. */
  name: string | null;
  code_point: string | null;
  count: number;
  ranges: [number, number][];
  /** What to write instead; `""` drops it, null where nothing is known. */
  replacement: string | null;
  /** The segments after this change alone. */
  segments: number | null;
  /** What this change alone saves over all recipients. */
  saving: Amount | null;
}

export interface Warning {
  code: string;
  message: string;
  /** Whether it stands against sending at all. */
  blocks: boolean;
}

/** The answer. `total` is null while a recipient has no price, or there is none. */
export interface Quote {
  /** The text as it will be sent. */
  text: string;
  encoding: EncodingName;
  units: number;
  segments: number;
  /** Less than `segments` where platforms differ at a boundary; `segments` is priced. */
  segments_min: number;
  units_left: number;
  parts: Part[];
  changes: Change[];
  channel: string;
  unit: "segment" | "message" | "minute";
  quantity: number;
  recipients: Recipient[];
  currency: string;
  total: Amount | null;
  cover: Cover | null;
  sendable: boolean;
  advice: Advice[];
  warnings: Warning[];
  rate_card: { id: string; as_of: string };
}
