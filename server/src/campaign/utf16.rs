//! UTF-16 as it comes, UTF-8 as it goes on: what spreadsheets call "Unicode text".

use std::io::{self, Read};

const UNITS: usize = 16 * 1024;

/// Turns UTF-16 into UTF-8. A lone surrogate becomes U+FFFD, as everywhere here; the byte order mark becomes UTF-8's.
pub(super) struct Utf16Reader<R> {
    inner: R,
    big_endian: bool,
    /// The bytes of half a unit, or of a unit that may be the first of two.
    left: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Utf16Reader<R> {
    pub(super) fn new(inner: R, big_endian: bool) -> Utf16Reader<R> {
        Utf16Reader { inner, big_endian, left: Vec::new(), out: Vec::new(), given: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut bytes = std::mem::take(&mut self.left);
        let kept = bytes.len();
        bytes.resize(kept + 2 * UNITS, 0);
        let read = self.inner.read(bytes.get_mut(kept..).unwrap_or_default())?;
        bytes.truncate(kept + read);
        self.ended = read == 0;
        let mut units: Vec<u16> = bytes.as_chunks().0.iter().map(|pair| self.unit(*pair)).collect();
        let mut used = units.len() * 2;
        if !self.ended && units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            units.pop();
            used -= 2;
        }
        self.left = bytes.split_off(used);
        self.out.clear();
        self.given = 0;
        for c in char::decode_utf16(units) {
            let mut buffer = [0; 4];
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
        Ok(())
    }

    const fn unit(&self, pair: [u8; 2]) -> u16 {
        if self.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() && !self.ended {
            self.fill()?;
        }
        let rest = self.out.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn reads_both_orders_in_any_pieces() {
        let text = "\u{feff}Zoë\t😀\r\n";
        for big_endian in [false, true] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            let mut read = String::new();
            Utf16Reader::new(Drops(&bytes), big_endian).read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
        }
        let mut read = String::new();
        Utf16Reader::new(&b"\x3d\xd8a\0\x3d\xd8"[..], false).read_to_string(&mut read).unwrap();
        assert_eq!(read, "\u{fffd}a\u{fffd}");
    }
}
