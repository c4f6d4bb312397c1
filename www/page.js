// The page: keeps what the customer chose, asks the meter on every change and has the parts drawn. No price is made here.
import { loadMeter } from "./textmeter/web.js";
import { serviceBehind } from "./account/twin.js";
import { Announcer } from "./textmeter/composer/announce.js";
import { drawBubbles } from "./bubbles.js";
import { Compare } from "./compare.js";
import { byId, h, pause, show } from "./dom.js";
import { openEmbed } from "./embed.js";
import { EXAMPLES } from "./examples.js";
import { drawFindings, drawSmart } from "./findings.js";
import { Guide } from "./guide.js";
import { Marks } from "./textmeter/composer/marks.js";
import { amountFromTyped, amountToType, currencySign, moneyFormat } from "./textmeter/composer/money.js";
import { drawNotices, drawTrouble } from "./notices.js";
import { workOffline } from "./offline.js";
import { allPlaces } from "./places.js";
import { drawReadout, readoutSentence } from "./readout.js";
import { Recipients } from "./recipients.js";
import { fromHash, toHash } from "./share.js";
import { unpricedLabel } from "./textmeter/composer/words.js";
import { Watching } from "./watching.js";
import { drawWorking } from "./working.js";
import { World } from "./world.js";

const marks = new Marks(byId("mirror"));
const announcer = new Announcer(byId("announcer"));
const text = byId("text");
const watching = new Watching(text, () => {
  update();
  text.focus();
});

/** How long the rates are taken for those of today. */
const RATES_OLD_MILLISECONDS = 60 * 60_000;

let card = null;
/** When the rates were asked for. */
let asked = 0;
let meter = null;
let trouble = null;
let money = moneyFormat("USD");
const currency = () => card?.currency ?? "USD";

/** The channel of a link, as long as there are none to choose from. */
let linked = "api";

/** The part that prices whole lists, once it is loaded. */
let list = null;

/** The account part, where the page comes from a server of ours and not from a static host. */
let account = null;
/** The real balance of an open account, "" where it is not known; null: no account, what is typed counts. */
let held = null;

/** What one unit costs at each of some destinations: the meter's recipients, in the same order. */
function unitPrices(to) {
  if (meter === null) return [];
  const minutes = card.channels[channel()].unit === "minute" ? "1" : undefined;
  return watching.ask({ to, region: byId("region").value, channel: channel(), minutes })?.recipients ?? [];
}

const recipients = new Recipients({
  prices: (codes) => unitPrices(codes).map((recipient) => (recipient.per_unit === null ? unpricedLabel(recipient) : money(recipient.per_unit))),
  look: (typed) => unitPrices([typed])[0],
  changed: update,
});

/** A place of the guide or of the world's picture becomes the destination. */
function sendThere(code) {
  recipients.value = [code];
  byId("readout").scrollIntoView({ block: "center" });
}

const guide = new Guide(sendThere);
const world = new World(sendThere);

const channel = () => document.querySelector("input[name=channel]:checked")?.value ?? linked;

/** What is chosen, as texts. */
function state() {
  return {
    text: text.value,
    to: recipients.value,
    channel: channel(),
    balance: held === null ? byId("balance").value.trim() : "",
    sender: byId("sender").value,
    encoding: byId("encoding").value,
    smart: byId("smart").value,
    region: byId("region").value,
    minutes: byId("minutes").value.trim(),
    line_type: byId("line").value,
  };
}

/** A number as typed, for the meter: "" where nobody can read it, which the meter refuses; what is absent has no value. */
const numberOf = (typed) => (typed === "" ? undefined : amountFromTyped(typed, currency()) ?? "");

/** The same as the meter's request; what is absent has no value. */
function requestOf(chosen, unit) {
  const call = unit === "minute";
  return {
    ...chosen,
    text: call ? "" : chosen.text,
    smart: chosen.smart === "" ? undefined : chosen.smart === "on",
    balance: held || numberOf(chosen.balance),
    minutes: call ? numberOf(chosen.minutes) : undefined,
    line_type: (call && chosen.line_type) || undefined,
  };
}

/** Everything the parts of the page draw from. */
function look() {
  const chosen = state();
  const unit = card?.channels[chosen.channel]?.unit ?? "segment";
  return { state: chosen, unit, card, money, ask: watching.ask, trouble, ...watching.look(meter && requestOf(chosen, unit)) };
}

let known = null;

