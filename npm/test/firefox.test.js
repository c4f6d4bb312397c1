// The element in Firefox: priced, marked, fixed and taken back by one undo, as in the other browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { composer, document as html } from "./browser.js";
import { CONTROL, firefox } from "./firefox.js";
import { folder, serve } from "./static.js";

const files = folder(fileURLToPath(new URL("..", import.meta.url)));
const CURLY = "Don’t forget: “early bird” tickets end tonight. We’d love to see you – doors open at seven.";

let server;
let browser;
before(async () => {
  const page = { body: html(composer(`to="GB" balance="0.10" smart="off"`)), kind: ".html", headers: { "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" } };
  server = await serve((path) => (path === "/" ? page : files(path.replace("/textmeter", ""))));
  browser = await firefox();
});
after(() => Promise.all([browser?.close(), server?.close()]));

test("Firefox: over balance, marks in place, Fix all, one undo and redo", async () => {
  const page = await browser.open(server.address);
  const METER = `document.querySelector("text-meter")`;
  const FIELD = `document.querySelector("#message")`;
  await page.evaluate(`new Promise((done) => ${METER}.quote ? done() : ${METER}.addEventListener("text-meter-change", done, { once: true })).then(() => {})`);
  const shown = () => page.evaluate(`["cost", "warning"].map((part) => ${METER}.shadowRoot.querySelector("[part~=" + part + "]").innerText.replace(/\\s+/g, " "))`);
  const value = () => page.evaluate(`${FIELD}.value`);

  await page.evaluate(`${FIELD}.focus(), document.execCommand("insertText", false, ${JSON.stringify(CURLY)})`);
  const [cost, warning] = await shown();
  assert.equal(cost, "$0.132");
  assert.match(warning, /^Costs \$0\.132, you have \$0\.10: \$0\.032 short\. It would be refused and nothing sent\. Fix all costs \$0\.066/);
  assert.deepEqual(await page.evaluate(`[...CSS.highlights.get("text-meter-costly")].map(String)`), ["’", "“", "”", "’", "–"]);

  await page.evaluate(`[...${METER}.shadowRoot.querySelectorAll("button")].find((button) => button.textContent === "Fix all").click()`);
  const fixed = CURLY.replace(/[’]/g, "'").replace(/[“”]/g, '"').replace("–", "-");
  assert.deepEqual([await value(), (await shown())[0]], [fixed, "$0.066"]);
  await page.press(CONTROL, "z");
  assert.deepEqual([await value(), (await shown())[0]], [CURLY, "$0.132"]);
  await page.press(CONTROL, "\uE008", "z");
  assert.equal(await value(), fixed);
  assert.deepEqual(browser.errors, []);
});
