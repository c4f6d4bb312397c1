//! How a text becomes segments: 3GPP TS 23.040, clause 9.2.3.24, over the alphabets of TS 23.038.
//!
//! The text is filled greedily into as few segments as fit. An escape pair and a surrogate pair are never split, and
//! neither is a grapheme cluster (UAX #29) unless it is longer than a whole segment; then it is cut between code points.
//! CR and LF are two units that may part. Whether a given platform keeps clusters whole is not published, so
//! [`Segmentation::segments_min`] says what it would be if it cut between code points everywhere.

mod cut;
mod measure;

use alloc::vec::Vec;
use core::ops::Range;

use crate::gsm7;
use cut::cut;
use measure::Measure;

/// Octets of user data in one message (TS 23.040, 9.2.3.16).
const USER_DATA_OCTETS: u32 = 140;

/// The most parts a text can have: the header's count of parts is one octet (TS 23.040, 9.2.3.24.1).
pub const SEGMENTS_MAX: usize = 255;

/// The alphabet a message is sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// The 7-bit default alphabet with its extension table (TS 23.038, 6.2.1); counted in septets.
    Gsm7,
    /// UCS-2 (TS 23.038, 6.2.3); counted in UTF-16 code units.
    Ucs2,
}

impl Encoding {
    /// The encoding a text needs: GSM-7 if it has every character, otherwise UCS-2 for the whole message.
    #[must_use]
    pub fn of(text: &str) -> Encoding {
        Measure::of(text).encoding
    }

    /// As people write it: `GSM-7` or `UCS-2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Encoding::Gsm7 => "GSM-7",
            Encoding::Ucs2 => "UCS-2",
        }
    }

    /// What a character costs: septets or UTF-16 code units. A character that GSM-7 lacks counts as one septet here;
    /// nobody asks that of a text that has one.
    #[inline]
    pub(crate) fn units(self, c: char) -> u32 {
        match self {
            Encoding::Gsm7 => u32::from(gsm7::septets(c)).max(1),
            Encoding::Ucs2 => u32::from(u32::from(c) > 0xFFFF) + 1,
        }
    }
}

/// Who sends, because the header of a concatenated message depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sender {
    /// A concatenation header of 6 octets, with an 8-bit reference (TS 23.040, 9.2.3.24.1): 153 septets or 67 units.
    #[default]
    Standard,
    /// A concatenation header of 7 octets, with a 16-bit reference (9.2.3.24.8): 152 septets or 66 units. US and
    /// Canadian toll-free numbers are sent with it.
    TollFree,
}

impl Sender {
    /// As it is written on the wire: `standard` or `toll-free`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Sender::Standard => "standard",
            Sender::TollFree => "toll-free",
        }
    }

    const fn header_octets(self) -> u32 {
        match self {
            Sender::Standard => 6,
            Sender::TollFree => 7,
        }
    }
}

/// Units one message holds when it is the only one.
#[must_use]
pub const fn capacity_single(encoding: Encoding) -> u32 {
    units_in(encoding, USER_DATA_OCTETS)
}

/// Units each message holds when there are several.
#[must_use]
pub const fn capacity_concatenated(encoding: Encoding, sender: Sender) -> u32 {
    units_in(encoding, USER_DATA_OCTETS - sender.header_octets())
}

const fn units_in(encoding: Encoding, octets: u32) -> u32 {
    match encoding {
        Encoding::Gsm7 => octets * 8 / 7,
        Encoding::Ucs2 => octets / 2,
    }
}

const _: () = {
    assert!(capacity_single(Encoding::Gsm7) == 160 && capacity_single(Encoding::Ucs2) == 70);
    assert!(capacity_concatenated(Encoding::Gsm7, Sender::Standard) == 153);
    assert!(capacity_concatenated(Encoding::Ucs2, Sender::Standard) == 67);
    assert!(capacity_concatenated(Encoding::Gsm7, Sender::TollFree) == 152);
    assert!(capacity_concatenated(Encoding::Ucs2, Sender::TollFree) == 66);
};

/// One part of a text, as it is sent in one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it lies in the text, in bytes.
    pub bytes: Range<usize>,
    /// Septets or code units of it, without the header.
    pub units: u32,
}

