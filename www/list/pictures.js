// The list in pictures, each of them text as well; and the rows that somebody should look at.
import { byId, h, say, show } from "../dom.js";
import { flag, placeName } from "../places.js";
import { glyph } from "../findings.js";
import { count, plural } from "../textmeter/composer/words.js";
import { drawCurve } from "./curve.js";
import { countOf } from "./words.js";

/** Bars in sight; the others unfold. */
const BARS_IN_SIGHT = 8;
/** Rows of a table in sight. */
const ROWS_IN_SIGHT = 6;

let drawn = null;

export function drawPictures(seen) {
  const { priced, old } = seen;
  const summary = priced?.summary ?? null;
  byId("list-pictures").toggleAttribute("data-old", old);
  if (!show(byId("list-pictures"), summary !== null) || summary === drawn) return;
  drawn = summary;
  const { money } = seen.view;
  const sent = summary.sendable > 0 && summary.total !== null;
  if (show(byId("list-curve"), sent && summary.curve.length > 1)) byId("list-curve-body").replaceChildren(...drawCurve(summary, money));
  if (show(byId("list-segments"), sent)) byId("list-segments-body").replaceChildren(...segments(summary, money));
  if (show(byId("list-places-picture"), sent)) byId("list-places-picture-body").replaceChildren(...places(summary, money));
  if (show(byId("list-dearer"), summary.unit === "segment" && summary.dearer.rows > 0)) byId("list-dearer-body").replaceChildren(...dearer(summary, money));
  if (show(byId("list-left"), summary.sendable < summary.rows)) byId("list-left-body").replaceChildren(...left(summary));
}

/** A line for each: what, a bar of its rows, how many, what they cost. */
function bars(lines) {
  const most = Math.max(...lines.map(({ rows }) => rows));
  const line = ({ label, rows, cost, tone }) => {
    const bar = h("span", { class: "bar-fill", "aria-hidden": "true", "data-tone": tone });
    bar.style.setProperty("--part", String(rows / most)); // rows, no money
    return h("li", { class: "bar" }, h("span", { class: "bar-label" }, label), h("span", { class: "bar-track" }, bar), h("span", { class: "bar-rows" }, countOf(rows)), h("span", { class: "bar-cost" }, cost));
  };
  const drawnLines = lines.map(line);
  const first = h("ol", { class: "bars" }, ...drawnLines.slice(0, BARS_IN_SIGHT));
  const rest = drawnLines.slice(BARS_IN_SIGHT);
  if (rest.length === 0) return [first];
  return [first, h("details", { class: "list-more" }, h("summary", {}, `${count(rest.length)} more`), h("ol", { class: "bars" }, ...rest))];
}

/** By what each text takes; where messages are billed whole, their parts cost nothing more. */
function segments({ unit, histogram, encodings }, money) {
  const piece = unit === "segment" ? "message" : "part";
  const lines = histogram.map(({ segments: pieces, rows, total }) => ({ label: plural(pieces, piece), rows, cost: money(total), tone: pieces > 1 ? "more" : undefined }));
  const wide = encodings["UCS-2"];
  return [...bars(lines), h("p", { class: "aside" }, wide === 0 ? "All of them in the plain alphabet, GSM-7." : `${countOf(wide)} as Unicode, where 70 characters fit instead of 160.`)];
}

function places({ territories }, money) {
  return bars(
    territories.map(({ territory, rows, total }) => ({
      label: territory === null ? ["No country’s own"] : [flag(territory), placeName(territory)],
      rows,
      cost: money(total),
    })),
  );
}

/** A table that unfolds where it is long. */
function table(caption, names, rows) {
  const part = (some) =>
    h(
      "div",
      { class: "list-table", tabIndex: 0, role: "group", "aria-label": caption },
      h("table", {}, h("caption", { class: "quiet" }, caption), h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, ...some)),
    );
  const rest = rows.slice(ROWS_IN_SIGHT);
  return [part(rows.slice(0, ROWS_IN_SIGHT)), rest.length > 0 && h("details", { class: "list-more" }, h("summary", {}, `${count(rest.length)} more`), part(rest))];
}

/** Rows that cost more than most, and why. */
function dearer({ dearer: { rows, extra, examples }, usual_segments: usual, characters }, money) {
  const lead = `${countOf(rows)} take more than the usual ${plural(usual, "message")}: ${money(extra)} more in all.`;
  const why = ({ column, value, character }) => {
    if (column === null) return "As the message is";
    return [...(character === null ? [`Long ${column}: `] : [glyph(character), ` in ${column}: `]), h("bdi", { class: "list-cell" }, value)];
  };
  const lines = examples.map((example) => h("tr", {}, h("td", {}, count(example.line)), h("td", {}, why(example)), h("td", {}, plural(example.segments, "message")), h("td", {}, money(example.price))));
  const named = characters.map(({ character, name, column, rows: times, extra: more }) =>
    h("li", { class: "list-character" }, glyph(character), h("span", {}, name === null ? `in ${column}` : `${name} in ${column}`, h("span", { class: "list-detail" }, ` ${countOf(times)}`)), h("span", { class: "bar-cost" }, money(more))),
  );
  return [
    h("p", { class: "lead" }, lead),
    named.length > 0 ? h("ul", { class: "list-characters", "aria-label": "Characters that turn a row to Unicode" }, ...named) : null,
    ...table("Some rows that cost more", ["Line", "Why", "Takes", "Costs"], lines),
  ].filter(Boolean);
}

/** Rows that are not sent: how many and why, and the first of them that have a problem. */
function left({ statuses, problems, problem_rows: wrong }) {
  const lines = statuses.filter(({ status }) => status !== "priced").map(({ message, rows }) => h("li", { class: "list-status" }, h("span", { class: "list-status-rows" }, count(rows)), h("span", {}, message)));
  const rows = problems.map(({ line, message, found }) => h("tr", {}, h("td", {}, count(line)), h("td", {}, h("bdi", { class: "list-cell" }, found === "" ? "–" : found)), h("td", {}, brief(message))));
  const more = wrong > problems.length ? [h("p", { class: "aside" }, `And ${countOf(wrong - problems.length)} more; the file of rows with a problem has all of them.`)] : [];
  return [h("ul", { class: "list-statuses" }, ...lines), ...(rows.length > 0 ? [...table("The first rows with a problem", ["Line", "Found", "What is wrong"], rows).filter(Boolean), ...more] : [])];
}

/** What is wrong, without what to do about it: that stands above. */
const brief = (message) => message.replace(/( \(.*?\))?\. .*$/, ".");
