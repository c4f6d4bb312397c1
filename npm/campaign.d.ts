import type { CampaignRequest, CampaignSummary, ListLook, RowPreview } from "./pkg/campaign-contract.js";
import type { WasmSource } from "./web.js";

export type * from "./pkg/campaign-contract.js";
export { TextmeterError } from "./meter.js";

/**
 * A list of recipients, CSV with the columns' names in its first row: any of `,` `;` tab `|` between fields; UTF-8,
 * Windows-1252 or UTF-16; plain or gzip. `delimiter` and `list_encoding` say what cannot be seen of it. A file, a response's body, Node's `createReadStream`, bytes, or a text.
 */
export type ListSource =
  | string
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

export interface ListOptions {
  list: ListSource;
  /** Where the pricing module is, if not beside the package's own files. */
  wasm?: WasmSource | Promise<WasmSource>;
}

export interface Progress {
  /** Bytes of the list that were read, as it lies there (packed, if it is). */
  bytes: number;
  /** Rows that were priced. */
  rows: number;
}

export interface PriceListOptions extends CampaignRequest, ListOptions {
  /** The parsed rates.json. */
  card: object;
  /** Stops the work: the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Some times a second, and at the end. */
  onProgress?: (progress: Progress) => void;
  /** With `write`: the CSV that is asked for, piece by piece. Cells that a spreadsheet would calculate with are made texts. */
  onWritten?: (bytes: Uint8Array) => void;
}

export interface PricedList {
  summary: CampaignSummary;
  /** The first rows, with their texts. */
  previews: RowPreview[];
  /** What the list was wrapped in. */
  wrapped: ("gzip" | "UTF-16")[];
}

/**
 * Prices a template over a whole list, in constant memory but for the numbers that are remembered to find duplicates.
 *
 * Rejects with a {@link TextmeterError}: `invalid-template` and `missing-column` with the place in the template
 * (`template[3..10]`, UTF-16), `ambiguous-column`, `missing-header`, `empty-list`, `not-a-list` for a spreadsheet's own file,
 * `input-output` for a list that cannot be read to its end, `invalid-rate-card`, `unknown-channel`, …
 */
export function priceList(options: PriceListOptions): Promise<PricedList>;

/** Looks at the beginning of a list, to show its columns before anything is priced. */
export function lookAtList(
  options: ListOptions & Pick<CampaignRequest, "header" | "delimiter" | "list_encoding" | "phone_column" | "opt_out_column" | "region">,
): Promise<ListLook & Pick<PricedList, "wrapped">>;
