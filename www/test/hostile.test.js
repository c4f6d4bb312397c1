// Hostile texts through every way that leads into the page: fields, links, the rate card, lists, the account, the element. Each is
// driven with the policy and without it, so that no net below hides a hole; and once more with the same texts without
// teeth, whose elements and attributes are all that the hostile ones may make.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { house, sendTo } from "./browser.js";
import { topUp, twinHouse } from "./twin.js";
import { harmless, vectors } from "./vectors.js";
import { settled, testimony, witness } from "./witness.js";

const SEED = Number(process.env.HOSTILE_SEED ?? 20_261_127);
const WORDS = vectors(Number(process.env.HOSTILE_MIXED ?? 5), SEED);
const CARD = JSON.parse(await readFile(new URL("../../rates.json", import.meta.url), "utf8"));

const instead = {};
let site;
let twin;
before(async () => {
  [site, twin] = await Promise.all([house({ instead }), twinHouse()]);
});
after(() => Promise.all([site.close(), twin.close()]));

/** So many words, spread over all of them. */
const some = (words, count) => words.filter((_, at) => at % Math.ceil(words.length / count) === 0);

/** One way in: `walk(pages, words)`; `pages.open(hash)` gives a page that is watched. */
function way(name, walk, { where = () => site } = {}) {
  let toothless;
  for (const bypassCSP of [false, true]) {
    test(`${name}, ${bypassCSP ? "without" : "with"} the policy`, { timeout: 600_000 }, async () => {
      toothless ??= walked(walk, WORDS.map(harmless), where(), true);
      const known = await toothless;
      const found = await walked(walk, WORDS, where(), bypassCSP);
      for (const { ran, policy, dialogs, asked } of [known, found]) {
        assert.deepEqual(ran, [], "something ran");
        assert.deepEqual(policy, [], "the policy had to say no");
        assert.deepEqual(dialogs, [], "a dialog came up");
        assert.deepEqual(asked, [], "somebody else was asked");
      }
      assert.deepEqual([...found.names].filter((one) => !known.names.has(one)), [], `elements or attributes that came from the texts (HOSTILE_SEED=${SEED})`);
      assert.deepEqual([...found.names].filter((one) => / on/.test(one)), [], "attributes that run");
      assert.deepEqual([...found.addresses].filter((one) => !known.addresses.has(one)), [], "addresses that came from the texts");
    });
  }
}

/** Walks a way with words, and tells what came of it on all its pages. */
async function walked(walk, words, { open, address, ...more }, bypassCSP) {
  const told = { ran: [], policy: [], dialogs: [], asked: [], names: new Set(), addresses: new Set() };
  const origin = new URL(address).origin;
  const pages = [];
  /** Takes down what a page witnessed; before it is loaded anew, too. */
  const hear = async (page) => {
    await settled(page);
    const { ran, policy, names, addresses } = await testimony(page);
    told.ran.push(...ran);
    told.policy.push(...policy);
    for (const one of names) told.names.add(one);
    for (const one of addresses) told.addresses.add(one);
  };
  const opened = async (options) => {
    const page = await open({ init: witness, bypassCSP, ...options });
    page.on("dialog", (dialog) => {
      told.dialogs.push(dialog.message());
      return dialog.dismiss();
    });
    pages.push(page);
    return page;
  };
  try {
    await walk({ ...more, open: opened, hear }, words);
    for (const page of pages) {
      await hear(page);
      told.asked.push(...page.asked.filter((one) => !["data:", "blob:"].includes(new URL(one).protocol) && new URL(one).origin !== origin));
    }
  } finally {
    for (const page of pages) await page.context().close();
  }
  return told;
}

/** Writes a word into every field there is, as its owner would. */
const fill = (page, word) =>
  page.evaluate((text) => {
    const fields = document.querySelectorAll("textarea, input:not([type=checkbox], [type=radio], [type=file])");
    for (const field of fields) {
      if (field.disabled || field.readOnly) continue;
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    }
  }, word);

