// What the element says: its state, the few words of its line, and the sentence for people who listen.
import { visible } from "../composer/characters.js";
import { isZero } from "../composer/money.js";
import { placeName } from "../composer/places.js";
import { FORCES_UNICODE } from "../composer/ways-out.js";
import { billed, count, plural, readableNumber, whyUnpriced } from "../composer/words.js";

const NEAR_UNITS = 10;
const FEW_SENDS = 10;

/** Said in the element's own place and words, or of no matter in a composer. */
const SAID_ELSEWHERE = new Set(["blank-text", "boundary-uncertain", "mobile-or-landline", "advice-left-out", "advice-shortened"]);

/** The warnings worth a row of their own. */
export const warningsOf = ({ quote }) => quote.warnings.filter((warning) => !SAID_ELSEWHERE.has(warning.code));

/**
 * The one state a view is in, the most pressing first: `unavailable`, `waiting`, `broken` (the request is refused),
 * `nowhere` (no destination), `unpriced`, `empty`, `blocked` (it would be refused whatever the balance), `over`,
 * `doubtful` (over a balance too old to warn by), `exact`, `low`, `normal`.
 */
export function stateOf({ trouble, quote, error, old }) {
  if (trouble) return "unavailable";
  if (error) return "broken";
  if (quote === null) return "waiting";
  if (quote.recipients.length === 0) return "nowhere";
  if (quote.total === null) return "unpriced";
  if (quote.quantity === 0 || quote.text.trim() === "") return "empty";
  if (warningsOf({ quote }).some((warning) => warning.blocks)) return "blocked";
  const { cover } = quote;
  if (cover?.kind === "short") return old ? "doubtful" : "over";
  if (cover === null || cover === undefined || old) return "normal";
  if (isZero(cover.remaining)) return "exact";
  return cover.sends_left !== null && cover.sends_left < FEW_SENDS ? "low" : "normal";
}

/** Whether the next few characters cost more. */
export const isNear = ({ quote }) => quote !== null && quote.unit === "segment" && quote.units > 0 && quote.units_left <= NEAR_UNITS;

/** "United Kingdom", "3 recipients in Canada", "5 recipients in 4 countries". */
export function destination({ recipients }) {
  const codes = [...new Set(recipients.map((recipient) => recipient.territory))];
  const [code] = codes;
  const one = codes.length === 1 && code !== null;
  if (recipients.length === 1) return one ? placeName(code) : readableNumber(recipients[0].to);
  return `${plural(recipients.length, "recipient")} in ${one ? placeName(code) : plural(codes.length, "country", "countries")}`;
}

/** Which characters make a message Unicode, as they look; empty where none is to be named. */
function forcing({ quote, findings }) {
  if (quote.encoding !== "UCS-2" || quote.unit !== "segment") return [];
  return findings.filter((item) => FORCES_UNICODE.has(item.kind)).map((item) => visible(item.found).text);
}

/** The line: `cost` or null, `place` and `why` behind it, and what is wrong as `link` where there is somewhere to look. */
export function lineOf(view) {
  const { quote, error, trouble, money } = view;
  const state = stateOf(view);
  const bare = (why) => ({ state, cost: null, place: "", why });
  switch (state) {
    case "unavailable":
      return bare(trouble.code === "no-webassembly" ? "The cost cannot be shown in this browser." : trouble.message);
    case "waiting":
      return bare("");
    case "broken":
      return bare(error.message);
    case "nowhere":
      return bare("Choose a destination to see the cost.");
    case "unpriced":
      return bare(unpriced(quote));
    case "empty": {
      const [only] = quote.recipients;
      const rate = quote.recipients.length === 1 && only.per_unit !== null && !isZero(only.per_unit);
      return bare(rate ? `${money(only.per_unit)} a message to ${destination(quote)}` : `To ${destination(quote)}`);
    }
    default:
  }
  const wide = forcing(view);
  const each = quote.recipients.length > 1 ? "\u00a0each" : "";
  const because = wide.length > 0 ? `${wide.slice(0, 3).join(" ")} ${wide.length > 1 ? "make" : "makes"} it Unicode` : "";
  const blocks = state === "blocked" ? warningsOf(view).find((warning) => warning.blocks) : null;
  if (blocks) return { ...bare(short(blocks)), cost: money(quote.total) };
  const why = isZero(quote.total) ? "included in the plan" : `${billed(quote)}${each}`;
  return { state, cost: money(quote.total), place: destination(quote), why, because };
}

const short = ({ code, message }) => (code === "text-too-long" ? "Too long to be sent" : message);

function unpriced(quote) {
  const without = quote.recipients.filter((recipient) => recipient.status !== "priced");
  if (quote.recipients.length === 1) return whyUnpriced(without[0]);
  return `${count(without.length)} of ${plural(quote.recipients.length, "recipient")} cannot be priced, so neither can the whole.`;
}

/** How full the message is: `["168/306", ""]`, or what is left where that is little: `["7 left", " at this price"]`. */
export function roomOf(view) {
  const { units, units_left: left } = view.quote;
  if (!isNear(view)) return [`${count(units)}/${count(units + left)}`, ""];
  return left === 0 ? ["full", ": one more costs more"] : [`${count(left)} left`, " at this price"];
}

/** The money behind it: `{before, after, more}`; null where nothing is known, and then nothing is claimed. */
export function balanceOf({ quote, request, money, old }, state) {
  const cover = quote?.cover;
  if (!cover || request.balance === undefined || state === "empty") return null;
  const before = money(request.balance);
  if (cover.kind === "short") return old ? { before: "", after: `${before} as of ${old}`, more: "" } : { before: "", after: `${money(cover.shortfall)} short`, more: "" };
  const after = money(cover.remaining);
  if (old) return { before: "", after: `${before} as of ${old}`, more: "" };
  if (state === "exact") return { before, after: "uses it all", more: "" };
  const more = cover.sends_left === null ? "" : cover.sends_left === 0 ? "no more like this" : `${count(cover.sends_left)} more like this`;
  return { before, after, more };
}

/** What a listener is told of when it changes: segments, price, encoding, the crossing, or why there is no price. */
export function matter(view) {
  const { quote, error, trouble } = view;
  const state = stateOf(view);
  if (quote === null) return JSON.stringify([state, error?.code, trouble?.code]);
  const statuses = [...new Set(quote.recipients.map((recipient) => recipient.status))];
  return JSON.stringify([state === "low" || state === "exact" ? "normal" : state, quote.segments, quote.total, quote.currency, quote.encoding, statuses]);
}

/** The whole line in a sentence or three. */
export function sentenceOf(view) {
  const { cost, place, why, because, state } = lineOf(view);
  if (cost === null) return why;
  const { quote, request, money, old } = view;
  const head = `${cost}${place === "" ? "" : ` to ${place}`}, ${[why, because].filter(Boolean).join(", ")}.`;
  const { cover } = quote;
  if (state === "over") return `${head} More than your balance of ${money(request.balance)}: ${money(cover.shortfall)} short. It would be refused.`;
  if (state === "doubtful") return `${head} By your balance as of ${old} it would be refused.`;
  return cover?.kind === "covered" && !old ? `${head} Balance after sending ${money(cover.remaining)}.` : head;
}
