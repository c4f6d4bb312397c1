// The cost along the list, against the balance: a picture, and the same as a table. Amounts become numbers only to place points
// on the screen; what is read is the summary's own decimal strings.
import { h } from "../dom.js";
import { count } from "../textmeter/composer/words.js";
import { countOf } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [1000, 300];
/** Lines of the table. */
const STEPS = 12;

function s(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Pixels only. */
const placed = (amount) => Number(amount);

export function drawCurve(summary, money) {
  const { curve, cover, sendable, total } = summary;
  const balance = cover === null ? null : placed(cover.balance);
  const most = Math.max(placed(total), balance !== null && balance < placed(total) * 2 ? balance : 0) * 1.08 || 1;
  const x = (rows) => (WIDTH * rows) / sendable;
  const y = (amount) => HEIGHT - (HEIGHT * amount) / most;
  const points = [[0, 0], ...curve.map(({ rows, total: cost }) => [rows, placed(cost)])];
  const cut = cover?.kind === "short" ? [cover.rows, placed(cover.total)] : null;
  const path = (some) => some.map(([rows, cost], at) => `${at === 0 ? "M" : "L"}${x(rows).toFixed(1)} ${y(cost).toFixed(1)}`).join("");
  const covered = cut === null ? points : [...points.filter(([rows]) => rows < cut[0]), cut];
  const beyond = cut === null ? [] : [cut, ...points.filter(([rows]) => rows > cut[0])];
  const area = (some) => `${path(some)}L${x(some.at(-1)[0]).toFixed(1)} ${HEIGHT}L${x(some[0][0]).toFixed(1)} ${HEIGHT}Z`;
  const shapes = [
    s("path", { class: "curve-area", d: area(covered) }),
    s("path", { class: "curve-line", d: path(covered) }),
    ...(beyond.length > 1 ? [s("path", { class: "curve-area short", d: area(beyond) }), s("path", { class: "curve-line short", d: path(beyond) })] : []),
  ];
  const seen = balance !== null && balance <= most;
  if (seen) shapes.push(s("path", { class: "curve-balance", d: `M0 ${y(balance).toFixed(1)}H${WIDTH}` }));
  const picture = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-labelledby": "list-curve-name", "aria-describedby": "list-curve-words" }, s("title", { id: "list-curve-name" }, "Cost along the list"), s("desc", { id: "list-curve-words" }, words(summary, money)), ...shapes);
  const at = (element, left, top) => {
    element.style.setProperty("--x", String(left));
    element.style.setProperty("--y", String(top));
    return element;
  };
  const labels = [at(h("span", { class: "curve-label end", "data-short": cut !== null }, money(total)), 1, y(placed(total)) / HEIGHT)];
  if (seen) labels.push(at(h("span", { class: "curve-label balance" }, `Balance ${money(cover.balance)}`), 0, y(balance) / HEIGHT));
  if (cut !== null) labels.push(at(h("span", { class: "curve-dot" }), cut[0] / sendable, y(cut[1]) / HEIGHT));
  const plot = h("div", { class: "curve-plot" });
  plot.append(picture, ...labels.map((label) => (label.setAttribute("aria-hidden", "true"), label)));
  const axis = h("p", { class: "curve-axis", "aria-hidden": "true" }, h("span", {}, "First row"), cut === null ? null : at(h("span", { class: "curve-stop", "data-late": cut[0] > sendable * 0.6, "data-early": cut[0] < sendable * 0.2 }, `${count(cover.rows)} covered`), cut[0] / sendable, 0), h("span", {}, `${count(sendable)} to send`));
  return [plot, axis, asTable(summary, money)];
}

function words({ cover, sendable, total }, money) {
  const all = `${countOf(sendable)} cost ${money(total)} in all.`;
  if (cover === null) return `${all} No balance is given.`;
  if (cover.kind === "covered") return `${all} The balance of ${money(cover.balance)} covers them.`;
  const stops = cover.stops_at_line === null ? "" : `; line ${count(cover.stops_at_line)} is the first it does not`;
  return `${all} The balance of ${money(cover.balance)} covers the first ${count(cover.rows)}, ${money(cover.total)}${stops}.`;
}

/** The same to read: some steps of the curve. */
function asTable({ curve }, money) {
  const every = Math.ceil(curve.length / STEPS);
  const rows = curve.filter((_, at) => at === curve.length - 1 || (at + 1) % every === 0);
  const line = ({ rows: sent, total }) => h("tr", {}, h("td", {}, count(sent)), h("td", {}, money(total)));
  return h(
    "details",
    { class: "list-more" },
    h("summary", {}, "As a table"),
    h("table", { class: "curve-table" }, h("caption", { class: "quiet" }, "Cost after so many rows"), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Rows sent"), h("th", { scope: "col" }, "Cost so far"))), h("tbody", {}, ...rows.map(line))),
  );
}
