//! The embedded database: SQLite in one file, one process, one writer.

mod connect;
mod statements;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use self::connect::Lock;
use self::statements::rows;
use self::writer::Writer;
use super::command::{Command, Reply};
use super::engine::{Engine, Query, Soon};
use super::policy::Policy;
use super::queue::Queue;
use super::refusal::{Failure, OpenError};
use super::value::Row;

/// The most questions that are answered at the same time.
const READERS_MAX: usize = 4;

/// A ledger in a file.
pub(crate) struct Sqlite {
    queue: Queue,
    readers: Arc<Readers>,
    stopped: Mutex<Option<oneshot::Receiver<()>>>,
}

impl Sqlite {
    /// Opens the file, made at the first start, for this process alone.
    pub(crate) fn open(path: &Path, policy: Policy) -> Result<Sqlite, OpenError> {
        let path = connect::place(path)?;
        let lock = Lock::take(&path)?;
        let connection = connect::writer(&path, &policy)?;
        let readers = Arc::new(Readers::new(path));
        let (queue, receiver) = Queue::new(policy.queue_max);
        let (stop, stopped) = oneshot::channel();
        let writer = Writer::new(connection, policy);
        let work = move || {
            writer.run(receiver);
            drop(lock);
            let _ = stop.send(());
        };
        let thread = std::thread::Builder::new().name("ledger".to_owned());
        thread.spawn(work).map_err(|error| OpenError::new(format!("no thread for the ledger: {error}")))?;
        Ok(Sqlite { queue, readers, stopped: Mutex::new(Some(stopped)) })
    }
}

impl Engine for Sqlite {
    fn apply(&self, commands: Vec<Command>) -> Soon<'_, Result<Vec<Reply>, Failure>> {
        Box::pin(self.queue.put(commands))
    }

    fn read(&self, queries: Vec<Query>) -> Soon<'_, Result<Vec<Vec<Row>>, Failure>> {
        let readers = Arc::clone(&self.readers);
        Box::pin(async move {
            // Found where it is asked for: a hop to another thread and back costs ten times what one row by its key does.
            // Measured with three such reads a request: 44 % of the twin's time went into waking threads.
            if queries.iter().all(|query| query.single) {
                return readers.read(&queries);
            }
            let permit = Arc::clone(&readers.permits).acquire_owned().await;
            let permit = permit.map_err(|_| Failure::unavailable("it is closed"))?;
            let work = move || {
                let result = readers.read(&queries);
                drop(permit);
                result
            };
            tokio::task::spawn_blocking(work)
                .await
                .unwrap_or_else(|_| Err(Failure::unavailable("a reader failed")))
        })
    }

    fn is_alone(&self) -> bool {
        true
    }

    fn close(&self) -> Soon<'_, ()> {
        Box::pin(async move {
            self.queue.close();
            self.readers.close();
            let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(stopped) = stopped {
                drop(stopped.await);
            }
        })
    }
}

/// Connections that only read. In the write-ahead mode they neither wait for the writer nor make it wait.
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    fn new(path: PathBuf) -> Readers {
        Readers { path, idle: Mutex::default(), permits: Arc::new(Semaphore::new(READERS_MAX)) }
    }

    fn read(&self, queries: &[Query]) -> Result<Vec<Vec<Row>>, Failure> {
        if self.permits.is_closed() {
            return Err(Failure::unavailable("it is closed"));
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect::reader(&self.path).map_err(Failure::unavailable)?,
        };
        let answers = read(&mut connection, queries).map_err(Failure::unavailable)?;
        if !self.permits.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        Ok(answers)
    }

    fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn read(connection: &mut Connection, queries: &[Query]) -> rusqlite::Result<Vec<Vec<Row>>> {
    let answer =
        |connection: &Connection, query: &Query| rows(connection, &query.sql, &query.params, &query.kinds);
    // One question sees one state anyway.
    if let [query] = queries {
        return Ok(vec![answer(connection, query)?]);
    }
    let snapshot = connection.transaction()?;
    let answers = queries.iter().map(|query| answer(&snapshot, query)).collect();
    snapshot.finish()?;
    answers
}
