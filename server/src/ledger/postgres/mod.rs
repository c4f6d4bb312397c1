//! PostgreSQL: several processes on one database, and a database that outlives a machine.
//!
//! A batch is one transaction of three steps: hold the accounts' rows and read, write, commit. The answer to the commit
//! is the only one that can be lost with a meaning; then the same batch is given again, because every command knows
//! itself again, and only when that does not succeed either the callers are told that it is not known.
//!
//! Nothing here leans on what only one server can do: no advisory locks, notifications, triggers or stored procedures,
//! and every key begins with the account but for payments, API keys and rate cards. Databases that speak the same
//! protocol and spread accounts over machines (Citus, CockroachDB, YugabyteDB) are designed for in that sense, and not
//! tested.

mod connect;
mod fault;
mod migrate;
mod statements;
mod writer;

use std::sync::Mutex;
use std::sync::PoisonError;

use deadpool_postgres::{GenericClient, Object, Pool};
use scopeguard::{ScopeGuard, guard};
use tokio::task::JoinHandle;

use self::fault::Fault;
use self::statements::rows;
use self::writer::Writer;
use super::command::{Command, Reply};
use super::engine::{Engine, Query, Soon};
use super::policy::Policy;
use super::queue::Queue;
use super::refusal::{Failure, OpenError};
use super::value::Row;

/// A ledger in a PostgreSQL database.
pub(crate) struct Postgres {
    queue: Queue,
    pool: Pool,
    writing: Mutex<Option<JoinHandle<()>>>,
}

impl Postgres {
    /// Connects, brings the schema up to date, and starts the writer.
    pub(crate) async fn open(url: &str, policy: Policy) -> Result<Postgres, OpenError> {
        let pool = connect::pool(url, &policy)?;
        connect::check(&pool).await?;
        migrate::migrate(&pool).await?;
        let (queue, receiver) = Queue::new(policy.queue_max);
        let writer = Writer::new(pool.clone(), policy);
        let writing = tokio::spawn(writer.run(receiver));
        Ok(Postgres { queue, pool, writing: Mutex::new(Some(writing)) })
    }
}

impl Engine for Postgres {
    fn apply(&self, commands: Vec<Command>) -> Soon<'_, Result<Vec<Reply>, Failure>> {
        Box::pin(self.queue.put(commands))
    }

    fn read(&self, queries: Vec<Query>) -> Soon<'_, Result<Vec<Vec<Row>>, Failure>> {
        Box::pin(async move {
            // A connection that died in the pool is noticed when it is used: the next one is new.
            let mut answers = read(&self.pool, &queries).await;
            if let Err(Fault::Away(_)) = answers {
                connect::forget(&self.pool);
                answers = read(&self.pool, &queries).await;
            }
            answers.map_err(|fault| Failure::unavailable(fault.why()))
        })
    }

    fn is_alone(&self) -> bool {
        false
    }

    fn close(&self) -> Soon<'_, ()> {
        Box::pin(async move {
            self.queue.close();
            let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(writing) = writing {
                let _ = writing.await;
            }
            self.pool.close();
        })
    }
}

async fn read(pool: &Pool, queries: &[Query]) -> Result<Vec<Vec<Row>>, Fault> {
    let client = pool.get().await.map_err(|error| Fault::Away(fault::pool(&error)))?;
    // After an error, and where whoever asked goes away in the middle, it may be in a transaction, or dead: it goes back
    // into the pool only when all that was asked of it was answered.
    let client = guard(client, |client| drop(Object::take(client)));
    let answers = answers(&client, queries).await?;
    drop(ScopeGuard::into_inner(client));
    Ok(answers)
}

async fn answers(client: &Object, queries: &[Query]) -> Result<Vec<Vec<Row>>, Fault> {
    let several = queries.len() > 1;
    if several {
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    }
    let mut answers = Vec::with_capacity(queries.len());
    for query in queries {
        let statement = client.prepare_cached(&query.sql).await?;
        answers.push(rows(client, &statement, &query.params, &query.kinds).await?);
    }
    if several {
        client.batch_execute("COMMIT").await?;
    }
    Ok(answers)
}
