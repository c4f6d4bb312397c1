// What the same text costs across the world: a tile for each territory, about where it lies, darker the dearer. No map of
// borders: all territories are as easy to see and to hit, and it needs no picture.
import { byId, h, say } from "./dom.js";
import { placeName } from "./places.js";
import { compareAmounts } from "./textmeter/composer/money.js";
import { list, plural } from "./textmeter/composer/words.js";

/** North up, each place beside its neighbours as far as a grid allows. */
const TILES = `
.. .. .. .. .. .. .. GL .. .. .. IS .. FO SJ NO SE FI
.. .. CA .. PM .. .. .. .. .. .. .. IM .. .. DK AX EE .. .. RU
.. .. US .. .. .. .. .. .. .. .. IE GB .. NL DE PL LV
.. .. .. .. .. BM .. .. .. .. .. GG JE BE LU CZ SK LT BY .. .. KZ
.. .. MX .. .. BS TC VG AI MF .. .. FR CH LI AT HU UA .. .. .. UZ KG .. MN
.. .. GT BZ KY HT DO PR VI BL .. AD MC IT SI HR RS RO MD GE .. TM TJ .. CN .. KR JP
.. .. SV HN .. JM .. .. KN AG PT ES VA SM BA ME XK BG .. AM AZ AF PK NP BT .. TW
.. .. .. NI .. .. .. .. MS GP .. GI .. MT .. AL MK GR TR .. .. .. .. IN BD MO HK
.. .. .. CR .. AW CW BQ DM MQ .. MA DZ TN .. .. .. .. CY LB IQ .. .. .. MM LA VN .. PH
.. .. .. PA .. .. GD VC LC BB EH .. .. .. LY EG .. PS IL JO KW .. .. LK .. TH KH .. GU MP
.. .. .. CO VE GY SR TT .. CV MR ML BF NE TD SD ER DJ .. SA BH QA .. .. .. MY .. BN PW FM MH
.. .. .. .. EC BR GF .. .. SN GM GN GH BJ NG CF SS ET SO YE AE OM MV .. .. SG .. .. .. .. KI
.. .. .. .. PE BO .. .. .. .. GW SL CI TG CM CG UG KE .. .. .. .. .. .. .. .. ID TL PG SB TV
.. .. .. .. .. PY UY .. .. .. .. LR ST GQ GA CD RW TZ .. SC .. .. .. CC CX .. .. .. .. VU WF WS
.. .. .. .. CL AR .. .. .. .. .. .. .. .. AO ZM BI MW KM YT .. .. .. .. .. .. AU .. NC FJ .. AS
.. .. .. .. .. .. .. .. .. .. .. .. .. .. NA BW ZW MZ MG MU RE .. .. .. .. .. .. NF .. .. TO NU
.. .. .. .. .. .. FK .. .. .. .. .. .. .. .. ZA SZ .. .. .. .. .. .. .. .. .. .. .. NZ .. CK PF
.. .. .. .. .. .. .. .. .. .. .. .. .. .. .. LS
`;

/** So many shades, each for as many territories as the others: prices are crowded at the cheap end. */
const SHADES = 6;

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The picture. `choose(code)` makes a territory the destination. */
export class World {
  #tiles = new Map();
  #money = null;
  #view = null;
  #seen = false;
  #timer;
  #choose;
  #current = null;

