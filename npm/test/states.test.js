// A person's path through every state of the element, each figure held against the meter's own answer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answerOf, composer, house, seen, shown, stateOf } from "./browser.js";

let site;
before(async () => {
  site = await house();
});
after(() => site.close());

/** Opens a composer, walks, and closes it; nothing may have gone wrong on the console, and Send may never have moved. */
function path(name, attributes, walk, { inside, wide, ...options } = {}) {
  test(name, async () => {
    const page = await site.open(composer(attributes, { inside, wide }), options);
    try {
      const send = () => page.evaluate(() => JSON.stringify(document.querySelector("#send").getBoundingClientRect()));
      const line = () => page.locator("text-meter .line").evaluate((box) => box.getBoundingClientRect().height);
      const stood = await send();
      await walk(page);
      assert.equal(await send(), stood, "Send moved");
      assert.ok((await line()) <= 32, "the line is one line");
      assert.deepEqual(page.trouble, []);
    } finally {
      await page.context().close();
    }
  });
}

const write = (page, text) => page.locator("#message").fill(text);
const panel = (page) => seen(page, "warning");

path("empty: the price of one message, no figure to be mistaken for a cost, no alarm", `to="GB" balance="5.00"`, async (page) => {
  assert.equal(await stateOf(page), "empty");
  assert.equal(await seen(page, "why"), `${shown((await answerOf(page)).recipients[0].per_unit)} a message to United Kingdom`);
  for (const part of ["cost", "balance", "meter", "warning"]) assert.equal(await seen(page, part), null, part);
});

path("no destination: asked for, not guessed", "", async (page) => {
  await write(page, "Hello");
  assert.deepEqual([await stateOf(page), await seen(page, "cost"), await seen(page, "why")], ["nowhere", null, "Choose a destination to see the cost."]);
});

path("normal: cost, where to, messages, room, balance after, sends left", `to="+44 7400 123456" balance="5.00"`, async (page) => {
  await write(page, "x".repeat(175));
  const { total, cover, units, units_left, segments } = await answerOf(page);
  assert.equal(await stateOf(page), "normal");
  assert.equal(await seen(page, "cost"), shown(total));
  assert.equal(await seen(page, "why"), "United Kingdom · 2 messages");
  assert.equal(await seen(page, "room"), `${units}/${units + units_left}`);
  assert.equal(await seen(page, "balance"), `$5.00 → ${shown(cover.remaining)} · ${cover.sends_left} more like this`);
  const meter = page.getByRole("meter", { name: "Message length" });
  assert.deepEqual([await meter.getAttribute("aria-valuenow"), await meter.getAttribute("aria-valuemax")], [String(units), String(units + units_left)]);
  assert.equal(await meter.locator(".cell").count(), segments);
}, { wide: true });

path("near a boundary: what is left at this price", `to="US"`, async (page) => {
  await write(page, "a".repeat(153));
  assert.equal(await seen(page, "room"), "7 left at this price");
  await write(page, "a".repeat(160));
  assert.equal(await seen(page, "room"), "full: one more costs more");
  assert.equal(await panel(page), null);
});

path("just over: how much shorter saves how much, and which characters", `to="GB"`, async (page) => {
  await write(page, `${"a".repeat(160)}bcde`);
  const { saving } = (await answerOf(page)).advice.find((item) => item.kind === "shorten");
  assert.equal(await panel(page), `4 characters shorter saves ${shown(saving)} Show which`);
  await page.getByRole("button", { name: "Show which" }).click();
  assert.equal(await page.evaluate(() => getSelection().toString()), "bcde");
});

path("switched to UCS-2: the character is named in the line, marked in place, listed with its saving", `to="ES"`, async (page) => {
  const text = "Su cita está confirmada para el martes a las 10:30 en la calle Mayor, puerta 4. Gracias.";
  await write(page, text);
  const { advice, encoding } = await answerOf(page);
  assert.equal(encoding, "UCS-2");
  assert.equal(await seen(page, "why"), "2 messages · á makes it Unicode");
  assert.deepEqual(await page.evaluate(() => [...CSS.highlights.get("text-meter-costly")].map(String)), ["á"]);
  await page.getByRole("button", { name: "1 kind of character to look at" }).click();
  const item = page.locator("text-meter li").filter({ hasText: "U+00E1" });
  assert.match(await item.innerText(), new RegExp(`Accented letter.*changes the spelling · saves \\${shown(advice.find(({ found }) => found === "á").saving)}`, "is"));
  await item.getByRole("button", { name: /^Fix/ }).click();
  assert.equal(await page.locator("#message").inputValue(), text.replace("á", "a"));
  assert.equal((await answerOf(page)).encoding, "GSM-7");
});

