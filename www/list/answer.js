// What the list costs: one figure, how far the balance goes, what would make it cheaper, and the files.
import { byId, h, icon, say, show } from "../dom.js";
import { count, date, plural } from "../textmeter/composer/words.js";
import { rewriteTemplate } from "./desk.js";
import { bytesOf, countOf, messages, sendable, sentenceOf, took } from "./words.js";

const CHANGES_SHOWN = 3;

let drawn = "";

export function drawAnswer(seen, act) {
  const { priced, old, progress, stopped } = seen;
  const summary = priced?.summary ?? null;
  const short = summary?.cover?.kind === "short";
  const answer = byId("list-answer");
  answer.dataset.tone = short ? "danger" : "calm";
  answer.toggleAttribute("data-old", old);
  answer.setAttribute("aria-busy", String(progress !== null));
  const cost = summary === null || summary.total === null || summary.sendable === 0 ? "" : seen.view.money(summary.total);
  show(byId("list-cost"), cost !== "");
  say(byId("list-cost"), cost);
  byId("list-where").toggleAttribute("data-head", cost === "");
  byId("list-cost").style.setProperty("--length", String(cost.length)); // so that any amount fits its line
  say(byId("list-where"), where(seen, cost));
  drawProgress(seen);
  drawFiles(seen, summary, act);
  // Told some times a second how far it is; a button that is pressed meanwhile must stay the same one.
  const key = JSON.stringify([seen.of?.request, seen.error, old, progress !== null, stopped, summary !== null, seen.look?.names]);
  if (key === drawn) return;
  drawn = key;
  drawCover(seen, summary, cost);
  byId("list-notices").replaceChildren(...notices(seen, summary, act, stopped));
  drawStamp(seen, summary);
}

function where({ error, progress, stopped, priced, unwritten }, cost) {
  if (priced !== null) {
    if (priced.summary.sendable === 0) return "Nothing in this list can be sent.";
    if (cost === "") return "The sum is beyond what can be calculated exactly.";
    return `${sendable(priced.summary)} ·\u00a0${messages(priced.summary)}`;
  }
  if (error !== null) return "There is no price yet.";
  if (unwritten) return "Write the message to see what it costs.";
  return progress !== null ? "Reading the list…" : stopped ? "Stopped before the end." : "";
}

/** How far it is, with a way to stop. */
function drawProgress({ progress, list }) {
  if (!show(byId("list-progress"), progress !== null)) return;
  // Bytes and rows, no money.
  byId("list-meter").value = list.size > 0 ? progress.bytes / list.size : 1;
  const speed = progress.milliseconds > 0 ? ` · ${count(Math.round((progress.rows * 1000) / progress.milliseconds))} a second` : "";
  say(byId("list-progress-text"), `${bytesOf(progress.bytes)} of ${bytesOf(list.size)} · ${countOf(progress.rows)}${speed}`);
}

/** Balance before and after, and how far it goes in the list's order. */
function drawCover({ view }, summary, cost) {
  const cover = summary?.cover ?? null;
  if (!show(byId("list-cover"), cover !== null && cost !== "")) return;
  const short = cover.kind === "short";
  const bar = h("div", { class: "cover-bar", "aria-hidden": "true" }, h("span", {}));
  // Rows, no money: how long the bar is.
  bar.firstChild.style.setProperty("--part", String(summary.sendable > 0 ? cover.rows / summary.sendable : 0));
  byId("list-cover").replaceChildren(
    h(
      "dl",
      { class: "money" },
      h("div", {}, h("dt", {}, "Balance"), h("dd", {}, view.money(cover.balance))),
      h("div", { "data-short": short }, icon("arrow"), h("dt", {}, short ? "Short by" : "After sending"), h("dd", {}, view.money(short ? cover.shortfall : cover.remaining))),
    ),
    bar,
    h("p", { class: "cover-text" }, short ? `Covers the first ${count(cover.rows)} of ${count(summary.sendable)}` : "Covers all of them", h("span", {}, short && cover.stops_at_line !== null ? `stops at line ${count(cover.stops_at_line)}` : "")),
  );
}

function alert(tone, sign, text, actions = []) {
  return h("div", { class: "alert", "data-tone": tone }, icon(sign), h("div", { class: "alert-body" }, h("p", {}, ...text), actions.length > 0 ? h("div", { class: "actions" }, ...actions) : null));
}

const button = (label, onclick, more = {}) => h("button", { type: "button", class: "button small", onclick, ...more }, label);

