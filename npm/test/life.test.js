// How the element lives in a host's page: events, late and replaced fields, removal, hiding, wrapping, other meters,
// announcements; and that importing it on a server does nothing.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { assertAccessible, composer, house, seen, stateOf } from "./browser.js";

let site;
before(async () => {
  site = await house();
});
after(() => site.close());

function path(name, body, walk, options) {
  test(name, async () => {
    const page = await site.open(body, options);
    try {
      await walk(page);
      assert.deepEqual(page.trouble, []);
    } finally {
      await page.context().close();
    }
  });
}

/** Collects what the element tells from the very beginning; whoever hears of it may ask the element itself. */
const LISTEN = () => {
  globalThis.told = [];
  for (const type of ["change", "exceeded", "ok"]) {
    document.addEventListener(`text-meter-${type}`, ({ detail, target }) => globalThis.told.push([type, target.quote === detail ? detail.total : "another", target.localName]));
  }
};
const told = (page) => page.evaluate(() => globalThis.told.splice(0));

path("events: the quote on every change, crossings only when crossed", composer(`to="US" balance="0.01"`), async (page) => {
  assert.deepEqual(await told(page), [["change", "0.00", "text-meter"]]);
  await page.locator("#message").fill("x");
  await page.locator("#message").fill("x".repeat(161));
  assert.deepEqual(await told(page), [["change", "0.01", "text-meter"], ["change", "0.02", "text-meter"], ["exceeded", "0.02", "text-meter"]]);
  assert.equal(await page.locator("text-meter:state(over)").count(), 1);
  await page.locator("#message").fill("x");
  assert.deepEqual(await told(page), [["change", "0.01", "text-meter"], ["ok", "0.01", "text-meter"]]);
}, { init: LISTEN });

path("a field that comes late, goes, and comes again is found each time", composer(`to="US"`).replace(/<textarea[^]*<\/textarea>/, ""), async (page) => {
  assert.equal(await page.evaluate(() => document.querySelector("text-meter").field), null);
  const put = (text) => page.evaluate((value) => {
    const field = Object.assign(document.createElement("textarea"), { id: "message", value });
    field.setAttribute("aria-describedby", "other");
    document.querySelector("#form").prepend(field);
  }, text);
  await put("Hello");
  assert.deepEqual([await stateOf(page), await seen(page, "cost")], ["normal", "$0.01"]);
  const described = () => page.locator("#message").getAttribute("aria-describedby");
  assert.match(await described(), /^other text-meter-description-\d+$/);
  const old = await page.evaluateHandle(() => document.querySelector("#message"));
  await page.evaluate(() => document.querySelector("#message").remove());
  assert.equal(await stateOf(page), "empty");
  assert.equal(await old.evaluate((field) => field.getAttribute("aria-describedby")), "other");
  await put("x".repeat(161));
  assert.equal(await seen(page, "cost"), "$0.02");
  await page.evaluate(() => (document.querySelector("#message").id = "elsewhere"));
  assert.equal(await stateOf(page), "empty");
  await page.evaluate(() => (document.querySelector("text-meter").htmlFor = "elsewhere"));
  assert.equal(await seen(page, "cost"), "$0.02");
});

path("removal and re-insertion: no mark, no hint, no listener stays behind, and all comes back", composer(`to="US" smart="off"`, { text: "“a”" }), async (page) => {
  const marks = () => page.evaluate(() => [...(CSS.highlights.get("text-meter-costly") ?? [])].map(String));
  assert.deepEqual(await marks(), ["“", "”"]);
  await page.evaluate(() => (globalThis.meter = document.querySelector("text-meter")).remove());
  await told(page);
  await page.locator("#message").fill("“b” and more");
  assert.deepEqual([await marks(), await told(page), await page.locator("#message").getAttribute("aria-describedby")], [[], [], null]);
  await page.evaluate(() => document.querySelector("#form").append(globalThis.meter));
  await page.waitForFunction(() => [...CSS.highlights.get("text-meter-costly")].length === 2);
  assert.equal(await page.evaluate(() => globalThis.meter.quote.text), "“b” and more");
  assert.equal(await page.locator("#message").getAttribute("aria-describedby"), await page.locator(".text-meter-description").getAttribute("id"));
}, { init: LISTEN });

