// The page's own elements; what builds new ones is the package's.
export { h, icon, say, show } from "./textmeter/composer/dom.js";

/** Lets the browser draw and answer before the next piece of work. */
export const pause = () => new Promise((resolve) => setTimeout(resolve));

export const byId = (id) => document.getElementById(id);

/** Does what a button asks for, once at a time. Meanwhile it is not `disabled`: that would lose the focus. */
export async function busy(button, work) {
  if (button.ariaDisabled === "true") return undefined;
  button.ariaDisabled = "true";
  return work().finally(() => (button.ariaDisabled = null));
}
