//! Windows-1252, as spreadsheets of western countries still write it (WHATWG Encoding, index windows-1252).

use alloc::{string::String, vec::Vec};

/// What the bytes 0x80 to 0x9F are; the five without a character are the controls of the same number, as in browsers.
#[rustfmt::skip]
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A row's bytes as text, and where its fields end in that.
pub(super) fn decode(bytes: &[u8], ends: &[usize]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut decoded = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends {
        let field = bytes.get(start..*end).unwrap_or_default();
        text.extend(field.iter().map(|byte| character(*byte)));
        decoded.push(text.len());
        start = *end;
    }
    (text, decoded)
}

fn character(byte: u8) -> char {
    HIGH.get(usize::from(byte.wrapping_sub(0x80))).copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_a_character() {
        assert_eq!(character(b'a'), 'a');
        assert_eq!(
            (character(0x80), character(0x9F), character(0xA0), character(0xFF)),
            ('€', 'Ÿ', '\u{a0}', 'ÿ')
        );
        assert_eq!(character(0x7F), '\u{7f}');
    }
}
