// A person's way through every state of the page, each figure held against the meter's own answer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answerOf, house, sendTo, shown, textOf } from "./browser.js";

let site;
before(async () => {
  site = await house();
});
after(() => site.close());

const PLAIN_160 = "a".repeat(160);

/** Runs one path and closes the page; nothing may have gone wrong on the console. */
function path(name, options, walk) {
  test(name, async () => {
    const page = await site.open(options);
    try {
      await walk(page);
      assert.deepEqual(page.trouble, []);
    } finally {
      await page.context().close();
    }
  });
}

path("empty: no figure, no alarm, examples to begin with", {}, async (page) => {
  assert.equal(await page.locator("#cost").isVisible(), false);
  assert.equal(await textOf(page, "#where"), "Write a message and choose where it goes.");
  assert.equal(await page.locator("#notices").innerText(), "");
  await page.getByRole("button", { name: "161 characters" }).waitFor();
});

path("normal: cost, where to, messages, balance before and after, sends left", {}, async (page) => {
  await page.getByLabel("Message", { exact: true }).fill("x".repeat(168));
  await sendTo(page, "+44 7400 123456");
  await page.getByLabel("Balance").fill("5.00");
  const answer = await answerOf(page, { text: "x".repeat(168), to: "+447400123456", balance: "5.00" });
  assert.equal(answer.sendable, true);
  assert.equal(await textOf(page, "#cost"), shown(answer.total));
  assert.match(await textOf(page, "#where"), /United Kingdom · 2 messages$/);
  assert.equal(await textOf(page, "#balance-now"), "$5.00");
  assert.equal(await textOf(page, "#balance-after"), shown(answer.cover.remaining));
  assert.equal(await textOf(page, "#sends-left"), `${answer.cover.sends_left} more like this`);
  assert.equal((await textOf(page, "#used")).replace(/\s+/g, " "), `${answer.units} of ${answer.units + answer.units_left} GSM-7`);
  assert.equal(await page.locator("#cells .cell").count(), answer.segments);
  const meter = page.locator("#readout").getByRole("meter", { name: "Message length" });
  assert.equal(await meter.getAttribute("aria-valuenow"), String(answer.units));
  const parts = await page.locator("#bubbles .bubble").allTextContents();
  assert.deepEqual(parts, answer.parts.map(({ start, end }) => answer.text.slice(start, end)));
  const sum = (await textOf(page, "#working .sum")).replace(/\s+/g, " ");
  assert.ok(sum.startsWith("2 segments × ( $0.01 per segment +") && sum.endsWith(`= ${shown(answer.total)} cost`), sum);
});

path("near the boundary: so many left at this price", {}, async (page) => {
  await sendTo(page, "US");
  await page.locator("#text").fill("a".repeat(153));
  assert.equal(await textOf(page, "#left"), "7 more at this price");
  assert.notEqual(await page.locator("#left").getAttribute("data-near"), null);
  await page.locator("#text").fill(PLAIN_160);
  assert.equal(await textOf(page, "#left"), "full: one more costs more");
});

path("just over: how much shorter saves how much, and which characters", {}, async (page) => {
  await sendTo(page, "GB");
  await page.locator("#text").fill(`${PLAIN_160}bcde`);
  const answer = await answerOf(page, { text: `${PLAIN_160}bcde`, to: "GB" });
  const { saving } = answer.advice.find((item) => item.kind === "shorten");
  assert.match(await textOf(page, "#notices"), new RegExp(`4 characters shorter saves \\${shown(saving)}`));
  await page.getByRole("button", { name: "Show which" }).click();
  assert.equal(await page.evaluate(() => getSelection().toString()), "bcde");
  const said = await textOf(page, "#notices");
  await page.locator("#text").fill(`${"a".repeat(306)}bcde`);
  assert.equal(await textOf(page, "#notices"), said);
  await page.getByRole("button", { name: "Show which" }).click();
  assert.equal(await page.evaluate(() => getSelection().toString()), "bcde", "the same words, elsewhere in the text");
});

