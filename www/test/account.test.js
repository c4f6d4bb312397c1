// The page as a server of ours brings it: key, balance, send, charge, refusal. Against the real program.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { answerOf, assertAccessible, house, sendTo, shown, textOf } from "./browser.js";
import { topUp } from "./twin.js";
import { COST, NUMBER, TEXT, hold, newest, outcome, path, send, twin, useKey, write } from "./walks.js";

test("on a static host there is no such part, and nothing is asked for that is not there", async () => {
  const site = await house();
  try {
    const page = await site.open();
    assert.equal(await page.locator("#account").isVisible(), false);
    assert.equal(await page.locator("#account-link").isVisible(), false);
    assert.deepEqual(page.trouble, []);
    assert.ok(!page.asked.some((address) => /v1\/|openapi|account\.js/.test(address)), page.asked.join("\n"));
  } finally {
    await site.close();
  }
});

path("key, balance, send, charged, history: the price shown is the price charged", {}, async (page) => {
  await write(page);
  await useKey(page);
  assert.equal(await textOf(page, "#account-balance"), "$5.00");
  assert.equal(await textOf(page, "#balance-now"), "$5.00", "the quote is held against it");
  assert.equal(await page.getByLabel("Balance").getAttribute("readonly"), "");
  assert.equal(await page.getByLabel("From", { exact: true }).inputValue(), "+12025550100");
  const quoted = await answerOf(page, { text: TEXT, to: "+447400123456", balance: "5.00" });
  assert.equal(quoted.total, COST);

  await page.getByRole("button", { name: "Review and send" }).click();
  const dialog = page.getByRole("dialog", { name: "Send this text?" });
  await dialog.waitFor();
  assert.equal(await textOf(page, "#confirm-cost"), shown(COST));
  assert.equal(await textOf(page, "#confirm-after"), shown(quoted.cover.remaining));
  assert.equal(await textOf(page, "#confirm-text"), TEXT);
  await dialog.getByRole("button", { name: `Send for ${shown(COST)}` }).click();

  assert.equal(await outcome(page), "Sent. $0.132 was charged.");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H3", "and it is read out");
  const said = await textOf(page, "#outcome");
  for (const part of ["To +44 7400 123 456, from +1 202 555 0100.", "2 segments at $0.066", "$4.868"]) assert.ok(said.includes(part), `${part}: ${said}`);
  await page.getByText("Why this price").click();
  await page.locator("#outcome .why-sum").waitFor();
  assert.equal((await textOf(page, "#outcome .why-sum")).trim(), "2 segments × ($0.01 + rate $0.056) = $0.132");

  assert.equal(await textOf(page, "#account-balance"), "$4.868");
  assert.equal((await twin.api("v1/balance")).balance, "4.868");
  assert.equal(await page.locator("#text").inputValue(), "", "the draft has done its work");
  await page.locator("#text").focus();
  await page.keyboard.press("Control+z");
  assert.equal(await page.locator("#text").inputValue(), TEXT, "and one undo brings it back");

  await page.locator("#history-rows tr").filter({ hasText: "−$0.132" }).first().waitFor();
  assert.match(await newest(page), /^Charge .* · API, 2 segments · Why −\$0\.132 \$4\.868$/);
  await page.locator("#history-rows").getByRole("button", { name: "Why" }).first().click();
  await page.locator(".entry-why .why-sum").waitFor();
  assert.match(await textOf(page, ".entry-why"), /2 segments × \(\$0\.01 \+ rate \$0\.056\) = \$0\.132/);

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).click()]);
  assert.equal(download.suggestedFilename(), "usage.csv");
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  assert.match(lines[1], /,charge,-0\.132,4\.868,USD,/);
});

