// Where the message goes: an ARIA combobox that takes countries by name or code and numbers typed or pasted,
// and keeps each as a chip.
import { byId, h, icon, show } from "./dom.js";
import { allPlaces, codeMeant, findPlaces, flag, placeName } from "./places.js";
import { readableNumber, unpricedLabel, whyUnpriced } from "./textmeter/composer/words.js";

const LOOKS_LIKE_A_NUMBER = /^[\s(]*(\+|tel:|\p{Nd})/iu;
const SEPARATORS = /[,;\n\t]+/;
const IS_PLACE = /^[A-Z]{2}$/;

/**
 * Wires the field up. `prices(codes)` says what each costs in a few words,
 * `look(typed)` gives the meter's recipient for a number, `changed()` is called when the list is another.
 */
export class Recipients {
  #list = [];
  #drawn = "";
  #options = [];
  #active = -1;
  #input = byId("to");
  #box = byId("to-list");
  #chips = byId("chips");
  #hooks;

  constructor(hooks) {
    this.#hooks = hooks;
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("focus", () => LOOKS_LIKE_A_NUMBER.test(this.#input.value) && this.#suggest());
    this.#input.addEventListener("click", () => this.#suggest());
    this.#input.addEventListener("blur", () => this.#left());
    this.#input.addEventListener("paste", (event) => this.#pasted(event));
    this.#box.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    byId("to-row").addEventListener("pointerdown", (event) => {
      if (event.target.closest("button, input, [role=option]")) return;
      event.preventDefault();
      this.#input.focus();
    });
  }

  /** What the meter is asked about: the chips, and a number being typed. */
  get value() {
    const typing = this.#input.value.trim();
    return LOOKS_LIKE_A_NUMBER.test(typing) ? [...this.#list, typing] : [...this.#list];
  }

  set value(list) {
    this.#list = [...list];
    this.#input.value = "";
    this.#close();
    this.#changed();
  }

  /** Draws the chips; `answers` are the meter's recipients, in the order of `value`. */
  draw(answers) {
    const drawn = JSON.stringify(this.#list.map((to, at) => [to, answers[at]?.to, answers[at]?.territory, answers[at]?.status]));
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.#chips.replaceChildren(...this.#list.map((to, at) => this.#chip(to, answers[at], at)));
    }
    const some = show(this.#chips, this.#list.length > 0);
    this.#input.placeholder = some ? "Add another" : "Country or phone number";
    const typing = this.value.length > this.#list.length ? answers[this.#list.length] : undefined;
    this.#note(typing && typing.status !== "priced" && typing.status !== "too-short" ? whyUnpriced(typing) : this.#unknownPlace());
  }

  #chip(to, answer, at) {
    const code = answer?.territory ?? null;
    const label = IS_PLACE.test(to) ? placeName(to) : readableNumber(answer?.to ?? to);
    const trouble = answer && answer.status !== "priced" ? unpricedLabel(answer) : null;
    const remove = h("button", { type: "button", class: "chip-remove", "aria-label": `Remove ${label}`, onclick: () => this.#remove(at) }, icon("cross"));
    return h(
      "li",
      { class: "chip", "data-trouble": trouble !== null },
      code ? flag(code) : null,
      h("span", { class: "chip-name" }, label, code && !IS_PLACE.test(to) ? h("span", { class: "quiet" }, `, ${placeName(code)}`) : null),
      trouble ? h("span", { class: "chip-trouble" }, trouble) : null,
      remove,
    );
  }

  #remove(at) {
    this.#list.splice(at, 1);
    this.#input.focus();
    this.#changed();
  }

  #add(...entries) {
    for (const entry of entries) {
      const again = IS_PLACE.test(entry) && this.#list.includes(entry);
      if (entry !== "" && !again) this.#list.push(entry);
    }
    this.#input.value = "";
    this.#close();
    this.#changed();
    this.#input.scrollIntoView({ block: "nearest" }); // the chips may scroll
  }

  #changed() {
    this.#hooks.changed();
  }

  #typed() {
    const text = this.#input.value;
    if (SEPARATORS.test(text)) {
      this.#addTyped(text);
      return;
    }
    this.#suggest();
    this.#changed();
  }

  #pasted(event) {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!SEPARATORS.test(text.trim())) return; // one number or name: as if typed
    event.preventDefault();
    this.#addTyped(this.#input.value + text);
  }

  /** Adds what a separator ends: numbers as they are, names and codes as their country. */
  #addTyped(text) {
    const pieces = text.split(SEPARATORS).map((piece) => piece.trim()).filter(Boolean);
    this.#add(...pieces.map((piece) => this.#place(piece) ?? piece));
  }

  /** The country a name or code means, if it is that name or code, or the only one that fits. */
  #place(typed) {
    if (LOOKS_LIKE_A_NUMBER.test(typed)) return undefined;
    const found = findPlaces(allPlaces(), typed);
    const wanted = typed.toLowerCase();
    const meant = codeMeant(typed);
    const exact = found.find(({ code, name }) => code === meant || name.toLowerCase() === wanted);
    // Two letters are a code or nothing: "EQ" need not mean the only place that begins so.
    return (exact ?? (found.length === 1 && meant === undefined ? found[0] : undefined))?.code;
  }

  #unknownPlace() {
    const typed = this.#input.value.trim();
    if (typed === "" || LOOKS_LIKE_A_NUMBER.test(typed)) return "";
    if (findPlaces(allPlaces(), typed).length === 0) return "No country has that name. Give a country, its code, or a phone number with +.";
    return document.activeElement === this.#input ? "" : "Choose the country from the list.";
  }

  #note(text) {
    const note = byId("to-note");
    if (note.textContent !== text) note.textContent = text;
    show(note, text !== "");
  }

  #left() {
    const typed = this.#input.value.trim();
    this.#close();
    const entry = LOOKS_LIKE_A_NUMBER.test(typed) ? typed : typed !== "" ? this.#place(typed) : undefined;
    if (entry !== undefined) this.#add(entry);
    else if (typed !== "") this.#note(this.#unknownPlace());
  }

  #suggest() {
    const typed = this.#input.value.trim();
    if (LOOKS_LIKE_A_NUMBER.test(typed)) {
      const answer = this.#hooks.look(typed);
      const known = answer?.territory ?? null;
      this.#options = known ? [{ entry: typed, code: known, name: placeName(known), detail: readableNumber(answer.to), price: this.#hooks.prices([typed])[0] ?? "" }] : [];
    } else {
      const found = findPlaces(allPlaces(), typed);
      const prices = this.#hooks.prices(found.map(({ code }) => code));
      this.#options = found.map(({ code, name }, at) => ({ entry: code, code, name, detail: code, price: prices[at] ?? "" }));
    }
    this.#active = typed === "" || this.#options.length === 0 ? -1 : 0;
    this.#open();
  }

  #open() {
    const items = this.#options.map((option, at) =>
      h(
        "li",
        { id: `to-option-${at}`, role: "option", class: "option", "aria-selected": String(at === this.#active), onclick: () => this.#add(option.entry) },
        flag(option.code),
        h("span", { class: "option-name" }, option.name, " ", h("span", { class: "option-detail" }, option.detail)),
        h("span", { class: "option-price" }, option.price),
      ),
    );
    this.#box.replaceChildren(...items);
    const open = items.length > 0;
    show(this.#box, open);
    this.#box.scrollTop = 0;
    this.#input.setAttribute("aria-expanded", String(open));
    this.#point();
  }

  #close() {
    this.#options = [];
    this.#active = -1;
    this.#box.replaceChildren();
    show(this.#box, false);
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #point() {
    for (const [at, item] of [...this.#box.children].entries()) item.setAttribute("aria-selected", String(at === this.#active));
    const item = this.#box.children[this.#active];
    if (!item) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    this.#input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing) return;
    const open = this.#options.length > 0;
    const last = this.#options.length - 1;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        if (!open) this.#suggest();
        else if (event.key === "ArrowDown") this.#active = this.#active >= last ? 0 : this.#active + 1;
        else this.#active = this.#active <= 0 ? last : this.#active - 1;
        this.#point();
        return;
      }
      case "Enter": {
        event.preventDefault();
        const typed = this.#input.value.trim();
        if (this.#options[this.#active]) this.#add(this.#options[this.#active].entry);
        else if (typed !== "") this.#addTyped(typed);
        return;
      }
      case "Escape":
        if (open) {
          event.preventDefault();
          this.#close();
        }
        return;
      case "Backspace":
        if (this.#input.value === "" && this.#list.length > 0) this.#remove(this.#list.length - 1);
        return;
      default:
    }
  }
}
