//! A text with places to fill in: `Hi {{first_name|there}}, your table is ready.`
//!
//! | written | means |
//! |---|---|
//! | `{{first_name}}` | the value of that column, without blanks around it |
//! | `{{ first_name \| there }}` | the same, and `there` where the value is empty |
//! | `{{first_name \| default: "there"}}` | the same, as Liquid has it |
//! | `\{` and `\}` | the brace itself, outside; inside of a default `\|`, `\\` and `\"` too |
//! | `\\{{first_name}}` | a backslash, then the value |
//! | any other backslash, a single `{` or `}` | itself |
//!
//! Names are compared without regard to capitals, blanks, hyphens and underscores: `{{first_name}}` finds the column
//! `First Name`.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::ops::Range;

use crate::{
    error::{Code, Error},
    spell, utf16,
};

/// The longest template, in bytes: more than any channel takes as a text.
pub const TEMPLATE_BYTES_MAX: usize = 64 * 1024;

/// The longest name that is looked for in single braces.
const NAME_BYTES_MAX: usize = 100;

/// A template, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub(super) pieces: Vec<Piece>,
    /// Names in single braces: most likely places that were meant to be filled in.
    pub(super) single_braces: Vec<(String, Range<usize>)>,
}

/// A stretch of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words that are the same for everybody.
    Text(String),
    /// A place to fill in.
    Field(Field),
}

/// A place to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name of the column, as written.
    pub name: String,
    /// What stands there where the value is empty.
    pub default: Option<String>,
    /// Where it stands in the template, in UTF-16 code units.
    pub utf16: Range<usize>,
}

impl Template {
    /// Reads a template.
    ///
    /// ```
    /// use textmeter::campaign::Template;
    /// let template = Template::parse(r"\{{{first_name | there}}\}: {{code}}").unwrap();
    /// let fields: Vec<_> = template.fields().map(|field| (field.name.as_str(), field.default.as_deref())).collect();
    /// assert_eq!(fields, [("first_name", Some("there")), ("code", None)]);
    /// let error = Template::parse("Hi {{first_name, hello").unwrap_err();
    /// assert_eq!((error.code().as_str(), error.at()), ("invalid-template", "template[3..22]"));
    /// ```
    ///
    /// # Errors
    ///
    /// `invalid-template` with the place, as `template[3..8]` in UTF-16 code units: braces that are not closed or not opened, a
    /// place without a name, a name with braces in it, a template beyond [`TEMPLATE_BYTES_MAX`].
    pub fn parse(source: &str) -> Result<Template, Error> {
        if source.len() > TEMPLATE_BYTES_MAX {
            let most = spell::whole(TEMPLATE_BYTES_MAX as u64);
            let message =
                spell::joined(&["the template has more than ", &most, " bytes; write a shorter one"]);
            return Err(Error::new(Code::InvalidTemplate, "template", message));
        }
        let mut reader =
            Reader { source, at: 0, text: String::new(), pieces: Vec::new(), single_braces: Vec::new() };
        while reader.step()? {}
        reader.end_text();
        Ok(Template { pieces: reader.pieces, single_braces: reader.single_braces })
    }

    /// The places to fill in, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Field(field) => Some(field),
            Piece::Text(_) => None,
        })
    }

    /// The template as one would write it; reading it gives the same template.
    #[must_use]
    pub fn source(&self) -> String {
        let mut source = String::new();
        for (place, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => {
                    let before_field = matches!(self.pieces.get(place + 1), Some(Piece::Field(_)));
                    write_text(text, before_field, &mut source);
                }
                Piece::Field(field) => {
                    source.push_str("{{");
                    source.push_str(&field.name);
                    if field.name.ends_with('\\') {
                        // It would take the brace behind it; blanks around a name are none of it.
                        source.push(' ');
                    }
                    if let Some(default) = &field.default {
                        source.push('|');
                        write_default(default, &mut source);
                    }
                    source.push_str("}}");
                }
            }
        }
        source
    }
}

