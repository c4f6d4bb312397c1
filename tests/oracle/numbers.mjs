// A seeded stream of numbers that libphonenumber holds valid, over all its regions and kinds of number.

import { createRequire } from "node:module";

const { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = createRequire(import.meta.url)("google-libphonenumber");

export const oracle = PhoneNumberUtil.getInstance();
export const Format = PhoneNumberFormat;

/** Every region, "001" with a calling code for those that belong to no territory. */
export const regions = oracle.getSupportedRegions();
/** Calling codes of no territory (ITU-T E.164, list of assigned codes); libphonenumber does not list them in JavaScript. */
const WORLD_CODES = [800, 808, 870, 878, 881, 882, 883, 888, 979];

/** Digits of the longest number (ITU-T E.164, 6.1), with its `+`: longer ones, which Germany has, cannot be texted. */
const LENGTH_MAX = 1 + 15;
/** How many random numbers are tried for one valid one before a region is given up. */
const TRIES = 200;

/** An example for every kind of number that a region has. */
function examples(region) {
  const found = Object.values(PhoneNumberType).map((kind) => oracle.getExampleNumberForType(region, kind));
  return found.filter((number) => number);
}

/**
 * `count` valid numbers of each region: an example with its last digits drawn anew, from one digit to all of them.
 * @param {(below: number) => number} below a generator of whole numbers from 0
 * @returns {{ e164: string, region: string, number: object }[]}
 */
export function validNumbers(below, count) {
  const patterns = regions.map((region) => examples(region));
  for (const code of WORLD_CODES) patterns.push([oracle.getExampleNumberForNonGeoEntity(code)]);
  return patterns.flatMap((pattern) => {
    const written = pattern.map((number) => [oracle.format(number, Format.E164), `+${number.getCountryCode()}`]);
    const found = [];
    for (let tries = 0; found.length < count && tries < count * TRIES; tries += 1) {
      const [example, code] = written[below(written.length)];
      const kept = code.length + below(example.length - code.length);
      let typed = example.slice(0, kept);
      while (typed.length < example.length) typed += below(10);
      const number = valid(typed);
      if (number !== undefined) found.push(number);
    }
    return found;
  });
}

function valid(typed) {
  let number;
  try {
    number = oracle.parse(typed);
  } catch {
    return undefined; // too short to be read at all
  }
  const e164 = oracle.format(number, Format.E164);
  if (!oracle.isValidNumber(number) || e164.length > LENGTH_MAX) return undefined;
  return { e164, region: oracle.getRegionCodeForNumber(number), number };
}