path("what smart encoding will do is a dotted mark and no alarm", `to="US"`, async (page) => {
  await write(page, "It’s “fine”");
  assert.deepEqual(await page.evaluate(() => [...CSS.highlights.get("text-meter-swapped")].map(String)), ["’", "“", "”"]);
  assert.deepEqual([await stateOf(page), await panel(page)], ["normal", null]);
  assert.equal(await page.locator("text-meter [part=toggle]").isVisible(), false);
});

path("low balance: in the line; with a way to add funds, said below it", `to="US" balance="0.05"`, async (page) => {
  await write(page, "Hello");
  assert.equal(await stateOf(page), "low");
  assert.equal(await panel(page), "Low balance: 4 more like this.");
  assert.equal(await page.getByRole("link", { name: "Add funds" }).isVisible(), true);
}, { inside: `<a slot="add-funds" href="#">Add funds</a>` });

path("a cost equal to the balance fits, and uses all of it", `to="US" balance="0.01"`, async (page) => {
  await write(page, "Hello");
  assert.deepEqual([await stateOf(page), await seen(page, "balance"), await panel(page)], ["exact", "$0.01 → uses it all", null]);
});

path("over balance: the refusal in words and the ways out", `to="US,CA" balance="0.03" smart="off"`, async (page) => {
  await write(page, `${"a".repeat(100)}’`);
  const { cover, total } = await answerOf(page);
  assert.equal(cover.kind, "short");
  const said = await panel(page);
  assert.ok(said.startsWith(`Costs ${shown(total)}, you have $0.03: ${shown(cover.shortfall)} short. It would be refused and nothing sent.`), said);
  assert.match(said, /Fix all costs \$0\.02 Show 1 character to cut costs \$0\.02 Send to 1 of 2: \$0\.02 Add at least \$0\.01/);
  assert.equal(await page.locator("text-meter .stop svg").isVisible(), true);
  assert.equal(await seen(page, "balance"), `${shown(cover.shortfall)} short`);
  await page.getByRole("button", { name: "Fix all" }).click();
  assert.equal(await stateOf(page), "low");
});

path("balance unknown, in another currency, or unreadable: neither alarm nor all-clear", `to="US"`, async (page) => {
  await write(page, "Hello");
  const silent = async () => assert.deepEqual([await stateOf(page), await seen(page, "cost"), await seen(page, "balance"), await panel(page)], ["normal", "$0.01", null, null]);
  await silent();
  await page.evaluate(() => document.querySelector("text-meter").setAttribute("balance", "abc"));
  await silent();
  assert.equal(await page.evaluate(() => document.querySelector("text-meter").error.code), "invalid-amount");
  await page.evaluate(() => Object.assign(document.querySelector("text-meter"), { balance: "0.00", currency: "EUR" }));
  await silent();
  assert.equal(await page.evaluate(() => document.querySelector("text-meter").error.code), "currency-mismatch");
  await page.evaluate(() => (document.querySelector("text-meter").currency = "USD"));
  assert.equal(await stateOf(page), "over");
});

path("a currency in small letters is the same, and another card's is seen in every amount", `to="US" balance="0.00" currency="usd"`, async (page) => {
  await write(page, "Hello");
  assert.equal(await stateOf(page), "over");
  await page.evaluate(async () => {
    const { createMeter } = await import(new URL("textmeter/index.js", document.baseURI).href);
    const card = await (await fetch("textmeter/rates.json")).json();
    const meter = document.querySelector("text-meter");
    meter.currency = null;
    meter.meter = createMeter({ ...card, currency: "EUR" });
  });
  assert.equal(await seen(page, "cost"), "€0.01");
  assert.match(await panel(page), /^Costs €0\.01, you have €0\.00: €0\.01 short\./);
});