path("hidden: no work is done until it is seen again", composer(`to="US" smart="off" hidden`, { text: "x" }), async (page) => {
  await page.locator("#message").fill("x".repeat(161));
  assert.deepEqual([await told(page), await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => /rates|packed/.test(name)).length)], [[], 0]);
  await page.evaluate(() => (document.querySelector("text-meter").hidden = false));
  await page.waitForFunction(() => globalThis.told.length > 0);
  assert.deepEqual(await told(page), [["change", "0.02", "text-meter"]]);
  await page.evaluate(() => (document.querySelector("form").style.display = "none"));
  await page.waitForFunction(() => document.querySelector("text-meter").shadowRoot.querySelector(".base").clientWidth === 0);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const write = (text) => page.evaluate((value) => {
    document.querySelector("#message").value = value;
    document.querySelector("#message").dispatchEvent(new Event("input"));
  }, text);
  await write("“x”");
  assert.deepEqual(await told(page), []);
  const asked = () => page.evaluate(() => {
    const { exceeded, marks, findings } = document.querySelector("text-meter");
    return [exceeded, marks.length, findings.length];
  });
  assert.deepEqual(await asked(), [false, 2, 2], "who asks is answered");
  await page.evaluate(() => (document.querySelector("text-meter").balance = "0.00"));
  assert.equal((await asked())[0], true);
  await page.evaluate(() => (document.querySelector("text-meter").balance = ""));
  await write("x");
  assert.equal(await page.evaluate(() => document.querySelector("text-meter").quote.total), "0.01");
  await page.evaluate(() => (document.querySelector("form").style.display = ""));
  await page.waitForFunction(() => document.querySelector("text-meter").shadowRoot.querySelector(".base").clientWidth > 0);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await seen(page, "cost"), "$0.01", "and what was answered is what is shown");
}, { init: LISTEN, ready: null });

path("a value set by a program is noticed, and so is a form's reset", composer(`to="US"`, { text: "x" }), async (page) => {
  await page.evaluate(() => (document.querySelector("#message").value = "x".repeat(161)));
  await page.waitForFunction(() => document.querySelector("text-meter").quote.total === "0.02");
  await page.evaluate(() => document.querySelector("#form").reset());
  await page.waitForFunction(() => document.querySelector("text-meter").quote.total === "0.01");
});

path("a text that a program set is what is answered for at once, seen or not, and what confirm decides by", composer(`to="US" balance="0.01" confirm`, { text: "x" }), async (page) => {
  const write = (value) => page.evaluate((text) => {
    const meter = document.querySelector("text-meter");
    document.querySelector("#message").value = text;
    return [meter.quote.total, meter.exceeded];
  }, value);
  assert.deepEqual(await write("x".repeat(161)), ["0.02", true]);
  assert.equal(await seen(page, "balance"), "$0.01 short");
  assert.deepEqual(await write("x"), ["0.01", false]);
  const [sent, confirming] = await page.evaluate(() => {
    let submitted = false;
    const form = document.querySelector("#form");
    form.addEventListener("submit", (event) => (event.preventDefault(), (submitted = true)));
    document.querySelector("#message").value = "x".repeat(161);
    form.requestSubmit();
    return [submitted, document.querySelector("text-meter").shadowRoot.querySelector("[part=warning]").innerText];
  });
  assert.deepEqual([sent, /^Not sent\./.test(confirming)], [false, true]);
  await page.evaluate(() => (document.querySelector("text-meter").hidden = true));
  await page.waitForFunction(() => document.querySelector("text-meter").shadowRoot.querySelector(".base").clientWidth === 0);
  assert.deepEqual(await write("x"), ["0.01", false]);
});

