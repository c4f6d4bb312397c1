// Tells people who listen what the readout shows: politely, a second after the last change, and only when something
// that matters is different (segments, price, encoding, crossing the balance, or why there is no price).

const PAUSE_MILLISECONDS = 1000;

export class Announcer {
  #region;
  #said = null;
  #timer;

  constructor(region) {
    this.#region = region;
  }

  /** `key` is what matters; `sentence()` is asked for only when it is said. */
  tell(key, sentence) {
    clearTimeout(this.#timer);
    if (this.#said === null) {
      this.#said = key; // what stands on the page when it opens is read there
      return;
    }
    if (key === this.#said) return;
    this.#timer = setTimeout(() => {
      this.#said = key;
      this.#region.textContent = sentence();
    }, PAUSE_MILLISECONDS);
  }
}
