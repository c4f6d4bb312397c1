// A server's script: the quote as JSON on the standard output.
import { readFileSync } from "node:fs";
import { createMeter } from "textmeter";
import { REQUEST } from "./request.js";

const rates = JSON.parse(readFileSync(new URL("../node_modules/textmeter/rates.json", import.meta.url), "utf8"));
console.log(JSON.stringify(createMeter(rates).quote(REQUEST)));
