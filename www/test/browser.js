// The built site in Chromium, served from a sub-folder by a server of a few lines, so that every address must be relative.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const packages = createRequire(new URL("../../tests/package.json", import.meta.url));
const { chromium } = packages("playwright-core");
const axe = packages.resolve("axe-core/axe.min.js");

export const SITE = process.env.TEXTMETER_SITE ?? fileURLToPath(new URL("../../target/site", import.meta.url));
const FOLDER = "/some/where/";
const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json", ".woff2": "font/woff2", ".wasm": "application/wasm", ".png": "image/png", ".webmanifest": "application/manifest+json" };
const ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Serves the site; `instead` maps a path inside it to `{status, body}` to be answered in its place, or to `{hangs: true}`. */
async function serve(instead) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const inside = normalize(decodeURIComponent(pathname.slice(FOLDER.length))) || "index.html";
    const other = instead[inside];
    if (other?.hangs) return;
    if (other) {
      response.writeHead(other.status ?? 200, { "content-type": KINDS[extname(inside)] }).end(other.body);
      return;
    }
    try {
      assert.ok(pathname.startsWith(FOLDER), "the page left its folder");
      const body = await readFile(join(SITE, pathname.endsWith("/") ? "index.html" : inside));
      response.writeHead(200, { "content-type": KINDS[extname(inside)] ?? "text/html" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** A browser and a static server for one test file; `close` them in `after`. */
export async function house({ instead = {} } = {}) {
  const server = await serve(instead);
  const address = `http://127.0.0.1:${server.address().port}${FOLDER}`;
  return houseAt(address, () => new Promise((resolve) => server.close(resolve)));
}

/** A browser for the page at an address; `stop` ends who serves it. */
export async function houseAt(address, stop) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
  return {
    address,
    open: (options) => open(browser, address, options),
    close: async () => {
      await browser.close();
      await stop();
    },
  };
}

/** What Playwright says where a test does without the service worker. */
const WORKER_BLOCKED = "Service Worker registration blocked by Playwright";
const WIDE = { width: 1280, height: 900 };

/** The page, once it is ready. `page.trouble` lists what the console and the network had to complain about. */
async function open(browser, address, { hash = "", viewport = WIDE, init, locale = "en-US", ...options } = {}) {
  const context = await browser.newContext({ viewport, locale, timezoneId: "UTC", reducedMotion: "reduce", serviceWorkers: "block", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.trouble = [];
  page.asked = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && message.text() !== WORKER_BLOCKED && page.trouble.push(message.text()));
  page.on("pageerror", (error) => page.trouble.push(error.message));
  page.on("request", (request) => page.asked.push(request.url()));
  if (init) await page.addInitScript(init);
  await page.goto(address + hash);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  return page;
}

/** What the meter itself answers in this page; `request` as the page would send it. */
export const answerOf = (page, request) =>
  page.evaluate(async (asked) => {
    const { loadMeter } = await import(new URL("textmeter/web.js", document.baseURI).href);
    const card = await (await fetch("rates.json")).json();
    return (await loadMeter({ card })).quote(asked);
  }, request);

const format = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 12 });
/** An amount as the page shows it to somebody in the United States. */
export const shown = (amount) => format.format(amount);

/** What a reader sees in an element, no-break spaces as spaces. */
export const textOf = async (page, selector) => (await page.locator(selector).innerText()).replace(/\u00a0/g, " ");

/** Adds a recipient as a person does: types and presses Enter. */
export async function sendTo(page, ...entries) {
  for (const entry of entries) {
    await page.getByRole("combobox", { name: "To" }).fill(entry);
    await page.keyboard.press("Enter");
  }
}

/** Fails where axe finds anything. */
export async function assertAccessible(page, what) {
  await page.addScriptTag({ path: axe }).catch(async () => page.evaluate(await readFile(axe, "utf8")));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`);
  assert.deepEqual(found, [], what);
}
