// The readout: what pressing Send costs, what stays, and how full the message is. It shows figures of the answer only.
import { byId, h, say, show } from "./dom.js";
import { isZero } from "./textmeter/composer/money.js";
import { flag, placeName } from "./places.js";
import { alphabet, billed, count, date, plural, readableNumber, unpricedLabel, whyUnpriced } from "./textmeter/composer/words.js";

const NEAR_UNITS = 10;
const FEW_SENDS = 10;
const CELLS_MOST = 60;
const LINES_IN_SIGHT = 5;

/** Draws the headline, the gauge and the money; `view` is what page.js keeps. */
export function drawReadout(view) {
  const head = headline(view);
  const cost = byId("cost");
  say(cost, head.cost ?? "");
  show(cost.parentElement, head.cost !== null);
  byId("where").replaceChildren(...head.where);
  byId("where").toggleAttribute("data-head", head.cost === null);
  byId("readout").dataset.tone = view.answer?.cover?.kind === "short" ? "danger" : "calm";
  say(byId("readout-title"), view.unit === "minute" ? "Cost of this call" : "Cost of pressing Send now");
  drawLines(view);
  drawGauge(view);
  drawMoney(view);
  say(byId("dock-cost"), head.cost ?? "");
  byId("dock").dataset.tone = byId("readout").dataset.tone;
  byId("dock").toggleAttribute("data-idle", head.cost === null && view.state.text === "");
  say(byId("dock-why"), dockLine(view, head));
  const stamp = byId("stamp");
  if (show(stamp, view.card !== null)) say(stamp, `Rates of ${date(view.card.as_of)}`);
}

/** The large figure and the line under it. No figure at all rather than a wrong one. */
function headline({ answer, error, trouble, state, money, unit }) {
  if (trouble) return { cost: null, where: ["The cost cannot be worked out here. The composer still works."] };
  if (error) return { cost: null, where: [error.message] };
  if (answer === null) return { cost: null, where: ["Reading the rates…"] };
  const { recipients } = answer;
  if (recipients.length === 0) {
    const begin = unit === "minute" ? "Choose where the call goes." : "Write a message and choose where it goes.";
    return { cost: null, where: [state.text === "" ? begin : "Choose a destination to see the cost."] };
  }
  const unpriced = recipients.filter((recipient) => recipient.status !== "priced");
  if (unpriced.length > 0) {
    const all = `${count(unpriced.length)} of ${plural(recipients.length, "recipient")} cannot be priced, so neither can the whole.`;
    return { cost: null, where: [recipients.length === 1 ? whyUnpriced(unpriced[0]) : all] };
  }
  if (answer.total === null || answer.quantity === 0) {
    const each = recipients.length === 1 && recipients[0].per_unit !== null && !isZero(recipients[0].per_unit);
    const rate = each ? `${money(recipients[0].per_unit)} for each ${answer.unit === "minute" ? "minute" : "message"} to ` : "To ";
    return { cost: null, where: [rate, ...destination(recipients)] };
  }
  const each = recipients.length > 1 ? "\u00a0each" : "";
  const included = isZero(answer.total) ? " · included in the plan" : "";
  return { cost: money(answer.total), where: ["to ", ...destination(recipients), ` ·\u00a0${billed(answer)}${each}${included}`] };
}

/** "[flag] United Kingdom", "3 numbers in [flag] Canada", "5 recipients in 4 countries". */
function destination(recipients) {
  const codes = [...new Set(recipients.map((recipient) => recipient.territory))];
  const one = codes.length === 1 && codes[0] !== null;
  const place = one ? [flag(codes[0]), h("span", { class: "place" }, placeName(codes[0]))] : [];
  if (recipients.length === 1) return one ? place : [readableNumber(recipients[0].to)];
  if (one) return [`${plural(recipients.length, "recipient")} in `, ...place];
  return [`${plural(recipients.length, "recipient")} in ${plural(codes.length, "country", "countries")}`];
}

/** A line for each of several recipients, or for each kind of line of one call. */
function drawLines({ answer, money }) {
  const list = byId("lines");
  const several = (answer?.recipients.length ?? 0) > 1;
  const kinds = answer?.recipients.length === 1 ? (answer.recipients[0].line_types ?? []) : [];
  if (!show(list, several || kinds.length > 0)) return;
  if (answer.recipients.length > LINES_IN_SIGHT) list.tabIndex = 0; // it scrolls: keys must reach it
  else list.removeAttribute("tabindex");
  const line = (code, name, detail, amount) =>
    h("li", { class: "line" }, code ? flag(code) : null, h("span", { class: "line-name" }, name, detail), h("span", { class: "line-total" }, amount));
  const detail = (text) => h("span", { class: "line-detail" }, ` ${text}`);
  const lines = several
    ? answer.recipients.map((recipient) => {
        const { to, territory, status, total } = recipient;
        const named = /^[A-Z]{2}$/.test(to) || territory === null;
        const name = territory === null ? readableNumber(to) : placeName(territory);
        const amount = status === "priced" && total !== null ? money(total) : unpricedLabel(recipient);
        return line(territory, name, named ? null : detail(readableNumber(to)), amount);
      })
    : kinds.map(({ line_type, total, per_unit }) =>
        line(null, line_type === "mobile" ? "To a mobile" : "To a landline", detail(`${money(per_unit)} a minute`), total === null ? "" : money(total)),
      );
  list.replaceChildren(...lines);
}

