// What the page shows beside the price: two wordings, what smart encoding changes, the world, other scripts, paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answerOf, assertAccessible, house, sendTo, shown, textOf } from "./browser.js";

let site;
before(async () => {
  site = await house();
});
after(() => site.close());

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

const ACCENTS = "Su cita está confirmada para el martes a las 10:30 en la calle Mayor, puerta 4. Gracias.";

path("two wordings side by side: both priced, the cheaper named, one click to swap and one undo back", {}, async (page) => {
  assert.equal(await page.locator("#compare").isVisible(), false);
  await sendTo(page, "ES");
  await page.locator("#text").fill(ACCENTS);
  await page.getByRole("button", { name: "Compare another wording" }).click();
  const other = page.getByLabel("Another wording");
  assert.equal(await other.inputValue(), ACCENTS.replace("á", "a"), "it begins with the cheaper spelling");
  const mine = await answerOf(page, { text: ACCENTS, to: "ES" });
  const plain = await answerOf(page, { text: ACCENTS.replace("á", "a"), to: "ES" });
  assert.match(await textOf(page, "#wording-now-figures"), new RegExp(`\\${shown(mine.total)}\\s*2 messages · 88 of 134 · UCS-2`));
  assert.equal(await textOf(page, "#compare-verdict"), `The other wording is cheaper: ${shown(plain.total)} instead of ${shown(mine.total)}.`);
  await other.fill("Su cita: martes 10:30. 😀");
  assert.match(await textOf(page, "#wording-figures"), /1 message · 25 of 70 · UCS-2/);
  await page.getByRole("button", { name: "Swap the two" }).click();
  assert.equal(await page.locator("#text").inputValue(), "Su cita: martes 10:30. 😀");
  assert.equal(await other.inputValue(), ACCENTS);
  assert.match(await textOf(page, "#compare-verdict"), /^The message as it stands is cheaper/);
  await page.locator("#text").focus();
  await page.keyboard.press("Control+z");
  assert.equal(await page.locator("#text").inputValue(), ACCENTS);
  assert.match(await textOf(page, "#compare-verdict"), /^Both cost /);
  await other.fill("Cita: martes, 10:30");
  await page.getByRole("button", { name: "Close" }).click();
  assert.equal(await page.locator("#compare-pair").isVisible(), false);
  await page.getByRole("button", { name: "Compare another wording" }).click();
  assert.equal(await other.inputValue(), "Cita: martes, 10:30", "what was written is there again");
});

path("what smart encoding changes is shown in place, long stretches cut short", {}, async (page) => {
  await sendTo(page, "US");
  await page.locator("#text").fill(`It’s ${"so ".repeat(40)}fine…\u00a0yes`);
  const pieces = await page.locator("#smart-text > *").evaluateAll((marks) => marks.map((mark) => [mark.tagName, mark.textContent]));
  assert.deepEqual(pieces, [["DEL", "’"], ["INS", "'"], ["DEL", "…"], ["INS", "..."], ["DEL", "U+00A0"], ["INS", "2 × space"]]);
  assert.match(await textOf(page, "#smart-text"), /^It’'s so so .*….* fine…\.\.\./);
});

path("the world: each territory's price for this text, by mouse and by arrow keys", {}, async (page) => {
  await sendTo(page, "FR");
  await page.locator("#text").fill("x".repeat(200));
  await page.locator("#world").scrollIntoViewIfNeeded();
  const answer = await answerOf(page, { text: "x".repeat(200), to: ["JP", "CU", "US"] });
  const japan = page.locator("#world").getByRole("button", { name: `JP Japan, ${shown(answer.recipients[0].total)}` });
  await japan.waitFor();
  assert.match(await textOf(page, "#world-lead"), /^Your message of 2 segments costs from \$0\.02 to Canada and United States up to \$/);
  assert.equal(await page.locator("#world [data-chosen] span").first().innerText(), "FR");
  await japan.hover();
  assert.equal(await textOf(page, "#world-told"), `Japan: ${shown(answer.recipients[0].total)}`);

  const tabbable = page.locator("#world button[tabindex='0']");
  assert.equal(await tabbable.count(), 1);
  await page.locator("#world").getByRole("button", { name: / France,/ }).focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^CH Switzerland, \$/);
  await page.keyboard.press("ArrowDown");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^IT Italy, \$/);
  assert.equal(await tabbable.locator("span").first().innerText(), "IT");
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#chips li").innerText(), /Italy/);
  const shades = await page.locator("#world-legend li").allInnerTexts();
  assert.equal(shades.length, 7);
});

