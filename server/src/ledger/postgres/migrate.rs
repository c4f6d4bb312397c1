//! The schema, brought up to date by whichever process comes first.

use deadpool_postgres::{Object, Pool};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::super::refusal::OpenError;
use super::fault;

/// The schema, step by step. A step that was published is never changed; a new one is added.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/postgres/0001_ledger.sql"),
    include_str!("../../../migrations/postgres/0002_campaigns.sql"),
    include_str!("../../../migrations/postgres/0003_keys.sql"),
    include_str!("../../../migrations/postgres/0004_recalled.sql"),
];

/// How often two processes may get into each other's way while making the very first table.
const TRIES_MAX: u32 = 20;

pub(super) async fn migrate(pool: &Pool) -> Result<(), OpenError> {
    let mut client = pool.get().await.map_err(|error| OpenError::new(fault::pool(&error)))?;
    let mut tries = 0;
    loop {
        tries += 1;
        match steps(&mut client).await {
            Ok(None) => return Ok(()),
            Ok(Some(version)) => {
                return Err(OpenError::new(format!(
                    "the database was written by a newer version (schema {version}, this one knows {})",
                    MIGRATIONS.len()
                )));
            }
            Err(error) if tries < TRIES_MAX && was_raced(&error) => {}
            Err(error) => {
                return Err(OpenError::new(format!(
                    "cannot prepare the database: {}",
                    fault::explain(&error)
                )));
            }
        }
    }
}

/// Does the missing steps; the version when it is beyond what is known.
async fn steps(client: &mut Object) -> Result<Option<i64>, Error> {
    // Of two processes that make this table at once one fails, and finds it made when it tries again.
    client
        .batch_execute(
            "CREATE TABLE IF NOT EXISTS ledger_schema (one boolean PRIMARY KEY CHECK (one), version bigint NOT NULL);
             INSERT INTO ledger_schema VALUES (true, 0) ON CONFLICT DO NOTHING",
        )
        .await?;
    let transaction = client.transaction().await?;
    // The row is held until the steps are committed: others wait here, and then find nothing missing.
    let row = transaction.query_one("SELECT version FROM ledger_schema FOR UPDATE", &[]).await?;
    let version: i64 = row.get(0);
    let Some(missing) = usize::try_from(version).ok().and_then(|done| MIGRATIONS.get(done..)) else {
        return Ok(Some(version));
    };
    for step in missing {
        transaction.batch_execute(step).await?;
    }
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version < known {
        transaction.execute("UPDATE ledger_schema SET version = $1", &[&known]).await?;
    }
    transaction.commit().await?;
    Ok(None)
}

fn was_raced(error: &Error) -> bool {
    let raced = [
        SqlState::UNIQUE_VIOLATION,
        SqlState::DUPLICATE_TABLE,
        SqlState::DUPLICATE_OBJECT,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    error.code().is_some_and(|code| raced.contains(code))
}
