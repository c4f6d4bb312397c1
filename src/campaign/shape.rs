//! What a stretch of text adds to a message, measured once and added up: pieces of a text need not be put together to
//! know how many segments it has, except where a cut depends on what stands around it.

use crate::{
    gsm7,
    segment::{Encoding, Sender, capacity_concatenated, capacity_single},
    smart,
};

/// The measures of a stretch of text as it is sent. Two stretches one behind the other have the sum of theirs, because
/// smart encoding looks at one character at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Septets, were all of it GSM-7; a character that is not counts as none.
    pub(super) septets: u32,
    /// UTF-16 code units.
    pub(super) units: u32,
    /// Code points of the text as given.
    pub(super) given: u32,
    /// Bytes of the text as given.
    pub(super) bytes: u32,
    pub(super) marks: u8,
}

/// A character that is not GSM-7.
pub(super) const WIDE: u8 = 1;
/// A character of two septets, which no cut may split.
pub(super) const EXTENDED: u8 = 2;
/// A character that may belong to one cluster with its neighbours, or has two code units.
pub(super) const JOINING: u8 = 4;
/// Something that is no blank.
pub(super) const VISIBLE: u8 = 8;

/// How many segments a shape has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// So many, and so many units more than fit into one less.
    Known { segments: u32, over: u32 },
    /// The text has to be cut to know.
    Unknown,
}

impl Shape {
    pub(super) fn plus(self, other: Shape) -> Shape {
        Shape {
            septets: self.septets.saturating_add(other.septets),
            units: self.units.saturating_add(other.units),
            given: self.given.saturating_add(other.given),
            bytes: self.bytes.saturating_add(other.bytes),
            marks: self.marks | other.marks,
        }
    }

    pub(super) const fn is(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    pub(super) const fn encoding(&self) -> Encoding {
        if self.is(WIDE) { Encoding::Ucs2 } else { Encoding::Gsm7 }
    }

    /// The segments, as [`segment`](crate::segment) counts them.
    pub(super) fn count(&self, sender: Sender) -> Count {
        let encoding = self.encoding();
        let (units, uncertain) = match encoding {
            Encoding::Gsm7 => (self.septets, self.is(EXTENDED)),
            Encoding::Ucs2 => (self.units, self.is(JOINING)),
        };
        let single = capacity_single(encoding);
        if units <= single {
            return Count::Known { segments: u32::from(units > 0), over: units };
        }
        if uncertain {
            return Count::Unknown;
        }
        let capacity = capacity_concatenated(encoding, sender);
        let segments = units.div_ceil(capacity);
        let fewer = if segments == 2 { single } else { capacity.saturating_mul(segments - 1) };
        Count::Known { segments, over: units - fewer }
    }
}

/// What one character adds.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    septets: u8,
    units: u8,
    marks: u8,
}

/// Measures text as one channel sends it.
#[derive(Clone, Debug)]
pub(super) struct Gauge {
    pub(super) smart: bool,
    ascii: [Cell; 128],
}

impl Gauge {
    pub(super) fn new(smart: bool) -> Gauge {
        let mut ascii = [Cell::default(); 128];
        for (code, cell) in (0_u8..).zip(&mut ascii) {
            *cell = cell_of(char::from(code), smart);
        }
        Gauge { smart, ascii }
    }

    pub(super) fn measure(&self, text: &str) -> Shape {
        let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let mut shape = Shape { bytes, ..Shape::default() };
        for c in text.chars() {
            let cell = match usize::try_from(u32::from(c)).ok().and_then(|code| self.ascii.get(code)) {
                Some(cell) => *cell,
                None => cell_of(c, self.smart),
            };
            shape.septets = shape.septets.saturating_add(u32::from(cell.septets));
            shape.units = shape.units.saturating_add(u32::from(cell.units));
            shape.given = shape.given.saturating_add(1);
            shape.marks |= cell.marks;
        }
        shape
    }