path("what is said while it is out of the document holds when it is back", composer(`to="US"`).replace(/<textarea[^]*<\/textarea>/, ""), async (page) => {
  const away = (change) => page.evaluate((changed) => {
    const meter = document.querySelector("text-meter");
    const next = meter.nextSibling;
    meter.remove();
    Object.assign(meter, changed);
    next.before(meter);
  }, change);
  const why = (pattern) => page.waitForFunction((wanted) => new RegExp(wanted).test(document.querySelector("text-meter").shadowRoot.querySelector(".why").textContent), pattern);
  await away({ to: "GB" });
  await why("United Kingdom");
  await away({ rates: "nowhere.json" });
  await why("nowhere.json answered 404");
  page.trouble.length = 0;
});

path("moved within the document it prices the text it had, and nothing between", composer(`to="US"`, { text: "x" }), async (page) => {
  await told(page);
  await page.evaluate(() => document.querySelector("main").prepend(document.querySelector("text-meter")));
  await page.locator("#message").fill("x".repeat(161));
  await page.waitForFunction(() => globalThis.told.some(([, total]) => total === "0.02"));
  assert.deepEqual(await told(page), [["change", "0.02", "text-meter"]]);
}, { init: LISTEN });

path("a field that is left for nothing loses the hint and the marks", composer(`to="US" smart="off"`, { text: "“a”" }), async (page) => {
  await page.evaluate(() => (document.querySelector("text-meter").htmlFor = "nothing"));
  assert.equal(await page.locator("#message").getAttribute("aria-describedby"), null);
  assert.equal(await page.evaluate(() => CSS.highlights.get("text-meter-costly").size), 0);
});

path("while there is no meter nothing is claimed: no findings, no marks, not exceeded", composer(`to="US" balance="0.00" smart="off"`, { text: "“a”" }), async (page) => {
  const claimed = () => page.evaluate(() => {
    const { quote, exceeded, findings, marks } = document.querySelector("text-meter");
    return [quote?.total ?? null, exceeded, findings.length, marks.length, CSS.highlights.get("text-meter-costly").size];
  });
  assert.deepEqual(await claimed(), ["0.01", true, 2, 2, 2]);
  await page.evaluate(() => (document.querySelector("text-meter").rates = null));
  assert.deepEqual(await claimed(), [null, false, 0, 0, 0]);
});

path("it wraps a field as well as it points at one", `<form id="form"><text-meter to="US" rates="textmeter/rates.json"><label>Message <textarea id="message">“a”</textarea></label></text-meter><button id="send">Send</button></form>`, async (page) => {
  assert.equal(await page.evaluate(() => document.querySelector("text-meter").field.id), "message");
  await page.locator("#message").fill("x".repeat(161));
  assert.equal(await seen(page, "cost"), "$0.02");
});

path("it wraps what somebody writes in, not the token or the tick before it", `<form><text-meter to="US" rates="textmeter/rates.json"><input type="hidden" value="${"x".repeat(200)}"><input type="checkbox" aria-label="Later"><INPUT type="SEARCH" aria-label="Message" value="Hi"></text-meter></form>`, async (page) => {
  assert.deepEqual(await page.evaluate(() => {
    const { field, quote } = document.querySelector("text-meter");
    return [field.type, quote.text];
  }), ["search", "Hi"]);
});

path("a reset button is noticed when it has done its work", composer(`to="US"`, { text: "x" }).replace("</form>", `<button type="reset">Clear</button></form>`), async (page) => {
  await page.locator("#message").fill("x".repeat(161));
  await page.getByRole("button", { name: "Clear" }).click();
  await page.waitForFunction(() => document.querySelector("text-meter").shadowRoot.querySelector(".cost").textContent === "$0.01");
}, { init: () => (globalThis.setInterval = () => 0) }); // nothing looks now and then