path("over the balance: refused with everything to know, the draft kept; a payment later it is sent", { balance: "0.10" }, async (page) => {
  await write(page);
  await useKey(page);
  await page.getByRole("button", { name: "Review and send" }).click();
  await page.getByRole("dialog").waitFor();
  assert.match(await textOf(page, "#confirm-short"), /^The balance is \$0\.032 short: it would be refused/);
  await page.getByRole("button", { name: `Send for ${shown(COST)}` }).click();
  assert.equal(await outcome(page), "Refused: not enough credits.");
  const said = await textOf(page, "#outcome");
  assert.match(said, /It costs \$0\.132, and the balance is \$0\.10: \$0\.032 short\. Out of credit since \d/);
  assert.match(said, /Nothing was sent and nothing deducted\. Your draft is as it was\./);
  assert.match(said, /Show 8 characters to cut costs \$0\.066/);
  assert.match(said, /Add at least \$0\.032 to the balance\./);
  await page.locator("#text").fill("y".repeat(300));
  assert.doesNotMatch(await textOf(page, "#outcome"), /to cut|Ways out/, "what to cut was of another draft");
  await page.locator("#text").fill(TEXT);
  await page.locator("#account-state li").filter({ hasText: /^Out of credit since/ }).waitFor();
  assert.equal(await page.locator("#text").inputValue(), TEXT);
  assert.equal((await twin.api("v1/balance")).balance, "0.10");

  await topUp(twin.api, "0.05");
  assert.equal(await send(page), "Sent. $0.132 was charged.");
  assert.equal(await textOf(page, "#account-balance"), "$0.018");
  assert.equal(await page.locator("#account-state li").count(), 0);
});

path("a balance that was asked for earlier and comes later does not stand", {}, async (page) => {
  await write(page);
  await useKey(page);
  await topUp(twin.api, "1.00");
  const { asked, letGo } = await hold(page, "**/v1/balance");
  await page.getByRole("button", { name: "Refresh" }).click();
  await asked;
  assert.equal(await send(page), "Sent. $0.132 was charged.");
  await page.locator("#account-balance").filter({ hasText: "$5.868" }).waitFor();
  await letGo();
  assert.equal(await textOf(page, "#account-balance"), "$5.868");
  assert.equal(await page.getByLabel("Balance").inputValue(), "5.868");
});

path("a balance in sight is asked for again in a while, and the open question shows it", {}, async (page) => {
  await page.clock.install();
  await page.reload();
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  await write(page);
  await useKey(page);
  await page.getByRole("button", { name: "Review and send" }).click();
  await page.getByRole("dialog").waitFor();
  assert.equal(await textOf(page, "#confirm-after"), "$4.868");
  await topUp(twin.api, "1.00");
  await page.clock.fastForward("15:01");
  await page.locator("#confirm-after").filter({ hasText: "$5.868" }).waitFor();
});

path("Review shows that it works, and asks nobody who has gone on writing", {}, async (page) => {
  await write(page);
  await useKey(page);
  const review = page.getByRole("button", { name: "Review and send" });
  const { asked, letGo } = await hold(page, "**/v1/balance");
  await page.locator("#text").focus(); // a click on the button leaves it there
  await review.click();
  await asked;
  assert.equal(await review.getAttribute("aria-disabled"), "true");
  await page.locator("#text").press("End");
  await page.keyboard.type(" and more");
  await letGo();
  await page.locator("#review:not([aria-disabled])").waitFor();
  assert.equal(await page.getByRole("dialog").isVisible(), false);
  const elsewhere = await hold(page, "**/v1/balance");
  await review.click();
  await elsewhere.asked;
  await page.locator("#guide-search").focus();
  await elsewhere.letGo();
  await page.locator("#review:not([aria-disabled])").waitFor();
  assert.equal(await page.getByRole("dialog").isVisible(), false);
  await review.click();
  await page.getByRole("dialog").waitFor();
});

path("a key that is not one: said in words, at the field", {}, async (page) => {
  await useKey(page, "tm_nobody");
  assert.match(await textOf(page, "#key-note"), /^This server does not know that key/);
  assert.equal(await page.locator("#key").evaluate((field) => field === document.activeElement && field.getAttribute("aria-invalid")), "true");
  await useKey(page, "two words");
  assert.match(await textOf(page, "#key-note"), /^That cannot be a key/);
  await useKey(page);
  assert.equal(await textOf(page, "#account-balance"), "$5.00");
});

