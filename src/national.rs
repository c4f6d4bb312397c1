//! National language tables: 3GPP TS 23.038, Annex A.
//!
//! A text that GSM-7 lacks a character for is sent in UCS-2, at 70 units a message. The standard has another way: a
//! header that names a language puts that language's characters into the 7-bit alphabet, and 155 septets fit. Two
//! tables can be named, one or both:
//!
//! - a *locking shift* table stands in for the whole default alphabet (clause A.3), a septet a character;
//! - a *single shift* table stands in for the extension table (clause A.2), two septets a character.
//!
//! Few carriers offer them and the provider bills such texts as UCS-2, so this is advice to ask for, never a count to
//! charge by.

mod set;
pub mod tables;

use crate::gsm7;
use set::Set;
use tables::{LOCKING, SINGLE};

/// A language that has tables, by its National Language Identifier (TS 23.038, 6.2.1.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs)] // Their names say all there is.
pub enum Language {
    Turkish = 1,
    Spanish,
    Portuguese,
    /// And Assamese.
    Bengali,
    Gujarati,
    Hindi,
    Kannada,
    Malayalam,
    Oriya,
    Punjabi,
    Tamil,
    Telugu,
    Urdu,
}

impl Language {
    /// Every language, by code.
    pub const ALL: [Language; 13] = [
        Language::Turkish,
        Language::Spanish,
        Language::Portuguese,
        Language::Bengali,
        Language::Gujarati,
        Language::Hindi,
        Language::Kannada,
        Language::Malayalam,
        Language::Oriya,
        Language::Punjabi,
        Language::Tamil,
        Language::Telugu,
        Language::Urdu,
    ];

    /// The National Language Identifier, 1 to 13, that goes into the message's header.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The standard's English name of it, as in `Turkish`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Language::Turkish => "Turkish",
            Language::Spanish => "Spanish",
            Language::Portuguese => "Portuguese",
            Language::Bengali => "Bengali",
            Language::Gujarati => "Gujarati",
            Language::Hindi => "Hindi",
            Language::Kannada => "Kannada",
            Language::Malayalam => "Malayalam",
            Language::Oriya => "Oriya",
            Language::Punjabi => "Punjabi",
            Language::Tamil => "Tamil",
            Language::Telugu => "Telugu",
            Language::Urdu => "Urdu",
        }
    }

    /// The BCP 47 tag of it, as in `tr`: what the browser's `Intl.DisplayNames` takes.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Turkish => "tr",
            Language::Spanish => "es",
            Language::Portuguese => "pt",
            Language::Bengali => "bn",
            Language::Gujarati => "gu",
            Language::Hindi => "hi",
            Language::Kannada => "kn",
            Language::Malayalam => "ml",
            Language::Oriya => "or",
            Language::Punjabi => "pa",
            Language::Tamil => "ta",
            Language::Telugu => "te",
            Language::Urdu => "ur",
        }
    }
}

/// How a text would be sent in GSM-7 with one language's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NationalFit {
    /// The language whose tables these are.
    pub language: Language,
    /// Whether the header names its locking shift table.
    pub locking: bool,
    /// Whether the header names its single shift table.
    pub single: bool,
    /// Septets of the whole text, escapes included, headers not.
    pub septets: usize,
    /// Messages it would take. More than 255 cannot be sent; they are counted all the same.
    pub segments: usize,
}

/// Octets of user data in one message (TS 23.040, 9.2.3.16).
const USER_DATA_OCTETS: usize = 140;
/// The header's own length (9.2.3.24).
const UDHL_OCTETS: usize = 1;
/// Identifier, length and an 8-bit reference with total and number (9.2.3.24.1).
const CONCATENATION_OCTETS: usize = 5;
/// Identifier, length and the language (9.2.3.24.15 single shift, 9.2.3.24.16 locking shift).
const TABLE_OCTETS: usize = 3;

/// Septets in a message whose header names so many tables: when it is the only one, and when there are several.
const fn capacities(tables: usize) -> (usize, usize) {
    let octets = USER_DATA_OCTETS - UDHL_OCTETS - tables * TABLE_OCTETS;
    (octets * 8 / 7, (octets - CONCATENATION_OCTETS) * 8 / 7)
}

