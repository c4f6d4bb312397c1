//! Offsets as JavaScript counts them.

/// Bytes counted at once: each is two units at most, so that their sum fits one byte.
#[cfg(not(target_family = "wasm"))]
const BLOCK: usize = 64;
#[cfg(target_family = "wasm")]
const BLOCK: usize = 8;

/// UTF-16 code units of a text: a code point has one, and one more when its UTF-8 form takes four bytes.
pub(crate) fn len(text: &str) -> usize {
    let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
    // What is missing at the end goes on a code point, and so counts as nothing.
    let mut last = [0x80; BLOCK];
    last.iter_mut().zip(rest).for_each(|(cell, byte)| *cell = *byte);
    blocks.iter().chain([&last]).map(units).sum()
}

/// The units that begin in these bytes.
#[cfg(not(target_family = "wasm"))]
fn units<const N: usize>(block: &[u8; N]) -> usize {
    let units = |byte: &u8| u8::from(byte & 0xC0 != 0x80) + u8::from(*byte >= 0xF0);
    usize::from(block.iter().map(units).fold(0, u8::wrapping_add))
}

/// The same for eight bytes in one integer, for WebAssembly without vectors: six times as quick as one by one.
#[cfg(any(target_family = "wasm", test))]
mod word {
    pub(super) fn units(block: &[u8; 8]) -> usize {
        const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
        let word = u64::from_ne_bytes(*block);
        // Each bit below the highest of a byte, moved up to it; what comes over from the next byte is masked.
        let (second, third, fourth) = (word << 1, word << 2, word << 3);
        let going_on = word & !second & HIGH;
        let of_four = word & second & third & fourth & HIGH;
        8 - going_on.count_ones() as usize + of_four.count_ones() as usize
    }
}
#[cfg(target_family = "wasm")]
use word::units;

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn counts_as_the_standard_library_does(text in "([a-z]|é|€|😀|\\PC){0,200}") {
            let units = text.encode_utf16().count();
            prop_assert_eq!(super::len(&text), units);
            let (words, rest) = text.as_bytes().as_chunks();
            let mut last = [0x80; 8];
            last[..rest.len()].copy_from_slice(rest);
            prop_assert_eq!(words.iter().map(super::word::units).sum::<usize>() + super::word::units(&last), units);
        }
    }
}
