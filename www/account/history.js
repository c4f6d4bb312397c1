// The history: everything that moved credits, newest first, each with the balance after it; why a charge was what it was.
import { busy, byId, h, say, show } from "../dom.js";
import { plural } from "../textmeter/composer/words.js";
import { clock } from "./clock.js";
import { why } from "./why.js";

const ROWS_A_PAGE = 8;

const KINDS = { charge: "Charge", refund: "Refund", "top-up": "Top-up", "auto-charge": "Auto-charge", subscription: "Used towards subscription" };
const CHANNELS = { api: "API", zapier: "integration", app: "in the app", call: "call" };

/** The list. `hooks.money` writes amounts, `hooks.refused(answer)` is told of a key that works no more. */
export class History {
  #hooks;
  #twin = null;
  #cursor = null;
  #reloads = 0;

  constructor(hooks) {
    this.#hooks = hooks;
    byId("history-more").addEventListener("click", (event) => busy(event.currentTarget, () => this.#more()));
    byId("history-csv").addEventListener("click", (event) => busy(event.currentTarget, () => this.#download()));
  }

  open(twin) {
    this.#twin = twin;
    return this.reload();
  }

  close() {
    this.#twin = null;
    byId("history-rows").replaceChildren();
    say(byId("history-said"), "");
  }

  /** From the newest on again. */
  async reload() {
    const page = await this.#page(null);
    if (page === null) return;
    byId("history-rows").replaceChildren(...page.entries.flatMap((entry) => this.#rows(entry)));
    show(byId("history-table"), page.entries.length > 0);
    say(byId("history-said"), page.entries.length > 0 ? "" : "Nothing has moved credits yet.");
  }

  async #more() {
    const page = await this.#page(this.#cursor);
    if (page === null) return;
    const rows = page.entries.flatMap((entry) => this.#rows(entry));
    byId("history-rows").append(...rows);
    say(byId("history-said"), `${plural(page.entries.length, "older entry", "older entries")} shown.`);
    if (this.#cursor === null) rows[0]?.focus();
  }

  async #page(cursor) {
    const twin = this.#twin;
    if (twin === null) return null;
    const reload = cursor === null ? ++this.#reloads : null;
    const answer = await twin.usage(ROWS_A_PAGE, cursor);
    // Overtaken by a later reload, or not what goes on behind the last row by now.
    const late = cursor === null ? reload !== this.#reloads : cursor !== this.#cursor;
    if (late || twin !== this.#twin) return null;
    if (answer.status !== 200) {
      if (!this.#hooks.refused(answer)) say(byId("history-said"), answer.status === 403 ? "This key may not see the history." : "The history could not be read; the server did not answer.");
      return null;
    }
    this.#cursor = answer.body.next_cursor;
    show(byId("history-more"), this.#cursor !== null);
    return answer.body;
  }

  #rows(entry) {
    const { money } = this.#hooks;
    const went = entry.amount.startsWith("-");
    const amount = went ? `\u2212${money(entry.amount.slice(1))}` : `+${money(entry.amount)}`;
    const explain = entry.charge_id !== null && entry.kind === "charge" ? h("button", { type: "button", class: "link", "aria-expanded": "false", onclick: ({ currentTarget: button }) => busy(button, () => this.#explain(button, entry)) }, "Why") : null;
    return [
      h(
        "tr",
        { tabIndex: -1 },
        h("th", { scope: "row" }, h("span", { class: "entry-what" }, KINDS[entry.kind] ?? entry.kind), h("span", { class: "entry-detail" }, h("time", { dateTime: entry.at }, clock(entry.at)), detail(entry), explain && " · ", explain)),
        h("td", { class: "entry-amount", "data-in": !went }, amount),
        h("td", { class: "entry-balance" }, money(entry.balance)),
      ),
    ];
  }

  async #explain(button, entry) {
    const row = button.closest("tr");
    if (button.getAttribute("aria-expanded") === "true") {
      row.nextSibling.remove();
      button.setAttribute("aria-expanded", "false");
      return;
    }
    const answer = await this.#twin.charge(entry.charge_id);
    if (this.#hooks.refused(answer)) return;
    const said = answer.status === 200 ? why(answer.body, this.#hooks.money) : [h("p", {}, "The reasons could not be read; the server did not answer.")];
    row.after(h("tr", { class: "entry-why" }, h("td", { colSpan: 3 }, ...said)));
    button.setAttribute("aria-expanded", "true");
  }

  /** A link cannot carry the key, so the file is fetched and handed over. */
  async #download() {
    const answer = await this.#twin.statement();
    if (answer.status !== 200) {
      if (!this.#hooks.refused(answer)) say(byId("history-said"), "The file could not be fetched; the server did not answer.");
      return;
    }
    const address = URL.createObjectURL(answer.body);
    h("a", { href: address, download: "usage.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}

function detail({ channel, unit, quantity, reference, kind }) {
  if (quantity !== null) return ` · ${CHANNELS[channel] ?? channel}, ${plural(quantity, unit)}`;
  return kind === "top-up" && reference !== null ? ` · ${reference.replace(/:.*/, "")}` : "";
}
