// Texts written in another alphabet. Their letters are no slips to be marked one by one: the whole text is as it must be.

const LETTER = /^[\p{L}\p{M}\p{N}\p{P}\p{Z}]/u;

/** More different letters than this without a plain form are a script, not slips. */
const SLIPS_MOST = 4;

/** The advice about letters of the script a text is written in; none where only a few letters stand out. */
export function scriptOf(advice) {
  const letters = advice.filter((item) => item.kind === "unsupported" && LETTER.test(item.found));
  return letters.length > SLIPS_MOST ? letters : [];
}

/** The other advice: what is worth a mark and a line of its own. */
export function slipsOf(advice) {
  const script = new Set(scriptOf(advice));
  return advice.filter((item) => !script.has(item));
}