/// A text cut into segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segmentation {
    /// The alphabet of the whole message.
    pub encoding: Encoding,
    /// Septets or code units of the whole text, without headers.
    pub units: usize,
    /// The parts in order; none for an empty text.
    pub parts: Vec<Segment>,
    /// The count if clusters were cut between code points: never more than `parts.len()`. Where it is less, nobody can
    /// know which of the two a platform does.
    pub segments_min: usize,
    /// Units that still fit in at the same number of segments.
    pub units_left: u32,
}

/// What a text comes to without the list of its parts: nothing is kept of it, so that nothing is allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The alphabet of the whole message.
    pub encoding: Encoding,
    /// Septets or code units of the whole text, without headers.
    pub units: usize,
    /// The segments; none for an empty text.
    pub segments: usize,
    /// As [`Segmentation::segments_min`].
    pub segments_min: usize,
    /// As [`Segmentation::units_left`].
    pub units_left: u32,
}

/// Cuts a text into segments, in the encoding it needs.
///
/// ```
/// use textmeter::{segment, Sender};
/// let one = segment(&"a".repeat(160), Sender::Standard);
/// let two = segment(&"a".repeat(161), Sender::Standard);
/// assert_eq!((one.parts.len(), two.parts.len(), two.units_left), (1, 2, 145));
/// ```
#[must_use]
pub fn segment(text: &str, sender: Sender) -> Segmentation {
    with_parts(text, &Measure::of(text), sender)
}

/// Cuts a text into segments in a given encoding. UCS-2 takes any text; for GSM-7 ask [`Encoding::of`] first: a
/// character it lacks would be counted as one septet.
#[must_use]
pub fn segment_as(text: &str, encoding: Encoding, sender: Sender) -> Segmentation {
    with_parts(text, &Measure::forced(text, encoding), sender)
}

/// Counts the segments of a text, in the encoding it needs.
///
/// ```
/// use textmeter::{Sender, count};
/// let counts = count(&"a".repeat(161), Sender::Standard);
/// assert_eq!((counts.units, counts.segments, counts.units_left), (161, 2, 145));
/// ```
#[must_use]
pub fn count(text: &str, sender: Sender) -> Counts {
    cut(text, &Measure::of(text), sender, None)
}

/// Counts the segments of a text in a given encoding, as [`segment_as`] cuts it.
#[must_use]
pub fn count_as(text: &str, encoding: Encoding, sender: Sender) -> Counts {
    cut(text, &Measure::forced(text, encoding), sender, None)
}

fn with_parts(text: &str, measure: &Measure, sender: Sender) -> Segmentation {
    let Measure { encoding, units, .. } = *measure;
    // Never too little but where clusters or pairs leave room: there are a few more parts then.
    let about = units / capacity_concatenated(encoding, sender) as usize + 1;
    let mut parts = Vec::with_capacity(if units > 0 { about } else { 0 });
    let counts = cut(text, measure, sender, Some(&mut parts));
    Segmentation { encoding, units, parts, segments_min: counts.segments_min, units_left: counts.units_left }
}

#[cfg(test)]
mod tests {
    use alloc::{borrow::ToOwned, vec::Vec};

    use super::*;

    fn count(text: &str) -> usize {
        segment(text, Sender::Standard).parts.len()
    }

    #[test]
    fn cuts_as_the_standard_says() {
        let a = |n| "a".repeat(n);
        assert_eq!(count(&(a(152) + "€" + &a(152))), 3);
        assert_eq!(count(&(a(151) + "€" + &a(153))), 2);
        assert_eq!(count(&"😀".repeat(67)), 3);
        assert_eq!(count(&(a(66) + "😀" + &a(66))), 3);
        assert_eq!(count(&(a(65) + "🇺🇸" + &a(65))), 3);
        assert_eq!(count(&(a(1) + &"\u{301}".repeat(199))), 3);
    }

    #[test]
    fn toll_free_senders_have_one_unit_less() {
        let parts =
            |text: &str| segment(text, Sender::TollFree).parts.iter().map(|p| p.units).collect::<Vec<_>>();
        assert_eq!(parts(&"a".repeat(160)), [160]);
        assert_eq!(parts(&"a".repeat(305)), [152, 152, 1]);
        assert_eq!(parts(&"я".repeat(133)), [66, 66, 1]);
    }

    #[test]
    fn a_long_cluster_fills_the_room_and_what_follows_goes_on_behind_it() {
        let text = "xy".to_owned() + "a" + &"\u{301}".repeat(99) + &"b".repeat(40);
        let units: Vec<_> = segment(&text, Sender::Standard).parts.iter().map(|p| p.units).collect();
        assert_eq!(units, [67, 67, 8]);
    }
}