path("moved to another document and back it looks as it did", composer(`to="US"`, { text: "x" }), async (page) => {
  const looks = await page.evaluate(() => {
    const meter = document.querySelector("text-meter");
    const form = meter.parentNode;
    const frame = document.body.appendChild(document.createElement("iframe"));
    const look = (place) => {
      place.append(meter);
      return meter.shadowRoot.adoptedStyleSheets.length;
    };
    return [look(frame.contentDocument.body), look(document.createElement("template").content), look(form), getComputedStyle(meter).display];
  });
  assert.equal(looks[0], 1);
  assert.deepEqual(looks.slice(2), [1, "block"]);
});

path("properties set before the element is defined are taken over; a card and a meter may be given", `<textarea id="t" aria-label="T">Hi</textarea><div id="place"></div>`, async (page) => {
  const total = await page.evaluate(async () => {
    const card = await (await fetch("textmeter/rates.json")).json();
    const early = document.createElement("text-meter");
    Object.assign(early, { card, to: ["US", "CA"], htmlFor: "t" });
    document.querySelector("#place").append(early);
    await import(new URL("textmeter/element/define.js", document.baseURI).href);
    await new Promise((done) => early.addEventListener("text-meter-change", done, { once: true }));
    const { loadMeter } = await import(new URL("textmeter/web.js", document.baseURI).href);
    const given = Object.assign(document.createElement("text-meter"), { meter: await loadMeter({ card: { ...card, id: "mine" } }), to: "GB", htmlFor: "t" });
    document.querySelector("#place").append(given);
    return [early.quote.total, early.getAttribute("to"), given.quote.rate_card.id];
  });
  assert.deepEqual(total, ["0.02", "US,CA", "mine"]);
}, { ready: null });

const CARD = JSON.parse(await readFile(new URL("../../rates.json", import.meta.url), "utf8"));

/** Serves the card with another price for the United States, where it is the surcharge alone, as old as most servers say it is. */
function serveRates(path, price) {
  const rates = structuredClone(CARD);
  rates.channels.api.surcharge = price;
  site.put(path, { body: JSON.stringify(rates), kind: ".json", headers: { "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" } });
}

/** Resolves when every element on the page has this price. */
const priced = (page, total) => page.waitForFunction((wanted) => [...document.querySelectorAll("text-meter")].every(({ quote }) => quote?.total === wanted), total);

test("refresh reads the rates anew, once for all elements, and so do elements and pages that come much later", async () => {
  serveRates("/day.json", "0.11");
  const meter = `<text-meter to="US" rates="day.json"><textarea aria-label="Message">x</textarea></text-meter>`;
  const page = await site.open(`${meter}${meter}`);
  await priced(page, "0.11");
  serveRates("/day.json", "0.12");
  const asked = await page.evaluate(() => {
    const meters = [...document.querySelectorAll("text-meter")];
    for (const element of meters) element.refresh();
    return meters.map(({ quote }) => quote.total);
  });
  assert.deepEqual(asked, ["0.11", "0.11"], "the last price stands until then");
  await priced(page, "0.12");
  assert.equal(await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("day.json")).length), 2);
  serveRates("/day.json", "0.13");
  const later = await page.context().newPage();
  await later.goto(page.url());
  await later.waitForFunction(() => document.querySelector("text-meter")?.quote);
  assert.equal(await later.evaluate(() => document.querySelector("text-meter").quote.total), "0.13");
  const another = () => page.evaluate(async (html) => {
    document.querySelector("main").insertAdjacentHTML("beforeend", html);
    const element = document.querySelector("text-meter:last-child");
    await new Promise((done) => element.addEventListener("text-meter-change", done, { once: true }));
    return element.quote.total;
  }, meter);
  assert.equal(await another(), "0.12", "one that comes later shares what was just read");
  await page.clock.setFixedTime(Date.now() + 16 * 60_000);
  assert.equal(await another(), "0.13", "on a page that stays open it is read anew");
  await page.context().close();
});

