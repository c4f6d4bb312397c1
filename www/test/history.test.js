// The history: everything that moved credits, newest first, without a gap.
import assert from "node:assert/strict";
import { topUp } from "./twin.js";
import { hold, path, send, twin, useKey, write } from "./walks.js";

path("the history goes on where it ended", {}, async (page) => {
  for (let payments = 0; payments < 9; payments += 1) await topUp(twin.api, "0.01");
  await useKey(page);
  const rows = page.locator("#history-rows tr");
  await rows.nth(7).waitFor();
  assert.equal(await rows.count(), 8);
  await page.getByRole("button", { name: "Show older" }).click();
  await page.locator("#history-said").filter({ hasText: "shown" }).waitFor();
  const balances = await page.locator("#history-rows .entry-balance").allInnerTexts();
  assert.ok(balances.length > 8);
  assert.deepEqual(balances.slice(0, 10), ["$5.09", "$5.08", "$5.07", "$5.06", "$5.05", "$5.04", "$5.03", "$5.02", "$5.01", "$5.00"]);
});

path("older entries that come when newer ones are there already leave no gap", {}, async (page) => {
  for (let payments = 0; payments < 9; payments += 1) await topUp(twin.api, "0.01");
  await write(page);
  await useKey(page);
  const rows = page.locator("#history-rows tr");
  await rows.nth(7).waitFor();
  const { asked, letGo } = await hold(page, "**/v1/usage?*cursor=*");
  await page.getByRole("button", { name: "Show older" }).click();
  await asked;
  await send(page);
  await rows.first().filter({ hasText: "Charge" }).waitFor();
  await letGo();
  assert.equal(await rows.count(), 8);
  await page.getByRole("button", { name: "Show older" }).click();
  await rows.nth(8).waitFor();
  assert.deepEqual((await page.locator("#history-rows .entry-balance").allInnerTexts()).slice(0, 10), ["$4.958", "$5.09", "$5.08", "$5.07", "$5.06", "$5.05", "$5.04", "$5.03", "$5.02", "$5.01"]);
});
