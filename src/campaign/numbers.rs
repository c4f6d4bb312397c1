//! Numbers that were seen, in bounded memory.
//!
//! A number is one integer of 64 bits, and up to [`NUMBERS_MAX`] of them are kept: 128 MiB at the most, and 192 for a
//! moment while the table grows for the last time. Beyond that the ones that were kept are still recognised, no other is
//! added, and the summary says so. A filter that forgets digits would need less and be wrong sometimes: somebody would not
//! be texted who should be.

use alloc::{vec, vec::Vec};

use crate::digits::KEY_BITS;

/// The most numbers that are kept.
pub const NUMBERS_MAX: usize = 1 << 23;
const SLOTS_MIN: usize = 1 << 10;

/// The number stands in a row that is sent, or was not only because it stood further up.
pub(super) const TEXTED: u64 = 1 << 62;
/// The number stands in a row that opts it out.
pub(super) const OPTED_OUT: u64 = 1 << 63;
/// What can be said of a number, in bits that no key has.
const MARKS: u64 = TEXTED | OPTED_OUT;
const _: () = assert!(MARKS.trailing_zeros() >= KEY_BITS, "a mark is no part of a number");

/// Numbers other than 0 with what is said of them: open addressing, at most half full.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    slots: Vec<u64>,
    count: usize,
    seed: u64,
}

impl Numbers {
    pub(super) fn new(seed: u64) -> Numbers {
        Numbers { slots: vec![0; SLOTS_MIN], count: 0, seed }
    }

    /// Says a mark of a number, and gives back those it had: none of a new one. Of one that is opted out nothing more is
    /// said. `None`: there is no room for another number.
    pub(super) fn mark(&mut self, number: u64, mark: u64) -> Option<u64> {
        let slot = self.slot_of(number);
        match self.slots.get_mut(slot) {
            Some(found) if *found != 0 => {
                let before = *found & MARKS;
                if before & OPTED_OUT == 0 {
                    *found |= mark;
                }
                return Some(before);
            }
            Some(free) if self.count < NUMBERS_MAX => *free = number | mark,
            _ => return None,
        }
        self.count += 1;
        if self.count * 2 > self.slots.len() && self.count < NUMBERS_MAX {
            let grown = vec![0; self.slots.len() * 2];
            for number in core::mem::replace(&mut self.slots, grown).into_iter().filter(|number| *number != 0)
            {
                let slot = self.slot_of(number & !MARKS);
                if let Some(free) = self.slots.get_mut(slot) {
                    *free = number;
                }
            }
        }
        Some(0)
    }

    /// Where a number is, or the free place it would have. There always is one: the table is at most half full.
    fn slot_of(&self, number: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = usize::try_from(mixed(number ^ self.seed) & mask as u64).unwrap_or(0);
        while self.slots.get(slot).is_some_and(|found| *found != 0 && *found & !MARKS != number) {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

/// Spreads a number over all bits (the finaliser of SplitMix64). The seed keeps strangers from choosing numbers that meet.
const fn mixed(number: u64) -> u64 {
    let mut z = number;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_it_was_given() {
        let mut numbers = Numbers::new(7);
        let all: Vec<u64> = (1..50_000).map(|n| n * 1_000_003).collect();
        assert!(all.iter().all(|number| numbers.mark(*number, TEXTED) == Some(0)));
        assert!(all.iter().all(|number| numbers.mark(*number, OPTED_OUT) == Some(TEXTED)));
        assert!(all.iter().all(|number| numbers.mark(*number, TEXTED) == Some(TEXTED | OPTED_OUT)));
        assert_eq!(numbers.count, all.len());
        assert!((1..50_000).all(|n| numbers.mark(n * 1_000_003 + 1, OPTED_OUT) == Some(0)));
        assert_eq!(numbers.mark(1_000_004, TEXTED), Some(OPTED_OUT));
        assert_eq!(
            numbers.mark(1_000_004, TEXTED),
            Some(OPTED_OUT),
            "who is opted out is not texted further down"
        );
        assert!(numbers.slots.len() >= 2 * numbers.count);
    }
}
