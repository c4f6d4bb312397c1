// The package as Node loads it: the same answers, and an error with a code for every wrong argument, never a trap.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { TextmeterError, loadMeter } from "../web.js";

const card = JSON.parse(await readFile(new URL("../../rates.json", import.meta.url), "utf8"));
const wasm = await readFile(new URL("../pkg/textmeter_bg.wasm", import.meta.url));

let meter;
before(async () => {
  meter = await loadMeter({ card, wasm });
});

const fails = (call, code, at) => {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof TextmeterError, `${error.name}: ${error.message}`);
    assert.ok(error instanceof Error);
    assert.deepEqual({ code: error.code, at: error.at }, { code, at });
    assert.notEqual(error.message, "");
    return;
  }
  assert.fail(`nothing was thrown; ${code} was expected`);
};

test("a quote is a plain object with money as text", () => {
  const answer = meter.quote({ text: "x".repeat(168), to: "+44 7400 123456", balance: "5.00" });
  assert.equal(Object.getPrototypeOf(answer), Object.prototype);
  assert.deepEqual([answer.segments, answer.unit, answer.sendable, answer.recipients[0].to], [2, "segment", true, "+447400123456"]);
  assert.equal(typeof answer.total, "string");
  assert.deepEqual(JSON.parse(JSON.stringify(answer)), answer);
});

test("a count is what a quote says of the segments, for texts of every length and kind", () => {
  const kinds = ["a", "é", "€", "я", "😀", "👩‍👩‍👧‍👦", "Don’t ", "\ud83d", "e\u0301"];
  for (const kind of kinds) {
    for (const length of [0, 1, 31, 32, 33, 160, 161, 1000]) {
      const text = kind.repeat(Math.ceil(length / kind.length));
      for (const channel of ["api", "app"]) {
        const { encoding, units, segments, segments_min, units_left } = meter.quote({ text, channel });
        assert.deepEqual(meter.count(text, channel), { encoding, units, segments, segments_min, units_left }, `${kind} x ${length}`);
      }
    }
  }
  fails(() => meter.count(), "wrong-type", "text");
  fails(() => meter.count("a", 5), "wrong-type", "channel");
  fails(() => meter.count("a", "pigeon"), "unknown-channel", "channel");
  fails(() => meter.count("", "call"), "missing-field", "minutes");
  fails(() => meter.count("a".repeat(1_000_001)), "text-too-large", "text");
});

test("several meters share the module; a second load does not read it again", async () => {
  const other = await loadMeter({ card: { ...card, id: "other" } });
  assert.equal(other.quote({}).rate_card.id, "other");
  assert.equal(meter.quote({}).rate_card.id, card.id);
  other.free();
  other.free();
  fails(() => other.quote({}), "freed", "");
});

test("absent, undefined and null fields take their defaults", () => {
  const plain = meter.quote({ text: "Hi", to: "GB" });
  assert.deepEqual(meter.quote({ text: "Hi", to: ["GB"], balance: undefined, smart: undefined, minutes: null }), plain);
});

test("minutes may be a number, whole or not", () => {
  const call = (minutes) => meter.quote({ to: "AD", channel: "call", minutes }).quantity;
  assert.deepEqual([call(5), call(4.5), call("4.5"), call("5")], [5, 5, 5, 5]);
  fails(() => call(Number.NaN), "wrong-type", "minutes");
  fails(() => call(1e21), "invalid-value", "minutes");
  fails(() => call(-1), "invalid-value", "minutes");
});

test("a request that is no request says so", () => {
  for (const request of [undefined, null, 5, "text", [], () => {}]) fails(() => meter.quote(request), "wrong-type", "");
});

test("a field of the wrong type is named; so is one nobody knows", () => {
  const cyclic = {};
  cyclic.self = cyclic;
  for (const value of [5, 5n, Symbol("s"), () => {}, cyclic, new Map(), new Date(), [5], ["a", null], [["a"]], Number.NaN]) {
    fails(() => meter.quote({ text: value }), "wrong-type", "text");
  }
  fails(() => meter.quote({ balance: 5 }), "wrong-type", "balance");
  fails(() => meter.quote({ smart: "yes" }), "wrong-type", "smart");
  fails(() => meter.quote({ to: [5] }), "wrong-type", "to");
  fails(() => meter.quote({ balence: "5.00" }), "unknown-field", "balence");
  fails(() => meter.quote({ balance: "abc" }), "invalid-amount", "balance");
  fails(() => meter.quote({ balance: "-1" }), "invalid-amount", "balance");
  fails(() => meter.quote({ channel: "pigeon" }), "unknown-channel", "channel");
  fails(() => meter.quote({ text: "á", encoding: "GSM-7" }), "not-gsm-7", "text");
});

test("after all those errors the meter still works: nothing trapped", () => {
  assert.equal(meter.quote({ text: "Hi", to: "US" }).total, "0.01");
});

test("texts no editor would write are priced too", () => {
  for (const text of ["\ud800", "\udc00a", "a\0", "\u{1F468}\u200D".repeat(200), "x".repeat(900_000)]) {
    assert.ok(meter.quote({ text, to: "US" }).segments > 0);
  }
  fails(() => meter.quote({ text: "x".repeat(10_000_000) }), "text-too-large", "text");
});

test("a broken card is refused with its place", async () => {
  const load = async (broken) => {
    try {
      await loadMeter({ card: broken });
    } catch (error) {
      return error;
    }
    return assert.fail("the card was taken");
  };
  const cyclic = { ...card };
  cyclic.self = cyclic;
  for (const broken of [undefined, null, 5, "{}", cyclic]) assert.deepEqual([(await load(broken)).code, (await load(broken)).at], ["wrong-type", "card"]);
  const negative = structuredClone(card);
  negative.texting.territories.GB = "-0.056";
  const error = await load(negative);
  assert.ok(error instanceof TextmeterError);
  assert.deepEqual([error.code, error.at], ["invalid-rate-card", "texting.territories.GB"]);
  await assert.rejects(loadMeter(), TextmeterError);
});

test("without WebAssembly the code says so", async () => {
  const { WebAssembly: real } = globalThis;
  try {
    globalThis.WebAssembly = undefined;
    await assert.rejects(loadMeter({ card }), { name: "TextmeterError", code: "no-webassembly" });
  } finally {
    globalThis.WebAssembly = real;
  }
});
