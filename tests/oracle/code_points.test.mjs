// npm `split-sms` 0.1.7 as an oracle for the lower of our two counts: it cuts between code points, as platforms do that do
// not keep clusters whole.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";

import { openMeter } from "../doors/wasm.mjs";
import { message, random } from "./corpus.mjs";

const { split } = createRequire(import.meta.url)("split-sms");

const MESSAGES = Number(process.env.ORACLE_CODE_POINTS ?? 20_000);
const SEED = Number(process.env.ORACLE_SEED ?? 20_260_525);

/** Where we differ on purpose: each rule recognises a message by what stands in it. */
const RULES = {
  "a lone surrogate is U+FFFD for us, half a pair for it": (text) => !text.isWellFormed(),
  "an empty text is no segment for us, one for it": (text) => text === "",
};

test(`${MESSAGES} messages have as many segments as split-sms cuts between code points`, async (t) => {
  const meter = await openMeter();
  const r = random(SEED);
  const rules = {};
  const wrong = [];
  for (let count = 0; count < MESSAGES; count += 1) {
    const text = message(r);
    const rule = Object.keys(RULES).find((name) => RULES[name](text));
    if (rule !== undefined) {
      rules[rule] = (rules[rule] ?? 0) + 1;
      continue;
    }
    const ours = meter.quote({ text, to: [], smart: false });
    const theirs = split(text, { summary: true });
    const same = ours.segments_min === theirs.parts.length && (ours.encoding === "GSM-7") === (theirs.characterSet === "GSM");
    if (!same) {
      wrong.push(`${JSON.stringify(text)}: ${ours.encoding} ${ours.segments_min}, not ${theirs.characterSet} ${theirs.parts.length}`);
    }
  }
  for (const [rule, times] of Object.entries(rules)) t.diagnostic(`${times} × ${rule}`);
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} differ`);
});
