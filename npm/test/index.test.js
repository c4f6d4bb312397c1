// The entry for Node and bundlers, as module and as CommonJS: the same answers as the page's, and errors with a code.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { TextmeterError, createMeter } from "../index.js";
import { loadMeter } from "../web.js";

const card = JSON.parse(await readFile(new URL("../../rates.json", import.meta.url), "utf8"));
const twin = createRequire(import.meta.url)("../pkg/index.cjs");
const REQUESTS = [
  { text: "x".repeat(168), to: "+44 7400 123456", balance: "5.00" },
  { text: "Don’t", to: ["US", "DE", "CU"], smart: false },
  { to: "AD", channel: "call", minutes: 4.5 },
  {},
];

test("three entries, one answer", async () => {
  const web = await loadMeter({ card, wasm: await readFile(new URL("../pkg/textmeter_bg.wasm", import.meta.url)) });
  const meters = [createMeter(card), twin.createMeter(card)];
  for (const request of REQUESTS) {
    const answer = web.quote(request);
    for (const meter of meters) assert.deepEqual(meter.quote(request), answer);
  }
});

test("the rate card of the package is the one of the repository", async () => {
  assert.deepEqual(JSON.parse(await readFile(new URL("../rates.json", import.meta.url), "utf8")), card);
});

test("wrong arguments are errors with a code at every entry, and nothing traps", () => {
  for (const { createMeter: create, TextmeterError: Failure } of [{ createMeter, TextmeterError }, twin]) {
    for (const wrong of [undefined, null, 5, "{}", () => {}, Symbol("s"), 5n]) {
      assert.throws(() => create(wrong), (error) => error instanceof Failure && error.code === "wrong-type" && error.at === "card");
    }
    assert.throws(() => create({}), (error) => error instanceof Failure && error.code === "missing-field");
    assert.throws(() => create(card).quote({ text: 5 }), (error) => error instanceof Failure && error.code === "wrong-type" && error.at === "text");
    assert.equal(create(card).quote({ text: "Hi", to: "US" }).total, "0.01");
  }
});
