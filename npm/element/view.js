// The element's shadow: built once, then only changed where something is different.
import { Announcer } from "../composer/announce.js";
import { h, icon, say, show } from "../composer/dom.js";
import { alphabet, count, plural } from "../composer/words.js";
import { drawFindings, drawRow, factsOf, rowsOf, worthShowing } from "./panel.js";
import { balanceOf, isNear, lineOf, matter, roomOf, sentenceOf } from "./sentences.js";
import { Mirror } from "./mirror.js";
import { styleSheet } from "./style.js";
import { Ways } from "./ways.js";

/** More segments than this are one bar. */
const CELLS_MOST = 12;

export class View {
  #root;
  #act;
  #spoken = h("p", { class: "quiet", role: "status" });
  #announcer = new Announcer(this.#spoken);
  #parts;
  #funds = h("slot", { name: "add-funds" });
  #rows = h("div", { class: "rows" });
  #findings = h("div", { class: "list", hidden: true });
  #drawnRows = "[]";
  #drawnFindings = "[]";
  #dismissed = "";
  #open = false;
  #ways;

  constructor(root, act) {
    this.#root = root;
    this.#act = act;
    this.#ways = new Ways(act.redraw);
    this.dress();
    const part = (name, tag = "span", props = {}) => h(tag, { class: name, part: name, "aria-hidden": "true", ...props });
    const parts = {
      stop: h("span", { class: "stop", hidden: true }, icon("stop")),
      cost: part("cost"),
      why: part("why"),
      meter: part("meter", "span", { role: "meter", "aria-hidden": "false", "aria-label": "Message length", "aria-valuemin": "0", hidden: true }),
      room: part("room"),
      balance: part("balance"),
      toggle: h("button", { type: "button", class: "toggle", part: "toggle", "aria-expanded": "false", "aria-controls": "panel", hidden: true }, h("span", {}), icon("down")),
      panel: h("div", { class: "panel", part: "warning", id: "panel", role: "group", "aria-label": "About this message", hidden: true }, this.#rows, this.#findings),
    };
    parts.room.append(h("span", {}), h("span", { class: "rest" }));
    parts.base = h("div", { class: "base", "data-state": "waiting" }, h("div", { class: "line", part: "line" }, parts.stop, parts.cost, parts.why, parts.meter, parts.room, parts.balance, parts.toggle), parts.panel);
    this.#parts = parts;
    const sheet = h("div", { class: "mirror", "aria-hidden": "true", hidden: true, dir: "auto" });
    root.append(h("slot", {}), h("slot", { name: "description" }), sheet, parts.base, this.#spoken);
    this.mirror = new Mirror(sheet);

    parts.toggle.addEventListener("click", () => {
      this.#open = !this.#open;
      this.#dismissed = "";
      act.redraw();
    });
    // A button must not take the focus from the text while it is pressed: the panel would be gone before the click.
    parts.base.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
    parts.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#open = false;
      this.#dismissed = this.#drawnRows;
      act.redraw();
      act.focus();
    });
  }

  /** What is shown and hidden with the element: the box whose size says so. */
  get box() {
    return this.#parts.base;
  }

  /** A sheet is of one document: another one, where the element was moved, needs its own. */
  dress() {
    const sheet = styleSheet(this.#root.ownerDocument);
    if (sheet) this.#root.adoptedStyleSheets = [sheet];
  }

  draw(view) {
    const line = lineOf(view);
    const { base, stop, cost } = this.#parts;
    base.className = ["base", line.state, isNear(view) ? "near" : "", line.cost === null ? "bare" : ""].filter(Boolean).join(" ");
    base.dataset.state = line.state;
    show(stop, line.state === "over" || line.state === "blocked");
    say(cost, line.cost ?? "");
    show(cost, line.cost !== null);
    this.#drawWhy(line, view);
    this.#drawMeter(view, line);
    this.#drawBalance(view, line.state);
    this.#drawPanel(view, line.state);
    this.#speak(view);
    return line.state;
  }

  #drawWhy({ place, why, because = "" }, { trouble, ratesLink }) {
    const box = this.#parts.why;
    const text = JSON.stringify([place, why, because]);
    if (box.dataset.text === text) return;
    box.dataset.text = text;
    box.toggleAttribute("data-because", because !== "");
    box.title = [place, why, because].filter(Boolean).join(" · "); // a narrow line leaves some of it out
    const link = trouble && ratesLink ? [" ", h("a", { href: ratesLink }, "See the rates")] : [];
    box.ariaHidden = String(link.length === 0);
    box.replaceChildren(...(place === "" ? [] : [h("span", { class: "place" }, `${place} · `)]), why, ...(because === "" ? [] : [h("span", { class: "because" }, ` · ${because}`)]), ...link);
  }