path("an old balance proves nothing: said with its time, no event", `to="US" balance="0.00" balance-as-of="2020-01-01T12:00:00Z"`, async (page) => {
  await page.evaluate(() => {
    globalThis.told = [];
    for (const type of ["exceeded", "ok"]) document.addEventListener(`text-meter-${type}`, () => globalThis.told.push(type));
  });
  await write(page, "Hello");
  assert.equal(await stateOf(page), "doubtful");
  assert.match(await panel(page), /^Your balance was \$0\.00 as of 1 Jan.* By that, this would be \$0\.01 short; it may have changed\.$/);
  await page.evaluate(() => (document.querySelector("text-meter").balance = "5.00"));
  assert.deepEqual([await stateOf(page), await panel(page), await page.evaluate(() => globalThis.told)], ["normal", null, []]);
  await page.evaluate(() => Object.assign(document.querySelector("text-meter"), { balance: "0.00", balanceAsOf: new Date().toISOString() }));
  assert.deepEqual([await stateOf(page), await page.evaluate(() => globalThis.told)], ["over", ["exceeded"]]);
});

path("a balance grows old while the machine sleeps", `to="US" balance="0.00"`, async (page) => {
  await write(page, "Hello");
  await page.evaluate(() => (document.querySelector("text-meter").balanceAsOf = new Date().toISOString()));
  assert.equal(await stateOf(page), "over");
  await page.clock.setFixedTime(Date.now() + 8 * 3_600_000); // and no timer of these eight hours was called
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  assert.equal(await stateOf(page), "doubtful");
});

path("a balance from the future keeps no timer busy", `to="US" balance="0.00"`, async (page) => {
  await write(page, "Hello");
  const waits = await page.evaluate(() => {
    const asked = [];
    const real = globalThis.setTimeout;
    globalThis.setTimeout = (task, wait) => (asked.push(wait), real(task, wait));
    document.querySelector("text-meter").balanceAsOf = new Date(Date.now() + 30 * 86_400_000).toISOString();
    globalThis.setTimeout = real;
    return asked.filter((wait) => wait > 2 ** 31 - 1); // which is none at all for a timer
  });
  assert.deepEqual([waits, await stateOf(page)], [[], "over"]);
});

path("no rate for the destination: said so, and never a zero", `to="CU"`, async (page) => {
  await write(page, "Hola");
  assert.deepEqual([await stateOf(page), await seen(page, "cost")], ["unpriced", null]);
  assert.match(await seen(page, "why"), /no rate for Cuba/);
  await page.evaluate(() => (document.querySelector("text-meter").to = ["CU", "GB"]));
  assert.match(await seen(page, "why"), /1 of 2 recipients cannot be priced/);
  assert.doesNotMatch(await page.locator("text-meter .line").innerText(), /\$0/);
});

path("a range where nobody knows how the network cuts", `to="US" smart="off"`, async (page) => {
  await write(page, `${"a".repeat(62)}\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}${"b".repeat(61)}`);
  const { segments, segments_min, total } = await answerOf(page);
  assert.ok(segments_min < segments, "the text must be uncertain for this test to mean anything");
  assert.match(await seen(page, "why"), new RegExp(`${segments_min} to ${segments} messages`));
  assert.equal(await seen(page, "cost"), shown(total));
  assert.match(await panel(page), new RegExp(`It may be ${segments_min} to ${segments} messages`));
});

path("too long: refused in words", `to="US" balance="5.00"`, async (page) => {
  await write(page, "a".repeat(1601));
  const warning = (await answerOf(page)).warnings.find((item) => item.code === "text-too-long");
  assert.deepEqual([await stateOf(page), await seen(page, "why")], ["blocked", "Too long to be sent"]);
  assert.ok((await panel(page)).includes(warning.message));
});

path("a request nobody can make sense of says why", `to="US" channel="pigeon"`, async (page) => {
  assert.equal(await stateOf(page), "broken");
  assert.notEqual(await seen(page, "why"), "");
  await page.evaluate(() => document.querySelector("text-meter").removeAttribute("channel"));
  assert.equal(await stateOf(page), "empty");
});

