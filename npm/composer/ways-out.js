// What somebody can do whose message costs more than the balance. Every way is found by asking the meter again.
import { boundaries, withEdits } from "./edit.js";

/** The kinds of advice that change how a text is written, but not what it says. */
export const SAFE_FIXES = new Set(["replace", "compose", "space", "invisible", "trailing-blanks", "line-break"]);

/** The kinds of advice about characters outside the plain alphabet. */
export const FORCES_UNICODE = new Set(["replace", "compose", "space", "invisible", "unaccent", "unsupported"]);

/** The text with all safe fixes applied, those on characters somebody wants to keep left out; null: nothing to fix. */
export function allFixed(text, advice, kept = new Set()) {
  const fixes = safeFixes(advice, kept);
  if (fixes.length === 0) return null;
  const whole = advice.find((item) => item.kind === "all");
  return whole && kept.size === 0 ? whole.replacement : edited(text, fixes);
}

/** The text with the safe fixes and without the accents GSM-7 lacks, which changes the spelling; null: there are none. */
export function unaccented(text, advice, kept = new Set()) {
  const accents = advice.filter((item) => item.kind === "unaccent" && item.replacement !== null && !kept.has(item.found));
  if (accents.length === 0) return null;
  return edited(text, [...safeFixes(advice, kept), ...accents]);
}

/** The advice that is safe to follow, those on characters somebody wants to keep left out. */
export const safeFixes = (advice, kept) => advice.filter((item) => SAFE_FIXES.has(item.kind) && item.replacement !== null && !kept.has(item.found));

/** The text with several pieces of advice followed at once. */
const edited = (text, items) => withEdits(text, items.flatMap(({ ranges, replacement }) => ranges.map(([start, end]) => ({ start, end, insert: replacement }))));

const fits = (answer) => answer !== null && answer.sendable && answer.cover?.kind === "covered";

/** The largest `n` in `0..most` for which `holds(n)`, where it holds up to some point and not beyond; 0: for none. */
function largest(most, holds) {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The ways out of a shortfall, best first. `ask(request)` is the meter's answer, or null where it refuses.
 * Each has its `kind`, what to change (`text`, `to`) and the answer it leads to.
 */
export function waysOut(ask, request, answer, kept) {
  if (answer.cover?.kind !== "short") return [];
  const ways = [];

  const fixed = answer.unit === "segment" ? allFixed(request.text, answer.advice, kept) : null;
  if (fixed !== null) {
    const then = ask({ ...request, text: fixed });
    if (fits(then)) ways.push({ kind: "fix", text: fixed, answer: then });
  }

  const plain = answer.unit === "segment" ? unaccented(request.text, answer.advice, kept) : null;
  if (ways.length === 0 && plain !== null) {
    const then = ask({ ...request, text: plain });
    if (fits(then)) ways.push({ kind: "unaccent", text: plain, answer: then });
  }

  if (answer.unit === "segment") {
    const cuts = boundaries(request.text);
    const keep = largest(cuts.length - 2, (n) => fits(ask({ ...request, text: request.text.slice(0, cuts[n]) })));
    if (keep > 0) {
      const text = request.text.slice(0, cuts[keep]);
      ways.push({ kind: "shorten", text, less: cuts.length - 1 - keep, answer: ask({ ...request, text }) });
    }
  }

  if (request.to.length > 1) {
    const reach = largest(request.to.length - 1, (n) => fits(ask({ ...request, to: request.to.slice(0, n) })));
    if (reach > 0) {
      const to = request.to.slice(0, reach);
      ways.push({ kind: "fewer", to, of: request.to.length, answer: ask({ ...request, to }) });
    }
  }
  return ways;
}