  #drawMeter(view, { cost }) {
    const { meter, room } = this.#parts;
    const { quote } = view;
    const wanted = quote !== null && quote.unit !== "minute" && quote.units > 0 && (cost !== null || quote.recipients.length === 0 || quote.total === null);
    if (show(room, wanted)) {
      const [figure, rest] = roomOf(view);
      say(room.firstChild, figure);
      say(room.lastChild, rest);
    }
    if (!show(meter, wanted)) return;
    const of = quote.units + quote.units_left;
    const capacity = (quote.parts.at(-1)?.units ?? 0) + quote.units_left;
    const fills = quote.parts.length > CELLS_MOST ? [quote.units / of] : quote.parts.map(({ units }) => Math.min(1, units / capacity)); // geometry, not money
    while (meter.children.length > fills.length) meter.lastChild.remove();
    while (meter.children.length < fills.length) meter.append(h("span", { class: "cell" }, h("span", { class: "fill" })));
    for (const [at, fill] of fills.entries()) meter.children[at].firstChild.style.setProperty("--fill", String(fill));
    meter.ariaValueMax = String(of);
    meter.ariaValueNow = String(quote.units);
    meter.ariaValueText = `${count(quote.units)} of ${count(of)}, ${plural(quote.segments, "segment")}, ${alphabet(quote.encoding)}`;
  }

  #drawBalance(view, state) {
    const box = this.#parts.balance;
    const money = balanceOf(view, state);
    const text = JSON.stringify(money);
    if (!show(box, money !== null) || box.dataset.text === text) return;
    box.dataset.text = text;
    const before = money.before === "" ? null : h("span", { class: "before" }, `${money.before} → `);
    box.replaceChildren(...[before, h("b", {}, money.after), money.more === "" ? null : h("span", { class: "more" }, ` · ${money.more}`)].filter(Boolean));
  }

  #drawPanel(view, state) {
    const { toggle, panel } = this.#parts;
    if (state !== "over") this.#ways.forget();
    const rows = rowsOf(view, state, this.#ways);
    const facts = state === "unavailable" ? [] : view.findings;
    const key = JSON.stringify([rows, view.longest, view.quote?.currency]);
    if (key !== this.#drawnRows) {
      this.#drawnRows = key;
      this.#rows.replaceChildren(...rows.map((row) => drawRow(row, view, this.#act, this.#funds)));
    }
    this.#rows.querySelector(".ways")?.setAttribute("aria-busy", String(!this.#ways.fresh));
    const drawn = JSON.stringify([factsOf(view), view.quote?.segments, view.quote?.currency]);
    if (drawn !== this.#drawnFindings) {
      this.#drawnFindings = drawn;
      this.#findings.replaceChildren(drawFindings(view, this.#act));
    }
    if (!show(toggle, facts.length > 0)) this.#open = false;
    toggle.ariaExpanded = String(this.#open);
    toggle.ariaLabel = `${plural(facts.length, "kind")} of character to look at`;
    say(toggle.firstChild, count(facts.length));
    show(this.#findings, this.#open);
    const told = worthShowing(rows, this.#funds.assignedNodes().length > 0) && this.#dismissed !== key;
    show(this.#rows, told || (this.#open && rows.length > 0));
    if (show(panel, told || this.#open)) this.#act.place(panel);
  }

  /** Puts marks and panel where they belong, after the page around them may have moved. */
  settle() {
    this.mirror.lay();
    if (!this.#parts.panel.hidden) this.#act.place(this.#parts.panel);
  }

  /** Says at once what somebody has to know now; what was said just before is said again, which takes another text. */
  tell(sentence) {
    this.#spoken.textContent = this.#spoken.textContent === sentence ? `${sentence}\u00a0` : sentence;
  }

  #speak(view) {
    if (this.#spoken.textContent === "" && view.quote !== null) this.#spoken.textContent = sentenceOf(view);
    this.#announcer.tell(matter(view), () => sentenceOf(view));
  }
}
