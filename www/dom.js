// The page's own elements; what builds new ones is the package's.
export { h, icon, say, show } from "./textmeter/composer/dom.js";

export const byId = (id) => document.getElementById(id);
