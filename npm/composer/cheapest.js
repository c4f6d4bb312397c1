// The cheapest change, only where it saves: rewriting without losing anything first, then a few characters less, then
// plain letters instead of accents. Every figure is the meter's answer for the changed text.
import { allFixed, safeFixes, unaccented } from "./ways-out.js";
import { isZero } from "./money.js";

/** Nobody cuts more than this from the end of a message to save a segment. */
const SHORTER_BY_MOST = 12;

const worth = (saving) => (saving && !isZero(saving) ? saving : null);

/**
 * What to do first, or null: `{kind: "fix" | "unaccent", text, count, then, saving}` or `{kind: "shorten", start, end,
 * count, segments, saving}`. `then` is the answer it leads to; `saving` is null where nobody can say it in one figure.
 */
export function cheapestChange({ answer, request, ask, kept }) {
  if (answer.unit !== "segment") return null;
  const fewer = (text) => {
    const then = text === null ? null : ask({ ...request, text });
    return then !== null && then.segments < answer.segments ? then : null;
  };
  const fixes = safeFixes(answer.advice, kept);
  const fixed = allFixed(request.text, answer.advice, kept);
  const fixedThen = fewer(fixed);
  if (fixedThen) {
    const whole = kept.size > 0 ? undefined : (answer.advice.find((item) => item.kind === "all") ?? (fixes.length === 1 ? fixes[0] : undefined));
    const count = fixes.reduce((sum, item) => sum + item.count, 0);
    return { kind: "fix", text: fixed, count, then: fixedThen, saving: worth(whole?.saving) };
  }
  const shorter = answer.advice.find((item) => item.kind === "shorten" && item.count <= SHORTER_BY_MOST);
  if (shorter) {
    const { start, end, count, segments, saving } = shorter;
    return { kind: "shorten", start, end, count, segments, saving: worth(saving) };
  }
  const plain = unaccented(request.text, answer.advice, kept);
  const plainThen = fewer(plain);
  return plainThen && { kind: "unaccent", text: plain, then: plainThen, saving: null };
}