path("switched to UCS-2: the character is named, marked in place and listed with its saving", {}, async (page) => {
  const text = "Su cita está confirmada para el martes a las 10:30 en la calle Mayor, puerta 4. Gracias.";
  await sendTo(page, "ES");
  await page.locator("#text").fill(text);
  const answer = await answerOf(page, { text, to: "ES" });
  assert.equal(answer.encoding, "UCS-2");
  const advice = answer.advice.find((item) => item.found === "á");
  const finding = page.locator("#findings-list li").filter({ hasText: advice.code_point });
  assert.match(await finding.innerText(), new RegExp(`saves \\${shown(advice.saving)}`));
  assert.match(await textOf(page, "#notices"), /á makes this Unicode: 70 fit in a message instead of 160\./);
  const marked = await page.evaluate(() => [...CSS.highlights.get("costly")].map(String));
  assert.deepEqual(marked, ["á"]);
  await finding.getByRole("button", { name: /^Fix/ }).click();
  assert.equal(await page.locator("#text").inputValue(), text.replace("á", "a"));
  const fixed = await answerOf(page, { text: text.replace("á", "a"), to: "ES" });
  assert.equal(await textOf(page, "#cost"), shown(fixed.total));
});

path("an accent that doubles the price: the plain spelling is offered as what it is", {}, async (page) => {
  await page.getByRole("button", { name: "One accent" }).click();
  const before = await textOf(page, "#cost");
  assert.match(await textOf(page, "#notices"), /í makes this Unicode.*Without accents: 1 message, \$0\.\d+ instead of \$0\.\d+\. Changes the spelling\./s);
  assert.match(await textOf(page, "#findings-language"), /With the Spanish alphabet of GSM-7 this would be 1 message/);
  await page.getByRole("button", { name: "Rewrite" }).click();
  assert.notEqual(await textOf(page, "#cost"), before);
  await page.keyboard.press("Control+z");
  assert.equal(await textOf(page, "#cost"), before);
});

path("Fix all is one step of the undo history, and Keep leaves a character alone", {}, async (page) => {
  const text = "Don’t forget: “early bird” tickets end tonight. We’d love to see you – doors open at seven.";
  await sendTo(page, "GB");
  await page.locator("#text").fill(text);
  await page.locator(".more summary").click();
  await page.locator("#smart").selectOption("off");
  const answer = await answerOf(page, { text, to: "GB", smart: false });
  const all = answer.advice.find((item) => item.kind === "all");
  assert.match(await textOf(page, "#notices"), new RegExp(`Replace 5 characters: 1 message, saves \\${shown(all.saving)}`));
  await page.getByRole("button", { name: "Fix all" }).click();
  assert.equal(await page.locator("#text").inputValue(), all.replacement);
  assert.equal(await page.locator("#findings").isVisible(), false);
  await page.keyboard.press("Control+z");
  assert.equal(await page.locator("#text").inputValue(), text);
  const dash = page.locator("#findings-list li").filter({ hasText: "U+2013" });
  await dash.getByRole("button", { name: /^Keep/ }).click();
  assert.equal(await dash.count(), 0);
  assert.equal(await page.locator("#text").inputValue(), text);
  assert.doesNotMatch(await textOf(page, "#notices"), /Fix all/);
});

path("while an input method is at work nothing is rewritten; the fix is made when it is done", {}, async (page) => {
  await page.getByRole("button", { name: "Curly quotes" }).click();
  const text = page.locator("#text");
  const before = await text.inputValue();
  await text.dispatchEvent("compositionstart");
  await page.getByRole("button", { name: "Fix all" }).click();
  assert.equal(await text.inputValue(), before);
  await text.dispatchEvent("compositionend");
  await page.locator("#cost").filter({ hasText: "$0.066" }).waitFor();
  assert.equal(await text.inputValue(), before.replace(/’/g, "'").replace(/[“”]/g, '"').replace("–", "-"));
});

