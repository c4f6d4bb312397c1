// A whole list in the page, held against the program: the same file has the same summary and the same priced list.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { priceByProgram } from "../../tests/doors/command.mjs";
import { house, sendTo, shown, textOf } from "./browser.js";
import { INSIDE, PACKED, UNPACKED, members, unpacked } from "./gzip.js";
import { twinHouse } from "./twin.js";

let site;
before(async () => {
  site = await house();
});
after(() => site.close());

const TEMPLATE = "Hi {{first_name|there}}, your table at the Harbour is ready. Show this text at the door, and see you soon. Reply STOP to end.";
const LIST = "First name;Phone;City\r\nAda;+12125550101;\r\nŁukasz;+447400123456;Köln\r\n;+12125550103;Rom\r\n\"=1+1\";+12125550104;x\r\nBob;+12125550101;x\r\nKim;72345;Paris\r\n";

function path(name, walk, { where = () => site, ...options } = {}) {
  test(name, async () => {
    const page = await where().open(options);
    try {
      await walk(page);
      assert.deepEqual(page.trouble, []);
    } finally {
      await page.context().close();
    }
  });
}

const file = (bytes, name = "list.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(bytes) });
const choose = (page, bytes, name) => page.locator("#list-file").setInputFiles(file(bytes, name));
/** The message; as long as there is no list it is the composer's. */
const write = (page, template) => page.locator("#list-template:visible, body:has(#list-drop:not([hidden])) #text").fill(template);
/** Waits until the figures are those of what is written. */
const priced = (page) =>
  page.waitForFunction(() => {
    const answer = document.querySelector("#list-answer");
    return answer.getAttribute("aria-busy") === "false" && !answer.hasAttribute("data-old") && !document.querySelector("#list-stamp").hidden;
  });

async function open(page, bytes, { template = TEMPLATE, balance, name } = {}) {
  if (balance) await page.getByLabel("Balance").fill(balance);
  await write(page, template);
  await choose(page, bytes, name);
  await priced(page);
}

/** The same Worker asked directly: the summary's bytes. */
const byWorker = (page, bytes, request) =>
  page.evaluate(
    async ([numbers, asked]) => {
      const worker = new Worker(new URL("list/worker.js", document.baseURI), { type: "module" });
      const card = await (await fetch("rates.json")).json();
      const told = new Promise((resolve) => worker.addEventListener("message", ({ data }) => !["look", "progress"].includes(data.kind) && resolve(data)));
      worker.postMessage({ list: new File([new Uint8Array(numbers)], "list.csv"), card, request: asked, want: "summary" });
      const answer = await told;
      worker.terminate();
      return answer.error ?? JSON.stringify(answer.priced.summary);
    },
    [[...bytes], request],
  );

/** Drops files somewhere, as a person does. */
async function drop(page, selector, ...files) {
  const carried = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const [name, text] of all) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  for (const kind of ["dragenter", "dragover", "drop"]) await page.dispatchEvent(selector, kind, { dataTransfer: carried });
}

path("a dropped list is priced in the page, and to the byte as the program prices it", async (page) => {
  const there = await priceByProgram(LIST, TEMPLATE, ["--balance", "0.05"]);
  const summary = JSON.parse(there.json);
  await page.getByLabel("Balance").fill("0.05");
  await write(page, TEMPLATE);
  await drop(page, "#list-drop", ["list.csv", LIST]);
  await priced(page);
  assert.equal(await textOf(page, "#list-cost"), shown(summary.total));
  assert.equal(await textOf(page, "#list-where"), "4 of 6 rows · 5 messages");
  assert.match(await textOf(page, "#list-notices"), new RegExp(`Costs \\${shown(summary.total)}, you have \\$0\\.05: \\${shown(summary.cover.shortfall)} short\\.`));
  assert.match(await textOf(page, "#list-cover"), /Covers the first 1 of 4\s*stops at line 3/);
  assert.match(await textOf(page, "#list-left"), /1\s*The number stands further up already.*1\s*Short codes cannot be texted/s);
  assert.match(await textOf(page, "#list-dearer"), /Ł\s*in First name: Łukasz/);
  assert.equal(await byWorker(page, Buffer.from(LIST), { template: TEMPLATE, balance: "0.05" }), there.json);
  assert.ok(page.asked.every((address) => address.startsWith(site.address)), "nothing leaves the page");
});