way("fields", async ({ open }, words) => {
  const page = await open();
  await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
  await page.locator("#embed").scrollIntoViewIfNeeded();
  for (const [at, word] of words.entries()) {
    await fill(page, at % 4 === 3 ? word.repeat(20) : word);
    if (at % 4 !== 3) continue;
    await settled(page);
    // Recipients are kept: room for the next ones.
    await page.evaluate(() => document.querySelectorAll("#chips button").forEach((each) => each.click()));
  }
});

way("links", async ({ open, hear }, words) => {
  let page;
  for (const word of some(words, 10)) {
    const hash = `#${new URLSearchParams(["text", "to", "balance", "channel", "region", "encoding", "minutes", "sender", "line_type", "smart", "more"].map((name) => [name, word]))}`;
    page = await open({ hash });
    await hear(page);
    await page.evaluate((raw) => (location.hash = raw), word);
    await hear(page);
  }
});

/** The card with a word everywhere it takes words, and where it takes none. */
function cards(word) {
  const change = (changing) => {
    const card = structuredClone(CARD);
    changing(card);
    return JSON.stringify(card);
  };
  const told = word.replace(/\p{Cc}/gu, " ").slice(0, 200);
  return [
    change((card) => {
      for (const part of [card, card.texting, card.calling]) Object.assign(part, { source: told, note: told });
      card.id = told.slice(0, 100);
      for (const channel of Object.values(card.channels)) channel.name = told.slice(0, 100);
    }),
    change((card) => (card.texting.territories[word] = "0.01")),
    change((card) => (card.texting.territories.GB = word)),
    change((card) => (card.texting.prefixes[word] = word)),
    change((card) => (card.channels[word] = { ...card.channels.api, name: word })),
    change((card) => Object.assign(card, { currency: word, as_of: word, [word]: word })),
    `${word}${JSON.stringify(CARD)}`,
  ];
}

way("the rate card", async ({ open, hear }, words) => {
  try {
    const page = await open();
    for (const [at, word] of some(words, 12).entries()) {
      const bodies = cards(word);
      // The first is a card that works; of those that do not, one each time.
      for (const body of [bodies[0], bodies[1 + (at % (bodies.length - 1))]]) {
        instead["rates.json"] = { body };
        await hear(page);
        await page.reload();
        await page.waitForFunction(() => document.documentElement.dataset.ready);
        await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
        await fill(page, word);
        await sendTo(page, "GB");
      }
    }
  } finally {
    delete instead["rates.json"];
  }
});

way("lists", async ({ open, hear }, words) => {
  const page = await open();
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  for (const [at, word] of words.entries()) {
    const rows = [["phone", word, "name"], ["+12125550101", word, word], [word, "x", word], ["+447400123456", word.repeat(9), ""], ["+12125550101", "", word]];
    const bytes = at % 9 === 8 ? word.repeat(50) : rows.map((row) => row.map(cell).join(",")).join("\r\n");
    const template = [`Hi {{name}} ${word}`, `{{${word}}}`, `{{name|${word}}} {{none}}`, word][at % 4];
    await page.locator("#list-template:visible, body:has(#list-drop:not([hidden])) #text").fill(template);
    const name = `${word.replace(/[/\0]/g, "_")}.csv`;
    await page.locator("#list-file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(bytes) });
    await hear(page);
  }
});

/** Replaces what a server says for people in its answers. */
function lie(body, word) {
  const WORDS = new Set(["name", "label", "title", "detail", "message", "reference", "channel", "unit", "kind", "reason", "text", "source", "rate_card", "state", "territory"]);
  const lying = (value, name) => {
    if (typeof value === "string") return WORDS.has(name) ? word : value;
    if (Array.isArray(value)) return value.map((one) => lying(one, name));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, lying(inner, key)]));
  };
  return lying(body, "");
}

