//! Plain text: ASCII that is one septet a byte and that smart encoding leaves as it is. Most of most texts is nothing
//! else, so it is passed over by the block, and only what stands between is looked at character by character.

use crate::gsm7;

/// Bytes judged at once in long texts, and in what is left of them.
#[cfg(not(target_family = "wasm"))]
const BLOCKS: (usize, usize) = (128, 16);
#[cfg(target_family = "wasm")]
const BLOCKS: (usize, usize) = (8, 8);

/// How many bytes from the start on are plain.
pub(crate) fn prefix(bytes: &[u8]) -> usize {
    // Letters of other scripts stand one behind the other.
    if !bytes.first().is_some_and(|byte| is_plain(*byte)) {
        return 0;
    }
    if !bytes.first_chunk::<{ BLOCKS.1 }>().is_some_and(all_plain) {
        return passed_singly(bytes);
    }
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk::<{ BLOCKS.0 }>()
        && all_plain(block)
    {
        rest = after;
    }
    while let Some((block, after)) = rest.split_first_chunk::<{ BLOCKS.1 }>()
        && all_plain(block)
    {
        rest = after;
    }
    // What is left is judged once more with what stands before it: quicker than byte by byte.
    if rest.len() < BLOCKS.1 && bytes.last_chunk::<{ BLOCKS.1 }>().is_some_and(all_plain) {
        return bytes.len();
    }
    bytes.len() - rest.len() + passed_singly(rest)
}

fn passed_singly(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !is_plain(*byte)).unwrap_or(bytes.len())
}

/// Whether a byte is a character of one septet.
#[inline]
fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && gsm7::septets(char::from(byte)) == 1
}

/// Whether every byte is from the space to `Z` or from `a` to `z`. LF, CR and `_` are plain as well, but a block with
/// one of them is left to [`is_plain`]: two ranges with a gap between are told from all else by four vector
/// instructions of any processor, 16 bytes at a time. Against a table byte by byte it is 25 times as quick.
#[cfg(not(target_family = "wasm"))]
#[inline]
fn all_plain<const N: usize>(block: &[u8; N]) -> bool {
    let (highest, nearest) = block.iter().fold((0, u8::MAX), |(highest, nearest): (u8, u8), byte| {
        (highest.max(byte.wrapping_sub(b' ')), nearest.min(byte.wrapping_sub(GAP)))
    });
    highest <= b'z' - b' ' && nearest >= GAP_LEN
}

/// The same, eight bytes in one integer, for WebAssembly without vectors.
#[cfg(any(target_family = "wasm", test))]
#[cfg_attr(not(target_family = "wasm"), allow(dead_code))]
mod word {
    use super::{GAP, GAP_LEN};

    /// Whether every byte is from the space to `Z` or from `a` to `z`.
    #[inline]
    pub(super) fn all_plain(block: &[u8; 8]) -> bool {
        const fn all(byte: u8) -> u64 {
            u64::from_ne_bytes([byte; 8])
        }
        const HIGH: u64 = all(0x80);
        let bytes = u64::from_ne_bytes(*block);
        // The high bit of each byte stays where the byte is not below what is taken away, and nothing is borrowed.
        let raised = bytes | HIGH;
        let below = !(raised - all(b' '));
        let gap = (raised - all(GAP)) & !(raised - all(GAP + GAP_LEN));
        // A carry beyond a byte begins in one that is no ASCII, and so is found anyway.
        let above = bytes.wrapping_add(all(0x7F - b'z'));
        (bytes | below | gap | above) & HIGH == 0
    }
}
#[cfg(target_family = "wasm")]
use word::all_plain;

/// Between `Z` and `a`: brackets, the accents and the line, of which only `_` is plain.
const GAP: u8 = b'Z' + 1;
const GAP_LEN: u8 = b'a' - GAP;

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::smart;

    #[test]
    fn what_is_plain_is_one_septet_and_not_replaced() {
        for byte in 0..=u8::MAX {
            let c = char::from(byte);
            let plain = c.is_ascii() && gsm7::septets(c) == 1;
            assert_eq!(is_plain(byte), plain, "{c:?}");
            assert!(!plain || smart::replacement(c).is_none(), "{c:?}");
            assert!(plain || !all_plain(&[byte; 16]), "{c:?}");
        }
    }

    #[test]
    fn vectors_and_words_judge_alike_each_byte_at_each_place() {
        for byte in 0..=u8::MAX {
            for filling in [b' ', b'Z', b'a', b'z', 0, 0x7F, 0x80, u8::MAX] {
                for place in 0..8 {
                    let mut block = [filling; 8];
                    block[place] = byte;
                    let ranges = block.iter().all(|byte| matches!(byte, b' '..=b'Z' | b'a'..=b'z'));
                    assert_eq!((all_plain(&block), word::all_plain(&block)), (ranges, ranges), "{block:x?}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        /// The path by the block says what the path by the byte says.
        #[test]
        fn blocks_say_what_bytes_say(bytes in prop::collection::vec(prop_oneof![200 => b' '..=b'Z', 200 => b'a'..=b'z', 1 => any::<u8>()], 0..400)) {
            let plain = bytes.iter().take_while(|byte| is_plain(**byte)).count();
            prop_assert_eq!(prefix(&bytes), plain);
            let after: Vec<u8> = bytes.iter().skip(1).copied().collect();
            prop_assert_eq!(prefix(&after), after.iter().take_while(|byte| is_plain(**byte)).count());
        }
    }
}
