// axe in every look and the states that differ, and no sideways scrolling on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, house } from "./browser.js";

let site;
before(async () => {
  site = await house();
});
after(() => site.close());

const LOOKS = [
  { name: "wide, light", colorScheme: "light" },
  { name: "wide, dark", colorScheme: "dark" },
  { name: "320 px, light", colorScheme: "light", viewport: { width: 320, height: 640 } },
  { name: "320 px, dark", colorScheme: "dark", viewport: { width: 320, height: 640 } },
  { name: "forced colours", forcedColors: "active" },
];
const STATES = [
  { name: "empty", go: () => {} },
  { name: "one character over, over the balance", go: (page) => page.getByRole("button", { name: "161 characters" }).click() },
  { name: "curly quotes, settings open", go: (page) => page.getByRole("button", { name: "Curly quotes" }).click() },
  { name: "several countries", go: (page) => page.getByRole("button", { name: "Several countries" }).click() },
  {
    name: "list of countries open, nonsense balance",
    go: async (page) => {
      await page.locator("#balance").fill("abc");
      await page.getByRole("combobox", { name: "To" }).fill("un");
      await page.getByRole("listbox", { name: "Destinations" }).waitFor();
    },
  },
  {
    name: "a list dearer than the balance",
    go: async (page) => {
      await page.getByRole("button", { name: "Try an example" }).click();
      await page.locator("#list-stamp").waitFor();
    },
  },
  {
    name: "a list without a column of numbers, rows to paste before",
    go: async (page) => {
      await page.locator("#text").fill("Hi {{name}}");
      await page.getByRole("button", { name: "Paste rows" }).click();
      await page.locator("#list-rows").fill("name,contact\nAda,+12125550123");
      await page.getByRole("button", { name: "Price these rows" }).click();
      await page.locator("#list-columns-note").waitFor();
    },
  },
  { name: "calls", go: (page) => page.getByRole("radio", { name: "Calls" }).check() },
];

for (const { name: look, ...options } of LOOKS) {
  test(`no violations: ${look}`, async () => {
    for (const { name, go } of STATES) {
      const page = await site.open({ ...options, bypassCSP: true });
      try {
        await go(page);
        await assertAccessible(page, `${look}: ${name}`);
        const [wanted, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(wanted <= there, `${look}: ${name}: ${wanted} px in a window of ${there}`);
      } finally {
        await page.context().close();
      }
    }
  });
}
