// The desk: what the list is, which column is what, the message to each with its places, and how the first ones go out.
import { byId, h, say, show } from "../dom.js";
import { flag, placeName } from "../places.js";
import { rewrite } from "../textmeter/composer/edit.js";
import { plural, readableNumber } from "../textmeter/composer/words.js";
import { bytesOf, countOf, sentenceOf } from "./words.js";

export const template = () => byId("list-template");

/** What a place is called in a message; null for a name that no place can have. */
const placeOf = (name) => (name === "" || /[{}|\n]/.test(name) ? null : `{{${name}}}`);

/** Puts a column's place where the cursor is, as typing does. */
export function insertPlace(name) {
  const field = template();
  field.focus();
  const written = placeOf(name);
  if (!document.execCommand("insertText", false, written)) field.setRangeText(written, field.selectionStart, field.selectionEnd, "end");
}

/** Puts another message in its place, as one step of the field's undo history. */
export const rewriteTemplate = (text) => rewrite(template(), text);

let shown = 0;

export function drawDesk(seen, act) {
  const { list, look, priced } = seen;
  say(byId("list-name"), list.name);
  const facts = [bytesOf(list.size), priced ? countOf(priced.summary.rows) : "", look ? parted(look.delimiter).toLowerCase() : "", ...(look?.wrapped ?? [])];
  say(byId("list-facts"), facts.filter(Boolean).join(" · "));
  drawColumns(seen, act);
  drawReading(seen);
  drawTrouble(seen, act);
  drawPreview(seen);
  drawSettings(seen);
}

/** What can be between fields: those that are found by themselves, and others that are in use. */
const PARTED = { ",": "Commas", ";": "Semicolons", "\t": "Tabs", "|": "Bars", ":": "Colons", "^": "Carets", "~": "Tildes" };

const parted = (delimiter) => PARTED[delimiter] ?? delimiter;

const ENCODINGS = { "utf-8": "UTF-8", "windows-1252": "Windows-1252" };

let drawnLook = null;

/** The selects and the places; they change only with the list, so that none is redrawn under a finger. */
function drawColumns({ look, choices }, act) {
  const same = JSON.stringify(look) === JSON.stringify(drawnLook);
  drawnLook = look;
  if (look === null || same) return;
  const called = (name, at) => (name === "" ? `Column ${at + 1}, without a name` : name);
  const options = (chosen, first) => [
    ...(first === null ? [] : [h("option", { value: "", selected: !chosen }, first)]),
    ...look.names.map((name, at) => h("option", { value: name, selected: name === chosen }, called(name, at))),
  ];
  byId("list-phone").replaceChildren(...options(look.phone, look.phone === null ? "Choose the column" : null));
  byId("list-opt-out").replaceChildren(...options(look.opt_out, look.opt_out === null ? "No column says so" : null));
  choose("list-header", [["names", "Has the columns’ names"], ["row", "Is a recipient"]], choices.header === false ? "row" : "names");
  choose("list-twice", [["once", "Get one message"], ["each", "Get one for each row"]], choices.keep_duplicates ? "each" : "once");
  const chips = look.names.filter((name) => placeOf(name) !== null).map((name) => h("button", { type: "button", class: "button small", onmousedown: (event) => event.preventDefault(), onclick: () => act.place(name) }, name));
  byId("list-places").replaceChildren(...chips);
}

const found = { delimiter: "", encoding: "" };

/** How the list is read: what was found stays in sight where somebody says otherwise. */
function drawReading({ look, priced, choices }) {
  if (look === null) return;
  if (choices.delimiter === undefined) found.delimiter = parted(look.delimiter).toLowerCase();
  if (choices.list_encoding === undefined) found.encoding = encodingOf(priced);
  offer("list-delimiter", `As found: ${found.delimiter}`, PARTED, choices.delimiter);
  // A mark leaves no choice: what has it is nothing else.
  if (look.wrapped.includes("UTF-16")) offer("list-encoding", "UTF-16, by its mark", {});
  else offer("list-encoding", found.encoding === "" ? "As found" : `As found: ${found.encoding}`, ENCODINGS, choices.list_encoding);
}

