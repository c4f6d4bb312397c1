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
    /// To be deleted.
    Gone,
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
        self.slots.get(key).filter(|(_, mark)| *mark != Mark::Gone).map(|(record, _)| record)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &R> {
        self.slots.values().filter(|(_, mark)| *mark != Mark::Gone).map(|(record, _)| record)
    }

    /// The record, to be changed: it is written at the end, as one change however often this is called.
    pub(crate) fn change(&mut self, key: &Row) -> Option<&mut R> {
        let (record, mark) = self.slots.get_mut(key).filter(|(_, mark)| *mark != Mark::Gone)?;
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

    /// Removes a record that the database has and nothing has changed.
    pub(crate) fn remove(&mut self, key: &Row) {
        if let Some((_, mark)) = self.slots.get_mut(key).filter(|(_, mark)| *mark == Mark::Kept) {
            *mark = Mark::Gone;
        }
    }

    /// What has to be written.
    pub(crate) fn writes(&self, writes: &mut Vec<Write>) {
        for (mark, how) in [(Mark::New, How::Insert), (Mark::Changed, How::Update), (Mark::Gone, How::Delete)]
        {
            let rows: Vec<Row> =
                self.slots.values().filter(|(_, m)| *m == mark).map(|(record, _)| record.row()).collect();
            if !rows.is_empty() {
                writes.push(Write { table: R::TABLE, how, rows });
            }
        }
    }
}

/// What is done with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Insert,
    Update,
    Delete,
}

/// Rows to write into one table. A row to update must still have the version before its own, and one to delete its own,
/// or nothing at all is written of the whole transaction.
pub(crate) struct Write {
    pub(crate) table: &'static Table,
    pub(crate) how: How,
    pub(crate) rows: Vec<Row>,
}