path("a file dropped beside the mark does not replace the page; several at once are refused", async (page) => {
  await page.locator("#text").fill("Written before");
  await drop(page, "#composer", ["a.csv", LIST], ["b.csv", LIST]);
  assert.match(await textOf(page, "#list-refused"), /several files/);
  await drop(page, "#composer", ["a.csv", LIST]);
  await priced(page);
  assert.equal(await page.locator("#text").inputValue(), "Written before");
  assert.equal(await page.locator("#list-template").inputValue(), "Written before", "the message is taken from the composer");
});

for (const [what, bytes, name] of [
  ["gzip", gzipSync(LIST), "list.csv.gz"],
  ["gzip of two members", members(LIST.slice(0, 40), LIST.slice(40)), "list.csv.gz"],
  ["Windows-1252", Buffer.from(LIST.replace("Ł", "J"), "latin1"), "list.csv"],
  ["UTF-16", Buffer.from(`\ufeff${LIST}`, "utf16le"), "list.txt"],
]) {
  path(`${what}: the program's summary, and its files when they are downloaded`, async (page) => {
    const there = await priceByProgram(bytes, TEMPLATE);
    assert.equal(await byWorker(page, bytes, { template: TEMPLATE }), there.json);
    await open(page, bytes, { name });
    assert.equal(await textOf(page, "#list-cost"), shown(JSON.parse(there.json).total));
    for (const [button, wanted, called] of [["Download the priced list", there.priced, "list.priced.csv"], [/Rows with a problem/, there.rejects, "list.rejects.csv"]]) {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
      assert.deepEqual(await readFile(await download.path()), wanted);
      assert.equal(download.suggestedFilename(), called);
    }
  });
}

path("gzip of several members, in whatever pieces; none that is damaged is taken for whole", async (page) => {
  assert.deepEqual(await page.evaluate(unpacked, [PACKED, INSIDE].map((bytes) => bytes.toString("base64"))), UNPACKED);
});

/** A list that takes a while on any machine: each text is written out and cut, for the families in it. */
const LONG = `phone,name\r\n${Array.from({ length: 100_000 }, (_, n) => `+1212${2_000_000 + n},👩\u200d👧 Łukasz ${n}`).join("\r\n")}`;
const LONG_TEMPLATE = "Hi {{name}} ".repeat(6);

/** Prices the long list, and runs a function in the page as soon as some rows are priced. */
async function inTheMiddle(page, doing) {
  await write(page, LONG_TEMPLATE);
  const done = page.evaluate(
    (source) =>
      new Promise((resolve, reject) => {
        const text = document.querySelector("#list-progress-text");
        const busy = () => document.querySelector("#list-answer").getAttribute("aria-busy") === "true";
        const watch = new MutationObserver(() => {
          if (!busy() || /· 0\s/.test(text.textContent)) return;
          watch.disconnect();
          Promise.resolve(new Function("busy", `return (${source})(busy)`)(busy)).then(resolve, reject);
        });
        watch.observe(text, { childList: true, characterData: true, subtree: true });
      }),
    doing.toString(),
  );
  await choose(page, LONG);
  return done;
}

path("while a list is priced the page draws, scrolls, and prices what is typed", async (page) => {
  const seen = await inTheMiddle(page, async (busy) => {
    const [text, from] = [document.querySelector("#text"), scrollY];
    let frames = 0;
    for (; frames < 3; frames += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    text.value = "x".repeat(161);
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
    scrollTo({ top: 0, behavior: "instant" });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return { busy: busy(), scrolled: scrollY !== from, gauge: document.querySelector("#used").textContent };
  });
  assert.deepEqual({ ...seen, gauge: seen.gauge.replace(/\s+/g, " ") }, { busy: true, scrolled: true, gauge: "161 of 306 GSM-7" });
  await priced(page);
  assert.match(await textOf(page, "#list-where"), /^100,000 rows/);
}, { bypassCSP: true });

path("it can be cancelled, and begun again; a change of the message takes the last run off", async (page) => {
  const ended = page.waitForEvent("worker").then((worker) => worker.waitForEvent("close"));
  await inTheMiddle(page, () => document.querySelector("#list-stop").click());
  await ended;
  assert.match(await textOf(page, "#list-notices"), /You stopped it before the end/);
  assert.equal(await page.locator("#list-cost").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.id), "list-again");
  await page.getByRole("button", { name: "Price it again" }).click();
  await priced(page);
  assert.match(await textOf(page, "#list-where"), /^100,000 rows/);
  await page.getByRole("button", { name: "Remove" }).click();
  assert.equal(await page.locator("#list-drop").isVisible(), true);
}, { bypassCSP: true });

