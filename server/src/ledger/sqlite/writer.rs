//! The one thread that writes.

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::mpsc::Receiver;

use super::super::command::{Command, Reply};
use super::super::engine::{Found, decide_all, plan};
use super::super::moment::Moment;
use super::super::policy::Policy;
use super::super::queue::{Job, answer_all, fail_all, gather};
use super::super::refusal::Failure;
use super::statements::{due, rows, select, write};

/// Why a transaction was not made.
enum Fault {
    /// It is about what was asked: other requests may well go through.
    Request(String),
    /// It is about the storage, and may pass: full, locked by a backup, read-only. Certainly nothing was written.
    Passing(String),
    /// The storage failed. What the file holds is not known until it is opened anew, so nothing more is written.
    Broken(String),
}

/// The writer and its connection.
pub(super) struct Writer {
    connection: Connection,
    policy: Policy,
    broken: Option<String>,
}

impl Writer {
    pub(super) const fn new(connection: Connection, policy: Policy) -> Writer {
        Writer { connection, policy, broken: None }
    }

    /// Serves until nobody can ask any more.
    pub(super) fn run(mut self, mut receiver: Receiver<Job>) {
        while let Some(first) = receiver.blocking_recv() {
            let jobs = gather(first, &mut receiver, self.policy.batch_max);
            self.serve(jobs);
        }
    }

    fn serve(&mut self, jobs: Vec<Job>) {
        if let Some(why) = &self.broken {
            return fail_all(jobs, &Failure::unavailable(why));
        }
        match self.transact(jobs.iter().flat_map(|job| &job.commands)) {
            Ok(replies) => answer_all(jobs, replies),
            // One request that cannot be stored does not take its neighbours along.
            Err(Fault::Request(_)) if jobs.len() > 1 => {
                for job in jobs {
                    self.serve(vec![job]);
                }
            }
            Err(Fault::Request(why) | Fault::Passing(why)) => fail_all(jobs, &Failure::unavailable(why)),
            Err(Fault::Broken(why)) => {
                // A commit whose flush failed may be found in the file at the next start.
                fail_all(jobs, &Failure::Unknown(why.clone()));
                self.broken = Some(format!("{why}; it has to be started again"));
            }
        }
    }

    fn transact<'a>(
        &mut self,
        commands: impl Iterator<Item = &'a Command> + Clone,
    ) -> Result<Vec<Reply>, Fault> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = self.policy.clock.here();
        let found = find(&transaction, commands.clone(), now)?;
        let (replies, writes) = decide_all(commands, found, now, &self.policy)
            .map_err(|_| Fault::Request("a stored row cannot be read".to_owned()))?;
        if writes.is_empty() {
            transaction.finish()?;
            return Ok(replies);
        }
        for rows in &writes {
            write(&transaction, rows)?;
        }
        transaction.commit()?;
        Ok(replies)
    }
}

fn find<'a>(
    connection: &Connection,
    commands: impl Iterator<Item = &'a Command>,
    now: Moment,
) -> rusqlite::Result<Found> {
    let plan = plan(commands);
    let mut found = Found::default();
    for (lookup, keys) in plan.wants {
        let (sql, kinds) = (select(lookup), lookup.table().kinds());
        for key in keys {
            found.kept.push((lookup.table(), rows(connection, &sql, &key, &kinds)?));
        }
    }
    for (table, limit) in plan.due {
        found.due.push((table, due(connection, table, now, limit)?));
    }
    Ok(found)
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        let why = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Fault::Passing(format!("the disk is full ({why})")),
            Some(ErrorCode::ReadOnly) => Fault::Passing(format!("the file is read-only ({why})")),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Fault::Passing(format!("another program holds the file ({why})"))
            }
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::CannotOpen
                | ErrorCode::OutOfMemory
                | ErrorCode::FileLockingProtocolFailed,
            ) => Fault::Broken(format!("the storage failed ({why})")),
            _ => Fault::Request(why),
        }
    }
}
