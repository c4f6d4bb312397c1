// A whole list priced in the page: takes it, has a Worker price it, and draws what it comes to. The list stays here: it is read
// again for every change of the message, and nothing of it is sent anywhere.
import { byId, say, show } from "../dom.js";
import { drawAnswer } from "./answer.js";
import { drawDesk, insertPlace, template } from "./desk.js";
import { Door } from "./door.js";
import { EXAMPLE_BALANCE, EXAMPLE_TEMPLATE, exampleList } from "./example.js";
import { frame } from "./frame.js";
import { hand } from "./hand.js";
import { drawPictures } from "./pictures.js";
import { Pricing } from "./pricing.js";
import { sentence, sentenceOf } from "./words.js";

/** How long somebody writes nothing before the list is priced anew. */
const PAUSE_MILLISECONDS = 350;

/** From when on something takes long. */
const LONG_MILLISECONDS = 2000;

/** What a list is before anything is known of it. `asked` and `of`: what was asked last, and what the figures are of. */
const FRESH = { look: null, priced: null, asked: null, of: null, error: null, progress: null, stopped: false, milliseconds: null, making: null };

/** How the list is read, by the field that says so. */
const READINGS = {
  "list-header": (value) => ({ header: value === "row" ? false : undefined }),
  "list-delimiter": (value) => ({ delimiter: value || undefined }),
  "list-encoding": (value) => ({ list_encoding: value || undefined }),
};

export class List {
  #pricing = new Pricing();
  #files = new Pricing();
  #hooks;
  #view = null;
  #list = null;
  #seen = { ...FRESH };
  #choices = {};
  #timer;

  /** `hooks.balance(amount)` puts one into the composer where there is none. */
  constructor(hooks) {
    this.#hooks = hooks;
    byId("list-body").replaceChildren(...frame());
    new Door({ take: (list) => this.#take(list), example: () => this.#example() });
    template().addEventListener("input", () => this.#later());
    for (const id of ["list-phone", "list-opt-out", "list-twice", ...Object.keys(READINGS)]) byId(id).addEventListener("change", () => this.#chosen(id));
    byId("list-close").addEventListener("click", () => this.#close());
    byId("list-stop").addEventListener("click", () => this.#stop());
  }

  /** What the composer says: balance, channel, sender, region, smart encoding. */
  follow(view) {
    this.#view = view;
    if (this.#list === null) return;
    if (!this.#isNow(this.#seen.asked)) this.#later();
    else this.#draw();
  }

  #take(list) {
    this.#files.stop();
    this.#list = list;
    this.#seen = { ...FRESH };
    this.#choices = {};
    if (template().value === "") template().value = this.#view.state.text.trim();
    this.#price();
    byId("list").scrollIntoView({ block: "start" });
    if (this.#unwritten) template().focus({ preventScroll: true });
  }

  #example() {
    template().value = EXAMPLE_TEMPLATE;
    this.#hooks.balance(EXAMPLE_BALANCE);
    this.#take(exampleList());
  }

  #close() {
    this.#halt();
    this.#files.stop();
    this.#list = null;
    this.#seen = { ...FRESH };
    this.#draw();
    byId("list-choose").focus();
  }

  #chosen(id) {
    const { value } = byId(id);
    if (id === "list-phone") this.#choices.phone_column = value || undefined;
    if (id === "list-opt-out") this.#choices.opt_out_column = value || undefined;
    if (id === "list-twice") this.#choices.keep_duplicates = value === "each" || undefined;
    // Read otherwise, its columns are called otherwise.
    if (id in READINGS) this.#choices = { ...this.#choices, ...READINGS[id](value), phone_column: undefined, opt_out_column: undefined };
    this.#price();
  }

  #request() {
    const { state, request } = this.#view;
    const smart = state.smart === "" ? undefined : state.smart === "on";
    return { template: template().value, balance: request?.balance, channel: state.channel, sender: state.sender, region: state.region, smart, ...this.#choices };
  }

  /** Whether somebody who asked for that would ask for the same now; a card is compared as the one that was read, it may be large. */
  #isNow(asked) {
    return asked?.card === this.#view.card && asked.request === JSON.stringify(this.#request());
  }

  get #unwritten() {
    return template().value.trim() === "";
  }

  /** At the next pause: what is shown meanwhile is marked as old. */
  #later() {
    if (this.#list === null) return;
    this.#halt();
    this.#timer = setTimeout(() => this.#price(), PAUSE_MILLISECONDS);
    this.#draw();
  }

  /** No price any more. A file that is being written stays what was shown when it was asked for, and is written to its end. */
  #halt() {
    clearTimeout(this.#timer);
    this.#pricing.stop();
    this.#seen.progress = null;
  }

  #stop() {
    this.#halt();
    this.#seen.stopped = true;
    this.#tell("Stopped.");
    this.#draw();
    byId("list-again")?.focus();
  }

  #price() {
    this.#halt();
    const request = this.#request();
    const { card } = this.#view;
    const asked = { card, request: JSON.stringify(request) };
    const want = this.#unwritten ? "look" : "summary";
    Object.assign(this.#seen, { asked, error: null, stopped: false, progress: { bytes: 0, rows: 0 } });
    this.#tell(want === "look" ? "Write the message to see what it costs." : `Pricing ${this.#list.name}.`);
    this.#pricing.start({ list: this.#list, card, request, want }, {
      looked: ({ look }) => this.#see({ look, error: look.error, priced: null, of: null, progress: null }),
      look: ({ look }) => this.#see({ look }),
      progress: (progress) => {
        this.#see({ progress });
        this.#tellFar(progress);
      },
      priced: ({ priced, milliseconds }) => {
        this.#see({ priced, milliseconds, of: asked, progress: null });
        this.#tell(sentence(priced.summary, this.#view.money));
      },
      failed: ({ error }) => {
        this.#see({ error, progress: null });
        this.#tell(sentenceOf(error.message));
      },
    });
    this.#draw();
  }