    /// The first character that forces UCS-2.
    pub(super) fn first_wide(&self, text: &str) -> Option<char> {
        text.chars().find(|c| cell_of(*c, self.smart).marks & WIDE != 0)
    }
}

fn cell_of(c: char, smart: bool) -> Cell {
    let mut cell = Cell::default();
    match smart::replacement(c).filter(|_| smart) {
        Some(replacement) => replacement.chars().for_each(|c| add(&mut cell, c)),
        None => add(&mut cell, c),
    }
    cell
}

fn add(cell: &mut Cell, c: char) {
    let septets = gsm7::septets(c);
    cell.septets += septets;
    cell.units += if u32::from(c) > 0xFFFF { 2 } else { 1 };
    cell.marks |= match septets {
        0 => WIDE,
        1 => 0,
        _ => EXTENDED,
    };
    cell.marks |= if c.is_whitespace() { 0 } else { VISIBLE };
    cell.marks |= if stands_alone(c) { 0 } else { JOINING };
}

/// Whether clusters (UAX #29) always part on both sides of a character, and it has one code unit. CR and LF count as such:
/// they may part. Sure of what it says yes to: the letters, syllables and signs that most texts are written in.
const fn stands_alone(c: char) -> bool {
    matches!(c,
        '\0'..='\u{2ff}' // Latin
        | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' // Greek, Cyrillic
        | '\u{5d0}'..='\u{5ea}' // Hebrew letters
        | '\u{620}'..='\u{64a}' | '\u{660}'..='\u{66f}' | '\u{671}'..='\u{6d3}' // Arabic letters and digits
        | '\u{1e00}'..='\u{1fff}' // more Latin and Greek
        | '\u{2010}'..='\u{2027}' | '\u{202f}'..='\u{205e}' | '\u{20a0}'..='\u{20c0}' | '\u{2100}'..='\u{214f}' // signs
        | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fe}' // kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' // ideographs, Hangul syllables
        | '\u{ff01}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    #[test]
    fn what_stands_alone_is_never_one_cluster_with_another_such() {
        let alone: alloc::vec::Vec<char> = ('\0'..='\u{ffff}').filter(|c| stands_alone(*c)).collect();
        assert!(alone.len() > 30_000);
        // One of every kind of cluster break that stands alone, and neighbours that lie far apart.
        let others = ['a', '\u{ad}', '©', '№', '가', '각', 'ع', 'я', '漢', 'か', '\u{1}', '0'];
        for c in &alone {
            let mut text = String::new();
            for other in others {
                text.extend([*c, other]);
            }
            text.extend([*c, *c]);
            let parts = text.replace("\r\n", "\r").graphemes(true).count();
            assert_eq!(parts, text.replace("\r\n", "\r").chars().count(), "{c:?}");
        }
    }

    #[test]
    fn counts_as_the_segmenter_does() {
        let gauge = Gauge::new(false);
        for unit in ["a", "я", "€", "漢", "ab€"] {
            for times in
                (0..500).step_by(7).chain([69, 70, 71, 134, 135, 152, 153, 154, 159, 160, 161, 306, 307])
            {
                let text = unit.repeat(times);
                for sender in [Sender::Standard, Sender::TollFree] {
                    let cut = crate::segment(&text, sender);
                    match gauge.measure(&text).count(sender) {
                        Count::Known { segments, over } => {
                            assert_eq!(segments as usize, cut.parts.len(), "{unit} x {times}");
                            let shorter =
                                over.try_into().ok().and_then(|over: usize| text.len().checked_sub(over));
                            if unit == "a" && segments > 0 {
                                let shorter = shorter.unwrap();
                                assert_eq!(
                                    crate::segment(&"a".repeat(shorter), sender).parts.len() + 1,
                                    cut.parts.len()
                                );
                            }
                        }
                        Count::Unknown => assert!(unit.contains('€') && cut.units > 160),
                    }
                }
            }
        }
    }
}
