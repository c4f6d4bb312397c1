// The words of page and element. Statuses and states in plain words, counts with their plurals.
import { languages } from "./languages.js";
import { placeName } from "./places.js";

const rules = new Intl.PluralRules("en");

let number;

/** A count for the eye. */
export const count = (value) => (number ??= new Intl.NumberFormat(languages())).format(value);

/** "1 message", "2 messages". */
export const plural = (value, one, many = `${one}s`) => `${count(value)}\u00a0${rules.select(value) === "one" ? one : many}`;

/** What is billed, in words people use: messages rather than segments. */
export function billed(answer) {
  if (answer.unit === "minute") return plural(answer.quantity, "minute");
  if (answer.unit === "segment" && answer.segments_min < answer.segments) {
    return `${count(answer.segments_min)}\u00a0to\u00a0${plural(answer.segments, "message")}`;
  }
  return plural(answer.quantity, "message");
}

/** Why a recipient has no price. */
export function whyUnpriced({ status, territory }) {
  switch (status) {
    case "no-rate":
      return territory === null
        ? "This rate card has no rate for that number, so nobody can say what it costs."
        : `This rate card has no rate for ${placeName(territory)}, so nobody can say what it costs.`;
    case "empty":
      return "Give a destination.";
    case "too-short":
      return "The number is not complete yet.";
    case "too-long":
      return "The number has too many digits.";
    case "short-code":
      return "That is a short code, not a phone number; it has no published price.";
    case "alphanumeric":
      return "Letters are a sender’s name, not a number to send to.";
    case "unassigned-area-code":
      return "No place has that +1 area code.";
    case "unknown-calling-code":
      return "No country has that calling code.";
    case "unassigned":
      return "Nobody has been given numbers like that.";
    default:
      return "That is not a phone number.";
  }
}

/** The same in two or three words, for a chip or a line. */
export function unpricedLabel({ status }) {
  const labels = {
    "no-rate": "no rate",
    "too-short": "incomplete",
    "too-long": "too long",
    "short-code": "short code",
    alphanumeric: "not a number",
    "unassigned-area-code": "no such area code",
    "unknown-calling-code": "no such country",
    unassigned: "not assigned",
  };
  return labels[status] ?? "not a number";
}

/** An alphabet in a word, with its name for those who know it. */
export const alphabet = (encoding) => (encoding === "GSM-7" ? "plain alphabet, GSM-7" : "Unicode, UCS-2");

let longDate;

/** The date of a rate card. */
export function date(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(day.valueOf())) return iso;
  longDate ??= new Intl.DateTimeFormat(languages(), { dateStyle: "long", timeZone: "UTC" });
  return longDate.format(day);
}

/** Things one after another: "a, b and c". */
export const list = (items) => new Intl.ListFormat("en", { type: "conjunction" }).format(items);

/** A phone number in groups, for reading; anything else as it is. */
export function readableNumber(to) {
  if (!/^\+\d+$/.test(to)) return to;
  if (/^\+1\d{10}$/.test(to)) return `+1 ${to.slice(2, 5)} ${to.slice(5, 8)} ${to.slice(8)}`;
  return to.replace(/^(\+\d{2})(\d{3,4})(\d{3})(\d*)$/, "$1 $2 $3 $4").trim();
}
