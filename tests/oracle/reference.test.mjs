// The reference calculator, npm `sms-segments-calculator` 1.3.0, as an oracle: the provider's pricing page links to it,
// so a customer will hold our number against it. Both of our doors are compared, the built Wasm and the program.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import test from "node:test";
import { Worker } from "node:worker_threads";

import { openMeter } from "../doors/wasm.mjs";
import { RULES } from "./rules.mjs";

const { SegmentedMessage } = createRequire(import.meta.url)("sms-segments-calculator");

const MESSAGES = Number(process.env.ORACLE_MESSAGES ?? 100_000);
const SEED = Number(process.env.ORACLE_SEED ?? 20_260_525);

/** Every code point that the reference substitutes, with what it puts there: found by asking about all of them. */
function substitutions(smart) {
  // A carriage return, which nobody substitutes, keeps the answers apart. (The reference knows its class at once.)
  const MARK = "\r";
  const found = new Map();
  for (let first = 0; first < 0x110000; first += 64) {
    const asked = [];
    for (let code = first; code < first + 64; code += 1) {
      if ((code < 0xd800 || code > 0xdfff) && code !== MARK.codePointAt(0)) asked.push(String.fromCodePoint(code));
    }
    if (asked.length === 0) continue;
    const told = smart(asked.join(MARK)).split(MARK);
    assert.equal(told.length, asked.length, `from U+${first.toString(16)}`);
    asked.forEach((c, i) => {
      if (told[i] !== c) found.set(c, told[i]);
    });
  }
  return found;
}

const theirs = substitutions((text) => new SegmentedMessage(text, "auto", true).graphemes.join(""));

test("smart encoding substitutes the same characters, over every code point", async () => {
  const meter = await openMeter();
  const ours = substitutions((text) => meter.quote({ text, to: [], channel: "api", smart: true }).text);
  assert.ok(theirs.size > 200, "the reference substitutes hardly anything: is it the right version?");
  assert.deepEqual([...ours], [...theirs]);
});

test(`segments agree over ${MESSAGES} random messages, plain and smart`, async (t) => {
  const workers = Math.min(2, availableParallelism());
  const shares = await Promise.all(
    Array.from({ length: workers }, (_, i) => {
      const workerData = { seed: SEED + i, count: Math.ceil(MESSAGES / workers), substituted: [...theirs.keys()] };
      return new Promise((resolve, reject) => {
        const worker = new Worker(new URL("compare.mjs", import.meta.url), { workerData });
        worker.once("message", resolve);
        worker.once("error", reject);
      });
    }),
  );
  const sum = (key) => shares.reduce((total, share) => total + share[key], 0);
  t.diagnostic(`${sum("compared")} answers compared, ${sum("changed")} of them for a text that smart encoding changed`);
  for (const rule of Object.keys(RULES)) {
    t.diagnostic(`${shares.reduce((total, { used }) => total + (used[rule] ?? 0), 0)} × ${rule}`);
  }
  assert.deepEqual(shares.flatMap(({ faults }) => faults), [], `${sum("faultCount")} differences by no rule`);
  // A corpus that no longer reaches the difficult places would agree with anything.
  for (const rule of Object.keys(RULES)) assert.ok(shares.some(({ used }) => used[rule] > 0), `never met: ${rule}`);
  assert.ok(sum("compared") >= MESSAGES);
});
