// Registers `<text-meter>`. Safe to import on a server and twice.
import { TextMeter } from "../element.js";

export { TextMeter };

if (globalThis.customElements !== undefined && !customElements.get("text-meter")) customElements.define("text-meter", TextMeter);
