// Building elements. Text only ever becomes a text node: nothing typed or fetched is read as markup.

/** An element with properties, attributes (names with a dash, `role`, `for`), listeners (`onclick`) and children. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name.includes("-") || !(name in element)) element.setAttribute(name, value === true ? "" : value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  arrow: "M3 8h10M9 4l4 4-4 4",
  stop: "M8 4.5v4M8 11.2v.1M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z",
  spark: "M8 2v3M8 11v3M2 8h3M11 8h3M4 4l1.8 1.8M10.2 10.2 12 12M12 4l-1.8 1.8M5.8 10.2 4 12",
  cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M3.5 6l4.5 4.5L12.5 6",
};

/** A decorative line icon, drawn in the colour of the text. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Writes a text where it is another one; an equal one costs no layout. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows or hides, and says which. */
export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
  return visible;
}