path("the message is edited: what was priced before is marked until the new price is there", async (page) => {
  await open(page, LIST);
  const before = await textOf(page, "#list-cost");
  await page.locator("#list-template").fill("Hi {{");
  await page.locator("#list-answer[data-old]").waitFor();
  assert.equal(await textOf(page, "#list-cost"), before);
  await page.locator("#list-template-note").getByText("These braces are never closed").waitFor();
  await page.getByRole("button", { name: "Show it" }).click();
  assert.equal(await page.evaluate(() => getSelection().toString()), "{{");
  await page.locator("#list-template").fill("Hi ");
  await page.locator("#list-places").getByRole("button", { name: "City" }).click();
  assert.equal(await page.locator("#list-template").inputValue(), "Hi {{City}}");
  await priced(page);
  const there = JSON.parse((await priceByProgram(LIST, "Hi {{City}}")).json);
  assert.equal(await textOf(page, "#list-cost"), shown(there.total));
  assert.match(await textOf(page, "#list-notices"), /No City in 1 row/);
});

path("advice is applied as one step of the undo history, and saves what it says", async (page) => {
  const template = "Sale 🎉 today only, everything in the shop is half off until ten, {{First name}}! Come.";
  await open(page, LIST, { template });
  const [summary, after] = await Promise.all([template, template.replace("🎉 ", "")].map(async (text) => JSON.parse((await priceByProgram(LIST, text)).json)));
  const advice = summary.advice.find((item) => item.template !== null);
  assert.match(await textOf(page, "#list-notices"), new RegExp(`saves \\${shown(advice.saving)} over`));
  await page.getByRole("button", { name: "Apply" }).click();
  await priced(page);
  assert.equal(await page.locator("#list-template").inputValue(), advice.template);
  assert.equal(await textOf(page, "#list-cost"), shown(after.total));
  await page.keyboard.press("Control+z");
  assert.equal(await page.locator("#list-template").inputValue(), template);
});

path("who goes on by keyboard keeps the place: columns and buttons that say the same stay the same", async (page) => {
  await open(page, LIST);
  await page.locator("#list-template").focus();
  await page.evaluate(() => {
    document.execCommand("insertText", false, "!");
    document.querySelector("#list-places button").focus(); // before it is priced anew
  });
  await priced(page);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  assert.equal(await focused(), "First name");
  await page.locator("#list-get-priced").focus();
  await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  await page.getByText("The file is ready.").waitFor();
  assert.equal(await focused(), "Download the priced list");
});

