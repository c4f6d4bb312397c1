// A send whose answer was lost: open until the ledger answers to it, and charged once.
import assert from "node:assert/strict";
import { textOf } from "./browser.js";
import { TEXT, outcome, path, send, twin, useKey, write } from "./walks.js";

path("a lost answer: said so, asked again with the same key, charged once", {}, async (page) => {
  await write(page);
  await useKey(page);
  const keys = [];
  await page.route("**/v1/messages", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    await route.fetch(); // it arrives, and is charged
    await route.abort(); // and the answer does not come back
  });
  assert.equal(await send(page), "Sent or not? The answer was lost.");
  assert.equal(await page.locator("#text").inputValue(), TEXT);
  assert.match(await textOf(page, "#send-note"), /The last send has no answer yet/);
  await page.unroute("**/v1/messages");
  page.on("request", (request) => request.url().endsWith("/v1/messages") && keys.push(request.headers()["idempotency-key"]));
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.locator("#outcome h3").filter({ hasText: "Sent. $0.132 was charged." }).waitFor();
  assert.match(await textOf(page, "#outcome"), /It had been sent the first time: it was charged once\./);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.equal((await twin.api("v1/balance")).balance, "4.868");
  assert.equal(await textOf(page, "#account-balance"), "$4.868");
});

/** Answers of somebody who was not asked for the key, or could not look it up. */
const NOTHING_OF_IT = [
  [429, { code: "too-many-requests" }],
  [503, { code: "unavailable" }],
  [403, { code: "missing-scope" }],
  [413, {}],
  [404, {}],
  [200, {}],
];

path("a lost answer: what says nothing of the first request is no end of it, and the key stays", {}, async (page) => {
  await write(page);
  await useKey(page);
  const keys = [];
  const answers = [...NOTHING_OF_IT];
  await page.route("**/v1/messages", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length === 1) {
      await route.fetch();
      await route.abort();
    } else if (answers.length > 0) {
      const [status, json] = answers.shift();
      await route.fulfill({ status, json });
    } else await route.continue();
  });
  assert.equal(await send(page), "Sent or not? The answer was lost.");
  for (const [status] of NOTHING_OF_IT) {
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.locator("#outcome p").filter({ hasText: `The server answered ${status} and nothing of this send: it may have been sent and charged, or not.` }).waitFor();
    assert.match(await textOf(page, "#send-note"), /The last send has no answer yet/);
  }
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.locator("#outcome h3").filter({ hasText: "Sent. $0.132 was charged." }).waitFor();
  assert.equal(new Set(keys).size, 1);
  assert.equal((await twin.api("v1/balance")).balance, "4.868");
});

path("a lost answer outlives its key, forgotten or revoked: another key of the workspace asks again", {}, async (page) => {
  const { key, id } = await twin.api("v1/keys", { label: "for a while", scopes: ["send", "read"] });
  const lost = page.locator("#outcome h3").filter({ hasText: "Sent or not?" });
  await write(page);
  await useKey(page, key);
  await page.route("**/v1/messages", async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await send(page);
  await page.getByRole("button", { name: "Forget key" }).click();
  assert.equal(await textOf(page, "#key-note"), "The last send has no answer yet: a key of the same workspace can ask again.");
  await useKey(page, key);
  await lost.waitFor();
  await twin.revoke(id);
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.locator("#key-note").filter({ hasText: "revoked or has expired. The last send has no answer yet" }).waitFor();

  // To another workspace it is nothing, and stands in no way.
  await page.route("**/v1/phone-numbers", async (route) => {
    const response = await route.fetch();
    const { data } = await response.json();
    await route.fulfill({ response, json: { data: data.map((one) => ({ ...one, groupId: "GRanother" })) } });
  }, { times: 1 });
  await useKey(page);
  await page.locator("#from").and(page.locator(":not([value=''])")).waitFor();
  assert.equal(await textOf(page, "#outcome"), "");
  assert.equal(await textOf(page, "#send-note"), "");
  await page.getByRole("button", { name: "Forget key" }).click();
  assert.equal(await page.locator("#key-note").isVisible(), false);

  await useKey(page);
  await lost.waitFor();
  await page.getByRole("button", { name: "Review and send" }).click();
  assert.match(await textOf(page, "#send-said"), /The last send has no answer yet/);
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.locator("#outcome h3").filter({ hasText: "Sent. $0.132 was charged." }).waitFor();
  assert.equal((await twin.api("v1/balance")).balance, "4.868");
});

path("as long as nobody knows whose key it is nothing is sent with it: Review asks again", {}, async (page) => {
  await write(page);
  await page.route("**/v1/phone-numbers", (route) => route.abort(), { times: 1 });
  await useKey(page, twin.key, { numbers: false });
  await page.getByLabel("From", { exact: true }).fill("+12025550100");
  assert.equal(await textOf(page, "#send-note"), "The server has not said yet which numbers there are to send from.");
  assert.equal(await send(page), "Sent. $0.132 was charged.");
});