function notices(seen, summary, act, stopped) {
  const { error, old, progress, view } = seen;
  const said = [];
  const elsewhere = error !== null && (error.at.startsWith("template") || ["phone_column", "opt_out_column"].includes(error.at) || error.code === "missing-header");
  if (error !== null && !elsewhere) said.push(alert("danger", "stop", [sentenceOf(error.message)]));
  if (error !== null && elsewhere) said.push(alert("danger", "stop", [error.at.startsWith("template") ? "The message has a mistake: see the note under it." : "Say which column is what; then it is priced."]));
  if (stopped && error === null) said.push(alert("info", "stop", [summary === null ? "You stopped it before the end." : "You stopped it. These figures are of the message before your last change."], [button("Price it again", act.again, { id: "list-again" })]));
  else if (old && error === null) said.push(h("p", { class: "list-old" }, progress === null ? "Changed since: it is priced again in a moment." : "Pricing again. These figures are of the message before."));
  else if (old && error !== null) said.push(h("p", { class: "list-old" }, "These figures are of the message before."));
  if (summary === null || summary.sendable === 0 || error !== null) return said;
  if (summary.cover?.kind === "short") said.push(overBalance(summary, view));
  return [...said, ...summary.advice.map((advice) => cheaper(advice, view)).filter(Boolean), ...notes(seen, summary)];
}

/** In the composer's words. */
function overBalance({ total, cover }, { money }) {
  return alert("danger", "stop", [
    h("strong", {}, `Costs ${money(total)}, you have ${money(cover.balance)}: ${money(cover.shortfall)} short.`),
    ` What is sent in the list’s order would be refused from line ${count(cover.stops_at_line ?? 0)} on. Add at least ${money(cover.shortfall)} to the balance, or make it cheaper.`,
  ]);
}

function cheaper({ kind, saving, rows, units, template, changes }, { money }) {
  const saves = ` saves ${money(saving)} over ${countOf(rows)}.`;
  if (kind === "shorten") return alert("good", "spark", [h("strong", {}, `${plural(units, "character")} shorter`), saves]);
  if (template === null) return alert("good", "spark", [h("strong", {}, "Names and other values without the accents and signs that GSM-7 lacks"), saves]);
  const swaps = changes.slice(0, CHANGES_SHOWN).flatMap(({ found, replacement }, at) => [at > 0 ? ", " : "", replacement === "" ? "without " : "", quoted(found), ...(replacement === "" ? [] : [" as ", quoted(replacement)])]);
  const more = changes.length > CHANGES_SHOWN ? ` and ${plural(changes.length - CHANGES_SHOWN, "other")}` : "";
  return alert("good", "spark", [h("strong", {}, "Write "), ...swaps, more, saves], [button("Apply", () => rewriteTemplate(template))]);
}

const quoted = (text) => h("span", { class: "list-sample", dir: "auto" }, text === " " ? "a blank" : text);

/** What was assumed, and what somebody may not expect. */
function notes({ look }, summary) {
  const lines = [];
  const { assumed_windows_1252: assumed, opted_out_later: late } = summary;
  for (const { column, rows } of summary.empty_values) lines.push(`No ${column} in ${countOf(rows)}: nothing stands there. A place can have a default: {{${column}|there}}`);
  if (assumed.rows > 0) lines.push(`${countOf(assumed.rows)} read as Windows-1252, being no UTF-8; the first on line ${count(assumed.first_line)}.`);
  if (late.rows > 0) lines.push(`${countOf(late.rows)} opted out further down than a row with the same number; the first on line ${count(late.first_line)}.`);
  if (summary.unchecked_duplicates > 0) lines.push(`Too many different numbers to look for all of them further up: ${countOf(summary.unchecked_duplicates)} were not.`);
  if (summary.uncertain_rows > 0) lines.push(`No publication says how networks cut a character at a boundary: ${countOf(summary.uncertain_rows)} may be a message less. The higher count is priced.`);
  if (summary.blank_rows > 0) lines.push(`Nothing at all in ${countOf(summary.blank_rows)}.`);
  if (look?.other_phones.length > 0) lines.push(`Numbers are from ${summary.columns.phone}; there is also ${look.other_phones.join(", ")}.`);
  return lines.length === 0 ? [] : [h("ul", { class: "list-notes" }, ...lines.map((line) => h("li", {}, line)))];
}

/** The list again, with what its rows cost; and those that cannot be sent. */
function drawFiles({ making, old, list }, summary, act) {
  if (!show(byId("list-files"), summary !== null)) return;
  const waits = old || making !== null;
  const labels = { priced: "Download the priced list", rejects: `Rows with a problem (${count(summary.problem_rows)})` };
  for (const [want, label] of Object.entries(labels)) {
    const button = byId(`list-get-${want}`);
    say(button, making?.want === want ? `Writing… ${Math.floor(list.size > 0 ? (100 * making.bytes) / list.size : 100)} %` : label);
    button.setAttribute("aria-disabled", String(waits)); // one that is disabled would lose the focus
    button.onclick = () => waits || act.download(want);
  }
  show(byId("list-get-rejects"), summary.problem_rows > 0);
}

function drawStamp({ milliseconds, of }, summary) {
  const stamp = byId("list-stamp");
  if (!show(stamp, summary !== null)) return;
  say(stamp, `${countOf(summary.rows)} priced on this machine in ${took(milliseconds)}. Rates of ${date(of.card.as_of)}.`);
}