/// Text as a template has it: braces with a backslash before them, and backslashes before a brace twice.
fn write_text(text: &str, before_field: bool, source: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches('\\').len();
        let after = rest.get(run..).unwrap_or_default();
        let brace = after.chars().next().filter(|c| matches!(c, '{' | '}'));
        let doubled = brace.is_some() || (after.is_empty() && before_field);
        source.extend(core::iter::repeat_n('\\', if doubled { 2 * run } else { run }));
        let len = match brace {
            Some(brace) => {
                source.extend(['\\', brace]);
                run + 1
            }
            None if run == 0 => {
                source.push(c);
                c.len_utf8()
            }
            None => run,
        };
        rest = rest.get(len..).unwrap_or_default();
    }
}

/// A default as a template has it; in Liquid's quotes where blanks at its ends, or its first word, would be lost.
fn write_default(default: &str, source: &mut String) {
    let quoted = default != default.trim() || default.starts_with("default");
    source.push_str(if quoted { "default:\"" } else { "" });
    for c in default.chars() {
        if matches!(c, '\\' | '|' | '{' | '}' | '"' | '\'') {
            source.push('\\');
        }
        source.push(c);
    }
    source.push_str(if quoted { "\"" } else { "" });
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    text: String,
    pieces: Vec<Piece>,
    single_braces: Vec<(String, Range<usize>)>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.pieces.push(Piece::Text(core::mem::take(&mut self.text)));
        }
    }

    /// Reads what stands here; `false` at the end.
    fn step(&mut self) -> Result<bool, Error> {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return Ok(false) };
        if c == '\\' {
            let run = rest.len() - rest.trim_start_matches('\\').len();
            let after = rest.get(run..).and_then(|after| after.chars().next());
            if let Some(brace @ ('{' | '}')) = after {
                // Backslashes in front of a brace are pairs that stand for one each, and an odd one takes the brace.
                self.text.extend(core::iter::repeat_n('\\', run / 2));
                self.at += run;
                if !run.is_multiple_of(2) {
                    self.text.push(brace);
                    self.at += 1;
                }
            } else {
                self.text.extend(core::iter::repeat_n('\\', run));
                self.at += run;
            }
        } else if rest.starts_with("{{") {
            self.field()?;
        } else if rest.starts_with("}}") {
            let message = "these braces close nothing; write {{ in front of the name, or \\}} for the braces themselves";
            return Err(self.error(self.at..self.at + 2, message));
        } else {
            if c == '{' {
                self.note_single_braces(rest);
            }
            self.text.push(c);
            self.at += c.len_utf8();
        }
        Ok(true)
    }

    fn note_single_braces(&mut self, rest: &str) {
        let Some((name, _)) = rest.get(1..).and_then(|after| after.split_once('}')) else { return };
        if (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.contains(['{', '\\', '\n']) {
            let place = self.utf16(self.at..self.at + name.len() + 2);
            self.single_braces.push((name.to_string(), place));
        }
    }

    fn field(&mut self) -> Result<(), Error> {
        let start = self.at;
        let Some(len) = field_len(self.rest()) else {
            let message =
                "these braces are never closed; write }} behind the name, or \\{{ for the braces themselves";
            return Err(self.error(start..self.source.len(), message));
        };
        let end = start + len;
        let inside = self.source.get(start + 2..end - 2).unwrap_or_default();
        let (name, default) = match inside.split_once('|') {
            Some((name, default)) => (name.trim(), Some(default_of(default))),
            None => (inside.trim(), None),
        };
        if name.is_empty() {
            return Err(
                self.error(start..end, "there is no name between these braces; write the name of a column")
            );
        }
        if name.contains(['{', '}', '\n']) {
            let message = "a name has no braces in it; write two braces on each side, as in {{first_name}}";
            return Err(self.error(start..end, message));
        }
        self.end_text();
        let utf16 = self.utf16(start..end);
        self.pieces.push(Piece::Field(Field { name: name.to_string(), default, utf16 }));
        self.at = end;
        Ok(())
    }

    fn utf16(&self, bytes: Range<usize>) -> Range<usize> {
        let units = |end| utf16::len(self.source.get(..end).unwrap_or_default());
        units(bytes.start)..units(bytes.end)
    }

    fn error(&self, bytes: Range<usize>, message: &'static str) -> Error {
        at_place(Code::InvalidTemplate, &self.utf16(bytes), message)
    }
}

