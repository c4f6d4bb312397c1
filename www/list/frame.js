// The section's frame, built once: everything that is filled in later has its place and its name here.
import { h, icon } from "../dom.js";

const select = (id, label) => h("div", { class: "field" }, h("label", { for: id }, label), h("select", { id }));

/** The elements, in the section's body. */
export function frame() {
  return [
    drop(),
    h("div", { id: "list-open", class: "list-open", hidden: true }, h("div", { class: "list-bench" }, desk(), answer()), pictures()),
    h("p", { id: "list-said", class: "quiet", role: "status" }),
  ];
}

/** Where a list comes in: by a drop, a file, the clipboard, or as the example. */
function drop() {
  return h(
    "div",
    { id: "list-drop", class: "list-drop card" },
    h("span", { class: "list-sign" }, icon("up")),
    h("p", { class: "list-call" }, h("strong", {}, "Drop a list here"), h("span", {}, "A CSV with the columns’ names in its first row, as Excel or Google Sheets saves it; gzip too.")),
    h(
      "div",
      { class: "actions" },
      h("button", { id: "list-choose", type: "button", class: "button primary" }, "Choose a file"),
      h("button", { id: "list-paste", type: "button", class: "button", "aria-expanded": "false", "aria-controls": "list-pasting" }, "Paste rows"),
      h("button", { id: "list-example", type: "button", class: "button" }, "Try an example"),
    ),
    h("input", { id: "list-file", type: "file", accept: ".csv,.tsv,.txt,.gz,text/csv,text/tab-separated-values,application/gzip", hidden: true, tabIndex: -1, "aria-label": "A list" }),
    h(
      "div",
      { id: "list-pasting", class: "list-pasting", hidden: true },
      h("label", { for: "list-rows" }, "Rows, with the columns’ names first"),
      h("textarea", { id: "list-rows", rows: 5, spellcheck: false, autocomplete: "off", placeholder: "name, phone\nAda, +1 212 555 0123" }),
      h("button", { id: "list-take", type: "button", class: "button primary" }, "Price these rows"),
    ),
    h("p", { id: "list-refused", class: "field-note", role: "alert", hidden: true }),
  );
}

/** What is sent, and how the list is read. */
function desk() {
  return h(
    "div",
    { class: "card list-desk" },
    h(
      "div",
      { class: "list-bar" },
      h("p", { class: "list-name" }, h("strong", { id: "list-name" }), h("span", { id: "list-facts" })),
      h("div", { class: "list-tools" }, h("button", { id: "list-other", type: "button", class: "button small" }, "Choose another"), h("button", { id: "list-close", type: "button", class: "button small bare" }, "Remove")),
    ),
    h(
      "div",
      { class: "list-write" },
      h("label", { for: "list-template" }, "Message to each of them"),
      h("textarea", { id: "list-template", rows: 4, dir: "auto", "aria-describedby": "list-template-note list-places-note" }),
      h("div", { id: "list-template-note", class: "field-note", hidden: true }),
      h("div", { class: "list-places" }, h("span", { id: "list-places-note" }, "Put in"), h("div", { id: "list-places", class: "list-chips", role: "group", "aria-labelledby": "list-places-note" })),
    ),
    h("div", { class: "list-columns" }, select("list-phone", "Numbers are in"), select("list-opt-out", "Who wants no texts"), select("list-header", "First row"), select("list-twice", "Numbers that come twice"), select("list-delimiter", "Between the fields"), select("list-encoding", "Encoding")),
    h("p", { id: "list-columns-note", class: "field-note", hidden: true }),
    h(
      "div",
      { id: "list-preview", class: "list-preview", hidden: true },
      h(
        "div",
        { class: "list-preview-head" },
        h("h3", { id: "list-preview-title" }, "As it goes out"),
        h("div", { class: "list-tools" }, h("button", { id: "list-before", type: "button", class: "button small bare" }, "Previous"), h("button", { id: "list-after", type: "button", class: "button small bare" }, "Next")),
      ),
      h("p", { id: "list-bubble", class: "bubble", dir: "auto" }),
      h("p", { id: "list-bubble-facts", class: "aside" }),
    ),
    h("p", { id: "list-settings", class: "list-settings" }),
  );
}

/** What it costs. */
function answer() {
  return h(
    "section",
    { id: "list-answer", class: "card readout list-answer", "aria-labelledby": "list-answer-title" },
    h("h3", { id: "list-answer-title" }, "Cost of the whole list"),
    h("p", { id: "list-cost", class: "cost", hidden: true }),
    h("p", { id: "list-where", class: "where", "data-head": true }),
    h(
      "div",
      { id: "list-progress", class: "list-progress", hidden: true },
      h("div", { class: "list-progress-row" }, h("progress", { id: "list-meter", max: 1, "aria-labelledby": "list-progress-text" }), h("button", { id: "list-stop", type: "button", class: "button small" }, "Cancel")),
      h("p", { id: "list-progress-text", class: "aside" }),
    ),
    h("div", { id: "list-cover", hidden: true }),
    h("div", { id: "list-notices", class: "notices" }),
    h(
      "div",
      { id: "list-files", class: "list-files", hidden: true },
      h("button", { id: "list-get-priced", type: "button", class: "button primary" }),
      h("button", { id: "list-get-rejects", type: "button", class: "button" }),
    ),
    h("p", { id: "list-stamp", class: "stamp aside", hidden: true }),
  );
}

const picture = (id, title) => h("section", { id, class: "list-picture", "aria-labelledby": `${id}-title`, hidden: true }, h("h3", { id: `${id}-title` }, title), h("div", { id: `${id}-body` }));

/** The plots, and the rows that somebody should look at. */
function pictures() {
  return h(
    "div",
    { id: "list-pictures", class: "list-pictures", hidden: true },
    picture("list-curve", "Cost along the list"),
    picture("list-segments", "What each takes"),
    picture("list-places-picture", "Where they go"),
    picture("list-dearer", "Dearer than the rest"),
    picture("list-left", "Not sent"),
  );
}
