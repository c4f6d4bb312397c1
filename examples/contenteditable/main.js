// The element beside an editor of one's own: the host says the text and applies the edits.
import rates from "textmeter/rates.json";
import "textmeter/element/define";
import { paint, rangeOf } from "../highlight.js";

const editor = document.querySelector("#editor");
const meter = document.querySelector("text-meter");
const textOf = () => editor.textContent;

meter.card = rates;
editor.addEventListener("input", () => (meter.text = textOf()));
meter.addEventListener("text-meter-change", () => paint(editor, meter.marks));

meter.addEventListener("text-meter-edit", (event) => {
  event.preventDefault();
  // From the first edit to the last in one insertion, so that one undo takes all of it back.
  const { text, edits } = event.detail;
  const { start } = edits[0];
  const { end } = edits.at(-1);
  editor.focus();
  getSelection().removeAllRanges();
  getSelection().addRange(rangeOf(editor, start, end));
  document.execCommand("insertText", false, text.slice(start, text.length - (textOf().length - end)));
});
