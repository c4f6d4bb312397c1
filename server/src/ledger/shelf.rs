//! Records of one table during one transaction: as they were read, changed or made.

use std::collections::BTreeMap;

use super::table::{Record, Table};
use super::value::Row;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// As the database has it.
    Kept,
    /// To be updated.
    Changed,
    /// To be inserted.
    New,
}

/// The records of one table, by primary key.
pub(crate) struct Shelf<R> {
    slots: BTreeMap<Row, (R, Mark)>,
}

impl<R> Default for Shelf<R> {
    fn default() -> Shelf<R> {
        Shelf { slots: BTreeMap::new() }
    }
}

impl<R: Record> Shelf<R> {
    pub(crate) fn get(&self, key: &Row) -> Option<&R> {
        self.slots.get(key).map(|(record, _)| record)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &R> {
        self.slots.values().map(|(record, _)| record)
    }

    /// The record, to be changed: it is written at the end, as one change however often this is called.
    pub(crate) fn change(&mut self, key: &Row) -> Option<&mut R> {
        let (record, mark) = self.slots.get_mut(key)?;
        if *mark == Mark::Kept {
            *mark = Mark::Changed;
            record.bump();
        }
        Some(record)
    }

    /// Puts a record as the database has it; the one that is there already is newer.
    pub(crate) fn keep(&mut self, record: R) {
        self.slots.entry(record.key()).or_insert((record, Mark::Kept));
    }

    /// Puts a new record.
    pub(crate) fn put(&mut self, record: R) {
        self.slots.insert(record.key(), (record, Mark::New));
    }

    /// What has to be written.
    pub(crate) fn writes(&self, writes: &mut Vec<Write>) {
        for (mark, update) in [(Mark::New, false), (Mark::Changed, true)] {
            let rows: Vec<Row> =
                self.slots.values().filter(|(_, m)| *m == mark).map(|(record, _)| record.row()).collect();
            if !rows.is_empty() {
                writes.push(Write { table: R::TABLE, update, rows });
            }
        }
    }
}

/// Rows to write into one table. A row to update must still have the version before its own, or nothing at all is
/// written of the whole transaction.
pub(crate) struct Write {
    pub(crate) table: &'static Table,
    pub(crate) update: bool,
    pub(crate) rows: Vec<Row>,
}
