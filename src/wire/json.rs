//! JSON, written straight into one string.

use alloc::string::String;

use crate::{money::Money, spell};

/// A field's name as it stands behind another field: with comma, quotes and colon, by [`key`]. Every piece that is added
/// costs a call out of WebAssembly's own code; names in one piece take a fifth off an answer's time.
#[derive(Clone, Copy)]
pub(super) struct Key(pub(super) &'static str);

macro_rules! key {
    ($name:literal) => {
        $crate::wire::json::Key(concat!(",\"", $name, "\":"))
    };
}
pub(super) use key;

/// A JSON text that grows. Fields and items are parted by themselves; who opens a bracket closes it.
pub(super) struct Json {
    text: String,
}

impl Json {
    /// Room for so many bytes is taken at once: a text that grows moves again and again.
    pub(super) fn with_capacity(bytes: usize) -> Json {
        Json { text: String::with_capacity(bytes) }
    }

    pub(super) fn into_string(self) -> String {
        self.text
    }

    /// Adds a text; never a character, which would have to be encoded: a tenth of an answer's time in WebAssembly.
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes a mark, and a comma before it, unless this is the first in its brackets or the value of a field.
    fn part(&mut self, mark: &str) {
        if !self.is_first() {
            self.put(",");
        }
        self.put(mark);
    }

    fn is_first(&self) -> bool {
        matches!(self.text.as_bytes().last(), None | Some(b'{' | b'[' | b':'))
    }

    /// Opens an object or a list: `{` or `[`.
    pub(super) fn open(&mut self, bracket: &str) {
        self.part(bracket);
    }

    /// Closes it: `}` or `]`.
    pub(super) fn close(&mut self, bracket: &str) {
        self.text.push_str(bracket);
    }

    /// A field's name; its value comes next.
    pub(super) fn name(&mut self, Key(written): Key) {
        let first = self.is_first();
        self.put(if first { written.get(1..).unwrap_or_default() } else { written });
    }

    /// A field that is a string, or null.
    pub(super) fn text<'a>(&mut self, name: Key, value: impl Into<Option<&'a str>>) {
        self.field(name, value.into());
    }

    fn field(&mut self, name: Key, value: Option<&str>) {
        self.name(name);
        match value {
            Some(text) => self.value_text(text),
            None => self.text.push_str("null"),
        }
    }

    /// A field that is a whole number.
    pub(super) fn whole(&mut self, name: Key, number: impl TryInto<u64>) {
        self.whole_or_null(name, number.try_into().ok());
    }

    /// A field that is a whole number, or null.
    pub(super) fn whole_or_null(&mut self, name: Key, number: Option<u64>) {
        match number {
            Some(number) => {
                self.name(name);
                spell::digits(&mut self.text, number, 10, 1);
            }
            None => self.field(name, None),
        }
    }

    /// A field that is a decimal string, or null.
    pub(super) fn amount(&mut self, name: Key, value: impl Into<Option<Money>>) {
        let Some(amount) = value.into() else { return self.field(name, None) };
        self.name(name);
        self.put("\"");
        amount.write(&mut self.text);
        self.put("\"");
    }

    /// A field that is true or false.
    pub(super) fn flag(&mut self, name: Key, value: bool) {
        self.name(name);
        self.text.push_str(if value { "true" } else { "false" });
    }

    /// An item that is a whole number.
    pub(super) fn value_whole(&mut self, number: usize) {
        self.part("");
        spell::digits(&mut self.text, number as u64, 10, 1);
    }

    /// An item that is a string.
    #[cfg(feature = "campaign")]
    pub(super) fn item_text(&mut self, text: &str) {
        self.value_text(text);
    }

    /// A string, with the escapes that `serde_json` and `JSON.stringify` write.
    fn value_text(&mut self, text: &str) {
        self.part("\"");
        let mut rest = text;
        while let Some(plain) = rest.bytes().position(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
            let (before, from) = rest.split_at_checked(plain).unwrap_or_default();
            self.text.push_str(before);
            let mut from = from.chars();
            self.escape(from.next().unwrap_or_default());
            rest = from.as_str();
        }
        self.text.push_str(rest);
        self.put("\"");
    }

    fn escape(&mut self, c: char) {
        self.text.push('\\');
        match c {
            '\u{8}' => self.text.push('b'),
            '\t' => self.text.push('t'),
            '\n' => self.text.push('n'),
            '\u{c}' => self.text.push('f'),
            '\r' => self.text.push('r'),
            '"' | '\\' => self.text.push(c),
            // The other controls, all below U+0020.
            _ => {
                self.text.push_str(if c < '\u{10}' { "u000" } else { "u001" });
                self.text.extend(char::from_digit(u32::from(c) % 16, 16));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_written_as_serde_json_writes_them() {
        let every: String = ('\0'..='\u{2fff}').chain(['\u{ffff}', '😀']).collect();
        for text in ["", "plain", "\"", "a\\", "\u{7f}\u{2028}", &every] {
            let mut json = Json::with_capacity(0);
            json.value_text(text);
            assert_eq!(json.into_string(), serde_json::to_string(text).unwrap());
        }
    }
}
