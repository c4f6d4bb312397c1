//! Smart encoding: the typographic characters a provider replaces by GSM-7 ones before it counts and sends.
//!
//! The provider does not publish its list. The best public one is that of the calculator its pricing page links to,
//! npm `sms-segments-calculator` 1.3.0 (MIT, Twilio), read off by asking it about every code point; the tests ask it
//! again. It is applied to every text of a channel that has smart encoding, also where the text stays UCS-2 all the
//! same: an ellipsis then grows from one unit to three.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::{literal::next_char, plain};

/// Each replacement with the characters it stands in for.
#[rustfmt::skip]
pub const SUBSTITUTIONS: [(&str, &str); 76] = [
    ("", "\u{0}\u{3}\u{4}\u{10}\u{11}\u{12}\u{13}\u{14}\u{17}\u{19}\u{200b}\u{200c}\u{2060}\u{feff}"),
    (" ", "\u{2001}\u{2028}\u{2029}"),
    ("  ", "\u{80}\u{8d}\u{90}\u{9b}\u{9f}\u{a0}\u{2000}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{202f}\u{205f}\u{3000}"),
    ("       ", "\u{9}"),
    ("!", "ǃ︕﹗！"),
    ("!!", "‼"),
    ("\"", "«»ʺˮ“”„‟❝❞〝〞＂"),
    ("#", "﹟＃"),
    ("$", "﹩＄"),
    ("%", "﹪％"),
    ("&", "﹠＆"),
    ("'", "`´ʹʻʼʽˈˊˋ\u{313}\u{314}‘’‛❛❜︐︑＇"),
    ("(", "❨❪⟮⦅﹙（"),
    (")", "❩❫⟯⦆﹚）"),
    ("*", "⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆﹡＊"),
    ("+", "˖﹢＋"),
    (",", "\u{326}‚、﹐﹑，､"),
    ("-", "‐–—―•⁃⎼⎽﹣－"),
    (".", "。﹒．｡"),
    ("...", "…"),
    ("/", "÷\u{337}\u{338}⁄∕⧸／"),
    ("0", "０"),
    ("1", "１"),
    ("1/2", "½"),
    ("1/4", "¼"),
    ("2", "２"),
    ("3", "３"),
    ("3/4", "¾"),
    ("4", "４"),
    ("5", "５"),
    ("6", "６"),
    ("7", "７"),
    ("8", "８"),
    ("9", "９"),
    (":", "ː˸⦂꞉︓："),
    (";", "⁏︔﹔；"),
    ("<", "‹﹤＜"),
    ("=", "\u{347}꞊﹦＝"),
    (">", "›﹥＞"),
    ("?", "︖﹖？"),
    ("@", "﹫＠"),
    ("A", "ᴀＡ"),
    ("B", "ʙＢ"),
    ("C", "ᴄＣ"),
    ("D", "ᴅＤ"),
    ("E", "ᴇＥ"),
    ("F", "ꜰＦ"),
    ("G", "ɢＧ"),
    ("H", "ʜＨ"),
    ("I", "ɪＩ"),
    ("J", "ᴊＪ"),
    ("K", "ᴋＫ"),
    ("L", "ʟＬ"),
    ("M", "ᴍＭ"),
    ("N", "ɴＮ"),
    ("O", "ᴏＯ"),
    ("P", "ᴘＰ"),
    ("Q", "Ｑ"),
    ("R", "ʀＲ"),
    ("S", "ꜱＳ"),
    ("T", "ᴛＴ"),
    ("U", "ᴜＵ"),
    ("V", "ᴠＶ"),
    ("W", "ᴡＷ"),
    ("X", "Ｘ"),
    ("Y", "ʏＹ"),
    ("Z", "ᴢＺ"),
    ("[", "［"),
    ("\\", "\u{20e5}⧵⧹﹨＼"),
    ("]", "］"),
    ("^", "ˆ\u{302}\u{1dcd}＾"),
    ("_", "\u{332}‗＿"),
    ("{", "❴﹛｛"),
    ("|", "\u{20d2}\u{20d3}∣⎜⎟⎸⎹⏐｜"),
    ("}", "❵﹜｝"),
    ("~", "˜˷\u{303}\u{330}\u{334}∼～"),
];

/// How many characters are replaced.
const COUNT: usize = 271;

/// [`SUBSTITUTIONS`] for the search. The list itself is only read by the compiler: what is looked up is half its size.
struct Found {
    /// Every character that is replaced, sorted; each is below U+10000.
    characters: [u16; COUNT],
    /// The row of each.
    rows: [u8; COUNT],
}

static FOUND: Found = found();

// Compile time only, here and below: an index out of range, a surplus or a missing character would not build.
#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]
const fn found() -> Found {
    let mut found = Found { characters: [0; COUNT], rows: [0; COUNT] };
    let mut filled = 0;
    let mut row = 0;
    while row < SUBSTITUTIONS.len() {
        let mut rest = SUBSTITUTIONS[row].1.as_bytes();
        while let Some((c, after)) = next_char(rest) {
            let mut place = filled;
            while place > 0 && found.characters[place - 1] > c as u16 {
                found.characters[place] = found.characters[place - 1];
                found.rows[place] = found.rows[place - 1];
                place -= 1;
            }
            found.characters[place] = c as u16;
            found.rows[place] = row as u8;
            filled += 1;
            rest = after;
        }
        row += 1;
    }
    assert!(filled == COUNT);
    found
}

