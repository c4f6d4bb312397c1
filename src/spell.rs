//! Numbers and sentences as text, put together by hand: the formatting machinery of `core::fmt` would be a tenth of
//! the Wasm payload.

use alloc::string::String;

/// Digits of the largest number in the smallest base in use, ten.
const DIGITS_MAX: usize = 20;

/// Writes a number in a base from 10 to 16, with leading zeros up to so many places.
pub(crate) fn digits(out: &mut String, number: u64, base: u64, places: usize) {
    let mut written = [b'0'; DIGITS_MAX];
    let mut rest = number;
    let mut count = 0;
    for digit in written.iter_mut().rev() {
        if rest == 0 && count >= places {
            break;
        }
        *digit = match u8::try_from(rest % base).unwrap_or_default() {
            low @ 0..10 => b'0' + low,
            high => b'A' - 10 + high,
        };
        rest /= base;
        count += 1;
    }
    let written = written.get(DIGITS_MAX - count..).unwrap_or_default();
    out.push_str(ascii(written));
}

/// The text that some ASCII is. The library's `from_utf8` is made for long texts, and twice the code.
pub(crate) fn ascii(bytes: &[u8]) -> &str {
    bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}

/// A whole number.
pub(crate) fn whole(number: u64) -> String {
    let mut text = String::new();
    digits(&mut text, number, 10, 1);
    text
}

/// A character as the standards name it: `U+00A0`.
pub(crate) fn code_point(c: char) -> String {
    let mut text = String::from("U+");
    digits(&mut text, u64::from(u32::from(c)), 16, 4);
    text
}

/// The parts of a sentence, one behind the other.
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Whether there is nothing to read in a text.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Words with a comma between each two.
pub(crate) fn listed(words: &mut dyn Iterator<Item = &str>) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString};

    use super::*;

    #[test]
    fn writes_as_the_standard_library_does() {
        for number in [0, 1, 9, 10, 99, 100, 1_000_000, u64::MAX] {
            assert_eq!(whole(number), number.to_string());
        }
        for c in ['\0', '\t', 'é', '\u{fffd}', '😀', char::MAX] {
            assert_eq!(code_point(c), format!("U+{:04X}", u32::from(c)));
        }
    }
}
