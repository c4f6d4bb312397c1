// Without a network, without JavaScript, and when something newer is there.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SITE, assertAccessible, house, sendTo, shown, textOf } from "./browser.js";

const instead = {};
let site;
before(async () => {
  site = await house({ instead });
});
after(() => site.close());

const card = JSON.parse(await readFile(join(SITE, "rates.json"), "utf8"));
const ready = (page) => page.waitForFunction(() => document.documentElement.dataset.ready);

/** The built worker with a line that says something else. */
async function workerWith(line, other) {
  const worker = await readFile(join(SITE, "sw.js"), "utf8");
  assert.match(worker, line);
  return { body: worker.replace(line, other) };
}

/** A worker of another version: the same files, and the last visitor has not seen it. */
const newerWorker = () => workerWith(/const VERSION = "[0-9a-f]{16}";/, 'const VERSION = "newer";');

/** The page with its service worker in charge. */
async function kept() {
  const page = await site.open({ serviceWorkers: "allow" });
  await inCharge(page);
  return page;
}

const inCharge = (page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  });

test("once visited it works offline, by the last rates it read", async () => {
  const page = await kept();
  try {
    await page.context().setOffline(true);
    await page.reload();
    await ready(page);
    await sendTo(page, "GB");
    await page.locator("#text").fill("Hello");
    assert.equal(await textOf(page, "#cost"), "$0.066");
    assert.equal(await page.locator("#trouble").isVisible(), false);
    await page.getByRole("button", { name: "Try an example" }).click();
    await page.locator("#list-cost").waitFor();
    await page.goto(`${site.address}rates.html`);
    await page.getByRole("heading", { name: "All rates" }).waitFor();
    assert.deepEqual(page.trouble.filter((line) => !line.includes("ERR_INTERNET_DISCONNECTED")), []);
  } finally {
    await page.context().close();
  }
});

test("a new rates.json is seen at once, whatever is kept", async () => {
  const page = await kept();
  try {
    const dearer = structuredClone(card);
    dearer.id = "newer";
    dearer.texting.territories.GB = "0.09";
    instead["rates.json"] = { body: JSON.stringify(dearer) };
    await page.reload();
    await ready(page);
    await sendTo(page, "GB");
    await page.locator("#text").fill("Hello");
    assert.equal(await textOf(page, "#cost"), "$0.10");
  } finally {
    delete instead["rates.json"];
    await page.context().close();
  }
});

test("what is no rate card takes nobody's place: a sign-in page, the server's trouble, a network that hangs", async () => {
  instead["sw.js"] = await workerWith(/PATIENCE_MILLISECONDS = 5000/, "PATIENCE_MILLISECONDS = 1");
  const page = await kept();
  try {
    const others = {
      "a sign-in page": { body: "<!doctype html><title>Sign in</title>" },
      "its answer to programs": { body: '{"signed_in": false}' },
      "the server's trouble": { status: 503, body: JSON.stringify({ ...card, id: "troubled" }) },
      "a network that hangs": { hangs: true },
    };
    for (const [name, other] of Object.entries(others)) {
      instead["rates.json"] = other;
      for (const offline of [false, true]) {
        await page.context().setOffline(offline);
        await page.reload();
        await ready(page);
        const where = `${name}, ${offline ? "then offline" : "online"}`;
        assert.equal(await page.evaluate(() => document.documentElement.dataset.ready), "yes", where);
        assert.equal(await page.locator("#foot-card").innerText(), `Rate card ${card.id}.`, where);
      }
      await page.context().setOffline(false);
    }
  } finally {
    delete instead["rates.json"];
    delete instead["sw.js"];
    await page.context().close();
  }
});

test("a newer page waits until its reader agrees", async () => {
  const page = await kept();
  try {
    instead["sw.js"] = await newerWorker();
    await page.reload();
    await ready(page);
    await page.locator("#newer").waitFor();
    assert.equal(await page.evaluate(async () => (await caches.keys()).length), 2);
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Reload" }).click()]);
    await ready(page);
    assert.deepEqual(await page.evaluate(() => caches.keys()), ["textmeter-newer"]);
    assert.equal(await page.locator("#newer").isVisible(), false);
  } finally {
    delete instead["sw.js"];
    await page.context().close();
  }
});

