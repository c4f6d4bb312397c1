// A script that prices a whole list: the summary as JSON on the standard output.
import { readFileSync } from "node:fs";
import { priceList } from "textmeter/campaign";
import { LIST } from "./request.js";

const card = JSON.parse(readFileSync(new URL("../node_modules/textmeter/rates.json", import.meta.url), "utf8"));
console.log(JSON.stringify((await priceList({ card, ...LIST })).summary));
