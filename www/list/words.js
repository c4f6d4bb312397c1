// The section's words.
import { count, plural } from "../textmeter/composer/words.js";

/** Rows as people count them. */
export const countOf = (rows) => plural(rows, "row");

/** How many messages go out, in words people use. */
export const messages = ({ unit, segments, sendable }) => plural(unit === "segment" ? segments : sendable, "message");

/** "9,312 of 9,800 rows", or all of them. */
export const sendable = ({ sendable: sent, rows }) => (sent === rows ? countOf(rows) : `${count(sent)} of ${countOf(rows)}`);

/** The answer in one sentence, for people who listen. */
export function sentence(summary, money) {
  if (summary.sendable === 0) return `Nothing can be sent: none of ${countOf(summary.rows)} has a price.`;
  if (summary.total === null) return "The sum is beyond what can be calculated exactly.";
  const cost = `${money(summary.total)} for ${sendable(summary)}, ${messages(summary)}.`;
  const { cover } = summary;
  if (cover === null) return cost;
  return cover.kind === "covered" ? `${cost} Balance after sending ${money(cover.remaining)}.` : `${cost} More than your balance: ${money(cover.shortfall)} short.`;
}

/** A message begins with a capital and ends with a stop. */
export const sentenceOf = (message) => `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.?!…]$/.test(message) ? "" : "."}`;

const formats = new Map();

/** A measure in the reader's language. */
function measure(value, unit, options) {
  if (!formats.has(unit)) formats.set(unit, new Intl.NumberFormat(navigator.languages, { style: "unit", unit, ...options }));
  return formats.get(unit).format(value);
}

/** The size of a file. */
export function bytesOf(bytes) {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(steps.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return measure(bytes / 1000 ** step, steps[step], { unitDisplay: step === 0 ? "long" : "short", maximumFractionDigits: step > 1 ? 1 : 0 });
}

/** How long something took. */
export const took = (milliseconds) => (milliseconds < 1000 ? measure(Math.max(1, milliseconds), "millisecond", { maximumFractionDigits: 0 }) : measure(milliseconds / 1000, "second", { maximumFractionDigits: 1 }));
