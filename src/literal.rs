//! Reading tables written as text: by the compiler, so that what is wrong in a table is a build that fails, or entry by
//! entry where a table is text all through.

// What can panic is run by the compiler only: of this file, the binary has `entries`.
#![allow(clippy::panic)]

/// The entries of a list of words, which a byte parts: smaller than the library's split, and than a pair of pointers for
/// each entry.
pub(crate) fn entries(list: &str, parted_by: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(list);
    core::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == parted_by);
        rest = end.and_then(|end| text.get(end + 1..));
        text.get(..end.unwrap_or(text.len()))
    })
}

/// The first character of some UTF-8 and what follows it. No table needs one outside the basic plane.
pub(crate) const fn next_char(utf8: &[u8]) -> Option<(char, &[u8])> {
    Some(match utf8 {
        [] => return None,
        [a, after @ ..] if a.is_ascii() => (*a as char, after),
        [a @ 0xC2..=0xDF, b, after @ ..] => (scalar((*a as u32 & 0x1F) << 6 | (*b as u32 & 0x3F)), after),
        [a @ 0xE0..=0xEF, b, c, after @ ..] => {
            (scalar((*a as u32 & 0xF) << 12 | (*b as u32 & 0x3F) << 6 | (*c as u32 & 0x3F)), after)
        }
        _ => panic!("not in the basic plane"),
    })
}

/// The character with that code point.
pub(crate) const fn scalar(code_point: u32) -> char {
    match char::from_u32(code_point) {
        Some(c) => c,
        None => panic!("not a character"),
    }
}
