// The page: keeps what the customer chose, asks the meter on every change and has the parts drawn. No price is made here.
import { loadMeter } from "./textmeter/web.js";
import { Announcer } from "./textmeter/composer/announce.js";
import { drawBubbles } from "./bubbles.js";
import { byId, h, show } from "./dom.js";
import { rewrite } from "./textmeter/composer/edit.js";
import { EXAMPLES } from "./examples.js";
import { drawFindings, drawSmart } from "./findings.js";
import { Guide } from "./guide.js";
import { Marks } from "./textmeter/composer/marks.js";
import { amountFromTyped, currencySign, moneyFormat } from "./textmeter/composer/money.js";
import { drawNotices, drawTrouble } from "./notices.js";
import { allPlaces } from "./places.js";
import { drawReadout, readoutSentence } from "./readout.js";
import { Recipients } from "./recipients.js";
import { slipsOf } from "./textmeter/composer/scripts.js";
import { fromHash, toHash } from "./share.js";
import { FORCES_UNICODE } from "./textmeter/composer/ways-out.js";
import { unpricedLabel } from "./textmeter/composer/words.js";
import { drawWorking } from "./working.js";

const places = allPlaces();
const kept = new Set();
const marks = new Marks(byId("mirror"));
const announcer = new Announcer(byId("announcer"));
const text = byId("text");

let card = null;
let meter = null;
let trouble = null;
let money = moneyFormat("USD");

/** The meter's answer, or null where it refuses the request. */
function ask(request) {
  try {
    return meter.quote(request);
  } catch (error) {
    if (typeof error.code === "string") return null;
    throw error;
  }
}

/** What one unit costs at each of some destinations: the meter's recipients, in the same order. */
function unitPrices(to) {
  if (meter === null) return [];
  const minutes = card.channels[channel()].unit === "minute" ? "1" : undefined;
  return ask({ to, region: byId("region").value, channel: channel(), minutes })?.recipients ?? [];
}

const recipients = new Recipients({
  places,
  prices: (codes) => unitPrices(codes).map((recipient) => (recipient.per_unit === null ? unpricedLabel(recipient) : money(recipient.per_unit))),
  look: (typed) => unitPrices([typed])[0],
  changed: update,
});

const guide = new Guide((code) => {
  recipients.value = [code];
  byId("readout").scrollIntoView({ block: "center" });
});

const channel = () => document.querySelector("input[name=channel]:checked")?.value ?? "api";

/** What is chosen, as texts. */
function state() {
  return {
    text: text.value,
    to: recipients.value,
    channel: channel(),
    balance: byId("balance").value.trim(),
    sender: byId("sender").value,
    encoding: byId("encoding").value,
    smart: byId("smart").value,
    region: byId("region").value,
    minutes: byId("minutes").value.trim(),
    line_type: byId("line").value,
  };
}

/** The same as the meter's request; what is absent has no key. */
function requestOf(chosen, unit) {
  const { smart, balance, minutes, line_type, ...rest } = chosen;
  return {
    ...rest,
    smart: smart === "" ? undefined : smart === "on",
    balance: balance === "" ? undefined : amountFromTyped(balance, card.currency),
    ...(unit === "minute" ? { text: "", minutes: minutes === "" ? undefined : minutes, line_type: line_type || undefined } : {}),
  };
}

/** Asks the meter; a balance or a length of call it cannot read is said beside the field, and left out. */
function quoteOf(request) {
  const notes = { balance: "", minutes: "" };
  let current = request;
  for (;;) {
    try {
      return { answer: meter.quote(current), error: null, request: current, notes };
    } catch (error) {
      if (typeof error.code !== "string") throw error;
      if (error.at === "balance" && current.balance !== undefined) {
        notes.balance = error.message;
        current = { ...current, balance: undefined };
      } else if (error.at === "minutes" && current.minutes !== undefined) {
        notes.minutes = error.message;
        return { answer: null, error, request: current, notes };
      } else {
        return { answer: ask({ ...current, encoding: "auto" }), error, request: current, notes };
      }
    }
  }
}

/** Everything the parts of the page draw from. */
function look() {
  const chosen = state();
  const unit = card?.channels[chosen.channel]?.unit ?? "segment";
  const asked = meter ? quoteOf(requestOf(chosen, unit)) : { answer: null, error: null, request: undefined, notes: { balance: "", minutes: "" } };
  return { state: chosen, unit, card, money, kept, ask, trouble, ...asked };
}

let known = null;

function update() {
  const view = look();
  known = view;
  const { answer, error, unit, notes } = view;
  show(byId("write"), unit !== "minute");
  show(byId("call"), unit === "minute");
  show(byId("examples"), meter !== null && view.state.text === "" && unit !== "minute");
  note("balance", notes.balance);
  note("minutes", notes.minutes);
  recipients.draw(answer?.recipients ?? []);
  const paint = answer !== null && !error && unit === "segment";
  marks.draw(view.state.text, {
    costly: paint ? slipsOf(answer.advice).filter((item) => FORCES_UNICODE.has(item.kind) && !kept.has(item.found)).flatMap((item) => item.ranges) : [],
    swapped: paint ? answer.changes.map(({ start, end }) => [start, end]) : [],
  });
  drawReadout(view);
  if (meter) drawNotices(view, act);
  drawFindings(view, act);
  drawSmart(view);
  drawBubbles(view);
  drawWorking(view);
  if (meter) guide.follow(view);
  announcer.tell(whatMatters(view), () => readoutSentence(view));
}