path("the key is kept only where somebody ticked the box, and never in an address", {}, async (page) => {
  const kept = () => page.evaluate(() => [...Object.values(sessionStorage), ...Object.values(localStorage), document.cookie, location.href].join(" "));
  const again = async () => {
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.ready);
  };
  assert.deepEqual(await page.locator("#key").evaluate(({ type, autocomplete }) => [type, autocomplete]), ["password", "off"]);
  await useKey(page);
  assert.ok(!(await kept()).includes(twin.key));
  assert.equal(await page.locator("#key").inputValue(), "");
  await again();
  await page.getByLabel("API key").waitFor();
  await page.getByLabel("Keep it in this tab").check();
  await useKey(page);
  await again();
  await page.locator("#account-open").waitFor();
  await page.getByLabel("Balance").waitFor();
  await page.getByRole("button", { name: "Forget key" }).click();
  assert.ok(!(await kept()).includes(twin.key));
  assert.equal(await page.getByLabel("Balance").getAttribute("readonly"), null);
  await again();
  await page.getByLabel("API key").waitFor();
  assert.ok(page.asked.every((address) => !address.includes(twin.key)));
});

path("a price that rose since the page read the rates is not paid", {}, async (page) => {
  await page.route("**/rates.json", async (route) => {
    const response = await route.fetch();
    const card = await response.json();
    card.texting.territories.GB = "0.04";
    await route.fulfill({ response, json: card });
  });
  await page.reload();
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  await page.unroute("**/rates.json");
  await write(page);
  await useKey(page);
  assert.equal(await send(page), "Not sent: the price has changed.");
  assert.match(await textOf(page, "#outcome"), /It costs \$0\.132 now, and you agreed to \$0\.10\./);
  assert.equal((await twin.api("v1/balance")).balance, "5.00");
  await page.getByRole("button", { name: "Read the rates again" }).click();
  await page.locator("#cost").filter({ hasText: shown(COST) }).waitFor();
  assert.equal(await send(page), "Sent. $0.132 was charged.");
});

path("what cannot be sent says why, and leads to the field", {}, async (page) => {
  await useKey(page);
  const review = page.getByRole("button", { name: "Review and send" });
  const focused = () => page.evaluate(() => document.activeElement.id);
  await review.click();
  assert.deepEqual([await textOf(page, "#send-note"), await focused()], ["Write the message first.", "text"]);
  await page.locator("#text").fill("Hello");
  await sendTo(page, "GB");
  await review.click();
  assert.deepEqual([await textOf(page, "#send-note"), await focused()], ["A country cannot be texted: give a phone number in its place.", "to"]);
  await page.getByRole("button", { name: "Remove United Kingdom" }).click();
  await sendTo(page, NUMBER);
  await page.getByLabel("From", { exact: true }).fill("");
  await review.click();
  assert.deepEqual([await textOf(page, "#send-note"), await focused()], ["Say which number it comes from, with its country code.", "from"]);
  await page.getByLabel("From", { exact: true }).fill("(202) 555-0100");
  assert.equal(await textOf(page, "#send-note"), "");
  await page.locator(".more summary").click();
  await page.locator("#encoding").selectOption("UCS-2");
  await page.locator("#text").fill("x".repeat(100));
  assert.match(await textOf(page, "#send-note"), /^Sent through the API, not with the encoding chosen above, it costs \$0\.066\.$/);
});

path("several recipients are one send, one charge and a line each", {}, async (page) => {
  await sendTo(page, NUMBER, "+1 415 555 2671");
  await page.locator("#text").fill("Hello both");
  await useKey(page);
  assert.equal(await send(page), "Sent. $0.076 was charged.");
  assert.match(await textOf(page, "#outcome"), /For\s+1 segment each/);
  await page.getByText("Why this price").click();
  await page.locator("#outcome .why-sum").first().waitFor();
  const lines = await page.locator("#outcome .why-sum").allInnerTexts();
  assert.deepEqual(lines.map((line) => line.replace(/\u00a0/g, " ").trim()), ["1 segment × ($0.01 + rate $0.056) = $0.066", "1 segment × $0.01 local = $0.01"]);
});

