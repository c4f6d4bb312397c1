// What there is to say of a character that costs more: its name, its glyph where one can be seen, and what a fix does.

const NOT_SEEN = /^[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]+$/u;

/** What a piece of advice is about: the character's Unicode name, or what people call its kind. */
export function characterName({ name, kind, found, count }) {
  if (name) return name;
  if (kind === "trailing-blanks") return "Blanks at the end";
  if (kind === "line-break") return "Windows line breaks";
  if (/\p{Extended_Pictographic}/u.test(found)) return "Emoji";
  if (/\p{L}/u.test(found)) return kind === "unaccent" ? "Accented letter" : "Letter of another alphabet";
  return count === 1 ? "Other character" : "Other characters";
}

/** What else is worth knowing before a fix is made; empty where nothing is. */
export function remark({ kind, replacement }) {
  if (kind === "unaccent") return "changes the spelling";
  if (kind === "unsupported") return "has no plain form";
  return replacement === "" ? "can go" : "";
}

/** A character for the eye: as it is, or (`unseen`) its code where there is nothing to see. */
export function visible(text) {
  const chip = (label) => ({ text: label, unseen: true });
  if (text === "") return chip("nothing");
  if (text === " ") return chip("space");
  if (text === "\n") return chip("line break");
  if (!NOT_SEEN.test(text)) return { text: /^\p{M}/u.test(text) ? `\u25cc${text}` : text, unseen: false };
  const [first] = text;
  const code = `U+${first.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  const points = [...text];
  return chip(points.length > 1 && new Set(points).size === 1 ? `${points.length} × ${first === " " ? "space" : code}` : code);
}
