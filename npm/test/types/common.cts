// The same in CommonJS.
import textmeter = require("textmeter");
import type { Quote } from "textmeter";

const quote: Quote = textmeter.createMeter({}).quote({ text: "Hi", to: "US" });
const total: string | null = quote.total;
export = total;
