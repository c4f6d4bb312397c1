// What the element says beyond its line: over balance and the ways out, what blocks, the cheapest change; and, when
// asked for, every character that costs more with its fix. It floats, so that nothing around the composer ever moves.
import { characterName, remark, visible } from "../composer/characters.js";
import { cheapestChange } from "../composer/cheapest.js";
import { h, icon } from "../composer/dom.js";
import { withFix } from "../composer/edit.js";
import { isZero } from "../composer/money.js";
import { billed, count, plural } from "../composer/words.js";
import { warningsOf } from "./sentences.js";

/** The rows to show unasked, as data: equal data is not drawn again, so that a button keeps its focus. */
export function rowsOf(view, state, ways) {
  const { quote, ask, request, kept } = view;
  if (quote === null || ["unavailable", "broken", "waiting", "nowhere", "empty"].includes(state)) return [];
  const rows = [];
  if (view.confirming) rows.push({ kind: "confirm" });
  for (const { code, message, blocks } of warningsOf(view)) rows.push({ kind: "warning", code, message, blocks });
  if (state === "over") {
    rows.push({ kind: "over", total: quote.total, balance: request.balance, shortfall: quote.cover.shortfall, ways: ways.of(view) });
    return rows;
  }
  if (state === "doubtful") rows.push({ kind: "doubtful", balance: request.balance, shortfall: quote.cover.shortfall, old: view.old });
  if (state === "low") rows.push({ kind: "low", left: quote.cover.sends_left });
  if (quote.unit === "segment" && quote.segments_min < quote.segments) rows.push({ kind: "range", segments: quote.segments, billed: billed(quote) });
  const change = cheapestChange({ answer: quote, request, ask, kept });
  if (change !== null) {
    const { kind, saving, then, text, ...rest } = change;
    const total = quote.total !== null && then?.total ? [then.total, quote.total] : null;
    const fits = text === undefined || text.length <= view.longest;
    rows.push({ ...rest, kind, saving, total, fits, becomes: then ? billed(then) : plural(rest.segments, "message") });
  }
  return rows;
}

/** Whether rows stand beside the text as they are, or offer nothing but a word about the balance. */
const QUIET = new Set(["low"]);

/** Whether the panel comes up by itself for these rows; a low balance is said in the line and needs a slot filled to be more. */
export const worthShowing = (rows, hasFunds) => rows.some((row) => !QUIET.has(row.kind) || hasFunds);

/** Draws one row; `act` holds what the buttons do. */
export function drawRow(row, { money, longest, selectable }, act, funds) {
  const button = (label, onclick, look = "") => h("button", { type: "button", part: "fix", class: look, onclick }, label);
  const line = (tone, sign, words, ...buttons) => h("div", { class: `row ${tone}`.trim() }, icon(sign), h("p", { class: "words" }, ...words), ...buttons);
  const b = (text) => h("b", {}, text);
  const saves = () => (row.saving ? `saves ${money(row.saving)}` : row.total ? `${money(row.total[0])} instead of ${money(row.total[1])}` : "");
  switch (row.kind) {
    case "confirm":
      return line("alarm", "stop", [b("Not sent."), h("span", {}, " It would be refused as it is.")], button("Send anyway", act.sendAnyway));
    case "warning":
      return line(row.blocks ? "alarm" : "", "stop", [h("span", {}, row.message)]);
    case "over":
      return overBalance(row, { money, longest, selectable }, act, { button, line }, funds);
    case "doubtful":
      return line("", "stop", [`Your balance was ${money(row.balance)} as of ${row.old}. By that, this would be ${money(row.shortfall)} short; it may have changed.`]);
    case "low":
      return line("", "stop", [b("Low balance: "), row.left === 0 ? "not enough for another like this." : `${count(row.left)} more like this.`], funds);
    case "range":
      return line("", "stop", [`It may be ${row.billed}: nobody publishes how networks cut this text. The price shown is for ${count(row.segments)}.`]);
    case "fix":
      return line("", "spark", [b(`Replace ${plural(row.count, "character")}: `), [row.becomes, saves()].filter(Boolean).join(", ")], row.fits && button(row.count > 1 ? "Fix all" : "Fix", act.fixAll, "main"));
    case "shorten":
      return line("", "spark", [b(`${plural(row.count, "character")} shorter `), saves() || row.becomes], selectable && button("Show which", () => act.select(row.start, row.end)));
    default:
      return line("", "spark", [b("Without accents: "), [row.becomes, saves()].filter(Boolean).join(", "), ". Changes the spelling."], row.fits && button("Rewrite", act.unaccent));
  }
}

