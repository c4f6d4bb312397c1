// The headless meter in Lexical: numbers and a button of one's own.
import { createEmptyHistoryState, registerHistory } from "@lexical/history";
import { registerPlainText } from "@lexical/plain-text";
import { $createRangeSelection, $getRoot, $isElementNode, $isTextNode, $setSelection, HISTORY_PUSH_TAG, createEditor } from "lexical";
import { createMeter } from "textmeter";
import { watchText } from "textmeter/headless";
import rates from "textmeter/rates.json";
import { paint } from "../highlight.js";

const root = document.querySelector("#editor");
const editor = createEditor({ namespace: "textmeter", onError: (error) => reportError(error) });
editor.setRootElement(root);
registerPlainText(editor);
registerHistory(editor, createEmptyHistoryState(), 300);

const watch = watchText({ meter: createMeter(rates), to: "GB", balance: "5.00", smart: false });
editor.registerUpdateListener(({ editorState }) => {
  watch.update({ text: editorState.read(() => $getRoot().getTextContent()) });
  show();
});

function show() {
  const { quote, findings } = watch;
  document.querySelector("#cost").textContent = `$${quote.total} · ${quote.segments} × ${quote.encoding}`;
  document.querySelector("#fix").hidden = !findings.some(({ replacement }) => replacement !== null);
  paint(root, watch.marks);
}

document.querySelector("#fix").addEventListener("click", () => watch.fixAll());
watch.addEventListener("text-meter-edit", (event) => {
  event.preventDefault();
  const lastFirst = event.detail.edits.toReversed();
  editor.update(
    () => {
      for (const { start, end, insert } of lastFirst) selected(start, end).insertText(insert);
    },
    { tag: HISTORY_PUSH_TAG }, // one step of the history
  );
});

/** A selection over some UTF-16 offsets of the whole text; to be called inside an update. */
function selected(start, end) {
  const selection = $createRangeSelection();
  selection.anchor.set(...pointAt(start));
  selection.focus.set(...pointAt(end));
  $setSelection(selection);
  return selection;
}

function pointAt(offset) {
  let before = 0;
  let last = [$getRoot().getFirstChild().getKey(), 0, "element"];
  for (const leaf of leaves($getRoot())) {
    const size = leaf.getTextContentSize();
    if ($isTextNode(leaf)) {
      last = [leaf.getKey(), Math.min(offset - before, size), "text"];
      if (offset <= before + size) return last;
    }
    before += size;
  }
  return last;
}

const leaves = (node) => ($isElementNode(node) ? node.getChildren().flatMap(leaves) : [node]);
