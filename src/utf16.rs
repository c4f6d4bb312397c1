//! Offsets as JavaScript counts them.

/// UTF-16 code units of a text.
pub(crate) fn len(text: &str) -> usize {
    /// Bytes whose sum fits one byte; each is two units at most.
    const BLOCK: usize = 64;
    // A code point has one unit, and one more when its UTF-8 form takes four bytes.
    let units = |byte: &u8| u8::from(byte & 0xC0 != 0x80) + u8::from(*byte >= 0xF0);
    let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
    let sum = |bytes: &[u8]| usize::from(bytes.iter().map(units).fold(0, u8::wrapping_add));
    blocks.iter().map(|block| sum(block)).sum::<usize>() + sum(rest)
}
