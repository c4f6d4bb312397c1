//! How a text becomes segments: 3GPP TS 23.040, clause 9.2.3.24, over the alphabets of TS 23.038.
//!
//! The text is filled greedily into as few segments as fit. An escape pair and a surrogate pair are never split, and
//! neither is a grapheme cluster (UAX #29) unless it is longer than a whole segment; then it is cut between code points.
//! CR and LF are two units that may part. Whether a given platform keeps clusters whole is not published, so
//! [`Segmentation::segments_min`] says what it would be if it cut between code points everywhere.

use alloc::vec::Vec;
use core::ops::Range;

use crate::{cluster, gsm7};

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
        if text.chars().all(gsm7::has) { Encoding::Gsm7 } else { Encoding::Ucs2 }
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
    segment_as(text, Encoding::of(text), sender)
}

/// Cuts a text into segments in a given encoding. UCS-2 takes any text; for GSM-7 ask [`Encoding::of`] first: a
/// character it lacks would be counted as one septet.
#[must_use]
pub fn segment_as(text: &str, encoding: Encoding, sender: Sender) -> Segmentation {
    let units = count_units(text, encoding);
    let single = capacity_single(encoding);
    let room = |units: usize| u32::try_from(units).ok().and_then(|units| single.checked_sub(units));
    if let Some(units_left) = room(units) {
        let parts = match u32::try_from(units) {
            Ok(units) if units > 0 => alloc::vec![Segment { bytes: 0..text.len(), units }],
            _ => Vec::new(),
        };
        return Segmentation { encoding, units, segments_min: parts.len(), parts, units_left };
    }
    let capacity = capacity_concatenated(encoding, sender);
    let mut cutter =
        Cutter { text, encoding, capacity, parts: Vec::with_capacity(units / capacity as usize + 1) };
    let segments_min = match encoding {
        Encoding::Gsm7 => {
            cutter.cut_between_code_points();
            cutter.parts.len()
        }
        Encoding::Ucs2 => {
            cutter.cut_between_clusters();
            count_between_code_points(text, encoding, capacity)
        }
    };
    let units_left = cutter.parts.last().map_or(0, |part| capacity.saturating_sub(part.units));
    Segmentation { encoding, units, parts: cutter.parts, segments_min, units_left }
}

fn count_units(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Gsm7 => text.chars().map(|c| encoding.units(c) as usize).sum(),
        // A code point has one unit, and one more when its UTF-8 form takes four bytes.
        Encoding::Ucs2 => text.bytes().map(|b| usize::from(b & 0xC0 != 0x80) + usize::from(b >= 0xF0)).sum(),
    }
}

fn count_between_code_points(text: &str, encoding: Encoding, capacity: u32) -> usize {
    let (mut segments, mut used) = (0, capacity);
    for c in text.chars() {
        let units = encoding.units(c);
        used += units;
        if used > capacity {
            segments += 1;
            used = units;
        }
    }
    segments
}

struct Cutter<'a> {
    text: &'a str,
    encoding: Encoding,
    capacity: u32,
    parts: Vec<Segment>,
}

/// A stretch of text: where it ends, and its units.
#[derive(Clone, Copy)]
struct Stretch {
    end: usize,
    units: u32,
}

impl Cutter<'_> {
    /// The longest stretch from `start` that fits into `room`, cut between code points.
    fn fill(&self, start: usize, room: u32) -> Stretch {
        let mut stretch = Stretch { end: start, units: 0 };
        for c in self.text.get(start..).unwrap_or_default().chars() {
            let units = stretch.units + self.encoding.units(c);
            if units > room {
                break;
            }
            stretch = Stretch { end: stretch.end + c.len_utf8(), units };
        }
        stretch
    }

    fn push(&mut self, start: usize, end: usize, units: u32) {
        self.parts.push(Segment { bytes: start..end, units });
    }

    /// GSM-7 has no cluster of more than one character but CR LF, which may part.
    fn cut_between_code_points(&mut self) {
        let mut start = 0;
        while start < self.text.len() {
            let stretch = self.fill(start, self.capacity);
            self.push(start, stretch.end, stretch.units);
            start = stretch.end;
        }
    }

    /// Only the clusters around a cut are looked at. `known` is a cluster boundary at or after the segment's start, and
    /// all before it is settled: no look back goes further, so that the whole stays linear.
    fn cut_between_clusters(&mut self) {
        let (mut start, mut used, mut known) = (0, 0, 0);
        while start < self.text.len() {
            let stretch = self.fill(known, self.capacity - used);
            let cut = stretch.end;
            if self.may_part(known, cut) {
                self.push(start, cut, used + stretch.units);
                (start, used, known) = (cut, 0, cut);
                continue;
            }
            let cluster = cluster::around(self.text, known, cut);
            let before = self.units_between(known, cluster.start);
            if self.fill(cluster.start, self.capacity).end >= cluster.end {
                self.push(start, cluster.start, used + before);
                (start, used, known) = (cluster.start, 0, cluster.start);
            } else {
                self.push(start, cut, used + stretch.units);
                (start, used) = self.cut_long_cluster(cut, cluster.end);
                known = cluster.end;
            }
        }
    }

    /// Cuts the rest of a cluster that is longer than a segment. What is left of it starts the segment that comes
    /// next: gives back its start and its units.
    fn cut_long_cluster(&mut self, mut start: usize, end: usize) -> (usize, u32) {
        loop {
            let stretch = self.fill(start, self.capacity);
            if stretch.end >= end {
                return (start, self.units_between(start, end));
            }
            self.push(start, stretch.end, stretch.units);
            start = stretch.end;
        }
    }

    fn units_between(&self, start: usize, end: usize) -> u32 {
        self.text.get(start..end).unwrap_or_default().chars().map(|c| self.encoding.units(c)).sum()
    }

    /// Whether a cut at `cut` splits nothing that belongs together. CR and LF are two units that may part.
    fn may_part(&self, known: usize, cut: usize) -> bool {
        let before = self.text.get(known..cut).unwrap_or_default();
        before.ends_with('\r') || cluster::part_at(self.text, known, cut)
    }
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