/** Marks an entry of the browser's history whose link is on the page. */
const APPLIED = "applied";

function update() {
  const view = look();
  known = view;
  const { answer, unit, notes } = view;
  show(byId("write"), unit !== "minute");
  show(byId("call"), unit === "minute");
  show(byId("examples"), trouble === null && view.state.text === "" && unit !== "minute");
  note("balance", notes.balance && `Write an amount from 0 up with at most six decimals, as in ${amountToType("1234.50", currency())}.`);
  note("minutes", notes.minutes);
  recipients.draw(answer?.recipients ?? []);
  const marked = (kind) => view.marks.filter((mark) => mark.kind === kind).map(({ start, end }) => [start, end]);
  marks.draw(view.state.text, { costly: marked("costly"), swapped: marked("swapped") });
  drawReadout(view);
  if (meter) drawNotices(view, act);
  drawFindings(view, act);
  drawSmart(view);
  drawBubbles(view);
  drawWorking(view);
  if (meter) {
    guide.follow(view);
    world.follow(view);
    compare.follow(view);
    list?.follow(view);
  }
  account?.follow(view);
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
  rewrite: (after) => watching.rewrite(after),
  fix: (found) => watching.fix(found),
  fixAll: () => watching.fixAll(),
  unaccent: () => watching.unaccent(),
  keep: (found) => watching.keep(found),
  select: (start, end) => {
    text.focus();
    text.setSelectionRange(start, end);
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

const compare = new Compare(act);

/** Holds the quote against an account's real balance; null: against what is typed again. */
function hold(balance) {
  const field = byId("balance");
  if (held === null && balance !== null) field.dataset.typed = field.value;
  if (balance === null) field.value = field.dataset.typed ?? "";
  else field.value = balance === "" ? "" : amountToType(balance, currency());
  field.readOnly = balance !== null;
  show(byId("balance-whose"), balance !== null);
  held = balance;
  update();
}

/** Puts a state on the page: an example's or a link's. Fields it does not name become as they are by default. */
function choose(next) {
  if (next.region) listRegions();
  for (const field of ["sender", "encoding", "smart", "region"]) {
    const select = byId(field);
    const value = next[field] ?? { sender: "standard", encoding: "auto", smart: "", region: "US" }[field];
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  }
  linked = next.channel ?? "api";
  const wanted = document.querySelector(`input[name=channel][value="${CSS.escape(linked)}"]`);
  if (wanted) wanted.checked = true;
  if (held === null) byId("balance").value = next.balance ? amountToType(next.balance, currency()) : "";
  if (next.minutes) byId("minutes").value = amountToType(next.minutes, currency(), { decimals: 0 });
  byId("line").value = ["landline", "mobile"].includes(next.line_type) ? next.line_type : "";
  if (next.text !== undefined) text.value = next.text;
  document.querySelector(".more").open ||= ["sender", "encoding", "smart", "region"].some((field) => next[field] !== undefined);
  recipients.value = next.to ?? [];
}

/** The regions a number may be from; one is there from the start. */
function listRegions() {
  const select = byId("region");
  if (select.options.length > 1) return;
  const chosen = select.value;
  select.replaceChildren(...allPlaces().map(({ code, name }) => h("option", { value: code, selected: code === chosen }, name)));
}

function furnish() {
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
    if (shared && history.state !== APPLIED) follow(shared);
  });
  document.addEventListener("visibilitychange", renewRates);
  setInterval(renewRates, RATES_OLD_MILLISECONDS);
  followReadout();
}

/** Puts a link's settings on the page, once: who comes back to it by the history keeps what was written since. */
function follow(shared) {
  history.replaceState(APPLIED, "");
  choose(shared);
}

/** The dock is there while the readout is below the edge. All above the screen counts as on it: a jump past the readout is told too. */
function followReadout() {
  const watch = new IntersectionObserver((seen) => show(byId("dock"), !seen.at(-1).isIntersecting), { rootMargin: "9999999px 0px 0px" });
  watch.observe(byId("readout-title"));
}

async function share() {
  const { balance, minutes, line_type, ...others } = state();
  // As read: what is typed may be another amount in another language.
  const rest = { ...others, balance: numberOf(balance) };
  const chosen = known?.unit === "minute" ? { ...rest, minutes: numberOf(minutes), line_type } : rest;
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
  const chosen = [channel(), "api", ...Object.keys(card.channels)].find((id) => Object.hasOwn(card.channels, id));
  byId("channels").replaceChildren(
    ...Object.entries(card.channels).map(([id, { name }]) => h("label", {}, h("input", { type: "radio", name: "channel", value: id, checked: id === chosen }), h("span", {}, name ?? id))),
  );
  byId("foot-card").textContent = `Rate card ${card.id}.`;
}

