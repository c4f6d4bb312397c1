// How a list comes in: dropped anywhere on the page, chosen, pasted, or the example. A file that is dropped beside the mark
// must not replace the page and what is written in it.
import { byId, say, show } from "../dom.js";

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

export class Door {
  #take;
  #depth = 0;

  /** `take(list)` gets a File; `example()` asks for the example. */
  constructor({ take, example }) {
    this.#take = take;
    byId("list-choose").addEventListener("click", () => this.#choose());
    byId("list-other").addEventListener("click", () => this.#choose());
    byId("list-file").addEventListener("change", ({ target }) => {
      this.#got([...target.files]);
      target.value = ""; // the same file again is a change too
    });
    byId("list-example").addEventListener("click", () => this.#open(example));
    byId("list-paste").addEventListener("click", () => this.#unfold());
    byId("list-take").addEventListener("click", () => this.#pasted(byId("list-rows").value));
    addEventListener("dragenter", (event) => this.#hover(event, 1));
    addEventListener("dragleave", (event) => this.#hover(event, -1));
    addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    addEventListener("drop", (event) => this.#dropped(event));
  }

  #choose() {
    byId("list-file").click();
  }

  #hover(event, step) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.#depth = Math.max(0, this.#depth + step);
    this.#mark(this.#depth > 0);
  }

  #mark(over) {
    byId("list").toggleAttribute("data-over", over);
  }

  #dropped(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.#depth = 0;
    this.#mark(false);
    this.#got([...event.dataTransfer.files]);
  }

  #got(files) {
    if (files.length === 0) return;
    if (files.length > 1) return this.#refuse("That were several files. Give one list.");
    this.#open(() => this.#take(files[0]));
  }

  #unfold() {
    const open = show(byId("list-pasting"), byId("list-pasting").hidden);
    byId("list-paste").setAttribute("aria-expanded", String(open));
    if (open) byId("list-rows").focus();
  }

  #pasted(text) {
    if (text.trim() === "") return this.#refuse("There is nothing to price yet: paste some rows.");
    this.#open(() => this.#take(new File([text], "pasted rows", { type: "text/csv" })));
  }

  #open(take) {
    this.#refuse("");
    take();
  }

  #refuse(why) {
    const note = byId("list-refused");
    say(note, why);
    show(note, why !== "");
  }
}
