//! Grapheme clusters (UAX #29, extended), what people take for a character.
//!
//! Only one question is ever asked, whether clusters part at a place. The rules are Unicode's, and its properties are in
//! a table of 1.2 KB as a page downloads it; npm's and crates.io's libraries bring four times as much. What one of them,
//! `unicode-segmentation`, says is the judge of both in the tests, over every code point.

#[cfg(all(test, not(target_family = "wasm")))]
mod judge;
mod table;

use core::ops::Range;

use table::RUNS;

/// What a character is to its neighbours (`Grapheme_Cluster_Break`, `Extended_Pictographic`, `Indic_Conjunct_Break`).
/// The numbers are the table's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Other = 0,
    /// A line break too: only CR and LF are ever kept together.
    Control = 1,
    /// An Extend that stands between conjunct consonants.
    Mark = 2,
    /// U+200D.
    Joiner = 3,
    /// An Extend that makes two consonants a conjunct.
    Linker = 4,
    /// An Extend that parts conjunct consonants.
    Extend = 5,
    SpacingMark = 6,
    Prepend = 7,
    RegionalIndicator = 8,
    L = 9,
    V = 10,
    T = 11,
    Lv = 12,
    Lvt = 13,
    Pictographic = 14,
    Consonant = 15,
}

/// The classes by their numbers.
const CLASSES: [Class; 16] = {
    use Class::{
        Consonant, Control, Extend, Joiner, L, Linker, Lv, Lvt, Mark, Other, Pictographic, Prepend,
        RegionalIndicator, SpacingMark, T, V,
    };
    [
        Other,
        Control,
        Mark,
        Joiner,
        Linker,
        Extend,
        SpacingMark,
        Prepend,
        RegionalIndicator,
        L,
        V,
        T,
        Lv,
        Lvt,
        Pictographic,
        Consonant,
    ]
};

/// A run's length that is too great for its byte.
const LONG: u8 = 0xF;

/// A place among [`RUNS`]: where a run begins, as a code point and as a byte of the table.
#[derive(Clone, Copy)]
struct Place {
    code: u32,
    at: u16,
}

/// Every so many runs there is a place to begin a search at.
const STRIDE: usize = 32;
const PLACES: usize = places::<0>().1 / STRIDE + 1;
static INDEX: [Place; PLACES] = places::<PLACES>().0;

/// The first places, and how many runs there are in all.
#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "compile time only")]
const fn places<const N: usize>() -> ([Place; N], usize) {
    let mut places = [Place { code: 0, at: 0 }; N];
    let mut place = Place { code: 0, at: 0 };
    let mut runs = 0;
    while (place.at as usize) < RUNS.len() {
        if runs % STRIDE == 0 && runs / STRIDE < N {
            places[runs / STRIDE] = place;
        }
        place = next(place).1;
        runs += 1;
    }
    (places, runs)
}

/// The class of the run at a place, and where the next begins. Behind the last it stands still.
const fn next(place: Place) -> (u8, Place) {
    let Place { mut code, mut at } = place;
    let byte = byte_at(at);
    at += 1;
    code += (byte & LONG) as u32 + 1;
    if byte & LONG == LONG {
        // What is more: seven bits a byte, the lowest first.
        let mut shift = 0;
        loop {
            let more = byte_at(at);
            at += 1;
            code += ((more & 0x7F) as u32) << shift;
            shift += 7;
            if more < 0x80 {
                break;
            }
        }
    }
    (byte >> 4, Place { code, at })
}

const fn byte_at(at: u16) -> u8 {
    match RUNS.split_at_checked(at as usize) {
        Some((_, [byte, ..])) => *byte,
        _ => 0,
    }
}

fn class(c: char) -> Class {
    let code = u32::from(c);
    match c {
        // What most texts are written in is not searched for: the Latin of ASCII, Greek and Cyrillic, kana, ideographs.
        ' '..='~' | 'Ͱ'..='҂' | 'ぁ'..='ゖ' | '一'..='鿿' => return Class::Other,
        '😀'..='🙏' => return Class::Pictographic,
        // The syllables of Hangul are not in the table (The Unicode Standard, 3.12).
        '가'..='힣' if (code - u32::from('가')).is_multiple_of(28) => return Class::Lv,
        '가'..='힣' => return Class::Lvt,
        _ => {}
    }
    let after = INDEX.partition_point(|place| place.code <= code);
    let Some(mut place) = after.checked_sub(1).and_then(|before| INDEX.get(before)).copied() else {
        return Class::Other;
    };
    while usize::from(place.at) < RUNS.len() {
        let (class, after) = next(place);
        if code < after.code {
            return CLASSES.get(usize::from(class)).copied().unwrap_or(Class::Other);
        }
        place = after;
    }
    Class::Other
}

/// Whether one cluster ends and another starts at `at`. `known` is such a place at or before it: nothing before that is
/// looked at.
pub(crate) fn part_at(text: &str, known: usize, at: usize) -> bool {
    use Class::{
        Consonant, Control, Extend, Joiner, L, Linker, Lv, Lvt, Mark, Pictographic, Prepend,
        RegionalIndicator, SpacingMark, T, V,
    };
    let before = text.get(known..at).unwrap_or_default();
    let after = text.get(at..).unwrap_or_default();
    let (Some(left), Some(right)) = (before.chars().next_back(), after.chars().next()) else { return true };
    match (class(left), class(right)) {
        (Control, Control) => (left, right) != ('\r', '\n'), // GB3 to GB5
        (Control, _) | (_, Control) => true,
        (L, L | V | Lv | Lvt) | (Lv | V, V | T) | (Lvt | T, T) => false, // GB6 to GB8
        (_, Extend | Mark | Linker | Joiner | SpacingMark) | (Prepend, _) => false, // GB9 to GB9b
        (Mark | Linker | Joiner, Consonant) => !is_conjunct(before),
        (Joiner, Pictographic) => !is_pictographic(before),
        (RegionalIndicator, RegionalIndicator) => {
            // GB12 and GB13: two make a flag.
            let flags = before.chars().rev().take_while(|c| matches!(c, '🇦'..='🇿'));
            flags.count().is_multiple_of(2)
        }
        _ => true,
    }
}

/// GB9c: whether these end in a consonant, and behind it a linker among marks.
fn is_conjunct(before: &str) -> bool {
    let mut linked = false;
    for class in before.chars().rev().map(class) {
        match class {
            Class::Linker => linked = true,
            Class::Mark | Class::Joiner => {}
            _ => return linked && class == Class::Consonant,
        }
    }
    false
}

/// GB11: whether these end in a pictograph, what extends it, and a joiner.
fn is_pictographic(before: &str) -> bool {
    let mut base = before.chars().rev().skip(1).map(class);
    base.find(|class| !matches!(class, Class::Mark | Class::Linker | Class::Extend))
        == Some(Class::Pictographic)
}

/// Where the cluster ends that starts at `start`.
pub(crate) fn end(text: &str, start: usize) -> usize {
    let tail = text.get(start..).unwrap_or_default();
    let mut places = tail.char_indices().map(|(place, _)| start + place).skip(1);
    places.find(|at| part_at(text, start, *at)).unwrap_or(text.len())
}

/// The cluster that has `inside` somewhere in it, not at its edge; clusters part at `known`, which is before.
pub(crate) fn around(text: &str, known: usize, inside: usize) -> Range<usize> {
    let before = text.get(known..inside).unwrap_or_default();
    let mut places = before.char_indices().map(|(place, _)| known + place).rev();
    let start = places.find(|at| part_at(text, known, *at)).unwrap_or(known);
    start..end(text, start)
}