/** Asks for rates.json, wherever the page lies: what it says, and what it came with. */
async function askRates() {
  const response = await fetch(new URL("rates.json", document.baseURI), { cache: "no-cache" });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const found = await response.json();
  asked = Date.now();
  return { found, response };
}

/** Reads the rates, or takes an answer that is there, then the meter. Each can fail on its own, and says so. */
async function readRates(answer = askRates()) {
  let read = null;
  trouble = null;
  try {
    const { found, response } = await answer;
    read = found;
    meter = await loadMeter({ card: read });
    watching.use(meter);
    useCard(read);
    return serviceBehind(response);
  } catch (error) {
    trouble = troubleOf(error, read);
    if (trouble.code === "no-webassembly") useCard(read); // its rates can still be read
    return null;
  } finally {
    drawTrouble(trouble);
  }
}

/** After somebody asked for it, or newer rates were found. */
async function useRates(answer) {
  await readRates(answer);
  update();
  await openRest();
}

/** In a tab that stays open for days the rates get old. Where they cannot be had they stay what they are. */
async function renewRates() {
  if (document.visibilityState !== "visible" || Date.now() - asked < RATES_OLD_MILLISECONDS || byId("confirm").open) return;
  const newer = await askRates().catch(() => null);
  if (newer !== null && JSON.stringify(newer.found) !== JSON.stringify(card)) await useRates(newer);
}

async function start() {
  furnish();
  update();
  // Before the rates are there: what is written meanwhile stays, and so does what was written before the page began.
  const shared = fromHash(location.hash);
  if (shared) follow({ ...shared, text: text.value || shared.text });
  const service = await readRates();
  update();
  // What one came for first; the rest after it, in pieces that hold up nobody who is typing by now.
  await pause();
  if (service !== null) await apart("sends", openAccount(service));
  listRegions();
  await openRest();
  document.documentElement.dataset.ready = trouble?.code ?? "yes";
  await workOffline();
}

/** What a rate card fills besides the composer. */
async function openRest() {
  if (card === null) return;
  await guide.open(card);
  if (known !== null && meter !== null) guide.follow(known);
  await apart("shows the element", openEmbed(meter));
  await apart("prices whole lists", openList());
}

/** What cannot be loaded is missing, and takes nothing else with it. */
function apart(what, opening) {
  return opening.catch((error) => {
    console.error(error);
    if (trouble === null) drawTrouble({ code: "part-missing", title: `The part that ${what} could not be loaded.`, message: "The rest works as ever. Load the page again to have it." });
  });
}

/** The part for whole lists comes after the page is there, its styles too. */
async function openList() {
  if (!show(byId("list"), meter !== null) || list !== null) return;
  const [{ List }] = await Promise.all([import("./list/list.js"), ...["list/list.css", "list/pictures.css"].map(withStyle)]);
  list = new List({
    balance: (amount) => {
      if (held !== null || byId("balance").value !== "") return;
      byId("balance").value = amountToType(amount, currency());
      update();
    },
  });
  if (known !== null) list.follow(known);
}

/** The part that a server brings: its code is fetched only there. */
async function openAccount(service) {
  const { Account } = await import("./account/account.js");
  byId("promise").textContent = "Nothing leaves this page until you send it.";
  byId("privacy").textContent = "Nothing you type leaves this page until you send it, and then it goes to this server only. Nobody counts visits.";
  account = new Account(service, { hold, act, reread: () => useRates() });
  update();
}

/** A style sheet that the page does not begin with. */
function withStyle(href) {
  return new Promise((resolve) => document.head.append(h("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve })));
}

function troubleOf(error, read) {
  if (read === null) return { code: "no-card", title: "The rate card could not be read.", message: `rates.json: ${error.message}. Nothing can be priced without it.` };
  if (error.code === "no-webassembly") return { code: error.code, title: "Nothing can be priced in this browser.", message: error.message };
  const where = error.at ? `${error.at}: ` : "";
  return { code: error.code ?? "unexpected", title: "The rate card is broken, so none of it is used.", message: `rates.json, ${where}${error.message}` };
}

await start();
