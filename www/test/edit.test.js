// The parts of the page that need no page: edits, amounts, links, ways out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boundaries, smallestEdit, withFix } from "../edit.js";
import { amountFromTyped, compareAmounts, isZero, moneyFormat } from "../money.js";
import { fromHash, toHash } from "../share.js";
import { allFixed, waysOut } from "../ways-out.js";

test("the smallest edit turns one text into the other, whatever repeats", () => {
  const pairs = [["", "a"], ["aaa", "aa"], ["aa", "aaa"], ["it’s “so”", "it's \"so\""], ["same", "same"], ["abcabc", "abc"], ["😀x", "😃x"]];
  for (const [before, after] of pairs) {
    const { start, end, insert } = smallestEdit(before, after);
    assert.equal(before.slice(0, start) + insert + before.slice(end), after);
  }
  assert.deepEqual(smallestEdit("it’s", "it's"), { start: 2, end: 3, insert: "'" });
});

test("a fix replaces every range of its character", () => {
  assert.equal(withFix("’a’", { ranges: [[0, 1], [2, 3]], replacement: "'" }), "'a'");
  assert.equal(withFix("a\u200bb", { ranges: [[1, 2]], replacement: "" }), "ab");
});

test("fixing all leaves out what somebody keeps", () => {
  const advice = [
    { kind: "replace", found: "’", ranges: [[0, 1]], replacement: "'" },
    { kind: "replace", found: "…", ranges: [[2, 3]], replacement: "..." },
    { kind: "unaccent", found: "á", ranges: [[3, 4]], replacement: "a" },
    { kind: "all", found: "’x…á", ranges: [], replacement: "'x...á" },
  ];
  assert.equal(allFixed("’x…á", advice), "'x...á");
  assert.equal(allFixed("’x…á", advice, new Set(["…"])), "'x…á");
  assert.equal(allFixed("’x…á", advice, new Set(["…", "’"])), null);
});

test("characters are the reader's: a family emoji is one", () => {
  assert.deepEqual(boundaries("a\u{1F468}\u200D\u{1F469}\u200D\u{1F467}b"), [0, 1, 9, 10]);
});

test("ways out keep to what fits: the longest text, the most recipients", () => {
  // A meter that charges a cent for every ten code units and recipient, of a balance of three cents.
  const ask = ({ text, to }) => {
    const cents = Math.ceil(text.length / 10) * to.length;
    const short = cents > 3;
    return { unit: "segment", advice: [], total: `0.0${cents}`, sendable: !short && text !== "", cover: { kind: short ? "short" : "covered" } };
  };
  const request = { text: "x".repeat(15), to: ["a", "b", "c", "d"] };
  const ways = waysOut(ask, request, ask(request), new Set());
  assert.deepEqual(ways.map((way) => way.kind), ["fewer"]);
  assert.equal(ways[0].to.length, 1);
  const three = { text: "x".repeat(15), to: ["a", "b", "c"] };
  const [shorter, fewer] = waysOut(ask, three, ask(three), new Set());
  assert.deepEqual([shorter.kind, shorter.less, shorter.text.length], ["shorten", 5, 10]);
  assert.equal(fewer.to.length, 1);
  assert.deepEqual(waysOut(ask, { text: "x", to: ["a"] }, ask({ text: "x", to: ["a"] }), new Set()), []);
});

test("amounts are shown with every digit they have", () => {
  const money = moneyFormat("USD", { locales: "en-US" });
  assert.equal(money("0.132"), "$0.132");
  assert.equal(money("5.00"), "$5.00");
  assert.equal(money("0.02817"), "$0.02817");
  assert.equal(money("90071992547409.930001"), "$90,071,992,547,409.930001"); // a float would have lost the end
});

test("a balance as typed becomes the meter's decimal", () => {
  const cases = [["en-US", "$5.00", "5.00"], ["en-US", "1,234.5", "1234.5"], ["en-US", "5,00", "5.00"], ["en-US", " 5 USD", "5"], ["de-DE", "5,00 $", "5.00"], ["de-DE", "1.234,50", "1234.50"], ["de-DE", "5.00", "5.00"], ["fr-FR", "1\u202f234,5", "1234.5"], ["en-US", "abc", "abc"], ["en-US", "-1", "-1"]];
  for (const [locale, typed, amount] of cases) assert.equal(amountFromTyped(typed, "USD", locale), amount, `${locale} ${typed}`);
});

test("amounts sort by value, not by spelling", () => {
  const sorted = ["0.10", "10.00", "0.02817", "9.5", "0.1"].sort(compareAmounts);
  assert.deepEqual(sorted, ["0.02817", "0.10", "0.1", "9.5", "10.00"]);
  assert.deepEqual(["0", "0.00", "0.000001", "10"].map(isZero), [true, true, false, false]);
});

test("a link says what differs from the defaults, and reads only what it knows", () => {
  const state = { text: "Hi & bye #1", to: ["+447400123456"], channel: "api", balance: "5.00", sender: "toll-free", encoding: "auto", smart: "", region: "US", minutes: "", line_type: "" };
  assert.equal(toHash(state, ["GB"], { withText: false }), "to=GB&balance=5.00&sender=toll-free");
  assert.deepEqual(fromHash(`#${toHash(state, ["GB"], { withText: true })}`), { to: ["+447400123456"], balance: "5.00", sender: "toll-free", text: "Hi & bye #1" });
  assert.equal(fromHash("#guide"), null);
  assert.equal(fromHash("#evil=1"), null);
});