function overBalance({ total, balance, shortfall, ways }, { money, longest, selectable }, act, { button, line }, funds) {
  const drawn = ways.map((way) => {
    const then = h("span", { class: "way" }, `costs ${money(way.total)}`);
    switch (way.kind) {
      case "fix":
        return [way.at <= longest ? button("Fix all", act.fixAll, "main") : "Plain characters", then];
      case "unaccent":
        return [way.at <= longest ? button("Write without accents", act.unaccent) : "Without accents", then];
      case "shorten":
        return [selectable ? button(`Show ${plural(way.less, "character")} to cut`, () => act.select(way.at, Infinity)) : `${plural(way.less, "character")} less`, then];
      default:
        return [h("span", { class: "way" }, `Send to ${count(way.to)} of ${count(way.of)}: ${money(way.total)}`)];
    }
  });
  const words = [h("b", {}, `Costs ${money(total)}, you have ${money(balance)}: ${money(shortfall)} short.`), h("span", {}, " It would be refused and nothing sent.")];
  const out = h("div", { class: "ways" }, ...drawn.flat(), h("span", { class: "way" }, `Add at least ${money(shortfall)}`), funds);
  return h("div", {}, line("alarm", "stop", words), h("div", { class: "row" }, out));
}

/** Whether a finding has a fix whose text the field may hold. */
const fixable = (item, { request, longest }) => item.replacement !== null && withFix(request.text, item).length <= longest;

/** What a list of findings is drawn from; equal facts are not drawn again. */
export const factsOf = (view) =>
  view.findings.map((item) => [item.kind, item.found, item.name, item.count, item.saving, item.segments, item.replacement, fixable(item, view)]);

/** Every character that costs more: what it is, what would stand instead, what that alone saves. */
export function drawFindings(view, act) {
  const { findings, quote, money } = view;
  const list = findings.map((item) => {
    const name = characterName(item);
    const saves = item.saving !== null && !isZero(item.saving);
    const facts = [item.code_point, item.count > 1 ? `${count(item.count)} times` : "", remark(item)].filter(Boolean);
    const worth = saves ? h("span", { class: "saves" }, `saves ${money(item.saving)}`) : item.segments !== null && quote.segments > 1 ? "saves with the others" : null;
    return h(
      "li",
      { class: "finding" },
      h("span", { class: "glyphs" }, glyph(item.found), item.replacement === null ? null : [icon("arrow"), glyph(item.replacement)]),
      h("span", { class: "about" }, name, h("small", {}, facts.join(" · "), worth && facts.length > 0 ? " · " : null, worth)),
      h(
        "span",
        { class: "buttons" },
        fixable(item, view) && h("button", { type: "button", part: "fix", "aria-label": `Fix ${name}`, onclick: () => act.fix(item.found) }, "Fix"),
        h("button", { type: "button", class: "plain", "aria-label": `Keep ${name}`, onclick: () => act.keep(item.found) }, "Keep"),
      ),
    );
  });
  return h("ul", { "aria-label": "Characters that cost more" }, ...list);
}

function glyph(found) {
  const { text, unseen } = visible(found);
  return h("span", { class: unseen ? "glyph unseen" : "glyph", dir: "auto" }, text);
}
