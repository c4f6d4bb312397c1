//! What a database has to do for the ledger.

use std::future::Future;
use std::pin::Pin;

use super::book::Book;
use super::command::{Command, Reply};
use super::decide::decide;
use super::moment::Moment;
use super::plan::Plan;
use super::policy::Policy;
use super::refusal::Failure;
use super::shelf::Write;
use super::table::Table;
use super::value::{Kind, Row, Unreadable, Value};

/// An answer to wait for.
pub(crate) type Soon<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A question that changes nothing: SQL both databases understand, its parameters (`$1` first, in order of appearance)
/// and the kinds of the answer's columns.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) sql: String,
    pub(crate) params: Vec<Value>,
    pub(crate) kinds: Vec<Kind>,
    /// Whether it finds one row at most, by a whole key: a matter of microseconds.
    pub(crate) single: bool,
}

/// A database that keeps the ledger.
pub(crate) trait Engine: Send + Sync {
    /// Decides the commands in order, makes everything they did durable together, and only then answers.
    fn apply(&self, commands: Vec<Command>) -> Soon<'_, Result<Vec<Reply>, Failure>>;

    /// Answers all questions from one state of the database.
    fn read(&self, queries: Vec<Query>) -> Soon<'_, Result<Vec<Vec<Row>>, Failure>>;

    /// Whether no other process can have it open.
    fn is_alone(&self) -> bool;

    /// Finishes what is waiting, takes nothing more, and lets go of the database.
    fn close(&self) -> Soon<'_, ()>;
}

/// What was read for a plan.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) kept: Vec<(&'static Table, Vec<Row>)>,
    pub(crate) due: Vec<(&'static Table, Vec<Row>)>,
}

/// Decides a batch on what was read for it: the answers, and what has to be written before they are true.
pub(crate) fn decide_all<'a>(
    commands: impl IntoIterator<Item = &'a Command>,
    found: Found,
    now: Moment,
    policy: &Policy,
) -> Result<(Vec<Reply>, Vec<Write>), Unreadable> {
    let mut book = Book::new(now, policy);
    for (table, rows) in found.kept {
        book.keep(table, rows)?;
    }
    for (table, rows) in found.due {
        book.keep_due(table, rows)?;
    }
    let replies = commands.into_iter().map(|command| decide(&mut book, command)).collect();
    Ok((replies, book.writes()))
}

/// The plan of a batch.
pub(crate) fn plan<'a>(commands: impl IntoIterator<Item = &'a Command>) -> Plan {
    Plan::of(commands)
}