path("what smart encoding changes is a note", {}, async (page) => {
  await sendTo(page, "US");
  await page.locator("#text").fill("It’s “fine” – isn’t it…");
  assert.match(await textOf(page, "#smart-lead"), /^6 characters will be sent in a plainer form\. Nothing to do/);
  assert.match((await textOf(page, "#smart-list")).replace(/\s+/g, " "), /’ ' × 2/);
  assert.equal(await page.locator("#findings").isVisible(), false);
  assert.equal(await page.locator("#bubbles .bubble").innerText(), "It's \"fine\" - isn't it...");
});

path("low balance, and a balance that is used up exactly", {}, async (page) => {
  await sendTo(page, "US");
  await page.locator("#text").fill("Hello");
  await page.getByLabel("Balance").fill("0.05");
  assert.equal(await textOf(page, "#sends-left"), "Low balance: 4 more like this.");
  await page.getByLabel("Balance").fill("0.01");
  assert.equal(await textOf(page, "#sends-left"), "It fits exactly and uses your whole balance.");
  assert.equal(await page.locator("#readout").getAttribute("data-tone"), "calm");
});

path("over balance: the refusal in words, the shortfall, and the ways out", {}, async (page) => {
  const text = `${PLAIN_160}b`;
  await sendTo(page, "+1 415 555 2671");
  await page.locator("#text").fill(text);
  await page.getByLabel("Balance").fill("0.01");
  const answer = await answerOf(page, { text, to: "+14155552671", balance: "0.01" });
  assert.equal(answer.cover.kind, "short");
  const notice = await textOf(page, "#notices .alert[data-tone=danger]");
  assert.match(notice, /Costs \$0\.02, you have \$0\.01: \$0\.01 short\. It would be refused and nothing sent\./);
  assert.match(notice, /Add at least \$0\.01 to the balance\./);
  assert.equal(await page.locator("#notices .alert[data-tone=danger] svg").count(), 1);
  await page.getByRole("button", { name: "Show 1 character to cut" }).click();
  assert.equal(await page.evaluate(() => getSelection().toString()), "b");
  await page.keyboard.press("Delete");
  assert.equal(await page.locator("#notices .alert[data-tone=danger]").count(), 0);
});

path("over balance with several recipients: how many can be reached", {}, async (page) => {
  await page.locator("#text").fill("Hello");
  await page.getByLabel("Balance").fill("0.03");
  await page.getByRole("combobox", { name: "To" }).focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text", "+14155552671, +14155552672\n+14155552673; +14155552674");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  assert.equal(await page.locator("#chips li").count(), 4);
  assert.equal(await page.locator("#lines li").count(), 4);
  assert.equal(await textOf(page, "#cost"), "$0.04");
  await page.getByRole("button", { name: "Send to 3 of 4" }).click();
  assert.equal(await page.locator("#chips li").count(), 3);
  assert.equal(await textOf(page, "#cost"), "$0.03");
});

path("balance unknown or unreadable: neither an alarm nor an all-clear", {}, async (page) => {
  await sendTo(page, "GB");
  await page.locator("#text").fill("Hello");
  assert.equal(await textOf(page, "#sends-left"), "Balance not given: nobody can say here whether it covers this.");
  assert.equal(await page.locator("#money").isVisible(), false);
  await page.getByLabel("Balance").fill("abc");
  assert.notEqual(await textOf(page, "#balance-note"), "");
  assert.equal(await page.getByLabel("Balance").getAttribute("aria-invalid"), "true");
  assert.equal(await page.locator("#money").isVisible(), false);
  assert.notEqual(await textOf(page, "#cost"), "");
});

path("no rate for the destination: said so, and never a zero", {}, async (page) => {
  await page.locator("#text").fill("Hola");
  await sendTo(page, "Cuba");
  assert.match(await textOf(page, "#where"), /no rate for Cuba, so nobody can say what it costs/);
  assert.equal(await page.locator("#cost").isVisible(), false);
  assert.doesNotMatch(await textOf(page, "#readout"), /\$0/);
  await sendTo(page, "GB");
  assert.match(await textOf(page, "#where"), /1 of 2 recipients cannot be priced/);
  assert.equal(await page.locator("#cost").isVisible(), false);
});

path("a number nobody can reach says why", {}, async (page) => {
  await page.locator("#text").fill("Hello");
  await page.getByRole("combobox", { name: "To" }).fill("+1 999 555 0123");
  assert.equal(await textOf(page, "#to-note"), "No place has that +1 area code.");
  await page.getByRole("combobox", { name: "To" }).fill("+44 79");
  assert.equal(await page.locator("#to-note").isVisible(), false);
  assert.equal(await textOf(page, "#where"), "The number is not complete yet.");
});

path("too long: refused in words", {}, async (page) => {
  await sendTo(page, "US");
  await page.locator("#text").fill("a".repeat(1601));
  const answer = await answerOf(page, { text: "a".repeat(1601), to: "US" });
  const warning = answer.warnings.find((item) => item.code === "text-too-long");
  assert.equal(warning.blocks, true);
  assert.ok((await textOf(page, "#notices .alert[data-tone=danger]")).includes(warning.message));
});

path("uncertain boundary: a range of messages, priced at the dearer", {}, async (page) => {
  // A family emoji across the cut: whole it moves to the next segment, split by code points it does not.
  const family = "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}";
  const text = "a".repeat(62) + family + "b".repeat(61);
  const answer = await answerOf(page, { text, to: "US", smart: false });
  assert.ok(answer.segments_min < answer.segments, "the text must be uncertain for this test to mean anything");
  await sendTo(page, "US");
  await page.locator(".more summary").click();
  await page.locator("#smart").selectOption("off");
  await page.locator("#text").fill(text);
  assert.match(await textOf(page, "#where"), new RegExp(`${answer.segments_min} to ${answer.segments} messages`));
  assert.equal(await textOf(page, "#cost"), shown(answer.total));
});

path("forced GSM-7 on a text outside of it names the character and offers the way back", {}, async (page) => {
  await sendTo(page, "US");
  await page.locator("#text").fill("Su cita está confirmada");
  await page.locator(".more summary").click();
  await page.locator("#encoding").selectOption("GSM-7");
  assert.match(await textOf(page, "#notices"), /á|U\+00E1/);
  assert.equal(await page.locator("#cost").isVisible(), false);
  await page.getByRole("button", { name: "Use automatic encoding" }).click();
  assert.equal(await textOf(page, "#cost"), "$0.01");
});

path("calls: minutes instead of a text, both kinds of line, the dearer counted", {}, async (page) => {
  await page.getByRole("radio", { name: "Calls" }).check();
  await sendTo(page, "Andorra");
  await page.getByLabel("Minutes").fill("4.5");
  const answer = await answerOf(page, { to: "AD", channel: "call", minutes: "4.5" });
  assert.equal(answer.quantity, 5);
  assert.equal(await textOf(page, "#cost"), shown(answer.total));
  assert.match(await textOf(page, "#where"), /Andorra · 5 minutes$/);
  const lines = await page.locator("#lines li").allInnerTexts();
  assert.deepEqual(lines.map((line) => line.split("\n").at(-1)), answer.recipients[0].line_types.map((line) => shown(line.total)));
  assert.equal(await page.locator("#write").isVisible(), false);
});

path("in the app: abroad per message, at home in the plan", {}, async (page) => {
  await page.getByRole("radio", { name: "In-app texting" }).check();
  await page.locator("#text").fill("x".repeat(300));
  await sendTo(page, "GB");
  const answer = await answerOf(page, { text: "x".repeat(300), to: "GB", channel: "app" });
  assert.equal(await textOf(page, "#cost"), shown(answer.total));
  assert.match(await textOf(page, "#where"), /United Kingdom · 1 message$/);
  await page.getByRole("button", { name: "Remove United Kingdom" }).click();
  await sendTo(page, "US");
  assert.match(await textOf(page, "#where"), /included in the plan$/);
});
