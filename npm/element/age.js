// How old a balance is. One that is old proves nothing: no alarm is raised on it and no all-clear given.

const OLD_MILLISECONDS = 15 * 60_000;

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export class BalanceAge {
  #grownOld;
  #until = Infinity;

  /** `grownOld` is called when a balance that was fresh no longer is. */
  constructor(grownOld) {
    this.#grownOld = grownOld;
  }

  /** When an old balance was read, in words; null where it is fresh, or nobody said when. An unreadable time is old. */
  since(asOf) {
    this.#until = Infinity;
    if (asOf === "") return null;
    const then = new Date(asOf);
    if (Number.isNaN(then.valueOf())) return asOf;
    const until = then.valueOf() + OLD_MILLISECONDS;
    const left = until - Date.now();
    if (left > 0) {
      this.#until = until;
      return null;
    }
    return left > -12 * 3_600_000 ? time.format(then) : day.format(then);
  }

  /** Looks at the clock, again and again: a timer would stand still while the machine sleeps. */
  look() {
    if (Date.now() < this.#until) return;
    this.#until = Infinity;
    this.#grownOld();
  }
}
