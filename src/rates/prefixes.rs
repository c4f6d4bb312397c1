//! Rates by the longest prefix of a number.

use alloc::{vec, vec::Vec};

use super::CallingRate;
use crate::{
    digits::{DIGIT_BITS, KEY_BITS, after, key, sorted, twin},
    money::Money,
};

/// Digits of a key that choose where the search begins: in the largest tables only a few runs share them.
const HEAD_DIGITS: u32 = 5;
/// Heads there are: each digit is 0 to 10.
const HEADS: u64 = 11_u64.pow(HEAD_DIGITS);
/// Shorter tables are searched as they are: they fit the processor's cache as well as the index would.
const INDEXED_MIN: usize = 1 << 15;
/// How many rates are looked at for an equal one while a table is built.
const RECENT: usize = 4096;
/// No rate, among the runs.
const NONE: u32 = u32::MAX;

/// Prefixes flattened to runs of numbers that share one longest prefix: one search finds it, whatever its length.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefixes {
    /// Ascending by start.
    runs: Vec<Run>,
    /// The rates, most of them once: sheets have few distinct prices, and few stay in the processor's cache.
    rates: Vec<CallingRate>,
    /// For every head, how many runs begin below it; empty in short tables.
    index: Vec<u32>,
}

/// Numbers from `start` up to the next run have the rate at `place` in the rates; [`NONE`] between prefixes.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: u64,
    place: u32,
}

/// The first digits of a key as one number, never falling while keys rise: the end of a prefix in 9 carries over.
fn head(key: u64) -> u64 {
    (1..=HEAD_DIGITS).fold(0, |head, place| head * 11 + (key >> (KEY_BITS - place * DIGIT_BITS) & 0xF))
}

impl Prefixes {
    /// Takes the prefixes as [`key`]s with their rates; gives back one that is there twice.
    pub(super) fn new(rows: &[(u64, CallingRate)]) -> Result<Prefixes, u64> {
        let mut table = Prefixes::default();
        let mut recent = vec![NONE; RECENT];
        let placed = rows.iter().map(|(key, rate)| (*key, table.place(*rate, &mut recent))).collect();
        let placed = sorted(placed);
        if let Some(twice) = twin(&placed) {
            return Err(twice);
        }
        // The prefixes around the current place, outermost first: where each ends, and its rate.
        let mut open: Vec<(u64, u32)> = Vec::new();
        for (start, place) in placed {
            table.close(&mut open, start);
            table.begin(start, place);
            open.push((after(start), place));
        }
        table.close(&mut open, u64::MAX);
        if table.runs.len() >= INDEXED_MIN {
            let mut below = 0;
            let mut runs = table.runs.iter().peekable();
            for wanted in 0..=HEADS {
                while runs.next_if(|run| head(run.start) < wanted).is_some() {
                    below += 1;
                }
                table.index.push(below);
            }
        }
        Ok(table)
    }

    /// The place of a rate: an equal one's that was placed recently, or a new one.
    fn place(&mut self, rate: CallingRate, recent: &mut [u32]) -> u32 {
        let micros = |money: Money| usize::try_from(money.to_micros()).unwrap_or(0);
        let slot = micros(rate.landline).wrapping_add(micros(rate.mobile).wrapping_mul(31)) / 100 % RECENT;
        let Some(slot) = recent.get_mut(slot) else { return NONE };
        let placed = usize::try_from(*slot).ok().and_then(|place| self.rates.get(place));
        if placed != Some(&rate) {
            *slot = u32::try_from(self.rates.len()).unwrap_or(NONE);
            self.rates.push(rate);
        }
        *slot
    }

    /// Ends the open prefixes that do not reach `start`; what surrounds each goes on after it.
    fn close(&mut self, open: &mut Vec<(u64, u32)>, start: u64) {
        while let Some((end, _)) = open.pop_if(|(end, _)| *end <= start) {
            self.begin(end, open.last().map_or(NONE, |(_, place)| *place));
        }
    }

    fn begin(&mut self, start: u64, place: u32) {
        if self.runs.last().is_some_and(|run| run.start == start) {
            self.runs.pop();
        }
        self.runs.push(Run { start, place });
    }

    /// The rate of the longest prefix of these digits.
    pub(super) fn longest(&self, digits: &str) -> Option<CallingRate> {
        if self.rates.is_empty() {
            return None;
        }
        let key = key(digits)?;
        let (low, high) = self.range(key).unwrap_or((0, self.runs.len()));
        let after = low + self.runs.get(low..high)?.partition_point(|run| run.start <= key);
        let place = self.runs.get(after.checked_sub(1)?)?.place;
        self.rates.get(usize::try_from(place).ok()?).copied()
    }

    /// The places between which the run of a key begins, by the index.
    fn range(&self, key: u64) -> Option<(usize, usize)> {
        let head = usize::try_from(head(key)).ok()?;
        let low = usize::try_from(*self.index.get(head)?).ok()?;
        let high = usize::try_from(*self.index.get(head + 1)?).ok()?;
        Some((low, high))
    }
}
