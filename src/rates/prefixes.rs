//! Rates by the longest prefix of a number.

use alloc::vec::Vec;

use super::CallingRate;

/// The most digits of an E.164 number (E.164 clause 6: 15).
const DIGITS_MAX: u32 = 15;
/// Bits a digit takes in a key: 1 to 10 for the digits 0 to 9, and 0 for "the number ends here", so that a number
/// sorts before its own continuations and never looks like it had zeros it does not have.
const DIGIT_BITS: u32 = 4;
const KEY_BITS: u32 = DIGITS_MAX * DIGIT_BITS;
/// The keys' first three digits choose where the search begins.
const HEAD_BITS: u32 = 12;
/// Tables shorter than this are searched as they are: their index would be longer than they.
const INDEXED_MIN: usize = 4096;
/// No rate, among the runs.
const NONE: u32 = u32::MAX;

/// Prefixes flattened to runs of numbers that share one longest prefix: one search finds it, whatever its length.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefixes {
    /// The first key of every run, ascending.
    starts: Vec<u64>,
    /// The rate of every run, as a place in `rates`; [`NONE`] between prefixes.
    runs: Vec<u32>,
    rates: Vec<CallingRate>,
    /// For every head, how many runs begin below it; empty in short tables.
    index: Vec<u32>,
}

/// The key of a prefix or a number, and how many bits its continuations have; `None` unless it is 1 to 15 digits.
pub(super) fn key(digits: &str) -> Option<(u64, u32)> {
    let mut key = 0;
    let mut room = KEY_BITS;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        room = room.checked_sub(DIGIT_BITS)?;
        key |= u64::from(digit + 1) << room;
    }
    (room < KEY_BITS).then_some((key, room))
}

impl Prefixes {
    /// Takes the prefixes as [`key`]s with their rates, sorted and each there once.
    pub(super) fn new(sorted: Vec<((u64, u32), CallingRate)>) -> Prefixes {
        let mut table = Prefixes { rates: Vec::with_capacity(sorted.len()), ..Prefixes::default() };
        // The prefixes around the current place, outermost first: where each ends, and its rate.
        let mut open: Vec<(u64, u32)> = Vec::new();
        for (((start, room), rate), place) in sorted.into_iter().zip(0_u32..) {
            table.close(&mut open, start);
            table.begin(start, place);
            open.push((start + (1 << room), place));
            table.rates.push(rate);
        }
        table.close(&mut open, u64::MAX);
        if table.starts.len() >= INDEXED_MIN {
            let mut below = 0;
            let mut runs = table.starts.iter().peekable();
            for head in 0..=1_u64 << HEAD_BITS {
                while runs.next_if(|start| **start >> (KEY_BITS - HEAD_BITS) < head).is_some() {
                    below += 1;
                }
                table.index.push(below);
            }
        }
        table
    }

    /// Ends the open prefixes that do not reach `start`; what surrounds each goes on after it.
    fn close(&mut self, open: &mut Vec<(u64, u32)>, start: u64) {
        while let Some((end, _)) = open.pop_if(|(end, _)| *end <= start) {
            self.begin(end, open.last().map_or(NONE, |(_, place)| *place));
        }
    }

    fn begin(&mut self, start: u64, place: u32) {
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.runs.pop();
        }
        self.starts.push(start);
        self.runs.push(place);
    }

    /// The rate of the longest prefix of these digits.
    pub(super) fn longest(&self, digits: &str) -> Option<CallingRate> {
        if self.rates.is_empty() {
            return None;
        }
        let (key, _) = key(digits)?;
        let (low, high) = self.range(key).unwrap_or((0, self.starts.len()));
        let after = low + self.starts.get(low..high)?.partition_point(|start| *start <= key);
        let place = *self.runs.get(after.checked_sub(1)?)?;
        self.rates.get(usize::try_from(place).ok()?).copied()
    }

    /// The places between which the run of a key begins, by the index.
    fn range(&self, key: u64) -> Option<(usize, usize)> {
        let head = usize::try_from(key >> (KEY_BITS - HEAD_BITS)).ok()?;
        let low = usize::try_from(*self.index.get(head)?).ok()?;
        let high = usize::try_from(*self.index.get(head + 1)?).ok()?;
        Some((low, high))
    }
}
