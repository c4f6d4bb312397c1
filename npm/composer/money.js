// Amounts for the eye. They arrive as exact decimal strings and reach Intl as such; nothing here computes with them.
import { languages } from "./languages.js";

/** Formats amounts of one currency: every digit that is there, and at least two decimals (or `decimals`, for a column). */
export function moneyFormat(currency, { locales = languages(), decimals = 2 } = {}) {
  const format = new Intl.NumberFormat(locales, { style: "currency", currency, minimumFractionDigits: decimals, maximumFractionDigits: 12 });
  return (amount) => format.format(amount);
}

const marksKnown = new Map();

/** How the reader's language writes amounts: the currency's sign, the mark before decimals, what thousands look like. */
function marksOf(currency, locales) {
  const key = `${currency} ${locales}`;
  if (!marksKnown.has(key)) {
    // Arabic and Persian have marks of their own with their own digits; these are those they have with ours.
    const parts = new Intl.NumberFormat(locales, { style: "currency", currency, numberingSystem: "latn", minimumFractionDigits: 1 }).formatToParts(12345678.9);
    const mark = (type) => parts.find((part) => part.type === type)?.value;
    const group = mark("group") ?? " ";
    // Groups have three digits everywhere, and in India two before the last three.
    const size = parts.filter(({ type }) => type === "integer").at(-2)?.value.length ?? 3;
    const parted = (digits) => new RegExp(`^[1-9]\\d{0,${digits - 1}}(?=([${group}\\s'’٬]))(?:\\1\\d{${digits}})*\\1\\d{3}$`);
    marksKnown.set(key, { sign: mark("currency"), decimal: mark("decimal") ?? ".", thousands: [parted(3), parted(size)] });
  }
  return marksKnown.get(key);
}

/** The currency's sign as the reader's language writes it. */
export const currencySign = (currency, locales = languages()) => marksOf(currency, locales).sign;

/** A digit of any script as one of ours: in each script the ten stand in a row. */
function ourDigit(digit) {
  let zero = digit.codePointAt(0);
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((digit.codePointAt(0) - zero) % 10); // some scripts' rows touch
}

/**
 * An amount as typed, in the form the meter reads: no sign, no spaces, a point before the decimals. Null where it has more
 * than one reading or none: a mark that could part thousands in one language and stand before decimals in another.
 */
export function amountFromTyped(typed, currency, locales = languages()) {
  const { sign, decimal, thousands } = marksOf(currency, locales);
  const bare = typed.replace(sign, " ").replace(currency, " ").replace(/\p{Sc}/gu, " ").replace(/\p{Cf}/gu, "").replace(/\p{Nd}/gu, ourDigit).replace("٫", decimal).trim();
  // "5,00" and "5.00" are five in every language: no group has two digits and none behind it.
  if (/^\d+[.,]\d{1,2}$/.test(bare)) return bare.replace(",", ".");
  const [whole, ...decimals] = bare.split(decimal);
  const runs = [thousands.some((parted) => parted.test(whole)) ? whole.replace(/\D/g, "") : whole, ...decimals];
  return runs.length <= 2 && runs.every((run) => /^\d+$/.test(run)) ? runs.join(".") : null;
}

/** An amount as the reader would type it: `amountFromTyped` reads the same amount in it. */
export function amountToType(amount, currency, { locales = languages(), decimals = 2 } = {}) {
  const parts = new Intl.NumberFormat(locales, { style: "currency", currency, minimumFractionDigits: decimals, maximumFractionDigits: 12 }).formatToParts(amount);
  return parts.map(({ type, value }) => (["currency", "literal"].includes(type) ? "" : value)).join("");
}

/** Whether an amount is nothing at all. */
export const isZero = (amount) => /^0*(\.0*)?$/.test(amount);

/** The order of two amounts (negative, zero, positive), digit by digit; for sorting. */
export function compareAmounts(a, b) {
  const [wholeA, partA = ""] = a.split(".");
  const [wholeB, partB = ""] = b.split(".");
  const places = Math.max(partA.length, partB.length);
  const digitsA = wholeA.padStart(wholeB.length, "0") + partA.padEnd(places, "0");
  const digitsB = wholeB.padStart(wholeA.length, "0") + partB.padEnd(places, "0");
  return digitsA < digitsB ? -1 : digitsA > digitsB ? 1 : 0;
}
