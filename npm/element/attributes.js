// Attributes that are properties of the same meaning. All reflect; an absent one reads as an empty text.

const TEXTS = {
  for: "htmlFor",
  to: "to",
  balance: "balance",
  "balance-as-of": "balanceAsOf",
  channel: "channel",
  currency: "currency",
  encoding: "encoding",
  placement: "placement",
  rates: "rates",
  region: "region",
  sender: "sender",
  smart: "smart",
};

/** Between recipients; a number's own parameters (`;ext=5`) stay with it. */
const SEPARATORS = /[,\n]|;(?!\s*(?:ext|isub|phone-context)=)/i;

export const ATTRIBUTES = [...Object.keys(TEXTS), "confirm"];

/** Properties that may have been set before the element was defined. */
export const PROPERTIES = [...Object.values(TEXTS), "confirm", "card", "meter", "text"];

/** Gives a class its reflecting properties. */
export function reflect(prototype) {
  for (const [attribute, property] of Object.entries(TEXTS)) {
    Object.defineProperty(prototype, property, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(attribute) ?? "";
      },
      set(value) {
        if (value === null || value === undefined) this.removeAttribute(attribute);
        else this.setAttribute(attribute, String(value));
      },
    });
  }
  Object.defineProperty(prototype, "confirm", {
    configurable: true,
    enumerable: true,
    get() {
      return this.hasAttribute("confirm");
    },
    set(value) {
      this.toggleAttribute("confirm", Boolean(value));
    },
  });
}

/** The meter's request by an element's attributes; what is absent has no value. */
export function requestOf(element, { text, balance }) {
  const given = (value) => (value === "" ? undefined : value);
  return {
    text,
    to: element.to.split(SEPARATORS).map((to) => to.trim()).filter((to) => to !== ""),
    balance,
    channel: given(element.channel),
    region: given(element.region),
    sender: given(element.sender),
    encoding: given(element.encoding),
    smart: { on: true, off: false }[element.smart],
  };
}
