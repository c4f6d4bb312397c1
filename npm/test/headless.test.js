// The meter without a box: quotes, crossings, marks, and edits that the host applies.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { withEdits } from "../composer/edit.js";
import { watchText } from "../headless.js";
import { TextmeterError, createMeter } from "../index.js";

const meter = createMeter(JSON.parse(await readFile(new URL("../../rates.json", import.meta.url), "utf8")));
const CURLY = "It’s “so”…";

/** A watch and what it told, in order. */
function watched(options) {
  const told = [];
  const target = new EventTarget();
  for (const type of ["change", "exceeded", "ok", "edit"]) target.addEventListener(`text-meter-${type}`, (event) => told.push([type, event.detail]));
  return { told, target, watch: watchText({ meter, target, ...options }), names: () => told.splice(0).map(([name]) => name) };
}

test("every change of the request is one quote and one event; no change is none", () => {
  const { watch, told, names } = watched({ to: "GB", text: "Hi" });
  assert.deepEqual(told, [["change", meter.quote({ text: "Hi", to: "GB" })]]);
  assert.deepEqual(watch.update({ text: "x".repeat(161) }), meter.quote({ text: "x".repeat(161), to: "GB" }));
  watch.update({ text: "x".repeat(161) });
  watch.update({});
  assert.deepEqual(names(), ["change", "change"]);
});

test("crossings are told once each way, and not while nobody can know", () => {
  const { watch, names } = watched({ to: "US", text: "x", balance: "0.01" });
  assert.deepEqual(names(), ["change"]); // covered from the beginning: nothing was crossed
  watch.update({ text: "x".repeat(161) });
  watch.update({ text: "x".repeat(162) });
  assert.equal(watch.exceeded, true);
  assert.deepEqual(names(), ["change", "exceeded", "change"]);
  watch.update({ balance: undefined }); // unknown: no all-clear
  watch.update({ to: "CU" });
  assert.deepEqual(names(), ["change", "change"]);
  watch.update({ to: "US", balance: "0.02" }); // exactly enough fits
  assert.deepEqual([names(), watch.exceeded], [["change", "ok"], false]);
  watch.update({ balance: "0.01", balanceIsOld: true });
  assert.deepEqual(names(), ["change"]);
  watch.update({ balanceIsOld: false });
  assert.deepEqual(names(), ["exceeded"]);
});

test("a request that is refused leaves no quote behind and says why", () => {
  const { watch, names } = watched({ to: "US", text: "x" });
  names();
  assert.equal(watch.update({ balance: "abc" }), null);
  assert.deepEqual([watch.quote, watch.error.code, watch.error.at, watch.marks, watch.findings], [null, "invalid-amount", "balance", [], []]);
  assert.equal(watch.fixAll(), false);
  assert.equal(watch.update({ balance: "1.00" }).total, "0.01");
  assert.deepEqual([watch.error, names()], [null, ["change"]]);
});

test("marks are UTF-16 offsets of what costs more and of what smart encoding will replace", () => {
  const { watch } = watched({ to: "US", text: `😀 ${CURLY}`, smart: false });
  const found = watch.marks.map(({ start, end, kind }) => [watch.request.text.slice(start, end), kind]);
  assert.deepEqual(found, ["😀", "’", "“", "”", "…"].map((character) => [character, "costly"]));
  watch.update({ text: CURLY, smart: true });
  assert.deepEqual(watch.marks.map(({ kind }) => kind), ["swapped", "swapped", "swapped", "swapped"]);
});

test("an edit is offered to the host; what it cancels, it applies itself", () => {
  const applied = [];
  const { watch, target, told } = watched({ to: "US", text: CURLY, smart: false, apply: (edit) => applied.push(edit) });
  assert.equal(watch.fix("’"), true);
  assert.deepEqual(applied.pop(), { text: "It's “so”…", edits: [{ start: 2, end: 3, insert: "'" }] });
  assert.equal(watched({ to: "US", text: CURLY, smart: false, apply: () => false }).watch.fix("’"), false, "nor where it cannot be applied");
  target.addEventListener("text-meter-edit", (event) => event.preventDefault());
  told.length = 0;
  assert.equal(watch.fixAll(), false);
  assert.deepEqual(applied, []);
  const [[name, { text, edits }]] = told;
  assert.deepEqual([name, text, edits.length, withEdits(CURLY, edits)], ["edit", 'It\'s "so"...', 4, text]);
  assert.equal(watch.request.text, CURLY, "nothing is changed but by the host");
});

test("what is kept is neither marked nor listed nor fixed", () => {
  const { watch, told } = watched({ to: "US", text: CURLY, smart: false });
  watch.keep("…");
  assert.deepEqual(watch.marks.map(({ found }) => found), ["’", "“", "”"]);
  watch.fixAll();
  assert.equal(told.at(-1)[1].text, 'It\'s "so"…');
  assert.equal(watch.fix("…"), false);
});

test("a watch without a meter is refused", () => {
  for (const options of [undefined, {}, { meter: {} }, { meter: 5 }]) assert.throws(() => watchText(options), TextmeterError);
  assert.throws(() => watchText({ meter, apply: "yes" }), TextmeterError);
});
