//! Rates by the longest prefix of a number.

use alloc::{vec, vec::Vec};

use super::{CallingRate, read::PREFIXES_MAX};
use crate::{
    digits::{DIGIT_BITS, KEY_BITS, after, key, sorted, twin},
    money::Money,
};

/// Digits of a key that choose where the search begins: in the largest tables a dozen nodes share them.
const HEAD_DIGITS: u32 = 5;
/// Heads there are: each digit is 0 to 10.
const HEADS: u64 = 11_u64.pow(HEAD_DIGITS);
/// Shorter tables are searched as they are: they fit the processor's cache as well as the index would.
const INDEXED_MIN: usize = 1 << 9;
/// So few nodes are compared one and all: no comparison waits for another, as those of a search by halves do.
const COMPARED_MAX: usize = 48;
/// How many rates are looked at for an equal one while a table is built.
const RECENT: usize = 4096;

/// Bits of a run for the place of its rate: enough for a million prefixes at different rates.
const PLACE_BITS: u32 = 20;
/// No rate, among the places.
const NONE: u32 = (1 << PLACE_BITS) - 1;
/// The rate depends on digits that a run has no room for.
const LONG: u32 = NONE - 1;
const _: () = assert!(PREFIXES_MAX < LONG as usize);
/// Bits of a key that a run has no room for: four digits of the fifteen.
const CUT_BITS: u32 = KEY_BITS + PLACE_BITS - u64::BITS;

/// Prefixes flattened to runs of numbers that share one longest prefix: one search finds it, whatever its length.
///
/// A run is one integer: the first eleven digits of where it begins, and the place of its rate, which goes for all
/// numbers up to the next run.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefixes {
    /// The runs, ascending.
    nodes: Vec<Node>,
    /// The first of each node. A search looks here and then into one node, so that it waits but once for memory outside
    /// of the processor's cache: a search by halves over 200,000 takes three times as long.
    firsts: Vec<u64>,
    /// For every head, how many of the firsts are below it; empty in short tables.
    index: Vec<u32>,
    /// The rates, most of them once: sheets have few distinct prices, and few stay in the processor's cache.
    rates: Vec<CallingRate>,
    /// Where each begins, ascending, and its place: the runs inside of those whose place is [`LONG`].
    long: Vec<(u64, u32)>,
}

/// So many runs as the processor reads at once; what is missing at the end is above all keys.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Node([u64; Node::RUNS]);

impl Node {
    const RUNS: usize = 8;
}

/// The first digits of a key as one number, never falling while keys rise: the end of a prefix in 9 carries over.
fn head(key: u64) -> u64 {
    // A sum of products, of which none waits for another.
    (1..=HEAD_DIGITS)
        .map(|place| (key >> (KEY_BITS - place * DIGIT_BITS) & 0xF) * 11_u64.pow(HEAD_DIGITS - place))
        .sum()
}

/// A run that begins at a key, as far as there is room for it.
const fn run(key: u64, place: u32) -> u64 {
    key >> CUT_BITS << PLACE_BITS | place as u64
}

/// The key that a run begins at.
const fn start(run: u64) -> u64 {
    run >> PLACE_BITS << CUT_BITS
}

/// The place of a run's rate.
fn place_of(run: u64) -> u32 {
    u32::try_from(run & u64::from(NONE)).unwrap_or(NONE)
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
        let mut runs = Vec::new();
        // The prefixes around the current place, outermost first: where each ends, and its rate.
        let mut open: Vec<(u64, u32)> = Vec::new();
        for (start, place) in placed {
            table.close(&mut runs, &mut open, start);
            table.begin(&mut runs, start, place);
            open.push((after(start), place));
        }
        table.close(&mut runs, &mut open, u64::MAX);
        table.seat(&runs);
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
    fn close(&mut self, runs: &mut Vec<u64>, open: &mut Vec<(u64, u32)>, start: u64) {
        while let Some((end, _)) = open.pop_if(|(end, _)| *end <= start) {
            self.begin(runs, end, open.last().map_or(NONE, |(_, place)| *place));
        }
    }

    /// A run from `key` on, which is never before the last one; where it is the same place, it is in place of it.
    fn begin(&mut self, runs: &mut Vec<u64>, key: u64, place: u32) {
        if start(run(key, place)) == key {
            runs.pop_if(|last| start(*last) == key);
            runs.push(run(key, place));
            return;
        }
        // Whatever begins at these eleven digits is told apart in the list of the long ones.
        let cell = run(key, LONG);
        if runs.last() != Some(&cell) {
            let before = match runs.last().map_or(NONE, |last| place_of(*last)) {
                LONG => self.long.last().map_or(NONE, |(_, place)| *place),
                place => place,
            };
            runs.pop_if(|last| start(*last) == start(cell));
            runs.push(cell);
            self.long.push((start(cell), before));
        }
        self.long.pop_if(|(start, _)| *start == key);
        self.long.push((key, place));
    }

    /// Puts the runs into nodes, and the nodes into the index.
    fn seat(&mut self, runs: &[u64]) {
        for some in runs.chunks(Node::RUNS) {
            let mut node = Node([u64::MAX; Node::RUNS]);
            node.0.iter_mut().zip(some).for_each(|(cell, run)| *cell = *run);
            self.nodes.push(node);
            self.firsts.extend(some.first());
        }
        if self.firsts.len() >= INDEXED_MIN {
            let mut below = 0;
            let mut firsts = self.firsts.iter().peekable();
            for wanted in 0..=HEADS {
                while firsts.next_if(|run| head(start(**run)) < wanted).is_some() {
                    below += 1;
                }
                self.index.push(below);
            }
        }
    }

    /// The rate of the longest prefix of these digits.
    pub(super) fn longest(&self, digits: &str) -> Option<CallingRate> {
        if self.rates.is_empty() {
            return None;
        }
        let key = key(digits)?;
        let wanted = run(key, NONE);
        let (low, high) = self.range(key).unwrap_or((0, self.firsts.len()));
        let near = self.firsts.get(low..high)?;
        let before = if near.len() > COMPARED_MAX {
            near.partition_point(|run| *run <= wanted)
        } else {
            not_above(near, wanted)
        };
        let Node(runs) = self.nodes.get((low + before).checked_sub(1)?)?;
        let last = *runs.get(not_above(runs, wanted).checked_sub(1)?)?;
        let mut place = place_of(last);
        if place == LONG {
            let after = self.long.partition_point(|(start, _)| *start <= key);
            place = self.long.get(after.checked_sub(1)?)?.1;
        }
        self.rates.get(usize::try_from(place).ok()?).copied()
    }

    /// The firsts that may be the one before a key, by the index.
    fn range(&self, key: u64) -> Option<(usize, usize)> {
        let head = usize::try_from(head(key)).ok()?;
        let low = usize::try_from(*self.index.get(head)?).ok()?;
        let high = usize::try_from(*self.index.get(head + 1)?).ok()?;
        Some((low, high))
    }
}

/// How many of some runs are not above a key, written as a run.
fn not_above(runs: &[u64], wanted: u64) -> usize {
    runs.iter().map(|run| usize::from(*run <= wanted)).sum()
}
