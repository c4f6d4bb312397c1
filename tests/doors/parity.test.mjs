// The price shown is the price charged: the module in a browser and in Node, `POST /v1/quotes` and `textmeter quote --jsonl`
// give the same bytes for the same request, and refuse with the same words, whatever is asked.

import assert from "node:assert/strict";
import test from "node:test";

import { house } from "../../www/test/browser.js";
import { message, random } from "../oracle/corpus.mjs";
import { quoteLines } from "./command.mjs";
import { openServer } from "./http.mjs";
import { openMeter } from "./wasm.mjs";

const REQUESTS = Number(process.env.PARITY_REQUESTS ?? 10_000);
const SEED = Number(process.env.PARITY_SEED ?? 20_261_110);
const AT_ONCE = 8;
/** So many at once go to the program and into the page. */
const PART = 2_000;

const NUMBERS = [
  "+12125550123", "(212) 555-0124", "212.555.0125", "+1 787 555 0123", "+1 242 555 0123", "+447400123456",
  "+44 7911 123456", "07400 123456", "+4915112345678", "+49 30 123456", "+33612345678", "+5511987654321", "+5312345678",
  "+870773111632", "+8821612345678", "+1999555", "72345", "911", "+", "", "abc", "+44740012345678901", "00447400123456",
  "011 44 7400 123456", "GB", "US", "PR", "XK", "CU", "ZZ", "gb", "+٤٤٧٤٠٠١٢٣٤٥٦", "+1\u00a0212\u2011555\u20110123",
  "+12125550123;ext=5", "tel:+12125550123", "🏴", "\ud83d", "+0", "+123456789012345", " +12125550123 ",
];
const REGIONS = ["US", "GB", "DE", "CA", "KZ", "XK", "us", "", "USA", "ZZ"];
const AMOUNTS = ["5.00", "0", "0.01", "0.132", "999999999.999999", "0.0000001", "1e3", "-1", "5,00", " 5", "", "٥", "00.1", "1."];
const MINUTES = [0, 1, 5, 500_000, "4.5", "0.000001", "1", "00", "-1", -1, 1.5, 4e9, 1e21, "x", true];
const HOSTILE = [null, true, 0, -7, 1.5, 1e300, "", "\0", "x", [], [[]], {}, { a: 1 }, ["+12125550123", null], [7], "__proto__"];
const FIELDS = ["text", "to", "channel", "balance", "encoding", "sender", "region", "minutes", "line_type", "smart"];

function wellMeant(r) {
  const asked = { text: message(r) };
  const count = r.below(4) ? 1 + r.below(3) : r.below(12);
  asked.to = Array.from({ length: count }, () => r.pick(NUMBERS));
  if (r.below(8) === 0) asked.to = r.pick(NUMBERS);
  if (r.below(2)) asked.channel = r.pick(["api", "zapier", "app", "call"]);
  if (asked.channel === "call" && r.below(12)) delete asked.text;
  if (r.below(2)) asked.balance = r.below(12) ? r.pick(AMOUNTS.slice(0, 5)) : r.pick(AMOUNTS);
  if (r.below(6) === 0) asked.encoding = r.pick(["auto", "auto", "GSM-7", "UCS-2", "UCS-2", "utf-8"]);
  if (r.below(4) === 0) asked.sender = r.pick(["standard", "toll-free"]);
  if (r.below(3) === 0) asked.region = r.below(9) ? r.pick(REGIONS.slice(0, 6)) : r.pick(REGIONS);
  if (asked.channel === "call" || r.below(40) === 0) asked.minutes = r.pick(r.below(8) ? MINUTES.slice(0, 6) : MINUTES);
  if (r.below(asked.channel === "call" ? 2 : 60) === 0) asked.line_type = r.pick(["landline", "mobile", "fax"]);
  if (r.below(4) === 0) asked.smart = r.below(2) === 0;
  return asked;
}

/** Something else in a field's place, an unknown field, or no object at all. */
function hostile(r) {
  if (r.below(20) === 0) return r.pick(HOSTILE);
  const asked = wellMeant(r);
  for (let changes = 1 + r.below(2); changes > 0; changes -= 1) {
    const name = r.below(5) ? r.pick(FIELDS) : r.pick(["txet", "Text", "max_price", "", "a\u0000b", "toString", "é".repeat(300)]);
    asked[name] = r.pick(HOSTILE);
  }
  return asked;
}

/** What a door answered: the answer's bytes, or the error's parts. */
function said(json) {
  const answer = JSON.parse(json);
  const { code, message, at } = answer.error ?? answer;
  return code === undefined ? { json } : { code, message, at };
}

/** The same of the package in Node, which throws its errors. */
function saidByPackage(meter, asked) {
  try {
    return said(JSON.stringify(meter.quote(asked)));
  } catch ({ code, message, at }) {
    return { code, message, at };
  }
}

/** The same over HTTP, where errors are problem documents (RFC 9457). */
async function saidByServer(server, json) {
  const { status, body } = await server.post("/v1/quotes", json);
  if (status === 200) return said(body);
  assert.ok(status >= 400 && status < 500, `${status} ${body}`);
  const { code, detail, at } = JSON.parse(body);
  return { code, message: detail, at };
}

/** Asks in Chromium, all requests of a part in one go. */
const inBrowser = (page, part) => page.evaluate((lines) => lines.map((line) => globalThis.door.quote(line)), part);

async function openBrowser() {
  const site = await house();
  const page = await site.open();
  await page.evaluate(async () => {
    const { default: start, Meter } = await import(new URL("textmeter/pkg/textmeter.js", document.baseURI));
    await start();
    globalThis.door = new Meter(JSON.stringify(await (await fetch("rates.json")).json()));
  });
  return { page, close: () => site.close() };
}

test(`${REQUESTS} requests have the same answer, byte for byte, in Chromium, in Node, over HTTP and of the program`, async (t) => {
  const [meter, server, browser] = await Promise.all([openMeter(), openServer(), openBrowser()]);
  t.after(() => Promise.all([server.close(), browser.close()]));
  const r = random(SEED);
  const counted = { answers: 0, errors: 0 };
  const codes = new Set();
  for (let done = 0; done < REQUESTS; done += PART) {
    const asked = Array.from({ length: Math.min(PART, REQUESTS - done) }, () => (r.below(5) ? wellMeant(r) : hostile(r)));
    const part = asked.map((request) => JSON.stringify(request));
    const [lines, shown] = await Promise.all([quoteLines(part), inBrowser(browser.page, part)]);
    assert.deepEqual([lines.length, shown.length], [part.length, part.length]);
    let next = 0;
    const compare = async () => {
      while (next < part.length) {
        const at = next;
        next += 1;
        const what = `request ${done + at}: ${part[at].slice(0, 2_000)}`;
        const expected = saidByPackage(meter, asked[at]);
        assert.deepEqual(said(shown[at]), expected, `Chromium, ${what}`);
        assert.deepEqual(said(lines[at]), expected, `the program, ${what}`);
        assert.deepEqual(await saidByServer(server, part[at]), expected, `HTTP, ${what}`);
        if (expected.code === undefined) counted.answers += 1;
        else counted.errors += 1;
        codes.add(expected.code);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, compare));
  }
  codes.delete(undefined);
  t.diagnostic(`${counted.answers} answers and ${counted.errors} errors of ${codes.size} codes agree: ${[...codes].sort().join(", ")}`);
  // The requests are worth something: most are answered, and errors are of many kinds.
  assert.ok(counted.answers > REQUESTS / 2 && counted.errors > REQUESTS / 20 && codes.size >= 6);
});
