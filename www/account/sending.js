// Sending from the page: from which number, a last look with the exact cost, one attempt with its own key, and its outcome.
import { byId, h, say, show } from "../dom.js";
import { flag, placeName } from "../places.js";
import { billed, list, plural, readableNumber } from "../textmeter/composer/words.js";
import { Outcome } from "./outcome.js";
import { obstacle, senderOf } from "./ready.js";
import { attemptKey, isLost } from "./twin.js";

/** The settings of the page that a send by the API does not have: it encodes by itself, as the channel does. */
const SETTINGS = { channel: "channel", encoding: "encoding", smart: "smart encoding", sender: "kind of sender" };

export class Sending {
  #hooks;
  #twin = null;
  #view = null;
  #senders = [];
  #ready = null;
  #stop = null;
  #attempt = null;
  #outcome;

  constructor(hooks) {
    this.#hooks = hooks;
    this.#outcome = new Outcome(byId("outcome"), { ...hooks, askAgain: () => this.#try(), twin: () => this.#twin });
    byId("from").addEventListener("input", () => this.#weigh());
    byId("send-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#review();
    });
    byId("confirm-cancel").addEventListener("click", () => byId("confirm").close());
    byId("confirm-send").addEventListener("click", () => {
      byId("confirm").close();
      this.#begin();
    });
    window.addEventListener("beforeunload", (event) => this.#attempt !== null && event.preventDefault());
  }

  /** A key was given: lists the numbers to send from. */
  async open(twin, view) {
    this.#twin = twin;
    this.follow(view);
    const answer = await twin.senders();
    if (twin !== this.#twin || answer.status !== 200) return;
    this.#senders = answer.body.data.map(({ id, number, name }) => ({ id, number, name }));
    byId("senders").replaceChildren(...this.#senders.map(({ number, name }) => h("option", { value: number }, name ?? "")));
    if (byId("from").value === "" && this.#senders.length > 0) byId("from").value = this.#senders[0].number;
    this.#weigh();
  }

  close() {
    this.#twin = null;
    this.#senders = [];
    this.#attempt = null;
    byId("from").value = "";
    byId("senders").replaceChildren();
    this.#outcome.clear();
    if (byId("confirm").open) byId("confirm").close();
  }

  follow(view) {
    this.#view = view;
    this.#weigh();
  }

  /** What would be sent as things stand, priced as the API prices it; or what is in the way. */
  #weigh() {
    const view = this.#view;
    if (this.#twin === null || view.card === null) return;
    const from = senderOf(byId("from").value, this.#senders, view.ask);
    const request = { text: view.state.text, to: view.answer?.recipients.map(({ to }) => to) ?? [], channel: "api", sender: from.tollFree ? "toll-free" : "standard", balance: view.request?.balance };
    const answer = view.ask(request);
    const stop = this.#attempt === null ? obstacle(view, answer, from) : { text: "The last send has no answer yet: settle it first.", field: null };
    this.#ready = stop === null ? { request, answer, from: from.value } : null;
    byId("send-form").toggleAttribute("data-ready", stop === null);
    say(byId("send-note"), stop === null ? this.#difference(view, answer) : stop.text);
    byId("send-note").toggleAttribute("data-insist", false);
    this.#stop = stop;
  }

  /** Where the figure at the side prices something else than what would be sent, the difference is said before. */
  #difference({ answer: shown, request, money }, answer) {
    if (shown.total === answer.total && shown.channel === "api") return "";
    const other = Object.entries(SETTINGS).filter(([field]) => !["api", "auto", "standard", undefined].includes(request[field])).map(([, name]) => name);
    const which = other.length > 0 ? `not with the ${list(other)} chosen above` : "from this number";
    return `Sent through the API, ${which}, it costs ${money(answer.total)}.`;
  }

  async #review() {
    if (this.#ready === null) {
      byId("send-note").toggleAttribute("data-insist", true);
      const { text, field } = this.#stop;
      byId("send-said").textContent = text;
      if (field !== null) byId(field).focus();
      return;
    }
    await this.#hooks.refresh(); // somebody else may have spent or topped up meanwhile
    if (this.#ready === null) return;
    this.#draw();
    byId("confirm").showModal();
    byId("confirm-cancel").focus({ preventScroll: true });
    byId("confirm").scrollTop = 0; // the price is what it begins with
  }

  #draw() {
    const { money } = this.#view;
    const { answer, from } = this.#ready;
    say(byId("confirm-cost"), money(answer.total));
    say(byId("confirm-what"), `${billed(answer)}${answer.recipients.length > 1 ? ` to each of ${plural(answer.recipients.length, "recipient")}` : ""}`);
    byId("confirm-to").replaceChildren(
      ...answer.recipients.map(({ to, territory }) => h("span", { class: "confirm-who" }, territory === null ? null : flag(territory), readableNumber(to), territory === null ? null : h("span", { class: "confirm-place" }, ` ${placeName(territory)}`))),
    );
    say(byId("confirm-from"), readableNumber(from));
    say(byId("confirm-text"), answer.text);
    const { cover } = answer;
    const short = cover?.kind === "short";
    show(byId("confirm-short"), short);
    if (short) say(byId("confirm-short"), `The balance is ${money(cover.shortfall)} short: it would be refused, and nothing sent or deducted.`);
    if (show(byId("confirm-after").parentElement, cover?.kind === "covered")) say(byId("confirm-after"), money(cover.remaining));
    say(byId("confirm-send"), `Send for ${money(answer.total)}`);
  }

  /** A new attempt: its key and its words stay as they are, however often it is asked. */
  #begin() {
    const { request, answer, from } = this.#ready;
    const body = { content: request.text, from, to: request.to, max_price: answer.total };
    this.#attempt = { key: attemptKey(), body, shown: answer.total };
    return this.#try();
  }

  async #try() {
    const attempt = this.#attempt;
    const twin = this.#twin;
    byId("review").disabled = true;
    this.#outcome.waiting();
    const answer = await twin.send(attempt);
    byId("review").disabled = false;
    if (twin !== this.#twin) return; // another key by now: no outcome of the old one is shown under it
    if (isLost(answer)) {
      this.#outcome.lost(answer);
      this.#weigh();
      return;
    }
    this.#attempt = null;
    if (this.#hooks.refused(answer)) return;
    const sent = answer.status === 202;
    // The draft has done its work; one undo brings it back. A text changed meanwhile is another draft.
    if (sent && this.#view.state.text === attempt.body.content) this.#hooks.act.rewrite("");
    const settled = this.#hooks.settled(sent ? answer.body.data.balance : answer.body.balance); // the page knows it at once
    if (sent) this.#outcome.charged(answer, attempt.shown, this.#view);
    else this.#outcome.refusal(answer, this.#view);
    this.#weigh();
    await settled;
  }
}
