// A sheet of glass over the host's text area: it breaks lines as the field does and holds nothing but the marks. The
// field itself, its value and its style stay as they are.
import { Marks } from "../composer/marks.js";

const NAMES = { costly: "text-meter-costly", swapped: "text-meter-swapped" };

/** Everything that moves a glyph. */
const COPIED = [
  "fontFamily", "fontSize", "fontStyle", "fontWeight", "fontStretch", "fontVariant", "fontKerning", "fontFeatureSettings", "fontVariationSettings",
  "fontOpticalSizing", "lineHeight", "letterSpacing", "wordSpacing", "textIndent", "textTransform", "textAlign", "textRendering", "tabSize", "direction",
  "unicodeBidi", "whiteSpace", "wordBreak", "overflowWrap", "lineBreak", "hyphens", "writingMode", "paddingTop", "paddingRight", "paddingBottom",
  "paddingLeft",
];

export class Mirror {
  #sheet;
  #marks;
  #node = null;
  #sizes;

  constructor(sheet) {
    this.#sheet = sheet;
    this.#marks = new Marks(sheet, NAMES);
    this.#sizes = new ResizeObserver(() => this.lay());
  }

  /** Lies over a field from now on; null: over none. An `<input>` scrolls sideways and cannot be mirrored. */
  over(node) {
    const field = node?.matches("textarea") ? node : null;
    if (field === this.#node) return;
    if (this.#node) this.#sizes.unobserve(this.#node);
    this.#node = field;
    if (field) this.#sizes.observe(field);
    else this.clear();
  }

  draw(text, ranges) {
    if (this.#node === null) return;
    const any = ranges.costly.length + ranges.swapped.length > 0;
    this.#sheet.hidden = !any;
    if (!any) {
      this.#marks.clear();
      return;
    }
    this.lay();
    this.#marks.draw(text, ranges);
    this.scroll();
  }

  clear() {
    this.#sheet.hidden = true;
    this.#marks.clear();
  }

  scroll() {
    if (this.#node === null || this.#sheet.hidden) return;
    this.#sheet.scrollTop = this.#node.scrollTop;
    this.#sheet.scrollLeft = this.#node.scrollLeft;
  }

  /** Lies where the field is, as large and as it is styled. */
  lay() {
    if (this.#node === null || this.#sheet.hidden) return;
    const { style } = this.#sheet;
    const wanted = getComputedStyle(this.#node);
    for (const property of COPIED) if (style[property] !== wanted[property]) style[property] = wanted[property];
    const field = this.#node.getBoundingClientRect();
    const origin = this.#sheet.parentNode.host.getBoundingClientRect();
    style.left = `${field.left - origin.left + this.#node.clientLeft}px`;
    style.top = `${field.top - origin.top + this.#node.clientTop}px`;
    style.width = `${this.#node.clientWidth}px`;
    style.height = `${this.#node.clientHeight}px`;
    this.scroll();
  }
}
