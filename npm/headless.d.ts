import type { Meter, Quote, QuoteRequest, TextmeterError } from "./index.js";

/** A replacement in the text as it is; UTF-16 offsets. */
export interface Edit {
  start: number;
  end: number;
  insert: string;
}

/** What an edit would make, and the edits that lead there; none crosses another, in order. Apply the last one first. */
export interface ProposedEdit {
  text: string;
  edits: Edit[];
}

/** A place in the text: a character that costs more, or one that smart encoding will replace. UTF-16 offsets. */
export interface Mark {
  start: number;
  end: number;
  kind: "costly" | "swapped";
  found: string;
}

/** A fix for one kind of character, with the text's ranges in UTF-16 offsets. */
export type Finding = Quote["advice"][number];

export interface TextWatchEventMap {
  /** After every quote. */
  "text-meter-change": CustomEvent<Quote>;
  /** The cost has come to be more than the balance. */
  "text-meter-exceeded": CustomEvent<Quote>;
  /** The balance covers the cost again. */
  "text-meter-ok": CustomEvent<Quote>;
  /** A change of the text somebody asked for; cancel it and apply it yourself, or let `apply` do it. */
  "text-meter-edit": CustomEvent<ProposedEdit>;
}

export interface WatchOptions extends QuoteRequest {
  /** What `createMeter` or `loadMeter` returned. */
  meter: Meter;
  /** Makes an edit that nobody cancelled; false where it could not. */
  apply?: (edit: ProposedEdit) => unknown;
  /** Where events are dispatched, if not on the watch itself. */
  target?: EventTarget;
  /** The balance is too old to warn by: nothing is told of a crossing. */
  balanceIsOld?: boolean;
}

export interface TextWatch extends EventTarget {
  /** The latest answer; null while the request is refused (`error` says why). */
  readonly quote: Quote | null;
  readonly error: TextmeterError | null;
  readonly request: QuoteRequest;
  /** Whether the latest known cost is more than the balance. */
  readonly exceeded: boolean;
  readonly marks: Mark[];
  readonly findings: Finding[];
  /** The characters to be left alone. */
  readonly kept: ReadonlySet<string>;
  /** Changes some fields of the request and quotes at once. */
  update(changes: Partial<Omit<WatchOptions, "apply" | "target">>): Quote | null;
  /** Proposes to fix one kind of character (`found` of a finding). True where `apply` made the edit. */
  fix(found: string): boolean;
  /** Proposes all safe fixes as one edit. True where `apply` made the edit. */
  fixAll(): boolean;
  /** Proposes plain letters for accented ones, with all safe fixes; it changes the spelling. True where `apply` made the edit. */
  unaccent(): boolean;
  /** Leaves a character alone from now on. */
  keep(found: string): void;
  /** Prices something else by the same meter; null where the request is refused. */
  ask(request: QuoteRequest): Quote | null;
  addEventListener<K extends keyof TextWatchEventMap>(
    type: K,
    listener: (event: TextWatchEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

/** Watches one text: quotes on every `update`, tells of changes and crossings, proposes fixes. Nothing is changed unasked. */
export function watchText(options: WatchOptions): TextWatch;
