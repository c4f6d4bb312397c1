// How old a balance is. One that is old proves nothing: no alarm is raised on it and no all-clear given.

const OLD_MILLISECONDS = 15 * 60_000;

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export class BalanceAge {
  #grownOld;
  #timer;

  /** `grownOld` is called when a balance that was fresh no longer is. */
  constructor(grownOld) {
    this.#grownOld = grownOld;
  }

  /** When an old balance was read, in words; null where it is fresh, or nobody said when. An unreadable time is old. */
  since(asOf) {
    clearTimeout(this.#timer);
    if (asOf === "") return null;
    const then = new Date(asOf);
    if (Number.isNaN(then.valueOf())) return asOf;
    const left = then.valueOf() + OLD_MILLISECONDS - Date.now();
    if (left > 0) {
      this.#timer = setTimeout(this.#grownOld, left + 1);
      return null;
    }
    return left > -12 * 3_600_000 ? time.format(then) : day.format(then);
  }

  forget() {
    clearTimeout(this.#timer);
  }
}