/// Bytes of all replacements.
#[allow(clippy::indexing_slicing)]
const REPLACEMENT_BYTES: usize = {
    let (mut row, mut bytes) = (0, 0);
    while row < SUBSTITUTIONS.len() {
        bytes += SUBSTITUTIONS[row].0.len();
        row += 1;
    }
    bytes
};

/// All replacements, one behind the other, and where each row's ends.
struct Replacements {
    text: &'static str,
    ends: [u8; SUBSTITUTIONS.len()],
}

static REPLACEMENTS: Replacements = replacements();

#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::panic)]
const fn replacements() -> Replacements {
    const BYTES: [u8; REPLACEMENT_BYTES] = {
        let mut bytes = [0; REPLACEMENT_BYTES];
        let (mut row, mut filled) = (0, 0);
        while row < SUBSTITUTIONS.len() {
            let mut rest = SUBSTITUTIONS[row].0.as_bytes();
            while let [byte, after @ ..] = rest {
                bytes[filled] = *byte;
                filled += 1;
                rest = after;
            }
            row += 1;
        }
        assert!(filled == REPLACEMENT_BYTES);
        bytes
    };
    let mut ends = [0; SUBSTITUTIONS.len()];
    let (mut row, mut end) = (0, 0);
    while row < SUBSTITUTIONS.len() {
        end += SUBSTITUTIONS[row].0.len();
        ends[row] = end as u8;
        row += 1;
    }
    match core::str::from_utf8(&BYTES) {
        Ok(text) => Replacements { text, ends },
        Err(_) => panic!("not UTF-8"),
    }
}

/// What stands in for a character, if anything: possibly nothing at all (`""`, the zero-width ones).
///
/// ```
/// use textmeter::smart::replacement;
/// assert_eq!(replacement('\u{2019}'), Some("'"));
/// assert_eq!(replacement('é'), None);
/// ```
#[must_use]
pub fn replacement(c: char) -> Option<&'static str> {
    match c {
        '`' => {}
        // The letters of most scripts are not looked for: a text has hundreds of them, and is read several times.
        '!'..='~' | '\u{348}'..='\u{1cff}' | '\u{3020}'..='\u{a72f}' | '\u{a78b}'..='\u{fe0f}' => {
            return None;
        }
        _ => {}
    }
    let code = u16::try_from(u32::from(c)).ok()?;
    let place = FOUND.characters.binary_search(&code).ok()?;
    let row = usize::from(*FOUND.rows.get(place)?);
    let end_of = |row: usize| REPLACEMENTS.ends.get(row).map(|end| usize::from(*end));
    let start = row.checked_sub(1).and_then(end_of).unwrap_or(0);
    REPLACEMENTS.text.get(start..end_of(row)?)
}

/// One character that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stood: bytes from the start of the text as given.
    pub start: usize,
    /// The character as given.
    pub found: char,
    /// What stands there now.
    pub replacement: &'static str,
}

/// The text as it will be sent, and what was changed, in order.
///
/// ```
/// let (sent, changes) = textmeter::smart::encode("Don\u{2019}t…");
/// assert_eq!(sent, "Don't...");
/// assert_eq!(changes.len(), 2);
/// ```
#[must_use]
pub fn encode(text: &str) -> (Cow<'_, str>, Vec<Change>) {
    let mut changes = Vec::new();
    let mut sent = String::new();
    let (mut kept, mut at) = (0, 0);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let start = at + plain::prefix(rest.as_bytes());
        let Some(found) = text.get(start..).and_then(|rest| rest.chars().next()) else { break };
        at = start + found.len_utf8();
        let Some(replacement) = replacement(found) else { continue };
        sent.push_str(text.get(kept..start).unwrap_or_default());
        sent.push_str(replacement);
        kept = at;
        changes.push(Change { start, found, replacement });
    }
    if changes.is_empty() {
        return (Cow::Borrowed(text), changes);
    }
    sent.push_str(text.get(kept..).unwrap_or_default());
    (Cow::Owned(sent), changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_character_is_found_and_no_other() {
        let rows = SUBSTITUTIONS.iter().flat_map(|(to, from)| from.chars().map(move |c| (c, *to)));
        let listed: alloc::collections::BTreeMap<char, &str> = rows.collect();
        assert_eq!(listed.len(), COUNT);
        for c in '\0'..=char::MAX {
            assert_eq!(replacement(c), listed.get(&c).copied(), "{c:?}");
        }
    }

    #[test]
    fn replacements_are_gsm_7_and_are_not_replaced_again() {
        for c in SUBSTITUTIONS.iter().flat_map(|(to, _)| to.chars()) {
            assert!(crate::gsm7::has(c) && replacement(c).is_none(), "{c:?}");
        }
    }
}
