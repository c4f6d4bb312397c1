// A field in which an input method may be at work: what it holds must not be rewritten before that is done.

export class Composition {
  #composing = false;
  #postponed = null;

  constructor(node, { signal } = {}) {
    node.addEventListener("compositionstart", () => (this.#composing = true), { signal });
    node.addEventListener("compositionend", () => this.#ended(), { signal });
  }

  /** Makes a change and gives back what it does; while an input method is at work, when it is done, and false now. */
  whenWritten(change) {
    if (!this.#composing) return change();
    this.#postponed = change;
    return false;
  }

  #ended() {
    this.#composing = false;
    const change = this.#postponed;
    this.#postponed = null;
    // The end of a composition is told before its last input.
    if (change) setTimeout(change);
  }
}
