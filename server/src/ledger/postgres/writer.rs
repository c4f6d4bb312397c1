//! The one task of this process that writes. Other processes have theirs; the accounts' rows keep them apart.

use std::time::{Duration, Instant};

use deadpool_postgres::{Object, Pool};
use futures_util::future::try_join_all;
use tokio::sync::mpsc::Receiver;
use tokio::time::{sleep, timeout};

use super::super::command::{Command, Reply};
use super::super::engine::{Found, decide_all, plan};
use super::super::moment::Moment;
use super::super::plan::Plan;
use super::super::policy::Policy;
use super::super::queue::{Job, answer_all, fail_all, gather};
use super::super::refusal::Failure;
use super::super::shelf::{How, Write};
use super::super::value::{Field, Row, Value};
use super::connect;
use super::fault::{self, Fault};
use super::statements;

/// Begins. A time limit of the role must not strike while the commit waits for its standbys: PostgreSQL would then
/// say it is done without them. The planner is told to look rows up by their keys, because the statistics of a table
/// that grows by thousands of rows a second are always old.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = 0; \
                     SET LOCAL lock_timeout = '3s'; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; \
                     SET LOCAL enable_mergejoin = off";

/// How often the same batch may find somebody faster.
const RACES_MAX: u32 = 12;

/// The writer.
pub(super) struct Writer {
    pool: Pool,
    policy: Policy,
    /// The connection of its last transaction, for the next one. Of several servers that say they take writes (one may
    /// be cut off, and not know that another took its place) it is the one that has just acknowledged some.
    held: Option<Object>,
}

impl Writer {
    pub(super) const fn new(pool: Pool, policy: Policy) -> Writer {
        Writer { pool, policy, held: None }
    }

    /// Serves until nobody can ask any more.
    pub(super) async fn run(mut self, mut receiver: Receiver<Job>) {
        while let Some(first) = receiver.recv().await {
            let jobs = gather(first, &mut receiver, self.policy.batch_max);
            if let Some(jobs) = self.serve(jobs).await {
                // One request that cannot be stored does not take its neighbours along.
                for job in jobs {
                    self.serve(vec![job]).await;
                }
            }
        }
    }

    /// Serves a batch; gives it back when it has to be taken apart.
    async fn serve(&mut self, jobs: Vec<Job>) -> Option<Vec<Job>> {
        let until = Instant::now() + self.policy.patience;
        let (mut lost, mut races) = (false, 0);
        loop {
            let fault = match self.transact(jobs.iter().flat_map(|job| &job.commands)).await {
                Ok(replies) => {
                    answer_all(jobs, replies);
                    return None;
                }
                Err(fault) => fault,
            };
            lost |= matches!(fault, Fault::Lost(_));
            let again = match fault {
                Fault::Raced(_) => races < RACES_MAX,
                Fault::Away(_) | Fault::Stuck(_) | Fault::Lost(_) => true,
                // What was lost may have been done: nobody is told that it was not.
                Fault::Request(_) | Fault::Passing(_) => lost,
            };
            if again && Instant::now() < until {
                races += u32::from(matches!(fault, Fault::Raced(_)));
                sleep(pause(&fault, races)).await;
                continue;
            }
            if lost {
                fail_all(jobs, &Failure::Unknown(fault.why().to_owned()));
            } else if matches!(fault, Fault::Request(_) | Fault::Raced(_) | Fault::Stuck(_)) && jobs.len() > 1
            {
                return Some(jobs);
            } else {
                fail_all(jobs, &Failure::unavailable(fault.why()));
            }
            return None;
        }
    }

