// Google's libphonenumber, npm `google-libphonenumber` 3.2.47, as an oracle for where a number is. Our table is made from
// the same plans, but by another road and in another version (xtask/data): what both say, neither misread.

import assert from "node:assert/strict";
import test from "node:test";

import { openMeter } from "../doors/wasm.mjs";
import { random } from "./corpus.mjs";
import { Format, oracle, regions, validNumbers } from "./numbers.mjs";

const PER_REGION = Number(process.env.ORACLE_NUMBERS_PER_REGION ?? 240);
const SEED = Number(process.env.ORACLE_SEED ?? 20_260_525);
/** Of all numbers, this share must be in the same territory. */
const AGREEMENT = 0.9999;

/** Where we differ on purpose: each rule recognises a number by its digits. */
const RULES = {
  "North America: seven digits without an area code (310-XXXX) cannot be reached from elsewhere": (e164) =>
    /^\+1\d{7}$/.test(e164),
  "Benin: eight digits, which became ten on 30 November 2024": (e164) => /^\+229\d{8}$/.test(e164),
};

const { below } = random(SEED);
const numbers = validNumbers(below, PER_REGION);
const meter = await openMeter();

/** What we make of a number as typed: its E.164 form and territory, or why not. */
function read(typed, region) {
  const [recipient] = meter.quote({ text: "", to: [typed], region }).recipients;
  const { to, territory, status } = recipient;
  return status === "priced" || status === "no-rate" ? { to, region: territory ?? "001" } : { problem: status };
}

/** Asks about every number in one way of writing it, and counts what came of it. */
function compare(t, what, write) {
  const count = { compared: 0, same: 0, refused: 0 };
  const rules = {};
  const wrong = [];
  const refused = [];
  for (const { e164, region, number } of numbers) {
    const [typed, from] = write(number, e164, region);
    if (typed === undefined) continue;
    const rule = Object.keys(RULES).find((name) => RULES[name](e164));
    if (rule !== undefined) {
      rules[rule] = (rules[rule] ?? 0) + 1;
      continue;
    }
    count.compared += 1;
    const ours = read(typed, from);
    if (ours.problem !== undefined) refused.push(`${typed} in ${from}: ${ours.problem}, not ${e164} ${region}`);
    else if (ours.to === e164 && ours.region === region) count.same += 1;
    else wrong.push(`${typed} in ${from}: ${ours.to} ${ours.region}, not ${e164} ${region}`);
  }
  count.refused = refused.length;
  t.diagnostic(`${what}: ${count.compared} compared, ${count.same} the same, ${count.refused} refused, ${wrong.length} otherwise`);
  for (const [rule, times] of Object.entries(rules)) t.diagnostic(`${times} × ${rule}`);
  return { ...count, wrong, refused, rules };
}

test("the corpus reaches every region", () => {
  const reached = new Set(numbers.map(({ region }) => region));
  // Western Sahara's numbers are Morocco's in this version: no number there has a region of its own.
  assert.deepEqual(regions.filter((region) => !reached.has(region)), ["EH"]);
  assert.ok(numbers.length >= 50_000 || PER_REGION < 240);
});

for (const [what, format] of [["E.164", Format.E164], ["international", Format.INTERNATIONAL], ["tel:", Format.RFC3966]]) {
  test(`${what} numbers are where libphonenumber has them`, (t) => {
    const found = compare(t, what, (number) => [oracle.format(number, format), "US"]);
    const share = found.same / found.compared;
    const shown = [...found.wrong, ...found.refused].slice(0, 10).join("\n");
    assert.ok(share >= AGREEMENT, `only ${(share * 100).toFixed(3)} % agree:\n${shown}`);
    // A rule that nothing meets any more only hides what comes next.
    for (const rule of Object.keys(RULES)) assert.ok(found.rules[rule] > 0, `never met: ${rule}`);
  });
}

test("numbers dialled from abroad are read by the caller's region", (t) => {
  const callers = ["US", "CA", "JM", "GB", "DE", "AU", "JP", "RU", "BR", "CU"];
  const found = compare(t, "from abroad", (number) => {
    const caller = callers[below(callers.length)];
    return [oracle.formatOutOfCountryCallingNumber(number, caller), caller];
  });
  assert.deepEqual([...found.wrong, ...found.refused].slice(0, 10), []);
});

test("national numbers are read in their own region, or refused, never taken for another", (t) => {
  const found = compare(t, "national", (number, e164, region) =>
    region === "001" ? [] : [oracle.format(number, Format.NATIONAL), region],
  );
  assert.deepEqual(found.wrong.slice(0, 10), []);
  // Short numbers of a few islands, special services, and Argentina's 15, which would take its area codes to place.
  assert.ok(found.refused.length / found.compared < 0.01, found.refused.slice(0, 10).join("\n"));
});
