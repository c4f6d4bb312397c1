// Amounts for the eye. They arrive as exact decimal strings and reach Intl as such; nothing here computes with them.
import { languages } from "./languages.js";

/** Formats amounts of one currency: every digit that is there, and at least two decimals (or `decimals`, for a column). */
export function moneyFormat(currency, { locales = languages(), decimals = 2 } = {}) {
  const format = new Intl.NumberFormat(locales, { style: "currency", currency, minimumFractionDigits: decimals, maximumFractionDigits: 12 });
  return (amount) => format.format(amount);
}

const marksKnown = new Map();

/** How the reader's language writes amounts: the currency's sign, the mark before decimals, the one between thousands. */
function marksOf(currency, locales) {
  const key = `${currency} ${locales}`;
  if (!marksKnown.has(key)) {
    const parts = new Intl.NumberFormat(locales, { style: "currency", currency }).formatToParts(12345.6);
    const mark = (type) => parts.find((part) => part.type === type)?.value;
    marksKnown.set(key, { sign: mark("currency"), decimal: mark("decimal") ?? ".", group: mark("group") });
  }
  return marksKnown.get(key);
}

/** The currency's sign as the reader's language writes it. */
export const currencySign = (currency, locales = languages()) => marksOf(currency, locales).sign;

/** A balance as typed, in the form the meter reads: no sign, no spaces, a point before the decimals. */
export function amountFromTyped(typed, currency, locales = languages()) {
  const { sign, decimal, group } = marksOf(currency, locales);
  let amount = typed.replace(sign, "").replace(currency, "").replace(/[\s\p{Sc}]/gu, "");
  // "5,00" is five wherever the comma cannot be a group of three.
  if (decimal === "." && /^\d+,\d{1,2}$/.test(amount)) return amount.replace(",", ".");
  // "5.00" stays five where people write a comma, unless the point can only be a group.
  if (decimal !== "." && /^\d+\.\d+$/.test(amount) && !(group === "." && /^\d{1,3}\.\d{3}$/.test(amount))) return amount;
  if (group) amount = amount.split(group).join("");
  return amount.replace(decimal, ".");
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
