// The parts of the page that need no page: edits, amounts, links, ways out.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { loadMeter } from "../../npm/web.js";
import { Twin } from "../account/twin.js";
import { boundaries, smallestEdit, withFix } from "../../npm/composer/edit.js";
import { amountFromTyped, amountToType, compareAmounts, isZero, moneyFormat } from "../../npm/composer/money.js";
import { fromHash, toHash } from "../share.js";
import { allFixed, unaccented, waysOut } from "../../npm/composer/ways-out.js";

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

const meter = await loadMeter({ card: JSON.parse(await readFile(new URL("../../rates.json", import.meta.url), "utf8")), wasm: await readFile(new URL("../../npm/pkg/textmeter_bg.wasm", import.meta.url)) });
const ask = (request) => meter.quote(request);
const ways = (request, kept = new Set()) => waysOut(ask, request, ask(request), kept);

test("ways out lead to what the balance covers: the longest text, the most recipients", () => {
  const request = { text: "x".repeat(400), to: ["US", "CA", "US"], balance: "0.06" }; // three segments to three: nine cents
  const [shorter, fewer, ...rest] = ways(request);
  assert.deepEqual([shorter.kind, shorter.text.length, shorter.less, shorter.answer.total], ["shorten", 306, 94, "0.06"]);
  assert.deepEqual([fewer.kind, fewer.to, fewer.of, fewer.answer.total], ["fewer", ["US", "CA"], 3, "0.06"]);
  assert.deepEqual(rest, []);
  assert.deepEqual(ways({ text: "x", to: ["US"], balance: "0.01" }), []);
  assert.deepEqual(ways({ text: "x", to: ["US"], balance: "0.00" }), []); // only more money helps
});

test("rewriting comes first among the ways out, spelling without accents only where nothing gentler helps", () => {
  const quotes = { text: `${"x".repeat(100)}’`, to: ["US"], balance: "0.01", smart: false };
  assert.deepEqual(ways(quotes).map(({ kind }) => kind), ["fix", "shorten"]);
  assert.equal(ways(quotes)[0].text, `${"x".repeat(100)}'`);
  assert.deepEqual(ways(quotes, new Set(["’"])).map(({ kind }) => kind), ["shorten"]);
  const accent = { text: `${"x".repeat(100)}á`, to: ["US"], balance: "0.01" };
  assert.deepEqual(ways(accent).map(({ kind }) => kind), ["unaccent", "shorten"]);
  assert.equal(unaccented(accent.text, ask(accent).advice), `${"x".repeat(100)}a`);
});

test("amounts are shown with every digit they have", () => {
  const money = moneyFormat("USD", { locales: "en-US" });
  assert.equal(money("0.132"), "$0.132");
  assert.equal(money("5.00"), "$5.00");
  assert.equal(money("0.02817"), "$0.02817");
  assert.equal(money("90071992547409.930001"), "$90,071,992,547,409.930001"); // a float would have lost the end
});

test("a balance as typed becomes the meter's decimal", () => {
  const cases = [["en-US", "$5.00", "5.00"], ["en-US", "1,234.5", "1234.5"], ["en-US", "5,00", "5.00"], ["en-US", " 5 USD", "5"], ["de-DE", "5,00 $", "5.00"], ["de-DE", "1.234,50", "1234.50"], ["de-DE", "5.00", "5.00"], ["fr-FR", "1\u202f234,5", "1234.5"], ["de-CH", "1'234.5", "1234.5"], ["en-IN", "12,34,567.5", "1234567.5"], ["de-DE", "1.000", "1000"], ["en-US", "1.000", "1.000"], ["ar-EG", "٥٬٠٠٠٫١٣٢", "5000.132"], ["fa-IR", "۶۰٫۵", "60.5"], ["mr-IN", "५.२५", "5.25"], ["ja-JP", "５00", "500"]];
  for (const [locale, typed, amount] of cases) assert.equal(amountFromTyped(typed, "USD", locale), amount, `${locale} ${typed}`);
});

test("a balance with more than one reading has none", () => {
  const cases = { "en-US": ["abc", "-1", "0,132", "1,2345", "1.234,56", "01,000", "1,00,000", "1 000,000", "5 00", "1.2.3", "5$00", "5²", ""], "de-DE": ["0.132", "1,000.00", "1.0000"], "fr-FR": ["1.000"] };
  for (const [locale, all] of Object.entries(cases)) for (const typed of all) assert.equal(amountFromTyped(typed, "USD", locale), null, `${locale} ${typed}`);
});

test("what the page writes into a field is read as the same amount, in every language", () => {
  const languages = ["en", "en-IN", "de", "de-AT", "de-CH", "fr", "fr-CH", "it-CH", "pt-PT", "es", "pl", "bg", "sv", "ar-EG", "ar-MA", "fa", "ur", "ckb", "hi", "mr", "ne", "bn", "my", "ja", "ff-Adlm"];
  for (const locale of languages) {
    for (const currency of ["USD", "JPY", "INR", "AED", "CHF"]) {
      for (const amount of ["0.00", "0.132", "999.50", "1000.00", "12345.678", "1234567.891234"]) {
        const written = amountToType(amount, currency, { locales: locale });
        assert.equal(amountFromTyped(written, currency, locale), amount, `${locale} ${currency} ${written}`);
      }
    }
  }
});

test("amounts sort by value, not by spelling", () => {
  const sorted = ["0.10", "10.00", "0.02817", "9.5", "0.1"].sort(compareAmounts);
  assert.deepEqual(sorted, ["0.02817", "0.10", "0.1", "9.5", "10.00"]);
  assert.deepEqual(["0", "0.00", "0.000001", "10"].map(isZero), [true, true, false, false]);
});

test("a balance that is unchanged is the one it was asked with, whatever came in meanwhile", async (context) => {
  const waiting = [];
  context.mock.method(globalThis, "fetch", (_, { headers }) => new Promise((resolve) => waiting.push({ tag: headers["If-None-Match"], resolve })));
  const twin = new Twin("https://twin.example/", "tm_x");
  const answer = (at, status, tag, body) => waiting[at].resolve(new Response(body && JSON.stringify(body), { status, headers: { etag: tag } }));
  const early = twin.balance();
  const first = twin.balance();
  answer(1, 200, "new", { balance: "4.00" });
  assert.equal((await first).body.balance, "4.00");
  const second = twin.balance();
  assert.equal(waiting[2].tag, "new");
  answer(0, 200, "old", { balance: "5.00" });
  await early;
  answer(2, 304, "new", null);
  const { status, body } = await second;
  assert.deepEqual([status, body.balance], [200, "4.00"]);
});

test("a link says what differs from the defaults, and reads only what it knows", () => {
  const state = { text: "Hi & bye #1", to: ["+447400123456"], channel: "api", balance: "5.00", sender: "toll-free", encoding: "auto", smart: "", region: "US", minutes: "", line_type: "" };
  assert.equal(toHash(state, ["GB"], { withText: false }), "to=GB&balance=5.00&sender=toll-free");
  assert.deepEqual(fromHash(`#${toHash(state, ["GB"], { withText: true })}`), { to: ["+447400123456"], balance: "5.00", sender: "toll-free", text: "Hi & bye #1" });
  for (const place of ["#guide", "#text", "#balance", "#to", "#minutes"]) assert.equal(fromHash(place), null, `${place} is a place on the page`);
  assert.deepEqual(fromHash("#to=GB&balance=1,000.00&minutes=4.5"), { to: ["GB"], minutes: "4.5" }, "a number is one with one reading");
  assert.equal(fromHash("#evil=1"), null);
});