path("a file that is being written is written to its end, whatever changes meanwhile", async (page) => {
  await open(page, LIST);
  const asked = page.waitForEvent("download");
  await page.evaluate(() => {
    document.querySelector("#list-get-priced").click();
    const balance = document.querySelector("#balance");
    balance.value = "7";
    balance.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  assert.deepEqual(await readFile(await (await asked).path()), (await priceByProgram(LIST, TEMPLATE)).priced);
  await priced(page);
  assert.match(await textOf(page, "#list-cover"), /\$7\.00/);
});

path("what nobody expected ends its Worker: the next list has one of its own", async (page) => {
  const trap = 'self.onmessage = () => self.postMessage({ kind: "failed", error: { code: "unexpected", at: "", message: "unreachable executed" } });';
  await page.route("**/list/worker.js", (route) => route.fulfill({ contentType: "text/javascript", body: trap }));
  await write(page, TEMPLATE);
  await choose(page, LIST);
  await page.locator("#list-notices").getByText("unreachable executed").waitFor();
  await page.unroute("**/list/worker.js");
  await page.getByRole("button", { name: "Remove" }).click();
  await choose(page, LIST);
  await priced(page);
});

path("settings of the composer are the list's too", async (page) => {
  await open(page, LIST, { template: "Hi" });
  assert.match(await textOf(page, "#list-settings"), /no balance given, sent by API/);
  await page.getByLabel("Balance").fill("100");
  await priced(page);
  assert.match(await textOf(page, "#list-cover"), /After sending\s*\$99\.904.*Covers all of them/s);
  await page.getByRole("radio", { name: "Calls" }).check();
  await page.locator("#list-notices").getByText("A campaign is of texts").waitFor();
  await page.getByRole("radio", { name: "Zapier" }).check();
  await priced(page);
});

path("no column of numbers, no row of names, no row that can be sent: each says what to do", async (page) => {
  await write(page, "Hi");
  await choose(page, "name,contact\nAda,+12125550123\n");
  await page.locator("#list-columns-note").getByText(/No column is called phone/).waitFor();
  await page.getByLabel("Numbers are in").selectOption("contact");
  await priced(page);
  assert.equal(await textOf(page, "#list-cost"), "$0.01");

  await page.getByRole("button", { name: "Remove" }).click();
  await choose(page, "Ada,+12125550123\nBob,+12125550124\n");
  await page.getByRole("button", { name: "The first row is a recipient" }).click();
  await priced(page);
  assert.equal(await textOf(page, "#list-where"), "2 rows · 2 messages");

  await page.getByRole("button", { name: "Remove" }).click();
  await choose(page, "phone\n72345\nabc\n");
  await priced(page);
  assert.equal(await textOf(page, "#list-where"), "Nothing in this list can be sent.");
  assert.equal(await page.locator("#list-cost").isVisible(), false);

  for (const [bytes, said] of [["PK\u0003\u0004", /save it as CSV/], ["", /There is nothing in the list\./], [gzipSync(LIST).subarray(0, 60), /could not be read to its end/]]) {
    await page.getByRole("button", { name: "Remove" }).click();
    await choose(page, bytes);
    await page.locator("#list-notices").getByText(said).waitFor();
  }
});

const offered = (page, label) => page.getByLabel(label).locator("option").allInnerTexts();

path("what parts the fields is shown as found, and said otherwise where that is wrong", async (page) => {
  // As many fields either way, and the likelier sign is the wrong one.
  const list = "phone;name, first\n+12125550123;Doe, Ada\n+447400123456;Łukasz, Jan\n";
  const template = "Hi {{name, first}}";
  await write(page, template);
  await choose(page, list);
  const unlike = page.locator("#list-template-note").getByText(/has no column "name, first"/);
  await unlike.waitFor();
  const between = page.getByLabel("Between the fields");
  assert.deepEqual(await offered(page, "Between the fields"), ["As found: commas", "Commas", "Semicolons", "Tabs", "Bars", "Colons", "Carets", "Tildes"]);
  await between.selectOption("Semicolons");
  await priced(page);
  const there = await priceByProgram(list, template, ["--delimiter", ";"]);
  assert.equal(await textOf(page, "#list-cost"), shown(JSON.parse(there.json).total));
  assert.equal(await byWorker(page, Buffer.from(list), { template, delimiter: ";" }), there.json);
  assert.equal((await offered(page, "Between the fields"))[0], "As found: commas", "what was found stays in sight");
  assert.match(await textOf(page, "#list-facts"), /semicolons/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the priced list" }).click()]);
  assert.deepEqual(await readFile(await download.path()), there.priced);
  await between.selectOption("As found: commas");
  await unlike.waitFor();

  await page.getByRole("button", { name: "Remove" }).click();
  await choose(page, "name|phone\nAda|+12125550123\n");
  await page.locator("#list-delimiter option:checked").getByText("As found: bars").waitFor({ state: "attached" });
});

path("the encoding is shown as found, and said otherwise where that is wrong", async (page) => {
  // Each of these bytes is two characters of Windows-1252, and together they are one of UTF-8.
  const list = Buffer.from("phone,name\n+12125550123,JosÃ©\n", "latin1");
  const template = "Hi {{name}}";
  const encoding = page.getByLabel("Encoding", { exact: true }).and(page.locator("#list-encoding"));
  await open(page, list, { template });
  assert.deepEqual(await page.locator("#list-encoding option").allInnerTexts(), ["As found: UTF-8", "UTF-8", "Windows-1252"]);
  assert.equal(await textOf(page, "#list-bubble"), "Hi José");
  await encoding.selectOption("Windows-1252");
  await page.locator("#list-bubble").getByText("Hi JosÃ©").waitFor();
  assert.equal(await byWorker(page, list, { template, list_encoding: "windows-1252" }), (await priceByProgram(list, template, ["--list-encoding", "windows-1252"])).json);

  // A row that is no UTF-8: found, or a problem where UTF-8 is what was said.
  await page.getByRole("button", { name: "Remove" }).click();
  const old = Buffer.from("phone,name\n+12125550123,José\n+12125550124,Ada\n", "latin1");
  await choose(page, old);
  await priced(page);
  assert.equal(await page.locator("#list-encoding option:checked").innerText(), "As found: Windows-1252");
  await encoding.selectOption("UTF-8");
  await page.locator("#list-where").getByText(/1 of 2\srows/).waitFor();
  assert.equal(await byWorker(page, old, { template, list_encoding: "utf-8" }), (await priceByProgram(old, template, ["--list-encoding", "utf-8"])).json);

  await page.getByRole("button", { name: "Remove" }).click();
  await choose(page, Buffer.from("\ufeffphone,name\n+12125550123,José\n", "utf16le"));
  await priced(page);
  assert.deepEqual(await page.locator("#list-encoding option").allInnerTexts(), ["UTF-16, by its mark"]);
});

path("an unwritten message is asked for, with the list's columns at hand", async (page) => {
  await choose(page, LIST);
  await page.getByText("Write the message to see what it costs").first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "list-template");
  await page.locator("#list-places").getByRole("button", { name: "First name" }).click();
  await priced(page);
  assert.match(await textOf(page, "#list-bubble"), /^Ada$/);
  await page.getByRole("button", { name: "Next" }).click();
  assert.match(await textOf(page, "#list-bubble"), /^Łukasz$/);
});

path("strangers' words are words, wherever they stand", async (page) => {
  const hostile = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>";
  const list = `phone,"${hostile}",name\n+12125550123,"${hostile} Ł","${hostile}"\n+447400123456,,x\n"${hostile}",x,y\n`;
  await open(page, list, { template: `{{name}} {{${hostile}}}`, name: `${hostile}.csv` });
  assert.ok((await textOf(page, "#list")).split("onerror=document.title").length > 5, "they are shown");
  assert.equal(await page.locator("#list :is(img, script)").count(), 0);
  assert.doesNotMatch(await page.title(), /taken/);
});

path("rows are pasted, and the example is there in one click", async (page) => {
  await page.getByRole("button", { name: "Paste rows" }).click();
  await page.getByRole("button", { name: "Price these rows" }).click();
  assert.match(await textOf(page, "#list-refused"), /paste some rows/);
  await page.getByLabel("Rows, with the columns’ names first").fill("name\tphone\nAda\t+12125550123\n");
  await write(page, "Hi {{name}}");
  await page.getByRole("button", { name: "Price these rows" }).click();
  await priced(page);
  assert.equal(await textOf(page, "#list-cost"), "$0.01");
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Try an example" }).click();
  await priced(page);
  assert.match(await textOf(page, "#list-where"), /of 2,400 rows/);
  assert.ok(await page.locator("#list-curve svg desc").textContent());
});

test("served by the program, under its own policy, it is the same; rates that are read again price it again", async (t) => {
  const twin = await twinHouse();
  t.after(twin.close);
  const page = await twin.open();
  await open(page, LIST);
  assert.equal(await textOf(page, "#list-cost"), shown(JSON.parse((await priceByProgram(LIST, TEMPLATE)).json).total));
  assert.deepEqual(page.trouble, []);

  const dearer = JSON.parse(await readFile(new URL("../../rates.json", import.meta.url), "utf8"));
  dearer.texting.territories.GB = "0.49";
  dearer.as_of = "2026-11-26";
  await page.route("**/rates.json", async (route) => route.fulfill({ response: await route.fetch(), json: dearer }));
  await page.route("**/v1/messages", (route) => route.fulfill({ status: 409, json: { code: "price-above-max", price: "0.50", max_price: "0.066", message: "x" } }));
  await twin.begin("5.00");
  await page.getByLabel("API key").fill(twin.key);
  await page.getByRole("button", { name: "Use key" }).click();
  await page.locator("#list-cover").getByText("$5.00").waitFor(); // priced by the old rates
  await sendTo(page, "+44 7400 123456");
  await page.getByRole("button", { name: "Review and send" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Send for/ }).click();
  await page.getByRole("button", { name: "Read the rates again" }).click();
  await page.locator("#list-stamp").getByText("November 26, 2026").waitFor();
  await priced(page);
  assert.equal(await textOf(page, "#list-cost"), shown(JSON.parse(await byWorker(page, Buffer.from(LIST), { template: TEMPLATE })).total));
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#list-get-priced").click()]);
  assert.match(await readFile(await download.path(), "utf8"), /447400123456.*;1\.00/);
});