  /** What takes long is told in quarters to people who listen. */
  #tellFar({ bytes, milliseconds }) {
    const quarters = Math.floor((4 * bytes) / this.#list.size);
    if (milliseconds > LONG_MILLISECONDS && quarters > 0 && quarters < 4) this.#tell(`${25 * quarters} % priced.`);
  }

  /** Prices once more, and keeps what is written of the rows. */
  #download(want) {
    const { card, request } = this.#seen.of;
    this.#seen.making = { want, bytes: 0 };
    this.#files.start({ list: this.#list, card, request: JSON.parse(request), want }, {
      progress: ({ bytes }) => this.#see({ making: { want, bytes } }),
      file: ({ file }) => {
        this.#see({ making: null });
        hand(file, this.#list.name, want);
        this.#tell("The file is ready.");
      },
      failed: ({ error }) => this.#see({ making: null, error }),
    });
    this.#draw();
  }

  #see(more) {
    Object.assign(this.#seen, more);
    this.#draw();
  }

  #tell(words) {
    say(byId("list-said"), words);
  }

  #draw() {
    const open = this.#list !== null;
    show(byId("list-drop"), !open);
    if (!show(byId("list-open"), open)) return;
    const seen = { ...this.#seen, list: this.#list, view: this.#view, choices: this.#choices, unwritten: this.#unwritten };
    seen.old = seen.priced !== null && (seen.error !== null || !this.#isNow(seen.of));
    const act = { again: () => this.#price(), download: (want) => this.#download(want), place: insertPlace, rowsAreNames: () => this.#firstRow() };
    drawDesk(seen, act);
    drawAnswer(seen, act);
    drawPictures(seen);
  }

  #firstRow() {
    byId("list-header").value = "row";
    this.#chosen("list-header");
  }
}
