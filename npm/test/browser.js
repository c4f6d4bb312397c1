// Pages of the element's tests in Chromium: the package's folder as any static host serves it, under a strict policy.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { folder, launch, serve } from "./static.js";

const axe = await readFile(createRequire(new URL("../../tests/package.json", import.meta.url)).resolve("axe-core/axe.min.js"), "utf8");
const files = folder(fileURLToPath(new URL("..", import.meta.url)));
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; base-uri 'none'";

/** The look of a host's page; the element has to fit in anywhere. */
const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
  body { margin: 0; padding: 24px 16px; }
  h1 { max-width: 640px; margin: 0 auto 16px; font-size: 18px; }
  form { display: block; max-width: 640px; margin: auto; }
  form.wide { max-width: none; }
  textarea { display: block; box-sizing: border-box; width: 100%; height: 128px; padding: 12px; border: 1px solid #8888; border-radius: 10px; font: inherit; resize: none; }
  #send { float: right; height: 36px; margin-top: 6px; padding: 0 18px; }
`;

/** A composer as hosts write it; `attributes` are the meter's. */
export const composer = (attributes, { text = "", inside = "", wide = false } = {}) => `<h1>Composer</h1><form id="form"${wide ? ' class="wide"' : ""}>
  <label for="message">Message</label>
  <textarea id="message">${text}</textarea>
  <text-meter for="message" rates="textmeter/rates.json" ${attributes}>${inside}</text-meter>
  <button id="send">Send</button>
</form>`;

/** A whole document around it. */
export const document = (body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Composer</title><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="style.css"></head><body><main>${body}</main><script type="module" src="textmeter/element/define.js"></script></body></html>`;

/** A browser and a server for one test file; `close` them in `after`. */
export async function house() {
  const pages = new Map();
  const server = await serve((path) => {
    if (path === "/style.css") return { body: STYLE, kind: ".css" };
    if (pages.has(path)) return pages.get(path);
    assert.ok(path.startsWith("/textmeter/"), path);
    return files(path.slice("/textmeter".length));
  });
  const browser = await launch();

  /** It knows its answer, and shows it: who asks is answered before the element is laid out and drawn. */
  const isDrawn = (name) => {
    const element = document.querySelector(name);
    return (element?.quote || element?.error) && element.shadowRoot.querySelector(".base").dataset.state !== "waiting";
  };

  /** A page with a body of HTML. `page.trouble` lists what the console had to complain about. */
  async function open(body, { init, policy = POLICY, viewport = { width: 800, height: 600 }, ready = "text-meter", ...options } = {}) {
    const path = `/${pages.size}`;
    pages.set(path, { body: document(body), kind: ".html", headers: policy ? { "content-security-policy": policy } : {} });
    const context = await browser.newContext({ viewport, locale: "en-US", timezoneId: "UTC", reducedMotion: "reduce", ...options });
    const opened = await context.newPage();
    opened.setDefaultTimeout(60_000);
    opened.trouble = [];
    opened.on("console", (message) => ["error", "warning"].includes(message.type()) && opened.trouble.push(message.text()));
    opened.on("pageerror", (error) => opened.trouble.push(error.message));
    if (init) await opened.addInitScript(init);
    await opened.goto(server.address + path);
    if (ready) await opened.waitForFunction(isDrawn, ready);
    return opened;
  }

  return {
    open,
    /** Serves something else at a path from now on, or nothing. */
    put: (path, page) => (page ? pages.set(path, page) : pages.delete(path)),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** What somebody sees of a part, no-break spaces as spaces; null where it is hidden. */
export async function seen(page, part) {
  const found = page.locator(`text-meter [part~=${part}]`).first();
  return (await found.isVisible()) ? (await found.innerText()).replace(/\s+/g, " ").trim() : null;
}

/** The state the element says it is in. */
export const stateOf = (page) => page.locator("text-meter .base").getAttribute("data-state");

const format = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 12 });
/** An amount as the element shows it to somebody in the United States. */
export const shown = (amount) => format.format(amount);

/** The meter's own answer to the element's request. */
export const answerOf = (page) => page.evaluate(() => document.querySelector("text-meter").quote);

/** Fails where axe finds anything. */
export async function assertAccessible(page, what) {
  const { violations } = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`);
  assert.deepEqual(found, [], what);
}
