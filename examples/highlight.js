// Marks in any editor whose text is text nodes and line breaks: UTF-16 offsets become ranges of one highlight.

/** Where an offset lies: a text node and a place in it. A `<br>` counts as one line break. */
export function pointAt(root, offset) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let before = 0;
  let last = [root, 0];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeName === "BR") before += 1;
    if (node.nodeType !== Node.TEXT_NODE) continue;
    last = [node, Math.min(offset - before, node.length)];
    if (offset <= before + node.length) return last;
    before += node.length;
  }
  return last;
}

export function rangeOf(root, start, end) {
  const range = new Range();
  range.setStart(...pointAt(root, start));
  range.setEnd(...pointAt(root, end));
  return range;
}

/** Paints the marks of characters that cost more. */
export function paint(root, marks) {
  const ranges = marks.filter(({ kind }) => kind === "costly").map(({ start, end }) => rangeOf(root, start, end));
  CSS.highlights.set("costly", new Highlight(...ranges));
}
