// The same in CommonJS.
const rates = require("textmeter/rates.json");
const { createMeter } = require("textmeter");

import("./request.js").then(({ REQUEST }) => console.log(JSON.stringify(createMeter(rates).quote(REQUEST))));
