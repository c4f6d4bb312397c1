// Changing the customer's text: only when asked, and in one step that one undo takes back.

/** The smallest replacement that turns one text into another: `{start, end, insert}` in UTF-16 offsets. */
export function smallestEdit(before, after) {
  const room = Math.min(before.length, after.length);
  let start = 0;
  while (start < room && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < room - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { start, end: before.length - tail, insert: after.slice(start, after.length - tail) };
}

/** A text with edits made: `[{start, end, insert}]`, offsets in the text as it is, in any order, none across another. */
export function withEdits(text, edits) {
  let edited = "";
  let from = 0;
  for (const { start, end, insert } of [...edits].sort((a, b) => a.start - b.start)) {
    edited += text.slice(from, start) + insert;
    from = end;
  }
  return edited + text.slice(from);
}

/** The text with every range of a piece of advice replaced. */
export const withFix = (text, { ranges, replacement }) => withEdits(text, ranges.map(([start, end]) => ({ start, end, insert: replacement })));

/**
 * How to come from one text to another: the wished edits where they lead there, so that an editor keeps the formatting
 * between them; otherwise one. `after` may be null: what the edits make.
 */
export function editsBetween(before, after, wished) {
  const edits = [...wished].sort((a, b) => a.start - b.start);
  const text = after ?? withEdits(before, edits);
  const apart = edits.every(({ start }, at) => at === 0 || edits[at - 1].end <= start);
  return { text, edits: apart && withEdits(before, edits) === text ? edits : [smallestEdit(before, text)] };
}

/** The longest text a program may write into a field for its reader; -1 where that is none. */
export const longest = ({ readOnly, disabled, maxLength }) => (readOnly || disabled ? -1 : maxLength < 0 ? Infinity : maxLength);

/**
 * Makes the field hold `after` as one step of its own undo history; `setRangeText` and `value` would break that. False
 * where nothing is changed, because the field may not hold it: the browser would write a part and cut off the rest.
 */
export function rewrite(field, after) {
  if (after.length > longest(field)) return false;
  const { start, end, insert } = smallestEdit(field.value, after);
  if (start === end && insert === "") return true;
  field.focus();
  field.setSelectionRange(start, end);
  const done = insert === "" ? field.ownerDocument.execCommand("delete") : field.ownerDocument.execCommand("insertText", false, insert);
  if (!done) {
    field.setRangeText(insert, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return true;
}

let graphemes;

/** Where a reader's characters begin, the end of the text included; cuts belong here. */
export function boundaries(text) {
  // Made when it is first needed: it takes as long as all else that is done before a page is seen.
  if (typeof Intl.Segmenter === "function") graphemes ??= new Intl.Segmenter("und", { granularity: "grapheme" });
  if (graphemes) return [...Array.from(graphemes.segment(text), (piece) => piece.index), text.length];
  const starts = [0];
  for (const point of text) starts.push(starts.at(-1) + point.length);
  return starts;
}