/** A cell for each segment, filled as the segment is; then "168 of 306" and what is left. */
function drawGauge({ answer, error, unit }) {
  const gauge = byId("gauge");
  if (!show(gauge, answer !== null && !error && unit !== "minute")) return;
  const room = answer.units + answer.units_left;
  const last = answer.parts.at(-1);
  const capacity = last ? last.units + answer.units_left : room;
  const fills = answer.parts.length > CELLS_MOST ? [{ units: answer.units, of: room }] : answer.parts.map(({ units }) => ({ units, of: capacity }));
  if (fills.length === 0) fills.push({ units: 0, of: 1 });

  const cells = byId("cells");
  while (cells.children.length > fills.length) cells.lastChild.remove();
  while (cells.children.length < fills.length) cells.append(h("span", { class: "cell" }, h("span", { class: "fill" })));
  for (const [at, { units, of }] of fills.entries()) {
    cells.children[at].firstChild.style.setProperty("--fill", String(Math.min(1, units / of))); // geometry, not money
  }
  cells.dataset.many = String(fills.length > 12);
  cells.setAttribute("aria-valuemax", String(room));
  cells.setAttribute("aria-valuenow", String(answer.units));
  cells.setAttribute("aria-valuetext", `${count(answer.units)} of ${count(room)}, ${plural(answer.segments, "segment")}, ${alphabet(answer.encoding)}`);

  byId("used").replaceChildren(
    h("strong", {}, count(answer.units)),
    ` of ${count(room)} `,
    h("span", { class: "alphabet", "data-wide": answer.encoding !== "GSM-7" }, answer.encoding),
  );
  const left = byId("left");
  const near = answer.units > 0 && answer.units_left <= NEAR_UNITS;
  left.toggleAttribute("data-near", near);
  const priced = answer.total === null ? "" : answer.unit === "segment" ? " at this price" : " in this part";
  say(left, answer.units === 0 ? "" : answer.units_left === 0 ? `full: one more${answer.unit === "segment" ? " costs more" : " starts another part"}` : `${count(answer.units_left)} more${priced}`);
}

/** Balance before and after; nothing is claimed where the balance or the total is unknown. */
function drawMoney({ answer, error, request, money }) {
  const balance = request?.balance;
  const known = balance !== undefined && !error && answer !== null;
  show(byId("money"), known);
  const note = byId("sends-left");
  if (!known) {
    const unknown = answer !== null && answer.total !== null && answer.quantity > 0;
    note.removeAttribute("data-low");
    if (show(note, unknown)) say(note, "Balance not given: nobody can say here whether it covers this.");
    return;
  }
  const { cover } = answer;
  say(byId("balance-now"), money(balance));
  const short = cover?.kind === "short";
  show(byId("after"), cover !== null);
  byId("after").toggleAttribute("data-short", short);
  say(byId("after-label"), short ? "Short by" : answer.unit === "minute" ? "After the call" : "After sending");
  say(byId("balance-after"), cover === null ? "" : money(short ? cover.shortfall : cover.remaining));
  const low = cover?.kind === "covered" && cover.sends_left !== null && cover.sends_left < FEW_SENDS;
  note.toggleAttribute("data-low", low);
  const said = cover?.kind === "covered" ? sendsLeft(cover) : "";
  if (show(note, said !== "")) say(note, said);
}

function sendsLeft({ remaining, sends_left }) {
  if (sends_left === null) return "";
  if (isZero(remaining)) return "It fits exactly and uses your whole balance.";
  if (sends_left === 0) return "Low balance: not enough for another like this.";
  const more = `${count(sends_left)} more like this`;
  return sends_left < FEW_SENDS ? `Low balance: ${more}.` : more;
}

function dockLine({ answer }, { cost, where }) {
  if (cost === null || answer === null) return where.map((piece) => (typeof piece === "string" ? piece : piece.classList.contains("flag") ? "" : piece.textContent)).join("");
  const words = billed(answer);
  return answer.cover?.kind === "short" ? `${words} · over balance` : words;
}

/** The readout in one sentence, for the live region. */
export function readoutSentence(view) {
  const { answer, money } = view;
  const { cost, where } = headline(view);
  const text = where.map((piece) => (typeof piece === "string" ? piece : piece.getAttribute("aria-hidden") ? "" : piece.textContent)).join("");
  if (cost === null) return text;
  const { cover } = answer;
  const money_left = cover?.kind === "covered" ? ` Balance after sending ${money(cover.remaining)}.` : cover?.kind === "short" ? ` More than your balance: ${money(cover.shortfall)} short. It would be refused.` : "";
  const wide = answer.encoding === "UCS-2" && answer.unit === "segment" ? " Unicode." : "";
  return `${cost} ${text}.${wide}${money_left}`;
}

