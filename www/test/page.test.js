// The page as a whole: what it asks of the network, its rates, links, failures, keyboard and speech.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answerOf, house, sendTo, shown, textOf } from "./browser.js";

let site;
before(async () => {
  site = await house();
});
after(() => site.close());

async function visit(options, walk, where = site) {
  const page = await where.open(options);
  try {
    return await walk(page);
  } finally {
    await page.context().close();
  }
}

test("no request leaves the origin, and none is made once the page is there", () =>
  visit({}, async (page) => {
    const before = page.asked.length;
    await sendTo(page, "+44 7400 123456");
    await page.locator("#text").fill("A secret");
    await page.locator("#guide").scrollIntoViewIfNeeded();
    await page.locator("#guide-search").fill("jap");
    assert.ok(page.asked.every((address) => address.startsWith(site.address)), page.asked.join("\n"));
    assert.deepEqual(page.asked.slice(before), []);
    assert.deepEqual(page.trouble, []);
  }));

test("the combobox takes names, codes and numbers by keyboard alone", () =>
  visit({}, async (page) => {
    await page.keyboard.press("Tab"); // the skip link
    for (let step = 0; step < 5; step += 1) await page.keyboard.press("Tab");
    const to = page.getByRole("combobox", { name: "To" });
    assert.equal(await to.evaluate((field) => field === document.activeElement), true);
    await page.keyboard.type("unit");
    assert.equal(await to.getAttribute("aria-expanded"), "true");
    const options = await page.locator("#to-list [role=option]").allInnerTexts();
    assert.ok(options.length >= 3 && options.every((option) => option.includes("United")), options.join());
    const first = await to.getAttribute("aria-activedescendant");
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await to.getAttribute("aria-activedescendant"), first);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowDown");
    const chosen = await page.locator("[role=option][aria-selected=true] .option-name").innerText();
    await page.keyboard.press("Enter");
    assert.equal(await to.getAttribute("aria-expanded"), "false");
    assert.ok(chosen.startsWith(await page.locator("#chips li .chip-name").innerText()));
    await page.keyboard.type("fr,");
    await page.keyboard.type("+81 90 1234 5678");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#chips li").count(), 3);
    assert.match(await page.locator("#chips li").last().innerText(), /\+81 901 234 5678|\+81/);
    await page.keyboard.press("Backspace");
    assert.equal(await page.locator("#chips li").count(), 2);
    await page.keyboard.type("zzzz");
    assert.match(await textOf(page, "#to-note"), /No country has that name/);
    await page.keyboard.press("Escape");
  }));

test("on a phone the cost stays in sight while the readout is below the edge", () =>
  visit({ viewport: { width: 320, height: 640 } }, async (page) => {
    const dock = page.locator("#dock");
    assert.equal(await dock.isVisible(), false);
    await sendTo(page, "US");
    await page.locator("#text").fill("x".repeat(161));
    await page.getByLabel("Balance").fill("0.01");
    await page.locator("#text").focus();
    await dock.waitFor();
    assert.equal((await textOf(page, "#dock")).replace(/\s+/g, " "), "$0.02 2 messages · over balance");
    await dock.click();
    await dock.waitFor({ state: "hidden" });
    assert.equal(await page.locator("#cost").isVisible(), true);
  }));

test("on a phone the cost is not there where one reads on past the readout, however one gets there and back", () =>
  visit({ viewport: { width: 320, height: 640 } }, async (page) => {
    const dock = page.locator("#dock");
    await sendTo(page, "US");
    await page.locator("#text").fill("Your table is ready");
    await page.locator("#text").focus();
    await dock.waitFor();
    // One step, in which no frame shows the readout.
    await page.getByRole("link", { name: "Lists" }).click();
    await dock.waitFor({ state: "hidden" });
    assert.ok(await page.locator("#list-title").evaluate((title) => title.getBoundingClientRect().top < innerHeight), "the section is what one reads");
    await page.evaluate(() => scrollTo(0, 0));
    await dock.waitFor();
  }));

