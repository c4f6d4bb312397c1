// What the readout has to say beyond figures: over balance and the ways out, what blocks, the cheapest change.
import { byId, h, icon } from "./dom.js";
import { glyph } from "./findings.js";
import { scriptOf, slipsOf } from "./scripts.js";
import { FORCES_UNICODE, SAFE_FIXES, allFixed, unaccented, waysOut } from "./ways-out.js";
import { billed, count, plural } from "./words.js";

/** Warnings the page says in its own place and words. */
const SAID_ELSEWHERE = new Set(["blank-text", "boundary-uncertain", "mobile-or-landline"]);

/** Nobody cuts more than this from the end of a message to save a segment. */
const SHORTER_BY_MOST = 12;

/** Draws the notices; `act` holds what the buttons do (`rewrite`, `select`, `keepOnly`, `plainEncoding`). */
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
  byId("notices").replaceChildren(...notices);
}

function alert(tone, sign, text, actions = []) {
  const body = h("div", { class: "alert-body" }, h("p", {}, ...text), actions.length > 0 ? h("div", { class: "actions" }, ...actions) : null);
  return h("div", { class: "alert", "data-tone": tone }, icon(sign), body);
}

const button = (label, onclick) => h("button", { type: "button", class: "button small", onclick }, label);

function overBalance(view, act) {
  const { answer, request, money, ask, kept } = view;
  const words = [
    h("strong", {}, `Costs ${money(answer.total)}, you have ${money(request.balance)}: ${money(answer.cover.shortfall)} short.`),
    ` It would be refused and nothing ${answer.unit === "minute" ? "connected" : "sent"}.`,
  ];
  const ways = waysOut(ask, request, answer, kept).map((way) => {
    const then = ` costs ${money(way.answer.total)}`;
    switch (way.kind) {
      case "fix":
        return h("li", {}, button("Fix all", () => act.rewrite(way.text)), then);
      case "unaccent":
        return h("li", {}, button("Write without accents", () => act.rewrite(way.text)), then);
      case "shorten":
        return h("li", {}, button(`Show ${plural(way.less, "character")} to cut`, () => act.select(way.text.length, request.text.length)), then);
      default:
        return h("li", {}, button(`Send to ${count(way.to.length)} of ${count(way.of)}`, () => act.keepOnly(way.to)), then);
    }
  });
  ways.push(h("li", {}, `Add at least ${money(answer.cover.shortfall)} to the balance.`));
  return h(
    "div",
    { class: "alert", "data-tone": "danger" },
    icon("stop"),
    h("div", { class: "alert-body" }, h("p", {}, ...words), h("p", { class: "ways-title" }, ways.length > 1 ? "Ways out" : "The way out"), h("ul", { class: "ways" }, ...ways)),
  );
}

/** The cheapest change, only where it saves: rewriting without losing anything first, shortening after. */
function cheapest(view, act) {
  const { answer, request, money, ask, kept } = view;
  if (answer.unit !== "segment") return null;
  const fixes = answer.advice.filter((item) => SAFE_FIXES.has(item.kind) && item.replacement !== null && !kept.has(item.found));
  const fixed = allFixed(request.text, answer.advice, kept);
  if (fixed !== null) {
    const then = ask({ ...request, text: fixed });
    if (then !== null && then.segments < answer.segments) {
      const whole = kept.size === 0 ? answer.advice.find((item) => item.kind === "all") ?? (fixes.length === 1 ? fixes[0] : undefined) : undefined;
      const number = fixes.reduce((sum, item) => sum + item.count, 0);
      const worth = whole?.saving ? `saves ${money(whole.saving)}` : insteadOf(then, view);
      const text = [h("strong", {}, `Replace ${plural(number, "character")}:`), ` ${[billed(then), worth].filter(Boolean).join(", ")}`];
      const notice = alert("good", "spark", text, [button(number > 1 ? "Fix all" : "Fix", () => act.rewrite(fixed))]);
      return { kind: "fix", notice };
    }
  }
  const shorter = answer.advice.find((item) => item.kind === "shorten" && item.count <= SHORTER_BY_MOST);
  if (shorter) {
    const worth = shorter.saving ? `saves ${money(shorter.saving)}` : plural(shorter.segments, "message");
    const text = [h("strong", {}, `${plural(shorter.count, "character")} shorter`), ` ${worth}`];
    return { kind: "shorten", notice: alert("good", "spark", text, [button("Show which", () => act.select(shorter.start, shorter.end))]) };
  }
  const plain = unaccented(request.text, answer.advice, kept);
  const then = plain === null ? null : ask({ ...request, text: plain });
  if (then === null || then.segments >= answer.segments) return null;
  const text = [h("strong", {}, "Without accents:"), ` ${[billed(then), insteadOf(then, view)].filter(Boolean).join(", ")}. Changes the spelling.`];
  return { kind: "unaccent", notice: alert("good", "spark", text, [button("Rewrite", () => act.rewrite(plain))]) };
}

const insteadOf = (then, { answer, money }) => (then.total !== null && answer.total !== null ? `${money(then.total)} instead of ${money(answer.total)}` : "");

/** Names the characters because of which fewer fit in a message, where no fix is offered for all of them. */
function widened({ answer, request, kept }) {
  const script = scriptOf(answer.advice);
  const forcing = slipsOf(answer.advice).filter((item) => FORCES_UNICODE.has(item.kind) && !kept.has(item.found));
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

