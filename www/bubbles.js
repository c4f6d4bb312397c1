// The parts as the phone would show them, each with how full it is.
import { byId, h, say, show } from "./dom.js";
import { count, plural } from "./textmeter/composer/words.js";

const BUBBLES_MOST = 40;

export function drawBubbles({ answer, error, unit }) {
  const parts = answer === null || error || unit === "minute" ? [] : answer.parts;
  if (!show(byId("phone"), parts.length > 0 && answer.text.trim() !== "")) return;
  const last = parts.at(-1);
  const capacity = last.units + answer.units_left;
  const paid = answer.unit === "segment" ? "each part is paid for" : "in the app the message is paid for once";
  say(byId("phone-lead"), parts.length === 1 ? "One part, one bubble." : `Sent in ${plural(parts.length, "part")}. Most phones join them into one bubble again; ${paid}.`);

  // While somebody types only the last part changes: the others stay as they are.
  const list = byId("bubbles");
  const drawn = parts.slice(0, BUBBLES_MOST);
  while (list.children.length > drawn.length) list.lastChild.remove();
  while (list.children.length < drawn.length) {
    list.append(h("li", { class: "part" }, h("span", { class: "bubble", dir: "auto" }), h("span", { class: "part-fill" })));
  }
  for (const [at, { start, end, units }] of drawn.entries()) {
    const [bubble, fill] = list.children[at].children;
    say(bubble, answer.text.slice(start, end));
    say(fill, `${parts.length > 1 ? `Part ${count(at + 1)} · ` : ""}${count(units)} of ${count(capacity)}`);
  }
  const rest = parts.length - drawn.length;
  if (show(byId("phone-rest"), rest > 0)) say(byId("phone-rest"), `and ${plural(rest, "part")} more`);
}