test("a text in another alphabet is not marked letter by letter", () =>
  visit({}, async (page) => {
    await sendTo(page, "EG");
    await page.locator("#text").fill("مرحبا، موعدك غدا الساعة العاشرة 👍");
    assert.match(await textOf(page, "#notices"), /This alphabet is sent as Unicode: 70 fit in a message, not 160\./);
    assert.deepEqual(await page.evaluate(() => [...CSS.highlights.get("costly")].map(String)), ["👍"]);
    assert.equal(await page.locator("#findings-list li").count(), 1);
  }));

test("the price in the list of countries is the one the meter gives", () =>
  visit({}, async (page) => {
    await page.getByRole("combobox", { name: "To" }).fill("japan");
    const answer = await answerOf(page, { to: "JP" });
    assert.equal(await page.locator("[role=option] .option-price").first().innerText(), shown(answer.recipients[0].per_unit));
  }));

test("the pricing guide: every rate, its source and date, search, sort, and the message at hand", () =>
  visit({}, async (page) => {
    const card = await page.evaluate(async () => (await fetch("rates.json")).json());
    await page.locator("#text").fill("x".repeat(200));
    await page.locator("#guide").scrollIntoViewIfNeeded();
    assert.ok((await textOf(page, "#guide-source")).includes(card.source));
    assert.match(await textOf(page, "#guide-source"), /2026/);
    const note = await textOf(page, "#guide-note");
    assert.ok(note.length > 20 && card.note.startsWith(note), note);
    await page.getByText("More about these figures").click();
    const more = await textOf(page, "#guide-about");
    for (const said of [card.note.slice(note.length).trim(), card.texting.note, card.calling.source]) assert.ok(more.includes(said), said);
    const rated = Object.keys(card.texting.territories).length;
    assert.ok((await page.locator("#guide-rows tr").count()) >= rated);

    await page.locator("#guide-search").fill("united k");
    assert.equal(await page.locator("#guide-rows tr").count(), 1);
    const answer = await answerOf(page, { text: "x".repeat(200), to: "GB" });
    const four = (amount) => new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", minimumFractionDigits: 4, maximumFractionDigits: 12 }).format(amount);
    const row = page.locator("#guide-rows tr");
    await row.locator("td").nth(2).filter({ hasText: four(answer.total) }).waitFor();
    assert.deepEqual(await row.locator("td").allInnerTexts(), [four(card.texting.territories.GB), four(answer.recipients[0].per_unit), four(answer.total)]);

    await page.locator("#guide-search").fill("");
    await page.getByRole("button", { name: "Rate", exact: true }).click();
    assert.equal(await page.getByRole("columnheader", { name: "Rate" }).getAttribute("aria-sort"), "ascending");
    await page.getByRole("button", { name: "Rate", exact: true }).click();
    const dearest = Object.values(card.texting.territories).reduce((most, rate) => (Number(rate) > Number(most) ? rate : most));
    assert.equal(await page.locator("#guide-rows tr td").first().innerText(), four(dearest));

    await page.getByRole("radio", { name: "Calling" }).check();
    await page.locator("#guide-search").fill("Andorra");
    const { landline, mobile } = card.calling.territories.AD;
    assert.deepEqual(await row.locator("td").allInnerTexts(), [four(landline), four(mobile)]);
    await row.getByRole("button").click();
    assert.match(await page.locator("#chips li").innerText(), /Andorra/);
  }));

test("of two rate cards read one after the other the guide shows the last, however long the first takes", () =>
  visit({}, async (page) => {
    const shown = await page.evaluate(async () => {
      const { Guide } = await import(new URL("guide.js", document.baseURI).href);
      const last = await (await fetch("rates.json")).json();
      const first = structuredClone(last);
      const guide = new Guide(() => {});
      const rows = [];
      for (let more = 0; more < 20; more += 1) { // some of them take a pause more than the last
        first.texting.prefixes[String(90_000 + more)] = "0.01";
        await Promise.all([guide.open(first), guide.open(last)]);
        rows.push(document.querySelectorAll("#guide-rows tr").length);
      }
      return rows;
    });
    assert.deepEqual(new Set(shown).size, 1, shown.join());
  }));

