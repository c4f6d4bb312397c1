//! Every place of a text where something could be written more cheaply, found in one walk.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::ops::Range;

use super::{Kind, Span};
use crate::{
    cluster,
    compose::{compose, unaccent},
    gsm7, plain, smart, spell, utf16,
};

/// One place.
pub(crate) struct Edit<'a> {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    pub(crate) found: &'a str,
    pub(crate) replacement: Option<Cow<'static, str>>,
    /// Whether what stands there keeps the text from being GSM-7.
    pub(crate) blocks: bool,
    /// The place of the first edit about the same thing; its own until somebody has looked.
    pub(super) subject: usize,
}

/// Invisible characters that the smart-encoding list does not drop: soft hyphen, joiners and selectors of nothing,
/// marks of direction (they matter only in texts that are UCS-2 anyway).
const INVISIBLE: &[char] = &[
    '\u{ad}', '\u{34f}', '\u{61c}', '\u{180e}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}',
    '\u{202d}', '\u{202e}', '\u{2061}', '\u{2062}', '\u{2063}', '\u{2064}', '\u{2066}', '\u{2067}',
    '\u{2068}', '\u{2069}',
];

/// All places, in order, none overlapping another.
pub(crate) fn edits(text: &str, smart: bool) -> Vec<Edit<'_>> {
    let mut walk = Walk { text, smart, at: 0, utf16: 0, edits: Vec::new() };
    let end = text.trim_end().len();
    while walk.at < end {
        walk.pass_plain(end);
        walk.step(end);
    }
    if end < text.len() {
        walk.edit(Kind::TrailingBlanks, text.len() - end, Some(Cow::Borrowed("")));
    }
    walk.edits
}

impl Edit<'_> {
    /// Whether it is about the same: the same thing found, and found to be the same.
    pub(super) fn is_like(&self, other: &Edit<'_>) -> bool {
        self.kind == other.kind && self.found == other.found
    }
}

/// The text with the edits made that are picked.
pub(super) fn apply(text: &str, edits: &[Edit<'_>], picked: &dyn Fn(&Edit<'_>) -> bool) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut kept = 0;
    for edit in edits {
        let Some(replacement) = edit.replacement.as_ref().filter(|_| picked(edit)) else { continue };
        changed.push_str(text.get(kept..edit.span.bytes.start).unwrap_or_default());
        changed.push_str(replacement);
        kept = edit.span.bytes.end;
    }
    changed.push_str(text.get(kept..).unwrap_or_default());
    changed
}

struct Walk<'a> {
    text: &'a str,
    smart: bool,
    at: usize,
    utf16: usize,
    edits: Vec<Edit<'a>>,
}

impl<'a> Walk<'a> {
    fn rest(&self, end: usize) -> &'a str {
        self.text.get(self.at..end).unwrap_or_default()
    }

    /// Goes past plain text up to what may be half of something: a letter with its mark, CR with its LF.
    fn pass_plain(&mut self, end: usize) {
        let rest = self.rest(end).as_bytes();
        let plain = rest.get(..plain::prefix(rest)).unwrap_or_default();
        let passed = match plain.iter().position(|byte| *byte == b'\r') {
            Some(at) => at,
            None if plain.len() == rest.len() => plain.len(),
            None => plain.len().saturating_sub(1),
        };
        self.at += passed;
        self.utf16 += passed;
    }

    /// Looks at what stands here and goes past it.
    fn step(&mut self, end: usize) {
        let rest = self.rest(end);
        let mut chars = rest.chars();
        let Some(c) = chars.next() else {
            self.at = end;
            return;
        };
        let next = chars.next();
        if c == '\r' && next == Some('\n') {
            return self.edit(Kind::LineBreak, 2, Some(Cow::Borrowed("\n")));
        }
        if let Some((composed, len)) = composed(rest) {
            return self.edit(Kind::Compose, len, Some(Cow::Owned(String::from(composed))));
        }
        let len = c.len_utf8();
        match (smart::replacement(c), unaccent(c)) {
            _ if gsm7::has(c) => self.pass(len),
            (Some(""), _) => self.unless_smart(Kind::Invisible, len, ""),
            (Some(_), _) if matches!(c, '\u{2028}' | '\u{2029}') => {
                self.edit(Kind::Space, len, Some(Cow::Borrowed("\n")))
            }
            (Some(" "), _) => self.unless_smart(Kind::Space, len, " "),
            // Smart encoding would write two spaces, or seven for a tab.
            (Some(blanks), _) if spell::is_blank(blanks) => {
                self.edit(Kind::Space, len, Some(Cow::Borrowed(" ")))
            }
            (Some(plain), _) => self.unless_smart(Kind::Replace, len, plain),
            (None, Some(plain)) => self.edit(Kind::Unaccent, len, Some(Cow::Borrowed(plain))),
            (None, None) if INVISIBLE.contains(&c) => {
                self.edit(Kind::Invisible, len, Some(Cow::Borrowed("")))
            }
            // As people see it: an emoji with its joiners and tones is one.
            (None, None) => {
                self.edit(Kind::Unsupported, cluster::end(rest, 0), None);
            }
        }
    }

    /// What smart encoding does anyway needs no advice.
    fn unless_smart(&mut self, kind: Kind, len: usize, replacement: &'static str) {
        if self.smart { self.pass(len) } else { self.edit(kind, len, Some(Cow::Borrowed(replacement))) }
    }

    fn edit(&mut self, kind: Kind, len: usize, replacement: Option<Cow<'static, str>>) {
        let (at, utf16) = (self.at, self.utf16);
        let found = self.text.get(at..at + len).unwrap_or_default();
        self.pass(len);
        let (bytes, utf16): (Range<usize>, Range<usize>) = (at..self.at, utf16..self.utf16);
        let sent = |c| gsm7::has(c) || (self.smart && smart::replacement(c).is_some());
        let blocks = !found.chars().all(sent);
        let subject = self.edits.len();
        self.edits.push(Edit { kind, span: Span { bytes, utf16 }, found, replacement, blocks, subject });
    }

    fn pass(&mut self, len: usize) {
        let passed = self.text.get(self.at..self.at + len).unwrap_or_default();
        self.utf16 += utf16::len(passed);
        // Never stands still, whatever the text.
        self.at += len.max(1);
    }
}

/// The one character that the start of a text composes to, and how many bytes it takes up there.
fn composed(rest: &str) -> Option<(char, usize)> {
    let mut chars = rest.chars();
    let first = chars.next()?;
    let mut composed = first;
    let mut len = first.len_utf8();
    for mark in chars {
        let Some(both) = compose(composed, mark) else { break };
        composed = both;
        len += mark.len_utf8();
    }
    (composed != first).then_some((composed, len))
}