test("rates that could not be read are read when the network is back, or the element is put in again", async () => {
  const page = await site.open(composer(`to="US"`, { text: "x" }).replace("textmeter/rates.json", "late.json"));
  const online = () => page.evaluate(() => globalThis.dispatchEvent(new Event("online")));
  assert.equal(await stateOf(page), "unavailable");
  serveRates("/late.json", "0.11");
  await online();
  await priced(page, "0.11");
  assert.deepEqual([await stateOf(page), await seen(page, "cost")], ["normal", "$0.11"]);

  site.put("/late.json", null);
  await page.evaluate(() => document.querySelector("text-meter").refresh());
  await page.waitForFunction(() => document.querySelector("text-meter").error);
  assert.equal(await seen(page, "cost"), "$0.11", "what was read once goes on");
  serveRates("/late.json", "0.12");
  await page.evaluate(() => {
    const meter = document.querySelector("text-meter");
    const next = meter.nextSibling;
    meter.remove();
    next.before(meter);
  });
  await priced(page, "0.12");
  assert.equal(await page.evaluate(() => document.querySelector("text-meter").error), null);

  site.put("/late.json", { body: "{}", kind: ".json" });
  await page.evaluate(() => document.querySelector("text-meter").refresh());
  await page.waitForFunction(() => document.querySelector("text-meter").error?.code);
  await page.evaluate(() => {
    globalThis.fetches = 0;
    globalThis.fetch = () => (globalThis.fetches += 1);
  });
  await online();
  assert.equal(await page.evaluate(() => globalThis.fetches), 0, "a card that makes no sense is not asked for again and again");
  await page.context().close();
});

path("a given meter goes before every card", composer(`to="US"`, { text: "x" }), async (page) => {
  const ids = await page.evaluate(async (card) => {
    const { createMeter } = await import(new URL("textmeter/index.js", document.baseURI).href);
    const meter = document.querySelector("text-meter");
    const told = [];
    const next = () => new Promise((done) => meter.addEventListener("text-meter-change", () => done(told.push(meter.quote.rate_card.id)), { once: true }));
    meter.meter = createMeter({ ...card, id: "given" });
    meter.setAttribute("rates", "textmeter/rates.json?other");
    meter.card = { ...card, id: "card" };
    meter.refresh();
    told.push(meter.quote?.rate_card.id);
    const changed = next();
    meter.meter = null;
    await changed;
    return told;
  }, CARD);
  assert.deepEqual(ids, ["given", "card"]);
});

path("a composer at the foot of the window: the panel goes above the field, and never over Send", composer(`to="GB"`, { text: `${"a".repeat(160)}b` }), async (page) => {
  const gaps = () =>
    page.evaluate(() => {
      const box = (element) => element.getBoundingClientRect();
      const panel = box(document.querySelector("text-meter").shadowRoot.querySelector(".panel"));
      return { above: box(document.querySelector("#message")).top - panel.bottom, below: panel.top - box(document.querySelector("#send")).bottom };
    });
  assert.ok((await gaps()).below >= 0, "below Send, where it would be in the way");
  await page.setViewportSize({ width: 800, height: 320 });
  await page.waitForFunction(() => document.querySelector("text-meter").shadowRoot.querySelector(".panel").getBoundingClientRect().bottom < document.querySelector("#message").getBoundingClientRect().top);
  assert.ok((await gaps()).above >= 0);
  await page.evaluate(() => (document.querySelector("text-meter").placement = "below"));
  assert.ok((await gaps()).below >= 0);
});

