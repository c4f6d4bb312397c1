// The element beside ProseMirror: marks are decorations, a fix is one transaction.
import { baseKeymap } from "prosemirror-commands";
import { closeHistory, history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { Schema } from "prosemirror-model";
import { EditorState, Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import rates from "textmeter/rates.json";
import "textmeter/element/define";

const schema = new Schema({
  nodes: {
    doc: { content: "paragraph+" },
    paragraph: { content: "text*", toDOM: () => ["p", 0], parseDOM: [{ tag: "p" }] },
    text: {},
  },
});

const meter = document.querySelector("text-meter");
meter.card = rates;

const textOf = (doc) => doc.textBetween(0, doc.content.size, "\n");

/** Where a UTF-16 offset of the text lies in the document: a new paragraph is one line break, and two places. */
function positionAt(doc, offset) {
  let left = offset;
  let position = 1;
  doc.forEach((paragraph, start) => {
    if (left < 0) return;
    position = start + 1 + Math.min(left, paragraph.content.size);
    left -= paragraph.content.size + 1;
  });
  return position;
}

const key = new PluginKey("textmeter");
const marks = new Plugin({
  key,
  state: {
    init: () => DecorationSet.empty,
    apply: (transaction, old) => transaction.getMeta(key) ?? old.map(transaction.mapping, transaction.doc),
  },
  props: { decorations: (state) => key.getState(state) },
});

const view = new EditorView(document.querySelector("#editor"), {
  state: EditorState.create({ schema, plugins: [history(), keymap({ "Mod-z": undo, "Mod-Shift-z": redo }), keymap(baseKeymap), marks] }),
  attributes: { class: "editor", role: "textbox", "aria-multiline": "true", "aria-label": "Message" },
  dispatchTransaction(transaction) {
    view.updateState(view.state.apply(transaction));
    if (transaction.docChanged) meter.text = textOf(view.state.doc);
  },
});

meter.addEventListener("text-meter-change", () => {
  const { doc, tr } = view.state;
  const drawn = meter.marks.filter(({ kind }) => kind === "costly").map(({ start, end }) => Decoration.inline(positionAt(doc, start), positionAt(doc, end), { class: "costly" }));
  view.dispatch(tr.setMeta(key, DecorationSet.create(doc, drawn)).setMeta("addToHistory", false));
});

meter.addEventListener("text-meter-edit", (event) => {
  event.preventDefault();
  const { doc, tr } = view.state;
  for (const { start, end, insert } of event.detail.edits.toReversed()) {
    const [from, to] = [positionAt(doc, start), positionAt(doc, end)];
    if (insert === "") tr.delete(from, to);
    else tr.insertText(insert, from, to);
  }
  view.dispatch(closeHistory(tr)); // a step of its own, however soon after typing
  view.focus();
});
