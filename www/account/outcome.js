// What became of a send: charged, refused, or not known because the answer was lost. Read out by moving the focus to it.
import { h, icon } from "../dom.js";
import { waysOutOf } from "../notices.js";
import { isZero } from "../textmeter/composer/money.js";
import { list, plural, readableNumber } from "../textmeter/composer/words.js";
import { clock } from "./clock.js";
import { why } from "./why.js";

export class Outcome {
  #box;
  #hooks;
  /** The ways out that are offered, and the draft they are ways out of. */
  #ways = null;

  constructor(box, hooks) {
    this.#box = box;
    this.#hooks = hooks;
  }

  clear() {
    this.#box.replaceChildren();
  }

  /** The page drew another state. Ways out of another draft would cut it at the wrong place. */
  follow(view) {
    if (this.#ways === null || this.#ways.draft === draft(view)) return;
    this.#ways.box.remove();
    this.#ways = null;
  }

  waiting() {
    this.#say("calm", null, "Sending…", []);
  }

  /** 202: paid, and on its way. */
  charged({ body: { data }, headers }, shown, { money }) {
    const before = headers.get("idempotency-hit") === "true" ? [h("p", {}, "It had been sent the first time: it was charged once.")] : [];
    const cheaper = data.cost === shown ? [] : [h("p", {}, `That is not the ${money(shown)} shown: the rates had changed, and it became cheaper.`)];
    const figure = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
    const segments = `${plural(data.segments, "segment")}${data.to.length > 1 ? " each" : ""}`;
    const figures = h("dl", { class: "outcome-figures" }, figure("Charged", money(data.cost)), figure("For", data.per_segment === null ? segments : `${segments} at ${money(data.per_segment)}`), figure("Balance after", money(data.balance)));
    const to = list(data.to.map(readableNumber));
    this.#say("good", "check", `Sent. ${money(data.cost)} was charged.`, [h("p", {}, `To ${to}, from ${readableNumber(data.from)}.`), ...before, ...cheaper, figures, this.#reasons(data.charge_id, money)]);
  }

  /** "Why this price": the charge itself is asked once somebody wants to know. */
  #reasons(id, money) {
    const box = h("div", {}, h("p", {}, "Reading the charge…"));
    const details = h("details", { class: "reasons" }, h("summary", {}, "Why this price"), box);
    details.addEventListener(
      "toggle",
      async () => {
        const answer = await this.#hooks.twin()?.charge(id);
        if (answer?.status === 200) box.replaceChildren(...why(answer.body, money));
        else box.replaceChildren(h("p", {}, answer?.status === 403 ? "This key may not see charges." : "The charge could not be read; the server did not answer."));
      },
      { once: true },
    );
    return details;
  }

  /** Refused: nothing was sent and nothing deducted, and the draft is as it was. */
  refusal({ status, body, headers }, view) {
    const { money } = view;
    const kept = h("p", { class: "outcome-kept" }, "Nothing was sent and nothing deducted. Your draft is as it was.");
    if (body.code === "0200402") {
      const since = body.out_of_credit_since ? ` Out of credit since ${clock(body.out_of_credit_since)}.` : "";
      const held = isZero(body.held) ? "" : `, of which ${money(body.held)} is held for campaigns`;
      const sum = h("p", {}, `It costs ${money(body.required)}, and the balance is ${money(body.balance)}${held}: `, h("strong", {}, `${money(body.shortfall)} short`), `.${since}`);
      const ways = h("div", {}, h("p", { class: "ways-title" }, "Ways out"), waysOutOf(view, this.#hooks.act, body.shortfall));
      this.#say("danger", "stop", "Refused: not enough credits.", [sum, kept, ways]);
      this.#ways = { box: ways, draft: draft(view) };
      return;
    }
    if (body.code === "price-above-max") {
      const sum = h("p", {}, `It costs ${money(body.price)} now, and you agreed to ${money(body.max_price)}. The rates have changed since this page read them.`);
      this.#say("danger", "stop", "Not sent: the price has changed.", [sum, kept, h("p", {}, h("button", { type: "button", class: "button small", onclick: this.#hooks.reread }, "Read the rates again"))]);
      return;
    }
    const [title, text] = WORDS[body.code] ?? WORDS[status] ?? [`Refused${body.title ? `: ${body.title}` : ""}.`, body.message ?? body.detail ?? `The server answered ${status}.`];
    const wait = Number(headers.get("retry-after"));
    const again = status === 429 && wait > 0 ? ` Try again in ${plural(wait, "second")}.` : "";
    this.#say("danger", "stop", title, [h("p", {}, text + again), kept]);
  }

  /** No answer came (yet: null), or one that says nothing of it: it may be charged or not. The same key asked again settles it. */
  lost(answer) {
    const why = (answer?.status ?? 0) === 0 ? "No answer came back" : `The server answered ${answer.status} and nothing of this send`;
    const text = h("p", {}, `${why}: it may have been sent and charged, or not. Ask again with the same key and you will know; however often you ask, it is charged once.`);
    this.#say("caution", "stop", "Sent or not? The answer was lost.", [text, h("p", {}, h("button", { type: "button", class: "button small", onclick: this.#hooks.askAgain }, "Ask again"))]);
  }

  #say(tone, sign, title, content) {
    this.#ways = null;
    const heading = h("h3", { tabIndex: -1 }, title);
    this.#box.replaceChildren(h("div", { class: "outcome", "data-tone": tone }, sign === null ? null : icon(sign), h("div", { class: "outcome-body" }, heading, ...content)));
    heading.focus({ preventScroll: true });
    this.#box.scrollIntoView({ block: "nearest" });
  }
}

const draft = ({ state }) => JSON.stringify([state.text, state.to]);

/** Refusals the server's own sentence leaves without a way out for people, by code or status. */
const WORDS = {
  "0201402": ["Refused: the subscription is not active.", "Credits alone do not send; renew the subscription with your provider."],
  "0200404": ["Refused: no such sender.", "This workspace has no such number to send from. Choose one of those offered at From."],
  "missing-scope": ["Refused: this key may not send.", "Use a key with the scope “send”."],
  429: ["Too many requests at once.", "This key asks more often than it may."],
};
