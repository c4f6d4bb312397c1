// The host's own text field: found by id or among the children, however late it comes, and followed until it goes.
import { Composition } from "../composer/composition.js";

/** How often a value is looked at that a program may have set, which no event tells of. */
const LOOK_MILLISECONDS = 500;

/** Where somebody writes: no token, tick or file that stands before it. */
const FIELDS = "textarea, input:is(:not([type]), [type=text], [type=search], [type=tel], [type=url])";

/** Follows the field of one `<text-meter>`; `hooks`: `found()`, `changed()`, `scrolled()`, `settled()`, `submitted(event)`. */
export class Field {
  #host;
  #hooks;
  #node = null;
  #form = null;
  #seen = "";
  #composition = null;
  #finder;
  #listening;
  #clock;

  constructor(host, hooks) {
    this.#host = host;
    this.#hooks = hooks;
  }

  get node() {
    return this.#node;
  }

  /** Makes a change; while an input method is at work, when it is done: what it holds must not be rewritten. */
  whenWritten(change) {
    return this.#composition === null ? change() : this.#composition.whenWritten(change);
  }

  /** Begins to look for the field, and keeps looking: it may come later, be replaced or be moved. */
  connect() {
    this.#finder?.disconnect();
    const root = this.#host.getRootNode();
    this.#finder = new MutationObserver(() => this.find());
    const scope = this.#host.htmlFor === "" ? this.#host : root;
    this.#finder.observe(scope, { childList: true, subtree: true, attributes: true, attributeFilter: ["id"] });
    this.find();
  }

  disconnect() {
    this.#finder?.disconnect();
    this.watch(false);
    this.#leave();
  }

  find() {
    const { htmlFor } = this.#host;
    const named = htmlFor === "" ? this.#host.querySelector(FIELDS) : this.#host.getRootNode().getElementById?.(htmlFor);
    const node = named?.matches(FIELDS) ? named : null;
    if (node === this.#node && (node?.form ?? null) === this.#form) return;
    this.#leave();
    if (node !== null) this.#follow(node);
    this.#hooks.found();
  }

  #follow(node) {
    this.#node = node;
    this.#form = node.form ?? null;
    this.#seen = node.value;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#composition = new Composition(node, { signal });
    const on = (target, type, listener, options) => target.addEventListener(type, listener, { signal, ...options });
    on(node, "input", () => this.look(true));
    on(node, "scroll", () => this.#hooks.scrolled(), { passive: true });
    if (this.#form) {
      // The form is reset when all have been told of it.
      on(this.#form, "reset", () => setTimeout(() => this.look()));
      on(this.#form, "submit", (event) => this.#hooks.submitted(event), { capture: true });
    }
  }

  #leave() {
    this.#listening?.abort();
    this.#node = null;
    this.#form = null;
    this.#composition = null;
  }

  /** Looks for values set by a program and for things that moved, while somebody can see the meter. */
  watch(visible) {
    clearInterval(this.#clock);
    const look = () => {
      this.look();
      this.#hooks.settled();
    };
    if (visible) this.#clock = setInterval(look, LOOK_MILLISECONDS);
  }

  /** Tells of another value than the last one, whoever set it. */
  look(told = false) {
    if (this.#node === null || (!told && this.#node.value === this.#seen)) return;
    this.#seen = this.#node.value;
    this.#hooks.changed();
  }
}