const _: () = {
    assert!(matches!(capacities(1), (155, 149)));
    assert!(matches!(capacities(2), (152, 146)));
};

/// One language's tables.
struct Tables {
    language: Language,
    locking: Option<Set>,
    single: Set,
}

static TABLES: [Tables; 13] = {
    use Language as L;
    [
        tables_of(L::Turkish),
        tables_of(L::Spanish),
        tables_of(L::Portuguese),
        tables_of(L::Bengali),
        tables_of(L::Gujarati),
        tables_of(L::Hindi),
        tables_of(L::Kannada),
        tables_of(L::Malayalam),
        tables_of(L::Oriya),
        tables_of(L::Punjabi),
        tables_of(L::Tamil),
        tables_of(L::Telugu),
        tables_of(L::Urdu),
    ]
};

const fn tables_of(language: Language) -> Tables {
    let index = language.code() as usize - 1;
    // Compile time only: an index out of range would not build.
    #[allow(clippy::indexing_slicing)]
    let (locking, single) = (&LOCKING[index], &SINGLE[index]);
    Tables {
        language,
        locking: match locking {
            Some(table) => Some(Set::of(table)),
            None => None,
        },
        single: Set::of(single),
    }
}

/// The tables that send a text in the fewest segments: those that have every character of it. `None` if the text needs
/// none, or if no language has them all.
///
/// Of equals it is a single shift table before a locking shift table before both, and then the language of the lowest
/// code. Segments are filled greedily; an escape and the septet after it stay together (TS 23.040, 9.2.3.24.1).
///
/// ```
/// use textmeter::national::{Language, cheapest_language};
/// let fit = cheapest_language(&"Çağrı ".repeat(19)).unwrap();
/// assert_eq!((fit.language, fit.locking, fit.single), (Language::Turkish, false, true));
/// assert_eq!((fit.septets, fit.segments), (152, 1));
/// assert_eq!(cheapest_language("plain"), None);
/// assert_eq!(cheapest_language("😀"), None);
/// ```
#[must_use]
pub fn cheapest_language(text: &str) -> Option<NationalFit> {
    // The first character outside GSM-7 rules out nearly every language at once.
    let foreign = text.chars().find(|c| !gsm7::has(*c))?;
    let mut best: Option<NationalFit> = None;
    for (locking, single) in [(false, true), (true, false), (true, true)] {
        for tables in &TABLES {
            if locking && tables.locking.is_none() {
                continue;
            }
            let candidate = Candidate {
                locking: tables.locking.as_ref().filter(|_| locking),
                single: single.then_some(&tables.single),
            };
            if candidate.septets(foreign) == 0 {
                continue;
            }
            let Some((septets, segments)) = candidate.count(text) else { continue };
            if best.is_none_or(|best| segments < best.segments) {
                best = Some(NationalFit { language: tables.language, locking, single, septets, segments });
            }
        }
    }
    best
}

/// The tables of one header; where it names none, the default alphabet or its extension table holds.
struct Candidate<'a> {
    locking: Option<&'a Set>,
    single: Option<&'a Set>,
}

impl Candidate<'_> {
    /// What a character costs, 1 or 2; 0 if the tables lack it.
    fn septets(&self, c: char) -> usize {
        let default = gsm7::septets(c);
        if self.locking.map_or(default == 1, |set| set.has(c)) {
            1
        } else if self.single.map_or(default == 2, |set| set.has(c)) {
            2
        } else {
            0
        }
    }

    /// Septets and segments of a text; `None` at the first character that the tables lack.
    fn count(&self, text: &str) -> Option<(usize, usize)> {
        let (one, each) =
            capacities(usize::from(self.locking.is_some()) + usize::from(self.single.is_some()));
        let (mut septets, mut segments, mut filled) = (0, 1, 0);
        for c in text.chars() {
            let cost = self.septets(c);
            if cost == 0 {
                return None;
            }
            septets += cost;
            filled += cost;
            if filled > each {
                segments += 1;
                filled = cost;
            }
        }
        Some((septets, if septets <= one { 1 } else { segments }))
    }
}