  constructor(choose) {
    this.#choose = choose;
    new IntersectionObserver(([entry]) => {
      this.#seen = entry.isIntersecting;
      if (this.#seen && this.#tiles.size === 0) this.#build();
      if (this.#seen && this.#view !== null) this.#draw();
    }, { rootMargin: "300px" }).observe(byId("world"));
  }

  /** Only once somebody comes near it: there are hundreds. */
  #build() {
    for (const [row, line] of TILES.trim().split("\n").entries()) {
      for (const [column, code] of line.split(" ").entries()) if (code !== "..") this.#tiles.set(code, this.#tile(code, row, column));
    }
    const tiles = [...this.#tiles.values()].map(({ element }) => element);
    this.#reachable(tiles[0]);
    byId("world-tiles").replaceChildren(...tiles);
    byId("world-tiles").addEventListener("keydown", (event) => this.#step(event));
    byId("world-tiles").addEventListener("mouseleave", () => this.#tell(null));
  }

  /** The message at hand changed; the picture follows once it is in sight. */
  follow(view) {
    this.#view = view;
    clearTimeout(this.#timer);
    if (this.#seen) this.#timer = setTimeout(() => this.#draw(), 120);
  }

  #tile(code, row, column) {
    const place = { code, row, column, total: null, element: null };
    const element = h("button", {
      type: "button",
      class: "tile-place",
      tabIndex: -1,
      onclick: () => this.#choose(code),
      onmouseenter: () => this.#tell(place),
      onfocus: () => (this.#reachable(element), this.#tell(place)),
    }, h("span", {}, code), h("span", { class: "quiet" }, ` ${placeName(code)}`));
    element.style.gridArea = `${row + 1} / ${column + 1}`;
    place.element = element;
    return place;
  }

  /** One of them is in the order of the Tab key; arrows lead to the others. */
  #reachable(element) {
    this.#current?.setAttribute("tabindex", "-1");
    this.#current = element;
    element.setAttribute("tabindex", "0");
  }

  #step(event) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = [...this.#tiles.values()].find(({ element }) => element === document.activeElement);
    const [down, right] = step;
    const ahead = [...this.#tiles.values()].map((place) => {
      const along = (place.row - from.row) * down + (place.column - from.column) * right;
      const aside = Math.abs((place.row - from.row) * right) + Math.abs((place.column - from.column) * down);
      return { place, along, far: along + 3 * aside };
    });
    const nearest = ahead.filter(({ along }) => along > 0).sort((a, b) => a.far - b.far)[0];
    nearest?.place.element.focus();
  }

  /** One question to the meter: the text is read once, and nothing is added up here. */
  #draw() {
    const { answer, request, ask, card, money, unit } = this.#view;
    if (card === null) return;
    this.#money = money;
    const mine = answer !== null && answer.quantity > 0 && unit !== "minute";
    const call = unit === "minute" ? { text: "", minutes: request?.minutes ?? "1" } : { text: mine ? request.text : "a", minutes: undefined, line_type: undefined };
    const places = [...this.#tiles.values()];
    const everywhere = ask({ ...request, ...call, to: places.map(({ code }) => code), balance: undefined });
    if (everywhere === null) return; // the text cannot be sent at all: the last picture stays
    for (const [at, place] of places.entries()) place.total = everywhere.recipients[at].total;
    const priced = places.filter(({ total }) => total !== null).sort((a, b) => compareAmounts(a.total, b.total));
    const chosen = new Set(answer?.recipients.map(({ territory }) => territory));
    for (const place of places) {
      place.element.dataset.shade = "none";
      place.element.toggleAttribute("data-chosen", chosen.has(place.code));
      say(place.element.lastChild, ` ${placeName(place.code)}, ${this.#price(place)}`);
    }
    for (const shade of shadesOf(priced)) for (const { element } of shade.places) element.dataset.shade = String(shade.at);
    this.#legend(shadesOf(priced));
    this.#head(priced, unit === "minute" ? "call" : mine ? "your message" : "one message", everywhere);
    this.#tell(null);
  }

  #price({ total }) {
    return total === null ? "no rate" : this.#money(total);
  }

  #head(priced, what, { quantity, unit }) {
    say(byId("world-title"), what === "call" ? "The same call across the world" : "The same text across the world");
    if (priced.length === 0) return;
    const ends = [priced[0], priced.at(-1)].map(({ total }) => priced.filter((place) => compareAmounts(place.total, total) === 0));
    const names = (places) => (places.length > 3 ? plural(places.length, "destination") : list(places.map(({ code }) => placeName(code))));
    const much = quantity > 1 ? ` of ${plural(quantity, unit)}` : "";
    say(byId("world-lead"), `${what === "call" ? "This call" : what[0].toUpperCase() + what.slice(1)}${much} costs from ${this.#price(ends[0][0])} to ${names(ends[0])} up to ${this.#price(ends[1][0])} to ${names(ends[1])}.`);
  }

  #legend(shades) {
    const items = shades.map(({ at, places }) => h("li", {}, h("span", { class: "swatch", "data-shade": at }), h("span", {}, `to ${this.#price(places.at(-1))}`)));
    byId("world-legend").replaceChildren(...items, h("li", {}, h("span", { class: "swatch", "data-shade": "none" }), h("span", {}, "no rate")));
  }

  #tell(place) {
    say(byId("world-told"), place === null ? "Choose one to send there." : `${placeName(place.code)}: ${this.#price(place)}`);
  }
}

/** Priced places, cheapest first, in shades of about as many each; equal prices share one. */
function shadesOf(priced) {
  const shades = [];
  for (const [at, place] of priced.entries()) {
    const last = shades.at(-1);
    const same = last !== undefined && compareAmounts(last.places.at(-1).total, place.total) === 0;
    if (same || (last !== undefined && at < (shades.length * priced.length) / SHADES)) last.places.push(place);
    else shades.push({ at: shades.length, places: [place] });
  }
  return shades;
}
