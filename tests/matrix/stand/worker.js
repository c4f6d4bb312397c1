// A worker: every request is answered with the quote.
import rates from "textmeter/rates.json";
import { createMeter } from "textmeter";
import { REQUEST } from "./request.js";

const meter = createMeter(rates);
export default { fetch: () => Response.json(meter.quote(REQUEST)) };
