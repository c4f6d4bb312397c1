// The page in Firefox: a person's way through its states, one undo step, offline. Chromium's tests go into the details.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CONTROL, firefox } from "../../npm/test/firefox.js";
import { folder, serve } from "../../npm/test/static.js";
import { SITE } from "./browser.js";
import { INSIDE, PACKED, UNPACKED, unpacked } from "./gzip.js";

const ENTER = "\uE007";
const CURLY = "Don’t forget: “early bird” tickets end tonight. We’d love to see you – doors open at seven.";

let server;
let browser;
before(async () => {
  server = await serve(folder(SITE));
  browser = await firefox();
});
after(() => Promise.all([browser?.close(), server?.close()]));

/** A tab with the page in it, and what a person does there. */
async function visit(hash = "") {
  const { evaluate, press } = await browser.open(`${server.address}/${hash}`);
  const ready = `document.documentElement.dataset.ready`;
  const page = {
    evaluate,
    press,
    /** What is seen of an element, no-break spaces as spaces; null where it is hidden. */
    seen: (selector) => evaluate(`((found) => found.checkVisibility() ? found.innerText.replace(/\\s+/g, " ").trim() : null)(document.querySelector(${JSON.stringify(selector)}))`),
    value: () => evaluate(`document.querySelector("#text").value`),
    /** Replaces what a field holds, as typing does. */
    write: (selector, text) => evaluate(`((field) => (field.focus(), field.select(), document.execCommand("insertText", false, ${JSON.stringify(text)})))(document.querySelector(${JSON.stringify(selector)}))`),
    click: (name) => evaluate(`[...document.querySelectorAll("button")].find((button) => button.textContent.replace(/\\s+/g, " ") === ${JSON.stringify(name)} && button.checkVisibility()).click()`),
    sendTo: async (entry) => {
      await page.write("#to", entry);
      await press(ENTER);
    },
  };
  await evaluate(`new Promise((done) => ${ready} ? done() : new MutationObserver(() => ${ready} && done()).observe(document.documentElement, { attributes: true })).then(() => {})`);
  return page;
}

function path(name, walk) {
  test(`Firefox: ${name}`, async () => {
    await walk(await visit());
    assert.deepEqual(browser.errors.splice(0), []);
  });
}

path("normal, then near the boundary: cost, balance before and after, what is left at this price", async (page) => {
  assert.equal(await page.seen("#cost"), null);
  await page.sendTo("+44 7400 123456");
  await page.write("#text", "x".repeat(168));
  await page.write("#balance", "5.00");
  assert.equal(await page.seen("#cost"), "$0.132");
  assert.match(await page.seen("#where"), /United Kingdom · 2 messages$/);
  assert.deepEqual([await page.seen("#balance-now"), await page.seen("#balance-after"), await page.seen("#sends-left")], ["$5.00", "$4.868", "36 more like this"]);
  await page.write("#text", "x".repeat(153));
  assert.deepEqual([await page.seen("#cost"), await page.seen("#left")], ["$0.066", "7 more at this price"]);
});

path("Unicode: marked in place; Fix all is one step of the undo history", async (page) => {
  await page.sendTo("GB");
  await page.evaluate(`((select) => (select.value = "off", select.dispatchEvent(new Event("input", { bubbles: true }))))(document.querySelector("#smart"))`);
  await page.write("#text", CURLY);
  assert.equal(await page.seen("#cost"), "$0.132");
  assert.deepEqual(await page.evaluate(`[...CSS.highlights.get("costly")].map(String)`), ["’", "“", "”", "’", "–"]);
  assert.match(await page.seen("#notices"), /Replace 5 characters: 1 message, saves \$0\.066/);
  await page.click("Fix all");
  const fixed = CURLY.replace(/[’]/g, "'").replace(/[“”]/g, '"').replace("–", "-");
  assert.deepEqual([await page.value(), await page.seen("#cost"), await page.seen("#findings")], [fixed, "$0.066", null]);
  await page.press(CONTROL, "z");
  assert.deepEqual([await page.value(), await page.seen("#cost")], [CURLY, "$0.132"]);
});

path("over the balance: the refusal in words, and a way out taken", async (page) => {
  await page.sendTo("+1 415 555 2671");
  await page.write("#text", `${"a".repeat(160)}b`);
  await page.write("#balance", "0.01");
  assert.match(await page.seen("#notices"), /^Costs \$0\.02, you have \$0\.01: \$0\.01 short\. It would be refused and nothing sent\..*Add at least \$0\.01 to the balance\.$/);
  await page.click("Show 1 character to cut");
  assert.equal(await page.evaluate(`((field) => field.value.slice(field.selectionStart, field.selectionEnd))(document.querySelector("#text"))`), "b");
  await page.press("\uE017");
  assert.deepEqual([await page.value(), await page.seen("#cost"), await page.seen("#sends-left")], ["a".repeat(160), "$0.01", "It fits exactly and uses your whole balance."]);
});

path("no rate is never a zero; several recipients have a line each", async (page) => {
  await page.write("#text", "Hola");
  await page.sendTo("Cuba");
  assert.equal(await page.seen("#cost"), null);
  assert.match(await page.seen("#where"), /no rate for Cuba/);
  await page.press("\uE003"); // takes it off again
  await page.sendTo("GB, US");
  assert.equal(await page.seen("#cost"), "$0.076");
  assert.match(await page.seen("#lines"), /^\S+ United Kingdom \$0\.066 \S+ United States \$0\.01$/); // a flag, or its letters
});

path("the embedded composer: the element with the page's meter", async (page) => {
  await page.evaluate(`document.querySelector("#embed").scrollIntoView()`);
  const meter = `document.querySelector("#embed-meter")`;
  const base = `${meter}.shadowRoot.querySelector(".base")`;
  await page.evaluate(`new Promise((done) => { const drawn = () => ${base}.dataset.state === "waiting" ? requestAnimationFrame(drawn) : done(); drawn(); }).then(() => {})`);
  assert.equal(await page.evaluate(`${meter}.shadowRoot.querySelector("[part~=cost]").innerText`), "$0.066");
});

path("a list is priced in a Worker, with its picture", async (page) => {
  await page.click("Try an example");
  const stamp = `document.querySelector("#list-stamp")`;
  await page.evaluate(`new Promise((done) => ${stamp}.hidden ? new MutationObserver(() => ${stamp}.hidden || done()).observe(${stamp}, { attributes: true }) : done()).then(() => {})`);
  assert.match(await page.seen("#list-where"), /^2,305 of 2,400 rows · 3,457 messages$/);
  assert.match(await page.seen("#list-notices"), /^Costs \$143\.4044, you have \$60\.00: \$83\.4044 short\./);
});

path("gzip of several members, in whatever pieces; none that is damaged is taken for whole", async (page) => {
  const bytes = [PACKED, INSIDE].map((all) => all.toString("base64"));
  assert.deepEqual(JSON.parse(await page.evaluate(`(${unpacked})(${JSON.stringify(bytes)}).then(JSON.stringify)`)), UNPACKED);
});

test("Firefox: offline, once it was there", async () => {
  await visit();
  const page = await visit();
  await page.evaluate(`navigator.serviceWorker.ready.then(() => {})`);
  await server.close();
  const offline = await visit("#to=GB&text=Hello");
  assert.equal(await offline.seen("#cost"), "$0.066");
});