path("a key that may only send sends, and says what it may not see; revoked, it is at an end", {}, async (page) => {
  const { key, id } = await twin.api("v1/keys", { label: "sends only", scopes: ["send"] });
  await write(page);
  await useKey(page, key);
  assert.equal(await textOf(page, "#account-balance"), "Not known");
  assert.match(await textOf(page, "#account-state"), /may not see the balance/);
  assert.equal(await textOf(page, "#sends-left"), "Balance not given: nobody can say here whether it covers this.");
  await page.locator("#history-said").filter({ hasText: "may not see the history" }).waitFor();
  await page.getByRole("button", { name: "Review and send" }).click();
  const confirm = page.getByRole("dialog").getByRole("button", { name: /^Send for/ });
  await confirm.waitFor();
  // What the page asks after a send is answered before the key is revoked: refused, it would forget the key by itself.
  const settled = Promise.all([page.waitForResponse(/v1\/balance$/), page.waitForResponse(/v1\/usage/)]);
  await confirm.click();
  assert.equal(await outcome(page), "Sent. $0.132 was charged.");
  await settled;
  assert.equal((await twin.api("v1/balance")).balance, "4.868");
  await twin.revoke(id);
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.locator("#key-note").filter({ hasText: "does not work any more" }).waitFor();
  assert.equal(await page.locator("#account-open").isVisible(), false);
});

path("the focus stays where somebody is", { balance: "0.10" }, async (page) => {
  for (let payments = 0; payments < 17; payments += 1) await topUp(twin.api, "0.001");
  const text = "x".repeat(120);
  await write(page, `“${text}`);
  await page.locator(".more summary").click();
  await page.locator("#smart").selectOption("off");
  await useKey(page);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.locator("#history-rows tr").nth(7).waitFor();
  await page.getByRole("button", { name: "Show older" }).press("Enter");
  await page.locator("#history-said").filter({ hasText: "shown" }).waitFor();
  await page.locator("#history-more:not([aria-disabled])").waitFor();
  assert.equal(await focused(), "Show older");
  await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).press("Enter")]);
  await page.locator("#history-csv:not([aria-disabled])").waitFor();
  assert.equal(await focused(), "Download CSV");

  const fix = page.locator("#notices").getByRole("button", { name: "Fix all" });
  await fix.focus();
  await topUp(twin.api, "0.001");
  const again = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await again();
  await page.locator("#account-balance").filter({ hasText: "$0.118" }).waitFor();
  assert.match(await textOf(page, "#notices"), /you have \$0\.118/);
  assert.equal(await focused(), "Fix all", "what is written anew has it again");
  await topUp(twin.api, "5.00");
  await again();
  await page.locator("#account-balance").filter({ hasText: "$5.118" }).waitFor();
  const one = page.locator("#notices").getByRole("button", { name: "Fix" });
  const button = await one.elementHandle();
  await button.focus();
  await topUp(twin.api, "1.00");
  await again();
  await page.locator("#account-balance").filter({ hasText: "$6.118" }).waitFor();
  assert.equal(await button.evaluate((element) => element === document.activeElement), true, "what is the same stays");
  await button.press("Enter");
  assert.equal(await page.locator("#text").inputValue(), `"${text}`);
});

test("where the part that sends cannot be loaded the rest is there, and it is said", async () => {
  const page = await twin.open();
  try {
    await page.route("**/account/account.js", (route) => route.abort());
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.ready === "yes");
    assert.match(await textOf(page, "#trouble"), /^The part that sends could not be loaded\. The rest works as ever\./);
    assert.ok((await page.locator("#guide-rows tr").count()) > 200);
    await page.locator("#list-example").waitFor();
    await sendTo(page, "GB");
    await page.locator("#text").fill("Hello");
    assert.equal(await textOf(page, "#cost"), "$0.066");
  } finally {
    await page.context().close();
  }
});

