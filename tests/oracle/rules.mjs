// Where the reference calculator and we may differ, each recognised by a property of the text and of the reference's
// own answer. DESIGN.md says why we differ; anything else is a fault of ours.

/** Bits of user data in one message: 140 octets (3GPP TS 23.040, 9.2.3.24). */
const BITS = 140 * 8;
/** UTF-16 code units: one message alone, and one of several behind a header of 6 octets. */
const ALONE = 70;
const CONCATENATED = 67;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text's clusters by this Node's Unicode tables. CR LF is two: they may part. */
export function clusters(text) {
  return Array.from(segmenter.segment(text), ({ segment }) => segment).flatMap((cluster) =>
    cluster === "\r\n" ? ["\r", "\n"] : [cluster],
  );
}

/** Segments of a UCS-2 text, written down a second time and as plainly as possible. */
export function countPlainly(text) {
  if (text.length <= ALONE) return text === "" ? 0 : 1;
  let [segments, used] = [1, 0];
  const add = (piece) => {
    if (used + piece.length > CONCATENATED) [segments, used] = [segments + 1, 0];
    used += piece.length;
  };
  for (const cluster of clusters(text)) {
    if (cluster.length > CONCATENATED) [...cluster].forEach(add);
    else add(cluster);
  }
  return segments;
}

const overflows = (reference) => reference.segments.some((segment) => segment.sizeInBits() > BITS);
const tooLong = (reference) => reference.graphemes.some((grapheme) => grapheme.length > CONCATENATED);

/**
 * The rules, tried in this order. `ours` is our answer and `reference` the reference's, for one and the same text.
 * Each takes part only where the counts differ.
 */
export const RULES = {
  "nothing is left to send: the reference counts a segment": (ours, reference) =>
    ours.text === "" && ours.segments === 0 && reference.segmentsCount === 1,

  "a cluster is longer than a segment: the reference's segment overflows": (ours, reference) =>
    tooLong(reference) && overflows(reference) && ours.segments === countPlainly(ours.text),

  "clusters moved behind the first header overflow the reference's second segment": (ours, reference) =>
    !tooLong(reference) &&
    overflows(reference) &&
    ours.segments > reference.segmentsCount &&
    ours.segments === countPlainly(ours.text),

  "a cluster its Unicode 10 tables split lies on a boundary: we say more, and say the range": (ours, reference) =>
    !overflows(reference) &&
    ours.segments_min <= reference.segmentsCount &&
    reference.segmentsCount < ours.segments &&
    clusters(ours.text).join("|") !== reference.graphemes.join("|") &&
    ours.segments === countPlainly(ours.text),

  // In Unicode 10 a joiner held certain emoji whatever stood before it; since 11 only behind another emoji.
  "a joiner behind what is no emoji lies on a boundary: its Unicode 10 tables do not split there": (ours, reference) =>
    !overflows(reference) &&
    reference.segmentsCount > ours.segments &&
    reference.graphemes.some((grapheme) => /\u200d\p{Extended_Pictographic}/u.test(grapheme) && clusters(grapheme).length > 1) &&
    ours.segments === countPlainly(ours.text),
};

/** The name of the rule that allows a difference in the number of segments, if one does. */
export function ruleFor(ours, reference) {
  return Object.keys(RULES).find((name) => RULES[name](ours, reference));
}