/// An error at a place of the template.
pub(super) fn at_place(code: Code, utf16: &Range<usize>, message: &str) -> Error {
    let (start, end) = (spell::whole(utf16.start as u64), spell::whole(utf16.end as u64));
    let at = spell::joined(&["template[", &start, "..", &end, "]"]);
    Error::new(code, at, message.to_string())
}

/// The bytes from `{{` to the end of the `}}` that closes it; `None` when nothing does.
fn field_len(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(2);
    let mut closing = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
                closing = false;
            }
            '}' if closing => return Some(at + 1),
            _ => closing = c == '}',
        }
    }
    None
}

/// A default: without blanks around it, without its escapes, and without Liquid's word and quotes.
fn default_of(written: &str) -> String {
    let mut written = written.trim();
    if let Some(liquid) =
        written.strip_prefix("default").map(str::trim_start).and_then(|w| w.strip_prefix(':'))
    {
        let liquid = liquid.trim();
        let quoted = ['"', '\''].iter().find_map(|q| liquid.strip_prefix(*q)?.strip_suffix(*q));
        written = quoted.unwrap_or(liquid);
    }
    let mut default = String::with_capacity(written.len());
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped =
            (c == '\\').then(|| chars.next_if(|c| matches!(c, '\\' | '|' | '{' | '}' | '"' | '\'')));
        default.push(escaped.flatten().unwrap_or(c));
    }
    default
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn pieces(source: &str) -> Vec<(String, Option<Option<String>>)> {
        let template = Template::parse(source).unwrap();
        let shown = template.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => (text.clone(), None),
            Piece::Field(field) => (field.name.clone(), Some(field.default.clone())),
        });
        shown.collect()
    }

    #[test]
    fn reads_places_defaults_and_escapes() {
        let text = |text: &str| (text.to_string(), None);
        let field = |name: &str, default: Option<&str>| (name.to_string(), Some(default.map(str::to_string)));
        for (source, expected) in [
            ("", vec![]),
            ("Hi", vec![text("Hi")]),
            ("Hi {{name}}!", vec![text("Hi "), field("name", None), text("!")]),
            ("{{ First Name | dear friend }}", vec![field("First Name", Some("dear friend"))]),
            ("{{a}}{{b|}}", vec![field("a", None), field("b", Some(""))]),
            ("{{n | default: \"there\"}}", vec![field("n", Some("there"))]),
            ("{{n|default:'a \"b\"'}}", vec![field("n", Some("a \"b\""))]),
            ("{{n | default: you}}", vec![field("n", Some("you"))]),
            ("{{n | default: \" default: x\"}}", vec![field("n", Some(" default: x"))]),
            (r"{{n|a\}\}b\|c\\d}}", vec![field("n", Some(r"a}}b|c\d"))]),
            (r"{a} }{ \{{b}\}", vec![text("{a} }{ {{b}}")]),
            (r"\\{{n}}\\\{{n", vec![text("\\"), field("n", None), text("\\{{n")]),
            (r"{{n\ }}{{m\\}}", vec![field(r"n\", None), field(r"m\\", None)]),
            (r"C:\new\\x", vec![text(r"C:\new\\x")]),
            ("é😀{{n}}", vec![text("é😀"), field("n", None)]),
        ] {
            let expected: Vec<(String, Option<Option<String>>)> = expected;
            // `\{{b}`: the second brace is single and stands for itself.
            assert_eq!(pieces(source), expected, "{source}");
            let again = Template::parse(&Template::parse(source).unwrap().source()).unwrap().source();
            assert_eq!(again, Template::parse(source).unwrap().source(), "{source}");
            assert_eq!(pieces(&again), expected, "{source} as {again}");
        }
    }

    #[test]
    fn errors_say_where() {
        for (source, at) in [
            ("Hi {{name", "template[3..9]"),
            ("😀 {{ }}", "template[3..8]"),
            ("{{|there}}", "template[0..10]"),
            ("{{{name}}}", "template[0..9]"),
            ("name}}", "template[4..6]"),
            (r"{{name\}}", "template[0..9]"),
        ] {
            let error = Template::parse(source).unwrap_err();
            assert_eq!((error.code(), error.at()), (Code::InvalidTemplate, at), "{source}");
        }
        assert!(Template::parse(&"a".repeat(TEMPLATE_BYTES_MAX + 1)).is_err());
    }
}
