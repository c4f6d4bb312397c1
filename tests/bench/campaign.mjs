// What people write today: a loop over the list with the two libraries. LIST RATES TEMPLATE; prints seconds, total, segments.
import { readFileSync } from 'node:fs';

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { SegmentedMessage } from 'sms-segments-calculator';

const [listPath, ratesPath, template] = process.argv.slice(2);
const rates = JSON.parse(readFileSync(ratesPath, 'utf8'));
const micros = (amount) => {
  const [whole, decimals = ''] = amount.split('.');
  return Number(whole + decimals.padEnd(6, '0'));
};
const surcharge = micros(rates.channels.api.surcharge);

// Fields with commas are quoted, and no field has a quote or a line break in it.
const fields = (line) => [...`,${line}`.matchAll(/,(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain);
const [header, ...lines] = readFileSync(listPath, 'utf8').trimEnd().split('\r\n');
const names = fields(header);

const started = performance.now();
let [total, segments] = [0, 0];
for (const line of lines) {
  const row = Object.fromEntries(fields(line).map((value, place) => [names[place], value]));
  const text = template.replace(/\{\{(\w+)\|?([^}]*)\}\}/g, (_, name, other) => row[name] || other);
  const number = parsePhoneNumberFromString(row.phone, 'US');
  const count = new SegmentedMessage(text, 'auto', true).segmentsCount;
  const rate = rates.local.includes(number.country) ? 0 : micros(rates.texting.territories[number.country]);
  segments += count;
  total += (surcharge + rate) * count;
}
const seconds = (performance.now() - started) / 1000;
const decimals = String(total % 1e6).padStart(6, '0').replace(/0{1,4}$/, '');
console.log(seconds, `${Math.floor(total / 1e6)}.${decimals}`, segments);
