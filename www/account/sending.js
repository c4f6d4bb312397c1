// Sending from the page: from which number, a last look with the exact cost, an attempt with its own key, and its outcome.
import { busy, byId, h, say, show } from "../dom.js";
import { flag, placeName } from "../places.js";
import { billed, list, plural, readableNumber } from "../textmeter/composer/words.js";
import { Outcome } from "./outcome.js";
import { obstacle, senderOf } from "./ready.js";
import { attemptKey, leavesOpen } from "./twin.js";

/** The settings of the page that a send by the API does not have: it encodes by itself, as the channel does. */
const SETTINGS = { channel: "channel", encoding: "encoding", smart: "smart encoding", sender: "kind of sender" };

export class Sending {
  #hooks;
  #twin = null;
  #view = null;
  #senders = [];
  /** Whose key it is: null as long as the server has not said. */
  #workspace = null;
  #ready = null;
  #stop = null;
  /** What has no answer yet, by workspace: neither a forgotten key nor a revoked one settles it, another of the same does. */
  #attempts = new Map();
  #outcome;

  constructor(hooks) {
    this.#hooks = hooks;
    this.#outcome = new Outcome(byId("outcome"), { ...hooks, askAgain: () => this.#try(), twin: () => this.#twin });
    byId("from").addEventListener("input", () => this.#weigh());
    byId("send-form").addEventListener("submit", (event) => {
      event.preventDefault();
      busy(byId("review"), () => this.#review());
    });
    byId("confirm-cancel").addEventListener("click", () => byId("confirm").close());
    byId("confirm-send").addEventListener("click", () => {
      byId("confirm").close();
      this.#begin();
    });
    window.addEventListener("beforeunload", (event) => this.#attempts.size > 0 && event.preventDefault());
  }

  get #attempt() {
    return this.#attempts.get(this.#workspace) ?? null;
  }

  /** A key was given: lists the numbers to send from, and comes back to what its workspace left open. */
  async open(twin, view) {
    this.#twin = twin;
    this.follow(view);
    await this.#list();
    if (twin === this.#twin && this.#attempt !== null) this.#outcome.lost(this.#attempt.lost);
  }

  async #list() {
    const twin = this.#twin;
    const answer = await twin.senders();
    if (twin !== this.#twin || answer.status !== 200) return;
    this.#workspace = answer.body.data[0]?.groupId ?? "";
    this.#senders = answer.body.data.map(({ id, number, name }) => ({ id, number, name }));
    byId("senders").replaceChildren(...this.#senders.map(({ number, name }) => h("option", { value: number }, name ?? "")));
    if (byId("from").value === "" && this.#senders.length > 0) byId("from").value = this.#senders[0].number;
    this.#weigh();
  }

  /** The key is given up. Says whether something sent with it has no answer yet. */
  close() {
    const open = this.#attempt !== null;
    this.#twin = null;
    this.#senders = [];
    this.#workspace = null;
    byId("from").value = "";
    byId("senders").replaceChildren();
    this.#outcome.clear();
    if (byId("confirm").open) byId("confirm").close();
    return open;
  }

  follow(view) {
    this.#view = view;
    this.#outcome.follow(view);
    this.#weigh();
  }

  /** What would be sent as things stand, priced as the API prices it; or what is in the way. */
  #weigh() {
    const view = this.#view;
    if (this.#twin === null || view.card === null) return;
    const from = senderOf(byId("from").value, this.#senders, view.ask);
    const request = { text: view.state.text, to: view.answer?.recipients.map(({ to }) => to) ?? [], channel: "api", sender: from.tollFree ? "toll-free" : "standard", balance: view.request?.balance };
    const answer = view.ask(request);
    const stop = this.#unsettled() ?? obstacle(view, answer, from);
    this.#ready = stop === null ? { request, answer, from: from.value } : null;
    byId("send-form").toggleAttribute("data-ready", stop === null);
    say(byId("send-note"), stop === null ? this.#difference(view, answer) : stop.text);
    byId("send-note").toggleAttribute("data-insist", false);
    this.#stop = stop;
    if (!byId("confirm").open) return;
    if (stop === null) this.#draw();
    else byId("confirm").close();
  }

  /** Without the workspace nobody knows whether it has something open, which sent once more would be charged twice. */
  #unsettled() {
    if (this.#workspace === null) return { text: "The server has not said yet which numbers there are to send from.", field: null };
    return this.#attempt === null ? null : { text: "The last send has no answer yet: settle it first.", field: null };
  }

  /** Where the figure at the side prices something else than what would be sent, the difference is said before. */
  #difference({ answer: shown, request, money }, answer) {
    if (shown.total === answer.total && shown.channel === "api") return "";
    const other = Object.entries(SETTINGS).filter(([field]) => !["api", "auto", "standard", undefined].includes(request[field])).map(([, name]) => name);
    const which = other.length > 0 ? `not with the ${list(other)} chosen above` : "from this number";
    return `Sent through the API, ${which}, it costs ${money(answer.total)}.`;
  }

  async #review() {
    if (this.#workspace === null) await this.#list();
    if (this.#ready === null) {
      byId("send-note").toggleAttribute("data-insist", true);
      const { text, field } = this.#stop;
      byId("send-said").textContent = text;
      if (field !== null) byId(field).focus();
      return;
    }
    const [before, focused] = [this.#draft, document.activeElement];
    byId("send-said").textContent = "Reading the balance…";
    await this.#hooks.refresh(); // somebody else may have spent or topped up meanwhile
    byId("send-said").textContent = "";
    // That may take long: no question comes up under somebody who has gone on to something else.
    if (this.#ready === null || this.#draft !== before || document.activeElement !== focused) return;
    this.#draw();
    byId("confirm").showModal();
    byId("confirm-cancel").focus({ preventScroll: true });
    byId("confirm").scrollTop = 0; // the price is what it begins with
  }

  /** What would be sent, and from where. */
  get #draft() {
    return JSON.stringify([this.#ready?.request.text, this.#ready?.request.to, this.#ready?.from]);
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
    this.#attempts.set(this.#workspace, { key: attemptKey(), body, shown: answer.total, lost: null });
    return this.#try();
  }

  async #try() {
    const attempt = this.#attempt;
    const twin = this.#twin;
    const workspace = this.#workspace;
    byId("review").disabled = true;
    this.#outcome.waiting();
    const answer = await twin.send(attempt);
    byId("review").disabled = false;
    if (this.#attempts.get(workspace) !== attempt) return; // asked twice, and settled by the other answer
    const open = leavesOpen(answer, attempt.lost !== null);
    if (open) attempt.lost = answer;
    else this.#attempts.delete(workspace);
    if (workspace !== this.#workspace) return; // another key by now: no outcome of the old one is shown under it
    if (twin === this.#twin && this.#hooks.refused(answer)) return;
    if (open) {
      this.#outcome.lost(answer);
      this.#weigh();
      return;
    }
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
