//! A document as the engine's own `JSON.stringify` writes it. Reading what one writer writes takes a tenth of the code
//! of a reader for whatever anybody might.

use alloc::{string::String, vec::Vec};

use crate::{Code, Error, Raw};

/// How deep a document may nest; a card has five levels.
const DEPTH_MAX: u32 = 16;

/// The document that some JSON is. What JSON cannot hold comes as no JSON: a function, a symbol, a big integer, a cycle.
pub(super) fn read(json: &str) -> Result<Raw, Error> {
    let raw = Reader { rest: json }.value(DEPTH_MAX);
    raw.ok_or_else(|| Error::new(Code::WrongType, "", "this is no plain data, or nested too deeply"))
}

/// Reads what `JSON.stringify` writes: no blanks, and no escape that it has no need of.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: u32) -> Option<Raw> {
        let depth = depth.checked_sub(1)?;
        Some(match self.next()? {
            '"' => Raw::Text(self.text()?),
            '[' => {
                let mut items = Vec::new();
                while self.goes_on(']')? {
                    items.push(self.value(depth)?);
                }
                Raw::List(items)
            }
            '{' => {
                let mut entries = Vec::new();
                while self.goes_on('}')? {
                    self.next()?; // the quote
                    let name = self.text()?;
                    self.next()?; // the colon
                    entries.push((name, self.value(depth)?));
                }
                Raw::Map(entries)
            }
            'n' => self.word(3, Raw::Null)?,
            't' => self.word(3, Raw::Bool(true))?,
            'f' => self.word(4, Raw::Bool(false))?,
            first => self.number(first),
        })
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// So many bytes that come next.
    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    fn peek(&self) -> Option<u8> {
        self.rest.bytes().next()
    }

    /// Whether another item stands here; goes past the comma before it, or past the bracket behind the last.
    fn goes_on(&mut self, end: char) -> Option<bool> {
        let next = char::from(self.peek()?);
        if next == end || next == ',' {
            self.next();
        }
        Some(next != end)
    }

    /// A word, of which so many letters are still to come.
    fn word(&mut self, letters: usize, value: Raw) -> Option<Raw> {
        self.take(letters).map(|_| value)
    }

    fn number(&mut self, first: char) -> Raw {
        let mut whole = first.to_digit(10).map(u64::from);
        while let Some(next) = self.peek().filter(|next| !matches!(next, b',' | b']' | b'}')) {
            let digit = char::from(next).to_digit(10).map(u64::from);
            whole = whole.zip(digit).and_then(|(whole, digit)| whole.checked_mul(10)?.checked_add(digit));
            self.next();
        }
        whole.map_or(Raw::Number, Raw::Whole)
    }

    /// A text, whose opening quote was taken. What needs no escape is taken as it is, all at once.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let plain = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\'))?;
            text.push_str(self.take(plain)?);
            if self.next() == Some('"') {
                return Some(text);
            }
            text.push(match self.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => self.escaped()?,
                itself => itself,
            });
        }
    }

    /// A control by its four digits, or half a surrogate pair, which is no character.
    fn escaped(&mut self) -> Option<char> {
        let code = u32::from_str_radix(self.take(4)?, 16).ok()?;
        Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}