const STATES = {
  "no key yet": () => {},
  "a wrong key": (page) => useKey(page, "tm_nobody"),
  open: (page) => useKey(page),
  "the last look": async (page) => {
    await page.getByRole("button", { name: "Review and send" }).click();
    await page.getByRole("dialog").waitFor();
  },
  refused: async (page) => {
    await page.getByRole("dialog").getByRole("button", { name: /^Send for/ }).click();
    await outcome(page);
  },
  lost: async (page) => {
    await page.route("**/v1/messages", (route) => route.abort());
    await send(page);
    await page.unroute("**/v1/messages");
  },
  charged: async (page) => {
    await topUp(twin.api, "1.00");
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.locator("#outcome h3").filter({ hasText: "was charged" }).waitFor();
    await page.getByText("Why this price").click();
    await page.locator("#outcome .why-sum").waitFor();
  },
};

for (const look of [{ colorScheme: "light" }, { colorScheme: "dark" }, { colorScheme: "light", viewport: { width: 320, height: 640 } }, { forcedColors: "active" }]) {
  const name = JSON.stringify(look);
  path(`no violations in any state: ${name}`, { balance: "0.10", bypassCSP: true, ...look }, async (page) => {
    await write(page);
    for (const [state, go] of Object.entries(STATES)) {
      await go(page);
      await assertAccessible(page, `${name}: ${state}`);
      const [wanted, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wanted <= there, `${name}: ${state}: ${wanted} px in a window of ${there}`);
    }
  });
}

path("what is held for a campaign is shown beside the balance, and cannot be spent", { balance: "200.00" }, async (page) => {
  // More rows than go out before it is paused; from then on none does.
  const list = `phone\n${Array.from({ length: 20_000 }, (_, at) => `+1212${2_000_000 + at}\n`).join("")}`;
  const query = new URLSearchParams({ template: "Hi", from: "+12025550100" });
  const { id } = await twin.api(`v1/campaigns?${query}`, list);
  await twin.steer(id, "pause");
  const { balance, held, available } = await twin.api("v1/balance");
  assert.ok(Number(held) > 0 && Number(available) === 0, `${balance} ${held} ${available}`);
  const state = page.locator("#account-state li");

  await write(page);
  await useKey(page);
  assert.equal(await textOf(page, "#account-balance"), shown(balance));
  assert.equal(await state.filter({ hasText: "held" }).innerText(), `${shown(held)} of it is held for campaigns; $0.00 can be spent.`);
  assert.equal(await textOf(page, "#balance-now"), "$0.00", "the quote is held against what can be spent");
  assert.match(await textOf(page, "#notices"), /Costs \$0\.132, you have \$0\.00: \$0\.132 short/);
  assert.equal(await send(page), "Refused: not enough credits.");
  const sum = `It costs $0.132, and the balance is ${shown(balance)}, of which ${shown(held)} is held for campaigns: $0.132 short.`;
  assert.ok((await textOf(page, "#outcome")).includes(sum), sum);

  // A payment can be spent at once, and the send leaves what is held as it is.
  await topUp(twin.api, "0.20");
  assert.equal(await send(page), "Sent. $0.132 was charged.");
  await state.filter({ hasText: `${shown(held)} of it is held for campaigns; $0.068 can be spent.` }).waitFor();
  assert.equal(await textOf(page, "#balance-now"), "$0.068");

  await twin.steer(id, "stop");
  await page.getByRole("button", { name: "Refresh" }).click();
  await state.filter({ hasText: "held" }).waitFor({ state: "detached" });
  const after = await twin.api("v1/balance");
  assert.equal(after.held, "0.00");
  assert.equal(await textOf(page, "#account-balance"), shown(after.balance));
  assert.equal(await textOf(page, "#balance-now"), shown(after.balance));
});
