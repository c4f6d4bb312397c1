//! What a text is, found in one pass: its encoding, its units, and whether it is plain all through.

use super::Encoding;
use crate::{gsm7, plain, utf16};

/// The measures of a text.
#[derive(Clone, Copy)]
pub(super) struct Measure {
    pub(super) encoding: Encoding,
    /// Septets or code units.
    pub(super) units: usize,
    /// Every byte is a character of one septet: a cut may fall anywhere.
    pub(super) plain: bool,
}

impl Measure {
    /// In the encoding that the text needs.
    pub(super) fn of(text: &str) -> Measure {
        septets(text, &gsm7::septets).unwrap_or_else(|| ucs2(text))
    }

    /// In a given encoding. A character that GSM-7 lacks is one septet of it.
    pub(super) fn forced(text: &str, encoding: Encoding) -> Measure {
        match encoding {
            Encoding::Gsm7 => septets(text, &|c| gsm7::septets(c).max(1)),
            Encoding::Ucs2 => None,
        }
        .unwrap_or_else(|| ucs2(text))
    }
}

/// `None` at the first character that has no septets.
fn septets(text: &str, septets_of: &dyn Fn(char) -> u8) -> Option<Measure> {
    let mut units = plain::prefix(text.as_bytes());
    let plain = units == text.len();
    let mut rest = text.get(units..).unwrap_or_default().chars();
    while let Some(c) = rest.next() {
        match septets_of(c) {
            0 => return None,
            septets => units += usize::from(septets),
        }
        let passed = plain::prefix(rest.as_str().as_bytes());
        units += passed;
        rest = rest.as_str().get(passed..).unwrap_or_default().chars();
    }
    Some(Measure { encoding: Encoding::Gsm7, units, plain })
}

fn ucs2(text: &str) -> Measure {
    Measure { encoding: Encoding::Ucs2, units: utf16::len(text), plain: false }
}
