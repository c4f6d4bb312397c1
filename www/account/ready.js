// Whether what stands on the page can be sent, and what is in the way.
import { whyUnpriced } from "../textmeter/composer/words.js";

/** Toll-free numbers of the North American plan, as the pricing crate knows them: their long texts have a shorter part. */
const TOLL_FREE = /^\+1(800|833|844|855|866|877|888)\d{7}$/;

/** A sender as typed: a listed one's id or number, or a number in any spelling; `value` is what the API takes, or "". */
export function senderOf(typed, senders, ask) {
  const text = typed.trim();
  if (text === "") return { value: "", tollFree: false };
  const listed = senders.find(({ id, number }) => text === id || text === number);
  const read = listed?.number ?? (/^PN\w+$/.test(text) ? text : ask({ to: text, text: "" })?.recipients[0]?.to ?? "");
  const value = listed !== undefined && text === listed.id ? listed.id : /^(\+[1-9]\d{1,14}|PN\w+)$/.test(read) ? read : "";
  return { value, tollFree: TOLL_FREE.test(read) };
}

/** What stands against sending, in words, and the field to go to; null: nothing. */
export function obstacle(view, answer, from) {
  const stop = (text, field) => ({ text, field });
  if (view.unit === "minute") return stop("Calls are priced here, not placed. Choose a kind of text to send one.", null);
  if (view.state.text.trim() === "") return stop("Write the message first.", "text");
  const recipients = view.answer?.recipients ?? [];
  if (recipients.length === 0) return stop("Say who gets it: a phone number.", "to");
  const place = recipients.find(({ to }) => /^[A-Z]{2}$/.test(to));
  if (place !== undefined) return stop("A country cannot be texted: give a phone number in its place.", "to");
  const unpriced = recipients.find(({ status }) => status !== "priced");
  if (unpriced !== undefined) return stop(whyUnpriced(unpriced), "to");
  if (answer === null || answer.total === null) return stop("This has no price, so it cannot be sent.", "text");
  const warning = answer.warnings.find(({ blocks, code }) => blocks || code === "too-many-recipients");
  if (warning !== undefined) return stop(warning.message, warning.code === "too-many-recipients" ? "to" : "text");
  if (from.value === "") return stop("Say which number it comes from, with its country code.", "from");
  return null;
}
