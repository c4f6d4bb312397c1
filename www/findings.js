// The characters that cost more, each with what would stand instead and what that alone saves; and, calmly, what smart
// encoding will do anyway.
import { byId, h, icon, say, show } from "./dom.js";
import { characterName, remark, visible } from "./textmeter/composer/characters.js";
import { isZero } from "./textmeter/composer/money.js";
import { count, plural } from "./textmeter/composer/words.js";

let drawn = "";

/** Draws the list; `act.fix(found)` rewrites a character, `act.keep(found)` leaves it alone from now on. */
export function drawFindings(view, act) {
  const { answer, findings: found } = view;
  if (!show(byId("findings"), found.length > 0)) return;
  const forced = found.some((item) => item.kind !== "trailing-blanks" && item.kind !== "line-break");
  // One message is the least there is: nothing costs more yet, but less room is left.
  const costs = answer.segments > 1;
  say(byId("findings-title"), costs ? "What makes it cost more" : "What takes up room");
  const lead =
    answer.encoding === "UCS-2" && forced
      ? `One character outside the plain alphabet turns the whole message into Unicode: 70 fit in a message instead of 160.${costs ? "" : " It still fits in one."}`
      : "These can be written more cheaply without changing what the message says.";
  say(byId("findings-lead"), lead);
  const language = answer.advice.find((item) => item.kind === "national-table");
  if (show(byId("findings-language"), language !== undefined)) {
    byId("findings-language").textContent = `With the ${language.name} alphabet of GSM-7 this would be ${plural(language.segments, "message")}, where a carrier offers it; the price here does not count on that.`;
  }
  const rows = JSON.stringify([costs, found.map(({ kind, found: what, count: times, saving, segments }) => [kind, what, times, saving, segments])]);
  if (rows === drawn) return; // only their places changed
  drawn = rows;
  byId("findings-list").replaceChildren(...found.map((item) => finding(item, view, act)));
}

function finding(item, { answer, money }, act) {
  const name = characterName(item);
  const facts = [item.code_point, item.count > 1 ? `${count(item.count)} times` : null].filter(Boolean).join(" · ");
  const saves = item.saving !== null && !isZero(item.saving);
  const worth = saves ? `saves ${money(item.saving)}` : item.segments === null || answer.segments === 1 ? "" : "saves with the others";
  return h(
    "li",
    { class: "finding" },
    h("span", { class: "glyphs" }, glyph(item.found), item.replacement === null ? null : [icon("arrow"), glyph(item.replacement)]),
    h("span", { class: "finding-text" }, h("span", { class: "finding-name" }, name), h("span", { class: "finding-facts" }, [facts, remark(item)].filter(Boolean).join(" · "))),
    h("span", { class: "finding-worth", "data-saves": saves }, worth),
    h(
      "span",
      { class: "finding-actions" },
      item.replacement === null ? null : h("button", { type: "button", class: "button small", onclick: () => act.fix(item.found), "aria-label": `Fix ${name}` }, "Fix"),
      h("button", { type: "button", class: "button small bare", onclick: () => act.keep(item.found), "aria-label": `Keep ${name}` }, "Keep"),
    ),
  );
}

/** A character as it is, or a chip with its code where there is nothing to see. */
export function glyph(found) {
  const { text, unseen } = visible(found);
  return unseen ? h("span", { class: "glyph chip-glyph" }, text) : h("span", { class: "glyph", dir: "auto" }, text);
}

/** Draws what smart encoding changes before the message is counted. */
export function drawSmart({ answer, error, request }) {
  const changes = answer === null || error ? [] : answer.changes;
  if (!show(byId("smart-note"), changes.length > 0)) return;
  byId("smart-lead").textContent = `${plural(changes.length, "character")} will be sent in a plainer form. Nothing to do: the cost above counts the text as it is sent.`;
  byId("smart-text").replaceChildren(...changedText(request.text, changes));
  const kinds = new Map();
  for (const { found, replacement } of changes) {
    const key = JSON.stringify([found, replacement]);
    const kind = kinds.get(key) ?? { found, replacement, times: 0 };
    kind.times += 1;
    kinds.set(key, kind);
  }
  const swap = ({ found, replacement, times }) => h("li", { class: "swap" }, glyph(found), icon("arrow"), glyph(replacement), times > 1 ? h("span", { class: "times" }, `× ${count(times)}`) : null);
  byId("smart-list").replaceChildren(...[...kinds.values()].map(swap));
}

/** So much of an unchanged stretch is shown on each side of a change. */
const CONTEXT = 28;
const SHOWN_MOST = 60;

/** The text with every change in place: what was typed, struck out, and what is sent instead. */
function changedText(text, changes) {
  const pieces = [];
  let from = 0;
  const plain = (to, last) => {
    const stretch = [...text.slice(from, to)];
    const head = from === 0 ? [] : stretch.slice(0, CONTEXT);
    const tail = last ? [] : stretch.slice(-CONTEXT);
    pieces.push(stretch.length > head.length + tail.length + 3 ? `${head.join("")}…${tail.join("")}` : stretch.join(""));
  };
  for (const { start, end, found, replacement } of changes.slice(0, SHOWN_MOST)) {
    plain(start, false);
    pieces.push(mark("del", found), mark("ins", replacement));
    from = end;
  }
  plain(changes.length > SHOWN_MOST ? from : text.length, true);
  return pieces;
}

/** What was struck out or put in: a character, or the name of one nobody sees. */
function mark(tag, text) {
  const { text: label, unseen } = visible(text);
  return h(tag, unseen ? { class: "unseen" } : {}, label);
}