test("as long as the page is open elsewhere a newer one does not come: nothing written there is lost", async () => {
  const first = await kept();
  try {
    await first.locator("#text").fill("A draft in the first tab");
    instead["sw.js"] = await newerWorker();
    const second = await first.context().newPage();
    await second.goto(site.address);
    await ready(second);
    for (const page of [first, second]) await page.locator("#newer").waitFor();
    await second.getByRole("button", { name: "Reload" }).click();
    await second.getByText("This page is open elsewhere too").waitFor();
    assert.equal(await second.evaluate(async () => (await caches.keys()).length), 2, "the files it began with are kept");
    assert.equal(await first.locator("#text").inputValue(), "A draft in the first tab");
    await second.close();
    await Promise.all([first.waitForEvent("load"), first.getByRole("button", { name: "Reload" }).click()]);
    await ready(first);
    assert.deepEqual(await first.evaluate(() => caches.keys()), ["textmeter-newer"]);
  } finally {
    delete instead["sw.js"];
    await first.context().close();
  }
});

test("a deployment in the middle is not kept: the files of a version come together or not at all", async () => {
  const page = await kept();
  try {
    const file = `${await readFile(join(SITE, "list/worker.js"), "utf8")}// newer\n`;
    const integrity = `sha256-${createHash("sha256").update(file).digest("base64")}`;
    instead["sw.js"] = await workerWith(/(?<="list\/worker\.js",")[^"]+/, integrity);
    instead["sw.js"].body = instead["sw.js"].body.replace(/const VERSION = "[0-9a-f]{16}"/, 'const VERSION = "newer"');
    const outcome = () => page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      const update = new Promise((resolve) => registration.addEventListener("updatefound", () => resolve(registration.installing), { once: true }));
      await registration.update();
      const worker = await update;
      while (worker.state === "installing") await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
      return worker.state;
    });
    assert.equal(await outcome(), "redundant");
    instead["list/worker.js"] = { body: file };
    assert.equal(await outcome(), "installed");
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Reload" }).click()]);
    await ready(page);
    assert.equal(await page.evaluate(async () => (await fetch("list/worker.js")).text()), file);
  } finally {
    for (const path of ["sw.js", "list/worker.js"]) delete instead[path];
    await page.context().close();
  }
});

test("it can be installed: the browser finds nothing wrong with its manifest", async () => {
  const page = await kept();
  try {
    const devtools = await page.context().newCDPSession(page);
    const { errors, data } = await devtools.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const { icons, start_url: start } = JSON.parse(data);
    for (const path of [start, ...icons.map(({ src }) => src)]) assert.equal((await page.request.get(site.address + path)).status(), 200, path);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
  } finally {
    await page.context().close();
  }
});

test("without JavaScript all rates are a table, each price the meter's", async () => {
  const reader = await site.open();
  const answer = await reader.evaluate(async () => {
    const { loadMeter } = await import(new URL("textmeter/web.js", document.baseURI).href);
    const meter = await loadMeter({ card: await (await fetch("rates.json")).json() });
    const price = (request) => meter.quote({ to: "AD", ...request }).recipients[0];
    return { text: price({ channel: "api", text: "a" }).per_unit, app: price({ channel: "app", text: "a" }).per_unit };
  });
  const page = await reader.context().browser().newPage({ javaScriptEnabled: false });
  try {
    await page.goto(site.address);
    await page.getByRole("link", { name: "a plain table" }).click();
    const row = page.getByRole("row", { name: /^Andorra/ });
    const { landline, mobile } = card.calling.territories.AD;
    assert.deepEqual(await row.getByRole("cell").allInnerTexts(), [answer.text, answer.app, landline, mobile].map(shown));
    assert.ok((await page.getByRole("row").count()) > Object.keys(card.texting.territories).length);
    assert.match(await page.locator("main").innerText(), new RegExp(card.id));
    await reader.goto(`${site.address}rates.html`);
    for (const look of [{ colorScheme: "light" }, { colorScheme: "dark" }]) {
      await reader.emulateMedia(look);
      await assertAccessible(reader, "rates.html");
    }
    await reader.setViewportSize({ width: 320, height: 640 });
    const [wanted, there] = await reader.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wanted <= there, `${wanted} px in a window of ${there}`);
  } finally {
    await page.close();
    await reader.context().close();
  }
});
