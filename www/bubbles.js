// The parts as the phone would show them, each with how full it is.
import { byId, h, show } from "./dom.js";
import { count, plural } from "./words.js";

const BUBBLES_MOST = 40;

export function drawBubbles({ answer, error, unit }) {
  const parts = answer === null || error || unit === "minute" ? [] : answer.parts;
  if (!show(byId("phone"), parts.length > 0 && answer.text.trim() !== "")) return;
  const last = parts.at(-1);
  const capacity = last.units + answer.units_left;
  byId("phone-lead").textContent =
    parts.length === 1
      ? "One part, one bubble."
      : `Sent in ${plural(parts.length, "part")}. Most phones join them into one bubble again; ${answer.unit === "segment" ? "each part is paid for" : "in the app the message is paid for once"}.`;
  const bubbles = parts.slice(0, BUBBLES_MOST).map(({ start, end, units }, at) =>
    h(
      "li",
      { class: "part" },
      h("span", { class: "bubble", dir: "auto" }, answer.text.slice(start, end)),
      h("span", { class: "part-fill" }, parts.length > 1 ? `Part ${count(at + 1)} · ` : "", `${count(units)} of ${count(capacity)}`),
    ),
  );
  const rest = parts.length - BUBBLES_MOST;
  if (rest > 0) bubbles.push(h("li", { class: "part" }, h("span", { class: "part-fill" }, `and ${plural(rest, "part")} more`)));
  byId("bubbles").replaceChildren(...bubbles);
}
