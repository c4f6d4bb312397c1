// What a TypeScript project may write, and (marked) what it may not.
import rates from "textmeter/rates.json" with { type: "json" };
import { TextMeter } from "textmeter/element/define";
import { lookAtList, priceList, type CampaignSummary } from "textmeter/campaign";
import { watchText, type ProposedEdit } from "textmeter/headless";
import { TextmeterError, createMeter, type Amount, type Meter, type Quote, type QuoteRequest } from "textmeter";
import { loadMeter } from "textmeter/web";

type IsAny<T> = 0 extends 1 & T ? true : false;
type No = false;
const no = <T extends No>(..._: T[]): void => undefined;
no<IsAny<Quote>>();
no<IsAny<Quote["advice"][number]>>();
no<IsAny<Quote["recipients"][number]["total"]>>();
no<IsAny<ReturnType<Meter["quote"]>>>();
no<IsAny<Parameters<Meter["quote"]>[0]>>();
no<IsAny<ProposedEdit["edits"][number]>>();
no<IsAny<HTMLElementTagNameMap["text-meter"]["quote"]>>();

const meter: Meter = createMeter(rates);
const loaded: Promise<Meter> = loadMeter({ card: rates, wasm: new URL("https://example.com/textmeter_bg.wasm") });
const request: QuoteRequest = { text: "Hi", to: ["+447400123456", "GB"], balance: "5.00", channel: "own-channel", minutes: 4.5 };
const quote: Quote = meter.quote(request);
const total: Amount | null = quote.total;
if (quote.cover?.kind === "short") quote.cover.shortfall.padStart(4);
// @ts-expect-error money is a decimal string, never a number
meter.quote({ balance: 5 });
// @ts-expect-error a misspelt field would change the price
meter.quote({ balence: "5.00" });
// @ts-expect-error what is short has no remainder
if (quote.cover?.kind === "short") quote.cover.remaining;
// @ts-expect-error errors are made by the package only
new TextmeterError("code", "at", "message");

const watch = watchText({ meter, text: "Hi", apply: ({ edits }) => edits.reverse() });
watch.addEventListener("text-meter-change", (event) => event.detail.segments.toFixed());
watch.addEventListener("text-meter-edit", (event) => (event.preventDefault(), event.detail.edits[0]?.insert.length));
watch.update({ text: "Hi there", balanceIsOld: true })?.parts.at(0)?.units.toFixed();

const element: TextMeter = document.createElement("text-meter");
element.to = ["GB", "US"];
element.card = rates;
element.balance = null;
element.addEventListener("text-meter-exceeded", ({ detail }) => detail.total?.length);
element.addEventListener("click", () => undefined);
const found: string | undefined = element.findings[0]?.found;
// @ts-expect-error it is the meter's answer
element.quote = quote;

const priced = priceList({ card: rates, list: new Blob(["phone"]), template: "Hi", onProgress: ({ rows }) => rows.toFixed() });
const summary: CampaignSummary = (await priced).summary;
no<IsAny<typeof summary>>();
no<IsAny<CampaignSummary["dearer"]["examples"][number]>>();
if (summary.cover?.kind === "short") summary.cover.shortfall?.padStart(4);
const names: string[] = (await lookAtList({ list: "phone\n1", header: true })).names;
// @ts-expect-error a list has a message
priceList({ card: rates, list: "phone" });
// @ts-expect-error a number is no list
lookAtList({ list: 7 });

export { names, summary };
export { element, found, loaded, total };
