// One worker's share of the corpus: every message through the reference, the Wasm and the program.

import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

import { quoteLines } from "../doors/command.mjs";
import { openMeter } from "../doors/wasm.mjs";
import { message, random } from "./corpus.mjs";
import { ruleFor } from "./rules.mjs";

const { SegmentedMessage } = createRequire(import.meta.url)("sms-segments-calculator");

/** So many messages are in memory at once. */
const PART = 5_000;
const { seed, count, substituted } = workerData;
const isSubstituted = new Set(substituted);
const meter = await openMeter();

const faults = [];
const fault = (what, request, ours, reference) =>
  faults.push({ what, request, ours: { ...ours, advice: undefined }, reference });

const used = {};
let [compared, changed] = [0, 0];
const r = random(seed);
for (let done = 0; done < count; done += PART) {
  await comparePart(Array.from({ length: Math.min(PART, count - done) }, () => message(r)));
}
parentPort.postMessage({ compared, changed, used, faults: faults.slice(0, 5), faultCount: faults.length });

async function comparePart(messages) {
  // A lone surrogate has no form outside of JavaScript: the reference counts it as the one unit that U+FFFD is.
  const texts = messages.map((text) => text.toWellFormed());
  const requests = texts.flatMap((text) => [false, true].map((smart) => ({ text, to: [], channel: "api", smart })));
  const answers = requests.map((request) => meter.quote(request));
  const lines = await quoteLines(requests.map((request) => JSON.stringify(request)));
  requests.forEach((request, i) => {
    if (JSON.stringify(answers[i]) !== lines[i]) fault("the program says otherwise", request, answers[i], lines[i]);
    compareOne(request, answers[i], answers[i - 1]);
  });
}

/** `plain` is the answer for the same text without smart encoding, where there is one. */
function compareOne(request, ours, plain) {
  // Without a character that it substitutes, the reference takes the same road for a smart text as for a plain one.
  if (request.smart && ![...request.text].some((c) => isSubstituted.has(c))) {
    const same = ["text", "encoding", "units", "segments", "segments_min"].every((key) => plain[key] === ours[key]);
    if (!same) fault("smart encoding has nothing to do, and yet changes the answer", request, ours, plain);
    return;
  }
  const reference = new SegmentedMessage(request.text, "auto", request.smart);
  compared += 1;
  changed += ours.text === request.text ? 0 : 1;
  const said = { text: reference.graphemes.join(""), encoding: reference.encodingName, segments: reference.segmentsCount };
  if (said.text !== ours.text) fault("the text to send", request, ours, said);
  else if (said.encoding !== ours.encoding) fault("the encoding", request, ours, said);
  else if (said.segments !== ours.segments) {
    const rule = ruleFor(ours, reference);
    if (rule === undefined) fault("the number of segments, by no rule", request, ours, said);
    else used[rule] = (used[rule] ?? 0) + 1;
  }
}
