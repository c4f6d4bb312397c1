// The numbers for React composers that draw their own box. It renders on a server too: pricing is synchronous.
import { useMemo } from "react";
import { TextmeterError } from "./error.js";
import { watchText } from "./headless.js";
import { createMeter } from "./index.js";

const NOTHING = { quote: null, error: null, exceeded: false, marks: [], findings: [], fix: () => null, fixAll: () => null };

/** The price of what is being written; see react.d.ts. */
export function useTextMeter({ card, meter, kept, ...request }) {
  const made = useMemo(() => (meter ? { meter } : card ? tried(card) : {}), [meter, card]);
  const key = JSON.stringify([request, [...(kept ?? [])]]);
  return useMemo(() => (made.meter ? priced(made.meter, ...JSON.parse(key)) : { ...NOTHING, error: made.error ?? null }), [made, key]);
}

function tried(card) {
  try {
    return { meter: createMeter(card) };
  } catch (error) {
    if (error instanceof TextmeterError) return { error };
    throw error;
  }
}

function priced(meter, request, kept) {
  let proposed = null;
  const watch = watchText({ ...request, meter, apply: (edit) => (proposed = edit) });
  for (const found of kept) watch.keep(found);
  const edit = (propose) => {
    proposed = null;
    propose();
    return proposed;
  };
  const { quote, error, exceeded, marks, findings } = watch;
  return { quote, error, exceeded, marks, findings, fix: (found) => edit(() => watch.fix(found)), fixAll: () => edit(() => watch.fixAll()) };
}
