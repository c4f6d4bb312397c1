// One worker's share of the corpus: every message through the reference, the Wasm and the program.

import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

import { quoteLines } from "../doors/command.mjs";
import { openMeter } from "../doors/wasm.mjs";
import { corpus } from "./corpus.mjs";
import { ruleFor } from "./rules.mjs";

const { SegmentedMessage } = createRequire(import.meta.url)("sms-segments-calculator");

const { seed, count, substituted } = workerData;
const isSubstituted = new Set(substituted);
const meter = await openMeter();

// A lone surrogate has no form outside of JavaScript: the reference counts it as the one unit that U+FFFD is.
const texts = corpus(seed, count).map((text) => text.toWellFormed());
const requests = texts.flatMap((text) => [false, true].map((smart) => ({ text, to: [], channel: "api", smart })));
const answers = requests.map((request) => meter.quote(request));

const faults = [];
const fault = (what, request, ours, reference) =>
  faults.push({ what, request, ours: { ...ours, advice: undefined }, reference });

const lines = await quoteLines(requests.map((request) => JSON.stringify(request)));
requests.forEach((request, i) => {
  if (JSON.stringify(answers[i]) !== lines[i]) fault("the program says otherwise", request, answers[i], lines[i]);
});

const used = {};
let [compared, changed] = [0, 0];
requests.forEach((request, i) => {
  // Without a character that it substitutes, the reference takes the same road for a smart text as for a plain one.
  if (request.smart && ![...request.text].some((c) => isSubstituted.has(c))) {
    const plain = answers[i - 1];
    const same = ["text", "encoding", "units", "segments", "segments_min"].every((key) => plain[key] === answers[i][key]);
    if (!same) fault("smart encoding has nothing to do, and yet changes the answer", request, answers[i], plain);
    return;
  }
  const reference = new SegmentedMessage(request.text, "auto", request.smart);
  const ours = answers[i];
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
});

parentPort.postMessage({ compared, changed, used, faults: faults.slice(0, 5), faultCount: faults.length });