/** What a listener is told of when it changes. */
function whatMatters({ answer, error, state: chosen }) {
  if (error || answer === null) return error?.code ?? "nothing";
  const statuses = [...new Set(answer.recipients.map((recipient) => recipient.status))];
  return JSON.stringify([answer.segments, answer.total, answer.encoding, answer.cover?.kind, statuses, chosen.text === ""]);
}

function note(field, message) {
  const line = byId(`${field}-note`);
  if (line.textContent !== message) line.textContent = message;
  show(line, message !== "");
  byId(field).setAttribute("aria-invalid", String(message !== ""));
}

/** What the buttons of the notices and findings do; nothing else ever changes the customer's text. */
const act = {
  rewrite: (after) => rewrite(text, after),
  select: (start, end) => {
    text.focus();
    text.setSelectionRange(start, end);
  },
  keep: (found) => {
    kept.add(found);
    update();
    text.focus();
  },
  keepOnly: (to) => {
    recipients.value = to;
    byId("to").focus();
  },
  automatic: () => {
    byId("encoding").value = "auto";
    update();
    byId("encoding").focus();
  },
};

/** Puts a state on the page: an example's or a link's. Fields it does not name become as they are by default. */
function choose(next) {
  for (const field of ["sender", "encoding", "smart", "region"]) {
    const select = byId(field);
    const value = next[field] ?? { sender: "standard", encoding: "auto", smart: "", region: "US" }[field];
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  }
  const wanted = document.querySelector(`input[name=channel][value="${CSS.escape(next.channel ?? "api")}"]`);
  if (wanted) wanted.checked = true;
  byId("balance").value = next.balance ?? "";
  if (next.minutes) byId("minutes").value = next.minutes;
  byId("line").value = ["landline", "mobile"].includes(next.line_type) ? next.line_type : "";
  if (next.text !== undefined) text.value = next.text;
  document.querySelector(".more").open ||= ["sender", "encoding", "smart", "region"].some((field) => next[field] !== undefined);
  recipients.value = next.to ?? [];
}

function furnish() {
  byId("region").replaceChildren(...places.map(({ code, name }) => h("option", { value: code, selected: code === "US" }, name)));
  byId("examples").replaceChildren(
    h("span", { class: "examples-label" }, "Try"),
    ...EXAMPLES.map(({ label, state: example }) =>
      h("button", { type: "button", class: "button small", onclick: () => (choose(example), text.focus()) }, label),
    ),
  );
  // A button must not take the focus while it is pressed: what leaving a field redraws would swallow the click.
  document.querySelector(".bench").addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
  byId("composer").addEventListener("submit", (event) => event.preventDefault());
  byId("composer").addEventListener("input", (event) => event.target.id !== "to" && update());
  byId("share-copy").addEventListener("click", share);
  window.addEventListener("hashchange", () => {
    const shared = fromHash(location.hash);
    if (shared) choose(shared);
  });
  new IntersectionObserver(([entry]) => show(byId("dock"), !entry.isIntersecting && entry.boundingClientRect.top > 0)).observe(byId("readout-title"));
}

async function share() {
  const { minutes, line_type, ...rest } = state();
  const chosen = known?.unit === "minute" ? { ...rest, minutes, line_type } : rest;
  const territories = known?.answer?.recipients.map((recipient) => recipient.territory).filter(Boolean) ?? [];
  const link = new URL(location.href);
  link.hash = toHash(chosen, [...new Set(territories)], { withText: byId("share-text").checked });
  const said = byId("share-said");
  try {
    await navigator.clipboard.writeText(link.href);
    said.replaceChildren("Copied.");
  } catch {
    said.replaceChildren("Copy it from here: ", h("a", { href: link.href }, link.href));
  }
}

function useCard(read) {
  card = read;
  money = moneyFormat(card.currency);
  byId("currency").textContent = currencySign(card.currency);
  byId("channels").replaceChildren(
    ...Object.entries(card.channels).map(([id, { name }], at) =>
      h("label", {}, h("input", { type: "radio", name: "channel", value: id, checked: id === "api" || (at === 0 && !card.channels.api) }), h("span", {}, name ?? id)),
    ),
  );
  byId("foot-card").textContent = `Rate card ${card.id}.`;
  guide.open(card, places);
}

/** Reads rates.json, wherever the page lies; then the meter. Each can fail on its own, and says so. */
async function start() {
  furnish();
  update();
  let read = null;
  try {
    const response = await fetch(new URL("rates.json", document.baseURI), { cache: "no-cache" });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    read = await response.json();
    meter = await loadMeter({ card: read });
    useCard(read);
  } catch (error) {
    trouble = troubleOf(error, read);
    if (trouble.code === "no-webassembly") useCard(read); // its rates can still be read
  }
  drawTrouble(trouble);
  const shared = fromHash(location.hash);
  if (shared && card) choose(shared);
  else update();
  document.documentElement.dataset.ready = trouble?.code ?? "yes";
}

function troubleOf(error, read) {
  if (read === null) return { code: "no-card", title: "The rate card could not be read.", message: `rates.json: ${error.message}. Nothing can be priced without it.` };
  if (error.code === "no-webassembly") return { code: error.code, title: "Nothing can be priced in this browser.", message: error.message };
  const where = error.at ? `${error.at}: ` : "";
  return { code: error.code ?? "unexpected", title: "The rate card is broken, so none of it is used.", message: `rates.json, ${where}${error.message}` };
}

await start();
