// `<text-meter>`: the price of the text in a composer, before it is sent. It wraps or points at the host's own field and
// never replaces it. Importing this registers nothing and touches no document; `element/define.js` registers.
import { longest, rewrite } from "./composer/edit.js";
import { moneyFormat } from "./composer/money.js";
import { BalanceAge } from "./element/age.js";
import { ATTRIBUTES, PROPERTIES, reflect, requestOf } from "./element/attributes.js";
import { Field } from "./element/field.js";
import { describe } from "./element/hint.js";
import { meterFor } from "./element/meters.js";
import { place } from "./element/placement.js";
import { stateOf } from "./element/sentences.js";
import { View } from "./element/view.js";
import { TextmeterError } from "./error.js";
import { TextWatch } from "./headless.js";

/** A server has no elements; there the class is never used, only imported. */
const Base = globalThis.HTMLElement ?? class {};

export class TextMeter extends Base {
  static observedAttributes = ATTRIBUTES;

  #field = new Field(this, {
    found: () => this.#foundField(),
    changed: () => this.#update(),
    scrolled: () => this.#view.mirror.scroll(),
    settled: () => (this.#age.look(), this.#view.settle()),
    submitted: (event) => this.#submitted(event),
  });
  #view = new View(this.attachShadow({ mode: "open" }), this.#actions());
  #states = this.attachInternals?.().states;
  #age = new BalanceAge(() => this.#update());
  #sizes;
  #takeHintOff = null;

  #card = null;
  #meter = null;
  #given = false;
  #due = true;
  #currency = "";
  #money = null;
  #loading = null;
  #trouble = null;
  #watch = null;
  #refusedBalance = null;
  #text = "";
  #old = null;

  #visible = false;
  #stale = true;
  #undrawn = true;
  #confirming = false;
  #submitter = null;
  #allowed = false;

  connectedCallback() {
    for (const name of PROPERTIES) this.#upgrade(name);
    this.#field.connect();
    this.#sizes = new ResizeObserver(() => this.#see());
    this.#sizes.observe(this.#view.box);
    document.addEventListener("visibilitychange", this.#see);
    addEventListener("online", this.#retry);
    this.#retry();
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
    document.removeEventListener("visibilitychange", this.#see);
    removeEventListener("online", this.#retry);
    this.#visible = false;
    this.#field.disconnect();
    this.#foundField();
  }

  adoptedCallback() {
    this.#view.dress();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "rates" && this.#card === null) this.#forgetMeter();
    if (name === "for" && this.isConnected) this.#field.connect();
    this.#update();
  }

  /** The rate card as an object (the parsed rates.json). It goes before the attribute `rates`. */
  get card() {
    return this.#card;
  }

  set card(card) {
    if (card !== null && card !== undefined && typeof card !== "object") throw new TextmeterError("wrong-type", "card", "card: give an object, the parsed rates.json.");
    this.#card = card ?? null;
    this.#forgetMeter();
    this.#update();
  }

  /** A meter made elsewhere, so that a page loads the pricing module once and its own way. It goes before any card. */
  get meter() {
    return this.#meter;
  }

  set meter(meter) {
    this.#given = false;
    this.#forgetMeter();
    if (meter) {
      this.#useMeter(meter);
      this.#given = true;
      this.#due = false;
    }
    this.#update();
  }

  /** The text that is priced: the field's, or what was set here where there is none. */
  get text() {
    return this.#field.node?.value ?? this.#text;
  }

  set text(text) {
    this.#text = String(text ?? "");
    this.#update();
  }

  get field() {
    return this.#field.node;
  }

  get quote() {
    return this.#answer?.quote ?? null;
  }

  get error() {
    return this.#trouble ?? this.#answer?.error ?? this.#refusedBalance;
  }

  get exceeded() {
    return this.#answer?.exceeded ?? false;
  }

  get marks() {
    return this.#answer?.marks ?? [];
  }

  get findings() {
    return this.#answer?.findings ?? [];
  }

  fix(found) {
    return this.#change((watch) => watch.fix(found));
  }

  fixAll() {
    return this.#change((watch) => watch.fixAll());
  }

  /** A change of the text as it is now. */
  #change(propose) {
    return this.#field.whenWritten(() => {
      const answer = this.#answer;
      return answer !== null && propose(answer);
    });
  }

  keep(found) {
    this.#catchUp();
    this.#watch?.keep(found);
    this.#draw();
  }

  /** Looks at everything anew, the rates too, after a change that no event tells of. */
  refresh() {
    this.#field.find();
    this.#due = !this.#given;
    this.#update();
  }

  /** Reads again what could not be read; a card that makes no sense, or a browser that cannot price, is no other by now. */
  #retry = () => {
    if (this.#trouble && !(this.#trouble instanceof TextmeterError)) this.refresh();
  };

  #actions() {
    return {
      redraw: () => this.#draw(),
      focus: () => this.#field.node?.focus(),
      place: (panel) => place(panel, { box: this.#view.box, field: this.#field.node, wish: this.placement }),
      fix: (found) => this.fix(found),
      fixAll: () => this.fixAll(),
      unaccent: () => this.#change((watch) => watch.unaccent()),
      keep: (found) => {
        this.keep(found);
        this.#field.node?.focus();
      },
      select: (start, end) => {
        this.#field.node.focus();
        this.#field.node.setSelectionRange(start, Math.min(end, this.text.length));
      },
      sendAnyway: () => this.#sendAnyway(),
    };
  }

  /** A property that was set before the element was defined lies on the element itself, over the class's own. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  #foundField() {
    const { node } = this.#field;
    this.#takeHintOff?.();
    this.#takeHintOff = node === null ? null : describe(this, node);
    this.#view.mirror.over(node);
    this.#update();
  }

  /** Nothing is done for an element nobody can see; it catches up when it is seen. */
  #see = () => {
    const visible = this.isConnected && !document.hidden && this.#view.box.clientWidth > 0;
    this.#visible = visible;
    this.#field.watch(visible);
    if (!visible) return;
    this.#catchUp();
    if (this.#undrawn) this.#draw();
    else this.#view.settle();
  };

  #update() {
    this.#stale = true;
    this.#confirming = false;
    if (this.#visible) this.#work();
  }

  /** No event tells of a text that a program set, or of a balance that has grown old. */
  #catchUp() {
    this.#field.look();
    this.#age.look();
    if (this.#stale) this.#work();
  }

  /** The watch, where it has anything to say. */
  get #watched() {
    return this.#meter && this.#watch;
  }

  /** Who asks is answered for the text as it is, seen or not. */
  get #answer() {
    this.#catchUp();
    return this.#watched;
  }

  #work() {
    this.#stale = false;
    if (this.#due) this.#load();
    if (this.#meter !== null) this.#ask();
    this.#draw();
  }

  /** Another card is to price, but for a given meter. */
  #forgetMeter() {
    if (this.#given) return;
    this.#loading = null;
    this.#meter = null;
    this.#trouble = null;
    this.#due = true;
  }

  #useMeter(meter) {
    if (typeof meter.quote !== "function") throw new TextmeterError("wrong-type", "meter", "meter: give what createMeter or loadMeter returned.");
    this.#currency = meter.quote({}).currency;
    this.#money = moneyFormat(this.#currency);
    this.#meter = meter;
  }

  /** Reads the card; one that was read before prices until then, and goes on where it cannot be read anew. */
  async #load() {
    if (this.#card === null && this.rates === "") return;
    this.#due = false;
    const mine = {};
    this.#loading = mine;
    let trouble = null;
    try {
      const meter = await meterFor(this.#card ?? new URL(this.rates, this.baseURI).href, this.#meter !== null);
      if (this.#loading === mine) this.#useMeter(meter);
    } catch (error) {
      trouble = error;
    }
    if (this.#loading !== mine) return; // another card was given meanwhile
    this.#trouble = trouble;
    this.#update();
  }

  #ask() {
    this.#old = this.#age.since(this.balanceAsOf);
    const { balance, refused } = this.#balance();
    this.#refusedBalance = refused;
    const asked = { meter: this.#meter, balanceIsOld: this.#old !== null, ...requestOf(this, { text: this.text, balance }) };
    if (this.#watch) this.#watch.update(asked);
    else new TextWatch({ ...asked, target: this, apply: (edit) => this.#apply(edit), made: (watch) => (this.#watch = watch) });
    const { error } = this.#watch;
    if (error?.at !== "balance") return;
    this.#refusedBalance = error; // one that nobody can read is one that nobody knows
    this.#watch.update({ balance: undefined });
  }

  /** The balance, where it is in the money of the rates. */
  #balance() {
    const balance = this.balance.trim() || undefined;
    if (balance === undefined || this.currency === "" || this.currency.toUpperCase() === this.#currency) return { balance, refused: null };
    const message = `The balance is in ${this.currency} and the rates are in ${this.#currency}: nobody can say whether it covers the cost.`;
    return { balance: undefined, refused: new TextmeterError("currency-mismatch", "currency", message) };
  }

  #apply({ text }) {
    return this.#field.node !== null && rewrite(this.#field.node, text);
  }

  #known() {
    const watch = this.#watched;
    return {
      quote: watch?.quote ?? null,
      error: watch?.error ?? null,
      trouble: watch === null ? this.#trouble : null,
      request: watch?.request ?? {},
      findings: watch?.findings ?? [],
      kept: watch?.kept,
      ask: watch?.ask,
      money: this.#money,
      old: this.#old,
      longest: this.#field.node === null ? Infinity : longest(this.#field.node),
      selectable: this.#field.node !== null,
      confirming: this.#confirming,
      ratesLink: this.rates,
    };
  }

  #draw() {
    this.#undrawn = !this.#visible;
    if (this.#undrawn) return;
    const state = this.#view.draw(this.#known());
    for (const name of ["over", "blocked", "low", "unpriced"]) {
      if (state === name) this.#states?.add(name);
      else this.#states?.delete(name);
    }
    const all = this.#watched?.marks ?? [];
    const marks = (kind) => all.filter((mark) => mark.kind === kind).map(({ start, end }) => [start, end]);
    this.#view.mirror.draw(this.text, { costly: marks("costly"), swapped: marks("swapped") });
  }

  /** With `confirm`, a form is not sent while it would be refused, unless somebody says so. */
  #submitted(event) {
    if (!this.confirm || this.#allowed || this.quote === null) return;
    if (!["over", "blocked"].includes(stateOf(this.#known()))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#confirming = true;
    this.#submitter = event.submitter;
    this.#draw();
    this.#view.tell("Not sent. It would be refused as it is.");
  }

  #sendAnyway() {
    const { node } = this.#field;
    const submitter = this.#submitter?.form === node?.form ? this.#submitter : null;
    // The button pressed goes; whoever came by keyboard stands where they pressed the first.
    if (this.shadowRoot.activeElement) (submitter ?? node)?.focus();
    this.#confirming = false;
    this.#allowed = true;
    node?.form?.requestSubmit(submitter);
    this.#allowed = false;
    this.#draw();
  }
}

reflect(TextMeter.prototype);
