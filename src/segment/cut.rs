//! Where a text is cut.

use alloc::vec::Vec;
use core::ops::Range;

use super::{Counts, Encoding, Measure, Segment, Sender, capacity_concatenated, capacity_single};
use crate::{cluster, plain};

/// Cuts a text and says into how many parts. They themselves are only put together where somebody wants them.
pub(super) fn cut(text: &str, measure: &Measure, sender: Sender, parts: Option<&mut Vec<Segment>>) -> Counts {
    let Measure { encoding, units, plain } = *measure;
    let mut cutter = Cutter {
        text,
        encoding,
        capacity: capacity_single(encoding),
        parts,
        segments: 0,
        units_left: 0,
        moved: false,
    };
    match u32::try_from(units) {
        Ok(0) => cutter.units_left = cutter.capacity,
        Ok(units) if units <= cutter.capacity => cutter.push(0..text.len(), units),
        _ => {
            cutter.capacity = capacity_concatenated(encoding, sender);
            match encoding {
                Encoding::Gsm7 if plain => cutter.cut_anywhere(),
                Encoding::Gsm7 => cutter.cut_between_code_points(),
                Encoding::Ucs2 => cutter.cut_between_clusters(),
            }
        }
    }
    let Cutter { capacity, segments, units_left, moved, .. } = cutter;
    let segments_min = if moved { count_between_code_points(text, encoding, capacity) } else { segments };
    Counts { encoding, units, segments, segments_min, units_left }
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
    parts: Option<&'a mut Vec<Segment>>,
    segments: usize,
    /// Room in the last part.
    units_left: u32,
    /// Whether a cut lies elsewhere than between code points alone it would.
    moved: bool,
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
        let mut rest = self.text.get(start..).unwrap_or_default().chars();
        let mut units = 0;
        loop {
            // In UCS-2 what is plain is too short to gain by it.
            if self.encoding == Encoding::Gsm7 {
                let near = rest.as_str().as_bytes();
                let near = near.get(..(room - units) as usize).unwrap_or(near);
                let passed = plain::prefix(near);
                units += u32::try_from(passed).unwrap_or(room);
                rest = rest.as_str().get(passed..).unwrap_or_default().chars();
            }
            let before = rest.as_str();
            match rest.next().map(|c| units + self.encoding.units(c)) {
                Some(more) if more <= room => units = more,
                _ => return Stretch { end: self.text.len() - before.len(), units },
            }
        }
    }

    fn push(&mut self, bytes: Range<usize>, units: u32) {
        self.segments += 1;
        self.units_left = self.capacity.saturating_sub(units);
        if let Some(parts) = &mut self.parts {
            parts.push(Segment { bytes, units });
        }
    }

    /// Plain text has a septet in each byte: its parts are known without reading it once more.
    fn cut_anywhere(&mut self) {
        let (len, capacity) = (self.text.len(), self.capacity as usize);
        self.segments = len.div_ceil(capacity);
        let units = |bytes: usize| u32::try_from(bytes).unwrap_or(self.capacity);
        let starts = (0..len).step_by(capacity);
        self.units_left = self.capacity - units(len - starts.clone().next_back().unwrap_or(0));
        if let Some(parts) = &mut self.parts {
            parts.extend(starts.map(|start| {
                let end = len.min(start + capacity);
                Segment { bytes: start..end, units: units(end - start) }
            }));
        }
    }

    /// GSM-7 has no cluster of more than one character but CR LF, which may part.
    fn cut_between_code_points(&mut self) {
        let mut start = 0;
        while start < self.text.len() {
            let stretch = self.fill(start, self.capacity);
            self.push(start..stretch.end, stretch.units);
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
                self.push(start..cut, used + stretch.units);
                (start, used, known) = (cut, 0, cut);
                continue;
            }
            self.moved = true;
            let cluster = cluster::around(self.text, known, cut);
            let before = self.units_between(known, cluster.start);
            if self.fill(cluster.start, self.capacity).end >= cluster.end {
                self.push(start..cluster.start, used + before);
                (start, used, known) = (cluster.start, 0, cluster.start);
            } else {
                self.push(start..cut, used + stretch.units);
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
            self.push(start..stretch.end, stretch.units);
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
