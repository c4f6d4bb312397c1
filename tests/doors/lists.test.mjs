// A list has one price: the Wasm for lists, the program, `POST /v1/campaigns/quote` and the sum of the single quotes of the
// page's own Wasm agree, for every row and to the byte; so do the files that are written, and the refusals.

import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";

import { lookAtList, priceList } from "../../npm/campaign-node.js";
import { random } from "../oracle/corpus.mjs";
import { priceByProgram } from "./command.mjs";
import { openServer } from "./http.mjs";
import { openMeter, rateCard } from "./wasm.mjs";

const LISTS = Number(process.env.LISTS ?? 60);
const card = await rateCard();

const WORDS = ["Hi", "there", "José", "Zoë", "Łukasz", "Ana Conceição", "e\u0301", "“you’re”", "…", "🎉", "👩\u200d👧", "€", "[x]", "Привет", "漢字", "\u200b", "½", "100%", "~", "a longer word or two"];
const NUMBERS = ["+12125550123", "(212) 555-0124", "+44 7400 123456", "+447400123457", "+33 6 12 34 56 78", "+5312345678", "72345", "", "abc", "+1 999 555 0123", "+491701234567", "4.47E+11", "+8816123456789", "+17875550123", "+999123", "2125550126.0"];
const TEMPLATES = ["Hi {{a}}, {{b|there}}", "{{ a | ünd }}{{a}}", "“Plain” words… for everybody", "{{a}} ".repeat(12)];

/** The Wasm's way; `written` is what it wrote. */
async function module(list, request) {
  const parts = [];
  const priced = await priceList({ card, list, onWritten: (part) => parts.push(part), ...request });
  return { json: JSON.stringify(priced.summary), written: Buffer.concat(parts), priced };
}

function randomList(r) {
  const word = () => Array.from({ length: r.below(4) }, () => r.pick(WORDS)).join(" ").repeat(r.below(8) === 0 ? 1 + r.below(12) : 1);
  const rows = Array.from({ length: 1 + r.below(30) }, () => [r.pick(NUMBERS), word(), word(), r.pick(["", "no", "no", "yes"])]);
  return { rows, text: `phone\ta\tb\topted_out\r\n${rows.map((row) => row.join("\t")).join("\r\n")}\r\n` };
}

/** The template as one fills it in by hand. */
const filled = (template, values) => template.replace(/\{\{\s*(\w+)\s*(?:\|([^}]*))?\}\}/g, (_, name, other) => values[name].trim() || (other ?? "").trim());

