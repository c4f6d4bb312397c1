//! Opening the file: the lock, the settings that make a commit durable, and the schema.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::super::policy::Policy;
use super::super::refusal::OpenError;

/// Written into the file's header: the file is a ledger of ours.
const APPLICATION_ID: i64 = 0x746d_6c67;

/// The schema, step by step. A step that was published is never changed; a new one is added.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_ledger.sql"),
    include_str!("../../../migrations/sqlite/0002_campaigns.sql"),
    include_str!("../../../migrations/sqlite/0003_keys.sql"),
    include_str!("../../../migrations/sqlite/0004_recalled.sql"),
];

/// The right to write the file, of one process. The system takes it back when the process ends, however it ends.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(path: &Path) -> Result<Lock, OpenError> {
        let at = beside(path, ".lock");
        let shown = path.display();
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&at)
            .map_err(|error| OpenError::new(format!("cannot open {}: {error}", at.display())))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                let known = file.read_to_string(&mut owner).is_ok() && !owner.trim().is_empty();
                let owner =
                    if known { format!("process {}", owner.trim()) } else { "another process".to_owned() };
                return Err(OpenError::new(format!(
                    "{shown} is in use by {owner}; one process writes a ledger file. Stop that one, or use PostgreSQL \
                     for several"
                )));
            }
            Err(TryLockError::Error(error)) => {
                return Err(OpenError::new(format!("cannot lock {}: {error}", at.display())));
            }
        }
        // Who has it is only told to people: failing to say so is not failing to have it.
        let said = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        drop(said);
        Ok(Lock { _file: file })
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Where the file is, made if there is none: whatever links it was named by, it has one lock, and SQLite's files lie beside it.
pub(super) fn place(path: &Path) -> Result<PathBuf, OpenError> {
    // One that is there is not opened: closing it again would end the locks this process may have on it.
    let made = if path.exists() { Ok(()) } else { make_private(path) };
    made.and_then(|()| path.canonicalize())
        .map_err(|error| OpenError::new(format!("cannot open {}: {error}", path.display())))
}

/// Makes a new file its owner's alone, whatever the umask; SQLite makes the files beside it alike. It may be where a link leads.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The connection that writes.
pub(super) fn writer(path: &Path, policy: &Policy) -> Result<Connection, OpenError> {
    let shown = path.display().to_string();
    let refused = |error: rusqlite::Error| OpenError::new(format!("cannot open {shown}: {error}"));
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(refused)?;
    look(&connection, &shown)?;
    settle(&connection, policy).map_err(refused)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).map_err(refused)?;
    if mode != "wal" {
        return Err(OpenError::new(format!("{shown} is on storage without a write-ahead log")));
    }
    migrate(&mut connection, &shown)?;
    Ok(connection)
}

/// Looks whose the file is and whether all of it can be read, before anything is changed in it: not even how it is journaled,
/// nor does what its last writer left beside it go into it when it is closed.
fn look(connection: &Connection, shown: &str) -> Result<(), OpenError> {
    let refused = |error: rusqlite::Error| OpenError::new(format!("cannot open {shown}: {error}"));
    let keep_apart =
        |on| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on).map_err(refused);
    keep_apart(true)?;
    if !is_ours(connection).map_err(refused)? {
        return Err(OpenError::new(format!(
            "{shown} is a database of something else; nothing was changed in it"
        )));
    }
    sound(connection, shown)?;
    keep_apart(false).map(drop)
}

/// A ledger, or one that is to be: there is nothing in it yet.
fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let owner: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let is_empty = || connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0));
    if owner == APPLICATION_ID { Ok(true) } else { is_empty() }
}

/// Reads the whole file once (about a second for a gigabyte): what is damaged is found now, and not when money is at stake.
fn sound(connection: &Connection, shown: &str) -> Result<(), OpenError> {
    let damaged = |what: &dyn std::fmt::Display| {
        OpenError::new(format!(
            "{shown} is damaged ({what}); nothing was changed in it. Restore a backup of it"
        ))
    };
    let found: String = connection
        .pragma_query_value(None, "quick_check", |row| row.get(0))
        .map_err(|error| damaged(&error))?;
    if found == "ok" { Ok(()) } else { Err(damaged(&found)) }
}

/// A statement keeps its plan whatever is bound to it. SQLite is built with statistics that plans may depend on, and would prepare
/// a cached statement anew for every value: that doubled what a charge cost, for plans that are always the same.
fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

fn settle(connection: &Connection, policy: &Policy) -> rusqlite::Result<()> {
    keep_plans(connection)?;
    // FULL: a commit is on the disk before it is acknowledged. NORMAL may lose acknowledged charges with the power.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    if let Some(pages) = policy.pages_max {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

fn migrate(connection: &mut Connection, shown: &str) -> Result<(), OpenError> {
    let refused = |error: rusqlite::Error| OpenError::new(format!("cannot prepare {shown}: {error}"));
    let transaction = connection.transaction().map_err(refused)?;
    let version: i64 =
        transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(refused)?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let Some(missing) = MIGRATIONS.get(done..) else {
        return Err(OpenError::new(format!(
            "{shown} was written by a newer version (schema {version}, this one knows {})",
            MIGRATIONS.len()
        )));
    };
    if missing.is_empty() {
        return Ok(());
    }
    for step in missing {
        transaction.execute_batch(step).map_err(refused)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(refused)?;
    let version = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    transaction.pragma_update(None, "user_version", version).map_err(refused)?;
    transaction.commit().map_err(refused)
}

/// A connection that reads.
pub(super) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    keep_plans(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use rusqlite::{OptionalExtension, StatementStatus};

    use super::*;

    #[test]
    fn a_statement_is_prepared_once_whatever_is_bound_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = place(&folder.path().join("ledger.db")).unwrap();
        for connection in [writer(&file, &Policy::default()).unwrap(), reader(&file).unwrap()] {
            let ask =
                "SELECT a.id FROM api_keys k JOIN accounts a ON a.id = k.account_id WHERE k.digest = ?1";
            for digest in [vec![1_u8; 32], vec![2; 32], vec![3; 32]] {
                let mut statement = connection.prepare_cached(ask).unwrap();
                assert_eq!(statement.query_row([digest], |_| Ok(())).optional().unwrap(), None);
            }
            let statement = connection.prepare_cached(ask).unwrap();
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        }
    }

    #[test]
    fn a_new_ledger_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = place(&folder.path().join("ledger.db")).unwrap();
        let connection = writer(&file, &Policy::default()).unwrap();
        connection.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
        }
    }
}