test("a link brings the settings back; the text and the numbers only when ticked", () =>
  visit({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await sendTo(page, "+44 7400 123456");
    await page.locator("#text").fill("Secret words");
    await page.getByLabel("Balance").fill("2.50");
    const copied = async () => {
      await page.evaluate(() => document.querySelector("#share-said").replaceChildren()); // what the last copy said
      await page.getByRole("button", { name: "Copy link" }).click();
      await page.locator("#share-said").filter({ hasText: "Copied" }).waitFor();
      return new URL(await page.evaluate(() => navigator.clipboard.readText()));
    };
    const plain = await copied();
    assert.equal(plain.hash, "#to=GB&balance=2.50");
    await page.getByLabel(/Include the text/).check();
    const full = await copied();
    assert.match(full.hash, /text=Secret\+words/);
    await visit({ hash: full.hash }, async (other) => {
      assert.equal(await other.locator("#text").inputValue(), "Secret words");
      assert.equal(await textOf(other, "#cost"), await textOf(page, "#cost"));
      assert.equal(await textOf(other, "#balance-now"), "$2.50");
    });
  }));

test("places on the page are no links of somebody's: the skip link leaves the draft alone", () =>
  visit({}, async (page) => {
    await sendTo(page, "GB");
    await page.locator("#text").fill("A long draft");
    await page.getByLabel("Balance").fill("5.00");
    await page.locator("a.skip").press("Enter");
    await page.waitForURL(/#text$/);
    assert.deepEqual([await page.locator("#text").inputValue(), await page.locator("#chips li").count(), await textOf(page, "#balance-now")], ["A long draft", 1, "$5.00"]);
  }));

test("a link is put on the page once: going back to it leaves what was written since, another link counts", () =>
  visit({ hash: "#to=GB&text=Shared" }, async (page) => {
    assert.equal(await page.locator("#text").inputValue(), "Shared");
    await page.locator("#text").fill("Written instead");
    await sendTo(page, "DE");
    const changed = (go) => Promise.all([page.evaluate(() => new Promise((resolve) => addEventListener("hashchange", () => resolve(), { once: true }))), go()]);
    await changed(() => page.getByRole("link", { name: "Rates", exact: true }).first().click());
    await changed(() => page.goBack());
    assert.deepEqual([await page.locator("#text").inputValue(), await page.locator("#chips li").count()], ["Written instead", 2]);
    await changed(() => page.goto(`${site.address}#to=FR&text=Another`));
    assert.deepEqual([await page.locator("#text").inputValue(), await page.locator("#chips li").count()], ["Another", 1]);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    assert.equal(await page.locator("#text").inputValue(), "Another");
  }));

test("a link is there before the rates are, and what is written meanwhile stays", () =>
  visit({}, async (page) => {
    const other = await page.context().newPage();
    let resolve;
    const held = new Promise((done) => (resolve = done));
    await other.route("**/rates.json", (route) => held.then(() => route.continue()));
    await other.goto(`${site.address}#to=GB&text=Shared&channel=app&balance=5.00`, { waitUntil: "commit" });
    await other.waitForFunction(() => document.getElementById("text")?.value === "Shared");
    await other.locator("#text").fill("Written meanwhile");
    resolve();
    await other.waitForFunction(() => document.documentElement.dataset.ready);
    assert.equal(await other.locator("#text").inputValue(), "Written meanwhile");
    assert.equal(await other.locator("input[name=channel]:checked").inputValue(), "app");
    const answer = await answerOf(other, { text: "Written meanwhile", to: "GB", channel: "app", balance: "5.00" });
    assert.equal(await textOf(other, "#cost"), shown(answer.total));
    assert.equal(await textOf(other, "#balance-after"), shown(answer.cover.remaining));
  }));

test("two letters are a code: UK is the United Kingdom, however it is given, and what is no code is no place", () =>
  visit({}, async (page) => {
    const to = page.getByRole("combobox", { name: "To" });
    const chips = page.locator("#chips li .chip-name");
    for (const give of [() => to.press("Enter"), () => page.locator("#text").focus(), () => to.fill("uk,"), () => to.pressSequentially(",")]) {
      await to.fill("UK");
      assert.deepEqual((await page.locator("#to-list .option-name").allInnerTexts()).slice(0, 2), ["United Kingdom GB", "Ukraine UA"]);
      await give();
      assert.deepEqual(await chips.allInnerTexts(), ["United Kingdom"]);
      await page.getByRole("button", { name: "Remove United Kingdom" }).click();
    }
    await to.fill("su"); // the Soviet Union's, which Sudan begins with
    assert.equal(await page.locator("#to-list .option-name").first().innerText(), "Sudan SD");
    await to.fill("EQ"); // only Equatorial Guinea begins so
    await page.locator("#text").focus();
    assert.equal(await chips.count(), 0);
    assert.equal(await textOf(page, "#to-note"), "Choose the country from the list.");
  }));

test("in a tab that stays open the rates are read anew, and stay what they are where they cannot be had", async () => {
  const instead = {};
  const changing = await house({ instead });
  try {
    await visit({}, async (page) => {
      await page.clock.install();
      await page.reload();
      await page.waitForFunction(() => document.documentElement.dataset.ready);
      await sendTo(page, "GB");
      await page.locator("#text").fill("Hello");
      assert.equal(await textOf(page, "#cost"), "$0.066");
      const card = await page.evaluate(async () => (await fetch("rates.json")).json());
      instead["rates.json"] = { status: 503, body: "" };
      await Promise.all([page.waitForResponse("**/rates.json"), page.clock.fastForward("01:00:01")]);
      card.texting.territories.GB = "0.50";
      instead["rates.json"] = { body: JSON.stringify(card) };
      assert.equal(await textOf(page, "#cost"), "$0.066");
      await page.clock.fastForward("01:00:01");
      await page.locator("#cost").filter({ hasText: "$0.51" }).waitFor();
      assert.equal(await page.locator("#text").inputValue(), "Hello");
      assert.deepEqual(page.trouble.filter((line) => !/status of 503/.test(line)), []);
    }, changing);
  } finally {
    await changing.close();
  }
});

test("what matters is announced once, a second later; a keystroke that changes nothing is not", () =>
  visit({}, async (page) => {
    await sendTo(page, "GB");
    await page.locator("#text").pressSequentially("Hello");
    const announced = page.locator("#announcer");
    await announced.filter({ hasText: "United Kingdom · 1 message" }).waitFor();
    const said = await announced.innerText();
    await page.evaluate(() => {
      globalThis.announcements = 0;
      new MutationObserver(() => (globalThis.announcements += 1)).observe(document.getElementById("announcer"), { childList: true, characterData: true, subtree: true });
    });
    await page.locator("#text").pressSequentially(" you");
    await page.getByLabel("Balance").fill("5");
    await announced.filter({ hasText: "Balance after sending" }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.announcements), 1);
    assert.ok(said.startsWith("$"), said);
  }));

