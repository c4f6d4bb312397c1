// A page as a host writes it: the meter alone, and the element with the host's own rate card.
import rates from "textmeter/rates.json";
import { createMeter } from "textmeter";
import { watchText } from "textmeter/headless";
import "textmeter/element/define";
import { REQUEST } from "./request.js";

const meter = createMeter(rates);
document.querySelector("text-meter").card = rates;
globalThis.answers = { quote: meter.quote(REQUEST), marks: watchText({ ...REQUEST, meter, smart: false }).marks.length };
