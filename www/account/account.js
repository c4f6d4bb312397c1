// The workspace whose key was given: its balance, which the quote is then held against; sending; the history.
import { busy, byId, h, icon, say, show } from "../dom.js";
import { isZero } from "../textmeter/composer/money.js";
import { clock, clockNow } from "./clock.js";
import { History } from "./history.js";
import { forgetKey, keepKey, keptKey } from "./keeping.js";
import { Sending } from "./sending.js";
import { Twin } from "./twin.js";

/** How long a balance in sight is taken for what there is. */
const OLD_MILLISECONDS = 15 * 60_000;

/**
 * The part of the page that only a server of ours brings. `hooks`: `hold(balance)` holds the quote against an amount or,
 * with null, against what is typed; `act` holds what the buttons of the page do; `reread()` reads the rates again.
 */
export class Account {
  #service;
  #hooks;
  #twin = null;
  #view = null;
  #known = null;
  /** Balances are numbered as they are asked for; the newest that came in stands. */
  #asked = 0;
  #newest = 0;
  #sending;
  #history;

  constructor(service, hooks) {
    this.#service = service;
    this.#hooks = hooks;
    const money = (amount) => this.#view.money(amount);
    this.#history = new History({ money, refused: (answer) => this.#refused(answer) });
    this.#sending = new Sending({
      ...hooks,
      refresh: () => this.refresh(),
      settled: (balance) => this.#settled(balance),
      refused: (answer) => this.#refused(answer),
    });
    byId("key-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#use(byId("key").value.trim(), byId("key-keep").checked).then((open) => open && byId("account-title").focus());
    });
    byId("key-forget").addEventListener("click", () => this.#forget(""));
    byId("balance-refresh").addEventListener("click", () => this.refresh());
    const look = () => document.visibilityState === "visible" && this.refresh();
    document.addEventListener("visibilitychange", look);
    setInterval(look, OLD_MILLISECONDS); // in a tab that is always in sight nothing else asks
    show(byId("account"), true);
    show(byId("account-link"), true);
    const kept = keptKey();
    if (kept !== null) {
      byId("key-keep").checked = true;
      this.#use(kept, true);
    }
  }

  /** The page drew another state. */
  follow(view) {
    this.#view = view;
    if (this.#twin !== null) this.#sending.follow(view);
  }

  /** Asks for the balance. Gives back whether it is known. */
  async refresh() {
    const twin = this.#twin;
    if (twin === null) return false;
    const asked = ++this.#asked;
    const answer = await twin.balance();
    if (twin !== this.#twin) return false; // another key by now
    if (asked < this.#newest) return this.#known !== null;
    this.#newest = asked;
    if (answer.status === 200) {
      this.#draw(answer.body);
      return true;
    }
    if (!this.#refused(answer)) this.#drawUnknown(answer);
    return false;
  }

  /** An old balance is no balance: neither a false alarm nor a false all-clear. */
  #drawUnknown({ status }) {
    this.#known = null;
    say(byId("account-balance"), "Not known");
    say(byId("account-asof"), "");
    const why = status === 403 ? "This key may not see the balance; it may still send." : "The server did not answer. The balance is not known at the moment.";
    byId("account-state").replaceChildren(h("li", { "data-tone": "caution" }, why));
    this.#hooks.hold("");
  }

  #use(key, keep) {
    return busy(byId("key-use"), () => this.#open(key, keep));
  }

  /** Opens the account of a key; says whether it could. */
  async #open(key, keep) {
    if (key === "") return this.#complain("Paste an API key first.");
    if (!/^[\x21-\x7e]+$/.test(key)) return this.#complain("That cannot be a key: it has spaces or letters no key has. Copy it again, whole.");
    say(byId("key-note"), "");
    const twin = new Twin(this.#service, key);
    const answer = await twin.balance();
    if (answer.status === 401) {
      forgetKey();
      return this.#complain("This server does not know that key, or it was revoked. Check that it was copied whole, or make a new one.");
    }
    if (answer.status !== 200 && answer.status !== 403) {
      return this.#complain(answer.status === 429 ? "Too many requests with this key; wait a second and try again." : "The server did not answer. Try again in a moment.");
    }
    if (keep) keepKey(key);
    else forgetKey();
    byId("key").value = "";
    this.#twin = twin;
    show(byId("key-form"), false);
    show(byId("account-open"), true);
    if (answer.status === 200) this.#draw(answer.body);
    else this.#drawUnknown(answer);
    this.#history.open(twin);
    this.#sending.open(twin, this.#view);
    return true;
  }

  #complain(text) {
    const note = byId("key-note");
    say(note, text);
    show(note, true);
    byId("key").setAttribute("aria-invalid", "true");
    byId("key").focus();
    return false;
  }

  #forget(why) {
    forgetKey();
    this.#twin = null;
    this.#known = null;
    const open = this.#sending.close();
    this.#history.close();
    show(byId("account-open"), false);
    show(byId("key-form"), true);
    byId("key-keep").checked = false;
    byId("key").removeAttribute("aria-invalid");
    show(byId("key-note"), false);
    this.#hooks.hold(null);
    if (why !== "") this.#complain(why);
    else byId("key").focus();
    if (open) {
      say(byId("key-note"), `${why} The last send has no answer yet: a key of the same workspace can ask again.`.trim());
      show(byId("key-note"), true);
    }
  }

  /** A key that works no more ends the visit, wherever it is noticed. Says whether it was that. */
  #refused({ status }) {
    if (status !== 401) return false;
    this.#forget("The key does not work any more: it was revoked or has expired.");
    return true;
  }

  /** Credits moved: what is left is known from the answer, or is asked for. */
  async #settled(balance) {
    const known = this.#known;
    // With nothing held all of it can be spent; else the next answer says how much.
    this.#newest = ++this.#asked; // a balance that was asked for before is older
    if (balance !== undefined && known !== null) this.#draw({ ...known, balance, available: isZero(known.held) ? balance : known.available });
    await Promise.all([this.refresh(), this.#history.reload()]);
  }

  #draw(balance) {
    this.#known = balance;
    const { money } = this.#view;
    say(byId("account-balance"), money(balance.balance));
    say(byId("account-asof"), `As of ${clockNow()}`);
    byId("account-state").replaceChildren(...stateOf(balance, money).map(([tone, text]) => h("li", { "data-tone": tone }, tone === "danger" ? icon("stop") : null, text)));
    this.#hooks.hold(balance.available);
  }
}

/** What somebody should know of a balance besides how much it is: `[tone, sentence]`. */
function stateOf(balance, money) {
  const said = [];
  if (!balance.subscription_active) said.push(["danger", "The subscription is not active: nothing is sent, whatever the balance."]);
  if (balance.out_of_credit_since !== null) said.push(["danger", `Out of credit since ${clock(balance.out_of_credit_since)}: a send was refused then. Top up and send again.`]);
  if (balance.low) said.push(["caution", `Low: below the ${money(balance.low_balance_threshold)} you set.`]);
  if (!isZero(balance.held)) said.push(["calm", `${money(balance.held)} of it is held for campaigns; ${money(balance.available)} can be spent.`]);
  if (!isZero(balance.pending_top_up)) said.push(["calm", `${money(balance.pending_top_up)} is on its way by auto-charge.`]);
  for (const [period, words] of [["day", "today"], ["month", "this month"]]) {
    const cap = balance.spend_caps[period];
    if (cap !== null) said.push(["calm", `${money(cap.spent)} of ${money(cap.cap)} spent ${words}.`]);
  }
  return said;
}