test("numbers and names follow the reader's language, and a decimal comma is read", () =>
  visit({ locale: "de-DE" }, async (page) => {
    await sendTo(page, "Vereinigtes Königreich");
    await page.locator("#text").fill("Hallo");
    await page.getByLabel("Balance").fill("5,00");
    const answer = await answerOf(page, { text: "Hallo", to: "GB", balance: "5.00" });
    const german = new Intl.NumberFormat("de-DE", { style: "currency", currency: "USD", maximumFractionDigits: 12 });
    assert.equal(await page.locator("#cost").innerText(), german.format(answer.total));
    assert.equal(await page.locator("#balance-after").innerText(), german.format(answer.cover.remaining));
    assert.match(await textOf(page, "#where"), /Vereinigtes Königreich/);
  }));

test("a number nobody can be sure of is refused, and a link carries what was read", () =>
  visit({ locale: "de-DE", permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await sendTo(page, "GB");
    await page.locator("#text").fill("Hallo");
    const balance = page.getByLabel("Balance");
    await balance.fill("0.132");
    assert.equal(await textOf(page, "#balance-note"), "Write an amount from 0 up with at most six decimals, as in 1.234,50.");
    assert.equal(await page.locator("#money").isVisible(), false);
    await balance.fill("1.000");
    assert.equal(await textOf(page, "#balance-now"), "1.000,00 $");
    await page.getByRole("radio", { name: "Calls" }).check();
    await page.getByLabel("Minutes", { exact: true }).fill("1,5");
    assert.equal(await page.locator("#minutes-note").isVisible(), false);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.locator("#share-said").filter({ hasText: "Copied" }).waitFor();
    const { hash } = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(hash, "#to=GB&channel=call&balance=1000&minutes=1.5");
    for (const [locale, amount, minutes, now] of [["en-US", "1,000.00", "1.5", "$1,000.00"], ["de-DE", "1.000,00", "1,5", "1.000,00 $"]]) {
      await visit({ locale, hash }, async (other) => {
        assert.equal(await other.getByLabel("Balance").inputValue(), amount);
        assert.equal(await other.getByLabel("Minutes", { exact: true }).inputValue(), minutes);
        assert.equal(await textOf(other, "#balance-now"), now);
      });
    }
  }));