path("wrong properties are errors with a code, taking a card away takes the price away, a number keeps its extension", composer(`to="+1 415 555 2671;ext=5; GB"`, { text: "Hi" }), async (page) => {
  const found = await page.evaluate(async () => {
    const meter = document.querySelector("text-meter");
    const code = (set) => {
      try {
        set();
      } catch (error) {
        return [error.name, error.code, error.at];
      }
      return null;
    };
    const recipients = meter.quote.recipients.map(({ to }) => to);
    const errors = [code(() => (meter.card = 5)), code(() => (meter.meter = {}))];
    meter.rates = null;
    return { recipients, errors, quote: meter.quote };
  });
  const wrong = (at) => ["TextmeterError", "wrong-type", at];
  assert.deepEqual(found, { recipients: ["+14155552671", "GB"], errors: [wrong("card"), wrong("meter")], quote: null });
});

path("announcements: politely, a second after the last change, and only of what matters", composer(`to="US" balance="0.05"`), async (page) => {
  const spoken = page.locator("text-meter [role=status]");
  assert.match(await spoken.innerText(), /a message to United States/);
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000); // else it goes on with the machine's
  await page.locator("#message").fill("Hello");
  assert.match(await spoken.innerText(), /a message to/, "not at once");
  await page.clock.fastForward(1001);
  assert.equal((await spoken.innerText()).replace(/\s+/g, " "), "$0.01 to United States, 1 message. Balance after sending $0.04.");
  await page.evaluate(() => document.querySelector("text-meter").shadowRoot.querySelector("[role=status]").append(" (heard)"));
  await page.locator("#message").fill("Hello again");
  await page.clock.fastForward(1001);
  assert.match(await spoken.innerText(), /\(heard\)$/, "the same price is not said again");
  await page.locator("#message").fill("x".repeat(1000));
  await page.clock.fastForward(1001);
  assert.match((await spoken.innerText()).replace(/\s+/g, " "), /7 messages\. More than your balance of \$0\.05: \$0\.02 short\. It would be refused\.$/);
});

test("importing any entry on a server does nothing and throws nothing", async () => {
  for (const entry of ["../element.js", "../element/define.js", "../headless.js", "../index.js", "../web.js"]) await import(entry);
  assert.equal(globalThis.customElements, undefined);
});

const LOOKS = [
  { name: "light" },
  { name: "dark", colorScheme: "dark" },
  { name: "320 px", viewport: { width: 320, height: 640 } },
  { name: "forced colours", forcedColors: "active" },
];
const STATES = {
  empty: [`to="GB" balance="5.00"`, ""],
  nowhere: ["", "Hi"],
  normal: [`to="GB,US" balance="5.00"`, "Hi"],
  near: [`to="US" balance="5.00"`, "a".repeat(155)],
  saving: [`to="GB" balance="5.00" smart="off"`, "Don’t forget: “early bird” tickets end tonight. We’d love to see you – doors open at seven."],
  low: [`to="US" balance="0.05"`, "Hi"],
  over: [`to="US" balance="0.01" smart="off"`, `${"a".repeat(100)}’`],
  doubtful: [`to="US" balance="0.00" balance-as-of="2020-01-01"`, "Hi"],
  unpriced: [`to="CU"`, "Hi"],
  blocked: [`to="US"`, "a".repeat(1601)],
  broken: [`to="US" channel="pigeon"`, "Hi"],
};

for (const { name, ...options } of LOOKS) {
  test(`no violations in any state: ${name}`, async () => {
    const page = await site.open(composer(""), { ...options, policy: null });
    for (const [state, [attributes, text]] of Object.entries(STATES)) {
      await page.evaluate(([html, value]) => {
        document.querySelector("main").innerHTML = html;
        document.querySelector("#message").value = value;
      }, [composer(attributes, { inside: `<a slot="add-funds" href="#">Add funds</a>` }), text]);
      await page.waitForFunction(() => document.querySelector("text-meter").shadowRoot.querySelector(".base").dataset.state !== "waiting");
      const toggle = page.locator("text-meter [part=toggle]");
      if (await toggle.isVisible()) await toggle.click();
      await assertAccessible(page, `${name}: ${state}`);
      const [wanted, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wanted <= there, `${name}: ${state}: ${wanted} px in a window of ${there}`);
    }
    await page.context().close();
  });
}
