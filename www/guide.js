// The International Pricing Guide: every rate of the card, to search and to sort, and what the message at hand would cost.
import { byId, h, pause, show } from "./dom.js";
import { compareAmounts, moneyFormat } from "./textmeter/composer/money.js";
import { allPlaces, findPlaces, flag, placeName } from "./places.js";
import { date, plural } from "./textmeter/composer/words.js";

/** Most rates have this many, so that the points stand under each other. */
const COLUMN_DECIMALS = 4;

const COLUMNS = {
  texting: [
    { key: "name", label: "Destination" },
    { key: "rate", label: "Rate", wide: true },
    { key: "each", label: "One message" },
    { key: "mine", label: "Your message" },
  ],
  calling: [
    { key: "name", label: "Destination" },
    { key: "landline", label: "Landline" },
    { key: "mobile", label: "Mobile" },
  ],
};

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The sentences of a note; whole where the browser cannot tell them apart. */
function sentences(text) {
  if (text === "" || typeof Intl.Segmenter !== "function") return text === "" ? [] : [text];
  return Array.from(new Intl.Segmenter("en", { granularity: "sentence" }).segment(text), ({ segment }) => segment.trim());
}

/** So many rows are made at a time: there are hundreds, and somebody may be typing. */
const ROWS_AT_ONCE = 20;

/** The table. `choose(code)` makes a row's country the destination. */
export class Guide {
  #kind = "texting";
  #sort = { key: "name", down: false };
  #rows = [];
  #card = null;
  #view = null;
  #seen = false;
  #timer;
  #choose;