test("where digits are others, what the page writes into the balance is read", () =>
  visit({ locale: "ar-EG" }, async (page) => {
    await page.getByRole("button", { name: "Try an example" }).click();
    await page.locator("#list-cost").waitFor();
    assert.equal(await page.getByLabel("Balance").inputValue(), "٦٠٫٠٠");
    assert.equal(await page.locator("#balance-note").isVisible(), false);
    assert.doesNotMatch(await textOf(page, "#list-settings"), /no balance/);
  }));

test("without WebAssembly: one line, the composer and the rates still work", () =>
  visit({ init: () => delete globalThis.WebAssembly }, async (page) => {
    assert.match(await textOf(page, "#trouble"), /Nothing can be priced in this browser\..*WebAssembly/s);
    await page.locator("#text").fill("Still a text field");
    assert.match(await textOf(page, "#where"), /cannot be worked out here/);
    assert.doesNotMatch(await textOf(page, "#readout"), /\$/);
    assert.ok((await page.locator("#guide-rows tr").count()) > 200);
  }));

test("a broken rate card is refused whole, with the place; a missing one is named", async () => {
  const broken = await house({ instead: { "rates.json": { body: JSON.stringify({ id: "broken", channels: {} }) } } });
  try {
    await visit({}, async (page) => {
      assert.match(await textOf(page, "#trouble"), /The rate card is broken, so none of it is used\. rates\.json, /);
      assert.doesNotMatch(await textOf(page, "#readout"), /\$/);
    }, broken);
  } finally {
    await broken.close();
  }
  const gone = await house({ instead: { "rates.json": { status: 404, body: "" } } });
  try {
    await visit({}, async (page) => assert.match(await textOf(page, "#trouble"), /rates\.json: the server answered 404/), gone);
  } finally {
    await gone.close();
  }
});

/** Counts the ranges the page makes. */
function countRanges() {
  globalThis.rangesMade = 0;
  globalThis.Range = class extends Range {
    constructor() {
      super();
      globalThis.rangesMade += 1;
    }
  };
}

test("1,600 characters: what a keystroke costs is printed, and the figure at its end is right", (context) =>
  visit({ init: countRanges }, async (page) => {
    await sendTo(page, "GB");
    await page.getByLabel("Balance").fill("5");
    const [median, slow] = await page.evaluate(() => {
      const field = document.getElementById("text");
      const times = [];
      for (let length = 1500; length < 1600; length += 1) {
        field.value = "Wörter und 😀 ".repeat(200).slice(0, length);
        const began = performance.now();
        field.dispatchEvent(new Event("input", { bubbles: true }));
        times.push(performance.now() - began);
      }
      times.sort((a, b) => a - b);
      return [times[50], times[95]];
    });
    context.diagnostic(`keystroke at 1,600 characters: ${median.toFixed(1)} ms in the median, ${slow.toFixed(1)} ms at the 95th percentile`);
    const answer = await answerOf(page, { text: await page.locator("#text").inputValue(), to: "GB", balance: "5" });
    assert.equal(await textOf(page, "#cost"), shown(answer.total));
    // A range that is left behind slows every change of the page until it is collected.
    const [made, marks] = await page.evaluate(() => [globalThis.rangesMade, CSS.highlights.get("costly").size]);
    assert.ok(marks > 100 && made < 2 * marks, `${made} ranges for ${marks} marks`);
  }));
