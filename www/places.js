// Territories for the eye: names from Intl, flags where the machine can draw them.
import { h } from "./dom.js";

export { placeName } from "./textmeter/composer/places.js";

/** Codes Intl has names for that are no destination: unions, test regions, and parts other codes stand for. */
const NOT_PLACES = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "CP", "CQ", "DG", "EA", "IC"]);

let listed;

/** Every territory there is, by name: `[{code, name}]`. Listed once, when it is first asked for: it takes its time. */
export const allPlaces = () => (listed ??= listPlaces(navigator.languages));

function listPlaces(locales) {
  const known = new Intl.DisplayNames(locales, { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const codes = letters.flatMap((a) => letters.map((b) => a + b));
  const current = (code) => new Intl.Locale("und", { region: code }).region === code; // DD is DE by now
  const order = new Intl.Collator(locales);
  return codes
    .filter((code) => !NOT_PLACES.has(code) && known.of(code) !== undefined && current(code))
    .map((code) => ({ code, name: known.of(code) }))
    .sort((a, b) => order.compare(a.name, b.name));
}

/**
 * The code that two letters mean, undefined for anything else. UK is the one that everybody writes for another; what codes of
 * former states stand for would be a guess, because names begin with them too (SU, BU).
 */
export const codeMeant = (typed) => (/^[a-z]{2}$/i.test(typed) ? typed.toUpperCase().replace("UK", "GB") : undefined);

/** Whether flags come out as pictures here; some systems have none and show the letters. */
let drawsFlags;
function canDrawFlags() {
  if (drawsFlags === undefined) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 16;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.font = "14px sans-serif";
    context.fillText("\u{1F1F8}\u{1F1EA}", 0, 13);
    const { data } = context.getImageData(0, 0, 16, 16);
    drawsFlags = data.some((value, at) => at % 4 === 0 && (value !== data[at + 1] || value !== data[at + 2]));
  }
  return drawsFlags;
}

/** A flag beside a name; never the only sign of a country. */
export function flag(code) {
  if (!canDrawFlags()) return h("span", { class: "flag letters", "aria-hidden": "true" }, code);
  const letters = [...code].map((letter) => String.fromCodePoint(0x1f1e6 + letter.charCodeAt(0) - 65));
  return h("span", { class: "flag", "aria-hidden": "true" }, letters.join(""));
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’'.-]/g, " ").toLowerCase();

/** The places a search means: code first, then names that begin so, then names with a word that does, then the rest. */
export function findPlaces(places, query) {
  const wanted = fold(query.trim());
  if (wanted === "") return places;
  const meant = codeMeant(wanted)?.toLowerCase() ?? wanted;
  const rank = ({ code, name }) => {
    const folded = fold(name);
    if (code.toLowerCase() === meant) return 0;
    if (folded.startsWith(wanted)) return 1;
    if (folded.split(/[\s(&]+/).some((word) => word.startsWith(wanted))) return 2;
    return wanted.length > 2 && folded.includes(wanted) ? 3 : 4;
  };
  return places
    .map((place) => ({ place, rank: rank(place) }))
    .filter((entry) => entry.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map((entry) => entry.place);
}
