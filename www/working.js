// "How this is worked out": the sum with the numbers put in, then the sentences behind it.
import { byId, h } from "./dom.js";
import { isZero } from "./textmeter/composer/money.js";
import { placeName } from "./places.js";
import { alphabet, billed, count, date, plural } from "./textmeter/composer/words.js";

let untouched;

export function drawWorking(view) {
  const box = byId("working");
  untouched ??= [...box.childNodes];
  const { answer, error } = view;
  const priced = answer !== null && !error && answer.total !== null && answer.quantity > 0;
  if (!priced) {
    box.replaceChildren(...untouched);
    return;
  }
  box.replaceChildren(sum(view), h("p", {}, ...length(view)), h("p", {}, ...price(view)));
}

const term = (value, name) => h("span", { class: "term" }, h("span", { class: "term-value" }, value), h("span", { class: "term-name" }, name));
const sign = (text) => h("span", { class: "sign" }, text);

/** 2 messages × ($0.01 + $0.056) = $0.132, for one recipient; several are added up. */
function sum({ answer, card, money, state }) {
  const { surcharge } = card.channels[answer.channel];
  const what = { segment: "segments", message: "message", minute: "minutes" }[answer.unit];
  const units = answer.quantity === 1 ? what.replace(/s$/, "") : what;
  const equals = [sign("="), term(money(answer.total), "cost")];
  if (answer.recipients.length > 1) {
    return h("p", { class: "sum" }, term(count(answer.quantity), `${units} each`), sign("×"), sign("("), ...added(answer.recipients, money), sign(")"), ...equals);
  }
  const [recipient] = answer.recipients;
  const place = placeName(recipient.territory ?? state.to[0] ?? "");
  const parts = [];
  if (recipient.local || isZero(recipient.rate)) parts.push(term(money(recipient.per_unit), isZero(recipient.per_unit) ? "in the plan" : "local"));
  else if (isZero(surcharge)) parts.push(term(money(recipient.rate), `rate for ${place}`));
  else parts.push(sign("("), term(money(surcharge), "per segment"), sign("+"), term(money(recipient.rate), `rate for ${place}`), sign(")"));
  return h("p", { class: "sum" }, term(count(answer.quantity), units), sign("×"), ...parts, ...equals);
}

/** What one segment costs each of them, equal ones together: $0.01 + 3 × $0.066. */
function added(recipients, money) {
  const groups = new Map();
  for (const { territory, per_unit } of recipients) {
    const key = `${territory} ${per_unit}`;
    const group = groups.get(key) ?? { territory, per_unit, times: 0 };
    group.times += 1;
    groups.set(key, group);
  }
  const terms = [...groups.values()].map(({ territory, per_unit, times }) =>
    term(times > 1 ? `${count(times)} × ${money(per_unit)}` : money(per_unit), territory === null ? "other" : placeName(territory)),
  );
  return terms.flatMap((one, at) => (at === 0 ? [one] : [sign("+"), one]));
}

/** What a message that is sent alone holds. */
const MESSAGE = {
  "GSM-7": { places: 160, alphabet: "the plain alphabet (GSM-7)", take: "most characters take one, a few such as € take two" },
  "UCS-2": { places: 70, alphabet: "Unicode (UCS-2)", take: "most characters take one, an emoji takes two or more" },
};

/** Why it is so many segments. */
function length({ answer, request }) {
  if (answer.unit === "minute") return [`A call is paid for by the minute, and every minute begun counts${request.minutes === String(answer.quantity) ? "" : `: ${request.minutes} is ${plural(answer.quantity, "minute")}`}.`];
  const { places, alphabet: name, take } = MESSAGE[answer.encoding];
  const holds = `A message in ${name} has ${places} places: ${take}.`;
  const last = answer.parts.at(-1);
  const capacity = last ? last.units + answer.units_left : 0;
  const cut = `is cut into ${count(answer.segments)}, and each piece keeps ${count(places - capacity)} of its places to say how the pieces belong together: ${count(capacity)} are left in it`;
  const sentence = `${holds} As it is sent, this text takes ${count(answer.units)} and ${answer.segments === 1 ? "fits in one" : cut}.`;
  const sender = answer.segments > 1 && request.sender === "toll-free" ? " A toll-free sender needs one place more for that." : "";
  const unsure = answer.segments_min < answer.segments ? ` It may be ${billed(answer)}: nobody publishes how the network treats the character at the cut, so the dearer is counted.` : "";
  return [sentence + sender + unsure];
}

/** What each of them costs, and by which list. */
function price({ answer, card, money }) {
  const channel = card.channels[answer.channel];
  const local = answer.recipients.every((recipient) => recipient.local);
  const table = card[channel.rates] ?? card;
  const by = `By the rates of ${date(table.as_of ?? card.as_of)}`;
  if (local && isZero(answer.total)) return [`${channel.name} to the United States and Canada is part of the plan.`];
  if (local) return [`${channel.name} messages inside the United States and Canada cost ${money(channel.surcharge)} for each segment; no rate is added.`];
  const [recipient] = answer.recipients;
  if (answer.recipients.length > 1) return [`${by}. Each recipient’s line above is its own country’s price.`];
  const per = answer.unit === "segment" ? "segment" : answer.unit;
  return [`${by}, one ${per} to ${placeName(recipient.territory)} costs ${money(recipient.per_unit)}. `, h("a", { href: "#guide" }, "See\u00a0all\u00a0rates")];
}