/** Told by all rows: the first accent may stand in the last of them. */
function encodingOf(priced) {
  if (priced === null) return "";
  return priced.summary.assumed_windows_1252.rows > 0 ? ENCODINGS["windows-1252"] : ENCODINGS["utf-8"];
}

/** A choice with what is found first; none is redrawn under a finger for what it says already. */
function offer(id, first, others, chosen = "") {
  const words = [["", first], ...Object.entries(others)];
  const options = [...byId(id).options];
  if (options.length === words.length && options.every(({ text }, at) => text === words[at][1]) && byId(id).value === chosen) return;
  choose(id, words, chosen);
}

function choose(id, words, chosen) {
  byId(id).replaceChildren(...words.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
}

/** An error stands where it can be put right: at the message, at the columns, or (by the answer) at the whole. */
function drawTrouble({ error }, act) {
  const place = /^template\[(\d+)\.\.(\d+)\]$/.exec(error?.at ?? "");
  const inTemplate = error !== null && error.at.startsWith("template");
  const inColumns = error !== null && (["phone_column", "opt_out_column"].includes(error.at) || error.code === "missing-header");
  const select = place && h("button", { type: "button", class: "button small", onclick: () => mark(Number(place[1]), Number(place[2])) }, "Show it");
  note("list-template-note", inTemplate ? [sentenceOf(error.message), " ", select] : []);
  template().setAttribute("aria-invalid", String(inTemplate));
  const first = error?.code === "missing-header" && h("button", { type: "button", class: "button small", onclick: act.rowsAreNames }, "The first row is a recipient");
  note("list-columns-note", inColumns ? [sentenceOf(error.message), " ", first] : []);
  byId("list-phone").setAttribute("aria-invalid", String(error?.at === "phone_column"));
}

function note(id, pieces) {
  const line = byId(id);
  const kept = pieces.filter(Boolean);
  if (line.textContent !== kept.map((piece) => piece.textContent ?? piece).join("")) line.replaceChildren(...kept);
  show(line, kept.length > 0);
}

function mark(start, end) {
  template().focus();
  template().setSelectionRange(start, end);
}

/** One of the first rows as its phone will show it. */
function drawPreview({ priced, view, old }) {
  const previews = priced?.previews ?? [];
  if (!show(byId("list-preview"), previews.length > 0)) return;
  shown = Math.min(shown, previews.length - 1);
  const { to, territory, line, text, status, message, segments, encoding, price } = previews[shown];
  say(byId("list-preview-title"), `As it goes out: ${shown + 1} of the first ${previews.length}`);
  say(byId("list-bubble"), text === "" ? "\u00a0" : text);
  byId("list-preview").toggleAttribute("data-old", old);
  const cost = status === "priced" ? [plural(segments, "message"), encoding, view.money(price)].join(" · ") : message;
  byId("list-bubble-facts").replaceChildren(...(territory ? [flag(territory), h("span", { class: "quiet" }, placeName(territory))] : []), `${readableNumber(to) || "No number"}, line ${line} · ${cost}`);
  const step = (by) => () => {
    shown = (shown + by + previews.length) % previews.length;
    drawPreview({ priced, view, old });
  };
  byId("list-before").onclick = step(-1);
  byId("list-after").onclick = step(1);
}

/** What is taken from the composer, and where to change it. */
function drawSettings({ view }) {
  const { state, request, money, card } = view;
  const balance = request?.balance === undefined ? "no balance given" : `a balance of ${money(request.balance)}`;
  const by = `sent by ${card.channels[state.channel]?.name ?? state.channel}`;
  const from = `numbers without + are from ${placeName(state.region)}`;
  const line = byId("list-settings");
  const words = `With ${[balance, by, from].join(", ")}. `;
  if (line.firstChild?.data !== words) line.replaceChildren(words, h("a", { href: "#balance" }, "Change it in the composer"));
}
