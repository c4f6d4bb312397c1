// The settings in a link, behind the #: no server is told. The text and the numbers only when somebody ticks the box.

const FIELDS = ["channel", "balance", "sender", "encoding", "smart", "region", "minutes", "line_type"];
const DEFAULTS = { channel: "api", sender: "standard", encoding: "auto", region: "US", smart: "", line_type: "", balance: "" };

/** Numbers, as the meter reads them in every language. */
const NUMBERS = ["balance", "minutes"];

/** The part behind the # for a state; what is as it is by default stays out. `places` stand in for the numbers. */
export function toHash(state, places, { withText }) {
  const query = new URLSearchParams();
  for (const to of withText ? state.to : places) query.append("to", to);
  for (const field of FIELDS) {
    const value = state[field] ?? "";
    if (value !== "" && value !== DEFAULTS[field]) query.set(field, value);
  }
  if (withText && state.text !== "") query.set("text", state.text);
  return query.toString();
}

/**
 * What a link's # says: only fields we know, as texts, and numbers with one reading. Null where it says nothing of ours, or
 * is a place on the page (`#text`).
 */
export function fromHash(hash) {
  if (!hash.includes("=")) return null;
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const state = {};
  for (const field of [...FIELDS, "text"]) if (query.has(field)) state[field] = query.get(field);
  for (const field of NUMBERS) if (!/^\d+(\.\d+)?$/.test(state[field])) delete state[field];
  if (query.has("to")) state.to = query.getAll("to");
  return Object.keys(state).length > 0 ? state : null;
}
