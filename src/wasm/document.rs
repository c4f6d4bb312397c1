//! A JavaScript value as a document, by way of the engine's own `JSON.stringify`.
//!
//! One string through the border is quicker than a call for each field, and reading what one writer writes takes a
//! tenth of the code of a reader for whatever anybody might.

use alloc::{string::String, vec::Vec};
use core::str::Chars;

use js_sys::JSON;
use wasm_bindgen::prelude::*;

use crate::{Code, Error, Raw};

/// How deep a document may nest; a card has five levels.
const DEPTH_MAX: u32 = 16;

/// The document that a value is in JSON. What JSON cannot hold is none: a function, a symbol, a big integer, a cycle.
pub(super) fn read(value: &JsValue) -> Result<Raw, Error> {
    let json = JSON::stringify(value).ok().and_then(|json| json.as_string()).unwrap_or_default();
    let raw = Reader { rest: json.chars() }.value(DEPTH_MAX);
    raw.ok_or_else(|| Error::new(Code::WrongType, "", "this is no plain data, or nested too deeply"))
}

/// Reads what `JSON.stringify` writes: no blanks, and no escape that it has no need of.
struct Reader<'a> {
    rest: Chars<'a>,
}

impl Reader<'_> {
    fn value(&mut self, depth: u32) -> Option<Raw> {
        let depth = depth.checked_sub(1)?;
        Some(match self.rest.next()? {
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
                    self.rest.next()?; // the quote
                    let name = self.text()?;
                    self.rest.next()?; // the colon
                    entries.push((name, self.value(depth)?));
                }
                Raw::Map(entries)
            }
            'n' => self.word(3, Raw::Null),
            't' => self.word(3, Raw::Bool(true)),
            'f' => self.word(4, Raw::Bool(false)),
            first => self.number(first),
        })
    }

    /// Whether another item stands here; goes past the comma before it, or past the bracket behind the last.
    fn goes_on(&mut self, end: char) -> Option<bool> {
        let next = self.peek()?;
        if next == end || next == ',' {
            self.rest.next()?;
        }
        Some(next != end)
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// A word, of which so many letters are still to come.
    fn word(&mut self, letters: u32, value: Raw) -> Raw {
        for _ in 0..letters {
            self.rest.next();
        }
        value
    }

    fn number(&mut self, first: char) -> Raw {
        let mut whole = first.to_digit(10).map(u64::from);
        while let Some(next) = self.peek().filter(|next| !matches!(next, ',' | ']' | '}')) {
            let digit = next.to_digit(10).map(u64::from);
            whole = whole.zip(digit).and_then(|(whole, digit)| whole.checked_mul(10)?.checked_add(digit));
            self.rest.next();
        }
        whole.map_or(Raw::Number, Raw::Whole)
    }

    /// A text, whose opening quote was taken.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            text.push(match self.rest.next()? {
                '"' => return Some(text),
                '\\' => match self.rest.next()? {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => self.escaped()?,
                    itself => itself,
                },
                plain => plain,
            });
        }
    }

    /// A control by its four digits, or half a surrogate pair, which is no character.
    fn escaped(&mut self) -> Option<char> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + self.rest.next()?.to_digit(16)?;
        }
        Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}
