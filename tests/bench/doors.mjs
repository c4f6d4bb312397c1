// Segments and quotes through the Wasm door, beside the JavaScript libraries people use: the same in Node and in a browser.
import * as trt2 from "@trt2/gsm-charset-utils";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { count as smsLength } from "sms-length";
import { SegmentedMessage } from "sms-segments-calculator";
import splitSms from "split-sms";

import { createMeter } from "../../npm/index.js";

const ROUNDS = 25;
/** How long one sample runs at least, in milliseconds: short, so that most are not interrupted, but a browser's clock is coarse on purpose. */
const SAMPLE_MS = globalThis.document ? 5 : 1;

const SENTENCE =
  "Hello Ada, your table at the Harbour is ready. Show this text at the door 24/7, and see you soon! Reply STOP to end. ";
const plain = (length) => SENTENCE.repeat(Math.ceil(length / SENTENCE.length)).slice(0, length);

/** The ways to count the segments of a text; ours is read beside them. */
const counters = (meter) => ({
  textmeter: (text) => meter.count(text, "app").segments, // the channel without smart encoding, which the others lack
  "sms-segments-calculator": (text) => new SegmentedMessage(text).segmentsCount,
  "sms-length": (text) => smsLength(text).messages,
  "split-sms": (text) => splitSms.split(text).parts.length,
  "@trt2/gsm-charset-utils": (text) => trt2.getCharCount(text).msgCount,
});

/** Runs every case in turn, round by round, so that what disturbs the machine disturbs them all; nanoseconds by name. */
function inTurn(cases) {
  const entries = Object.entries(cases).map(([name, run]) => ({ name, run, times: enough(run), samples: [] }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const entry of entries) {
      // What takes a second and more varies less than its neighbours do among each other.
      if (entry.samples.length > 0 && entry.samples[0] > 1e9) continue;
      entry.samples.push((time(entry.run, entry.times) / entry.times) * 1e6);
    }
  }
  return Object.fromEntries(entries.map(({ name, samples }) => [name, samples]));
}

/** How often a case is run for a sample; the quickest of several tries counts, or a pause of the machine would. */
function enough(run) {
  for (let times = 1; ; times *= 2) {
    const took = Math.min(time(run, times), time(run, times), time(run, times));
    if (took >= SAMPLE_MS) return times;
  }
}

let kept;
function time(run, times) {
  const started = performance.now();
  for (let left = times; left > 0; left -= 1) kept = run();
  return performance.now() - started;
}

function segments(meter) {
  const texts = { "160 GSM characters": plain(160), "1,000 GSM characters": plain(1_000), "300 emoji": "😀".repeat(300) };
  const all = counters(meter);
  const cases = {};
  for (const [what, text] of Object.entries(texts)) {
    cases[what] = inTurn(Object.fromEntries(Object.entries(all).map(([name, count]) => [name, () => count(text)])));
  }
  // The reference takes three quarters of a minute for one of these.
  const long = plain(100_000);
  const { "sms-segments-calculator": reference, ...linear } = all;
  cases["100,000 GSM characters"] = inTurn(Object.fromEntries(Object.entries(linear).map(([name, count]) => [name, () => count(long)])));
  cases["100,000 GSM characters"]["sms-segments-calculator"] = [time(() => reference(long), 1) * 1e6];
  return cases;
}

function quotes(meter) {
  const [text, to] = [plain(160), "+44 7400 123456"];
  const request = { text, to, balance: "5.00" };
  return {
    "a full quote": inTurn({
      textmeter: () => meter.quote(request),
      "sms-segments-calculator": () => new SegmentedMessage(text).segmentsCount,
      "sms-segments-calculator + libphonenumber-js": () => [new SegmentedMessage(text).segmentsCount, parsePhoneNumberFromString(to, "US").country],
    }),
    "a quote of 260 Cyrillic letters": inTurn({ textmeter: () => meter.quote({ ...request, text: "Привет, ваш столик готов. ".repeat(10) }) }),
    "a quote of 300 emoji": inTurn({ textmeter: () => meter.quote({ ...request, text: "😀".repeat(300) }) }),
  };
}

/** The cost as the text grows; the reference only as far as anybody would wait. */
function growth(meter) {
  const cases = {};
  for (const length of [10, 100, 1_000, 10_000, 100_000, 1_000_000]) {
    const text = plain(length);
    const patient = Object.entries(counters(meter)).filter(([name]) => length <= 1_000 || name !== "sms-segments-calculator");
    cases[length] = inTurn(Object.fromEntries(patient.map(([name, count]) => [name, () => count(text)])));
  }
  return cases;
}

const PARTS = { segments, quotes, growth };

/** Nanoseconds of every sample, by case and library. */
export function measure(part, card) {
  const cases = PARTS[part](createMeter(card));
  if (kept === undefined) throw new Error("nothing was run");
  return cases;
}
