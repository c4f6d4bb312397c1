// Why a charge is what it is: each recipient's line with its rate, and how the text was counted.
import { h } from "../dom.js";
import { isZero } from "../textmeter/composer/money.js";
import { placeName } from "../places.js";
import { count, date, plural, readableNumber } from "../textmeter/composer/words.js";

/** The paragraphs for a charge as `GET /v1/charges/{id}` shows it. */
export function why(charge, money) {
  const lines = charge.lines.map((line) => {
    const { surcharge } = charge;
    const each = line.rate !== null && surcharge !== null && !line.local && !isZero(line.rate) ? `(${money(surcharge)} + rate ${money(line.rate)})` : `${money(line.per_unit)}${line.local ? " local" : ""}`;
    const who = [readableNumber(line.to), line.territory === null ? null : placeName(line.territory)].filter(Boolean).join(", ");
    return h("li", {}, h("span", { class: "why-who" }, who), h("span", { class: "why-sum" }, `${plural(line.quantity, charge.unit)} × ${each} = `, h("strong", {}, money(line.total))));
  });
  const card = `Rate card ${charge.rate_card.id}${charge.rate_card.as_of === null ? "" : ` of ${date(charge.rate_card.as_of)}`}.`;
  const back = isZero(charge.refunded) ? "" : ` ${money(charge.refunded)} of it was given back.`;
  return [h("ul", { class: "why-lines" }, ...lines), h("p", { class: "why-rest" }, [counted(charge.text), card].filter(Boolean).join(" ") + back, stands(charge.messages))];
}

function counted(text) {
  if (text === null) return "";
  const units = text.encoding === "GSM-7" ? "septet" : "code unit";
  const smart = text.smart_changes > 0 ? `, after smart encoding replaced ${plural(text.smart_changes, "character")}` : "";
  return `The text took ${plural(text.units, units)} in ${text.encoding}${smart}: ${count(text.segments)}\u00a0segment${text.segments === 1 ? "" : "s"}.`;
}

const STATES = { queued: "Waiting to be handed on.", leased: "Being handed on.", delivered: "Handed on.", failed: "It was not taken.", dead: "It could not be handed on.", unknown: "Whether it was taken is not known.", cancelled: "Cancelled." };

function stands(messages) {
  const [message] = messages;
  return message === undefined ? "" : ` ${STATES[message.state] ?? message.state}${message.reason ? ` ${message.reason}` : ""}`;
}
