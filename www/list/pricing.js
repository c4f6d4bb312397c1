// The page's end of the Worker. One list is priced at a time: asking for another takes the last one off its hands.

export class Pricing {
  #worker = null;
  #busy = false;

  get busy() {
    return this.#busy;
  }

  /** Begins; `told[kind](message)` is called with whatever the Worker says. */
  start(work, told) {
    this.stop();
    this.#worker ??= new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#busy = true;
    const ended = (kind, message) => {
      this.#busy = false;
      told[kind](message);
    };
    this.#worker.onmessage = ({ data }) => {
      if (data.error?.code === "unexpected") this.#drop(); // a trap may have left its module in the middle of something
      if (["look", "progress"].includes(data.kind)) told[data.kind]?.(data);
      else ended(data.kind, data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#drop();
      ended("failed", { error: { code: "no-worker", at: "", message: "The part of this page that prices lists could not be started. Reload the page, and try again." } });
    };
    this.#worker.postMessage(work);
  }

  /** Stops at once, wherever it is; one that has nothing to do is kept for the next list. */
  stop() {
    if (this.#busy) this.#drop();
    this.#busy = false;
  }

  #drop() {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
