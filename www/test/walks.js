// Going through the account as its reader does: a server of ours with one workspace, and what every walk begins with.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sendTo } from "./browser.js";
import { twinHouse } from "./twin.js";

export let twin;
before(async () => {
  twin = await twinHouse();
});
after(() => twin.close());

export const NUMBER = "+44 7400 123456";
export const TEXT = "x".repeat(168); // two segments
export const COST = "0.132";

/** Opens the page with a balance and runs one path. */
export function path(name, { balance = "5.00", ...options }, walk) {
  test(name, async () => {
    await twin.begin(balance);
    const page = await twin.open(options);
    try {
      await walk(page);
      const policy = page.trouble.filter((line) => !/the server responded with a status of [45]\d\d|net::ERR_FAILED/.test(line));
      assert.deepEqual(policy, [], "neither the policy nor a script complains");
    } finally {
      await page.context().close();
    }
  });
}

export async function useKey(page, key = twin.key, { numbers = true } = {}) {
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Use key" }).click();
  await page.locator("#account-open, #key-note").filter({ visible: true }).first().waitFor();
  // The numbers to send from come by an answer of their own.
  if (numbers) await page.waitForFunction(() => document.querySelector("#account-open").hidden || document.querySelector("#from").value !== "");
}

export async function write(page, text = TEXT) {
  await sendTo(page, NUMBER);
  await page.getByLabel("Message", { exact: true }).fill(text);
}

/** Reviews and confirms; gives back the outcome's heading. */
export async function send(page) {
  await page.getByRole("button", { name: "Review and send" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Send for/ }).click();
  return outcome(page);
}

export async function outcome(page) {
  const heading = page.locator("#outcome h3").filter({ hasNotText: "Sending" });
  await heading.waitFor();
  return heading.innerText();
}

export const newest = async (page) => (await page.locator("#history-rows tr").first().innerText()).replace(/[\u00a0\s]+/g, " ");

/** Holds back the answers of an address until they are let go; the page has them when that is done. */
export async function hold(page, address, times = 1) {
  let resolve;
  const held = new Promise((done) => (resolve = done));
  const asked = page.waitForRequest(address);
  let passed;
  await page.route(address, async (route) => {
    const response = await route.fetch();
    passed = held.then(() => route.fulfill({ response }));
  }, { times });
  const letGo = async () => {
    resolve();
    await passed;
    await page.evaluate(async () => (await fetch("rates.json")).json()); // what came before this is dealt with
  };
  return { asked, letGo };
}