    async fn transact<'a>(
        &mut self,
        commands: impl Iterator<Item = &'a Command> + Clone,
    ) -> Result<Vec<Reply>, Fault> {
        let client = match self.held.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => self.pool.get().await.map_err(|error| Fault::Away(fault::pool(&error)))?,
        };
        let patience = self.policy.patience;
        let prepared = timeout(patience, self.prepare(&client, commands)).await;
        let prepared = prepared.unwrap_or_else(|_| Err(Fault::Away("PostgreSQL does not answer".to_owned())));
        let replies = match prepared {
            Ok(replies) => replies,
            Err(fault @ (Fault::Away(_) | Fault::Stuck(_))) => {
                self.leave(client);
                return Err(fault);
            }
            Err(fault) => {
                // Otherwise the server undoes it, when it sees that nobody is there any more.
                let undone = timeout(patience, client.batch_execute("ROLLBACK")).await;
                if matches!(undone, Ok(Ok(()))) {
                    self.held = Some(client);
                } else {
                    self.leave(client);
                }
                return Err(fault);
            }
        };
        let fault = match timeout(patience, client.batch_execute("COMMIT")).await {
            Ok(Ok(())) => {
                self.held = Some(client);
                return Ok(replies);
            }
            Ok(Err(error)) => Fault::of_commit(&error),
            Err(_) => Fault::Lost("PostgreSQL does not answer the commit".to_owned()),
        };
        self.leave(client);
        Err(fault)
    }

    /// Nobody gets this connection again, nor those that were made before it.
    fn leave(&self, client: Object) {
        drop(Object::take(client));
        connect::forget(&self.pool);
    }

    /// Everything up to the commit.
    async fn prepare<'a>(
        &self,
        client: &Object,
        commands: impl Iterator<Item = &'a Command> + Clone,
    ) -> Result<Vec<Reply>, Fault> {
        let (found, now) = self.find(client, plan(commands.clone())).await?;
        let (replies, writes) = decide_all(commands, found, now, &self.policy)
            .map_err(|_| Fault::Request("a stored row cannot be read".to_owned()))?;
        let mut statements = Vec::with_capacity(writes.len());
        for write in &writes {
            let sql = match write.how {
                How::Insert => statements::insert(write.table),
                How::Update => statements::update(write.table),
                How::Delete => statements::delete(write.table),
            };
            statements.push(client.prepare_cached(&sql).await?);
        }
        try_join_all(writes.into_iter().zip(&statements).map(async |(write, statement)| {
            let Write { table, rows, .. } = write;
            let expected = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let columns = statements::columns(rows, table.columns.len());
            let written = statements::write(client, statement, &columns).await?;
            let stale =
                || Fault::Raced(format!("{} of {expected} rows of {} were current", written, table.name));
            if written == expected { Ok(()) } else { Err(stale()) }
        }))
        .await?;
        Ok(replies)
    }

    /// Begins, and reads what the plan wants: the accounts first, whose rows are then held.
    async fn find(&self, client: &Object, plan: Plan) -> Result<(Found, Moment), Fault> {
        let mut selects = Vec::with_capacity(plan.wants.len());
        for (lookup, keys) in plan.wants {
            let statement = client.prepare_cached(&statements::select(lookup)).await?;
            let keys = statements::columns(keys.into_iter().collect(), lookup.by().len());
            selects.push((lookup.table(), statement, keys));
        }
        let mut dues = Vec::with_capacity(plan.due.len());
        for (table, limit) in plan.due {
            let statement = client.prepare_cached(&statements::due(table)).await?;
            dues.push((table, statement, vec![self.policy.clock.by_hand().value(), Value::Int(limit)]));
        }
        let clock = client.prepare_cached(statements::NOW).await?;
        // All of it is sent at once and done by the server in this order.
        let begin = async { client.batch_execute(BEGIN).await };
        let kept = try_join_all(selects.iter().map(async |(table, statement, keys)| {
            statements::rows_by(client, statement, keys, &table.kinds()).await.map(|rows| (*table, rows))
        }));
        let due = try_join_all(dues.iter().map(async |(table, statement, params)| {
            statements::rows(client, statement, params, &table.kinds()).await.map(|rows| (*table, rows))
        }));
        let now = statements::rows(client, &clock, &[], &[i64::KIND]);
        let (begun, kept, due, now) = tokio::join!(biased; begin, kept, due, now);
        begun?;
        let found = Found { kept: kept?, due: due? };
        let now = now?.pop().and_then(|row: Row| row.into_iter().next()).unwrap_or(Value::Null);
        let now = Moment::read(now).map_err(|_| Fault::Request("PostgreSQL has no time".to_owned()))?;
        Ok((found, self.policy.clock.by_hand().unwrap_or(now)))
    }
}

/// How long to wait before the same again.
fn pause(fault: &Fault, races: u32) -> Duration {
    match fault {
        Fault::Raced(_) => Duration::from_millis(u64::from(races)),
        _ => Duration::from_millis(50),
    }
}
