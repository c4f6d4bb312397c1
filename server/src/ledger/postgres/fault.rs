//! What an error of PostgreSQL means for money.

use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

/// Why a transaction was not made, or why that is not known.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is about what was asked: other requests may well go through. Nothing was done.
    Request(String),
    /// Somebody was faster: the same again has a good chance. Nothing was done.
    Raced(String),
    /// Somebody held a row for too long, as where commits wait for standbys that cannot be reached. Nothing was done.
    Stuck(String),
    /// The server is away, or does not take writes. Nothing was done.
    Away(String),
    /// The server refuses for its own reasons (no space, no memory). Nothing was done.
    Passing(String),
    /// The answer to the commit was lost: it may have been done.
    Lost(String),
}

impl Fault {
    pub(super) fn why(&self) -> &str {
        let (Fault::Request(why)
        | Fault::Raced(why)
        | Fault::Stuck(why)
        | Fault::Away(why)
        | Fault::Passing(why)
        | Fault::Lost(why)) = self;
        why
    }

    /// The same error as the answer to a commit.
    pub(super) fn of_commit(error: &Error) -> Fault {
        let ended = |db: &DbError| matches!(db.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
        match (Fault::from_error(error), error.as_db_error()) {
            // The server itself says that it was undone.
            (
                fault @ (Fault::Request(_) | Fault::Raced(_) | Fault::Stuck(_) | Fault::Passing(_)),
                Some(db),
            ) if !ended(db) => fault,
            (fault, _) => Fault::Lost(fault.why().to_owned()),
        }
    }

    fn from_error(error: &Error) -> Fault {
        let why = explain(error);
        let Some(db) = error.as_db_error() else {
            // Closed, timed out, or something that is not PostgreSQL's protocol; but a value that could not be sent is
            // the request's fault.
            return if error.is_closed() || is_io(error) { Fault::Away(why) } else { Fault::Request(why) };
        };
        let code = db.code();
        if *code == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN {
            return Fault::Lost(why);
        }
        let raced = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::UNIQUE_VIOLATION,
        ];
        if raced.contains(code) {
            return Fault::Raced(why);
        }
        if *code == SqlState::LOCK_NOT_AVAILABLE {
            return Fault::Stuck(why);
        }
        match code.code().get(..2) {
            // 25006 is a primary that has become a standby, 0A000 a plan of before a migration: another connection.
            Some("08" | "57" | "25" | "0A") => Fault::Away(why),
            Some("53" | "58" | "XX") => Fault::Passing(why),
            _ => Fault::Request(why),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::from_error(&error)
    }
}

fn is_io(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// The error in words, with the server's own where there are some: the library's alone say only "db error".
pub(super) fn explain(error: &Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(db), _) => format!("{} ({})", db.message(), db.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

/// The same for an error of the pool.
pub(super) fn pool(error: &PoolError) -> String {
    if let PoolError::Backend(error) = error { explain(error) } else { error.to_string() }
}
