// Every example started and used as a person would: typed in, priced, marked, fixed, and taken back by one undo.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../npm/test/static.js";
import { start } from "./start.js";

let site;
let browser;
before(async () => {
  [site, browser] = await Promise.all([start(), launch()]);
});
after(() => Promise.all([site.close(), browser.close()]));

const CURLY = "Don’t forget: “early bird” tickets end tonight. We’d love to see you – doors open at seven.";
const PLAIN = 'Don\'t forget: "early bird" tickets end tonight. We\'d love to see you - doors open at seven.';
const COSTLY = ["’", "“", "”", "’", "–"];

const highlighted = (page, name) => page.evaluate((known) => [...(CSS.highlights.get(known) ?? [])].map(String), name);
const value = (page) => page.getByRole("textbox", { name: "Message" }).evaluate((box) => box.value ?? box.innerText.replace(/\n$/, ""));

/** Where each example shows its cost, and its marks. */
const EXAMPLES = {
  textarea: { cost: "text-meter [part=cost]", costs: ["$0.132", "$0.066"], marks: (page) => highlighted(page, "text-meter-costly") },
  contenteditable: { cost: "text-meter [part=cost]", costs: ["$0.132", "$0.066"], marks: (page) => highlighted(page, "costly") },
  lexical: { cost: "#cost", costs: ["$0.132 · 2 × UCS-2", "$0.066 · 1 × GSM-7"], marks: (page) => highlighted(page, "costly") },
  prosemirror: { cost: "text-meter [part=cost]", costs: ["$0.132", "$0.066"], marks: (page) => page.locator(".costly").allTextContents() },
  react: { cost: "#cost", costs: ["$0.132 · 2 × UCS-2", "$0.066 · 1 × GSM-7"], marks: () => COSTLY },
};

for (const [name, { cost, costs, marks }] of Object.entries(EXAMPLES)) {
  test(name, async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const trouble = [];
    page.on("pageerror", (error) => trouble.push(error.message));
    await page.goto(`${site.address}/${name}/`);
    if (cost.startsWith("text-meter")) await page.waitForFunction(() => document.querySelector("text-meter").quote);
    const shows = (text) => page.locator(cost).filter({ hasText: text }).waitFor();
    const box = page.getByRole("textbox", { name: "Message" });
    await box.click();
    await page.keyboard.insertText(CURLY);
    await shows(costs[0]);
    assert.deepEqual(await marks(page), COSTLY);
    await page.getByRole("button", { name: "Fix all" }).click();
    await shows(costs[1]);
    assert.equal(await value(page), PLAIN);
    await box.press("Control+z");
    await shows(costs[0]);
    assert.equal(await value(page), CURLY);
    assert.deepEqual(trouble, []);
    await page.close();
  });
}