path("WebAssembly unavailable: a line and a link, and the composer works", `to="US"`, async (page) => {
  assert.deepEqual([await stateOf(page), await seen(page, "cost")], ["unavailable", null]);
  assert.equal(await seen(page, "why"), "The cost cannot be shown in this browser. See the rates");
  assert.match(await page.getByRole("link", { name: "See the rates" }).getAttribute("href"), /rates\.json$/);
  await write(page, "It’s fine");
  assert.equal(await page.locator("#message").inputValue(), "It’s fine");
}, { init: () => delete globalThis.WebAssembly });

test("a policy without 'wasm-unsafe-eval', and rates that are not there, end in the same place", async () => {
  const strict = await site.open(composer(`to="US"`), { policy: "default-src 'self'" });
  assert.deepEqual([await stateOf(strict), await strict.evaluate(() => document.querySelector("text-meter").error.code)], ["unavailable", "no-webassembly"]);
  const missing = await site.open(composer(`to="US"`).replace("textmeter/rates.json", "nowhere.json"));
  assert.equal(await stateOf(missing), "unavailable");
  assert.match(await seen(missing, "why"), /nowhere\.json answered 404/);
  await missing.evaluate(() => document.querySelector("text-meter").setAttribute("rates", "textmeter/rates.json"));
  await missing.waitForFunction(() => document.querySelector("text-meter").quote);
  assert.equal(await stateOf(missing), "empty");
});

path("confirm: a form that would be refused asks first", `to="US" balance="0.00" confirm`, async (page) => {
  await page.evaluate(() => {
    globalThis.sent = 0;
    document.querySelector("#form").addEventListener("submit", (event) => (event.preventDefault(), (globalThis.sent += 1)));
  });
  await write(page, "Hello");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  assert.equal(await page.evaluate(() => globalThis.sent), 0);
  assert.match(await panel(page), /^Not sent\. It would be refused as it is\. Send anyway/);
  await page.getByRole("button", { name: "Send anyway" }).click();
  assert.equal(await page.evaluate(() => globalThis.sent), 1);
  await page.evaluate(() => (document.querySelector("text-meter").balance = "1.00"));
  await page.getByRole("button", { name: "Send", exact: true }).click();
  assert.equal(await page.evaluate(() => globalThis.sent), 2);
});

path("confirm: Send anyway sends as the button did that was pressed, which has the focus again; Not sent is said each time", `to="US" balance="0.00" confirm`, async (page) => {
  await page.evaluate(() => {
    globalThis.sent = [];
    const form = document.querySelector("#form");
    form.insertAdjacentHTML("beforeend", `<button id="later" name="when" value="later">Later</button>`);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      globalThis.sent.push([event.submitter?.id ?? null, new FormData(form, event.submitter).get("when")]);
    });
  });
  await write(page, "Hello");
  const said = () => page.locator("text-meter [role=status]").evaluate((region) => region.textContent);
  await page.locator("#later").press("Enter");
  const first = await said();
  await page.locator("#later").press("Enter");
  const second = await said();
  assert.match(first, /^Not sent\./);
  assert.deepEqual([second.trim(), second === first], [first, false]);
  await page.getByRole("button", { name: "Send anyway" }).press("Enter");
  assert.deepEqual(await page.evaluate(() => [globalThis.sent, document.activeElement.id]), [[["later", "later"]], "later"]);
  await page.locator("#later").press("Enter");
  await page.evaluate(() => document.querySelector("#later").remove());
  await page.getByRole("button", { name: "Send anyway" }).click();
  assert.deepEqual(await page.evaluate(() => globalThis.sent[1]), [null, null], "one that is gone by now is not sent for");
});

path("the panel is put away by Escape, until there is something else to say", `to="GB"`, async (page) => {
  await write(page, `${"a".repeat(160)}bcde`);
  await page.getByRole("button", { name: "Show which" }).press("Escape");
  assert.equal(await panel(page), null);
  assert.equal(await page.evaluate(() => document.activeElement.id), "message");
  await write(page, `${"a".repeat(160)}bcd`);
  assert.match(await panel(page), /^3 characters shorter/);
});
