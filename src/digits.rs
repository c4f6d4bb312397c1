//! A number's digits as one integer, in the order of a directory: a prefix stands before its own continuations.

use alloc::{collections::BinaryHeap, vec::Vec};

/// The most digits of an E.164 number (E.164 clause 6: 15).
const DIGITS_MAX: u32 = 15;
/// Bits a digit takes in a key: 1 to 10 for the digits 0 to 9, and 0 for "the number ends here", so that a number
/// sorts before its own continuations and never looks like it had zeros it does not have.
pub(crate) const DIGIT_BITS: u32 = 4;
/// Bits of a key, from the top digit down.
pub(crate) const KEY_BITS: u32 = DIGITS_MAX * DIGIT_BITS;

/// The key of a prefix or a number; `None` unless it is 1 to 15 digits. Of eight and more, both ends are read at once, which
/// may overlap: numbers differ in length, and a loop whose end no processor foresees takes twice as long.
pub(crate) fn key(digits: &str) -> Option<u64> {
    let missing = DIGITS_MAX.checked_sub(u32::try_from(digits.len()).ok()?)?;
    let bytes = digits.as_bytes();
    if let Some((first, last)) = bytes.first_chunk().zip(bytes.last_chunk()) {
        return Some(eight(*first)? << (KEY_BITS - EIGHT_BITS) | eight(*last)? << (missing * DIGIT_BITS));
    }
    let (mut key, mut highest) = (0, 0);
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        highest = digit.max(highest);
        key = key << DIGIT_BITS | u64::from(digit.wrapping_add(1));
    }
    (missing < DIGITS_MAX && highest <= 9).then_some(key << (missing % DIGITS_MAX * DIGIT_BITS))
}

/// Bits of eight digits.
const EIGHT_BITS: u32 = 8 * DIGIT_BITS;

/// The key of eight digits, at the bottom: each byte's value in its low half, then the halves moved together.
fn eight(digits: [u8; 8]) -> Option<u64> {
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    const HIGH: u64 = all(0x80);
    let bytes = u64::from_be_bytes(digits);
    // As in `plain`: a byte's high bit stays where it is not below what is taken away, and nothing is borrowed.
    let values = (bytes | HIGH) - all(b'0');
    let above = (values & !HIGH) + all(0x7F - 9);
    if (bytes | !values | above) & HIGH != 0 {
        return None;
    }
    let places = (values & !HIGH) + all(1);
    let pairs = (places | places >> 4) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF;
    Some((fours | fours >> 16) & 0xFFFF_FFFF)
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

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use alloc::string::String;

    use proptest::prelude::*;

    use super::*;

    /// The key by its definition, digit by digit.
    fn defined(text: &str) -> Option<u64> {
        if !(1..=15).contains(&text.len()) {
            return None;
        }
        let digit = |place: usize| match text.as_bytes().get(place) {
            None => Some(0),
            Some(byte) => char::from(*byte).to_digit(10).map(|digit| u64::from(digit) + 1),
        };
        (0..15).try_fold(0, |key, place| Some(key << 4 | digit(place)?))
    }

    #[test]
    fn every_byte_at_every_place_is_a_digit_or_refused() {
        for len in 0..=17 {
            assert_eq!(key(&"7".repeat(len)), defined(&"7".repeat(len)));
            for place in 0..len {
                for c in '\0'..='\u{ff}' {
                    let text: String = (0..len).map(|at| if at == place { c } else { '9' }).collect();
                    assert_eq!(key(&text), defined(&text), "{text:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn keys_sort_as_digits_do(a in "[0-9]{1,15}", b in "[0-9]{1,15}") {
            prop_assert_eq!(key(&a), defined(&a));
            prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
        }
    }
}