path("every place with a rate is in the picture, and none twice", {}, async (page) => {
  await page.locator("#world").scrollIntoViewIfNeeded();
  await page.locator("#world-legend li").first().waitFor();
  const { tiles, rated } = await page.evaluate(async () => {
    const { texting, local } = await (await fetch("rates.json")).json();
    return { tiles: [...document.querySelectorAll("#world-tiles button")].map((tile) => tile.firstChild.textContent), rated: [...local, ...Object.keys(texting.territories), ...Object.keys(texting.fallbacks)] };
  });
  assert.equal(new Set(tiles).size, tiles.length);
  assert.deepEqual(rated.filter((code) => !tiles.includes(code)), []);
});

path("a text from right to left reads so everywhere it stands", {}, async (page) => {
  const text = "مرحبا، موعدك غدا الساعة العاشرة صباحا في العيادة.";
  await sendTo(page, "EG");
  await page.locator("#text").fill(text);
  await page.getByRole("button", { name: "Compare another wording" }).click();
  for (const where of ["#text", "#bubbles .bubble", "#wording-now", "#wording"]) {
    assert.equal(await page.locator(where).first().evaluate((element) => getComputedStyle(element).direction), "rtl", where);
  }
  assert.equal(await page.locator("body").evaluate((element) => getComputedStyle(element).direction), "ltr");
});

path("the embedded composer is the element itself, in the page's colours; its lines can be copied", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
  await page.locator("#embed").scrollIntoViewIfNeeded();
  const cost = page.locator("#embed-meter [part~=cost]");
  await cost.filter({ hasText: "$" }).waitFor();
  const text = await page.getByLabel("This is what they make. Write in it.").inputValue();
  const answer = await answerOf(page, { text, to: "GB", balance: "5.00" });
  assert.equal(await cost.innerText(), shown(answer.total));
  const [fill, accent] = await page.evaluate(() => [document.querySelector("#embed-meter").shadowRoot.querySelector(".fill"), document.querySelector("#cells .fill")].map((part) => getComputedStyle(part).backgroundColor));
  assert.equal(fill, accent);
  await page.getByRole("button", { name: "Copy the lines" }).click();
  await page.locator("#embed-said").filter({ hasText: "Copied" }).waitFor();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
  assert.deepEqual(lines.map((line) => line.match(/^<(\S+)[ >]/)[1]), ["textarea", "text-meter", "script"]);
});

path("on paper: the cost, why, and the text as it is sent; no controls", {}, async (page) => {
  await page.getByRole("button", { name: "161 characters" }).click();
  await page.emulateMedia({ media: "print" });
  for (const gone of ["#composer", "#guide", "#world", "#share", "#embed", "#compare", "nav"]) assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  for (const there of ["#cost", "#where", "#bubbles", "#working", "#foot-card"]) assert.equal(await page.locator(there).isVisible(), true, there);
  assert.deepEqual(await page.getByRole("button").filter({ visible: true }).allInnerTexts(), []);
});

for (const look of [{ colorScheme: "light" }, { colorScheme: "dark" }, { colorScheme: "light", viewport: { width: 320, height: 640 } }, { forcedColors: "active" }]) {
  const name = JSON.stringify(look);
  path(`no violations in the pictures: ${name}`, { bypassCSP: true, ...look }, async (page) => {
    await sendTo(page, "FR", "US");
    await page.locator("#text").fill(`It’s “${"so ".repeat(60)}” fine…`);
    await page.getByRole("button", { name: "Compare another wording" }).click();
    await page.locator("#world").scrollIntoViewIfNeeded();
    await page.locator("#world-legend li").first().waitFor();
    await assertAccessible(page, name);
    const [wanted, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wanted <= there, `${name}: ${wanted} px in a window of ${there}`);
  });
}
