//! A number's digits as one integer, in the order of a directory: a prefix stands before its own continuations.

use alloc::{collections::BinaryHeap, vec::Vec};

/// The most digits of an E.164 number (E.164 clause 6: 15).
const DIGITS_MAX: u32 = 15;
/// Bits a digit takes in a key: 1 to 10 for the digits 0 to 9, and 0 for "the number ends here", so that a number
/// sorts before its own continuations and never looks like it had zeros it does not have.
pub(crate) const DIGIT_BITS: u32 = 4;
/// Bits of a key, from the top digit down.
pub(crate) const KEY_BITS: u32 = DIGITS_MAX * DIGIT_BITS;

/// The key of a prefix or a number; `None` unless it is 1 to 15 digits.
pub(crate) fn key(digits: &str) -> Option<u64> {
    let missing = DIGITS_MAX.checked_sub(u32::try_from(digits.len()).ok()?)?;
    let (mut key, mut highest) = (0, 0);
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        highest = digit.max(highest);
        key = key << DIGIT_BITS | u64::from(digit.wrapping_add(1));
    }
    (missing < DIGITS_MAX && highest <= 9).then_some(key << (missing % DIGITS_MAX * DIGIT_BITS))
}

/// The key behind the last continuation of a number.
pub(crate) const fn after(key: u64) -> u64 {
    let room = key.trailing_zeros() / DIGIT_BITS * DIGIT_BITS;
    key + (1 << room)
}

/// Sorts keys, each with a number that belongs to it. By a heap: it takes a tenth of the code of the library's sort, and
/// the lists that are long come sorted.
pub(crate) fn sorted(keys: Vec<(u64, u32)>) -> Vec<(u64, u32)> {
    if keys.is_sorted() { keys } else { BinaryHeap::from(keys).into_sorted_vec() }
}

/// A key that sorted ones have twice.
pub(crate) fn twin(sorted: &[(u64, u32)]) -> Option<u64> {
    let pair = sorted.iter().zip(sorted.iter().skip(1)).find(|((a, _), (b, _))| a == b);
    pair.map(|((key, _), _)| *key)
}
