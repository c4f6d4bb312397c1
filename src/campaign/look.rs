//! A first look at a list: what parts its fields, what its columns are called, and which of them is what.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use super::{Batch, Columns, ListReading, SheetReader, Wanted};
use crate::error::Error;

/// What the beginning of a list shows.
#[derive(Clone, Debug)]
pub struct ListLook {
    /// What parts the fields.
    pub delimiter: u8,
    /// The columns' names; the first row's cells where they could not be found.
    pub names: Vec<String>,
    /// The columns, or why they are not clear.
    pub columns: Result<Columns, Error>,
}

impl ListLook {
    /// Looks at the first bytes of a list: [`SNIFFED_BYTES`](super::SNIFFED_BYTES), or all of a shorter one.
    #[must_use]
    pub fn of(head: &[u8], reading: ListReading, wanted: &Wanted<'_>) -> ListLook {
        let mut reader = SheetReader::of(head).read_as(reading);
        let mut first = Batch::new();
        reader.read_first(head, &mut first);
        if first.is_empty() {
            // Nothing but names, or more of them than are looked at.
            reader.finish(&mut first);
        }
        let columns = Columns::find(&first, wanted);
        let names = match &columns {
            Ok(columns) => columns.names().map(ToString::to_string).collect(),
            Err(_) => first.rows().flat_map(|row| row.fields()).map(|cell| cell.trim().to_string()).collect(),
        };
        ListLook { delimiter: reader.delimiter(), names, columns }
    }
}
