// What the readout has to say beyond figures: over balance and the ways out, what blocks, the cheapest change.
import { byId, h, icon } from "./dom.js";
import { glyph } from "./findings.js";
import { scriptOf } from "./textmeter/composer/scripts.js";
import { cheapestChange } from "./textmeter/composer/cheapest.js";
import { FORCES_UNICODE, waysOut } from "./textmeter/composer/ways-out.js";
import { billed, count, plural } from "./textmeter/composer/words.js";

/** Warnings the page says in its own place and words. */
const SAID_ELSEWHERE = new Set(["blank-text", "boundary-uncertain", "mobile-or-landline"]);

/** Draws the notices; `act` holds what the buttons do (`fixAll`, `unaccent`, `select`, `keepOnly`, `automatic`). */
export function drawNotices(view, act) {
  const { answer, error } = view;
  const notices = [];
  if (error?.code === "not-gsm-7") notices.push(alert("danger", "stop", [error.message], [button("Use automatic encoding", act.automatic)]));
  if (answer !== null && !error) {
    const short = answer.cover?.kind === "short" ? overBalance(view, act) : null;
    if (short) notices.push(short);
    for (const warning of answer.warnings) {
      if (!SAID_ELSEWHERE.has(warning.code)) notices.push(alert(warning.blocks ? "danger" : "info", "stop", [warning.message]));
    }
    if (answer.segments_min < answer.segments && answer.unit === "segment") {
      notices.push(alert("info", "stop", [`No publication says how the network cuts this text: it may be ${billed(answer)}. The price shown is for ${count(answer.segments)}.`]));
    }
    const saving = short ? null : cheapest(view, act);
    if (saving?.kind !== "fix") notices.push(...widened(view));
    if (saving) notices.push(saving.notice);
  }
  put(byId("notices"), notices);
}

/** Where the same stands there already it stays, and its buttons do what the new ones would: one may have the focus, or be pressed. */
function put(box, notices) {
  const [old, fresh] = [[...box.querySelectorAll("button")], notices.flatMap((notice) => [...notice.querySelectorAll("button")])];
  if (notices.length === box.children.length && notices.every((notice, at) => notice.isEqualNode(box.children[at]))) {
    for (const [at, { onclick }] of fresh.entries()) old[at].onclick = onclick;
    return;
  }
  const focused = old.find((one) => one === document.activeElement)?.textContent;
  box.replaceChildren(...notices);
  fresh.find(({ textContent }) => textContent === focused)?.focus({ preventScroll: true });
}

function alert(tone, sign, text, actions = []) {
  const body = h("div", { class: "alert-body" }, h("p", {}, ...text), actions.length > 0 ? h("div", { class: "actions" }, ...actions) : null);
  return h("div", { class: "alert", "data-tone": tone }, icon(sign), body);
}

const button = (label, onclick) => Object.assign(h("button", { type: "button", class: "button small" }, label), { onclick });

function overBalance(view, act) {
  const { answer, request, money } = view;
  const words = [
    h("strong", {}, `Costs ${money(answer.total)}, you have ${money(request.balance)}: ${money(answer.cover.shortfall)} short.`),
    ` It would be refused and nothing ${answer.unit === "minute" ? "connected" : "sent"}.`,
  ];
  const ways = waysOutOf(view, act, answer.cover.shortfall);
  return h(
    "div",
    { class: "alert", "data-tone": "danger" },
    icon("stop"),
    h("div", { class: "alert-body" }, h("p", {}, ...words), h("p", { class: "ways-title" }, ways.children.length > 1 ? "Ways out" : "The way out"), ways),
  );
}

/** The list of what somebody can do who is short of credits; adding what is missing is always one. */
export function waysOutOf({ answer, request, money, ask, kept }, act, shortfall) {
  const ways = waysOut(ask, request, answer, kept).map((way) => {
    const then = ` costs ${money(way.answer.total)}`;
    switch (way.kind) {
      case "fix":
        return h("li", {}, button("Fix all", act.fixAll), then);
      case "unaccent":
        return h("li", {}, button("Write without accents", act.unaccent), then);
      case "shorten":
        return h("li", {}, button(`Show ${plural(way.less, "character")} to cut`, () => act.select(way.text.length, request.text.length)), then);
      default:
        return h("li", {}, button(`Send to ${count(way.to.length)} of ${count(way.of)}`, () => act.keepOnly(way.to)), then);
    }
  });
  ways.push(h("li", {}, `Add at least ${money(shortfall)} to the balance.`));
  return h("ul", { class: "ways" }, ...ways);
}

/** The cheapest change, only where it saves, as a notice with its button. */
function cheapest(view, act) {
  const change = cheapestChange(view);
  if (change === null) return null;
  const { kind, count: number, saving } = change;
  const saves = saving === null ? null : `saves ${view.money(saving)}`;
  switch (kind) {
    case "fix": {
      const text = [h("strong", {}, `Replace ${plural(number, "character")}:`), ` ${[billed(change.then), saves ?? insteadOf(change.then, view)].filter(Boolean).join(", ")}`];
      return { kind, notice: alert("good", "spark", text, [button(number > 1 ? "Fix all" : "Fix", act.fixAll)]) };
    }
    case "shorten": {
      const text = [h("strong", {}, `${plural(number, "character")} shorter`), ` ${saves ?? plural(change.segments, "message")}`];
      return { kind, notice: alert("good", "spark", text, [button("Show which", () => act.select(change.start, change.end))]) };
    }
    default: {
      const text = [h("strong", {}, "Without accents:"), ` ${[billed(change.then), insteadOf(change.then, view)].filter(Boolean).join(", ")}. Changes the spelling.`];
      return { kind, notice: alert("good", "spark", text, [button("Rewrite", act.unaccent)]) };
    }
  }
}

const insteadOf = (then, { answer, money }) => (then.total !== null && answer.total !== null ? `${money(then.total)} instead of ${money(answer.total)}` : "");

/** Names the characters because of which fewer fit in a message, where no fix is offered for all of them. */
function widened({ answer, request, findings }) {
  const script = scriptOf(answer.advice);
  const forcing = findings.filter((item) => FORCES_UNICODE.has(item.kind));
  if (answer.encoding !== "UCS-2" || answer.unit !== "segment" || request.encoding === "UCS-2") return [];
  if (script.length > 0) return [h("p", { class: "widened" }, "This alphabet is sent as Unicode: 70 fit in a message, not 160.")];
  if (forcing.length === 0) return [];
  const shown = forcing.slice(0, 3).flatMap((item, at) => [at > 0 ? " " : "", glyph(item.found)]);
  const more = forcing.length > 3 ? ` and ${plural(forcing.length - 3, "other")}` : "";
  const verb = forcing.length > 1 ? "make" : "makes";
  return [h("p", { class: "widened" }, ...shown, `${more} ${verb} this Unicode: 70 fit in a message instead of 160.`)];
}

/** The rate card could not be used, or the meter could not be loaded: said once, at the top, with the place to look. */
export function drawTrouble(trouble) {
  const box = byId("trouble");
  box.hidden = trouble === null;
  if (trouble === null) return;
  const more = trouble.code === "no-webassembly" ? [" The ", h("a", { href: "#guide" }, "rates"), " below can be read all the same."] : [];
  box.replaceChildren(icon("stop"), h("div", { class: "alert-body" }, h("p", {}, h("strong", {}, trouble.title), ` ${trouble.message}`, ...more)));
}

