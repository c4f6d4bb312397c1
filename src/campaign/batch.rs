//! Rows of a list, as many as are worked on at once, in buffers that are used again.

use alloc::{string::String, vec::Vec};

use super::Status;

/// Bytes after which a batch is full: enough that handing it on costs nothing beside the work in it.
pub const BATCH_BYTES: usize = 128 * 1024;
/// Rows after which a batch is full.
pub const BATCH_ROWS: usize = 2_048;

/// Rows of a list.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    text: String,
    /// Where each field ends in the text.
    ends: Vec<usize>,
    rows: Vec<RowAt>,
}

/// Where a row lies, and what became of reading it.
#[derive(Clone, Copy, Debug)]
struct RowAt {
    line: u64,
    /// The end of its last field among the ends.
    fields_end: usize,
    trouble: Option<Status>,
    assumed: bool,
}

/// One row of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    text: &'a str,
    ends: &'a [usize],
    start: usize,
    at: RowAt,
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Batch {
        Batch::default()
    }

    /// Takes all rows out; the buffers stay.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether it is time to work on it.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.text.len() >= BATCH_BYTES || self.rows.len() >= BATCH_ROWS
    }

    /// Adds a row of fields. `trouble` says why it cannot be priced, if so.
    pub fn push<'f>(&mut self, line: u64, fields: impl Iterator<Item = &'f str>, trouble: Option<Status>) {
        for field in fields {
            self.text.push_str(field);
            self.ends.push(self.text.len());
        }
        self.rows.push(RowAt { line, fields_end: self.ends.len(), trouble, assumed: false });
    }

    /// Adds a row whose fields stand one behind the other in `text`, each up to one of `ends`.
    pub(super) fn push_whole(
        &mut self,
        line: u64,
        text: &str,
        ends: &[usize],
        trouble: Option<Status>,
        assumed: bool,
    ) {
        let start = self.text.len();
        self.text.push_str(text);
        self.ends.extend(ends.iter().map(|end| start + end));
        self.rows.push(RowAt { line, fields_end: self.ends.len(), trouble, assumed });
    }

    /// A row by its place.
    #[must_use]
    pub fn row(&self, place: usize) -> Option<Row<'_>> {
        let at = *self.rows.get(place)?;
        let before =
            place.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |row| row.fields_end);
        let start = before.checked_sub(1).and_then(|end| self.ends.get(end)).copied().unwrap_or(0);
        Some(Row { text: &self.text, ends: self.ends.get(before..at.fields_end)?, start, at })
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).filter_map(|place| self.row(place))
    }
}

impl<'a> Row<'a> {
    /// The line of the list on which it begins, from 1.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.at.line
    }

    /// Why it could not be read as a row of this list.
    #[must_use]
    pub const fn trouble(&self) -> Option<Status> {
        self.at.trouble
    }

    /// Whether it was no UTF-8 and was read as Windows-1252.
    #[must_use]
    pub const fn assumed_windows_1252(&self) -> bool {
        self.at.assumed
    }

    /// A field by its place; empty where there is none.
    #[must_use]
    pub fn field(&self, place: usize) -> &'a str {
        let Some(end) = self.ends.get(place) else { return "" };
        let start =
            place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(self.start);
        self.text.get(start..*end).unwrap_or_default()
    }

    /// The fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let row = *self;
        (0..self.ends.len()).map(move |place| row.field(place))
    }

    /// How many fields there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}
