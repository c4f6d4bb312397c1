//! Names of the characters people ask about: the invisible ones, and the ones word processors put in.

use crate::literal::entries;

/// Characters, each with its name; one list in the Wasm payload instead of two pointers an entry.
const NAMES: &str = "\
    \0null\n\
    \ttab\n\
    \u{1b}escape\n\
    `grave accent\n\
    \u{a0}no-break space\n\
    «left double angle quotation mark\n\
    »right double angle quotation mark\n\
    \u{ad}soft hyphen\n\
    ´acute accent\n\
    \u{300}combining grave accent\n\
    \u{301}combining acute accent\n\
    \u{302}combining circumflex accent\n\
    \u{303}combining tilde\n\
    \u{308}combining diaeresis\n\
    \u{34f}combining grapheme joiner\n\
    \u{61c}Arabic letter mark\n\
    \u{180e}Mongolian vowel separator\n\
    \u{2002}en space\n\
    \u{2003}em space\n\
    \u{2007}figure space\n\
    \u{2008}punctuation space\n\
    \u{2009}thin space\n\
    \u{200a}hair space\n\
    \u{200b}zero-width space\n\
    \u{200c}zero-width non-joiner\n\
    \u{200d}zero-width joiner\n\
    \u{200e}left-to-right mark\n\
    \u{200f}right-to-left mark\n\
    ‐hyphen\n\
    ‑non-breaking hyphen\n\
    –en dash\n\
    —em dash\n\
    ‘left single quotation mark\n\
    ’right single quotation mark\n\
    “left double quotation mark\n\
    ”right double quotation mark\n\
    „low double quotation mark\n\
    •bullet\n\
    …ellipsis\n\
    \u{2028}line separator\n\
    \u{2029}paragraph separator\n\
    \u{202f}narrow no-break space\n\
    \u{2060}word joiner\n\
    ′prime\n\
    ™trade mark sign\n\
    −minus sign\n\
    \u{3000}ideographic space\n\
    \u{fe0f}emoji variation selector\n\
    \u{feff}byte order mark\n\
    \u{fffd}replacement character";

/// The Unicode name of a character, in small letters, for the ones that need a word: invisible, or easily taken for a
/// plain one.
#[must_use]
pub(crate) fn name(c: char) -> Option<&'static str> {
    entries(NAMES, b'\n').find_map(|entry| entry.strip_prefix(c))
}