/** A cell without what was put around it for spreadsheets. */
const unquoted = (cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell).replace(/^'/, "");

const micros = (amount) => BigInt(amount.replace(".", "") + "0".repeat(6 - (amount.split(".")[1]?.length ?? 0)));

test(`${LISTS} lists: Wasm, program and HTTP to the byte, and the sum of the single quotes row by row`, async (t) => {
  const [meter, server] = await Promise.all([openMeter(), openServer()]);
  t.after(server.close);
  const r = random(20_261_127);
  const statuses = new Set();
  for (let at = 0; at < LISTS; at += 1) {
    const { rows, text } = randomList(r);
    const template = r.pick(TEMPLATES);
    const [channel, smart, sender] = [r.pick(["api", "app"]), r.pick([undefined, true, false]), r.pick(["standard", "toll-free"])];
    const asked = { channel, sender, ...(smart === undefined ? {} : { smart }) };
    const shown = JSON.stringify({ text, template, asked });
    const here = await module(text, { template, balance: "0.40", ...asked, write: "priced" });
    const flags = ["--balance", "0.40", "--channel", channel, "--sender", sender, ...(smart === undefined ? [] : ["--smart", smart ? "on" : "off"])];
    const there = await priceByProgram(text, template, flags);
    assert.equal(here.json, there.json, shown);
    assert.equal(here.written.toString(), there.priced.toString(), shown);
    const query = new URLSearchParams({ template, balance: "0.40", ...asked });
    assert.equal((await server.post(`/v1/campaigns/quote?${query}`, text, "text/csv")).body, here.json, shown);

    // No cell has a tab or a line break, so lines are rows.
    const written = here.written.toString().trimEnd().split("\r\n").slice(1).map((line) => line.split("\t").map(unquoted));
    assert.equal(written.length, rows.length, shown);
    let total = 0n;
    for (const [place, [to, a, b]] of rows.entries()) {
      const [sent, encoding, segments, territory, status, price] = written[place].slice(4);
      const quote = meter.quote({ text: filled(template, { a, b }), to: to.replace(/\.0$/, ""), ...asked });
      statuses.add(status);
      assert.equal(encoding, quote.encoding, shown);
      assert.equal(Number(segments), quote.segments, shown);
      assert.equal(sent.trim(), quote.text.trim().replace(/^'/, ""), shown);
      assert.equal(territory || null, quote.recipients[0].territory, shown);
      if (status === "priced") {
        assert.equal(price, quote.total, shown);
        total += micros(quote.total);
      } else if (!["duplicate-number", "opted-out"].includes(status)) {
        assert.equal(quote.sendable, false, shown);
      }
    }
    assert.equal(micros(here.priced.summary.total), total, shown);
  }
  t.diagnostic(`rows were ${[...statuses].sort().join(", ")}`);
  assert.ok(statuses.size >= 8);
});

const CSV = "First name;Phone;Stadt\r\nJosé;+447400123456;Köln\r\n\"=1+1\";+12125550123;\r\nŁukasz;72345;Paris\r\n;;\r\nAda;+12125550123;Rom\r\n";
const TEMPLATE = "Hi {{first_name|there}} in {{stadt}}";

for (const [what, bytes, wrapped] of [
  ["UTF-8", Buffer.from(CSV), []],
  ["UTF-8 with a mark", Buffer.from(`\ufeff${CSV}`), []],
  ["Windows-1252", Buffer.from(CSV.replace("Ł", "L"), "latin1"), []],
  ["UTF-16", Buffer.from(`\ufeff${CSV}`, "utf16le"), ["UTF-16"]],
  ["UTF-16, the other way round", Buffer.from(`\ufeff${CSV}`, "utf16le").swap16(), ["UTF-16"]],
  ["gzip", gzipSync(CSV), ["gzip"]],
  ["gzip of three members, one of them empty", Buffer.concat([CSV.slice(0, 30), "", CSV.slice(30)].map((text) => gzipSync(text))), ["gzip"]],
  ["gzip of UTF-16", gzipSync(Buffer.from(`\ufeff${CSV}`, "utf16le")), ["gzip", "UTF-16"]],
]) {
  test(`${what}: the same summary and the same files as the program's`, async () => {
    const there = await priceByProgram(bytes, TEMPLATE, ["--balance", "0.07"]);
    // From a stream that gives a few bytes at a time, and from a Blob.
    const drops = (async function* () {
      for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
    })();
    const summed = await module(drops, { template: TEMPLATE, balance: "0.07" });
    assert.equal(summed.json, there.json);
    assert.deepEqual(summed.priced.wrapped, wrapped);
    assert.equal(summed.written.length, 0);
    for (const write of ["priced", "rejects"]) {
      const { json, written } = await module(new Blob([bytes]), { template: TEMPLATE, balance: "0.07", write });
      assert.equal(json, there.json);
      assert.deepEqual(written, there[write], write);
    }
    const look = await lookAtList({ list: bytes });
    assert.deepEqual([look.delimiter, look.phone, look.wrapped], [";", "Phone", wrapped]);
  });
}

test("what is refused is refused in the program's words", async () => {
  for (const [list, template] of [
    ["", "Hi"],
    ["a,b\n1,2\n", "Hi"],
    ["phone,Phone\n1,2\n", "Hi"],
    ["+12125550123,Ada\n", "Hi"],
    ["phone\n+12125550123\n", "Hi {{name}}"],
    ["phone\n+12125550123\n", "Hi {{"],
    ["phone\n+12125550123\n", "Hi {phone}"],
  ]) {
    const { error: problem } = JSON.parse((await priceByProgram(list, template)).json);
    await assert.rejects(module(list, { template }), (error) => {
      assert.deepEqual([error.name, error.code, error.at, error.message], ["TextmeterError", problem.code, problem.at, problem.message]);
      return true;
    });
  }
  const code = (wanted) => (error) => error.code === wanted;
  await assert.rejects(module("PK\u0003\u0004 a spreadsheet", { template: "Hi" }), code("not-a-list"));
  await assert.rejects(module(gzipSync(CSV).subarray(0, 40), { template: "Hi" }), code("input-output"));
  await assert.rejects(module(7, { template: "Hi" }), code("wrong-type"));
  await assert.rejects(module(["phone"], { template: "Hi" }), code("wrong-type"));
  await assert.rejects(module("phone\n1", { template: "Hi", balence: "5" }), code("unknown-field"));
  await assert.rejects(module("phone\n1", { template: "Hi", channel: "call" }), code("invalid-value"));
  await assert.rejects(priceList({ list: "phone\n1", template: "Hi" }), code("wrong-type"));
  await assert.rejects(priceList(), code("wrong-type"));
});

test("somebody who stops it gets the reason, and a file that goes on for ever is closed", async () => {
  const stop = new AbortController();
  let closed = false;
  const endless = (async function* () {
    try {
      yield Buffer.from("phone\n");
      for (;;) yield Buffer.from("+12125550123\n".repeat(1000));
    } finally {
      closed = true;
    }
  })();
  const reason = new Error("enough");
  const onProgress = ({ rows }) => rows > 10_000 && stop.abort(reason);
  await assert.rejects(priceList({ card, list: endless, template: "Hi", signal: stop.signal, onProgress }), reason);
  assert.ok(closed);
});
