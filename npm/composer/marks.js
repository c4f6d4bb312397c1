// Marks in the customer's own text area: a mirror of it with one unbroken text node, and highlight ranges on that. Where
// a browser has no custom highlights the same ranges become elements, each a `<mark>` of the name's class.

/** What is marked, and the name of its highlight; the registry of names is the whole document's. */
const NAMES = { costly: "costly", swapped: "swapped" };

/** Keeps a mirror equal to a field and paints ranges on it: `{costly: [[start, end], …], swapped: […]}`. */
export class Marks {
  #mirror;
  #names;
  #node = document.createTextNode("");
  #able = typeof Highlight === "function" && CSS.highlights !== undefined;
  #painted = [];
  /** Ranges that paint nothing now. A browser keeps every range up to date until it is collected: they are used again. */
  #spare = [];

  constructor(mirror, names = NAMES) {
    this.#mirror = mirror;
    this.#names = names;
    mirror.append(this.#node);
  }

  draw(text, ranges) {
    // A last line break has no height of its own without something behind it.
    const shown = `${text}\u200b`;
    if (!this.#able) {
      this.#mirror.replaceChildren(...pieces(shown, ranges));
      return;
    }
    if (this.#node.data !== shown) this.#node.data = shown;
    this.clear();
    for (const [kind, name] of Object.entries(this.#names)) {
      for (const [start, end] of ranges[kind]) this.#paint(name, Math.min(start, text.length), Math.min(end, text.length));
    }
  }

  /** Takes the marks off; others on the page that share their names keep theirs. */
  clear() {
    for (const { name, range } of this.#painted) {
      CSS.highlights.get(name)?.delete(range);
      this.#spare.push(range);
    }
    this.#painted = [];
  }

  #paint(name, start, end) {
    const range = this.#spare.pop() ?? new Range();
    range.setStart(this.#node, start);
    range.setEnd(this.#node, end);
    if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
    CSS.highlights.get(name).add(range);
    this.#painted.push({ name, range });
  }
}

function pieces(text, ranges) {
  const marks = Object.entries(ranges).flatMap(([kind, list]) => list.map(([start, end]) => ({ kind, start, end })));
  marks.sort((a, b) => a.start - b.start);
  const made = [];
  let from = 0;
  for (const { kind, start, end } of marks) {
    if (start < from) continue; // what is marked twice is marked once
    const mark = document.createElement("mark");
    mark.className = kind;
    mark.append(text.slice(start, end));
    made.push(text.slice(from, start), mark);
    from = end;
  }
  return [...made, text.slice(from)];
}
