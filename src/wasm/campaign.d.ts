/** What is asked of a list. Only the template must be there; an unknown field is an error. */
export interface CampaignRequest {
  /** The text, with places to fill in: `Hi {{first_name|there}}`. At most 65,536 bytes. */
  template: string;
  /** A channel of the rate card that bills texts; `"api"` if absent. */
  channel?: Channel | null;
  /** The prepaid balance, for example `"250.00"`. */
  balance?: Amount | null;
  sender?: "standard" | "toll-free" | null;
  /** ISO 3166-1 alpha-2: where a number without a country code is; `"US"` if absent. */
  region?: string | null;
  /** Replace typographic characters; as the channel does if absent. */
  smart?: boolean | null;
  /** Text a number as often as it stands in the list; once if absent. */
  keep_duplicates?: boolean | null;
  /** The column with the numbers; found by its name if absent. */
  phone_column?: string | null;
  /** The column that says who wants no texts; found by its name if absent. */
  opt_out_column?: string | null;
  /** Whether the first row has the columns' names; true if absent. Without, they are called `1`, `2`, … */
  header?: boolean | null;
  /** What parts the fields: a character, or `"tab"`; found out if absent. */
  delimiter?: string | null;
  /** `"auto"` if absent: rows that are no UTF-8 are read as Windows-1252, and counted. UTF-16 is told by its mark. */
  list_encoding?: "auto" | "utf-8" | "windows-1252" | null;
  /** What is written of the list: every row with what it costs, or the rows that have a problem. Nothing if absent. */
  write?: "priced" | "rejects" | null;
}

/** What became of a row: a price, or why it is not sent. */
export type RowStatus =
  | Status
  | "duplicate-number"
  | "opted-out"
  | "rounded-number"
  | "amount-out-of-range"
  | "blank-text"
  | "text-too-long"
  | "too-many-segments"
  | "wrong-field-count"
  | "row-too-long"
  | "invalid-utf-8"
  | "invalid-json";

/** How far a balance goes, in the list's order. */
export interface CampaignCover {
  kind: "covered" | "short";
  balance: Amount;
  remaining: Amount | null;
  shortfall: Amount | null;
  /** Rows that are paid for before the first that is not, and what they cost. */
  rows: number;
  total: Amount;
  /** The line of the first row that is not paid for. */
  stops_at_line: number | null;
}

/** A character by itself, its code point and, where people need one, its name. */
export interface NamedCharacter {
  character: string | null;
  code_point: string | null;
  name: string | null;
}

/** A change that would make the whole campaign cheaper. */
export interface CampaignAdvice {
  kind: "rewrite" | "rewrite-unaccented" | "rewrite-dropping" | "plain-values" | "shorten";
  saving: Amount;
  rows: number;
  /** For `shorten`: so many units less. */
  units: number | null;
  /** The other template. */
  template: string | null;
  changes: { found: string; replacement: string }[];
}

export interface CountedLines {
  rows: number;
  first_line: number | null;
}

/** What a campaign comes to. Every sum is over the rows that are sent; every list in it is bounded. */
export interface CampaignSummary {
  rows: number;
  /** Rows with nothing in any field, which are not among those. */
  blank_rows: number;
  sendable: number;
  segments: number;
  channel: string;
  unit: "segment" | "message";
  currency: string;
  /** Null: beyond what can be calculated exactly. */
  total: Amount | null;
  cover: CampaignCover | null;
  statuses: { status: RowStatus; message: string; rows: number }[];
  encodings: Record<EncodingName, number>;
  histogram: { segments: number; rows: number; total: Amount }[];
  /** The dearest first; null for numbers that belong to no territory. */
  territories: { territory: string | null; rows: number; segments: number; total: Amount }[];
  /** The cost after so many sent rows. */
  curve: { rows: number; total: Amount }[];
  usual_segments: number;
  dearer: {
    rows: number;
    extra: Amount;
    examples: ({ line: number; segments: number; price: Amount; column: string | null; value: string } & NamedCharacter)[];
  };
  characters: (NamedCharacter & { column: string; rows: number; extra: Amount })[];
  advice: CampaignAdvice[];
  empty_values: { column: string; rows: number }[];
  assumed_windows_1252: CountedLines;
  opted_out_later: CountedLines;
  unchecked_duplicates: number;
  uncertain_rows: number;
  /** The first rows that somebody has to look at. */
  problems: { line: number; status: RowStatus; message: string; found: string }[];
  problem_rows: number;
  columns: { phone: string; opt_out: string | null };
  rate_card: { id: string; as_of: string };
}

/** One of the first rows, with the text that goes out. */
export interface RowPreview {
  line: number;
  to: string;
  territory: string | null;
  status: RowStatus;
  message: string;
  encoding: EncodingName;
  segments: number;
  price: Amount | null;
  text: string;
}

/** What the beginning of a list shows. */
export interface ListLook {
  delimiter: string;
  /** The columns' names; the first row's cells where they are not clear. */
  names: string[];
  phone: string | null;
  opt_out: string | null;
  /** Other columns that could have the numbers. */
  other_phones: string[];
  /** Why the columns are not clear. */
  error: { code: string; message: string; at: string } | null;
}
