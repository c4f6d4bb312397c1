// Two wordings side by side: the message at hand and another way to say it, both priced, and which is cheaper.
import { byId, h, say, show } from "./dom.js";
import { compareAmounts } from "./textmeter/composer/money.js";
import { allFixed, unaccented } from "./textmeter/composer/ways-out.js";
import { billed, count } from "./textmeter/composer/words.js";

export class Compare {
  #view = null;
  #act;
  #begun = "";

  constructor(act) {
    this.#act = act;
    byId("compare-open").addEventListener("click", () => this.#open());
    byId("compare-close").addEventListener("click", () => this.#close());
    byId("compare-take").addEventListener("click", () => this.#take());
    byId("wording").addEventListener("input", () => this.#draw());
  }

  get #opened() {
    return !byId("compare-pair").hidden;
  }

  follow(view) {
    this.#view = view;
    const possible = view.unit !== "minute" && view.answer !== null && (this.#opened || view.state.text.trim() !== "");
    if (show(byId("compare"), possible) && this.#opened) this.#draw();
  }

  /** Begins with the cheaper spelling there is, and with the same text where there is none. What somebody wrote stays. */
  #open() {
    const { state, answer, kept } = this.#view;
    const wording = byId("wording");
    if (["", this.#begun].includes(wording.value)) {
      wording.value = unaccented(state.text, answer.advice, kept) ?? allFixed(state.text, answer.advice, kept) ?? state.text;
      this.#begun = wording.value;
    }
    this.#toggle(true);
    wording.focus();
  }

  #close() {
    this.#toggle(false);
    byId("compare-open").focus();
  }

  #toggle(open) {
    show(byId("compare-pair"), open);
    show(byId("compare-open"), !open);
    if (open) this.#draw();
    else say(byId("compare-verdict"), "");
  }

  /** The two change places: nothing that was written is lost. */
  #take() {
    const mine = this.#view.state.text;
    const other = byId("wording").value;
    byId("wording").value = mine;
    this.#act.rewrite(other);
  }

  #draw() {
    const { answer, request, state, ask, money } = this.#view;
    const other = ask({ ...request, text: byId("wording").value });
    say(byId("wording-now"), state.text);
    byId("wording-now-figures").replaceChildren(...figures(answer, money));
    byId("wording-figures").replaceChildren(...figures(other, money));
    say(byId("compare-verdict"), verdict(answer, other, money));
  }
}

function figures(answer, money) {
  if (answer === null || answer.quantity === 0) return [h("span", { class: "wording-cost" }, "–")];
  const cost = answer.total === null ? [] : [h("span", { class: "wording-cost" }, money(answer.total))];
  return [...cost, h("span", { class: "wording-size" }, `${billed(answer)} · ${count(answer.units)} of ${count(answer.units + answer.units_left)} · ${answer.encoding}`)];
}

function verdict(one, other, money) {
  if (one === null || other === null || one.quantity === 0 || other.quantity === 0) return "";
  if (one.total === null || other.total === null) {
    if (one.segments === other.segments) return "Both take as many messages.";
    return `${other.segments < one.segments ? "The other wording" : "The message as it stands"} takes fewer messages.`;
  }
  const order = compareAmounts(other.total, one.total);
  if (order === 0) return `Both cost ${money(one.total)}.`;
  return order < 0 ? `The other wording is cheaper: ${money(other.total)} instead of ${money(one.total)}.` : `The message as it stands is cheaper: ${money(one.total)} instead of ${money(other.total)}.`;
}
