// A seeded stream of text messages that lie where calculators disagree: around the ends of segments, with every kind
// of character that is more than one unit or more than one code point.

/** A small generator of repeatable numbers (xorshift32): the same seed gives the same corpus on every machine. */
export function random(seed) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  return {
    below: (limit) => next() % limit,
    pick: (list) => list[next() % list.length],
  };
}

const GSM = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;!?@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ#¤%&'()*+-/<=>¡ÄÖÑÜ§¿äöñüà\n\r"];
const EXTENSION = [..."^{}\\[~]|€\f"];
const CYRILLIC = [..."абвгдеёжзийклмнопрстуфхцчшщъыьэюя"];
const CURLY = [..."‘’“”„«»–—…•′″‹›"];
const WIDTHLESS = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\ufe0f", "\ufe0e"];
const BLANK = ["\u00a0", "\u2009", "\u202f", "\u3000", "\t", "\u2028", "\0", "\x1b"];
const EMOJI = [..."😀😂🥰🤔👍🔥🎉🚀🍕🦊🫠🩷⭐☎❤✨♻"];
const SKIN = ["🏻", "🏼", "🏽", "🏾", "🏿"];
const HANDS = [..."👍👋🤝💪🧑👩👨👶☝✌🫶"];
const FAMILIES = ["👨‍👩‍👧‍👦", "👩‍💻", "🏳️‍🌈", "🏴‍☠️", "❤️‍🔥", "🧑🏽‍🤝‍🧑🏿", "👩🏾‍🚀", "🐻‍❄️", "🫱🏻‍🫲🏿", "😶‍🌫️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"];
const LETTERS_FOR_FLAGS = [..."🇺🇸🇩🇪🇬🇧🇯🇵🇧🇷"];
const MARKS = ["\u0300", "\u0301", "\u0308", "\u0323", "\u034f", "\u0483", "\u05b8", "\u064b", "\u0e31", "\u20e3", "\u1ab0", "\u1ac1", "\u0898", "\u{11f5a}"];
const INDIC = ["क्षत्रिय", "न्द्र", "हिन्दी", "ক্ষ", "ક્ષ", "క్ష", "ക്ഷ", "தமிழ்", "ශ්‍රී", "ก็", "กำ", "ກຳ"];
const HANGUL = ["한", "한", "글", "ᄀ", "각", "가"];
const ASTRAL = [..."𠀀𠮷𡃁𪚥𝒜𝟘𐍈𓀀"];
const CJK = [..."漢字日本語短信價格"];

/** Each mixture: how likely it is, and what it draws one piece of text from. */
const MIXTURES = [
  [5, (r) => r.pick(GSM)],
  [4, (r) => (r.below(12) ? r.pick(GSM) : r.pick(EXTENSION))],
  [2, (r) => (r.below(2) ? r.pick(GSM) : r.pick(EXTENSION))],
  [2, (r) => (r.below(10) ? r.pick(GSM) : "\r\n")],
  [4, (r) => (r.below(15) ? r.pick(GSM) : r.pick(CURLY))],
  [2, (r) => (r.below(15) ? r.pick(GSM) : r.pick(BLANK))],
  [2, (r) => (r.below(12) ? r.pick(GSM) : r.pick(WIDTHLESS))],
  [3, (r) => (r.below(5) ? r.pick(GSM) : r.pick(EMOJI))],
  [2, (r) => r.pick(EMOJI)],
  [2, (r) => (r.below(8) ? r.pick(GSM) : r.pick(FAMILIES))],
  [1, (r) => r.pick(FAMILIES)],
  [2, (r) => (r.below(6) ? r.pick(CYRILLIC) : r.pick(HANDS) + r.pick(SKIN))],
  [1, (r) => (r.below(3) ? r.pick(LETTERS_FOR_FLAGS) : r.pick(GSM))],
  [1, (r) => (r.below(6) ? r.pick(GSM) : r.pick([..."0123456789#*"]) + "\ufe0f\u20e3")],
  [3, (r) => (r.below(3) ? r.pick(GSM) : r.pick(GSM) + r.pick(MARKS))],
  [1, (r) => (r.below(9) ? r.pick(CYRILLIC) : r.pick(GSM) + r.pick(MARKS).repeat(1 + r.below(90)))],
  [1, (r) => "e" + r.pick(MARKS).repeat(25 + r.below(20))],
  [3, (r) => r.pick(CYRILLIC)],
  [1, (r) => (r.below(3) ? r.pick(CJK) : r.pick(ASTRAL))],
  [2, (r) => r.pick(INDIC)],
  [1, (r) => r.pick(HANGUL)],
  [1, (r) => (r.below(4) ? r.pick(EMOJI) : r.pick(WIDTHLESS))],
  [1, (r) => r.pick([" ", "\n", "\u00a0", "\u200b"])],
  [1, (r) => (r.below(6) ? r.pick(CYRILLIC) : r.pick(GSM) + "\u200d" + r.pick([..."❤☠👩👦"]))],
  [1, (r) => (r.below(20) ? r.pick(GSM) : r.pick(["\ud83d", "\udc00"]))],
  [2, (r) => r.pick([GSM, EXTENSION, CYRILLIC, CURLY, WIDTHLESS, BLANK, EMOJI, FAMILIES, MARKS, INDIC, HANGUL, ASTRAL][r.below(12)])],
].flatMap(([weight, draw]) => Array(weight).fill(draw));

/** Where segments end, in septets and in code units; long ones are rarer, because the reference is quadratic. */
const SEPTETS = [160, 160, 160, 160, 160, 153, 153, 306, 306, 459];
const UNITS = [70, 70, 70, 70, 67, 134, 134, 201];

const isExtension = new Set(EXTENSION);
const isGsm = new Set([...GSM, ...EXTENSION]);

/** One message. Its length is mostly within three units of the end of a segment. */
export function message(r) {
  const draw = r.pick(MIXTURES);
  const gsm = Array.from({ length: 30 }, () => draw(r)).every((piece) => [...piece].every((c) => isGsm.has(c)));
  const end = r.below(12) ? r.pick(gsm ? SEPTETS : UNITS) - 3 + r.below(8) : r.below(gsm ? 200 : 90);
  const size = (piece) => (gsm ? [...piece].reduce((n, c) => n + (isExtension.has(c) ? 2 : 1), 0) : piece.length);
  let text = "";
  let used = 0;
  while (used < end) {
    // A run of plain letters brings a cluster to a boundary from every side.
    const piece = r.below(40) ? draw(r) : r.pick(gsm ? GSM : CYRILLIC).repeat(1 + r.below(40));
    text += piece;
    used += size(piece);
  }
  return text;
}
