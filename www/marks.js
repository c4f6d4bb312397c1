// Marks in the customer's own text area: a mirror behind it with one unbroken text node, and highlight ranges on that.
// Where a browser has no custom highlights the list of findings says the same.

const NAMES = ["costly", "swapped"];

/** Keeps the mirror equal to the field and paints ranges on it: `{costly: [[start, end], …], swapped: […]}`. */
export class Marks {
  #node = document.createTextNode("");
  #able = typeof Highlight === "function" && CSS.highlights !== undefined;

  constructor(mirror) {
    mirror.append(this.#node);
  }

  draw(text, ranges) {
    // A last line break has no height of its own without something behind it.
    const shown = `${text}\u200b`;
    if (this.#node.data !== shown) this.#node.data = shown;
    if (!this.#able) return;
    for (const name of NAMES) {
      const spans = ranges[name].map(([start, end]) => {
        const range = new Range();
        range.setStart(this.#node, Math.min(start, text.length));
        range.setEnd(this.#node, Math.min(end, text.length));
        return range;
      });
      CSS.highlights.set(name, new Highlight(...spans));
    }
  }
}
