/** Registers `<text-meter>`, once; does nothing on a server. */
export { TextMeter } from "../element.js";