  constructor(choose) {
    this.#choose = choose;
    byId("guide-search").addEventListener("input", () => this.#arrange());
    new IntersectionObserver(([entry]) => {
      this.#seen = entry.isIntersecting;
      if (this.#seen && this.#view) this.#price();
    }, { rootMargin: "400px" }).observe(byId("guide-table"));
  }

  /** A card was read: lists its rows. */
  async open(card) {
    this.#card = card;
    const money = moneyFormat(card.currency, { decimals: COLUMN_DECIMALS });
    this.#origin(card);
    const kinds = [["texting", "Texting"], ["calling", "Calling"]].filter(([kind]) => Object.keys(card[kind]?.territories ?? {}).length > 0);
    byId("guide-kinds").replaceChildren(...kinds.map(([kind, label]) => this.#kindButton(kind, label)));
    const rows = Object.entries(card.texting?.prefixes ?? {}).map(([prefix, rate]) => this.#prefixRow(prefix, rate, money));
    this.#heads();
    for (const { code, name } of allPlaces()) {
      rows.push(this.#cells(this.#row(card, code, name, money)));
      if (rows.length % ROWS_AT_ONCE === 0) await pause();
      if (this.#card !== card) return; // a newer one was read meanwhile
    }
    this.#rows = rows;
    this.#arrange();
  }

  /** Where the figures come from: the card's source and the first sentence of its note in sight, all the rest at hand. */
  #origin(card) {
    byId("guide-source").textContent = `As of ${date(card.as_of)}. ${sentence(card.source ?? "Source not named")}`;
    const [first, ...rest] = sentences(card.note ?? "");
    if (show(byId("guide-note"), first !== undefined)) byId("guide-note").textContent = first;
    const tables = [["Texting", card.texting], ["Calling", card.calling]].filter(([, table]) => table?.source || table?.note);
    const about = (name, table) => h("p", {}, h("strong", {}, `${name}, ${date(table.as_of ?? card.as_of)}. `), [table.source && sentence(table.source), table.note].filter(Boolean).join(" "));
    const more = [rest.length > 0 && h("p", {}, rest.join(" ")), ...tables.map(([name, table]) => about(name, table))].filter(Boolean);
    byId("guide-more").replaceChildren(...more);
    show(byId("guide-about"), more.length > 0);
  }

  /** The message at hand changed; its price everywhere is worked out once the table is in sight. */
  follow(view) {
    this.#view = view;
    clearTimeout(this.#timer);
    if (this.#seen) this.#timer = setTimeout(() => this.#price(), 120);
  }

  #kindButton(kind, label) {
    const radio = h("input", { type: "radio", name: "guide-kind", value: kind, checked: kind === this.#kind });
    radio.addEventListener("change", () => {
      this.#kind = kind;
      this.#sort = { key: "name", down: false };
      this.#heads();
      for (const row of this.#rows) this.#cells(row);
      if (this.#view) this.#price();
      this.#arrange();
    });
    return h("label", {}, radio, h("span", {}, label));
  }

  #row(card, code, name, money) {
    const table = card.texting ?? {};
    const as = table.territories?.[code] === undefined ? table.fallbacks?.[code] : undefined;
    const local = card.local?.includes(code) ?? false;
    const call = card.calling?.territories?.[code] ?? card.calling?.territories?.[card.calling?.fallbacks?.[code]];
    const row = {
      code,
      name,
      local,
      amounts: { rate: local ? null : table.territories?.[code] ?? table.territories?.[as] ?? null, each: null, mine: null, landline: local ? null : call?.landline ?? null, mobile: local ? null : call?.mobile ?? null },
    };
    const note = local ? "local" : as ? `as ${placeName(as)}` : "";
    row.heading = h(
      "th",
      { scope: "row" },
      h("button", { type: "button", class: "row-name", onclick: () => this.#choose(code) }, flag(code), h("span", {}, name, " ", h("span", { class: "row-code" }, code))),
      note ? h("span", { class: "row-note" }, note) : null,
    );
    row.money = money;
    return row;
  }

  #prefixRow(prefix, rate, money) {
    const heading = h("th", { scope: "row" }, h("span", { class: "row-name" }, h("span", { class: "flag letters", "aria-hidden": "true" }, "+"), h("span", {}, `Numbers from +${prefix}`)));
    return this.#cells({ code: prefix, name: `+${prefix}`, local: false, amounts: { rate, each: null, mine: null, landline: null, mobile: null }, heading, money });
  }

  #heads() {
    const heads = COLUMNS[this.#kind].map(({ key, label, wide }) => {
      const order = h("button", { type: "button", class: "order", onclick: () => this.#orderBy(key) }, label);
      const sorted = key === this.#sort.key ? (this.#sort.down ? "descending" : "ascending") : "none";
      return h("th", { scope: "col", "aria-sort": sorted, "data-wide": wide === true }, order);
    });
    byId("guide-columns").replaceChildren(...heads);
  }

  /** Gives a row the cells of the columns there are. */
  #cells(row) {
    row.element = h("tr", {}, row.heading);
    row.cells = {};
    for (const { key, wide } of COLUMNS[this.#kind].slice(1)) {
      row.cells[key] = h("td", { "data-wide": wide === true });
      row.element.append(row.cells[key]);
      this.#fill(row, key);
    }
    return row;
  }

  #fill(row, key) {
    const amount = row.amounts[key];
    const cell = row.cells[key];
    if (!cell) return;
    cell.textContent = amount !== null ? row.money(amount) : row.local && key !== "mine" && key !== "each" ? "local" : row.amounts.rate === null && key === "rate" ? "no rate" : "–";
    cell.toggleAttribute("data-none", amount === null);
  }

  /** One segment, and the message at hand, to every territory: asked of the meter, never added up here. */
  #price() {
    const { answer, request, ask, card } = this.#view;
    if (this.#kind !== "texting" || card === null) return;
    const texting = card.channels[request?.channel]?.unit === "minute" ? "api" : request?.channel;
    const base = { ...request, channel: texting, balance: undefined, minutes: undefined, line_type: undefined };
    const priced = this.#rows.filter((row) => /^[A-Z]{2}$/.test(row.code));
    const everywhere = ask({ ...base, to: priced.map((row) => row.code) }); // one question: the text is read once
    for (const [at, row] of priced.entries()) {
      const { per_unit = null, total = null } = everywhere?.recipients[at] ?? {};
      row.amounts.each = per_unit;
      row.amounts.mine = answer !== null && everywhere?.quantity > 0 ? total : null;
      this.#fill(row, "each");
      this.#fill(row, "mine");
    }
    if (this.#sort.key === "mine" || this.#sort.key === "each") this.#arrange();
  }

  #orderBy(key) {
    this.#sort = { key, down: this.#sort.key === key && !this.#sort.down };
    for (const [at, column] of COLUMNS[this.#kind].entries()) {
      const sorted = column.key === key ? (this.#sort.down ? "descending" : "ascending") : "none";
      byId("guide-columns").children[at].setAttribute("aria-sort", sorted);
    }
    this.#arrange();
  }

  #arrange() {
    const query = byId("guide-search").value;
    const found = findPlaces(this.#rows, query);
    const { key, down } = this.#sort;
    const rows = key === "name" && query.trim() !== "" && !down ? found : this.#sorted(found);
    byId("guide-rows").replaceChildren(...rows.map((row) => row.element));
    const rated = rows.filter((row) => row.local || row.amounts.rate !== null || row.amounts.landline !== null).length;
    const all = query.trim() === "" ? plural(rated, "destination") : rows.length === 0 ? "No destination has that name." : plural(rows.length, "destination");
    byId("guide-count").textContent = all;
    show(byId("guide-table"), rows.length > 0);
  }

  #sorted(rows) {
    const { key, down } = this.#sort;
    const way = down ? -1 : 1;
    const order = new Intl.Collator(navigator.languages);
    return [...rows].sort((a, b) => {
      if (key === "name") return a.name.startsWith("+") === b.name.startsWith("+") ? way * order.compare(a.name, b.name) : a.name.startsWith("+") ? 1 : -1;
      const [one, other] = [a.amounts[key], b.amounts[key]];
      if (one === null || other === null) return one === other ? order.compare(a.name, b.name) : one === null ? 1 : -1;
      return way * compareAmounts(one, other) || order.compare(a.name, b.name);
    });
  }
}

