// The door in the browser, called at random for as long as one likes: an answer or an error with a code, never a trap, and
// memory that stays as large as it is once it has seen everything.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { house } from "./browser.js";

const CALLS = Number(process.env.TORTURE_CALLS ?? 20_000);

let site;
before(async () => {
  site = await house();
});
after(() => site.close());

test(`${CALLS} random calls, no trap, no memory that grows`, { timeout: 3_600_000 }, async (t) => {
  const page = await site.open();
  page.setDefaultTimeout(0);
  const told = await page.evaluate(callAtRandom, { calls: CALLS, seed: 20_261_127 });
  t.diagnostic(`${told.answers} answers, ${told.errors} errors of ${told.codes.length} kinds; ${told.memory} bytes of memory`);
  assert.deepEqual(told.broken, []);
  assert.equal(told.answers + told.errors, CALLS);
  assert.ok(told.answers > CALLS / 4 && told.errors > CALLS / 50, "both kinds are tried");
  assert.equal(told.memory, told.seen, "memory grew after everything had been seen");
});

/** Runs in the page. */
async function callAtRandom({ calls, seed }) {
  const here = (path) => new URL(path, document.baseURI);
  const { default: start, Meter: Door } = await import(here("textmeter/pkg/textmeter.js"));
  const { loadMeter } = await import(here("textmeter/web.js"));
  const card = await (await fetch(here("rates.json"))).json();
  let meter = await loadMeter({ card });
  const { memory } = await start();
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
  const pick = (list) => list[next() % list.length];
  const LETTERS = [..."abc XYZ019.,!?@£é€{}[]ñ\n’“”–…Łжи漢👍🏽👩🇺🇸", "\u200d", "\ufe0f", "\u0301", "\ud83d", "\u200b", "\0"];
  const text = (length) => {
    const few = Array.from({ length: 1 + (next() % 4) }, () => pick(LETTERS));
    return Array.from({ length }, () => (next() % 9 ? pick(few) : pick(LETTERS))).join("");
  };
  const texts = Array.from({ length: 400 }, (_, n) => text(n < 380 ? next() % 330 : next() % 3000));
  texts.push("", "a".repeat(70_000), "😀".repeat(20_000), "€".repeat(33_000));
  const numbers = ["+12125550123", "(212) 555-0123", "+447400123456", "07400 123456", "+8613800138000", "72345", "+", "", "GB", "ZZ", text(40)];
  const odd = [null, undefined, 7, -1, 1.5, NaN, true, [], {}, "x", "1e9", Symbol("x"), 10n, () => 1, new Date(0), [[[[]]]], "__proto__"];
  const request = () => {
    const asked = { text: pick(texts), to: Array.from({ length: next() % 4 }, () => pick(numbers)) };
    if (next() % 2) asked.balance = pick(["5.00", "0", "0.01", "999999999.999999", "-1", "x"]);
    if (next() % 4 === 0) asked.channel = pick(["api", "zapier", "app", "call", "x"]);
    if (next() % 4 === 0) asked.sender = pick(["standard", "toll-free"]);
    if (next() % 8 === 0) asked.smart = next() % 2 === 0;
    if (next() % 8 === 0) asked.minutes = pick(["4.5", 3, 0]);
    if (next() % 6 === 0) asked[pick(["text", "to", "balance", "channel", "smart", "minutes", "region", "more"])] = pick(odd);
    return next() % 50 ? asked : pick(odd);
  };
  const broken = [];
  const told = { answers: 0, errors: 0, codes: [], broken, seen: 0, memory: 0 };
  const codes = new Set();
  for (let call = 0; call < calls; call += 1) {
    // A tenth of the way in, every kind and size has come by.
    if (call === Math.ceil(calls / 10)) told.seen = memory.buffer.byteLength;
    if (call % 20_000 === 0) {
      meter.free();
      meter = await loadMeter({ card });
      // Below the package's own checks, any text is answered too.
      const door = new Door(JSON.stringify(card));
      for (const asked of [...texts, ...texts.map((text) => JSON.stringify({ text }).slice(0, -1 - (text.length % 3)))]) {
        const told = JSON.parse(door.quote(asked));
        if (typeof told.code !== "string" && !Array.isArray(told.recipients)) broken.push("neither an answer nor an error");
        door.choose("api");
        door.count(asked);
      }
      door.free();
      await new Promise((resolve) => setTimeout(resolve));
    }
    const asked = request();
    try {
      const quote = meter.quote(asked);
      if (!Array.isArray(quote.recipients)) broken.push("an answer without recipients");
      told.answers += 1;
    } catch (error) {
      if (typeof error?.code !== "string" || error instanceof WebAssembly.RuntimeError) broken.push(String(error));
      codes.add(error.code);
      told.errors += 1;
    }
    if (broken.length > 3) break;
  }
  return { ...told, codes: [...codes], memory: memory.buffer.byteLength };
}