way(
  "the account",
  async ({ open, hear, key, api, begin }, words) => {
    await begin("5.00");
    await api("v1/messages", { content: "Hello", from: "+12025550100", to: ["+447400123456"] });
    const page = await open();
    const told = words.map((word) => word.replace(/\p{Cc}/gu, " "));
    let liar = null;
    await page.route("**/v1/**", async (route) => {
      if (liar === null) return route.continue();
      const { word, refuses } = liar;
      const response = await route.fetch();
      const body = await response.json().catch(() => null);
      if (body === null) return route.fulfill({ response });
      if (refuses && route.request().method() === "POST") return route.fulfill({ response, status: 422, json: { code: word, title: word, detail: word, message: word } });
      return route.fulfill({ response, json: lie(body, word) });
    });
    for (const [at, word] of some(told, 8).entries()) {
      // What is really kept: names of payments, labels of keys, texts.
      await api("v1/top-ups", { amount: "0.01", provider: word.slice(0, 40), payment: `${at} ${word}`.slice(0, 200) }).catch(() => {});
      await topUp(api, "0.01");
      const { key: hostile } = await api("v1/keys", { label: word.slice(0, 200), scopes: ["send", "read"] });
      await page.getByLabel("API key").fill(word);
      await page.getByRole("button", { name: "Use key" }).click();
      await settled(page);
      await page.getByLabel("API key").fill(at % 2 ? hostile : key);
      await page.getByRole("button", { name: "Use key" }).click();
      await page.locator("#account-open").waitFor();
      if (at === 0) {
        // Seen in every walk: later the rows may be drawn anew before the reasons are there.
        await page.locator("#history-rows").getByRole("button", { name: "Why" }).first().click();
        await page.locator(".entry-why").waitFor();
        await hear(page);
      }
      await page.locator("#text").fill(word);
      await page.evaluate(() => document.querySelectorAll("#chips button").forEach((each) => each.click()));
      await sendTo(page, "+44 7400 123456");
      // And a server that lies, in what it says for people.
      liar = { word, refuses: at % 3 === 1 };
      await page.getByRole("button", { name: "Refresh" }).click();
      await settled(page);
      const review = page.getByRole("button", { name: "Review and send" });
      await review.click();
      // The last look, or why there is none.
      await page.locator("dialog[open], #send-note:not(:empty)").first().waitFor();
      const confirm = page.getByRole("dialog").getByRole("button", { name: /^Send for/ });
      if (await confirm.isVisible()) {
        await confirm.click();
        await page.locator("#outcome h3").filter({ hasNotText: "Sending" }).waitFor();
        await page.evaluate(() => document.querySelectorAll("#outcome summary, #history-rows button").forEach((each) => each.click()));
      }
      await hear(page);
      liar = null;
      await page.getByRole("button", { name: "Forget key" }).click();
      await settled(page);
    }
    await page.unrouteAll({ behavior: "wait" });
  },
  { where: () => twin },
);

way("the element", async ({ open }, words) => {
  const page = await open();
  await page.locator("#embed").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector("#embed-meter").meter);
  for (const [at, word] of words.entries()) {
    await page.evaluate(
      async ({ word, attribute, at }) => {
        const meter = document.querySelector("#embed-meter");
        const field = document.querySelector("#embed-text");
        field.value = at % 3 === 0 ? word.repeat(12) : word;
        field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
        const before = meter.getAttribute(attribute);
        meter.setAttribute(attribute, word);
        await new Promise((resolve) => setTimeout(resolve));
        await new Promise((resolve) => requestAnimationFrame(() => requestIdleCallback(resolve, { timeout: 100 })));
        if (before === null) meter.removeAttribute(attribute);
        else meter.setAttribute(attribute, before);
      },
      { word, at, attribute: ["to", "balance", "channel", "currency", "region", "sender", "encoding", "placement", "balance-as-of", "smart"][at % 10] },
    );
    await settled(page);
  }
});
