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
/** So many random numbers in a row that are not valid, or not new, and a region is given up. */
const TRIES = 2_000;

/** An example for every kind of number that a region has. */
function examples(region) {
  const found = Object.values(PhoneNumberType).map((kind) => oracle.getExampleNumberForType(region, kind));
  return found.filter((number) => number);
}

/**
 * Every example of each region, and up to `count` valid numbers more, none twice in a region: an example with its last digits
 * drawn anew, from one digit to all of them.
 * @param {(below: number) => number} below a generator of whole numbers from 0
 * @returns {{ e164: string, region: string, number: object }[]}
 */
export function validNumbers(below, count) {
  const patterns = regions.map((region) => examples(region));
  for (const code of WORLD_CODES) patterns.push([oracle.getExampleNumberForNonGeoEntity(code)]);
  return patterns.flatMap((pattern) => {
    const written = pattern.map((number) => [oracle.format(number, Format.E164), `+${number.getCountryCode()}`]);
    const found = new Map();
    const add = (typed) => {
      const number = valid(typed);
      if (number !== undefined) found.set(number.e164, number);
    };
    for (const [example] of written) add(example);
    const most = found.size + count;
    let inVain = 0;
    while (found.size < most && inVain < TRIES) {
      const [example, code] = written[below(written.length)];
      const kept = code.length + below(example.length - code.length);
      let typed = example.slice(0, kept);
      while (typed.length < example.length) typed += below(10);
      const before = found.size;
      add(typed);
      inVain = found.size > before ? 0 : inVain + 1;
    }
    return [...found.values()];
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
